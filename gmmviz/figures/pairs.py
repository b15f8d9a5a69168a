"""A small matrix of all pairs of columns: a plot for each, by which a reader chooses the one that is shown."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.figures.arrays import packed
from gmmviz.figures.traces import LINE, trace
from gmmviz.geometry import subsample
from gmmviz.plain import in_figure

DOTS = 3000
"""Points drawn in all plots together."""
GAP = 0.1  # between a plot and its cell's edge, as a share of the cell


def pairs_figure(dataset: Dataset, shown: tuple[int, int] | None, side: int = 240) -> dict:
    """Return the matrix, as a plain Plotly figure dict.

    A click on a plot selects a point whose customdata are the two features, from 0: across, up.

    Parameters
    ----------
    dataset : Dataset
        X (N, D), D >= 2: each row of the matrix has one feature up, each column one across.
    shown : tuple of two int, or None
        The features that are marked as shown.
    side : int
        Of the figure, in pixels.
    """
    X, D = dataset.X, dataset.X.shape[1]
    pairs = list(combinations(range(D), 2))
    X = X[subsample(len(X), max(20, DOTS // len(pairs)))]
    low, high = X.min(axis=0), X.max(axis=0)
    places = GAP + (1 - 2 * GAP) * (X - low) / np.where(high > low, high - low, 1.0)
    across = np.concatenate([i + places[:, i] for i, _ in pairs])
    up = np.concatenate([_row(j, D) + places[:, j] for _, j in pairs])
    dots = trace(
        "markers",
        "points",
        x=packed(across, "f4"),
        y=packed(up, "f4"),
        marker={"size": 2 if D < 6 else 1.4, "color": LINE, "opacity": 0.75},
        hoverinfo="skip",
    )
    dots |= {"selected": {"marker": {"opacity": 0.75}}, "unselected": {"marker": {"opacity": 0.75}}}
    names = [in_figure(name) for name in dataset.columns]
    cells = trace(
        "markers",
        "pairs",
        x=[i + 0.5 for i, _ in pairs],
        y=[_row(j, D) + 0.5 for _, j in pairs],
        customdata=[[i, j] for i, j in pairs],
        text=[f"{names[i]} across<br>{names[j]} up" for i, j in pairs],
        marker={"symbol": "square", "size": side / (D - 1) * 0.9, "color": LINE, "opacity": 0},
        hovertemplate="%{text}<extra></extra>",
    )
    cells |= {"selected": {"marker": {"opacity": 0}}, "unselected": {"marker": {"opacity": 0}}}
    bare = {"visible": False, "fixedrange": True}
    return {
        "data": [dots, cells],
        "layout": {
            "showlegend": False,
            "height": side,
            "margin": {"l": 2, "r": 2, "t": 2, "b": 2},
            "dragmode": False,
            "hovermode": "closest",
            "xaxis": bare | {"range": [0, D - 1]},
            "yaxis": bare | {"range": [0, D - 1]},
            "shapes": [_frame(i, _row(j, D), {i, j} == set(shown or ())) for i, j in pairs],
        },
    }


def _row(feature: int, D: int) -> int:
    """Return how high the row of plots stands that has this feature up: the second's is the uppermost."""
    return D - 1 - feature


def _frame(x: float, y: float, marked: bool) -> dict:
    """Return the frame of a plot; of the one that is shown a strong one."""
    room = 0.04
    return {
        "type": "rect",
        "x0": x + room,
        "x1": x + 1 - room,
        "y0": y + room,
        "y1": y + 1 - room,
        "line": {"color": LINE, "width": 3 if marked else 1},
        "opacity": 1 if marked else 0.4,
    }
