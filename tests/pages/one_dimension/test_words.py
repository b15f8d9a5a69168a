"""One dimension by hand: what happened, in the page's words, and what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.em.sentences import sentence
from gmmviz.pages.one_dimension.settings import OneDimension
from gmmviz.pages.one_dimension.words import decimal_commas, no_list, own_words


def told(points, **settings):
    one = OneDimension("own", points=points, **settings)
    X = one.data().X
    run = one.run(X)
    return [sentence(event, own_words(run, X)) for event in run.events]


def test_equal_points_are_called_that():
    said = "All points are equal, so every variance would become 0. Type at least two different points."
    assert told((3, 3), means=(3,)) == [said]
    assert told((3, 3))[-1] == said


def test_a_collapse_names_its_point_as_the_table_counts():
    message = told((1, 2, 3, 50), means=(2, 50))[-1]
    assert "Component 2 collapsed: its variance would become 0." in message
    assert "a single point, point 4 (x = 50)" in message
    assert message.endswith("another start, fewer means, or variances held fixed in the M-step.")
    assert (
        "equal points, 1, 4 and 6 (x = 7)" in told((7, 1, 2, 7, 3, 7), means=(7, 2), variances=(0.01, 1))[-1]
    )
    assert "1, 2, 3, 4, 5 and 4 more (x = 0)" in told((0,) * 9 + (5, 6), means=(0, 5.5))[-1]


def test_two_components_on_the_same_point():
    messages = told((0, 1, 2, 9), means=(1, 9, 9), variances=(1, 1, 2))
    assert any("point 4 (x = 9)" in message for message in messages)


def test_twins_are_told_of_means_and_variances():
    message, *_ = told((1, 2, 3, 8, 9, 10), means=(1, 4, 4), variances=(9, 9, 9), max_iter=2)
    assert message.startswith("Components 2 and 3 begin with the same mean and variance.")


@given(
    st.lists(st.integers(0, 6).map(float), min_size=2, max_size=8).map(tuple),
    st.lists(st.integers(0, 6).map(float), min_size=1, max_size=4).map(tuple),
    st.sampled_from(["yes", "no"]),
)
def test_nothing_is_told_that_the_page_does_not_have(points, means, fixed):
    for message in told(points, means=means, variances=(0.1,), fixed=fixed, max_iter=20):
        for foreign in ("covariance", "floor", "tied", "Feature", " row ", "counted", "dimension"):
            assert foreign not in message


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1,5 2,5 3,5", "1.5 2.5 3.5"),
        ("1,5; -2,25\n+3,5 ", "1.5 -2.25 +3.5"),
        ("1,5", ""),
        ("1, 5, 2, 5", ""),
        ("1,2,3 4,5", ""),
        ("1.5 2,5", ""),
        ("", ""),
    ],
)
def test_decimal_commas(text, meant):
    assert decimal_commas(text) == meant


def test_what_is_no_list_is_said_to_be_none():
    table = OneDimension.table()
    end = "numbers, with spaces or commas between, so nothing was changed."
    assert no_list(table["points"]) == f"That was no list of at least 2 {end}"
    assert no_list(table["means"]) == f"That was no list of {end}"
