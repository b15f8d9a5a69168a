"""A story's file: read, checked, and refused with words that say which file, which field and what to do."""

import re

import pytest

from gmmviz.pages.stories import numbers
from gmmviz.pages.stories.facts import FACTS
from gmmviz.pages.stories.story import FOLDER, SHELF, Guess, Pick, Shelf, Spot, StoryError, read

GOOD = """
title = "Two groups"
question = "Do two Gaussians find them?"
order = 3
intro = "There are {run.points} points."
claims = ["run.falls == 0"]
star = [1, -2.5]
happened = "It took {run.iterations} iterations."
why = "They are {run.log_likelihood:.1f} apart."

[[films]]
name = "run"
title = "One"
settings = "dataset=moons&n=40&k=2"

[[films]]
name = "other"
title = "Another"
settings = "dataset=moons&n=40&k=3"

[prediction]
kind = "choice"
ask = "Do they?"

[[prediction.options]]
text = "Yes"
when = "run.wrong == 0"

[[prediction.options]]
text = "No"
when = "run.wrong > 0"

[try]
text = "Do it yourself."
page = "explorer"
settings = "k=2"
"""
NUMBER = """[prediction]
kind = "number"
ask = "How many?"
answer = "run.wrong"
low = 0
high = 40
within = 3

[try]"""
SPOT = """[prediction]
kind = "spot"
ask = "Where?"
answer = "run.mean[1]"
within = 0.5

[try]"""


def with_prediction(text):
    return re.sub(r"\[prediction\].*\[try\]", text, GOOD, flags=re.DOTALL)


@pytest.fixture
def write(tmp_path):
    """A function that writes a story into a folder of its own, and returns its file."""

    def new(text, name="tale"):
        path = tmp_path / name / "story.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return new


def test_a_file_says_all_of_a_story(write):
    story = read(write(GOOD))
    assert (story.name, story.title, story.order, story.star) == ("tale", "Two groups", 3.0, (1.0, -2.5))
    assert [film.name for film in story.shown] == ["run", "other"]
    assert (story.opens, story.steps, story.lens, story.formula) == (0, True, None, "")
    assert isinstance(story.prediction, Pick)
    assert [option.text for option in story.prediction.options] == ["Yes", "No"]
    guess = read(write(with_prediction(NUMBER))).prediction
    assert guess == Guess("How many?", "run.wrong", 0.0, 40.0, 3.0)
    assert read(write(with_prediction(SPOT))).prediction == Spot("Where?", "run.mean[1]", 0.5)


def without(line):
    assert line in GOOD
    return GOOD.replace(line, "")


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


WRONG = {
    "no TOML": (GOOD + "x = [", "the file", "cannot be read"),
    "no title": (without('title = "Two groups"\n'), "title", "is missing: add it, a text in quotes"),
    "no order": (without("order = 3"), "order", "is missing: add it, a number"),
    "order in words": (changed("order = 3", 'order = "third"'), "order", "is 'third': write a number"),
    "order true": (changed("order = 3", "order = true"), "order", "is True: write a number"),
    "steps as number": (changed("order = 3", "order = 3\nsteps = 1"), "steps", "is 1: write true or false"),
    "opens in halves": (
        changed("order = 3", "order = 3\nopens = 0.5"),
        "opens",
        "is 0.5: write a whole number",
    ),
    "empty text": (
        changed('why = "They are {run.log_likelihood:.1f} apart."', 'why = " "'),
        "why",
        "write a text",
    ),
    "unknown field": (
        changed("order = 3", "order = 3\nauthor = 1"),
        "author",
        "is not known here: leave it out",
    ),
    "unknown in a film": (
        changed('title = "One"', 'title = "One"\nk = 3'),
        "films 1.k",
        "is not known here: leave it out",
    ),
    "no films": (re.sub(r"\[\[films\]\].*?(?=\[pred)", "", GOOD, flags=re.DOTALL), "films", "[[films]]"),
    "film without settings": (
        without('settings = "dataset=moons&n=40&k=3"'),
        "films 2.settings",
        "is missing",
    ),
    "two films of one name": (changed('"other"', '"run"'), "films", "give each a word of its own"),
    "a film called both": (changed('"other"', '"both"'), "films", "give each a word of its own, not both"),
    "no word": (changed('"other"', '"the other"'), "films", "give each a word of its own"),
    "no film shown": (
        changed('title = "One"', 'title = "One"\nshown = false').replace(
            'title = "Another"', 'title = "Another"\nshown = false'
        ),
        "films",
        "show 0: show one or 2",
    ),
    "two without titles": (without('title = "One"\n'), "films", "need a title each"),
    "no prediction": (with_prediction("[try]"), "prediction", "add a table [prediction]"),
    "no kind": (
        changed('kind = "choice"', 'kind = "guess"'),
        "prediction.kind",
        "one of choice, number, spot",
    ),
    "one option": (
        GOOD.replace('[[prediction.options]]\ntext = "No"\nwhen = "run.wrong > 0"', ""),
        "prediction.options",
        "fewer than two",
    ),
    "no options": (
        re.sub(r"\[\[prediction.*\[try\]", "[try]", GOOD, flags=re.DOTALL),
        "prediction.options",
        "[[prediction.options]]",
    ),
    "an answer without its range": (
        with_prediction(NUMBER.replace("high = 40", "")),
        "prediction.high",
        "is missing: add it, a number",
    ),
    "no try": (GOOD[: GOOD.index("[try]")], "try", "add a table [try]"),
    "claims as a text": (
        changed('["run.falls == 0"]', '"run.falls == 0"'),
        "claims",
        "write a list of texts",
    ),
    "star of three": (changed("[1, -2.5]", "[1, 2, 3]"), "star", "write a place as [1.5, -2.0]"),
    "star in words": (changed("[1, -2.5]", '"here"'), "star", "write a place"),
    "claim that is none": (changed("run.falls == 0", "import os"), "claims 1", "cannot be read"),
    "claim of no film": (
        changed("run.falls", "third.falls"),
        "claims 1",
        'names "third": there is run, other',
    ),
    "claim of no fact": (changed("run.falls", "run.fall"), "claims 1", 'the fact "fall": there is points'),
    "no fact of both": (changed("run.falls", "both.falls"), "claims 1", "there is differing"),
    "brace": (changed("{run.points}", "{run.points"), "intro", "a brace has no partner"),
    "placeholder of no fact": (changed("{run.iterations}", "{run.steps}"), "happened", 'the fact "steps"'),
    "term of no glossary": (changed("apart", "[[apart]]"), "why", "marks 'apart': mark a term"),
    "format": (changed(":.1f", ":.1e"), "why", "asks for no format"),
    "option of no fact": (changed("run.wrong > 0", "run.bad > 0"), "prediction.options 2, when", '"bad"'),
    "answer of no fact": (
        with_prediction(SPOT.replace("mean", "place")),
        "prediction.answer",
        'names the fact "place"',
    ),
}


@pytest.mark.parametrize(("text", "field", "advice"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_says_which_field_and_what_to_do(write, text, field, advice):
    with pytest.raises(StoryError) as error:
        read(write(text))
    said = str(error.value)
    assert said.startswith(f"stories/tale/story.toml, {field}: ")
    assert advice in said
    assert said.endswith(".")


ASKS_TOO_MUCH = {
    "a setting out of range": (changed("k=3", "k=99"), "films, settings of other", 'k was "99"; now 30'),
    "no such setting": (changed("k=3", "kk=3"), "films, settings of other", 'no setting "kk"'),
    "groups that nobody knows": (
        changed("dataset=moons&n=40&k=2", "dataset=faithful&k=2"),
        "prediction.options 1, when",
        "run.wrong takes known groups",
    ),
    "a star that is not there": (
        without("star = [1, -2.5]").replace("{run.points}", "{run.share[1]}"),
        "intro",
        "run.share takes a star",
    ),
    "k-means' likelihood": (
        changed("dataset=moons&n=40&k=2", "dataset=moons&n=40&k=2&method=k-means"),
        "why",
        "k-means has no log_likelihood",
    ),
    "a lens on nothing": (
        changed("order = 3", "order = 3\nlens = 3"),
        "lens",
        "is 3: give a component's number",
    ),
}


@pytest.mark.parametrize(("text", "field", "advice"), ASKS_TOO_MUCH.values(), ids=ASKS_TOO_MUCH)
def test_a_file_that_asks_for_what_its_settings_do_not_have_says_so(write, text, field, advice):
    story = read(write(text))
    with pytest.raises(StoryError, match=re.escape(f"{field}: ")) as error:
        numbers.checked(story)
    assert advice in str(error.value)


def test_a_file_in_order_is_not_complained_of(write):
    numbers.checked(read(write(GOOD)))


def test_a_shelf_holds_the_stories_in_their_order_and_goes_on_without_a_wrong_one(write, tmp_path):
    write(GOOD.replace("order = 3", "order = 2.5"), "mouse")
    write(GOOD, "ant")
    write(GOOD.replace("order = 3", "order = 1"), "zebra")
    write(GOOD.replace("order = 3", ""), "wrong")
    shelf = Shelf(tmp_path)
    assert list(shelf) == ["zebra", "mouse", "ant"]
    assert len(shelf) == 3
    assert [str(error) for error in shelf.errors] == [
        "stories/wrong/story.toml, order: is missing: add it, a number."
    ]
    assert shelf.after("zebra").name == "mouse"
    assert shelf.after("ant") is None


def test_an_empty_shelf_is_empty(tmp_path):
    assert list(Shelf(tmp_path)) == []


def test_the_apps_own_shelf_is_all_of_its_folder():
    assert SHELF.errors == []
    assert set(SHELF) == {path.name for path in FOLDER.iterdir()}
    assert len(SHELF) == 10


def test_facts_are_words_that_can_stand_in_a_text():
    assert all(name.isidentifier() for name in FACTS)
