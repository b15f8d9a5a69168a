"""Collapse: what the page says, and where."""

from dataclasses import replace
from functools import partial

import streamlit as st

from gmmviz.figures.film import View
from gmmviz.pages import script
from gmmviz.pages.collapse.figure import collapse_film
from gmmviz.pages.collapse.numbers import least_variance, smallest_variances
from gmmviz.pages.collapse.settings import DESCRIPTIONS, Collapse
from gmmviz.ui import cache, controls, layout, report, session, terms
from gmmviz.ui.film import film
from gmmviz.ui.take_away import Fit, Taken, take_away

PAGE = script("collapse")
REMEDIES = [
    ("A floor", {"floor": 1e-3}, "Adds a thousandth of the data's variance to every variance."),
    (
        "Another start",
        {"begin": "group"},
        "The third component starts inside a group, not on the trap.",
    ),
    ("A shared covariance", {"covariance": "tied"}, "One ellipse for all: none can shrink alone."),
]
NO_REMEDIES = {"floor": 0.0, "begin": "trap", "covariance": "full"}
OPENING = Collapse()
TRIES = [
    (
        "A very low floor, 10⁻¹²: the run ends, but look at the likelihood it ends with",
        replace(OPENING, floor=1e-12),
    ),
    ("Five points in one place: faster still", replace(OPENING, case="repeated")),
    (
        "The same five points with a shared covariance",
        replace(OPENING, case="repeated", covariance="tied"),
    ),
]


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, OPENING)
    with session.sidebar():
        sidebar()
    settings = session.collect()
    dataset, run = cache.dataset_of(settings), cache.history_of(settings)

    with layout.stage():
        with layout.aside():
            layout.opening(
                "Collapse",
                "A Gaussian on a single point can shrink for ever, and the likelihood grows without bound. What stops "
                "it?",
            )
            report.summary(dataset, run, settings.covariance)
            remedies()
        settings = film(
            settings,
            last=len(run.states) - 1,
            figure=(figure := partial(film_of, settings, settings.frames == "steps")),
        )
    report.captions(dataset, run)
    report.events(run, where="on the left", features=dataset.columns)
    why_it_has_no_end()
    report.components(run.states[settings.it], dataset)
    fits = [Fit(run, dataset)]
    take_away(Taken(settings, lambda: figure(settings.it), "Collapse", fits))
    layout.things_to_try(PAGE, TRIES)


@cache.result("data", "run", max_entries=cache.FILMS)
def film_of(settings: Collapse, steps: bool, iteration: int) -> dict:
    """Return the film for the player; the iteration is among its frames."""
    dataset, run = cache.dataset_of(settings), cache.history_of(settings)
    floor = least_variance(settings, dataset.X)
    return collapse_film(dataset, run, smallest_variances(run), floor, View(steps=steps), iteration)


def sidebar() -> None:
    """Draw what decides the trap, the start and the run."""
    controls.control("case")
    if not session.leave_out("case"):
        st.caption(DESCRIPTIONS[st.session_state.case])
    controls.seed("data_seed", "New sample")
    for name in ("begin", "covariance", "floor", "max_iter", "frames"):
        controls.control(name)


def remedies() -> None:
    """Draw a button for each remedy, and one that takes them away."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, change, help in REMEDIES:
            if session.hides(*change):
                continue
            st.button(
                label, on_click=st.session_state.update, kwargs=change, help=help, key=f"remedy_{label}"
            )
        if not session.hides(*NO_REMEDIES):
            st.button(
                "Take all remedies away",
                on_click=st.session_state.update,
                kwargs=NO_REMEDIES,
                icon=":material/undo:",
                help="No floor, the start on the trap, and an ellipse of its own for each component.",
            )


def why_it_has_no_end() -> None:
    """Say why the likelihood has no highest value."""
    terms.markdown(
        "With `means[k]` on a point and the [[covariance]] shrinking, that point's [[density]] grows without bound, "
        "while the other components still take care of all other points: the sum"
    )
    st.latex(
        r"\texttt{log\_likelihood} = \sum_{n=1}^{N} \ln \sum_{k=1}^{K} \texttt{weights}_k \;"
        r"\mathcal{N}(x_n \mid \texttt{means}_k, \texttt{covariances}_k)"
    )
    terms.markdown(
        "has no highest value. The best fits *by likelihood* are these useless ones, in which a component has "
        "[[collapsed]]; a floor only says how far they go."
    )
