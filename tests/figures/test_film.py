"""The film's figure: traces that stay the same, and arrays that are the run's own."""

import itertools
from functools import cache

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gmmviz.datasets import READY
from gmmviz.em import Run, e_step
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.codes import HOVER, belonging, belonging_codes, code_steps, label_colours
from gmmviz.figures.film import HOVER_UNASSIGNED, View, film, framed, shots
from gmmviz.figures.frames import MAX_FRAMES
from gmmviz.geometry import ellipse_rings, subsample
from gmmviz.pages.explorer.settings import COLOURS, Explorer
from gmmviz.theme import GREY, PALETTE

MARKER, MEANS, CURVE, PATHS = -1, -3, -2, -4
SETTINGS = Explorer.table()

runs = st.builds(
    Explorer,
    dataset=st.sampled_from(READY),
    n=st.sampled_from([20, 60]),
    k=st.sampled_from([1, 2, 3, 5, 16]),
    covariance=st.sampled_from(list(SETTINGS["covariance"].choices)),
    init=st.sampled_from(list(SETTINGS["init"].choices)),
    floor=st.sampled_from([0.0, 1e-6]),
    max_iter=st.sampled_from([1, 4, 30]),
)
colours = st.sampled_from(list(COLOURS))


@cache
def ran(experiment):
    dataset = experiment.data()
    return dataset, experiment.run(dataset.X)


def views(K):
    settings = st.tuples(colours, st.integers(0, K - 1), st.booleans())
    return settings.map(lambda values: View(*values))


@cache
def long_run():
    return ran(Explorer(n=60, noise=3.0, k=4, tol=0.0, max_iter=230))


def f4(values):
    return np.asarray(values, dtype=np.float32)


def iterations_of(figure):
    """The iteration whose mixture each frame draws, which its name says."""
    return [int(frame["name"].rstrip("EM")) for frame in figure["frames"]]


# Which frames


@pytest.mark.parametrize("steps", [False, True])
@pytest.mark.parametrize("it", [0, 57, 113, 230])
def test_a_long_film_has_at_most_100_frames_with_the_iteration_asked_for(steps, it):
    _, run = long_run()
    found = shots(run, View(steps=steps), it)
    assert 90 < len(found) <= MAX_FRAMES
    assert it in [shot.drawn.iteration for shot in found]
    assert found[-1].drawn is run.states[-1]
    assert len({shot.name for shot in found}) == len(found)


def test_the_curve_of_a_thinned_film_shows_every_iteration():
    dataset, run = long_run()
    figure = film(dataset, run)
    assert len(figure["frames"]) == MAX_FRAMES < len(run.states)
    assert len(unpacked(figure["data"][CURVE]["y"])) == len(run.states) == 231


# What every film has in common


@given(runs, st.data())
def test_traces_are_the_same_over_all_frames(experiment, data):
    dataset, run = ran(experiment)
    K = experiment.k
    figure = film(dataset, run, data.draw(views(K)))
    names = [trace["name"] for trace in figure["data"]]
    ellipses = [f"component {k + 1}" for k in range(K)]
    assert names == ["points", *ellipses, "paths of the means", "means", "log-likelihood", "iteration shown"]
    assert {trace["type"] for trace in figure["data"]} == {"scatter"}
    first = figure["frames"][0]
    for frame in figure["frames"]:
        assert frame["traces"] == first["traces"]
        assert len(frame["data"]) == len(frame["traces"]) == len(set(frame["traces"]))
        assert set(frame["traces"]) <= set(range(len(names)))
        assert [update.keys() for update in frame["data"]] == [update.keys() for update in first["data"]]
        assert not {"x", "y", "type", "name"} & frame["data"][0].keys()  # the points never move
    assert len(figure["layout"]["meta"]["labels"]) == len(figure["frames"])
    assert len({frame["name"] for frame in figure["frames"]}) == len(figure["frames"])


@given(runs, st.data())
def test_the_figure_opens_at_its_first_frame(experiment, data):
    dataset, run = ran(experiment)
    figure = film(dataset, run, data.draw(views(experiment.k)))
    first = figure["frames"][0]
    for i, update in zip(first["traces"], first["data"], strict=True):
        trace = figure["data"][i]
        assert {name: trace[name] for name in update if name != "marker"} == {
            name: value for name, value in update.items() if name != "marker"
        }
        assert update.get("marker", {}).items() <= trace.get("marker", {}).items()
        assert i != 0 or "size" in trace["marker"]


@given(runs, st.data())
def test_gaussians_marker_and_curve_are_the_runs_own(experiment, data):
    dataset, run = ran(experiment)
    K = experiment.k
    figure = film(dataset, run, data.draw(views(K)))
    for frame, t in zip(figure["frames"], iterations_of(figure), strict=True):
        state, update = run.states[t], dict(zip(frame["traces"], frame["data"], strict=True))
        rings = ellipse_rings(f4(state.mixture.means), state.mixture.covariances)
        for k in range(K):
            np.testing.assert_array_equal(unpacked(update[1 + k]["x"]), f4(rings[k, :, 0]))
            np.testing.assert_array_equal(unpacked(update[1 + k]["y"]), f4(rings[k, :, 1]))
        weights = state.mixture.weights
        opacities = np.array([update[1 + k]["opacity"] for k in range(K)])
        np.testing.assert_allclose(opacities, 0.3 + 0.7 * np.sqrt(np.minimum(1, K * weights)), atol=6e-4)
        np.testing.assert_array_equal(f4(update[K + 2]["x"]), f4(state.mixture.means[:, 0]))
        np.testing.assert_array_equal(f4(update[K + 2]["y"]), f4(state.mixture.means[:, 1]))
        assert update[K + 4] == {"x": [t], "y": [state.log_likelihood]}
    curve = figure["data"][CURVE]
    np.testing.assert_array_equal(unpacked(curve["x"]), np.arange(len(run.states)))
    np.testing.assert_array_equal(unpacked(curve["y"]), [state.log_likelihood for state in run.states])
    assert len(curve["text"]) == len(run.states)
    assert figure["data"][MEANS]["text"] == [str(k + 1) for k in range(K)]
    assert [figure["data"][1 + k]["line"]["color"] for k in range(K)] == PALETTE[:K]


@given(runs, st.booleans())
def test_points_and_their_codes_are_the_e_steps(experiment, faded):
    dataset, run = ran(experiment)
    figure = film(dataset, run, View("responsibility" if faded else "component"))
    points = figure["data"][0]
    np.testing.assert_array_equal(unpacked(points["x"]), f4(dataset.X[:, 0]))
    np.testing.assert_array_equal(unpacked(points["y"]), f4(dataset.X[:, 1]))
    assert (points["marker"]["cmin"], points["marker"]["cmax"]) == (
        0,
        experiment.k * code_steps(experiment.k),
    )
    for frame, t in zip(figure["frames"], iterations_of(figure), strict=True):
        R = e_step(dataset.X, run.states[t].mixture)[0]
        component, sure = belonging(unpacked(frame["data"][0]["marker"]["color"]), experiment.k)
        np.testing.assert_array_equal(component, R.argmax(axis=1))
        np.testing.assert_allclose(sure, R.max(axis=1), rtol=0, atol=1 / (code_steps(experiment.k) - 1))
        hover = unpacked(frame["data"][0]["customdata"])
        np.testing.assert_array_equal(hover, f4(np.column_stack([component + 1, sure])))


@given(runs, st.data())
def test_membership_is_one_components_responsibility(experiment, data):
    dataset, run = ran(experiment)
    member = data.draw(st.integers(0, experiment.k - 1))
    figure = film(dataset, run, View("membership", member))
    marker = figure["data"][0]["marker"]
    assert marker["showscale"]
    assert (marker["cmin"], marker["cmax"], marker["colorscale"]) == (
        0,
        255,
        [[0, GREY], [1, PALETTE[member]]],
    )
    assert str(member + 1) in marker["colorbar"]["title"]["text"]
    for frame, t in zip(figure["frames"], iterations_of(figure), strict=True):
        R = e_step(dataset.X, run.states[t].mixture)[0]
        share = unpacked(frame["data"][0]["marker"]["color"]) / 255
        np.testing.assert_allclose(share, R[:, member], rtol=0, atol=0.501 / 255)


@pytest.mark.parametrize("dataset_name", ["blobs", "moons", "tutorial-five"])
@pytest.mark.parametrize("k", [1, 3, 16])
def test_true_labels_keep_their_colours_over_the_film(dataset_name, k):
    dataset, run = ran(Explorer(dataset=dataset_name, n=90, k=k, max_iter=20))
    figure = film(dataset, run, View("truth"))
    marker = figure["data"][0]["marker"]
    np.testing.assert_array_equal(unpacked(marker["color"]), dataset.labels)
    assert all("marker" not in frame["data"][0] for frame in figure["frames"])
    L = dataset.labels.max() + 1
    shown = [colour for _, colour in marker["colorscale"]]
    numbers = label_colours(dataset.labels, e_step(dataset.X, run.states[-1].mixture)[0])
    assert shown == [PALETTE[n] for n in numbers]
    assert len(set(shown)) == L
    assert (marker["cmin"], marker["cmax"]) == (0, L - 1)


@pytest.mark.parametrize("steps", [False, True])
def test_points_without_true_labels_keep_the_colours_of_their_responsibilities(steps):
    dataset, run = ran(Explorer(dataset="faithful", k=2, max_iter=5))
    assert film(dataset, run, View("truth", steps=steps)) == film(dataset, run, View(steps=steps))


@given(runs, st.data())
@settings(max_examples=10)
def test_plotly_takes_the_complete_figure(experiment, data):
    dataset, run = ran(experiment)
    figure = film(dataset, run, data.draw(views(experiment.k)))
    assert len(go.Figure(figure).frames) == len(figure["frames"])


def test_more_points_than_can_be_drawn_are_a_fixed_subsample_of_the_whole_run():
    dataset, run = ran(Explorer(n=2500, max_iter=2))
    figure = film(dataset, run)
    rows = subsample(2500)
    np.testing.assert_array_equal(unpacked(figure["data"][0]["x"]), f4(dataset.X[rows, 0]))
    assert figure["layout"]["meta"]["extent"] == framed(dataset.X, run)
    R = e_step(dataset.X, run.states[-1].mixture)[0][rows]
    last = unpacked(figure["frames"][-1]["data"][0]["marker"]["color"])
    np.testing.assert_array_equal(belonging(last, 3)[0], R.argmax(axis=1))
    truth = film(dataset, run, View("truth"))["data"][0]["marker"]["color"]
    np.testing.assert_array_equal(unpacked(truth), dataset.labels[rows])


@pytest.mark.parametrize("name", ["blobs", "iris", "faithful"])
def test_axes_are_equal_where_the_columns_share_a_scale(name):
    dataset, run = ran(Explorer(dataset=name, max_iter=2))
    layout = film(dataset, run)["layout"]
    assert layout["meta"]["equal"] == ("scaleanchor" in layout["yaxis"]) == (name != "faithful")
    titles = (layout["xaxis"]["title"]["text"], layout["yaxis"]["title"]["text"])
    assert titles == dataset.columns


@pytest.mark.parametrize("tol", [0.0, 1e-6])
def test_a_fall_of_the_log_likelihood_is_marked_where_it_begins(tol):
    dataset, run = ran(Explorer(n=60, data_seed=170, floor=0.1, tol=tol, init="scattered", max_iter=12))
    falls = [event.iteration for event in run.events if event.kind == "decreased"]
    assert len(falls) > (tol == 0)
    state = run.states[min(falls[0], len(run.states) - 1)]
    marks = film(dataset, run)["layout"]["annotations"]
    assert [(mark["x"], mark["y"]) for mark in marks] == [(state.iteration, state.log_likelihood)]


# E- and M-steps


@given(runs, st.sampled_from(["responsibility", "component", "membership"]))
def test_an_e_frame_changes_only_colours_and_an_m_frame_only_gaussians(experiment, colour):
    dataset, run = ran(experiment)
    figure = film(dataset, run, View(colour, steps=True))
    frames = figure["frames"]
    last = run.states[-1].iteration
    names = ["0", *(name for t in range(last) for name in (f"{t}E", f"{t + 1}M"))]
    assert [frame["name"] for frame in frames] == names
    for before, frame in itertools.pairwise(frames):
        points, gaussians = frame["data"][0], frame["data"][1:]
        if frame["name"].endswith("E"):
            paths = experiment.k  # which go on to be drawn through every frame
            assert [*gaussians[:paths], *gaussians[paths + 1 :]] == [
                *before["data"][1 : paths + 1],
                *before["data"][paths + 2 :],
            ]
            state = run.states[int(frame["name"][:-1])]
            R = e_step(dataset.X, state.mixture)[0]
            expected = np.rint(255 * R[:, 0]) if colour == "membership" else belonging_codes(R)
            np.testing.assert_array_equal(unpacked(points["marker"]["color"]), expected)
        else:
            assert points == before["data"][0]
            t = int(frame["name"][:-1])
            assert gaussians[-1] == {"x": [t], "y": [run.states[t].log_likelihood]}


@pytest.mark.parametrize("colour", ["responsibility", "component", "membership"])
@pytest.mark.parametrize("k", [1, 2, 16])
def test_before_the_first_e_step_every_point_is_grey(colour, k):
    dataset, run = ran(Explorer(n=60, k=k, max_iter=3))
    figure = film(dataset, run, View(colour, steps=True))
    marker = figure["data"][0]["marker"]
    assert not unpacked(marker["color"]).any()
    assert marker["cmin"] == 0
    assert marker["colorscale"][0] == [0.0, GREY]
    hovers = [frame["data"][0]["hovertemplate"] for frame in figure["frames"]]
    assert hovers == [HOVER_UNASSIGNED] + [HOVER] * (len(hovers) - 1)


def test_a_run_that_ended_at_its_start_is_a_film_of_one_frame():
    dataset, run = ran(Explorer(n=60, max_iter=1))
    run = Run(run.states[:1], "collapsed", ())
    for steps in (False, True):
        assert len(film(dataset, run, View(steps=steps))["frames"]) == 1
