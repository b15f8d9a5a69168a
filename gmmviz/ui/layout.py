"""What pages are built of: a question at the top, and, as links, things to try at the end."""

import re
from collections.abc import Mapping
from copy import copy
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from gmmviz.frame import Page
from gmmviz.settings import Settings
from gmmviz.ui import session, terms
from gmmviz.versions import stamped

SHEETS = ("look.css", "page.css", "present.css")


def style() -> None:
    """Bring the pages' style sheets in, as one element."""
    st.html(f"<style>{_sheets()}</style>")


@cache
def _sheets() -> str:
    """Return the text of all sheets in one line, which are not read, and looked at by the line, in every run."""
    text = "\n".join(Path(__file__).with_name(sheet).read_text(encoding="utf-8") for sheet in SHEETS)
    return " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split())


def navigation(pages: tuple[Page, ...]) -> StreamlitPage:
    """Draw the links to the pages, and return the one that is chosen."""
    return st.navigation([copy(page) for page in _made(pages)], position="top")


@cache
def _made(pages: tuple[Page, ...]) -> list[StreamlitPage]:
    """Return them as Streamlit has them, which looks for each one's file, and marks those that it is given."""
    return [
        st.Page(
            page.script,
            title=page.title,
            icon=page.icon,
            default=page.default,
            # The first page's is empty, as its address is: by it a new server, which goes by the pages folder, finds
            # app.py.
            url_path="" if page.default else None,
        )
        for page in pages
    ]


def stage() -> DeltaGenerator:
    """Return the container of a film and of what the page says beside it."""
    return st.container(key="stage")


def aside() -> DeltaGenerator:
    """Return the container of what the page says beside its film, over the curves; on a phone, under them."""
    return st.container(key="aside")


def above() -> DeltaGenerator:
    """Return the container of what the page says over its film; on a phone it comes after the film."""
    return st.container(key="above")


def opening(title: str, question: str) -> None:
    """Draw the page's title, its only heading of the first order, and the question it answers; it may mark terms."""
    terms.markdown(f"# {title}\n{question}")


def link(script: str, label: str, settings: Settings) -> None:
    """Draw a link that opens a page, by its script, with these settings."""
    link_to(script, label, settings.to_query())


def link_to(script: str, label: str, query: Mapping[str, str]) -> None:
    """Draw a link that opens a page, by its script, at what an address says."""
    if not session.hides("links"):
        params = session.current().frame.link(stamped(query))
        st.page_link(script, label=label, icon=":material/arrow_forward:", query_params=params)


def things_to_try(script: str, tries: list[tuple[str, Settings]]) -> None:
    """Draw links that set a page: each a sentence and the settings it opens."""
    if session.hides("links"):
        return
    st.markdown("## Things to try")
    for sentence, settings in tries:
        link(script, sentence, settings)


def notes(script: str, errors: list[tuple[str, str, Settings]]) -> None:
    """Draw notes on where well-known tutorials err, if that is opened: each a text, and a link, with its label."""
    if session.hides("links"):
        return
    with st.expander("Where well-known tutorials err", key="open_notes", on_change="rerun") as opened:
        for text, label, settings in errors if opened.open else ():
            terms.markdown(text)
            link(script, label, settings)
