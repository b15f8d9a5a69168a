"""How a page is shown, which its address says beside the settings: what is hidden, and what that must not reveal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import streamlit as st

from gmmviz.corrections import Concealed, Correction
from gmmviz.frame import Frame
from gmmviz.settings import Choice, Settings
from gmmviz.ui.session.state import Session, current


def take_over(session: Session, framed: dict[str, str]) -> list[Correction]:
    """Set the frame to what the address says of it, and return what had to be changed in that.

    A bare address of another page, as the navigation has it, says nothing: the frame goes along.
    """
    session.framed, session.beside, session.undrawn = framed, False, set()
    if session.arrived and not session.following:
        session.trail = []
    session.following = False
    if session.arrived and not framed and not session.address:
        session.frame = replace(session.frame, present=0)  # the browser takes that along by itself
        return []
    session.frame, corrections = Frame.read(framed, session.pages)
    session.presented += session.fresh and session.frame.present
    return corrections


def hides(*words: str) -> bool:
    """Return whether one of these groups is hidden, or the control of one of these settings."""
    return _is_hidden(current(), *words)


def _is_hidden(session: Session, *words: str) -> bool:
    frame = session.frame
    hidden = {*frame.hide, *frame.hidden(session.defaults.table()), *session.undrawn}
    return not hidden.isdisjoint(words)


def leave_out(name: str) -> bool:
    """Return whether a setting's control is left out here, and note that."""
    session = current()
    left_out = _is_hidden(session, name) or (session.beside and _is_hidden(session, "sidebar"))
    if left_out:
        session.undrawn.add(name)
    return left_out


@contextlib.contextmanager
def sidebar() -> Iterator[None]:
    """Draw what follows in the sidebar; its controls are left out where that is hidden."""
    session = current()
    session.beside = True
    try:
        with st.sidebar:
            yield
    finally:
        session.beside = False


def keep_hidden(session: Session) -> None:
    """Keep the values of hidden settings as they were, whatever a callback has made of them.

    One that is not chosen, and so is another setting's to decide, follows that.
    """
    table, before = session.defaults.table(), session.settings
    if type(before) is not type(session.defaults):
        return  # nothing was shown yet
    for name in session.frame.hidden(table) | session.undrawn:
        if getattr(before, name) not in (None, ()) and not table[name].quiet:
            st.session_state[name] = table[name].shown(getattr(before, name))


def concealed(session: Session, settings: Settings) -> Settings:
    """Return the settings without what reveals the true groups, where these are hidden, and note what was changed."""
    if "truth" not in session.frame.hide:
        return settings
    for name, row in settings.table().items():
        if getattr(settings, name) == "truth" and isinstance(row, Choice):
            session.corrections.append(Correction(name, "truth", row.default, Concealed()))
            settings = replace(settings, **{name: row.default})
    return settings
