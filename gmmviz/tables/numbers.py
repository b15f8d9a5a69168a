"""Entries -> numbers: columns with their names, and what keeps one from being fitted.

pandas, which makes numbers of the entries, is imported where it is used, as it takes long to load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from gmmviz.numerals import numeral
from gmmviz.plain import one_line
from gmmviz.tables.rows import MISSING
from gmmviz.tables.table import MOST_GROUPS, Column, TableError

MOST_LETTERS = 40
"""Letters of a name."""
LARGEST = 1e100
"""Beyond it squares, of which covariances are made, leave the range of numbers."""
SAME = 1e-9
"""A column whose numbers differ by no more than this share of their size counts as constant."""
WHY = {
    "text": "with text",
    "constant": "with the same number throughout",
    "empty": "without any number",
    "huge": f"with numbers beyond {numeral(LARGEST)}",
}
"""What is wrong with a column that cannot be fitted, by its kind."""


def names_of(given: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return a name for each column, no two alike, and a note on those that were."""
    names, twice = [], []
    for i, text in enumerate(given):
        name = base = one_line(text, MOST_LETTERS) or f"Column {i + 1}"
        again = 1
        while name in names:
            again += 1
            name = f"{base} ({again})"
        if again > 1 and base not in twice:
            twice.append(base)
        names.append(name)
    if not twice:
        return names, []
    listed = ", ".join(f'"{name}"' for name in twice[:5]) + (" ..." if len(twice) > 5 else "")
    return names, [f"Several columns have the same name, {listed}: a number tells them apart."]


def columns_of(
    names: Sequence[str], rows: Sequence[Sequence[str]], lines: Sequence[int], decimal: str
) -> tuple[list[Column], np.ndarray, np.ndarray]:
    """Return what is known of each column, its entries as numbers (N, C), and as numbers of groups (N, C)."""
    columns = []
    numbers = np.empty((len(rows), len(names)))
    labels = np.zeros((len(rows), len(names)), dtype=np.uint8)
    for i, name in enumerate(names):
        column, numbers[:, i], labels[:, i] = _column(name, [row[i] for row in rows], lines, decimal)
        columns.append(column)
    return columns, numbers, labels


def _column(name: str, entries: list[str], lines: Sequence[int], decimal: str):
    """Return one column, its numbers (N,) and its groups' numbers (N,)."""
    import pandas as pd

    written = pd.Series(entries, dtype=object)
    missing = written.isin(MISSING).to_numpy()
    values = _values(written, decimal)
    words = ~missing & np.isnan(values)
    infinite = np.isinf(values)
    n_numbers = len(values) - missing.sum() - words.sum()
    first = int(words.argmax())
    groups = sorted(written.unique())
    column = Column(
        name,
        _kind(values[np.isfinite(values)], n_numbers, words.sum()),
        int(missing.sum()),
        int(infinite.sum()),
        int(words.sum()),
        f'"{one_line(entries[first], MOST_LETTERS)}" in line {numeral(lines[first])}' if words.any() else "",
        len(groups),
    )
    labels = pd.Categorical(written, categories=groups).codes if len(groups) <= MOST_GROUPS else 0
    return column, values, labels


def _values(written, decimal: str) -> np.ndarray:
    """Return a series of texts as numbers, nan where a text is none."""
    import pandas as pd

    if decimal == ",":
        given = written.where(~written.str.contains(".", regex=False), "").str.replace(",", ".", regex=False)
    else:
        given = written
    return pd.to_numeric(given, errors="coerce").to_numpy(dtype=float)


def _kind(finite: np.ndarray, n_numbers: int, n_words: int) -> str:
    if n_numbers + n_words == 0:
        return "empty"
    if n_words > n_numbers or not len(finite):
        return "text" if n_words else "empty"
    low, high = finite.min(), finite.max()
    if max(abs(low), abs(high)) > LARGEST:
        return "huge"
    return "constant" if high - low <= SAME * max(abs(low), abs(high)) else "numbers"


def expect_numbers(columns: Sequence[Column]) -> None:
    """Raise unless one of the columns can be fitted."""
    if any(column.kind == "numbers" for column in columns):
        return
    kinds = Counter(column.kind for column in columns)
    told = ", ".join(f"{n} {WHY[kind]}" for kind, n in kinds.items())
    odd = next((column for column in columns if column.example), None)
    example = f' For example, "{odd.name}" has {odd.example}.' if odd else ""
    raise TableError(
        f"No column holds numbers that differ. Of {numeral(len(columns))}: {told}.{example} Numbers are written like "
        "1.5 or 1,5, without units and without signs between thousands."
    )
