"""The explorer's film as a figure that plays by itself, in a notebook or an HTML file."""

import plotly.graph_objects as go

from gmmviz.datasets import Dataset
from gmmviz.em import Run, as_data
from gmmviz.figures.film import View, film
from gmmviz.theme import PALETTE


def animate(run: Run, X, plane: tuple[int, int] = (0, 1), columns=None, equal_axes: bool = True) -> go.Figure:
    """Return the film of a run on X (N, D), D >= 2, with a Play button and a slider of its own.

    At most 2000 points are drawn, always the same, and a run of more than 100 states is thinned.

    plane: the two features to draw; EM's responsibilities come from all of them. columns: the D features' names.
    equal_axes: whether one unit is as long across as up, which it should be where the features share a unit.

    >>> import numpy as np
    >>> from gmmviz.em import Mixture, fit
    >>> X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [8.0, 8.0], [9.0, 8.0], [8.0, 9.0]])
    >>> run = fit(X, Mixture([0.5, 0.5], X[[0, 3]], [np.eye(2), np.eye(2)]), reg_covar=0.1)
    >>> len(animate(run, X).frames) == len(run.states)
    True
    """
    X = as_data(X)
    D = X.shape[1]
    if D < 2:
        raise ValueError(
            "X has one feature; the film's plane needs two. Add a second column, or plot the curve itself."
        )
    if len(plane) != 2 or not all(0 <= feature < D for feature in plane):
        raise ValueError(f"plane is {plane}; choose two of the features 0 to {D - 1}.")
    columns = tuple(columns or (f"x{feature + 1}" for feature in range(D)))
    if len(columns) != D:
        raise ValueError(f"columns has {len(columns)} names; give one for each of the {D} features.")
    K = run.states[0].mixture.n_components
    if len(PALETTE) < K:
        raise ValueError(f"the run has {K} components; there are colours for {len(PALETTE)}.")
    dataset = Dataset("", X, None, "", columns, equal_axes, fixed=True)
    figure = film(dataset, run, View(plane=tuple(plane)))
    labels = figure["layout"].pop("meta")["labels"]
    figure["layout"] |= {
        "updatemenus": [_buttons()],
        "sliders": [_slider(figure["frames"], labels)],
        "height": 560,
    }
    return go.Figure(figure)


def _buttons() -> dict:
    play = {"frame": {"duration": 200, "redraw": False}, "transition": {"duration": 0}, "fromcurrent": True}
    pause = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    buttons = [
        {"label": "Play", "method": "animate", "args": [None, play]},
        {"label": "Pause", "method": "animate", "args": [[None], pause]},
    ]
    return {
        "type": "buttons",
        "direction": "left",
        "showactive": False,
        "buttons": buttons,
        "x": 0,
        "y": -0.12,
    }


def _slider(frames: list[dict], labels: list[str]) -> dict:
    at_once = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    steps = [
        {"label": label, "method": "animate", "args": [[frame["name"]], at_once]}
        for frame, label in zip(frames, labels, strict=True)
    ]
    return {
        "steps": steps,
        "x": 0.18,
        "len": 0.82,
        "y": -0.08,
        "ticklen": 0,
        "font": {"color": "rgba(0,0,0,0)"},
    }
