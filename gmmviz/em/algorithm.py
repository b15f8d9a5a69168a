"""EM for Gaussian mixtures as the textbook writes it: an E-step, an M-step, and the loop that alternates them.

Source: Bishop, Pattern Recognition and Machine Learning (2006), section 9.2; the equation numbers below are his.
Array shapes: X (N, D), responsibilities (N, K), weights (K,), means (K, D), covariances (K, D, D).

`e_step` and `m_step` are the two steps with the responsibilities between them. The loop takes the same two steps as
`expectation` and `maximisation`, between which stand the expected moments alone: all that the M-step needs to know of
the responsibilities, so that those of all points never stand in memory.
"""

from __future__ import annotations

from collections.abc import Generator
from itertools import count

import numpy as np

from gmmviz.em import careful
from gmmviz.em.careful import Moments
from gmmviz.em.events import happened
from gmmviz.em.history import Ending, Mixture, State
from gmmviz.em.points import Expectation, Parameters, Points
from gmmviz.em.stopping import BEFORE, StopRule, stop_reason
from gmmviz.em.update import Update
from gmmviz.em.validation import as_data, as_responsibilities, check_density, check_features

# --- With responsibilities ------------------------------------------------------------------------------------------


def e_step(X, mixture: Mixture) -> tuple[np.ndarray, float]:
    """Share the points out among the components.  Eqs 9.23 and 9.28.

    r_nk = weights[k] N(x_n | k) / sum_j weights[j] N(x_n | j), by log-sum-exp over Cholesky-based log-densities.

    Parameters
    ----------
    X : (N, D) array-like
    mixture : Mixture
        Of K components in D features.

    Returns
    -------
    responsibilities : (N, K) array
        Rows sum to 1.
    log_likelihood : float
        Summed over the points, natural logarithm.

    Raises
    ------
    ValueError
        For data that `as_data` refuses, or of other features, or too far from every component for a density.

    Examples
    --------
    >>> R, log_likelihood = e_step([[0.0], [4.0]], Mixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[1.0]]]))
    >>> R.round(4).tolist(), round(log_likelihood, 4)
    ([[0.9997, 0.0003], [0.0003, 0.9997]], -3.2235)
    """
    X = as_data(X)
    check_features(X, mixture)
    R, log_likelihood = careful.responsibilities(X, mixture.weights, mixture.means, mixture.covariances)
    check_density(log_likelihood)
    return R, log_likelihood


def m_step(
    X, responsibilities, covariance_type="full", reg_covar=0.0, previous: Mixture | None = None
) -> Mixture:
    """Find the mixture that maximises the expected log-likelihood.  Eqs 9.24 to 9.27.

    Parameters
    ----------
    X : (N, D) array-like
    responsibilities : (N, K) array-like
        Rows sum to 1.
    covariance_type : str, default="full"
        A key of `COVARIANCE_TYPES`.
    reg_covar : float or (D,) array-like, default=0
        Added to the covariances' diagonals, in squared data units. A component on too few points has a singular
        covariance, which the E-step will refuse: give a positive number.
    previous : Mixture, optional
        Where a component without points has its mean and covariance from; it keeps them at weight 0.

    Raises
    ------
    ValueError
        For arguments of another form, and for a component without points if there is no `previous`.

    Examples
    --------
    >>> m_step([[0.0], [2.0], [9.0]], [[1, 0], [1, 0], [0, 1]], reg_covar=0.5).covariances.ravel().tolist()
    [1.5, 0.5]
    """
    X = as_data(X)
    R = as_responsibilities(responsibilities, X)
    update = Update.of(X, covariance_type, reg_covar)
    if previous is not None:
        check_features(X, previous)
    weights, means, covariances = careful.moments(X, R)
    moments = Moments(weights, means, update.family.project(weights, covariances))
    return Mixture._of(*update.of_moments(moments, previous))


# --- With the expected moments --------------------------------------------------------------------------------------


def alternate(
    points: Points, start: Mixture, update: Update, rule: StopRule
) -> Generator[State, None, Ending]:
    """Take E-step and M-step in turn, and yield state after state, the start first, until the rule says stop."""
    states, refused, mixture = [], None, points.parameters(*update.of_start(start))
    for iteration in count():
        moments, log_likelihood, rounding = expectation(points, mixture)
        if iteration == 0:
            check_density(log_likelihood)
        state = State(iteration, Mixture._of(*mixture[:3]), float(log_likelihood), float(rounding))
        reason = stop_reason(states[-1] if states else None, state, points, rule)
        if reason in BEFORE:
            refused = state
        if refused is None or not states:  # the start itself is shown in any case
            states.append(state)
            yield state
        if reason is not None:
            break
        mixture = maximisation(points, moments, mixture, update)
    return Ending(reason, happened(points, start, states, refused, update.addend, reason))


def expectation(points: Points, mixture: Parameters) -> Expectation:
    """E-step: return the expected moments of the points under their responsibilities, and the log-likelihood."""
    return points.expect(mixture)


def maximisation(points: Points, moments: Moments, mixture: Parameters, update: Update) -> Parameters:
    """M-step: return the mixture of the moments; where it is too tight for their digits, that of careful ones."""
    new = update.maximised(points, moments, mixture)
    if mixture.quick and not new.quick:
        moments = points.expect_carefully(*mixture[:3]).moments
        new = update.maximised(points, moments, mixture)
    return new if new.quick else points.without_rounding(new)
