"""Collapse: how far a component has shrunk, and how far it may."""

from __future__ import annotations

import numpy as np

from gmmviz.em import Run
from gmmviz.pages.collapse.settings import Collapse
from gmmviz.starts import reg_covar_for


def smallest_variances(run: Run) -> np.ndarray:
    """Return for each state (T,) the smallest variance of any component in any direction: its least eigenvalue."""
    return np.array([np.linalg.eigvalsh(state.mixture.covariances).min() for state in run.states])


def least_variance(settings: Collapse, X: np.ndarray) -> float:
    """Return what the floor adds to a variance of the points X (N, D) at least, in their squared units; 0 without."""
    return float(np.min(reg_covar_for(X, settings.floor, settings.covariance)))
