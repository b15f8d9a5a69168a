"""Stories: what can be chosen on the page, and what a story's file may say of the runs it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gmmviz.em import Mixture, Run, fit
from gmmviz.experiment import ITERATION, Experiment
from gmmviz.kmeans import KMeansRun, kmeans
from gmmviz.pages.stories.story import SHELF
from gmmviz.settings import Choice, Number, Settings, setting
from gmmviz.starts import reg_covar_for, start

LIST = "all"
"""What the address says where no story is open: nothing."""
METHODS = {"em": "EM", "k-means": "K-means", "held": "EM, round covariances held fixed"}


class Titles(Mapping):
    """The stories' titles by their names, and that of their list: a new story is among them without any code."""

    def __getitem__(self, name: str) -> str:
        return "All stories" if name == LIST else SHELF[name].title

    def __iter__(self):
        return iter((LIST, *SHELF))

    def __len__(self) -> int:
        return 1 + len(SHELF)


@dataclass(frozen=True)
class Stories(Settings):
    """The settings of the page.

    >>> Stories().to_query()
    {}
    """

    story: str = setting(Choice(LIST, "Story", "Which story is told.", choices=Titles(), part="data"))
    it: int = setting(ITERATION)


@dataclass(frozen=True)
class Shown(Experiment):
    """The settings of one run that a story shows, as its file has them: an address.

    >>> settings, corrections = Shown.from_query({"dataset": "moons", "k": "2", "method": "k-means"})
    >>> settings.method, corrections
    ('k-means', [])
    """

    method: str = setting(
        Choice("em", "Method", "EM, k-means, or EM that moves only weights and means.", choices=METHODS)
    )
    variance: float = setting(
        Number(
            0.01,
            "Variance",
            "Of held covariances, as a share of the data's own.",
            low=1e-9,
            high=1.0,
            step=0.01,
        )
    )

    def run(self, X: np.ndarray) -> Run | KMeansRun:
        """Return the history on X (N, D): of all three methods from the same means."""
        if self.method == "em":
            return super().run(X)
        means = start(X, self.k, self.init, self.covariance, rng=self.init_seed, floor=self.floor).means
        if self.method == "k-means":
            return kmeans(X, means, self.max_iter)
        return self._held(X, means)

    def _held(self, X: np.ndarray, means: np.ndarray) -> Run:
        variance = float(reg_covar_for(X, self.variance, "spherical"))
        K, D = means.shape
        first = Mixture(np.full(K, 1 / K), means, np.tile(variance * np.eye(D), (K, 1, 1)))
        rule = {"tol": self.tol, "max_iter": self.max_iter, "criterion": self.criterion}
        return fit(X, first, "spherical", fixed_covariances=True, **rule)
