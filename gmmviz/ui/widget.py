"""What all widgets have in common."""

from functools import partial

import streamlit as st

from gmmviz.settings import Setting
from gmmviz.ui import session

ALONE = {"noise", "data_seed", "k", "covariance", "init_seed", "floor", "tol", "max_iter", "criterion"}
"""Settings on which nothing else in the sidebar depends, as long as no means are placed, which it counts."""


def shared(row: Setting) -> dict:
    """Return a setting's key, help, that Streamlit keeps its value while its widget is not drawn, and its callback."""
    return {
        "key": row.name,
        "help": row.help,
        "persist_state": "page",
        "on_change": partial(_changed, row.name),
    }


def _changed(name: str) -> None:
    """Draw the main part alone where that is all that changes.

    A widget without a callback has no say in what Streamlit draws where two changes come at once; so each has one.
    """
    if name in ALONE and not st.session_state.get("placed"):
        session.draw_main(ALONE)
