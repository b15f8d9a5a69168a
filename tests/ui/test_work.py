"""Long work: a part that is drawn in slices, and how far it is."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Event

import pytest
from streamlit.testing.v1 import AppTest

from gmmviz.pages.explorer.settings import Explorer
from gmmviz.ui import cache, turns, work
from gmmviz.ui.work import Task


def script(done, total, named):
    """Draw how far some work is."""
    import streamlit as st

    from gmmviz.ui import work

    work.progress("stopped", named, done, total, "things", "Does the others.")
    st.write(f"stopped: {work.is_stopped('stopped', named)}")


def drawn(done, total=9, named="this"):
    return AppTest.from_function(script, kwargs={"done": done, "total": total, "named": named}).run()


def labels(at):
    return [button.label for button in at.button]


def test_work_is_stopped_by_its_name_and_goes_on():
    at = drawn(2)
    (bar,) = at.get("progress")
    assert (bar.proto.text, bar.proto.value) == ("2 of 9 things", 22)
    assert labels(at) == ["Stop"]
    at.button[0].click().run()
    assert (labels(at), at.markdown[0].value) == (["Go on"], "stopped: True")
    assert at.button[0].help == "Does the others."
    at.kwargs = {"done": 2, "total": 9, "named": "other"}  # other work is not stopped
    at.run()
    assert (labels(at), at.markdown[0].value) == (["Stop"], "stopped: False")
    at.kwargs = {"done": 2, "total": 9, "named": "this"}
    at.run()
    assert labels(at) == ["Go on"]
    at.button[0].click().run()
    assert (labels(at), at.markdown[0].value) == (["Stop"], "stopped: False")


def test_what_is_done_can_neither_be_stopped_nor_go_on():
    at = drawn(1234, 1234)
    assert at.get("progress")[0].proto.text == "1,234 of 1,234 things"
    assert labels(at) == []


@pytest.mark.parametrize(("busy", "every"), [(True, work.TICK), (False, None)])
def test_a_part_may_work_from_its_second_turn_on_as_long_as_its_picture_took(monkeypatch, busy, every):
    found, turns = {}, []
    clock = iter([100.0, 100.4, 102.0, 102.6, 109.0])

    def fragment(turn, run_every):
        found.update(turn=turn, every=run_every)
        return turn

    monkeypatch.setattr(work.st, "fragment", fragment)
    monkeypatch.setattr(work, "monotonic", lambda: next(clock))
    work.draw_in_slices(lambda *arguments, seconds: turns.append((arguments, seconds)), busy, 1, "a")
    for _ in range(4):
        found["turn"]()
    assert [arguments for arguments, _ in turns] == [(1, "a")] * 5
    # Since the last turn began, less the work in it: 0.4, 1.6 - 0.4, 0.6 - 1 and 6.4 - 0.25 s.
    assert [seconds for _, seconds in turns] == pytest.approx(
        [0, 0.4, work.LONGEST, work.SLICE, work.LONGEST]
    )
    assert found["every"] == every


class Left(Exception):
    """As Streamlit's own, when a reader has left."""


def test_work_that_nobody_wants_any_more_ends_after_a_quantum(monkeypatch):
    done = []

    def asked():
        if len(done) == 3:
            raise Left

    monkeypatch.setattr(work, "is_wanted", asked)
    with pytest.raises(Left):
        work.advance(lambda seconds: done.append(seconds), 3600)
    assert done == [work.QUANTUM] * 3


@pytest.mark.parametrize("turn", [nullcontext, turns.turn])
def test_others_come_in_between_two_quanta(turn):
    waits, been = Event(), []

    def other():
        waits.set()
        with turns.turn():
            been.append("other")

    def go_on(seconds):
        if not been:
            been.append("first")
            pool.submit(other)
            assert waits.wait(30)
            while not turns._turns.waiting:
                pass
        return been[-1] == "other"

    with ThreadPoolExecutor(1) as pool, turn():
        assert work.advance(go_on, 60)
    assert been == ["first", "other"]


def test_work_ends_with_its_time_or_when_it_is_done():
    calls = []
    assert work.advance(lambda seconds: calls.append(seconds) or True, 9) is True
    assert work.advance(lambda seconds: calls.append(seconds), 0) is None
    assert calls == [work.QUANTUM, 0]


def test_a_run_under_way_is_the_one_that_is_kept_even_if_others_have_pushed_it_out(monkeypatch):
    """Else what has been computed would be gone at its end, and begun again, for ever."""
    ended = []
    monkeypatch.setattr(work.st, "rerun", lambda: ended.append(True))
    wanted = (Explorer(n=40, tol=0.0, max_iter=50).reduced_to("data", "run"),)
    pushed_out = cache.ascent_of(wanted[0])
    cache.clear()
    work._under_way(wanted, seconds=60.0)
    assert ended
    assert cache.ascent_of(wanted[0]).iterations >= 50
    assert pushed_out.iterations == -1


def test_a_task_under_way_is_asked_for_each_time(monkeypatch):
    monkeypatch.setattr(work.st, "rerun", lambda: None)
    tasks = iter(Task(iter([[n]]), 9.0, 1, "numbers") for n in range(9))
    drawn = []
    for _ in range(2):
        work._task(lambda: next(tasks), drawn.append, seconds=1.0)
    assert drawn == [[0], [1]]
