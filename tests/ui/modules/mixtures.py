"""Mixtures for the tests of the player's modules: how a film packs them, and some that are hard to glide between."""

import numpy as np

from gmmviz.em import Mixture
from gmmviz.figures.arrays import packed


def film_of(mixtures) -> dict:
    """Return mixtures of one K and D as a film's payload."""
    names = ("weights", "means", "covariances")
    return {name: packed(np.array([getattr(mixture, name) for mixture in mixtures]), "f8") for name in names}


def random_covariance(rng: np.random.Generator, D: int = 2, thinnest: float = 1e-3) -> np.ndarray:
    """Draw a covariance (D, D), its features in units of their own, its smallest pivot's share down to `thinnest`."""
    axes, _ = np.linalg.qr(rng.normal(size=(D, D)))
    C = (axes * thinnest ** rng.uniform(0, 1, D)) @ axes.T
    units = 10.0 ** rng.uniform(-1.5, 1.5, D)
    C *= np.outer(units, units)
    return (C + C.T) / 2


def random_mixture(rng: np.random.Generator, K: int = 3, D: int = 2, thinnest: float = 1e-3) -> Mixture:
    """Draw a mixture of K components in D features."""
    weights = rng.dirichlet(np.ones(K))
    return Mixture(weights, rng.normal(size=(K, D)), [random_covariance(rng, D, thinnest) for _ in range(K)])


def root(C: np.ndarray) -> np.ndarray:
    """Return the symmetric roots of covariances (..., D, D)."""
    variances, axes = np.linalg.eigh(C)
    return (axes * np.sqrt(variances)[..., None, :]) @ np.swapaxes(axes, -1, -2)


def glided(states, position: float) -> Mixture:
    """Return the mixture at a real iteration of a run, which stays where it ends."""
    position = min(position, len(states) - 1)
    one, other = states[int(position)].mixture, states[int(np.ceil(position))].mixture
    share = position - int(position)
    weights, means = (
        (1 - share) * getattr(one, name) + share * getattr(other, name) for name in ("weights", "means")
    )
    roots = (1 - share) * root(one.covariances) + share * root(other.covariances)
    return Mixture(weights, means, roots @ roots)
