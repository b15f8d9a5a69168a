"""What had to be changed in an address, as facts: `gmmviz.words` makes sentences of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Correction(NamedTuple):
    """A value of an address that had to be changed.

    Attributes
    ----------
    name : str
        The setting.
    given : str
        What the address said.
    now : object
        The value it became; None or () where a setting has no value of its own, and the default decides.
    why : Unknown, Bounds, Legible, ThereAre, RunEnds, NoGroup, NoPage, Concealed or None
        The reason, where there is more to say than that the value was not a valid one.
    """

    name: str
    given: str
    now: object = None
    why: Unknown | Bounds | Legible | ThereAre | RunEnds | NoGroup | NoPage | Concealed | None = None


@dataclass(frozen=True)
class Unknown:
    """There is no setting of that name."""


@dataclass(frozen=True)
class Bounds:
    """A list held numbers outside `low` ... `high`, some of them `above`, or more than `most` of them."""

    low: float
    high: float
    outside: bool = False
    above: bool = False
    most: int | None = None


@dataclass(frozen=True)
class Legible:
    """Of drawn points, which an address holds in letters, only the first n could be read."""

    n: int


@dataclass(frozen=True)
class ThereAre:
    """Something else decides how high a number, or how long a list, may be: there are n things of that kind."""

    n: int
    things: str


@dataclass(frozen=True)
class RunEnds:
    """The run ends at iteration `last`."""

    last: int


@dataclass(frozen=True)
class NoGroup:
    """Nothing of that name can be hidden."""


@dataclass(frozen=True)
class NoPage:
    """A link leads to no page of the app."""


@dataclass(frozen=True)
class Concealed:
    """The address asks for what it hides."""
