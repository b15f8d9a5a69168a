"""Fits in print, to the digits given there, from data kept beside the tests."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_iris, make_blobs

from gmmviz.em import Mixture, fit, m_step

DATA = Path(__file__).parent / "data"
FAITHFUL = np.loadtxt(DATA / "faithful.csv", delimiter=",", skiprows=1)
HASTIE = np.loadtxt(DATA / "esl.csv", skiprows=1)[:, None]


def from_labels(X, labels, covariance_type="full"):
    return m_step(X, np.eye(labels.max() + 1)[labels], covariance_type)


def best(X, begin, **settings):
    return fit(X, begin, tol=1e-13, max_iter=5000, **settings).states[-1]


def test_the_tutorials_500_points():
    X, labels = make_blobs(cluster_std=1.5, random_state=20, n_samples=500, centers=3)
    X = X @ np.random.RandomState(0).randn(2, 2)
    found = best(X, from_labels(X, labels))
    assert found.log_likelihood == pytest.approx(-2973.978536, abs=5e-7)
    expected = [[-12.835388, 4.896462], [11.091675, 18.676335], [19.876709, 17.471501]]
    np.testing.assert_allclose(sorted(found.mixture.means.tolist()), expected, atol=1e-6)


def test_old_faithful_in_two_dimensions():
    """Azzalini & Bowman (1990)'s data; log-likelihood as mclust gives it."""
    found = best(FAITHFUL, from_labels(FAITHFUL, (FAITHFUL[:, 0] > 3).astype(int)))
    assert found.log_likelihood == pytest.approx(-1130.263960185, abs=1e-8)
    np.testing.assert_allclose(found.mixture.weights, [0.355873, 0.644127], atol=5e-7)
    np.testing.assert_allclose(found.mixture.means, [[2.036388, 54.478516], [4.289662, 79.968115]], atol=5e-6)


def test_old_faithfuls_waiting_times_with_equal_variances():
    """The vignette of the R package mixtools."""
    X = FAITHFUL[:, 1:]
    found = best(X, from_labels(X, (X[:, 0] > 67).astype(int), "tied"), covariance_type="tied")
    assert found.log_likelihood == pytest.approx(-1034.002, abs=5e-4)
    np.testing.assert_allclose(found.mixture.weights, [0.36085, 0.63915], atol=5e-6)
    np.testing.assert_allclose(found.mixture.means.ravel(), [54.61364, 80.09031], atol=2e-5)
    assert np.sqrt(found.mixture.covariances[0, 0, 0]) == pytest.approx(5.86909, abs=1e-5)


@pytest.mark.parametrize(("K", "log_likelihood"), [(2, -214.354704371), (3, -180.185477131)])
def test_iris_in_four_dimensions(K, log_likelihood):
    """As mclust gives them."""
    X, species = load_iris(return_X_y=True)
    found = best(X, from_labels(X, np.minimum(species, K - 1)))
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=1e-8)


def test_hasties_twenty_points():
    """The maximum for the data printed in Hastie, Tibshirani & Friedman; the book's own numbers are not it."""
    found = best(HASTIE, Mixture([0.5, 0.5], [[4.6], [1.1]], [[[0.8]], [[0.8]]]))
    assert found.log_likelihood == pytest.approx(-38.913371507, abs=1e-8)
    np.testing.assert_allclose(found.mixture.weights, [0.445410, 0.554590], atol=2e-6)
    np.testing.assert_allclose(found.mixture.means.ravel(), [4.655913, 1.083162], atol=2e-6)
    np.testing.assert_allclose(found.mixture.covariances.ravel(), [0.818794, 0.811371], atol=5e-6)


SIXTY_POINTS_ENDS = [
    ((5.0, 3.0, 1.0), False, -186.141),
    ((25.0, 9.0, 1.0), False, -216.098),
    ((25.0, 9.0, 1.0), True, -198.598),
]


@pytest.mark.parametrize(("variances", "fixed", "log_likelihood"), SIXTY_POINTS_ENDS)
def test_the_tutorials_sixty_points_on_a_line(variances, fixed, log_likelihood):
    """Its numbers as variances, as deviations (a spike), and as deviations that are never updated."""
    draw, line = np.random.RandomState(0).rand, np.linspace(-5, 5, 20)
    X = np.concatenate([line * draw(20) + shift for shift in (15, -15, 0)])[:, None]
    begin = Mixture(np.full(3, 1 / 3), [[-8.0], [8.0], [5.0]], np.reshape(variances, (3, 1, 1)))
    found = best(X, begin, fixed_covariances=fixed)
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=6e-4)
