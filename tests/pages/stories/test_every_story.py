"""Every story: what it claims holds for its settings, its texts are whole, and its film keeps what comes after."""

import base64
import json
import re
from functools import cache
from itertools import chain
from urllib.parse import parse_qsl

import numpy as np
import pytest

from gmmviz.em import Run
from gmmviz.figures.narration import WORDS_OF_SEVERAL, WORDS_OF_TWO
from gmmviz.glossary import plain, term_of
from gmmviz.pages import script
from gmmviz.pages.stories import numbers
from gmmviz.pages.stories.figure import CURVE, Mark, last_of, story_film
from gmmviz.pages.stories.story import EXPLAINED, SHELF, Guess, Pick, Spot
from tests.pages.test_numerals import PLAIN
from tests.session import Session

of_every_story = pytest.mark.parametrize("name", list(SHELF))
LONGEST = {"title": 40, "question": 110, "intro": 420, "happened": 520, "why": 900}
"""Characters: what is read aloud in a few minutes, and what stands over a film without hiding it."""


@cache
def computed(name):
    return numbers.names_of(SHELF[name])


@of_every_story
def test_what_a_story_claims_holds(name):
    story = SHELF[name]
    numbers.checked(story)
    assert len(story.claims) >= 4
    assert numbers.untrue(story, computed(name)[1]) == []


SPELLED_OUT = {
    "dataset",
    "n",
    "data_seed",
    "k",
    "covariance",
    "init",
    "init_seed",
    "floor",
    "tol",
    "max_iter",
}


@of_every_story
def test_no_default_decides_what_a_story_shows(name):
    """So that a story stays true when a default changes."""
    story = SHELF[name]
    for film in story.films:
        assert SPELLED_OUT - dict(parse_qsl(film.settings)).keys() == set(), film.name
    tried = dict(parse_qsl(story.try_.settings))
    assert "dataset" not in tried or "data_seed" in tried


@of_every_story
def test_its_texts_are_whole_and_short_and_their_numbers_look_as_everywhere(name):
    story, (_, names) = SHELF[name], computed(name)
    for field in LONGEST:
        text = plain(numbers.words(story, field, names))
        assert not re.search(r"[{}]", text)
        assert not PLAIN.search(text), text
        assert len(text) <= LONGEST[field], field
    assert story.question.endswith("?")
    assert story.prediction.ask.endswith("?")
    assert "{" in story.happened  # a fact at least


@of_every_story
def test_its_terms_explain_themselves_once_each(name):
    story = SHELF[name]
    marked = [re.findall(r"\[\[([^\]|]+)", getattr(story, field)) for field in EXPLAINED]
    terms = [term_of(form).name for form in chain.from_iterable(marked)]
    assert len(terms) == len(set(terms))
    assert 1 <= len(marked[0]) <= 3  # before the film each costs a press of Tab
    assert marked[1] + marked[2]
    told = " ".join(getattr(story, field) for field in EXPLAINED)
    left = re.sub(r"\[\[[^\]]*\]\]|\{[^}]*\}", "", told)
    said = {form for form in ("BIC", "E-step", "M-step", "covariance", "responsibility") if form in left}
    assert said <= set(terms)


@of_every_story
def test_every_number_in_what_happened_is_computed(name):
    """Digits that are typed may only name things: Gaussian 2, per cent of sureness."""
    typed = re.sub(r"\{[^}]*\}", "", SHELF[name].happened)
    typed = re.sub(r"Gaussians? \d( and \d)?|K = |while \d and \d|less than 90%", "", typed)
    assert not re.search(r"\d", typed), typed


@of_every_story
def test_a_difference_that_is_told_is_that_of_the_whole_numbers_told(name):
    """From 1,945 to 1,957 is 12, though it may be 11 before both are rounded."""
    story, (_, names) = SHELF[name], computed(name)
    texts = (getattr(story, field) for field in ("intro", "happened", "why"))
    told = [expression for text in texts for expression in re.findall(r"\{([^{}:]* - [^{}:]*):\.0f\}", text)]
    for expression in told:
        whole = " - ".join(f"round({part})" for part in expression.split(" - "))
        assert numbers.value(story, "why", expression, names) == numbers.value(story, "why", whole, names)


def test_the_gains_from_k_to_k_are_such_differences():
    assert "only\n12." in numbers.words(SHELF["how-many"], "why", computed("how-many")[1])


@of_every_story
def test_one_prediction_is_right_and_others_are_wrong(name):
    story, (_, names) = SHELF[name], computed(name)
    truth = numbers.answer(story, names)
    assert numbers.verdict(story, truth, names).right
    match story.prediction:
        case Pick(options=options):
            rights = [numbers.verdict(story, i, names).right for i in range(len(options))]
            assert rights.count(True) == 1
        case Guess(low=low, high=high, within=within):
            assert low <= truth <= high
            assert 2 * within <= 0.25 * (high - low)  # a guess at random is mostly wrong
            for far in (truth - 1.01 * within, truth + 1.01 * within):
                assert not numbers.verdict(story, far, names).right
        case Spot(within=within):
            near, far = ((truth[0] + share * within, truth[1]) for share in (0.99, 1.01))
            assert numbers.verdict(story, near, names).right
            assert not numbers.verdict(story, far, names).right


def test_all_kinds_of_prediction_are_asked_for():
    assert {type(story.prediction) for story in SHELF.values()} == {Pick, Guess, Spot}


def test_it_is_not_always_the_first_option_that_is_right():
    picks = [name for name in SHELF if isinstance(SHELF[name].prediction, Pick)]
    assert len({numbers.answer(SHELF[name], computed(name)[1]) for name in picks}) == 3


@of_every_story
def test_what_to_try_opens_a_page_as_it_says(name):
    story = SHELF[name]
    session = Session(dict(parse_qsl(story.try_.settings)), script(story.try_.page))
    assert (session.errors, session.notices) == ([], [])


# --- The film ---------------------------------------------------------------------------------------------------------


def film_of(name, **options):
    story, (told, _) = SHELF[name], computed(name)
    shown = [told[film.name] for film in story.shown]
    return json.loads(json.dumps(story_film(story, shown, **options))), shown


def curves_of(film):
    return [trace for trace in film["data"] if trace["name"].startswith("log-likelihood")]


def length(packed):
    return len(base64.b64decode(packed["bdata"])) // np.dtype(packed["dtype"]).itemsize


@of_every_story
def test_before_the_prediction_the_film_holds_nothing_of_what_comes(name):
    story = SHELF[name]
    film, _ = film_of(name, until=story.opens)
    scene = film["scene"]
    assert scene["iterations"] == list(range(story.opens + 1))
    assert scene["last"] == story.opens
    for history in scene["mixtures"]:
        assert history["weights"]["shape"].split(",")[0] == str(story.opens + 1)
    for plane in scene["planes"]:
        if "centres" in plane:
            assert plane["centres"]["shape"].split(",")[0] == str(story.opens + 1)
    assert all(length(curve["y"]) == story.opens + 1 for curve in curves_of(film))
    assert not any("−" in note["text"] for note in film["layout"]["annotations"])
    said = scene["narration"]
    assert said["waits"]
    assert said.keys() <= {"waits", "numbers", "log_likelihoods"}
    assert ("log_likelihoods" in said) == (len(story.shown) == 1)
    if "log_likelihoods" in said:
        assert length(said["log_likelihoods"]) == story.opens + 1
        assert not any(
            "{last}" in text or "{end}" in text for row in said["numbers"].values() for text in row
        )


@of_every_story
def test_after_it_the_film_is_whole_on_the_same_axes(name):
    story = SHELF[name]
    before, _ = film_of(name, until=story.opens)
    film, shown = film_of(name)
    assert film["scene"]["last"] == last_of(shown) > story.opens
    assert film["layout"]["meta"] == before["layout"]["meta"]
    for axis in [axis for axis in film["layout"] if "axis" in axis]:
        assert film["layout"][axis] == before["layout"][axis]
    assert len(film["scene"]["planes"]) == len(story.shown)
    assert len(curves_of(film)) == len(film["scene"]["curves"])
    runs = [one for one in shown if isinstance(one.run, Run)]
    assert [length(curve["y"]) for curve in curves_of(film)] == [one.last + 1 for one in runs]


def test_two_curves_are_named_at_their_ends_the_higher_one_above():
    film, shown = film_of("how-many")
    few, many = (one.run.states[-1] for one in shown)
    notes = {note["text"]: note for note in film["layout"]["annotations"] if note["xref"] == f"x{CURVE}"}
    assert set(notes) == {"<b>K\u00a0=\u00a02</b>: −2,128", "<b>K\u00a0=\u00a06</b>: −1,945"}
    low, high = notes["<b>K\u00a0=\u00a02</b>: −2,128"], notes["<b>K\u00a0=\u00a06</b>: −1,945"]
    assert (low["xanchor"], high["xanchor"]) == ("left", "right")  # K = 2 ends early, at the left edge
    assert (low["y"], low["yanchor"], low["x"]) == (few.log_likelihood, "top", few.iteration)
    assert (high["y"], high["yanchor"], high["x"]) == (many.log_likelihood, "bottom", many.iteration)


SMALLEST = (205, 128)
"""px across and up of the curves' plot, on a screen of 1280 pixels and on a phone."""


@pytest.mark.parametrize("name", [name for name in SHELF if len(SHELF[name].shown) > 1])
def test_no_name_of_a_curve_lies_on_a_curve(name):
    film, shown = film_of(name)
    (left, right), (low, high) = (film["layout"][f"{axis}axis{CURVE}"]["range"] for axis in "xy")
    across, up = SMALLEST[0] / (right - left), SMALLEST[1] / (high - low)
    for note in (note for note in film["layout"]["annotations"] if note["xref"] == f"x{CURVE}"):
        wide = 6.2 * len(re.sub("<.*?>", "", note["text"])) / across
        start = note["x"] - {"left": 0, "center": 0.5, "right": 1}[note["xanchor"]] * wide
        end = start + wide
        bottom, top = (4, 16) if note["yanchor"] == "bottom" else (-16, -4)
        bottom, top = note["y"] + bottom / up, note["y"] + top / up
        assert left <= start
        assert end <= right + 0.02 * (right - left)
        for one in shown:
            if isinstance(one.run, Run):
                inside = [s.log_likelihood for s in one.run.states if start < s.iteration < end]
                assert not any(bottom < value < top for value in inside), note["text"]


def test_a_film_of_k_means_beside_em_has_a_plane_of_each():
    film, _ = film_of("k-means")
    hard, soft = film["scene"]["planes"]
    assert film["scene"]["words"] == WORDS_OF_TWO  # k-means has no Gaussians
    assert film_of("moons")[0]["scene"]["words"] == WORDS_OF_SEVERAL
    assert hard["layers"] == ["regions", "points", "ties", "hand", "means"]
    assert hard["colour"] == "clusters"
    assert (soft["layers"], soft["mixtures"], soft["cloud"]) == (
        ["points", "gaussians", "hand", "means"],
        0,
        1,
    )
    assert len(film["scene"]["mixtures"]) == 1
    (curve,) = curves_of(film)
    assert curve["line"]["dash"] == "solid"
    title = film["layout"][f"yaxis{CURVE}"]["title"]["text"]
    assert title == "Log-likelihood of Narrow EM"  # k-means has none
    assert not any(note["xref"] == f"x{CURVE}" for note in film["layout"]["annotations"])


def test_a_story_that_stops_em_says_that_it_ends_there():
    film, (told,) = film_of("e-step")
    said = film["scene"]["narration"]
    assert (said["stop_reason"], told.last) == ("max_iter", 1)
    assert said["sentences"]["max_iter"]["one"] == "The film ends here, after one iteration. EM would go on."


def test_each_of_two_films_has_points_and_mixtures_of_its_own():
    film, _ = film_of("collapse")
    assert [(plane["cloud"], plane["mixtures"]) for plane in film["scene"]["planes"]] == [(0, 0), (1, 1)]
    assert film["scene"]["planes"][0]["layers"][-1] == "lens"
    assert film["scene"]["planes"][0]["lens"] == SHELF["collapse"].lens - 1
    assert "lens" not in film["scene"]["planes"][1]["layers"]


def test_marks_stand_in_the_first_plane_over_everything():
    marks = [Mark((1.0, 2.0), "you"), Mark((0.5, 1.0), "counts as right", 1.5)]
    film, _ = film_of("another-start", marks=marks)
    first, second = film["scene"]["planes"]
    assert first["layers"][-1] == "spots"
    assert first["spots"] == [
        {"at": [1.0, 2.0], "text": "you", "within": None},
        {"at": [0.5, 1.0], "text": "counts as right", "within": 1.5},
    ]
    assert "spots" not in second
