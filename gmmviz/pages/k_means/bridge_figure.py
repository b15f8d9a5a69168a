"""The bridge from a mixture to k-means: agreement against the variance, and the assignments at one variance."""

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.figures.arrays import packed
from gmmviz.figures.traces import AXIS, LINE, MARGIN, numbered_means, rings_here, titled
from gmmviz.geometry import extent, subsample
from gmmviz.numerals import numeral
from gmmviz.theme import PALETTE


def agreement_figure(shares: np.ndarray, agreement: np.ndarray, v: float) -> dict:
    """Return how far EM agrees with k-means against the variance held fixed, as a plain Plotly figure dict.

    Parameters
    ----------
    shares : (M,) array
        The variances, as shares of the data's.
    agreement : (M,) array
        The share of points, 0 to 1, whose component is k-means' cluster.
    v : float
        The one of `shares` that is marked.
    """
    curve = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(map(float, shares)),
        "y": packed(100 * agreement, "f4"),
        "line": {"color": LINE, "width": 2},
        "marker": {"size": 7, "color": LINE},
        "text": [numeral(share, "g") for share in shares],
        "yhoverformat": ".1f",
        "hovertemplate": "v = %{text}: %{y} % agree<extra></extra>",
    }
    here = rings_here(x=[v], y=[float(100 * agreement[list(shares).index(v)])])
    return {
        "data": [curve, here],
        "layout": {
            "showlegend": False,
            "margin": MARGIN,
            "height": 340,
            "xaxis": AXIS
            | {
                "type": "log",
                "range": [0.6, -12.6],
                "dtick": 3,
                "title": {"text": "Variance v, as a share of the data's"},
            },
            "yaxis": AXIS | {"title": {"text": "Points that agree (%)"}, "range": [-4, 106]},
        },
    }


def assignments_figure(
    dataset: Dataset, labels: np.ndarray, hard: np.ndarray, means: np.ndarray, ties
) -> dict:
    """Return the points in their components' colours, ringed where k-means differs, as a plain Plotly figure dict.

    Parameters
    ----------
    dataset : Dataset
        The points (N, 2).
    labels, hard : (N,) int array
        Each point's component and its cluster, from 0.
    means : (K, 2) array
        The components' means.
    ties : (T,) int array
        The rows of the points that are tied for k-means, which get a diamond.
    """
    rows = subsample(len(dataset.X))
    X = dataset.X[rows]
    differs = X[labels[rows] != hard[rows]]
    points = _marks(
        X,
        color=[PALETTE[k] for k in labels[rows]],
        size=5,
        hover="component %{customdata[0]}, cluster %{customdata[1]}",
    ) | {"customdata": packed(np.column_stack([labels[rows], hard[rows]]) + 1, "u1")}
    rings = _marks(differs, color=LINE, size=12, symbol="circle-open", line={"width": 2})
    tied = _marks(
        dataset.X[np.intersect1d(ties, rows)], color=LINE, size=14, symbol="diamond-open", line={"width": 3}
    )
    numbers = numbered_means(len(means), "means", 18, 11, hoverinfo="skip") | _places(means)
    across, up = extent(dataset.X)
    x, y = (AXIS | titled(name) | {"constrain": "domain"} for name in dataset.columns)
    equal = {"scaleanchor": "x"} if dataset.equal_axes else {}
    return {
        "data": [points, rings, tied, numbers],
        "layout": {
            "showlegend": False,
            "margin": MARGIN,
            "height": 340,
            "xaxis": x | {"range": across},
            "yaxis": y | {"range": up} | equal,
        },
    }


def _marks(X: np.ndarray, hover: str = "", **marker) -> dict:
    shown = {"hovertemplate": hover + "<extra></extra>"} if hover else {"hoverinfo": "skip"}
    return (
        {"type": "scatter", "mode": "markers", "marker": {"line": {"width": 0}} | marker} | shown | _places(X)
    )


def _places(X: np.ndarray) -> dict:
    return {"x": packed(X[:, 0], "f4"), "y": packed(X[:, 1], "f4")}
