"""One dimension, by hand: every number of an E-step and an M-step, beside the picture they make."""

import streamlit as st

from gmmviz.lessons.by_hand import retold
from gmmviz.lessons.one_dimension import OneDimension
from gmmviz.ui import cache, lesson, one_dimension, report, session
from gmmviz.ui.one_dimension_notes import AS_DEVIATIONS, PAGE, notes
from gmmviz.ui.player import player

session.begin("one-dimension", OneDimension())
with st.sidebar:
    one_dimension.sidebar()

settings = session.collect()
X, run = cache.dataset_of(settings).X, cache.run_of(settings)
settings, at, move = session.place_film(settings, last=len(run.states) - 1)
session.write_address(settings)
state = run.states[settings.it]

lesson.opening("One dimension, by hand", "What exactly does EM compute in one iteration, point by point?")
one_dimension.summary(run)
player(
    one_dimension.film_of(settings, at),
    run=repr(settings.only("data", "run")),
    points=repr(settings.only("data")),
    at=at,
    move=move,
    on_rest=session.film_rested,
    on_point=one_dimension.point_clicked,
)
one_dimension.captions(settings, run)
report.events(retold(run, X), where="under *Stop rule*, or a larger tolerance")
one_dimension.why_it_collapsed(run)
one_dimension.components(state, X)
one_dimension.e_step_section(settings, state, X)
one_dimension.m_step_section(settings, run, state, X)
notes(settings, run, state, X)

lesson.things_to_try(
    PAGE,
    [
        ("The tutorial's first example", OneDimension("first")),
        (
            "Hastie's points, from the book's numbers",
            OneDimension("hastie", means=(4.62, 1.06), variances=(0.87, 0.77), weights=(0.454, 0.546)),
        ),
        ("Your own points: type them on the left", OneDimension("own")),
        ("The spike on fewer than two points", AS_DEVIATIONS),
    ],
)
