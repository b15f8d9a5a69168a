"""The film of the line: what the player needs of the run, and a picture that holds all that matters."""

import json
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from gmmviz.figures.arrays import unpacked
from gmmviz.figures.scene import MAX_ITERATIONS
from gmmviz.pages.one_dimension.figure import TALLEST, heights, levels, line_film
from gmmviz.pages.one_dimension.settings import EXAMPLES, OneDimension

SETTINGS = [
    *(OneDimension(name) for name in EXAMPLES),
    OneDimension(variances=(25, 9, 1)),
    OneDimension(means=(0,)),
    OneDimension(means=(1, 2, 3, 4, 5, 6)),
    OneDimension(tol=0.0, max_iter=600),
    OneDimension("own", points=(1, 1, 1, 2, 2, 5, 6, 7, 7, 7, 20)),  # collapses
]


@pytest.fixture(params=SETTINGS, ids=lambda settings: str(settings.to_query()))
def drawn(request):
    X = request.param.data().X
    run = request.param.run(X)
    return X, run, line_film(X, run, row=1, keep=7)


def test_points_mixtures_and_curve_are_the_runs_own(drawn):
    X, run, figure = drawn
    scene = json.loads(json.dumps(figure))["scene"]
    (line,) = scene["planes"]
    np.testing.assert_array_equal(unpacked(scene["clouds"][0]), X.T)
    iterations = scene["iterations"]
    assert len(iterations) == min(len(run.states), MAX_ITERATIONS)
    assert (iterations[0], iterations[-1]) == (0, len(run.states) - 1)
    assert min(7, len(run.states) - 1) in iterations
    for name in ("weights", "means", "covariances"):
        sent = unpacked(scene["mixtures"][0][name])
        np.testing.assert_array_equal(sent, [getattr(run.states[t].mixture, name) for t in iterations])
    assert (line["row"], line["plane"], line["layers"][0]) == (1, [0, 0], "curves")
    (curve,) = (trace for trace in figure["data"] if trace["name"] == "log-likelihood")
    np.testing.assert_array_equal(unpacked(curve["y"]), [state.log_likelihood for state in run.states])
    go.Figure({name: figure[name] for name in ("data", "layout")})


@pytest.mark.parametrize("steps", [False, True])
def test_halves_or_whole_iterations(steps):
    settings = SETTINGS[0]
    X = settings.data().X
    assert line_film(X, settings.run(X), 0, steps=steps)["scene"]["mode"] == ("steps" if steps else "whole")


def test_all_points_are_in_the_picture(drawn):
    X, _, figure = drawn
    (left, right), (low, high) = figure["layout"]["meta"]["extent"]
    (line,) = figure["scene"]["planes"]
    assert left < X.min() <= X.max() < right
    stand = unpacked(line["heights"])
    assert low < stand.min() <= stand.max() < 0 < line["top"] < high


def test_a_spike_is_cut_off_and_nothing_else():
    settings = SETTINGS[-1]
    run = settings.run(settings.data().X)
    assert run.stop_reason == "collapsed"
    top, highest = heights(run)
    assert highest > TALLEST * top
    calm = OneDimension()
    top, highest = heights(calm.run(calm.data().X))
    assert top == highest


def test_the_starts_curves_fit_also_where_later_ones_are_lower():
    settings = OneDimension(means=(1,))
    run = settings.run(settings.data().X)
    top, highest = heights(run)
    assert top == highest == pytest.approx(1 / np.sqrt(2 * np.pi * 5))


def test_a_mean_far_off_does_not_shrink_the_data():
    settings = OneDimension(means=(-8, 8, 1e6))
    X = settings.data().X
    left, right = line_film(X, settings.run(X), 0)["layout"]["xaxis"]["range"]
    assert right - left < 4 * np.ptp(X)


def test_equal_points_stand_one_below_another():
    places = levels(np.array([2.0, 1.0, 2.0, 2.0]), top=2.0)
    assert places[0] == places[1] > places[2] > places[3]


def test_more_equal_points_than_there_is_room_for_share_the_lowest_line():
    places = levels(np.ones(6), top=1.0)
    assert places[:4].tolist() == sorted(set(places), reverse=True)
    assert (places[3:] == places[3]).all()


def test_a_start_of_spikes_is_cut_off_too():
    settings = OneDimension(variances=(1e-6, 1e-6, 1e-6))
    run = settings.run(settings.data().X)
    top, highest = heights(run)
    usual = np.median([heights(replace(run, states=(state,)))[1] for state in run.states])
    assert highest > top == pytest.approx(4 * TALLEST * usual)


def test_a_mean_just_beside_the_data_is_in_the_picture():
    X = OneDimension().data().X
    beyond = float(np.ceil(X.max() + 0.5 * np.ptp(X)))
    settings = OneDimension(means=(-8, 8, beyond))
    left, right = line_film(X, settings.run(X), 0)["layout"]["xaxis"]["range"]
    assert left < X.min() < beyond < right
