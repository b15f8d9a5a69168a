"""A story's film: one run, or two side by side in step, with the log-likelihoods beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gmmviz.em import Run
from gmmviz.figures.arrays import packed
from gmmviz.figures.film import framed
from gmmviz.figures.narration import (
    SENTENCES_OF_A_STORY,
    WORDS,
    WORDS_OF_SEVERAL,
    WORDS_OF_TWO,
    said_of,
    said_of_several,
    waits_of,
)
from gmmviz.figures.planes import axes_of, planes_layout
from gmmviz.figures.scene import (
    anchor,
    clusters,
    curve_of,
    plane,
    scene,
    shown_iterations,
    shown_states,
)
from gmmviz.figures.traces import LINE, QUIET, trace
from gmmviz.geometry import extent
from gmmviz.kmeans import KMeansRun
from gmmviz.numerals import numeral
from gmmviz.pages.stories.facts import Told
from gmmviz.pages.stories.story import Story

CURVE = "2"
"""The axes of the log-likelihoods."""
DASHES = ("solid", "dash")


SPAN = 0.033
"""Of the axis of iterations, what a letter of a curve's name takes in the smallest picture."""


class Mark(NamedTuple):
    """A place in the plane with a name: a star, or a circle around it, of so large a radius in the data's units."""

    at: tuple[float, float]
    text: str
    within: float | None = None


def last_of(told: Sequence[Told]) -> int:
    """Return the iteration at which the longest of some runs ends."""
    return max(one.last for one in told)


def story_film(
    story: Story, told: Sequence[Told], *, marks: Sequence[Mark] = (), until: int | None = None, keep: int = 0
) -> dict:
    """Return the film of a story, as the player takes it.

    Parameters
    ----------
    story : Story
    told : sequence of Told
        The runs of its films that are shown, one or two.
    marks : sequence of Mark
        Places marked in the first plane.
    until : int, optional
        The last iteration that the film holds: what comes after is not for the reader yet. By default all.
    keep : int
        An iteration that must be among those shown.
    """
    last = last_of(told) if until is None else until
    iterations = [t for t in shown_iterations(last_of(told), keep if until is None else last) if t <= last]
    axes = axes_of(len(told), side=[CURVE])
    histories = [i for i, one in enumerate(told) if _is_em(one)]
    curves = [
        _curve(dash, story.shown[i].name, told[i], until) for dash, i in zip(DASHES, histories, strict=False)
    ]
    planes = [
        _plane(story, i, one, axes[i], iterations, marks, open=until is None)
        | ({"mixtures": histories.index(i)} if i in histories else {})
        for i, one in enumerate(told)
    ]
    return {
        "data": [*map(anchor, axes), *curves],
        "layout": _layout(story, told, bool(curves), named=until is None),
        "scene": scene(
            iterations,
            planes,
            clouds=[one.dataset.X for one in told],
            mixtures=[[state.mixture for state in _states(told[i], iterations)] for i in histories],
            curves=[curve_of(curve["name"], CURVE) for curve in curves],
            steps=story.steps,
            words=_words(told),
            narration=_said(story, told) if until is None else _waits(told, until),
            ends=[(film.title, one.last) for film, one in zip(story.shown, told, strict=True)],
        ),
    }


def _is_em(one: Told) -> bool:
    return isinstance(one.run, Run)


def _states(one: Told, iterations: Sequence[int]) -> list:
    """Return a run's states at the iterations of a film that may end before the run does."""
    last = iterations[-1]
    return shown_states(one.run, iterations) if last >= one.last else [one.run.states[t] for t in iterations]


def _words(told: Sequence[Told]) -> dict[str, str]:
    """Return what the film's stops are called."""
    if len(told) == 1:
        return WORDS
    return WORDS_OF_SEVERAL if all(map(_is_em, told)) else WORDS_OF_TWO


def _said(story: Story, told: Sequence[Told]) -> dict:
    """Return what the film says in sentences."""
    first = told[0].dataset
    seen = {"names": first.columns, "equal": first.equal_axes}
    if len(told) > 1:
        named = [(film.title, one.run) for film, one in zip(story.shown, told, strict=True)]
        return said_of_several(first.X, named, **seen)
    return said_of(first.X, told[0].run, **seen) | {"sentences": SENTENCES_OF_A_STORY}


def _waits(told: Sequence[Told], until: int) -> dict:
    """Return what a locked film says: what it will say knows the end."""
    alone = told[0].run.states[: until + 1] if len(told) == 1 and _is_em(told[0]) else ()
    return waits_of([state.log_likelihood for state in alone])


def _plane(
    story: Story,
    i: int,
    one: Told,
    axes: str,
    iterations: Sequence[int],
    marks: Sequence[Mark],
    *,
    open: bool,
) -> dict:
    """Return the plane of one run; only an open one tells the responsibilities of the point that is in the hand."""
    hand = ["hand"] if open else []
    mine = marks if i == 0 else ()
    spots = {"spots": [mark._asdict() for mark in mine]} if mine else {}
    over = ["spots"] if mine else []
    if isinstance(one.run, KMeansRun):
        layers = ["regions", "points", "ties", *hand, "means", *over]
        return plane(layers, axes=axes, cloud=i, **clusters(_states(one, iterations)), **spots)
    lens = {"lens": story.lens - 1} if story.lens and i == 0 else {}
    layers = ["points", "gaussians", *hand, "means", *lens, *over]
    rings = [1, 2, 3] if len(story.shown) == 1 else [1, 2]
    return plane(layers, axes=axes, cloud=i, rings=rings, **spots, **lens)


# --- The log-likelihoods, and the axes --------------------------------------------------------------------------------


def _curve(dash: str, name: str, one: Told, until: int | None) -> dict:
    """Return the curve of a run of EM as far as it may be seen; k-means has none."""
    values = np.array([state.log_likelihood for state in one.run.states])
    values = values if until is None else values[: until + 1]
    return trace(
        "lines+markers" if len(values) <= 60 else "lines",
        f"log-likelihood {name}",
        x=packed(np.arange(len(values)), "u2"),
        y=packed(values, "f8"),
        xaxis=f"x{CURVE}",
        yaxis=f"y{CURVE}",
        line={"color": LINE, "width": 2, "dash": dash},
        marker={"size": 4, "color": LINE},
        yhoverformat=",.6~f",
        hovertemplate="iteration %{x}: %{y}<extra></extra>",
    )


def _layout(story: Story, told: Sequence[Told], curves: bool, named: bool) -> dict:
    boxes = [framed(one.dataset.X, one.run) if _is_em(one) else extent(one.dataset.X) for one in told]
    corners = np.vstack([np.transpose(box) for box in boxes])
    layout = planes_layout(
        extent(corners, margin=0.0),
        told[0].dataset.columns,
        [film.title for film in story.shown] if len(told) > 1 else ("",),
        equal=all(one.dataset.equal_axes for one in told),
        side=[CURVE] if curves else [],
    )
    if not curves:
        return layout
    ends = _ends(story, told) if named and sum(map(_is_em, told)) > 1 else []
    return layout | _curve_axes(story, told) | {"annotations": layout["annotations"] + ends}


def _curve_axes(story: Story, told: Sequence[Told]) -> dict:
    points = [(s.iteration, s.log_likelihood) for one in told if _is_em(one) for s in one.run.states]
    across, up = extent(np.array(points, dtype=float))
    every = {"dtick": 1} if last_of(told) <= 6 else {}
    room = 0.12 * (up[1] - up[0])  # for the names at the curves' ends
    return {
        f"xaxis{CURVE}": QUIET
        | {"anchor": f"y{CURVE}", "title": {"text": "Iteration"}, "range": across}
        | every,
        f"yaxis{CURVE}": QUIET
        | {
            "anchor": f"x{CURVE}",
            "title": {"text": _named(story, told)},
            "range": [up[0] - room, up[1] + room],
        },
    }


def _named(story: Story, told: Sequence[Told]) -> str:
    """Return what the curves show; of k-means beside EM whose it is, since k-means has none."""
    of = [film.title for film, one in zip(story.shown, told, strict=True) if _is_em(one)]
    return f"Log-likelihood of {of[0]}" if len(of) < len(told) else "Log-likelihood"


def _ends(story: Story, told: Sequence[Told]) -> list[dict]:
    """Return the names of the curves at their ends: the higher one's over it, the lower one's under it and all that
    rises over the name."""
    ends = [
        (one.run.states[-1].log_likelihood, one.last, film.title)
        for film, one in zip(story.shown, told, strict=True)
        if _is_em(one)
    ]
    found = []
    for height, (value, t, title) in enumerate(sorted(ends)):
        over = height == len(ends) - 1
        number = numeral(value, ".0f")
        side, start = _beside(t, SPAN * len(f"{title}: {number}") * last_of(told), last_of(told))
        if not over:
            value = _lowest(told, since=start)
        place = {"x": t, "y": float(value), "xref": f"x{CURVE}", "yref": f"y{CURVE}", "xanchor": side}
        stands = {"yanchor": "bottom" if over else "top", "yshift": 4 if over else -4, "showarrow": False}
        found.append(place | stands | {"text": f"<b>{title}</b>: {number}"})
    return found


def _beside(t: int, span: float, last: int) -> tuple[str, float]:
    """Return by which side a name of a length hangs at iteration t, so that it has room, and where it begins."""
    if t + span <= last:
        return "left", t
    return ("right", t - span) if t >= span else ("center", t - span / 2)


def _lowest(told: Sequence[Told], since: float) -> float:
    """Return the lowest log-likelihood of any run of EM after an iteration."""
    return min(
        s.log_likelihood for one in told if _is_em(one) for s in one.run.states if s.iteration >= since
    )
