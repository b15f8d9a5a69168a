"""dots.js: what an address holds of drawn points is what Python reads; and what lies within a hand's box or lasso."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.datasets import drawn
from gmmviz.experiment import Experiment

ROW = Experiment.table()["dots"]
NUMBERS = st.integers(0, 4095)
DOTS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=60)


@given(DOTS)
def test_python_reads_what_the_browser_writes_and_the_other_way_round(run_js, dots):
    text, back = run_js(
        "return [dots.encoded(given[0]), dots.decoded(given[1])];", [dots, ROW.write(tuple(dots))]
    )
    assert text == ROW.write(tuple(dots))
    assert list(map(tuple, back)) == list(ROW.read(text)) == dots


@given(DOTS)
def test_dots_stand_where_python_puts_them(run_js, dots):
    found = run_js("return given.map(dots.placeOf);", dots)
    np.testing.assert_array_equal(np.reshape(found, (-1, 2)), drawn(dots).X)
    assert run_js("return given.map((dot) => dots.dotAt(dots.placeOf(dot)));", dots) == list(map(list, dots))


@given(st.floats(-8, 8), st.floats(-8, 8))
def test_a_dot_is_the_nearest_to_a_place_in_the_frame(run_js, x, y):
    dot = run_js("return dots.dotAt(given);", [x, y])
    row, column = drawn([dot]).X[0]
    step = 1 / 256
    assert abs(row - x) <= (0.5 * step if x <= 8 - step else step)
    assert abs(column - y) <= (0.5 * step if y <= 8 - step else step)


@pytest.mark.parametrize("place", [[8.01, 0], [0, -8.01], [-9, 9], [None, 0]])
def test_outside_of_the_frame_is_no_dot(run_js, place):
    assert run_js("return dots.dotAt([given[0] ?? NaN, given[1]]);", place) is None


# --- Sprays -----------------------------------------------------------------------------------------------------------

SEEDED = """let state = given.seed >>> 0;
const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296);
return dots.sprayed(given.at, given.n, given.radius, random);"""


def test_a_spray_is_normal_with_half_the_radius_as_its_deviation(run_js):
    found = run_js(SEEDED, {"seed": 5, "at": [1, -2], "n": 20_000, "radius": 1.8})
    X = drawn(found).X
    assert len(X) == 20_000
    np.testing.assert_allclose(X.mean(axis=0), [1, -2], atol=0.03)
    np.testing.assert_allclose(np.cov(X.T), 0.81 * np.eye(2), atol=0.03)
    share = (np.hypot(*(X - [1, -2]).T) <= 1.8).mean()
    assert share == pytest.approx(1 - np.exp(-2), abs=0.01)  # six of seven


def test_a_spray_at_the_edge_stays_within_the_frame(run_js):
    found = run_js(SEEDED, {"seed": 3, "at": [7.9, 7.9], "n": 200, "radius": 3.6})
    assert len(found) == 200
    assert 0 <= np.min(found) <= np.max(found) <= 4095


# --- What lies within -------------------------------------------------------------------------------------------------

PLACES = st.tuples(st.floats(-8, 8), st.floats(-8, 8))


@given(PLACES, PLACES, PLACES)
def test_a_box_is_the_same_from_all_four_corners(run_js, place, one, other):
    corners = [[one, other], [other, one], [(one[0], other[1]), (other[0], one[1])]]
    found = run_js("return given[1].map((corners) => dots.inBox(given[0], corners));", [place, corners])
    (left, right), (low, high) = (sorted(pair) for pair in zip(one, other, strict=True))
    assert found == [left <= place[0] <= right and low <= place[1] <= high] * 3


@given(st.lists(PLACES, min_size=1, max_size=30), st.integers(3, 12))
def test_a_round_lasso_holds_what_is_near_its_middle(run_js, places, corners):
    angles = 2 * np.pi * np.arange(corners) / corners
    line = np.column_stack([5 * np.cos(angles), 5 * np.sin(angles)])
    found = run_js("return given[0].map((place) => dots.inLasso(place, given[1]));", [places, line.tolist()])
    inner, away = 5 * np.cos(np.pi / corners), np.hypot(*np.transpose(places))
    for inside, distance in zip(found, away, strict=True):
        if distance < 0.999 * inner:
            assert inside
        if distance > 5.001:
            assert not inside


def test_a_lasso_may_be_bent_and_leaves_out_its_bay(run_js):
    line = [[0, 0], [4, 0], [4, 4], [3, 4], [3, 1], [1, 1], [1, 4], [0, 4]]
    places = [[0.5, 3], [2, 3], [3.5, 3], [2, 0.5], [5, 2], [-1, 2]]
    found = run_js("return given[0].map((place) => dots.inLasso(place, given[1]));", [places, line])
    assert found == [True, False, True, True, False, False]
