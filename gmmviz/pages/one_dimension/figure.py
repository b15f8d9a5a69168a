"""The film of a run in one dimension: points on a line, the weighted curves and their sum above them.

`line_film` returns the plain dict (data, layout, frames) that the player takes, like `gmmviz.figures.film`: beside the
line the log-likelihood, points coloured by 16-bit codes, traces the same in every frame.
"""

from __future__ import annotations

import numpy as np

from gmmviz.density import density, log_joint
from gmmviz.em import Mixture, Run, e_step
from gmmviz.figures.arrays import packed
from gmmviz.figures.codes import SURE, belonging_codes, code_meta, code_range
from gmmviz.figures.curve import PLANE, curve, curve_axes, curve_marker
from gmmviz.figures.frames import MAX_FRAMES, chosen_iterations, whole_label
from gmmviz.figures.traces import HANDS, LINE, MARGIN, QUIET, numbered_means, opened_at, outline, trace
from gmmviz.geometry import extent
from gmmviz.numerals import numeral
from gmmviz.theme import PALETTE, belonging_scale, rgb

# Standard deviations around its mean at which a component's curve is drawn: out to where even a spike's is flat.
REACH = np.concatenate([[-9, -7, -6], np.linspace(-5, 5, 71), [6, 7, 9]])
TALLEST = 3  # a peak may be so many times as high as the median frame's highest, or it is cut off
# Where the line of points stands, in shares of the height, and the step down to an equal point.
LEVEL, STACK = -0.06, 0.03
HOVER = "point %{text}: x = %{x}<br>" + SURE + "<extra></extra>"
HOVER_MEAN = "mean of component %{text}<br>%{x}<extra></extra>"


def line_film(X: np.ndarray, run: Run, row: int, keep: int = 0) -> dict:
    """Return the film of a run in one dimension, as a plain Plotly figure dict for the player.

    Parameters
    ----------
    X : (N, 1) array
        The points.
    run : Run
        The history of EM on them.
    row : int
        The point, from 0, that is marked.
    keep : int
        An iteration that must be among the frames.
    """
    states = [run.states[t] for t in chosen_iterations(run.states[-1].iteration, MAX_FRAMES, keep)]
    top, _ = heights(run)
    frames = [_frame(X, state, row, top) for state in states]
    return {
        "data": _traces(X, run, top, frames[0]),
        "layout": _layout(X, run, states, top),
        "frames": frames,
    }


def heights(run: Run) -> tuple[float, float]:
    """Return the height of the picture, and the highest peak of any curve: a spike is cut off where it is higher."""
    peaks = np.array([_peaks(state.mixture).max() for state in run.states])
    return float(min(peaks.max(), TALLEST * np.median(peaks))), float(peaks.max())


def curves(mixture: Mixture) -> tuple[np.ndarray, np.ndarray]:
    """Return x (K, M) and y (K, M) of the weighted densities, each drawn around its own mean.

    So a spike is as smooth as a broad curve, and each integrates to its weight.
    """
    deviations = np.sqrt(mixture.covariances[:, 0, 0])
    heights = mixture.weights / deviations / np.sqrt(2 * np.pi)
    return mixture.means + deviations[:, None] * REACH, heights[:, None] * np.exp(-(REACH**2) / 2)


def _peaks(mixture: Mixture) -> np.ndarray:
    """Return the density (K,) at the means."""
    return density(mixture.means, mixture)


# --- Frames -----------------------------------------------------------------------------------------------------------


def _frame(X: np.ndarray, state, row: int, top: float) -> dict:
    """Return what changes: points, sum, curves, the heights at the marked point, means, the curve's marker."""
    mixture, K = state.mixture, state.mixture.n_components
    codes = packed(belonging_codes(e_step(X, mixture)[0]), "u2")
    x, y = curves(mixture)
    everywhere = np.sort(x, axis=None)
    total = {"x": packed(everywhere, "f4"), "y": packed(density(everywhere[:, None], mixture), "f4")}
    at_point = np.exp(log_joint(X[row : row + 1], mixture))[0]
    at = float(X[row, 0])
    # Nothing of it changes, but a trace left out of a frame would fall behind the others.
    chosen = {"x": [at, at], "y": [float(levels(X[:, 0], top)[row]), 1.1 * top]}
    at_curves = [*at_point.tolist(), float(at_point.sum())]
    said = [numeral(value, ".4g") for value in at_curves]
    marks = {"x": [at] * (K + 1), "y": at_curves, "customdata": said}
    own_peaks = y.max(axis=1)
    means = {"x": mixture.means[:, 0].tolist(), "y": np.minimum(own_peaks, top).tolist()}
    marker = {"x": [state.iteration], "y": [state.log_likelihood]}
    components = [{"x": packed(x[k], "f4"), "y": packed(y[k], "f4")} for k in range(K)]
    return {
        "name": str(state.iteration),
        "data": [{"marker": {"color": codes}}, total, *components, chosen, marks, means, marker],
        "traces": [*range(K + 5), K + 6],
    }


# --- Traces -----------------------------------------------------------------------------------------------------------


def _traces(X: np.ndarray, run: Run, top: float, first: dict) -> list[dict]:
    """Return all traces, standing at the first frame."""
    K = run.states[0].mixture.n_components
    places = levels(X[:, 0], top)
    traces = [_points(X, places, K), _total(), *(_component(k) for k in range(K))]
    traces += [_chosen(), _marks(K), numbered_means(K, "means", hovertemplate=HOVER_MEAN)]
    return opened_at(first, [*traces, curve(run), curve_marker()])


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


def _points(X: np.ndarray, places: np.ndarray, K: int) -> dict:
    return trace(
        "markers",
        "points",
        x=packed(X[:, 0], "f4"),
        y=packed(places, "f4"),
        text=[str(n + 1) for n in range(len(X))],
        marker={
            "size": 10,
            "opacity": 0.85,
            "line": {"width": 0},
            "colorscale": belonging_scale(K),
            **code_range(K),
        },
        meta=code_meta(K),
        hovertemplate=HOVER,
    )


def _component(k: int) -> dict:
    red, green, blue = rgb(PALETTE[k])
    return trace(
        "lines",
        f"component {k + 1}",
        line={"color": PALETTE[k], "width": 2.5},
        fill="tozeroy",
        fillcolor=f"rgba({red}, {green}, {blue}, 0.15)",
        hoverinfo="skip",
    )


def _total() -> dict:
    return trace("lines", "their sum", line={"color": LINE, "width": 2, "dash": "dot"}, hoverinfo="skip")


def _chosen() -> dict:
    """A ring around the marked point, and a line from it up through the curves."""
    return trace(
        "lines+markers",
        "marked point",
        line={"color": LINE, "width": 1},
        marker={
            "symbol": "circle-open",
            "size": [20, 0],
            "color": LINE,
            "opacity": 1,
            "line": {"color": LINE, "width": 3},
        },
        hoverinfo="skip",
    )


def _marks(K: int) -> dict:
    """Where the line through the marked point meets the curves: that point's row of the table."""
    return trace(
        "markers",
        "its densities",
        text=[*(f"component {k + 1}" for k in range(K)), "the sum"],
        marker={"size": 9, "color": [*PALETTE[:K], LINE], "line": outline(1.5)},
        hovertemplate="the marked point, %{text}<br>weighted density %{customdata}<extra></extra>",
    )


# --- Layout -----------------------------------------------------------------------------------------------------------


def _layout(X: np.ndarray, run: Run, states: list, top: float) -> dict:
    across, up = _across(X, run), [float(levels(X[:, 0], top).min()) - 0.06 * top, 1.12 * top]
    last = run.states[-1].iteration
    return {
        "xaxis": QUIET | {"domain": PLANE, "range": across, "title": {"text": "x"}, "hoverformat": ",.6~r"},
        "yaxis": QUIET
        | {"range": up, "zeroline": True, "zerolinecolor": LINE, "title": {"text": "Weighted density"}},
        **curve_axes(run),
        "annotations": [],
        "margin": MARGIN,
        **HANDS,
        "meta": {
            "labels": [whole_label(state.iteration, last) for state in states],
            "iterations": [state.iteration for state in states],
            "extent": [across, up],
            "equal": False,
            "planes": [""],
            "narrow": {"yaxis": [0.44, 1], "yaxis2": [0, 0.3]},
        },
    }


def _across(X: np.ndarray, run: Run) -> list[float]:
    """Return the range of x: all points, and the means of every iteration as long as they are not far off."""
    x = X[:, 0]
    room = np.ptp(x) or 1.0
    means = np.concatenate([state.mixture.means[:, 0] for state in run.states])
    near = means[(means > x.min() - room) & (means < x.max() + room)]
    shown = np.concatenate([x, near])
    return extent(np.column_stack([shown, shown]), margin=0.12)[0]
