"""The film of a run: the data plane with its Gaussians beside the log-likelihood, frame by frame.

`film` returns a plain dict (data, layout, frames) of typed arrays. The number and order of traces are the same in every
frame, and a frame names only what changes. A point's colour is one code, see `gmmviz.figures.codes`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.em import Run, State, e_step
from gmmviz.figures.arrays import packed
from gmmviz.figures.codes import HOVER, belonging, belonging_codes, code_range, truth_marker
from gmmviz.figures.curve import PLANE, curve, curve_axes, curve_marker, fall_marks
from gmmviz.figures.frames import MAX_FRAMES, chosen_iterations, whole_label
from gmmviz.figures.planes import planes_layout
from gmmviz.figures.traces import LINE, ellipse_updates, ellipses, numbered_means, opened_at, trace
from gmmviz.geometry import ellipse_rings, extent, subsample
from gmmviz.theme import GREY, PALETTE, belonging_scale

BEYOND = 0.2  # so much of the points' range the view may reach beyond them
FAR, ROOM = 2.0, 0.06  # so much for a mean that was placed out there, and from it to the edge
PLANE_BESIDE_BAR = [0.0, 0.54]  # its share of the figure's width
HOVER_UNASSIGNED = "not assigned yet: the first E-step comes next<br>(%{x}, %{y})<extra></extra>"
HOVER_MEAN = "mean of component %{text}<br>(%{x}, %{y})<extra></extra>"


class View(NamedTuple):
    """How to show a run.

    Attributes
    ----------
    colour : {"responsibility", "component", "membership", "truth"}
        What a point's colour says.
    member : int
        The component (from 0) of "membership".
    steps : bool
        Whether E- and M-step are frames of their own.
    plane : tuple of two int
        The features to draw, of data that may have more.
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


def shots(run: Run, view: View, keep: int = 0) -> list[Shot]:
    """Return the film's frames in order, at most MAX_FRAMES; iteration `keep` is among them."""
    last = run.states[-1].iteration
    if not view.steps:
        chosen = [run.states[t] for t in chosen_iterations(last, MAX_FRAMES, keep)]
        return [Shot(str(s.iteration), whole_label(s.iteration, last), s, s) for s in chosen]
    found = [Shot("0", "The start: nothing assigned yet", run.states[0], None)]
    for t in chosen_iterations(last, MAX_FRAMES // 2, keep):
        state = run.states[t]
        if t > 0:
            before = run.states[t - 1]
            found.append(
                Shot(f"{t}M", f"M-step to iteration {t:,} of {last:,}: the Gaussians move", state, before)
            )
        if t < last:
            found.append(
                Shot(
                    f"{t}E", f"E-step at iteration {t:,} of {last:,}: the points are shared out", state, state
                )
            )
    return found


# --- The figure -------------------------------------------------------------------------------------------------------


def film(dataset: Dataset, run: Run, view: View = View(), keep: int = 0) -> dict:  # noqa: B008
    """Return the film of a run on a dataset, as a plain Plotly figure dict.

    Parameters
    ----------
    dataset : Dataset
        The points X (N, D), D >= 2, their true labels, and the names of their features.
    run : Run
        The history of EM on these points.
    view : View
        How to show it; by default in the colours of the responsibilities.
    keep : int
        An iteration that must be among the frames, of which there are at most `MAX_FRAMES`.

    Returns
    -------
    dict
        `data`, `layout` and `frames`. Each frame's label is in `layout.meta`, beside what `planes_layout` has there.
    """
    rows = subsample(len(dataset.X))
    X, labels = dataset.X[rows], None if dataset.labels is None else dataset.labels[rows]
    if view.colour == "truth" and labels is None:
        view = view._replace(colour="responsibility")
    scenes = shots(run, view, keep)
    frames = _frames(scenes, X, view)
    return {
        "data": _traces(X, labels, run, view, frames[0]),
        "layout": _layout(dataset, run, scenes, view),
        "frames": frames,
    }


def _frames(scenes: list[Shot], X: np.ndarray, view: View) -> list[dict]:
    """Return what changes: points, ellipses, paths, means, and the marker on the curve, in this order."""
    plane = list(view.plane)
    means = np.array([shot.drawn.mixture.means[:, plane] for shot in scenes], dtype=np.float32)
    rings = ellipse_rings(means, [shot.drawn.mixture.covariances[:, plane][:, :, plane] for shot in scenes])
    K = means.shape[1]
    traces = [*range(K + 3), K + 4]
    frames, points, coloured = [], {}, ()
    for i, shot in enumerate(scenes):
        if coloured is not shot.coloured:  # an M-step's frame has its E-step's colours
            points, coloured = _point_update(shot, X, view), shot.coloured
        gaussians = ellipse_updates(rings[i], shot.drawn.mixture.weights)
        path = _path_update(means[: i + 1])
        mean = {"x": means[i, :, 0].tolist(), "y": means[i, :, 1].tolist()}
        marker = {"x": [shot.drawn.iteration], "y": [shot.drawn.log_likelihood]}
        frames.append({"name": shot.name, "data": [points, *gaussians, path, mean, marker], "traces": traces})
    return frames


def _point_update(shot: Shot, X: np.ndarray, view: View) -> dict:
    """Return the points' colours and what their hover reads, under the responsibilities at `shot.coloured`."""
    mixture = (shot.coloured or shot.drawn).mixture
    K = mixture.n_components
    if shot.coloured is None:  # grey: see belonging_scale
        R, codes = np.zeros((len(X), K)), np.zeros(len(X))
    else:
        R = e_step(X, mixture)[0]
        codes = belonging_codes(R)
    component, sure = belonging(codes, K)
    update = {"customdata": packed(np.column_stack([component + 1, sure]), "f4")}
    if view.colour in ("responsibility", "component"):
        update["marker"] = {"color": packed(codes, "u2")}
    if view.colour == "membership":
        update["marker"] = {"color": packed(np.rint(255 * R[:, view.member]), "u1")}
    if view.steps:
        update["hovertemplate"] = HOVER if shot.coloured else HOVER_UNASSIGNED
    return update


def _path_update(means: np.ndarray) -> dict:
    """means (T, K, 2): one line through the T means of each component, NaN between two lines."""
    gap = np.full_like(means[:1], np.nan)
    lines = np.concatenate([means, gap]).transpose(1, 0, 2).reshape(-1, 2)[:-1]
    return {"x": packed(lines[:, 0], "f4"), "y": packed(lines[:, 1], "f4")}


def _traces(X, labels, run: Run, view: View, first: dict) -> list[dict]:
    """Return all traces, standing at the first frame."""
    K = run.states[0].mixture.n_components
    means = numbered_means(K, "means", hovertemplate=HOVER_MEAN)
    traces = [
        _points(X, labels, run, view),
        *(ellipses(k) for k in range(K)),
        _paths(),
        means,
        curve(run),
        curve_marker(),
    ]
    return opened_at(first, traces)


def _points(X, labels, run: Run, view: View) -> dict:
    return trace(
        "markers",
        "points",
        x=packed(X[:, view.plane[0]], "f4"),
        y=packed(X[:, view.plane[1]], "f4"),
        marker={"size": 6, "opacity": 0.85, "line": {"width": 0}} | point_colours(X, labels, run, view),
        hovertemplate=HOVER,
    )


def point_colours(X, labels, run: Run, view: View) -> dict:
    """Return the marker by which points' codes, shares or labels become colours."""
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
    if view.colour == "truth":
        return truth_marker(labels, e_step(X, run.states[-1].mixture)[0])
    K = run.states[0].mixture.n_components
    return code_range(K) | {"colorscale": belonging_scale(K, faded=view.colour == "responsibility")}


def _paths() -> dict:
    return trace(
        "lines", "paths of the means", x=[], y=[], line={"color": LINE, "width": 2}, hoverinfo="skip"
    )


def _layout(dataset: Dataset, run: Run, scenes: list[Shot], view: View) -> dict:
    layout = plane_layout(dataset, run, view)
    layout["meta"]["labels"] = [shot.label for shot in scenes]
    return layout


def plane_layout(dataset: Dataset, run: Run, view: View) -> dict:
    """Return the layout of a plane with the log-likelihood beside it."""
    box = dataset.box or framed(dataset.X, run, view.plane)
    names = [dataset.columns[feature] for feature in view.plane]
    layout = planes_layout(box, names, equal=dataset.equal_axes, side=["2"])
    layout["xaxis"] |= {"domain": PLANE_BESIDE_BAR if view.colour == "membership" else PLANE}
    if dataset.equal_axes:
        layout["yaxis"] |= {"scaleanchor": "x", "constrain": "range"}
    return layout | curve_axes(run) | {"annotations": fall_marks(run)}


def framed(X: np.ndarray, run: Run, plane: tuple[int, int] = (0, 1)) -> list[list[float]]:
    """Return the part of the plane that shows all points (N, D) and the second deviations of the run's components.

    One that is far wider than the points is cut off, so that it does not make them small; a mean of the start is not,
    unless it is very far.
    """
    points, plane = extent(X[:, plane]), list(plane)
    means = np.array([state.mixture.means for state in run.states])[..., plane]
    variances = np.array([state.mixture.covariances for state in run.states])[..., plane, plane]
    reach = [means - 2 * np.sqrt(variances), means + 2 * np.sqrt(variances)]
    seen = extent(np.concatenate(reach).reshape(-1, 2), margin=0.02)
    return [_side(*each) for each in zip(points, seen, means[0].T, strict=True)]


def _side(points: list[float], seen: list[float], starts: np.ndarray) -> list[float]:
    """Return one side of that rectangle, of what the points and the deviations take and of where the means start."""
    (low, high), (least, most), size = points, seen, points[1] - points[0]
    left = max(min(low, least), low - BEYOND * size)
    right = min(max(high, most), high + BEYOND * size)
    if starts.min() < left:
        left = max(float(starts.min()) - ROOM * size, low - FAR * size)
    if starts.max() > right:
        right = min(float(starts.max()) + ROOM * size, high + FAR * size)
    return [left, right]
