"""The experiment: data, mixture, start and stop rule in one frozen, validated object, which makes the data and the run.

Widgets, addresses and tests read its table; a page takes over the rows it needs, with defaults of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from gmmviz.corrections import Correction, ThereAre, Unknown
from gmmviz.datasets import DEFAULT_N, DRAWN, OWN, SPECS, Dataset, drawn, load
from gmmviz.em import COVARIANCE_TYPES, CRITERIA, Ascent, Mixture, Run
from gmmviz.glossary import says
from gmmviz.numerals import numeral
from gmmviz.settings import Choice, ColumnList, Decade, Dots, Number, Places, Settings, Word, setting, text_of
from gmmviz.starts import STARTS, Ground
from gmmviz.tables import MOST_COLUMNS, MOST_ROWS

MOST_FITTED = 16
"""Columns of a user's own table that are fitted at most: a run keeps every iteration's covariances."""
DECADES = (0.0, *(float(f"1e{power}") for power in range(-12, 0)))


OPENING_SEED = 57
"""The seed of the data with which the app opens: blobs on which some starts of EM end elsewhere, the second as well."""
STARTED_BY = ("init", "init_seed", "k")
"""Settings that say where a run starts: a page that varies one of them has no use for means placed by hand."""
MOST = 30
"""Components at most: as many as there are colours."""


def most_components(dataset: str, n: int, rows: int = 0) -> int:
    """Return how many components a mixture may have: one a point. No fixed dataset has fewer points than `MOST`; the
    user's own data have `rows`, as soon as these are known.

    >>> most_components("blobs", 20), most_components("blobs", 500), most_components("iris", 20)
    (20, 30, 30)
    >>> most_components("own", 500, 12), most_components("own", 500)
    (12, 30)
    """
    if dataset == OWN:
        return min(MOST, rows or MOST)
    return MOST if SPECS[dataset].fixed else min(MOST, n)


def decade_titles(zero: str) -> dict[float, str]:
    """Return the titles of `DECADES` on the screen; `zero` is that of 0."""
    return {value: numeral(value) if value else zero for value in DECADES}


# --- Rows that several pages share ------------------------------------------------------------------------------------

ITERATION = Number(0, "Iteration", "The iteration shown; 0 is the start.", low=0, high=2000, part="view")
FRAMES = Choice(
    "steps",
    "Show",
    "Each iteration's two halves, the E-step that recolours the points and the M-step that moves the Gaussians; or "
    "both at once.",
    choices={"steps": "E- and M-steps", "whole": "Whole iterations"},
    part="view",
)

# Of the user's own data. An address names columns by their numbers: a link tells nothing of what is in the table.

FILE = Word(
    "",
    "File",
    "Which table it is: ten digits that are made of its content.",
    form="[0-9a-f]{10}",
    part="data",
    quiet=True,
)
COLUMNS = ColumnList(
    (),
    "Columns",
    "Which columns of numbers to fit, two or more. With more than two the mixture is fitted in all of them, and two "
    "directions of it are shown.",
    most=MOST_FITTED,
    part="data",
    quiet=True,
)
TWO_COLUMNS = "Which two columns of numbers to fit: what this page shows can be seen in a plane alone."
LABEL = Number(
    0,
    "Column of labels",
    "A column that says which group each row belongs to, of 30 groups at most. EM never sees it: it serves as the "
    "truth to compare with.",
    low=0,
    high=MOST_COLUMNS,
    part="data",
    quiet=True,
)
SCALE = Choice(
    "no",
    "Scale the columns",
    "Divides each column by its standard deviation, after taking off its mean. Then no column counts for more because "
    "of its unit: not for round Gaussians, not for k-means and starts that measure distances, not for the floor, not "
    "for principal components. Full, tied and diagonal covariances are otherwise the same either way.",
    choices={"no": "As they are", "yes": "Scaled"},
    part="data",
    quiet=True,
)
ROWS = Number(
    0,
    "Rows",
    "How many rows of the table to use: all, or a random part, always the same one. A page on which much is computed "
    "takes fewer.",
    low=0,
    high=MOST_ROWS,
    step=100,
    part="data",
    quiet=True,
)
PLANE = Word(
    "",
    "Shown",
    "Which two directions of the points are seen: two of the columns, or the two in which all of them together spread "
    "most, the leading principal components. The mixture is fitted in all columns, whichever are seen.",
    form="pc|[1-9][0-9]?-[1-9][0-9]?",
    part="view",
    quiet=True,
)
"""Of pages that show more than two columns: "pc", or two columns' numbers."""
OF_OWN = ("file", "columns", "label", "scale", "rows")
"""The settings that decide what the user's own data are."""


def without_own(settings: Settings) -> None:
    """Set what decides the user's own data to its defaults, in settings of other data: no link to these tells of it."""
    if not settings.is_own:
        for name in set(OF_OWN) & settings.table().keys():
            object.__setattr__(settings, name, settings.table()[name].default)


# --- The table --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Experiment(Settings):
    """What decides a run of EM: the data, the mixture, the start and when to stop. Frozen and valid.

    Raises
    ------
    ValueError
        Says which setting is not valid, and what to do.

    Examples
    --------
    >>> Experiment(k=5).to_query()
    {'k': '5'}
    """

    headline: ClassVar[tuple[str, ...]] = ("dataset", "k", "covariance")
    placeable: ClassVar[bool] = True
    """Whether means can be placed by hand: not where a page tries many starts."""
    fewest: ClassVar[int] = 20
    """Points that must be drawn before a page shows anything of them: as few as made data have at least."""

    dataset: str = setting(
        Choice(
            "blobs",
            "Dataset",
            "Which points to fit. Some are made to measure, some are well-known real or tutorial data.",
            choices={name: spec.title for name, spec in SPECS.items()},
            part="data",
        )
    )
    n: int = setting(
        Number(
            DEFAULT_N,
            "Points",
            "How many points to draw, 20 to 20,000. Real and tutorial data have a fixed number.",
            low=20,
            high=20_000,
            step=100,
            part="data",
        )
    )
    noise: float | None = setting(
        Number(
            None,
            "Noise",
            f"{says('noise')} Raise it and see what EM still finds.",
            low=0.0,
            high=5.0,
            step=0.05,
            part="data",
        )
    )
    data_seed: int = setting(
        Number(
            OPENING_SEED,
            "Data seed",
            f"{says('seed')} Another is another sample of the same kind.",
            low=0,
            high=99_999,
            part="data",
        )
    )
    file: str = setting(FILE)
    columns: tuple[str, ...] = setting(COLUMNS)
    label: int = setting(LABEL)
    scale: str = setting(SCALE)
    rows: int = setting(ROWS)
    dots: tuple[tuple[int, int], ...] = setting(
        Dots(
            (),
            "Drawn points",
            "The points of the dataset that is drawn by hand, in the picture of the explorer.",
            most=300,
            part="data",
        )
    )
    k: int = setting(
        Number(
            3,
            "Components K",
            says("K"),
            low=1,
            high=MOST,
        )
    )
    covariance: str = setting(
        Choice(
            "full",
            "Covariance type",
            f"{says('covariance type')} "
            + " ".join(f"{name.capitalize()}: {family.shapes}." for name, family in COVARIANCE_TYPES.items()),
            choices={name: family.title for name, family in COVARIANCE_TYPES.items()},
        )
    )
    init: str = setting(
        Choice(
            "random-points",
            "Start",
            says("start"),
            choices={name: spec.title for name, spec in STARTS.items()},
        )
    )
    init_seed: int = setting(
        Number(
            0,
            "Start seed",
            f"{says('seed')} Independent of the data seed.",
            low=0,
            high=99_999,
        )
    )
    placed: tuple[tuple[float, float], ...] = setting(
        Places(
            (),
            "Placed means",
            "Where means were placed by hand, in the picture. As many as K of them take the place of the start.",
            low=-1e6,
            high=1e6,
            most=MOST,
        )
    )
    floor: float = setting(
        Decade(
            1e-6,
            "Floor on the covariance",
            says("floor"),
            choices=decade_titles("0 (none)"),
        )
    )
    tol: float = setting(
        Decade(
            1e-6,
            "Tolerance",
            says("tolerance"),
            choices=decade_titles("0 (never stop early)"),
        )
    )
    max_iter: int = setting(
        Number(
            1000,
            "Iterations at most",
            "EM stops here even if it has not converged.",
            low=1,
            high=2000,
            step=100,
        )
    )
    criterion: str = setting(
        Choice(
            "log_likelihood",
            "Stop rule",
            f"What must change less than the tolerance: {', or '.join(rule.changing for rule in CRITERIA.values())}.",
            choices={name: rule.title for name, rule in CRITERIA.items()},
        )
    )

    def __post_init__(self):
        super().__post_init__()
        without_own(self)
        spec = SPECS[self.dataset]
        if spec.fixed or self.noise == spec.default_noise:
            object.__setattr__(self, "noise", None)
        object.__setattr__(self, "k", min(self.k, most_components(self.dataset, self.n, self.rows)))
        if not self.placeable:
            object.__setattr__(self, "placed", ())
        if self.dataset != DRAWN:
            object.__setattr__(self, "dots", ())

    @property
    def is_own(self) -> bool:
        """Whether the data are the user's own."""
        return self.dataset == OWN

    @property
    def labelled(self) -> bool:
        """Whether the points' true groups are known."""
        return self.label > 0 if self.is_own else SPECS[self.dataset].labelled

    @classmethod
    def from_query(cls, query: Mapping, defaults: Self | None = None) -> tuple[Self, list[Correction]]:
        """Return the settings an address asks for, and a correction for each value that had to be changed."""
        settings, corrections = super().from_query(query, defaults)
        if not settings.is_own:  # what is said of them is for another dataset, and was not taken over
            corrections = [one for one in corrections if one.name not in OF_OWN]
        given = text_of(query.get("k", ""))
        asked = settings.table()["k"].read(given)
        if asked is not None and asked > settings.k:
            if all(one.name != "k" for one in corrections):
                n = settings.rows if settings.is_own else settings.n
                corrections.append(Correction("k", given, settings.k, ThereAre(n, "points")))
            corrections = [one._replace(now=settings.k) if one.name == "k" else one for one in corrections]
        given = text_of(query.get("placed", ""))
        if not settings.placed and settings.table()["placed"].read(given):  # this page has no use for them
            corrections.append(Correction("placed", given, why=Unknown()))
        given = text_of(query.get("dots", ""))
        if not settings.dots and settings.table()["dots"].read(given):  # another dataset is asked for
            corrections.append(Correction("dots", given, ()))
        return settings, corrections

    def spelled_out(self) -> dict:
        """Return every setting's value: the dataset's own noise where `noise` is None."""
        own = SPECS[self.dataset].default_noise or 0.0
        return super().spelled_out() | {"noise": own if self.noise is None else self.noise}

    def reduced_to(self, *parts: str) -> Self:
        """Return these settings with all outside `parts` at their defaults, and what a fixed dataset ignores too."""
        kept = super().reduced_to(*parts)
        if not SPECS[self.dataset].fixed or "data" not in parts:
            return kept
        return replace(kept, n=self.table()["n"].default, data_seed=self.table()["data_seed"].default)

    @property
    def lacking(self) -> int:
        """How many points must still be drawn before they can be fitted: as many as components, and `fewest`."""
        return max(0, self.fewest - len(self.dots), self.k - len(self.dots)) if self.dataset == DRAWN else 0

    def data(self) -> Dataset:
        """Return the dataset. The user's own only their session has, see `gmmviz.ui.private`."""
        if self.dataset == DRAWN:
            return drawn(self.dots)
        return load(self.dataset, n=self.n, noise=self.noise, seed=self.data_seed)

    @property
    def is_placed(self) -> bool:
        """Whether means that were placed by hand take the place of the start: all of them, the first K."""
        return 0 < self.k <= len(self.placed)

    def ground(self, X: np.ndarray) -> Ground:
        """Return X (N, D) as what an experiment of this covariance type starts on."""
        return Ground(X, self.covariance)

    def start(self, ground: Ground) -> Mixture:
        """Return where EM begins on a ground."""
        if self.is_placed and ground.X.shape[1] == 2:
            return ground.start_at(self.placed[: self.k], self.floor)
        return ground.start(self.k, self.init, self.init_seed, self.floor)

    def ascent(self, ground: Ground) -> Ascent:
        """Return EM on a ground, from this experiment's start, not yet begun."""
        return Ascent(
            ground.X,
            self.start(ground),
            covariance_type=self.covariance,
            reg_covar=ground.reg_covar(self.floor),
            tol=self.tol,
            max_iter=self.max_iter,
            criterion=self.criterion,
        )

    def run(self, X: np.ndarray) -> Run:
        """Return the history of EM on X (N, D), from this experiment's start to its end."""
        return self.ascent(self.ground(X)).run()
