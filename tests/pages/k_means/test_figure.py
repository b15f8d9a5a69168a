"""The film of k-means beside a mixture: what the player needs of both runs; and the figures of the bridge."""

import json
from functools import cache
from itertools import permutations

import numpy as np
import plotly.graph_objects as go
import pytest

from gmmviz.em import e_step, whole
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.scene import MAX_ITERATIONS
from gmmviz.pages.k_means.bridge_figure import agreement_figure, assignments_figure
from gmmviz.pages.k_means.figure import k_means_film
from gmmviz.pages.k_means.numbers import bridge, paired_runs
from gmmviz.pages.k_means.settings import SHARES, KMeans
from gmmviz.theme import PALETTE, rgb


@cache
def shown(it=0, point=None, steps=True, **settings):
    chosen = KMeans(**settings)
    dataset = chosen.data()
    runs = paired_runs(chosen, dataset.X)
    reveal = chosen.colour == "truth"
    return dataset, runs, k_means_film(dataset, runs, point, reveal=reveal, steps=steps, keep=it)


def sides(figure):
    return figure["scene"]["planes"]


# --- The film ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", ["stretched", "faithful"])
def test_points_centres_and_mixtures_are_the_runs_own(dataset):
    dataset, runs, figure = shown(dataset=dataset)
    scene = json.loads(json.dumps(figure))["scene"]
    left, right = scene["planes"]
    np.testing.assert_array_equal(unpacked(scene["clouds"][0]), dataset.X.T)
    np.testing.assert_array_equal(unpacked(left["centres"]), [state.centres for state in runs.kmeans.states])
    np.testing.assert_array_equal(
        unpacked(scene["mixtures"][0]["covariances"]),
        [state.mixture.covariances for state in runs.em.states],
    )
    assert scene["iterations"] == list(range(runs.last + 1))
    assert (left["axes"], left["colour"], right["axes"]) == ("", "clusters", "2")
    assert scene["ends"] == [
        ["k-means", runs.kmeans.states[-1].iteration],
        ["EM", runs.em.states[-1].iteration],
    ]
    go.Figure({name: figure[name] for name in ("data", "layout")})


@pytest.mark.parametrize("steps", [False, True])
def test_halves_or_whole_iterations(steps):
    assert shown(steps=steps)[2]["scene"]["mode"] == ("steps" if steps else "whole")


def test_a_long_run_is_thinned_and_each_side_ends_where_it_ended():
    _, runs, figure = shown(n=100, k=16, tol=0.0, max_iter=700, it=577)
    scene = figure["scene"]
    assert len(scene["iterations"]) == MAX_ITERATIONS
    assert {0, 9, 577, runs.last} <= set(scene["iterations"])
    centres = unpacked(sides(figure)[0]["centres"])
    assert len(centres) < MAX_ITERATIONS
    np.testing.assert_array_equal(centres[-1], runs.kmeans.states[-1].centres)
    means = unpacked(scene["mixtures"][0]["means"])
    at = scene["iterations"].index(577)
    np.testing.assert_array_equal(means[at], runs.em.states[577].mixture.means)
    np.testing.assert_array_equal(means[-1], runs.em.states[-1].mixture.means)


def side_colours(side):
    """The colours of a side's points, one by one."""
    return np.array(side["label_colours"])[unpacked(side["labels"])]


@pytest.mark.parametrize("dataset", ["stretched", "varied", "imbalanced", "blobs"])
def test_the_truth_has_on_each_side_the_colours_of_the_regions_that_match_it(dataset):
    dataset, runs, figure = shown(colour="truth", dataset=dataset)
    answers = runs.kmeans.states[-1].labels, e_step(dataset.X, runs.em.states[-1].mixture)[0].argmax(axis=1)
    palette = np.array([rgb(colour) for colour in PALETTE])
    for side, answer in zip(sides(figure), answers, strict=True):
        assert side["colour"] == "truth"
        np.testing.assert_array_equal(unpacked(side["labels"]), dataset.labels)
        right = (side_colours(side) == palette[answer]).all(axis=1).mean()
        assigned = [np.array(order)[dataset.labels] for order in permutations(range(3))]
        assert right == max((answer == labels).mean() for labels in assigned)


def test_k_means_is_right_where_it_is_though_its_numbers_are_not_the_mixtures():
    """From this start cluster and component of the same number end on different groups."""
    _, runs, figure = shown(colour="truth", dataset="blobs", init_seed=3)
    left, right = map(side_colours, sides(figure))
    palette = np.array([rgb(colour) for colour in PALETTE])
    np.testing.assert_array_equal(left, palette[runs.kmeans.states[-1].labels])
    assert not (left == right).all(axis=1).any()


def test_nobodys_truth_leaves_each_sides_answer():
    assert shown(dataset="faithful", colour="truth")[2] == shown(dataset="faithful")[2]


def test_tied_points_are_sent_and_only_where_there_are_any():
    _, runs, figure = shown(dataset="iris", init="k-means++")
    assert any(len(state.ties) for state in runs.kmeans.states)
    assert sides(figure)[0]["ties"] == [state.ties.tolist() for state in runs.kmeans.states]
    assert "ties" not in sides(shown()[2])[0]


def test_the_point_is_a_star_on_both_sides():
    for side in sides(shown(point=(0.5, -1.0))[2]):
        assert (side["layers"][-1], side["spot"]) == ("spot", [0.5, -1.0])
    for side in sides(shown()[2]):
        assert "spot" not in side["layers"]


# --- The bridge -------------------------------------------------------------------------------------------------------


def test_the_bridges_figures_show_who_differs():
    settings = KMeans(n=200)
    dataset = settings.data()
    runs = paired_runs(settings, dataset.X)
    found = whole(bridge(settings, dataset.X, runs.kmeans))
    curve, here = agreement_figure(np.array(SHARES), found.agreement, 0.2)["data"]
    np.testing.assert_allclose(unpacked(curve["y"]), 100 * found.agreement, rtol=1e-6)
    assert here["x"] == [0.2]
    assert here["y"] == [pytest.approx(100 * found.agreement[2])]
    hard = runs.kmeans.states[-1]
    means = found.runs[0].states[-1].mixture.means
    figure = assignments_figure(dataset, found.labels[0], hard.labels, means, np.array([3]))
    points, rings, tied, numbers = figure["data"]
    assert len(unpacked(points["x"])) == 200
    np.testing.assert_allclose(unpacked(rings["x"]), dataset.X[found.labels[0] != hard.labels, 0], rtol=1e-6)
    np.testing.assert_allclose(unpacked(tied["y"]), dataset.X[[3], 1], rtol=1e-6)
    assert numbers["text"] == ["1", "2", "3"]
    for either in (figure, agreement_figure(np.array(SHARES), found.agreement, 1.0)):
        go.Figure(json.loads(json.dumps(either)))
