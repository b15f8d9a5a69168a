"""K-means beside a mixture: hard regions with their borders left, soft ones right, for the player.

Both sides show the same iteration; whichever ends first stays at its end.
"""

from __future__ import annotations

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.em import e_step
from gmmviz.figures.narration import WORDS_OF_TWO
from gmmviz.figures.planes import axes_of, planes_layout
from gmmviz.figures.scene import anchor, clusters, plane, scene, shown_iterations, shown_states, true_colours
from gmmviz.geometry import extent
from gmmviz.pages.k_means.numbers import PairedRuns

HEADINGS = ("K-means: hard", "Mixture (EM): soft")
LEFT, RIGHT = axes_of(len(HEADINGS))


def k_means_film(
    dataset: Dataset,
    runs: PairedRuns,
    point: tuple[float, float] | None = None,
    *,
    reveal: bool = False,
    steps: bool = True,
    keep: int = 0,
) -> dict:
    """Return the film of both runs on a dataset of two features, as the player takes it.

    Parameters
    ----------
    dataset : Dataset
        The points (N, 2).
    runs : PairedRuns
        K-means and EM on them, from the same means.
    point : tuple of float, optional
        Where a star stands on both sides.
    reveal : bool
        Whether the points have the colours of their true labels, where they are known, each in the colour of the
        cluster or component that it matches on that side at the end of the run; otherwise each side's own answer.
    steps : bool
        Whether the two steps are halves of their own.
    keep : int
        An iteration that must be among those shown.
    """
    iterations = shown_iterations(runs.last, keep)
    hard, soft = (shown_states(run, iterations) for run in (runs.kmeans, runs.em))
    truth_left, truth_right = _true_colours(dataset, runs) if reveal else ({}, {})
    star, spot = (["spot"], {"spot": list(point)}) if point else ([], {})
    left = plane(
        ["regions", "points", "ties", "hand", "means", *star],
        axes=LEFT,
        heading=HEADINGS[0],
        **spot | clusters(hard) | truth_left,
    )
    right = plane(
        ["soft", "points", "gaussians", "hand", "means", *star],
        axes=RIGHT,
        heading=HEADINGS[1],
        rings=[1, 2],
        **spot | truth_right,
    )
    return {
        "data": [anchor(LEFT), anchor(RIGHT)],
        "layout": planes_layout(
            extent(dataset.X), dataset.columns, HEADINGS, equal=dataset.equal_axes, grid=False
        ),
        "scene": scene(
            iterations,
            [left, right],
            clouds=[dataset.X],
            mixtures=[[state.mixture for state in soft]],
            steps=steps,
            words=WORDS_OF_TWO,
            ends=[("k-means", runs.kmeans.states[-1].iteration), ("EM", runs.em.states[-1].iteration)],
        ),
    }


def _true_colours(dataset: Dataset, runs: PairedRuns) -> tuple[dict, dict]:
    """Return what colours the points by their true labels, if they are known, on either side."""
    if dataset.labels is None:
        return {}, {}
    hard = np.eye(len(runs.kmeans.states[0].centres))[runs.kmeans.states[-1].labels]
    soft = e_step(dataset.X, runs.em.states[-1].mixture)[0]
    return true_colours(dataset.labels, hard), true_colours(dataset.labels, soft)
