"""Which starts came to the same optimum: their log-likelihoods agree and their components do, in whatever order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from gmmviz.em import Mixture
from gmmviz.restarts.fits import KINDS, Restart

RATE = 0.99
"""The slowest convergence, as the ratio of one gain to the last, at which two runs to the same optimum are still known
to be so; runs that creep more slowly may count as optima of their own."""
LEAST = 1e-10
"""The smallest tolerance, per point, that ends are compared with: at a stop rule of 0, rounding remains."""
FARTHEST = 0.3
"""How far apart (see `apart`) components may be at most, however large the tolerance."""


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


def letters(count: int) -> list[str]:
    """Return names for so many groups; numbers are the components'.

    >>> letters(28)[-3:]
    ['Z', 'AA', 'AB']
    """
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    names = (first + letter for first in ("", *alphabet) for letter in alphabet)
    return list(islice(names, count))
