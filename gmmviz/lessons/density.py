"""Density and sampling: a mixture as a description of where points are, not of which group they are in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmviz.density import sample
from gmmviz.em import Mixture
from gmmviz.experiment import Fit, again, setting
from gmmviz.selection import held_out

FOLDS = 5
HELD_OUT_ITERATIONS = 300
"""At most, for each of the many fits, so that no address can ask for minutes of work."""


@dataclass(frozen=True)
class Density(Fit):
    """The settings of the page: the lecture's 200 moons to begin with, and its K=2."""

    dataset: str = again("dataset", "moons")
    n: int = again(
        "n", 200, low=30, high=2000, help="How many points to draw, 30 to 2000."
    )  # K goes up to 30
    data_seed: int = again("data_seed", 0)
    k: int = again("k", 2, high=30)
    init: str = again("init", "k-means")
    floor: float = again("floor", 1e-3)
    drawn: int = setting(
        400,
        "New points",
        "How many new points to draw from the fitted mixture.",
        low=0,
        high=2000,
        step=100,
        part="view",
    )
    drawn_seed: int = setting(
        0,
        "Seed of the new points",
        "Another seed draws other points.",
        low=0,
        high=99_999,
        step=1,
        part="view",
    )

    def sample(self, mixture: Mixture) -> tuple[np.ndarray, np.ndarray]:
        """Return the new points (drawn, D) and their components (drawn,)."""
        return sample(mixture, self.drawn, np.random.default_rng(self.drawn_seed))

    def held_out(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the Ks tried (M,) and each one's held-out log-likelihood per point (M, FOLDS).

        The fits take these settings but for K and the stop rule.
        """
        highest = min(self.table()["k"].high, len(X) * (FOLDS - 1) // FOLDS)
        tried = np.arange(1, highest + 1)
        scores = held_out(
            X,
            tried,
            self.covariance,
            self.init,
            folds=FOLDS,
            seed=self.init_seed,
            floor=self.floor,
            max_iter=HELD_OUT_ITERATIONS,
        )
        return tried, scores
