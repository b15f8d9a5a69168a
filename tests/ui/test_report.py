"""What pages say of a run: the end's numbers as the end's, what happened when, and advice that can be followed."""

import re

import numpy as np
import pytest

from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, fit
from gmmviz.em.sentences import sentence, when
from gmmviz.kmeans import kmeans
from gmmviz.pages import script
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.numbers import PairedRuns
from gmmviz.pages.k_means.words import happened
from gmmviz.projection import outlook
from gmmviz.ui import report
from tests.session import Session


def notice(session):
    (found,) = (
        note.value for note in session.at.warning if "Iteration" in note.value or "step after" in note.value
    )
    return found


@pytest.mark.parametrize("page", ["explorer", "density", "collapse"])
def test_the_numbers_beside_a_film_are_said_to_be_those_of_the_end(page):
    session = Session({"it": "2"}, None if page == "explorer" else script(page))
    texts = [element.value for element in session.at.markdown]
    first = next(i for i, text in enumerate(texts) if re.search(r"\d iterations\b", text))
    assert texts[first - 1] == "At the end:"


def test_a_collapse_is_told_where_the_film_ends():
    session = Session({}, script("collapse"))
    last = max(session.player["figure"]["scene"]["iterations"])
    told = notice(session)
    assert f"- In the step after iteration {last}: Component 3 collapsed" in told
    assert f"Iteration {last + 1}" not in told
    assert "the 121st row of the data" in told


def test_so_is_a_fall_before_which_a_run_stopped_and_what_came_earlier_has_its_own_iteration():
    assert [when(t, 13) for t in (0, 12, 13, 14)] == [
        "Iteration 0",
        "Iteration 12",
        "Iteration 13",
        "In the step after iteration 13",
    ]


def test_so_it_is_beside_k_means():
    X = np.array([[0.0, 0.0], [1, 0], [0, 1], [50, 50], [50, 50], [50, 50]])
    means = np.array([[0.0, 0.0], [50.0, 50.0]])
    runs = PairedRuns(kmeans(X, means), fit(X, Mixture([0.5, 0.5], means, [np.eye(2)] * 2)))
    last = len(runs.em.states) - 1
    (line,) = happened(runs)
    assert line.startswith(f"- EM, in the step after iteration {last}: Component 2 collapsed")


@pytest.mark.parametrize(
    ("query", "advised"),
    [
        ({"max_iter": "3"}, "Allow more iterations under *Floor and stop rule*, or a larger tolerance."),
        ({"tol": "0", "max_iter": "2000", "n": "30"}, "A larger tolerance would let it stop earlier."),
    ],
)
def test_no_more_iterations_are_advised_than_there_can_be(query, advised):
    (told,) = (note.value for note in Session(query).at.info)
    assert told.endswith(advised)
    assert ("Allow more" in told) == (query["max_iter"] == "3")


def test_where_there_is_no_tolerance_none_is_advised(monkeypatch):
    rows = Explorer().table()
    monkeypatch.setattr(report.session, "table", lambda: {"max_iter": rows["max_iter"]})
    assert report.advice(1999, "here") == "Allow more iterations here."
    assert report.advice(2000, "here") == "More cannot be asked for here."


def test_many_components_are_counted_not_listed():
    session = Session({"n": "20", "k": "16"})
    told = notice(session)
    lists = [line for line in told.splitlines() if line.count(",") > 4]
    assert lists == []
    assert "components rest on too few points (from " in told


def test_a_feature_is_called_by_its_name_where_that_is_known():
    X = np.column_stack([np.arange(9.0), np.ones(9)])
    start = Mixture([0.5, 0.5], [[1.0, 1.0], [7.0, 1.0]], [np.eye(2)] * 2)
    (event,) = fit(X, start).events
    assert "The 2nd feature of the data is constant" in event.message
    assert "The feature width (cm) is constant" in sentence(event, features=("length", "width (cm)"))
    assert "The 2nd feature of the data is constant" in sentence(event, features=("length",))


def test_many_columns_and_points_that_are_not_drawn_are_told():
    X = np.random.default_rng(0).normal(size=(150_000, 3))
    names = ("a*b", "<i>", "c")
    said = report.about_the_outlook(outlook(Dataset("own", X, None, "", names, True, True), (0, 1)))
    assert len(said) == 2
    assert "fitted in 3 columns at once" in said[0]
    assert "a*b" not in said[0]  # escaped
    assert "<i>" not in said[0]
    assert "a random 133,333 of the 150,000 points; EM fits all of them" in said[1]
    assert (
        report.about_the_outlook(outlook(Dataset("own", X[:99, :2], None, "", names[:2], True, True))) == []
    )
