"""The session: one object, whose address, widgets and corrections agree."""

import re
from dataclasses import fields
from functools import partial
from pathlib import Path

import pytest
import streamlit
from hypothesis import given, settings
from hypothesis import strategies as st

from gmmviz.corrections import Correction, RunEnds
from gmmviz.pages import script
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.ui import session as session_module
from gmmviz.ui.session import KEY, address, pages, part
from gmmviz.ui.session import Session as State
from gmmviz.ui.widget import ALONE
from tests.session import Session


def state(session):
    return session.at.session_state[KEY]


def test_all_that_a_session_remembers_is_one_object_with_a_word_on_each_field():
    session = Session({"k": "5"})
    names = session.at.session_state._state.filtered_state
    assert [name for name in names if name.startswith("_")] == [KEY]
    assert set(names) >= session.table.keys()
    assert type(state(session)) is State
    for field in fields(State):
        assert f"{field.name}" in State.__doc__


def test_it_knows_what_is_shown():
    session = Session({"k": "5", "it": "3"})
    assert state(session).settings == Explorer(k=5, it=3)
    assert (state(session).script, state(session).defaults) == (script("explorer"), Explorer())
    session.set(colour="truth").rest(4)
    assert state(session).settings == Explorer(k=5, it=4, colour="truth")
    assert state(session).address == session.address | {"version": session.version}


def test_corrections_are_facts():
    session = Session({"it": "1999", "k": "99", "nonsense": "1", "max_iter": "5"})
    k, nonsense, it = state(session).corrections
    assert k == Correction("k", "99", 30)
    assert (nonsense.name, nonsense.given) == ("nonsense", "1")
    assert it == Correction("it", "1999", 5, RunEnds(5))


def test_an_iteration_that_no_run_can_reach_is_corrected_once():
    session = Session({"it": "1e9", "max_iter": "5"})
    assert state(session).corrections == [Correction("it", "1e9", 5, RunEnds(5))]


def test_a_rest_that_brings_an_address_from_before_a_change_undoes_nothing():
    """The browser had not heard of the change yet when its film came to rest, where it had rested before."""
    session = Session({"it": "2"}).set(frames="whole")
    session.at.query_params = {"it": "2"}
    session.rest(2)
    assert session.address == {"frames": "whole", "it": "2"}
    session.go({"it": "2"})  # nothing rested: the reader went there
    assert state(session).settings == Explorer(it=2)


def test_work_that_runs_the_page_again_with_an_address_from_before_undoes_nothing():
    """Where the page was reached by the navigation, the browser had not heard of its address yet when work ended."""
    session = Session({"dataset": "iris", "k": "2"})
    session.at.switch_page(script("restarts"))
    session.go({})
    here = session.address
    assert here == {"dataset": "iris", "k": "2"}
    for old in ({}, {"starts": "20"}):  # the address of the navigation is bare; the other is the reader's own
        session.at.query_params = old
        state(session).unasked = True
        session.at.run()
        assert session.address == (old or here)


def test_back_is_heard_whatever_the_widgets_stand_at(monkeypatch):
    session = Session({"k": "4"}).set(k=5)
    session.widgets["k"].set_value(6)
    session.at.query_params = {"k": "4"}
    session.run()
    assert session.address == {"k": "6"}  # a change of a widget, and an address from before it
    for module in (address, part):
        monkeypatch.setattr(module, "is_back", lambda: True)
    session.widgets["k"].set_value(7)
    session.at.query_params = {"k": "4", "it": "2"}
    session.run()
    assert session.address == {"k": "4", "it": "2"}
    assert session.widgets["k"].value == 4


def first_of(session):
    """The first element of the page, beside the sidebar."""
    return next(node for node in session.at.main if not hasattr(node, "children"))


def test_a_notice_is_the_first_thing_on_the_page_and_stays_there_while_it_holds():
    session = Session({"k": "99", "max_iter": "3"})
    assert first_of(session).value == session.notices[0]
    session.at.run()
    assert first_of(session).value == session.notices[0]
    session.set(k=4)
    assert first_of(session).type == "empty"  # of which nothing is seen


# The main part alone


def read(block):
    """All that a part of the page says, and what its widgets stand at."""
    said = ("label", "value", "help", "disabled", "options", "min", "max")
    return [(node.type, *(str(getattr(node, name, "")) for name in said)) for node in block]


CHANGES = {
    "noise": (0.4, 1.5),
    "data_seed": (3, 99_999),
    "init_seed": (1, 99_999),
    "k": (1, 7, 30),
    "covariance": ("tied", "spherical"),
    "floor": (0.0, 0.1),
    "tol": (1e-3, 0.1),
    "max_iter": (7, 2000),
    "criterion": ("parameters",),
}
changes = st.sampled_from([(name, value) for name, values in CHANGES.items() for value in values])


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(["explorer", "k-means", "density"]),
    st.sampled_from([{}, {"dataset": "iris"}, {"init": "hierarchical"}]),
    st.lists(changes, min_size=1, max_size=4),
)
def test_a_change_that_draws_the_main_part_alone_leaves_the_page_as_its_address_opens_it(page, query, steps):
    assert CHANGES.keys() == ALONE
    session = Session({"n": "24"} | query, page=script(page))
    for name, value in steps:
        if session.widgets[name].disabled or session.widgets[name].value == value:
            continue
        session.set(**{name: value})
        assert session.drawn_alone or session.widgets[name].value != value  # more components than points
    again = Session(session.address, page=script(page))
    assert read(session.at.sidebar) == read(again.at.sidebar)
    assert session.words == again.words
    assert session.player["run"] == again.player["run"]


def test_what_changes_the_sidebar_draws_the_whole_page():
    session = Session({"placed": "0,0;1,1;2,2;3,3"})
    for name, value in {"k": 5, "init": "k-means", "n": 300, "dataset": "moons"}.items():
        assert not session.set(**{name: value}).drawn_alone
        assert read(session.at.sidebar) == read(Session(session.address).at.sidebar)


def test_a_change_that_comes_with_one_of_the_sidebar_draws_the_whole_page():
    """As they do where a class keeps the server busy: Streamlit makes one run of them."""
    session = Session().set(init="hierarchical", k=5)
    assert not session.drawn_alone
    assert read(session.at.sidebar) == read(Session(session.address).at.sidebar)


def test_an_address_from_before_a_run_that_a_part_has_waited_for_undoes_nothing():
    """What is clicked beside the sidebar while a run is under way waits for it, and brings the address from before."""
    session = Session({"covariance": "tied"}).set(k=5)
    session.at.query_params = {"covariance": "tied"}
    session.ask_for_part()
    assert session.drawn_alone
    assert session.address == {"k": "5", "covariance": "tied"}
    session.at.query_params = session.at.query_params | {"it": "2"}  # which a film that plays has written
    session.ask_for_part()
    assert session.address == {"k": "5", "covariance": "tied", "it": "2"}
    assert state(session).settings == Explorer(k=5, covariance="tied", it=2)


def test_nor_where_the_frame_in_it_is_news():
    session = Session({"covariance": "tied"}).set(k=5)
    session.at.query_params = {"covariance": "tied", "hide": "summary"}
    session.ask_for_part()
    assert not session.drawn_alone
    assert session.address == {"k": "5", "covariance": "tied", "hide": "summary"}


def test_a_widget_of_the_part_that_is_changed_while_the_film_plays_finds_it_where_it_is():
    """Also in the first run after the page's own."""
    session = Session({"it": "1"})
    session.widgets["colour"].set_value("truth")
    session.at.query_params = {"it": "4"}
    session.ask_for_part()
    assert session.drawn_alone
    assert session.address == {"colour": "truth", "it": "4"}


def test_after_a_run_that_was_not_drawn_to_its_end_the_whole_page_is():
    session = Session()
    state(session).whole = False  # a change came before
    assert not session.set(k=5).drawn_alone
    assert session.set(k=6).drawn_alone
    state(session).settings = Explorer(k=6, dataset="moons")  # what it was to draw had not yet begun
    assert not session.set(k=7).drawn_alone


def test_an_address_that_is_news_when_the_main_part_is_drawn_draws_the_whole_page():
    session = Session({"k": "4"}).set(init_seed=5)
    session.at.query_params = {"k": "4", "hide": "sidebar"}
    session.widgets["init_seed"].set_value(6)
    session.run()
    assert not session.drawn_alone
    assert session.at.query_params["hide"] == "sidebar"


class Unwanted(Exception):
    """As Streamlit ends a run whose reader has asked for another."""


def test_a_run_that_the_page_asks_for_comes_after_one_that_the_reader_asks_for(told, monkeypatch):
    now, told = told
    session_module.rerun()
    assert told == [("rerun", (), {})]
    assert now.unasked

    def is_wanted():
        raise Unwanted

    now.unasked = False
    monkeypatch.setattr(part, "is_wanted", is_wanted)
    with pytest.raises(Unwanted):
        session_module.rerun()
    assert len(told) == 1
    assert not now.unasked


def test_every_run_that_a_page_asks_for_is_asked_for_here():
    """Streamlit's own would take an old address along, and be heard before the reader."""
    here = Path(session_module.__file__).parent
    files = here.parent.parent.rglob("*.py")
    asking = {path for path in files if re.search(r"\bst\.rerun\(", path.read_text("utf-8"))}
    assert asking == {here / "pages.py", here / "part.py"}


@pytest.fixture
def told(monkeypatch):
    """What Streamlit is told to do, in a session that app.py has not seen."""
    now, told = State(), []
    monkeypatch.setattr(streamlit, "session_state", {KEY: now})
    for command in ("navigation", "rerun", "switch_page"):
        note = partial(lambda name, *to, **how: told.append((name, to, how)), command)
        monkeypatch.setattr(streamlit, command, note)
    return now, told


def test_a_page_that_a_new_server_serves_without_app_py_runs_again_once_with_it(told):
    now, told = told
    pages.through_app(now, script("collapse"))
    assert [name for name, _, _ in told] == ["navigation", "rerun"]
    pages.through_app(now, script("collapse"))
    assert len(told) == 2  # once is enough, also for a page that is an app of its own


def test_the_presenters_next_key_leads_on_once(told):
    now, told = told
    now.wanted = script("collapse"), {"it": "1"}
    session_module.go_where_wanted()
    assert told == [("switch_page", (script("collapse"),), {"query_params": {"it": "1"}})]
    session_module.go_where_wanted()
    pages.through_app(now, script("collapse"))
    assert len(told) == 1  # app.py has run


def test_the_state_of_one_session_is_not_anothers():
    one, other = Session({"k": "5"}), Session({"k": "2"})
    assert state(one) is not state(other)
    assert (state(one).settings.k, state(other).settings.k) == (5, 2)
    assert state(one).films is not state(other).films


# A film that plays, whose address the server has not heard.


def test_a_widget_that_is_changed_while_the_film_plays_finds_the_film_where_the_address_has_followed_it():
    session = Session({"k": "4"})
    session.at.query_params = {"k": "4", "it": "7"}
    session.set(colour="truth")
    assert session.address == {"k": "4", "it": "7", "colour": "truth"}
    assert state(session).films["film"].placements == 1  # the browser's film stays where it is
    session.at.query_params = {"k": "4", "it": "9", "colour": "truth"}
    session.set(k=5)
    assert session.address == {"k": "5", "colour": "truth"}  # another run opens at its start


def test_played_again_from_the_end_it_is_not_at_the_end():
    session = Session({"it": "16"})
    session.at.query_params = {"it": "2"}
    session.set(k=4)
    assert "it" not in session.address
    session = Session({"it": "16"})
    session.at.query_params = {}
    session.set(colour="truth")
    assert session.address == {"colour": "truth"}


def test_but_an_address_from_before_another_change_tells_nothing():
    session = Session({"it": "9"}).set(k=5)
    session.at.query_params = {"it": "9"}  # the browser has not heard of k yet
    session.set(colour="truth")
    assert session.address == {"k": "5", "colour": "truth"}


def test_where_a_film_rests_counts_more_than_what_its_address_said_before():
    session = Session({"it": "3"})
    session.at.query_params = {"it": "5"}
    session.rest(6)
    assert session.address == {"it": "6"}


def test_a_link_that_differs_in_the_iteration_alone_is_followed():
    session = Session({"it": "3"}).go({"it": "5"})
    assert state(session).films["film"].placements == 2
    assert state(session).films["film"].iteration == 5


def test_an_address_from_before_a_rest_does_not_move_the_film_back():
    """A change that was asked for before the browser had heard what address the rest has."""
    session = Session({"max_iter": "9", "tol": "0"}).rest(9)
    session.at.query_params = {"max_iter": "9", "tol": "0"}
    session.set(max_iter=12)
    assert session.address == {"max_iter": "12", "tol": "0", "it": "12"}  # at the end, as it was
