"""Many starts on one setting: what each comes to, which came to the same optimum, and how many starts it takes.

EM climbs to the nearest hilltop only, so it is started again and again and the best end is kept. Two ends are the same
optimum if their log-likelihoods agree and their components do, up to a permutation.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from functools import partial
from itertools import islice
from math import ceil, log
from threading import Lock
from time import perf_counter
from typing import NamedTuple

import numpy as np

from gmmviz.em import Mixture, as_data, fit_stream
from gmmviz.em.events import at_floor
from gmmviz.em.update import Update
from gmmviz.starts import reg_covar_for, start_many

__all__ = [
    "KINDS",
    "Optimum",
    "Restart",
    "Sweep",
    "apart",
    "fit_starts",
    "is_degenerate",
    "matched",
    "optima",
    "share_interval",
    "starts_needed",
]

RATE = 0.99
"""The slowest convergence, as the ratio of one gain to the last, at which two runs to the same optimum are still known
to be so; runs that creep more slowly may count as optima of their own."""
LEAST = 1e-10
"""The smallest tolerance, per point, that ends are compared with: at a stop rule of 0, rounding remains."""
FARTHEST = 0.3
"""How far apart (see `apart`) components may be at most, however large the tolerance."""
KINDS = ("optimum", "spurious", "collapsed")
"""What a group of ends is; only the first can be the best."""


# --- One start after another ------------------------------------------------------------------------------------------


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
    X,
    n_components: int,
    method: str,
    covariance_type: str = "full",
    seed: int = 0,
    floor: float = 1e-6,
    numbers: Iterable[int] = (0,),
    **settings,
) -> Generator[Restart | None]:
    """Fit from one start after another, and yield what each came to; None in between, see `gmmviz.em.fit_stream`.

    Parameters
    ----------
    X : (N, D) array
    n_components, method, covariance_type, floor
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
        For data and settings that `start` or `fit_stream` refuse.
    """
    X = as_data(X)
    reg_covar, numbers = reg_covar_for(X, floor, covariance_type), tuple(numbers)
    seeds = (seed + r for r in numbers)
    starts = start_many(X, n_components, method, covariance_type, seeds, floor)
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
        self._outcomes_of = partial(
            fit_starts, X, n_components, method, covariance_type, seed, floor, **settings
        )
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


# --- Which came to the same -------------------------------------------------------------------------------------------


class Optimum(NamedTuple):
    """Starts that came to the same.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    members : tuple of Restart
        By their numbers.
    log_likelihood : float
        The highest of theirs.
    mixture : Mixture
        The one with that, its components in the order of those of the best optimum that they match.
    """

    kind: str
    members: tuple[Restart, ...]
    log_likelihood: float
    mixture: Mixture

    @property
    def iterations(self) -> float:
        """The median of theirs."""
        return float(np.median([member.iterations for member in self.members]))


def optima(restarts: Iterable[Restart], n_points: int, tol: float) -> list[Optimum]:
    """Group restarts by what they came to.

    EM that gains less than `tol` for each point and converges at the rate c is still within c / (1 - c) N tol of the
    log-likelihood of its optimum, and its components within sqrt(tol) / 2 (1 - c), see `apart`, of the optimum's. Two
    ends that differ by no more, at c = `RATE` and from either side, are one optimum. Those whose log-likelihoods are a
    near tie but whose components differ are two.

    Parameters
    ----------
    restarts : iterable of Restart
        All on the same data, with the same K and covariance type.
    n_points : int
        N.
    tol : float
        With which they stopped.

    Returns
    -------
    list of Optimum
        The best first, by log-likelihood; then the spurious, likewise; at last all that collapsed, together.

    References
    ----------
    McLachlan & Krishnan, The EM Algorithm and Extensions (2008), sections 3.9 (the rate) and 4.9 (what is left).
    """
    tol = max(tol, LEAST)
    slack, farthest = n_points * tol / (1 - RATE), min(np.sqrt(tol) / (1 - RATE), FARTHEST)
    groups: list[list[Restart]] = []
    for one in sorted(restarts, key=lambda one: (KINDS.index(one.kind), -one.log_likelihood)):
        for group in groups:
            if _is_same(group[0], one, slack, farthest):
                group.append(one)
                break
        else:
            groups.append([one])
    return [_optimum(group, groups[0][0].mixture) for group in groups]


def _is_same(best: Restart, one: Restart, slack: float, farthest: float) -> bool:
    if best.kind != one.kind or one.kind == "collapsed":
        return best.kind == one.kind  # what collapsed has come to nothing that could differ
    if best.log_likelihood - one.log_likelihood > slack:
        return False
    return apart(best.mixture, one.mixture)[matched(best.mixture, one.mixture)].max() <= farthest


def _optimum(group: list[Restart], best: Mixture) -> Optimum:
    highest = max(group, key=lambda one: one.log_likelihood)
    members = tuple(sorted(group, key=lambda one: (one.method, one.number)))
    order = matched(best, highest.mixture)[1]
    return Optimum(highest.kind, members, highest.log_likelihood, reordered(highest.mixture, order))


def reordered(mixture: Mixture, order: Sequence[int]) -> Mixture:
    """Return a mixture with its components in another order.

    >>> reordered(Mixture([0.2, 0.8], [[0.0], [1.0]], [[[1.0]], [[2.0]]]), [1, 0]).weights.tolist()
    [0.8, 0.2]
    """
    order = list(order)
    return Mixture(mixture.weights[order], mixture.means[order], mixture.covariances[order])


def apart(one: Mixture, other: Mixture) -> np.ndarray:
    """Return how far each component of one mixture is from each of another: the Hellinger distance of their densities.

    With p and q the densities, weighted by u and v, it is sqrt(1 - 2 sqrt(u v) / (u + v) integral sqrt(p q)); the
    integral is known for Gaussians (Bhattacharyya 1943). It does not depend on the data's units.

    Parameters
    ----------
    one, other : Mixture
        Of the same K and D.

    Returns
    -------
    (K, K) array
        From 0, the same, to 1, nothing in common.

    Examples
    --------
    >>> mixture = Mixture([0.5, 0.5], [[0.0], [9.0]], [[[1.0]], [[1.0]]])
    >>> apart(mixture, mixture).round(3).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    S, T = one.covariances[:, None], other.covariances[None, :]
    middle, shift = 0.5 * (S + T), one.means[:, None] - other.means[None, :]
    squares = np.einsum("ijd,ijd->ij", shift, np.linalg.solve(middle, shift[..., None])[..., 0])
    log_dets = 0.25 * (np.linalg.slogdet(S)[1] + np.linalg.slogdet(T)[1]) - 0.5 * np.linalg.slogdet(middle)[1]
    u, v = one.weights[:, None], other.weights[None, :]
    both = np.where(u + v > 0, u + v, 1.0)
    shares = np.where(u + v > 0, 2 * np.sqrt(u * v) / both, 1.0)
    return np.sqrt(np.clip(1.0 - shares * np.exp(log_dets - 0.125 * squares), 0.0, 1.0))


def matched(one: Mixture, other: Mixture) -> tuple[np.ndarray, np.ndarray]:
    """Pair the components of two mixtures so that they are as near as can be: rows (K,) of one, columns of the other.

    >>> one = Mixture([0.5, 0.5], [[0.0], [9.0]], [[[1.0]], [[1.0]]])
    >>> [part.tolist() for part in matched(one, reordered(one, [1, 0]))]
    [[0, 1], [1, 0]]
    """
    from scipy.optimize import linear_sum_assignment  # here, as it takes long to load

    return linear_sum_assignment(apart(one, other) ** 2)


# --- How many starts it takes -----------------------------------------------------------------------------------------


def share_interval(hits: int, starts: int, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of shares that so many hits among so many starts allow (Clopper & Pearson 1934).

    Parameters
    ----------
    hits, starts : int
        0 <= hits <= starts, starts > 0.
    level : float, default=0.95
        How often, at least, the interval holds the true share.

    Raises
    ------
    ValueError
        For other numbers.

    Examples
    --------
    >>> [round(share, 3) for share in share_interval(1, 100)]
    [0.0, 0.054]
    """
    if not (0 <= hits <= starts and starts > 0):
        raise ValueError(
            f"{hits} hits among {starts} starts: give 0 <= hits <= starts, and at least one start."
        )
    from scipy.stats import beta  # here, as it takes long to load

    outside = (1 - level) / 2
    low = beta.ppf(outside, hits, starts - hits + 1) if hits else 0.0
    high = beta.ppf(1 - outside, hits + 1, starts - hits) if hits < starts else 1.0
    return float(low), float(high)


def starts_needed(share: float, probability: float = 0.95) -> int | None:
    """Return how many starts it takes for one of them to hit, with this probability, what a share of all starts hits.

    None where the share is 0: no number is enough.

    >>> starts_needed(0.5), starts_needed(0.01), starts_needed(1.0), starts_needed(0.0)
    (5, 299, 1, None)
    """
    if share <= 0:
        return None
    return 1 if share >= probability else ceil(log(1 - probability) / log(1 - share) - 1e-9)


def letters(count: int) -> list[str]:
    """Return names for so many groups; numbers are the components'.

    >>> letters(28)[-3:]
    ['Z', 'AA', 'AB']
    """
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    names = (first + letter for first in ("", *alphabet) for letter in alphabet)
    return list(islice(names, count))
