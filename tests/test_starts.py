"""Starts: valid for any data, in the covariance type's family, reproducible, and each what its name says."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score

from gmmviz import starts
from gmmviz.datasets import READY, load
from gmmviz.em import COVARIANCE_TYPES, Mixture, fit, m_step
from gmmviz.starts import RIDGE, STARTS, WARD_LIMIT, Ground, reg_covar_for, start, start_at

AT_POINTS = ["k-means++", "random-points"]
RANDOM = [name for name, spec in STARTS.items() if spec.is_random]
AWKWARD = {
    "one point": [[3.0, 4.0]],
    "the same point ten times": np.full((10, 2), 0.1),
    "two places": np.repeat([[0.0, 0.0], [1.0, 3.0]], 5, axis=0),
    "a constant column": np.column_stack([np.arange(9.0), np.full(9, 0.1)]),
    "a line far from the origin": np.column_stack([np.arange(9.0), 2 * np.arange(9.0)]) + 1e6,
    "one dimension": np.arange(9.0)[:, None],
    "as many columns as rows": [[0.0, 1.0], [1.0, 0.0]],
    "more columns than rows": np.random.default_rng(0).normal(size=(6, 8)),
    "tiny unit": np.random.default_rng(1).normal(size=(30, 2)) * 1e-120,
    "below the smallest variance": np.random.default_rng(1).normal(size=(30, 2)) * 1e-160,
    "large unit": np.random.default_rng(1).normal(size=(30, 2)) * 1e120,
    "far from the origin": np.random.default_rng(1).normal(size=(30, 2)) + 1e8,
    "nearly the same point": [[0.0, 0.0], [1e-200, 0.0], [1.0, 1.0]],
    "beyond squared distances": [[0.0], [1.0], [4e8]],
}

untimed = settings(deadline=None)  # a slow machine is no failure
methods = st.sampled_from(list(STARTS))
covariance_types = st.sampled_from(list(COVARIANCE_TYPES))
names = st.sampled_from(READY)
without_ties = st.sampled_from([name for name in READY if name not in ("iris", "faithful")])
seeds = st.integers(0, 2**32)
floors = st.sampled_from([0.0, RIDGE, 1e-3])
components = st.integers(1, 16)


def assert_same(one: Mixture, two: Mixture):
    for name in ("weights", "means", "covariances"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def assert_valid(mixture: Mixture, X, K: int, covariance_type: str):
    X, D = np.asarray(X), np.shape(X)[1]
    shapes = mixture.weights.shape, mixture.means.shape, mixture.covariances.shape
    assert shapes == ((K,), (K, D), (K, D, D))
    Mixture(mixture.weights, mixture.means, mixture.covariances)  # refuses whatever is not a mixture
    assert mixture.weights.min() > 0
    assert mixture.weights.sum() == pytest.approx(1, abs=1e-12)
    slack = 1e-12 * np.abs(X).max()
    assert (mixture.means >= X.min(axis=0) - slack).all()
    assert (mixture.means <= X.max(axis=0) + slack).all()
    assert_in_family(mixture.covariances, covariance_type)


def assert_in_family(covariances, covariance_type: str):
    diagonals = np.einsum("kjj->kj", covariances)
    np.testing.assert_array_equal(covariances, covariances.transpose(0, 2, 1))
    if covariance_type == "tied":
        np.testing.assert_array_equal(covariances, covariances[:1].repeat(len(covariances), axis=0))
    if covariance_type in ("diag", "spherical"):
        np.testing.assert_array_equal(covariances, diagonals[:, :, None] * np.eye(covariances.shape[1]))
    if covariance_type == "spherical":
        np.testing.assert_allclose(diagonals, diagonals[:, :1].repeat(diagonals.shape[1], axis=1), rtol=1e-14)


# Properties that every start has


@given(names, components, methods, covariance_types, seeds, seeds)
@settings(untimed, max_examples=200)
def test_every_start_is_a_mixture_of_its_family(name, K, method, covariance_type, data_seed, seed):
    X = load(name, n=60, seed=data_seed % 2**32).X
    mixture = start(X, K, method, covariance_type, rng=seed)
    assert_valid(mixture, X, K, covariance_type)
    run = fit(X, mixture, covariance_type=covariance_type, max_iter=1)
    assert "projected" not in [event.kind for event in run.events]


@given(
    hnp.arrays(
        float,
        st.tuples(st.integers(1, 12), st.integers(1, 3)),
        elements=st.integers(-3, 3) | st.floats(-1e9, 1e9, allow_subnormal=False),
    ),
    st.data(),
)
@settings(untimed, max_examples=200)
def test_any_points_give_a_valid_start_without_a_warning(X, data):
    K = data.draw(st.integers(1, len(X)))
    method, covariance_type = data.draw(methods), data.draw(covariance_types)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mixture = start(X, K, method, covariance_type, rng=data.draw(seeds))
    assert_valid(mixture, X, K, covariance_type)


@pytest.mark.parametrize("X", AWKWARD.values(), ids=AWKWARD.keys())
@pytest.mark.parametrize("method", STARTS)
def test_awkward_data_give_a_valid_start_without_a_warning(X, method):
    for covariance_type in COVARIANCE_TYPES:
        for K in {1, min(3, len(X)), len(X)}:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                mixture = start(X, K, method, covariance_type, rng=0)
            assert_valid(mixture, X, K, covariance_type)


@untimed
@given(names, components, methods, covariance_types, seeds)
def test_same_seed_same_start_and_numpys_global_state_untouched(name, K, method, covariance_type, seed):
    X = load(name, n=60).X
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - it is what must not change
    one, two = (start(X, K, method, covariance_type, rng=seed) for _ in range(2))
    assert_same(one, two)
    assert_same(one, start(X, K, method, covariance_type, rng=np.random.default_rng(seed)))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@untimed
@given(names, st.integers(2, 16), st.sampled_from(["random-responsibilities", "scattered"]), seeds)
def test_another_seed_gives_another_start(name, K, method, seed):
    X = load(name, n=60).X
    assert not np.array_equal(start(X, K, method, rng=seed).means, start(X, K, method, rng=seed + 1).means)


@pytest.mark.parametrize("name", READY)
@pytest.mark.parametrize("method", RANDOM)
def test_seeds_give_many_different_starts(name, method):
    X = load(name, n=100).X
    means = {start(X, 5, method, rng=seed).means.tobytes() for seed in range(10)}
    assert len(means) > 5


@given(
    names, covariance_types, st.lists(st.tuples(methods, components, seeds, floors), min_size=2, max_size=4)
)
def test_a_ground_makes_the_same_starts_whatever_it_made_before(name, covariance_type, wanted):
    X = load(name, n=60).X
    ground = Ground(X, covariance_type)
    for method, K, seed, floor in wanted:
        assert_same(ground.start(K, method, seed, floor), start(X, K, method, covariance_type, seed, floor))
        assert_same(ground.start_at(X[:K], floor), start_at(X, X[:K], covariance_type, floor))
        np.testing.assert_array_equal(ground.reg_covar(floor), reg_covar_for(X, floor, covariance_type))


def test_a_generator_is_advanced_from_start_to_start():
    X, rng = load("blobs").X, np.random.default_rng(0)
    one, two = (start(X, 3, "random-points", rng=rng) for _ in range(2))
    assert not np.array_equal(one.means, two.means)


@untimed
@given(methods, covariance_types, st.integers(1, 8), seeds, st.integers(-100, 100))
def test_a_change_of_unit_changes_nothing(method, covariance_type, K, seed, exponent):
    X = load("varied", n=60, seed=seed % 2**32).X
    unit = 2.0**exponent
    one, two = (start(points, K, method, covariance_type, rng=seed) for points in (X, X * unit))
    np.testing.assert_allclose(two.weights, one.weights, rtol=1e-9)
    np.testing.assert_allclose(two.means / unit, one.means, rtol=0, atol=1e-9)
    np.testing.assert_allclose(two.covariances / unit**2, one.covariances, rtol=0, atol=1e-9)


# What each start does


def overall(X, covariance_type):
    """The whole data's covariance in the family, by numpy."""
    covariance = np.cov(X.T, bias=True)
    if covariance_type in ("full", "tied"):
        return covariance
    variances = np.diag(covariance)
    return np.diag(variances if covariance_type == "diag" else np.full(len(variances), variances.mean()))


@untimed
@given(names, components, st.sampled_from(AT_POINTS), covariance_types, seeds)
def test_means_at_points_weights_equal_covariance_the_datas_own(name, K, method, covariance_type, seed):
    X = load(name, n=60).X
    mixture = start(X, K, method, covariance_type, rng=seed)
    points = {tuple(row) for row in X.tolist()}
    means = [tuple(row) for row in mixture.means.tolist()]
    assert points.issuperset(means)
    assert len(set(means)) == K
    np.testing.assert_allclose(mixture.weights, 1 / K)
    expected = overall(X, covariance_type)
    for covariance in mixture.covariances:
        np.testing.assert_allclose(covariance, expected, rtol=0, atol=2 * RIDGE * expected.max())


@untimed
@given(st.integers(1, 6), seeds)
def test_random_points_take_every_value_before_any_twice(K, seed):
    X = np.repeat([[0.0], [1.0], [2.0]], [10, 1, 1], axis=0)
    means = start(X, K, "random-points", rng=seed).means
    assert len(np.unique(means)) == min(K, 3)


def test_random_points_take_every_point_equally_often():
    X = np.arange(4.0)[:, None]
    rng = np.random.default_rng(0)
    drawn = np.concatenate([start(X, 2, "random-points", rng=rng).means.ravel() for _ in range(400)])
    np.testing.assert_allclose(np.bincount(drawn.astype(int)), 200, atol=50)  # five standard deviations


@untimed
@given(without_ties, st.integers(1, 8), covariance_types, seeds)
def test_k_means_is_an_m_step_on_clusters_that_k_means_would_keep(name, K, covariance_type, seed):
    X = load(name, n=60).X
    mixture = start(X, K, "k-means", covariance_type, rng=seed)
    nearest = ((X[:, None] - mixture.means) ** 2).sum(axis=2).argmin(axis=1)
    again = m_step(X, np.eye(K)[nearest], covariance_type, 0.0)
    np.testing.assert_allclose(mixture.weights, again.weights)
    np.testing.assert_allclose(mixture.means, again.means, atol=1e-12)
    atol = 2 * RIDGE * X.var(axis=0).max()
    np.testing.assert_allclose(mixture.covariances, again.covariances, rtol=0, atol=atol)


def test_k_means_finds_scikit_learns_clusters():
    X = load("blobs").X
    expected = KMeans(3, n_init=10, random_state=0).fit(X).cluster_centers_
    means = start(X, 3, "k-means", rng=0).means
    np.testing.assert_allclose(np.sort(means, axis=0), np.sort(expected, axis=0), rtol=1e-9)


def test_fewer_distinct_points_than_components_share_their_places():
    X = np.repeat([[0.0, 0.0], [1.0, 3.0]], 5, axis=0)
    mixture = start(X, 4, "k-means")
    assert {tuple(mean) for mean in mixture.means.tolist()} == {(0.0, 0.0), (1.0, 3.0)}
    np.testing.assert_allclose(np.sort(mixture.weights), [0.1, 0.1, 0.4, 0.4])


def test_single_point_clusters_get_the_ridge_in_the_datas_own_units():
    X = np.array([[0.0, 0.0], [0.0, 3000.0], [1.0, 0.0]])
    for method in ("k-means", "hierarchical"):
        diag, spherical = (start(X, 3, method, covariance_type) for covariance_type in ("diag", "spherical"))
        variances = X.var(axis=0)
        for k in range(3):
            np.testing.assert_allclose(np.diag(diag.covariances[k]), RIDGE * variances)
            np.testing.assert_allclose(np.diag(spherical.covariances[k]), RIDGE * variances.mean())


@untimed
@given(st.integers(2, 8), seeds)
def test_random_responsibilities_begin_in_the_middle(K, seed):
    X = load("blobs").X
    mixture = start(X, K, "random-responsibilities", rng=seed)
    assert (np.abs(mixture.means - X.mean(axis=0)) < 0.3 * X.std(axis=0)).all()
    np.testing.assert_allclose(mixture.weights @ mixture.means, X.mean(axis=0))


@untimed
@given(names, components, covariance_types, seeds)
def test_scattered_is_broad_and_round_for_every_type(name, K, covariance_type, seed):
    X = load(name, n=60).X
    mixture = start(X, K, "scattered", covariance_type, rng=seed)
    np.testing.assert_allclose(mixture.weights, 1 / K)
    expected = X.var(axis=0).mean() * np.eye(2)
    np.testing.assert_allclose(mixture.covariances, np.tile(expected, (K, 1, 1)))


@pytest.mark.parametrize("name", ["blobs", "stretched", "moons", "tutorial"])
def test_hierarchical_is_wards_whatever_the_seed(name):
    X = load(name, n=200).X
    labels = AgglomerativeClustering(4).fit(X).labels_
    mixture = start(X, 4, "hierarchical", rng=0)
    expected = np.array([[*X[labels == k].mean(axis=0), (labels == k).mean()] for k in range(4)])
    found = np.column_stack([mixture.means, mixture.weights])
    np.testing.assert_allclose(found[found[:, 0].argsort()], expected[expected[:, 0].argsort()])
    assert_same(mixture, start(X, 4, "hierarchical", rng=1))


@untimed
@given(st.integers(1, 8), covariance_types, seeds)
def test_hierarchical_forgets_the_order_of_the_points(K, covariance_type, seed):
    X = load("varied", n=60, seed=seed % 2**32).X
    shuffled = np.random.default_rng(seed).permutation(X)
    one, two = (start(points, K, "hierarchical", covariance_type) for points in (X, shuffled))
    order_one, order_two = (mixture.means[:, 0].argsort() for mixture in (one, two))
    np.testing.assert_allclose(one.weights[order_one], two.weights[order_two])
    np.testing.assert_allclose(one.means[order_one], two.means[order_two], atol=1e-12)
    np.testing.assert_allclose(one.covariances[order_one], two.covariances[order_two], atol=1e-12)


@pytest.mark.parametrize("N", [200, 201])
def test_hierarchical_takes_a_seeded_sample_only_above_the_limit(N, monkeypatch):
    monkeypatch.setattr(starts, "WARD_LIMIT", 200)
    X = load("blobs", n=N).X
    one, again, other = (start(X, 3, "hierarchical", rng=seed) for seed in (0, 0, 1))
    assert_same(one, again)
    assert np.array_equal(one.means, other.means) == (N == 200)
    np.testing.assert_allclose(one.weights * 200, np.round(one.weights * 200), atol=1e-9)


def test_hierarchical_at_many_points_finds_the_same_groups():
    assert WARD_LIMIT == 5000
    data = load("blobs", n=WARD_LIMIT + 1000)
    mixture = start(data.X, 3, "hierarchical")
    nearest = ((data.X[:, None] - mixture.means) ** 2).sum(axis=2).argmin(axis=1)
    assert adjusted_rand_score(data.labels, nearest) > 0.99


def test_more_components_than_the_limit_still_work(monkeypatch):
    monkeypatch.setattr(starts, "WARD_LIMIT", 5)
    X = load("blobs", n=30).X
    assert_valid(start(X, 8, "hierarchical"), X, 8, "full")


# What must not happen


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ({"method": "kmeans"}, "method is 'kmeans': choose one of k-means, k-means"),
        ({"method": ["k-means"]}, "method is .*: choose one of"),
        (
            {"covariance_type": "round"},
            "covariance_type is 'round': choose one of full, tied, diag, spherical",
        ),
        ({"covariance_type": None}, "covariance_type is None: choose one of"),
        *[
            ({"n_components": K}, "n_components must be a whole number")
            for K in (0, -1, 2.0, "3", None, True)
        ],
        ({"n_components": 5}, "n_components is 5, but there are only 4 points; take fewer"),
        *[
            ({"rng": rng}, "rng must be a numpy Generator or a seed")
            for rng in (-1, 0.5, None, "0", True, np.random)
        ],
        ({"X": [[0.0, np.nan]]}, "nan"),
    ],
)
def test_bad_arguments_are_refused_with_advice(arguments, advice):
    good = {"X": np.arange(8.0).reshape(4, 2), "n_components": 2, "method": "k-means"}
    with pytest.raises(ValueError, match=advice):
        start(**good | arguments)


@pytest.mark.parametrize("spec", STARTS.values(), ids=STARTS.keys())
def test_help_is_one_sentence(spec):
    assert spec.title
    assert spec.help.endswith(".")
    assert spec.help.count(". ") == 0


@pytest.mark.parametrize("method", ["k-means", "random-points", "random-responsibilities", "hierarchical"])
@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
def test_a_floor_is_added_once_and_the_ridge_is_part_of_it(method, covariance_type):
    X = np.random.default_rng(0).normal(size=(60, 2)) * [1.0, 30.0]
    low, high = (start(X, 3, method, covariance_type, rng=1, floor=floor) for floor in (RIDGE, 1e-3))
    more = reg_covar_for(X, 1e-3, covariance_type) - reg_covar_for(X, RIDGE, covariance_type)
    added = high.covariances - low.covariances
    np.testing.assert_allclose(added, np.broadcast_to(more * np.eye(2), added.shape), rtol=1e-7, atol=1e-10)


# Means that somebody placed


@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
@pytest.mark.parametrize("floor", [0.0, RIDGE, 1e-2])
@pytest.mark.parametrize("method", ["random-points", "k-means++"])
def test_placed_means_begin_as_the_starts_do_that_choose_means_alone(covariance_type, floor, method):
    X = load("stretched", n=60).X
    chosen = start(X, 4, method, covariance_type, rng=3, floor=floor)
    assert_same(start_at(X, chosen.means, covariance_type, floor), chosen)


@pytest.mark.parametrize("X", AWKWARD.values(), ids=AWKWARD.keys())
def test_placed_means_are_a_valid_start_wherever_they_stand(X):
    for covariance_type in COVARIANCE_TYPES:
        means = np.full((3, np.shape(X)[1]), 1e6)
        mixture = start_at(X, means, covariance_type)
        assert_in_family(mixture.covariances, covariance_type)
        np.testing.assert_array_equal(mixture.means, means)
        np.testing.assert_array_equal(mixture.weights, np.full(3, 1 / 3))


def test_placed_means_that_fit_no_plane_are_refused():
    with pytest.raises(ValueError, match="3 features, but the points have 2"):
        start_at([[0.0, 0.0], [1.0, 1.0]], [[1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="covariance_type"):
        start_at([[0.0, 0.0], [1.0, 1.0]], [[1.0, 2.0]], "round")
