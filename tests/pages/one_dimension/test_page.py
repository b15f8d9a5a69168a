"""The page on one dimension: it shows the run of its address, number by number, and its fields change the start."""

import json
import re

import numpy as np
import pyarrow as pa
import pytest

from gmmviz.em import e_step
from gmmviz.em.sentences import counted, sentence
from gmmviz.numerals import numeral, typeset
from gmmviz.pages import script
from gmmviz.pages.one_dimension.figure import line_film
from gmmviz.pages.one_dimension.numbers import e_step_table, log_of_sum, m_step_numbers, with_old_means
from gmmviz.pages.one_dimension.settings import EXAMPLES, OneDimension
from gmmviz.pages.one_dimension.words import own_words
from tests.session import Session

PAGE = script("one-dimension")
GOOD = [
    {},
    {"example": "first", "estep": "plain", "row": "60"},
    {"example": "hastie", "it": "19"},
    {"example": "own", "it": "2", "row": "9"},
    {"variances": "25,9,1", "it": "5"},
    {"variances": "25,9,1", "fixed": "yes", "it": "11"},
    {"variances": "25,9,1", "criterion": "parameters"},
    {"means": "0", "variances": "100", "max_iter": "3", "tol": "0"},
    {"means": "1,2,3,4,5,6", "weights": "1,1,1,1,1,9"},
    {"example": "own", "points": "1,1,1,2,2,5,6,7,7,7,20", "it": "12"},  # collapses
    {"example": "own", "points": "3,3"},  # collapses at once
    {"means": "-1000000,1000000", "variances": "1e-06,1e-06"},
]
HOSTILE = [
    {"example": "own", "points": "<script>alert(1)</script>"},
    {"example": "own", "points": "nan,inf"},
    {"example": "own", "points": "1e999,-1e999,5"},
    {"example": "own", "points": "7," * 5000, "means": "7," * 99},
    {"example": "own", "points": "1"},
    {"means": "", "variances": "-5,0", "weights": "0,0,0"},
    {"means": "**a**", "variances": "$x$", "weights": ":red[1]"},
    {"example": "[a](b)", "row": "-4", "it": "1e9", "fixed": "maybe", "estep": "?", "dataset": "moons"},
]


def opened(query=(), page=PAGE):
    return Session(query, page)


def table_of(session, number):
    """One of the page's tables, by its columns."""
    table = pa.ipc.open_stream(session.at.dataframe[number].proto.arrow_data.data).read_all()
    return {name: np.array(table[name].to_pylist()) for name in table.column_names if "index" not in name}


def tex(value):
    return typeset(value, ".5g")


def assert_shows(session, settings):
    """All that the page draws and says is of these settings."""
    assert session.errors == []
    assert OneDimension.from_query(session.address) == (settings, [])
    X = settings.data().X
    run = settings.run(X)
    state, last = run.states[settings.it], run.states[-1]
    film = line_film(X, run, settings.row - 1, keep=session.player["iteration"])
    assert session.player["figure"] == json.loads(json.dumps(film))
    assert session.player["clickable"]
    words = session.words
    assert f"**{counted(last.iteration, 'iteration')}**" in words
    assert f"**Log-likelihood {numeral(last.log_likelihood, '.3f')}**" in words
    assert f"Iteration {settings.it}: log-likelihood {numeral(state.log_likelihood, '.4f')}" in words
    assert_tables(session, settings, state.mixture, X)
    assert_formulas(session, settings, state.mixture, X)
    assert f"the second {numeral(log_of_sum(X, state.mixture), '.3f')}" in words
    found = with_old_means(X, state.mixture)
    assert ", ".join(numeral(v, ".4g") for v in found.variances) in words
    if found.log_likelihood is not None and found.right_log_likelihood is not None:
        wrong, right = (numeral(L, ".4f") for L in (found.log_likelihood, found.right_log_likelihood))
        assert (f"{wrong}, not **{right}**" if wrong != right else "hardly move any more") in words
    for event in run.events:
        assert sentence(event, own_words(run, X)) in words
    for foreign in ("counted from 0", "tied", "floor", "Feature"):
        assert foreign not in words
    assert ("EM was stopped after" in words) == (run.stop_reason == "max_iter")


def assert_tables(session, settings, mixture, X):
    components = table_of(session, 0)
    np.testing.assert_array_equal(components["weight"], mixture.weights)
    np.testing.assert_array_equal(components["mean"], mixture.means[:, 0])
    np.testing.assert_array_equal(components["variance"], mixture.covariances[:, 0, 0])
    step = e_step_table(X, mixture, settings.estep == "weighted")
    columns = [np.arange(len(X)) + 1, X[:, 0], *step.densities.T, step.total, *step.responsibilities.T]
    found = list(table_of(session, 1).values())
    assert len(found) == len(columns) + 1
    for shown, expected in zip(found, columns, strict=False):
        np.testing.assert_array_equal(shown, expected)
    np.testing.assert_allclose(found[-1], 1, rtol=1e-12)
    if settings.estep == "weighted":
        np.testing.assert_allclose(step.responsibilities, e_step(X, mixture)[0], rtol=1e-9, atol=1e-290)
    assert session.at.session_state["e_step_table"]["selection"]["rows"] == [settings.row - 1]
    assert f"**Point {settings.row}**, x = {numeral(X[settings.row - 1, 0], '.6g')}" in session.words
    for share in step.responsibilities[settings.row - 1]:
        assert f"= {tex(share)}$" in session.words


def assert_formulas(session, settings, mixture, X):
    """The M-step's numbers, a block for each component."""
    step = m_step_numbers(X, mixture)
    blocks = [text.value for text in session.at.markdown if "aligned" in text.value]
    assert len(blocks) == settings.k
    for k, block in enumerate(blocks):
        assert f"&= {tex(step.N_k[k])}" in block
        assert f"{{{len(X)}}} = {tex(step.weights[k])}" in block
        if step.N_k[k]:
            assert f"= {tex(step.means[k])}" in block
            assert f"= {tex(step.variances[k])}" in block
        assert (r"\text{but held at }" in block) == (settings.fixed == "yes")


@pytest.mark.parametrize("query", GOOD, ids=str)
def test_an_address_shows_its_run(query):
    session = opened(query)
    assert session.notices == []
    assert session.address == query
    assert_shows(session, OneDimension.from_query(query)[0])


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: str(query)[:60])
def test_a_hostile_address_is_corrected_and_said_so(query):
    session = opened(query)
    settings, _ = OneDimension.from_query(session.address)
    assert_shows(session, settings)
    assert len(session.notices) == 1
    assert not {"<", ">", "$", "*"} & set(session.notices[0])


def test_the_known_ends_stand_on_the_page():
    for query, text in [
        ({}, "−186.141"),
        ({"variances": "25,9,1"}, "−216.098"),
        ({"variances": "25,9,1", "fixed": "yes"}, "−198.598"),
        ({"example": "hastie"}, "−38.9236"),
    ]:
        assert text in opened(query).words


def test_both_counts_of_iterations_stand_on_the_page():
    for rule in ("log_likelihood", "parameters"):
        words = opened({"variances": "25,9,1", "criterion": rule}).words
        assert (
            "is met after **7 iterations**, the rule on the parameters is met after **11 iterations**"
            in words
        )


def test_another_example_begins_with_its_own_start():
    session = opened({"means": "1,2", "row": "44"})
    for name in reversed(EXAMPLES):
        session.set(example=name)
        assert_shows(session, OneDimension(name))
        assert [session.at.text_input(key=key).value for key in ("means", "variances", "weights")] == [
            OneDimension(name).shown()[key] for key in ("means", "variances", "weights")
        ]


def test_the_start_can_be_edited_and_the_lists_follow_the_means():
    session = opened()
    session.at.text_input(key="means").set_value(" -8; 8 5,1 ").run()
    assert_shows(session, OneDimension(means=(-8, 8, 5, 1)))
    assert session.at.text_input(key="variances").value == "5, 3, 1, 1"
    session.at.text_input(key="variances").set_value("4").run()
    assert_shows(session, OneDimension(means=(-8, 8, 5, 1), variances=(4, 4, 4, 4)))
    session.at.text_input(key="means").set_value("").run()
    assert_shows(session, OneDimension(variances=(4, 4, 4)))
    session.at.text_input(key="weights").set_value("2, 1, 1").run()
    session.set(fixed="yes")
    assert_shows(session, OneDimension(variances=(4, 4, 4), weights=(2, 1, 1), fixed="yes"))


@pytest.mark.parametrize("text", ["abc", "1, two", "nan", "<b>1</b>", "1,,x"])
def test_what_is_no_list_of_numbers_changes_nothing_and_is_said(text):
    session = opened({"means": "-8,8"})
    session.at.text_input(key="means").set_value(text).run()
    assert_shows(session, OneDimension(means=(-8, 8)))
    assert session.at.text_input(key="means").value == "-8, 8"
    assert "nothing was changed" in session.words
    session.at.text_input(key="means").set_value("1, 2").run()
    assert "nothing was changed" not in session.words


def test_numbers_out_of_range_become_the_nearest_and_it_is_said():
    session = opened()
    session.at.text_input(key="variances").set_value("-5, 3, 1").run()
    assert_shows(session, OneDimension(variances=(1e-6, 3, 1)))
    assert "Variances must be positive, at least 10⁻⁶; they are now 10⁻⁶, 3, 1." in session.words


def test_decimal_commas_are_noticed():
    session = opened({"example": "own"})
    session.at.text_area(key="points").set_value("1,5 2,5 3,5").run()
    assert_shows(session, OneDimension("own", points=(1, 5, 2, 5, 3, 5)))
    assert "Read as 6 numbers; use a point for decimals: 1.5 2.5 3.5" in session.words
    session.at.text_area(key="points").set_value("1.5 2.5 3.5").run()
    assert_shows(session, OneDimension("own", points=(1.5, 2.5, 3.5)))
    assert "decimals" not in session.words


def test_points_of_ones_own():
    session = opened({"example": "own", "row": "9"})
    session.at.text_area(key="points").set_value("1 2 3\n10 11 12").run()
    assert_shows(session, OneDimension("own", points=(1, 2, 3, 10, 11, 12), row=6))
    session.at.text_area(key="points").set_value("4").run()
    assert_shows(session, OneDimension("own", points=(1, 2, 3, 10, 11, 12), row=6))
    assert "nothing was changed" in session.words


def test_the_table_with_and_without_weights():
    session = opened({"it": "2"})
    assert session.at.radio(key="estep").options == ["Without weights", "With weights"]
    assert list(table_of(session, 1))[2] == "w₁ N₁(x)"
    assert "What some tutorials compute" not in session.words
    session.at.radio(key="estep").set_value("plain").run()
    assert_shows(session, OneDimension(estep="plain", it=2))
    assert list(table_of(session, 1))[2] == "N₁(x)"
    assert "**What some tutorials compute; EM does not.**" in session.words
    assert "but here they are" in session.words
    session.rest(0)
    assert "as long as the weights are equal, as they are here" in session.words


@pytest.mark.parametrize("query", [{"it": "3"}, {"example": "hastie", "it": "5"}, {"variances": "25,9,1"}])
def test_as_it_opens_the_page_adds_up(query):
    """The columns of the E-step's table sum to the N_k of the M-step's formulas."""
    session = opened(query)
    table = table_of(session, 1)
    shares = [values.sum() for name, values in table.items() if name.startswith("r")]
    blocks = [text.value for text in session.at.markdown if "aligned" in text.value]
    for N_k, block in zip(shares, blocks, strict=True):
        assert f"&= {tex(N_k)} " in block


def test_the_variance_has_one_name():
    words = opened().words
    assert words.count("covariances") == 1
    assert "`covariances[k]` is a single number, the variance" in words


@pytest.mark.parametrize(("k", "abreast"), [(1, 1), (2, 2), (3, 3), (6, 3)])
def test_the_m_steps_boxes_stand_in_equal_columns(k, abreast):
    means = ",".join(map(str, np.linspace(-15, 15, k).round(2)))
    session = opened({"means": means, "variances": "20"})
    boxes = [c for c in session.at.columns if any("aligned" in text.value for text in c.markdown)]
    assert len(boxes) == k
    assert {round(column.weight, 3) for column in boxes} == {round(1 / abreast, 3)}


def test_table_and_formulas_follow_where_the_film_rests():
    session = opened({"variances": "25,9,1", "row": "3"})
    session.rest(4)
    assert_shows(session, OneDimension(variances=(25, 9, 1), row=3, it=4))
    assert session.player["iteration"] == 0
    session.rest(7)
    assert "EM has stopped here" in session.words


def test_the_links_lead_where_they_say():
    session = opened()
    queries = [link.proto.query_string for link in session.at.get("page_link")]
    assert len(queries) >= 7
    assert any(re.search("variances=25.*fixed=yes", query) for query in queries)
    assert any("criterion=parameters" in query for query in queries)
    assert any("example=hastie" in query for query in queries)
