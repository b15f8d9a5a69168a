"""What `benchmarks.classroom` compares the explorer with: its widgets, in their places, and nothing else."""

import streamlit as st

from gmmviz.pages.explorer.settings import Explorer
from gmmviz.ui.controls import HALF, SEED, draw

st.set_page_config(layout="wide")
TABLE = Explorer().table()
for name, value in Explorer().shown().items():
    st.session_state.setdefault(name, value)


def seed(name: str, button: str) -> None:
    """Draw a seed's field, and its button."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        draw(TABLE[name], width=SEED)
        st.button(button, key=f"new_{name}", help=button)


with st.sidebar:
    draw(TABLE["dataset"])
    with st.container(horizontal=True, gap="small"):
        for name in ("n", "noise"):
            draw(TABLE[name], width=HALF)
    seed("data_seed", "New sample")
    for name in ("k", "covariance", "init"):
        draw(TABLE[name])
    seed("init_seed", "New start")
    st.button("A start that fails", key="preset", icon=":material/trending_down:", help="A start that fails")
    with st.expander("Floor and stop rule"):
        for name in ("floor", "tol", "max_iter", "criterion"):
            draw(TABLE[name])
with st.popover("View", icon=":material/visibility:", help="View"):
    draw(TABLE["frames"])
    draw(TABLE["colour"])
for name in ("components", "labels", "sklearn_beside", "take", "notes"):
    st.expander(name, key=f"open_{name}", on_change="rerun")
