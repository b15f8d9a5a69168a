"""What is worth telling about a run of EM, in words for a student.  Numpy only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gmmviz import whitened

EVENT_KINDS = ("projected", "floor", "empty", "decreased", "collapsed")


class Event(NamedTuple):
    """Something worth knowing about a run.  `kind` is one of EVENT_KINDS; `component` counts from 0, None: all.

    projected: the start was outside the covariance type's family, state 0 is its projection.
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

    def __init__(self, N: int, floor: np.ndarray):
        self.N, self.floor = N, floor
        self._told: list[Event] = []
        self._pending: list[tuple[int, np.ndarray, np.ndarray]] = []
        self._before: dict[str, np.ndarray] = {}

    def see(self, iteration: int, mixture) -> None:
        """Take note of the mixture after `iteration` M-steps."""
        self._pending.append((iteration, mixture.weights, mixture.covariances))
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
        iterations, weights, covariances = zip(*self._pending, strict=True)
        self._pending = []
        counts = np.array(weights) * self.N
        for kind, now in troubles(counts, np.array(covariances), self.floor).items():
            before = self._before.get(kind, np.zeros_like(now[:1]))
            begins = now & ~np.concatenate([before, now[:-1]])
            for t, k in np.argwhere(begins):
                message = _describe(kind, int(k), counts[t, k], covariances[t].shape[-1])
                self._told.append(Event(iterations[t], int(k), kind, message))
            self._before[kind] = now[-1:]


def troubles(counts: np.ndarray, covariances: np.ndarray, floor: np.ndarray) -> dict[str, np.ndarray]:
    """Return which components are in which trouble, (T, K) bool each, for counts (T, K), covariances (T, K, D, D)."""
    D = covariances.shape[-1]
    empty = counts == 0
    return {"floor": ((counts < D + 1) | at_floor(covariances, floor)) & ~empty, "empty": empty}


def at_floor(covariances: np.ndarray, floor: np.ndarray) -> np.ndarray:
    """Return for which covariances (..., D, D) the smallest eigenvalue of Sigma - floor is below the floor.

    With a matrix F for the floor (D, D), that is: Sigma - 2 F is not positive definite.
    """
    if not floor.any():
        return np.zeros(covariances.shape[:-2], dtype=bool)
    less = (covariances - 2 * floor).reshape(-1, *covariances.shape[-2:])
    return whitened.is_singular(less).reshape(covariances.shape[:-2])


def _describe(kind: str, k: int, count: float, D: int) -> str:
    if kind == "empty":
        return f"Component {k + 1} lost all its points. It stays where it is, at weight 0."
    if count < D + 1:
        return (
            f"Component {k + 1} rests on {count:.2g} points; a covariance in {D} dimension{'s' * (D > 1)} needs at "
            f"least {D + 1}."
        )
    return (
        f"Component {k + 1} has shrunk to the floor on its covariance. Without the floor it would collapse onto a few "
        "points, so its likelihood says little: try another start, a smaller K or a shared (tied) covariance."
    )


def projected(covariance_type: str) -> Event:
    """Return the event of a start from outside the family."""
    message = (
        f"The start's covariances were not {covariance_type}. They were replaced by the nearest ones that are, and the "
        "run begins there."
    )
    return Event(0, None, "projected", message)


def fall(iteration: int, amount: float) -> Event:
    """Return the event of a log-likelihood that fell."""
    message = (
        f"The log-likelihood fell by {amount:.3g} at iteration {iteration}. Without a floor on the covariance EM never "
        "does that: the floor adds variance which the data do not ask for."
    )
    return Event(iteration, None, "decreased", message)


def collapse(iteration: int, k: int, covariance: np.ndarray, data) -> Event:
    """Return the event of component k's covariance (D, D) becoming singular on `data` (kernels.Data)."""
    flat = np.diag(covariance) <= data.resolution
    if data.constant.any():
        cause = f"Feature {np.argmax(data.constant)} of the data is constant: drop it, or set a floor."
    elif flat.all():
        cause = "It has shrunk onto a single point, where the likelihood grows without bound."
    else:
        cause = (
            "Its points lie on a line or plane of fewer dimensions, where the likelihood grows without bound."
        )
    message = (
        f"Component {k + 1} collapsed at iteration {iteration}: its covariance is no longer positive definite. {cause} "
        "The state before is kept. Remedies: a floor on the covariance, another start, or a shared (tied) covariance."
    )
    return Event(iteration, k, "collapsed", message)
