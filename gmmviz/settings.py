"""Settings: the kinds there are, tables of them, and the way to an address and back.

A page's settings are a frozen dataclass whose fields are declared by `setting`: one table that widgets, addresses and
tests read. An address is a query string that holds whatever differs from the defaults.
"""

from __future__ import annotations

import difflib
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, fields, replace
from functools import cache, lru_cache, singledispatch
from typing import ClassVar, NamedTuple, Self

from gmmviz.corrections import Bounds, Correction, Legible, Unknown
from gmmviz.numerals import MINUS

MOST_READ = 100  # characters of a single value that are read
LONGEST = 5000  # characters of a list of numbers that are read
LETTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # 64, which no address has to escape
)


# --- The kinds of setting ---------------------------------------------------------------------------------------------


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
        value = _as_number(text.strip()[:MOST_READ])
        return None if value is None else self.nearest(value)

    def says(self, text: str, value: float | None) -> bool:
        """Return whether the text is one way to write the number."""
        return value is not None and _as_number(text) == value


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
        return _like(value, self.choices)

    def check(self, value) -> None:
        """Raise a ValueError that lists the choices, if `value` is none of them."""
        if value not in list(self.choices):
            raise ValueError(f"{self.name} is {value!r}: choose one of {', '.join(map(str, self.choices))}.")

    def says(self, text: str, value: str) -> bool:
        """Return whether the text is the name."""
        return text == value


@dataclass(frozen=True, kw_only=True)
class Several(Setting):
    """Some of several named values, at least one: a tuple of their names, in the order of `choices`."""

    choices: Mapping

    def read(self, text: str) -> tuple[str, ...] | None:
        """Return the names nearest to those that an address says, or None where none is near one."""
        return self.nearest(_parts(text[:MOST_READ]))

    def nearest(self, value) -> tuple[str, ...] | None:
        """Return the names that are spelt most like these, or None where none is."""
        found = {name for text in value if (name := _like(text, self.choices))}
        return tuple(name for name in self.choices if name in found) or None

    def check(self, value) -> None:
        """Raise a ValueError that lists the choices, if `value` is no such tuple."""
        names = [name for name in self.choices if name in value] if isinstance(value, tuple) else []
        if not names or list(value) != names:
            raise ValueError(
                f"{self.name} is {value!r}: give a tuple of one or more of {', '.join(self.choices)}, in that order."
            )

    def says(self, text: str, value: tuple[str, ...]) -> bool:
        """Return whether the text is one way to write the names: in any order."""
        return sorted(_parts(text)) == sorted(value)

    def shown(self, value: tuple[str, ...]) -> list[str]:
        """Return the names as their widget holds them."""
        return list(value)

    def entered(self, shown: Sequence[str]) -> tuple[str, ...]:
        """Return the names that stand in their widget; without any, the default."""
        return self.nearest(shown) or self.default


class Ends(NamedTuple):
    """The two ends of a span of whole numbers."""

    low: int
    high: int


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


@dataclass(frozen=True, kw_only=True)
class Decade(_Numeric, Choice):
    """One of several numbers from 0 to 1, the nearest by ratio: each with its title on the screen."""

    def nearest(self, value: float) -> float:
        """Return the choice nearest to `value` by ratio; 0 counts as 1e-300."""
        decade = math.log10(min(max(value, 1e-300), 1.0))
        return min(self.choices, key=lambda choice: abs(math.log10(max(choice, 1e-300)) - decade))


@dataclass(frozen=True, kw_only=True)
class NumberList(Setting):
    """A tuple of floats from `low` to `high` with at most nine decimals; `count`: how few and how many it may hold."""

    low: float
    high: float
    count: tuple[int, int]

    def read(self, text: str) -> tuple[float, ...] | None:
        """Return the valid numbers nearest to those of a text, or None if it is no list of enough numbers.

        Between two numbers stand commas, semicolons or spaces. What is too long is cut.
        """
        least, most = self.count
        values = [_as_number(part) for part in _parts(text)[:most]]
        return None if len(values) < least or None in values else self.nearest(values)

    def nearest(self, value) -> tuple[float, ...]:
        """Return the valid numbers nearest to these."""
        return tuple(round(min(max(v, self.low), self.high), 9) + 0.0 for v in value)  # no -0

    def check(self, value) -> None:
        """Raise a ValueError that says length and range, if `value` is no such tuple."""
        least, most = self.count
        if not (isinstance(value, tuple) and least <= len(value) <= most):
            raise ValueError(f"{self.name} is {value!r}: give a tuple of {least} to {most} numbers.")
        if value != self.nearest(value):
            raise ValueError(
                f"{self.name} is {value!r}: give numbers from {self.low:g} to {self.high:g}, with nine decimals."
            )

    def says(self, text: str, value: tuple[float, ...]) -> bool:
        """Return whether the text is one way to write the numbers."""
        return [_as_number(part) for part in _parts(text)] == list(value)

    def write(self, value: tuple[float, ...]) -> str:
        """Return the numbers as an address holds them: `read` gives the very same ones back."""
        return as_text(tuple(map(float, value)))

    def slip(self, text: str) -> Bounds | None:
        """Return the bounds that the numbers of a list overstep; None if they do not, or if it is no list."""
        _, most = self.count
        parts = _parts(text)
        values = [v for part in parts[: most + 1] if (v := _as_number(part)) is not None]
        above = any(v > self.high for v in values)
        outside = above or any(v < self.low for v in values)
        longer = len(parts) > most
        if self.read(text) is None or not (outside or longer):
            return None
        return Bounds(self.low, self.high, outside, above, most if longer else None)

    def shown(self, value: tuple[float, ...]) -> str:
        """Return the numbers as their field shows them."""
        return self.write(value).replace(",", ", ")

    def entered(self, shown: str) -> tuple[float, ...] | None:
        """Return the numbers that stand in their field."""
        return self.read(shown)


@dataclass(frozen=True, kw_only=True)
class Places(Setting):
    """A tuple of places (x, y), `most` at most: floats from `low` to `high` with at most nine decimals.

    In an address semicolons stand between places: "-1.2,3;0.4,-2". They are chosen in the picture, by no widget.
    """

    low: float
    high: float
    most: int

    def read(self, text: str) -> tuple[tuple[float, float], ...] | None:
        """Return the valid places nearest to those of a text, without those that are none; None if none is one."""
        parts = [part for part in text[:LONGEST].split(";") if part.strip()]
        found = [place for part in parts if (place := _place(part)) is not None]
        return None if parts and not found else self.nearest(found)

    def nearest(self, value) -> tuple[tuple[float, float], ...]:
        """Return the valid places nearest to these, as many as there may be."""
        within = ((min(max(v, self.low), self.high) for v in place) for place in list(value)[: self.most])
        return tuple((round(x, 9) + 0.0, round(y, 9) + 0.0) for x, y in within)  # no -0

    def check(self, value) -> None:
        """Raise a ValueError that says what is wanted, if `value` is no such tuple."""
        pairs = isinstance(value, tuple) and all(isinstance(one, tuple) and len(one) == 2 for one in value)
        if not pairs or value != self.nearest(value):
            raise ValueError(
                f"{self.name} is {value!r}: give a tuple of {self.most} places (x, y) at most, numbers from "
                f"{self.low:g} to {self.high:g} with nine decimals."
            )

    def says(self, text: str, value: tuple[tuple[float, float], ...]) -> bool:
        """Return whether the text is one way to write the places."""
        return [_place(part) for part in text.split(";") if part.strip()] == list(value)

    def write(self, value: tuple[tuple[float, float], ...]) -> str:
        """Return the places as an address holds them: `read` gives the very same ones back."""
        return as_text(tuple((float(x), float(y)) for x, y in value))

    def slip(self, text: str) -> Bounds | None:
        """Return the bounds that the places overstep; None if they do not."""
        places = [place for part in text[:LONGEST].split(";") if (place := _place(part)) is not None]
        outside = any(not self.low <= v <= self.high for place in places[: self.most + 1] for v in place)
        longer = len(places) > self.most
        return (
            Bounds(self.low, self.high, outside, most=self.most if longer else None)
            if outside or longer
            else None
        )


@dataclass(frozen=True, kw_only=True)
class Dots(Setting):
    """A tuple of dots (column, row) on a grid of 4096 x 4096, `most` at most. They are drawn in the picture.

    In an address a letter says how they are written, "a" so far, and four of the letters that no address escapes stand
    for each dot: its column and its row, in two digits of base 64 each.

    >>> Dots((), "Drawn", "Where.", most=3).write(((0, 64), (4095, 1)))
    'aAABA__AB'
    """

    most: int
    SIDE: ClassVar[int] = len(LETTERS) ** 2

    def read(self, text: str) -> tuple[tuple[int, int], ...] | None:
        """Return the dots of a text up to the first that cannot be read, or None where none can."""
        if not text:
            return ()
        length = 4 * self.most
        legible = re.match(r"a((?:[\w-]{4})*)", text[: 1 + length], re.ASCII)
        values = [LETTERS.index(letter) for letter in legible[1]] if legible else []
        numbers = [64 * high + low for high, low in zip(values[::2], values[1::2], strict=True)]
        return tuple(zip(numbers[::2], numbers[1::2], strict=True)) or None

    def nearest(self, value) -> tuple[tuple[int, int], ...]:
        """Return the dots nearest to places on the grid, as many as there may be."""
        clipped = (
            tuple(round(min(max(v, 0), self.SIDE - 1)) for v in dot) for dot in list(value)[: self.most]
        )
        return tuple((column, row) for column, row in clipped)

    def check(self, value) -> None:
        """Raise a ValueError that says what is wanted, if `value` is no such tuple."""
        pairs = isinstance(value, tuple) and all(isinstance(one, tuple) and len(one) == 2 for one in value)
        whole = pairs and all(type(number) is int for dot in value for number in dot)
        if not whole or value != self.nearest(value):
            raise ValueError(
                f"{self.name} is {value!r}: give a tuple of {self.most} dots (column, row) at most, whole numbers from "
                f"0 to {self.SIDE - 1}."
            )

    def says(self, text: str, value: tuple[tuple[int, int], ...]) -> bool:
        """Return whether the text is the way to write the dots."""
        return text == self.write(value)

    def write(self, value: tuple[tuple[int, int], ...]) -> str:
        """Return the dots as an address holds them: `read` gives the very same ones back."""
        digits = (digit for dot in value for number in dot for digit in divmod(number, 64))
        return "a" + "".join(LETTERS[digit] for digit in digits) if value else ""

    def slip(self, text: str) -> Legible | None:
        """Return how many dots could be read of a text that goes on after them; None if all or none could."""
        dots = self.read(text)
        return None if not dots or self.says(text, dots) else Legible(len(dots))


@dataclass(frozen=True, kw_only=True)
class TextList(Setting):
    """A tuple of texts, `most` at most; in an address between them stands `separator`, which none may hold.

    What a text must be is for whoever owns the setting to say.
    """

    most: int
    separator: str = ","

    def read(self, text: str) -> tuple[str, ...]:
        """Return the texts that an address says, as many as there may be."""
        return self.nearest(tuple(text[:LONGEST].split(self.separator)))

    def nearest(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """Return the texts that are not empty, as many as there may be."""
        return tuple(filter(None, (text.strip()[:LONGEST] for text in value)))[: self.most]

    def check(self, value) -> None:
        """Raise a ValueError that says what is wanted, if `value` is no such tuple."""
        fit = isinstance(value, tuple) and all(isinstance(text, str) for text in value)
        if not fit or value != self.nearest(value) or any(self.separator in text for text in value):
            raise ValueError(f"{self.name} is {value!r}: give a tuple of {self.most} texts at most.")

    def says(self, text: str, value: tuple[str, ...]) -> bool:
        """Return whether the text is one way to write the texts."""
        return [part.strip() for part in text.split(self.separator) if part.strip()] == list(value)

    def write(self, value: tuple[str, ...]) -> str:
        """Return the texts as an address holds them."""
        return self.separator.join(value)

    def shown(self, value: tuple[str, ...]) -> list[str]:
        """Return the texts as their widget holds them."""
        return list(value)

    def entered(self, shown: list[str]) -> tuple[str, ...]:
        """Return the texts that stand in their widget."""
        return self.nearest(tuple(shown))


@dataclass(frozen=True, kw_only=True)
class LineList(TextList):
    """A tuple of texts without blanks in them, whose field has a line for each."""

    def shown(self, value: tuple[str, ...]) -> str:
        """Return the texts as their field shows them."""
        return "\n".join(value)

    def entered(self, shown: str) -> tuple[str, ...]:
        """Return the texts that stand in their field."""
        return self.nearest(tuple(shown.split()))


@dataclass(frozen=True, kw_only=True)
class ColumnList(TextList):
    """Different columns of a table, by their numbers from 1: a tuple of texts, `most` at most."""

    def nearest(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """Return the numbers among these, once each, as many as there may be."""
        numbers = (text.strip() for text in value)
        return tuple(dict.fromkeys(text for text in numbers if re.fullmatch("[1-9][0-9]?", text)))[
            : self.most
        ]


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


def text_of(given) -> str:
    """Return what an address says of a setting: of a list of texts the last.

    >>> text_of("7"), text_of(["2", "7"])
    ('7', '7')
    """
    return str(given[-1] if isinstance(given, list | tuple) and given else given)


@singledispatch
def as_text(value) -> str:
    """Return a value as an address holds it.

    >>> as_text(3), as_text(1e-6), as_text(2.0), as_text("moons"), as_text((25.0, 9.5)), as_text(Ends(1, 6))
    ('3', '1e-06', '2', 'moons', '25,9.5', '1-6')
    >>> as_text(((-1.2, 3.0), (0.4, -2.0)))
    '-1.2,3;0.4,-2'
    """
    return repr(value).removesuffix(".0")


@as_text.register
def _(value: str) -> str:
    return value


@as_text.register
def _(value: tuple) -> str:
    between = ";" if value and isinstance(value[0], tuple) else ","
    return between.join(map(as_text, value))


@as_text.register
def _(value: Ends) -> str:
    return f"{value.low}-{value.high}"


def _like(text: str, names: Mapping) -> str | None:
    """Return the name that is spelt most like a text, or None where none is."""
    near = difflib.get_close_matches(text.lower(), names, n=1, cutoff=0.6)
    return near[0] if near else None


def _ends(text: str) -> tuple[float, float] | None:
    """Return the two numbers of "2-9", or of "9" alone twice; None where there are none.

    >>> _ends("2-9"), _ends(" 2 \u2013 9"), _ends("9"), _ends("-1"), _ends("two")
    ((2.0, 9.0), (2.0, 9.0), (9.0, 9.0), (-1.0, -1.0), None)
    """
    text = text.strip()[:MOST_READ]
    between = re.search(r"(?<=[^\s\-])\s*[-\u2013:,;]\s*(?=\S)", text)
    parts = [text[: between.start()], text[between.end() :]] if between else [text, text]
    values = [_as_number(part) for part in parts]
    return None if None in values else tuple(values)


def _parts(text: str) -> list[str]:
    """Return the parts of a list: between commas, semicolons or spaces."""
    return re.findall(r"[^\s,;]+", text[:LONGEST])


def _as_number(text: str) -> float | None:
    try:
        value = float(text.replace(MINUS, "-"))  # so that what a page shows can be typed
    except ValueError:
        return None
    return None if math.isnan(value) else value


def _place(text: str) -> tuple[float, float] | None:
    """Return the two numbers of "-1.2,3", or None where there are not two.

    >>> _place("-1.2,3"), _place("1"), _place("1,2,3"), _place("1,nan")
    ((-1.2, 3.0), None, None, None)
    """
    values = [_as_number(part) for part in text[:MOST_READ].split(",")]
    return None if len(values) != 2 or None in values else (values[0], values[1])


# --- A table of them --------------------------------------------------------------------------------------------------


def setting(row: Setting):
    """Return the field of one setting, for the body of a dataclass of `Settings`."""
    return field(default=row.default, metadata={"setting": row})


@lru_cache(maxsize=1024)  # a page asks for the same some ten times in a run
def _reduced(settings: Settings, parts: tuple[str, ...]) -> Settings:
    kept = {name: getattr(settings, name) for name, row in settings.table().items() if row.part in parts}
    return type(settings)(**kept)


@dataclass(frozen=True)
class Settings:
    """What every page's settings have in common: a table of them, validity, and an address.

    Attributes
    ----------
    headline : tuple of str
        The settings that a title names in any case, first.
    """

    headline: ClassVar[tuple[str, ...]] = ()

    @property
    def is_own(self) -> bool:
        """Whether the data are the user's own."""
        return False

    @property
    def is_private(self) -> bool:
        """Whether something of what they show is of the user's own data, and no one else's to see."""
        return self.is_own

    @classmethod
    @cache
    def table(cls) -> dict[str, Setting]:
        """Return each setting's row, by its name."""
        return {f.name: replace(f.metadata["setting"], name=f.name) for f in fields(cls)}

    @classmethod
    def setting(cls, name: str, **changes):
        """Return the field of one of these settings for another table, with a default, range or words of its own."""
        return setting(replace(cls.table()[name], **changes))

    def __post_init__(self):
        for name, row in self.table().items():
            row.check(getattr(self, name))

    def spelled_out(self) -> dict:
        """Return every setting's value, also where another setting decides what it is."""
        return {name: getattr(self, name) for name in self.table()}

    def told(self) -> dict:
        """Return every setting's value as other pages take it over; None where nothing is chosen."""
        return self.spelled_out()

    def shown(self) -> dict:
        """Return every setting's value as its widget holds it."""
        return {name: self.table()[name].shown(value) for name, value in self.spelled_out().items()}

    @classmethod
    def entered(cls, shown: Mapping) -> Self:
        """Return the settings whose widgets hold these values."""
        return cls(**{name: row.entered(shown[name]) for name, row in cls.table().items()})

    def reduced_to(self, *parts: str) -> Self:
        """Return these settings with all outside `parts` at their defaults: what a result depends on."""
        return _reduced(self, parts)

    def to_query(self, defaults: Self | None = None) -> dict[str, str]:
        """Return what differs from the defaults, as names and texts for an address."""
        defaults, values = defaults or type(self)(), self.spelled_out()
        changed = (name for name in values if getattr(self, name) != getattr(defaults, name))
        return {name: self.table()[name].write(values[name]) for name in changed}

    @classmethod
    def from_query(cls, query: Mapping, defaults: Self | None = None) -> tuple[Self, list[Correction]]:
        """Return the settings an address asks for, and a correction for each value that had to be changed.

        Never raises, and computes nothing: whatever the address holds becomes the nearest valid value or the default.

        Parameters
        ----------
        query : mapping of str to str
            The address's names and texts. Of a list of texts the last counts.
        defaults : Settings, optional
            What holds for settings that the address does not name, and for nonsense.

        Examples
        --------
        >>> from gmmviz.experiment import Experiment
        >>> experiment, (correction,) = Experiment.from_query({"k": "99"})
        >>> experiment.k, correction
        (30, Correction(name='k', given='99', now=30, why=None))
        """
        defaults = defaults or cls()
        table, corrections = cls.table(), []
        values = {name: getattr(defaults, name) for name in table}
        for name, given in query.items():
            text = text_of(given)
            if name not in table:
                corrections.append(Correction(name, text, why=Unknown()))
                continue
            value = table[name].read(text)
            values[name] = values[name] if value is None else value
            if not table[name].says(text, values[name]):
                corrections.append(Correction(name, text, values[name], table[name].slip(text)))
        return cls(**values), corrections
