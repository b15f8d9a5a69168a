"""K-means and mixture: what can be chosen on the page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gmmviz.datasets import DEFAULT_SEED
from gmmviz.em import Mixture
from gmmviz.experiment import FRAMES, ITERATION, TWO_COLUMNS, Experiment
from gmmviz.numerals import numeral
from gmmviz.settings import Choice, Decade, Number, setting
from gmmviz.starts import Ground

SHARES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 5e-3, 2e-3, *(float(f"1e-{power}") for power in range(3, 13)))
"""The bridge's variances, as shares of the data's: from as broad as the data down to nothing."""


def _coordinate(label: str, axis: str) -> Number:
    """Return the row of one of the new point's coordinates."""
    help = f"The new point's place along the {axis} axis. Empty: a spot where the mixture hesitates."
    return Number(None, label, help, low=-1e6, high=1e6, step=0.1, clearable=True, part="view")


@dataclass(frozen=True)
class KMeans(Experiment):
    """The settings of the page, which opens where it is plain to see who is right.

    >>> KMeans(px=0.5, v=1e-6).to_query()
    {'px': '0.5', 'v': '1e-06'}
    """

    dataset: str = Experiment.setting("dataset", default="stretched")
    data_seed: int = Experiment.setting("data_seed", default=DEFAULT_SEED)
    n: int = Experiment.setting(
        "n",
        default=500,
        high=5000,
        help="How many points to draw. Real and tutorial data have a fixed number.",
    )
    columns: tuple[str, ...] = Experiment.setting("columns", most=2, help=TWO_COLUMNS)
    rows: int = Experiment.setting("rows", high=5000)
    init: str = Experiment.setting(
        "init", help="Where both begin: its means are k-means' first centres and EM's first means."
    )
    colour: str = setting(
        Choice(
            "component",
            "Colours of the points",
            "The truth: the groups the points were drawn from, on each side in the colours of the regions that match "
            "them best. Then the adjusted Rand index (ARI) says how well each side agrees with it.",
            choices={"component": "Their answers", "truth": "The truth"},
            part="view",
        )
    )
    px: float | None = setting(_coordinate("x", "horizontal"))
    py: float | None = setting(_coordinate("y", "vertical"))
    v: float = setting(
        Decade(
            0.1,
            "Variance v",
            "The variance of every component, as a share of the data's own, the same for all and held fixed.",
            choices={v: numeral(v, "g") for v in SHARES},
            part="view",
        )
    )
    frames: str = setting(FRAMES)
    it: int = setting(ITERATION)

    def start(self, ground: Ground) -> Mixture:
        """Return where both begin: the start's means, with equal weights and everyone's covariance for each."""
        return ground.start_at(super().start(ground).means, self.floor)


def equal(means: np.ndarray, covariance: np.ndarray) -> Mixture:
    """Return the mixture of components at means (K, D) that have the same weight and the same covariance (D, D)."""
    K = len(means)
    return Mixture(np.full(K, 1 / K), means, np.tile(covariance, (K, 1, 1)))
