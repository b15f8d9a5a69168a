"""The experiment: every setting in one frozen, validated object, with one table that says all there is to each.

`SETTINGS` gives each setting's name, type, range, default and help; widgets, addresses and tests read it. An
experiment's address is a query string that holds whatever differs from the defaults.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

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
FRAMES = {"whole": "Whole iterations", "steps": "E- and M-steps"}


@dataclass(frozen=True)
class Setting:
    """One row of the table. Numbers have `low` and `high`, choices have `choices` (value -> title on the screen)."""

    name: str
    label: str
    default: object
    help: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: Mapping | None = None
    part: str = "run"  # what it decides: the "data", the "run" on them, or only the "view" of it

    @property
    def kind(self) -> type:
        """int, float or str."""
        return float if self.default is None else type(self.default)

    def read(self, text: str):
        """Return the valid value nearest to what an address says, or the default where nothing is near."""
        text = text.strip()[:100]
        if self.kind is str:
            near = difflib.get_close_matches(text.lower(), self.choices, n=1, cutoff=0.6)
            return near[0] if near else self.default
        try:
            value = float(text)
        except ValueError:
            return self.default
        if math.isnan(value):
            return self.default
        return self.nearest(value)

    def nearest(self, value: float):
        """Return the valid number nearest to `value`; among decades, nearest by ratio."""
        if self.choices is not None:
            decade = math.log10(max(value, 1e-300))
            return min(self.choices, key=lambda choice: abs(math.log10(max(choice, 1e-300)) - decade))
        value = min(max(value, self.low), self.high)
        return round(value) if self.kind is int else float(value)

    def check(self, value) -> None:
        """Raise a ValueError that advises, if `value` is not valid."""
        if self.choices is not None:
            if value not in self.choices:
                raise ValueError(
                    f"{self.name} is {value!r}: choose one of {', '.join(map(str, self.choices))}."
                )
        elif not (isinstance(value, int | float) and self.low <= value <= self.high):
            raise ValueError(f"{self.name} is {value!r}: give a number from {self.low:g} to {self.high:g}.")

    def write(self, value) -> str:
        """Return the value as an address holds it."""
        return value if self.kind is str else f"{value:.12g}"


def _setting(default, label, help, **rest):
    return field(default=default, metadata={"label": label, "help": help, **rest})


def _decades(default, label, help, zero):
    titles = {value: f"{value:.0e}".replace("e-0", "e-") if value else zero for value in DECADES}
    return _setting(default, label, help, choices=titles)


@dataclass(frozen=True)
class Experiment:
    """One experiment, frozen and valid: a ValueError says which setting is not, and what to do.

    >>> Experiment(k=5).to_query()
    {'k': '5'}
    """

    dataset: str = _setting(
        "blobs",
        "Dataset",
        "Which points to fit. Some are made to measure, some are well-known real or tutorial data.",
        choices={name: spec.title for name, spec in DATASETS.items()},
        part="data",
    )
    n: int = _setting(
        DEFAULT_N,
        "Points",
        "How many points to draw, 20 to 20 000. Real and tutorial data have a fixed number.",
        low=20,
        high=20_000,
        step=100,
        part="data",
    )
    noise: float | None = _setting(
        None,
        "Noise",
        "How far the points scatter. Raise it until the groups merge and see what EM still finds.",
        low=0.0,
        high=5.0,
        step=0.05,
        part="data",
    )
    data_seed: int = _setting(
        DEFAULT_SEED,
        "Data seed",
        "The same seed always gives the same points; another seed is another sample of the same kind.",
        low=0,
        high=99_999,
        step=1,
        part="data",
    )
    k: int = _setting(
        3,
        "Components K",
        "How many Gaussians the mixture has. EM does not choose K: you do.",
        low=1,
        high=16,
        step=1,
    )
    covariance: str = _setting(
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
    init: str = _setting(
        "random-points",
        "Start",
        "Where EM begins. It climbs to the nearest hilltop only, so another start may end elsewhere.",
        choices={name: spec.title for name, spec in STARTS.items()},
    )
    init_seed: int = _setting(
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
        "EM stops when an iteration changes less than this. Larger stops sooner, often too soon.",
        zero="0 (never stop early)",
    )
    max_iter: int = _setting(
        1000, "Iterations at most", "EM stops here even if it has not converged.", low=1, high=2000, step=100
    )
    criterion: str = _setting(
        "log_likelihood",
        "Stop rule",
        "What must change less than the tolerance: the mean log-likelihood per point, or every parameter (in units of "
        "the data's spread).",
        choices={"log_likelihood": "Gain of the log-likelihood", "parameters": "Change of the parameters"},
    )
    colour: str = _setting(
        "responsibility",
        "Colour points by",
        "Responsibility: the most probable component's colour, grey where it is unsure. Membership: how much a point "
        "belongs to one component. True label: reveals the groups the points were drawn from.",
        choices=COLOURS,
        part="view",
    )
    member: int = _setting(1, "Component", "Whose membership to show.", low=1, high=16, step=1, part="view")
    frames: str = _setting(
        "whole",
        "Show",
        "Whole iterations, or each one's two halves: the E-step recolours the points, the M-step moves the Gaussians.",
        choices=FRAMES,
        part="view",
    )
    it: int = _setting(
        0, "Iteration", "The iteration shown; 0 is the start.", low=0, high=2000, step=1, part="view"
    )

    def __post_init__(self):
        for name, setting in SETTINGS.items():
            value = getattr(self, name)
            if value is not None or name != "noise":
                setting.check(value)
        spec = DATASETS[self.dataset]
        if spec.fixed or self.noise == spec.default_noise:
            object.__setattr__(self, "noise", None)

    @property
    def noise_shown(self) -> float:
        """The noise itself where `noise` says None, the dataset's own; 0 for a fixed dataset."""
        return DATASETS[self.dataset].default_noise or 0.0 if self.noise is None else self.noise

    def only(self, *parts: str) -> Experiment:
        """Return this experiment with every setting outside `parts` at its default: what a result depends on."""
        kept = {name: getattr(self, name) for name, setting in SETTINGS.items() if setting.part in parts}
        if DATASETS[self.dataset].fixed:
            kept = {name: kept[name] for name in kept if name not in ("n", "noise", "data_seed")}
        return Experiment(**kept)

    def to_query(self, defaults: Experiment | None = None) -> dict[str, str]:
        """Return what differs from the defaults, as names and texts for an address."""
        defaults = defaults or Experiment()
        changed = (name for name in SETTINGS if getattr(self, name) != getattr(defaults, name))
        values = {name: self.noise_shown if name == "noise" else getattr(self, name) for name in changed}
        return {name: SETTINGS[name].write(value) for name, value in values.items()}

    @classmethod
    def from_query(cls, query: Mapping, defaults: Experiment | None = None) -> tuple[Experiment, list[str]]:
        """Return the experiment an address asks for, and a sentence for each value that had to be changed.

        Never raises, and computes nothing: whatever the address holds becomes the nearest valid value or the default.

        >>> Experiment.from_query({"k": "99", "covariance": "ful"})[1]
        ['k was "99"; it is now 16.', 'covariance was "ful"; it is now full.']
        """
        defaults = defaults or cls()
        values, notices = {}, []
        for name, given in query.items():
            text = str(given if isinstance(given, str) or not given else given[-1])
            shown = _harmless(text)
            if name not in SETTINGS:
                notices.append(f'There is no setting "{_harmless(name)}"; it was ignored.')
                continue
            value = SETTINGS[name].read(text)
            values[name] = getattr(defaults, name) if value is None else value
            if not _says(text, values[name]):
                changed = "the default" if values[name] is None else SETTINGS[name].write(values[name])
                notices.append(f'{name} was "{shown}"; it is now {changed}.')
        return cls(**{**{name: getattr(defaults, name) for name in SETTINGS}, **values}), notices

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


def _says(text: str, value) -> bool:
    """Whether the text is one way to write the value."""
    if isinstance(value, str):
        return text == value
    try:
        return value is not None and float(text) == value
    except ValueError:
        return False


def _harmless(text: str) -> str:
    """Return text from an address, short and without anything that Markdown or HTML would act upon."""
    kept = "".join(c if c.isalnum() or c in " +-.,_" else "?" for c in text)
    return kept if len(kept) <= 40 else kept[:40] + "..."


SETTINGS: dict[str, Setting] = {
    f.name: Setting(name=f.name, default=f.default, **f.metadata) for f in fields(Experiment)
}
