"""What a reader takes away as text: tables, scripts that repeat the fit, the page's link. Made when it is asked for."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import streamlit as st

from gmmviz.datasets import Dataset
from gmmviz.em import Run
from gmmviz.experiment import Experiment
from gmmviz.exports import qr, scripts
from gmmviz.exports import tables as written
from gmmviz.exports.tables import Table
from gmmviz.links import home_of, is_local, link_of
from gmmviz.numerals import numeral
from gmmviz.ui import session
from gmmviz.ui.turns import give_way, turn

WIDTH = 320  # px of the choice of a run
CODE = "Shows the link as a picture that phones read, as large as the screen allows."
SLICE = 500  # lines of a file, after which others come in between


class Fit(NamedTuple):
    """A run of EM that the page shows, on what, and what decides it, where that is an experiment; and what it is
    called, where there are several."""

    run: Run
    dataset: Dataset
    experiment: Experiment | None = None
    name: str = ""


def of_a_run(fits: Sequence[Fit], iteration: int) -> None:
    """Draw a run's numbers, at one iteration where they are many, and its scripts; of several runs, one is chosen."""
    number, names = 0, [fit.name for fit in fits]
    if len(fits) > 1:
        number = st.selectbox(
            "Of which run", range(len(fits)), format_func=names.__getitem__, key="take_run", width=WIDTH
        )
    tables(fits[number], iteration)
    code(fits[number])


# --- Tables -----------------------------------------------------------------------------------------------------------


def tables(fit: Fit, iteration: int) -> None:
    """Draw buttons that make files of a run's numbers, at one iteration where they are many."""
    if session.hides("tables"):
        return
    st.markdown("**Numbers** as CSV files, which any spreadsheet opens, with all their digits.")
    run, dataset, truth = fit.run, fit.dataset, not session.hides("truth")
    state = run.states[min(iteration, len(run.states) - 1)]
    with st.container(horizontal=True):
        _file(
            dataset,
            "parameters",
            "Parameters",
            "Weights, means and covariances of every iteration.",
            lambda: written.parameters(run, dataset.columns),
        )
        _file(
            dataset,
            "log-likelihoods",
            "Log-likelihoods",
            "The log-likelihood of every iteration, and what each gained.",
            lambda: written.log_likelihoods(run, len(dataset.X)),
        )
        _file(
            dataset,
            "responsibilities",
            f"Responsibilities, iteration {numeral(state.iteration)}",
            "How far each component is responsible for each point, at the iteration that the film shows.",
            lambda: written.responsibilities(dataset, state, truth),
        )
        _file(
            dataset,
            "points",
            "Points",
            "The points themselves.",
            lambda: written.points(dataset, truth),
        )


def _file(dataset: Dataset, what: str, label: str, help: str, table: Callable[[], Table]) -> None:
    st.download_button(
        label,
        partial(made, table),  # called when the button is pressed
        file_name=written.file_name(dataset.name, what),
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"take_{what}",
        help=help,
    )


def made(table: Callable[[], Table]) -> bytes:
    """Return a table as a file's content, made in a turn that lets others in between."""
    with turn():
        said = []
        for number, line in enumerate(written.lines(table()), 1):
            said.append(line)
            if number % SLICE == 0:
                give_way()
        return written.encoded("".join(said))


# --- Code -------------------------------------------------------------------------------------------------------------


def code(fit: Fit) -> None:
    """Draw the scripts that repeat a run; nothing where it is no experiment."""
    if fit.experiment is None:
        return
    st.markdown("**Code** that finds the same numbers. Copy it into a file or a notebook.")
    ours, theirs = st.tabs(["With gmmviz", "With scikit-learn"])
    about = (fit.experiment, fit.dataset, fit.run, address())
    with ours:
        _script(scripts.with_gmmviz(*about))
    with theirs:
        _script(scripts.with_scikit_learn(*about))
        st.caption(
            "It needs numpy and scikit-learn, and no gmmviz. It begins at the same start and makes as many "
            "iterations: scikit-learn's own start and stop rule would end elsewhere."
        )
    if scripts.reads_points(fit.experiment, fit.dataset):
        st.caption(f"Save the points beside it as `{written.file_name(fit.dataset.name, 'points')}`.")


def _script(text: str) -> None:
    """Draw a script, whole: what scrolls is out of some browsers' keys' reach."""
    st.code(text, language="python", wrap_lines=True)


# --- The link ---------------------------------------------------------------------------------------------------------


def address() -> str:
    """Return the page's address, as the browser has it but for the presentation mode; "" where nobody knows it."""
    if not (url := st.context.url):
        return ""
    now = session.current()
    page = next((page for page in now.pages if page.script == now.script), None)
    name = "" if page is None or page.default else page.name
    return link_of(home_of(url, name), name, now.frame.link(now.address))


def link() -> None:
    """Draw the page's link, to copy, and its QR code, if that is asked for."""
    if not (here := address()):
        return
    st.markdown("**Link** to what this page shows: the same points, the same run, the same iteration.")
    with st.container(key="link"):
        st.code(here, language=None, wrap_lines=True)
    if not qr.fits(here):
        st.caption("This link is too long for a QR code that a camera could read from the last row.")
    elif st.button("QR code for the room", icon=":material/qr_code_2:", key="take_qr", help=CODE):
        for_the_room(here)


@st.dialog("Point a camera here", width="large")
def for_the_room(link: str) -> None:
    """Draw a link's QR code as large as there is room, and the link below it."""
    code = f'<img class="qr" src="{qr.picture(link)}" alt="QR code of this page\'s link">'
    st.html(f'{code}<p class="qr-link">{html.escape(link)}</p>')
    if is_local(link):
        st.warning(
            "This link opens on this computer only. To let a class in, start the app with `python -m deploy`, which "
            "says the address to open here.",
            icon=":material/wifi_off:",
        )
