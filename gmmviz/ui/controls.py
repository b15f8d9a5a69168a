"""Widgets drawn from the table of settings: each has its setting's name as key, its label, range and help."""

import streamlit as st

from gmmviz.datasets import DATASETS
from gmmviz.starts import STARTS, WARD_LIMIT
from gmmviz.ui import session

FEW = 32  # whole numbers up to which a slider is handier than a field


def control(name: str, **options) -> None:
    """Draw one setting's widget. `options` go to the widget."""
    setting = session.table()[name]
    shared = {"key": name, "help": setting.help} | options
    if setting.choices is not None:
        draw = st.selectbox if setting.kind is str else st.select_slider
        draw(setting.label, list(setting.choices), format_func=setting.choices.get, **shared)
    elif setting.kind is int and setting.high - setting.low < FEW:
        st.slider(setting.label, setting.low, setting.high, step=setting.step, **shared)
    else:
        st.number_input(setting.label, setting.low, setting.high, step=setting.step, **shared)


def data_controls() -> None:
    """Draw what decides the data: dataset, number of points, noise, seed."""
    control("dataset", on_change=_reset_noise)
    spec = DATASETS[st.session_state.dataset]
    st.caption(spec.description)
    left, right = st.columns(2)
    with left:
        control("n", disabled=spec.fixed)
    with right:
        control("noise", disabled=spec.fixed)
    seed("data_seed", "New sample", disabled=spec.fixed)


def mixture_controls() -> None:
    """Draw what decides the run: K, covariance type, start, and the finer settings in an expander."""
    control("k")
    control("covariance")
    control("init")
    st.caption(STARTS[st.session_state.init].help)
    n = 0 if DATASETS[st.session_state.dataset].fixed else st.session_state.n  # no fixed one is so large
    if st.session_state.init == "hierarchical" and n > WARD_LIMIT:
        st.caption(f"Here: a random {WARD_LIMIT} of the {n} points.")
    seed("init_seed", "New start")
    with st.expander("Floor and stop rule"):
        for name in ("floor", "tol", "max_iter", "criterion"):
            control(name)


def view_controls() -> None:
    """Draw what decides only how a run is shown."""
    control("frames")
    control("colour")
    if st.session_state.colour == "membership" and st.session_state.k > 1:
        st.slider("Component", 1, st.session_state.k, key="member", help=session.table()["member"].help)


def seed(name: str, new: str, disabled: bool = False) -> None:
    """Draw a seed's field and beside it a button that goes to the next one."""
    left, right = st.columns(2, vertical_alignment="bottom", gap="small")
    with left:
        control(name, disabled=disabled)
    help = "Goes to the next seed."
    right.button(new, key=f"new_{name}", on_click=_next_seed, args=(name,), disabled=disabled, help=help)


def _next_seed(name: str) -> None:
    st.session_state[name] = (st.session_state[name] + 1) % (session.table()[name].high + 1)


def _reset_noise() -> None:
    """Another dataset begins with its own noise: blobs' 1 would drown the moons' 0.05."""
    st.session_state.noise = DATASETS[st.session_state.dataset].default_noise or 0.0
