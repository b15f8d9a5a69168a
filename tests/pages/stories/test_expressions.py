"""What a story may say of facts: read, evaluated, refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.pages.stories.expressions import (
    LONGEST,
    ExpressionError,
    evaluate,
    facts_in,
    filled,
    placeholders,
    shown,
)

FACTS = {"a": 3, "b": -0.5, "name": "moons", "yes": True, "no": False, "at": {1: (7.0, -2.0)}, "big": 12345}
NAMES = {"run": FACTS.__getitem__}

numbers = st.sampled_from(["1", "2.5", "0", "run.a", "run.b", "run.at[1][0]"])
sums = st.recursive(
    numbers,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner)
        | st.builds("-{}".format, inner)
        | st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner)
        | st.builds("abs({})".format, inner)
    ),
    max_leaves=6,
)
comparisons = st.builds(
    "{} {} {}".format, sums, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), sums
) | st.builds("{} < {} <= {}".format, numbers, numbers, numbers)
claims = st.recursive(
    comparisons,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("(not {})".format, inner)
    ),
    max_leaves=4,
)


class Run:
    def __getattr__(self, name):
        return FACTS[name]


@given(sums | claims)
def test_an_expression_means_what_python_means_by_it(text):
    if len(text) > LONGEST:
        return
    try:
        expected = eval(text, {"run": Run()})
    except ZeroDivisionError:
        with pytest.raises(ExpressionError, match="cannot be computed"):
            evaluate(text, NAMES)
        return
    assert evaluate(text, NAMES) == expected


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').getcwd()",
        "run.a.real",
        "run",
        "run.at[run.a]",
        "run.at[0:1]",
        "(lambda: 1)()",
        "[1, 2]",
        "run.a if run.yes else 2",
        "run.a ** 9 ** 9",
        "open('x')",
        "abs()",
        "abs(x=1)",
        "abs(*run.at)",
        "run.a; run.b",
        "x := 3",
        "",
        "run.a <",
        "run.a in run.at",
        "None",
        "1j",
        "b'x'",
        "f'{run.a}'",
        "0+" * LONGEST + "0",
    ],
)
def test_what_is_no_expression_is_refused_and_says_what_to_write(text):
    for read in (facts_in, lambda text: evaluate(text, NAMES)):
        with pytest.raises(ExpressionError, match=r"write|use|make it"):
            read(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("run.nothing", "'nothing', which is not there"),
        ("other.a", "'other', which is not there"),
        ("run.at[2]", "2, which is not there"),
        ("run.at[1][5]", "not there"),
        ("run.name + 1", "cannot be computed"),
        ("run.a / run.no", "cannot be computed"),
    ],
)
def test_what_cannot_be_computed_says_why(text, problem):
    with pytest.raises(ExpressionError, match=problem):
        evaluate(text, NAMES)


def test_the_facts_that_an_expression_names():
    found = facts_in("not run.a < other.b + min(run.at[1][0], 2) or 'x' == third.c")
    assert found == {("run", "a"), ("other", "b"), ("run", "at"), ("third", "c")}


def test_texts_are_filled_as_numbers_are_written_on_every_page():
    text = "{run.big} points, {run.b:.2f} and {100 * run.b / 7:+.1f}, {run.at[1]:.1f}, {run.name}, {1 / 3}."
    assert filled(text, NAMES) == "12,345 points, −0.50 and −7.1, (7.0, −2.0), moons, 0.3333."
    assert placeholders(text)[:3] == ["run.big", "run.b", "100 * run.b / 7"]
    assert filled("Nothing to fill.", NAMES) == "Nothing to fill."


def test_a_count_may_be_none():
    text = "{run.a:none} of them, {run.a - run.a:none} of those"
    assert placeholders(text) == ["run.a", "run.a - run.a"]
    assert filled(text, NAMES) == f"{NAMES['run']('a')} of them, none of those"


@pytest.mark.parametrize("text", ["{run.a", "run.a}", "{}", "{run.a:.2e}", "{run.a:x}", "{{run.a}}"])
def test_a_placeholder_that_is_wrong_says_how_to_write_one(text):
    with pytest.raises(ExpressionError, match="write"):
        placeholders(text)


@pytest.mark.parametrize(("value", "text"), [(True, "True"), (1e-7, "10⁻⁷"), (2.0, "2"), (20000, "20,000")])
def test_a_value_is_shown_as_a_reader_sees_it(value, text):
    assert shown(value) == text
