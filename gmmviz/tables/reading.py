"""Read a table: text, rows, numbers, one after another, with notes on how it was read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from gmmviz.tables.numbers import columns_of, expect_numbers, names_of
from gmmviz.tables.rows import SAMPLE, decimal_of, is_headed, rows_of
from gmmviz.tables.table import Table, TableError
from gmmviz.tables.text import text_of

BETWEEN = {"\t": "tabs", ";": "semicolons", ",": "commas", " ": "blanks"}


def read(given: bytes | str) -> Table:
    """Read a table.

    Parameters
    ----------
    given : bytes or str
        A file's content, or pasted text.

    Returns
    -------
    Table
        With at least one column of numbers.

    Raises
    ------
    TableError
        Says what is wrong, counts and names it, and says what to do.

    Examples
    --------
    >>> table = read("length;width\\n1,5;2\\n2,5;4\\n3,5;3")
    >>> [column.name for column in table.columns], table.numbers[0].tolist()
    (['length', 'width'], [1.5, 2.0])
    """
    text = text_of(given)
    rows, delimiter, left_out = rows_of(text)
    decimal = decimal_of(rows[:SAMPLE], delimiter)
    headed = is_headed(rows, decimal)
    first = rows[0].entries
    lines = [row.line for row in rows[headed:]]
    if not lines:
        raise TableError("The table has names and nothing under them. Add rows of numbers.")
    names, renamed = names_of(first if headed else [""] * len(first))
    columns, numbers, labels = columns_of(names, [row.entries for row in rows[headed:]], lines, decimal)
    expect_numbers(columns)
    notes = [_how_it_was_read(headed, delimiter if len(names) > 1 else "", decimal), *left_out, *renamed]
    for array in (numbers, labels):
        array.flags.writeable = False
    return Table(tuple(columns), numbers, labels, tuple(notes), _digest(names, numbers, labels))


def _how_it_was_read(headed: bool, delimiter: str, decimal: str) -> str:
    between = f"{BETWEEN.get(delimiter, repr(delimiter))} between entries, " if delimiter else ""
    first = "names in the first line" if headed else "no names, so columns are numbered"
    return f"Read with {between}{'commas' if decimal == ',' else 'points'} for decimals, {first}."


def _digest(names: Sequence[str], numbers: np.ndarray, labels: np.ndarray) -> str:
    found = hashlib.blake2b("\n".join(names).encode(), digest_size=5)
    found.update(np.ascontiguousarray(numbers).tobytes())
    found.update(np.ascontiguousarray(labels).tobytes())
    return found.hexdigest()
