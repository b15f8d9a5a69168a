"""Choosing K: the map of a criterion over K and type, its curves over K, and the bare points for who guesses first.

No colour but grey: the components' are theirs. The better, the stronger the tone: darker on light, lighter on dark. The
best has a star, what is chosen a frame, what has no sound fit is crossed out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gmmviz.criteria import CRITERIA
from gmmviz.datasets import Dataset
from gmmviz.figures.arrays import packed
from gmmviz.figures.traces import AXIS, LINE, MARGIN, titled, trace
from gmmviz.geometry import extent
from gmmviz.pages.choose_k.numbers import best, is_sound, ranking, spread
from gmmviz.pages.choose_k.settings import TITLES, ChooseK
from gmmviz.pages.choose_k.words import SHORT, STAR, WIDE, difference, note_of, worse, written
from gmmviz.selection import Cell
from gmmviz.theme import rgb

ROW = 56
"""Pixels of a row of the map."""
FAINTEST, STRONGEST = 0.04, 0.55
"""How much of the grey the worst and the best cell have."""
DASHES = {"full": "solid", "tied": "dash", "diag": "dot", "spherical": "dashdot"}
SYMBOLS = {"full": "circle", "tied": "square", "diag": "diamond", "spherical": "triangle-up"}
CROSS = "✕"
MANY = 3000
"""Points beyond which the browser would draw them slowly one by one."""
LABELS_APART = 0.07
"""Of the height of the curves: how far their names are apart at least."""


def grey(share: float) -> str:
    """Return the grey with which so much of the background is covered."""
    return f"rgba({', '.join(map(str, rgb(LINE)))}, {share:.3f})"


# --- The map ----------------------------------------------------------------------------------------------------------


def map_figure(cells: Sequence[Cell], settings: ChooseK, N: int, shown: Cell | None = None) -> dict:
    """Return the map of the criterion shown over K and covariance type, as a plain Plotly figure dict.

    Each cell that is done is a bar, in the order in which they are given, so that it can be clicked.

    Parameters
    ----------
    cells : sequence of Cell
        What is done.
    settings : ChooseK
    N : int
        How many points there are.
    shown : Cell, optional
        The one that is framed.
    """
    first, by = best(cells, settings.by), settings.by
    rows = {name: len(settings.types) - 1 - i for i, name in enumerate(settings.types)}
    low, high = settings.ks
    sound = [is_sound(cell, by) for cell in cells]
    framed = [cell is shown for cell in cells]
    bars = {
        "type": "bar",
        "name": "cells",
        "x": [cell.n_components for cell in cells],
        "y": [0.92] * len(cells),
        "base": [rows[cell.covariance_type] - 0.46 for cell in cells],
        "width": 0.94,
        "marker": {
            # Plotly draws a pattern as faintly as the colour that it stands for.
            "color": [
                grey(share if is_sound else 1.0)
                for share, is_sound in zip(shades(cells, by), sound, strict=True)
            ],
            "line": {
                "color": [LINE if is_framed else grey(0.5) for is_framed in framed],
                "width": [4 if is_framed else 0.5 for is_framed in framed],
            },
            "pattern": {
                "shape": ["" if is_sound else "x" for is_sound in sound],
                "fgcolor": LINE,
                "bgcolor": grey(0.0),
                "size": 11,
                "solidity": 0.1,
            },
        },
        "text": [_inside(cell, first, by) if high - low < WIDE else _mark(cell, first, by) for cell in cells],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "hovertext": [_hover(cell, first, settings, N) for cell in cells],
        "hoverinfo": "text",
        "customdata": [[cell.n_components, cell.covariance_type] for cell in cells],
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }
    every = 1 if high - low < 16 else 2
    return {
        "data": [bars],
        "layout": {
            "showlegend": False,
            "barmode": "overlay",
            "margin": MARGIN,
            "height": ROW * len(rows) + 60,
            "hovermode": "closest",
            "dragmode": False,
            "clickmode": "event+select",
            "xaxis": AXIS
            | {
                "range": [low - 0.5, high + 0.5],
                "tick0": low,
                "dtick": every,
                "showgrid": False,
                "fixedrange": True,
                "title": {"text": "Components K"},
            },
            "yaxis": AXIS
            | {
                "range": [-0.5, len(rows) - 0.5],
                "tickvals": list(rows.values()),
                "ticktext": [TITLES[name] for name in rows],
                "showgrid": False,
                "fixedrange": True,
                "automargin": True,
            },
        },
    }


def shades(cells: Sequence[Cell], by: str) -> list[float]:
    """Return how strong each cell's tone is: by how much worse than the best, in steps of equal ratio; 0 without a fit.

    Of what is ten or a thousand worse, the ten matters.
    """
    sound = ranking(cells, by)
    if not sound:
        return [0.0] * len(cells)
    gaps = np.array([worse(cell, sound[0], by) for cell in sound])
    unit = 1.0 if CRITERIA[by].lower_is_better else 0.01
    farthest = np.log1p(gaps.max() / unit) or 1.0
    strength = {id(cell): 1 - np.log1p(gap / unit) / farthest for cell, gap in zip(sound, gaps, strict=True)}
    return [
        FAINTEST + (STRONGEST - FAINTEST) * strength[id(cell)] if id(cell) in strength else 0.0
        for cell in cells
    ]


def _mark(cell: Cell, first: Cell | None, by: str) -> str:
    return f"<b>{STAR}</b>" if cell is first else "" if is_sound(cell, by) else CROSS


def _inside(cell: Cell, first: Cell | None, by: str) -> str:
    """Return what stands in a cell: how far it is from the best, and its number of parameters."""
    price = f"<span style='font-size:0.8em'>p = {cell.n_parameters}</span>"
    if cell is first:
        return f"<b>{STAR} best</b><br>{price}"
    if not is_sound(cell, by):
        return f"{CROSS}<br>{price}"
    return f"{difference(cell, first, by)}<br>{price}"


def _hover(cell: Cell, first: Cell | None, settings: ChooseK, N: int) -> str:
    by, note = settings.by, note_of(cell, N)
    said = [
        f"<b>K = {cell.n_components}, {TITLES[cell.covariance_type].lower()}</b>",
        f"{SHORT[by]} {written(cell.value(by), by)}",
        f"{cell.n_parameters} parameters",
    ]
    if cell is first:
        said[1] += f" {STAR} the best"
    elif is_sound(cell, by):
        said[1] += f" ({difference(cell, first, by)})"
    return "<br>".join([*said, *([note] if note else [])])


# --- The curves -------------------------------------------------------------------------------------------------------


def curves_figure(cells: Sequence[Cell], settings: ChooseK, shown: Cell | None = None) -> dict:
    """Return the criterion shown over K, a line for each type, with its spread, as a plain Plotly figure dict.

    Parameters
    ----------
    cells, settings, shown
        As in `map_figure`.
    """
    by, (low, high) = settings.by, settings.ks
    first = best(cells, by)
    lines = {
        name: [cell for cell in cells if cell.covariance_type == name and is_sound(cell, by)]
        for name in settings.types
    }
    lines = {name: line for name, line in lines.items() if line}
    across = [low - 0.3, high + 0.3 + 0.16 * (high - low + 0.6)]  # with room for the names
    up = _range([cell for line in lines.values() for cell in line], by, shown)
    bands = [_band(line, by) for line in lines.values()]
    drawn = [_line(name, line, by) for name, line in lines.items()]
    marks = [
        _ring(cell, by, symbol, size)
        for cell, symbol, size in ((first, "star", 15), (shown, "circle-open", 19))
        if cell and is_sound(cell, by)
    ]
    return {
        "data": [*bands, *drawn, *marks],
        "layout": {
            "showlegend": False,
            "margin": MARGIN,
            "height": ROW * max(len(settings.types), 4) + 60,
            "hovermode": "closest",
            "xaxis": AXIS
            | {"range": across, "tickvals": _ticks(low, high), "title": {"text": "Components K"}},
            "yaxis": AXIS | {"range": up, "title": {"text": _axis_title(by)}, "automargin": True},
            "annotations": _names(lines, by, up),
        },
    }


def _ticks(low: int, high: int) -> list[int]:
    return list(range(low, high + 1, 1 if high - low < 10 else 2 if high - low < 20 else 5))


def _axis_title(by: str) -> str:
    return f"{SHORT[by]} ({'lower' if CRITERIA[by].lower_is_better else 'higher'} is better)"


def _range(cells: Sequence[Cell], by: str, shown: Cell | None) -> list[float] | None:
    """Return the values to show: the better half and the cell that is shown. What is far off would flatten the rest."""
    if not cells:
        return None
    values = np.array([cell.value(by) for cell in cells])
    ends = np.array([spread(cell, by) for cell in cells])
    framed = [shown.value(by)] if shown and is_sound(shown, by) else []
    if CRITERIA[by].lower_is_better:
        low, high = ends.min(), min(max(np.median(values), values.min() + 20, *framed), ends.max())
    else:
        low, high = max(min(np.median(values), values.max() - 0.05, *framed), ends.min()), ends.max()
    room = 0.06 * (high - low) or 1.0
    return [float(low - room), float(high + room)]


def _band(line: Sequence[Cell], by: str) -> dict:
    x = np.array([cell.n_components for cell in line])
    low, high = np.transpose([spread(cell, by) for cell in line])
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "spread",
        "x": packed(np.concatenate([x, x[::-1]]), "u1"),
        "y": packed(np.concatenate([high, low[::-1]]), "f8"),
        "fill": "toself",
        "fillcolor": grey(0.16),
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _line(name: str, line: Sequence[Cell], by: str) -> dict:
    return trace(
        "lines+markers",
        TITLES[name],
        x=packed([cell.n_components for cell in line], "u1"),
        y=packed([cell.value(by) for cell in line], "f8"),
        line={"color": LINE, "width": 2, "dash": DASHES.get(name, "longdash")},
        marker={"color": LINE, "size": 6, "symbol": SYMBOLS.get(name, "circle")},
        customdata=[cell.n_parameters for cell in line],
        yhoverformat=",.6~f" if by not in ("bic", "aic", "icl") else ",.1f",
        hovertemplate=f"{TITLES[name]}, K = %{{x}}: %{{y}}<br>%{{customdata}} parameters<extra></extra>",
    )


def _ring(cell: Cell, by: str, symbol: str, size: int) -> dict:
    marker = {"size": size, "color": LINE, "symbol": symbol, "line": {"width": 3 if "open" in symbol else 0}}
    at = {"x": [cell.n_components], "y": [cell.value(by)]}
    return trace("markers", "marked", marker=marker, hoverinfo="skip", cliponaxis=False, **at)


def _names(lines: dict[str, list[Cell]], by: str, up: list[float] | None) -> list[dict]:
    """Return the types' names at the ends of their lines, as far as they are shown, apart from each other."""
    if up is None:
        return []
    low, high = up
    ends = {}
    for name, line in lines.items():
        seen = [(cell.n_components, cell.value(by)) for cell in line if low <= cell.value(by) <= high]
        if seen:
            ends[name] = seen[-1]
    places = apart([(y - low) / (high - low) for _, y in ends.values()], LABELS_APART)
    look = {"xanchor": "left", "xshift": 9, "showarrow": False}
    return [
        {"text": TITLES[name], "x": x, "y": low + place * (high - low)} | look
        for (name, (x, _)), place in zip(ends.items(), places, strict=True)
    ]


def apart(places: Sequence[float], least: float) -> list[float]:
    """Return places from 0 to 1 moved as little as need be so that they are apart, in the same order.

    >>> [round(place, 2) for place in apart([0.5, 0.5, 0.9], 0.1)]
    [0.45, 0.55, 0.9]
    """
    order = np.argsort(places, kind="stable")
    found = np.array(places, dtype=float)[order]
    groups = [[place] for place in found]
    i = 0
    while i < len(groups) - 1:
        if (
            _centre(groups[i + 1]) - _centre(groups[i])
            < least * (len(groups[i]) + len(groups[i + 1])) / 2 - 1e-9
        ):
            groups[i : i + 2] = [groups[i] + groups[i + 1]]
            i = max(i - 1, 0)
        else:
            i += 1
    spaced = [
        _centre(group) + least * (j - (len(group) - 1) / 2) for group in groups for j in range(len(group))
    ]
    result = np.empty(len(found))
    result[order] = spaced
    return result.tolist()


def _centre(group: Sequence[float]) -> float:
    return float(np.mean(group))


# --- The points alone -------------------------------------------------------------------------------------------------


def points_figure(dataset: Dataset) -> dict:
    """Return the points, all grey, for a reader who guesses first."""
    across, up = extent(dataset.X[:, :2])
    x, y = map(titled, dataset.columns[:2])
    equal = {"scaleanchor": "x", "scaleratio": 1} if dataset.equal_axes else {}
    return {
        "data": [
            trace(
                "markers",
                "points",
                x=packed(dataset.X[:, 0], "f4"),
                y=packed(dataset.X[:, 1], "f4"),
                marker={"color": LINE, "size": 5},
                hovertemplate="(%{x}, %{y})<extra></extra>",
            )
            | ({"type": "scattergl"} if len(dataset.X) > MANY else {})
        ],
        "layout": {
            "showlegend": False,
            "margin": MARGIN,
            "height": 480,
            "hovermode": "closest",
            "xaxis": AXIS | {"range": across, "showgrid": True} | x,
            "yaxis": AXIS | {"range": up} | equal | y,
        },
    }
