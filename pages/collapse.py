"""Collapse: why the floor is there."""

from dataclasses import replace

import streamlit as st

from gmmviz.lessons.collapse import Collapse
from gmmviz.ui import cache, controls, lesson, report, session
from gmmviz.ui.player import player

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

session.begin("collapse", Collapse())
with st.sidebar:
    controls.control("case")
    st.caption(cache.dataset_of(session.collect()).description)
    controls.seed("data_seed", "New sample")
    for name in ("begin", "covariance", "floor", "max_iter", "frames"):
        controls.control(name)

settings = session.collect()
dataset, run = cache.dataset_of(settings), cache.run_of(settings)
settings, at, move = session.place_film(settings, last=len(run.states) - 1)
session.write_address(settings)

lesson.opening(
    "Collapse",
    "A Gaussian on a single point can shrink for ever, and the likelihood grows without bound. What stops it?",
)
report.summary(dataset, run, settings.covariance)
with st.container(horizontal=True, vertical_alignment="center"):
    for label, change, help in REMEDIES:
        st.button(label, on_click=st.session_state.update, kwargs=change, help=help, key=f"remedy_{label}")
    st.button(
        "Take all remedies away",
        on_click=st.session_state.update,
        kwargs=NO_REMEDIES,
        icon=":material/undo:",
        help="No floor, the start on the trap, and an ellipse of its own for each component.",
    )

player(
    cache.collapse_film_of(settings, at),
    run=repr(settings.only("data", "run")),
    points=repr(settings.only("data")),
    at=at,
    move=move,
    on_rest=session.film_rested,
)
report.captions(dataset, run, settings.frames)
report.events(run, where="on the left")

st.markdown(
    "With `means[k]` on a point and the variance shrinking, that point's density grows without bound, "
    "while the other components still take care of all other points: the sum"
)
st.latex(
    r"\texttt{log\_likelihood} = \sum_{n=1}^{N} \ln \sum_{k=1}^{K} \texttt{weights}_k \;"
    r"\mathcal{N}(x_n \mid \texttt{means}_k, \texttt{covariances}_k)"
)
st.markdown(
    "has no highest value. The best fits *by likelihood* are these useless ones; a floor only says how far they go."
)
report.components(run.states[settings.it], dataset)

opening = Collapse()
lesson.things_to_try(
    "pages/collapse.py",
    [
        (
            "A very low floor, 1e-12: the run ends, but look at the likelihood it ends with",
            replace(opening, floor=1e-12),
        ),
        ("Five points in one place: faster still", replace(opening, case="repeated")),
        (
            "The same five points with a shared covariance",
            replace(opening, case="repeated", covariance="tied"),
        ),
    ],
)
