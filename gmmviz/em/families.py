"""All that depends on the covariance type, one class for each: words, shapes, projection, floor, features.  Numpy only.

A Gaussian's log-density is linear in a few features of the point,

    ln(pi_k N(x | m_k, Sigma_k)) = theta_k . phi(x),      phi(x) = (1, x, the products x_i x_j)

with natural parameters theta_k and sufficient statistics phi (Bishop 2006, sections 2.3.4 and 2.4; Wainwright & Jordan
2008, section 3.2). A covariance type that knows less of Sigma needs fewer features: no mixed products for diag, |x|^2
alone for spherical, and nothing of second order for tied, whose x' Sigma^-1 x is common to all components.

The features are taken in centred and scaled coordinates, z = (x - centre) / scale; what goes in and out is in the
data's units. The dots in a shape stand for any number of leading axes, along which mixtures are stacked. Points come
last: phi is (P, N), so that each feature is one long row.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gmmviz.em.careful import Moments


class Coordinates(NamedTuple):
    """z = (x - centre) / scale.  Scales are powers of two, by which multiplying and dividing is exact."""

    centre: np.ndarray  # (D,)
    scale: np.ndarray  # (D,)
    extent: float  # added to what the growth takes for the features' mean squares, see `points`


class Full:
    """Any positive definite matrices.  Features (1, z, z_i z_j for j <= i).

    What the class knows needs no data: words for the screen, counts, scikit-learn's shapes, the projection, the floor.
    An instance, made for the coordinates of some points, knows their features and what a pass over them yields.
    """

    title = "Full: any ellipse each"
    """Its name on the screen."""
    shapes = "any ellipse"
    """Which shapes a Gaussian may take, as a part of a sentence."""
    diagonal = False
    """Whether every covariance is diagonal."""
    isotropic = False
    """Whether every covariance is a multiple of the identity."""
    shared = False
    """Whether all components have the same one."""

    @staticmethod
    def n_parameters(K: int, D: int) -> int:
        """Count the free numbers in the covariances of K components."""
        return K * D * (D + 1) // 2

    @classmethod
    def fewest_points(cls, D: int) -> int | None:
        """Return how many points a component needs for a covariance of its own; None where fewer will do, too."""
        return None if cls.diagonal or cls.shared else D + 1

    # --- Scikit-learn's shapes ---

    @staticmethod
    def shape(K: int, D: int) -> tuple[int, ...]:
        """Return the shape in which scikit-learn stores covariances, precisions and their roots."""
        return (K, D, D)

    @staticmethod
    def compact(matrices: np.ndarray) -> np.ndarray:
        """Bring matrices (K, D, D) of the family into that shape."""
        return matrices

    @staticmethod
    def expand(values: np.ndarray, K: int, D: int) -> np.ndarray:
        """Return matrices (K, D, D) that are stored in that shape."""
        return values

    # --- Floors ---

    @classmethod
    def floor(cls, per_feature: np.ndarray) -> np.ndarray | float:
        """Turn one addend a feature (D,) into what may be added to this family's diagonals: as many, or one number."""
        return per_feature.mean() if cls.isotropic else per_feature

    @classmethod
    def addend(cls, reg_covar: np.ndarray) -> np.ndarray:
        """Return the matrix (D, D) that `reg_covar` (D,) adds to each covariance."""
        return cls.project(np.ones(1), np.diag(reg_covar)[None])[0]

    @classmethod
    def flat_along(cls, constant: np.ndarray) -> bool:
        """Return whether every covariance is singular where some features are constant, (D,) bool."""
        # What is round is as wide along a constant feature as along the others.
        return bool(constant.all() if cls.isotropic else constant.any())

    @classmethod
    def simplest(cls, D: int) -> type[Full]:
        """Return the family of the same matrices that takes the least work in D dimensions."""
        return Diag if D == 1 and cls is Full else cls

    # --- Features ---

    def __init__(self, coordinates: Coordinates):
        self.centre, scale, self.extent = coordinates
        self.D = D = len(scale)
        self.scale, self.per_scale, self.N = scale, 1.0 / scale, 0
        self.ones, self.half = np.ones(D), np.full(D, 0.5)
        self.area, self.per_area = scale[:, None] * scale, self.per_scale[:, None] * self.per_scale
        self._lay_out()

    def _lay_out(self) -> None:
        """Decide what stands where among the features; set `size`, their number P."""
        D = self.D
        self.size = 1 + D + D * (D + 1) // 2
        rows, columns = np.tril_indices(D)
        self.lower = rows * D + columns
        self.halves = np.where(rows == columns, -0.5, -1.0)
        self.mirrored = np.empty((D, D), dtype=int)
        self.mirrored[rows, columns] = self.mirrored[columns, rows] = np.arange(1 + D, self.size)

    @staticmethod
    def project(weights: np.ndarray, covariances: np.ndarray) -> np.ndarray:
        """Bring free covariances (..., K, D, D) into the family, where the expected log-likelihood is highest.

        weights (..., K) matter where the components share a covariance.
        """
        return covariances

    def fill(self, phi: np.ndarray) -> None:
        """Complete phi (P, n), which holds the points, in the coordinates z, in its rows 1 to D."""
        D, first = self.D, 1 + self.D
        phi[0] = 1.0
        for i in range(D):
            np.multiply(phi[1 : 2 + i], phi[1 + i], out=phi[first : first + i + 1])
            first += i + 1

    def survey(self, phi: np.ndarray) -> None:
        """Look at phi (P, n) of every point once, block by block, before the first iteration."""
        self.N += phi.shape[1]

    def natural(self, weights, means, covariances) -> tuple[np.ndarray, np.ndarray]:
        """Return theta (..., K, P), up to the constant D ln(2 pi) / 2, and the growth (..., K) of `points`.

        weights (..., K), means (..., K, D), covariances (..., K, D, D), of the family. No number, or a growth below 0,
        comes of a covariance that is not positive definite.
        """
        D, stack, means = self.D, weights.shape, (means - self.centre) * self.per_scale
        covariances = covariances * self.per_area
        P, log_dets = inverse(covariances)
        Pm = (P @ means[..., None])[..., 0]
        theta = np.empty((*stack, self.size))
        theta[..., 0] = np.log(weights) - 0.5 * log_dets - (means * Pm).dot(self.half)
        theta[..., 1 : 1 + D] = Pm
        np.multiply(P.reshape(*stack, D * D).take(self.lower, axis=-1), self.halves, out=theta[..., 1 + D :])
        return theta, (diagonals(P) * (means * means + diagonals(covariances) + self.extent)).dot(self.ones)

    def moments(self, sums: np.ndarray) -> Moments:
        """Turn sums (..., K, P) of r_nk phi(x_n) over the points into moments, with covariances of the family."""
        counts = sums[..., 0]
        averages = sums / counts[..., None]
        means = averages[..., 1 : 1 + self.D]
        covariances = averages.take(self.mirrored, axis=-1)
        covariances -= means[..., :, None] * means[..., None, :]
        covariances *= self.area
        return Moments(counts / self.N, means * self.scale + self.centre, covariances)


class Diag(Full):
    """No correlation.  Features (1, z, z_j^2)."""

    title, shapes = "Diagonal: along the axes", "ellipses along the axes"
    diagonal = True

    @staticmethod
    def n_parameters(K, D):
        return K * D

    @staticmethod
    def shape(K, D):
        return (K, D)

    @staticmethod
    def compact(matrices):
        return diagonals(matrices)

    @staticmethod
    def expand(values, K, D):
        return values[:, :, None] * np.eye(D)

    def _lay_out(self):
        self.size = 1 + 2 * self.D
        self.variance, self.per_variance = np.diag(self.scale**2), self.per_scale**2

    @staticmethod
    def project(weights, covariances):
        return covariances * np.eye(covariances.shape[-1])

    def fill(self, phi):
        D = self.D
        phi[0] = 1.0
        np.multiply(phi[1 : 1 + D], phi[1 : 1 + D], out=phi[1 + D :])

    def natural(self, weights, means, covariances):
        D, means = self.D, (means - self.centre) * self.per_scale
        variances = diagonals(covariances) * self.per_variance
        theta = np.empty((*weights.shape, self.size))
        P, Pm = 1.0 / variances, theta[..., 1 : 1 + D]
        np.multiply(means, P, out=Pm)
        np.multiply(P, -0.5, out=theta[..., 1 + D :])
        squares = means * Pm
        theta[..., 0] = np.log(weights) - (squares + np.log(variances)).dot(self.half)
        P *= self.extent
        squares += P
        return theta, squares.dot(self.ones)  # less sum_j P_jj Sigma_jj = D

    def moments(self, sums):
        D, counts = self.D, sums[..., 0]
        averages = sums / counts[..., None]
        means = averages[..., 1 : 1 + D]
        variances = averages[..., 1 + D :] - means * means
        return Moments(
            counts / self.N, means * self.scale + self.centre, variances[..., None] * self.variance
        )


class Spherical(Full):
    """Multiples of the identity.  Features (1, z, |z|^2), in coordinates with one scale for all features."""

    title, shapes = "Spherical: circles", "circles"
    diagonal = isotropic = True

    @staticmethod
    def n_parameters(K, D):
        return K

    @staticmethod
    def shape(K, D):
        return (K,)

    @staticmethod
    def compact(matrices):
        return matrices[:, 0, 0]

    @staticmethod
    def expand(values, K, D):
        return values[:, None, None] * np.eye(D)

    def _lay_out(self):
        self.size = 2 + self.D
        self.round, self.per_variance = np.diag(self.scale**2) / self.D, self.per_area[0, 0]

    @staticmethod
    def project(weights, covariances):
        D = covariances.shape[-1]
        return (diagonals(covariances).sum(axis=-1) / D)[..., None, None] * np.eye(D)

    def fill(self, phi):
        phi[0] = 1.0
        np.einsum("dn,dn->n", phi[1:-1], phi[1:-1], out=phi[-1])

    def natural(self, weights, means, covariances):
        D, means = self.D, (means - self.centre) * self.per_scale
        variances = covariances[..., 0, 0] * self.per_variance
        theta = np.empty((*weights.shape, self.size))
        P = 1.0 / variances
        np.multiply(means, P[..., None], out=theta[..., 1 : 1 + D])
        np.multiply(P, -0.5, out=theta[..., 1 + D])
        squares = ((means * means).dot(self.ones)) * P
        theta[..., 0] = np.log(weights) - 0.5 * (D * np.log(variances) + squares)
        return theta, squares + P * (D * self.extent)  # less D

    def moments(self, sums):
        D, counts = self.D, sums[..., 0]
        averages = sums / counts[..., None]
        means = averages[..., 1 : 1 + D]
        scatters = averages[..., -1] - (means * means).dot(self.ones)
        covariances = scatters[..., None, None] * self.round
        return Moments(counts / self.N, means * self.scale + self.centre, covariances)


class Tied(Full):
    """One matrix for all.  Features (1, z): what is of second order is common and leaves the responsibilities.

    In the log-likelihood z' Sigma^-1 z stays, with its average over the points, tr(Sigma^-1 T) / N, in each point's
    place: the total is the same. T = sum_n z_n z_n' is the data's scatter, and makes the covariance, too, which is
    T / N less the means' own scatter. T never changes: one survey is enough.
    """

    title, shapes = "Tied: one ellipse shared by all", "any, but one for all"
    shared = True

    @staticmethod
    def n_parameters(K, D):
        return D * (D + 1) // 2

    @staticmethod
    def shape(K, D):
        return (D, D)

    @staticmethod
    def compact(matrices):
        return matrices[0]

    @staticmethod
    def expand(values, K, D):
        return np.tile(values, (K, 1, 1))

    def _lay_out(self):
        self.size = 1 + self.D
        self.scatter = np.zeros((self.D, self.D))

    @staticmethod
    def project(weights, covariances):
        *stack, K, D, _ = covariances.shape
        average = weights[..., None, :] @ covariances.reshape(*stack, K, D * D)
        return np.repeat(average.reshape(*stack, 1, D, D), K, axis=-3)

    def fill(self, phi):
        phi[0] = 1.0

    def survey(self, phi):
        self.N += phi.shape[1]
        self.scatter += phi[1:] @ phi[1:].T

    def natural(self, weights, means, covariances):
        means = (means - self.centre) * self.per_scale
        covariances = covariances[..., 0, :, :] * self.per_area
        P, log_dets = inverse(covariances)
        average = log_dets + np.einsum("...ij,ij->...", P, self.scatter) / self.N
        theta = np.empty((*weights.shape, self.size))
        Pm = np.matmul(means, P, out=theta[..., 1:])
        theta[..., 0] = np.log(weights) - 0.5 * average[..., None] - (means * Pm).dot(self.half)
        squares = means * means + (diagonals(covariances) + self.extent)[..., None, :]
        return theta, (squares @ diagonals(P)[..., None])[..., 0]

    def moments(self, sums):
        counts, totals = sums[..., 0], sums[..., 1:]
        means = totals / counts[..., None]
        between = totals.swapaxes(-1, -2) @ means
        within = (self.scatter - 0.5 * (between + between.swapaxes(-1, -2))) * (self.area / self.N)
        covariances = np.repeat(within[..., None, :, :], counts.shape[-1], axis=-3)
        return Moments(counts / self.N, means * self.scale + self.centre, covariances)


COVARIANCE_TYPES: dict[str, type[Full]] = {"full": Full, "tied": Tied, "diag": Diag, "spherical": Spherical}
"""Every covariance type by its name, in the order in which a menu shows them."""


def diagonals(matrices: np.ndarray) -> np.ndarray:
    """Return the diagonals (..., D) of matrices (..., D, D)."""
    return matrices.diagonal(axis1=-2, axis2=-1)


def inverse(covariances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the inverses (..., D, D) of covariances (..., D, D) and the logarithms of their determinants (...).

    One and two features have closed forms, which for few components are several times faster than a library's loop over
    matrices. Where a matrix is not positive definite, the inverse is no number or has a negative diagonal.
    """
    D = covariances.shape[-1]
    if D == 1:
        return 1.0 / covariances, np.log(covariances[..., 0, 0])
    if D == 2:
        off = covariances[..., 0, 1]
        dets = covariances[..., 0, 0] * covariances[..., 1, 1] - off * off
        return covariances[..., ::-1, ::-1] * (ADJUGATE_SIGNS / dets[..., None, None]), np.log(dets)
    try:
        inverses = np.linalg.inv(np.linalg.cholesky(covariances))
    except np.linalg.LinAlgError:
        return np.full_like(covariances, np.nan), np.full(covariances.shape[:-2], np.nan)
    log_dets = -2.0 * np.log(diagonals(inverses)).sum(axis=-1)
    return inverses.swapaxes(-1, -2) @ inverses, log_dets


ADJUGATE_SIGNS = np.array([[1.0, -1.0], [-1.0, 1.0]])
