"""A page's main part, which is drawn anew alone where the sidebar stays as it is; and runs that a page asks for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gmmviz.frame import parted
from gmmviz.ui.session.address import is_back, is_known, is_moved
from gmmviz.ui.session.state import current
from gmmviz.ui.turns import is_wanted, turn

MAIN = "main"  # a fragment's key


def main(draw: Callable[[], None]) -> None:
    """Draw a page's main part, after the sidebar: what is drawn anew alone where the sidebar stays as it is.

    That is so after a change of one of its own widgets, which waits for a run that is under way, and after `draw_main`.

    Parameters
    ----------
    draw : callable
        Draws it; begins with `collect`.
    """
    session = current()
    session.has_main = True
    _main(draw)
    session.whole = True


@st.fragment(key=MAIN)
def _main(draw: Callable[[], None]) -> None:
    with turn():
        if get_script_run_ctx().fragment_ids_this_run:
            _begin_alone()
        draw()


def _begin_alone() -> None:
    """Do what `begin` does, where the main part alone is drawn; where more has changed, draw the whole page.

    No link and no Back asks for the part alone, so an address is news only where its film has moved on. Another is from
    before a run that the request has waited for.
    """
    session = current()
    framed, address = parted(st.query_params.to_dict())
    session.arrived = False
    if framed != session.framed or session.wanted:
        session.unasked = True
        st.rerun()
    if is_moved(session, address) and is_known(address, session.address, session.iterations):
        st.rerun()
    session.address, session.fresh = address, False


def draw_main(changed: Collection[str]) -> None:
    """Draw the main part alone, as the last thing in the callback of a widget on which the sidebar does not depend.

    Not where the sidebar does not stand as the settings do: there is no main part, the whole page was not drawn to its
    end, or more has changed than these settings, or one of them to what it cannot be.
    """
    session, state = current(), st.session_state
    if not session.whole or is_back():
        return
    before, now = session.settings.shown(), session.defaults.entered(state).shown()
    if all(state[name] == (now if name in changed else before)[name] for name in before):
        st.rerun(MAIN)


def draw_whole() -> None:
    """Draw the whole page, as the last thing in the callback of a widget of its main part that changes the sidebar."""
    if current().has_main:
        st.rerun()


def rerun() -> NoReturn:
    """Run the page's script again by itself, unless the reader has asked for another run meanwhile: that comes first.

    Streamlit takes the address along that this run began with, which may be older than the page's.
    """
    is_wanted()
    current().unasked = True
    st.rerun()
