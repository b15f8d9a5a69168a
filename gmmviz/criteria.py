"""How good is a fit: information criteria, agreement with known groups, and likelihood on points held out.

All information criteria have scikit-learn's sign: lower is better. (R's mclust reports their negatives.) Held-out
log-likelihood and the adjusted Rand index are higher for the better fit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from numbers import Integral
from typing import NamedTuple

import numpy as np

from gmmviz.em import COVARIANCE_TYPES, as_data, e_step, fit_stream, whole
from gmmviz.em.validation import as_choice, as_responsibilities
from gmmviz.restarts import is_degenerate
from gmmviz.starts import WARD_LIMIT, Ground

__all__ = [
    "CRITERIA",
    "Criterion",
    "Fit",
    "Grounds",
    "adjusted_rand",
    "aic",
    "bic",
    "fold_fit",
    "fold_score",
    "folds_of",
    "held_out",
    "held_out_steps",
    "icl",
    "n_parameters",
]


def n_parameters(n_components: int, n_features: int, covariance_type: str = "full") -> int:
    """Count a mixture's free parameters: K - 1 weights, K D means, and the covariances of its type.

    Parameters
    ----------
    n_components, n_features : int
        K and D.
    covariance_type : str, default="full"
        "full", "tied", "diag" or "spherical".

    Returns
    -------
    int

    Raises
    ------
    ValueError
        For an unknown covariance type.

    Examples
    --------
    >>> [n_parameters(3, 2, name) for name in ("full", "tied", "diag", "spherical")]
    [17, 11, 14, 11]
    """
    K, D = n_components, n_features
    family = COVARIANCE_TYPES[as_choice(covariance_type, COVARIANCE_TYPES, "covariance_type")]
    return (K - 1) + K * D + family.n_parameters(K, D)


def aic(log_likelihood: float, n_parameters: int) -> float:
    """Akaike's information criterion, -2 log L + 2 p; lower is better.

    Parameters
    ----------
    log_likelihood : float
        Natural logarithm, summed over the points.
    n_parameters : int
        p, as the function `n_parameters` counts it.

    Returns
    -------
    float

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning (2006), eq. 1.73, times -2.

    Examples
    --------
    >>> aic(-100.0, 5)
    210.0
    """
    return -2.0 * log_likelihood + 2.0 * n_parameters


def bic(log_likelihood: float, n_parameters: int, n_points: int) -> float:
    """The Bayesian information criterion, -2 log L + p log N; lower is better.

    Parameters
    ----------
    log_likelihood : float
        Natural logarithm, summed over the points.
    n_parameters : int
        p, as the function `n_parameters` counts it.
    n_points : int
        N.

    Returns
    -------
    float

    References
    ----------
    Schwarz (1978), "Estimating the dimension of a model", Annals of Statistics 6.

    Examples
    --------
    >>> round(bic(-100.0, 5, 50), 3)
    219.56
    """
    return -2.0 * log_likelihood + n_parameters * float(np.log(n_points))


def icl(log_likelihood: float, n_parameters: int, responsibilities) -> float:
    """The integrated completed likelihood, -2 log L + p log N - 2 sum_n log max_k r_nk; lower is better.

    BIC with a penalty for overlap: twice the surprise at every point's belonging to its most probable
    component. This is mclust's `icl`, with the other sign.

    Parameters
    ----------
    log_likelihood : float
        Natural logarithm, summed over the points.
    n_parameters : int
        p, as the function `n_parameters` counts it.
    responsibilities : (N, K) array-like
        Those of the fit; rows sum to 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        For responsibilities whose rows are not shares that sum to 1.

    References
    ----------
    Biernacki, Celeux and Govaert (2000), "Assessing a mixture model for clustering with the integrated completed
    likelihood", IEEE PAMI 22.

    Examples
    --------
    >>> round(icl(-100.0, 5, [[1.0, 0.0], [0.5, 0.5]]) - bic(-100.0, 5, 2), 6)  # 2 log 2
    1.386294
    """
    R = as_responsibilities(responsibilities, responsibilities)
    return bic(log_likelihood, n_parameters, len(R)) - 2.0 * float(np.log(R.max(axis=1)).sum())


def adjusted_rand(labels, predicted) -> float:
    """Agreement of two groupings of the same points: 1 is perfect, about 0 is what chance gives.

    Parameters
    ----------
    labels, predicted : (N,) array-like
        Each point's group. The groups' names and their number may differ.

    Returns
    -------
    float
        At most 1; below 0 where they agree less than by chance.

    Raises
    ------
    ValueError
        For groupings of different length.

    References
    ----------
    Hubert and Arabie (1985), "Comparing partitions".

    Examples
    --------
    >>> adjusted_rand([0, 0, 1, 1], [7, 7, 3, 3])
    1.0
    """
    from sklearn.metrics import adjusted_rand_score  # here, as it takes long to load

    return float(adjusted_rand_score(labels, predicted))


def held_out(
    X,
    n_components: Iterable[int],
    covariance_type: str = "full",
    method: str = "k-means",
    folds: int = 5,
    seed: int = 0,
    floor: float = 1e-6,
    **settings,
) -> np.ndarray:
    """Mean log-likelihood per point on data that the fit has not seen, for each K and each fold.

    The points are shuffled and divided into `folds` parts; each part in turn is held out, EM runs on the
    others, and the fit is judged on the part held out. More components always describe the points they were
    fitted to better; new points they describe better only up to a K.

    Parameters
    ----------
    X : (N, D) array-like
    n_components : iterable of int
        The Ks to try; each entry of the result depends on its own K alone, not on its neighbours.
    covariance_type : str, default="full"
        As in `gmmviz.starts.start`.
    method : str, default="k-means"
        As in `gmmviz.starts.start`.
    folds : int, default=5
        From 2 to N.
    seed : int, default=0
        Divides the points and draws the starts.
    floor : float, default=1e-6
        Added to the covariances, as a share of the training points' variance: see
        `gmmviz.starts.reg_covar_for`. At 0, a component may collapse onto single points.
    **settings
        tol, max_iter and criterion, as in `gmmviz.em.em`.

    Returns
    -------
    (len(n_components), folds) array
        Natural logarithm, a mean over the fold's points; higher is better.

    Raises
    ------
    ValueError
        For data and settings that `start` or `em` refuse, folds outside 2 to N, and a K above the number of training
        points.

    Examples
    --------
    >>> from gmmviz.datasets import load
    >>> scores = held_out(load("blobs", n=100).X, [1, 3])
    >>> scores.shape, bool(scores[1].mean() > scores[0].mean())
    ((2, 5), True)
    """
    return whole(held_out_steps(X, n_components, covariance_type, method, folds, seed, floor, **settings))


def held_out_steps(
    X, n_components, covariance_type="full", method="k-means", folds=5, seed=0, floor=1e-6, **settings
) -> Generator[np.ndarray, None, np.ndarray]:
    """Do the same with pauses: yield what there is of the result, (M, folds) for the first M of the Ks."""
    X = as_data(X)
    grounds = Grounds(X, folds_of(len(X), folds, seed), covariance_type, method)
    scores = np.empty((0, folds))
    for K in n_components:
        row = []
        for fold in range(folds):
            fitted = fold_score(*grounds[fold], K, method, [seed, K, fold], floor, **settings)
            try:
                while True:
                    next(fitted)
                    yield scores
            except StopIteration as end:
                row.append(end.value)
        scores = np.vstack([scores, row])
        yield scores
    return scores


def folds_of(N: int, folds: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the rows that are seen and those that are held out, for each fold."""
    if not (isinstance(folds, Integral) and 2 <= folds <= N):
        raise ValueError(f"folds is {folds!r}; give a whole number from 2 to the number of points, {N}.")
    from sklearn.model_selection import KFold  # here, as it takes long to load

    return list(KFold(folds, shuffle=True, random_state=seed).split(np.empty(N)))


class Grounds:
    """For each fold the points that are seen, to start on, and those that are held out.

    Kept only where starts share what takes long to find, Ward's merges; else they are made again, and let go.
    """

    def __init__(self, X, folds: list[tuple[np.ndarray, np.ndarray]], covariance_type: str, method: str):
        self._X, self._folds, self._type, self._method = X, folds, covariance_type, method
        self._kept: dict[int, Ground] = {}

    def __getitem__(self, fold: int) -> tuple[Ground, np.ndarray]:
        """Return those of one fold."""
        seen, unseen = self._folds[fold]
        ground = self._kept.get(fold) or Ground(self._X[seen], self._type)
        if self._method == "hierarchical" and len(seen) <= WARD_LIMIT:
            self._kept[fold] = ground
        return ground, self._X[unseen]


def fold_score(ground: Ground, unseen, K, method, seed, floor, **settings) -> Generator[None, None, float]:
    """Fit the points that are seen, with pauses, and return the mean log-likelihood of those that are not."""
    return (yield from fold_fit(ground, unseen, K, method, seed, floor, **settings))[0]


def fold_fit(
    ground: Ground, unseen, K, method, seed, floor, **settings
) -> Generator[None, None, tuple[float, bool]]:
    """Do the same, and return besides whether the fit is sound: see `gmmviz.restarts.KINDS`."""
    seen, covariance_type, reg_covar = ground.X, ground.covariance_type, ground.reg_covar(floor)
    begin = ground.start(K, method, np.random.default_rng(seed), floor)
    for outcome in fit_stream(seen, [begin], covariance_type, reg_covar=reg_covar, **settings):
        if outcome is None:
            yield
        else:
            sound = outcome.stop_reason != "collapsed"
            sound = sound and not is_degenerate(seen, outcome.mixture, covariance_type, reg_covar)
            return e_step(unseen, outcome.mixture)[1] / len(unseen), sound


# --- The criteria, by name --------------------------------------------------------------------------------------------


class Fit(NamedTuple):
    """What a criterion looks at."""

    log_likelihood: float  # total over the points
    n_parameters: int
    responsibilities: np.ndarray  # (N, K)
    labels: np.ndarray | None  # (N,), the points' true groups, where they are known


class Criterion(NamedTuple):
    """A way to compare fits of different K and shape to the same points.

    Attributes
    ----------
    title : str
        Its name on the screen.
    lower_is_better : bool
    score : callable or None
        What it says of a `Fit`; None where it takes further fits.
    """

    title: str
    lower_is_better: bool
    score: Callable[[Fit], float] | None

    def best(self, values: Sequence[float]) -> int | None:
        """Return the place of the best of some values, the first of equal ones; None where none is a number."""
        values = np.array(values if self.lower_is_better else np.negative(values), dtype=float)
        return None if np.isnan(values).all() else int(np.nanargmin(values))


CRITERIA: dict[str, Criterion] = {
    "bic": Criterion("BIC", True, lambda fit: bic(*fit[:2], len(fit.responsibilities))),
    "aic": Criterion("AIC", True, lambda fit: aic(*fit[:2])),
    "icl": Criterion("ICL", True, lambda fit: icl(*fit[:3])),
    "held_out": Criterion("Held-out log-likelihood", False, None),
    "ari": Criterion(
        "ARI", False, lambda fit: adjusted_rand(fit.labels, fit.responsibilities.argmax(axis=1))
    ),
}
"""Every criterion by its name, in the order in which a menu shows them."""
