"""What may come into the engine: each check returns the value ready to use, or raises a ValueError that advises.

Numpy only. The messages name the value, where it stands, and what to do about it.
"""

from __future__ import annotations

from numbers import Integral, Real

import numpy as np

from gmmviz.em import careful
from gmmviz.threads import cores

LARGEST, SMALLEST = 1e152, 1e-152
"""Beyond these the squares that a covariance is made of leave float64's range."""


def as_data(X) -> np.ndarray:
    """Make data ready to fit: finite numbers, one row per point, one column per feature.

    Parameters
    ----------
    X : (N, D) array-like
        N and D at least 1.

    Returns
    -------
    (N, D) float64 array
        C-contiguous; X itself where it is so already.

    Raises
    ------
    ValueError
        For what is no table of real numbers, and for values that are missing, masked, infinite or beyond 1e152, whose
        squares overflow; it says which value is wrong and what to do.

    Examples
    --------
    >>> as_data([[1, 2], [3, float("nan")]])
    Traceback (most recent call last):
        ...
    ValueError: X[1, 1] is nan: drop the row or fill in the value.
    """
    X = as_floats(X, "X", 2)
    if X.size == 0:
        raise ValueError(f"X has shape {X.shape}: at least one row and one column are needed.")
    low, high = careful.extremes(X)
    largest = np.maximum(-low, high)
    if (largest > LARGEST).any():
        j = int(np.argmax(largest))
        raise ValueError(
            f"X[:, {j}] holds values up to {largest[j]:.3g}, whose squares overflow: divide it by a power of ten."
        )
    return X


def as_floats(values, name: str, ndim: int) -> np.ndarray:
    """Return values as a C-contiguous float64 array of `ndim` dimensions, all finite; `name` is for the message."""
    if np.ma.isMaskedArray(values) and np.ma.getmaskarray(values).any():
        where = _index(np.argwhere(np.ma.getmaskarray(values))[0])
        raise ValueError(f"{name}{where} is masked: drop the row or fill in the value.")
    try:
        raw = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} does not read as an array of numbers: {error}") from error
    if np.iscomplexobj(raw):
        raise ValueError(
            f"{name} is complex: give real numbers, for example its real and imaginary parts as columns."
        )
    try:
        array = np.ascontiguousarray(raw, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} does not read as an array of numbers: {error}.") from error
    if raw.ndim != ndim:
        advice = " Use X.reshape(-1, 1) for a single feature." if name == "X" and raw.ndim == 1 else ""
        raise ValueError(f"{name} has {raw.ndim} dimension(s), shape {raw.shape}: {ndim} are needed.{advice}")
    if not np.isfinite(array).all():
        where = np.argwhere(~np.isfinite(array))[0]
        raise ValueError(
            f"{name}{_index(where)} is {array[tuple(where)]}: drop the row or fill in the value."
        )
    return array


def _index(where) -> str:
    return "[" + ", ".join(str(i) for i in where) + "]"


def check_shapes(mixture) -> None:
    """Refuse a mixture whose weights (K,), means (K, D) and covariances (K, D, D) disagree on K or D."""
    K, D = mixture.means.shape
    if K == 0 or D == 0:
        raise ValueError(f"means has shape {(K, D)}: at least one component and one feature are needed.")
    for name, shape in (("weights", (K,)), ("covariances", (K, D, D))):
        found = getattr(mixture, name).shape
        if found != shape:
            raise ValueError(
                f"{name} has shape {found}, but means of shape {(K, D)} need {name} of shape {shape}."
            )


def check_weights(weights: np.ndarray) -> None:
    """Refuse weights (K,) that are no distribution."""
    if (weights < 0).any():
        k = int(np.argmax(weights < 0))
        raise ValueError(f"weights[{k}] is {weights[k]:g}: weights are shares, none below 0.")
    if abs(weights.sum() - 1) > 1e-6:
        raise ValueError(f"weights sum to {weights.sum():.9g}, not 1: divide them by their sum.")


def check_covariances(covariances: np.ndarray) -> None:
    """Refuse covariances (K, D, D) that are not symmetric and positive definite."""
    deviations = np.sqrt(np.abs(np.einsum("kjj->kj", covariances)))
    skew = np.abs(covariances - covariances.transpose(0, 2, 1))
    lopsided = skew > 1e-8 * deviations[:, :, None] * deviations[:, None, :]
    if lopsided.any():
        where = np.argwhere(lopsided)[0]
        raise ValueError(
            f"covariances{_index(where)} differs from its mirror image: a covariance is symmetric."
        )
    bad = careful.is_singular(covariances)
    if bad.any():
        k = int(np.argmax(bad))
        smallest = np.linalg.eigvalsh(covariances[k])[0]
        raise ValueError(
            f"covariances[{k}] is not positive definite (smallest eigenvalue {smallest:.3g}): "
            "add a small number to its diagonal, as reg_covar does."
        )


def check_features(X: np.ndarray, mixture) -> None:
    """Refuse what is no mixture, and a mixture of other features than X (N, D) has."""
    if not hasattr(mixture, "n_features"):
        raise ValueError(
            f"a Mixture is needed, not {type(mixture).__name__}: build one with gmmviz.starts.start."
        )
    if X.shape[1] != mixture.n_features:
        raise ValueError(f"X has {X.shape[1]} feature(s), but the mixture's means have {mixture.n_features}.")


def check_start(start, X: np.ndarray) -> None:
    """Refuse a start that does not go with X (N, D), or has more components than X has rows."""
    check_features(X, start)
    if len(X) < start.n_components:
        raise ValueError(
            f"X has {len(X)} row(s), fewer than the {start.n_components} components: use a smaller K."
        )


def check_spread(X: np.ndarray) -> None:
    """Refuse X (N, D) with features so narrow that a covariance of them would underflow."""
    low, high = careful.extremes(X)
    extent = high - low
    tiny = (extent > 0) & (extent < SMALLEST)
    if tiny.any():
        j = int(np.argmax(tiny))
        raise ValueError(
            f"X[:, {j}] spreads over {extent[j]:.3g}, whose square underflows: multiply it by a power of ten."
        )


def check_starts(starts, X: np.ndarray) -> None:
    """Refuse a sequence of starts that cannot be run on X (N, D) side by side."""
    if len(starts) == 0:
        raise ValueError("starts is empty: at least one Mixture is needed.")
    check_spread(X)
    for start in starts:
        check_start(start, X)
    for i, start in enumerate(starts):
        if start.n_components != starts[0].n_components:
            raise ValueError(
                f"starts[{i}] has {start.n_components} components and starts[0] has {starts[0].n_components}: "
                "runs side by side need the same number, so fit them apart."
            )
    if careful.is_singular(np.concatenate([start.covariances for start in starts])).any():
        for start in starts:
            check_covariances(start.covariances)


def check_density(log_likelihood: float) -> None:
    """Refuse a log-likelihood that is not finite."""
    if not np.isfinite(log_likelihood):
        raise ValueError(
            "a point of X lies more than 1e154 standard deviations from every component, where the density underflows "
            "even as a logarithm: check the mixture's units."
        )


def as_responsibilities(responsibilities, X: np.ndarray) -> np.ndarray:
    """Return responsibilities (N, K), one row per row of X, divided by the rows' sums, which may be 1e-6 off 1."""
    R = as_floats(responsibilities, "responsibilities", 2)
    if len(R) != len(X) or R.shape[1] == 0:
        raise ValueError(
            f"responsibilities has shape {R.shape}, but X has {len(X)} rows: one row per point is needed."
        )
    wrong = (R < 0).any(axis=1) | (np.abs(R.sum(axis=1) - 1) > 1e-6)
    if wrong.any():
        n = int(np.argmax(wrong))
        raise ValueError(
            f"responsibilities[{n}] is no distribution (sum {R[n].sum():.9g}): shares >= 0 that sum to 1."
        )
    return R / R.sum(axis=1, keepdims=True)


def as_reg_covar(reg_covar, D: int) -> np.ndarray:
    """Return what is added to variances, one number or one per feature, as an array (D,)."""
    try:
        addend = np.asarray(reg_covar, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"reg_covar is {reg_covar!r}: it is added to variances, so give numbers >= 0."
        ) from error
    if addend.shape not in ((), (1,), (D,)):
        raise ValueError(
            f"reg_covar has shape {addend.shape}: give one number, or one for each of the {D} features."
        )
    bad = ~(np.isfinite(addend) & (addend >= 0))
    if bad.any():
        where = np.argwhere(bad)[0]
        at = f"{_index(where)} is {addend[tuple(where)]}" if addend.ndim else f" is {reg_covar}"
        raise ValueError(f"reg_covar{at}: it is added to variances, so give numbers >= 0.")
    return np.broadcast_to(addend, (D,)).copy()


def as_tol(tol) -> float:
    """Return the tolerance as a float >= 0."""
    if not isinstance(tol, Real) or not 0 <= tol < np.inf:
        raise ValueError(f"tol is {tol!r}: give a number >= 0; 0 runs to max_iter.")
    return float(tol)


def as_max_iter(max_iter) -> int:
    """Return the largest number of iterations as an int >= 0."""
    if not isinstance(max_iter, Integral) or isinstance(max_iter, bool) or max_iter < 0:
        raise ValueError(f"max_iter is {max_iter!r}: give a whole number >= 0.")
    return int(max_iter)


def as_n_threads(n_threads) -> int:
    """Return a number of threads as an int >= 1; where nobody says it, as many as there are cores."""
    if n_threads is None:
        return cores()
    if not isinstance(n_threads, Integral) or isinstance(n_threads, bool) or n_threads < 1:
        raise ValueError(f"n_threads is {n_threads!r}: give a whole number >= 1, or None for all cores.")
    return int(n_threads)


def as_choice(value, choices, name: str):
    """Return the value if it is one of the choices."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} is {value!r}: choose one of {', '.join(choices)}.")
    return value
