"""Pictures of the plane that do not move: a density as filled contours, points, held-out scores."""

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.density import density, grid
from gmmviz.em import Mixture
from gmmviz.figures.arrays import packed
from gmmviz.geometry import extent, subsample
from gmmviz.theme import PALETTE

GRID = (120, 100)


def density_figure(dataset: Dataset, mixture: Mixture) -> tuple[dict, float]:
    """Return the mixture's density as filled contours under the data, and its integral over the part shown.

    The contours' values are densities, per unit of area: over the whole plane they integrate to 1.
    """
    x, y, points = grid(extent(dataset.X, margin=0.15), GRID)
    z = density(points, mixture).reshape(len(y), len(x))
    contours = {
        "type": "contour",
        "x": packed(x, "f4"),
        "y": packed(y, "f4"),
        "z": packed(z, "f4"),
        "colorscale": "Cividis",
        "ncontours": 16,
        "contours": {"coloring": "fill", "showlines": False},
        "colorbar": {"title": {"text": "density", "side": "right"}, "thickness": 10, "outlinewidth": 0},
        "hovertemplate": "density %{z:.3~g}<br>(%{x:.3~g}, %{y:.3~g})<extra></extra>",
    }
    drawn = dataset.X[subsample(len(dataset.X))]
    volume = float(np.trapezoid(np.trapezoid(z, x, axis=1), y))
    return {"data": [contours, _dots(drawn, "#ffffff", "data", size=3)], "layout": _plane(dataset)}, volume


def sample_figure(dataset: Dataset, X: np.ndarray, components: np.ndarray) -> dict:
    """Return points drawn from a mixture, each in its component's colour, on a plane that holds the dataset too."""
    rows = subsample(len(X))
    colours = [PALETTE[k] for k in components[rows]]
    points = _dots(X[rows], colours, "new point")
    points |= {
        "customdata": packed(components[rows] + 1, "u1"),
        "hovertemplate": "drawn from component %{customdata}<br>(%{x:.3~g}, %{y:.3~g})<extra></extra>",
    }
    return {"data": [points], "layout": _plane(dataset, X)}


def scores_figure(tried: np.ndarray, scores: np.ndarray, k: int) -> dict:
    """Return held-out log-likelihoods (M, folds) against K (M,): their mean, their spread over the folds, this K."""
    mean, spread = scores.mean(axis=1), scores.std(axis=1)
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": packed(np.concatenate([tried, tried[::-1]]), "u1"),
        "y": packed(np.concatenate([mean + spread, (mean - spread)[::-1]]), "f4"),
        "fill": "toself",
        "fillcolor": "rgba(0, 114, 178, 0.2)",
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": packed(tried, "u1"),
        "y": packed(mean, "f4"),
        "line": {"color": PALETTE[0]},
        "customdata": packed(spread, "f4"),
        "hovertemplate": "K = %{x}: %{y:.3f} ± %{customdata:.3f}<extra></extra>",
    }
    best = int(mean.argmax())
    marked = [("best", tried[best], mean[best], PALETTE[2])]
    marked += [("this K", t, m, PALETTE[1]) for t, m in zip(tried, mean, strict=True) if t == k]
    marks = [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [int(t)],
            "y": [float(m)],
            "text": [word],
            "textposition": "top center" if word == "best" else "bottom center",
            "marker": {"size": 13, "color": colour},
            "hoverinfo": "skip",
        }
        for word, t, m, colour in marked
    ]
    return {
        "data": [band, line, *marks],
        "layout": {
            "showlegend": False,
            "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
            "height": 320,
            "xaxis": {"title": {"text": "Components K"}, "zeroline": False},
            "yaxis": {"title": {"text": "Held-out log-likelihood per point"}, "zeroline": False},
        },
    }


def _dots(X: np.ndarray, colour, name: str, size: int = 5) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": packed(X[:, 0], "f4"),
        "y": packed(X[:, 1], "f4"),
        "marker": {"size": size, "color": colour, "opacity": 0.9},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _plane(dataset: Dataset, more: np.ndarray | None = None) -> dict:
    """The layout of a plane that holds the dataset and `more` points."""
    across, up = extent(dataset.X if more is None else np.vstack([dataset.X, more]), margin=0.15)
    equal = {"scaleanchor": "x", "constrain": "domain"} if dataset.equal_axes else {}
    return {
        "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
        "height": 320,
        "xaxis": {
            "range": across,
            "zeroline": False,
            "constrain": "domain",
            "title": {"text": dataset.columns[0]},
        },
        "yaxis": {"range": up, "zeroline": False, "title": {"text": dataset.columns[1]}} | equal,
    }
