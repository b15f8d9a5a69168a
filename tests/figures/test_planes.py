"""Planes side by side: axes of their own, the same part of the data, a heading for each that has one."""

import plotly.graph_objects as go
import pytest

from gmmviz.figures.planes import axes_of, planes_layout

BOX = [[0.0, 4.0], [-1.0, 1.0]]


@pytest.mark.parametrize(("headings", "side"), [(("A",), ["2"]), ("AB", []), ("ABCDEF", ["2", "4"])])
def test_every_plane_has_axes_of_its_own_that_show_what_the_first_shows(headings, side):
    layout = planes_layout(BOX, ("x", "y"), headings, equal=True, side=side)
    first, *others = planes = axes_of(len(headings), side)
    assert layout["meta"] == {"extent": BOX, "equal": True, "planes": planes, "side": side}
    assert first == ""
    assert len(set(planes)) == len(headings)
    assert not set(planes) & set(side)
    assert [layout["xaxis"]["range"], layout["yaxis"]["range"]] == BOX
    assert {name for name in layout if "axis" in name} == {f"{a}axis{axes}" for a in "xy" for axes in planes}
    for axes in others:
        x, y = layout[f"xaxis{axes}"], layout[f"yaxis{axes}"]
        assert (x["anchor"], y["anchor"]) == (f"y{axes}", f"x{axes}")
        assert (x["matches"], y["matches"]) == ("x", "y")
    go.Figure({"layout": layout})


def test_a_heading_stands_over_its_plane_and_none_over_a_plane_without():
    found = planes_layout(BOX, ("x", "y"), ("one", "", "three"), equal=True)["annotations"]
    assert [(each["text"], each["xref"], each["yref"]) for each in found] == [
        ("<b>one</b>", "x domain", "y domain"),
        ("<b>three</b>", "x3 domain", "y3 domain"),
    ]


def test_what_goes_across_is_named_on_every_plane_and_what_goes_up_on_the_first():
    layout = planes_layout(BOX, ("length", "width"), "AB", equal=False)
    titles = {
        name: axis["title"]["text"] for name, axis in layout.items() if "axis" in name and "title" in axis
    }
    assert titles == {"xaxis": "length", "xaxis2": "length", "yaxis": "width"}


@pytest.mark.parametrize("grid", [True, False])
def test_a_grid_is_on_all_planes_or_on_none(grid):
    layout = planes_layout(BOX, ("x", "y"), "ABC", equal=True, grid=grid)
    axes = [axis for name, axis in layout.items() if "axis" in name]
    assert [axis.get("showgrid", True) for axis in axes] == [grid] * 6
