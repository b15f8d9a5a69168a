"""The film of a run in one dimension, for the player: points on a line, weighted curves and their sum above them."""

from __future__ import annotations

import numpy as np

from gmmviz.density import density
from gmmviz.em import Mixture, Run
from gmmviz.figures.arrays import packed
from gmmviz.figures.curve import curve, curve_axes
from gmmviz.figures.narration import said_of
from gmmviz.figures.planes import planes_layout
from gmmviz.figures.scene import anchor, curve_of, plane, scene, shown_iterations, shown_states
from gmmviz.figures.traces import LINE
from gmmviz.geometry import extent

TALLEST = 3  # a peak may be so many times as high as the median iteration's highest, or it is cut off
# Where the line of points stands, in shares of the height, and the step down to an equal point.
LEVEL, STACK = -0.06, 0.03


def line_film(X: np.ndarray, run: Run, row: int, *, steps: bool = True, keep: int = 0) -> dict:
    """Return the film of a run in one dimension, as the player takes it.

    Parameters
    ----------
    X : (N, 1) array
        The points.
    run : Run
        The history of EM on them.
    row : int
        The point, from 0, that is marked.
    steps : bool
        Whether E- and M-step are halves of their own.
    keep : int
        An iteration that must be among those shown.
    """
    iterations = shown_iterations(run.states[-1].iteration, keep)
    top, _ = heights(run)
    stand = levels(X[:, 0], top)
    line = plane(
        ["curves", "points", "marked", "means"],
        features=(0, 0),
        heights=packed(stand, "f8"),
        top=top,
        row=row,
    )
    return {
        "data": [anchor(), curve(run)],
        "layout": _layout(X, run, stand, top),
        "scene": scene(
            iterations,
            [line],
            clouds=[X],
            mixtures=[[state.mixture for state in shown_states(run, iterations)]],
            curves=[curve_of("log-likelihood", "2")],
            steps=steps,
            narration=said_of(X, run, ["x"], plane=(0,)),
        ),
    }


def heights(run: Run) -> tuple[float, float]:
    """Return the height of the picture, and the highest peak of any curve: a spike is cut off where it is higher.

    The start's curves fit whatever comes after, unless they are spikes themselves.
    """
    peaks = np.array([_peaks(state.mixture).max() for state in run.states])
    usual = np.median(peaks)
    height = max(TALLEST * usual, min(peaks[0], 4 * TALLEST * usual))
    return float(min(peaks.max(), height)), float(peaks.max())


def _peaks(mixture: Mixture) -> np.ndarray:
    """Return the density (K,) at the means."""
    return density(mixture.means, mixture)


def levels(x: np.ndarray, top: float) -> np.ndarray:
    """Return how high each point stands: on one line under the curves, points of equal x one below another.

    >>> levels(np.array([3.0, 1.0, 3.0]), top=1.0).round(2).tolist()
    [-0.06, -0.06, -0.09]
    """
    order = np.argsort(x, kind="stable")
    starts = np.r_[True, np.diff(x[order]) > 0]
    rank = np.empty(len(x), dtype=int)
    rank[order] = np.arange(len(x)) - np.maximum.accumulate(np.where(starts, np.arange(len(x)), 0))
    return top * (LEVEL - STACK * np.minimum(rank, 3))


def _layout(X: np.ndarray, run: Run, stand: np.ndarray, top: float) -> dict:
    across, up = _across(X, run), [float(stand.min()) - 0.06 * top, 1.12 * top]
    layout = planes_layout([across, up], ("x", "Weighted density"), equal=False, side=["2"])
    layout["yaxis"] |= {"zeroline": True, "zerolinecolor": LINE}
    return layout | curve_axes(run)


def _across(X: np.ndarray, run: Run) -> list[float]:
    """Return the range of x: all points, and the means of every iteration as long as they are not far off."""
    x = X[:, 0]
    room = np.ptp(x) or 1.0
    means = np.concatenate([state.mixture.means[:, 0] for state in run.states])
    near = means[(means > x.min() - room) & (means < x.max() + room)]
    shown = np.concatenate([x, near])
    return extent(np.column_stack([shown, shown]), margin=0.12)[0]
