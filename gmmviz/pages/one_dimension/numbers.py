"""One dimension, by hand: the numbers of one iteration, and what tutorials compute instead."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import logsumexp

from gmmviz.density import log_joint
from gmmviz.em import Mixture, e_step, m_step

# --- The two steps, number by number ----------------------------------------------------------------------------------


class EStep(NamedTuple):
    """The E-step as a table: densities (N, K), their sum (N,), and the responsibilities (N, K), rows summing to 1."""

    densities: np.ndarray
    total: np.ndarray
    responsibilities: np.ndarray


def e_step_table(X: np.ndarray, mixture: Mixture, weighted: bool = True) -> EStep:
    """Return the E-step number by number.

    Parameters
    ----------
    X : (N, 1) array
        The points.
    mixture : Mixture
        Of K components in one dimension.
    weighted : bool
        Whether the weights count, as they do in EM; without them every component counts the same.

    Examples
    --------
    >>> table = e_step_table(np.zeros((1, 1)), Mixture([0.9, 0.1], [[0.0], [0.0]], [[[1.0]], [[1.0]]]), weighted=False)
    >>> table.densities.round(4).tolist(), table.responsibilities.tolist()
    ([[0.3989, 0.3989]], [[0.5, 0.5]])
    """
    K = mixture.n_components
    used = mixture if weighted else Mixture(np.full(K, 1 / K), mixture.means, mixture.covariances)
    joint = log_joint(X, used)
    densities = np.exp(joint + (0.0 if weighted else np.log(K)))
    # From the logarithms, as densities may be too small for a number; the engine's shares end at exp(-700).
    R = np.exp(joint - logsumexp(joint, axis=1, keepdims=True))
    return EStep(densities, densities.sum(axis=1), R)


class MStep(NamedTuple):
    """The M-step in numbers, (K,) each: N_k, the sums that the formulas divide by it, and the parameters they give."""

    N_k: np.ndarray
    sum_x: np.ndarray
    sum_squares: np.ndarray
    weights: np.ndarray
    means: np.ndarray
    variances: np.ndarray


def m_step_numbers(X: np.ndarray, mixture: Mixture) -> MStep:
    """Return the M-step that follows the E-step of X (N, 1) at `mixture`.  Bishop, eqs 9.24 to 9.27.

    A component without points keeps its mean and variance, as the engine does.
    """
    x, R = X[:, 0], e_step(X, mixture)[0]
    N_k, sum_x = R.sum(axis=0), R.T @ x
    has_points = N_k > 0
    divisor = np.where(has_points, N_k, 1.0)
    means = np.where(has_points, sum_x / divisor, mixture.means[:, 0])
    sum_squares = (R * (x[:, None] - means) ** 2).sum(axis=0)
    variances = np.where(has_points, sum_squares / divisor, mixture.covariances[:, 0, 0])
    return MStep(N_k, sum_x, sum_squares, N_k / len(x), means, variances)


# --- Where the tutorials err, in numbers ------------------------------------------------------------------------------


def log_of_sum(X: np.ndarray, mixture: Mixture) -> float:
    """Return the logarithm of the densities' sum over all points: not the log-likelihood, which sums the logarithms."""
    return float(logsumexp(log_joint(X, mixture)))


class OldMean(NamedTuple):
    """A variance update that uses the old means: the variances (K,) it gives, and the log-likelihood it leads to.

    `right` and `right_log_likelihood` are the M-step's own. A log-likelihood is None where a variance is no longer
    positive. `loss`: by how much the update falls short of the M-step in what that maximises, the expected
    log-likelihood under these responsibilities: never below 0, while the log-likelihood itself may win by luck.
    """

    variances: np.ndarray
    log_likelihood: float | None
    right: np.ndarray
    right_log_likelihood: float | None
    loss: float


def with_old_means(X: np.ndarray, mixture: Mixture) -> OldMean:
    """Return what the iteration from `mixture` would give if the variances were taken around the old means."""
    R = e_step(X, mixture)[0]
    right = m_step(X, R, previous=mixture)
    N_k = np.maximum(R.sum(axis=0), np.finfo(float).tiny)
    wrong = (R * (X - mixture.means[:, 0]) ** 2).sum(axis=0) / N_k
    wrong = np.where(right.weights > 0, wrong, mixture.covariances[:, 0, 0])
    variances = right.covariances[:, 0, 0]
    reached = [_log_likelihood(X, right.weights, right.means, v) for v in (wrong, variances)]
    ratio = np.divide(variances, wrong, out=np.ones_like(wrong), where=(variances > 0) & (wrong > 0))
    loss = (R.sum(axis=0) / 2 * (ratio - 1 - np.log(ratio))).sum()
    return OldMean(wrong, reached[0], variances, reached[1], float(loss))


def _log_likelihood(X, weights, means, variances) -> float | None:
    try:
        return e_step(X, Mixture(weights, means, variances[:, None, None]))[1]
    except ValueError:  # a variance that is no longer positive
        return None
