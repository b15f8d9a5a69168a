"""scikit-learn's own result on the same data, to stand beside gmmviz's."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from gmmviz.em import Run, e_step
from gmmviz.experiment import Experiment


class Result(NamedTuple):
    """What a fit of one library came to, in the same terms for both."""

    iterations: int
    converged: bool
    log_likelihood: float  # total over the points, natural log, at the final parameters
    means: np.ndarray  # (K, D)
    predicted: np.ndarray  # (N,), each point's most probable component
    at_point: np.ndarray  # (K,), the responsibilities of one further point


def scikit_learn(X: np.ndarray, experiment: Experiment, point) -> Result:
    """Return what scikit-learn's GaussianMixture finds by itself: its own start, tolerance and floor."""
    model = GaussianMixture(
        experiment.k, covariance_type=experiment.covariance, random_state=experiment.init_seed
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the table says whether it converged
        model.fit(X)
    at_point = model.predict_proba([point])[0]
    return Result(
        model.n_iter_,
        model.converged_,
        float(model.score(X) * len(X)),
        model.means_,
        model.predict(X),
        at_point,
    )


def gmmviz(X: np.ndarray, run: Run, point) -> Result:
    """Return the same of a run of gmmviz."""
    iteration, mixture, log_likelihood = run.states[-1]
    predicted = e_step(X, mixture)[0].argmax(axis=1)
    at_point = e_step([point], mixture)[0][0]
    return Result(iteration, run.converged, log_likelihood, mixture.means, predicted, at_point)
