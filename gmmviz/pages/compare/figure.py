"""The film of several runs in step, for the player: a grid of equal planes, and one plot for all log-likelihoods."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gmmviz.em import e_step
from gmmviz.figures.arrays import packed
from gmmviz.figures.film import framed
from gmmviz.figures.planes import axes_of, planes_layout
from gmmviz.figures.scene import (
    anchor,
    curve_of,
    most_iterations,
    plane,
    scene,
    shown_iterations,
    shown_states,
    true_colours,
)
from gmmviz.figures.traces import LINE, QUIET, trace
from gmmviz.geometry import extent
from gmmviz.numerals import numeral
from gmmviz.pages.compare.numbers import Fitted, by_number
from gmmviz.theme import PALETTE, rgb

CURVE = "2"
"""The axes of the log-likelihoods."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
NEAR = 0.05  # ends of curves that are nearer than this share of the plot have one label
ENDED = {
    "converged": "converged at {t}",
    "max_iter": "stopped at {t}, not converged",
    "decreased": "stopped at {t}, before a fall",
    "collapsed": "collapsed at {t}",
}


def compare_film(fits: Sequence[Fitted], *, reveal: bool = False, steps: bool = True, keep: int = 0) -> dict:
    """Return the film of several runs, as the player takes it.

    Parameters
    ----------
    fits : sequence of Fitted
        The panels with their runs; panels with the same points share them.
    reveal : bool
        Whether the points have the colours of their true labels, where they are known.
    steps : bool
        Whether E- and M-step are halves of their own.
    keep : int
        An iteration that must be among those shown.
    """
    last = max(fitted.run.states[-1].iteration for fitted in fits)
    iterations = shown_iterations(last, keep, most_iterations(*(fitted.mixture for fitted in fits)))
    clouds = {id(fitted.dataset): fitted.dataset.X for fitted in fits}
    places = list(clouds)
    axes = axes_of(len(fits), side=[CURVE])
    planes = [
        _plane(fitted, axes[i], i, places.index(id(fitted.dataset)), reveal) for i, fitted in enumerate(fits)
    ]
    per_point = len({len(fitted.dataset.X) for fitted in fits}) > 1
    traces = [_curve(i, fitted, per_point) for i, fitted in enumerate(fits)]
    return {
        "data": [*map(anchor, axes), *traces],
        "layout": _layout(fits, per_point),
        "scene": scene(
            iterations,
            planes,
            clouds=list(clouds.values()),
            mixtures=[[state.mixture for state in shown_states(fitted.run, iterations)] for fitted in fits],
            curves=[curve_of(trace["name"], CURVE) for trace in traces],
            steps=steps,
        ),
    }


def _plane(fitted: Fitted, axes: str, history: int, cloud: int, reveal: bool) -> dict:
    _, dataset, run, numbers = fitted
    colours = {}
    if reveal and dataset.labels is not None:
        R = by_number(e_step(dataset.X, fitted.mixture)[0], numbers)
        colours = true_colours(dataset.labels, R)
    return plane(
        ["points", "gaussians", "hand", "means", "ended"],
        axes=axes,
        heading=f"{fitted.panel.letter}, {fitted.panel.title}",
        cloud=cloud,
        mixtures=history,
        rings=[1, 2],
        numbers=list(numbers),
        palette=[rgb(PALETTE[(number - 1) % len(PALETTE)]) for number in numbers],
        ending=ENDED[run.stop_reason].format(t=numeral(run.states[-1].iteration)),
        **colours,
    )


# --- The log-likelihoods ----------------------------------------------------------------------------------------------


def _values(fitted: Fitted, per_point: bool) -> np.ndarray:
    values = np.array([state.log_likelihood for state in fitted.run.states])
    return values / len(fitted.dataset.X) if per_point else values


def _curve(i: int, fitted: Fitted, per_point: bool) -> dict:
    values, panel = _values(fitted, per_point), fitted.panel
    return trace(
        "lines",
        f"log-likelihood {panel.letter}",
        x=packed(np.arange(len(values)), "u2"),
        y=packed(values, "f8"),
        xaxis=f"x{CURVE}",
        yaxis=f"y{CURVE}",
        line={"color": LINE, "width": 2, "dash": DASHES[i % len(DASHES)]},
        yhoverformat=",.6~f",
        hovertemplate=f"{panel.letter}, {panel.title}<br>iteration %{{x}}: %{{y}}<extra></extra>",
    )


def _layout(fits: Sequence[Fitted], per_point: bool) -> dict:
    corners = [np.transpose(framed(fitted.dataset.X, fitted.run)) for fitted in fits]
    layout = planes_layout(
        extent(np.vstack(corners), margin=0.0),
        fits[0].dataset.columns[:2],
        [f"{fitted.panel.letter}\u2002{fitted.panel.title}" for fitted in fits],
        equal=all(fitted.dataset.equal_axes for fitted in fits),
        side=[CURVE],
    )
    curves, ends = _curve_axes(fits, per_point)
    return layout | curves | {"annotations": layout["annotations"] + ends}


def _curve_axes(fits: Sequence[Fitted], per_point: bool) -> tuple[dict, list[dict]]:
    """Return the curves' axes, and the letters at their ends."""
    curves = [_values(fitted, per_point) for fitted in fits]
    points = np.array([(t, value) for values in curves for t, value in enumerate(values)], dtype=float)
    across, up = extent(points)
    across[1] += 0.06 * (across[1] - across[0])  # for the letters
    name = "Log-likelihood per point" if per_point else "Log-likelihood"
    axes = {
        f"xaxis{CURVE}": QUIET | {"anchor": f"y{CURVE}", "title": {"text": "Iteration"}, "range": across},
        f"yaxis{CURVE}": QUIET | {"anchor": f"x{CURVE}", "title": {"text": name}, "range": up},
    }
    ends = [(len(values) - 1, float(values[-1])) for values in curves]
    sizes = [high - low for low, high in (across, up)]
    return axes, [
        _letter(*place) for place in labelled([fitted.panel.letter for fitted in fits], ends, sizes)
    ]


def labelled(letters: Sequence[str], ends: Sequence[tuple], sizes: Sequence[float]) -> list[tuple]:
    """Return (letters, x, y) of the labels at curves' ends: ends that are close to each other share one.

    >>> labelled("ABC", [(9, 1.0), (9, 1.01), (3, 1.0)], [10, 2])
    [('A B', 9, 1.0), ('C', 3, 1.0)]
    """
    found: list[tuple] = []
    for letter, (x, y) in zip(letters, ends, strict=True):
        for i, (others, at, height) in enumerate(found):
            if abs(x - at) <= NEAR * sizes[0] and abs(y - height) <= NEAR * sizes[1]:
                found[i] = (f"{others} {letter}", at, height)
                break
        else:
            found.append((letter, x, y))
    return found


def _letter(letters: str, x: float, y: float) -> dict:
    place = {"x": x, "y": y, "xref": f"x{CURVE}", "yref": f"y{CURVE}", "xanchor": "right", "yanchor": "top"}
    return place | {"text": f"<b>{letters}</b>", "showarrow": False, "yshift": -6}
