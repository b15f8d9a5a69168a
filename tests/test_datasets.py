"""Datasets: the same seed gives the same points, sizes and ratios hold, and known sets are what they say."""

import dataclasses

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_iris, make_blobs, make_circles, make_moons

from gmmviz.datasets import DATASETS, DEFAULT_N, DRAWN, IMBALANCED_SIZES, READY, STRETCH, drawn, load

FIXED = ["tutorial", "tutorial-five", "iris", "faithful"]
MADE = [name for name in READY if name not in FIXED]

untimed = settings(deadline=None)  # a slow machine is no failure
names = st.sampled_from(list(DATASETS))
made = st.sampled_from(MADE)
sizes = st.integers(1, 400)
seeds = st.integers(0, 2**32 - 1)
noises = st.floats(0, 10)


# Properties


@untimed
@given(names, sizes, st.none() | noises, seeds)
def test_every_dataset_is_well_formed(name, n, noise, seed):
    data = load(name, n=n, noise=noise, seed=seed)
    spec = DATASETS[name]
    assert data.X.dtype == np.float64
    assert data.X.flags.c_contiguous
    assert data.X.shape == (len(data.X), len(data.columns)) == (len(data.X), 2)
    assert np.isfinite(data.X).all()
    assert spec.fixed or len(data.X) == n
    if data.labels is not None:
        assert data.labels.shape == (len(data.X),)
        assert data.labels.dtype == np.int64
        assert data.labels.min() >= 0
    for field in ("description", "columns", "equal_axes", "fixed"):
        assert getattr(data, field) == getattr(spec, field)


@untimed
@given(names, sizes, noises, seeds)
def test_same_arguments_same_points_and_numpys_global_state_untouched(name, n, noise, seed):
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - it is what must not change
    one, two = (load(name, n=n, noise=noise, seed=seed) for _ in range(2))
    np.testing.assert_array_equal(one.X, two.X)
    np.testing.assert_array_equal(one.labels, two.labels)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@untimed
@given(made, seeds)
def test_another_seed_gives_other_points(name, seed):
    assert not np.array_equal(load(name, n=50, seed=seed).X, load(name, n=50, seed=(seed + 1) % 2**32).X)


@untimed
@given(made, sizes, seeds, st.floats(0.01, 10))
def test_noise_moves_every_point_along_a_straight_line(name, n, seed, noise):
    still, unit, moved = (load(name, n=n, noise=value, seed=seed) for value in (0, 1, noise))
    np.testing.assert_array_equal(moved.labels, still.labels)
    np.testing.assert_allclose(moved.X, still.X + noise * (unit.X - still.X), rtol=0, atol=1e-12)


@untimed
@given(st.sampled_from(FIXED), sizes, st.none() | noises, seeds)
def test_fixed_sets_ignore_n_noise_and_seed(name, n, noise, seed):
    np.testing.assert_array_equal(load(name, n=n, noise=noise, seed=seed).X, load(name).X)


@given(st.integers(3, 20_000))
@example(3)
@example(610)
@settings(untimed, max_examples=50)
def test_imbalanced_keeps_its_ratio_for_any_n(n):
    counts = np.bincount(load("imbalanced", n=n).labels, minlength=3)
    exact = n * np.array(IMBALANCED_SIZES) / sum(IMBALANCED_SIZES)
    assert counts.sum() == n
    assert counts.min() >= 1
    # Largest remainders stay within one point; a group raised from none to one may cost the largest one more.
    assert np.abs(counts - exact).max() < (1 if exact.min() >= 0.5 else 2)


# Known values


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (1, [1, 0, 0]),
        (2, [1, 1, 0]),
        (3, [1, 1, 1]),
        (61, [50, 10, 1]),
        (500, [410, 82, 8]),
        (610, [500, 100, 10]),
    ],
)
def test_imbalanced_sizes(n, expected):
    np.testing.assert_array_equal(np.bincount(load("imbalanced", n=n).labels, minlength=3), expected)


@pytest.mark.parametrize("n", [299, 300])
@pytest.mark.parametrize("seed", [0, 170])
def test_made_sets_are_scikit_learns(n, seed):
    expected = {
        "blobs": make_blobs(n_samples=n, centers=3, random_state=seed),
        "varied": make_blobs(n_samples=n, centers=3, cluster_std=[1.0, 2.5, 0.5], random_state=seed),
        "moons": make_moons(n_samples=n, noise=0.05, random_state=seed),
        "circles": make_circles(n_samples=n, noise=0.05, factor=0.5, random_state=seed),
    }
    for name, (X, labels) in expected.items():
        data = load(name, n=n, seed=seed)
        np.testing.assert_array_equal(data.X, X)
        np.testing.assert_array_equal(data.labels, labels)


def test_stretched_is_blobs_times_the_matrix():
    blobs, stretched = load("blobs", seed=3), load("stretched", seed=3)
    np.testing.assert_allclose(stretched.X, blobs.X @ STRETCH)
    np.testing.assert_array_equal(STRETCH, [[0.60834549, -0.63667341], [-0.40887718, 0.85253229]])


@pytest.mark.parametrize(
    ("name", "n", "centers", "std"), [("tutorial", 500, 3, 1.5), ("tutorial-five", 1000, 5, 0.5)]
)
def test_tutorial_data_is_the_tutorials_recipe(name, n, centers, std):
    X, labels = make_blobs(cluster_std=std, random_state=20, n_samples=n, centers=centers)
    data = load(name)
    np.testing.assert_allclose(data.X, X @ np.random.RandomState(0).randn(2, 2))
    np.testing.assert_array_equal(data.labels, labels)


def test_the_tutorials_groups_stand_where_its_fit_ends():
    data = load("tutorial")
    means = sorted(data.X[data.labels == k].mean(axis=0).tolist() for k in range(3))
    published = [[-12.835388, 4.896462], [11.091675, 18.676335], [19.876709, 17.471501]]
    np.testing.assert_allclose(means, published, atol=0.1)


def test_iris_is_sepal_length_and_width():
    data = load("iris")
    X, labels = load_iris(return_X_y=True)
    np.testing.assert_array_equal(data.X, X[:, :2])
    np.testing.assert_array_equal(data.labels, labels)


def test_faithful_has_272_eruptions_no_truth_and_separate_axes():
    data = load("faithful")
    assert data.X.shape == (272, 2)
    assert data.labels is None
    assert not data.equal_axes
    np.testing.assert_allclose(data.X.mean(axis=0), [3.487783, 70.897059], atol=1e-6)  # as R prints them
    np.testing.assert_array_equal(data.X[0], [3.6, 79])


def test_the_registry_knows_the_fixed_sets_and_the_default_noise():
    assert [name for name, spec in DATASETS.items() if spec.fixed] == [*FIXED, DRAWN]
    for name in MADE:
        default = 0.05 if name in ("moons", "circles") else 1.0
        assert DATASETS[name].default_noise == default
        np.testing.assert_array_equal(load(name).X, load(name, noise=default).X)
        assert len(load(name).X) == DEFAULT_N


@pytest.mark.parametrize("spec", DATASETS.values(), ids=DATASETS.keys())
def test_descriptions_are_one_sentence(spec):
    assert spec.description.endswith(".")
    assert spec.description.count(". ") == 0


# What must not happen


@pytest.mark.parametrize("name", READY)
def test_a_dataset_cannot_be_changed(name):
    data = load(name)
    with pytest.raises(ValueError, match="read-only"):
        data.X[0, 0] = 0
    assert data.labels is None or not data.labels.flags.writeable
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.X = None


@pytest.mark.parametrize("name", ["blob", "", "Blobs", None, 3, ["blobs"]])
def test_an_unknown_name_lists_the_valid_ones(name):
    with pytest.raises(ValueError, match=r"choose one of blobs, varied, .*faithful"):
        load(name)


@pytest.mark.parametrize("name", ["blobs", "moons", "iris"])
@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        *[
            ({"n": n}, "n is the number of points; give a whole number")
            for n in (0, -1, 2.0, "5", True, None)
        ],
        *[
            ({"noise": x}, "noise is a spread; give a finite number")
            for x in (-0.1, np.nan, np.inf, "1", True)
        ],
        *[
            ({"seed": s}, "seed must be a whole number from 0 to 4294967295")
            for s in (-1, 2**32, 1.5, None, False)
        ],
    ],
)
def test_bad_arguments_are_refused_with_advice(name, arguments, advice):
    with pytest.raises(ValueError, match=advice):
        load(name, **arguments)


def test_numpys_numbers_are_numbers():
    data = load("blobs", n=np.int64(20), noise=np.float32(0.5), seed=np.uint32(7))
    np.testing.assert_array_equal(data.X, load("blobs", n=20, noise=0.5, seed=7).X)


# Drawn by hand


@given(st.lists(st.tuples(st.integers(0, 4095), st.integers(0, 4095)), max_size=300))
def test_drawn_points_stand_on_their_grid_without_a_lost_digit(dots):
    data = drawn(dots)
    assert data.X.shape == (len(dots), 2)
    assert not data.X.flags.writeable
    np.testing.assert_array_equal((data.X + 8) * 256, np.reshape(dots, (-1, 2)))
    (left, right), (low, high) = data.box
    assert ((left <= data.X[:, 0]) & (data.X[:, 0] < right)).all()
    assert ((low <= data.X[:, 1]) & (data.X[:, 1] < high)).all()
    assert (data.name, data.labels, data.fixed, data.equal_axes) == (DRAWN, None, True, True)


def test_nothing_is_drawn_yet():
    assert load(DRAWN, n=30, noise=1.0, seed=5).X.shape == (0, 2)
    assert {*READY, DRAWN} == DATASETS.keys()
    assert all(load(name).box is None for name in READY)
