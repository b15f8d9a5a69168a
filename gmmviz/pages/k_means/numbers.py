"""K-means against a mixture: both runs, the bridge between them, and what they say of a new point."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from gmmviz.density import density, grid
from gmmviz.em import Mixture, Run, e_step, fit_many_steps
from gmmviz.geometry import extent
from gmmviz.kmeans import KMeansRun, assign, kmeans
from gmmviz.pages.k_means.settings import SHARES, KMeans, equal
from gmmviz.starts import reg_covar_for

GRID = (60, 45)  # where to look for a spot worth predicting
ASKED = 0.6  # how sure the mixture is at the spot that the page opens with


# --- Both runs --------------------------------------------------------------------------------------------------------


class PairedRuns(NamedTuple):
    """The two runs, from the same starting means: component k began where cluster k did."""

    kmeans: KMeansRun
    em: Run

    @property
    def last(self) -> int:
        """The iteration at which the longer of the two ends."""
        return max(self.kmeans.states[-1].iteration, self.em.states[-1].iteration)


def paired_runs(settings: KMeans, X: np.ndarray) -> PairedRuns:
    """Return k-means and EM on X (N, D), from the same means, with the same number of iterations at most."""
    return paired(settings, X, settings.run(X))


def paired(settings: KMeans, X: np.ndarray, em: Run) -> PairedRuns:
    """Return a run of EM on X (N, D), and k-means from its first means."""
    return PairedRuns(kmeans(X, em.states[0].mixture.means, settings.max_iter), em)


# --- The bridge ------------------------------------------------------------------------------------------------------


class Bridge(NamedTuple):
    """EM with one round covariance held fixed, for each of `SHARES`."""

    runs: tuple[Run, ...]
    labels: np.ndarray  # (M, N), each point's most probable component
    agreement: np.ndarray  # (M,), the share of points whose component is k-means' cluster


def bridge(
    settings: KMeans, X: np.ndarray, k_means: KMeansRun, shares=SHARES
) -> Generator[int, None, Bridge]:
    """Return EM with each variance held fixed, from k-means' own first centres; yield the iterations done.

    Parameters
    ----------
    settings : KMeans
        Of which the stop rule counts.
    X : (N, D) array
        The points.
    k_means : KMeansRun
        K-means on them.
    shares : sequence of M floats
        The variances, as shares of the data's own.
    """
    centres = k_means.states[0].centres
    variances = [float(reg_covar_for(X, v, "spherical")) for v in shares]
    starts = [equal(centres, variance * np.eye(X.shape[1])) for variance in variances]
    rule = {"tol": settings.tol, "max_iter": settings.max_iter, "criterion": settings.criterion}
    runs = yield from fit_many_steps(X, starts, covariance_type="spherical", fixed_covariances=True, **rule)
    labels = np.array([e_step(X, run.states[-1].mixture)[0].argmax(axis=1) for run in runs])
    return Bridge(runs, labels, (labels == k_means.states[-1].labels).mean(axis=1))


# --- A new point ------------------------------------------------------------------------------------------------------


class Prediction(NamedTuple):
    """What the two say of one point."""

    density: float
    responsibilities: np.ndarray  # (K,)
    unweighted: np.ndarray  # (K,), what comes out if the weights are left out
    cluster: int


def predict(point, mixture: Mixture, centres: np.ndarray) -> Prediction:
    """Return what a mixture and k-means' centres say of a point.

    Parameters
    ----------
    point : (D,) array_like
        In the data's units.
    mixture : Mixture
        Of K components in D dimensions.
    centres : (K, D) array
        K-means' own.

    Examples
    --------
    >>> mixture = Mixture([0.9, 0.1], [[0.0], [2.0]], [[[1.0]], [[1.0]]])
    >>> prediction = predict([1.2], mixture, mixture.means)
    >>> prediction.responsibilities.round(2).tolist(), prediction.unweighted.round(2).tolist(), prediction.cluster
    ([0.86, 0.14], [0.4, 0.6], 1)
    """
    X = np.array([point], dtype=float)
    R, log_density = e_step(X, mixture)
    return Prediction(
        float(np.exp(log_density)), R[0], _unweighted(X, mixture)[0], int(assign(X, centres)[0])
    )


def _unweighted(X, mixture: Mixture) -> np.ndarray:
    """Return the responsibilities (N, K) that come out if the weights are left out of the formula."""
    K = mixture.n_components
    return e_step(X, Mixture(np.full(K, 1 / K), mixture.means, mixture.covariances))[0]


def point_to_predict(settings: KMeans, X: np.ndarray, mixture: Mixture) -> tuple[float, float]:
    """Return the point to predict: as typed, else a spot where the mixture hesitates."""
    found = where_unsure(X, mixture)
    typed = settings.px, settings.py
    return tuple(own if given is None else given for given, own in zip(typed, found, strict=True))


def where_unsure(X: np.ndarray, mixture: Mixture) -> tuple[float, float]:
    """Return a spot among the points X (N, 2) where the mixture is about 60 % sure, the densest such spot."""
    if mixture.n_components == 1:
        return _rounded(X.mean(axis=0), X)
    _, _, spots = grid(extent(X), GRID)
    R, dense = e_step(spots, mixture)[0], density(spots, mixture)
    miss = np.abs(R.max(axis=1) - ASKED)
    near = miss <= max(0.05, miss.min())
    return _rounded(spots[near][dense[near].argmax()], X)


def where_weights_matter(X: np.ndarray, mixture: Mixture) -> tuple[float, float] | None:
    """Return the densest spot where leaving out the weights changes the most probable component, if there is one."""
    _, _, spots = grid(extent(X), GRID)
    R, dense = e_step(spots, mixture)[0], density(spots, mixture)
    differs = R.argmax(axis=1) != _unweighted(spots, mixture).argmax(axis=1)
    for spot in spots[differs][np.argsort(-dense[differs])][:20]:
        spot = _rounded(spot, X)
        both = e_step([spot], mixture)[0], _unweighted(np.array([spot]), mixture)
        if both[0].argmax() != both[1].argmax():  # also after rounding
            return spot
    return None


def _rounded(spot, X) -> tuple[float, float]:
    """Return the spot with as many digits as a thousandth of the data's extent needs."""
    digits = 3 - int(np.floor(np.log10(max(np.ptp(X, axis=0).min(), 1e-12))))
    return tuple(round(float(value), digits) + 0.0 for value in spot)
