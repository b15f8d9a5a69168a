"""The page of stories: it asks before it plays, keeps what is predicted, tells what came out, and counts."""

import re

import pytest

from gmmviz.glossary import plain
from gmmviz.pages import script
from gmmviz.pages.stories import numbers
from gmmviz.pages.stories.page import LOCKED, PAGE
from gmmviz.pages.stories.story import SHELF, Guess, Pick, Shelf, Spot
from tests.pages.stories.test_story import GOOD
from tests.session import Session

PREDICT = "Predict, and play"


def opened(name=None, **query):
    return Session(({"story": name} if name else {}) | query, PAGE)


def button(session, label):
    (found,) = (one for one in session.at.button if one.label == label)
    return found


def press(session, label):
    button(session, label).click().run()
    return session


def labels(session):
    return [one.label for one in session.at.button]


def links(session):
    """The page's links by their labels: what they say of the settings."""
    queries = {link.proto.label: link.proto.query_string for link in session.at.get("page_link")}
    return {label: re.sub(r"&?version=\d+", "", query) for label, query in queries.items()}


def truth(name):
    story = SHELF[name]
    return numbers.answer(story, numbers.names_of(story)[1])


def predict(session, name, value):
    """Enter a prediction and send it."""
    match SHELF[name].prediction:
        case Pick():
            (radio,) = session.at.radio
            radio.set_value(value)
        case Guess():
            (field,) = session.at.number_input
            field.set_value(value)
        case Spot():
            for field, part in zip(session.at.number_input, value, strict=True):
                field.set_value(part)
    return press(session, PREDICT)


def last_of(session):
    return session.player["figure"]["scene"]["last"]


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_has_every_story_with_its_question_and_a_link_to_it():
    session = opened()
    assert session.errors == []
    assert session.address == {}
    found = links(session)
    for place, story in enumerate(SHELF.values(), start=1):
        assert found[f"{place}. {story.title}"] == f"story={story.name}"
        assert story.question in session.words
    assert "10 stories, and none told yet." in session.words
    assert button(session, "Forget my predictions").proto.disabled
    assert not session.at.get("bidi_component")


def test_an_iteration_means_nothing_on_the_list():
    assert opened(it="7").address == {}


# --- It asks before it plays ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(SHELF))
def test_every_story_opens_and_asks_before_it_plays(name):
    session = opened(name)
    story = SHELF[name]
    assert session.errors == session.notices == []
    assert session.address == {"story": name}
    player = session.player
    assert player["locked"] == LOCKED
    assert player["plays"] == 0
    assert player["figure"]["scene"]["last"] == player["iteration"] == story.opens
    assert player["spots"] == isinstance(story.prediction, Spot)
    assert story.prediction.ask in session.words + "".join(
        widget.label for widget in (*session.at.radio, *session.at.number_input)
    )
    assert labels(session) == [PREDICT]
    for field in ("happened", "why"):
        assert plain(numbers.words(story, field, numbers.names_of(story)[1]))[:40] not in session.words
    for widget in (*session.at.radio, *session.at.number_input):
        assert widget.value is None


@pytest.mark.parametrize("name", list(SHELF))
def test_the_terms_of_the_intro_explain_themselves_before_the_film(name):
    session = opened(name)
    forms = re.findall(r"\[\[([^\]|]+)", SHELF[name].intro)
    assert re.findall(r'<dfn class="term"[^>]*>(.*?)</dfn>', session.marked) == forms


def test_the_address_cannot_unlock_it():
    session = opened("another-start", it="9")
    assert session.player["locked"] == LOCKED
    assert (session.player["iteration"], last_of(session)) == (0, 0)
    assert session.address == {"story": "another-start"}
    assert session.notices == []
    session.go({"story": "another-start", "it": "30"})
    assert (session.player["locked"], last_of(session)) == (LOCKED, 0)


def test_a_rest_that_is_reported_while_it_is_locked_unlocks_nothing():
    session = opened("another-start").rest(12)
    assert session.player["locked"] == LOCKED
    assert (session.player["iteration"], last_of(session)) == (0, 0)


@pytest.mark.parametrize("name", ["e-step", "another-start", "small-group"])
def test_who_predicts_nothing_is_asked_again(name):
    session = press(opened(name), PREDICT)
    assert session.errors == []
    assert session.player["locked"] == LOCKED


# --- And then ---------------------------------------------------------------------------------------------------------

WRONG = {"e-step": 67, "another-start": 2, "small-group": (1.6, 0.4)}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("right", [True, False])
def test_from_the_question_to_the_end(name, right):
    story, (_, names) = SHELF[name], numbers.names_of(SHELF[name])
    said = truth(name) if right else WRONG[name]
    session = predict(opened(name), name, said)
    outcome = numbers.verdict(story, said, names)
    assert session.errors == []
    assert session.player["locked"] == ""
    assert session.player["plays"] == 1
    assert session.player["spots"] is False
    assert last_of(session) > story.opens
    happened = plain(numbers.words(story, "happened", names))
    assert f"You said: **{outcome.said}**." in session.words
    assert happened not in session.words  # not while the film plays

    session.rest(last_of(session))
    assert ("**Right.**" in session.words) == right
    assert ("**It came out otherwise.**" in session.words) == (not right)
    assert outcome.answer in session.words
    for field in ("happened", "why"):
        assert plain(numbers.words(story, field, names)) in session.words
    assert story.try_.text in session.words
    assert links(session)["Open it"] == story.try_.settings.replace("%2B", "+")
    assert (
        "1 of 1 predictions right" in session.words if right else "0 of 1 predictions right" in session.words
    )
    assert session.player["plays"] == 1  # it does not play again by itself


def test_a_film_that_rests_on_the_way_tells_nothing_yet_and_who_will_not_wait_is_told():
    session = predict(opened("another-start"), "another-start", 0).rest(3)
    assert "## What happened" not in session.words
    press(session, "Tell me now")
    assert "## What happened" in session.words
    assert session.address == {"story": "another-start", "it": "3"}


def test_a_spot_that_is_clicked_fills_the_fields_and_is_marked():
    session = opened("small-group")
    spots = session.player["figure"]["scene"]["planes"][0].get("spots")
    assert spots is None
    component = session.at.get("bidi_component")[0].proto.id
    session._report(component, json_value='{"spot": [-9.12345, 2.5]}')
    assert [field.value for field in session.at.number_input] == [-9.12, 2.5]
    (mine,) = session.player["figure"]["scene"]["planes"][0]["spots"]
    assert (mine["at"], mine["text"]) == ([-9.12, 2.5], "you")
    press(session, PREDICT)
    assert session.player["locked"] == ""
    assert [mark["text"] for mark in session.player["figure"]["scene"]["planes"][0]["spots"]] == ["you"]
    press(session, "Tell me now")
    mine, answer = session.player["figure"]["scene"]["planes"][0]["spots"]
    assert (mine["at"], answer["text"]) == ([-9.12, 2.5], "counts as right")
    assert answer["at"] == pytest.approx(truth("small-group"))
    assert answer["within"] == SHELF["small-group"].prediction.within


def test_the_point_in_question_is_marked_from_the_beginning():
    (mark,) = opened("e-step").player["figure"]["scene"]["planes"][0]["spots"]
    assert mark["at"] == list(SHELF["e-step"].star)


# --- What is kept, and counted ----------------------------------------------------------------------------------------


def test_predictions_are_kept_over_pages_and_counted_in_the_list():
    session = predict(opened("e-step"), "e-step", truth("e-step"))
    press(session, "Tell me now")
    predict(session.go({"story": "another-start"}), "another-start", WRONG["another-start"])
    press(session, "Tell me now")
    predict(session.go({"story": "shape"}), "shape", truth("shape"))  # and is not told
    session.at.switch_page(script("explorer"))
    session.go({})
    session.at.switch_page(PAGE)
    session.go({"story": "all"})
    assert "**1 of 2 predictions right**, 8 stories to go." in session.words
    marks = [caption.value for caption in session.at.caption if "told" in caption.value]
    assert [mark.split()[-1] for mark in marks] == ["right", "otherwise"]
    session.go({"story": "e-step"})
    assert session.player["locked"] == ""
    assert "## What happened" in session.words


def test_another_story_waits_for_its_own_prediction():
    session = predict(opened("e-step"), "e-step", 50)
    session.go({"story": "another-start"})
    assert session.player["locked"] == LOCKED
    assert session.at.radio[0].value is None
    session.go({"story": "shape"})
    assert session.at.number_input[0].value is None
    assert press(session, PREDICT).player["locked"] == LOCKED


def test_predictions_can_be_taken_back_one_or_all():
    session = predict(opened("e-step"), "e-step", 50)
    press(session, "Predict again")
    assert session.player["locked"] == LOCKED
    assert (session.player["iteration"], last_of(session)) == (0, 0)
    press(predict(session, "e-step", 90), "Tell me now")
    session.go({"story": "all"})
    press(session, "Forget my predictions")
    assert "none told yet" in session.words
    assert session.go({"story": "e-step"}).player["locked"] == LOCKED


def test_a_second_prediction_lets_the_film_play_again():
    session = predict(opened("e-step"), "e-step", 50)
    press(session, "Predict again")
    assert predict(session, "e-step", 60).player["plays"] == 2


def test_every_story_leads_to_the_next_and_the_last_to_none():
    names = list(SHELF)
    for name, after in zip(names, [*names[1:], None], strict=True):
        found = links(opened(name))
        following = [query for label, query in found.items() if label.startswith("Next story")]
        assert following == ([f"story={after}"] if after else [])
        assert found["All stories"] == ""


# --- Files of others --------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A function that puts one more story, with this text, on the app's shelf."""

    def add(text, name="tale"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "story.toml").write_text(text, encoding="utf-8")
        found, errors = Shelf(tmp_path)._read
        monkeypatch.setitem(vars(SHELF), "_read", (dict(SHELF) | found, errors))

    list(SHELF)
    return add


def test_a_folder_with_a_file_is_a_story(shelf):
    shelf(GOOD)
    assert links(opened())["11. Two groups"] == "story=tale"
    session = opened("tale")
    assert (session.errors, session.notices) == ([], [])
    assert "There are 40 points." in session.words
    predict_it = session.at.radio[0]
    predict_it.set_value(1)
    assert press(session, PREDICT).player["locked"] == ""
    assert "Two groups" in session.words


def test_a_film_may_wait_further_on_and_no_address_takes_it_from_there(shelf):
    shelf(GOOD.replace("order = 3", "order = 3\nopens = 2"))
    session = opened("tale", it="1")
    assert (session.player["iteration"], last_of(session)) == (2, 2)
    session.at.radio[0].set_value(0)
    press(session, PREDICT)
    assert (session.player["locked"], session.player["iteration"]) == ("", 2)
    assert last_of(session) > 2


def test_a_wrong_file_is_told_of_and_keeps_no_other_from_being_there(shelf):
    shelf(GOOD.replace("order = 3", ""))
    session = opened()
    assert session.errors == []
    assert "stories/tale/story.toml, order: is missing: add it, a number." in session.words
    assert len([label for label in links(session) if label[0].isdigit()]) == 10


def test_a_file_that_asks_for_what_is_not_there_says_so_on_its_page(shelf):
    shelf(GOOD.replace("k=3", "k=99"))
    session = opened("tale")
    assert not session.at.exception
    (said,) = session.errors
    assert "stories/tale/story.toml, films, settings of other" in said


def test_a_story_that_is_not_there_becomes_the_list_with_a_notice():
    session = opened("no-such-tale")
    assert session.address == {}
    assert len(session.notices) == 1
    assert "10 stories" in session.words
