"""The page Restarts without a browser: deep links, good and hostile, sweeps, stopping, choosing, comparing."""

import json
import re

import pytest

from gmmviz.numerals import numeral
from gmmviz.pages import script
from gmmviz.pages.restarts import page
from gmmviz.pages.restarts.numbers import best_of, leader, single, sweep
from gmmviz.pages.restarts.settings import MOST, Restarts
from gmmviz.restarts import optima
from gmmviz.ui import cache
from tests.session import Session

PAGE = script("restarts")
SMALL = {"starts": "20"}


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch):
    """No sweep is there from another test, and each ends in the first run of the page."""
    cache.clear()
    monkeypatch.setattr(page, "SLICE", 60)


def groups_of(settings):
    return optima(first(settings, settings.starts), len(settings.data().X), settings.tol)


def first(settings, starts):
    one = sweep(settings, settings.data().X)
    one.advance(starts)
    return one.done[:starts]


def buttons(session):
    return [button.label for button in session.at.button]


def test_it_opens_on_a_setting_with_several_optima_of_which_the_best_is_found_by_a_part():
    session = Session(page=PAGE)
    assert (session.errors, session.address) == ([], {})
    groups = groups_of(Restarts())
    assert len(groups) > 3
    assert 0 < len(groups[0].members) < 50
    assert f"**{len(groups[0].members)} of 100 starts**" in session.words
    assert "Stop" not in buttons(session)


@pytest.mark.parametrize(
    "query",
    [
        {"dataset": "tutorial-five", "k": "5", "starts": "30", "play": "7", "it": "2"},
        {"dataset": "iris", "k": "4", "covariance": "tied", "starts": "10"},
        {"k": "1", "starts": "10"},
        {"init": "hierarchical"},
        {"floor": "0", "k": "9", "starts": "20"},
        {"tol": "0", "max_iter": "5", "starts": "10"},
    ],
)
def test_a_deep_link_shows_what_it_says(query):
    session = Session(query, PAGE)
    assert (session.errors, session.notices, session.address) == ([], [], query)


def test_a_hostile_link_is_corrected():
    query = {
        "starts": "1e9",
        "play": "-3",
        "init_seed": "99999",
        "k": "<b>",
        "it": "nan",
        "n": "inf",
        "max_iter": "1",
    }
    session = Session(query, PAGE)
    assert session.errors == []
    assert session.address == {"starts": str(MOST), "init_seed": "99499", "n": "20000", "max_iter": "1"}
    assert "<" not in session.notices[0]


def test_the_last_start_of_all_is_one_that_the_explorer_can_show():
    last = Restarts(init_seed=Restarts.table()["init_seed"].high, starts=MOST)
    assert single(last, MOST - 1).init_seed == 99_998


def test_choosing_a_group_plays_its_highest_start_and_links_to_it():
    session = Session(SMALL, PAGE)
    groups = groups_of(Restarts(starts=20))
    choice = next(one for one in session.at.get("button_group"))
    other = groups[1]
    choice.set_value(leader(other)).run()
    assert session.errors == []
    assert session.address == SMALL | {"play": str(leader(other) + 1)}
    assert f"Log-likelihood {numeral(other.log_likelihood, '.3f')}" in session.words
    (link,) = (one for one in session.at.get("page_link") if one.proto.label == "Open in the explorer")
    query = dict(part.split("=") for part in link.proto.query_string.split("&"))
    led = Session(query, script("explorer"))
    assert led.errors == led.notices == []
    assert f"Log-likelihood {numeral(other.log_likelihood, '.3f')}" in led.words


def test_the_film_opens_at_its_end_and_shows_the_other_curves_too():
    session = Session(SMALL, PAGE)
    figure = session.player["figure"]
    names = [trace["name"] for trace in figure["data"]]
    assert names[0] == "points"
    assert names[-1] == "log-likelihood"
    assert {"A", "B"} <= set(names)
    assert session.player["iteration"] == session.player["home"] == figure["scene"]["last"]


def test_a_sweep_goes_on_slice_by_slice_is_stopped_keeps_what_is_done_and_goes_on(monkeypatch):
    monkeypatch.setattr(page, "SLICE", 0)
    session = Session({"starts": "300", "dataset": "tutorial-five", "k": "5"}, PAGE)
    assert "Stop" in buttons(session)
    assert "No start has come to an optimum yet." in session.words
    monkeypatch.setattr(page, "SLICE", 0.3)
    while (done := progress(session)) == 0:
        session.at.run()
    assert done < 300
    click(session, "Stop")
    assert session.errors == []
    assert "Go on" in buttons(session)
    stopped = progress(session)
    assert stopped >= done
    session.at.run()
    assert progress(session) == stopped
    assert re.search(rf"\d+ of {stopped} starts", session.words)
    monkeypatch.setattr(page, "SLICE", 60)
    click(session, "Go on")
    assert progress(session) == 300
    assert not {"Stop", "Go on"} & set(buttons(session))


def progress(session):
    (bar,) = session.at.get("progress")
    return int(bar.proto.text.split()[0])


def click(session, label):
    next(button for button in session.at.button if button.label == label).click()
    session.at.run()


def test_a_finished_sweep_is_there_at_once_for_the_next_reader(monkeypatch):
    Session(SMALL, PAGE)
    monkeypatch.setattr(page, "SLICE", 0)
    assert progress(Session(SMALL, PAGE)) == 20
    assert progress(Session({"starts": "10"}, PAGE)) == 10


@pytest.mark.parametrize("asked", [4, 1999])
def test_what_the_address_asks_for_waits_for_the_run_that_it_is_meant_for(monkeypatch, asked):
    settings = Restarts(starts=40)
    query = settings.to_query() | {"it": str(asked)}
    some, all_ = (optima(first(settings, n), 500, settings.tol)[0] for n in (5, 40))
    assert leader(some) != leader(all_)
    monkeypatch.setattr(page, "SLICE", 0)
    page.sweep_of(settings).advance(5)
    session = Session(query, PAGE)
    assert progress(session) < 40
    assert (session.errors, session.notices, session.address) == ([], [], query)
    assert session.player["iteration"] == min(asked, session.player["home"])
    monkeypatch.setattr(page, "SLICE", 60)
    session.at.run()
    assert progress(session) == 40
    shown = min(asked, session.player["home"])
    assert session.player["iteration"] == shown
    assert f"play={leader(all_) + 1}" in session.player["run"]
    assert len(session.notices) == (shown < asked)
    session.at.run()
    assert (session.errors, session.player["iteration"]) == ([], shown)


def test_another_setting_has_a_sweep_of_its_own(monkeypatch):
    Session(SMALL, PAGE)
    monkeypatch.setattr(page, "SLICE", 0)
    assert progress(Session(SMALL | {"k": "2"}, PAGE)) < 20


def test_every_way_to_start_is_compared_on_demand():
    session = Session(SMALL, PAGE)
    assert "way to start" not in json.dumps([list(frame.value.columns) for frame in session.at.dataframe])
    click(session, "Compare all ways to start")
    while "Stop" in buttons(session):  # in the browser a timer asks for the next slice
        for way in page.ways(Restarts(starts=20)):
            page.sweep_of(way).advance(20)
        session.at.run()
    assert session.errors == []
    (frame,) = (frame.value for frame in session.at.dataframe)
    assert list(frame["starts"]) == [20, 20, 20, 20, 1, 20]
    assert "Random points" in frame["way to start"][0]


def test_hierarchical_starts_leave_nothing_to_chance():
    session = Session({"init": "hierarchical"}, PAGE)
    assert "one start says all" in session.words
    assert "**1 of 1 starts** (100 %)" in session.words
    assert "**One start** is enough." in session.words


def test_where_every_run_collapses_there_is_no_best():
    query = {"dataset": "blobs", "n": "20", "k": "16", "floor": "0", "starts": "10"}
    groups = groups_of(Restarts(dataset="blobs", n=20, k=16, floor=0.0, starts=10))
    assert best_of(groups) is None
    session = Session(query, PAGE)
    assert session.errors == []
    assert "No start came to a sound optimum." in session.words
    click(session, next(label for label in buttons(session) if label == "New start"))
    assert session.errors == []
