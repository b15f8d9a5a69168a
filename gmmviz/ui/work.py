"""Long work that a page does in slices: drawn as it comes, stopped by the reader, and taken up where it stopped.

The work itself is an object with a method that goes on with it for so many seconds, such as `gmmviz.selection.Study`.
`cache.result` gives it to all readers of the same settings, each of whom goes on with it; between two slices the
server has time for others.
"""

from collections.abc import Callable
from time import monotonic

import streamlit as st

from gmmviz.numerals import numeral

SLICE, LONGEST = 0.25, 1.0
"""Seconds of work between two pictures, at least and at most; between them, as long as a picture takes."""
TICK = 0.1
"""Seconds after which the browser asks for the next slice, if the last one is done."""


def draw_in_slices(part: Callable, busy: bool, *arguments) -> None:
    """Draw a part of the page, and while it is busy draw it again and again; it is told how long it may work.

    Parameters
    ----------
    part : callable
        Takes the arguments, and `seconds`, by name: 0 in the first turn, in which the whole page is drawn, and the
        reader waits for the rest of it.
    busy : bool
        Whether there is work to do.
    """
    before, seconds = None, 0.0

    def turn() -> None:
        nonlocal before, seconds
        now = monotonic()
        if before is not None:
            seconds = min(max(now - before - seconds, SLICE), LONGEST)
        before = now
        part(*arguments, seconds=seconds)

    st.fragment(turn, run_every=TICK if busy else None)()


def is_stopped(key: str, work) -> bool:
    """Return whether the reader has stopped this work, which what is equal to it names; `key`: the page's own."""
    return st.session_state.get(key) == work


def progress(key: str, work, done: int, total: int, things: str, help: str) -> None:
    """Draw how far work is, and a button to stop it or to go on.

    Parameters
    ----------
    key, work
        As in `is_stopped`.
    done, total : int
        How many things are done, and how many there are.
    things : str
        What they are called.
    help : str
        What going on does.
    """
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    left.progress(done / total, f"{numeral(done)} of {numeral(total)} {things}")
    if done == total:
        return
    with right:
        if is_stopped(key, work):
            if st.button("Go on", icon=":material/play_arrow:", help=help):
                st.session_state[key] = None
                st.rerun()
        elif st.button("Stop", icon=":material/stop:", help="Stops here; what is done stays."):
            st.session_state[key] = work
            st.rerun()
