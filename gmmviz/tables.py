"""A table that the user brings along: bytes or pasted text -> columns of numbers, or an error that says what to do.

CSV in its dialects: commas, semicolons, tabs or blanks between the entries, points or commas for decimals, names in the
first line or not. Nothing is left out silently: a table carries notes that count it. pandas, which makes numbers of the
entries, is imported where it is used, as it takes long to load.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from gmmviz.numerals import MINUS, numeral
from gmmviz.plain import one_line

__all__ = ["MOST_BYTES", "MOST_COLUMNS", "MOST_GROUPS", "MOST_ROWS", "Column", "Table", "TableError", "read"]

MOST_BYTES = 20 * 2**20
MOST_ROWS, MOST_COLUMNS = 200_000, 32
MOST_GROUPS = 30
"""Different entries that a column of labels may have: as many as there are colours."""
MOST_LETTERS = 40
"""Letters of a name."""
SAMPLE = 200
"""Lines by which the dialect is found."""
MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "<NA>", "#N/A", "?", ".", "-", "--")
"""Entries that say that there is none."""
LARGEST = 1e100
"""Beyond it squares, of which covariances are made, leave the range of numbers."""
SAME = 1e-9
"""A column whose numbers differ by no more than this share of their size counts as constant."""

NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)
ARCHIVES = {
    b"PK\x03\x04": "a zip archive, as Excel's .xlsx files are, too",
    b"\x1f\x8b": "compressed (gzip)",
    b"BZh": "compressed (bzip2)",
    b"\xfd7zXZ": "compressed (xz)",
    b"\x28\xb5\x2f\xfd": "compressed (zstandard)",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\xd0\xcf\x11\xe0": "an old Excel or Office file",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
"""What files begin with that are no text. None is unpacked: a few bytes may unpack to more than any memory holds."""
NOTHING = "There is nothing in it. Give a line for each point, with its numbers side by side."
AS_CSV = 'Open it in the program it comes from, save it as "CSV UTF-8", and choose that file.'


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
    text = _text(given)
    rows, delimiter, left_out = _rows(text)
    decimal = _decimal(rows[:SAMPLE], delimiter)
    headed = _is_headed(rows, decimal)
    first = rows[0].entries
    lines = [row.line for row in rows[headed:]]
    if not lines:
        raise TableError("The table has names and nothing under them. Add rows of numbers.")
    names, renamed = _names(first if headed else [""] * len(first))
    columns, numbers, labels = _columns(names, [row.entries for row in rows[headed:]], lines, decimal)
    _expect_numbers(columns)
    notes = [_how_it_was_read(headed, delimiter if len(names) > 1 else "", decimal), *left_out, *renamed]
    for array in (numbers, labels):
        array.flags.writeable = False
    return Table(tuple(columns), numbers, labels, tuple(notes), _digest(names, numbers, labels))


# --- Bytes -> text ----------------------------------------------------------------------------------------------------


def _text(given: bytes | str) -> str:
    """Return the text of a file, or of what was pasted, with a line feed after each line."""
    if len(given) > MOST_BYTES:
        size, most = (numeral(n / 2**20, ".0f") for n in (len(given), MOST_BYTES))
        raise TableError(f"This is {size} MB; {most} MB can be read. Keep fewer rows or columns.")
    text = _decoded(given) if isinstance(given, bytes) else given.removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise TableError(NOTHING)
    if "\0" in text or len(re.findall(r"[\x01-\x08\x0e-\x1b\x7f]", text[:10_000])) > 10:
        raise TableError(f"This is no text: it holds signs that no table has. {AS_CSV}")
    if re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        raise TableError("This is a web page, or XML, and no table. Download the table itself, as CSV.")
    return text.replace(MINUS, "-")


def _decoded(data: bytes) -> str:
    """Return a file's text: UTF-8, with or without a mark, or else Latin-1 as Windows has it."""
    for signature, kind in ARCHIVES.items():
        if data.startswith(signature):
            raise TableError(f"This file is {kind}. It was not opened. {AS_CSV}")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[1:200:2].count(0) > 40 or data[:200:2].count(0) > 40:
        raise TableError(f'This file is saved as UTF-16 (Excel calls it "Unicode text"). {AS_CSV}')
    if b"\0" in data:
        raise TableError(f"This is no text: it holds bytes that no table has. {AS_CSV}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


# --- Text -> rows of entries ------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """The entries of one row, and the line of the file in which it ends, from 1."""

    line: int
    entries: list[str]


def _rows(text: str) -> tuple[list[_Row], str, list[str]]:
    """Return the rows of equal length, what stands between their entries, and notes on what was left out."""
    if told := re.match(r"sep=([;,|\t ])\n", text):  # as Excel writes it
        delimiter, text = told[1], "\n" + text[told.end() :]
    else:
        delimiter = _delimiter(text)
    if text.count("\n") > 2 * MOST_ROWS + 10:  # before anything is made of them
        raise TableError(_too_many_rows(text.count("\n")))
    rows = _parsed(text, delimiter)
    if not rows:
        raise TableError(NOTHING)
    if len(rows) > MOST_ROWS + 1:
        raise TableError(_too_many_rows(len(rows)))
    return _of_equal_length(rows, delimiter)


def _too_many_rows(n: int) -> str:
    return (
        f"The table has {numeral(n)} rows; {numeral(MOST_ROWS)} can be read. Keep a random part of them: it tells as "
        "much of a mixture."
    )


def _parsed(text: str, delimiter: str, strict: bool = True) -> list[_Row]:
    """Return all rows that hold anything; `strict`: quotation marks must enclose whole entries."""
    if delimiter == " ":
        text = text.replace("\t", " ")
    found = []
    if '"' in text:
        lines = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=strict)
        try:
            for row in lines:
                found.append(_Row(lines.line_num, [entry.strip() for entry in row]))
        except csv.Error:
            raise TableError(
                f'At line {numeral(lines.line_num)} there is a quotation mark (") that does not enclose a whole entry, '
                "or one that is never closed. Remove it."
            ) from None
    else:
        split = None if delimiter == " " else delimiter
        for number, line in enumerate(text.split("\n"), 1):
            found.append(_Row(number, [entry.strip() for entry in line.split(split, 10 * MOST_COLUMNS)]))
    return [row for row in found if any(row.entries)]


def _of_equal_length(rows: list[_Row], delimiter: str) -> tuple[list[_Row], str, list[str]]:
    """Return the rows that are as long as most are, the first among them, and a note that counts the others."""
    lengths = Counter(len(row.entries) for row in rows[1:] or rows)
    width = max(lengths, key=lambda length: (lengths[length], length))
    first, others = rows[0], rows[1:]
    if len(first.entries) == width - 1:  # as R writes it: the rows' own names have no name
        first = first._replace(entries=["", *first.entries])
    first = first._replace(entries=[*first.entries[:width], *[""] * (width - len(first.entries))])
    if width > MOST_COLUMNS:
        raise TableError(
            f"The table has {numeral(width)} columns; {MOST_COLUMNS} can be read. Keep those that you want to fit."
        )
    kept = [first, *(row for row in others if len(row.entries) == width)]
    odd = [row for row in others if len(row.entries) != width]
    if not odd:
        return kept, delimiter, []
    lines = "1 line was" if len(odd) == 1 else f"{numeral(len(odd))} lines were"
    which = "It is" if len(odd) == 1 else "The first is"
    return (
        kept,
        delimiter,
        [
            f"{lines} left out, as the number of entries is another than the {width} of the others. {which} line "
            f"{numeral(odd[0].line)}, with {numeral(len(odd[0].entries))}."
        ],
    )


def _delimiter(text: str) -> str:
    """Return what stands between the entries: what makes most of them numbers, in rows of equal length."""
    lines = [line for line in text[: 1000 * SAMPLE].split("\n")[:SAMPLE] if line.strip()]
    sample = "\n".join(line[:5000] for line in lines)

    def merit(delimiter: str) -> tuple:
        try:
            rows = [row.entries for row in _parsed(sample, delimiter, strict=False)]
        except TableError:
            return (0,)
        below = rows[1:] or rows
        if not below:
            return (0,)
        (width, many), *_ = Counter(map(len, below)).most_common(1)
        if width < 2:
            return (0,)
        entries = [entry for row in below for entry in row]
        numbers = sum(_is_number(entry, "." if delimiter == "," else None) for entry in entries)
        return (1, round(many / len(below), 2) * (0.05 + numbers / len(entries)))

    return max(("\t", ";", ",", " "), key=merit)


# --- Entries -> numbers -----------------------------------------------------------------------------------------------


def _is_number(entry: str, decimal: str | None = None) -> bool:
    """Return whether an entry is a number; `decimal`: the only sign for decimals that counts."""
    other = {".": ",", ",": "."}.get(decimal)
    return bool(NUMBER.fullmatch(entry)) and not (other and other in entry)


def _is_word(entry: str) -> bool:
    """Return whether an entry may be a name: it has a letter, and is no number for it."""
    return any(map(str.isalpha, entry)) and not _is_number(entry)


def _decimal(rows: Sequence[_Row], delimiter: str) -> str:
    """Return the sign before decimals: the one that more numbers have."""
    if delimiter == ",":
        quoted = [entry for row in rows for entry in row.entries if "," in entry and _is_number(entry)]
        return "," if quoted and not any("." in entry for row in rows[1:] for entry in row.entries) else "."
    entries = [entry for row in rows for entry in row.entries if _is_number(entry)]
    commas, points = (sum(sign in entry for entry in entries) for sign in ",.")
    return "," if commas > points else "."


def _is_headed(rows: Sequence[_Row], decimal: str) -> bool:
    """Return whether the first row holds names: a word in it stands over numbers, or only words stand in it."""
    first, below = rows[0].entries, [row.entries for row in rows[1 : SAMPLE + 1]]
    words = [entry not in MISSING and _is_word(entry) for entry in first]

    def mostly_numbers(i: int) -> bool:
        given = [row[i] for row in below if row[i] not in MISSING]
        return bool(given) and 2 * sum(_is_number(entry, decimal) for entry in given) >= len(given)

    over_numbers = any(word and mostly_numbers(i) for i, word in enumerate(words))
    return over_numbers or (all(words) and not any(mostly_numbers(i) for i in range(len(first))))


def _names(given: Sequence[str]) -> tuple[list[str], list[str]]:
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


def _columns(
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


def _expect_numbers(columns: Sequence[Column]) -> None:
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


WHY = {
    "text": "with text",
    "constant": "with the same number throughout",
    "empty": "without any number",
    "huge": f"with numbers beyond {numeral(LARGEST)}",
}
"""What is wrong with a column that cannot be fitted, by its kind."""
BETWEEN = {"\t": "tabs", ";": "semicolons", ",": "commas", " ": "blanks"}


def _how_it_was_read(headed: bool, delimiter: str, decimal: str) -> str:
    between = f"{BETWEEN.get(delimiter, repr(delimiter))} between entries, " if delimiter else ""
    first = "names in the first line" if headed else "no names, so columns are numbered"
    return f"Read with {between}{'commas' if decimal == ',' else 'points'} for decimals, {first}."


def _digest(names: Sequence[str], numbers: np.ndarray, labels: np.ndarray) -> str:
    found = hashlib.blake2b("\n".join(names).encode(), digest_size=5)
    found.update(np.ascontiguousarray(numbers).tobytes())
    found.update(np.ascontiguousarray(labels).tobytes())
    return found.hexdigest()
