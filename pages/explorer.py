"""The explorer: pick data, K, covariance and start, and watch EM fit a mixture."""

import streamlit as st

from gmmviz.experiment import Experiment
from gmmviz.ui import cache, controls, report, session
from gmmviz.ui.player import player

session.begin("explorer", Experiment())
with st.sidebar:
    controls.data_controls()
    controls.mixture_controls()

experiment = session.collect()
dataset, run = cache.dataset_of(experiment), cache.run_of(experiment)
experiment, at, move = session.place_film(experiment, last=len(run.states) - 1)
session.write_address(experiment)

report.summary(experiment, dataset, run)
player(
    cache.film_of(experiment, at),
    run=repr(experiment.only("data", "run")),
    points=repr(experiment.only("data")),
    at=at,
    move=move,
    on_rest=session.film_rested,
)
report.captions(dataset, run, experiment)
report.events(run)
report.components(run.states[experiment.it], dataset)
report.labels(dataset, run.states[experiment.it])
