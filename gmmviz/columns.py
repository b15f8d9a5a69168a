"""Columns of a user's own table as a dataset: which rows can be used, in which units, and what is the truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gmmviz.datasets import OWN, Dataset
from gmmviz.geometry import subsample
from gmmviz.numerals import numeral
from gmmviz.tables import SAME, Table, TableError

FEWEST_ROWS = 10
"""As many as the folds into which a page may divide them."""
COMPARABLE = 4
"""Columns whose standard deviations differ by no more than this factor are drawn on equal axes."""


class Chosen(NamedTuple):
    """A dataset made of columns.

    Attributes
    ----------
    dataset : Dataset
        X (N, D), scaled if that was asked for.
    usable : int
        How many rows could be used, of which N are.
    notes : tuple of str
        What was left out: plain text.
    """

    dataset: Dataset
    usable: int
    notes: tuple[str, ...]


def usable_rows(table: Table, columns: Sequence[int]) -> np.ndarray:
    """Return which rows (N,) have a finite number in each of these columns, from 0."""
    return np.isfinite(table.numbers[:, list(columns)]).all(axis=1)


def chosen(
    table: Table, columns: Sequence[int], label: int | None = None, scale: bool = False, rows: int = 0
) -> Chosen:
    """Make a dataset of columns.

    Parameters
    ----------
    table : Table
    columns : sequence of D ints
        Columns of numbers, from 0.
    label : int, optional
        The column, from 0, that is the truth: one of `Table.groupable`. Where it has no entry, that is a group, too.
    scale : bool
        Whether each column is taken less its mean, and divided by its standard deviation.
    rows : int
        How many rows to use: a random part, always the same one; 0 for all.

    Raises
    ------
    TableError
        If too few rows are left, or a column has the same number in all that are.

    Examples
    --------
    >>> from gmmviz.tables import read
    >>> found = chosen(read("x y\\n" + "\\n".join(f"{i} {i * i}" for i in range(12)) + "\\n5 ?"), [0, 1])
    >>> found.dataset.X.shape, found.usable, found.notes
    ((12, 2), 12, ('1 of 13 rows is left out, without a number in "y" (1). Other columns may keep it.',))
    """
    here = usable_rows(table, columns)
    names = [table.columns[i].name for i in columns]
    if here.sum() < FEWEST_ROWS:
        raise TableError(_too_few(table, columns, here))
    kept = np.flatnonzero(here)
    used = kept[subsample(len(kept), rows or len(kept))]
    X = table.numbers[np.ix_(used, list(columns))]
    for name, values in zip(names, X.T, strict=True):
        if np.ptp(values) <= SAME * np.abs(values).max():
            raise TableError(
                f'"{name}" has the same number, {numeral(values[0], ".6g")}, in all {numeral(len(X))} rows that are '
                "used. Choose another column, or more rows."
            )
    if scale:
        X = (X - X.mean(axis=0)) / X.std(axis=0)
    X = np.ascontiguousarray(X)
    X.flags.writeable = False
    labels = None
    if label is not None:
        labels = np.unique(table.labels[used, label], return_inverse=True)[1].astype(np.int64)
        labels.flags.writeable = False
    dataset = Dataset(
        OWN,
        X,
        labels,
        "A table of your own.",
        tuple(f"{name} (scaled)" for name in names) if scale else tuple(names),
        equal_axes=comparable(X),
        fixed=True,
    )
    return Chosen(dataset, len(kept), (*_left_out(table, columns, here), *_sampled(len(X), len(kept))))


def comparable(X: np.ndarray) -> bool:
    """Return whether the columns of X (N, D) spread alike, so that one unit may be drawn as long in each.

    >>> comparable(np.array([[0.0, 0.0], [1.0, 3.0]])), comparable(np.array([[0.0, 0.0], [1.0, 30.0]]))
    (True, False)
    """
    spread = X.std(axis=0)
    return bool(spread.max() <= COMPARABLE * spread.min())


def _too_few(table: Table, columns: Sequence[int], here: np.ndarray) -> str:
    N, n = len(here), int(here.sum())
    least = f"{FEWEST_ROWS} are needed"
    if N < FEWEST_ROWS:
        return f"The table has {_counted(N)}; at least {least}. Add more."
    verb = "has" if n == 1 else "have"
    return (
        f"Of {_counted(N)}, {n or 'none'} {verb} a number in each of the columns chosen; at least {least}. Without "
        f"one: {_gaps(table, columns)}. Choose other columns."
    )


def _left_out(table: Table, columns: Sequence[int], here: np.ndarray) -> list[str]:
    """Return a note on the rows that cannot be used, if there are any."""
    N, n = len(here), int((~here).sum())
    if not n:
        return []
    verb, it = ("is", "it") if n == 1 else ("are", "them")
    return [
        f"{numeral(n)} of {_counted(N)} {verb} left out, without a number in {_gaps(table, columns)}. Other columns "
        f"may keep {it}."
    ]


def _gaps(table: Table, columns: Sequence[int]) -> str:
    """Return which columns lack numbers, in how many rows, and what stands there instead."""
    told = []
    for i in columns:
        column = table.columns[i]
        kinds = [
            f"{numeral(n)} infinite" if kind == "infinite" else f"{numeral(n)} text, such as {column.example}"
            for n, kind in ((column.infinite, "infinite"), (column.words, "words"))
            if n
        ]
        if n := column.missing + column.infinite + column.words:
            told.append(f'"{column.name}" ({"; ".join([numeral(n), *kinds])})')
    return ", ".join(told)


def _sampled(n: int, usable: int) -> list[str]:
    if n == usable:
        return []
    return [f"Used: a random {numeral(n)} of the {_counted(usable)}, always the same ones."]


def _counted(n: int) -> str:
    return f"{numeral(n)} row{'' if n == 1 else 's'}"
