"""What is worth telling about a run of EM, in words for a student.  Numpy only."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gmmviz import whitened

if TYPE_CHECKING:
    from gmmviz.kernels import Data
    from gmmviz.mixture import State

EVENT_KINDS = ("projected", "identical", "floor", "empty", "decreased", "collapsed")


class Event(NamedTuple):
    """Something worth knowing about a run.  `kind` is one of EVENT_KINDS; `component` counts from 0, None: all.

    projected: the start was outside the covariance type's family, state 0 is its projection.
    identical: two components of the start are the same, and so will stay the same.
    floor: a covariance has sunk to the floor `reg_covar`, or rests on fewer than D + 1 points.
    empty: a component lost its points; it keeps its mean and covariance at weight 0.
    decreased: the log-likelihood fell by more than rounding, which only a floor can cause.
    collapsed: a covariance is no longer positive definite; the state before it is the last.
    """

    iteration: int
    component: int | None
    kind: str
    message: str


class Watch:
    """Looks at one run's mixtures for components in trouble, and makes an event when a trouble begins.

    Mixtures are collected and looked at PENDING at a time, which is many times cheaper than one by one.
    """

    PENDING = 64

    def __init__(self, data: Data, floor: np.ndarray):
        self.data, self.floor = data, floor
        self._told: list[Event] = []
        self._pending: list[State] = []
        self._before: dict[str, np.ndarray] = {}

    def see(self, state: State) -> None:
        """Take note of a state after the start."""
        self._pending.append(state)
        if len(self._pending) == self.PENDING:
            self._look()

    def tell(self, event: Event) -> None:
        """Add an event."""
        self._look()
        self._told.append(event)

    def events(self) -> tuple[Event, ...]:
        """Return all events so far, in the order in which they happened."""
        self._look()
        return tuple(sorted(self._told, key=lambda event: event.iteration))

    def _look(self) -> None:
        if not self._pending:
            return
        iterations, mixtures, _ = zip(*self._pending, strict=True)
        self._pending = []
        counts = np.array([mixture.weights for mixture in mixtures]) * self.data.N
        empty, few, low = counts == 0, counts < self.data.D + 1, np.zeros(counts.shape, dtype=bool)
        if self.floor.any():
            low = at_floor(np.array([mixture.covariances for mixture in mixtures]), self.floor)
        if not (few | low).any():  # nor is any empty
            self._before = {}
            return
        for kind, now in ("floor", (few | low) & ~empty), ("empty", empty):
            before = self._before.get(kind, np.zeros_like(now[:1]))
            begins = now & ~np.concatenate([before, now[:-1]])
            for t, k in np.argwhere(begins):
                message = self._describe(kind, int(k), counts[t, k], low[t, k])
                self._told.append(Event(iterations[t], int(k), kind, message))
            self._before[kind] = now[-1:]

    def collapse(self, iteration: int, k: int, before) -> None:
        """Tell that component k's covariance has become singular; `before` is the mixture that led to it."""
        message = (
            f"Component {k + 1} collapsed: its covariance would no longer be positive definite. "
            f"{self.flaw or self._where(k, before)} The state before is kept. Remedies: a floor on the covariance, "
            "another start, or a shared (tied) covariance."
        )
        self.tell(Event(iteration, k, "collapsed", message))

    def _where(self, k: int, mixture) -> str:
        """Say on which points component k rests."""
        X, D = self.data.X, self.data.D
        R, _ = whitened.responsibilities(X, mixture.weights, mixture.means, mixture.covariances)
        rows = np.flatnonzero(R[:, k] > 0.5)
        _, first = np.unique(X[rows], axis=0, return_index=True)
        first = sorted(rows[first].tolist())
        if len(first) == 1:
            return (
                f"It has shrunk onto a single point or copies of it (row {first[0]} of the data, counted from 0), "
                "where the likelihood grows without bound."
            )
        if 1 < len(first) <= D:
            names = ", ".join(str(n) for n in first)
            return (
                f"It rests on {len(first)} different points only (rows {names} of the data, counted from 0)."
            )
        return (
            "Its points lie on a line or plane of fewer dimensions, where the likelihood grows without bound."
        )

    @cached_property
    def flaw(self) -> str:
        return flaw_of(self.data)

    def _describe(self, kind: str, k: int, count: float, low: bool) -> str:
        D, points = self.data.D, f"{np.floor(100 * count) / 100:g}"
        if kind == "empty":
            return f"Component {k + 1} lost all its points. It stays where it is, at weight 0."
        if low and self.flaw:
            return f"Component {k + 1} has shrunk to the floor on its covariance. {self.flaw}"
        if count < D + 1 and self.data.covariance_type == "full":
            return (
                f"Component {k + 1} rests on too few points ({points}); a covariance in {D} "
                f"dimension{'s' * (D > 1)} needs at least {D + 1}."
            )
        if not low:
            return f"Component {k + 1} has the weight of only {points} points, so its mean follows single points."
        return (
            f"Component {k + 1} has shrunk to the floor on its covariance. Without the floor it would collapse onto a "
            "few points or a line, so its likelihood says little: try another start, a smaller K or a shared (tied) "
            "covariance."
        )


def at_floor(covariances: np.ndarray, floor: np.ndarray) -> np.ndarray:
    """Return for which covariances (..., D, D) the smallest eigenvalue of Sigma - floor is below the floor.

    With a matrix F for the floor (D, D), that is: Sigma - 2 F is not positive definite.
    """
    less = (covariances - 2 * floor).reshape(-1, *covariances.shape[-2:])
    return whitened.is_singular(less).reshape(covariances.shape[:-2])


def flaw_of(data: Data) -> str:
    """Return what in the data themselves makes every covariance singular, or an empty text."""
    # What is round is as wide along a constant feature as along the others.
    everywhere = np.all if data.covariance_type == "spherical" else np.any
    if everywhere(data.constant):
        j = np.argmax(data.constant)
        return f"Feature {j} of the data (counted from 0) is constant, so every component is flat along it: drop it."
    if data.family.diagonal:
        return ""
    if data.N <= data.D:
        return (
            f"There are {data.N} points in {data.D} dimensions, which lie in a plane of fewer: drop features, or use a "
            "diag or spherical covariance."
        )
    C = whitened.moments(data.X, np.ones((data.N, 1))).covariances
    for j in range(1, data.D):
        if whitened.factorise(C[:, : j + 1, : j + 1]).shares[0] < 1e-13:
            return f"Feature {j} of the data (counted from 0) is a linear function of the features before it: drop it."
    return ""


def projected(covariance_type: str) -> Event:
    """Return the event of a start from outside the family."""
    message = (
        f"The start's covariances were not {covariance_type}. They were replaced by the most likely ones that are; "
        "the run begins there."
    )
    return Event(0, None, "projected", message)


def identical(mixture) -> list[Event]:
    """Return an event for each component of a start that has the mean and covariance of one before it."""
    K, found = len(mixture.means), []
    rows = [tuple(mean) for mean in mixture.means.tolist()]
    if len(set(rows)) == K:
        return found
    for k in range(1, K):
        for j in range(k):
            if rows[j] == rows[k] and (mixture.covariances[j] == mixture.covariances[k]).all():
                message = (
                    f"Components {j + 1} and {k + 1} begin with the same mean and covariance. Nothing tells them "
                    "apart, so they stay the same: begin with another mean, or with a smaller K."
                )
                found.append(Event(0, k, "identical", message))
                break
    return found


def fall(iteration: int, amount: float) -> Event:
    """Return the event of a log-likelihood that fell."""
    message = (
        f"The log-likelihood fell by {amount:.3g}. Without a floor on the covariance EM never "
        "does that: the floor adds variance which the data do not ask for."
    )
    return Event(iteration, None, "decreased", message)
