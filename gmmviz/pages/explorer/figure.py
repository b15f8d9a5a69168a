"""True labels beside predicted labels: two planes that move together; and the board on which points are drawn."""

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, e_step
from gmmviz.figures.arrays import packed
from gmmviz.figures.codes import label_colours
from gmmviz.figures.planes import planes_layout
from gmmviz.figures.scene import anchor, plane, scene
from gmmviz.figures.traces import AXIS, MARGIN, QUIET, titled, trace
from gmmviz.geometry import extent, subsample
from gmmviz.theme import PALETTE

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "x", "star")


def labels_figure(dataset: Dataset, mixture: Mixture) -> dict:
    """Return two scatter plots of a labelled dataset, as a plain Plotly figure dict.

    Left the true labels, right each point's most probable component; a colour and a symbol for each. A true group takes
    the colour of the component that it shares most points with.
    """
    rows = subsample(len(dataset.X))
    X, labels = dataset.X[rows], dataset.labels[rows]
    R = e_step(X, mixture)[0]
    predicted = R.argmax(axis=1)
    left = _groups(X, labels, label_colours(labels, R), "true group", "x", "y")
    right = _groups(X, predicted, range(mixture.n_components), "component", "x2", "y2")
    return {"data": left + right, "layout": _layout(dataset)}


def _groups(X, labels, colours, word: str, xaxis: str, yaxis: str) -> list[dict]:
    return [
        trace(
            "markers",
            f"{word} {group + 1}",
            x=packed(X[labels == group, 0], "f4"),
            y=packed(X[labels == group, 1], "f4"),
            xaxis=xaxis,
            yaxis=yaxis,
            marker={
                "color": PALETTE[colours[group] % len(PALETTE)],
                "symbol": SYMBOLS[colours[group] % len(SYMBOLS)],
                "size": 6,
            },
            hovertemplate=f"{word} {group + 1}<extra></extra>",
        )
        for group in np.unique(labels)
    ]


def _layout(dataset: Dataset) -> dict:
    across, up = extent(dataset.X[:, :2])
    equal = {"scaleanchor": "x"} if dataset.equal_axes else {}
    names = [{"text": text, "x": x} for text, x in (("True labels", 0.23), ("Predicted labels", 0.77))]
    heading = {"xref": "paper", "yref": "paper", "y": 1.0, "yanchor": "bottom", "showarrow": False}
    return {
        "xaxis": AXIS
        | {
            "domain": [0, 0.46],
            "range": across,
        }
        | titled(dataset.columns[0]),
        "xaxis2": AXIS
        | {
            "domain": [0.54, 1],
            "matches": "x",
        }
        | titled(dataset.columns[0]),
        "yaxis": AXIS | {"range": up} | titled(dataset.columns[1]) | equal,
        "yaxis2": AXIS | {"anchor": "x2", "matches": "y"},
        "annotations": [name | heading for name in names],
        "margin": MARGIN | {"t": 30},
    }


def board(dataset: Dataset) -> dict:
    """Return the picture of points that are too few to fit, for the player: no Gaussian, and no curve yet."""
    nobody = packed(np.empty((1, 0, 2)), "f8")
    layout = planes_layout(dataset.box, dataset.columns, equal=dataset.equal_axes, side=["2"])
    empty = QUIET | {"range": [0, 1], "showticklabels": False}
    return {
        "data": [anchor(), anchor("2")],
        "layout": layout
        | {
            "xaxis2": empty | {"anchor": "y2", "title": {"text": "Iteration"}},
            "yaxis2": empty | {"anchor": "x2", "title": {"text": "Log-likelihood"}},
        },
        "scene": scene(
            [0],
            [plane(["points"], centres=nobody, colour="none")],
            clouds=[dataset.X],
            mixtures=[],
            steps=False,
        ),
    }
