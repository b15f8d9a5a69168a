"""gmmviz's EM behind scikit-learn's interface: the estimator, and what it shares with scikit-learn's own."""

from gmmviz.estimator.mixture import GaussianMixture

__all__ = ["GaussianMixture"]
