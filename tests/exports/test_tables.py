"""The tables hold the run's own numbers, with all digits, and no text that a spreadsheet would run."""

import csv
import io
import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from gmmviz.datasets import Dataset, load
from gmmviz.em import Mixture, e_step, fit
from gmmviz.exports import tables
from gmmviz.exports.tables import Table, harmless
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.starts import start

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|\t")
NUMBER = re.compile(r"[+-]?[\d.]+(e[+-]?\d+)?", re.IGNORECASE)


@pytest.fixture(scope="module")
def faithful():
    """A dataset whose columns have units, and its run."""
    experiment = Explorer(dataset="faithful", k=3)
    dataset = experiment.data()
    return dataset, experiment.run(dataset.X)


def written(table):
    """A table as it is read from the file."""
    return list(csv.reader(io.StringIO(tables.encoded(tables.as_csv(table)).decode("utf-8-sig"))))


def numbers(table):
    """The columns of a table of numbers, by name."""
    header, *rows = written(table)
    return dict(zip(header, np.array(rows, dtype=float).T, strict=True))


# Formulas


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1-1", "@SUM(A1)", "\t=1", "\tx", " =1", "\r=1", "＝1", '=HYPERLINK("http://x")'],
)
def test_no_text_is_a_formula(text):
    assert harmless(text).lstrip(" ")[0] == "'"
    assert harmless(f"a{text}").startswith("a")


@pytest.mark.parametrize("text", ["-5", "+0.5", "-1e-6", "-.5", "full", "", "a - b", "x=1", "Größe (cm)"])
def test_numbers_and_other_texts_stay_as_they_are(text):
    assert harmless(text) == text


@given(some.text(some.sampled_from("=+-@'\"a1;, \t\r\n\x85＝")) | some.text())
def test_no_cell_is_a_formula_wherever_a_spreadsheet_parts_cells(text):
    line = tables.as_csv(Table(["name"], [["x", text, "x"]])).split("\n", 1)[1]
    assert len(line.splitlines()) == 1
    for sign in ",;\t":
        (cells,) = csv.reader([line], delimiter=sign)
        assert [cell for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell.strip('"'))] == []


def test_what_is_ascii_has_no_mark_and_what_is_not_is_known_as_utf_8():
    assert tables.encoded("x1") == b"x1"
    assert tables.encoded("Größe").startswith(b"\xef\xbb\xbf")


# Numbers


@given(some.lists(some.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_keep_all_their_digits(values):
    _, row = written(Table(["x"], [values]))
    assert [float(text) for text in row] == values


def test_what_is_no_number_and_nothing_are_empty():
    assert written(Table(["a"], [[math.nan, math.inf, None, np.float64(0.1), 3]]))[1] == [
        "",
        "",
        "",
        "0.1",
        "3",
    ]


def test_the_parameters_of_every_iteration_are_the_runs(faithful):
    dataset, run = faithful
    found = numbers(tables.parameters(run, dataset.columns))
    mixtures = [state.mixture for state in run.states]
    for name, of in {
        "iteration": [[state.iteration] * 3 for state in run.states],
        "component": [[1, 2, 3] for _ in run.states],
        "weight": [mixture.weights for mixture in mixtures],
        "mean Eruption (minutes)": [mixture.means[:, 0] for mixture in mixtures],
        "mean Waiting (minutes)": [mixture.means[:, 1] for mixture in mixtures],
        "variance Eruption (minutes^2)": [mixture.covariances[:, 0, 0] for mixture in mixtures],
        "covariance Eruption, Waiting (minutes^2)": [mixture.covariances[:, 0, 1] for mixture in mixtures],
        "variance Waiting (minutes^2)": [mixture.covariances[:, 1, 1] for mixture in mixtures],
    }.items():
        assert np.array_equal(found.pop(name), np.concatenate(of))
    assert found == {}


@pytest.mark.parametrize("D", [1, 3])
def test_there_are_columns_for_every_feature_and_every_pair(D):
    X = np.random.default_rng(0).normal(size=(20, D))
    run = fit(X, start(X, 2, "k-means"), max_iter=3)
    found = numbers(tables.parameters(run, [f"x{i}" for i in range(D)]))
    assert len(found) == 3 + D + D * (D + 1) // 2
    last = run.states[-1].mixture
    assert found[f"variance x{D - 1}"][-1] == last.covariances[-1, -1, -1]
    if D > 1:
        assert found["covariance x0, x2"][-1] == last.covariances[-1, 0, 2]


def test_the_log_likelihoods_are_the_runs_and_the_gains_their_steps(faithful):
    dataset, run = faithful
    header, *rows = written(tables.log_likelihoods(run, len(dataset.X)))
    total, gain, each = (header.index(name) for name in header[1:])
    reached = [state.log_likelihood for state in run.states]
    assert [float(row[total]) for row in rows] == reached
    assert rows[0][gain] == ""
    assert [float(row[gain]) for row in rows[1:]] == np.diff(reached).tolist()
    assert [float(row[each]) for row in rows] == pytest.approx([value / 272 for value in reached], rel=1e-15)
    assert [int(row[0]) for row in rows] == list(range(len(run.states)))


def test_the_responsibilities_are_those_of_the_e_step_point_by_point():
    dataset = load("iris")
    state = fit(dataset.X, start(dataset.X, 3, "k-means"), max_iter=4).states[2]
    found = numbers(tables.responsibilities(dataset, state))
    R, _ = e_step(dataset.X, state.mixture)
    assert np.array_equal(found["point"], np.arange(1, 151))
    assert np.array_equal(
        np.column_stack([found.pop(f"responsibility of component {k}") for k in (1, 2, 3)]), R
    )
    assert np.array_equal(found["most probable component"], R.argmax(axis=1) + 1)
    assert np.array_equal(found["true group"], dataset.labels + 1)
    assert np.array_equal(np.column_stack([found[name] for name in dataset.columns]), dataset.X)


def test_the_points_are_the_datasets(faithful):
    iris, (geyser, _) = load("iris"), faithful
    found = numbers(tables.points(iris))
    assert [*found] == [*iris.columns, "true group"]
    assert np.array_equal(np.column_stack(list(found.values())), np.column_stack([iris.X, iris.labels + 1]))
    assert [*numbers(tables.points(geyser))] == [*geyser.columns]  # nobody knows its groups


def test_hidden_true_groups_are_in_no_table():
    dataset = load("iris")
    state = fit(dataset.X, start(dataset.X, 2, "k-means"), max_iter=1).states[1]
    for table in (tables.points(dataset, truth=False), tables.responsibilities(dataset, state, truth=False)):
        assert "true group" not in table.header
        assert {len(row) for row in table.rows} == {len(table.header)}


def test_names_from_a_file_are_text():
    X = np.array([[0.0, 1.0], [1.0, 0.0], [5.0, 5.0]])
    dataset = Dataset("own", X, None, "", ("=cmd|' /C calc'!A0", "a;=1+1"), equal_axes=True, fixed=True)
    run = fit(X, Mixture([1.0], [[1.0, 1.0]], [np.eye(2)]), reg_covar=0.1, max_iter=1)
    for table in (
        tables.points(dataset),
        tables.responsibilities(dataset, run.states[0]),
        tables.parameters(run, dataset.columns),
    ):
        line, *_ = tables.lines(table)
        for sign in ",;\t":
            (cells,) = csv.reader([line], delimiter=sign)
            assert not any(FORMULA.match(cell) for cell in cells)
