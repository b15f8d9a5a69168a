"""The film of several runs: each panel has its own run, and all have one plot."""

import json
from functools import cache

import numpy as np
import plotly.graph_objects as go
import pytest

from gmmviz.figures.arrays import unpacked
from gmmviz.figures.scene import MAX_ITERATIONS
from gmmviz.pages.compare.figure import compare_film, labelled
from gmmviz.pages.compare.numbers import Fitted, numbered
from gmmviz.pages.compare.settings import VARIED, Compare
from gmmviz.theme import PALETTE, rgb


@cache
def fits_of(**settings):
    panels = Compare(**settings).panels()
    datasets = {}
    for panel in panels:
        datasets.setdefault(repr(panel.experiment.reduced_to("data")), panel.experiment.data())
    data = [datasets[repr(panel.experiment.reduced_to("data"))] for panel in panels]
    runs = [panel.experiment.run(one.X) for panel, one in zip(panels, data, strict=True)]
    numbers = numbered(data[0].X, [run.states[-1].mixture for run in runs])
    return [Fitted(*found) for found in zip(panels, data, runs, numbers, strict=True)]


@pytest.mark.parametrize("vary", VARIED)
def test_each_panel_plays_its_own_run_until_it_ends(vary):
    fits = fits_of(vary=vary, n=60, max_iter=40)
    scene = json.loads(json.dumps(compare_film(fits)))["scene"]
    last = max(fitted.run.states[-1].iteration for fitted in fits)
    assert scene["iterations"] == list(range(last + 1))
    for fitted, plane in zip(fits, scene["planes"], strict=True):
        np.testing.assert_array_equal(unpacked(scene["clouds"][plane["cloud"]]), fitted.dataset.X.T)
        means = unpacked(scene["mixtures"][plane["mixtures"]]["means"])
        np.testing.assert_array_equal(means, [state.mixture.means for state in fitted.run.states])
        assert plane["numbers"] == list(fitted.numbers)
        assert plane["palette"] == [list(rgb(PALETTE[number - 1])) for number in fitted.numbers]
        assert f" at {fitted.run.states[-1].iteration}" in plane["ending"]
    assert len(scene["clouds"]) == (len(fits) if vary in ("n", "noise") else 1)


def test_all_log_likelihoods_stand_in_one_plot_with_a_marker_each():
    fits = fits_of(n=60, max_iter=40)
    figure = compare_film(fits)
    go.Figure({name: figure[name] for name in ("data", "layout")})
    assert [curve["axes"] for curve in figure["scene"]["curves"]] == ["2"] * 4
    for fitted, curve in zip(fits, figure["scene"]["curves"], strict=True):
        (trace,) = (trace for trace in figure["data"] if trace["name"] == curve["trace"])
        np.testing.assert_array_equal(
            unpacked(trace["y"]), [state.log_likelihood for state in fitted.run.states]
        )
    dashes = [trace["line"]["dash"] for trace in figure["data"] if "line" in trace]
    assert len(set(dashes)) == 4


def test_over_different_numbers_of_points_the_curves_are_per_point():
    fits = fits_of(vary="n", max_iter=10)
    figure = compare_film(fits)
    assert figure["layout"]["yaxis2"]["title"]["text"] == "Log-likelihood per point"
    trace = next(trace for trace in figure["data"] if trace["name"] == "log-likelihood A")
    assert unpacked(trace["y"])[-1] == fits[0].run.states[-1].log_likelihood / len(fits[0].dataset.X)


def test_a_long_comparison_is_thinned_and_each_panel_ends_where_it_ended():
    fits = fits_of(vary="tol", values=("0.001", "0"), n=60, max_iter=700)
    scene = compare_film(fits, keep=555)["scene"]
    assert len(scene["iterations"]) == MAX_ITERATIONS
    assert 555 in scene["iterations"]
    for fitted, history in zip(fits, scene["mixtures"], strict=True):
        np.testing.assert_array_equal(unpacked(history["means"])[-1], fitted.mixture.means)


def test_the_truth_has_the_colours_of_the_numbers_that_match_it():
    fits = fits_of(n=90)
    for fitted, plane in zip(fits, compare_film(fits, reveal=True)["scene"]["planes"], strict=True):
        assert plane["colour"] == "truth"
        np.testing.assert_array_equal(unpacked(plane["labels"]), fitted.dataset.labels)


@pytest.mark.parametrize("steps", [False, True])
def test_halves_or_whole_iterations(steps):
    film = compare_film(fits_of(n=60, max_iter=5), steps=steps)
    assert film["scene"]["mode"] == ("steps" if steps else "whole")


def test_labels_far_apart_stand_alone():
    assert labelled("AB", [(0, 0.0), (9, 9.0)], [10, 10]) == [("A", 0, 0.0), ("B", 9, 9.0)]


def test_labels_at_one_place_but_different_heights_stand_alone():
    assert len(labelled("AB", [(9, 0.0), (9, 9.0)], [10, 10])) == 2


def test_all_planes_show_the_same_part_and_keep_one_unit_only_where_all_share_one():
    layout = compare_film(fits_of(n=60, max_iter=5))["layout"]
    for axes in layout["meta"]["planes"][1:]:
        assert layout[f"xaxis{axes}"]["matches"] == "x"
        assert layout[f"yaxis{axes}"]["matches"] == "y"
    assert layout["meta"]["equal"] is True
    mixed = fits_of(values=("full", "tied"), n=60, max_iter=5, extra=("dataset=faithful",))
    assert compare_film(mixed)["layout"]["meta"]["equal"] is False
