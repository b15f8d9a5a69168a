"""Glossary: what the page says, and where."""

from collections.abc import Callable

import streamlit as st

from gmmviz.glossary import TERMS, THEMES, Term, replace_marks
from gmmviz.pages import script
from gmmviz.pages.glossary.settings import IN_ORDER, Glossary
from gmmviz.ui import controls, layout, session

PAGE = script("glossary")


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, Glossary())
    layout.opening(
        "Glossary",
        "What do the words mean? On the other pages a word with a dotted line explains itself: point at it, tap it, "
        "or go to it with the Tab key.",
    )
    controls.control("term", width=320)
    settings = session.collect()
    with st.container(key="glossary"):
        if settings.chosen:
            entry(settings.chosen, st.header)
        else:
            contents()
        for theme in THEMES:
            part(theme, settings.chosen)
    session.write_address(settings)


def contents() -> None:
    """Draw all terms, by the alphabet, as links to their entries."""
    st.markdown(" · ".join(map(linked, IN_ORDER)))


def part(theme: str, chosen: Term | None) -> None:
    """Draw the terms of a theme, but for the one that stands at the top of the page."""
    st.header(theme, anchor=False)
    for term in TERMS.values():
        if term.theme == theme and term is not chosen:
            entry(term)


def linked(term: Term, words: str = "") -> str:
    """Return a link to a term's entry."""
    return f"[{words or term.name}](#{term.anchor})"


def entry(term: Term, heading: Callable = st.subheader) -> None:
    """Draw one term: what it is, its formula beside it, what to read next, and a link to where it is best seen."""
    left, right = st.columns([5, 4], vertical_alignment="center")
    with left.container(gap="xsmall"):
        heading(term.title, anchor=term.anchor)
        st.markdown(replace_marks(term.says, lambda shown, other, _: linked(other, shown)))
        if term.related:
            st.caption(f"See also {', '.join(linked(TERMS[name]) for name in term.related)}.")
        where, label, query = term.seen
        layout.link_to(script(where), label, dict(query))
    if term.formula:
        right.markdown(rf"$\displaystyle {term.formula}$")
