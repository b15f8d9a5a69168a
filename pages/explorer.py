"""The explorer: pick data, K, covariance and start, and watch EM fit a mixture."""

from dataclasses import replace

import streamlit as st

from gmmviz.experiment import Experiment
from gmmviz.ui import cache, controls, lesson, report, session
from gmmviz.ui.player import player

session.begin("explorer", Experiment())
with st.sidebar:
    controls.data_controls()
    controls.mixture_controls()

experiment = session.collect()
dataset, run = cache.dataset_of(experiment), cache.run_of(experiment)
experiment, at, move = session.place_film(experiment, last=len(run.states) - 1)
session.write_address(experiment)

st.markdown("Press **Play** and watch EM fit K Gaussians to the points. What it comes to:")
report.summary(dataset, run, experiment.covariance, truth=experiment.colour == "truth", view=True)
player(
    cache.film_of(experiment, at),
    run=repr(experiment.only("data", "run")),
    points=repr(experiment.only("data")),
    at=at,
    move=move,
    on_rest=session.film_rested,
)
report.captions(dataset, run, experiment.frames, experiment.colour)
report.events(run)
report.components(run.states[experiment.it], dataset)
report.labels(dataset, run.states[experiment.it])
report.beside_scikit_learn(experiment, dataset, run)

IRIS = Experiment(dataset="iris", init="k-means", sklearn="open")
FIVE = Experiment(dataset="tutorial-five", k=5, init="k-means", sklearn="open")
lesson.notes(
    "pages/explorer.py",
    [
        (
            '**Iris "needs 7 iterations".** The count says little: scikit-learn\'s is 8 today, and it depends on the '
            "start and on the tolerance. At scikit-learn's 0.001 a run stops while the likelihood still climbs.",
            "Iris from k-means, tolerance 0.001: 7 M-steps",
            replace(IRIS, tol=1e-3),
        ),
        ("With a tolerance of 0.000001 the same start goes on, and up.", "The same, tolerance 1e-6", IRIS),
        (
            "**Five stretched groups** are found at once from k-means: the tutorial's own example, which then asks for "
            "the component of the point (0.5, 0.5).",
            "The tutorial's five groups, scikit-learn beside gmmviz",
            FIVE,
        ),
    ],
)
