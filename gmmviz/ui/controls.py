"""Widgets drawn from the table of settings: each has its setting's name as key, its label, range and help."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, singledispatch
from typing import NamedTuple

import streamlit as st

from gmmviz.datasets import DRAWN, OWN, SPECS, load
from gmmviz.experiment import STARTED_BY, most_components
from gmmviz.settings import (
    Choice,
    Decade,
    LineList,
    Number,
    NumberList,
    Setting,
    Settings,
    Several,
    Span,
    TextList,
)
from gmmviz.starts import STARTS
from gmmviz.ui import drawing, own, placing, session
from gmmviz.ui.widget import shared

HALF = 98  # px of a field that has another beside it
SEED = 88  # px of a seed's field: "New sample" just fits beside it
FEW = 32  # whole numbers up to which a slider is handier than a field, and numbers of a list that a line can hold


def control(name: str, choose: Callable | None = None, **options) -> None:
    """Draw one setting's widget, unless that is hidden from a class.

    Parameters
    ----------
    name : str
        The setting, which is the widget's key.
    choose : callable, optional
        Another widget for a choice than a select box, such as `st.radio`; for a number, one such as `st.number_input`.
    **options
        For the widget.
    """
    row = offered(session.table()[name])
    if row is None:
        return
    if choose is None:
        draw(row, **options)
    elif isinstance(row, Number):
        _number(choose, row, **options)
    else:
        choice(choose, row, **options)


def offered(row: Setting) -> Setting | None:
    """Return a setting's row with what of it may be chosen here; None where there is nothing to choose."""
    if session.leave_out(row.name):
        return None
    if isinstance(row, Choice) and "truth" in row.choices and session.hides("truth"):
        row = replace(row, choices={name: text for name, text in row.choices.items() if name != "truth"})
        return row if len(row.choices) > 1 else None
    return row


@singledispatch
def draw(row: Setting, **options) -> None:
    """Draw the widget of a setting of this kind. `options` go to the widget."""
    raise TypeError(f"There is no widget for {row!r}; register one for {type(row).__name__}.")


@draw.register
def _(row: Choice, **options) -> None:
    choice(st.selectbox, row, **options)


@draw.register
def _(row: Decade, **options) -> None:
    choice(st.select_slider, row, **options)


@draw.register
def _(row: Number, **options) -> None:
    _number(st.slider if is_short(row) else st.number_input, row, **options)


def _number(widget: Callable, row: Number, **options) -> None:
    emptied = {"value": None, "format": "%g"} if row.clearable else {}
    widget(row.label, row.low, row.high, step=row.step, **(shared(row) | emptied | options))


@draw.register
def _(row: Several, **options) -> None:
    how = {"selection_mode": "multi", "format_func": row.choices.get, "on_change": _keep_some, "args": (row,)}
    st.pills(row.label, list(row.choices), **(shared(row) | how | options))


def _keep_some(row: Several) -> None:
    """The last one cannot be taken away."""
    before = getattr(session.current().settings, row.name)
    st.session_state[row.name] = st.session_state[row.name] or row.shown(before)


@draw.register
def _(row: Span, **options) -> None:
    st.slider(row.label, row.low, row.high, **(shared(row) | options))


@draw.register
def _(row: NumberList, **options) -> None:
    _, most = row.count
    widget = st.text_input if most < FEW else st.text_area
    widget(row.label, **(shared(row) | options))


@draw.register
def _(row: TextList, **options) -> None:
    st.multiselect(row.label, select_all=False, **(shared(row) | options))  # a list of dozens is no choice


@draw.register
def _(row: LineList, **options) -> None:
    st.text_area(row.label, **(shared(row) | options))


def is_short(row: Number) -> bool:
    """Return whether a number is a whole one of a few."""
    return row.whole and row.high - row.low < FEW


def choice(widget: Callable, row: Choice, **options) -> None:
    """Draw a choice with a widget such as `st.radio`; the row may offer a part of what its table does."""
    widget(row.label, list(row.choices), format_func=row.choices.get, **(shared(row) | options))


# --- Groups of them, which several pages have -------------------------------------------------------------------------


def data_controls(varied: str = "", described: bool = True) -> None:
    """Draw what decides the data: dataset, number of points, noise, seed; one that the page varies cannot be set.

    described: whether a sentence says what the points are, and how many groups.
    """
    control("dataset", on_change=_another_dataset)
    spec = SPECS[st.session_state.dataset]
    if st.session_state.dataset == OWN:
        own.controls()
        return
    if described and not session.leave_out("dataset") and not session.hides("truth"):
        st.caption(spec.description)
    if fields := [name for name in ("n", "noise") if not session.leave_out(name)]:
        with st.container(horizontal=True, gap="small"):
            for name in fields:
                if name == "n" and spec.fixed:
                    _own_size(st.session_state.dataset)
                else:
                    control(name, disabled=spec.fixed or varied == name, width=HALF)
    seed("data_seed", "New sample", disabled=spec.fixed)


def _own_size(dataset: str) -> None:
    """Draw how many points a fixed dataset has, where the others' number is chosen; that one stays as it was."""
    row = session.table()["n"]
    key = f"n_of_{dataset}"
    st.session_state[key] = len(st.session_state.dots) if dataset == DRAWN else size_of_fixed(dataset)
    st.number_input(row.label, step=1, key=key, help=row.help, disabled=True, width=HALF)


@cache
def size_of_fixed(dataset: str) -> int:
    """Return how many points a fixed dataset has.

    >>> size_of_fixed("faithful"), size_of_fixed("tutorial-five")
    (272, 1000)
    """
    return len(load(dataset).X)


class Preset(NamedTuple):
    """A button that sets what decides data and run, and plays: its label, what it says of itself, the settings."""

    label: str
    help: str
    settings: Settings


def mixture_controls(varied: str = "", plays: bool = False, preset: Preset | None = None) -> None:
    """Draw what decides the run: K, covariance type, start, and the finer settings in an expander.

    Parameters
    ----------
    varied : str
        A setting that is varied elsewhere on the page, and cannot be set here.
    plays : bool
        Whether a new start lets the page's film play.
    preset : Preset, optional
        What stands beside the starts, ready to be seen.
    """
    most = most_components(st.session_state.dataset, st.session_state.n, st.session_state.rows)
    st.session_state.k = min(st.session_state.k, most)
    for name in ("k", "covariance"):
        control(name, disabled=name == varied)
    start_controls(varied, plays, preset)


def start_controls(varied: str = "", plays: bool = False, preset: Preset | None = None) -> None:
    """Draw what decides where a run starts and where it ends: start, its seed, and, in an expander, the stop rule.

    The parameters are those of `mixture_controls`.
    """
    placed = varied not in STARTED_BY and placing.stands()
    control("init", disabled=placed or varied == "init")
    if not session.leave_out("init"):
        if varied not in STARTED_BY:
            placing.notice("unplace", st.caption)
        if not placed:
            about_the_start()
    seed("init_seed", "New start", disabled=placed or varied == "init_seed", plays=plays)
    if preset and not session.leave_out("init_seed"):
        icon = ":material/trending_down:"
        st.button(
            preset.label, key="preset", icon=icon, help=preset.help, on_click=_take, args=(preset.settings,)
        )
    folded("Floor and stop rule", "floor", "tol", "max_iter", "criterion", varied=varied)


def about_the_start() -> None:
    """Say what the chosen start is."""
    start = STARTS[st.session_state.init]
    st.caption(start.help)
    n = 0 if SPECS[st.session_state.dataset].fixed else st.session_state.n  # no fixed one is so large
    n = st.session_state.rows if st.session_state.dataset == OWN else n
    if start.most is not None and n > start.most:
        st.caption(f"Here: a random {start.most:,} of the {n:,} points.")


def folded(title: str, *names: str, varied: str = "") -> None:
    """Draw those of some settings that are not hidden in an expander, if there are any."""
    if names := [name for name in names if not session.leave_out(name)]:
        with st.expander(title):
            for name in names:
                control(name, disabled=name == varied)


def _take(settings: Settings) -> None:
    """Set what decides data and run, and leave how it is shown."""
    table = session.table()
    st.session_state.update(
        {name: value for name, value in settings.shown().items() if table[name].part != "view"}
    )
    session.play()


def seed(name: str, new: str, disabled: bool = False, plays: bool = False) -> None:
    """Draw a seed's field and beside it a button that goes to the next one; `plays`: and lets the film play."""
    if session.leave_out(name):
        return
    help = "Takes the next seed" + (", and plays." if plays else ".")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        control(name, disabled=disabled, width=SEED)
        st.button(
            new, key=f"new_{name}", on_click=_next_seed, args=(name, plays), disabled=disabled, help=help
        )


def _seed_after(name: str) -> int:
    return (st.session_state[name] + 1) % (session.table()[name].high + 1)


def _next_seed(name: str, plays: bool) -> None:
    st.session_state[name] = _seed_after(name)
    if plays:
        session.play()


def _another_dataset() -> None:
    """Another dataset begins without placed means, and with its own noise: blobs' 1 would drown the moons' 0.05."""
    st.session_state.noise = SPECS[st.session_state.dataset].default_noise or 0.0
    st.session_state.placed = ()
    drawing.put_aside()
    own.leave_or_resume()
