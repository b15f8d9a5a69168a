"""What becomes of predictions, and of stories whose answers are none."""

from dataclasses import replace

import pytest

from gmmviz.pages.stories import numbers
from gmmviz.pages.stories.story import Film, Guess, Option, Pick, Spot, Story, StoryError, Try
from gmmviz.pages.stories.words import counted_right, verdict_in_words

FACTS = {"n": 40, "share": 0.925, "place": (1.0, -2.0), "yes": True}
NAMES = {"run": FACTS.__getitem__}
STORY = Story(
    name="tale",
    title="Tale",
    question="What?",
    order=1.0,
    intro="",
    films=(Film("run", "k=2"),),
    prediction=Guess("How much?", "100 * run.share", 0, 100, 10, unit="%"),
    happened="{run.n} of {run.m}",
    why="",
    try_=Try("", "", ""),
)
PICK = Pick(
    "Which?", (Option("this", "run.n < 40"), Option("that", "run.n == 40"), Option("none", "run.n > 40"))
)
SPOT = Spot("Where?", "run.place", 1.5)


def verdict(prediction, said):
    return numbers.verdict(replace(STORY, prediction=prediction), said, NAMES)


@pytest.mark.parametrize(
    ("said", "right"), [(92.5, True), (82.5, True), (82.4, False), (100, True), (67.0, False), (102.6, False)]
)
def test_a_number_is_right_near_the_answer(said, right):
    found = verdict(STORY.prediction, said)
    assert (found.right, found.answer, found.place) == (right, "92.5%", None)
    assert found.said == f"{said:g}%"


def test_a_choice_is_right_where_its_expression_is_true():
    assert [verdict(PICK, i).right for i in range(3)] == [False, True, False]
    assert verdict(PICK, 2)[1:3] == ("none", "that")


@pytest.mark.parametrize(("said", "right"), [((1.0, -2.0), True), ((2.4, -2.0), True), ((2.1, -0.9), False)])
def test_a_spot_is_right_within_a_distance(said, right):
    found = verdict(SPOT, said)
    assert (found.right, found.place, found.answer) == (right, (1.0, -2.0), "(1.00, −2.00)")


@pytest.mark.parametrize(
    ("prediction", "advice"),
    [
        (replace(PICK, options=PICK.options[::2]), "0 of them are right"),
        (replace(PICK, options=(PICK.options[1],) * 2), "2 of them are right"),
        (replace(STORY.prediction, answer="run.place"), "let it give a number"),
        (replace(SPOT, answer="run.n"), "let it give a place"),
        (replace(SPOT, answer="run.place[7]"), "not there"),
    ],
)
def test_an_answer_that_is_none_says_what_to_write(prediction, advice):
    with pytest.raises(StoryError, match=f"stories/tale/story.toml, prediction.*{advice}"):
        numbers.answer(replace(STORY, prediction=prediction), NAMES)


def test_a_text_that_cannot_be_filled_says_which():
    with pytest.raises(StoryError, match=r"happened: .*'m', which is not there"):
        numbers.words(STORY, "happened", NAMES)


def test_claims_that_do_not_hold_are_found():
    story = replace(STORY, claims=("run.n == 40", "run.n > 40", "run.yes"))
    assert numbers.untrue(story, NAMES) == ["run.n > 40"]


def test_verdicts_and_counts_in_words():
    assert "**Right.**" in verdict_in_words(verdict(PICK, 1))
    assert "You said" not in verdict_in_words(verdict(PICK, 1))
    assert "You said 90%; it is **92.5%**." in verdict_in_words(verdict(STORY.prediction, 90))
    assert "You said: 67%.\n\nIt is: **92.5%**." in verdict_in_words(verdict(STORY.prediction, 67))
    assert counted_right([], 10) == "10 stories, and none told yet."
    assert counted_right([True] * 9, 10) == "**9 of 9 predictions right**, 1 story to go."
    assert counted_right([True] * 7 + [False] * 3, 10) == "**7 of 10 predictions right**, all stories told."
