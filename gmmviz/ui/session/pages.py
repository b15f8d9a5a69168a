"""From page to page: through app.py, to the presenter's next link and back, and with a title for the browser's tab."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.errors import StreamlitAPIException

from gmmviz.frame import Page, parted, read_steps
from gmmviz.titles import title
from gmmviz.ui.session.state import Session, current

# --- Through app.py ---------------------------------------------------------------------------------------------------


def through_app(session: Session, script: str) -> None:
    """Make sure that app.py has run in this session, and with it the page config and the navigation.

    As long as no session of a new server has, Streamlit serves a page from the pages folder itself. Any navigation ends
    that. The run after it is app.py's, at the same address, and what stands in the browser stays until then.
    """
    if session.navigated:
        return
    session.navigated = True
    with contextlib.suppress(StreamlitAPIException):  # a page run by itself, as its own app, has no app.py
        st.navigation([st.Page("app.py", default=True), st.Page(script)], position="hidden")
        st.rerun()


@st.fragment(run_every=24 * 60 * 60)  # seconds, in a number: for a text Streamlit loads pandas
def come_back() -> None:
    """Let a page whose websocket was cut come back by itself. Call it at the end of app.py.

    A browser that is connected anew asks for a run at once only where something on the page runs now and then, as this
    does, and draws nothing. Else the run comes with the reader's next change, which a server that does not know the
    session, a new one or the same after two minutes, takes for the loading of a page and loses.
    """


def go_where_wanted(pages: Sequence[Page] = ()) -> None:
    """Go on to the page that a presenter's next key asks for.

    Call it in app.py, after `st.navigation`, with the app's pages.
    """
    session = current()
    session.navigated, session.pages = True, pages
    go_on(session)


def go_on(session: Session) -> None:
    """Go to the page that is wanted, if there is one."""
    wanted, session.wanted = session.wanted, None
    if wanted:
        script, query = wanted
        st.switch_page(script, query_params=query)


# --- The presenter's links --------------------------------------------------------------------------------------------


def follow() -> None:
    """Go on to the next link of the address, once the page's script runs again."""
    session = current()
    steps = read_steps(session.frame.next, session.pages).steps
    if steps:
        (page, query), left = steps[0], replace(session.frame, next=session.frame.next[1:])
        here = parted(st.query_params.to_dict())[1]  # with the iteration at which the browser stands
        session.trail.append((session.script, session.frame.link(here)))
        session.wanted, session.frame = (page.script, left.link(query)), left
        session.following = True


def go_back() -> None:
    """Go back to where the next key was pressed, once the page's script runs again."""
    session = current()
    if session.trail:
        session.wanted = session.trail.pop()
        session.following = True


def coming() -> str:
    """Return in a few words what the next link leads to; "" where there is none."""
    session = current()
    steps = read_steps(session.frame.next[:1], session.pages).steps
    if not steps:
        return ""
    (page, query), opening = steps[0], steps[0].page.opening
    settings, _ = opening.from_query(parted(query)[1], opening)
    return title(page.title, settings, opening, page.default).rpartition(" · ")[0]


def entitle(session: Session) -> None:
    """Give the browser's tab a title of what is shown, as soon as that is known."""
    page = next((page for page in session.pages if page.script == session.script), None)
    if page is not None:
        st.set_page_config(title(page.title, session.settings, session.defaults, page.default))
