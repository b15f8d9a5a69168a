"""Choosing K: what can be chosen on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Self

from gmmviz.corrections import Correction
from gmmviz.criteria import CRITERIA
from gmmviz.datasets import DEFAULT_SEED
from gmmviz.em import COVARIANCE_TYPES
from gmmviz.experiment import FRAMES, ITERATION, MOST, PLANE, Experiment
from gmmviz.glossary import says
from gmmviz.settings import Choice, Ends, Number, Several, Span, setting, text_of

MOST_RESTARTS = 50
TITLES = {name: family.title.partition(":")[0] for name, family in COVARIANCE_TYPES.items()}
"""The covariance types' names on this page."""


@dataclass(frozen=True)
class ChooseK(Experiment):
    """The settings of the page: three stretched groups, on which AIC and BIC disagree.

    >>> ChooseK(ks=Ends(2, 9), types=("full", "tied")).to_query()
    {'ks': '2-9', 'types': 'full,tied'}
    """

    headline: ClassVar[tuple[str, ...]] = ("dataset",)
    placeable: ClassVar[bool] = False

    dataset: str = Experiment.setting("dataset", default="stretched")
    data_seed: int = Experiment.setting("data_seed", default=DEFAULT_SEED)
    k: int = Experiment.setting(
        "k",
        default=0,
        low=0,
        label="K of the cell shown",
        help="Which cell's fit the film shows; 0 for the best by the criterion shown.",
    )
    covariance: str = Experiment.setting("covariance", label="Covariance type of the cell shown")
    init: str = Experiment.setting("init", default="k-means++")
    init_seed: int = Experiment.setting(
        "init_seed",
        label="First seed",
        high=99_999 - MOST_RESTARTS,  # so that the last start's seed is one that the explorer takes
        help="Of a cell's first start; each further start has the next seed. Also divides the points into folds.",
    )
    ks: Ends = setting(  # noqa: RUF009
        Span(
            Ends(1, 6),
            "K, from and to",
            f"{says('K')} Every number in this range is tried, 1 to {MOST}. A wider one keeps what is done.",
            low=1,
            high=MOST,
        )
    )
    types: tuple[str, ...] = setting(
        Several(
            tuple(COVARIANCE_TYPES),
            "Covariance types",
            f"{says('covariance type')} Each K is tried with each of these. "
            + " ".join(f"{TITLES[name]}: {family.shapes}." for name, family in COVARIANCE_TYPES.items()),
            choices=TITLES,
        )
    )
    restarts: int = setting(
        Number(
            5,
            "Starts in each cell",
            f"How many starts to try for each K and type, 1 to {MOST_RESTARTS}; the one that comes highest counts.",
            low=1,
            high=MOST_RESTARTS,
        )
    )
    folds: int = setting(
        Number(
            5,
            "Folds",
            f"Into how many folds the points are divided. {says('fold')}",
            low=2,
            high=10,
        )
    )
    by: str = setting(
        Choice(
            "bic",
            "Criterion",
            "Which criterion the map, the curves and the best cell go by. All of them are explained below.",
            choices={name: criterion.title for name, criterion in CRITERIA.items()},
            part="view",
        )
    )
    colour: str = setting(
        Choice(
            "component",
            "Colours of the points",
            "The truth: the groups the points were drawn from. With it comes a criterion that says how well each cell "
            "agrees with them.",
            choices={"component": "The answer", "truth": "The truth"},
            part="view",
        )
    )
    result: str = setting(
        Choice(
            "shown",
            "The result",
            "Guess first: look at the points and guess K, before any criterion speaks. A link to the page as it then "
            "is keeps the result back as well.",
            choices={"shown": "Show it", "hidden": "Guess first"},
            part="view",
        )
    )
    guess: int = setting(
        Number(
            0,
            "How many groups do you see?",
            "Your guess, which the page compares with the result; 0 for none.",
            low=0,
            high=MOST,
            part="view",
        )
    )
    plane: str = setting(PLANE)
    frames: str = setting(FRAMES)
    it: int = setting(
        replace(ITERATION, default=ITERATION.high, help="The iteration shown; without it the last one.")
    )

    def __post_init__(self):
        super().__post_init__()
        if self.by not in self.criteria:
            object.__setattr__(self, "by", self.table()["by"].default)

    @property
    def reveals(self) -> bool:
        """Whether the truth is to be seen, where it is known."""
        return self.colour == "truth" and self.labelled

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria on the page: ARI, which compares with the truth, is among them where that is revealed."""
        return tuple(name for name in CRITERIA if name != "ari" or self.reveals)

    @property
    def cells(self) -> tuple[tuple[int, str], ...]:
        """Every K with every type, in order."""
        low, high = self.ks
        return tuple((K, name) for K in range(low, high + 1) for name in self.types)

    def told(self) -> dict:
        """Return the values that other pages take over: no K where the best is shown."""
        return super().told() | ({} if self.k else {"k": None})

    @classmethod
    def from_query(cls, query: Mapping, defaults: Self | None = None) -> tuple[Self, list[Correction]]:
        """Return the settings an address asks for, and a correction for each value that had to be changed."""
        settings, corrections = super().from_query(query, defaults)
        given = text_of(query.get("by", ""))
        if settings.table()["by"].read(given) not in (
            None,
            settings.by,
        ):  # ARI, and the truth is not revealed
            corrections = [one for one in corrections if one.name != "by"]
            corrections.append(Correction("by", given, settings.by))
        return settings, corrections

    # --- What becomes of them -----------------------------------------------------------------------------------------

    def swept(self) -> Self:
        """Return the settings with all at their defaults that do not decide what comes of a cell."""
        free = ("ks", "types", "k", "covariance")
        own = {name: self.table()[name].default for name in free}
        return replace(self.reduced_to("data", "run"), **own)

    def asked(self) -> Self:
        """Return the settings with all at their defaults that do not decide what comes of which cells."""
        return replace(self.swept(), ks=self.ks, types=self.types)

    def experiment(self, K: int, covariance: str, seed: int) -> Experiment:
        """Return one fit, by its K, type and start's seed: the explorer's settings for it."""
        values = {field.name: getattr(self, field.name) for field in fields(Experiment)}
        return Experiment(**values | {"k": K, "covariance": covariance, "init_seed": seed})
