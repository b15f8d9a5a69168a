"""The data made ready for EM, and the judge between the two kernels that pass over them.  Numpy only.

**When the quick kernel is accurate.** The products (z - m)' P (z - m), P = Sigma^-1, are added up from pieces as large
as P_jj z_j^2, so coordinates must be near 0 and the components not too tight: z = (x - centre) / scale, with powers of
two for scale, which divide exactly. With Q a point's squared Mahalanobis distance, z_j^2 <= 2 m_j^2 + 2 Q Sigma_jj, so
the pieces add up to at most 2 g (1 + Q) for

    g = max_k sum_j P_jj (m_j^2 + Sigma_jj),

and a log-density is off by a few eps g, relative to its own size Q, for every point, the farthest outlier included.
Up to GROWTH the quick kernel runs; otherwise, judged anew at every iteration, the careful one. To g is added a little
of the data's own extent, P_jj max z_j^2 / 10^4, so that points a hundred thousand standard deviations away keep the
digits of their responsibilities. The covariances S - m m' that the quick sums yield lose eps g as well, with g of the
NEW mixture: where that is too large after a quick pass, the M-step takes the same step again from careful sums.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gmmviz.em import careful, few
from gmmviz.em.careful import EPS, Moments
from gmmviz.em.families import COVARIANCE_TYPES, Coordinates, diagonals
from gmmviz.em.history import read_only
from gmmviz.em.quick import Features

GROWTH = 1e6
"""The largest g at which the quick kernel runs: relative errors of about 1e-10."""


class Parameters(NamedTuple):
    """A mixture made ready for an E-step, or a stack of R of them with one more axis in front."""

    weights: np.ndarray  # (K,)
    means: np.ndarray  # (K, D)
    covariances: np.ndarray  # (K, D, D)
    theta: np.ndarray  # (K, P), natural parameters
    growth: np.ndarray  # (K,), see above
    quick: bool | list[bool]  # whether the quick kernel is accurate for it

    def selected(self, rows: list[int]) -> Parameters:
        """Return these of a stack."""
        return Parameters(*(part[rows] for part in self[:-1]), [self.quick[row] for row in rows])


class Expectation(NamedTuple):
    """What an E-step yields for a mixture, or for a stack of R with one more axis in front."""

    moments: Moments | np.ndarray
    """Or, of few components, the sums (K, P) that `few` makes the next mixture of."""
    log_likelihood: float | np.ndarray
    """Total over the points, natural log; nan where a covariance is singular."""
    rounding: float | np.ndarray
    """By how much rounding may have changed it, at most; likewise."""


class Points:
    """Points X (N, D), made ready for one pass after another with one covariance type.

    Attributes
    ----------
    X : (N, D) array
    N, D : int
    covariance_type : str
        A key of `COVARIANCE_TYPES`.
    n_threads : int
        How many threads share a pass.
    kind : type of Full
        Its class there.
    spread : (D,) array
        Each feature's standard deviation, 1 where it is constant.
    constant : (D,) bool array
        Which features are constant.
    reach : (D,) array
        Each feature's largest absolute value.
    resolution : (D,) array
        The variance below which that many digits tell no two points apart.
    family : Full
        The covariance type, in its simplest form, made for the points' coordinates.
    features : Features
        The points as the quick kernel sees them.
    few : OneFeature or None
        The M-step for few components, where there are no more than two features.
    """

    def __init__(self, X: np.ndarray, covariance_type: str = "full", n_threads: int = 1):
        self.X, self.covariance_type, self.n_threads, (self.N, self.D) = (
            X,
            covariance_type,
            n_threads,
            X.shape,
        )
        self.kind = COVARIANCE_TYPES[covariance_type]
        low, high = careful.extremes(X)
        self.constant = high == low
        self.reach = np.maximum(np.abs(low), np.abs(high))
        self.resolution = (4 * EPS * self.reach) ** 2
        widths = np.where(self.constant, 1.0, high - low)
        if self.kind.isotropic:  # what is round must stay round
            widths[:] = widths[~self.constant].max(initial=0.0) or 1.0
        scale = careful.powers_of_two(widths)
        centre = low + self._average(lambda Z: Z, low, scale) * scale
        self.spread = np.sqrt(self._average(np.square, centre, scale)) * scale
        self.spread[self.constant] = 1.0
        farthest = np.maximum(high - centre, centre - low) / scale
        # The second term keeps g above GROWTH wherever a variance is below the resolution.
        extent = max((1e-4 * farthest**2).max(), (2 * GROWTH * self.resolution / scale**2).max())
        self.family = self.kind.simplest(self.D)(Coordinates(centre, scale, float(extent)))
        self.features = Features(X, self.family, n_threads)
        self.few = few.of(self.family)  # which has surveyed the points by now

    def _average(self, function, origin, scale) -> np.ndarray:
        """Average a function of the points, in coordinates scaled about an origin, block by block: (D,)."""
        total = np.zeros(self.D)
        for block in careful.blocks(self.N, 8 * self.D):
            Z = np.ascontiguousarray(self.X[block].T) - origin[:, None]
            total += function(Z / scale[:, None]).sum(axis=1)
        return total / self.N

    def parameters(self, weights, means, covariances) -> Parameters:
        """Make a mixture ready, or a stack: find its natural parameters and judge which kernel it needs.

        weights (..., K), means (..., K, D), covariances (..., K, D, D): in the data's units, and of the family.
        """
        theta, growth = self.natural(weights, means, covariances)
        return Parameters(weights, means, covariances, theta, growth, _is_quick(growth))

    def natural(self, weights, means, covariances) -> tuple[np.ndarray, np.ndarray]:
        """Return natural parameters (..., K, P) and the growth g (..., K), of what `parameters` takes."""
        # Weights of 0 have no logarithm, and singular covariances no inverse: they go to the careful kernel.
        with np.errstate(all="ignore"):
            return self.family.natural(weights, means, covariances)

    def expect(self, mixture: Parameters) -> Expectation:
        """Pass over the points with the kernel that a mixture needs."""
        if mixture.quick:
            return self.expect_quickly(mixture)
        return self.expect_carefully(*mixture[:3])

    def expect_quickly(self, mixture: Parameters) -> Expectation:
        """Pass over the points with the quick kernel, for a mixture or a stack."""
        sums, log_likelihood = self.features.sums(mixture.theta)
        # The pieces of which the densities are added up, and what is common to all: see above, and `Features`.
        pieces = np.vecdot(sums[..., 0], mixture.growth) + self.N * (self.D + 1)
        rounding = 4 * EPS * (pieces + abs(log_likelihood) + abs(self.features.log_volume))
        are_few = self.few and sums.ndim == 2 and len(sums) <= few.MOST
        return Expectation(sums if are_few else self.family.moments(sums), log_likelihood, rounding)

    def maximise_few(self, sums: np.ndarray, addend: np.ndarray) -> Parameters | None:
        """Return the mixture of few components' sums (K, P), or None where that takes arrays: see `few`."""
        if (found := self.few.maximise(sums, addend)) is None:
            return None
        weights, means, covariances, theta, growth = found
        mixture = read_only(weights), read_only(means), read_only(covariances)
        return Parameters(*mixture, theta, growth, _is_quick(growth))

    def expect_carefully(self, weights, means, covariances) -> Expectation:
        """Pass over the points with the careful kernel, for one mixture.

        weights (K,), means (K, D), covariances (K, D, D).
        """
        factors = careful.factorise(covariances)
        if not factors.shares.all():
            return Expectation(Moments(weights, means, covariances), np.nan, np.nan)
        found, log_likelihood, rounding = careful.expect(
            self.X, weights, means, factors, self.kind.shared, self.n_threads
        )
        projected = self.family.project(found.weights, found.covariances)
        moments = Moments(found.weights, found.means, projected)
        return Expectation(moments, log_likelihood, float(rounding.sum()))

    def roundings(self, mixture) -> np.ndarray:
        """Return what each component of a mixture, none of them singular, adds to a careful pass's rounding, (K,)."""
        weights, means, covariances = mixture.weights, mixture.means, mixture.covariances
        factors = careful.factorise(covariances)
        return careful.expect(self.X, weights, means, factors, self.kind.shared)[2]

    def without_rounding(self, mixture: Parameters) -> Parameters:
        """Return a mixture, or a stack, with 0 for the covariances that are tighter than the data's own digits."""
        tight = (diagonals(mixture.covariances) <= self.resolution).any(axis=-1)
        if not tight.any():
            return mixture
        covariances = np.where(tight[..., None, None], 0.0, mixture.covariances)
        return mixture._replace(covariances=read_only(covariances))

    def is_rounding(self, fall: float, old, new) -> bool:
        """Return whether a fall of the log-likelihood between two states is no more than rounding explains."""
        known = old.rounding + new.rounding
        if fall <= known:
            return True
        weights, means, covariances = new.mixture.weights, new.mixture.means, new.mixture.covariances
        factors = careful.factorise(covariances)
        if not factors.shares.all():
            return False
        return fall <= known + careful.rounding_of_means(self.X, weights, means, factors)


def _is_quick(growth: np.ndarray) -> bool | list[bool]:
    """Return whether the growth g (..., K) of each of a mixture's components is one that the quick kernel stands."""
    if growth.ndim == 1:  # of so few numbers Python's own are the quicker
        return all(0.0 < g <= GROWTH for g in growth.tolist())
    return ((growth > 0.0) & (growth <= GROWTH)).all(axis=-1).tolist()
