"""The explorer: what can be chosen on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gmmviz.experiment import FRAMES, ITERATION, MOST, PLANE, Experiment
from gmmviz.settings import Choice, Number, setting

COLOURS = {
    "responsibility": "Responsibility",
    "component": "Most probable component",
    "membership": "One component's membership",
    "truth": "True label",
}


@dataclass(frozen=True)
class Explorer(Experiment):
    """The settings of the page: an experiment, and how its film is shown.

    >>> Explorer(k=5, colour="truth").to_query()
    {'k': '5', 'colour': 'truth'}
    """

    fewest: ClassVar[int] = 2

    colour: str = setting(
        Choice(
            "responsibility",
            "Colour points by",
            "Responsibility: the most probable component's colour, grey where it is unsure. Membership: how much a "
            "point belongs to one component. True label: reveals the groups the points were drawn from.",
            choices=COLOURS,
            part="view",
        )
    )
    member: int = setting(Number(1, "Component", "Whose membership to show.", low=1, high=MOST, part="view"))
    frames: str = setting(FRAMES)
    plane: str = setting(PLANE)
    sklearn: str = setting(
        Choice(
            "closed",
            "scikit-learn beside it",
            "Whether the comparison with scikit-learn stands open.",
            choices={"closed": "Closed", "open": "Open"},
            part="view",
        )
    )
    it: int = setting(ITERATION)
