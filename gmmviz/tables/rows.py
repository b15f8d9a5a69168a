"""Text -> rows of entries, and how they are written: what stands between entries and before decimals, names or not."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from gmmviz.numerals import numeral
from gmmviz.tables.table import TableError
from gmmviz.tables.text import NOTHING

MOST_ROWS, MOST_COLUMNS = 200_000, 32
SAMPLE = 200
"""Lines by which the dialect is found."""
MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "<NA>", "#N/A", "?", ".", "-", "--")
"""Entries that say that there is none."""
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)


class Row(NamedTuple):
    """The entries of one row, and the line of the file in which it ends, from 1."""

    line: int
    entries: list[str]


def rows_of(text: str) -> tuple[list[Row], str, list[str]]:
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


def _parsed(text: str, delimiter: str, strict: bool = True) -> list[Row]:
    """Return all rows that hold anything; `strict`: quotation marks must enclose whole entries."""
    if delimiter == " ":
        text = text.replace("\t", " ")
    found = []
    if '"' in text:
        lines = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=strict)
        try:
            for row in lines:
                found.append(Row(lines.line_num, [entry.strip() for entry in row]))
        except csv.Error:
            raise TableError(
                f'At line {numeral(lines.line_num)} there is a quotation mark (") that does not enclose a whole entry, '
                "or one that is never closed. Remove it."
            ) from None
    else:
        split = None if delimiter == " " else delimiter
        for number, line in enumerate(text.split("\n"), 1):
            found.append(Row(number, [entry.strip() for entry in line.split(split, 10 * MOST_COLUMNS)]))
    return [row for row in found if any(row.entries)]


def _of_equal_length(rows: list[Row], delimiter: str) -> tuple[list[Row], str, list[str]]:
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


def decimal_of(rows: Sequence[Row], delimiter: str) -> str:
    """Return the sign before decimals: the one that more numbers have."""
    if delimiter == ",":
        quoted = [entry for row in rows for entry in row.entries if "," in entry and _is_number(entry)]
        return "," if quoted and not any("." in entry for row in rows[1:] for entry in row.entries) else "."
    entries = [entry for row in rows for entry in row.entries if _is_number(entry)]
    commas, points = (sum(sign in entry for entry in entries) for sign in ",.")
    return "," if commas > points else "."


def is_headed(rows: Sequence[Row], decimal: str) -> bool:
    """Return whether the first row holds names: a word in it stands over numbers, or only words stand in it."""
    first, below = rows[0].entries, [row.entries for row in rows[1 : SAMPLE + 1]]
    words = [entry not in MISSING and _is_word(entry) for entry in first]

    def mostly_numbers(i: int) -> bool:
        given = [row[i] for row in below if row[i] not in MISSING]
        return bool(given) and 2 * sum(_is_number(entry, decimal) for entry in given) >= len(given)

    over_numbers = any(word and mostly_numbers(i) for i, word in enumerate(words))
    return over_numbers or (all(words) and not any(mostly_numbers(i) for i in range(len(first))))


def _is_number(entry: str, decimal: str | None = None) -> bool:
    """Return whether an entry is a number; `decimal`: the only sign for decimals that counts."""
    other = {".": ",", ",": "."}.get(decimal)
    return bool(NUMBER.fullmatch(entry)) and not (other and other in entry)


def _is_word(entry: str) -> bool:
    """Return whether an entry may be a name: it has a letter, and is no number for it."""
    return any(map(str.isalpha, entry)) and not _is_number(entry)
