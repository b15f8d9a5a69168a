"""Values and their texts in an address, as all kinds of setting write and read them."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from functools import singledispatch

from gmmviz.numerals import MINUS

MOST_READ = 100  # characters of a single value that are read
LONGEST = 5000  # characters of a list of numbers that are read


def text_of(given) -> str:
    """Return what an address says of a setting: of a list of texts the last.

    >>> text_of("7"), text_of(["2", "7"])
    ('7', '7')
    """
    return str(given[-1] if isinstance(given, list | tuple) and given else given)


@singledispatch
def as_text(value) -> str:
    """Return a value as an address holds it.

    >>> as_text(3), as_text(1e-6), as_text(2.0), as_text("moons"), as_text((25.0, 9.5))
    ('3', '1e-06', '2', 'moons', '25,9.5')
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


def as_number(text: str) -> float | None:
    """Return the number that a text says, with Python's minus or a page's; None if it says none."""
    try:
        value = float(text.replace(MINUS, "-"))  # so that what a page shows can be typed
    except ValueError:
        return None
    return None if math.isnan(value) else value


def like(text: str, names: Mapping) -> str | None:
    """Return the name that is spelt most like a text, or None where none is."""
    near = difflib.get_close_matches(text.lower(), names, n=1, cutoff=0.6)
    return near[0] if near else None
