"""apart.js: discs step aside as little as they can."""

import numpy as np
import pytest

RADIUS, GAP = 10, 2
APART = "return given.map(([xs, ys]) => apart.apart(xs, ys, 10))"


def stand(run_js, sets):
    """Where discs (K, 2) of radius 10 px stand, for each set of their own places."""
    found = run_js(APART, [np.transpose(places).tolist() for places in sets])
    return [np.array(places) for places in found]


def distances(places):
    """Between the middles of each two discs."""
    return np.linalg.norm(places[:, None] - places, axis=-1)[np.triu_indices(len(places), 1)]


def crowds(K, count=40):
    rng = np.random.default_rng(K)
    return [rng.normal(300, 25, (K, 2)) for _ in range(count)]


@pytest.mark.parametrize("K", [1, 2, 3, 5])
def test_few_discs_leave_a_gap_between_any_two(run_js, K):
    for places in stand(run_js, crowds(K)):
        assert distances(places).min(initial=np.inf) >= 2 * RADIUS + GAP - 1e-3


def test_radius_and_gap_are_those_asked_for(run_js):
    first, second = run_js("return apart.apart([0, 1], [0, 0], 7, 5)")
    assert (first, second) == ([-9, 0], [10, 0])
    assert run_js("return apart.apart([], [], 10)") == []


def test_who_is_in_nobodys_way_stays_to_the_last_digit(run_js):
    rng = np.random.default_rng(1)
    crowd, far = rng.normal(100, 5, (4, 2)), rng.uniform(400, 700, (1, 2))
    (places,) = stand(run_js, [np.vstack([crowd, far])])
    assert places[4].tolist() == far[0].tolist()
    assert (abs(places[:4] - crowd).max(axis=1) > 0.1).all()


def test_a_disc_may_touch_another_and_stay(run_js):
    for away in (22.0, 22.5):
        own = np.array([[0.0, 0.0], [away, 0.0]])
        (places,) = stand(run_js, [own])
        assert (places == own).all()


def test_two_discs_part_evenly_along_the_line_between_them(run_js):
    own = np.array([[50.0, 50.0], [56.0, 58.0]])
    (places,) = stand(run_js, [own])
    np.testing.assert_allclose(places.mean(axis=0), own.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(places - own.mean(axis=0), [[-6.6, -8.8], [6.6, 8.8]], atol=1e-4)


def test_it_does_not_matter_which_of_two_is_first(run_js):
    own = np.array([[50.0, 50.0], [53.0, 41.0]])
    places, others = stand(run_js, [own, own[::-1]])
    np.testing.assert_allclose(others[::-1], places, atol=1e-9)


def test_mirrored_they_stand_mirrored(run_js):
    crowd = crowds(6, count=1)[0]
    places, mirrored = stand(run_js, [crowd, crowd * [-1, 1]])
    np.testing.assert_allclose(mirrored * [-1, 1], places, atol=1e-9)


@pytest.mark.parametrize("K", [2, 3, 16, 30])
def test_discs_in_one_place_part_and_stay_finite_and_near(run_js, K):
    (places,) = stand(run_js, [np.full((K, 2), 123.0)])
    assert np.isfinite(places).all()
    assert abs(places - 123).max() < 12 * K
    assert distances(places).min() > (2 * RADIUS if K < 4 else 2)


def test_small_moves_move_little_where_nothing_touches(run_js):
    rng = np.random.default_rng(2)
    own = np.array([[0.0, 0.0], [40.0, 0.0], [0.0, 60.0]])
    sets = [own + rng.normal(0, 1e-3, own.shape) for _ in range(20)]
    for places, moved in zip(stand(run_js, sets), sets, strict=True):
        assert (places == moved).all()


def test_two_that_pass_one_another_move_without_a_jump(run_js):
    ways = [np.array([[x, 0.0], [0.0, 3.0]]) for x in np.arange(-40, 40, 0.1)]
    steps = np.diff(stand(run_js, ways), axis=0)
    assert abs(steps).max() < 1
