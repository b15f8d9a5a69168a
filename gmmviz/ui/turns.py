"""Whose turn it is: one reader's page is made at a time, in the order in which they came.

Scripts that run at the same time fight over Python's lock, and BLAS's own threads over the processors; one after
another, all of them are done sooner. Who computes for long gives way between two parts, so that others come in between.
"""

from collections import deque
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from threading import Condition, get_ident

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gmmviz.threads import one_thread

__all__ = ["Turns", "give_way", "is_wanted", "turn"]

PATIENCE = 0.05
"""Seconds after which who waits asks whether his reader still does."""


class Turns:
    """A lock that goes to those who wait for it in their order, and that a thread which has it may take again.

    >>> turns = Turns()
    >>> with turns.taken(), turns.taken():
    ...     turns.waiting
    0
    """

    def __init__(self):
        self._changed, self._queue, self._depth = Condition(), deque(), 0

    @property
    def waiting(self) -> int:
        """How many threads wait."""
        return max(0, len(self._queue) - 1)

    @contextmanager
    def taken(self) -> Generator[bool]:
        """Wait for the turn, and have it; who is no longer waited for himself leaves the queue.

        Yields whether it was not this thread's before.
        """
        me = get_ident()
        with self._changed:
            if not self._has(me):
                self._wait(me)
            self._depth += 1
            first = self._depth == 1
        try:
            yield first
        finally:
            with self._changed:
                if self._has(me):  # unless he has left while he gave way
                    self._depth -= 1
                    if not self._depth:
                        self._leave(me)

    def give_way(self) -> None:
        """Let those who wait go first, if it is this thread's turn, and then go on."""
        me = get_ident()
        with self._changed:
            if self._has(me) and self.waiting:
                depth, self._depth = self._depth, 0
                self._leave(me)
                self._wait(me)
                self._depth = depth

    def _has(self, me: int) -> bool:
        return self._depth > 0 and self._queue[0] == me

    def _wait(self, me: int) -> None:
        self._queue.append(me)
        try:
            while self._queue[0] != me:
                if not self._changed.wait(PATIENCE):
                    is_wanted()
        except BaseException:
            self._leave(me)
            raise

    def _leave(self, me: int) -> None:
        self._queue.remove(me)
        self._changed.notify_all()


def is_wanted() -> None:
    """End this run of the script, by Streamlit's own exception, if its reader has left or has asked for another."""
    if get_script_run_ctx(suppress_warning=True) is not None:
        st.session_state.get("any")  # where Streamlit looks for that


_turns = Turns()
give_way = _turns.give_way


@contextmanager
def turn() -> Generator[None]:
    """Have the server's turn, and with it one thread of linear algebra; inside another, it is the same."""
    with _turns.taken() as first, one_thread() if first else nullcontext():
        yield
