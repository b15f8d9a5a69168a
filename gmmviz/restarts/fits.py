"""Many starts on one setting, fitted one after another: what each comes to."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from functools import partial
from threading import Lock
from time import perf_counter
from typing import NamedTuple

import numpy as np

from gmmviz.em import Mixture, fit_stream
from gmmviz.em.events import at_floor
from gmmviz.em.update import Update
from gmmviz.starts import Ground

KINDS = ("optimum", "spurious", "collapsed")
"""What a group of ends is; only the first can be the best."""


class Restart(NamedTuple):
    """What one start came to.

    Attributes
    ----------
    number : int
        From 0; the start's seed is the first one's plus this.
    method : str
        The way to start, a key of `gmmviz.starts.STARTS`.
    log_likelihoods : (T + 1,) array
        Total over the points, natural log, at the start and after each of T iterations.
    mixture : Mixture
        The last.
    stop_reason : str
        As a run's: "converged", "max_iter", "decreased" or "collapsed".
    degenerate : bool
        Whether it ends with a component at the floor or on fewer than D + 1 points.
    """

    number: int
    method: str
    log_likelihoods: np.ndarray
    mixture: Mixture
    stop_reason: str
    degenerate: bool

    @property
    def log_likelihood(self) -> float:
        """The last."""
        return float(self.log_likelihoods[-1])

    @property
    def iterations(self) -> int:
        """T."""
        return len(self.log_likelihoods) - 1

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        if self.stop_reason == "collapsed":
            return "collapsed"
        return "spurious" if self.degenerate else "optimum"


def fit_starts(
    ground: Ground,
    n_components: int,
    method: str,
    seed: int = 0,
    floor: float = 1e-6,
    numbers: Iterable[int] = (0,),
    **settings,
) -> Generator[Restart | None]:
    """Fit from one start after another, and yield what each came to; None in between, see `gmmviz.em.fit_stream`.

    Parameters
    ----------
    ground : Ground
        The points, and the covariance type.
    n_components, method, floor
        As in `gmmviz.starts.start`.
    seed : int
        Of start 0; start r has seed + r.
    numbers : iterable of int
        The starts, in order.
    **settings
        tol, max_iter and criterion, as in `gmmviz.em.em`.

    Raises
    ------
    ValueError
        For settings that `start` or `fit_stream` refuse.
    """
    X, covariance_type, reg_covar = ground.X, ground.covariance_type, ground.reg_covar(floor)
    numbers = tuple(numbers)
    starts = (ground.start(n_components, method, seed + r, floor) for r in numbers)
    outcomes = fit_stream(X, starts, covariance_type, reg_covar=reg_covar, **settings)
    waiting = iter(numbers)
    for outcome in outcomes:
        if outcome is None:
            yield None
            continue
        degenerate = is_degenerate(X, outcome.mixture, covariance_type, reg_covar)
        yield Restart(next(waiting), method, *outcome, degenerate)


class Sweep:
    """Starts on one setting, fitted as far as they are asked for; what is done stays.  Threads may share it.

    Parameters
    ----------
    X : (N, D) array
    n_components, method, covariance_type, floor
        As in `gmmviz.starts.start`.
    seed : int
        Of the first start; start r has seed + r.
    **settings
        tol, max_iter and criterion, as in `gmmviz.em.em`.

    Raises
    ------
    ValueError
        For the points and the covariance type; for all else from `advance`, as `fit_starts`.

    Examples
    --------
    >>> sweep = Sweep([[0.0], [1.0], [8.0], [9.0]], 2, "k-means++")
    >>> sweep.advance(5), len(sweep.done), sweep.done[4].number
    (True, 5, 4)
    """

    def __init__(
        self,
        X,
        n_components: int,
        method: str,
        covariance_type: str = "full",
        seed: int = 0,
        floor: float = 1e-6,
        **settings,
    ):
        ground = Ground(X, covariance_type)
        self._outcomes_of = partial(fit_starts, ground, n_components, method, seed, floor, **settings)
        self._lock, self._outcomes = Lock(), iter(())
        self.done: tuple[Restart, ...] = ()

    def advance(self, starts: int, seconds: float = np.inf) -> bool:
        """Fit until so many starts are done, but not much longer than so many seconds; return whether they are."""
        with self._lock:
            end, new = perf_counter() + seconds, list(self.done)
            while len(new) < starts:
                for outcome in self._outcomes:
                    if outcome is not None:
                        new.append(outcome)
                    if perf_counter() > end:
                        break
                else:
                    if len(new) < starts:
                        self._outcomes = self._outcomes_of(range(len(new), starts))
                        continue
                break
            self.done = tuple(new)
            return len(new) >= starts


def is_degenerate(X, mixture: Mixture, covariance_type: str = "full", reg_covar=0.0) -> bool:
    """Return whether a component of a fit to X (N, D) is at the floor, or rests on fewer than D + 1 points.

    That is what the engine's events call degenerate (`gmmviz.em.events`), at the run's end: a component that was so on
    the way and has recovered is as good as any.

    >>> two = Mixture([0.5, 0.5], [[0.0], [9.0]], [[[1e-6]], [[4.0]]])
    >>> is_degenerate([[0.0], [0.0], [7.0], [11.0]], two, reg_covar=1e-6)
    True
    """
    X = np.asarray(X, dtype=float)
    N, D = X.shape
    if (mixture.weights * N < D + 1).any():
        return True
    addend = Update.of(X, covariance_type, reg_covar).addend
    return bool(addend.any() and at_floor(mixture.covariances, addend).any())
