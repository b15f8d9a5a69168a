"""K-means beside a mixture, frame by frame: hard regions with their borders left, soft ones right.

`duel` returns a plain dict (data, layout, frames) for the film's player, as `figures.film` does. Both sides show the
same iteration; whichever ends first stays at its end. A frame names all that changes, on both sides, so that the film
can jump; the soft regions are a small picture in the frame's layout.
"""

from __future__ import annotations

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.density import grid, log_joint
from gmmviz.em import State, e_step
from gmmviz.figures.arrays import packed
from gmmviz.figures.film import (
    HOVER,
    LINE,
    MAX_FRAMES,
    belonging_codes,
    chosen_iterations,
    code_steps,
    label_colours,
)
from gmmviz.figures.regions import region_polygons, shares_image
from gmmviz.geometry import ellipse_rings, extent, subsample
from gmmviz.kmeans import KMeansState
from gmmviz.lessons.k_means import Both
from gmmviz.theme import PALETTE, belonging_scale, rgb

N_SHOWN = 1000
"""Points drawn at most on each side: every frame recolours those of both."""

LEFT, RIGHT = [0.0, 0.475], [0.525, 1.0]  # the shares of the figure's width
PICTURE = (160, 120)  # pixels of the soft regions' picture
SPOTS = 7  # every so many pixels, in both directions, a spot that a hover reads
DARK = {"bgcolor": "#30363d"}  # under the hover's white words
WASH = 0.34  # the regions' opacity
HOVER_HARD = "cluster %{customdata}, and nothing else<br>(%{x:.4~g}, %{y:.4~g})<extra></extra>"
HOVER_SOFT = (
    "%{customdata[2]:.0%} component %{customdata[1]}, %{customdata[4]:.0%} component %{customdata[3]}<br>"
    "density %{customdata[0]:.3~g}<br>at (%{x:.4~g}, %{y:.4~g})<extra></extra>"
)
HOVER_ONE = "100% component 1<br>density %{customdata[0]:.3~g}<br>at (%{x:.4~g}, %{y:.4~g})<extra></extra>"


def duel(dataset: Dataset, both: Both, colour: str = "component", it: int = 0) -> dict:
    """Return the film of both runs on a dataset of two features, as a plain Plotly figure dict.

    colour: "component", each side's own answer, or "truth", the true labels where they are known, each in the colour of
    the cluster or component that it matches on that side at the end of the run; it: an iteration that must be among the
    frames.
    """
    rows = subsample(len(dataset.X), N_SHOWN)
    X = dataset.X[rows]
    truth = None if dataset.labels is None or colour != "truth" else dataset.labels[rows]
    chosen = chosen_iterations(both.last, MAX_FRAMES, it)
    box = frame_box(extent(dataset.X), dataset.equal_axes)
    K = both.em.states[0].mixture.n_components
    shares = np.eye(K)[both.kmeans.states[-1].labels[rows]], e_step(X, both.em.states[-1].mixture)[0]
    hard, soft = (None if truth is None else _truth_colours(truth, R) for R in shares)
    sides = [_Hard(dataset.X, rows, K, hard), _Soft(X, K, soft, box)]
    frames = []
    for t in chosen:
        states = [run.states[min(t, run.states[-1].iteration)] for run in (both.kmeans, both.em)]
        updates = sides[1].updates(states[1]) + sides[0].updates(states[0])
        layout = {"images": [sides[1].picture]}
        frames.append(
            {"name": str(t), "data": updates, "traces": list(range(len(updates))), "layout": layout}
        )
    traces = sides[1].traces() + sides[0].traces()
    for trace, update in zip(traces, frames[0]["data"], strict=True):
        marker = trace.get("marker", {}) | update.get("marker", {})
        trace |= update | ({"marker": marker} if marker else {})
    return {"data": traces, "layout": _layout(dataset, both, chosen, frames[0]["layout"]), "frames": frames}


def with_point(figure: dict, point: tuple[float, float]) -> dict:
    """Return the figure with a star at the point (2,) on both sides."""
    star = {
        "mode": "markers",
        "x": [point[0]],
        "y": [point[1]],
        "marker": {
            "symbol": "star",
            "size": 17,
            "color": "#ffffff",
            "line": {"width": 2, "color": "#000000"},
        },
        "hoverlabel": DARK,
        "hovertemplate": "the new point<br>(%{x:.4~g}, %{y:.4~g})<extra></extra>",
    }
    stars = [_trace("new point", axes, **star) for axes in ("", "2")]
    return figure | {"data": [*figure["data"], *stars]}


def frame_box(shown, equal: bool) -> list[list[float]]:
    """Return a box around the extent shown that also fills planes higher or wider than that, on equal axes."""
    (left, right), (low, high) = shown
    across, up = right - left, high - low
    if equal:
        across, up = max(across, 1.7 * up), max(up, 1.5 * across)
    middle = (left + right) / 2, (low + high) / 2
    return [[m - 0.55 * size, m + 0.55 * size] for m, size in zip(middle, (across, up), strict=True)]


# --- The two sides ----------------------------------------------------------------------------------------------------


class _Hard:
    """K-means' side: regions, points, the ring around a tied point, numbered centres."""

    def __init__(self, X: np.ndarray, rows: np.ndarray, K: int, fixed: dict | None):
        self.X, self.rows, self.K, self.fixed = X, rows, K, fixed
        self.box = [[low - 3 * (high - low), high + 3 * (high - low)] for low, high in extent(X)]

    def updates(self, state: KMeansState) -> list[dict]:
        polygons = region_polygons(state.centres, self.box)
        labels = packed(state.labels[self.rows] + 1, "u1")
        tied = self.X[np.intersect1d(state.ties, self.rows)]
        return [
            *({"x": packed(p[:, 0], "f4"), "y": packed(p[:, 1], "f4")} for p in polygons),
            {"customdata": labels} | ({} if self.fixed else {"marker": {"color": labels}}),
            {"x": tied[:, 0].tolist(), "y": tied[:, 1].tolist()},
            {"x": state.centres[:, 0].tolist(), "y": state.centres[:, 1].tolist()},
        ]

    def traces(self) -> list[dict]:
        K = self.K
        colours = {"cmin": 1, "cmax": max(K, 2), "colorscale": _scale(PALETTE[:K])}
        ring = {"symbol": "diamond-open", "size": 14, "color": LINE, "line": {"width": 3}}
        return [
            *(_region(k) for k in range(K)),
            _points(self.X[self.rows], "", HOVER_HARD, self.fixed or colours),
            _trace("tied points", "", mode="markers", marker=ring, hoverinfo="skip"),
            _centres(K, "", "centre of cluster", "square"),
        ]


class _Soft:
    """The mixture's side: a picture of the regions, points, ellipses, numbered means, spots that a hover reads."""

    def __init__(self, X: np.ndarray, K: int, fixed: dict | None, box):
        self.X, self.K, self.fixed, self.box = X, K, fixed, box
        _, _, self.pixels = grid(box, PICTURE)
        numbers = np.arange(len(self.pixels)).reshape(PICTURE[::-1])
        self.spots = numbers[SPOTS // 2 :: SPOTS, SPOTS // 2 :: SPOTS].ravel()
        self.shown, self.same, self.picture = None, [], {}

    def updates(self, state: State) -> list[dict]:
        mixture = state.mixture
        if self.shown is mixture:
            return self.same
        joint = log_joint(self.pixels, mixture)
        top = joint.max(axis=1, keepdims=True)
        parts = np.exp(joint - top)
        total = parts.sum(axis=1, keepdims=True)
        R, log_density = parts / total, top[:, 0] + np.log(total[:, 0])
        self.shown, self.picture = mixture, _picture(shares_image(R, PICTURE), self.box)
        codes = packed(belonging_codes(e_step(self.X, mixture)[0]), "u2")
        rings = ellipse_rings(mixture.means, mixture.covariances, deviations=(1, 2))
        strengths = 0.3 + 0.7 * np.minimum(1.0, mixture.weights * self.K) ** 0.5
        self.same = [
            {"marker": {"color": codes}} if not self.fixed else {"customdata": codes},
            *(
                {
                    "x": packed(ring[:, 0], "f4"),
                    "y": packed(ring[:, 1], "f4"),
                    "opacity": round(float(strength), 3),
                }
                for ring, strength in zip(rings, strengths, strict=True)
            ),
            {"x": mixture.means[:, 0].tolist(), "y": mixture.means[:, 1].tolist()},
            {"customdata": packed(_readings(R[self.spots], log_density[self.spots]), "f4")},
        ]
        return self.same

    def traces(self) -> list[dict]:
        K = self.K
        colours = {"cmin": 0, "cmax": K * code_steps(K), "colorscale": belonging_scale(K)}
        points = _points(self.X, "2", HOVER, self.fixed or colours) | {
            "meta": {"n_components": K, "steps": code_steps(K)}
        }
        x, y = self.pixels[self.spots].T
        spots = {"mode": "none", "x": packed(x, "f4"), "y": packed(y, "f4")}
        spots |= {"hovertemplate": HOVER_SOFT if K > 1 else HOVER_ONE, "hoverlabel": DARK}
        return [
            points,
            *(_ellipses(k) for k in range(K)),
            _centres(K, "2", "mean of component", "circle"),
            _trace("spots", "2", **spots),
        ]


def _readings(R: np.ndarray, log_density: np.ndarray) -> np.ndarray:
    """Return density, most probable component and its share, the second and its share, for each spot (n, 5)."""
    order = np.argsort(-R, axis=1, kind="stable")[:, :2]
    first, second = order[:, 0], order[:, -1]
    at = np.arange(len(R))
    return np.column_stack([np.exp(log_density), first + 1, R[at, first], second + 1, R[at, second]])


# --- Traces -----------------------------------------------------------------------------------------------------------


def _trace(name: str, axes: str, **rest) -> dict:
    return {
        "type": "scatter",
        "name": name,
        "showlegend": False,
        "xaxis": "x" + axes,
        "yaxis": "y" + axes,
    } | rest


def _points(X: np.ndarray, axes: str, hover: str, colours: dict) -> dict:
    marker = {"size": 6, "opacity": 0.9, "line": {"width": 0.5, "color": "#ffffff"}} | colours
    x, y = packed(X[:, 0], "f4"), packed(X[:, 1], "f4")
    return _trace("points", axes, mode="markers", x=x, y=y, marker=marker, hovertemplate=hover)


def _truth_colours(labels: np.ndarray, R: np.ndarray) -> dict:
    """Return each point's colour: its true group's, matched to one side's shares R (N, K) of the points.

    So a point is right on that side where its colour is its region's.
    """
    colours = [PALETTE[number % len(PALETTE)] for number in label_colours(labels, R)]
    scale = {"cmin": 0, "cmax": max(len(colours) - 1, 1), "colorscale": _scale(colours)}
    return scale | {"color": packed(labels, "u1")}


def _scale(colours: list[str]) -> list[list]:
    """Return a colorscale that gives the whole numbers from cmin to cmax these colours."""
    last = len(colours) - 1
    return (
        [[k / last, colour] for k, colour in enumerate(colours)]
        if last
        else [[i, colours[0]] for i in (0, 1)]
    )


def _region(k: int) -> dict:
    fill = f"rgba({', '.join(map(str, rgb(PALETTE[k])))}, {WASH})"
    line = {"color": LINE, "width": 1.5}
    return _trace(
        f"region {k + 1}", "", mode="lines", fill="toself", fillcolor=fill, line=line, hoverinfo="skip"
    )


def _ellipses(k: int) -> dict:
    line = {"color": PALETTE[k], "width": 2, "shape": "spline", "smoothing": 1}
    return _trace(f"component {k + 1}", "2", mode="lines", line=line, hoverinfo="skip")


def _centres(K: int, axes: str, what: str, symbol: str) -> dict:
    return _trace(
        what,
        axes,
        mode="markers+text",
        text=[str(k + 1) for k in range(K)],
        textfont={"color": "#ffffff", "size": 12, "weight": "bold"},
        marker={
            "symbol": symbol,
            "size": 20,
            "color": PALETTE[:K],
            "line": {"width": 1.5, "color": "#ffffff"},
        },
        hovertemplate=what + " %{text}<br>(%{x:.4~g}, %{y:.4~g})<extra></extra>",
    )


def _picture(source: str, box) -> dict:
    (left, right), (low, high) = box
    place = {"xref": "x2", "yref": "y2", "x": left, "y": high, "sizex": right - left, "sizey": high - low}
    return {"source": source, "sizing": "stretch", "layer": "below", "opacity": WASH} | place


# --- The layout -------------------------------------------------------------------------------------------------------


def label(t: int, both: Both) -> str:
    """Return where the two stand at frame t, in words."""
    ends = [("k-means", both.kmeans.states[-1].iteration), ("EM", both.em.states[-1].iteration)]
    if t == 0:
        return "The start, the same for both"
    return ", ".join(f"{name} {t} of {end}" if t < end else f"{name} ended at {end}" for name, end in ends)


def _layout(dataset: Dataset, both: Both, chosen: list[int], first: dict) -> dict:
    across, up = extent(dataset.X)
    quiet = {"zeroline": False, "showline": False, "automargin": True, "showgrid": False}
    equal = {"scaleanchor": "x", "constrain": "range"} if dataset.equal_axes else {}
    names = [{"title": {"text": name}} for name in dataset.columns]
    heading = {
        "showarrow": False,
        "x": 0,
        "xanchor": "left",
        "y": 1,
        "yanchor": "bottom",
        "font": {"size": 14},
    }
    headings = [
        {"text": f"<b>{text}</b>", "xref": f"x{axes} domain", "yref": f"y{axes} domain"} | heading
        for text, axes in (("K-means: hard", ""), ("Mixture (EM): soft", "2"))
    ]
    return first | {
        "xaxis": quiet | {"domain": LEFT, "range": across} | names[0],
        "yaxis": quiet | {"range": up} | names[1] | equal,
        "xaxis2": quiet | {"domain": RIGHT, "anchor": "y2", "matches": "x"} | names[0],
        "yaxis2": quiet | {"anchor": "x2", "matches": "y"},
        "annotations": headings,
        "margin": {"l": 10, "r": 10, "t": 28, "b": 10},
        "hovermode": "closest",
        "hoverdistance": 45,
        "dragmode": "pan",
        "showlegend": False,
        "meta": {
            "labels": [label(t, both) for t in chosen],
            "iterations": chosen,
            "extent": [across, up],
            "equal": dataset.equal_axes,
            "planes": ["", "2"],
            "narrow": {"yaxis": [0.56, 1], "yaxis2": [0, 0.44]},
        },
    }
