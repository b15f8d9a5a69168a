"""The kinds of setting that have several values: some of the choices, numbers, texts, a table's columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gmmviz.corrections import Bounds
from gmmviz.settings.kinds import Setting
from gmmviz.settings.text import LONGEST, MOST_READ, as_number, as_text, like


@dataclass(frozen=True, kw_only=True)
class Several(Setting):
    """Some of several named values, at least one: a tuple of their names, in the order of `choices`."""

    choices: Mapping

    def read(self, text: str) -> tuple[str, ...] | None:
        """Return the names nearest to those that an address says, or None where none is near one."""
        return self.nearest(_parts(text[:MOST_READ]))

    def nearest(self, value) -> tuple[str, ...] | None:
        """Return the names that are spelt most like these, or None where none is."""
        found = {name for text in value if (name := like(text, self.choices))}
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
        values = [as_number(part) for part in _parts(text)[:most]]
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
        return [as_number(part) for part in _parts(text)] == list(value)

    def write(self, value: tuple[float, ...]) -> str:
        """Return the numbers as an address holds them: `read` gives the very same ones back."""
        return as_text(tuple(map(float, value)))

    def slip(self, text: str) -> Bounds | None:
        """Return the bounds that the numbers of a list overstep; None if they do not, or if it is no list."""
        _, most = self.count
        parts = _parts(text)
        values = [v for part in parts[: most + 1] if (v := as_number(part)) is not None]
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


def _parts(text: str) -> list[str]:
    """Return the parts of a list: between commas, semicolons or spaces."""
    return re.findall(r"[^\s,;]+", text[:LONGEST])
