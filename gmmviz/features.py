"""A Gaussian's log-density is linear in a few features of the point: one class for each covariance type.  Numpy only.

    ln(pi_k N(x | m_k, Sigma_k)) = theta_k . phi(x),      phi(x) = (1, x, the products x_i x_j)

with natural parameters theta_k and sufficient statistics phi (Bishop 2006, sections 2.3.5 and 2.4; Wainwright & Jordan
2008, section 3.2). A covariance type that knows less of Sigma needs fewer features: no mixed products for diag, |x|^2
alone for spherical, and nothing of second order for tied, whose x' Sigma^-1 x is common to all components.

Everything is in centred and scaled coordinates. The dots in a shape stand for any number of leading axes, along which
mixtures are stacked. Points come last: phi is (P, N), so that each feature is one long row.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gmmviz.whitened import LOG_2PI, LOST, Moments


class Natural(NamedTuple):
    """A mixture as a linear function of the features."""

    theta: np.ndarray  # (..., K, P)
    growth: np.ndarray  # (..., K): by how much rounding is multiplied, see `kernels`
    shared: np.ndarray  # (...): the part of the total log-likelihood that is not in theta


class Full:
    """Features (1, x, x_i x_j for j <= i)."""

    def __init__(self, D: int):
        self.D, self.size, self.ones = D, 1 + D + D * (D + 1) // 2, np.ones(D)
        rows, columns = np.tril_indices(D)
        self.lower = rows * D + columns
        self.halves = np.where(rows == columns, -0.5, -1.0)
        self.mirrored = np.empty((D, D), dtype=int)  # where in phi the product x_i x_j stands
        self.mirrored[rows, columns] = self.mirrored[columns, rows] = np.arange(1 + D, self.size)

    def survey(self, phi: np.ndarray) -> None:
        """Look at phi (P, n) of every point once, block by block, before the first iteration."""

    def fill(self, phi: np.ndarray) -> None:
        """Complete phi (P, n), which holds the points in its rows 1 to D."""
        D, first = self.D, 1 + self.D
        phi[0] = 1.0
        for i in range(D):
            np.multiply(phi[1 : 2 + i], phi[1 + i], out=phi[first : first + i + 1])
            first += i + 1

    def natural(self, log_weights, means, covariances, extents) -> Natural:
        """Return log_weights (..., K), means (..., K, D), covariances (..., K, D, D) in natural parameters.

        extents (D,) is added to what the growth takes for the features' mean squares.
        """
        D, flat = self.D, (*means.shape[:-1], self.D**2)
        P, log_dets = inverse(covariances)
        Pm = (P @ means[..., None])[..., 0]
        P, variances = P.reshape(flat), covariances.reshape(flat)[..., :: D + 1]
        theta = np.empty((*means.shape[:-1], self.size))
        theta[..., 0] = log_weights - 0.5 * (log_dets + D * LOG_2PI + (means * Pm) @ self.ones)
        theta[..., 1 : 1 + D] = Pm
        np.multiply(P.take(self.lower, axis=-1), self.halves, out=theta[..., 1 + D :])
        return Natural(
            theta,
            (P[..., :: D + 1] * (means * means + variances + extents)) @ self.ones,
            np.zeros(means.shape[:-2]),
        )

    def moments(self, sums: np.ndarray) -> Moments:
        """Turn sums (..., K, P) of r_nk phi(x_n) over the points into moments."""
        counts = sums[..., 0]
        averages = sums / np.maximum(counts, LOST)[..., None]
        means = averages[..., 1 : 1 + self.D]
        squares = averages.take(self.mirrored, axis=-1)
        return Moments(counts, means, squares - means[..., :, None] * means[..., None, :])


class Diag(Full):
    """Features (1, x, x_j^2)."""

    def __init__(self, D: int):
        self.D, self.size = D, 1 + 2 * D
        self.ones, self.eye = np.ones(D), np.eye(D)

    def fill(self, phi):
        D = self.D
        phi[0] = 1.0
        np.multiply(phi[1 : 1 + D], phi[1 : 1 + D], out=phi[1 + D :])

    def natural(self, log_weights, means, covariances, extents):
        D = self.D
        variances = covariances.reshape(*means.shape[:-1], D * D)[..., :: D + 1]
        P, squares = 1.0 / variances, means * means
        theta = np.empty((*means.shape[:-1], self.size))
        theta[..., 0] = log_weights - 0.5 * (D * LOG_2PI + (np.log(variances) + squares * P) @ self.ones)
        np.multiply(means, P, out=theta[..., 1 : 1 + D])
        np.multiply(P, -0.5, out=theta[..., 1 + D :])
        return Natural(theta, (P * (squares + variances + extents)) @ self.ones, np.zeros(means.shape[:-2]))

    def moments(self, sums):
        D, counts = self.D, sums[..., 0]
        averages = sums / np.maximum(counts, LOST)[..., None]
        means = averages[..., 1 : 1 + D]
        variances = averages[..., 1 + D :] - means * means
        return Moments(counts, means, variances[..., None] * self.eye)


class Spherical(Full):
    """Features (1, x, |x|^2), in coordinates with one scale for all features."""

    def __init__(self, D: int):
        self.D, self.size = D, 2 + D
        self.ones, self.eye = np.ones(D), np.eye(D)

    def fill(self, phi):
        phi[0] = 1.0
        np.einsum("dn,dn->n", phi[1:-1], phi[1:-1], out=phi[-1])

    def natural(self, log_weights, means, covariances, extents):
        D = self.D
        variances = covariances[..., 0, 0]
        P, squares = 1.0 / variances, (means * means) @ self.ones
        theta = np.empty((*means.shape[:-1], self.size))
        theta[..., 0] = log_weights - 0.5 * (D * (LOG_2PI + np.log(variances)) + squares * P)
        np.multiply(means, P[..., None], out=theta[..., 1 : 1 + D])
        np.multiply(P, -0.5, out=theta[..., 1 + D])
        return Natural(theta, P * (squares + D * variances + extents @ self.ones), np.zeros(means.shape[:-2]))

    def moments(self, sums):
        D, counts = self.D, sums[..., 0]
        averages = sums / np.maximum(counts, LOST)[..., None]
        means = averages[..., 1 : 1 + D]
        variances = (averages[..., -1] - (means * means) @ self.ones) / D
        return Moments(counts, means, variances[..., None, None] * self.eye)


class Tied(Full):
    """Features (1, x): the second-order part is the same for all components and leaves the responsibilities.

    It stays in the log-likelihood, and so does the data's total scatter T = sum_n x_n x_n' in the covariance, which is
    T / N less the means' own scatter. T never changes: one survey is enough.
    """

    def __init__(self, D: int):
        self.D, self.size, self.ones = D, 1 + D, np.ones(D)
        self.N, self.scatter = 0, np.zeros((D, D))

    def survey(self, phi):
        self.N += phi.shape[1]
        self.scatter += phi[1:] @ phi[1:].T

    def fill(self, phi):
        phi[0] = 1.0

    def natural(self, log_weights, means, covariances, extents):
        D = self.D
        P, log_dets = inverse(covariances[..., 0, :, :])
        Pm = means @ P
        theta = np.empty((*means.shape[:-1], self.size))
        theta[..., 0] = log_weights - 0.5 * ((means * Pm) @ self.ones)
        theta[..., 1:] = Pm
        P = P.reshape(*P.shape[:-2], D * D)
        shared = -0.5 * (self.N * (log_dets + D * LOG_2PI) + P @ self.scatter.ravel())
        variances = covariances.reshape(*means.shape[:-1], D * D)[..., :: D + 1]
        growth = (means * means + variances + extents) @ P[..., :: D + 1, None]
        return Natural(theta, growth[..., 0], shared)

    def moments(self, sums):
        counts = sums[..., 0]
        means = sums[..., 1:] / np.maximum(counts, LOST)[..., None]
        between = sums[..., 1:].swapaxes(-1, -2) @ means
        within = (self.scatter - 0.5 * (between + between.swapaxes(-1, -2))) / self.N
        return Moments(counts, means, np.repeat(within[..., None, :, :], counts.shape[-1], axis=-3))


FEATURES = {"full": Full, "tied": Tied, "diag": Diag, "spherical": Spherical}


def inverse(covariances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the inverses (..., D, D) of covariances and the logarithms of their determinants (...).

    Not a number where a matrix is not positive definite. One and two features have closed forms, which for few
    components are several times faster than a library's loop over matrices.
    """
    D = covariances.shape[-1]
    if D == 1:
        return 1.0 / covariances, np.log(covariances[..., 0, 0])
    if D == 2:
        dets = covariances[..., 0, 0] * covariances[..., 1, 1] - covariances[..., 0, 1] ** 2
        return covariances[..., ::-1, ::-1] * ADJUGATE_SIGNS / dets[..., None, None], np.log(dets)
    try:
        inverses = np.linalg.inv(np.linalg.cholesky(covariances))
    except np.linalg.LinAlgError:
        return np.full_like(covariances, np.nan), np.full(covariances.shape[:-2], np.nan)
    log_dets = -2.0 * np.log(np.einsum("...jj->...j", inverses)).sum(axis=-1)
    return inverses.swapaxes(-1, -2) @ inverses, log_dets


ADJUGATE_SIGNS = np.array([[1.0, -1.0], [-1.0, 1.0]])
