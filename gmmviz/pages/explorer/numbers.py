"""The explorer's comparison: what scikit-learn finds on the same data, in the same terms as gmmviz's own run."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from gmmviz.em import Run, e_step
from gmmviz.experiment import Experiment


class Result(NamedTuple):
    """What a fit of one library came to, in the same terms for both.

    Attributes
    ----------
    iterations : int
        As the library counts them.
    converged : bool
        Whether its stop rule was met.
    log_likelihood : float
        Total over the points, natural log, at the final parameters.
    means : (K, D) array
        The final means.
    predicted : (N,) int array
        Each point's most probable component, from 0.
    at_point : (K,) array
        The responsibilities of one further point.
    """

    iterations: int
    converged: bool
    log_likelihood: float
    means: np.ndarray
    predicted: np.ndarray
    at_point: np.ndarray


def fit_scikit_learn(X: np.ndarray, experiment: Experiment, point: tuple[float, ...]) -> Result:
    """Return what scikit-learn's GaussianMixture finds by itself: its own start, tolerance and floor.

    Parameters
    ----------
    X : (N, D) array
        The points.
    experiment : Experiment
        Of which K, the covariance type and the start's seed count.
    point : tuple of D floats
        A further point, to predict.
    """
    from sklearn.exceptions import ConvergenceWarning  # here, as they take long to load
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(
        experiment.k, covariance_type=experiment.covariance, random_state=experiment.init_seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the table says whether it converged
        model.fit(X)
    return Result(
        iterations=model.n_iter_,
        converged=model.converged_,
        log_likelihood=float(model.score(X) * len(X)),
        means=model.means_,
        predicted=model.predict(X),
        at_point=model.predict_proba([point])[0],
    )


def result_of_run(X: np.ndarray, run: Run, point: tuple[float, ...]) -> Result:
    """Return what a run of gmmviz on X (N, D) came to, with a further point of D features predicted."""
    iteration, mixture, log_likelihood, _ = run.states[-1]
    return Result(
        iterations=iteration,
        converged=run.converged,
        log_likelihood=log_likelihood,
        means=mixture.means,
        predicted=e_step(X, mixture)[0].argmax(axis=1),
        at_point=e_step([point], mixture)[0][0],
    )
