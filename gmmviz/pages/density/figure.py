"""Pictures of the plane that do not move: a density as filled contours, points, held-out scores."""

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.density import density, grid
from gmmviz.em import Mixture
from gmmviz.figures.arrays import packed
from gmmviz.figures.traces import LINE, MARGIN, rings_here, trace
from gmmviz.geometry import extent, subsample, widened
from gmmviz.theme import PALETTE, rgb

GRID = (160, 120)
ASPECT = 1.3  # of a plane, width to height, about that of half a page


def plane_of(dataset: Dataset, drawn: np.ndarray) -> list[list[float]]:
    """Return the part of the plane that shows a dataset and points drawn from a mixture of it, (n, 2)."""
    box = extent(np.vstack([dataset.X, drawn]))
    return widened(box, ASPECT) if dataset.equal_axes else box


def density_figure(dataset: Dataset, mixture: Mixture, box) -> tuple[dict, float | None]:
    """Return the mixture's density as filled contours under the data, and its integral.

    Parameters
    ----------
    dataset : Dataset
        The points (N, 2).
    mixture : Mixture
        Of two features.
    box : sequence
        [[x low, x high], [y low, y high]]: the part of the plane to draw, in the data's units.

    Returns
    -------
    figure : dict
        A plain Plotly figure. The contours' values are densities, per unit of area.
    volume : float or None
        The density's integral over the box, at most 1; None where a component is thinner than the grid's steps, which
        then miss part of it.
    """
    x, y, points = grid(box, GRID)
    z = density(points, mixture).reshape(len(y), len(x))
    contours = {
        "type": "contour",
        "x": packed(x, "f4"),
        "y": packed(y, "f4"),
        "z": packed(z, "f4"),
        "colorscale": "Cividis",
        "ncontours": 16,
        "contours": {"coloring": "fill", "showlines": False},
        "showscale": False,
        "hovertemplate": "density %{z:.3~g}<br>(%{x:.3~g}, %{y:.3~g})<extra></extra>",
    }
    dots = _dots(dataset.X[subsample(len(dataset.X))], "#ffffff", "data", size=3)
    step = max(x[1] - x[0], y[1] - y[0])
    thinnest = np.sqrt(np.linalg.eigvalsh(mixture.covariances).min())
    volume = float(np.trapezoid(np.trapezoid(z, x, axis=1), y)) if thinnest > step else None
    return {"data": [contours, dots], "layout": _plane(dataset, box)}, volume


def sample_figure(dataset: Dataset, X: np.ndarray, components: np.ndarray, box) -> dict:
    """Return points drawn from a mixture, each in the colour of its component, as a plain Plotly figure dict.

    Parameters
    ----------
    dataset : Dataset
        Whose plane they lie in.
    X : (n, 2) array
        The points.
    components : (n,) int array
        Where each was drawn from, from 0.
    box : sequence
        [[x low, x high], [y low, y high]]: the part of the plane to draw.
    """
    points = _dots(X, [PALETTE[k] for k in components], "new point")
    points |= {
        "customdata": packed(components + 1, "u1"),
        "hovertemplate": "drawn from component %{customdata}<br>(%{x:.3~g}, %{y:.3~g})<extra></extra>",
    }
    return {"data": [points], "layout": _plane(dataset, box)}


def scores_figure(tried: np.ndarray, scores: np.ndarray, k: int) -> dict:
    """Return held-out log-likelihoods against K, as a plain Plotly figure dict.

    Parameters
    ----------
    tried : (M,) int array
        The Ks.
    scores : (M, folds) array
        The log-likelihood per point, natural log, of the fold that was held out.
    k : int
        The K that is marked, if it was tried.
    """
    mean, spread = scores.mean(axis=1), scores.std(axis=1)
    marked = _marked(tried, mean, k)
    return {
        "data": [
            _band(tried, mean, spread),
            _line(tried, mean, spread),
            rings_here(x=[x for _, x, _ in marked], y=[y for _, _, y in marked]),
        ],
        "layout": {
            "showlegend": False,
            "margin": MARGIN,
            "height": 320,
            "xaxis": {"title": {"text": "Components K"}, "zeroline": False},
            "yaxis": {"title": {"text": "Held-out log-likelihood per point"}, "zeroline": False},
            "annotations": [_word(*mark) for mark in marked],
        },
    }


def _band(tried: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": packed(np.concatenate([tried, tried[::-1]]), "u1"),
        "y": packed(np.concatenate([mean + spread, (mean - spread)[::-1]]), "f4"),
        "fill": "toself",
        "fillcolor": f"rgba({', '.join(map(str, rgb(LINE)))}, 0.25)",
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _line(tried: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> dict:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": packed(tried, "u1"),
        "y": packed(mean, "f4"),
        "line": {"color": LINE},
        "marker": {"color": LINE},
        "customdata": packed(spread, "f4"),
        "hovertemplate": "K = %{x}: %{y:.3f} ± %{customdata:.3f}<extra></extra>",
    }


def _marked(tried: np.ndarray, mean: np.ndarray, k: int) -> list[tuple[str, int, float]]:
    """Return the best number of components, and this one, if it was tried: each with its word and its mean."""
    places = [("best", mean.argmax()), *(("this K", i) for i in np.flatnonzero(tried == k))]
    return [(word, int(tried[i]), float(mean[i])) for word, i in places]


def _word(word: str, x: int, y: float) -> dict:
    """Return a mark's word: an annotation, as that has the text's colour."""
    return {"text": word, "x": x, "y": y, "yshift": 20 if word == "best" else -20, "showarrow": False}


def _dots(X: np.ndarray, colour, name: str, size: int = 5) -> dict:
    return trace(
        "markers",
        name,
        x=packed(X[:, 0], "f4"),
        y=packed(X[:, 1], "f4"),
        marker={"size": size, "color": colour, "opacity": 0.9},
        hoverinfo="skip",
    )


def _plane(dataset: Dataset, box) -> dict:
    across, up = box
    equal = {"scaleanchor": "x", "constrain": "domain"} if dataset.equal_axes else {}
    x, y = dataset.columns
    return {
        "margin": MARGIN,
        "height": 330,
        "xaxis": {"range": across, "zeroline": False, "constrain": "domain", "title": {"text": x}},
        "yaxis": {"range": up, "zeroline": False, "title": {"text": y}} | equal,
    }
