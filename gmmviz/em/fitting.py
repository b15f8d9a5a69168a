"""Running EM: its states one by one, a whole run at once or in parts, many side by side, or one start after another."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from threading import Lock
from time import perf_counter

import numpy as np

from gmmviz.em.algorithm import alternate
from gmmviz.em.events import happened
from gmmviz.em.history import Ending, Mixture, Outcome, Run, State
from gmmviz.em.many import alternate_many
from gmmviz.em.points import Points
from gmmviz.em.stopping import BEFORE, StopRule
from gmmviz.em.stream import alternate_stream
from gmmviz.em.update import Update
from gmmviz.em.validation import as_data, as_n_threads, check_spread, check_start, check_starts


def em(
    X,
    start: Mixture,
    covariance_type: str = "full",
    reg_covar=0.0,
    tol: float = 1e-6,
    max_iter: int = 1000,
    criterion: str = "log_likelihood",
    fixed_covariances: bool = False,
    n_threads: int | None = None,
) -> Generator[State, None, Ending]:
    """Yield state after state of EM, the start first.

    Parameters
    ----------
    X : (N, D) array-like
    start : Mixture
        Of K <= N components in D features; see `gmmviz.starts.start`. One from outside the covariance type's family
        is replaced by the most likely one that is in it.
    covariance_type : str, default="full"
        A key of `COVARIANCE_TYPES`: "full", "tied", "diag" or "spherical".
    reg_covar : float or (D,) array-like, default=0
        Added to the covariances' diagonals, in squared data units. Above 0 it voids the guarantee that the
        log-likelihood never falls.
    tol : float, default=1e-6
        What `criterion` asks for. A fall of the mean log-likelihood per point by `tol` or more stops the run as
        "decreased", before the state that fell. At 0 the run goes on to `max_iter`.
    max_iter : int, default=1000
        The most M-steps.
    criterion : str, default="log_likelihood"
        A key of `CRITERIA`. "log_likelihood" stops when the mean log-likelihood per point gains less than `tol`,
        "parameters" when no parameter moves by `tol`, in units of the data's spread (weights as they are).
    fixed_covariances : bool, default=False
        Whether the covariances stay the start's, so that only weights and means are updated.
    n_threads : int, optional
        How many threads share the points, which changes no digit of the result; by default as `gmmviz.threads.cores`
        says: all cores in a notebook, one in the app's server.

    Yields
    ------
    State
        Log-likelihoods are natural logarithms, summed over the points, at the state's own mixture.

    Returns
    -------
    Ending
        Why the iteration stopped, and what happened on the way.

    Raises
    ------
    ValueError
        For bad input, at the call, not at the first state; it says which value is wrong and what to do.

    Examples
    --------
    >>> X = [[0.0], [1.0], [8.0], [9.0]]
    >>> states = list(em(X, Mixture([0.5, 0.5], [[0.0], [9.0]], [[[4.0]], [[4.0]]]), max_iter=3))
    >>> [round(state.log_likelihood, 3) for state in states]
    [-9.47, -5.678, -5.676, -5.676]
    """
    X = as_data(X)
    check_starts([start], X)
    update = Update.of(X, covariance_type, reg_covar, fixed_covariances)
    rule = StopRule.of(criterion, tol, max_iter)
    return alternate(_points(X, covariance_type, n_threads), start, update, rule)


def fit(X, start: Mixture, covariance_type: str = "full", **settings) -> Run:
    """Run EM to its end and return the whole history.

    Parameters
    ----------
    X, start, covariance_type, **settings
        As in `em`: reg_covar, tol, max_iter, criterion, fixed_covariances, n_threads.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        As in `em`.

    Examples
    --------
    >>> run = fit([[0.0], [1.0], [8.0], [9.0]], Mixture([0.5, 0.5], [[0.0], [9.0]], [[[4.0]], [[4.0]]]))
    >>> run.stop_reason, run.states[-1].mixture.means.ravel().round(6).tolist()
    ('converged', [0.5, 8.5])
    """
    return Ascent(X, start, covariance_type, **settings).run()


class Ascent:
    """A run of EM that is made as far as it is asked for; what is done stays.  Threads may share it.

    Parameters
    ----------
    X, start, covariance_type, **settings
        As in `em`: reg_covar, tol, max_iter, criterion, fixed_covariances, n_threads.

    Raises
    ------
    ValueError
        As in `em`.

    Examples
    --------
    >>> X = [[0.0], [1.0], [8.0], [9.0]]
    >>> ascent = Ascent(X, Mixture([0.5, 0.5], [[0.0], [9.0]], [[[4.0]], [[4.0]]]), tol=0, max_iter=900)
    >>> ascent.advance(2), ascent.iterations
    (True, 2)
    >>> run = ascent.run(2)
    >>> len(run.states), run.stop_reason
    (3, 'max_iter')
    """

    def __init__(
        self, X, start: Mixture, covariance_type: str = "full", n_threads: int | None = None, **settings
    ):
        X = as_data(X)
        check_starts([start], X)
        self._update, rule = _rules(X, covariance_type, **settings)
        self.max_iter = rule.max_iter
        self._points, self._start, self._lock = _points(X, covariance_type, n_threads), start, Lock()
        self._climb = alternate(self._points, start, self._update, rule)
        self._states: list[State] = []
        self._ending: Ending | None = None

    @property
    def n_points(self) -> int:
        """N."""
        return self._points.N

    @property
    def ended(self) -> bool:
        """Whether the run has come to its end."""
        return self._ending is not None

    @property
    def iterations(self) -> int:
        """The most iterations of which it is known how they end; -1 before the first."""
        return max(-1, len(self._states) - (1 if self.ended else 2))

    @property
    def log_likelihood(self) -> float:
        """The last that is known."""
        return self._states[-1].log_likelihood

    def advance(self, iterations: int, seconds: float = np.inf) -> bool:
        """Go on for so many seconds, and one iteration more; return whether so many are done, or the run has ended."""
        with self._lock:
            end = perf_counter() + seconds
            while not self.ended and self.iterations < iterations:
                try:
                    self._states.append(next(self._climb))
                except StopIteration as climb:
                    self._ending = climb.value
                if perf_counter() > end:
                    break
            return self.ended or self.iterations >= iterations

    def run(self, max_iter: int | None = None) -> Run:
        """Return the run as `fit` would with at most so many iterations, going on as far as that needs."""
        wanted = self.max_iter if max_iter is None else min(max_iter, self.max_iter)
        self.advance(wanted)
        states, last = tuple(self._states[: wanted + 1]), len(self._states) - 1
        if self.ended and (last < wanted or (last == wanted and self._ending.stop_reason not in BEFORE)):
            return Run(states, *self._ending)
        events = happened(self._points, self._start, states, None, self._update.addend)
        return Run(states, "max_iter", events)


def fit_many(X, starts: Sequence[Mixture], covariance_type: str = "full", **settings) -> tuple[Run, ...]:
    """Run EM from many starts of the same K, side by side, each to its own end.

    The runs share one pass over the data per iteration, which on few points costs hardly more than that of one run.

    Parameters
    ----------
    X : (N, D) array-like
    starts : sequence of Mixture
        At least one, all of the same K.
    covariance_type, **settings
        As in `em`: reg_covar, tol, max_iter, criterion, fixed_covariances, n_threads.

    Returns
    -------
    tuple of Run
        One for each start, in their order; what `fit` would have returned, up to the last digits.

    Raises
    ------
    ValueError
        As in `em`, and for starts of different K.

    Examples
    --------
    >>> starts = [Mixture([0.5, 0.5], [[a], [9.0]], [[[4.0]], [[4.0]]]) for a in (0.0, 3.0)]
    >>> runs = fit_many([[0.0], [1.0], [8.0], [9.0]], starts)
    >>> [run.states[-1].mixture.means.ravel().round(6).tolist() for run in runs]
    [[0.5, 8.5], [0.5, 8.5]]
    """
    return whole(fit_many_steps(X, starts, covariance_type, **settings))


def fit_many_steps(
    X, starts: Sequence[Mixture], covariance_type: str = "full", n_threads: int | None = None, **settings
) -> Generator[int, None, tuple[Run, ...]]:
    """Do the same with pauses: yield each iteration, once it is done in all runs."""
    X = as_data(X)
    check_starts(starts, X)
    if len(starts) == 1:
        return (fit(X, starts[0], covariance_type, n_threads=n_threads, **settings),)
    update, rule = _rules(X, covariance_type, **settings)
    return (yield from alternate_many(_points(X, covariance_type, n_threads), starts, update, rule))


def whole(generator: Generator):
    """Return what a generator returns in the end.

    >>> whole(fit_many_steps([[0.0], [1.0]], [Mixture([1.0], [[0.0]], [[[1.0]]])], max_iter=1))[0].stop_reason
    'max_iter'
    """
    while True:
        try:
            next(generator)
        except StopIteration as end:
            return end.value


def fit_stream(
    X, starts: Iterable[Mixture], covariance_type: str = "full", n_threads: int | None = None, **settings
) -> Generator[Outcome | None]:
    """Run EM from one start after another, and yield what each run came to as soon as all before it have ended.

    `fit_many` for hundreds of starts: a run that ends makes room for the next start, and no history is kept.

    Parameters
    ----------
    X : (N, D) array-like
    starts : iterable of Mixture
        All of the same K. Each is asked for when there is room for it.
    covariance_type, **settings
        As in `em`: reg_covar, tol, max_iter, criterion, fixed_covariances, n_threads.

    Yields
    ------
    Outcome or None
        One outcome for each start, in their order: the end of the run that `fit` would have returned, up to the last
        digits. None, many times in between, means only that so much work is done: whoever has other things to do may
        leave the generator alone, for a while or for good.

    Raises
    ------
    ValueError
        As in `fit_many`: for the data and settings at the call, for a start when its turn comes.

    Examples
    --------
    >>> starts = [Mixture([0.5, 0.5], [[a], [9.0]], [[[4.0]], [[4.0]]]) for a in (0.0, 3.0)]
    >>> outcomes = filter(None, fit_stream([[0.0], [1.0], [8.0], [9.0]], starts))
    >>> [(outcome.stop_reason, outcome.mixture.means.ravel().round(6).tolist()) for outcome in outcomes]
    [('converged', [0.5, 8.5]), ('converged', [0.5, 8.5])]
    """
    X = as_data(X)
    check_spread(X)
    update, rule = _rules(X, covariance_type, **settings)
    points = _points(X, covariance_type, n_threads)
    return alternate_stream(points, _checked(starts, X), update, rule)


def _checked(starts: Iterable[Mixture], X) -> Iterator[Mixture]:
    """Pass starts on, one by one, if each goes with X (N, D) and with the first."""
    first = None
    for start in starts:
        check_start(start, X)
        first = first or start
        if start.n_components != first.n_components:
            check_starts([first, start], X)  # which refuses them
        yield start


def _rules(X, covariance_type, reg_covar=0.0, fixed_covariances=False, **stopping) -> tuple[Update, StopRule]:
    return Update.of(X, covariance_type, reg_covar, fixed_covariances), StopRule.of(**stopping)


def _points(X: np.ndarray, covariance_type: str, n_threads: int | None) -> Points:
    return Points(X, covariance_type, as_n_threads(n_threads))
