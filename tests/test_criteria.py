"""criteria.py against scikit-learn, against mclust's published numbers, and against its own promises."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.cluster import hierarchy
from sklearn.mixture import GaussianMixture

from gmmviz import criteria
from gmmviz.datasets import load
from gmmviz.em import COVARIANCE_TYPES
from gmmviz.starts import Ground, reg_covar_for
from tests.scikit_learn import KNOWN_TYPES


@given(st.integers(1, 50), st.integers(1, 50))
def test_parameters_are_counted_as_in_the_formula(K, D):
    of_covariances = {"full": K * D * (D + 1) // 2, "tied": D * (D + 1) // 2, "diag": K * D, "spherical": K}
    for covariance_type in COVARIANCE_TYPES:
        expected = K - 1 + K * D + of_covariances[covariance_type]
        assert criteria.n_parameters(K, D, covariance_type) == expected


@pytest.mark.parametrize("covariance_type", KNOWN_TYPES)
@pytest.mark.parametrize("D", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("K", [1, 4])
def test_parameters_are_counted_as_in_scikit_learn(covariance_type, K, D):
    X = np.random.default_rng(0).normal(size=(60, D))
    theirs = GaussianMixture(K, covariance_type=covariance_type, random_state=0, tol=1e9).fit(X)
    assert criteria.n_parameters(K, D, covariance_type) == theirs._n_parameters()


@pytest.mark.parametrize("covariance_type", KNOWN_TYPES)
def test_criteria_are_scikit_learns(covariance_type):
    X = load("stretched").X
    theirs = GaussianMixture(3, covariance_type=covariance_type, random_state=0).fit(X)
    log_likelihood, p = theirs.score(X) * len(X), criteria.n_parameters(3, 2, covariance_type)
    assert criteria.aic(log_likelihood, p) == pytest.approx(theirs.aic(X), rel=1e-12)
    assert criteria.bic(log_likelihood, p, len(X)) == pytest.approx(theirs.bic(X), rel=1e-12)


def test_an_unknown_covariance_type_is_refused():
    with pytest.raises(ValueError, match="covariance_type is 'round': choose one of full, tied"):
        criteria.n_parameters(2, 2, "round")


def test_icl_is_bic_for_certain_responsibilities():
    assert criteria.icl(-50.0, 3, np.eye(2)[[0, 1, 1]]) == criteria.bic(-50.0, 3, 3)


def test_icl_refuses_what_are_no_responsibilities():
    with pytest.raises(ValueError, match=r"responsibilities\[1\] is no distribution"):
        criteria.icl(-50.0, 3, [[0.5, 0.5], [0.5, 0.6]])


def test_adjusted_rand_ignores_names_and_is_zero_by_chance():
    labels = np.random.default_rng(0).integers(3, size=3000)
    shuffled = np.random.default_rng(1).permutation(labels)
    assert criteria.adjusted_rand(labels, (labels + 1) % 3) == 1.0
    assert abs(criteria.adjusted_rand(labels, shuffled)) < 0.01


# The best of several.


@given(
    st.sampled_from(list(criteria.CRITERIA)),
    st.lists(st.sampled_from([-1.5, 0.0, 2.0, 2.0, float("nan"), float("inf"), -float("inf")])),
)
@example("bic", [])
@example("ari", [float("nan"), float("nan")])
@example("held_out", [float("nan"), 2.0, 2.0])
def test_the_best_is_the_first_of_the_lowest_or_highest_numbers(name, values):
    criterion = criteria.CRITERIA[name]
    numbers = [value for value in values if value == value]
    if not numbers:
        assert criterion.best(values) is None
        return
    target = min(numbers) if criterion.lower_is_better else max(numbers)
    assert criterion.best(values) == values.index(target)
    assert criterion.best(tuple(values)) == criterion.best(np.array(values)) == values.index(target)


def test_which_way_is_better():
    lower = {name for name, criterion in criteria.CRITERIA.items() if criterion.lower_is_better}
    assert lower == {"bic", "aic", "icl"}


# Held-out log-likelihood.


def test_held_out_is_reproducible_and_each_k_stands_alone():
    X = load("blobs", n=120).X
    several = criteria.held_out(X, [2, 3, 4], folds=4, seed=5)
    assert several.shape == (3, 4)
    np.testing.assert_array_equal(several[1:2], criteria.held_out(X, [3], folds=4, seed=5))
    assert (several != criteria.held_out(X, [2, 3, 4], folds=4, seed=6)).all()


@pytest.mark.parametrize("floor", [0.0, 0.1])
def test_held_out_of_one_component_is_the_gaussians_own_density(floor):
    X = np.random.default_rng(3).normal(size=(40, 2)) * [1.0, 10.0]
    scores = criteria.held_out(X, [1], folds=40, floor=floor)[0]
    expected = []
    for n in range(40):
        seen = np.delete(X, n, axis=0)
        covariance = np.cov(seen.T, bias=True) + floor * np.diag(seen.var(axis=0))
        residual = X[n] - seen.mean(axis=0)
        distance = residual @ np.linalg.solve(covariance, residual)
        expected.append(-0.5 * (distance + np.log(np.linalg.det(2 * np.pi * covariance))))
    np.testing.assert_allclose(np.sort(scores), np.sort(expected), rtol=1e-9)


@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
def test_held_out_does_not_depend_on_the_unit(covariance_type):
    X = load("varied", n=150).X
    scores = criteria.held_out(X, [3], covariance_type, floor=1e-3)
    scaled = criteria.held_out(1e3 * X, [3], covariance_type, floor=1e-3)
    np.testing.assert_allclose(scaled, scores - 2 * np.log(1e3), rtol=1e-7)


def test_held_out_refuses_more_folds_than_points():
    with pytest.raises(ValueError, match="folds"):
        criteria.held_out([[0.0], [1.0]], [1], folds=3)


# The floor.


@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
def test_a_relative_floor_follows_the_unit_of_every_feature(covariance_type):
    X = np.random.default_rng(0).normal(size=(50, 2)) * [1.0, 100.0]
    floor = reg_covar_for(X, 0.01, covariance_type)
    expected = 0.01 * X.var(axis=0)
    isotropic = COVARIANCE_TYPES[covariance_type].isotropic
    np.testing.assert_allclose(floor, expected.mean() if isotropic else expected)
    assert np.shape(floor) == (() if isotropic else (2,))


def test_a_floor_on_constant_features():
    assert reg_covar_for([[0.0, 5.0], [2.0, 5.0]], 0.5).tolist() == [0.5, 0.5]
    assert reg_covar_for([[5.0, 5.0]] * 3, 0.5).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("floor", [-1e-9, float("nan"), float("inf")])
def test_a_senseless_floor_is_refused(floor):
    with pytest.raises(ValueError, match="floor is a share"):
        reg_covar_for([[0.0], [1.0]], floor)


@pytest.mark.parametrize(("copies", "floor"), [(1, 0.0), (6, 0.0), (6, 1e-6)])
def test_a_fit_to_all_points_but_a_folds_says_whether_it_is_sound(copies, floor):
    """A component on one value, of which the fold holds a copy: without a floor it collapses, else it sits on it."""
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(size=(40, 1)), np.full((copies, 1), 50.0), [[50.0]]])
    given = (Ground(X[:-1]), X[-1:], 2, "k-means", 0, floor)
    score, sound = criteria.whole(criteria.fold_fit(*given))
    assert score == criteria.whole(criteria.fold_score(*given))
    assert not sound
    smooth = rng.normal(size=(60, 2))
    assert criteria.whole(criteria.fold_fit(Ground(smooth[:-1]), smooth[-1:], 1, *given[3:]))[1]


def test_of_each_fold_only_what_is_long_to_find_is_kept(monkeypatch):
    X, folds = load("blobs", n=60).X, criteria.folds_of(60, 5, seed=0)
    for method, limit, kept in (
        ("hierarchical", 48, True),
        ("hierarchical", 47, False),
        ("k-means", 48, False),
    ):
        monkeypatch.setattr(criteria, "WARD_LIMIT", limit)
        grounds = criteria.Grounds(X, folds, "full", method)
        assert (grounds[2][0] is grounds[2][0]) is kept
        for (seen, unseen), (ground, held) in zip(folds, map(grounds.__getitem__, range(5)), strict=True):
            np.testing.assert_array_equal(ground.X, X[seen])
            np.testing.assert_array_equal(held, X[unseen])


def test_each_folds_hierarchical_clusters_are_those_of_one_linkage_whichever_k(monkeypatch):
    linkages = []
    linkage = hierarchy.linkage
    monkeypatch.setattr(hierarchy, "linkage", lambda *given: linkages.append(given) or linkage(*given))
    X = load("blobs", n=60).X
    together = criteria.held_out(X, [1, 2, 5, 3], method="hierarchical")
    assert len(linkages) == 5
    np.testing.assert_array_equal(together[3:], criteria.held_out(X, [3], method="hierarchical"))
