"""The layout of a film's planes, one or several side by side, all of which show the same part of the data."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from gmmviz.figures.traces import HANDS, MARGIN, QUIET, titled


def axes_of(n: int, side: Sequence[str] = ()) -> list[str]:
    """Return the axes of n planes, as Plotly numbers them, but for those in `side`, which curves have.

    >>> axes_of(3), axes_of(3, side=["2"])
    (['', '2', '3'], ['', '3', '4'])
    """
    free = (str(number) for number in count(2) if str(number) not in side)
    return ["", *(next(free) for _ in range(n - 1))]


def planes_layout(
    box: Sequence[Sequence[float]],
    names: Sequence[str],
    headings: Sequence[str] = ("",),
    *,
    equal: bool,
    side: Sequence[str] = (),
    grid: bool = True,
) -> dict:
    """Return the layout of planes; the player puts them in place, and curves beside them.

    Parameters
    ----------
    box : sequence of two [low, high]
        What they show at least: [[x low, x high], [y low, y high]], in the data's units.
    names : sequence of two str
        What goes across, and what goes up.
    headings : sequence of str
        One for each plane, "" for none; by default one plane without.
    equal : bool
        Whether one unit is as long across as up.
    side : sequence of str
        The axes of curves: they are the caller's to add.
    grid : bool
        Whether the planes have one.

    Returns
    -------
    dict
        `meta` is for the player: the box, whether its axes share a unit, which axes are planes, and which are curves'.
    """
    first, *others = planes = axes_of(len(headings), side)
    across, up = box
    look = QUIET if grid else QUIET | {"showgrid": False}
    x, y = map(titled, names)
    axes = {f"xaxis{first}": look | {"range": across} | x, f"yaxis{first}": look | {"range": up} | y}
    for other in others:
        axes |= {
            f"xaxis{other}": look | {"anchor": f"y{other}", "matches": "x"} | x,
            f"yaxis{other}": look | {"anchor": f"x{other}", "matches": "y"},
        }
    return {
        **axes,
        "annotations": [_heading(*each) for each in zip(headings, planes, strict=True) if each[0]],
        "margin": MARGIN,
        **HANDS,
        "meta": {"extent": [across, up], "equal": equal, "planes": planes, "side": list(side)},
    }


def _heading(text: str, axes: str) -> dict:
    """Return a plane's heading, over its left corner."""
    place = {"xref": f"x{axes} domain", "yref": f"y{axes} domain", "x": 0, "y": 1}
    look = {"xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 14}}
    return {"text": f"<b>{text}</b>"} | place | look
