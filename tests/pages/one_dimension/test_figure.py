"""The figure of the line: arrays that are the run's own, curves that integrate to their weights, constant traces."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from gmmviz.density import density
from gmmviz.em import Mixture, e_step
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.codes import belonging_codes
from gmmviz.figures.frames import MAX_FRAMES
from gmmviz.pages.one_dimension.figure import TALLEST, curves, heights, levels, line_film
from gmmviz.pages.one_dimension.numbers import e_step_table
from gmmviz.pages.one_dimension.settings import EXAMPLES, OneDimension

SETTINGS = [
    *(OneDimension(name) for name in EXAMPLES),
    OneDimension(variances=(25, 9, 1)),
    OneDimension(means=(0,)),
    OneDimension(means=(1, 2, 3, 4, 5, 6)),
    OneDimension(tol=0.0, max_iter=150),
    OneDimension("own", points=(1, 1, 1, 2, 2, 5, 6, 7, 7, 7, 20)),  # collapses
]
POINTS, TOTAL, FIRST = 0, 1, 2


@pytest.fixture(params=SETTINGS, ids=lambda settings: str(settings.to_query()))
def drawn(request):
    X = request.param.data().X
    run = request.param.run(X)
    return X, run, request.param.k, line_film(X, run, row=1, keep=7)


def f4(values):
    return np.asarray(values, dtype=np.float32)


def frames_of(figure, run):
    """Each frame's updates by trace, with its state."""
    for frame, t in zip(figure["frames"], figure["layout"]["meta"]["iterations"], strict=True):
        yield dict(zip(frame["traces"], frame["data"], strict=True)), run.states[t]


def test_it_is_a_valid_figure_of_constant_traces(drawn):
    _, run, K, figure = drawn
    go.Figure(json.loads(json.dumps(figure)))
    assert len(figure["data"]) == K + 7
    names = [trace["name"] for trace in figure["data"]]
    assert names[:2] == ["points", "their sum"]
    assert names[2 + K :] == ["marked point", "its densities", "means", "log-likelihood", "iteration shown"]
    moving = [*range(K + 5), K + 6]
    assert all(frame["traces"] == moving for frame in figure["frames"])
    assert all("x" not in frame["data"][POINTS] for frame in figure["frames"])
    iterations = figure["layout"]["meta"]["iterations"]
    assert len(figure["frames"]) == min(len(run.states), MAX_FRAMES)
    assert (iterations[0], iterations[-1]) == (0, len(run.states) - 1)
    assert min(7, len(run.states) - 1) in iterations
    assert [frame["name"] for frame in figure["frames"]] == list(map(str, iterations))


def test_the_figure_stands_at_its_first_frame(drawn):
    *_, figure = drawn
    for i, update in zip(figure["frames"][0]["traces"], figure["frames"][0]["data"], strict=True):
        for name, value in update.items():
            assert value == (
                figure["data"][i][name] if name != "marker" else {"color": figure["data"][i][name]["color"]}
            )


def test_points_have_their_places_and_colours(drawn):
    X, run, K, figure = drawn
    points = figure["data"][POINTS]
    np.testing.assert_array_equal(unpacked(points["x"]), f4(X[:, 0]))
    assert (unpacked(points["y"]) < 0).all()
    assert points["text"] == [str(n + 1) for n in range(len(X))]
    assert points["meta"]["n_components"] == K
    for updates, state in frames_of(figure, run):
        codes = unpacked(updates[POINTS]["marker"]["color"])
        np.testing.assert_array_equal(codes, belonging_codes(e_step(X, state.mixture)[0]))


def test_curves_integrate_to_their_weights_and_their_sum_to_1(drawn):
    *_, run, K, figure = drawn
    for updates, state in frames_of(figure, run):
        for k in range(K):
            x, y = curves(state.mixture)
            drawn_x, drawn_y = (unpacked(updates[FIRST + k][axis]) for axis in "xy")
            np.testing.assert_array_equal(drawn_x, f4(x[k]))
            np.testing.assert_array_equal(drawn_y, f4(y[k]))
            assert np.trapezoid(y[k], x[k]) == pytest.approx(state.mixture.weights[k], rel=1e-5)
        x, y = (unpacked(updates[TOTAL][axis]) for axis in "xy")
        everywhere = np.sort(curves(state.mixture)[0], axis=None)
        total = density(everywhere[:, None], state.mixture)
        np.testing.assert_array_equal(x, f4(everywhere))
        np.testing.assert_array_equal(y, f4(total))
        if state.mixture.covariances.min() > 1e-20:  # else x has too few digits for so thin a spike
            assert np.trapezoid(total, everywhere) == pytest.approx(1, abs=2e-3)


def test_curve_is_the_weighted_gaussian():
    mixture = Mixture([0.25, 0.75], [[1.0], [-2.0]], [[[4.0]], [[0.01]]])
    x, y = curves(mixture)
    for k in range(2):
        np.testing.assert_allclose(e_step_table(x[k][:, None], mixture).densities[:, k], y[k], rtol=1e-9)


def test_the_marked_point_has_its_row_of_the_table(drawn):
    X, run, K, figure = drawn
    line, marks = figure["data"][K + 2], figure["data"][K + 3]
    assert set(line["x"]) == set(marks["x"]) == {X[1, 0]}
    assert line["y"][0] == pytest.approx(unpacked(figure["data"][POINTS]["y"])[1])
    for updates, state in frames_of(figure, run):
        table = e_step_table(X[1:2], state.mixture)
        np.testing.assert_allclose(updates[K + 3]["y"], [*table.densities[0], table.total[0]], atol=1e-300)


def test_means_and_marker_are_the_runs(drawn):
    _, run, K, figure = drawn
    top = figure["layout"]["yaxis"]["range"][1]
    for updates, state in frames_of(figure, run):
        assert updates[K + 4]["x"] == state.mixture.means[:, 0].tolist()
        assert max(updates[K + 4]["y"]) < top
        assert updates[K + 6] == {"x": [state.iteration], "y": [state.log_likelihood]}
    np.testing.assert_array_equal(
        unpacked(figure["data"][K + 5]["y"]), [state.log_likelihood for state in run.states]
    )


def test_all_points_are_in_the_picture(drawn):
    X, _, _, figure = drawn
    (left, right), (low, high) = figure["layout"]["meta"]["extent"]
    assert left < X.min() <= X.max() < right
    assert low < unpacked(figure["data"][POINTS]["y"]).min() < 0 < high


def test_a_spike_is_cut_off_and_nothing_else():
    settings = SETTINGS[-1]
    run = settings.run(settings.data().X)
    assert run.stop_reason == "collapsed"
    top, highest = heights(run)
    assert highest > TALLEST * top
    calm = OneDimension()
    top, highest = heights(calm.run(calm.data().X))
    assert top == highest


def test_a_mean_far_off_does_not_shrink_the_data():
    settings = OneDimension(means=(-8, 8, 1e6))
    X = settings.data().X
    left, right = line_film(X, settings.run(X), 0)["layout"]["xaxis"]["range"]
    assert right - left < 4 * np.ptp(X)


def test_equal_points_stand_one_below_another():
    places = levels(np.array([2.0, 1.0, 2.0, 2.0]), top=2.0)
    assert places[0] == places[1] > places[2] > places[3]
