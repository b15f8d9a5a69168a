"""The facts that a story may name: numbers of a run, computed from its states. A registry of names to functions.

Components are counted from 1, iterations from 0, the start. Where nothing else is said, a fact is of the run's end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from gmmviz.criteria import bic, n_parameters
from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, Run, e_step
from gmmviz.kmeans import KMeansRun

SURE = 0.9
"""A point is unsure whose largest responsibility is below this."""


class Told(NamedTuple):
    """A run that a story shows, and on what.

    Attributes
    ----------
    dataset : Dataset
    run : Run or KMeansRun
    covariance : str
        The covariance type.
    star : tuple of float or None
        The place that the story marks, if it does.
    """

    dataset: Dataset
    run: Run | KMeansRun
    covariance: str
    star: tuple[float, float] | None = None

    @property
    def last(self) -> int:
        """The run's last iteration."""
        return self.run.states[-1].iteration

    @property
    def mixture(self) -> Mixture:
        """The last mixture."""
        return self.run.states[-1].mixture

    def labels(self, t: int = -1) -> np.ndarray:
        """Return each point's most probable component, or its cluster, at state t: (N,), from 0."""
        state = self.run.states[t]
        if isinstance(self.run, KMeansRun):
            return state.labels
        return e_step(self.dataset.X, state.mixture)[0].argmax(axis=1)


def fact(told: Told, name: str):
    """Return a fact of a run by its name.

    Raises
    ------
    KeyError
        For a name that is no fact, or none of k-means.
    """
    if name not in FACTS or (isinstance(told.run, KMeansRun) and name not in OF_K_MEANS):
        raise KeyError(name)
    return FACTS[name](told)


def both(first: Told, second: Told, name: str):
    """Return a fact of two runs on the same points, from the same means, by its name; KeyError if it is none."""
    return FACTS_OF_BOTH[name](first, second)


# --- Of one run -------------------------------------------------------------------------------------------------------


def _numbered(values) -> dict:
    """Return values of K components by their numbers; each a float, or a tuple of them."""
    return {
        k: tuple(map(float, value)) if np.ndim(value) else float(value)
        for k, value in enumerate(values, start=1)
    }


def _log_likelihoods(told: Told) -> np.ndarray:
    return np.array([state.log_likelihood for state in told.run.states])


def _gains(told: Told) -> np.ndarray:
    return np.diff(_log_likelihoods(told))


def _bic(told: Told) -> float:
    N, D = told.dataset.X.shape
    free = n_parameters(told.mixture.n_components, D, told.covariance)
    return bic(told.run.states[-1].log_likelihood, free, N)


def _widths(told: Told, t: int = -1) -> np.ndarray:
    """Return the radius (K,) of the circle with the area of each component's ellipse of one standard deviation."""
    covariances = told.run.states[t].mixture.covariances
    D = covariances.shape[-1]
    return np.exp(np.linalg.slogdet(covariances)[1] / (2 * D))


def _thinnest(told: Told, t: int) -> float:
    """Return the smallest standard deviation of any component in any direction at state t."""
    return float(np.sqrt(np.linalg.eigvalsh(told.run.states[t].mixture.covariances).min()))


def _crowd(told: Told) -> np.ndarray:
    """Return how many points of each group (rows) are most probably of each component (columns)."""
    labels, found = told.dataset.labels, told.labels()
    K = int(found.max()) + 1
    return np.array([np.bincount(found[labels == group], minlength=K) for group in np.unique(labels)])


def _wrong(told: Told) -> int:
    """Return how many points are with another group's component, however the components are paired with groups."""
    crowd = _crowd(told)
    rows, columns = linear_sum_assignment(-crowd)
    return int(crowd.sum() - crowd[rows, columns].sum())


def _astride(told: Told) -> int:
    """Return how many components have points of more than one group."""
    return int(((_crowd(told) > 0).sum(axis=0) > 1).sum())


def _sizes(told: Told) -> dict[int, int]:
    """Return how many points each true group has, the largest first, by 1, 2, ..."""
    counts = np.sort(np.bincount(told.dataset.labels))[::-1]
    return {i: int(count) for i, count in enumerate(counts, start=1)}


def _shares(told: Told) -> np.ndarray:
    """Return the star's responsibilities (K,) at the start: what the first E-step gives."""
    return e_step(np.array([told.star]), told.run.states[0].mixture)[0][0]


def _distances(told: Told) -> np.ndarray:
    """Return how far the star is from each component's mean (K,) at the start."""
    return np.linalg.norm(told.run.states[0].mixture.means - told.star, axis=1)


def _unsure(told: Told, t: int = -1) -> int:
    return int((e_step(told.dataset.X, told.run.states[t].mixture)[0].max(axis=1) < SURE).sum())


def _moved(told: Told) -> np.ndarray:
    states = told.run.states
    return np.linalg.norm(states[1].mixture.means - states[0].mixture.means, axis=1)


FACTS: dict[str, Callable[[Told], object]] = {
    "points": lambda told: len(told.dataset.X),
    "groups": lambda told: len(np.unique(told.dataset.labels)),
    "size": _sizes,
    "iterations": lambda told: told.last,
    "wrong": _wrong,
    "changed": lambda told: int((told.labels(0) != told.labels()).sum()),
    "components": lambda told: told.mixture.n_components,
    "log_likelihood": lambda told: float(_log_likelihoods(told)[-1]),
    "log_likelihood_at": lambda told: dict(enumerate(map(float, _log_likelihoods(told)))),
    "falls": lambda told: int((_gains(told) < 0).sum()),
    "least_gain": lambda told: float(_gains(told).min()),
    "greatest_gain": lambda told: float(_gains(told).max()),
    "bic": _bic,
    "converged": lambda told: told.run.converged,
    "collapsed": lambda told: told.run.stop_reason == "collapsed",
    "mean": lambda told: _numbered(told.mixture.means),
    "mean_at_start": lambda told: _numbered(told.run.states[0].mixture.means),
    "weight": lambda told: _numbered(told.mixture.weights),
    "points_of": lambda told: _numbered(told.mixture.weights * len(told.dataset.X)),
    "width": lambda told: _numbered(_widths(told)),
    "narrowest": lambda told: float(_widths(told).min()),
    "widest": lambda told: float(_widths(told).max()),
    "thinnest": lambda told: _thinnest(told, -1),
    "thinnest_at": lambda told: {t: _thinnest(told, t) for t in range(len(told.run.states))},
    "astride": _astride,
    "unsure": _unsure,
    "unsure_at_start": lambda told: _unsure(told, 0),
    "share": lambda told: _numbered(_shares(told)),
    "distance": lambda told: _numbered(_distances(told)),
    "moved": lambda told: _numbered(_moved(told)),
    "width_at_start": lambda told: _numbered(_widths(told, 0)),
}
"""Every fact of a run by its name."""

OF_K_MEANS = ("points", "groups", "size", "iterations", "wrong", "changed")
"""The facts that k-means has too."""
OF_GROUPS = ("groups", "size", "wrong", "astride")
"""The facts that take known groups."""
OF_THE_STAR = ("share", "distance")
"""The facts that take a star."""


# --- Of two runs ------------------------------------------------------------------------------------------------------

BOTH = "both"
"""The name under which a story has the facts of its first two runs."""


def _differing(first: Told, second: Told) -> int:
    return int((first.labels() != second.labels()).sum())


def _most_differing(first: Told, second: Told) -> int:
    last = max(first.last, second.last)
    pairs = ((first.labels(min(t, first.last)), second.labels(min(t, second.last))) for t in range(last + 1))
    return max(int((one != other).sum()) for one, other in pairs)


FACTS_OF_BOTH: dict[str, Callable[[Told, Told], object]] = {
    "differing": _differing,
    "most_differing": _most_differing,
}
"""Facts of a story's first two runs: how many points have another component in one than in the other, at the end, and
at most at any iteration."""
