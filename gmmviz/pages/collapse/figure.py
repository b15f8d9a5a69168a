"""The film of a collapse: the explorer's film, and under its curve the smallest variance on a logarithmic axis."""

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.em import Run
from gmmviz.figures.arrays import packed
from gmmviz.figures.film import View, film
from gmmviz.figures.traces import LINE, marker_here, trace


def collapse_film(
    dataset: Dataset, run: Run, variances: np.ndarray, floor: float, view: View, keep: int = 0
) -> dict:
    """Return the film of a run with a third plot, as a plain Plotly figure dict for the player.

    Parameters
    ----------
    dataset, run, view, keep
        As in `gmmviz.figures.film.film`.
    variances : (T,) array
        The smallest variance at each state, in squared units of the data.
    floor : float
        The least that EM adds to a variance, in the same units, or 0.
    """
    figure = film(dataset, run, view, keep, complete=False)
    marker = len(figure["data"]) + 1
    here = marker_here(xaxis="x3", yaxis="y3", x=[0], y=[float(variances[0])])
    figure["data"] += [_curve(variances), here]
    for frame, shown in zip(figure["frames"], figure["layout"]["meta"]["iterations"], strict=True):
        frame["data"] = [*frame["data"], {"x": [shown], "y": [float(variances[shown])]}]
        frame["traces"] = [*frame["traces"], marker]
    _make_room(figure["layout"])
    figure["layout"]["annotations"] += _marks(run, variances, floor)
    return figure


def _make_room(layout: dict) -> None:
    """Put a third plot, with a logarithmic axis, under the second."""
    layout["yaxis2"] |= {"domain": [0.56, 1.0]}
    layout["xaxis2"] |= {"title": {"text": ""}}
    layout["xaxis3"] = layout["xaxis2"] | {"anchor": "y3", "title": {"text": "Iteration"}}
    layout["yaxis3"] = layout["yaxis2"] | {
        "anchor": "x3",
        "domain": [0.0, 0.44],
        "type": "log",
        "exponentformat": "power",
        "title": {"text": "Smallest variance"},
    }
    layout["yaxis3"].pop("range", None)
    layout["meta"]["narrow"] = {"yaxis": [0.54, 1.0], "yaxis2": [0.28, 0.44], "yaxis3": [0.0, 0.18]}


def _marks(run: Run, variances: np.ndarray, floor: float) -> list[dict]:
    """Return the arrows to where the run breaks off, and to the floor."""
    last, marks = len(run.states) - 1, []
    if run.stop_reason == "collapsed":
        marks.append(_mark(last, np.log10(variances[last]), "breaks off here"))
    if floor > 0:
        marks.append(_mark(last, np.log10(floor), "the floor"))
    return marks


def _curve(variances: np.ndarray) -> dict:
    return trace(
        "lines+markers",
        "smallest variance",
        x=packed(np.arange(len(variances)), "u2"),
        y=packed(variances, "f8"),
        xaxis="x3",
        yaxis="y3",
        line={"color": LINE, "width": 2},
        marker={"size": 4, "color": LINE},
        hovertemplate="iteration %{x}: %{y:.2e}<extra></extra>",
    )


def _mark(iteration: int, log_variance: float, text: str) -> dict:
    place = {"x": iteration, "y": float(log_variance), "xref": "x3", "yref": "y3", "ax": -45, "ay": -18}
    return place | {"text": text, "showarrow": True, "arrowhead": 2, "arrowcolor": LINE}
