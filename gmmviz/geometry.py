"""Shapes to draw, as arrays: ellipses of equal density, the extent of a plane, a fixed subsample."""

import numpy as np

N_DRAWN = 2000
"""Points drawn at most; a browser's frame rate falls with every further one."""


def ellipse_rings(means, covariances, deviations=(1, 2, 3), n_points=24) -> np.ndarray:
    """Draw ellipses of equal density around Gaussians' means, as closed rings.

    Parameters
    ----------
    means : (..., 2) array-like
    covariances : (..., 2, 2) array-like
        In squared units of the means.
    deviations : sequence of float, default=(1, 2, 3)
        The rings: all points of one stand at this Mahalanobis distance from the mean.
    n_points : int, default=24
        Points on a ring. The tips of the axes are among them where it is a multiple of 4.

    Returns
    -------
    (..., M, 2) array
        Ring after ring, the first point of each repeated at its end, a row of NaN between two rings:
        M = len(deviations) * (n_points + 2) - 1.

    Examples
    --------
    >>> ring = ellipse_rings([5, 0], [[4, 0], [0, 1]], deviations=[1], n_points=4)
    >>> sorted({(round(float(x), 6), abs(round(float(y), 6))) for x, y in ring})
    [(3.0, 0.0), (5.0, 1.0), (7.0, 0.0)]
    """
    means, covariances = np.asarray(means, dtype=float), np.asarray(covariances, dtype=float)
    variances, axes = np.linalg.eigh(covariances)
    half_axes = axes * np.sqrt(np.maximum(variances, 0.0))[..., None, :]
    angles = 2 * np.pi * (np.arange(n_points + 1) % n_points) / n_points
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ np.swapaxes(half_axes, -1, -2)
    gap = np.full_like(ring[..., :1, :], np.nan)
    pieces = [piece for radius in deviations for piece in (means[..., None, :] + radius * ring, gap)]
    return np.concatenate(pieces[:-1], axis=-2)


def extent(X: np.ndarray, margin: float = 0.06) -> list[list[float]]:
    """Rectangle around points, with a margin.

    Parameters
    ----------
    X : (N, 2) array
    margin : float, default=0.06
        On either side, as a share of the feature's range; a constant feature gets 1 unit.

    Returns
    -------
    list of two [low, high]
        [[x low, x high], [y low, y high]], in the data's units.

    Examples
    --------
    >>> extent(np.array([[0.0, 1.0], [10.0, 1.0]]), margin=0.1)
    [[-1.0, 11.0], [0.0, 2.0]]
    """
    low, high = X.min(axis=0), X.max(axis=0)
    pad = np.where(high > low, margin * (high - low), 1.0)
    return [[float(a), float(b)] for a, b in zip(low - pad, high + pad, strict=True)]


def subsample(N: int, at_most: int = N_DRAWN) -> np.ndarray:
    """Choose which of N points to draw: all of them, or always the same random `at_most`.

    Parameters
    ----------
    N : int
        How many points there are.
    at_most : int, default=2000
        How many to draw.

    Returns
    -------
    (min(N, at_most),) int array
        Rows, from 0 and ascending.

    Examples
    --------
    >>> subsample(3).tolist(), len(subsample(10_000))
    ([0, 1, 2], 2000)
    """
    if N <= at_most:
        return np.arange(N)
    return np.sort(np.random.default_rng(0).choice(N, at_most, replace=False))
