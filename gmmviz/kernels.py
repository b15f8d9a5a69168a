"""One pass over the data per iteration, and in it two matrix products: the quick kernel.  Numpy only.

A mixture's K log-joint densities are linear in P features phi(x) = (1, x, x x') of a point (see `families`), and the
M-step's moments are sums of the same features. With the features of all points side by side in Phi (P, N):

    E-step    ln(pi_k N(x_n | m_k, Sigma_k))                 =  Theta @ Phi        (K, P) @ (P, N)
    M-step    N_k,  N_k m_k,  sum_n r_nk x_n x_n'            =  R @ Phi'           (K, N) @ (N, P)

The first is Gaussians written as an exponential family, the second the expectation of its sufficient statistics, which
is all that EM needs to know of the data (Dempster, Laird & Rubin 1977, section 2; Bishop 2006, sections 2.4 and 9.4;
Neal & Hinton 1998). Between the two stand one exp() a point and component, and a few cheap passes over a (K, n) block
small enough for the processor's cache; the responsibilities of all points never stand in memory at once.

**When it is accurate.** The products (z - m)' P (z - m), P = Sigma^-1, are added up from pieces as large as P_jj z_j^2,
so coordinates must be near 0 and the components not too tight: z = (x - centre) / scale, with powers of two for scale,
which divide exactly. With Q a point's squared Mahalanobis distance, z_j^2 <= 2 m_j^2 + 2 Q Sigma_jj, so the pieces
add up to at most 2 g (1 + Q) for

    g = max_k sum_j P_jj (m_j^2 + Sigma_jj),

and a log-density is off by a few eps g, relative to its own size Q, for every point, the farthest outlier included.
Up to GROWTH the quick kernel runs; otherwise, judged anew at every iteration, the careful one in `whitened`. To g is
added a little of the data's own extent, P_jj max z_j^2 / 10^4, so that points a hundred thousand standard deviations
away keep the digits of their responsibilities. The covariances S - m m' that the sums yield lose eps g as well, with g
of the NEW mixture: where that is too large after a quick pass, the careful one takes the same step again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gmmviz import whitened
from gmmviz.families import FAMILIES, Coordinates, diagonals
from gmmviz.whitened import EPS, LOG_2PI, Moments, normalise

GROWTH = 1e6
"""The largest g at which the quick kernel runs: relative errors of about 1e-10."""
BLOCK_BYTES = 1 << 20
"""What a block of points takes, features and densities together: a part of a processor's cache."""
KEEP_BYTES = 64 << 20
"""Features that need more memory than this are not kept, but made anew in every iteration, block by block."""


class Prepared(NamedTuple):
    """A stack of R mixtures, each with the kernel that it needs."""

    weights: np.ndarray  # (R, K)
    means: np.ndarray  # (R, K, D)
    covariances: np.ndarray  # (R, K, D, D)
    theta: np.ndarray  # (R, K, P), their natural parameters
    quick: list[bool]  # whether the quick kernel is accurate for it

    def select(self, rows: list[int]) -> Prepared:
        """Return some of the mixtures."""
        return Prepared(*(part[rows] for part in self[:4]), [self.quick[r] for r in rows])


class Expectation(NamedTuple):
    """What one pass over the data yields for a stack of R mixtures."""

    moments: Moments  # with an axis R in front
    log_likelihoods: np.ndarray  # (R,), total over the points, natural log
    singular: list[int | None]  # for each mixture, the first component without a usable covariance


class Data:
    """Points X (N, D) made ready for one pass after another, for one covariance type.

    `spread` (D,) is each feature's standard deviation (1 where it is constant), `constant` (D,) where it is, `reach`
    (D,) its largest absolute value, and `resolution` (D,) the variance below which that many digits tell no two points
    apart; all in the data's units.
    """

    def __init__(self, X: np.ndarray, covariance_type: str = "full"):
        self.X, self.covariance_type, (self.N, self.D) = X, covariance_type, X.shape
        low, high = whitened.extremes(X)
        self.constant = high == low
        self.reach = np.maximum(np.abs(low), np.abs(high))
        self.resolution = (4 * EPS * self.reach) ** 2
        widths = np.where(self.constant, 1.0, high - low)
        if covariance_type == "spherical":  # what is round must stay round
            widths[:] = widths[~self.constant].max(initial=0.0) or 1.0
        scale = whitened.powers_of_two(widths)
        centre = low + self._average(lambda Z: Z, low, scale) * scale
        self.spread = np.sqrt(self._average(np.square, centre, scale)) * scale
        self.spread[self.constant] = 1.0
        farthest = np.maximum(high - centre, centre - low) / scale
        # The second term keeps g above GROWTH wherever a variance is below the resolution.
        extent = max((1e-4 * farthest**2).max(), (2 * GROWTH * self.resolution / scale**2).max())
        family = FAMILIES["diag" if self.D == 1 and covariance_type == "full" else covariance_type]
        self.family = family(Coordinates(centre, scale, float(extent)))
        self._log_volume = self.N * float(np.log(scale).sum() + 0.5 * self.D * LOG_2PI)
        self._phi, self._cuts = None, {}
        if 8 * self.N * self.family.size <= KEEP_BYTES:
            phi = np.empty((self.family.size, self.N))
            for block in self._blocks():
                self._fill(phi[:, block], block)
            self._phi = phi
        for block in self._blocks():
            self.family.survey(self._at(block))

    def _average(self, function, origin, scale) -> np.ndarray:
        """Average a function of the points, in coordinates scaled about an origin, block by block: (D,)."""
        total = np.zeros(self.D)
        for block in whitened.blocks(self.N, 8 * self.D):
            Z = np.ascontiguousarray(self.X[block].T) - origin[:, None]
            total += function(Z / scale[:, None]).sum(axis=1)
        return total / self.N

    def _blocks(self, n_densities: int = 0) -> list[slice]:
        """Cut the points into slices whose features, and n_densities numbers more each, stay in the cache."""
        if n_densities not in self._cuts:
            point_bytes = 8 * (self.family.size + n_densities)
            self._cuts[n_densities] = whitened.blocks(self.N, point_bytes, BLOCK_BYTES)
        return self._cuts[n_densities]

    def _fill(self, phi: np.ndarray, block: slice) -> np.ndarray:
        """Write the features of a block of points into phi (P, n)."""
        Z = phi[1 : 1 + self.D]
        np.subtract(self.X[block].T, self.family.centre[:, None], out=Z)
        Z *= self.family.per_scale[:, None]
        self.family.fill(phi)
        return phi

    def _at(self, block: slice) -> np.ndarray:
        """Return the features (P, n) of a block of points."""
        if self._phi is not None:
            return self._phi[:, block]
        return self._fill(np.empty((self.family.size, block.stop - block.start)), block)

    def prepare(self, weights, means, covariances) -> Prepared:
        """Judge which kernel R mixtures need, in the data's units.

        weights (R, K), means (R, K, D), covariances (R, K, D, D), symmetric and of the type that Data was made for.
        """
        theta, growth = self._natural(weights, means, covariances)
        quick = [all(0.0 < g <= GROWTH for g in growths) for growths in growth.tolist()]
        return Prepared(weights, means, covariances, theta, quick)

    def expect(self, mixtures: Prepared) -> Expectation:
        """Return the expected moments and the log-likelihood at R mixtures: one pass."""
        weights, means, covariances, theta, quick = mixtures
        if all(quick):
            return Expectation(*self._quick(theta), [None] * len(quick))
        log_likelihoods, singular = np.full(len(quick), np.nan), [None] * len(quick)
        found = Moments(np.empty_like(weights), np.empty_like(means), np.empty_like(covariances))
        if any(quick):
            some, log_likelihoods[quick] = self._quick(theta[quick])
            for whole, part in zip(found, some, strict=True):
                whole[quick] = part
        for r in np.flatnonzero(np.logical_not(quick)):
            factors = whitened.factorise(covariances[r])
            singular[r] = self._first_singular(covariances[r], factors.shares)
            if factors.shares.all():
                one, log_likelihoods[r] = whitened.expect(self.X, weights[r], means[r], factors)
                found.weights[r], found.means[r] = one.weights, one.means
                found.covariances[r] = self.family.project(one.weights, one.covariances)
        return Expectation(found, log_likelihoods, singular)

    def _natural(self, weights, means, covariances) -> tuple[np.ndarray, np.ndarray]:
        with np.errstate(
            all="ignore"
        ):  # of weight 0, and of singular covariances, which go to the careful pass
            return self.family.natural(weights, means, covariances)

    def _quick(self, theta: np.ndarray) -> tuple[Moments, np.ndarray]:
        """Return the moments and the log-likelihoods (R,) at natural parameters theta (R, K, P): the two products."""
        R, K, P = theta.shape
        theta, sums, log_likelihoods = theta.reshape(R * K, P), 0.0, -self._log_volume
        blocks = self._blocks(R * K)
        # On few points dot() has half the overhead of matmul(); but it copies a slice of a longer array.
        product = np.dot if len(blocks) == 1 else np.matmul
        for block in blocks:
            phi = self._at(block)
            r = product(theta, phi)
            log_likelihoods = log_likelihoods + np.add.reduce(normalise(r.reshape(R, K, -1)), axis=-1)
            sums += product(r, phi.T)
        return self.family.moments(sums.reshape(R, K, P)), log_likelihoods

    def _first_singular(self, covariances, shares) -> int | None:
        """Return the first component whose covariance is flat, or tighter than the data's own digits."""
        bad = (diagonals(covariances) <= self.resolution).any(axis=1) | (shares == 0)
        return int(np.argmax(bad)) if bad.any() else None

    def is_rounding(self, change: float, weights, means, covariances, log_likelihood: float) -> bool:
        """Return whether rounding of the data, the parameters and the pass itself may change the log-likelihood so."""
        unit = 4 * EPS * (abs(log_likelihood) + self.N)
        if change <= 4 * unit:  # most often; what follows takes longer than an iteration on few points
            return True
        deviations = np.sqrt(diagonals(covariances))
        digits = (self.reach / deviations).max() + (1 / whitened.factorise(covariances).shares).max()
        growth = self._natural(weights[None], means[None], covariances[None])[1].max()
        return change <= unit * (4 + digits + (growth if growth <= GROWTH else 0.0))
