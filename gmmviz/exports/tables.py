"""Tables for a spreadsheet, as CSV: plain numbers with all their digits, and no text that it would run as a formula.

A table is a header and rows; a feature's columns say their unit where its name does. K components, D features, T + 1
states, N points.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from gmmviz.datasets import Dataset
from gmmviz.em import Run, State, e_step

_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_FORMULA = r"\s*[=+\-@＝＋－＠]"  # what begins so is one
_CELL_OF_ONE, _LATER_ONE = re.compile(rf"\t|{_FORMULA}"), re.compile(rf"([;\t])(?={_FORMULA})")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_UNIT = re.compile(r"(.+) \((.+)\)")


class Table(NamedTuple):
    """Columns' names, and rows of texts, numbers, and None where there is nothing to say."""

    header: Sequence[str]
    rows: Iterable[Sequence]


# --- Written ----------------------------------------------------------------------------------------------------------


def lines(table: Table) -> Iterator[str]:
    """Yield a table's lines, the header first.

    >>> list(lines(Table(["K", "note"], [[3, "=1+1"], [0.1, None]])))
    ['K,note\\n', "3,'=1+1\\n", '0.1,\\n']
    """
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    for row in chain([table.header], table.rows):
        write([_cell(value) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def as_csv(table: Table) -> str:
    """Return a table as one text."""
    return "".join(lines(table))


def encoded(text: str) -> bytes:
    """Return a text as the bytes of a file: UTF-8, with the mark by which spreadsheets know it where it is not ASCII.

    >>> encoded("x1"), encoded("Größe")
    (b'x1', b'\\xef\\xbb\\xbfGr\\xc3\\xb6\\xc3\\x9fe')
    """
    return text.encode("ascii" if text.isascii() else "utf-8-sig")


def file_name(data: str, what: str) -> str:
    """Return the name of the file that holds something of a dataset, whatever that is called.

    >>> file_name("tutorial-five", "points"), file_name("../my data.csv", "points")
    ('tutorial-five-points.csv', 'my-data-csv-points.csv')
    """
    return "-".join([*re.findall(r"\w+", data), what]) + ".csv"


def _cell(value):
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, float):
        return repr(float(value)) if math.isfinite(value) else ""
    return value


def harmless(text: str) -> str:
    """Return a text in one line that no spreadsheet takes for a formula: an apostrophe stands before what would be one.

    Where a comma is the decimal sign, a semicolon ends a cell even in quotes: what begins after it is no formula
    either. Numbers stay numbers.

    Source: OWASP, "CSV Injection".

    >>> harmless("=1+1"), harmless("full"), harmless("-5"), harmless("a;@b")
    ("'=1+1", 'full', '-5', "a;'@b")
    """
    if _NUMBER.fullmatch(text):
        return text
    text = _LATER_ONE.sub(r"\1'", _BREAKS.sub(" ", text))
    return f"'{text}" if _CELL_OF_ONE.match(text) else text


# --- Of a run ---------------------------------------------------------------------------------------------------------


def points(dataset: Dataset, truth: bool = True) -> Table:
    """Return the points; `truth`: with their true groups, from 1, where these are known."""
    groups = _true_groups(dataset, truth)
    header = [*dataset.columns, *("true group" for _ in groups)]
    return Table(header, zip(*dataset.X.T.tolist(), *groups, strict=True))


def parameters(run: Run, columns: Sequence[str]) -> Table:
    """Return the mixture of every iteration, a row for each component, from 1.

    Parameters
    ----------
    run : Run
    columns : sequence of D str
        The features' names. Means are in their units, covariances in products of two.
    """
    D = len(columns)
    pairs = [(i, j) for i in range(D) for j in range(i, D)]
    means = [f"mean {column}" for column in columns]
    header = [
        "iteration",
        "component",
        "weight",
        *means,
        *(_second(columns[i], columns[j]) for i, j in pairs),
    ]
    return Table(header, _parameters(run, pairs))


def _parameters(run: Run, pairs: Sequence[tuple[int, int]]) -> Iterator[list]:
    for iteration, mixture, *_ in run.states:
        shape = mixture.covariances.tolist()
        for k, (weight, mean) in enumerate(
            zip(mixture.weights.tolist(), mixture.means.tolist(), strict=True)
        ):
            yield [iteration, k + 1, weight, *mean, *(shape[k][i][j] for i, j in pairs)]


def log_likelihoods(run: Run, n_points: int) -> Table:
    """Return the log-likelihood of every iteration, of all points, with what was gained, and of one in the mean."""
    header = ["iteration", "log-likelihood (ln, all points)", "gain (ln)", "log-likelihood (ln, per point)"]
    reached = [state.log_likelihood for state in run.states]
    gains = [None, *(after - before for before, after in pairwise(reached))]
    rows = zip(run.states, reached, gains, strict=True)
    return Table(header, ([state.iteration, total, gain, total / n_points] for state, total, gain in rows))


def responsibilities(dataset: Dataset, state: State, truth: bool = True) -> Table:
    """Return every point, from 1, with its responsibilities at one iteration; `truth` as in `points`."""
    R, _ = e_step(dataset.X, state.mixture)
    groups, K = _true_groups(dataset, truth), R.shape[1]
    header = [
        "point",
        *dataset.columns,
        *("true group" for _ in groups),
        "most probable component",
        *(f"responsibility of component {k + 1}" for k in range(K)),
    ]
    numbers, likely = range(1, len(R) + 1), (R.argmax(axis=1) + 1).tolist()
    return Table(header, zip(numbers, *dataset.X.T.tolist(), *groups, likely, *R.T.tolist(), strict=True))


def _true_groups(dataset: Dataset, truth: bool) -> list[list[int]]:
    """Return the column of the true groups, if there is one."""
    return [(dataset.labels + 1).tolist()] if truth and dataset.labels is not None else []


def _second(one: str, other: str) -> str:
    """Return the name of a variance's or covariance's column, with its unit.

    >>> _second("x1", "x1"), _second("Wait (min)", "Wait (min)"), _second("Wait (min)", "Height (m)")
    ('variance x1', 'variance Wait (min^2)', 'covariance Wait, Height (min * m)')
    """
    (name, unit), (other_name, other_unit) = _parted(one), _parted(other)
    units = [text for text in (unit, other_unit) if text]
    product = f"{unit}^2" if unit and unit == other_unit else " * ".join(units)
    what = f"variance {name}" if one == other else f"covariance {name}, {other_name}"
    return f"{what} ({product})" if product else what


def _parted(column: str) -> tuple[str, str]:
    """Return a column's name and its unit, "" where it has none."""
    found = _UNIT.fullmatch(column)
    return (found[1], found[2]) if found else (column, "")
