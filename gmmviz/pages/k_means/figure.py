"""K-means beside a mixture, frame by frame: hard regions with their borders left, soft ones right.

`k_means_film` returns a plain dict (data, layout, frames) for the player, as `figures.film` does. Both sides show the
same iteration; whichever ends first stays at its end. A frame names all that changes, on both sides, so that the film
can jump; the soft regions are a small picture in the frame's layout.
"""

from __future__ import annotations

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.density import grid, log_joint
from gmmviz.em import State, e_step
from gmmviz.figures.arrays import packed
from gmmviz.figures.codes import (
    HOVER,
    belonging_codes,
    code_meta,
    code_range,
    truth_marker,
    whole_number_scale,
)
from gmmviz.figures.frames import MAX_FRAMES, chosen_iterations
from gmmviz.figures.traces import (
    HANDS,
    LINE,
    MARGIN,
    QUIET,
    ellipse_updates,
    ellipses,
    numbered_means,
    opened_at,
    trace,
)
from gmmviz.geometry import ellipse_rings, extent, subsample
from gmmviz.kmeans import KMeansState
from gmmviz.pages.k_means.numbers import PairedRuns
from gmmviz.pages.k_means.regions import region_polygons, shares_image
from gmmviz.theme import PALETTE, belonging_scale, rgb

N_SHOWN = 1000
"""Points drawn at most on each side: every frame recolours those of both."""

LEFT, RIGHT = [0.0, 0.475], [0.525, 1.0]  # the shares of the figure's width
PICTURE = (160, 120)  # pixels of the soft regions' picture
SPOTS = 7  # every so many pixels, in both directions, a spot that a hover reads
DARK = {"bgcolor": "#30363d"}  # under the hover's white words
VANISHED = 1e-12  # a density below this is 0 to a hover, which has no powers of ten
WASH = 0.34  # the regions' opacity
HOVER_HARD = "cluster %{customdata}, and nothing else<br>(%{x}, %{y})<extra></extra>"
HOVER_SOFT = (
    "%{customdata[2]:.0%} component %{customdata[1]}, %{customdata[4]:.0%} component %{customdata[3]}<br>"
    "density %{customdata[0]:,.3~r}<br>at (%{x}, %{y})<extra></extra>"
)
HOVER_ONE = "100% component 1<br>density %{customdata[0]:,.3~r}<br>at (%{x}, %{y})<extra></extra>"


def k_means_film(dataset: Dataset, runs: PairedRuns, colour: str = "component", keep: int = 0) -> dict:
    """Return the film of both runs on a dataset of two features, as a plain Plotly figure dict for the player.

    Parameters
    ----------
    dataset : Dataset
        The points (N, 2), of which at most `N_SHOWN` are drawn on either side, always the same.
    runs : PairedRuns
        K-means and EM on them, from the same means.
    colour : {"component", "truth"}
        What the points' colours say: each side's own answer, or the true labels where they are known, each in the
        colour of the cluster or component that it matches on that side at the end of the run.
    keep : int
        An iteration that must be among the frames.
    """
    rows = subsample(len(dataset.X), N_SHOWN)
    chosen = chosen_iterations(runs.last, MAX_FRAMES, keep)
    hard, soft = _sides(dataset, runs, rows, reveal=colour == "truth")
    frames = [_frame(t, runs, hard, soft) for t in chosen]
    return {
        "data": opened_at(frames[0], soft.traces() + hard.traces()),
        "layout": frames[0]["layout"] | _layout(dataset, runs, chosen),
        "frames": frames,
    }


def _sides(dataset: Dataset, runs: PairedRuns, rows: np.ndarray, reveal: bool) -> tuple[_Hard, _Soft]:
    """Return what draws either side; `reveal`: in the colours of the true labels, if they are known."""
    X, K = dataset.X[rows], runs.em.states[0].mixture.n_components
    shares = np.eye(K)[runs.kmeans.states[-1].labels[rows]], e_step(X, runs.em.states[-1].mixture)[0]
    known = reveal and dataset.labels is not None
    hard, soft = (truth_marker(dataset.labels[rows], R) if known else None for R in shares)
    box = frame_box(extent(dataset.X), dataset.equal_axes)
    return _Hard(dataset.X, rows, K, hard), _Soft(X, K, soft, box)


def _frame(t: int, runs: PairedRuns, hard: _Hard, soft: _Soft) -> dict:
    """Return the frame at which either run that has not ended stands at iteration t."""
    left, right = (run.states[min(t, run.states[-1].iteration)] for run in (runs.kmeans, runs.em))
    updates = soft.updates(right) + hard.updates(left)
    layout = {"images": [soft.picture]}
    return {"name": str(t), "data": updates, "traces": list(range(len(updates))), "layout": layout}


def with_point(figure: dict, point: tuple[float, float]) -> dict:
    """Return the figure with a star at the point (2,) on both sides."""
    star = {
        "x": [point[0]],
        "y": [point[1]],
        "marker": {
            "symbol": "star",
            "size": 17,
            "color": "#ffffff",
            "line": {"width": 2, "color": "#000000"},
        },
        "hoverlabel": DARK,
        "hovertemplate": "the new point<br>(%{x}, %{y})<extra></extra>",
    }
    stars = [trace("markers", "new point", **_axes(side), **star) for side in ("", "2")]
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
        colours = {"cmin": 1, "cmax": max(K, 2), "colorscale": whole_number_scale(PALETTE[:K])}
        ring = {"symbol": "diamond-open", "size": 14, "color": LINE, "line": {"width": 3}}
        return [
            *(_region(k) for k in range(K)),
            _points(self.X[self.rows], "", HOVER_HARD, self.fixed or colours),
            trace("markers", "tied points", marker=ring, hoverinfo="skip", **_axes("")),
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
        self.same = [
            {"marker": {"color": codes}} if not self.fixed else {"customdata": codes},
            *ellipse_updates(rings, mixture.weights),
            {"x": mixture.means[:, 0].tolist(), "y": mixture.means[:, 1].tolist()},
            {"customdata": packed(_readings(R[self.spots], log_density[self.spots]), "f4")},
        ]
        return self.same

    def traces(self) -> list[dict]:
        K = self.K
        colours = code_range(K) | {"colorscale": belonging_scale(K)}
        x, y = self.pixels[self.spots].T
        spots = {"x": packed(x, "f4"), "y": packed(y, "f4")}
        spots |= {"hovertemplate": HOVER_SOFT if K > 1 else HOVER_ONE, "hoverlabel": DARK}
        return [
            _points(self.X, "2", HOVER, self.fixed or colours) | {"meta": code_meta(K)},
            *(ellipses(k, **_axes("2")) for k in range(K)),
            _centres(K, "2", "mean of component", "circle"),
            trace("none", "spots", **_axes("2"), **spots),
        ]


def _readings(R: np.ndarray, log_density: np.ndarray) -> np.ndarray:
    """Return density, most probable component and its share, the second and its share, for each spot (n, 5)."""
    order = np.argsort(-R, axis=1, kind="stable")[:, :2]
    first, second = order[:, 0], order[:, -1]
    at = np.arange(len(R))
    density = np.exp(log_density)
    density[density < VANISHED] = 0
    return np.column_stack([density, first + 1, R[at, first], second + 1, R[at, second]])


# --- Traces -----------------------------------------------------------------------------------------------------------


def _axes(side: str) -> dict:
    """Return the axes of the left side ("") or the right ("2")."""
    return {"xaxis": "x" + side, "yaxis": "y" + side}


def _points(X: np.ndarray, side: str, hover: str, colours: dict) -> dict:
    marker = {"size": 6, "opacity": 0.9, "line": {"width": 0.5, "color": "#ffffff"}} | colours
    x, y = packed(X[:, 0], "f4"), packed(X[:, 1], "f4")
    return trace("markers", "points", x=x, y=y, marker=marker, hovertemplate=hover, **_axes(side))


def _region(k: int) -> dict:
    fill = f"rgba({', '.join(map(str, rgb(PALETTE[k])))}, {WASH})"
    look = {"fill": "toself", "fillcolor": fill, "line": {"color": LINE, "width": 1.5}}
    return trace("lines", f"region {k + 1}", hoverinfo="skip", **look, **_axes(""))


def _centres(K: int, side: str, what: str, symbol: str) -> dict:
    hover = what + " %{text}<br>(%{x}, %{y})<extra></extra>"
    return numbered_means(K, what, marker={"symbol": symbol}, hovertemplate=hover, **_axes(side))


def _picture(source: str, box) -> dict:
    (left, right), (low, high) = box
    place = {"xref": "x2", "yref": "y2", "x": left, "y": high, "sizex": right - left, "sizey": high - low}
    return {"source": source, "sizing": "stretch", "layer": "below", "opacity": WASH} | place


# --- The layout -------------------------------------------------------------------------------------------------------


def label(t: int, runs: PairedRuns) -> str:
    """Return where the two stand at frame t, in words."""
    ends = [("k-means", runs.kmeans.states[-1].iteration), ("EM", runs.em.states[-1].iteration)]
    if t == 0:
        return "The start, the same for both"
    return ", ".join(
        f"{name} {t:,} of {end:,}" if t < end else f"{name} ended at {end:,}" for name, end in ends
    )


def _layout(dataset: Dataset, runs: PairedRuns, chosen: list[int]) -> dict:
    across, up = extent(dataset.X)
    quiet = QUIET | {"showgrid": False}
    equal = {"scaleanchor": "x", "constrain": "range"} if dataset.equal_axes else {}
    x, y = ({"title": {"text": name}} for name in dataset.columns)
    return {
        "xaxis": quiet | {"domain": LEFT, "range": across} | x,
        "yaxis": quiet | {"range": up} | y | equal,
        "xaxis2": quiet | {"domain": RIGHT, "anchor": "y2", "matches": "x"} | x,
        "yaxis2": quiet | {"anchor": "x2", "matches": "y"},
        "annotations": [_heading("K-means: hard", ""), _heading("Mixture (EM): soft", "2")],
        "margin": MARGIN | {"t": 28},
        "hoverdistance": 45,
        **HANDS,
        "meta": {
            "labels": [label(t, runs) for t in chosen],
            "iterations": chosen,
            "extent": [across, up],
            "equal": dataset.equal_axes,
            "planes": ["", "2"],
            "narrow": {"yaxis": [0.56, 1], "yaxis2": [0, 0.44]},
        },
    }


def _heading(text: str, side: str) -> dict:
    place = {"xref": f"x{side} domain", "yref": f"y{side} domain", "x": 0, "y": 1}
    look = {"xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 14}}
    return {"text": f"<b>{text}</b>"} | place | look
