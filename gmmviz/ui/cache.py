"""Results, cached by the settings they depend on. All are immutable or only read, so sessions may share them."""

from dataclasses import replace

import numpy as np
import streamlit as st

from gmmviz.datasets import Dataset
from gmmviz.em import Run
from gmmviz.experiment import Experiment, Settings
from gmmviz.figures.film import View, film
from gmmviz.lessons.density import Density

_by_repr = {Settings: repr, Experiment: repr, Density: repr}
_shared = {"show_spinner": False, "hash_funcs": _by_repr}


def dataset_of(experiment: Experiment) -> Dataset:
    """Return the experiment's dataset."""
    return _dataset(experiment.only("data"))


def run_of(experiment: Experiment) -> Run:
    """Return the experiment's run of EM."""
    return _run(experiment.only("data", "run"))


def film_of(experiment: Experiment, at: int) -> dict:
    """Return the experiment's film, in the form its player takes; iteration `at` is among the frames."""
    view = View(experiment.colour, experiment.member - 1, experiment.frames == "steps")
    return _film(experiment.only("data", "run"), view, at)


@st.cache_resource(max_entries=64, **_shared)
def _dataset(experiment):
    return experiment.data()


@st.cache_resource(max_entries=64, **_shared)
def _run(experiment):
    return experiment.run(dataset_of(experiment).X)


@st.cache_resource(max_entries=32, **_shared)
def _film(experiment, view, at):
    return film(dataset_of(experiment), run_of(experiment), view, at, complete=False)


def held_out_of(lesson: Density) -> tuple[np.ndarray, np.ndarray]:
    """Return the Ks tried and their held-out scores: what the settings say but for K."""
    return _held_out(replace(lesson.only("data", "run"), k=1))


@st.cache_resource(max_entries=32, show_spinner="Fitting every K, fold by fold ...", hash_funcs=_by_repr)
def _held_out(lesson):
    return lesson.held_out(dataset_of(lesson).X)
