"""Points drawn by hand, without a browser: what the player is told, what it reports, and what the page says of it."""

import json
from base64 import b64decode

import numpy as np
import pytest

from gmmviz.datasets import drawn
from gmmviz.pages.explorer.figure import board
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.explorer.words import still_to_draw
from gmmviz.ui import drawing
from tests.session import Session

ROW = Explorer.table()["dots"]
DOTS = tuple((400 * i, 37 * i * i % 4096) for i in range(10))
TEXT = ROW.write(DOTS)
DRAWN = {"dataset": "drawn"}


def report(session, text):
    """Let the player report what was drawn."""
    return session._report(session._component.proto.id, json_value=json.dumps({"drawn": text}))


def points(session):
    """The points that the player gets."""
    (cloud,) = session.player["figure"]["scene"]["clouds"]
    return np.frombuffer(b64decode(cloud["bdata"])).reshape(2, -1).T


def test_it_starts_with_an_empty_plane_and_a_word_what_to_do():
    session = Session(DRAWN)
    assert (session.errors, session.notices, session.address) == ([], [], DRAWN)
    assert "# Draw your own points" in session.words
    assert "Three bell curves need at least three points." in session.words
    assert session.player["board"] == {"dots": "", "most": 300, "fewest": 3}
    assert session.player["locked"] == "No points are drawn; 3 more are needed."
    assert session.player["start"] is None
    assert points(session).shape == (0, 2)
    assert session.player["figure"]["layout"]["meta"]["extent"] == [[-8.4, 8.4], [-8.4, 8.4]]


def test_what_is_drawn_stands_in_the_address_and_is_what_is_fitted():
    session = report(Session(DRAWN), TEXT)
    assert (session.errors, session.address) == ([], DRAWN | {"dots": TEXT})
    np.testing.assert_array_equal(points(session), drawn(DOTS).X)
    assert session.player["board"]["dots"] == TEXT
    assert session.player["locked"] == ""
    assert "# 10 points, and three bell curves" in session.words
    assert session.player["figure"]["layout"]["meta"]["extent"] == [[-8.4, 8.4], [-8.4, 8.4]]  # nothing jumps
    assert (session.widgets["n_of_drawn"].value, session.widgets["n_of_drawn"].step) == (10, 1)
    assert Session(session.address).words == session.words
    assert report(session, ROW.write(DOTS[:2])).words.startswith("# Draw one more point")
    assert session.widgets["n_of_drawn"].value == 2
    assert "dots" not in report(session, "").address


def test_while_points_are_drawn_the_picture_keeps_its_zoom():
    session = Session(DRAWN)
    before = session.player["points"]
    assert before == report(session, TEXT).player["points"] != Session().player["points"]


def test_the_iteration_that_an_address_asks_for_waits_for_the_points():
    session = Session(DRAWN | {"it": "2"})
    assert (session.notices, session.address["it"]) == ([], "2")
    assert "it" not in report(session, TEXT).address  # another run begins at its start


def test_what_was_drawn_comes_back_after_another_dataset():
    session = Session(DRAWN | {"dots": TEXT})
    assert session.set(dataset="moons").address == {"dataset": "moons"}
    assert session.set(dataset="faithful").address == {"dataset": "faithful"}
    assert session.go({"dataset": "faithful", "k": "4"}).experiment.k == 4  # Back is heard meanwhile
    assert session.set(dataset="drawn").address == DRAWN | {"k": "4", "dots": TEXT}


def test_a_report_that_comes_late_changes_nothing():
    session = report(Session(), TEXT)
    assert (session.errors, session.address) == ([], {})
    assert session.player["board"] is None
    assert session.go({"k": "4"}).experiment.k == 4


def test_more_components_than_points_is_a_message_and_less_is_none():
    session = Session(DRAWN | {"dots": TEXT}).set(k=11)
    assert session.errors == []
    assert "# Draw one more point" in session.words
    assert session.player["board"]["fewest"] == 11
    assert session.set(k=10).player["locked"] == ""


@pytest.mark.parametrize("hide", ["data", "dots", "dataset"])
def test_where_the_data_are_hidden_nothing_is_drawn(hide):
    session = Session(DRAWN | {"dots": TEXT, "hide": hide})
    assert session.player["board"] is None
    np.testing.assert_array_equal(points(session), drawn(DOTS).X)


@pytest.mark.parametrize("text", ["x", "a", "a!", "b" + TEXT[1:], "a" + "A" * 9999, TEXT + "A"])
def test_nothing_that_is_reported_upsets_the_page(text):
    session = report(Session(DRAWN), text)
    assert session.errors == []
    assert Explorer.from_query(session.address)[1] == []


def test_a_bad_address_keeps_what_can_be_read_and_says_so():
    session = Session(DRAWN | {"dots": TEXT + "A"})
    assert session.address == DRAWN | {"dots": TEXT}
    assert "Of the drawn points, dots, only the first 10 could be read." in session.notices[0]
    assert "dots was" in Session(DRAWN | {"dots": "zzz"}).notices[0]
    assert "dots was" in Session({"dots": TEXT}).notices[0]


def test_drawn_points_go_along_to_other_pages():
    session = Session(DRAWN | {"dots": ROW.write(DOTS * 2)})
    session.at.switch_page("pages/k-means.py")
    session.go({})
    assert session.errors == []
    assert session.address == DRAWN | {"dots": ROW.write(DOTS * 2)}


def test_an_empty_board_shows_no_component():
    scene = board(drawn(()))["scene"]
    (plane,) = scene["planes"]
    assert (plane["layers"], plane["colour"], scene["mixtures"], scene["curves"]) == (
        ["points"],
        "none",
        [],
        [],
    )
    assert plane["centres"]["shape"] == "1, 0, 2"


@pytest.mark.parametrize(
    ("there", "lacking", "K", "title", "need"),
    [
        (0, 3, 3, "Draw your own points", "Three bell curves need at least three points."),
        (2, 1, 3, "Draw one more point", "Three bell curves need at least three points."),
        (2, 14, 16, "Draw 14 more points", "16 bell curves need at least 16 points."),
        (1, 1, 1, "Draw one more point", "One bell curve needs at least two points."),
    ],
)
def test_what_is_said_where_points_lack(there, lacking, K, title, need):
    found = still_to_draw(there, lacking, K)
    assert found[0] == title
    assert need in found[1]


def test_what_another_page_says_of_one_and_of_several():
    assert drawing.wanted(Explorer(dataset="drawn")) == "No points are drawn; 3 more are needed."
    assert (
        drawing.wanted(Explorer(dataset="drawn", dots=DOTS[:1], k=2))
        == "One point is drawn; 1 more is needed."
    )
