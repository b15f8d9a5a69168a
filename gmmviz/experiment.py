"""The experiment: every setting in one frozen, validated object, with one table that says all there is to each.

`SETTINGS` gives each setting's name, type, range, default and help; widgets, addresses and tests read it. An
experiment's address is a query string that holds whatever differs from the defaults.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Self

import numpy as np

from gmmviz.datasets import DATASETS, DEFAULT_N, DEFAULT_SEED, Dataset, load
from gmmviz.em import Run, fit
from gmmviz.starts import STARTS, reg_covar_for, start

DECADES = (0.0, *(float(f"1e{power}") for power in range(-12, 0)))
COLOURS = {
    "responsibility": "Responsibility",
    "component": "Most probable component",
    "membership": "One component's membership",
    "truth": "True label",
}
LONGEST = 5000  # characters of a list of numbers that are read
FRAMES = {"whole": "Whole iterations", "steps": "E- and M-steps"}


@dataclass(frozen=True)
class Setting:
    """One row of the table. Numbers have `low` and `high`, choices have `choices` (value -> title on the screen).

    A list of numbers is a tuple of floats with at most nine decimals; `count` says how few and how many it may hold.
    """

    name: str
    label: str
    default: object
    help: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: Mapping | None = None
    count: tuple[int, int] | None = None
    part: str = "run"  # what it decides: the "data", the "run" on them, or only the "view" of it

    @property
    def kind(self) -> type:
        """int, float, str, or tuple: a list of numbers."""
        return float if self.default is None else type(self.default)

    def read(self, text: str):
        """Return the valid value nearest to what an address says, or None where nothing is near."""
        if self.kind is tuple:
            return self._read_list(text)
        text = text.strip()[:100]
        if self.kind is str:
            near = difflib.get_close_matches(text.lower(), self.choices, n=1, cutoff=0.6)
            return near[0] if near else None
        try:
            value = float(text)
        except ValueError:
            return None
        return None if math.isnan(value) else self.nearest(value)

    def _read_list(self, text: str) -> tuple[float, ...] | None:
        least, most = self.count
        try:
            values = [float(part) for part in _parts(text)[:most]]
        except ValueError:
            return None
        if len(values) < least or any(map(math.isnan, values)):
            return None
        return tuple(self.nearest(value) for value in values)

    def nearest(self, value: float):
        """Return the valid number nearest to `value`; among decades, nearest by ratio."""
        if self.choices is not None:
            decade = math.log10(min(max(value, 1e-300), 1.0))
            return min(self.choices, key=lambda choice: abs(math.log10(max(choice, 1e-300)) - decade))
        value = min(max(value, self.low), self.high)
        if self.kind is tuple:
            return round(value, 9) + 0.0  # no -0
        return round(value) if self.kind is int else float(value)

    def check(self, value) -> None:
        """Raise a ValueError that advises, if `value` is not valid."""
        if self.choices is not None:
            if value not in list(self.choices):
                raise ValueError(
                    f"{self.name} is {value!r}: choose one of {', '.join(map(str, self.choices))}."
                )
            return
        if self.kind is tuple:
            least, most = self.count
            if not (isinstance(value, tuple) and least <= len(value) <= most):
                raise ValueError(f"{self.name} is {value!r}: give a tuple of {least} to {most} numbers.")
            if value != self._read_list(self.write(value)):
                raise ValueError(
                    f"{self.name} is {value!r}: give numbers from {self.low:g} to {self.high:g}, with nine decimals."
                )
            return
        kinds, word = (int, "whole number") if self.kind is int else (int | float, "number")
        if isinstance(value, bool) or not (isinstance(value, kinds) and self.low <= value <= self.high):
            raise ValueError(f"{self.name} is {value!r}: give a {word} from {self.low:g} to {self.high:g}.")

    def write(self, value) -> str:
        """Return the value as an address holds it: `read` gives the very same one back."""
        if self.kind is tuple:
            value = self._read_list(value) if isinstance(value, str) else value  # a field's text
            return ",".join(repr(float(number)).removesuffix(".0") for number in value)
        return value if self.kind is str else repr(self.kind(value)).removesuffix(".0")


def setting(default, label: str, help: str, **rest):
    """Return the field of one setting: its default, and what else its row of the table says."""
    return field(default=default, metadata={"label": label, "help": help, **rest})


def _decades(default, label, help, zero):
    titles = {value: f"{value:.0e}".replace("e-0", "e-") if value else zero for value in DECADES}
    return setting(default, label, help, choices=titles)


@dataclass(frozen=True)
class Settings:
    """What every page's settings have in common: a table of them, validity, and an address."""

    @classmethod
    @cache
    def table(cls) -> dict[str, Setting]:
        """Return each setting's row, by its name."""
        return {f.name: Setting(name=f.name, default=f.default, **f.metadata) for f in fields(cls)}

    def __post_init__(self):
        for name, setting in self.table().items():
            value = getattr(self, name)
            if value is not None or setting.default is not None:
                setting.check(value)

    def shown(self) -> dict:
        """Return every setting's value as its widget shows it."""
        return {name: getattr(self, name) for name in self.table()}

    def only(self, *parts: str) -> Self:
        """Return these settings with all outside `parts` at their defaults: what a result depends on."""
        return type(self)(
            **{name: getattr(self, name) for name, row in self.table().items() if row.part in parts}
        )

    def to_query(self, defaults: Self | None = None) -> dict[str, str]:
        """Return what differs from the defaults, as names and texts for an address."""
        defaults, shown = defaults or type(self)(), self.shown()
        changed = (name for name in shown if getattr(self, name) != getattr(defaults, name))
        return {name: self.table()[name].write(shown[name]) for name in changed}

    @classmethod
    def from_query(cls, query: Mapping, defaults: Self | None = None) -> tuple[Self, list[str]]:
        """Return the settings an address asks for, and a sentence for each value that had to be changed.

        Never raises, and computes nothing: whatever the address holds becomes the nearest valid value or the default.

        >>> Experiment.from_query({"k": "99", "covariance": "ful"})[1]
        ['k was "99"; now 16.', 'covariance was "ful"; now full.']
        """
        defaults = defaults or cls()
        table, values, notices = cls.table(), {}, []
        for name, given in query.items():
            text = str(given[-1] if isinstance(given, list | tuple) and given else given)
            shown = _harmless(text)
            if name not in table:
                notices.append(f'There is no setting "{_harmless(name)}"; it was ignored.')
                continue
            value = table[name].read(text)
            values[name] = getattr(defaults, name) if value is None else value
            if not _says(text, values[name]):
                changed = "the default" if values[name] in (None, ()) else table[name].write(values[name])
                notices.append(f'{name} was "{shown}"; now {_short(changed)}.')
        return cls(**{**{name: getattr(defaults, name) for name in table}, **values}), notices


def _says(text: str, value) -> bool:
    """Whether the text is one way to write the value."""
    if isinstance(value, str):
        return text == value
    if isinstance(value, tuple):
        parts = _parts(text)
        return len(parts) == len(value) and all(map(_says, parts, value))
    try:
        return value is not None and float(text) == value
    except ValueError:
        return False


def _parts(text: str) -> list[str]:
    """Return the parts of a list: between commas, semicolons or spaces."""
    return re.findall(r"[^\s,;]+", text[:LONGEST])


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "..."


def _harmless(text: str) -> str:
    """Return text from an address, short and without anything that Markdown or HTML would act upon."""
    # An underscore at a word's edge would be emphasis, and a dot after letters might be a web address.
    kept = re.sub(r"[^\w +\-.,]|(?<![^\W_])_|_(?![^\W_])|(?<!\d)\.", "?", text[:100])
    return _short(kept)


@dataclass(frozen=True)
class Fit(Settings):
    """What decides a run of EM: the data, the mixture, the start and when to stop."""

    dataset: str = setting(
        "blobs",
        "Dataset",
        "Which points to fit. Some are made to measure, some are well-known real or tutorial data.",
        choices={name: spec.title for name, spec in DATASETS.items()},
        part="data",
    )
    n: int = setting(
        DEFAULT_N,
        "Points",
        "How many points to draw, 20 to 20 000. Real and tutorial data have a fixed number.",
        low=20,
        high=20_000,
        step=100,
        part="data",
    )
    noise: float | None = setting(
        None,
        "Noise",
        "How far the points scatter. Raise it until the groups merge and see what EM still finds.",
        low=0.0,
        high=5.0,
        step=0.05,
        part="data",
    )
    data_seed: int = setting(
        DEFAULT_SEED,
        "Data seed",
        "The same seed always gives the same points; another seed is another sample of the same kind.",
        low=0,
        high=99_999,
        step=1,
        part="data",
    )
    k: int = setting(
        3,
        "Components K",
        "How many Gaussians the mixture has. EM does not choose K: you do.",
        low=1,
        high=16,
        step=1,
    )
    covariance: str = setting(
        "full",
        "Covariance type",
        "Which shapes a Gaussian may take. Full: any ellipse. Tied: any, but one for all. Diag: ellipses along the "
        "axes. Spherical: circles.",
        choices={
            "full": "Full: any ellipse each",
            "tied": "Tied: one ellipse shared by all",
            "diag": "Diagonal: along the axes",
            "spherical": "Spherical: circles",
        },
    )
    init: str = setting(
        "random-points",
        "Start",
        "Where EM begins. It climbs to the nearest hilltop only, so another start may end elsewhere.",
        choices={name: spec.title for name, spec in STARTS.items()},
    )
    init_seed: int = setting(
        0,
        "Start seed",
        "The same seed always gives the same start. Independent of the data seed.",
        low=0,
        high=99_999,
        step=1,
    )
    floor: float = _decades(
        1e-6,
        "Floor on the covariance",
        "This share of each feature's variance is added to every variance, so that no Gaussian can shrink onto a "
        "single point. At 0 the log-likelihood can never fall, but a component may collapse.",
        zero="0 (none)",
    )
    tol: float = _decades(
        1e-6,
        "Tolerance",
        "EM stops when an iteration changes less than this, for each point. Larger stops sooner, often too soon.",
        zero="0 (never stop early)",
    )
    max_iter: int = setting(
        1000, "Iterations at most", "EM stops here even if it has not converged.", low=1, high=2000, step=100
    )
    criterion: str = setting(
        "log_likelihood",
        "Stop rule",
        "What must change less than the tolerance: the mean log-likelihood per point, or every parameter (in units of "
        "the data's spread).",
        choices={"log_likelihood": "Gain of the log-likelihood", "parameters": "Change of the parameters"},
    )

    def __post_init__(self):
        super().__post_init__()
        spec = DATASETS[self.dataset]
        if spec.fixed or self.noise == spec.default_noise:
            object.__setattr__(self, "noise", None)

    def shown(self) -> dict:
        """Return every setting's value as its widget shows it: the dataset's own noise where `noise` is None."""
        own = DATASETS[self.dataset].default_noise or 0.0
        return super().shown() | {"noise": own if self.noise is None else self.noise}

    def only(self, *parts: str) -> Self:
        """Return these settings with all outside `parts` at their defaults, and what a fixed dataset ignores too."""
        kept = super().only(*parts)
        if not DATASETS[self.dataset].fixed or "data" not in parts:
            return kept
        return replace(kept, n=self.table()["n"].default, data_seed=self.table()["data_seed"].default)

    def data(self) -> Dataset:
        """Return the dataset."""
        return load(self.dataset, n=self.n, noise=self.noise, seed=self.data_seed)

    def run(self, X: np.ndarray) -> Run:
        """Return the history of EM on X (N, D), from this experiment's start to its end."""
        first = start(X, self.k, self.init, self.covariance, rng=self.init_seed, floor=self.floor)
        return fit(
            X,
            first,
            covariance_type=self.covariance,
            reg_covar=reg_covar_for(X, self.floor, self.covariance),
            tol=self.tol,
            max_iter=self.max_iter,
            criterion=self.criterion,
        )


@dataclass(frozen=True)
class Experiment(Fit):
    """One experiment, frozen and valid: a ValueError says which setting is not, and what to do.

    >>> Experiment(k=5).to_query()
    {'k': '5'}
    """

    colour: str = setting(
        "responsibility",
        "Colour points by",
        "Responsibility: the most probable component's colour, grey where it is unsure. Membership: how much a point "
        "belongs to one component. True label: reveals the groups the points were drawn from.",
        choices=COLOURS,
        part="view",
    )
    member: int = setting(1, "Component", "Whose membership to show.", low=1, high=16, step=1, part="view")
    frames: str = setting(
        "whole",
        "Show",
        "Whole iterations, or each one's two halves: the E-step recolours the points, the M-step moves the Gaussians.",
        choices=FRAMES,
        part="view",
    )
    sklearn: str = setting(
        "closed",
        "scikit-learn beside it",
        "Whether the comparison with scikit-learn stands open.",
        choices={"closed": "Closed", "open": "Open"},
        part="view",
    )
    it: int = setting(
        0, "Iteration", "The iteration shown; 0 is the start.", low=0, high=2000, step=1, part="view"
    )


SETTINGS = Experiment.table()


def again(name: str, default, **changes):
    """Return the field of one of the explorer's settings for another page, with its own default or range."""
    row = next(f.metadata for f in fields(Experiment) if f.name == name)
    return field(default=default, metadata={**row, **changes})
