"""Results, cached by the settings they depend on. All are immutable or only read, so sessions may share them.

A settings object's repr names its class and every setting, so it is the key; the object itself is passed unhashed.
"""

from dataclasses import replace

import numpy as np
import streamlit as st

from gmmviz.datasets import Dataset
from gmmviz.em import Run
from gmmviz.experiment import Experiment, Settings
from gmmviz.figures.collapse import collapse_film
from gmmviz.figures.duel import duel
from gmmviz.figures.film import View, film
from gmmviz.lessons import beside
from gmmviz.lessons.collapse import Collapse, smallest_variances
from gmmviz.lessons.density import Density
from gmmviz.lessons.k_means import Both, Bridge, Duel
from gmmviz.starts import reg_covar_for

_results = st.cache_resource(max_entries=64, show_spinner=False)
_films = st.cache_resource(max_entries=32, show_spinner=False)


def dataset_of(settings: Settings) -> Dataset:
    """Return the settings' dataset."""
    part = settings.only("data")
    return _dataset(repr(part), part)


def run_of(settings: Settings) -> Run:
    """Return the settings' run of EM."""
    part = settings.only("data", "run")
    return _run(repr(part), part)


def film_of(experiment: Experiment, at: int) -> dict:
    """Return the experiment's film, in the form its player takes; iteration `at` is among the frames."""
    view = View(experiment.colour, experiment.member - 1, experiment.frames == "steps")
    part = experiment.only("data", "run")
    return _film(repr(part), view, at, part)


def collapse_film_of(lesson: Collapse, at: int) -> dict:
    """Return the film of the page on collapse; iteration `at` is among the frames."""
    part = replace(lesson.only("data", "run"), frames=lesson.frames)
    return _collapse_film(repr(part), at, part)


def held_out_of(lesson: Density) -> tuple[np.ndarray, np.ndarray]:
    """Return the Ks tried and their held-out scores: what the settings say but for K and the stop rule."""
    default = type(lesson)()
    part = replace(
        lesson.only("data", "run"),
        k=1,
        tol=default.tol,
        max_iter=default.max_iter,
        criterion=default.criterion,
    )
    return _held_out(repr(part), part)


def both_of(lesson: Duel) -> Both:
    """Return k-means and EM from the same means."""
    part = lesson.only("data", "run")
    return _both(repr(part), part)


def duel_of(lesson: Duel, at: int) -> dict:
    """Return the film of k-means beside EM; iteration `at` is among the frames."""
    part = replace(lesson.only("data", "run"), colour=lesson.colour)
    return _duel(repr(part), at, part)


def bridge_of(lesson: Duel) -> Bridge:
    """Return EM with one round covariance held fixed, for a row of variances."""
    part = lesson.only("data", "run")
    return _bridge(repr(part), part)


@_results
def _dataset(key, _settings):
    return _settings.data()


@_results
def _run(key, _settings):
    return _settings.run(dataset_of(_settings).X)


@_films
def _film(key, view, at, _experiment):
    return film(dataset_of(_experiment), run_of(_experiment), view, at, complete=False)


@_films
def _collapse_film(key, at, _lesson):
    dataset, run = dataset_of(_lesson), run_of(_lesson)
    floor = float(np.min(reg_covar_for(dataset.X, _lesson.floor, _lesson.covariance)))
    view = View(steps=_lesson.frames == "steps")
    return collapse_film(dataset, run, smallest_variances(run), floor, view, at)


@st.cache_resource(max_entries=32, show_spinner="Fitting every K, fold by fold ...")
def _held_out(key, _lesson):
    return _lesson.held_out(dataset_of(_lesson).X)


@_results
def _both(key, _lesson):
    return _lesson.both(dataset_of(_lesson).X)


@_films
def _duel(key, at, _lesson):
    return duel(dataset_of(_lesson), both_of(_lesson), _lesson.colour, at)


@st.cache_resource(max_entries=32, show_spinner="Crossing the bridge, variance by variance ...")
def _bridge(key, _lesson):
    return _lesson.bridge(dataset_of(_lesson).X, both_of(_lesson).kmeans)


def scikit_learn_of(experiment: Experiment, point: tuple[float, float]) -> beside.Result:
    """Return scikit-learn's own result for the experiment's data, K, covariance type and start seed."""
    part = experiment.only("data", "run")
    return _scikit_learn(repr(part), point, part)


@_results
def _scikit_learn(key, point, _experiment):
    return beside.scikit_learn(dataset_of(_experiment).X, _experiment, point)
