"""A session with a frame: what is hidden, what comes next, and what the tab is called."""

import json
from urllib.parse import parse_qsl

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some

from gmmviz.frame import GROUPS, SHOWS, Frame, words
from gmmviz.pages import PAGES, script
from gmmviz.ui.session import KEY
from tests.session import RESTS, Session

FILMS = [page for page in PAGES if page.film]
QUICK = [
    page for page in FILMS if page.name in ("explorer", "compare", "one-dimension", "k-means", "collapse")
]
"""Pages whose every run takes less than a second."""


def state(session):
    return session.at.session_state[KEY]


def turn(session, where):
    """Press the presenter's next key at the end of the film, or the other one at its start."""
    return session._report(
        f"$$STREAMLIT_INTERNAL_KEY_{session._component.proto.id}__events",
        json_trigger_value=json.dumps([{"event": "turn", "value": where}]),
    )


def groups(session):
    """The widgets of Streamlit's button groups, such as segmented controls, beside the others."""
    return {widget.key for widget in session.at.get("button_group")}


def shown(session):
    """The settings whose controls are on the page."""
    return (session.widgets.keys() | groups(session)) & session.table.keys()


# --- Hiding -----------------------------------------------------------------------------------------------------------


def test_a_group_is_hidden_and_keeps_the_values_of_the_address():
    session = Session({"k": "5", "covariance": "tied", "hide": "mixture"})
    assert session.errors == session.notices == []
    assert shown(session).isdisjoint({"k", "covariance"})
    assert {"dataset", "init"} <= shown(session)
    session.set(dataset="moons").click("new_init_seed").rest(2)
    assert (session.experiment.k, session.experiment.covariance) == (5, "tied")
    assert session.address["hide"] == "mixture"
    assert session.player["figure"]["scene"]["mixtures"]


def test_buttons_go_with_what_they_change():
    assert not [button.key for button in Session({"hide": "data,start"}).at.button]
    collapse = Session({"hide": "floor"}, script("collapse"))
    assert {button.key or button.label for button in collapse.at.button} == {
        "new_data_seed",
        "remedy_Another start",
        "remedy_A shared covariance",
    }
    assert not len(Session({"hide": "sidebar"}, script("collapse")).at.button)


def test_captions_go_with_their_controls():
    def captions(hide):
        return [caption.value for caption in Session({"hide": hide} if hide else {}).at.sidebar.caption]

    everything = captions("")
    assert len(everything) == 2
    assert captions("init") == everything[:1]
    assert captions("dataset") == captions("truth") == everything[1:]  # it says how many groups there are
    assert captions("sidebar") == []


@pytest.mark.parametrize(
    "page", [page for page in QUICK if page.name != "compare"], ids=lambda page: page.name
)
@how(max_examples=2)
@given(data=some.data())
def test_whatever_is_hidden_the_film_works_and_what_is_left_cannot_change_it(page, data):
    hide = data.draw(some.sets(some.sampled_from(sorted(words([page]))), max_size=12))
    session = Session({"n": "40", "max_iter": "5", "hide": ",".join(hide)}, page.script)
    hidden = Frame(hide=tuple(hide)).hidden(session.table)
    if "sidebar" in hide:
        assert session.at.sidebar.children == {}
    assert session.errors == []
    assert shown(session).isdisjoint(hidden)
    before = {name: session.address.get(name) for name in hidden}
    for button in [one.key or one.label for one in session.at.button if not one.proto.disabled]:
        (found,) = (one for one in session.at.button if button in (one.key, one.label))
        found.click().run()
        assert session.errors == []
    for number in [one.key for one in session.at.number_input if not one.disabled]:
        session.set(**{number: session.widgets[number].min})
        assert session.errors == []
    assert {name: session.address.get(name) for name in hidden} == before
    assert session.player["figure"]["scene"]["planes"]


@pytest.mark.parametrize("page", QUICK, ids=lambda page: page.name)
def test_a_page_with_everything_hidden_is_a_film(page):
    session = Session({"hide": ",".join(words([page]))}, page.script)
    assert session.errors == session.notices == []
    assert shown(session) == set()
    assert len(session.at.button) == len(session.at.expander) == len(session.at.get("page_link")) == 0
    assert session.rest(2).address["it"] == "2"


def test_a_hidden_value_that_a_callback_changes_stays():
    session = Session({"noise": "0.2", "dataset": "moons", "hide": "noise"})
    assert session.set(dataset="circles").address["noise"] == "0.2"
    own = Session({"dataset": "moons", "hide": "noise"}).set(
        dataset="blobs"
    )  # nothing was chosen: each has its own
    assert "noise" not in own.address
    assert own.at.session_state.noise == 1.0


def test_hidden_truth_is_not_offered_and_not_shown():
    session = Session({"colour": "truth", "hide": "truth"})
    assert session.errors == []
    assert "The true groups are hidden here, so colour is now responsibility." in session.notices[0]
    assert "colour" not in session.address
    assert "True label" not in session.widgets["colour"].options
    assert "True labels beside predicted labels" not in session.expanders
    assert "ARI" not in session.words
    for name in ("compare", "k-means"):
        other = Session({"colour": "truth", "hide": "truth"}, script(name))
        assert (other.errors, "colour" in groups(other), "ARI" in other.words) == ([], False, False)
        assert "colour" not in other.address


def test_tables_links_and_summary_are_hidden():
    session = Session({"hide": "tables,links,summary,take"})
    assert session.errors == []
    assert set(session.expanders) == {"Floor and stop rule", "True labels beside predicted labels"}
    assert session.at.get("page_link") == []
    assert "BIC" not in session.words
    assert "Things to try" not in Session({"hide": "links"}, script("collapse")).words


def test_hiding_goes_along_to_other_pages_by_the_navigation_and_by_links():
    session = Session({"k": "5", "hide": "data,sklearn", "next": "?k=2"})
    assert session.at.get("page_link") == []  # the notes are drawn when they are opened
    links = session.open("Where well-known tutorials err").at.get("page_link")
    assert len(links) == 3
    for link in links:
        query = dict(parse_qsl(link.proto.query_string))
        assert (query["hide"], query["next"]) == ("data,sklearn", "?k=2")
    session.at.switch_page(script("collapse"))
    session.go({})
    assert (
        session.errors == session.notices == []
    )  # the explorer's own word is none of this page's, and no slip
    assert session.address == {"hide": "data,sklearn", "next": "?k=2"}
    assert "case" not in shown(session)
    session.go({"floor": "0.001"})  # Back to where nothing was hidden
    assert "case" in shown(session)


def test_what_can_be_hidden_is_known_and_all_else_is_told():
    session = Session({"hide": "data,nonsense,<b>"})
    assert session.errors == []
    assert session.address == {"hide": "data"}
    (notice,) = session.notices
    assert 'There is nothing called "nonsense" to hide' in notice
    assert not {"<", ">"} & set(notice)
    assert set(GROUPS) <= words(PAGES)
    assert SHOWS not in words(PAGES)


# --- Presenting -------------------------------------------------------------------------------------------------------


def test_the_mode_stays_in_the_address_and_is_no_setting():
    session = Session({"k": "5", "present": "1"})
    assert session.errors == session.notices == []
    assert session.player["presented"] == 1
    assert session.set(k=4).address == {"k": "4", "present": "1"}
    assert session.player["presented"] == 1  # it was asked for once
    session.at.query_params = {"k": "4"}  # the browser has ended it, and says so with the next change
    assert session.set(k=3).address == {}
    session.go({"k": "2", "present": "1"})
    assert session.player["presented"] == 2


# --- What comes next --------------------------------------------------------------------------------------------------


def test_the_next_key_follows_the_list_and_the_other_one_goes_back():
    session = Session({"dataset": "moons", "k": "2", "next": "?k=16;it=3 collapse?floor=0.001"})
    assert (session.player["next"], session.player["back"]) == ("Blobs, K = 16, full", False)
    session.rest(4)
    turn(session, "next")
    assert session.errors == session.notices == []
    assert session.address == {"k": "16", "it": "3", "next": "collapse?floor=0.001"}
    assert (session.player["iteration"], session.player["back"]) == (3, True)
    assert session.player["next"] == "One lonely point, floor 0.001 · Collapse"
    turn(session, "next")
    assert session.errors == []
    assert session.address == {"floor": "0.001"}
    assert (session.player["next"], session.player["back"]) == ("", True)
    assert "case" in session.table
    turn(session, "next")  # there is nothing
    assert session.address == {"floor": "0.001"}
    turn(session, "back")
    assert session.address == {"k": "16", "it": "3", "next": "collapse?floor=0.001"}
    turn(session, "back")
    assert session.address == {
        "dataset": "moons",
        "k": "2",
        "it": "4",
        "next": "?k=16;it=3 collapse?floor=0.001",
    }
    assert session.player["back"] is False


def test_a_step_to_the_same_setting_begins_it_again():
    session = Session({"k": "4", "next": "?k=4"}).rest(7)
    assert turn(session, "next").address == {"k": "4"}
    assert session.player["iteration"] == 0


def test_a_step_that_comes_with_a_rest_is_followed():
    session = Session({"k": "4", "next": "?k=5"})
    states, id = session.at._tree.get_widget_states(), session._component.proto.id
    states.widgets.add(id=id, json_value=json.dumps({"rest": [7, next(RESTS), session.player["run"]]}))
    events = json.dumps([{"event": "turn", "value": "next"}])
    states.widgets.add(id=f"$$STREAMLIT_INTERNAL_KEY_{id}__events", json_trigger_value=events)
    session.at._run(states)
    assert (session.errors, session.address) == ([], {"k": "5"})
    assert session.player["iteration"] == 0


def test_a_bare_step_ends_the_list():
    session = turn(Session({"next": "collapse"}), "next")
    assert (session.errors, session.address) == ([], {})
    assert session.player["next"] == ""


def test_what_is_hidden_stays_so_on_the_way_unless_a_step_says_otherwise():
    session = Session({"hide": "data", "next": "?k=2 ?k=4;hide= ?k=5"})
    assert turn(session, "next").address == {"k": "2", "hide": "data", "next": "?k=4;hide= ?k=5"}
    assert turn(session, "next").address == {"k": "4", "next": "?k=5"}
    assert "dataset" in shown(session)
    assert turn(session, "next").address == {"k": "5"}


def test_who_leaves_the_list_by_the_navigation_does_not_go_back_to_it():
    session = turn(Session({"next": "?k=2"}), "next")
    assert session.player["back"]
    session.at.switch_page(script("collapse"))
    session.go({})
    assert not session.player["back"]


def test_a_link_out_of_the_app_is_told_and_left_out():
    session = Session({"next": "https://example.org/ ?k=2 //example.org"})
    assert session.errors == []
    assert session.address == {"next": "?k=2"}
    assert "leads to no page here" in session.notices[0]


# --- The tab ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def titles(monkeypatch):
    """The titles that the tab was given."""
    given = []
    monkeypatch.setattr(st, "set_page_config", lambda title=None, **_: title and given.append(title))
    return given


def test_the_tab_says_what_is_shown_and_nothing_in_between(titles):
    session = Session({"dataset": "moons", "k": "2"})
    assert titles == ["Moons, K = 2, full · gmmviz"]
    session.set(k=16)
    session.rest(3)
    assert titles[1:] == ["Moons, K = 16, full · gmmviz"] * 2
    session.at.switch_page(script("collapse"))
    session.go({})
    assert titles[3:] == ["Collapse · gmmviz"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_gives_the_tab_its_name(titles, page):
    Session(page=page.script)
    assert titles[-1] == f"{page.title} · gmmviz"
