"""K-means as the textbook writes it: assign, update, and the loop that alternates them, with its history.  Numpy only.

    run = kmeans(X, centres)
    run.states[t].inertia     # evaluated AT run.states[t].centres and .labels

It is EM's hard limit: a mixture of round Gaussians of one common variance, as that variance shrinks to nothing.
Source: Bishop, Pattern Recognition and Machine Learning (2006), section 9.1; the equation numbers below are his.
Array shapes: X (N, D), centres (K, D), labels (N,), from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

import numpy as np

from gmmviz.em import Event, as_data
from gmmviz.em.careful import powers_of_two
from gmmviz.em.history import frozen, read_only
from gmmviz.em.validation import as_floats, as_max_iter, check_spread

__all__ = ["KINDS", "TIE", "KMeansRun", "KMeansState", "assign", "inertia", "kmeans", "ties", "update"]

KINDS = ("idle", "tie")
"""The events' kinds. idle: a centre that has no points stays where it is. tie: points equally far from two centres."""

TIE = 1e-10
"""A tie: the squared distances to the two nearest centres differ by no more than this share of the data's variance."""


class KMeansState(NamedTuple):
    """One iteration: the centres after `iteration` updates, and the labels, inertia and ties at these centres.

    Attributes
    ----------
    iteration : int
        From 0, the start.
    centres : (K, D) array, read-only
        In the data's units.
    labels : (N,) int array, read-only
        Each point's nearest centre, from 0; see `assign`.
    inertia : float
        In squared data units; see the function `inertia`.
    ties : (T,) int array, read-only
        The rows of X that are tied, from 0; see the function `ties`.
    """

    iteration: int
    centres: np.ndarray
    labels: np.ndarray
    inertia: float
    ties: np.ndarray

    def __reduce__(self):
        """Stay read-only when copied or pickled."""
        return _frozen_state, tuple(self)


def _frozen_state(*fields) -> KMeansState:
    return KMeansState(*map(frozen, fields))


@dataclass(frozen=True)
class KMeansRun:
    """A whole history of k-means.

    Attributes
    ----------
    states : tuple of KMeansState
        states[0] is the start itself, states[-1] the result.
    stop_reason : str
        "converged" (the last update changed no label) or "max_iter".
    events : tuple of gmmviz.em.Event
        What is worth telling, of the kinds in `KINDS`, in the order in which it happened.
    """

    states: tuple[KMeansState, ...]
    stop_reason: str
    events: tuple[Event, ...]

    @property
    def converged(self) -> bool:
        """Whether the last update changed no label."""
        return self.stop_reason == "converged"


# --- The two steps and their alternation ------------------------------------------------------------------------------


def assign(X, centres) -> np.ndarray:
    """Assign each point to its nearest centre, the first of equally near ones.

    Parameters
    ----------
    X : (N, D) array-like
    centres : (K, D) array-like

    Returns
    -------
    (N,) int array
        Labels, from 0.

    Raises
    ------
    ValueError
        For data that `gmmviz.em.as_data` refuses, and centres that are not finite or of other features.

    References
    ----------
    Bishop (2006), eq. 9.2.

    Examples
    --------
    >>> assign([[0.0], [1.0], [9.0]], [[0.0], [8.0]]).tolist()
    [0, 0, 1]
    """
    X = as_data(X)
    return _squares(X, _as_centres(centres, X))[0].argmin(axis=1)


def update(X, labels, centres) -> np.ndarray:
    """Move each centre to the mean of its points; a centre without points stays where it is.

    Parameters
    ----------
    X : (N, D) array-like
    labels : (N,) int array-like
        Each point's centre, 0 to K - 1.
    centres : (K, D) array-like
        Where the centres are now.

    Returns
    -------
    (K, D) array
        The new centres.

    Raises
    ------
    ValueError
        As in `assign`, and for labels of another form.

    References
    ----------
    Bishop (2006), eq. 9.4.

    Examples
    --------
    >>> update([[0.0], [1.0], [9.0]], [0, 0, 1], [[0.0], [8.0], [20.0]]).tolist()
    [[0.5], [9.0], [20.0]]
    """
    X = as_data(X)
    new = _as_centres(centres, X).copy()
    labels = _as_labels(labels, X, len(new))
    for k in np.unique(labels):
        new[k] = X[labels == k].mean(axis=0)
    return new


def inertia(X, labels, centres) -> float:
    """Sum of the points' squared distances to the centres of their labels: what k-means makes small.

    Parameters
    ----------
    X : (N, D) array-like
    labels : (N,) int array-like
        Each point's centre, 0 to K - 1.
    centres : (K, D) array-like

    Returns
    -------
    float
        In squared data units.

    Raises
    ------
    ValueError
        As in `update`.

    References
    ----------
    Bishop (2006), eq. 9.1.

    Examples
    --------
    >>> inertia([[0.0], [1.0], [9.0]], [0, 0, 1], [[0.0], [8.0]])
    2.0
    """
    X = as_data(X)
    centres = _as_centres(centres, X)
    squares, unit = _squares(X, centres)
    return _sum_of(squares, _as_labels(labels, X, len(centres)), unit)


def ties(X, centres) -> np.ndarray:
    """Find the points that are equally far from their two nearest centres, up to `TIE`.

    Parameters
    ----------
    X : (N, D) array-like
    centres : (K, D) array-like

    Returns
    -------
    (T,) int array
        Their rows, from 0 and ascending; none where there is one centre.

    Raises
    ------
    ValueError
        As in `assign`.

    Examples
    --------
    >>> ties([[0.0], [1.0], [9.0]], [[0.0], [2.0]]).tolist()
    [1]
    """
    X = as_data(X)
    squares, unit = _squares(X, _as_centres(centres, X))
    return _ties(squares, _variance(X, unit))


def kmeans(X, centres, max_iter: int = 1000) -> KMeansRun:
    """Alternate `assign` and `update` until no label changes, or `max_iter` times, and return the whole history.

    Parameters
    ----------
    X : (N, D) array-like
    centres : (K, D) array-like
        Where the centres begin; K <= N.
    max_iter : int, default=1000
        The most updates.

    Returns
    -------
    KMeansRun

    Raises
    ------
    ValueError
        For bad input; it says which value is wrong and what to do.

    References
    ----------
    Bishop (2006), section 9.1.

    Examples
    --------
    >>> run = kmeans([[0.0], [1.0], [8.0], [9.0]], [[0.0], [1.0]])
    >>> [state.inertia for state in run.states], run.states[-1].centres.ravel().tolist(), run.converged
    ([113.0, 14.0, 1.0], [0.5, 8.5], True)
    """
    X = as_data(X)
    check_spread(X)
    centres = _as_centres(centres, X)
    K, max_iter = len(centres), as_max_iter(max_iter)
    if len(X) < K:
        raise ValueError(f"X has {len(X)} rows, fewer than the {K} centres: use a smaller K.")
    states: list[KMeansState] = []
    variance = None
    for iteration in count():
        squares, unit = _squares(X, centres)
        variance = _variance(X, unit) if variance is None else variance
        labels = read_only(squares.argmin(axis=1))
        tied = read_only(_ties(squares, variance))
        centres = read_only(centres.copy())
        states.append(KMeansState(iteration, centres, labels, _sum_of(squares, labels, unit), tied))
        if iteration and np.array_equal(labels, states[-2].labels):
            return KMeansRun(tuple(states), "converged", _events(states, K))
        if iteration == max_iter:
            return KMeansRun(tuple(states), "max_iter", _events(states, K))
        centres = update(X, labels, centres)


# --- What the steps share ---------------------------------------------------------------------------------------------


def _squares(X, centres) -> tuple[np.ndarray, float]:
    """Return the squared distances (N, K), in units of `unit` squared, and `unit`: a power of two near X's extent."""
    extent = (X.max(axis=0) - X.min(axis=0)).max()
    unit = float(powers_of_two(np.array([extent if extent > 0 else 1.0]))[0])
    squares = np.empty((len(X), len(centres)))
    with np.errstate(over="ignore"):  # a centre 1e154 times the extent away is simply never the nearest
        for k, centre in enumerate(centres):
            squares[:, k] = (((X - centre) / unit) ** 2).sum(axis=1)
    return squares, unit


def _variance(X, unit: float) -> float:
    """Return the features' mean variance in units of `unit` squared."""
    return float(((X - X[0]) / unit).var(axis=0).mean())


def _sum_of(squares, labels, unit: float) -> float:
    """Return the inertia, in squared data units, of squared distances (N, K) and labels (N,)."""
    return float(np.take_along_axis(squares, labels[:, None], axis=1).sum()) * unit * unit


def _ties(squares, variance: float) -> np.ndarray:
    """Return the rows (T,) that are tied, of squared distances (N, K) in the variance's units."""
    if squares.shape[1] < 2:
        return np.zeros(0, dtype=int)
    nearest = np.partition(squares, 1, axis=1)
    with np.errstate(invalid="ignore"):  # infinity minus itself
        return np.flatnonzero(nearest[:, 1] - nearest[:, 0] <= TIE * variance)


def _events(states: list[KMeansState], K: int) -> tuple[Event, ...]:
    """Find where centres begin to be without points, and where points begin to be tied."""
    found, idle, tied = [], np.zeros(K, dtype=bool), False
    for state in states:
        now = np.bincount(state.labels, minlength=K) == 0
        if (now & ~idle).any():
            found.append(Event(state.iteration, "idle", tuple(np.flatnonzero(now & ~idle).tolist())))
        if len(state.ties) and not tied:
            found.append(Event(state.iteration, "tie", rows=tuple(state.ties.tolist())))
        idle, tied = now, len(state.ties) > 0
    return tuple(found)


def _as_centres(centres, X) -> np.ndarray:
    centres = as_floats(centres, "centres", 2)
    if len(centres) == 0 or centres.shape[1] != X.shape[1]:
        raise ValueError(
            f"centres has shape {centres.shape}, but X has {X.shape[1]} feature(s): one row per centre is needed."
        )
    return centres


def _as_labels(labels, X, K: int) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.shape != (len(X),) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"labels has shape {labels.shape}: one whole number for each of the {len(X)} points."
        )
    wrong = (labels < 0) | (labels >= K)
    if wrong.any():
        n = int(np.argmax(wrong))
        raise ValueError(f"labels[{n}] is {labels[n]}: give numbers from 0 to {K - 1}.")
    return labels
