"""A mixture as a density: at points, on a grid, as a source of new points.  Numpy only."""

from __future__ import annotations

import numpy as np

from gmmviz.em import Mixture, as_data, careful
from gmmviz.em.validation import check_features


def log_joint(X, mixture: Mixture) -> np.ndarray:
    """Return ln(weights[k] N(x_n | k)) (N, K): what the E-step normalises, and whose sum over k is the density.

    >>> joint = log_joint([[0.0]], Mixture([0.5, 0.5], [[0.0], [1.0]], [[[1.0]], [[1.0]]]))
    >>> np.exp(joint).round(4).tolist()
    [[0.1995, 0.121]]
    """
    X = as_data(X)
    check_features(X, mixture)
    return careful.log_joint(X, mixture.weights, mixture.means, mixture.covariances)


def density(X, mixture: Mixture) -> np.ndarray:
    """Return the density p(x_n) (N,) at points X (N, D), per unit of volume.  Bishop, eq. 9.7.

    >>> density([[0.0]], Mixture([1.0], [[0.0]], [[[1.0]]])).round(4).tolist()
    [0.3989]
    """
    return np.exp(log_joint(X, mixture)).sum(axis=1)


def grid(extent, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x (M,), y (L,) and the points (L M, 2) of a grid over [[x low, x high], [y low, y high]], row by row.

    >>> x, y, points = grid([[0, 1], [0, 2]], (2, 3))
    >>> len(x), len(y), points[1].tolist()
    (2, 3, [1.0, 0.0])
    """
    x, y = (np.linspace(*ends, n) for ends, n in zip(extent, shape, strict=True))
    return x, y, np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def sample(mixture: Mixture, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw n new points (n, D) and each one's component (n,), from 0: first the component, then a point of it.

    Bishop, section 8.1.2 (ancestral sampling).

    >>> X, components = sample(Mixture([1.0], [[5.0]], [[[1.0]]]), 3, np.random.default_rng(0))
    >>> X.shape, components.tolist()
    ((3, 1), [0, 0, 0])
    """
    components = rng.choice(mixture.n_components, n, p=mixture.weights / mixture.weights.sum())
    lowers = np.linalg.cholesky(mixture.covariances)[components]
    noise = rng.standard_normal((n, mixture.n_features))
    return mixture.means[components] + np.einsum("nij,nj->ni", lowers, noise), components
