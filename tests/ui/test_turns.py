"""One computes at a time, in the order in which they came, and who is no longer wanted does not."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from gmmviz.ui import turns
from gmmviz.ui.turns import Turns


class Left(Exception):
    """As Streamlit's own, when a reader has left."""


@pytest.fixture
def pool():
    with ThreadPoolExecutor(8) as pool:
        yield pool


def hold(turns, begun, go_on):
    with turns.taken():
        begun.set()
        assert go_on.wait(30)


def queue_up(pool, line, waiting, work):
    """Have `work` done in a turn, once so many wait."""

    def take():
        with line.taken():
            work()

    future = pool.submit(take)
    while line.waiting < waiting and not future.done():
        pass
    return future


def test_turns_are_given_in_the_order_in_which_they_were_asked_for(pool):
    line, begun, go_on, done = Turns(), Event(), Event(), []
    first = pool.submit(hold, line, begun, go_on)
    assert begun.wait(30)
    others = [queue_up(pool, line, n + 1, lambda n=n: done.append(n)) for n in range(6)]
    assert done == []
    go_on.set()
    for future in [first, *others]:
        future.result(30)
    assert done == [0, 1, 2, 3, 4, 5]
    assert line.waiting == 0


def test_nobody_comes_in_between_while_a_turn_is_taken_again(pool):
    line, other = Turns(), []
    with line.taken():
        with line.taken():
            future = queue_up(pool, line, 1, lambda: other.append(1))
        assert other == []
        assert line.waiting == 1
    future.result(30)
    assert other == [1]


def test_who_has_an_error_gives_the_turn_back(pool):
    line = Turns()

    def fail():
        with line.taken(), line.taken():
            raise ZeroDivisionError

    assert isinstance(pool.submit(fail).exception(30), ZeroDivisionError)
    with line.taken():
        assert line.waiting == 0


def test_who_is_no_longer_waited_for_leaves_the_queue(pool, monkeypatch):
    line, begun, go_on, left = Turns(), Event(), Event(), Event()

    def asked():
        if left.is_set():
            raise Left

    monkeypatch.setattr(turns, "is_wanted", asked)
    first = pool.submit(hold, line, begun, go_on)
    assert begun.wait(30)
    waiting = queue_up(pool, line, 1, lambda: None)
    left.set()
    assert isinstance(waiting.exception(30), Left)
    assert line.waiting == 0
    left.clear()
    behind, done = queue_up(pool, line, 1, lambda: done.append(1)), []
    go_on.set()
    first.result(30)
    behind.result(30)
    assert done == [1]


def test_who_computes_has_the_turn_and_one_thread_of_linear_algebra():
    np.ones((2, 2)) @ np.ones((2, 2))  # so that it is there
    everything = ThreadpoolController()
    with everything.limit(limits=2), turns.turn(), turns.turn():
        assert {library["num_threads"] for library in everything.select(user_api="blas").info()} == {1}
        assert turns._turns._depth == 2


def test_outside_a_script_everyone_is_wanted():
    assert turns.is_wanted() is None


def test_who_gives_way_lets_all_go_first_who_wait_and_has_his_turn_again(pool):
    line, done = Turns(), []
    with line.taken():
        with line.taken():
            others = [queue_up(pool, line, n + 1, lambda n=n: done.append(n)) for n in range(3)]
            line.give_way()
            assert done == [0, 1, 2]
        late = queue_up(pool, line, 1, lambda: done.append("late"))
        assert done == [0, 1, 2]  # it is his own again, as often as he had taken it
    for future in [*others, late]:
        future.result(30)
    assert done[-1] == "late"


def test_who_has_no_turn_or_is_alone_has_nothing_to_give_way_for(pool):
    line, begun, go_on = Turns(), Event(), Event()
    with line.taken():
        line.give_way()
    first = pool.submit(hold, line, begun, go_on)
    assert begun.wait(30)
    line.give_way()  # it is another's
    go_on.set()
    first.result(30)
    assert line.waiting == 0


def test_who_leaves_while_he_gives_way_takes_no_turn_from_others(pool, monkeypatch):
    line, left, go_on, has_it, found = Turns(), Event(), Event(), Event(), []

    def asked():
        if left.is_set():
            left.clear()
            raise Left

    def leave():
        with line.taken():
            begun.set()
            while not line.waiting:
                pass
            line.give_way()

    def other():
        with line.taken():
            has_it.set()
            assert go_on.wait(30)
            with line.taken():
                found.append(line.waiting)

    begun = Event()
    monkeypatch.setattr(turns, "is_wanted", asked)
    leaving = pool.submit(leave)
    assert begun.wait(30)
    staying = pool.submit(other)
    assert has_it.wait(30)
    left.set()
    assert isinstance(leaving.exception(30), Left)
    third = queue_up(pool, line, 1, lambda: found.append("third"))
    assert found == []
    go_on.set()
    staying.result(30)
    third.result(30)
    assert found == [1, "third"]
