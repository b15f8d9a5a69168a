"""The film of a collapse: the explorer's film, and under its curve the smallest variance on a logarithmic axis."""

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.em import Run
from gmmviz.figures.arrays import packed
from gmmviz.figures.film import LINE, View, film
from gmmviz.theme import PALETTE


def collapse_film(
    dataset: Dataset, run: Run, variances: np.ndarray, floor: float, view: View, it: int
) -> dict:
    """Return the film of a run as a plain Plotly figure dict, with a third plot.

    variances (T,): the smallest variance at each state; floor: the least that EM adds to a
    variance, in the same units, or 0.
    """
    figure = film(dataset, run, view, it, complete=False)
    marker = len(figure["data"]) + 1
    figure["data"] += [_curve(variances), _marker(variances[0])]
    for frame, shown in zip(figure["frames"], figure["layout"]["meta"]["iterations"], strict=True):
        frame["data"] = [*frame["data"], {"x": [shown], "y": [float(variances[shown])]}]
        frame["traces"] = [*frame["traces"], marker]
    layout = figure["layout"]
    last = len(run.states) - 1
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
    if run.stop_reason == "collapsed":
        layout["annotations"] += [_mark(last, np.log10(variances[last]), "breaks off here")]
    if floor > 0:
        layout["annotations"] += [_mark(last, np.log10(floor), "the floor")]
    layout["meta"]["narrow"] = {"yaxis": [0.54, 1.0], "yaxis2": [0.28, 0.44], "yaxis3": [0.0, 0.18]}
    return figure


def _curve(variances: np.ndarray) -> dict:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "smallest variance",
        "x": packed(np.arange(len(variances)), "u2"),
        "y": packed(variances, "f8"),
        "xaxis": "x3",
        "yaxis": "y3",
        "line": {"color": LINE, "width": 2},
        "marker": {"size": 4, "color": LINE},
        "hovertemplate": "iteration %{x}: %{y:.2e}<extra></extra>",
        "showlegend": False,
    }


def _marker(variance: float) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "iteration shown",
        "x": [0],
        "y": [float(variance)],
        "xaxis": "x3",
        "yaxis": "y3",
        "marker": {"size": 13, "color": PALETTE[1], "line": {"width": 2, "color": "#ffffff"}},
        "hoverinfo": "skip",
        "cliponaxis": False,
        "showlegend": False,
    }


def _mark(iteration: int, log_variance: float, text: str) -> dict:
    place = {"x": iteration, "y": float(log_variance), "xref": "x3", "yref": "y3", "ax": -45, "ay": -18}
    return place | {"text": text, "showarrow": True, "arrowhead": 2, "arrowcolor": LINE}
