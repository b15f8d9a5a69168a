"""Compare: what can be chosen on the page, and the panels that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import ClassVar, NamedTuple, Self
from urllib.parse import parse_qsl, urlencode

from gmmviz.corrections import Correction
from gmmviz.datasets import DRAWN, SPECS
from gmmviz.experiment import FRAMES, ITERATION, PLANE, STARTED_BY, Experiment, most_components
from gmmviz.settings import Choice, Setting, TextList, setting
from gmmviz.titles import titled
from gmmviz.versions import opened, stamped

MOST = 6
"""Panels that can be told apart and seen at once."""
LETTERS = "ABCDEF"
VARIED = {
    "covariance": "Covariance type",
    "init": "Start",
    "init_seed": "Start seed",
    "k": "Components K",
    "floor": "Floor on the covariance",
    "tol": "Tolerance",
    "n": "Number of points",
    "noise": "Noise",
}
"""The settings that can be varied, and what they are called."""


class Panel(NamedTuple):
    """One of the runs that stand side by side.

    Attributes
    ----------
    letter : str
        By which words and curves name it: "A" to "F".
    title : str
        What is different about it.
    experiment : Experiment
        What decides its run.
    """

    letter: str
    title: str
    experiment: Experiment


@dataclass(frozen=True)
class Compare(Experiment):
    """The settings of the page, which opens on the four covariance types.

    >>> Compare(vary="k", values=("2", "5")).to_query()
    {'vary': 'k', 'values': '2,5'}
    >>> [panel.title for panel in Compare().panels()]
    ['Full', 'Tied', 'Diagonal', 'Spherical']
    """

    headline: ClassVar[tuple[str, ...]] = ("dataset", "vary")

    dataset: str = Experiment.setting("dataset", default="stretched")
    n: int = Experiment.setting("n", high=5000, help="How many points to draw, 20 to 5,000.")
    rows: int = Experiment.setting("rows", high=5000)
    vary: str = setting(
        Choice(
            "covariance",
            "Vary one setting",
            "What is different from panel to panel. All else is the same for all, also the points.",
            choices=VARIED,
        )
    )
    values: tuple[str, ...] = setting(
        TextList(
            (),
            "Its values",
            "A panel for each, six at most. Take some away, choose others, or type a number.",
            most=MOST,
        )
    )
    extra: tuple[str, ...] = setting(
        TextList(
            (), "Further panels", "Settings of the explorer that stand beside them.", most=3, separator="|"
        )
    )
    colour: str = setting(
        Choice(
            "component",
            "Colours of the points",
            "The truth: the groups the points were drawn from. Then the table says how well each panel agrees with it.",
            choices={"component": "Their answers", "truth": "The truth"},
            part="view",
        )
    )
    plane: str = setting(PLANE)
    frames: str = setting(FRAMES)
    it: int = setting(ITERATION)

    def __post_init__(self):
        super().__post_init__()
        values = self._valid(self.values)
        object.__setattr__(self, "values", () if values == self.suggested() else values)
        extra = tuple(dict.fromkeys(filter(None, map(self._other, self.extra))))
        object.__setattr__(self, "extra", extra[: MOST - len(self.varied())])

    @property
    def is_private(self) -> bool:
        """Whether one of the panels shows the user's own data."""
        return self.is_own or any(experiment_at(text).is_own for text in self.extra)

    @property
    def row(self) -> Setting:
        """The row of the setting that is varied."""
        return self.table()[self.vary]

    def suggested(self) -> tuple[str, ...]:
        """Return the values that are chosen at once, as an address writes them."""
        noise = SPECS[self.dataset].default_noise or 0.1
        values = {
            "covariance": list(self.table()["covariance"].choices),
            "init": list(self.table()["init"].choices)[:MOST],
            "init_seed": [(self.init_seed + i) % 100_000 for i in range(MOST)],
            "k": [2, 3, 4, 8],
            "floor": [0.0, 1e-6, 1e-3, 1e-1],
            "tol": [1e-3, 1e-6],
            "n": [50, 200, 1000, 5000],
            "noise": [float(f"{noise * factor:.3g}") for factor in (0.5, 1, 2, 4)],
        }
        return self._valid(tuple(self.row.write(value) for value in values[self.vary]))

    def varied(self) -> tuple[str, ...]:
        """Return the values of the varied setting, as an address writes them."""
        return self.values or self.suggested()

    def spelled_out(self) -> dict:
        """Return every setting's value: the suggested ones where no others are chosen."""
        return super().spelled_out() | {"values": self.varied()}

    def _valid(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the texts that are values of the varied setting, once each, as an address writes them."""
        read = (self.row.read(text) for text in texts)
        limited = (self._limited(value) for value in read if value is not None)
        return tuple(dict.fromkeys(self.row.write(value) for value in limited))

    def _limited(self, value):
        """Return a value of the varied setting for which there are no more components than points."""
        if self.vary == "k":
            most = most_components(self.dataset, self.n, self.rows)
            return min(value, most, max(self.fewest, len(self.dots)) if self.dataset == DRAWN else most)
        return max(value, self.k) if self.vary == "n" else value

    def _other(self, text: str) -> str | None:
        """Return the address of one of the explorer's experiments as it is written, or None if it is none."""
        query = dict(parse_qsl(text))
        if not query.keys() & Experiment.table().keys():
            return None
        return address_of(experiment_at(text))

    @classmethod
    def from_query(cls, query: Mapping, defaults: Self | None = None) -> tuple[Self, list[Correction]]:
        """Return the settings an address asks for, and a correction for each value that had to be changed."""
        settings, corrections = super().from_query(query, defaults)
        asked = settings.table()["values"].read(str(query.get("values", "")))
        if asked and asked != settings.varied() and "values" not in {c.name for c in corrections}:
            corrections.append(Correction("values", ",".join(asked), settings.varied()))
        return settings, corrections

    # --- The panels ---------------------------------------------------------------------------------------------------

    def base(self) -> Experiment:
        """Return what the panels share: the experiment alone."""
        own = {field.name for field in fields(Experiment)}
        alike = {"placed": ()} if self.vary in STARTED_BY else {}  # placed means would make the panels alike
        return Experiment(**{name: value for name, value in asdict(self).items() if name in own} | alike)

    def panels(self) -> tuple[Panel, ...]:
        """Return the panels, in order."""
        base, row = self.base(), self.row
        values = [row.read(text) for text in self.varied()]
        varied = [(titled(row, value), replace(base, **{self.vary: value})) for value in values]
        others = [experiment_at(text) for text in self.extra]
        named = [("From the explorer: " + differences(base, other), other) for other in others]
        return tuple(Panel(letter, *panel) for letter, panel in zip(LETTERS, [*varied, *named], strict=False))

    def same_points(self) -> bool:
        """Return whether all panels show the same points."""
        return len({repr(panel.experiment.reduced_to("data")) for panel in self.panels()}) == 1


def address_of(experiment: Experiment) -> str:
    """Return one of the explorer's experiments as a further panel's address.

    >>> address_of(Experiment(k=5)), address_of(Experiment())
    ('k=5&version=2', 'dataset=blobs&version=2')
    """
    return urlencode(stamped(experiment.to_query() or {"dataset": experiment.dataset}))


def experiment_at(address: str) -> Experiment:
    """Return the experiment of a panel's address."""
    query, then, _ = opened(dict(parse_qsl(address)), Experiment())
    return Experiment.from_query(query, then)[0]


def differences(base: Experiment, other: Experiment) -> str:
    """Return in what another experiment differs from the panels' common one, in a few words."""
    table, values = base.table(), other.spelled_out()
    said = [titled(table[name], values[name]) for name in other.to_query(base) if not table[name].quiet]
    return ", ".join(said[:2]) + (" ..." if len(said) > 2 else "") or "the same"
