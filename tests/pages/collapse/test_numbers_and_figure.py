"""Collapse: without a floor the component on the trap shrinks until EM breaks off; each remedy prevents it."""

from dataclasses import replace

import numpy as np
import pytest

from gmmviz.em import Mixture
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.film import View
from gmmviz.pages.collapse.figure import collapse_film
from gmmviz.pages.collapse.numbers import least_variance, smallest_variances
from gmmviz.pages.collapse.settings import CASES, Collapse


def run_of(settings):
    return settings.run(settings.data().X)


@pytest.mark.parametrize("case", CASES)
def test_without_a_floor_the_third_component_collapses_onto_the_trap(case):
    run, X = run_of(Collapse(case=case)), Collapse(case=case).data().X
    last = run.states[-1]
    assert run.stop_reason == "collapsed"
    assert [event.components for event in run.events if event.kind == "collapsed"] == [(2,)]
    np.testing.assert_allclose(last.mixture.means[2], X[-1], atol=0.05)
    assert np.diff([state.log_likelihood for state in run.states]).min() > 0
    assert smallest_variances(run)[-1] < 1e-3 * smallest_variances(run)[0]
    assert 5 <= last.iteration <= 30  # slow enough to watch


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("remedy", [{"floor": 1e-3}, {"begin": "group"}, {"covariance": "tied"}])
def test_each_remedy_lets_em_converge(case, remedy):
    run = run_of(Collapse(case=case, **remedy))
    assert run.stop_reason == "converged"


def test_a_floor_is_where_the_smallest_variance_ends():
    run, X = run_of(Collapse(floor=1e-6)), Collapse().data().X
    assert smallest_variances(run)[-1] == pytest.approx(1e-6 * X.var(axis=0).min(), rel=1e-6)
    assert least_variance(Collapse(floor=1e-6), X) == pytest.approx(1e-6 * X.var(axis=0).min())
    assert least_variance(Collapse(), X) == 0
    assert "degenerate" in {event.kind for event in run.events}


def test_the_repeated_point_is_there_five_times():
    X = Collapse(case="repeated").data().X
    assert (X == X[-1]).all(axis=1).sum() == 5
    assert len(X) == len(Collapse().data().X) + 4


def test_the_film_shows_the_smallest_variance_on_a_curve_of_its_own():
    settings = Collapse()
    run = run_of(settings)
    variances = smallest_variances(run)
    figure = collapse_film(settings.data(), run, variances, 0.0, View(), 0)
    curve = figure["scene"]["curves"][-1]
    (trace,) = (trace for trace in figure["data"] if trace["name"] == curve["trace"])
    np.testing.assert_array_equal(unpacked(trace["y"]), variances)
    assert (trace["xaxis"], trace["yaxis"], curve["axes"], curve["log"]) == ("x3", "y3", "3", True)
    low, high = figure["layout"]["yaxis3"]["range"]
    assert low < np.log10(variances.min()) < np.log10(variances.max()) < high
    assert [mark["text"] for mark in figure["layout"]["annotations"]] == ["breaks off here"]


def test_the_film_marks_the_floor():
    settings = Collapse(floor=1e-3)
    run = run_of(settings)
    figure = collapse_film(settings.data(), run, smallest_variances(run), 0.1, View(), 0)
    (mark,) = figure["layout"]["annotations"]  # and it does not break off
    assert (mark["text"], mark["y"]) == ("the floor", pytest.approx(-1))


def test_the_magnifier_is_over_whatever_ends_with_the_smallest_variance_in_any_direction():
    settings = Collapse(covariance="full")
    run = run_of(settings)
    start, end = run.states[0].mixture, run.states[-1].mixture
    needle, small, wide = np.diag([1e-9, 4.0]), 1e-3 * np.eye(2), np.eye(2)
    states = [
        run.states[0]._replace(mixture=Mixture(start.weights, start.means, [wide, 1e-12 * wide, wide])),
        *run.states[1:-1],
        run.states[-1]._replace(mixture=Mixture(end.weights, end.means, [needle, small, wide])),
    ]
    turned = replace(run, states=tuple(states))
    figure = collapse_film(settings.data(), turned, smallest_variances(turned), 0.0, View(), 0)
    (plane,) = figure["scene"]["planes"]
    assert (plane["lens"], plane["layers"][-1]) == (0, "lens")
