"""The one call that places a film, writes the address, draws the player, and hears where it rests."""

import json
from dataclasses import dataclass, replace
from itertools import count

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gmmviz import versions
from gmmviz.experiment import ITERATION, Experiment
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.settings import setting
from gmmviz.ui.film import _rested, placed
from gmmviz.ui.session import KEY, Placement

RESTS = count(1)

# --- Where a film is put ----------------------------------------------------------------------------------------------

BEFORE = Placement(Explorer().reduced_to("data", "run"), last=16, frames="steps", iteration=3, placements=2)


@pytest.mark.parametrize(
    ("settings", "iteration", "last", "fresh", "put", "placements", "shown"),
    [
        pytest.param(Explorer(), 9, 16, True, 9, 3, 9, id="where a fresh address says"),
        pytest.param(Explorer(), 99, 16, True, 16, 3, 16, id="a fresh address asks for too much"),
        pytest.param(Explorer(), 9, 16, False, 3, 2, 9, id="it rests where the reader left it"),
        pytest.param(Explorer(colour="truth"), 9, 16, False, 3, 2, 9, id="another colour moves nothing"),
        pytest.param(Explorer(k=4), 0, 20, False, 0, 2, 0, id="another run: at the start it stays"),
        pytest.param(Explorer(k=4), 9, 20, False, 0, 2, 0, id="another run: from the middle to the start"),
        pytest.param(Explorer(k=4), 16, 20, False, 20, 2, 20, id="another run: from end to end"),
        pytest.param(
            Explorer(frames="whole"), 9, 16, False, 9, 2, 9, id="thinned anew, it keeps the iteration"
        ),
    ],
)
def test_where_a_film_is_put(settings, iteration, last, fresh, put, placements, shown):
    frames, run = settings.frames, settings.reduced_to("data", "run")
    expected = Placement(run, last, frames, put, placements), shown
    assert placed(BEFORE, settings, iteration, last, fresh) == expected


@pytest.mark.parametrize(
    ("iteration", "last", "shown"),
    [
        pytest.param(9, 20, 20, id="another run opens at its end"),
        pytest.param(2000, 20, 20, id="as it did before"),
        pytest.param(16, 20, 20, id="where it stood too"),
    ],
)
def test_a_film_that_opens_at_its_end_goes_there_with_each_run(iteration, last, shown):
    assert placed(BEFORE, Explorer(k=4), iteration, last, fresh=False, home=last)[1] == shown
    assert placed(BEFORE, Explorer(), 2000, 16, fresh=False, home=16)[1] == 16
    assert placed(BEFORE, Explorer(), 4, 16, fresh=False, home=16)[1] == 4


def test_a_run_of_no_iterations_has_no_end_to_stay_at():
    before = BEFORE._replace(last=0)
    assert placed(before, Explorer(k=4), 0, 20, fresh=False)[1] == 0


# --- Two films on a page ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Two(Experiment):
    """The settings of a page with two films."""

    left: int = setting(ITERATION)
    right: int = setting(replace(ITERATION, default=1))


def two_films():
    """A page that shows two films of one run, each at an iteration of its own."""
    import streamlit as st

    from gmmviz.ui import controls, session
    from gmmviz.ui.film import film
    from tests.ui.test_film import Two

    def figure(iteration):
        return {"data": [], "layout": {}, "scene": {"iterations": [iteration]}}

    session.current().navigated = True
    session.begin("two films", Two())
    with st.sidebar:
        controls.control("k")
    settings = session.collect()
    st.markdown("The page's first words")
    settings = film(
        settings,
        last=10 * settings.k,
        figure=figure,
        key="one",
        iteration="left",
        on_point=lambda number: st.session_state.update(clicked=number),
    )
    settings = film(
        settings,
        last=5,
        figure=figure,
        key="other",
        iteration="right",
        on_spot=lambda x, y: st.session_state.update(spot=(x, y)),
    )
    st.caption(f"left {settings.left}, right {settings.right}")


class Page:
    """The page with two films."""

    def __init__(self, **query):
        self.at = AppTest.from_function(two_films, default_timeout=30)
        self.at.query_params = query
        self.run()

    def run(self):
        self.at.run()
        assert not self.at.exception
        return self

    @property
    def shown(self):
        (caption,) = self.at.caption
        return caption.value

    @property
    def players(self):
        return [json.loads(player.proto.json) for player in self.at.get("bidi_component")]

    @property
    def placements(self):
        return self.at.session_state[KEY].films

    def report(self, film, **news):
        """Let a film report what its reader did."""
        states = self.at._tree.get_widget_states()
        states.widgets.add(id=self.at.get("bidi_component")[film].proto.id, json_value=json.dumps(news))
        self.at._run(states)
        assert not self.at.exception
        return self


def test_each_film_has_an_iteration_of_its_own():
    page = Page(left="7", right="3")
    assert page.shown == "left 7, right 3"
    assert [player["iteration"] for player in page.players] == [7, 3]
    assert [player["setting"] for player in page.players] == ["left", "right"]
    assert page.players[0]["figure"]["scene"]["iterations"] == [7]
    assert page.placements.keys() == {"one", "other"}
    assert page.at.query_params == versions.stamped({"left": "7", "right": "3"})


def test_a_rest_of_one_is_none_of_the_other():
    page = Page(left="7", right="3")
    one, other = (player["run"] for player in page.players)
    page.report(0, rest=[9, next(RESTS), one])
    assert page.shown == "left 9, right 3"
    assert page.at.query_params == versions.stamped({"left": "9", "right": "3"})
    page.report(1, rest=[5, next(RESTS), other])
    assert page.shown == "left 9, right 5"
    assert [player["placements"] for player in page.players] == [1, 1]


def test_a_rest_of_a_run_that_is_shown_no_more_moves_nothing():
    page = Page(left="7", right="3")
    before = page.players[0]["run"]
    page.at.slider[0].set_value(4).run()
    shown = page.shown
    page.report(0, rest=[9, next(RESTS), before])
    assert page.shown == shown


def test_a_rest_that_arrives_on_another_page_is_no_news(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    _rested("film", "it")
    assert st.session_state == {}


def test_after_a_change_of_the_run_each_goes_where_it_belongs():
    page = Page(left="30", right="3")
    page.at.slider[0].set_value(4).run()
    assert page.shown == "left 40, right 1"
    assert [player["iteration"] for player in page.players] == [40, 1]
    assert [player["home"] for player in page.players] == [0, 1]


def test_an_iteration_that_is_not_there_is_corrected_at_the_top_of_the_page():
    page = Page(left="99", right="3", k="77")
    (notice,) = page.at.warning
    assert notice.value == ('The address was corrected. k was "77"; now 30.')
    page = Page(left="99", right="9")
    (notice,) = page.at.warning
    assert notice.value == (
        "The address was corrected. The run ends at iteration 30, so the iteration shown, left, is now 30. "
        "The run ends at iteration 5, so the iteration shown, right, is now 5."
    )
    words = [element.value for element in page.at.main if hasattr(element, "value")]
    assert words.index(notice.value) < words.index("The page's first words")
    assert page.at.query_params == versions.stamped({"left": "30", "right": "5"})
    page.run()
    assert len(page.at.warning) == 1
    page.report(0, rest=[3, next(RESTS), page.players[0]["run"]])
    assert not page.at.warning


def test_a_click_is_told_to_whom_it_concerns():
    page = Page()
    assert [(player["clickable"], player["spots"]) for player in page.players] == [
        (True, False),
        (False, True),
    ]
    assert page.report(0, point=0).at.session_state.clicked == 0
    assert page.report(1, spot=[0.5, -2.0]).at.session_state.spot == (0.5, -2.0)
