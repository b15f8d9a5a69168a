"""When EM stops: one pure function of two states.  Numpy only."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gmmviz.em.history import Mixture, State
from gmmviz.em.points import Points
from gmmviz.em.validation import as_choice, as_max_iter, as_tol

STOP_REASONS = ("converged", "max_iter", "decreased", "collapsed")
BEFORE = ("decreased", "collapsed")
"""Reasons to stop before the new state, which is not kept."""


class Criterion(NamedTuple):
    """A way to tell that EM has converged: what a menu says of it, and the rule."""

    title: str
    changing: str  # what must change less than the tolerance
    is_met: Callable[[State, State, Points, float], bool]  # (old, new, points, tol)


ENOUGH, FINEST = 1e-6, 1e-8
"""To how much per point a log-likelihood must be sure where no tolerance says it, and at most."""
SHARE = 1e-13
"""To what share of itself it need not be: a start far from the points may take as much, where no covariance is flat."""


class StopRule(NamedTuple):
    """When to stop, validated."""

    criterion: str  # a key of CRITERIA
    tol: float
    max_iter: int

    def is_sure(self, log_likelihood: float, rounding: float, N: int) -> bool:
        """Return whether a log-likelihood of N points, off by so much at most, can tell whether EM climbs."""
        digits = max(self.tol, FINEST) if self.criterion == "log_likelihood" and self.tol > 0 else ENOUGH
        return rounding <= digits * N or rounding <= SHARE * abs(log_likelihood)  # neither, where it is nan

    def enough(self, N: int) -> float:
        """Return a gain of the log-likelihood of N points from which on the criterion asks for nothing more."""
        if self.criterion != "log_likelihood":
            return np.inf
        return self.tol * N if self.tol > 0 else -np.inf

    @classmethod
    def of(cls, criterion="log_likelihood", tol=1e-6, max_iter=1000) -> StopRule:
        """Check what the user gave; a ValueError advises."""
        return cls(as_choice(criterion, CRITERIA, "criterion"), as_tol(tol), as_max_iter(max_iter))


def stop_reason(old: State | None, new: State, points: Points, rule: StopRule) -> str | None:
    """Return why EM stops at the new state, or before it (see BEFORE), or None where it goes on.

    old is None where `new` is the start. A state whose covariances are singular has no log-likelihood, nan, and one
    whose covariances are nearly so none that could tell whether EM climbs: it is collapsed. With tol=0 neither a small
    gain nor a fall stops the run.
    """
    if old is None and rule.max_iter == 0:
        return "max_iter"
    if not rule.is_sure(new.log_likelihood, new.rounding, points.N):
        return "collapsed"
    if old is not None and (reason := _reason(old, new, points, rule)):
        return reason
    return "max_iter" if new.iteration == rule.max_iter else None


def _reason(old: State, new: State, points: Points, rule: StopRule) -> str | None:
    gain, enough = new.log_likelihood - old.log_likelihood, rule.tol * points.N
    if gain >= enough and rule.criterion == "log_likelihood":
        return None  # as in most iterations, of which nothing more need be asked
    if 0 < enough <= -gain and not points.is_rounding(-gain, old, new):
        return "decreased"
    return "converged" if CRITERIA[rule.criterion].is_met(old, new, points, rule.tol) else None


def _gains_little(old: State, new: State, points: Points, tol: float) -> bool:
    return new.log_likelihood - old.log_likelihood < tol * points.N and tol > 0


def _moves_little(old: State, new: State, points: Points, tol: float) -> bool:
    return _largest_change(old.mixture, new.mixture, points.spread) < tol


def _largest_change(old: Mixture, new: Mixture, spread: np.ndarray) -> float:
    """Return the largest change of any parameter, in units of `spread` (D,), the features' standard deviations."""
    return max(
        np.abs(new.weights - old.weights).max(),
        (np.abs(new.means - old.means) / spread).max(),
        (np.abs(new.covariances - old.covariances) / spread[:, None] / spread).max(),
    )


CRITERIA: dict[str, Criterion] = {
    "log_likelihood": Criterion(
        "Gain of the log-likelihood", "the mean log-likelihood per point", _gains_little
    ),
    "parameters": Criterion(
        "Change of the parameters", "every parameter (in units of the data's spread)", _moves_little
    ),
}
"""Every criterion by its name, in the order in which a menu shows them."""
