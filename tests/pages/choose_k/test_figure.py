"""The map, the curves, and the bare points."""

import json
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from gmmviz.criteria import CRITERIA
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.traces import LINE
from gmmviz.pages.choose_k.figure import (
    CROSS,
    DASHES,
    FAINTEST,
    LABELS_APART,
    MANY,
    STRONGEST,
    SYMBOLS,
    WIDE,
    apart,
    curves_figure,
    grey,
    map_figure,
    points_figure,
    shades,
)
from gmmviz.pages.choose_k.numbers import best, spread
from gmmviz.pages.choose_k.settings import TITLES, ChooseK
from gmmviz.pages.choose_k.words import STAR, difference, written
from gmmviz.settings import Ends
from gmmviz.theme import PALETTE
from tests.pages.choose_k.cells import SMALL, made, refused, small


def drawn(figure):
    go.Figure(figure)
    text = json.dumps(figure)
    assert not any(colour in text for colour in PALETTE)  # no component's colour
    return json.loads(text)


def bars_of(cells, settings=SMALL, N=240, shown=None):
    figure = drawn(map_figure(cells, settings, N, shown))
    (bars,) = figure["data"]
    return bars, figure["layout"]


def test_each_cell_is_a_bar_in_its_place_and_can_be_told_by_what_it_carries():
    cells = small()[1]
    bars, layout = bars_of(cells)
    assert bars["x"] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert bars["customdata"] == [[cell.n_components, cell.covariance_type] for cell in cells]
    middles = [base + height / 2 for base, height in zip(bars["base"], bars["y"], strict=True)]
    assert middles == pytest.approx([1, 0] * 4)
    assert layout["yaxis"]["tickvals"] == [1, 0]
    assert layout["yaxis"]["ticktext"] == [TITLES["full"], TITLES["tied"]]
    assert layout["xaxis"]["range"] == [0.5, 4.5]
    assert bars["selected"] == bars["unselected"] == {"marker": {"opacity": 1}}  # a click fades none


def test_what_is_not_done_has_no_bar():
    cells = small()[1]
    assert len(bars_of(cells[:3])[0]["x"]) == 3
    assert bars_of([])[0]["x"] == []


def test_the_best_has_a_star_and_the_others_their_distance_and_all_their_parameters():
    cells = small()[1]
    first = best(cells, "bic")
    texts = bars_of(cells)[0]["text"]
    for cell, text in zip(cells, texts, strict=True):
        assert f"p = {cell.n_parameters}<" in text
        assert (STAR in text) == (cell is first)
        assert cell is first or text.startswith(difference(cell, first, "bic"))


@pytest.mark.parametrize("by", ["bic", "ari"])
def test_a_hover_says_the_value_and_how_far_it_is_from_the_best(by):
    cells = small()[1]
    first = best(cells, by)
    for cell, text in zip(
        cells, bars_of(cells, replace(SMALL, by=by, colour="truth"))[0]["hovertext"], strict=True
    ):
        far = f"{STAR} the best" if cell is first else f"({difference(cell, first, by)})"
        assert text.startswith(
            f"<b>K = {cell.n_components}, {TITLES[cell.covariance_type].lower()}</b><br>"
            f"{CRITERIA[by].title} {written(cell.value(by), by)} {far}<br>{cell.n_parameters} parameters"
        )


def test_the_ks_along_the_axis_have_room():
    cells = small()[1]
    for high, steps in (
        (6, (1, 1)),
        (10, (1, 1)),
        (11, (1, 2)),
        (16, (1, 2)),
        (17, (2, 2)),
        (20, (2, 2)),
        (30, (2, 5)),
    ):
        settings = replace(SMALL, ks=Ends(1, high))
        ticks = curves_of(cells, settings)[1]["xaxis"]["tickvals"]
        assert (bars_of(cells, settings)[1]["xaxis"]["dtick"], ticks[1] - ticks[0]) == steps
        assert (ticks[0], len(ticks)) == (1, 1 + (high - 1) // steps[1])


def test_many_columns_leave_the_words_to_the_hover():
    cells = small()[1]
    for high, words in ((WIDE, True), (WIDE + 1, False)):
        bars, _ = bars_of(cells, replace(SMALL, ks=Ends(1, high)))
        assert ("p = 5" in bars["text"][0]) == words
        assert STAR in "".join(bars["text"])
        assert "5 parameters" in bars["hovertext"][0]


def test_what_is_not_sound_is_crossed_out_with_the_reason_in_its_hover():
    cells = [made(2, bic=9.0), made(3, kinds=("collapsed",), log_likelihood=9e9, bic=-9e9), refused(4)]
    bars, _ = bars_of(cells, N=3)
    assert bars["marker"]["pattern"]["shape"] == ["", "x", "x"]
    assert (
        bars["marker"]["color"][1:] == [grey(1.0)] * 2
    )  # else the crosses would be as faint as the worst cell
    assert [CROSS in text for text in bars["text"]] == [False, True, True]
    assert STAR in bars["text"][0]
    assert "every start ended in a collapse" in bars["hovertext"][1]
    assert "there are only 3 points" in bars["hovertext"][2]
    assert "none" in bars["hovertext"][2]
    assert "nan" not in json.dumps(bars)
    narrow, _ = bars_of(cells, replace(SMALL, ks=Ends(1, 30)), N=3)
    assert narrow["text"] == [f"<b>{STAR}</b>", CROSS, CROSS]


def test_the_cell_that_is_shown_has_a_frame():
    cells = small()[1]
    bars, _ = bars_of(cells, shown=cells[2])
    widths = bars["marker"]["line"]["width"]
    assert widths[2] == max(widths) > 2
    assert sorted(widths)[-2] < 1
    assert bars["marker"]["line"]["color"][2] == LINE


@pytest.mark.parametrize("by", CRITERIA)
def test_the_better_the_stronger(by):
    cells = small()[1]
    found = shades(cells, by)
    values = np.array([cell.value(by) for cell in cells])
    order = np.argsort(values if CRITERIA[by].lower_is_better else -values, kind="stable")
    assert (np.diff(np.array(found)[order]) <= 0).all()
    assert max(found) == pytest.approx(STRONGEST)
    assert min(found) == pytest.approx(FAINTEST)


def test_shades_of_none_and_of_one():
    assert shades([refused(4)], "bic") == [0.0]
    assert shades([made(2, bic=5.0)], "bic") == [STRONGEST]


@pytest.mark.parametrize(
    ("by", "values"), [("bic", (100.0, 110.0, 1100.0)), ("held_out", (-1.0, -1.1, -11.0))]
)
def test_what_is_ten_worse_is_told_from_what_is_a_thousand_worse(by, values):
    """Held out, a hundredth a point counts as much as 1 does of the others."""
    best, ten, thousand = shades([made(K, **{by: value}) for K, value in enumerate(values, 1)], by)
    assert (best - ten) / (best - thousand) == pytest.approx(np.log(11) / np.log(1001))


# The curves


def curves_of(cells, settings=SMALL, shown=None):
    figure = drawn(curves_figure(cells, settings, shown))
    kinds = {}
    for part in figure["data"]:
        kinds.setdefault(part["name"], []).append(part)
    return kinds, figure["layout"]


@pytest.mark.parametrize("by", ["bic", "held_out"])
def test_there_is_a_line_and_a_band_for_each_type(by):
    cells = small()[1]
    kinds, layout = curves_of(cells, replace(SMALL, by=by))
    for i, name in enumerate(SMALL.types):
        own = [cell for cell in cells if cell.covariance_type == name]
        (line,) = kinds[TITLES[name]]
        np.testing.assert_array_equal(unpacked(line["x"]), [1, 2, 3, 4])
        np.testing.assert_array_equal(unpacked(line["y"]), [cell.value(by) for cell in own])
        assert line["customdata"] == [cell.n_parameters for cell in own]
        assert (line["line"]["dash"], line["marker"]["symbol"]) == (DASHES[name], SYMBOLS[name])
        lows, highs = np.transpose([spread(cell, by) for cell in own])
        np.testing.assert_array_equal(unpacked(kinds["spread"][i]["y"]), [*highs, *lows[::-1]])
        assert (
            line["yhoverformat"] == {"bic": ",.1f", "held_out": ",.6~f"}[by]
        )  # as many digits as tell them apart
    better = {"bic": "BIC (lower is better)", "held_out": "Held-out (higher is better)"}
    assert layout["yaxis"]["title"]["text"] == better[by]


def test_types_differ_in_more_than_colour():
    assert DASHES.keys() == SYMBOLS.keys() == TITLES.keys()
    assert len(set(DASHES.values())) == len(set(SYMBOLS.values())) == len(TITLES)


def test_the_best_and_the_cell_that_is_shown_are_marked():
    cells = small()[1]
    first = best(cells, "bic")
    kinds, _ = curves_of(cells, shown=cells[1])
    star, ring = kinds["marked"]
    assert (star["x"], star["y"]) == ([first.n_components], [first.value("bic")])
    assert star["marker"]["symbol"] == "star"
    assert (ring["x"], ring["y"]) == ([1], [cells[1].value("bic")])
    unsound = made(3, kinds=("collapsed",), bic=-9e9)
    assert len(curves_of([*cells, unsound], shown=unsound)[0]["marked"]) == 1


def test_what_is_not_sound_is_on_no_line():
    cells = [made(1, bic=9.0), made(2, kinds=("collapsed",), bic=-9e9), made(3, bic=7.0), refused(4)]
    kinds, layout = curves_of(cells)
    np.testing.assert_array_equal(unpacked(kinds["Full"][0]["x"]), [1, 3])
    assert layout["yaxis"]["range"][0] > 0


def test_what_is_far_off_does_not_flatten_the_rest_unless_it_is_shown():
    cells = [made(K, bic=value) for K, value in enumerate([9e6, 140.0, 110.0, 100.0, 104.0], 1)]
    settings = ChooseK(types=("full",))
    low, high = curves_of(cells, settings)[1]["yaxis"]["range"]
    assert low < 100
    assert 120 <= high < 200
    assert curves_of(cells, settings, cells[0])[1]["yaxis"]["range"][1] > 9e6
    higher = [made(K, held_out=value) for K, value in enumerate([-99.0, -1.4, -1.1, -1.0, -1.04], 1)]
    low, high = curves_of(higher, replace(settings, by="held_out"))[1]["yaxis"]["range"]
    assert -2 < low < -1.1
    assert high > -1
    close = [made(K, held_out=value) for K, value in enumerate([-1.04, -1.001, -1.0], 1)]
    assert curves_of(close, replace(settings, by="held_out"))[1]["yaxis"]["range"][0] < -1.04  # not far off
    low, high = curves_of(cells[3:4], settings)[1]["yaxis"]["range"]
    assert low < 100 < high  # also where there is one alone


def test_each_line_has_its_name_at_the_last_point_that_is_seen():
    cells = [
        *(made(K, bic=100.0 + K) for K in range(1, 5)),
        *(made(K, "tied", bic=value) for K, value in enumerate([100.0, 100.5, 9e6, 9e7], 1)),
    ]
    _, layout = curves_of(cells)
    names = {note["text"]: (note["x"], note["y"]) for note in layout["annotations"]}
    assert names["Full"] == (4, pytest.approx(104.0))
    assert names["Tied"][0] == 2
    low, high = layout["yaxis"]["range"]
    close = [*cells[:4], *(made(K, "tied", bic=100.01 + K) for K in range(1, 5))]
    _, layout = curves_of(close)
    low, high = layout["yaxis"]["range"]
    one, other = (note["y"] for note in layout["annotations"])
    assert abs(one - other) == pytest.approx(LABELS_APART * (high - low))


def test_places_are_moved_apart_in_their_order_and_no_more_than_need_be():
    assert apart([0.1, 0.9], 0.1) == [0.1, 0.9]
    assert apart([0.5, 0.5, 0.5], 0.1) == pytest.approx([0.4, 0.5, 0.6])
    rng = np.random.default_rng(0)
    for _ in range(100):
        places = rng.random(5)
        moved = np.array(apart(places, 0.1))
        order = np.argsort(places)
        assert (np.diff(moved[order]) >= 0.1 - 1e-9).all()
        assert apart(moved, 0.1) == pytest.approx(moved)
    assert apart([], 0.1) == []


# The points


def test_the_points_are_all_there_and_all_grey():
    dataset = SMALL.data()
    figure = drawn(points_figure(dataset))
    (points,) = figure["data"]
    for name, column, title in zip("xy", dataset.X.T, dataset.columns, strict=True):
        np.testing.assert_allclose(unpacked(points[name]), column, rtol=1e-6)
        axis = figure["layout"][f"{name}axis"]
        assert axis["range"][0] < column.min() < column.max() < axis["range"][1]
        assert axis["title"]["text"] == title
    assert points["marker"]["color"] == LINE
    assert (points["type"], figure["layout"]["yaxis"]["scaleanchor"]) == ("scatter", "x")
    many = ChooseK(n=MANY + 1, dataset="blobs").data()
    assert drawn(points_figure(many))["data"][0]["type"] == "scattergl"
    assert "scaleanchor" not in points_figure(ChooseK(dataset="faithful").data())["layout"]["yaxis"]
