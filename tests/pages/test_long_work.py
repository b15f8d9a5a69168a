"""What takes long is done in slices, shown as far as it has come, stopped, and asked about first, on every page."""

import pytest

from gmmviz.pages import script
from gmmviz.ui import cache, work
from tests.session import Session

LONG = {"n": "40", "max_iter": "60", "tol": "0", "k": "2"}
PAGES = {"explorer": {}, "density": {}, "k-means": {}, "compare": {"vary": "covariance"}}


@pytest.fixture(autouse=True)
def forgetful():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def slow(monkeypatch):
    """A second is nothing, and so is a slice: every run of the page takes a step or two."""
    monkeypatch.setattr(work, "SECOND", -1.0)
    monkeypatch.setattr(work, "SLICE", 0.0)
    monkeypatch.setattr(work, "QUANTUM", 0.0)


def bars(session):
    return [bar.proto.text for bar in session.at.get("progress")]


def labelled(session, label):
    return [button for button in session.at.button if button.label == label]


def click(session, label):
    labelled(session, label)[0].click()
    session.at.run()
    return session


def last_iteration(session):
    return session.player["figure"]["scene"]["iterations"][-1]


def until_done(session):
    for _ in range(70):
        if not any("of at most" in bar for bar in bars(session)):
            return session
        session.at.run()
    raise AssertionError(bars(session))


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("page", PAGES)
def test_a_long_run_is_shown_as_far_as_it_has_come_and_then_whole(page):
    query = LONG | PAGES[page]
    session = Session(query | {"it": "50"}, script(page))
    assert session.errors == session.notices == []
    (bar,) = (text for text in bars(session) if "iterations" in text)
    assert "of at most" in bar
    assert session.address["it"] == "50"  # it waits for the run
    assert session.address["max_iter"] == "60"
    assert 1 <= last_iteration(session) < 60
    assert "Stop" in [button.label for button in session.at.button]
    until_done(session)
    assert session.player["iteration"] == 50
    assert last_iteration(session) == 60
    assert session.errors == session.notices == []
    assert "max_iter=60" in session.player["run"]


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("page", PAGES)
def test_a_run_that_is_stopped_is_a_run_of_fewer_iterations_and_goes_on(page):
    session = Session(LONG | PAGES[page], script(page))
    click(session, "Stop")
    session.at.run()
    reached = last_iteration(session)
    assert f"max_iter={reached}," in session.player["run"]
    session.at.run()
    assert last_iteration(session) == reached
    assert session.address["max_iter"] == "60"
    click(session, "Go on")
    until_done(session)
    assert last_iteration(session) == 60


@pytest.mark.usefixtures("slow")
def test_while_it_is_under_way_nothing_is_said_of_an_end():
    session = Session(LONG, script("explorer"))
    assert "So far:" in session.words
    assert "At the end:" not in session.words
    assert "EM was stopped" not in session.words
    (text,) = bars(session)
    assert text.startswith(f"{last_iteration(session)} of at most 60 iterations, log-likelihood −")
    click(session, "Stop")
    assert "At the end:" in session.words
    assert f"EM was stopped after {last_iteration(session)} iterations" in session.words


@pytest.mark.usefixtures("slow")
def test_panels_all_come_forward_and_what_they_differ_in_is_told_at_the_end():
    session = Session(LONG | {"vary": "covariance"}, script("compare"))
    assert "The runs are under way" in session.words
    assert not session.at.dataframe
    (bar,) = bars(session)
    assert bar.endswith("0 of 4 runs done")
    until_done(session)
    assert "The runs are under way" not in session.words


@pytest.mark.usefixtures("slow")
def test_two_readers_share_one_ascent():
    one = Session(LONG, script("explorer"))
    reached = last_iteration(one)
    other = Session(LONG, script("explorer"))
    assert last_iteration(other) > reached
    until_done(other)
    assert last_iteration(one.go(LONG)) == 60


@pytest.mark.parametrize(
    ("page", "query", "minute", "asked"),
    [
        ("explorer", LONG, 0.0, "1 run of many points, components and iterations"),
        ("compare", LONG, 0.0, "4 runs of many points, components and iterations"),
        ("restarts", {"n": "40", "starts": "20"}, 0.1, "20 starts of many points, components or iterations"),
        ("choose-k", {"n": "40", "ks": "1-3"}, 0.1, "12 cells of many points, components or starts"),
    ],
)
def test_what_takes_more_than_a_minute_is_asked_about_first(monkeypatch, page, query, minute, asked):
    monkeypatch.setattr(work, "MINUTE", minute)
    session = Session(query, script(page))
    assert session.errors == []
    assert f"**{asked}**: about 1 minute of work for this computer" in session.words
    assert not session.at.get("bidi_component")
    assert session.address.items() >= query.items()
    session.at.run()
    assert labelled(session, "Compute it all the same")
    click(session, "Compute it all the same")
    session.at.run()
    assert not labelled(session, "Compute it all the same")
    assert session.at.get("bidi_component")


@pytest.mark.usefixtures("slow")
def test_a_task_is_drawn_as_far_as_it_has_come():
    session = until_done(Session({"n": "40", "max_iter": "3"}, script("density")))
    (text,) = bars(session)
    assert text.endswith("of 30 values of K")
    assert not any(at.value.startswith("Best so far") for at in session.at.caption)
    task = next(iter(_tasks()))
    while not task.n_done:
        task.advance(0.0)
    session.at.run()
    assert "Best so far: K = 1 with" in session.words
    task.advance(60)
    session.at.run()
    assert bars(session) == []
    assert "Best here: K =" in session.words


def _tasks():
    from gmmviz.pages.density import page
    from gmmviz.pages.density.settings import Density

    yield page.scores_for_every_k(Density(n=40, max_iter=3))
