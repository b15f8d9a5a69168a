"""True labels beside predicted labels: every point twice, once in its true group and once in its component."""

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.em import e_step
from gmmviz.figures.arrays import unpacked
from gmmviz.geometry import extent, subsample
from gmmviz.pages.explorer.figure import SYMBOLS, labels_figure
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.theme import PALETTE

labelled = ["blobs", "varied", "stretched", "imbalanced", "moons", "circles", "tutorial-five", "iris"]
experiments = st.builds(
    Explorer,
    dataset=st.sampled_from(labelled),
    n=st.sampled_from([20, 80]),
    k=st.sampled_from([1, 2, 3, 5, 16]),
    max_iter=st.sampled_from([1, 15]),
)


def drawn(experiment):
    dataset = experiment.data()
    mixture = experiment.run(dataset.X).states[-1].mixture
    return dataset, mixture, labels_figure(dataset, mixture)


def groups(figure, xaxis):
    """Name -> points (n, 2) of one of the two planes, and name -> (colour, symbol)."""
    traces = [trace for trace in figure["data"] if trace["xaxis"] == xaxis]
    points = {t["name"]: np.column_stack([unpacked(t["x"]), unpacked(t["y"])]) for t in traces}
    return points, {t["name"]: (t["marker"]["color"], t["marker"]["symbol"]) for t in traces}


@given(experiments)
def test_left_are_the_true_groups_and_right_the_most_probable_components(experiment):
    dataset, mixture, figure = drawn(experiment)
    X, predicted = dataset.X.astype(np.float32), e_step(dataset.X, mixture)[0].argmax(axis=1)
    sides = (("x", dataset.labels, "true group"), ("x2", predicted, "component"))
    for xaxis, labels, word in sides:
        points, looks = groups(figure, xaxis)
        assert list(points) == [f"{word} {g + 1}" for g in np.unique(labels)]
        for g in np.unique(labels):
            np.testing.assert_array_equal(points[f"{word} {g + 1}"], X[labels == g])
        assert len(set(looks.values())) == len(looks)
    _, looks = groups(figure, "x2")
    assert looks == {
        f"component {k + 1}": (PALETTE[k], SYMBOLS[k % len(SYMBOLS)]) for k in np.unique(predicted)
    }


def test_a_true_group_has_the_look_of_the_component_it_shares_most_points_with():
    dataset, mixture, figure = drawn(Explorer(n=300, k=3, init="k-means"))
    predicted = e_step(dataset.X, mixture)[0].argmax(axis=1)
    (_, true), (_, components) = groups(figure, "x"), groups(figure, "x2")
    for group in range(3):
        partner = np.bincount(predicted[dataset.labels == group]).argmax()
        assert true[f"true group {group + 1}"] == components[f"component {partner + 1}"]


@pytest.mark.parametrize("name", labelled)
def test_both_planes_move_together_and_plotly_takes_them(name):
    dataset, _, figure = drawn(Explorer(dataset=name, n=50, max_iter=3))
    layout = figure["layout"]
    assert (layout["xaxis2"]["matches"], layout["yaxis2"]["matches"]) == ("x", "y")
    assert [layout["xaxis"]["range"], layout["yaxis"]["range"]] == extent(dataset.X)
    assert layout["yaxis"]["scaleanchor"] == "x"
    assert [note["text"] for note in layout["annotations"]] == ["True labels", "Predicted labels"]
    assert {trace["yaxis"] for trace in figure["data"] if trace["xaxis"] == "x2"} == {"y2"}
    assert len(go.Figure(figure).data) == len(figure["data"])


def test_more_points_than_can_be_drawn_are_the_films_own_subsample():
    dataset, mixture, figure = drawn(Explorer(n=2500, max_iter=1))
    rows = subsample(2500)
    X, predicted = dataset.X[rows], e_step(dataset.X, mixture)[0][rows].argmax(axis=1)
    for xaxis, labels in (("x", dataset.labels[rows]), ("x2", predicted)):
        points = list(groups(figure, xaxis)[0].values())
        expected = [X[labels == group].astype(np.float32) for group in np.unique(labels)]
        np.testing.assert_array_equal(np.concatenate(points), np.concatenate(expected))
