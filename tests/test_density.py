"""A mixture as a density: it integrates to 1, and its new points have its moments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from gmmviz.density import density, grid, log_joint, placed
from gmmviz.em import Mixture, e_step


@st.composite
def mixtures(draw, D=2):
    K = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    roots = rng.normal(size=(K, D, D)) + 0.3 * np.eye(D)
    covariances = roots @ roots.transpose(0, 2, 1) + 0.05 * np.eye(D)
    return Mixture(rng.dirichlet(np.ones(K)), rng.normal(scale=3, size=(K, D)), covariances)


@given(mixtures())
def test_the_density_integrates_to_one_over_the_plane(mixture):
    reach = 8 * np.sqrt(mixture.covariances.max()) + np.abs(mixture.means).max()
    x, y, points = grid([[-reach, reach], [-reach, reach]], (250, 250))
    volume = density(points, mixture).sum() * (x[1] - x[0]) * (y[1] - y[0])
    assert volume == pytest.approx(1, abs=5e-3)


@given(mixtures(D=3))
def test_the_weighted_densities_are_scipys_and_sum_to_what_the_e_step_takes_the_logarithm_of(mixture):
    X = np.random.default_rng(0).normal(scale=4, size=(20, 3))
    parts = zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    expected = np.column_stack([w * multivariate_normal(m, C).pdf(X) for w, m, C in parts])
    np.testing.assert_allclose(np.exp(log_joint(X, mixture)), expected, rtol=1e-9, atol=1e-300)
    assert logsumexp(log_joint(X, mixture), axis=1).sum() == pytest.approx(e_step(X, mixture)[1])


def test_new_points_have_the_mixtures_weights_means_and_covariances():
    mixture = Mixture([0.2, 0.8], [[-5, 0], [5, 1]], [[[2, 1], [1, 1]], [[1, -0.5], [-0.5, 3]]])
    rng = np.random.default_rng(1)
    X, components = placed(mixture, rng.random(200_000), rng.standard_normal((200_000, 2)))
    for k in (0, 1):
        mine = X[components == k]
        assert len(mine) / len(X) == pytest.approx(mixture.weights[k], abs=0.005)
        np.testing.assert_allclose(mine.mean(axis=0), mixture.means[k], atol=0.03)
        np.testing.assert_allclose(np.cov(mine.T), mixture.covariances[k], atol=0.05)


def test_a_component_without_weight_gives_no_points():
    mixture = Mixture([0.0, 1.0], [[0.0], [9.0]], [[[1.0]], [[1.0]]])
    rng = np.random.default_rng(0)
    assert placed(mixture, np.append(rng.random(99), 0.0), rng.standard_normal((100, 1)))[1].min() == 1
