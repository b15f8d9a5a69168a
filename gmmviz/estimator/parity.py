"""What `gmmviz.estimator` shares with scikit-learn: its starts, its checks, its words.

Arrays are float64; K components, D features.
"""

from collections.abc import Callable

import numpy as np
from sklearn.cluster import KMeans, kmeans_plusplus
from sklearn.utils import check_array

from gmmviz.em import COVARIANCE_TYPES, m_step
from gmmviz.starts import without_empty_clusters

__all__ = ["DID_NOT_CONVERGE", "ILL_DEFINED", "INITS", "given_parameters"]

# scikit-learn's own words: somebody may match on them.
DID_NOT_CONVERGE = (
    "Best performing initialization did not converge. Try different init parameters, or increase max_iter, tol, or "
    "check for degenerate data."
)
ILL_DEFINED = (
    "Fitting the mixture model failed because some components have ill-defined empirical covariance (for instance "
    "caused by singleton or collapsed samples). Try to decrease the number of components, increase reg_covar, or scale "
    "the input data."
)


# --- Parameters that the user gives ------------------------------------------------------------------------------


def given_parameters(estimator, n_features: int) -> dict[str, np.ndarray]:
    """Return which of weights, means and covariances the user gave to start from, checked, as Mixture's arguments.

    Raises
    ------
    ValueError
        In scikit-learn's words: wrong shapes, weights that are not shares, precisions that are not positive definite.
    """
    K, D, given = estimator.n_components, n_features, {}
    if estimator.weights_init is not None:
        given["weights"] = _as_weights(_as_shape(estimator.weights_init, (K,), "weights"))
    if estimator.means_init is not None:
        given["means"] = _as_shape(estimator.means_init, (K, D), "means")
    if estimator.precisions_init is not None:
        given["covariances"] = _as_covariances(estimator.precisions_init, estimator.covariance_type, K, D)
    return given


def _as_shape(values, shape, name) -> np.ndarray:
    values = check_array(values, dtype=np.float64, ensure_2d=False, allow_nd=len(shape) > 2)
    if values.shape != shape:
        raise ValueError(f"The parameter '{name}' should have the shape of {shape}, but got {values.shape}")
    return values


def _as_weights(weights) -> np.ndarray:
    if (weights < 0).any() or (weights > 1).any():
        raise ValueError(
            "The parameter 'weights' should be in the range [0, 1], but got max value "
            f"{weights.max():.5f}, min value {weights.min():.5f}"
        )
    if abs(1 - weights.sum()) > 1e-8:
        raise ValueError(
            f"The parameter 'weights' should be normalized, but got sum(weights) = {weights.sum():.5f}"
        )
    return weights


def _as_covariances(precisions, covariance_type, K, D) -> np.ndarray:
    family, name = COVARIANCE_TYPES[covariance_type], f"{covariance_type} precision"
    P = family.expand(_as_shape(precisions, family.shape(K, D), name), K, D)
    if family.diagonal:
        if (np.einsum("kjj->kj", P) <= 0).any():
            raise ValueError(f"'{name}' should be positive")
    elif not np.allclose(P, P.transpose(0, 2, 1)) or np.linalg.eigvalsh(P).min() <= 0:
        raise ValueError(f"'{name}' should be symmetric, positive-definite")
    covariances = np.linalg.inv(P)
    return 0.5 * (covariances + covariances.transpose(0, 2, 1))


# --- Starts: (X, K, covariance_type, reg_covar, random_state) -> Mixture's arguments; covariances may be singular ---


def _from_k_means(X, K, covariance_type, reg_covar, random_state):
    k_means = KMeans(n_clusters=K, n_init=1, random_state=random_state)
    labels = without_empty_clusters(k_means.fit(_scaled(X)).labels_, K)
    return vars(m_step(X, np.eye(K)[labels], covariance_type, reg_covar))


def _from_random_responsibilities(X, K, covariance_type, reg_covar, random_state):
    shares = random_state.uniform(size=(len(X), K))
    return vars(m_step(X, shares / shares.sum(axis=1, keepdims=True), covariance_type, reg_covar))


def _from_random_points(X, K, covariance_type, reg_covar, random_state):
    rows = random_state.choice(len(X), size=K, replace=False)
    return _at_points(X, rows, covariance_type, reg_covar)


def _from_k_means_plus_plus(X, K, covariance_type, reg_covar, random_state):
    _, rows = kmeans_plusplus(_scaled(X), K, random_state=random_state)
    return _at_points(X, rows, covariance_type, reg_covar)


def _at_points(X, rows, covariance_type, reg_covar):
    """Means on data points, each responsible for itself alone: its covariance is `reg_covar`.

    With a tied covariance scikit-learn divides the scatter about the origin of all the other points by K; done here
    too, so that the same random_state begins at the same place.
    """
    (_, D), K = X.shape, len(rows)
    others = np.delete(X, rows, axis=0)
    scatter = others.T @ others / K if COVARIANCE_TYPES[covariance_type].shared else np.zeros((D, D))
    covariances = np.tile(scatter + reg_covar * np.eye(D), (K, 1, 1))
    return {"weights": np.full(K, 1 / K), "means": X[rows], "covariances": covariances}


def _scaled(X) -> np.ndarray:
    """X divided by a power of two, which is exact, so that squares stay in range and nothing else changes."""
    return np.ldexp(X, -np.frexp(np.abs(X).max())[1])


#: scikit-learn's `init_params`.
INITS: dict[str, Callable[..., dict[str, np.ndarray]]] = {
    "kmeans": _from_k_means,
    "k-means++": _from_k_means_plus_plus,
    "random": _from_random_responsibilities,
    "random_from_data": _from_random_points,
}
