"""Collapse: what can be chosen on the page, its data with a trap in them, and its start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, Run, fit
from gmmviz.experiment import FRAMES, ITERATION, Experiment
from gmmviz.settings import Choice, Settings, setting
from gmmviz.starts import reg_covar_for

CENTRES = np.array([[-3.0, 0.0], [3.0, 0.0]])
SPOT = (0.0, 4.0)
"""Where the trap is: one point, or one point five times, apart from both groups."""
CASES = {"lonely": "One lonely point", "repeated": "One point, five times"}
STARTS = {"trap": "On the trap", "group": "Inside a group"}
THIRD = {"trap": (SPOT, 1.6), "group": ((3.5, -1.0), 0.7)}
"""Mean and deviation of the third component's start; on the trap wide enough to take a few iterations to shrink."""
DESCRIPTIONS = {
    "lonely": "Two groups of 60 points, and one point far from both.",
    "repeated": "Two groups of 60 points, and five points in exactly the same place.",
}


@dataclass(frozen=True)
class Collapse(Settings):
    """The settings of the page: no floor, and a component that starts on the trap."""

    headline: ClassVar[tuple[str, ...]] = ("case",)

    case: str = setting(
        Choice(
            "lonely", "The trap", "What lures a component away from the groups.", choices=CASES, part="data"
        )
    )
    data_seed: int = Experiment.setting("data_seed", default=2)
    begin: str = setting(
        Choice(
            "trap", "The third component starts", "On the trap, or inside the right group.", choices=STARTS
        )
    )
    covariance: str = Experiment.setting("covariance")
    floor: float = Experiment.setting("floor", default=0.0)
    max_iter: int = Experiment.setting("max_iter", default=200)
    frames: str = setting(FRAMES)
    it: int = setting(ITERATION)

    def data(self) -> Dataset:
        """Return the two groups and the trap: 121 or 125 points."""
        rng = np.random.default_rng(self.data_seed)
        groups = (CENTRES[:, None] + rng.standard_normal((2, 60, 2))).reshape(-1, 2)
        trap = np.tile(SPOT, (1 if self.case == "lonely" else 5, 1))
        X = np.vstack([groups, trap])
        X.flags.writeable = False
        return Dataset(
            "collapse", X, None, DESCRIPTIONS[self.case], ("x1", "x2"), equal_axes=True, fixed=False
        )

    def start(self) -> Mixture:
        """Return three round components: one on each group, one on the trap or inside a group."""
        mean, deviation = THIRD[self.begin]
        variances = np.array([1.0, 1.0, deviation**2])
        return Mixture(np.full(3, 1 / 3), np.vstack([CENTRES, mean]), variances[:, None, None] * np.eye(2))

    def run(self, X: np.ndarray) -> Run:
        """Return the history of EM on X."""
        reg_covar = reg_covar_for(X, self.floor, self.covariance)
        return fit(
            X, self.start(), covariance_type=self.covariance, reg_covar=reg_covar, max_iter=self.max_iter
        )
