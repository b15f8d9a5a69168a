"""A film for the player: the points once, of each iteration its mixture, and no picture of any.

The browser derives the rest: colours by its own E-step, ellipses, regions, what stands between two iterations. A film
is a plain dict: `data` and `layout`, what Plotly draws, axes and curves; and `scene`, what the player paints: planes,
each with layers from the undermost up (the player's module stage.js has them by name), on clouds of points and
histories of mixtures that planes may share.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, Run, e_step
from gmmviz.figures.arrays import packed
from gmmviz.figures.codes import label_colours
from gmmviz.figures.curve import curve
from gmmviz.figures.film import View, plane_layout, point_colours
from gmmviz.figures.frames import chosen_iterations
from gmmviz.figures.narration import DESCRIPTION, RUNS, WORDS, said_of
from gmmviz.figures.traces import trace
from gmmviz.theme import GREY, PALETTE, rgb

MAX_ITERATIONS = 500
"""Iterations that a film shows at most; the curve shows every one."""
MOST_NUMBERS, FEWEST_ITERATIONS = 1_000_000, 20
"""Numbers of mixtures that a film brings along at most, and iterations that it shows all the same."""


# --- Any film ---------------------------------------------------------------------------------------------------------


def most_iterations(*mixtures: Mixture) -> int:
    """Return how many iterations a film shows at most of runs with such mixtures: fewer of many features."""
    numbers = sum(one.weights.size + one.means.size + one.covariances.size for one in mixtures)
    return min(MAX_ITERATIONS, max(FEWEST_ITERATIONS, MOST_NUMBERS // numbers))


def shown_iterations(last: int, keep: int = 0, most: int | None = None) -> list[int]:
    """Return the iterations 0 ... last that a film shows: all, or `most` of them with `keep`, by default the most."""
    return chosen_iterations(last, most or MAX_ITERATIONS, keep)


def shown_states(run, iterations: Sequence[int]) -> list:
    """Return a run's states, of EM or of k-means, at the iterations shown: until its end, at which it stays."""
    last = run.states[-1].iteration
    return [run.states[t] for t in [*(t for t in iterations if t < last), last]]


def scene(
    iterations: Sequence[int],
    planes: Sequence[dict],
    *,
    clouds: Sequence[np.ndarray],
    mixtures: Sequence[Sequence[Mixture]],
    curves: Sequence[dict] = (),
    steps: bool = True,
    words: dict[str, str] = WORDS,
    ends: Sequence[tuple[str, int]] = (),
    narration: dict | None = None,
) -> dict:
    """Return what the player paints.

    Parameters
    ----------
    iterations : sequence of int
        Those shown.
    planes : sequence of dict
        As `plane` makes them.
    clouds : sequence of (N, D) array
        Points, which planes name by their place here.
    mixtures : sequence of sequence of Mixture
        Histories, which planes name by their place here: one mixture for each iteration shown until the run ended.
    curves : sequence of dict
        As `curve_of` makes them.
    steps : bool
        Whether E- and M-step are halves of their own.
    words : dict of str to str
        What each kind of stop is called, see `gmmviz.figures.narration.WORDS`.
    ends : sequence of (str, int)
        The names of several runs, and their last iterations, for {runs} in the words.
    narration : dict, optional
        As `gmmviz.figures.narration.said_of` makes it: what the film says in sentences of its first plane.
    """
    return {
        "mode": "steps" if steps else "whole",
        "iterations": list(iterations),
        "last": iterations[-1],
        "words": words,
        "runs": RUNS,
        "description": DESCRIPTION,
        "narration": narration,
        "ends": [list(end) for end in ends],
        "palette": [rgb(colour) for colour in PALETTE],
        "grey": rgb(GREY),
        "clouds": [packed(np.transpose(X), "f8") for X in clouds],
        "mixtures": [_packed(history) for history in mixtures],
        "planes": list(planes),
        "curves": list(curves),
    }


def _packed(mixtures: Sequence[Mixture]) -> dict:
    parts = ("weights", "means", "covariances")
    return {name: packed([getattr(mixture, name) for mixture in mixtures], "f8") for name in parts}


def plane(layers: Sequence[str], *, axes: str = "", features: tuple[int, int] = (0, 1), **rest) -> dict:
    """Return one plane of a scene.

    Parameters
    ----------
    layers : sequence of str
        The player's, from the undermost up.
    axes : str
        Plotly's: "" for xaxis and yaxis, "2" for xaxis2 and yaxis2.
    features : tuple of int
        Which of the points' features go across and up.
    **rest
        `colour`, what a point's colour says (a colour of `View`, "clusters" or "none"), and what the layers need.
    """
    own = {"cloud": 0, "mixtures": 0, "colour": "responsibility", "rings": [1, 2, 3]}
    return {"axes": axes, "plane": list(features), "layers": list(layers)} | own | rest


def clusters(states: Sequence) -> dict:
    """Return what a plane has in place of a mixture's history: k-means' centres at these states, and the points tied.

    Its layers are "regions", "points", "ties" and "means".
    """
    found = {"centres": packed([state.centres for state in states], "f8"), "colour": "clusters"}
    if any(len(state.ties) for state in states):
        found["ties"] = [state.ties.tolist() for state in states]
    return found


def true_colours(labels: np.ndarray, shares: np.ndarray) -> dict:
    """Return what colours a plane's points (N,) by their true labels, matched to shares (N, K) at the end of a run."""
    numbers = label_colours(labels, shares)
    colours = [rgb(PALETTE[number % len(PALETTE)]) for number in numbers]
    return {"colour": "truth", "labels": packed(labels, "u1"), "label_colours": colours}


def curve_of(name: str, axes: str, log: bool = False) -> dict:
    """Return a curve of the scene: the trace of that name on these axes, on which the player sets its marker."""
    return {"axes": axes, "trace": name, "log": log}


def anchor(axes: str = "") -> dict:
    """Return a trace that shows nothing, so that Plotly draws a plane's axes."""
    on = {"xaxis": f"x{axes}", "yaxis": f"y{axes}"}
    return trace("markers", "points", x=[None], y=[None], hoverinfo="skip", **on)


# --- The film of one run ----------------------------------------------------------------------------------------------


def scene_film(dataset: Dataset, run: Run, view: View = View(), keep: int = 0) -> dict:  # noqa: B008
    """Return the film of a run on a dataset: the plane, and the log-likelihood beside it.

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
        data, layout and scene, for the player.
    """
    if view.colour == "truth" and dataset.labels is None:
        view = view._replace(colour="responsibility")
    points = anchor()
    if view.colour == "membership":
        points["marker"] = point_colours(dataset.X, None, run, view)
    last = run.states[-1]
    iterations = shown_iterations(last.iteration, keep, most_iterations(last.mixture))
    colours = {"colour": view.colour, "member": view.member}
    if view.colour == "truth":
        colours |= true_colours(dataset.labels, e_step(dataset.X, run.states[-1].mixture)[0])
    return {
        "data": [points, curve(run)],
        "layout": plane_layout(dataset, run, view),
        "scene": scene(
            iterations,
            [plane(["points", "gaussians", "hand", "means"], features=view.plane, **colours)],
            clouds=[dataset.X],
            mixtures=[[state.mixture for state in shown_states(run, iterations)]],
            curves=[curve_of("log-likelihood", "2")],
            steps=view.steps,
            narration=said_of(
                dataset.X,
                run,
                [dataset.columns[i] for i in view.plane],
                plane=view.plane,
                equal=dataset.equal_axes,
            ),
        ),
    }
