"""What several figures draw alike: a trace, the Gaussians' ellipses, their numbered means."""

import numpy as np

from gmmviz.figures.arrays import packed
from gmmviz.plain import in_figure
from gmmviz.theme import PALETTE

LINE = "#808a94"  # lines that are no component's: readable on both themes
AXIS = {
    "zeroline": False,
    # Numbers as `gmmviz.numerals.numeral` writes them: thousands apart, powers of ten only beyond 10^5. In a hover's
    # words Plotly makes its minus of the hyphen where an axis' format, or a trace's, wrote the number: "%{x}", and not
    # where the words do it themselves: "%{x:.4~r}".
    "separatethousands": True,
    "exponentformat": "power",
    "minexponent": 5,
    "hoverformat": ",.4~r",
}
"""What all axes share."""
QUIET = AXIS | {"showline": False, "automargin": True}  # what all axes of a film share
MARGIN = {"l": 10, "r": 10, "t": 10, "b": 10}
HANDS = {"hovermode": "closest", "dragmode": "pan", "showlegend": False}  # how a film takes the mouse


def trace(mode: str, name: str, **rest) -> dict:
    """Return a scatter trace without an entry in the legend."""
    return {"type": "scatter", "mode": mode, "name": name, "showlegend": False} | rest


def titled(name: str) -> dict:
    """Return what names an axis: a text, which may be a user's own."""
    return {"title": {"text": in_figure(name)}}


def outline(width: float) -> dict:
    """Return the white line around a disc, which sets it apart from what is under it."""
    return {"width": width, "color": "#ffffff"}


def marker_here(**place) -> dict:
    """Return the marker of the iteration shown, on the axes of a curve; each frame puts it in its place."""
    marker = {"size": 13, "color": LINE, "line": outline(2)}
    return trace("markers", "iteration shown", marker=marker, hoverinfo="skip", cliponaxis=False) | place


def rings_here(**places) -> dict:
    """Return rings around what is chosen or best on a curve that stands still; no component has their colour."""
    marker = {"size": 17, "color": LINE, "symbol": "circle-open", "line": {"width": 3}}
    return trace("markers", "marked", marker=marker, hoverinfo="skip", cliponaxis=False) | places


def numbered_means(K: int, name: str, size: int = 20, digits: int = 12, marker=(), **rest) -> dict:
    """Return K discs in their components' colours, each with its number; `size` and `digits` in pixels."""
    return trace(
        "markers+text",
        name,
        text=[str(k + 1) for k in range(K)],
        textfont={"color": "#ffffff", "size": digits, "weight": "bold"},
        marker={"size": size, "color": PALETTE[:K], "line": outline(1.5), **dict(marker)},
        **rest,
    )


def ellipses(k: int, **axes) -> dict:
    """Return the line of component k's ellipses, which the frames put in place."""
    line = {"color": PALETTE[k], "width": 2, "shape": "spline", "smoothing": 1}
    return trace("lines", f"component {k + 1}", line=line, hoverinfo="skip", **axes)


def ellipse_updates(rings: np.ndarray, weights: np.ndarray) -> list[dict]:
    """Return where the ellipses stand, from rings (K, M, 2); a component with little weight (K,) is drawn faintly."""
    strengths = 0.3 + 0.7 * np.minimum(1.0, weights * len(weights)) ** 0.5
    return [
        {
            "x": packed(ring[:, 0], "f4"),
            "y": packed(ring[:, 1], "f4"),
            "opacity": round(float(strength), 3),
        }
        for ring, strength in zip(rings, strengths, strict=True)
    ]


def opened_at(frame: dict, traces: list[dict]) -> list[dict]:
    """Return the traces as they stand at a frame, whose `data` change the traces that it numbers in `traces`."""
    updates = dict(zip(frame["traces"], frame["data"], strict=True))
    return [_updated(trace, updates.get(i, {})) for i, trace in enumerate(traces)]


def _updated(trace: dict, update: dict) -> dict:
    marker = trace.get("marker", {}) | update.get("marker", {})
    return trace | update | ({"marker": marker} if marker else {})
