"""EM for Gaussian mixtures as the textbook writes it: an E-step, an M-step, and the loop that alternates them.

    run = fit(X, start)              # start: a Mixture, for example from gmmviz.starts
    run.states[t].log_likelihood     # total over the points, natural log, AT run.states[t].mixture

Source: Bishop, Pattern Recognition and Machine Learning (2006), section 9.2; the equation numbers below are his.
Array shapes: X (N, D), responsibilities (N, K), weights (K,), means (K, D), covariances (K, D, D).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gmmviz import kernels
from gmmviz.validation import (
    as_choice,
    as_data,
    as_floats,
    as_floor,
    as_max_iter,
    as_responsibilities,
    as_tol,
    check_covariances,
    check_features,
    check_shapes,
    check_start,
    check_weights,
)

CRITERIA = ("log_likelihood", "parameters")
STOP_REASONS = ("converged", "max_iter", "decreased", "collapsed")
EVENT_KINDS = ("projected", "floor", "empty", "decreased", "collapsed")


# --- What differs between covariance types: one function each, (weights, covariances) -> covariances ---------------


def _full(weights, covariances):
    return covariances


def _tied(weights, covariances):
    return np.repeat(np.einsum("k,kij->ij", weights, covariances)[None], len(weights), axis=0)


def _diag(weights, covariances):
    return covariances * np.eye(covariances.shape[-1])


def _spherical(weights, covariances):
    D = covariances.shape[-1]
    return np.einsum("kjj->k", covariances)[:, None, None] / D * np.eye(D)


COVARIANCE_TYPES: dict[str, Callable] = {"full": _full, "tied": _tied, "diag": _diag, "spherical": _spherical}
"""Name -> projection of free covariances (K, D, D) into the type's family.

The projection maximises the expected log-likelihood within the family, so the M-step of each type is the full M-step
followed by it, and a start from outside the family is brought in by the same function.
"""


# --- What a run is made of -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Mixture:
    """A Gaussian mixture: sum_k weights[k] N(x | means[k], covariances[k]).  Read-only float64 arrays.

    weights (K,) sum to 1; means (K, D); covariances (K, D, D) for every covariance type, symmetric positive definite.
    Anything else is a ValueError that says which value is wrong and what to do.

    >>> mixture = Mixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[2.0]]])
    >>> mixture.n_components, mixture.n_features
    (2, 1)
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray

    def __post_init__(self):
        for name, ndim in (("weights", 1), ("means", 2), ("covariances", 3)):
            object.__setattr__(self, name, _read_only(as_floats(getattr(self, name), name, ndim).copy()))
        check_shapes(self)
        check_weights(self.weights)
        check_covariances(self.covariances)

    @classmethod
    def _of(cls, weights, means, covariances) -> Mixture:
        """Make a mixture from arrays the engine has just computed, without checking them again."""
        mixture = object.__new__(cls)
        mixture.__dict__.update(
            weights=_read_only(weights), means=_read_only(means), covariances=_read_only(covariances)
        )
        return mixture

    @property
    def n_components(self) -> int:
        """K."""
        return self.means.shape[0]

    @property
    def n_features(self) -> int:
        """D."""
        return self.means.shape[1]


class State(NamedTuple):
    """One iteration: the mixture after `iteration` M-steps, and the total log-likelihood of the data at it."""

    iteration: int
    mixture: Mixture
    log_likelihood: float


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


class Ending(NamedTuple):
    """How an iteration ended: what the generator `em` returns (as StopIteration.value)."""

    stop_reason: str
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Run:
    """A whole history: states[0] is the start itself, states[-1] the result."""

    states: tuple[State, ...]
    stop_reason: str
    events: tuple[Event, ...]

    @property
    def converged(self) -> bool:
        """Whether the stop rule was met."""
        return self.stop_reason == "converged"


# --- The two steps and their alternation ----------------------------------------------------------------------------


def e_step(X, mixture: Mixture) -> tuple[np.ndarray, float]:
    """Return the responsibilities (N, K) and the total log-likelihood of X (N, D) at `mixture`.  Eqs 9.23 and 9.28.

    r_nk = weights[k] N(x_n | k) / sum_j weights[j] N(x_n | j), by log-sum-exp over Cholesky-based log-densities.

    >>> R, log_likelihood = e_step([[0.0], [4.0]], Mixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[1.0]]]))
    >>> R.round(4).tolist(), round(log_likelihood, 4)
    ([[0.9997, 0.0003], [0.0003, 0.9997]], -3.2235)
    """
    X = as_data(X)
    check_features(X, mixture)
    check_covariances(mixture.covariances)
    return kernels.Data(X).responsibilities(mixture.weights, mixture.means, mixture.covariances)


def m_step(
    X, responsibilities, covariance_type="full", reg_covar=0.0, previous: Mixture | None = None
) -> Mixture:
    """Return the mixture that maximises the expected log-likelihood of X (N, D).  Eqs 9.24 to 9.27.

    responsibilities (N, K): rows sum to 1. reg_covar: absolute, in squared data units, one number or one per feature,
    added to the covariances' diagonals. A component without points keeps its mean and covariance from `previous`, at
    weight 0; without a `previous` it is a ValueError. A component on too few points has a singular covariance, which
    the E-step will refuse: give a positive reg_covar.

    >>> m_step([[0.0], [2.0], [9.0]], [[1, 0], [1, 0], [0, 1]], reg_covar=0.5).covariances.ravel().tolist()
    [1.5, 0.5]
    """
    X = as_data(X)
    responsibilities = as_responsibilities(responsibilities, X)
    project, reg_covar = _family(covariance_type), as_floor(reg_covar, X.shape[1])
    if previous is not None:
        check_features(X, previous)
    return _maximise(kernels.Data(X).moments(responsibilities), previous, project, reg_covar)


def em(
    X,
    start: Mixture,
    covariance_type: str = "full",
    reg_covar=0.0,
    tol: float = 1e-6,
    max_iter: int = 1000,
    criterion: str = "log_likelihood",
) -> Generator[State, None, Ending]:
    """Yield state after state of EM on X (N, D), the start first; return an Ending when a stop rule is met.

    reg_covar: absolute, in squared data units, one number or one per feature, added to the covariances' diagonals.
    Above zero it voids the guarantee that the log-likelihood never falls.
    criterion: "log_likelihood" stops when the mean log-likelihood per point gains less than `tol`, "parameters" when no
    parameter moves by `tol`, in units of the data's spread (weights as they are). A fall of the mean by `tol` or more
    stops the run as "decreased", before the state that fell. With tol=0 the run goes on to max_iter.

    Bad input raises a ValueError at the call, not at the first state.

    >>> X = [[0.0], [1.0], [8.0], [9.0]]
    >>> states = list(em(X, Mixture([0.5, 0.5], [[0.0], [9.0]], [[[4.0]], [[4.0]]]), max_iter=3))
    >>> [round(state.log_likelihood, 3) for state in states]
    [-9.47, -5.678, -5.676, -5.676]
    """
    X = as_data(X)
    check_start(start, X)
    project, reg_covar = _family(covariance_type), as_floor(reg_covar, X.shape[1])
    rule = StopRule(as_tol(tol), as_max_iter(max_iter), as_choice(criterion, CRITERIA, "criterion"))
    return _iterate(kernels.Data(X), start, project, reg_covar, rule)


def fit(X, start: Mixture, **settings) -> Run:
    """Run EM to its end and return the whole history.  Settings as in `em`.

    >>> run = fit([[0.0], [1.0], [8.0], [9.0]], Mixture([0.5, 0.5], [[0.0], [9.0]], [[[4.0]], [[4.0]]]))
    >>> run.stop_reason, run.states[-1].mixture.means.ravel().round(6).tolist()
    ('converged', [0.5, 8.5])
    """
    states, iteration = [], em(X, start, **settings)
    while True:
        try:
            states.append(next(iteration))
        except StopIteration as stop:
            return Run(tuple(states), *stop.value)


class StopRule(NamedTuple):
    """When to stop: see `em`."""

    tol: float
    max_iter: int
    criterion: str


def _iterate(data, start, project, reg_covar, rule) -> Generator[State, None, Ending]:
    mixture, events = _into_family(start, project)
    troubles: dict[Trouble, str] = {}
    expectation = data.expect(*_arrays(mixture))
    state = State(0, mixture, expectation.log_likelihood)
    yield state
    for iteration in range(1, rule.max_iter + 1):
        mixture = _maximise(expectation.moments, state.mixture, project, reg_covar)
        if (k := data.first_singular(mixture.covariances)) is not None:
            events.append(_collapse(iteration, k, data, mixture.covariances[k]))
            return Ending("collapsed", tuple(events))
        known, troubles = troubles, _troubles(mixture, data.N, reg_covar)
        events += [Event(iteration, k, kind, troubles[kind, k]) for kind, k in troubles.keys() - known.keys()]
        expectation = data.expect(*_arrays(mixture))
        new = State(iteration, mixture, expectation.log_likelihood)
        fall = state.log_likelihood - new.log_likelihood
        if fall > expectation.rounding:
            events.append(_fall(iteration, fall))
            if fall >= rule.tol * data.N > 0:
                return Ending("decreased", tuple(events))
        yield new
        if _has_converged(state, new, rule, data):
            return Ending("converged", tuple(events))
        state = new
    return Ending("max_iter", tuple(events))


def _maximise(moments: kernels.Moments, previous: Mixture | None, project, reg_covar) -> Mixture:
    """Turn weighted moments into a mixture of the family `project`."""
    counts, means, covariances = moments
    weights = counts / counts.sum()
    lost = counts <= kernels.LOST
    if lost.any():
        weights = np.where(lost, 0.0, weights)
    floor = np.zeros_like(covariances[0]) + np.diag(reg_covar)
    covariances = project(weights, 0.5 * (covariances + covariances.transpose(0, 2, 1)) + floor)
    if lost.any() and previous is None:
        raise ValueError(
            f"component {np.argmax(lost)} has no points: its column of responsibilities sums to 0. "
            "Drop the column, or pass previous= so that it keeps its place at weight 0."
        )
    if lost.any():
        means = np.where(lost[:, None], previous.means, means)
        covariances = np.where(lost[:, None, None], previous.covariances, covariances)
    return Mixture._of(weights, means, covariances)


def _arrays(mixture):
    return mixture.weights, mixture.means, mixture.covariances


def _family(covariance_type: str) -> Callable:
    return COVARIANCE_TYPES[as_choice(covariance_type, COVARIANCE_TYPES, "covariance_type")]


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


def _has_converged(old: State, new: State, rule: StopRule, data: kernels.Data) -> bool:
    if rule.criterion == "log_likelihood":
        return new.log_likelihood - old.log_likelihood < rule.tol * data.N and rule.tol > 0
    return largest_change(old.mixture, new.mixture, data.spread) < rule.tol


def largest_change(old: Mixture, new: Mixture, spread: np.ndarray) -> float:
    """Return the largest change of any parameter, in units of `spread` (D,), the features' standard deviations."""
    return max(
        np.abs(new.weights - old.weights).max(),
        (np.abs(new.means - old.means) / spread).max(),
        (np.abs(new.covariances - old.covariances) / spread[:, None] / spread).max(),
    )


# --- What is worth reporting ----------------------------------------------------------------------------------------

Trouble = tuple[str, int | None]  # (kind, component)


def _into_family(start: Mixture, project) -> tuple[Mixture, list[Event]]:
    """Return the start brought into the family, and an event if that moved it by more than rounding."""
    covariances = project(start.weights, start.covariances)
    mixture = Mixture._of(start.weights, start.means, covariances)
    deviations = np.sqrt(np.einsum("kjj->kj", start.covariances))
    change = np.abs(covariances - start.covariances) / deviations[:, :, None] / deviations[:, None, :]
    if change.max() <= 1e-12:
        return mixture, []
    message = (
        f"The start's covariances were not {project.__name__.strip('_')}. They were replaced by the nearest ones that "
        "are, and the run begins there."
    )
    return mixture, [Event(0, None, "projected", message)]


def _troubles(mixture: Mixture, N: int, reg_covar: np.ndarray) -> dict[Trouble, str]:
    """Return what is wrong with the components now.  `em` makes an event of each trouble when it begins."""
    counts, needed = mixture.weights * N, mixture.n_features + 1
    found: dict[Trouble, str] = {}
    for k in np.flatnonzero(_at_floor(mixture.covariances, reg_covar)):
        found["floor", int(k)] = (
            f"Component {k + 1} has shrunk to the floor on its covariance. Without the floor it would collapse onto a few "
            "points, so its likelihood says little: try another start, a smaller K or a shared (tied) covariance."
        )
    for k in np.flatnonzero(counts < needed):
        found["floor", int(k)] = (
            f"Component {k + 1} rests on {counts[k]:.2g} points; a covariance in {needed - 1} "
            f"dimension{'s' * (needed > 2)} needs at least {needed}."
        )
    for k in np.flatnonzero(mixture.weights == 0):
        del found["floor", int(k)]
        found["empty", int(k)] = f"Component {k + 1} lost all its points. It stays where it is, at weight 0."
    return found


def _at_floor(covariances: np.ndarray, reg_covar: np.ndarray) -> np.ndarray:
    """Return for which components the smallest eigenvalue of Sigma - floor is below the floor, (K,) bool.

    With one floor per feature, F = diag(reg_covar), that is: Sigma - 2 F is not positive definite.
    """
    if not reg_covar.any():
        return np.zeros(len(covariances), dtype=bool)
    return kernels.cholesky(covariances - 2 * np.diag(reg_covar))[1] == 0


def _fall(iteration: int, fall: float) -> Event:
    message = (
        f"The log-likelihood fell by {fall:.3g} at iteration {iteration}. Without a floor on the covariance EM never does "
        "that: the floor adds variance which the data do not ask for."
    )
    return Event(iteration, None, "decreased", message)


def _collapse(iteration: int, k: int, data: kernels.Data, covariance: np.ndarray) -> Event:
    flat = np.flatnonzero(np.diag(covariance) <= data.resolution)
    if data.constant.any():
        cause = f"Feature {np.argmax(data.constant)} of the data is constant: drop it, or set a floor."
    elif len(flat) == data.D:
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
