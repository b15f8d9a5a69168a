"""The kinds of setting that a hand sets in the picture, and no widget: places and dots."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from gmmviz.corrections import Bounds, Legible
from gmmviz.settings.kinds import Setting
from gmmviz.settings.text import LONGEST, MOST_READ, as_number, as_text

LETTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"  # 64, which no address has to escape
)


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


def _place(text: str) -> tuple[float, float] | None:
    """Return the two numbers of "-1.2,3", or None where there are not two.

    >>> _place("-1.2,3"), _place("1"), _place("1,2,3"), _place("1,nan")
    ((-1.2, 3.0), None, None, None)
    """
    values = [as_number(part) for part in text[:MOST_READ].split(",")]
    return None if len(values) != 2 or None in values else (values[0], values[1])
