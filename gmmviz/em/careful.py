"""The careful pass over the data: every component in its own whitened coordinates.  Numpy only.

With Sigma = S L L' S, S a diagonal of powers of two near the standard deviations and L the Cholesky factor of what is
left, a point stands at y = (S L)^-1 (x - m) from a component, and ln N(x | m, Sigma) = -|y|^2 / 2 - ln det(S L) -
D ln(2 pi) / 2 (Bishop 2006, eq. 2.43; through Cholesky factors as in Golub & Van Loan, Matrix Computations, 4.2.3).

The difference x - m is the first thing formed, from the numbers as they came in, so nothing is lost by a tight
component far from the origin, by features in different units, or by other points far away. `points` explains when this
pass is needed; it costs about twice the quick one.

Shapes: X (N, D), weights (K,), means (K, D), covariances (K, D, D); components come first, points last.
"""

from __future__ import annotations

import operator
from functools import reduce
from itertools import pairwise
from math import inf
from typing import NamedTuple

import numpy as np

from gmmviz.threads import mapped, one_blas_thread

EPS = np.finfo(float).eps
LOG_2PI = np.log(2 * np.pi)
BLOCK_BYTES = 1 << 22
"""What a block of points takes, about, with what is made of it: little enough for a processor's last cache, and so much
that two threads, which pass Python's lock to and fro between numpy's operations, are not held up by that."""
LOST = 1e-200
"""A component of a weight below this has lost its points: the rest is rounding."""

FEW = 10_000
"""Of fewer numbers argmin() finds the least in a third of the time that min() takes, of more it is the slower."""


class Moments(NamedTuple):
    """Weighted moments of the data under K components' responsibilities, in the data's units.

    A stack of R mixtures has one more axis, R, in front.
    """

    weights: np.ndarray  # (K,) effective numbers of points, as shares of all points
    means: np.ndarray  # (K, D); meaningless where the weight is below LOST
    covariances: np.ndarray  # (K, D, D) about these means; likewise


class Factors(NamedTuple):
    """Covariances (K, D, D) as S L L' S."""

    scales: np.ndarray  # (K, D), the diagonals of S
    lowers: np.ndarray  # (K, D, D), L; not a number where the covariance is not positive definite
    shares: np.ndarray  # (K,) the smallest pivot, as a share of its variance


def factorise(covariances: np.ndarray) -> Factors:
    """Return the Cholesky factors of covariances (K, D, D), and each one's share (K,).

    The share L_jj^2 / C_jj, C = S^-1 Sigma S^-1, is 1 for independent features and falls to 0 as one becomes a linear
    function of the others. A matrix that is not positive definite in float64 has the share 0 and an unusable factor.
    """
    K, D, _ = covariances.shape
    variances = np.einsum("kjj->kj", covariances)
    usable = (variances > 0).all(axis=1)
    scales = powers_of_two(np.sqrt(np.where(usable[:, None], variances, 1.0)))
    correlations = covariances / scales[:, :, None] / scales[:, None, :]
    lowers = np.full((K, D, D), np.nan)
    try:
        lowers[usable] = np.linalg.cholesky(correlations[usable])
    except np.linalg.LinAlgError:  # at least one of them; find out which
        for k in np.flatnonzero(usable):
            try:
                lowers[k] = np.linalg.cholesky(correlations[k])
            except np.linalg.LinAlgError:
                usable[k] = False
    shares = np.zeros(K)
    pivots = np.einsum("kjj->kj", lowers[usable]) ** 2
    shares[usable] = (pivots / np.einsum("kjj->kj", correlations[usable])).min(axis=1)
    shares[shares <= 4 * D * EPS] = 0.0
    return Factors(scales, lowers, shares)


def powers_of_two(values: np.ndarray) -> np.ndarray:
    """Round positive values (...) down to powers of two (...), by which dividing is exact."""
    return np.ldexp(1.0, np.frexp(values)[1] - 1)


def is_singular(covariances: np.ndarray) -> np.ndarray:
    """Return which of covariances (K, D, D) are not positive definite in float64, (K,) bool."""
    return factorise(covariances).shares == 0


def blocks(N: int, point_bytes: int) -> list[slice]:
    """Cut N points into slices of `BLOCK_BYTES` each at most, at `point_bytes` a point, all about as long.

    Where there are more than two, so many that two or four threads have as many each.
    """
    most = max(256, BLOCK_BYTES // point_bytes)
    n_blocks = -(-N // most)
    if n_blocks > 2:
        n_blocks += -n_blocks % 4
    ends = [n * N // n_blocks for n in range(n_blocks + 1)]
    return [slice(*cut) for cut in pairwise(ends)]


def extremes(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each feature's smallest and largest value, (D,) and (D,).  Many times faster than X.min(axis=0)."""
    low, high = X[0], X[0]
    for block in blocks(len(X), 8 * X.shape[1]):
        rows = np.ascontiguousarray(X[block].T)
        low, high = np.minimum(low, rows.min(axis=1)), np.maximum(high, rows.max(axis=1))
    return low, high


def normalise(log_joint: np.ndarray) -> np.ndarray:
    """Turn ln(pi_k p(x_n | k)), (..., K, n), into responsibilities in place; return the log-densities (..., n).

    Log-sum-exp: the largest is taken out first, unless all are of a size that exp() takes as it is, so nothing
    overflows and no point is without a component. What lies below e^-700 of the largest is raised to that: exp() is
    slow where its result is below float64's normal range, and so no component's sum is ever 0.
    """
    top = None
    if not _lies_within(log_joint, 350.0):
        top = np.maximum.reduce(log_joint, axis=-2, keepdims=True)
        log_joint -= top
        log_joint.clip(-700.0, 0.0, out=log_joint)  # on many points in half the time of maximum()
    np.exp(log_joint, out=log_joint)
    total = np.add.reduce(log_joint, axis=-2, keepdims=True)
    log_joint /= total  # and not times its reciprocal: what is all of it must be 1 exactly
    np.log(total, out=total)
    if top is not None:
        total += top
    return total[..., 0, :]


def _lies_within(values: np.ndarray, bound: float) -> bool:
    """Return whether all values (...) lie between -bound and bound."""
    if values.size < FEW:
        return -bound < values.item(values.argmin()) and values.item(values.argmax()) < bound
    return -bound < np.minimum.reduce(values, None) and np.maximum.reduce(values, None) < bound


class _Components(NamedTuple):
    """A mixture made ready for whitening."""

    means: np.ndarray  # (K, D)
    scales: np.ndarray  # (K, D)
    inverses: np.ndarray  # (K, D, D), L^-1
    log_norms: np.ndarray  # (K,), ln(pi_k) - ln det(S L) - D ln(2 pi) / 2


def _ready(weights, means, factors: Factors) -> _Components:
    """Make weights (K,), means (K, D) and the factors of covariances (K, D, D) ready."""
    D = means.shape[1]
    scales, lowers, _ = factors
    log_dets = (np.log(np.einsum("kjj->kj", lowers)) + np.log(scales)).sum(axis=1)
    inverses = np.linalg.solve(lowers, np.broadcast_to(np.eye(D), lowers.shape))
    with np.errstate(divide="ignore"):  # a lost component has weight 0
        return _Components(means, scales, inverses, np.log(weights) - log_dets - 0.5 * D * LOG_2PI)


def _whiten(X: np.ndarray, components: _Components) -> tuple[np.ndarray, np.ndarray]:
    """Return the whitened points Y (K, D, n) of X (n, D) and ln(pi_k N(x_n | k)), (K, n)."""
    Y = np.ascontiguousarray(X.T) - components.means[:, :, None]
    Y /= components.scales[:, :, None]
    Y = components.inverses @ Y
    with np.errstate(
        over="ignore"
    ):  # beyond 1e154 standard deviations; the caller refuses a log-likelihood of -inf
        return Y, components.log_norms[:, None] - 0.5 * np.einsum("kdn,kdn->kn", Y, Y)


# Beyond 1e154 standard deviations squares overflow; `em` refuses the log-likelihood that comes of it.
_far = np.errstate(over="ignore", under="ignore", invalid="ignore")


@_far
def log_joint(X, weights, means, covariances) -> np.ndarray:
    """Return ln(pi_k N(x_n | k)) (N, K) of X (N, D) at a mixture."""
    components = _ready(weights, means, factorise(covariances))
    joint = np.empty((len(X), len(weights)))
    for block in blocks(len(X), 8 * means.size):
        joint[block] = _whiten(X[block], components)[1].T
    return joint


@_far
def responsibilities(X, weights, means, covariances) -> tuple[np.ndarray, float]:
    """Return the responsibilities (N, K) and log-likelihood of X (N, D) at a mixture.  Bishop, eqs 9.23 and 9.28."""
    R = log_joint(X, weights, means, covariances)
    log_likelihood = float(normalise(R.T).sum())
    R[:, weights == 0] = 0.0
    return R, log_likelihood


@_far
def expect(
    X, weights, means, factors: Factors, shared: bool = False, n_threads: int = 1
) -> tuple[Moments, float, np.ndarray]:
    """Return the moments of X (N, D) under a mixture's responsibilities, and the log-likelihood: an E-step.

    With it comes a bound on its rounding error, (K,), a part for each component; see `_rounding`. `shared` says that
    all components have the same covariance.

    One pass, with sums in each component's own coordinates, serves where the new covariance is not much tighter than
    the old one. Otherwise these sums cancel, and a second pass takes them about the new means.
    """
    components = _ready(weights, means, factors)

    @_far  # which is a thread's own
    def of_block(block):
        Y, r = _whiten(X[block], components)
        log_likelihood = float(normalise(r).sum())
        return log_likelihood, *_sums(Y, r)

    log_likelihood, counts, shifts, scatters = _added(of_block, X, means, n_threads)
    rounding = _rounding(factors.lowers, components, counts, scatters, shared)
    shifts, white = _central(counts, shifts, scatters)
    lowers = factors.scales[:, :, None] * factors.lowers
    means = means + np.einsum("kij,kj->ki", lowers, shifts)
    if _cancels(shifts, white):
        covariances = _covariances_about(means, X, components, n_threads)
    else:
        covariances = lowers @ white @ lowers.transpose(0, 2, 1)
    covariances = 0.5 * (covariances + covariances.transpose(0, 2, 1))
    return Moments(counts / len(X), means, covariances), log_likelihood, rounding


def _rounding(lowers, components: _Components, counts, scatters, shared: bool) -> np.ndarray:
    """Bound by how much rounding may change the log-likelihood, (K,), a part for each component.

    Cholesky's factor is that of C + E, C = S^-1 Sigma S^-1, with E_ij of about eps sqrt(C_ii C_jj) (Higham, Accuracy
    and Stability of Numerical Algorithms, 2002, theorem 10.3). To first order that changes the log-likelihood by
    tr(L^-1 E L^-T (T_k - N_k)) / 2, with T_k = sum_n r_nk y_n y_n', which vanishes where EM has converged; then the
    square of E is what remains. To invert L changes each y by about eps |L^-1| |L| |y|, and every term is rounded.

    lowers (K, D, D), L; counts (K,), N_k; scatters (K, D, D), T_k.
    """
    K, D, _ = lowers.shape
    inverses = components.inverses
    deviations = np.sqrt((lowers**2).sum(axis=2))
    sizes = deviations[:, :, None] * deviations[:, None, :]
    surplus = scatters - counts[:, None, None] * np.eye(D)
    if shared:  # one E for all
        surplus = np.broadcast_to(surplus.sum(axis=0) / K, surplus.shape)
    transposed = inverses.transpose(0, 2, 1)
    first = 0.5 * (sizes * np.abs(transposed @ surplus @ inverses)).sum(axis=(1, 2))
    second = EPS * ((sizes * (transposed @ inverses)) ** 2).sum(axis=(1, 2)) * counts
    squares = np.einsum("kjj->kj", scatters)
    lengths = np.sqrt(squares)
    inversion = ((np.abs(inverses) @ np.abs(lowers)) * lengths[:, :, None] * lengths[:, None, :]).sum(
        axis=(1, 2)
    )
    norms = np.where(np.isfinite(components.log_norms), np.abs(components.log_norms), 0.0)  # but a lost one's
    terms = 4 * (counts * (1 + norms) + squares.sum(axis=1))
    return EPS * (first + second + inversion + terms)


@_far
def rounding_of_means(X, weights, means, factors: Factors) -> float:
    """Bound by how much the log-likelihood of X (N, D) may fall since a mixture's new means are rounded.

    A mean that is off by eps m costs at most the square of that in standard deviations, for each point. Covariances off
    by eps sqrt(Sigma_ii Sigma_jj) cost what the rounding of their factors does, which is in a state's own bound.
    """
    components = _ready(weights, means, factors)
    off = EPS * (np.abs(components.inverses) @ np.abs(means / factors.scales)[..., None])
    return float(len(X) * (weights * (off**2).sum(axis=(1, 2))).sum())


def _cancels(shifts, white) -> bool:
    """Return whether a covariance of `white` (K, D, D), about `shifts` (K, D), is what was left of larger sums."""
    new = factorise(0.5 * (white + white.transpose(0, 2, 1)))
    pivots = (new.scales * np.einsum("kjj->kj", new.lowers)) ** 2
    return not (pivots.min(axis=1) > 1e-6 * (1 + (shifts**2).sum(axis=1))).all()


def _sums(Y, r) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sums of r (K, n), r y and r y y' over points Y (K, D, n)."""
    weighted = r[:, None, :] * Y
    # Of products whose results are small matmul() keeps Python's lock; dot() does not.
    scatters = np.array([np.dot(part, points.T) for part, points in zip(weighted, Y, strict=True)])
    return r.sum(axis=1), weighted.sum(axis=2), scatters


def _added(of_block, X, means, n_threads: int) -> list:
    """Add up what a function returns for each block of X (N, D), in their order."""
    cuts = blocks(len(X), 16 * means.size)
    multiplications = means.size * means.shape[1] * cuts[-1].stop // len(cuts)
    with one_blas_thread(multiplications if means.shape[1] > 1 else inf):  # else products of vectors
        return [reduce(operator.add, part) for part in zip(*mapped(of_block, cuts, n_threads), strict=True)]


def _covariances_about(means, X, components: _Components, n_threads: int) -> np.ndarray:
    """Return the covariances (K, D, D) of X (N, D) about new means (K, D), under the components' responsibilities."""

    @_far
    def of_block(block):
        _, r = _whiten(X[block], components)
        normalise(r)
        Y = np.ascontiguousarray(X[block].T) - means[:, :, None]
        Y /= components.scales[:, :, None]
        return _sums(Y, r)

    covariances = _central(*_added(of_block, X, means, n_threads))[1]
    return covariances * components.scales[:, :, None] * components.scales[:, None, :]


def moments(X: np.ndarray, responsibilities: np.ndarray) -> Moments:
    """Return the moments of X (N, D) under responsibilities (N, K): first the means, then sums about them."""
    R = responsibilities.T
    counts = R.sum(axis=1)
    low, high = extremes(X)
    scale = powers_of_two(np.where(high > low, high - low, 1.0))
    with one_blas_thread():
        means = low + scale * (R @ ((X - low) / scale)) / np.where(counts > 0, counts, 1.0)[:, None]
        K, D = means.shape
        shifts, scatters = np.zeros((K, D)), np.zeros((K, D, D))
        for k in range(K):
            Y = (X - means[k]) / scale
            shifts[k] = R[k] @ Y
            scatters[k] = (R[k, :, None] * Y).T @ Y
    shifts, covariances = _central(counts, shifts, 0.5 * (scatters + scatters.transpose(0, 2, 1)))
    return Moments(counts / len(X), means + scale * shifts, covariances * scale[:, None] * scale)


def _central(counts, shifts, scatters) -> tuple[np.ndarray, np.ndarray]:
    """Turn counts (K,) and sums of y (K, D) and y y' (K, D, D) into means and covariances about those means."""
    safe = np.where(counts > 0, counts, 1.0)
    means = shifts / safe[:, None]
    return means, scatters / safe[:, None, None] - means[:, :, None] * means[:, None, :]
