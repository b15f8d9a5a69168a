"""The film of a collapse: the explorer's film, and under its curve the smallest variance on a logarithmic axis."""

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.em import Run
from gmmviz.figures.arrays import packed
from gmmviz.figures.film import View
from gmmviz.figures.scene import curve_of, scene_film
from gmmviz.figures.traces import LINE, trace
from gmmviz.numerals import numeral


def collapse_film(
    dataset: Dataset, run: Run, variances: np.ndarray, floor: float, view: View, keep: int = 0
) -> dict:
    """Return the film of a run with a third plot, as a plain Plotly figure dict for the player.

    Parameters
    ----------
    dataset, run, view, keep
        As in `gmmviz.figures.scene.scene_film`.
    variances : (T,) array
        The smallest variance at each state, in squared units of the data.
    floor : float
        The least that EM adds to a variance, in the same units, or 0.
    """
    figure = scene_film(dataset, run, view, keep)
    figure["data"] += [_curve(variances)]
    (plane,) = figure["scene"]["planes"]
    plane |= {"layers": [*plane["layers"], "lens"], "lens": _smallest(run)}
    figure["scene"]["curves"] += [curve_of("smallest variance", "3", log=True)]
    _make_room(figure["layout"], variances)
    figure["layout"]["annotations"] += _marks(run, variances, floor)
    return figure


def _smallest(run: Run) -> int:
    """Return the component, from 0, that ends with the smallest variance: the one to look at through a magnifier."""
    return int(np.linalg.eigvalsh(run.states[-1].mixture.covariances)[:, 0].argmin())


def _make_room(layout: dict, variances: np.ndarray) -> None:
    """Put a third plot, with a logarithmic axis, under the second."""
    layout["yaxis2"] |= {"domain": [0.56, 1.0]}
    layout["xaxis3"] = layout["xaxis2"] | {"anchor": "y3"}
    layout["yaxis3"] = layout["yaxis2"] | {
        "anchor": "x3",
        "domain": [0.0, 0.44],
        "type": "log",
        "exponentformat": "power",
        "title": {"text": "Smallest variance"},
    }
    low, high = np.log10(variances.min()), np.log10(variances.max())
    margin = 0.06 * (high - low) or 1.0
    layout["yaxis3"]["range"] = [float(low - margin), float(high + margin)]
    layout["meta"]["side"] = ["2", "3"]


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
        text=[numeral(variance, ".3g") for variance in variances],
        hovertemplate="iteration %{x}: %{text}<extra></extra>",
    )


def _mark(iteration: int, log_variance: float, text: str) -> dict:
    place = {"x": iteration, "y": float(log_variance), "xref": "x3", "yref": "y3", "ax": -45, "ay": -18}
    return place | {"text": text, "showarrow": True, "arrowhead": 2, "arrowcolor": LINE}
