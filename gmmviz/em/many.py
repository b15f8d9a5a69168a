"""EM from many starts side by side: the textbook's loop, with one more axis in front of every array.  Numpy only.

The runs share one pass over the data per iteration, which on few points costs hardly more than that of one run. Each
ends where it would have ended alone.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import count
from typing import NamedTuple

import numpy as np

from gmmviz.em.careful import Moments
from gmmviz.em.events import happened
from gmmviz.em.history import Mixture, Run, State
from gmmviz.em.points import Expectation, Parameters, Points
from gmmviz.em.stopping import BEFORE, StopRule, stop_reason
from gmmviz.em.update import Update
from gmmviz.em.validation import check_density

AT_ONCE = 50
"""After so many passes at most the runs are told of their states: making them all at once takes half the time."""


class _Pass(NamedTuple):
    """What a pass over the points has found of the runs under way."""

    iteration: int
    mixtures: tuple[np.ndarray, ...]  # weights (R, K), means (R, K, D), covariances (R, K, D, D)
    log_likelihoods: np.ndarray  # (R,)
    roundings: np.ndarray  # (R,)

    def states(self) -> list[State]:
        """Return each run's state."""
        found = zip(*self.mixtures, self.log_likelihoods.tolist(), self.roundings.tolist(), strict=True)
        return [
            State(self.iteration, Mixture._of(weights, means, covariances), log_likelihood, rounding)
            for weights, means, covariances, log_likelihood, rounding in found
        ]

    def ends_none(self, before: np.ndarray | None, N: int, rule: StopRule) -> bool:
        """Return whether all runs surely go on from here; before (R,) are the log-likelihoods of the pass before."""
        if before is None or self.iteration >= rule.max_iter:
            return False
        sure = rule.is_sure(0.0, self.roundings.max(), N)
        return sure and bool((self.log_likelihoods - before).min() >= rule.enough(N))


class _Progress:
    """One run under way."""

    def __init__(self, start: Mixture):
        self.start = start
        self.states: list[State] = []
        self.refused: State | None = None
        self.reason: str | None = None

    def take(self, new: State, points: Points, rule: StopRule) -> None:
        """Take the next state, unless it is one to stop before; and see whether to stop."""
        self.reason = stop_reason(self.states[-1] if self.states else None, new, points, rule)
        if self.reason in BEFORE:
            self.refused = new
        if self.refused is None or not self.states:  # the start itself is shown in any case
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
    untold: list[_Pass] = []
    before = None
    for iteration in count():
        moments, *found = expectation(points, mixtures)
        untold.append(_Pass(iteration, mixtures[:3], *found))
        if iteration == 0:
            check_density(found[0].min())
        if len(untold) == AT_ONCE or not untold[-1].ends_none(before, points.N, rule):
            _tell(going, untold, points, rule)
            untold = []
            rows = [r for r, run in enumerate(going) if run.reason is None]
            if not rows:
                return tuple(run.run(points, update) for run in everyone)
            if len(rows) < len(going):
                going, mixtures = [going[r] for r in rows], mixtures.selected(rows)
                moments, found = Moments(*(part[rows] for part in moments)), [part[rows] for part in found]
        before = found[0]
        mixtures = maximisation(points, moments, mixtures, update)
        yield iteration


def _tell(going: list[_Progress], passes: list[_Pass], points: Points, rule: StopRule) -> None:
    """Give runs their states of some passes, of which only the last can end one."""
    for one in passes[:-1]:
        for run, state in zip(going, one.states(), strict=True):
            run.states.append(state)
    for run, state in zip(going, passes[-1].states(), strict=True):
        run.take(state, points, rule)


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
