"""Restarts: what can be chosen on the page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from gmmviz.experiment import FRAMES, ITERATION, PLANE, Experiment
from gmmviz.settings import Number, setting

MOST = 500


@dataclass(frozen=True)
class Restarts(Experiment):
    """The settings of the page: Old Faithful with three components, whose best optimum one start in sixteen finds.

    >>> Restarts(k=2, starts=50).to_query()
    {'k': '2', 'starts': '50'}
    """

    placeable: ClassVar[bool] = False

    dataset: str = Experiment.setting("dataset", default="faithful")
    init_seed: int = Experiment.setting(
        "init_seed",
        label="First start's seed",
        high=99_999 - MOST,  # so that the last start's seed is one that the explorer takes
        help="Each further start has the next seed. The same seeds always give the same starts.",
    )
    starts: int = setting(
        Number(
            100,
            "Starts",
            f"How many starts to try, 10 to {MOST}. More of them keep what is done.",
            low=10,
            high=MOST,
            step=10,
        )
    )
    play: int = setting(
        Number(
            0,
            "Start shown",
            "Which start's run the film shows, from 1; 0 for the best of all.",
            low=0,
            high=MOST,
        )
    )
    plane: str = setting(PLANE)
    frames: str = setting(FRAMES)
    it: int = setting(
        replace(ITERATION, default=ITERATION.high, help="The iteration shown; without it the last one.")
    )
