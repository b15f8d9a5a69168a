"""Columns of a user's own table as a dataset: rows left out and counted, scaled, sampled, with a truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.columns import FEWEST_ROWS, chosen
from gmmviz.datasets import OWN
from gmmviz.tables import TableError, read

RNG = np.random.default_rng(0)
CLEAN = RNG.normal(size=(40, 3)) * [1, 2, 50] + [0, 10, 300]


def table_of(X, last=None):
    """A table with the names a, b, c ... and, if given, a column of words."""
    names = [chr(ord("a") + i) for i in range(len(X[0]))]
    rows = [[repr(float(value)) for value in row] for row in X]
    if last is not None:
        names, rows = [*names, "group"], [[*row, word] for row, word in zip(rows, last, strict=True)]
    return read("\n".join(",".join(row) for row in [names, *rows]))


def test_columns_come_in_the_order_in_which_they_are_chosen():
    found = chosen(table_of(CLEAN), [2, 0])
    np.testing.assert_array_equal(found.dataset.X, CLEAN[:, [2, 0]])
    assert found.dataset.columns == ("c", "a")
    assert (found.dataset.name, found.dataset.fixed, found.dataset.labels) == (OWN, True, None)
    assert (found.usable, found.notes) == (40, ())
    with pytest.raises(ValueError, match="read-only"):
        found.dataset.X[0, 0] = 1


def test_rows_without_a_number_are_left_out_counted_and_named():
    X = CLEAN.copy()
    X[3, 0], X[5, 1], X[7, 1], X[9, 2] = np.nan, np.inf, np.nan, np.nan
    found = chosen(table_of(X), [0, 1])
    np.testing.assert_array_equal(found.dataset.X, np.delete(CLEAN[:, :2], [3, 5, 7], axis=0))
    assert found.usable == 37
    assert found.notes == (
        '3 of 40 rows are left out, without a number in "a" (1), "b" (2; 1 infinite). Other columns may keep them.',
    )
    assert chosen(table_of(X), [2, 2][:1]).notes == (
        '1 of 40 rows is left out, without a number in "c" (1). Other columns may keep it.',
    )


def test_a_word_among_the_numbers_is_quoted():
    text = "a b\n" + "\n".join(f"{i} {i * i}" for i in range(20)) + "\n5 many"
    (note,) = chosen(read(text), [0, 1]).notes
    assert '"b" (1; 1 text, such as "many" in line 22)' in note


def test_too_few_rows_are_counted_and_say_where_numbers_are_missing():
    X = CLEAN.copy()
    X[8:, 1] = np.nan
    with pytest.raises(
        TableError, match=r'Of 40 rows, 8 have a number .* 10 are needed. .* "b" \(32\). Choose other'
    ):
        chosen(table_of(X), [0, 1])
    with pytest.raises(TableError, match="The table has 9 rows; at least 10 are needed"):
        chosen(table_of(CLEAN[:9]), [0, 1])
    assert len(chosen(table_of(CLEAN[:FEWEST_ROWS]), [0, 1]).dataset.X) == FEWEST_ROWS


def test_a_column_that_is_constant_where_it_counts_is_named():
    X = CLEAN.copy()
    X[:20, 0], X[20:, 1] = 7.0, np.nan
    with pytest.raises(TableError, match='"a" has the same number, 7, in all 20 rows'):
        chosen(table_of(X), [0, 1])


def test_scaling_takes_off_the_mean_and_divides_by_the_deviation():
    dataset = chosen(table_of(CLEAN), [0, 1, 2], scale=True).dataset
    np.testing.assert_allclose(dataset.X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(dataset.X.std(axis=0), 1)
    np.testing.assert_allclose(np.corrcoef(dataset.X.T), np.corrcoef(CLEAN.T))
    assert dataset.columns == ("a (scaled)", "b (scaled)", "c (scaled)")
    assert dataset.equal_axes


def test_axes_are_equal_only_where_columns_spread_alike():
    table = table_of(CLEAN)
    assert chosen(table, [0, 1]).dataset.equal_axes
    assert not chosen(table, [0, 2]).dataset.equal_axes


@given(st.integers(FEWEST_ROWS, 60))
def test_a_part_of_the_rows_is_always_the_same_part(rows):
    table = table_of(CLEAN, ["x", "y"] * 20)
    found, again = (chosen(table, [0, 1], label=3, rows=rows) for _ in range(2))
    n = min(rows, 40)
    assert found.dataset.X.shape == (n, 2)
    np.testing.assert_array_equal(found.dataset.X, again.dataset.X)
    at = [np.flatnonzero((CLEAN[:, :2] == row).all(axis=1)).item() for row in found.dataset.X]
    assert at == sorted(set(at))
    assert found.dataset.labels.tolist() == [i % 2 for i in at]
    assert found.usable == 40
    assert found.notes == (() if n == 40 else (f"Used: a random {n} of the 40 rows, always the same ones.",))


def test_labels_are_numbers_from_0_without_gaps_and_an_empty_one_is_a_group():
    words = ["red", "", "blue", "red"] * 10
    labels = chosen(table_of(CLEAN, words), [0, 1], label=3).dataset.labels
    assert labels.tolist() == [2, 0, 1, 2] * 10
    X = CLEAN.copy()
    X[[i for i, word in enumerate(words) if word == "blue"], 0] = np.nan
    assert set(chosen(table_of(X, words), [0, 1], label=3).dataset.labels) == {0, 1}
