"""The film of a run: the data plane with its Gaussians beside the log-likelihood, frame by frame.

`film` returns a plain dict (data, layout, frames) of typed arrays. The number and order of traces are the same in every
frame, and a frame names only what changes. A point's colour is one 16-bit code that says which component is its most
probable one and how sure that is, so a colour scale alone turns it into a picture, and whoever draws the figure can
read both numbers back for the hover: see `belonging_codes` and `belonging`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from gmmviz.datasets import Dataset
from gmmviz.em import Run, State, e_step
from gmmviz.figures.arrays import packed
from gmmviz.geometry import ellipse_rings, extent, subsample
from gmmviz.theme import GREY, PALETTE, belonging_scale

MAX_FRAMES = 100
LINE = "#808a94"  # lines that are no component's: readable on both themes
PLANE, CURVE = [0.0, 0.62], [0.72, 1.0]  # the shares of the figure's width
PLANE_BESIDE_BAR = [0.0, 0.54]
QUIET = {"zeroline": False, "showline": False, "automargin": True}  # what all axes share
HOVER = "component %{customdata[0]}, %{customdata[1]:.1%} sure<br>(%{x:.4~g}, %{y:.4~g})<extra></extra>"
HOVER_UNASSIGNED = "not assigned yet: the first E-step comes next<br>(%{x:.4~g}, %{y:.4~g})<extra></extra>"


class View(NamedTuple):
    """How to show a run.

    colour: a key of `experiment.COLOURS`; member: the component (from 0) of "membership"; steps: whether E- and M-step
    are frames of their own; plane: the two features to draw, of data that may have more.
    """

    colour: str = "responsibility"
    member: int = 0
    steps: bool = False
    plane: tuple[int, int] = (0, 1)


class Shot(NamedTuple):
    """One frame: the Gaussians of `drawn`, the points coloured by the responsibilities at `coloured` (None: grey)."""

    name: str
    label: str
    drawn: State
    coloured: State | None


# --- Which frames ---------------------------------------------------------------------------------------------------


def chosen_iterations(last: int, at_most: int, keep: int = 0) -> list[int]:
    """Return which of the iterations 0 ... last become frames: all, or the first ten, the last, `keep` and a spread.

    >>> chosen_iterations(4, 100)
    [0, 1, 2, 3, 4]
    >>> len(chosen_iterations(640, 100, keep=333)), 333 in chosen_iterations(640, 100, keep=333)
    (100, True)
    """
    if last < at_most:
        return list(range(last + 1))
    kept = {*range(10), last, min(keep, last)}
    spread = np.linspace(10, last, at_most - len(kept) + 2).round().astype(int)[1:-1]
    free = [t for t in spread if t not in kept]
    more = (t for t in range(10, last) if t not in kept and t not in free)  # where rounding met a kept one
    while len(free) + len(kept) < at_most:
        free.append(next(more))
    return sorted(int(t) for t in kept.union(free))


def shots(run: Run, view: View, it: int = 0) -> list[Shot]:
    """Return the film's frames in order, at most MAX_FRAMES."""
    last = run.states[-1].iteration
    if not view.steps:
        chosen = [run.states[t] for t in chosen_iterations(last, MAX_FRAMES, it)]
        return [Shot(str(s.iteration), whole_label(s.iteration, last), s, s) for s in chosen]
    found = [Shot("0", "The start: nothing assigned yet", run.states[0], None)]
    for t in chosen_iterations(last, MAX_FRAMES // 2, it):
        state = run.states[t]
        if t > 0:
            before = run.states[t - 1]
            found.append(
                Shot(f"{t}M", f"M-step to iteration {t} of {last}: the Gaussians move", state, before)
            )
        if t < last:
            found.append(
                Shot(f"{t}E", f"E-step at iteration {t} of {last}: the points are shared out", state, state)
            )
    return found


def whole_label(iteration: int, last: int) -> str:
    """Return a whole iteration's label beside the buttons."""
    return f"Iteration {iteration} of {last}" if iteration else f"The start (iteration 0 of {last})"


# --- What a point's colour says ---------------------------------------------------------------------------------------


def code_steps(n_components: int) -> int:
    """Return how many codes each component has: as many as 16 bits allow."""
    return 65536 // n_components


def belonging_codes(responsibilities: np.ndarray) -> np.ndarray:
    """Return (n,) uint16 codes of responsibilities (n, K): component * steps + how sure (1/K to 1).

    >>> belonging_codes(np.array([[0.5, 0.5], [1.0, 0.0], [0.0, 1.0]])).tolist()
    [0, 32767, 65535]
    """
    _, K = responsibilities.shape
    component, sure = responsibilities.argmax(axis=1), responsibilities.max(axis=1)
    share = (sure - 1 / K) / (1 - 1 / K) if K > 1 else np.ones_like(sure)
    steps = code_steps(K)
    return (component * steps + np.rint(np.clip(share, 0, 1) * (steps - 1))).astype(np.uint16)


def belonging(codes: np.ndarray, n_components: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the component (n,), from 0, and its responsibility (n,) that codes stand for: the player does the same."""
    K, steps = n_components, code_steps(n_components)
    component, share = np.divmod(codes.astype(int), steps)
    return component, 1 / K + (1 - 1 / K) * share / (steps - 1)


def label_colours(labels: np.ndarray, responsibilities: np.ndarray) -> list[int]:
    """Return for each true label 0 ... L-1 the palette's number: that of the component it shares most points with.

    One component serves one label; labels left over take colours that no component has (Kuhn-Munkres assignment).
    """
    L, K = labels.max() + 1, responsibilities.shape[1]
    shared = np.zeros((L, K))
    np.add.at(shared, labels, responsibilities)
    matched = dict(zip(*linear_sum_assignment(-shared), strict=True))
    spare = iter(range(K, K + L))
    return [int(matched[label]) if label in matched else next(spare) for label in range(L)]


# --- The figure -------------------------------------------------------------------------------------------------------


def film(dataset: Dataset, run: Run, view: View = View(), it: int = 0, complete: bool = True) -> dict:  # noqa: B008
    """Return the film of a run on a dataset, as a plain Plotly figure dict.

    it: an iteration that must be among the frames.
    complete: whether to spell out what a player can derive from the rest: the numbers that a hover shows (from the
    points' colour codes) and the paths of the means (from the frames before). Without them it is half as large.

    `layout.meta` says what the figure alone does not: each frame's label and iteration, the plane's extent in data
    units, whether its axes share a unit, which axes are planes, and where each y-axis goes on a narrow screen.
    """
    rows = subsample(len(dataset.X))
    X, labels = dataset.X[rows], None if dataset.labels is None else dataset.labels[rows]
    if view.colour == "truth" and labels is None:
        view = view._replace(colour="responsibility")
    scenes = shots(run, view, it)
    frames = _frames(scenes, X, view, complete)
    return {
        "data": _traces(X, labels, run, view, frames[0]),
        "layout": _layout(dataset, run, scenes, view),
        "frames": frames,
    }


def _frames(scenes: list[Shot], X: np.ndarray, view: View, complete: bool) -> list[dict]:
    """Return what changes: points, ellipses, paths if `complete`, means, and the marker on the curve, in this order."""
    plane = list(view.plane)
    means = np.array([shot.drawn.mixture.means[:, plane] for shot in scenes], dtype=np.float32)
    rings = ellipse_rings(means, [shot.drawn.mixture.covariances[:, plane][:, :, plane] for shot in scenes])
    K = means.shape[1]
    traces = [0, *range(1, K + 1), *([K + 1] if complete else []), K + 2, K + 4]
    frames, points, coloured = [], {}, ()
    for i, shot in enumerate(scenes):
        if coloured is not shot.coloured:  # an M-step's frame has its E-step's colours
            points, coloured = _point_update(shot, X, view, complete), shot.coloured
        ellipses = [_ellipse_update(rings[i, k], shot.drawn.mixture.weights[k] * K) for k in range(K)]
        path = [_path_update(means[: i + 1])] if complete else []
        mean = {"x": means[i, :, 0].tolist(), "y": means[i, :, 1].tolist()}
        marker = {"x": [shot.drawn.iteration], "y": [shot.drawn.log_likelihood]}
        frames.append({"name": shot.name, "data": [points, *ellipses, *path, mean, marker], "traces": traces})
    return frames


def _point_update(shot: Shot, X: np.ndarray, view: View, complete: bool) -> dict:
    """Return the points' colours and what their hover reads, under the responsibilities at `shot.coloured`."""
    mixture = (shot.coloured or shot.drawn).mixture
    K = mixture.n_components
    if shot.coloured is None:  # grey: see belonging_scale
        R, codes = np.zeros((len(X), K)), np.zeros(len(X))
    else:
        R = e_step(X, mixture)[0]
        codes = belonging_codes(R)
    if view.colour in ("responsibility", "component"):
        update = {"marker": {"color": packed(codes, "u2")}}
    else:
        update = {"customdata": packed(codes, "u2")}
    if view.colour == "membership":
        update["marker"] = {"color": packed(np.rint(255 * R[:, view.member]), "u1")}
    if complete:
        component, sure = belonging(codes, K)
        update["customdata"] = packed(np.column_stack([component + 1, sure]), "f4")
    if view.steps:
        update["hovertemplate"] = HOVER if shot.coloured else HOVER_UNASSIGNED
    return update


def _ellipse_update(ring: np.ndarray, strength: float) -> dict:
    """`strength`: the weight as a multiple of 1/K; a component with little weight is drawn faintly."""
    opacity = round(0.3 + 0.7 * min(1.0, strength) ** 0.5, 3)
    return {"x": packed(ring[:, 0], "f4"), "y": packed(ring[:, 1], "f4"), "opacity": opacity}


def _path_update(means: np.ndarray) -> dict:
    """means (T, K, 2): one line through the T means of each component, NaN between two lines."""
    gap = np.full_like(means[:1], np.nan)
    lines = np.concatenate([means, gap]).transpose(1, 0, 2).reshape(-1, 2)[:-1]
    return {"x": packed(lines[:, 0], "f4"), "y": packed(lines[:, 1], "f4")}


def _traces(X, labels, run: Run, view: View, first: dict) -> list[dict]:
    """Return all traces, standing at the first frame."""
    K = run.states[0].mixture.n_components
    traces = [_points(X, labels, run, view, K), *(_ellipses(k) for k in range(K))]
    traces += [_paths(), _means(K), curve(run), curve_marker()]
    for i, update in zip(first["traces"], first["data"], strict=True):
        marker = traces[i].get("marker", {}) | update.get("marker", {})
        traces[i] |= update | ({"marker": marker} if marker else {})
    return traces


def trace(mode: str, name: str, **rest) -> dict:
    """Return a scatter trace without an entry in the legend."""
    return {"type": "scatter", "mode": mode, "name": name, "showlegend": False} | rest


def _points(X, labels, run: Run, view: View, K: int) -> dict:
    return trace(
        "markers",
        "points",
        x=packed(X[:, view.plane[0]], "f4"),
        y=packed(X[:, view.plane[1]], "f4"),
        marker={"size": 6, "opacity": 0.85, "line": {"width": 0}} | _point_colours(X, labels, run, view, K),
        meta={"n_components": K, "steps": code_steps(K)},
        hovertemplate=HOVER,
    )


def _point_colours(X, labels, run: Run, view: View, K: int) -> dict:
    """Return how the points' codes, shares or labels become colours."""
    if view.colour == "membership":
        bar = {
            "title": {"text": f"Responsibility of component {view.member + 1}", "side": "right"},
            "tickvals": [0, 63.75, 127.5, 191.25, 255],
            "ticktext": ["0", "0.25", "0.5", "0.75", "1"],
            "thickness": 10,
            "outlinewidth": 0,
            "x": PLANE_BESIDE_BAR[1],
        }
        scale = [[0.0, GREY], [1.0, PALETTE[view.member]]]
        return {"cmin": 0, "cmax": 255, "colorscale": scale, "showscale": True, "colorbar": bar}
    if view.colour == "truth" and labels is not None:
        numbers = label_colours(labels, e_step(X, run.states[-1].mixture)[0])
        scale = [[i / max(len(numbers) - 1, 1), PALETTE[n % len(PALETTE)]] for i, n in enumerate(numbers)]
        scale = scale if len(scale) > 1 else [[0.0, scale[0][1]], [1.0, scale[0][1]]]
        return {
            "color": packed(labels, "u1"),
            "cmin": 0,
            "cmax": max(len(numbers) - 1, 1),
            "colorscale": scale,
        }
    scale = belonging_scale(K, faded=view.colour == "responsibility")
    return {"cmin": 0, "cmax": K * code_steps(K), "colorscale": scale}


def _ellipses(k: int) -> dict:
    line = {"color": PALETTE[k], "width": 2, "shape": "spline", "smoothing": 1}
    return trace("lines", f"component {k + 1}", line=line, hoverinfo="skip")


def _paths() -> dict:
    return trace(
        "lines", "paths of the means", x=[], y=[], line={"color": LINE, "width": 2}, hoverinfo="skip"
    )


def _means(K: int) -> dict:
    return trace(
        "markers+text",
        "means",
        text=[str(k + 1) for k in range(K)],
        textfont={"color": "#ffffff", "size": 12, "weight": "bold"},
        marker={"size": 20, "color": PALETTE[:K], "line": {"width": 1.5, "color": "#ffffff"}},
        hovertemplate="mean of component %{text}<br>(%{x:.4~g}, %{y:.4~g})<extra></extra>",
    )


def curve(run: Run) -> dict:
    """The log-likelihood of every iteration, also of those that have no frame."""
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
        text=["the start", *(f"gain {gain:+.3g}" for gain in np.diff(values))],
        hovertemplate="iteration %{x}: %{y:.6~f}<br>%{text}<extra></extra>",
    )


def curve_marker() -> dict:
    """Return the marker on the curve; each frame puts it at the iteration shown."""
    marker = {"size": 13, "color": PALETTE[1], "line": {"width": 2, "color": "#ffffff"}}
    return trace(
        "markers",
        "iteration shown",
        xaxis="x2",
        yaxis="y2",
        marker=marker,
        hoverinfo="skip",
        cliponaxis=False,
    )


def _layout(dataset: Dataset, run: Run, scenes: list[Shot], view: View) -> dict:
    across, up = extent(dataset.X[:, view.plane])
    names = [dataset.columns[feature] for feature in view.plane]
    plane = PLANE_BESIDE_BAR if view.colour == "membership" else PLANE
    return {
        "xaxis": QUIET | {"domain": plane, "range": across, "title": {"text": names[0]}},
        "yaxis": QUIET
        | {"range": up, "title": {"text": names[1]}}
        | ({"scaleanchor": "x", "constrain": "range"} if dataset.equal_axes else {}),
        **curve_axes(run),
        "annotations": _fall_marks(run),
        "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
        "hovermode": "closest",
        "dragmode": "pan",
        "showlegend": False,
        "meta": {
            "labels": [shot.label for shot in scenes],
            "iterations": [shot.drawn.iteration for shot in scenes],
            "extent": [across, up],
            "equal": dataset.equal_axes,
            "planes": [""],
            "narrow": {"yaxis": [0.44, 1], "yaxis2": [0, 0.3]},
        },
    }


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


def _fall_marks(run: Run) -> list[dict]:
    """A mark where the log-likelihood begins to fall; with a high floor it may fall many times in a row."""
    falls = [event.iteration for event in run.events if event.kind == "decreased"]
    return [_fall_mark(run, t) for t in falls if t - 1 not in falls]


def _fall_mark(run: Run, iteration: int) -> dict:
    """An arrow to where the log-likelihood fell, or to the last state before it would have."""
    state = run.states[min(iteration, len(run.states) - 1)]
    place = {"x": state.iteration, "y": state.log_likelihood, "xref": "x2", "yref": "y2", "ay": 40, "ax": 0}
    return place | {"text": "fell here", "showarrow": True, "arrowhead": 2, "arrowcolor": LINE}
