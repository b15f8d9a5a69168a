"""Density and sampling: what can be chosen on the page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gmmviz.experiment import FRAMES, ITERATION, TWO_COLUMNS, Experiment
from gmmviz.settings import Number, setting


@dataclass(frozen=True)
class Density(Experiment):
    """The settings of the page: a lecture's 200 moons to begin with, its K = 2, and the film at its end.

    >>> Density(k=16).to_query()
    {'k': '16'}
    """

    dataset: str = Experiment.setting("dataset", default="moons")
    n: int = Experiment.setting(
        "n", default=200, low=30, high=2000, help="How many points to draw, 30 to 2,000."
    )  # K goes up to 30
    columns: tuple[str, ...] = Experiment.setting("columns", most=2, help=TWO_COLUMNS)
    rows: int = Experiment.setting("rows", high=2000)
    data_seed: int = Experiment.setting("data_seed", default=0)
    k: int = Experiment.setting("k", default=2)
    init: str = Experiment.setting("init", default="k-means")
    floor: float = Experiment.setting("floor", default=1e-3)
    drawn: int = setting(
        Number(
            400,
            "New points",
            "How many new points to draw from the fitted mixture.",
            low=0,
            high=2000,
            step=100,
            part="view",
        )
    )
    drawn_seed: int = setting(
        Number(
            0, "Seed of the new points", "Another seed draws other points.", low=0, high=99_999, part="view"
        )
    )
    frames: str = setting(FRAMES)
    it: int = setting(
        replace(ITERATION, default=ITERATION.high, help="The iteration shown; without it the last one.")
    )
