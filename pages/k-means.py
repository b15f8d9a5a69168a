"""K-means and mixture: the same points and first means, a hard answer beside a soft one."""

import streamlit as st

from gmmviz.figures.duel import with_point
from gmmviz.lessons.k_means import Duel
from gmmviz.ui import cache, controls, k_means, lesson, session
from gmmviz.ui.player import player

session.begin("k-means", Duel())
with st.sidebar:
    controls.data_controls()
    controls.mixture_controls()

settings = session.collect()
dataset, both = cache.dataset_of(settings), cache.both_of(settings)
settings, at, move = session.place_film(settings, last=both.last)
session.write_address(settings)

k_means.opening(settings)
k_means.numbers(settings, dataset, both)
point = settings.point(dataset.X, both.em.states[-1].mixture)
player(
    with_point(cache.duel_of(settings, at), point),
    run=repr(settings.only("data", "run")),
    points=repr(settings.only("data")),
    at=at,
    move=move,
    on_rest=session.film_rested,
    on_spot=k_means.pick_spot,
)
k_means.captions(settings, dataset, both)
k_means.events(both)
k_means.prediction(settings, dataset, both, point)
k_means.formulas()
k_means.bridge(settings, dataset, both, cache.bridge_of(settings))
k_means.notes(settings, dataset, both)

lesson.things_to_try(
    "pages/k-means.py",
    [
        (
            "Varied: where two groups of different width meet, k-means draws its border in the middle",
            Duel(dataset="varied", colour="truth"),
        ),
        (
            "Imbalanced: k-means divides the large group and pays for it with the small ones",
            Duel(dataset="imbalanced", colour="truth"),
        ),
        (
            "Stretched again, but with circles for covariances: softness alone does not help, shape does",
            Duel(covariance="spherical", colour="truth"),
        ),
    ],
)
