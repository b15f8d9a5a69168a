"""What is worth telling about a run of EM, as facts: one pure function of its history and the data.  Numpy only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from gmmviz.em import careful
from gmmviz.em.history import Event, Mixture, State
from gmmviz.em.points import Points

LINEAR = 1e-13
"""A feature whose own part of its variance, beside the features before it, is a smaller share is a function of them."""


def happened(
    points: Points,
    start: Mixture,
    states: Sequence[State],
    refused: State | None,
    addend: np.ndarray,
    reason: str | None = None,
) -> tuple[Event, ...]:
    """Return the events of a run, in the order in which they happened.

    Parameters
    ----------
    points : Points
    start : Mixture
        As it was given; states[0] holds its projection.
    states : sequence of State
        The run's history, finished or growing.
    refused : State or None
        The state before which the run stopped, or a start at which it did.
    addend : (D, D) array
        What reg_covar adds to each covariance.
    reason : str or None
        Why the run stopped, if it has.
    """
    collapsed = refused is not None and reason == "collapsed"
    seen = [*states, refused] if refused is not None and not collapsed else states
    found = [*_of_the_start(points, start, states[0]), *_degenerate_or_empty(points, seen, addend)]
    found += _falls(points, seen, "floor" if addend.any() else "")
    if collapsed:
        found.append(_collapse(points, states[-1], refused))
    return tuple(sorted(found, key=lambda event: event.iteration))


# --- The start ------------------------------------------------------------------------------------------------------


def _of_the_start(points: Points, start: Mixture, first: State) -> Iterator[Event]:
    given, used = start.covariances, first.mixture.covariances
    deviations = np.sqrt(np.einsum("kjj->kj", given))
    if (np.abs(used - given) / deviations[:, :, None] / deviations[:, None, :]).max() > 1e-12:
        yield Event(0, "projected", covariance_type=points.covariance_type)
    yield from _identical(first.mixture)


def _identical(mixture: Mixture) -> Iterator[Event]:
    """Find each component that has the mean and covariance of one before it."""
    rows = [tuple(mean) for mean in mixture.means.tolist()]
    if len(set(rows)) == len(rows):
        return
    for k, row in enumerate(rows):
        twins = [
            j for j in range(k) if rows[j] == row and (mixture.covariances[j] == mixture.covariances[k]).all()
        ]
        if twins:
            yield Event(0, "identical", (twins[0], k))


# --- Components in trouble ------------------------------------------------------------------------------------------


def _degenerate_or_empty(points: Points, states: Sequence[State], addend: np.ndarray) -> Iterator[Event]:
    """Find where components begin to be degenerate, or without points; the start itself is not judged."""
    if len(states) < 2:
        return
    iterations, mixtures, *_ = zip(*states[1:], strict=True)
    counts = np.array([mixture.weights for mixture in mixtures]) * points.N
    empty, few, low = counts == 0, counts < points.D + 1, np.zeros(counts.shape, dtype=bool)
    if addend.any():
        low = at_floor(np.array([mixture.covariances for mixture in mixtures]), addend)
    if not (few | low).any():  # nor is any empty
        return
    flaw = flaw_of(points) if low.any() else {}
    for t, components in _beginnings((few | low) & ~empty):
        for cause, group in _by_cause(points, flaw, counts[t], low[t], components).items():
            yield _degenerate(points, iterations[t], cause, group, counts[t], flaw)
    for t, components in _beginnings(empty):
        yield Event(iterations[t], "empty", components)


def _beginnings(trouble: np.ndarray) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield each t with the components for which trouble (T, K) begins there."""
    begins = trouble.copy()
    begins[1:] &= ~trouble[:-1]
    for t in np.flatnonzero(begins.any(axis=1)).tolist():
        yield t, tuple(np.flatnonzero(begins[t]).tolist())


def _by_cause(points: Points, flaw: dict, counts, low, components) -> dict[str, tuple[int, ...]]:
    """Group components by what makes them degenerate, in the order in which the causes come up."""
    fewest, found = points.kind.fewest_points(points.D), {}
    for k in components:
        if low[k] and flaw:
            cause = flaw["cause"]
        elif fewest is not None and counts[k] < fewest:
            cause = "few_points"
        else:
            cause = "floor" if low[k] else "little_weight"
        found[cause] = (*found.get(cause, ()), k)
    return found


def _degenerate(points: Points, iteration: int, cause: str, components, counts, flaw: dict) -> Event:
    facts = {"cause": cause}
    if cause in ("few_points", "little_weight"):
        facts |= {"points": tuple(counts[list(components)].tolist()), "n_features": points.D}
    elif cause != "floor":
        facts = flaw
    return Event(iteration, "degenerate", components, **facts)


def at_floor(covariances: np.ndarray, addend: np.ndarray) -> np.ndarray:
    """Return for which covariances (..., D, D) the smallest eigenvalue of Sigma - F is below the addend F (D, D).

    With a matrix for F, that is: Sigma - 2 F is not positive definite.
    """
    less = (covariances - 2 * addend).reshape(-1, *covariances.shape[-2:])
    return careful.is_singular(less).reshape(covariances.shape[:-2])


def flaw_of(points: Points) -> dict:
    """Return what in the data themselves makes every covariance singular, as an event's facts, or nothing."""
    if points.kind.flat_along(points.constant):
        return {"cause": "constant_feature", "feature": int(np.argmax(points.constant))}
    if points.family.diagonal:
        return {}
    if points.N <= points.D:
        return {"cause": "flat_data", "n_points": points.N, "n_features": points.D}
    C = careful.moments(points.X, np.ones((points.N, 1))).covariances
    for j in range(1, points.D):
        if careful.factorise(C[:, : j + 1, : j + 1]).shares[0] < LINEAR:
            return {"cause": "linear_feature", "feature": j}
    return {}


# --- The log-likelihood, and the end ----------------------------------------------------------------------------------


def _falls(points: Points, states: Sequence[State], cause: str) -> Iterator[Event]:
    falls = -np.diff([state.log_likelihood for state in states])
    for t in np.flatnonzero(falls > 0).tolist():
        old, new, fall = states[t], states[t + 1], float(falls[t])
        if not points.is_rounding(fall, old, new):
            yield Event(new.iteration, "decreased", cause=cause, amount=fall)


def _collapse(points: Points, last: State, refused: State) -> Event:
    """Say which component became singular after the last state, or nearly so, and why."""
    singular = careful.is_singular(refused.mixture.covariances)
    if not singular.any():
        return _too_flat(points, refused)
    k = int(np.argmax(singular))
    facts = flaw_of(points) or _resting_place(points, last.mixture, k)
    return Event(refused.iteration, "collapsed", (k,), **facts)


def _too_flat(points: Points, refused: State) -> Event:
    """Say which component costs the log-likelihood its digits, and along which direction it is flat."""
    roundings = points.roundings(refused.mixture)
    k = int(np.argmax(roundings))
    components = tuple(range(len(roundings))) if points.kind.shared else (k,)
    facts = flaw_of(points) or _resting_place(points, refused.mixture, k)
    if facts["cause"] == "line_or_plane":
        facts = {"cause": "flat", "direction": _flattest(points, refused.mixture.covariances[k])}
    return Event(refused.iteration, "collapsed", components, amount=refused.rounding, **facts)


def _flattest(points: Points, covariance: np.ndarray) -> tuple[float, ...]:
    """Return the combination of features, each in units of its spread, that varies least under a covariance (D, D)."""
    deviations = np.sqrt(np.diag(covariance))
    least = np.linalg.eigh(covariance / deviations[:, None] / deviations)[1][:, 0]
    direction = least / deviations * points.spread
    return tuple((direction / direction[np.argmax(np.abs(direction))]).tolist())


def _resting_place(points: Points, mixture: Mixture, k: int) -> dict:
    """Return on which points component k rests, as an event's facts."""
    R, _ = careful.responsibilities(points.X, mixture.weights, mixture.means, mixture.covariances)
    rows = np.flatnonzero(R[:, k] > 0.5)
    _, first = np.unique(points.X[rows], axis=0, return_index=True)
    rows = tuple(sorted(rows[first].tolist()))
    if len(rows) == 1:
        return {"cause": "one_point", "rows": rows}
    if 1 < len(rows) <= points.D:
        return {"cause": "few_rows", "rows": rows}
    return {"cause": "line_or_plane"}
