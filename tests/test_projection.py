"""What is seen of points with many features: the right marginal, the same responsibilities, principal components."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, special_ortho_group
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA

from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, e_step, fit
from gmmviz.projection import MOST_NUMBERS, features_of, outlook, principal_axes
from gmmviz.starts import start

IRIS = load_iris()
FLOWERS = Dataset("own", IRIS.data, IRIS.target, "", tuple(IRIS.feature_names), equal_axes=True, fixed=True)
RUN = fit(IRIS.data, start(IRIS.data, 3, "k-means++", "full", rng=0), max_iter=8)
PLANES = [(0, 1), (1, 0), (2, 3), (3, 0), None]


def test_principal_components_are_scikit_learns():
    pca, ours = PCA().fit(IRIS.data), principal_axes(IRIS.data)
    signs = np.sign((pca.components_ * ours.axes).sum(axis=1))
    np.testing.assert_allclose(ours.axes, pca.components_ * signs[:, None], atol=1e-10)
    np.testing.assert_allclose(ours.shares, pca.explained_variance_ratio_)
    assert (ours.axes[np.arange(4), np.abs(ours.axes).argmax(axis=1)] > 0).all()


@given(st.integers(0, 99))
def test_principal_components_turn_with_the_points(seed):
    rng = np.random.default_rng(seed)
    X, turn = rng.normal(size=(30, 4)) * [9, 5, 2, 1], special_ortho_group.rvs(4, random_state=seed)
    here, there = principal_axes(X), principal_axes(X @ turn.T + rng.normal(size=4))
    np.testing.assert_allclose(np.abs(there.axes @ turn @ here.axes.T), np.eye(4), atol=1e-7)
    np.testing.assert_allclose(here.variances, there.variances)


@pytest.mark.parametrize("plane", PLANES)
def test_nothing_but_the_point_of_view_changes(plane):
    seen = outlook(FLOWERS, plane)
    np.testing.assert_allclose(seen.axes @ seen.axes.T, np.eye(4), atol=1e-12)
    for state, turned in zip(RUN.states, seen.run(RUN).states, strict=True):
        assert (turned.iteration, turned.log_likelihood) == (state.iteration, state.log_likelihood)
        there = e_step(seen.dataset.X, turned.mixture)
        here = e_step(IRIS.data, state.mixture)
        np.testing.assert_allclose(there[0], here[0], atol=1e-8)
        assert there[1] == pytest.approx(here[1], rel=1e-10)
    assert seen.dataset.labels.tolist() == IRIS.target.tolist()


@pytest.mark.parametrize("plane", PLANES)
def test_the_first_two_features_are_the_marginal_of_the_projection(plane):
    """Of A x with x from N(m, S): A m and A S A'."""
    seen, mixture = outlook(FLOWERS, plane), RUN.states[-1].mixture
    A = principal_axes(IRIS.data).axes[:2] if plane is None else np.eye(4)[list(plane)]
    turned = seen.mixture(mixture)
    for k in range(3):
        np.testing.assert_allclose(turned.means[k, :2], A @ mixture.means[k], atol=1e-12)
        np.testing.assert_allclose(
            turned.covariances[k, :2, :2], A @ mixture.covariances[k] @ A.T, atol=1e-12
        )
        np.testing.assert_array_equal(turned.covariances[k], turned.covariances[k].T)
    np.testing.assert_allclose(seen.dataset.X[:, :2], IRIS.data @ A.T, atol=1e-12)


def test_the_marginal_integrates_the_rest_away():
    """p(x1, x3) of a Gaussian in three dimensions, summed over x2 on a fine grid."""
    mixture = Mixture([1.0], [[0.5, -1.0, 2.0]], [[[2.0, 0.7, 0.3], [0.7, 1.5, -0.4], [0.3, -0.4, 1.0]]])
    X = np.random.default_rng(0).normal(size=(50, 3))
    seen = outlook(Dataset("own", X, None, "", ("a", "b", "c"), True, True), (0, 2)).mixture(mixture)
    rest = np.linspace(-12, 10, 4001)
    spots = np.column_stack([np.full_like(rest, 1.2), rest, np.full_like(rest, 1.4)])
    summed = np.trapezoid(multivariate_normal(mixture.means[0], mixture.covariances[0]).pdf(spots), rest)
    flat = multivariate_normal(seen.means[0, :2], seen.covariances[0, :2, :2]).pdf([1.2, 1.4])
    assert flat == pytest.approx(summed, rel=1e-6)


def test_names_say_what_goes_across_and_up():
    assert outlook(FLOWERS, (3, 1)).dataset.columns[:2] == ("petal width (cm)", "sepal width (cm)")
    assert outlook(FLOWERS, None).dataset.columns[:2] == (
        "Principal component 1 (92 % of the variance)",
        "Principal component 2 (5 % of the variance)",
    )


def test_axes_are_equal_where_what_is_seen_spreads_alike():
    X = np.random.default_rng(0).normal(size=(99, 3)) * [1, 2, 30]
    dataset = Dataset("own", X, None, "", ("a", "b", "c"), equal_axes=False, fixed=True)
    assert outlook(dataset, (1, 0)).dataset.equal_axes
    assert not outlook(dataset, (1, 2)).dataset.equal_axes
    assert outlook(dataset, None).dataset.equal_axes  # a turn needs one scale


def test_two_columns_are_shown_as_they_are():
    dataset = Dataset("own", IRIS.data[:, :2], None, "", ("a", "b"), True, True)
    seen = outlook(dataset)
    assert seen.dataset is dataset
    assert seen.run(RUN) is RUN
    assert seen.mixture(RUN.states[0].mixture) is RUN.states[0].mixture


def test_of_very_many_numbers_a_part_is_drawn_with_its_labels():
    X = np.arange(3.0 * MOST_NUMBERS / 4).reshape(-1, 3) % 1000
    N = 2 * len(X)
    X = np.vstack([X, X + 0.5])
    seen = outlook(Dataset("own", X, np.arange(N) % 7, "", ("a", "b", "c"), True, True), (2, 0))
    assert seen.n_points == N
    assert len(seen.dataset.X) == MOST_NUMBERS // 3 == len(seen.dataset.labels)
    rows = {tuple(row): i % 7 for i, row in enumerate(X[:, [2, 0, 1]].tolist())}
    assert set(map(tuple, seen.dataset.X.tolist())) <= rows.keys()


def test_what_an_address_calls_a_plane():
    columns = ("2", "3", "5")
    assert features_of(columns, "") == features_of(columns, "2-3") == (0, 1)
    assert features_of(columns, "5-3") == (2, 1)
    assert features_of(columns, "3-3") == features_of(columns, "3-4") == (0, 1)
    assert features_of(columns, "pc") is None
    assert features_of((), "") == (0, 1)
