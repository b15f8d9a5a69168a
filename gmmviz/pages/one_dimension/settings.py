"""One dimension, by hand: what can be chosen on the page, its examples, and its run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import ClassVar, NamedTuple, Self

import numpy as np

from gmmviz.corrections import Bounds, Correction, ThereAre
from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, Run, fit
from gmmviz.experiment import COLUMNS, FILE, FRAMES, ITERATION, ROWS, Experiment, without_own
from gmmviz.settings import Choice, Number, NumberList, Settings, setting

LISTS = ("points", "means", "variances", "weights")
PARAMETERS = ("means", "variances", "weights")
MOST_POINTS = 200
QUARTILES = (0.25, 0.75)


# --- The examples ---------------------------------------------------------------------------------------------------


def tutorial_points(*centres: float) -> np.ndarray:
    """Return the tutorial's points (20 a centre,): X * rand(20) + centre, X = linspace(-5, 5, 20), legacy seed 0."""
    X, rng = np.linspace(-5, 5, 20), np.random.RandomState(0)
    return np.concatenate([X * rng.rand(20) + centre for centre in centres])


def hastie_points() -> np.ndarray:
    """Return the 20 points of Hastie, Tibshirani & Friedman, The Elements of Statistical Learning, section 8.5.1."""
    table = (resources.files("gmmviz") / "data" / "esl.csv").read_text(encoding="utf-8")
    return np.loadtxt(table.splitlines(), skiprows=1)


class Example(NamedTuple):
    """Points and the start that goes with them. `points` is None where they are the reader's own."""

    title: str
    description: str
    points: np.ndarray | None
    means: tuple[float, ...] = ()
    variances: tuple[float, ...] = ()


EXAMPLES = {
    "sixty": Example(
        "The tutorial's 60 points",
        "Three clusters of 20 around −15, 0 and 15, from a well-known tutorial, with its own start.",
        tutorial_points(15, -15, 0),
        (-8.0, 8.0, 5.0),
        (5.0, 3.0, 1.0),
    ),
    "first": Example(
        "The tutorial's first example",
        "The same three clusters, closer together, and another start: deviations 5, 3 and 1, so variances 25, 9 and 1.",
        tutorial_points(10, -10, 0),
        (-5.0, 8.0, 1.5),
        (25.0, 9.0, 1.0),
    ),
    "hastie": Example(
        "Hastie's 20 points",
        "The example of The Elements of Statistical Learning: 20 points, two Gaussians.",
        hastie_points(),
        (4.0, 1.0),
        (4.0, 4.0),
    ),
    "own": Example("Your own points", "Type 2 to 200 numbers, with spaces or commas between.", None),
}

COLUMN = Example(
    "A column of your own table",
    "Up to 200 rows of one column: more are a random part. The start is two means, at the quartiles.",
    None,
)
"""What its session alone has."""
CHOICES = EXAMPLES | {"table": COLUMN}

PUBLISHED = Mixture([0.454, 0.546], [[4.62], [1.06]], [[[0.87]], [[0.77]]])
"""What the book prints for Hastie's points; not the maximum for the printed data."""


# --- The settings ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OneDimension(Settings):
    """The settings of the page. Means, variances and weights that are () are the example's own start.

    The number of means is K; the other two lists are cut, or continued with their last number, to be as long.

    >>> OneDimension(variances=(25, 9, 1)).to_query()
    {'variances': '25,9,1'}
    """

    headline: ClassVar[tuple[str, ...]] = ("example",)

    example: str = setting(
        Choice(
            "sixty",
            "Data",
            "Which points to fit. Each example brings its own start.",
            choices={name: example.title for name, example in CHOICES.items()},
            part="data",
        )
    )
    file: str = setting(FILE)
    columns: tuple[str, ...] = setting(replace(COLUMNS, most=1, label="Column", help="Which column to fit."))
    rows: int = setting(replace(ROWS, high=MOST_POINTS))
    points: tuple = setting(
        NumberList(
            (1.0, 2.0, 3.0, 4.0, 10.0, 11.0, 12.0, 13.0, 14.0),
            "Your points",
            "2 to 200 numbers from −1,000,000 to 1,000,000, with spaces or commas between, and a point for decimals.",
            low=-1e6,
            high=1e6,
            count=(2, MOST_POINTS),
            part="data",
        )
    )
    means: tuple = setting(
        NumberList(
            (),
            "Start: means",
            "One number for each component: how many there are (1 to 6) is K. Empty: the example's own.",
            low=-1e6,
            high=1e6,
            count=(0, 6),
        )
    )
    variances: tuple = setting(
        NumberList(
            (),
            "Start: variances",
            "One for each component, above 0: the square of the standard deviation. Empty: the example's own.",
            low=1e-6,
            high=1e12,
            count=(0, 6),
        )
    )
    weights: tuple = setting(
        NumberList(
            (),
            "Start: weights",
            "One for each component, above 0. They are divided by their sum, so 1, 1, 1 are three equal ones.",
            low=1e-6,
            high=1e6,
            count=(0, 6),
        )
    )
    fixed: str = setting(
        Choice(
            "no",
            "Variances in the M-step",
            "Updated, as EM does; or held at the start's, so that only weights and means move.",
            choices={"no": "Updated", "yes": "Held fixed"},
        )
    )
    tol: float = Experiment.setting("tol")
    max_iter: int = Experiment.setting("max_iter")
    criterion: str = Experiment.setting("criterion")
    estep: str = setting(
        Choice(
            "weighted",
            "Densities in the table",
            "EM uses the weights. Without them, as in some tutorials, every component counts the same.",
            choices={"plain": "Without weights", "weighted": "With weights"},
            part="view",
        )
    )
    row: int = setting(
        Number(
            1,
            "Point",
            "The row of the table, and point in the picture, that is marked.",
            low=1,
            high=MOST_POINTS,
            part="view",
        )
    )
    frames: str = setting(FRAMES)
    it: int = setting(ITERATION)

    def __post_init__(self):
        for name in LISTS:
            object.__setattr__(self, name, tuple(map(float, getattr(self, name))))
        super().__post_init__()
        without_own(self)
        own = self._own_start(self.k)
        for name, numbers, unchanged in zip(PARAMETERS, self.start(), own, strict=True):
            object.__setattr__(self, name, () if numbers == unchanged else numbers)

    @property
    def is_own(self) -> bool:
        """Whether the points are a column of the user's own table."""
        return self.example == "table"

    def _own_start(self, K: int) -> tuple[tuple[float, ...], ...]:
        """Return the example's own means, variances and weights, for K components; a column's only its points tell."""
        if self.is_own:
            return (), (), ()
        means, variances = EXAMPLES[self.example][3:]
        if self.example == "own":
            means, variances = _spread_start(self.points)
        return means[: self.n], _as_long_as(K, variances), (1.0,) * K

    @classmethod
    def from_query(cls, query: Mapping, defaults: Self | None = None) -> tuple[Self, list[Correction]]:
        """Return the settings an address asks for, and a correction for each value that had to be changed."""
        settings, corrections = super().from_query(query, defaults)
        corrections = [settings._as_long_as_others(correction) for correction in corrections]
        if settings.row > settings.n:
            given = str(query.get("row", settings.row))
            corrections.append(Correction("row", given, settings.n, ThereAre(settings.n, "points")))
            settings = replace(settings, row=settings.n)
        return settings, corrections + settings._other_lengths(query)

    def _as_long_as_others(self, correction: Correction) -> Correction:
        """Return the correction of a list that overstepped its bounds with what it is in the end."""
        overstepped = isinstance(correction.why, Bounds)
        return correction._replace(now=getattr(self, correction.name)) if overstepped else correction

    def _other_lengths(self, query: Mapping) -> list[Correction]:
        """Return a correction for each list of the start that was longer or shorter than it had to be."""
        found = []
        for name, numbers in zip(PARAMETERS, self.start(), strict=True):
            text = str(query.get(name, ""))
            asked = self.table()[name].read(text)
            if asked and len(asked) != len(numbers):
                why = ThereAre(self.n, "points") if name == "means" else ThereAre(self.k, "means")
                found.append(Correction(name, text, numbers, why))
        return found

    def spelled_out(self) -> dict:
        """Return every setting's value: the example's own start where nothing else is given."""
        return super().spelled_out() | dict(zip(PARAMETERS, self.start(), strict=True))

    @property
    def n(self) -> int:
        """N."""
        if self.is_own:
            return self.rows or MOST_POINTS
        points = EXAMPLES[self.example].points
        return len(self.points if points is None else points)

    @property
    def k(self) -> int:
        """K."""
        return len(self.start()[0]) or len(QUARTILES)

    def start(self) -> tuple[tuple[float, ...], ...]:
        """Return the start's means, variances and weights, K numbers each; the weights as typed.

        () for what is not typed of a start in a column of the user's own: only its points tell.
        """
        means = self.means[: self.n] or self._own_start(1)[0]
        K = len(means) or len(QUARTILES)
        own = self._own_start(K)
        return means, _as_long_as(K, self.variances or own[1]), _as_long_as(K, self.weights or own[2])

    def mixture(self, X: np.ndarray | None = None) -> Mixture:
        """Return the start as a mixture in one dimension; what only the points tell is made of X (N, 1)."""
        means, variances, weights = self.start()
        if self.is_own:
            quartiles, spread = _spread_start(X[:, 0])
            means, variances = means or quartiles, variances or spread[:1] * self.k
            weights = weights or (1.0,) * self.k
        means, variances, weights = map(np.array, (means, variances, weights))
        return Mixture(weights / weights.sum(), means[:, None], variances[:, None, None])

    def data(self) -> Dataset:
        """Return the points (N, 1)."""
        example = EXAMPLES[self.example]
        X = np.array(self.points if example.points is None else example.points)[:, None]
        X.flags.writeable = False
        return Dataset(self.example, X, None, example.description, ("x",), equal_axes=False, fixed=True)

    def run(self, X: np.ndarray) -> Run:
        """Return the history of EM on X (N, 1), without a floor on the variances."""
        return fit(
            X,
            self.mixture(X),
            tol=self.tol,
            max_iter=self.max_iter,
            criterion=self.criterion,
            fixed_covariances=self.fixed == "yes",
        )


def _as_long_as(K: int, numbers: tuple[float, ...]) -> tuple[float, ...]:
    return numbers[:K] + numbers[-1:] * (K - len(numbers))


def _spread_start(points: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return two means, at the quartiles, and the points' own variance for both, rounded for reading."""
    means = tuple(float(f"{q:.3g}") for q in np.quantile(points, QUARTILES))
    variance = max(float(f"{np.var(points):.3g}"), 1e-6) if np.ptp(points) else 1.0
    return means, (variance, variance)
