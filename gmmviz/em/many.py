"""EM from many starts side by side: the textbook's loop, with one more axis in front of every array.  Numpy only.

The runs share one pass over the data per iteration, which on few points costs hardly more than that of one run. Each
ends where it would have ended alone.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import count

import numpy as np

from gmmviz.em.careful import Moments
from gmmviz.em.events import happened
from gmmviz.em.history import Mixture, Run, State
from gmmviz.em.points import Expectation, Parameters, Points
from gmmviz.em.stopping import BEFORE, StopRule, stop_reason
from gmmviz.em.update import Update
from gmmviz.em.validation import check_density


class _Progress:
    """One run under way."""

    def __init__(self, start: Mixture):
        self.start = start
        self.states: list[State] = []
        self.last: State | None = None
        self.refused: State | None = None
        self.reason: str | None = None

    def take(self, new: State, points: Points, rule: StopRule) -> None:
        """Take the next state, unless it is one to stop before; and see whether to stop."""
        self.reason = stop_reason(self.last, new, points, rule)
        if self.reason in BEFORE:
            self.refused = new
        if self.refused is None or not self.states:  # the start itself is shown in any case
            self.last = new
            self.states.append(new)

    def run(self, points: Points, update: Update) -> Run:
        """Return the finished run."""
        events = happened(points, self.start, self.states, self.refused, update.addend, self.reason)
        return Run(tuple(self.states), self.reason, events)


def alternate_many(
    points: Points, starts: Sequence[Mixture], update: Update, rule: StopRule
) -> Generator[int, None, tuple[Run, ...]]:
    """Take E-step and M-step in turn, for all runs at once, until each has ended; yield each iteration done."""
    everyone = [_Progress(start) for start in starts]
    going = everyone
    mixtures = points.parameters(*map(np.array, zip(*map(update.of_start, starts), strict=True)))
    for iteration in count():
        moments, *found = expectation(points, mixtures)
        values = (part.tolist() for part in found)
        for run, *parameters, log_likelihood, rounding in zip(going, *mixtures[:3], *values, strict=True):
            if iteration == 0:
                check_density(log_likelihood)
            run.take(State(iteration, Mixture._of(*parameters), log_likelihood, rounding), points, rule)
        rows = [r for r, run in enumerate(going) if run.reason is None]
        if not rows:
            return tuple(run.run(points, update) for run in everyone)
        if len(rows) < len(going):
            going, mixtures = [going[r] for r in rows], mixtures.selected(rows)
            moments = Moments(*(part[rows] for part in moments))
        mixtures = maximisation(points, moments, mixtures, update)
        yield iteration


def expectation(points: Points, mixtures: Parameters) -> Expectation:
    """E-step for a stack: one pass for all that the quick kernel serves, and one for each of the others."""
    quick = mixtures.quick
    if all(quick):
        return points.expect_quickly(mixtures)
    moments = Moments(*(np.empty_like(part) for part in mixtures[:3]))
    whole = Expectation(moments, np.empty(len(quick)), np.empty(len(quick)))
    if any(quick):
        rows = np.flatnonzero(quick)
        _put(points.expect_quickly(mixtures.selected(rows)), whole, rows)
    for r in np.flatnonzero(np.logical_not(quick)):
        _put(points.expect_carefully(*(part[r] for part in mixtures[:3])), whole, r)
    return whole


def maximisation(points: Points, moments: Moments, mixtures: Parameters, update: Update) -> Parameters:
    """M-step for a stack; where a mixture is too tight for the digits of its moments, from careful ones."""
    new = update.maximised(points, moments, mixtures)
    if all(new.quick):
        return new
    quick = [before and after for before, after in zip(mixtures.quick, new.quick, strict=True)]
    if quick != mixtures.quick:
        moments = expectation(points, mixtures._replace(quick=quick)).moments
        new = update.maximised(points, moments, mixtures)
    return points.without_rounding(new)


def _put(found: Expectation, whole: Expectation, rows) -> None:
    for into, part in zip((*whole.moments, *whole[1:]), (*found.moments, *found[1:]), strict=True):
        into[rows] = part
