"""What every kind of setting can do, and the kinds that have one value: a number, a choice, a span, a word."""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import NamedTuple

from gmmviz.corrections import Bounds
from gmmviz.settings.text import MOST_READ, as_number, as_text, like


@dataclass(frozen=True)
class Setting(ABC):
    """One row of a table of settings.

    Attributes
    ----------
    default : object
        Its value where nothing is said; None if it has none of its own.
    label, help : str
        What its widget is called, and the sentence that explains it.
    part : {"data", "run", "view"}
        What it decides: the data, the run on them, or only how they are shown.
    name : str
        Its field's name, which the table fills in.
    """

    default: object
    label: str
    help: str
    _: KW_ONLY
    part: str = "run"
    quiet: bool = False
    name: str = ""

    @property
    def kind(self) -> type:
        """The type of its values."""
        return type(self.default)

    @abstractmethod
    def read(self, text: str):
        """Return the valid value nearest to what an address says, or None where nothing is near."""

    @abstractmethod
    def nearest(self, value):
        """Return the valid value nearest to one of the same type, or None where nothing is near."""

    @abstractmethod
    def check(self, value) -> None:
        """Raise a ValueError that advises, if `value` is not valid."""

    @abstractmethod
    def says(self, text: str, value) -> bool:
        """Return whether the text is one way to write the value."""

    def write(self, value) -> str:
        """Return a valid value as an address holds it: `read` gives the very same one back."""
        return as_text(self.kind(value))

    def slip(self, text: str) -> Bounds | None:
        """Return why `read` did not take the text as it stands, where there is more to say than that."""
        return None

    def shown(self, value):
        """Return a value as its widget holds it."""
        return value

    def entered(self, shown):
        """Return the value that stands in its widget."""
        return shown


class _Numeric(Setting):
    """A setting whose values are written as one number."""

    def read(self, text: str) -> float | None:
        """Return the valid number nearest to what an address says, or None if that is no number."""
        value = as_number(text.strip()[:MOST_READ])
        return None if value is None else self.nearest(value)

    def says(self, text: str, value: float | None) -> bool:
        """Return whether the text is one way to write the number."""
        return value is not None and as_number(text) == value


@dataclass(frozen=True, kw_only=True)
class Number(_Numeric):
    """A number from `low` to `high`: whole if its default is. Without a default it is a float, and may be None.

    step: by how much its widget changes it. clearable: whether its field can be emptied, which means None.
    """

    low: float
    high: float
    step: float = 1
    clearable: bool = False

    @property
    def kind(self) -> type:
        """int or float."""
        return float if self.default is None else super().kind

    @property
    def whole(self) -> bool:
        """Whether its values are whole numbers."""
        return issubclass(self.kind, int)

    def nearest(self, value: float) -> float:
        """Return the valid number nearest to `value`."""
        value = min(max(value, self.low), self.high)
        return round(value) if self.whole else float(value)

    def check(self, value) -> None:
        """Raise a ValueError that says the range, if `value` is not in it."""
        if value is None and self.default is None:
            return
        types, word = (int, "whole number") if self.whole else (int | float, "number")
        if isinstance(value, bool) or not (isinstance(value, types) and self.low <= value <= self.high):
            raise ValueError(f"{self.name} is {value!r}: give a {word} from {self.low:g} to {self.high:g}.")


@dataclass(frozen=True, kw_only=True)
class Choice(Setting):
    """One of several named values: each with its title on the screen."""

    choices: Mapping

    def read(self, text: str) -> str | None:
        """Return the name nearest to what an address says, or None where none is near."""
        return self.nearest(text.strip()[:MOST_READ])

    def nearest(self, value: str) -> str | None:
        """Return the name that is spelt most like `value`, or None where none is."""
        return like(value, self.choices)

    def check(self, value) -> None:
        """Raise a ValueError that lists the choices, if `value` is none of them."""
        if value not in list(self.choices):
            raise ValueError(f"{self.name} is {value!r}: choose one of {', '.join(map(str, self.choices))}.")

    def says(self, text: str, value: str) -> bool:
        """Return whether the text is the name."""
        return text == value


@dataclass(frozen=True, kw_only=True)
class Decade(_Numeric, Choice):
    """One of several numbers from 0 to 1, the nearest by ratio: each with its title on the screen."""

    def nearest(self, value: float) -> float:
        """Return the choice nearest to `value` by ratio; 0 counts as 1e-300."""
        decade = math.log10(min(max(value, 1e-300), 1.0))
        return min(self.choices, key=lambda choice: abs(math.log10(max(choice, 1e-300)) - decade))


@dataclass(frozen=True, kw_only=True)
class Word(Setting):
    """A text of a given form: a regular expression, which the default need not match."""

    form: str

    def read(self, text: str) -> str | None:
        """Return the text, or None where it has another form."""
        return self.nearest(text.strip()[:MOST_READ])

    def nearest(self, value: str) -> str | None:
        """Return a text of the form, or None."""
        return value if value == self.default or re.fullmatch(self.form, value) else None

    def check(self, value) -> None:
        """Raise a ValueError that says the form, if `value` has another."""
        if not isinstance(value, str) or self.nearest(value) is None:
            raise ValueError(f"{self.name} is {value!r}: give a text of the form {self.form}.")

    def says(self, text: str, value: str) -> bool:
        """Return whether the text is this one."""
        return text.strip() == value


class Ends(NamedTuple):
    """The two ends of a span of whole numbers.

    >>> as_text(Ends(1, 6))
    '1-6'
    """

    low: int
    high: int


@as_text.register
def _(value: Ends) -> str:
    return f"{value.low}-{value.high}"


@dataclass(frozen=True, kw_only=True)
class Span(Setting):
    """All whole numbers from one to another, both from `low` to `high`: its `Ends`."""

    low: int
    high: int

    def read(self, text: str) -> Ends | None:
        """Return the valid span nearest to what an address says, such as "2-9", or None where that is none."""
        ends = _ends(text)
        return None if ends is None else self.nearest(ends)

    def nearest(self, value) -> Ends:
        """Return the valid span nearest to one whose ends may be anywhere, and in either order."""
        return Ends(*sorted(round(min(max(end, self.low), self.high)) for end in value))

    def check(self, value) -> None:
        """Raise a ValueError that says the range, if `value` is no such span."""
        whole = isinstance(value, Ends) and all(type(end) is int for end in value)
        if not (whole and self.low <= value.low <= value.high <= self.high):
            raise ValueError(
                f"{self.name} is {value!r}: give Ends of two whole numbers, the smaller first, from {self.low} to "
                f"{self.high}."
            )

    def says(self, text: str, value: Ends) -> bool:
        """Return whether the text is one way to write the span."""
        return _ends(text) == value

    def write(self, value: Ends) -> str:
        """Return the span as an address holds it."""
        return as_text(value)

    def shown(self, value: Ends) -> tuple[int, int]:
        """Return the span as its widget holds it."""
        return tuple(value)

    def entered(self, shown: Sequence[int]) -> Ends:
        """Return the span that stands in its widget."""
        return Ends(*shown)


def _ends(text: str) -> tuple[float, float] | None:
    """Return the two numbers of "2-9", or of "9" alone twice; None where there are none.

    >>> _ends("2-9"), _ends(" 2 \u2013 9"), _ends("9"), _ends("-1"), _ends("two")
    ((2.0, 9.0), (2.0, 9.0), (9.0, 9.0), (-1.0, -1.0), None)
    """
    text = text.strip()[:MOST_READ]
    between = re.search(r"(?<=[^\s\-])\s*[-\u2013:,;]\s*(?=\S)", text)
    parts = [text[: between.start()], text[between.end() :]] if between else [text, text]
    values = [as_number(part) for part in parts]
    return None if None in values else tuple(values)
