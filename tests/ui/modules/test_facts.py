"""facts.js and the words for a move: which way, how far, and what is little beside what."""

import numpy as np
import pytest

from gmmviz.em import Mixture, Run, State
from gmmviz.figures.narration import DIRECTIONS
from tests.ui.modules.narrated import Narrated
from tests.ui.modules.test_sentences import SAY, film_of

X = np.array([[0.0, 0.0], [10.0, 40.0]])


def stepped(*means, deviations=(1.0, 1.0, 1.0)):
    """A run of one component of two, which stands at these means with these deviations."""
    states = [
        State(t, Mixture([0.5, 0.5], [mean, [5.0, 500.0]], [d**2 * np.eye(2), np.eye(2)]), float(t))
        for t, (mean, d) in enumerate(zip(means, deviations, strict=True))
    ]
    return Run(tuple(states), "max_iter", ())


@pytest.mark.parametrize("eighth", range(8))
def test_a_move_is_told_by_its_length_and_its_eighth_of_a_circle(run_js, eighth):
    for turn in (-0.35, 0.0, 0.35):
        angle = eighth * np.pi / 4 + turn
        mean = (3 * np.cos(angle), 3 * np.sin(angle))
        run = stepped((0.0, 0.0), mean, mean)
        (said,) = (s for s in run_js(SAY, film_of(X, run, steps=False)) if s.startswith("Iteration 1"))
        assert f"Gaussian 1 moved 3 {DIRECTIONS[eighth]}." in said


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ((2.0, 4.0), "moved 2 to the right in width."),
        ((-2.0, 7.0), "moved 2 to the left in width."),
        ((2.0, 8.5), "moved 8.5 up in height."),
        ((-2.0, -8.5), "moved 8.5 down in height."),
        ((0.0, 123.4), "moved 123 up in height."),
    ],
)
def test_where_axes_have_units_of_their_own_a_move_is_told_along_the_one_in_which_it_is_larger(
    run_js, way, told
):
    run = stepped((0.0, 0.0), way, way)
    film = film_of(X, run, steps=False, names=["width", "height"])
    said = run_js(SAY, film)
    assert told in said[1]
    assert said == Narrated(X, run, range(3), False, names=["width", "height"]).all()


@pytest.mark.parametrize(
    ("deviations", "told"),
    [((1, 3, 3), "widened across, from 1 to 3."), ((3, 1, 1), "narrowed across, from 3 to 1.")],
)
def test_where_the_shape_changes_more_than_the_place_that_is_told(run_js, deviations, told):
    run = stepped((0.0, 0.0), (1.0, 1.0), (1.0, 1.0), deviations=deviations)
    assert told in run_js(SAY, film_of(X, run, steps=False))[1]
    run = stepped((0.0, 0.0), (1.0, 2.5), (1.0, 2.5), deviations=deviations)
    assert "Gaussian 1 moved 2.7 up." in run_js(SAY, film_of(X, run, steps=False))[1]


def test_what_is_hardly_to_be_seen_is_no_move(run_js):
    run = stepped((0.0, 0.0), (0.0399, 0.0), (0.0401 + 0.0399, 0.0), deviations=(1, 1, 1))
    still, moved = run_js(
        "return [[0, 1], [1, 2]].map(([a, b]) => facts.moved(given.at(a), given.at(b), given.seen).what)"
        .replace("given.at", "scene.readScene(given).planes[0].mixtures.at")
        .replace("given.seen", "given.scene.narration"),
        film_of(X, run),
    )  # fmt: skip
    assert (still, moved) == ("still", "moved")


def test_digits_enough_to_tell_two_numbers_apart(run_js):
    found = run_js(
        "return given.map((pair) => templates.toldApart(...pair))", [[2, 3], [12.34567, 12.34578], [5, 5]]
    )
    assert found == [["2", "3"], ["12.3457", "12.3458"], ["5", "5"]]


def test_nearly_converged_is_a_thousandth_of_the_climb_that_is_left(run_js):
    values = [0.0, 998.0, 999.0, 999.5, 1000.0, 1000.0]
    found = run_js("return given.map((_, t) => facts.nearly(given, t))", values)
    assert found == [None, None, 1, 0.5, None, None]
    assert run_js("return facts.nearly([5, 5.0, 5], 1)") is None
