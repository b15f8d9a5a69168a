"""The film of a run for the player: the points once, of each iteration its mixture, and no picture of any.

The browser derives the rest: colours by its own E-step, ellipses, what stands between two iterations. `scene_film`
returns a plain dict (data, layout, scene): what Plotly draws, axes and curve, and what the player paints.
"""

from __future__ import annotations

from gmmviz.datasets import Dataset
from gmmviz.em import Run, e_step
from gmmviz.figures.arrays import packed
from gmmviz.figures.codes import label_colours
from gmmviz.figures.curve import curve
from gmmviz.figures.film import View, plane_layout, point_colours
from gmmviz.figures.frames import chosen_iterations
from gmmviz.figures.traces import trace
from gmmviz.theme import GREY, PALETTE, rgb

MAX_ITERATIONS = 500
"""Iterations that a film shows at most; the curve shows every one."""
WORDS = {
    "uncoloured": "The start: nothing assigned yet",
    "start": "The start (iteration 0 of {last})",
    "whole": "Iteration {t} of {last}",
    "e_step": "E-step at iteration {t} of {last}: the points are shared out",
    "m_step": "M-step to iteration {t} of {last}: the Gaussians move",
}


def scene_film(dataset: Dataset, run: Run, view: View = View(), keep: int = 0) -> dict:  # noqa: B008
    """Return the film of a run on a dataset, for the player.

    Parameters
    ----------
    dataset : Dataset
        The points X (N, D), D >= 2: all are drawn.
    run : Run
        The history of EM on these points.
    view : View
        How to show it.
    keep : int
        An iteration that must be among those shown, of which there are at most `MAX_ITERATIONS`.

    Returns
    -------
    dict
        `data` and `layout` as Plotly takes them, and `scene`: points (D, N), mixtures (T, K, ...), which iterations
        they are, and what a colour says.
    """
    if view.colour == "truth" and dataset.labels is None:
        view = view._replace(colour="responsibility")
    anchor = trace("markers", "points", x=[None], y=[None], hoverinfo="skip")
    if view.colour == "membership":
        anchor["marker"] = point_colours(dataset.X, None, run, view)
    return {
        "data": [anchor, curve(run)],
        "layout": plane_layout(dataset, run, view),
        "scene": _scene(dataset, run, view, keep),
    }


def _scene(dataset: Dataset, run: Run, view: View, keep: int) -> dict:
    last = run.states[-1].iteration
    iterations = chosen_iterations(last, MAX_ITERATIONS, keep)
    mixtures = [run.states[t].mixture for t in iterations]
    parts = ("weights", "means", "covariances")
    truth = {}
    if view.colour == "truth":
        numbers = label_colours(dataset.labels, e_step(dataset.X, run.states[-1].mixture)[0])
        colours = [rgb(PALETTE[number % len(PALETTE)]) for number in numbers]
        truth = {"labels": packed(dataset.labels, "u1"), "label_colours": colours}
    return {
        "mode": "steps" if view.steps else "whole",
        "iterations": iterations,
        "last": last,
        "points": packed(dataset.X.T, "f8"),
        "plane": list(view.plane),
        "mixtures": {name: packed([getattr(m, name) for m in mixtures], "f8") for name in parts},
        "colour": view.colour,
        "member": view.member,
        "palette": [rgb(colour) for colour in PALETTE],
        "grey": rgb(GREY),
        "words": WORDS,
        "curves": [{"axes": "2", "trace": "log-likelihood", "log": False}],
        **truth,
    }
