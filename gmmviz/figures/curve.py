"""The log-likelihood's curve beside a film, with a marker at the iteration shown."""

import numpy as np

from gmmviz.em import Run
from gmmviz.figures.arrays import packed
from gmmviz.figures.traces import LINE, QUIET, marker_here, trace
from gmmviz.geometry import extent
from gmmviz.numerals import numeral

PLANE, CURVE = [0.0, 0.62], [0.72, 1.0]  # the shares of the figure's width


def curve(run: Run) -> dict:
    """Return the log-likelihood of every iteration, also of those that have no frame."""
    values = np.array([state.log_likelihood for state in run.states])
    return trace(
        "lines+markers" if len(values) <= 60 else "lines",
        "log-likelihood",
        x=packed(np.arange(len(values)), "u2"),
        y=packed(values, "f8"),
        xaxis="x2",
        yaxis="y2",
        line={"color": LINE, "width": 2},
        marker={"size": 4, "color": LINE},
        text=["the start", *(f"gain {numeral(gain, '+.3g')}" for gain in np.diff(values))],
        yhoverformat=",.6~f",
        hovertemplate="iteration %{x}: %{y}<br>%{text}<extra></extra>",
    )


def curve_marker() -> dict:
    """Return the marker on the curve."""
    return marker_here(xaxis="x2", yaxis="y2")


def curve_axes(run: Run) -> dict:
    """Return the axes of the log-likelihood's curve.

    Left to Plotly, their ranges would depend on where the marker stands when the figure is drawn, and a curve that is
    flat but for rounding would be blown up to a mountain.
    """
    curve = np.array([(state.iteration, state.log_likelihood) for state in run.states])
    across, (low, high) = extent(curve)
    middle, least = (low + high) / 2, 1e-4 * max(1.0, abs(low))
    if high - low < least:
        low, high = middle - least / 2, middle + least / 2
    every = {"dtick": 1} if len(curve) <= 6 else {}
    iterations = {"domain": CURVE, "anchor": "y2", "title": {"text": "Iteration"}, "range": across} | every
    return {
        "xaxis2": QUIET | iterations,
        "yaxis2": QUIET | {"anchor": "x2", "title": {"text": "Log-likelihood"}, "range": [low, high]},
    }


def fall_marks(run: Run) -> list[dict]:
    """Return a mark where the log-likelihood begins to fall; with a high floor it may fall many times in a row."""
    falls = [event.iteration for event in run.events if event.kind == "decreased"]
    return [_fall_mark(run, t) for t in falls if t - 1 not in falls]


def _fall_mark(run: Run, iteration: int) -> dict:
    """Return an arrow to where the log-likelihood fell, or to the last state before it would have."""
    state = run.states[min(iteration, len(run.states) - 1)]
    place = {"x": state.iteration, "y": state.log_likelihood, "xref": "x2", "yref": "y2", "ay": 40, "ax": 0}
    return place | {"text": "fell here", "showarrow": True, "arrowhead": 2, "arrowcolor": LINE}
