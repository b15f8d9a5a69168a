"""Points drawn by hand: what the player needs for it, what it reports, and what a page says while there are too few."""

import streamlit as st

from gmmviz.datasets import DRAWN
from gmmviz.experiment import Experiment
from gmmviz.numerals import numeral
from gmmviz.ui import layout, session

ASIDE = "_drawn"  # of st.session_state: the dots that were drawn, while another dataset is shown


def offered(settings: Experiment) -> dict | None:
    """Return what the player needs so that points can be drawn: None where they cannot.

    The dots as an address has them, how many there may be, and how many there must be.
    """
    if settings.dataset != DRAWN or session.hides("dots", "dataset"):
        return None
    row = settings.table()["dots"]
    return {
        "dots": row.write(settings.dots),
        "most": row.most,
        "fewest": settings.lacking + len(settings.dots)
        if settings.lacking
        else max(settings.fewest, settings.k),
    }


def draw(text: str) -> None:
    """Take over what was drawn, as an address has it; the film goes to its start."""
    if st.session_state.dataset == DRAWN:  # it may come late
        st.session_state.dots = session.table()["dots"].read(text) or ()
        session.rewind()
        session.draw_whole()


def put_aside() -> None:
    """Keep what is drawn while another dataset is chosen, and bring it back."""
    state = st.session_state
    if state.dataset == DRAWN:
        state.dots = state.get(ASIDE, ())
    elif state.dots:
        state[ASIDE], state.dots = state.dots, ()


def wanted(settings: Experiment) -> str:
    """Return what is said where too few points are drawn.

    >>> wanted(Experiment(dataset="drawn", dots=((1, 1),) * 18))
    '18 points are drawn; 2 more are needed.'
    """
    there, lacking = len(settings.dots), settings.lacking
    drawn = "One point is" if there == 1 else f"{numeral(there) if there else 'No'} points are"
    return f"{drawn} drawn; {numeral(lacking)} more {'is' if lacking == 1 else 'are'} needed."


def require(*settings: Experiment) -> None:
    """Draw nothing more of a page where too few points are drawn, but say so, with the way to where they are drawn."""
    short = max(settings, key=lambda one: one.lacking)
    if not short.lacking:
        return
    layout.opening("Too few points", f"{wanted(short)} This page shows nothing of fewer.")
    now = session.current()
    if now.pages:
        dots = now.settings.table()["dots"].write(now.settings.dots)
        query = {"dataset": DRAWN} | ({"dots": dots} if dots else {})
        layout.link_to(now.pages[0].script, "Draw more in the explorer", query)
    session.write_address(now.settings)
    st.stop()
