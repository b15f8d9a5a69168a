"""Means placed by hand: what the player needs for it, what it reports, and what a page says while they stand."""

from collections.abc import Callable, Sequence

import streamlit as st

from gmmviz.em.sentences import counted
from gmmviz.experiment import Experiment
from gmmviz.numerals import numeral
from gmmviz.starts import STARTS, start_at
from gmmviz.ui import cache, session


def offered(settings: Experiment) -> dict | None:
    """Return what the player needs so that means can be placed: None where they cannot.

    K, the places chosen so far, each (x, y), and the covariance that every component then begins with, so that the
    browser can show what the first E-step would come to.
    """
    if session.hides("placed", "init") or cache.dataset_of(settings).X.shape[1] != 2:
        return None
    return {"K": settings.k, "placed": list(settings.placed), "covariance": broad(settings)}


def broad(settings: Experiment) -> list[float]:
    """Return the covariance (2, 2) of every component of a placed start, as four numbers."""
    return _broad(settings, settings.covariance, settings.floor)


@cache.result("data")
def _broad(settings: Experiment, covariance: str, floor: float) -> list[float]:
    X = cache.dataset_of(settings).X
    return start_at(X, X[:1], covariance, floor).covariances[0].ravel().tolist()


def place(text: str) -> None:
    """Take over where the means were placed, as an address has it; the film goes to its start."""
    row = session.table()["placed"]
    st.session_state.placed = row.read(text) or ()
    session.rewind()
    session.draw_whole()


def take_away() -> None:
    """Let the start method decide again."""
    st.session_state.placed = ()
    session.rewind()
    session.draw_whole()


def standing(K: int, placed: Sequence, init: str) -> str:
    """Return what is said while means are placed; "" while none is.

    >>> standing(2, [(0.0, 1.0), (2.0, 3.0)], "k-means")
    'The means start where you placed them.'
    >>> standing(3, [(0.0, 1.0), (2.0, 3.0)], "random-points")
    'You placed 2 of 3 means; 1 is missing. Until then the start is: random points.'
    """
    if not placed:
        return ""
    missing = K - len(placed)
    if missing <= 0:
        return "The means start where you placed them."
    verb = "is" if missing == 1 else "are"
    return (
        f"You placed {numeral(len(placed))} of {counted(K, 'mean')}; {numeral(missing)} {verb} missing. Until then the "
        f"start is: {STARTS[init].title.lower()}."
    )


def stands() -> bool:
    """Return whether placed means take the place of the start, as the widgets stand."""
    return 0 < st.session_state.k <= len(st.session_state.placed)


def notice(key: str, say: Callable[[str], object] = st.markdown) -> None:
    """Say that means are placed, with a button that takes them away; nothing where none is."""
    said = standing(st.session_state.k, st.session_state.placed, st.session_state.init)
    if said and not session.hides("placed", "init"):
        say(said)
        st.button(
            "Remove placed means",
            key=key,
            icon=":material/close:",
            help="The start method chooses the means again.",
            on_click=take_away,
        )
