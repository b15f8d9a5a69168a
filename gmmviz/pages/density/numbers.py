"""Density and sampling: new points from a mixture, and how many components points ask for that no fit has seen."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from gmmviz.criteria import held_out_steps
from gmmviz.pages.density.settings import Density

FOLDS = 5
HELD_OUT_ITERATIONS = 300
"""At most, for each of the many fits, so that no address can ask for minutes of work."""


def random_numbers(settings: Density) -> tuple[np.ndarray, np.ndarray]:
    """Return what `gmmviz.density.placed` makes the new points of: uniforms (drawn,) and normals (drawn, 2)."""
    rng = np.random.default_rng(settings.drawn_seed)
    return rng.random(settings.drawn), rng.standard_normal((settings.drawn, 2))


def ks_tried(settings: Density, X: np.ndarray) -> np.ndarray:
    """Return the Ks that are tried: as many as the points that are left allow."""
    return np.arange(1, min(settings.table()["k"].high, len(X) * (FOLDS - 1) // FOLDS) + 1)


def held_out_scores(settings: Density, X: np.ndarray) -> Generator[np.ndarray, None, np.ndarray]:
    """Return, with pauses, the held-out log-likelihood per point (M, FOLDS) of each K tried; yield those of the first.

    The fits take the settings but for K and the stop rule.
    """
    return held_out_steps(
        X,
        ks_tried(settings, X),
        settings.covariance,
        settings.init,
        folds=FOLDS,
        seed=settings.init_seed,
        floor=settings.floor,
        max_iter=HELD_OUT_ITERATIONS,
    )
