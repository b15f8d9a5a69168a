"""The density's film, for the player: left the density under the data, right new points of the mixture; and scores."""

import numpy as np
from plotly.colors import get_colorscale, unlabel_rgb

from gmmviz.datasets import Dataset
from gmmviz.density import density, grid, placed
from gmmviz.em import Mixture, Run
from gmmviz.figures.arrays import packed
from gmmviz.figures.film import framed
from gmmviz.figures.narration import said_of
from gmmviz.figures.planes import axes_of, planes_layout
from gmmviz.figures.scene import anchor, plane, scene, shown_iterations, shown_states
from gmmviz.figures.traces import AXIS, LINE, MARGIN, rings_here
from gmmviz.geometry import extent
from gmmviz.theme import rgb

GRID = (160, 120)
WHITE = [255, 255, 255]


def density_film(
    dataset: Dataset,
    run: Run,
    uniforms: np.ndarray,
    normals: np.ndarray,
    *,
    steps: bool = True,
    keep: int = 0,
) -> dict:
    """Return the film of a density, as the player takes it.

    Parameters
    ----------
    dataset : Dataset
        The points (N, 2).
    run : Run
        The history of EM on them.
    uniforms : (n,) array
    normals : (n, 2) array
        The random numbers of the new points, see `gmmviz.density.placed`: the same at every iteration.
    steps : bool
        Whether E- and M-step are halves of their own.
    keep : int
        An iteration that must be among those shown.
    """
    iterations = shown_iterations(run.states[-1].iteration, keep)
    headings = ["The density, under the data", f"{len(uniforms):,} new points"]
    left, right = axes_of(len(headings))
    look = {"colour": "none", "rings": [2]}
    field = plane(["density", "points", "gaussians", "hand"], axes=left, grey=WHITE, scale=_scale(), **look)
    drawn = {"uniforms": packed(uniforms, "f8"), "normals": packed(normals.T, "f8")}
    new = plane(["draws", "gaussians", "means"], axes=right, **look, **drawn)
    box = shown_box(dataset, run, uniforms, normals)
    return {
        "data": [anchor(left), anchor(right)],
        "layout": planes_layout(box, dataset.columns, headings, equal=dataset.equal_axes, grid=False),
        "scene": scene(
            iterations,
            [field, new],
            clouds=[dataset.X],
            mixtures=[[state.mixture for state in shown_states(run, iterations)]],
            steps=steps,
            narration=said_of(dataset.X, run, dataset.columns, equal=dataset.equal_axes),
        ),
    }


def _scale() -> list:
    """Return the density's colours: Cividis, which colour-blind eyes see as others do."""
    colours = [
        [place, rgb(colour) if colour[0] == "#" else unlabel_rgb(colour)]
        for place, colour in get_colorscale("Cividis")
    ]
    return [[float(place), [round(part) for part in colour]] for place, colour in colours]


def integral(mixture: Mixture, box) -> float | None:
    """Return a mixture's integral over a box [[x low, x high], [y low, y high]], at most 1.

    None where a component is thinner than the grid's steps, which then miss part of it.
    """
    x, y, points = grid(box, GRID)
    z = density(points, mixture).reshape(len(y), len(x))
    step = max(x[1] - x[0], y[1] - y[0])
    thinnest = np.sqrt(np.linalg.eigvalsh(mixture.covariances).min())
    return float(np.trapezoid(np.trapezoid(z, x, axis=1), y)) if thinnest > step else None


def shown_box(dataset: Dataset, run: Run, uniforms: np.ndarray, normals: np.ndarray) -> list[list[float]]:
    """Return the part of the plane to show: all points, the second deviations, and at the end all new points."""
    corners = np.transpose(framed(dataset.X, run))
    drawn, _ = placed(run.states[-1].mixture, uniforms, normals)
    return extent(np.vstack([corners, drawn]), margin=0.0)


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
            "xaxis": AXIS | {"title": {"text": "Components K"}},
            "yaxis": AXIS | {"title": {"text": "Held-out log-likelihood per point"}},
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
        "yhoverformat": ",.3f",
        "hovertemplate": "K = %{x}: %{y} ± %{customdata:,.3f}<extra></extra>",
    }


def _marked(tried: np.ndarray, mean: np.ndarray, k: int) -> list[tuple[str, int, float]]:
    """Return the best number of components, and this one, if it was tried: each with its word and its mean."""
    places = [("best", mean.argmax()), *(("this K", i) for i in np.flatnonzero(tried == k))]
    return [(word, int(tried[i]), float(mean[i])) for word, i in places]


def _word(word: str, x: int, y: float) -> dict:
    """Return a mark's word: an annotation, as that has the text's colour."""
    return {"text": word, "x": x, "y": y, "yshift": 20 if word == "best" else -20, "showarrow": False}
