"""EM for Gaussian mixtures as the textbook writes it: an E-step, an M-step, and the loop that alternates them.

    run = fit(X, start)              # start: a Mixture, for example from gmmviz.starts
    run.states[t].log_likelihood     # total over the points, natural log, AT run.states[t].mixture

Source: Bishop, Pattern Recognition and Machine Learning (2006), section 9.2; the equation numbers below are his.
Array shapes: X (N, D), responsibilities (N, K), weights (K,), means (K, D), covariances (K, D, D).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from itertools import count
from typing import NamedTuple

import numpy as np

from gmmviz import events, whitened
from gmmviz.events import EVENT_KINDS, Event
from gmmviz.families import FAMILIES
from gmmviz.kernels import Data, Prepared
from gmmviz.mixture import Ending, Mixture, Run, State, read_only
from gmmviz.validation import (
    as_choice,
    as_data,
    as_floor,
    as_max_iter,
    as_responsibilities,
    as_tol,
    check_density,
    check_features,
    check_starts,
)
from gmmviz.whitened import LOST, Moments

__all__ = [
    "COVARIANCE_TYPES",
    "CRITERIA",
    "EVENT_KINDS",
    "STOP_REASONS",
    "Ending",
    "Event",
    "Mixture",
    "Run",
    "State",
    "as_data",
    "e_step",
    "em",
    "fit",
    "fit_many",
    "m_step",
]

CRITERIA = ("log_likelihood", "parameters")
STOP_REASONS = ("converged", "max_iter", "decreased", "collapsed")


COVARIANCE_TYPES = {name: family.project for name, family in FAMILIES.items()}
"""Name -> projection (weights, covariances) -> covariances of free covariances (..., K, D, D) into the type's family.

The projection maximises the expected log-likelihood within the family, so the M-step of each type is the full M-step
followed by it, and a start from outside the family is brought in by the same function.
"""

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
    R, log_likelihood = whitened.responsibilities(X, *_arrays(mixture))
    check_density(log_likelihood)
    return R, log_likelihood


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
    settings = _settings(X, covariance_type, reg_covar)
    if previous is not None:
        check_features(X, previous)
    weights, means, covariances = whitened.moments(X, responsibilities)
    moments = Moments(weights, means, settings.project(weights, covariances))
    return Mixture._of(*_maximise(moments, previous, settings))


def em(
    X,
    start: Mixture,
    covariance_type: str = "full",
    reg_covar=0.0,
    tol: float = 1e-6,
    max_iter: int = 1000,
    criterion: str = "log_likelihood",
    fixed_covariances: bool = False,
) -> Generator[State, None, Ending]:
    """Yield state after state of EM on X (N, D), the start first; return an Ending when a stop rule is met.

    reg_covar: absolute, in squared data units, one number or one per feature, added to the covariances' diagonals.
    Above zero it voids the guarantee that the log-likelihood never falls.
    criterion: "log_likelihood" stops when the mean log-likelihood per point gains less than `tol`, "parameters" when no
    parameter moves by `tol`, in units of the data's spread (weights as they are). A fall of the mean by `tol` or more
    stops the run as "decreased", before the state that fell. With tol=0 the run goes on to max_iter.
    fixed_covariances: only weights and means are updated; the covariances stay the start's.

    Bad input raises a ValueError at the call, not at the first state.

    >>> X = [[0.0], [1.0], [8.0], [9.0]]
    >>> states = list(em(X, Mixture([0.5, 0.5], [[0.0], [9.0]], [[[4.0]], [[4.0]]]), max_iter=3))
    >>> [round(state.log_likelihood, 3) for state in states]
    [-9.47, -5.678, -5.676, -5.676]
    """
    X = as_data(X)
    check_starts([start], X)
    settings = _settings(X, covariance_type, reg_covar, tol, max_iter, criterion, fixed_covariances)
    data = Data(X, covariance_type)
    return _states(data, _Progress(start, data, settings), settings)


def fit(
    X,
    start: Mixture,
    covariance_type: str = "full",
    reg_covar=0.0,
    tol: float = 1e-6,
    max_iter: int = 1000,
    criterion: str = "log_likelihood",
    fixed_covariances: bool = False,
) -> Run:
    """Run EM to its end and return the whole history.  Settings as in `em`.

    >>> run = fit([[0.0], [1.0], [8.0], [9.0]], Mixture([0.5, 0.5], [[0.0], [9.0]], [[[4.0]], [[4.0]]]))
    >>> run.stop_reason, run.states[-1].mixture.means.ravel().round(6).tolist()
    ('converged', [0.5, 8.5])
    """
    return fit_many(X, [start], covariance_type, reg_covar, tol, max_iter, criterion, fixed_covariances)[0]


def fit_many(
    X,
    starts: Sequence[Mixture],
    covariance_type: str = "full",
    reg_covar=0.0,
    tol: float = 1e-6,
    max_iter: int = 1000,
    criterion: str = "log_likelihood",
    fixed_covariances: bool = False,
) -> tuple[Run, ...]:
    """Run EM from many starts of the same K, side by side, each to its own end.  Settings as in `em`.

    The runs share one pass over the data per iteration, which on few points costs hardly more than that of one run.

    >>> starts = [Mixture([0.5, 0.5], [[a], [9.0]], [[[4.0]], [[4.0]]]) for a in (0.0, 3.0)]
    >>> runs = fit_many([[0.0], [1.0], [8.0], [9.0]], starts)
    >>> [run.states[-1].mixture.means.ravel().round(6).tolist() for run in runs]
    [[0.5, 8.5], [0.5, 8.5]]
    """
    X = as_data(X)
    check_starts(starts, X)
    settings = _settings(X, covariance_type, reg_covar, tol, max_iter, criterion, fixed_covariances)
    data = Data(X, covariance_type)
    runs = [_Progress(start, data, settings) for start in starts]
    for _ in _alternate(data, runs, settings):
        pass
    return tuple(Run(tuple(run.states), *run.ending()) for run in runs)


# --- How the two steps alternate -----------------------------------------------------------------------------------


class _Settings(NamedTuple):
    """What `em` was asked for, validated."""

    project: Callable
    floor: np.ndarray  # (D, D), what reg_covar adds to each covariance
    tol: float
    max_iter: int
    criterion: str
    fixed_covariances: bool
    has_floor: bool


def _settings(
    X,
    covariance_type,
    reg_covar=0.0,
    tol=1e-6,
    max_iter=1000,
    criterion="log_likelihood",
    fixed_covariances=False,
) -> _Settings:
    project = COVARIANCE_TYPES[as_choice(covariance_type, COVARIANCE_TYPES, "covariance_type")]
    reg_covar = as_floor(reg_covar, X.shape[1])
    rule = as_tol(tol), as_max_iter(max_iter), as_choice(criterion, CRITERIA, "criterion")
    floor = project(np.ones(1), np.diag(reg_covar)[None])[0]
    return _Settings(project, floor, *rule, bool(fixed_covariances), bool(floor.any()))


def _states(data: Data, run: _Progress, settings: _Settings) -> Generator[State, None, Ending]:
    for _ in _alternate(data, [run], settings):
        yield from run.states
        run.states.clear()
    return run.ending()


def _alternate(data: Data, runs: list[_Progress], settings: _Settings) -> Generator[None, None, None]:
    """Take E-step and M-step in turn, for all runs at once, until each has ended; yield when each has its new state."""
    starts = [_arrays(run.start) for run in runs]
    mixtures = data.prepare(*_frozen(*(np.array(part) for part in zip(*starts, strict=True))))
    for iteration in count():
        moments, log_likelihoods, singular = data.expect(mixtures)  # the E-step
        stacked = zip(runs, *mixtures[:3], log_likelihoods.tolist(), singular, strict=True)
        for run, weights, means, covariances, log_likelihood, bad in stacked:
            run.take(State(iteration, Mixture._of(weights, means, covariances), log_likelihood), bad)
        yield
        going = [r for r, run in enumerate(runs) if run.stop_reason is None]
        if not going:
            return
        if len(going) < len(runs):
            runs, mixtures = [runs[r] for r in going], mixtures.select(going)
            moments = Moments(*(part[going] for part in moments))
        mixtures = _next(data, moments, mixtures, settings)  # the M-step


def _next(data: Data, moments: Moments, previous: Prepared, settings: _Settings) -> Prepared:
    """Take the M-step; where its result is too tight for the digits of quick moments, again from careful ones."""
    mixtures = data.prepare(*_maximise(moments, previous, settings))
    if mixtures.quick == previous.quick:
        return mixtures
    quick = [old and new for old, new in zip(previous.quick, mixtures.quick, strict=True)]
    if quick == previous.quick:
        return mixtures
    moments = data.expect(previous._replace(quick=quick)).moments
    return data.prepare(*_maximise(moments, previous, settings))


def _maximise(
    moments: Moments, previous: Mixture | Prepared | None, settings: _Settings
) -> tuple[np.ndarray, ...]:
    """Turn the moments of a family into its mixture; a lost component stays where it was in `previous`."""
    weights, means, covariances = moments
    if settings.has_floor:
        covariances = covariances + settings.floor
    if min(weights.ravel().tolist()) <= LOST:
        lost = weights <= LOST
        if previous is None:
            raise ValueError(
                f"component {np.argmax(lost)} has no points: its column of responsibilities sums to 0. "
                "Drop the column, or pass previous= so that it keeps its place at weight 0."
            )
        weights = np.where(lost, 0.0, weights)
        means = np.where(lost[..., None], previous.means, means)
        covariances = np.where(lost[..., None, None], previous.covariances, covariances)
        covariances = settings.project(weights, covariances)  # what is tied stays tied
    return _frozen(weights, means, previous.covariances if settings.fixed_covariances else covariances)


class _Progress:
    """One run under way: its newest state, its events, and when it is to stop."""

    def __init__(self, start: Mixture, data: Data, settings: _Settings):
        self.data, self.settings = data, settings
        self.watch = events.Watch(data, settings.floor * (not settings.fixed_covariances))
        covariances = settings.project(start.weights, start.covariances)
        self.start = Mixture._of(*_frozen(start.weights, start.means, covariances))
        self.state: State | None = None
        self.states: list[State] = []  # those not handed on yet
        self.stop_reason: str | None = None
        climbs = settings.criterion == "log_likelihood"
        self.enough = (
            settings.tol * data.N if climbs else np.inf
        )  # a gain after which nothing needs a second look
        deviations = np.sqrt(np.einsum("kjj->kj", start.covariances))
        change = np.abs(covariances - start.covariances) / deviations[:, :, None] / deviations[:, None, :]
        if change.max() > 1e-12:
            self.watch.tell(events.projected(data.covariance_type))
        for event in events.identical(self.start):
            self.watch.tell(event)

    def take(self, new: State, singular: int | None) -> None:
        """Take the next state, unless it is one to stop before; and see whether to stop after it."""
        old = self.state
        if old is not None and singular is None and new.log_likelihood - old.log_likelihood >= self.enough:
            self.watch.see(new)
            if new.iteration == self.settings.max_iter:
                self.stop_reason = "max_iter"
        elif not self._accepts(old, new, singular):
            return
        self.state = new
        self.states.append(new)

    def _accepts(self, old: State | None, new: State, singular: int | None) -> bool:
        """Decide whether `new` becomes the run's state, and whether the run stops."""
        if old is None:
            check_density(new.log_likelihood)
        else:
            if singular is not None:
                self.watch.collapse(new.iteration, singular, old.mixture)
                self.stop_reason = "collapsed"
                return False
            self.watch.see(new)
            if new.log_likelihood < old.log_likelihood and self._fell(old, new):
                self.stop_reason = "decreased"
                return False
            if self._has_converged(old, new):
                self.stop_reason = "converged"
        if new.iteration == self.settings.max_iter and self.stop_reason is None:
            self.stop_reason = "max_iter"
        return True

    def _fell(self, old: State, new: State) -> bool:
        """Tell of a fall that is more than rounding; return whether it ends the run."""
        fall = old.log_likelihood - new.log_likelihood
        if self.data.is_rounding(fall, *_arrays(new.mixture), new.log_likelihood):
            return False
        self.watch.tell(events.fall(new.iteration, fall))
        return fall >= self.settings.tol * self.data.N > 0

    def _has_converged(self, old: State, new: State) -> bool:
        tol = self.settings.tol
        if self.settings.criterion == "log_likelihood":
            return new.log_likelihood - old.log_likelihood < tol * self.data.N and tol > 0
        return _largest_change(old.mixture, new.mixture, self.data.spread) < tol

    def ending(self) -> Ending:
        return Ending(self.stop_reason, self.watch.events())


def _largest_change(old: Mixture, new: Mixture, spread: np.ndarray) -> float:
    """Return the largest change of any parameter, in units of `spread` (D,), the features' standard deviations."""
    return max(
        np.abs(new.weights - old.weights).max(),
        (np.abs(new.means - old.means) / spread).max(),
        (np.abs(new.covariances - old.covariances) / spread[:, None] / spread).max(),
    )


def _frozen(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """Make arrays read-only; what is cut out of them is so, too."""
    return tuple(map(read_only, arrays))


def _arrays(mixture: Mixture) -> tuple[np.ndarray, ...]:
    return mixture.weights, mixture.means, mixture.covariances
