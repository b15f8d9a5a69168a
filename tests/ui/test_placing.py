"""Means placed by hand, without a browser: what the player is told, what it reports, and what the page says of it."""

import json
from base64 import b64decode

import numpy as np
import pytest

from gmmviz.em import Mixture
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.ui import placing
from tests.session import Session

PLACED = "-9,-5;-1.5,-4;1.5,1"
PLACES = [[-9.0, -5.0], [-1.5, -4.0], [1.5, 1.0]]
CONTROLS = ("init", "init_seed", "new_init_seed")


def report(session, text):
    """Let the player report where the means were placed."""
    return session._report(session._component.proto.id, json_value=json.dumps({"placed": text}))


def first_means(session):
    (history,) = session.player["figure"]["scene"]["mixtures"]
    return np.frombuffer(b64decode(history["means"]["bdata"])).reshape(-1, 3, 2)[0]


def test_what_the_player_reports_stands_in_the_address_and_is_where_the_run_begins():
    session = Session({"it": "7", "n": "100"})
    assert session.player["start"]["placed"] == []
    assert report(session, PLACED).errors == []
    assert session.address == {"n": "100", "placed": PLACED}  # the film is at its start
    assert session.player["iteration"] == 0
    np.testing.assert_array_equal(first_means(session), PLACES)
    assert session.player["start"]["placed"] == PLACES


def test_the_player_gets_the_covariance_that_each_component_begins_with():
    settings = Explorer(n=100, covariance="diag", floor=1e-2, placed=tuple(map(tuple, PLACES)))
    start = Session(settings.to_query()).player["start"]
    begins = settings.start(settings.ground(settings.data().X))
    assert begins.n_components == start["K"] == 3
    expected = Mixture(begins.weights, begins.means, [np.reshape(start["covariance"], (2, 2))] * 3)
    np.testing.assert_array_equal(begins.covariances, expected.covariances)


def test_the_page_says_so_and_one_press_takes_them_away():
    session = Session({"n": "100"})
    assert not [
        session.widgets[name].proto.disabled for name in CONTROLS if session.widgets[name].proto.disabled
    ]
    assert "placed" not in session.words
    plain = first_means(session)
    for button in ("unplace", "unplace_here"):
        session.go({"n": "100", "placed": PLACED})
        assert session.words.count("The means start where you placed them.") == 2
        assert all(session.widgets[name].proto.disabled for name in CONTROLS)
        session.click(button)
        assert (session.errors, session.address) == ([], {"n": "100"})
        np.testing.assert_array_equal(first_means(session), plain)


def test_with_more_components_some_are_missing_and_with_fewer_the_first_count():
    session = Session({"n": "100", "placed": PLACED})
    session.set(k=5)
    assert "You placed 3 of 5 means; 2 are missing. Until then the start is: random points." in session.words
    assert not session.widgets["init"].proto.disabled
    assert session.set(k=2).address == {"n": "100", "k": "2", "placed": PLACED}
    placed = session.experiment
    np.testing.assert_array_equal(placed.start(placed.ground(placed.data().X)).means, PLACES[:2])


def test_another_dataset_takes_them_away_another_sample_does_not():
    session = Session({"n": "100", "placed": PLACED}).click("new_data_seed")
    assert session.address["placed"] == PLACED
    assert "placed" not in session.set(dataset="moons").address


def test_they_go_along_to_a_page_that_begins_there_with_their_data_and_come_back_from_one_that_does_not():
    session = Session({"n": "100", "placed": PLACED})
    for page, has in (("k-means", True), ("restarts", False), ("explorer", True)):
        session.at.switch_page(f"pages/{page}.py")
        session.go({})
        assert (session.errors, session.notices) == ([], [])
        assert session.at.session_state.dataset == "blobs"
        assert ("placed" in session.address) is has


@pytest.mark.parametrize("hide", ["start", "init", "placed"])
def test_where_the_start_is_hidden_none_is_placed_and_nothing_said(hide):
    session = Session({"n": "100", "placed": PLACED, "hide": hide})
    assert session.player["start"] is None
    assert "placed" not in session.words
    assert session.at.query_params["placed"] == PLACED


@pytest.mark.parametrize("text", ["", "x", "1,2", "nan,nan;1,1", "1e99,1;2,2;3,3"])
def test_nothing_that_is_reported_upsets_the_page(text):
    session = report(Session({"n": "100"}), text)
    assert session.errors == []
    assert Explorer.from_query(session.address)[1] == []


def test_what_is_said_of_one_and_of_several():
    assert placing.standing(3, [], "k-means") == ""
    assert "1 of 2 means; 1 is missing" in placing.standing(2, [(0, 0)], "k-means")
    assert "2 of 4 means; 2 are missing" in placing.standing(4, [(0, 0)] * 2, "k-means")
    assert placing.standing(1, [(0, 0)] * 2, "k-means") == "The means start where you placed them."
