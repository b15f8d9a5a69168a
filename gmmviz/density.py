"""A mixture as a density: at points, on a grid, as a source of new points.  Numpy only."""

from __future__ import annotations

import numpy as np

from gmmviz.em import Mixture, as_data, careful
from gmmviz.em.validation import check_features


def log_joint(X, mixture: Mixture) -> np.ndarray:
    """Logarithm of each component's part of the density, ln(weights[k] N(x_n | k)).

    What the E-step normalises over k; the sum of its exponentials over k is the density.

    Parameters
    ----------
    X : (N, D) array-like
    mixture : Mixture
        Of K components in D features.

    Returns
    -------
    (N, K) array
        Natural logarithms; -inf for a component of weight 0.

    Raises
    ------
    ValueError
        For data that `gmmviz.em.as_data` refuses, or of other features than the mixture's.

    Examples
    --------
    >>> joint = log_joint([[0.0]], Mixture([0.5, 0.5], [[0.0], [1.0]], [[[1.0]], [[1.0]]]))
    >>> np.exp(joint).round(4).tolist()
    [[0.1995, 0.121]]
    """
    X = as_data(X)
    check_features(X, mixture)
    return careful.log_joint(X, mixture.weights, mixture.means, mixture.covariances)


def density(X, mixture: Mixture) -> np.ndarray:
    """Density of a mixture at points, p(x_n) = sum_k weights[k] N(x_n | k).

    Parameters
    ----------
    X : (N, D) array-like
    mixture : Mixture
        Of K components in D features.

    Returns
    -------
    (N,) array
        Per unit of volume: per product of the D features' units.

    Raises
    ------
    ValueError
        As in `log_joint`.

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning (2006), eq. 9.7.

    Examples
    --------
    >>> density([[0.0]], Mixture([1.0], [[0.0]], [[[1.0]]])).round(4).tolist()
    [0.3989]
    """
    return np.exp(log_joint(X, mixture)).sum(axis=1)


def grid(extent, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lay a regular grid over a rectangle, its edges included.

    Parameters
    ----------
    extent : (2, 2) array-like
        [[x low, x high], [y low, y high]], as `gmmviz.geometry.extent` returns it.
    shape : tuple of int
        (M, L): how many places along x, and along y.

    Returns
    -------
    x : (M,) array
    y : (L,) array
    points : (L M, 2) array
        Row by row, x running fastest: what is computed at them takes `reshape(L, M)`.

    Examples
    --------
    >>> x, y, points = grid([[0, 1], [0, 2]], (2, 3))
    >>> len(x), len(y), points[1].tolist()
    (2, 3, [1.0, 0.0])
    """
    x, y = (np.linspace(*ends, n) for ends, n in zip(extent, shape, strict=True))
    return x, y, np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def placed(mixture: Mixture, uniforms, normals) -> tuple[np.ndarray, np.ndarray]:
    """Turn random numbers into new points of a mixture: for each first its component, then a point of that component.

    The same numbers become points of any mixture.

    Parameters
    ----------
    mixture : Mixture
        Of K components in D features.
    uniforms : (n,) array
        From 0 to 1: they choose the components.
    normals : (n, D) array
        Of mean 0 and variance 1: they choose the places.

    Returns
    -------
    X : (n, D) array
        The points, in the mixture's units.
    components : (n,) int array
        Each point's component, from 0.

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning (2006), section 8.1.2 (ancestral sampling).

    Examples
    --------
    >>> two = Mixture([0.5, 0.5], [[0.0], [9.0]], [[[1.0]], [[4.0]]])
    >>> X, components = placed(two, np.array([0.2, 0.7]), np.array([[1.0], [1.0]]))
    >>> X.ravel().tolist(), components.tolist()
    ([1.0, 11.0], [0, 1])
    """
    ends = np.cumsum(mixture.weights)
    components = np.searchsorted(ends / ends[-1], uniforms, side="right")
    lowers = np.linalg.cholesky(mixture.covariances)[components]
    return mixture.means[components] + np.einsum("nij,nj->ni", lowers, normals), components
