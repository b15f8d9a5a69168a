"""The one pass over the data that EM is made of: numpy only.

The E-step's responsibilities r_nk and the M-step's three weighted moments

    N_k = sum_n r_nk,   m_k = sum_n r_nk x_n / N_k,   S_k = sum_n r_nk (x_n - m_k)(x_n - m_k)' / N_k

are formed together, block of points by block of points, so that the (N, K) responsibilities never stand in memory at
once (Bishop, Pattern Recognition and Machine Learning, 9.2.2, eqs 9.23 to 9.27; Neal & Hinton 1998 on EM with
sufficient statistics).

Everything is computed in centred and scaled coordinates z = (x - centre) / scale with `scale` a power of two per
feature, which is exact, and per component in whitened ones y = L^-1 (z - m) with Sigma = L L', so that a tight component
far from the origin keeps its digits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

EPS = np.finfo(float).eps
LOG_2PI = np.log(2 * np.pi)
BLOCK_BYTES = 4 << 20
LOST = 1e-200
"""A component whose responsibilities sum to less than this has lost its points: the rest is rounding."""
LARGEST, SMALLEST = 1e152, 1e-152
"""Beyond these the squares that a covariance is made of leave float64's range."""


class Moments(NamedTuple):
    """Weighted moments of the data under K components' responsibilities, in the data's units."""

    counts: np.ndarray  # (K,) effective numbers of points
    means: np.ndarray  # (K, D); meaningless where the count is below LOST
    covariances: np.ndarray  # (K, D, D); likewise


class Expectation(NamedTuple):
    """What one pass over the data yields."""

    moments: Moments
    log_likelihood: float  # total over the points, natural log
    rounding: float  # how far rounding alone may move log_likelihood


def cholesky(covariances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return lower factors L (K, D, D) and each one's smallest pivot (K,), as a share of its variance.

    The share L_jj^2 / Sigma_jj is 1 for independent features and falls to 0 as one becomes a linear function of the
    others. A matrix that is not positive definite in float64 has the share 0 and an unusable factor.
    """
    K, D, _ = covariances.shape
    variances = np.einsum("kjj->kj", covariances)
    usable = (variances > 0).all(axis=1)
    factors = np.full_like(covariances, np.nan)
    for k in np.flatnonzero(usable):
        try:
            factors[k] = np.linalg.cholesky(covariances[k])
        except np.linalg.LinAlgError:
            usable[k] = False
    shares = np.zeros(K)
    pivots = np.einsum("kjj->kj", factors[usable]) ** 2
    shares[usable] = (pivots / variances[usable]).min(axis=1)
    shares[shares <= 4 * D * EPS] = 0.0
    return factors, shares


def responsibilities_from(log_joint: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Normalise ln(pi_k p(x_n | k)), (K, N), over the components by log-sum-exp.

    Returns the responsibilities (K, N) and each point's log-density (N,).
    """
    top = log_joint.max(axis=0)
    joint = np.exp(log_joint - top)
    total = joint.sum(axis=0)
    return joint / total, np.log(total) + top


def moments_from(Z: np.ndarray, responsibilities: np.ndarray, means: np.ndarray) -> Moments:
    """Return the moments of points Z (N, D) under responsibilities (K, N), summed about `means` (K, D) near them."""
    counts = responsibilities.sum(axis=1)
    K, D = means.shape
    shifts, scatters = np.zeros((K, D)), np.zeros((K, D, D))
    for k in range(K):
        Y = Z - means[k]
        weighted = responsibilities[k, :, None] * Y
        shifts[k] = weighted.sum(axis=0)
        scatters[k] = weighted.T @ Y
    return _central(counts, shifts, scatters, means)


def _central(counts, shifts, scatters, means) -> Moments:
    """Turn sums about `means` into means and covariances about the new means."""
    safe = np.where(counts > LOST, counts, 1.0)
    shifts = shifts / safe[:, None]
    covariances = scatters / safe[:, None, None] - shifts[:, :, None] * shifts[:, None, :]
    return Moments(counts, means + shifts, covariances)


class Data:
    """Points (N, D), centred and scaled, ready for one pass after another.

    `centre` (D,) and `scale` (D,) are in the data's units; `spread` (D,) is each feature's standard deviation (1 where
    a feature is constant); `variances` (D,) their squares; `reach` (D,) is each feature's largest absolute value, and `resolution` (D,) the
    variance below which that many digits tell no two points apart.
    """

    def __init__(self, X: np.ndarray):
        self.N, self.D = X.shape
        low, high = X.min(axis=0), X.max(axis=0)
        extent = high - low
        self.reach = np.maximum(np.abs(low), np.abs(high))
        self.scale = np.exp2(np.round(np.log2(np.where(extent > 0, extent, 1.0))))
        self.centre = low + ((X - low) / self.scale).mean(axis=0) * self.scale
        self.Z = (X - self.centre) / self.scale
        self.constant = extent == 0
        self.spread = np.where(self.constant, 1.0, self.Z.std(axis=0) * self.scale)
        self.variances = np.where(self.constant, 0.0, self.spread**2)
        self.resolution = (4 * EPS * self.reach) ** 2

    def inward(self, means: np.ndarray, covariances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return means (K, D) and covariances (K, D, D) in the scaled coordinates."""
        return (means - self.centre) / self.scale, covariances / self.scale[:, None] / self.scale

    def outward(self, moments: Moments) -> Moments:
        """Return moments found in the scaled coordinates in the data's units."""
        means = self.centre + moments.means * self.scale
        return Moments(moments.counts, means, moments.covariances * self.scale[:, None] * self.scale)

    def blocks(self, K: int) -> list[slice]:
        """Return the slices of points that one block of K whitened copies may hold."""
        size = max(64, BLOCK_BYTES // (8 * K * self.D))
        return [slice(first, first + size) for first in range(0, self.N, size)]

    def log_joint(self, Z: np.ndarray, weights, means, factors) -> tuple[np.ndarray, np.ndarray]:
        """Return ln(pi_k N(z_n | m_k, L_k L_k')) (K, n) and the whitened points (K, n, D).  Bishop, eq. 2.43."""
        inverses = np.linalg.solve(factors, np.broadcast_to(np.eye(self.D), factors.shape))
        Y = (Z - means[:, None, :]) @ inverses.transpose(0, 2, 1)
        log_norms = np.log(np.einsum("kjj->kj", factors)).sum(axis=1) + 0.5 * self.D * LOG_2PI
        with np.errstate(divide="ignore"):
            log_weights = np.log(weights)
        return (log_weights - log_norms)[:, None] - 0.5 * np.einsum("knd,knd->kn", Y, Y), Y

    def responsibilities(self, weights, means, covariances) -> tuple[np.ndarray, float]:
        """Return the responsibilities (N, K) and the log-likelihood of a mixture in the data's units."""
        means, covariances = self.inward(means, covariances)
        factors, _ = cholesky(covariances)
        R, log_likelihood = np.empty((self.N, len(weights))), 0.0
        for block in self.blocks(len(weights)):
            r, log_densities = responsibilities_from(
                self.log_joint(self.Z[block], weights, means, factors)[0]
            )
            R[block] = r.T
            log_likelihood += log_densities.sum()
        return R, float(log_likelihood - self.N * np.log(self.scale).sum())

    def moments(self, responsibilities: np.ndarray) -> Moments:
        """Return the moments of the data under given responsibilities (N, K)."""
        R = responsibilities.T
        counts = R.sum(axis=1)
        means = (R @ self.Z) / np.where(counts > LOST, counts, 1.0)[:, None]
        return self.outward(moments_from(self.Z, R, means))

    def expect(self, weights, means, covariances) -> Expectation:
        """Return the expected moments and the log-likelihood at a mixture in the data's units: one pass."""
        means, covariances = self.inward(means, covariances)
        factors, shares = cholesky(covariances)
        K = len(weights)
        counts, shifts, scatters = np.zeros(K), np.zeros((K, self.D)), np.zeros((K, self.D, self.D))
        log_likelihood = 0.0
        for block in self.blocks(K):
            log_joint, Y = self.log_joint(self.Z[block], weights, means, factors)
            r, log_densities = responsibilities_from(log_joint)
            weighted = r[:, :, None] * Y
            counts += r.sum(axis=1)
            shifts += weighted.sum(axis=1)
            scatters += weighted.transpose(0, 2, 1) @ Y
            log_likelihood += log_densities.sum()
        white = _central(counts, shifts, scatters, np.zeros_like(means))
        found = Moments(
            counts,
            means + np.einsum("kij,kj->ki", factors, white.means),
            factors @ white.covariances @ factors.transpose(0, 2, 1),
        )
        log_likelihood = float(log_likelihood - self.N * np.log(self.scale).sum())
        return Expectation(
            self.outward(found), log_likelihood, self._rounding(log_likelihood, covariances, shares)
        )

    def _rounding(self, log_likelihood, covariances, shares) -> float:
        """Bound what rounding of the data, the means and the covariances does to the log-likelihood."""
        deviations = np.sqrt(np.einsum("kjj->kj", covariances))
        digits = (self.reach / self.scale / deviations).max() + (1 / shares).max()
        return 16 * EPS * (abs(log_likelihood) + self.N * (1 + digits))

    def first_singular(self, covariances: np.ndarray) -> int | None:
        """Return the first component without a usable covariance: flat, or tighter than the data's own digits."""
        flat = (np.einsum("kjj->kj", covariances) <= self.resolution).any(axis=1)
        bad = flat | (cholesky(covariances / self.scale[:, None] / self.scale)[1] == 0)
        return int(np.argmax(bad)) if bad.any() else None
