"""A table as it was read, what is known of its columns, and what is wrong with one that cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

MOST_GROUPS = 30
"""Different entries that a column of labels may have: as many as there are colours."""


class TableError(ValueError):
    """What is wrong with a table, and what can be done about it: plain text for the reader, no markup."""


class Column(NamedTuple):
    """What is known of one column.

    Attributes
    ----------
    name : str
        Of one line; no two columns of a table have the same.
    kind : {"numbers", "constant", "huge", "text", "empty"}
        Only numbers can be fitted.
    missing, infinite, words : int
        Entries that are no finite number: none at all, infinite, or text.
    example : str
        The first entry that is text, and its line; "" where there is none.
    groups : int
        How many different entries there are.
    """

    name: str
    kind: str
    missing: int
    infinite: int
    words: int
    example: str
    groups: int


@dataclass(frozen=True, eq=False)
class Table:
    """A table as it was read.

    Attributes
    ----------
    columns : tuple of Column
    numbers : (N, C) float64 array, read-only
        nan where an entry is no number; infinite where it is.
    labels : (N, C) uint8 array, read-only
        Each entry as a group's number, of columns with `MOST_GROUPS` groups at most; 0 in others.
    notes : tuple of str
        What was left out, or taken in one of several ways: plain text.
    digest : str
        Ten hexadecimal digits that another table has not.
    """

    columns: tuple[Column, ...]
    numbers: np.ndarray
    labels: np.ndarray
    notes: tuple[str, ...]
    digest: str = field(default="")

    @property
    def numeric(self) -> list[int]:
        """The columns, from 0, that can be fitted."""
        return [i for i, column in enumerate(self.columns) if column.kind == "numbers"]

    @property
    def groupable(self) -> list[int]:
        """The columns, from 0, that can serve as labels."""
        return [i for i, column in enumerate(self.columns) if 2 <= column.groups <= MOST_GROUPS]
