"""layout.js: planes with equal axes, curves beside or under them, and nothing that lies over anything else."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gmmviz.figures.curve import curve_axes
from tests.ui.modules.films import as_sent, collapsing, dense, explored, lined, paired

NARROW = 640
TICKS = {"left": 48, "bottom": 26, "heading": 26, "name": 20}  # px that labels take
BAR = 44  # the controls' height

# --- Equal axes -------------------------------------------------------------------------------------------------------

sides = st.tuples(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3)).map(lambda side: [side[0], side[0] + side[1]])
pixels = st.integers(50, 2000)


def assert_fits(ranges, box, width, height):
    """One unit is as long across as up; the box stands in the middle, and touches two sides."""
    units = [np.ptp(shown) / size for shown, size in zip(ranges, (width, height), strict=True)]
    assert units[0] == pytest.approx(units[1], rel=1e-9)
    for shown, side in zip(ranges, box, strict=True):
        scale = np.abs(shown).max()
        assert np.mean(shown) == pytest.approx(np.mean(side), abs=1e-9 * scale)
        assert shown[0] <= side[0] + 1e-9 * scale
        assert side[1] - 1e-9 * scale <= shown[1]
    tight = [np.ptp(shown) / np.ptp(side) for shown, side in zip(ranges, box, strict=True)]
    assert min(tight) == pytest.approx(1, rel=1e-6)


@given(sides, sides, pixels, pixels)
def test_equal_axes_show_the_whole_box_in_the_middle(run_js, across, up, width, height):
    box = [across, up]
    assert_fits(run_js("return layout.fitted(...given)", [box, width, height]), box, width, height)


def test_where_one_draws_no_number_at_an_axis_end_moves_the_plane(run_js):
    figure = explored().figure
    for board, expected in ((None, True), ({"dots": ""}, "left")):
        layout, *_ = arranged(run_js, figure, 900, board=board)
        assert {layout[axis]["automargin"] for axis in ("yaxis", "yaxis2")} == {expected}


# --- A figure at a size -----------------------------------------------------------------------------------------------

ARRANGE = """const { figure, shown, margins } = given, before = JSON.stringify(figure);
const narrow = shown.width < layout.NARROW;
const heights = layout.narrowHeights(figure.layout.meta, { ...shown, heading: figure.layout.meta.planes.length > 1 });
if (narrow) shown.height = heights.height;
const traces = figure.data.map((trace) => ({ ...trace })); // as figure.js does
const arranged = layout.arranged(figure.layout, traces, shown, margins ?? undefined);
if (JSON.stringify(figure) !== before) throw new Error("the figure that was given has changed");
return [arranged, traces, heights];"""
SHOWN = {"zoom": None, "run": "this run", "spots": False, "aside": 120, "bar": BAR + 6, "room": 700}


def arranged(run_js, figure, width, height=600, margins=None, **shown):
    """The layout at a size, the traces, and the heights of a narrow figure, which decide its height."""
    figure = {name: figure[name] for name in ("data", "layout")}
    shown = SHOWN | {"width": width, "height": height} | shown
    return run_js(ARRANGE, {"figure": figure, "shown": shown, "margins": margins})


def layout_of(run_js, figure, width, height=600, **shown):
    return arranged(run_js, figure, width, height, **shown)[0]


class Box:
    """Where the plot of some axes stands in the figure, in px."""

    def __init__(self, layout, axes):
        margin = layout["margin"]
        width = layout["width"] - margin["l"] - margin["r"]
        height = layout["height"] - margin["t"] - margin["b"]
        self.left, self.right = (margin["l"] + width * part for part in layout[f"xaxis{axes}"]["domain"])
        self.bottom, self.top = (
            margin["t"] + height * (1 - part) for part in layout[f"yaxis{axes}"]["domain"]
        )
        self.width, self.height = self.right - self.left, self.bottom - self.top

    def around(self, left=0, bottom=0, top=0):
        """The box with what is written around it."""
        found = object.__new__(Box)
        found.left, found.right = self.left - left, self.right
        found.top, found.bottom = self.top - top, self.bottom + bottom
        return found

    def overlaps(self, other):
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0.01 and down > 0.01


def boxes_of(layout):
    """Planes and curves."""
    meta = layout["meta"]
    return [[Box(layout, axes) for axes in meta[kind]] for kind in ("planes", "side")]


def made_of(planes, curves):
    """A figure of so many planes and curves, from real ones."""
    base = (explored() if planes == 1 else dense()).figure["layout"]
    layout = {name: value for name, value in base.items() if name not in ("xaxis3", "yaxis3")}
    if planes == 1:
        layout = {name: value for name, value in layout.items() if name not in ("xaxis2", "yaxis2")}
    side = [str(5 + i) for i in range(curves)]
    for axes in side:
        x, y = curve_axes(explored().run).values()
        layout |= {f"xaxis{axes}": x | {"anchor": f"y{axes}"}, f"yaxis{axes}": y | {"anchor": f"x{axes}"}}
    layout["meta"] = layout["meta"] | {"side": side}
    return as_sent({"data": [], "layout": layout})


FIGURES = {"explorer": explored, "collapse": collapsing, "density": dense, "line": lined, "k-means": paired}
EQUAL = ["explorer", "collapse", "density", "k-means"]


def figure_of(name):
    return FIGURES[name]().figure


# --- What shows which part of the data --------------------------------------------------------------------------------


def assert_planes_fit(layout, box):
    for axes, plane in zip(layout["meta"]["planes"], boxes_of(layout)[0], strict=True):
        ranges = [layout[f"{axis}axis{axes}"]["range"] for axis in "xy"]
        assert_fits(ranges, box, plane.width, plane.height)


@pytest.mark.parametrize(
    ("width", "height", "zoom"),
    [(1200, 500, None), (640, 700, [[0, 1], [2, 9]]), (639, 640, None), (300, 640, [[-3, 4], [0, 1]])],
)
@pytest.mark.parametrize("name", EQUAL)
def test_planes_keep_equal_axes_at_any_width_and_zoom(run_js, name, width, height, zoom):
    figure = figure_of(name)
    layout = layout_of(run_js, figure, width, height, zoom=zoom)
    assert layout["width"] == width
    assert_planes_fit(layout, zoom or figure["layout"]["meta"]["extent"])


@pytest.mark.parametrize("width", [400, 1000])
@pytest.mark.parametrize("zoom", [None, [[1, 2], [50, 60]]])
def test_axes_with_scales_of_their_own_show_the_box_itself(run_js, width, zoom):
    for figure in (explored(dataset="faithful").figure, lined().figure):
        layout = layout_of(run_js, figure, width, zoom=zoom)
        box = zoom or figure["layout"]["meta"]["extent"]
        assert [layout["xaxis"]["range"], layout["yaxis"]["range"]] == box


@pytest.mark.parametrize("width", [400, 1000])
@pytest.mark.parametrize("name", FIGURES)
def test_a_plane_keeps_its_zoom_itself_and_curves_keep_theirs_for_a_run(run_js, name, width):
    figure = figure_of(name)
    layout = layout_of(run_js, figure, width)
    meta = figure["layout"]["meta"]
    for axis in "xy":
        for axes in meta["planes"]:
            assert "uirevision" not in layout[f"{axis}axis{axes}"]
            assert "scaleanchor" not in layout[f"{axis}axis{axes}"]
        for axes in meta["side"]:
            assert layout[f"{axis}axis{axes}"]["uirevision"] == "this run"
            assert layout[f"{axis}axis{axes}"]["range"] == figure["layout"][f"{axis}axis{axes}"]["range"]


@pytest.mark.parametrize("spots", [False, True])
@pytest.mark.parametrize("width", [639, 640])
def test_the_rest_of_the_layout(run_js, spots, width):
    figure = figure_of("explorer")
    layout = layout_of(run_js, figure, width, spots=spots)
    assert layout["clickanywhere"] is spots
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert layout["dragmode"] == ("pan" if width == 640 else False)  # a finger scrolls the page
    for name in ("hovermode", "showlegend", "meta"):
        assert layout[name] == figure["layout"][name]


@pytest.mark.parametrize("width", [400, 1000])
def test_what_labels_need_beyond_the_margins_is_kept(run_js, width):
    figure = figure_of("collapse")
    layout = layout_of(run_js, figure, width, margins={"l": 90, "b": 50})
    assert layout["margin"] == {"l": 90, "r": 12, "t": 5, "b": 50}
    assert_planes_fit(layout, figure["layout"]["meta"]["extent"])
    assert_nothing_overlaps(layout)


# --- Names ------------------------------------------------------------------------------------------------------------


def names_on(layout, axes):
    on = {"xref": f"x{axes} domain", "yref": f"y{axes} domain"}
    return [
        note for note in layout["annotations"] if note.items() >= on.items() and note.get("name") == "axis"
    ]


@pytest.mark.parametrize("width", [400, 1000])
@pytest.mark.parametrize("name", FIGURES)
def test_axes_are_named_inside_planes_and_over_curves(run_js, name, width):
    figure = figure_of(name)
    layout = layout_of(run_js, figure, width)
    given, meta = figure["layout"], figure["layout"]["meta"]
    assert layout["annotations"][: len(given["annotations"])] == given["annotations"]
    count = len(given["annotations"])
    for axes in meta["planes"]:
        titles = [given[f"{axis}axis{axes}"].get("title", {}).get("text") for axis in "xy"]
        notes = names_on(layout, axes)
        assert [note["text"] for note in notes] == [title for title in titles if title]
        across = notes[0]
        assert [across[key] for key in ("x", "y", "xanchor", "yanchor")] == [1, 0, "right", "bottom"]
        for up in notes[1:]:
            assert [up[key] for key in ("x", "y", "xanchor", "yanchor")] == [0, 1, "left", "top"]
        count += len(notes)
    words = {"2": "Log-likelihood by iteration", "3": "Smallest variance by iteration"}
    for axes in meta["side"]:
        (note,) = names_on(layout, axes)
        assert note["text"] == words[axes]
        assert [note[key] for key in ("x", "y", "xanchor", "yanchor")] == [0, 1, "left", "bottom"]
        assert 3 <= note["yshift"] <= 20 - 12 * 1.3  # over half a tick's number, in the room for the name
        count += 1
    assert len(layout["annotations"]) == count
    assert not any(note["showarrow"] for note in layout["annotations"] if note.get("name") == "axis")
    assert not any("title" in axis for name, axis in layout.items() if name[1:5] == "axis")


# --- Where all stands -------------------------------------------------------------------------------------------------


def written_around(layout):
    """What planes and curves take with the labels beside, under and over them."""
    planes, curves = boxes_of(layout)
    ticks = ticks_of(layout)
    heading = ticks["heading"] if len(planes) > 1 else 0
    under = [ticks["bottom"] * layout[f"xaxis{axes}"]["showticklabels"] for axes in layout["meta"]["planes"]]
    around = [plane.around(bottom=bottom, top=heading) for plane, bottom in zip(planes, under, strict=True)]
    return around + [curve.around(ticks["left"], ticks["bottom"], ticks["name"]) for curve in curves]


def ticks_of(layout):
    """What labels take in a figure, in which they grow with its size."""
    grown = (
        max(1, min(1.6, (layout["width"] * layout["height"]) ** 0.5 / 850))
        if layout["width"] >= NARROW
        else 1
    )
    assert layout["font"]["size"] == pytest.approx(12 * grown)
    return {name: grown * px for name, px in TICKS.items()}


def assert_nothing_overlaps(layout):
    """Planes and curves, with what is written around them, stand inside the figure, and none over another."""
    found = written_around(layout)
    for i, box in enumerate(found):
        assert -0.01 <= box.left < box.right <= layout["width"] + 0.01
        assert -0.01 <= box.top < box.bottom <= layout["height"] + 0.01
        assert not any(box.overlaps(other) for other in found[:i])
    for plot in chain(*boxes_of(layout)):
        assert plot.width > 100
        assert plot.height > 15


@given(
    width=st.integers(NARROW, 2600),
    height=st.integers(320, 1400),
    aside=st.integers(0, 900),
    planes=st.integers(1, 2),
    curves=st.integers(0, 2),
)
@example(width=1280, height=400, aside=900, planes=1, curves=2)
@example(width=NARROW, height=1400, aside=700, planes=2, curves=1)
def test_on_a_wide_screen_curves_stand_in_a_column_beside_the_planes(
    run_js, width, height, aside, planes, curves
):
    figure = made_of(planes, curves)
    most = run_js("return layout.mostHeight(...given)", [figure["layout"]["meta"], width])
    height = min(height, int(most)) if planes > 1 else height  # as the player does
    layout = layout_of(run_js, figure, width, height, aside=aside)
    assert_nothing_overlaps(layout)
    assert (layout["width"], layout["height"]) == (width, height)
    shown, side = boxes_of(layout)
    for plane in shown:
        edges = [shown[0].width, layout["margin"]["t"], height - layout["margin"]["b"]]
        assert [plane.width, plane.top, plane.bottom] == pytest.approx(edges)
    column = width - min(420, max(220, 0.21 * width)) if curves else width
    assert shown[-1].right == pytest.approx(column - 12, abs=0.51)  # all the room there is
    if curves:
        assert [curve.height for curve in side] == pytest.approx([side[0].height] * curves)
        assert [curve.right for curve in side] == pytest.approx([width - 12] * curves)
        assert side[-1].bottom == pytest.approx(shown[0].bottom)
        ticks = ticks_of(layout)
        assert side[0].left - ticks["left"] == pytest.approx(column, abs=0.51)
        inner = height - layout["margin"]["t"] - layout["margin"]["b"]
        wanted, most = aside + 5, layout["margin"]["t"] + 0.62 * inner
        assert side[0].top - ticks["name"] == pytest.approx(max(layout["margin"]["t"], min(wanted, most)))


@given(
    width=st.integers(300, NARROW - 1),
    room=st.integers(360, 1200),
    bar=st.integers(40, 160),
    aside=st.integers(0, 900),
    planes=st.integers(1, 2),
    curves=st.integers(0, 2),
)
def test_on_a_narrow_screen_all_stands_in_one_column(run_js, width, room, bar, aside, planes, curves):
    shown = {"room": room, "bar": bar, "aside": aside}
    layout, _, heights = arranged(run_js, made_of(planes, curves), width, **shown)
    assert_nothing_overlaps(layout)
    planes, side = boxes_of(layout)
    assert layout["height"] == heights["height"]
    assert [plane.height for plane in planes] == pytest.approx([heights["plane"]] * len(planes))
    assert [(plane.left, plane.right) for plane in planes] == [(44, pytest.approx(width - 12))] * len(planes)
    least, over = (
        (180, 0) if len(planes) == 1 else (230, bar)
    )  # of two the controls stand at the screen's edge
    assert least <= heights["plane"] <= max(least, 0.95 * width + 1)
    assert heights["many"] == (len(planes) > 1)
    boxes = written_around(layout)
    controls = heights["controls"]
    assert max(box.bottom for box in boxes[: len(planes)]) <= controls + 0.01  # between them there is room
    assert (
        min([box.top for box in boxes[len(planes) :]], default=layout["height"])
        >= controls + bar - over - 0.01
    )
    if heights["plane"] > least:
        assert controls + bar <= room + len(planes)  # planes and controls are seen at once, but for rounding
    if side:
        assert [curve.height for curve in side] == pytest.approx([128] * len(side))
        assert [(curve.left, curve.right) for curve in side] == [(48, pytest.approx(width - 12))] * len(side)
        assert side[-1].bottom == pytest.approx(layout["height"] - 26)


def test_the_column_grows_with_the_figure_within_limits(run_js):
    widths = [640, 1047, 1200, 2000, 2600]
    assert run_js("return given.map(layout.columnOf)", widths) == [220, 220, 252, 420, 420]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("width", [300, 639, 640, 1280, 2560])
def test_every_film_fits_its_place(run_js, name, width):
    layout = layout_of(run_js, figure_of(name), width)
    assert_nothing_overlaps(layout)
    names = [
        f"{axis}axis{axes}" for kind in ("planes", "side") for axes in layout["meta"][kind] for axis in "xy"
    ]
    for axis in names:
        start, end = layout[axis]["domain"]
        assert 0 <= start < end <= 1


# --- A colour bar -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 639, 640, 1280, 2560])
def test_a_colour_bar_stands_beside_the_plane_and_has_room_there(run_js, width):
    figure = explored("membership").figure
    own = figure["data"][0]["marker"]["colorbar"]
    layout, traces, _ = arranged(run_js, figure, width)
    assert_nothing_overlaps(layout)
    (plane,), (curve,) = boxes_of(layout)
    bar = traces[0]["marker"]["colorbar"]
    left = layout["margin"]["l"] + bar["x"] * (width - layout["margin"]["l"] - layout["margin"]["r"])
    assert left == pytest.approx(plane.right + 6)
    beside = width if width < NARROW else curve.left - ticks_of(layout)["left"]
    assert beside - left >= 80
    low, high = layout["yaxis"]["domain"]
    moved = {"x": bar["x"], "y": pytest.approx((low + high) / 2), "len": pytest.approx(high - low)}
    assert bar == own | moved
    assert traces[0]["marker"] | {"colorbar": own} == figure["data"][0]["marker"]
    assert traces[1:] == figure["data"][1:]


def test_without_a_colour_bar_traces_stay_as_they_are(run_js):
    figure = figure_of("explorer")
    for width in (400, 1200):
        _, traces, _ = arranged(run_js, figure, width)
        assert traces == figure["data"]


@pytest.mark.parametrize(
    ("planes", "side", "width"), [([""], ["2"], 900), ([""], ["2"], 1900), (["", "2"], [], 1200)]
)
def test_no_plane_is_a_tower(run_js, planes, side, width):
    meta = {"planes": planes, "side": side}
    most, column = run_js(
        "return [layout.mostHeight(given[0], given[1]), layout.columnOf(given[1])]", [meta, width]
    )
    each = (width - (column if side else 0)) / len(planes)
    assert each < most < 1.2 * each
