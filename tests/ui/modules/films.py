"""Real films of every page, as the player gets them, for the tests of its modules."""

import json
from functools import cache
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_iris

from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, Run, fit
from gmmviz.figures.film import View
from gmmviz.figures.scene import scene_film
from gmmviz.kmeans import kmeans
from gmmviz.pages.collapse.figure import collapse_film
from gmmviz.pages.collapse.numbers import least_variance, smallest_variances
from gmmviz.pages.collapse.settings import Collapse
from gmmviz.pages.density.figure import density_film
from gmmviz.pages.density.numbers import random_numbers
from gmmviz.pages.density.settings import Density
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.figure import k_means_film
from gmmviz.pages.k_means.numbers import PairedRuns, paired_runs
from gmmviz.pages.k_means.settings import KMeans
from gmmviz.pages.one_dimension.figure import line_film
from gmmviz.pages.one_dimension.settings import OneDimension
from gmmviz.starts import start


class Shown(NamedTuple):
    """A film, and what it shows."""

    figure: dict
    dataset: Dataset
    run: Run | PairedRuns


def as_sent(figure: dict) -> dict:
    """Return a figure as the browser gets it."""
    return json.loads(json.dumps(figure))


@cache
def explored(colour="responsibility", steps=True, plane=(0, 1), **settings) -> Shown:
    """Return the explorer's film."""
    experiment = Explorer(**({"n": 60, "k": 3, "max_iter": 6, "tol": 0.0} | settings))
    dataset = experiment.data()
    run = experiment.run(dataset.X)
    return Shown(as_sent(scene_film(dataset, run, View(colour, 1, steps, plane))), dataset, run)


@cache
def four_features(plane=(0, 1)) -> Shown:
    """Return the film of two of iris' four features."""
    flowers = load_iris()
    names = tuple(flowers.feature_names)
    dataset = Dataset("iris", flowers.data, flowers.target, "", names, equal_axes=True, fixed=True)
    run = fit(dataset.X, start(dataset.X, 3, "k-means++", "full", rng=0), tol=0, max_iter=6)
    return Shown(as_sent(scene_film(dataset, run, View(steps=True, plane=plane))), dataset, run)


@cache
def collapsing(steps=True) -> Shown:
    """Return the film of a collapse."""
    settings = Collapse()
    dataset = settings.data()
    run = settings.run(dataset.X)
    floor = least_variance(settings, dataset.X)
    figure = collapse_film(dataset, run, smallest_variances(run), floor, View(steps=steps))
    return Shown(as_sent(figure), dataset, run)


@cache
def dense(steps=True) -> Shown:
    """Return the film of a density and its new points."""
    settings = Density(n=60, k=3, max_iter=4)
    dataset = settings.data()
    run = settings.run(dataset.X)
    return Shown(as_sent(density_film(dataset, run, *random_numbers(settings), steps=steps)), dataset, run)


@cache
def lined(steps=True, row=4) -> Shown:
    """Return the film of one dimension."""
    settings = OneDimension()
    dataset = settings.data()
    run = settings.run(dataset.X)
    return Shown(as_sent(line_film(dataset.X, run, row, steps=steps)), dataset, run)


@cache
def spiked() -> Shown:
    """Return the film of one dimension, of a component that becomes a spike, higher than the picture."""
    X = np.append(np.random.default_rng(0).normal(size=40), [4.0, 4.001])[:, None]
    run = fit(X, Mixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[1.0]]]), tol=0, max_iter=4)
    dataset = Dataset("spike", X, None, "", ("x", ""), equal_axes=False, fixed=True)
    return Shown(as_sent(line_film(X, run, 0, steps=False)), dataset, run)


@cache
def paired(steps=True, reveal=False, point=(0.5, -0.25), **settings) -> Shown:
    """Return the film of k-means, which ends early, beside EM."""
    settings = KMeans(**({"n": 60, "k": 3, "max_iter": 8, "tol": 0.0} | settings))
    dataset = settings.data()
    runs = paired_runs(settings, dataset.X)
    return Shown(as_sent(k_means_film(dataset, runs, point, reveal=reveal, steps=steps)), dataset, runs)


@cache
def tied(steps=True) -> Shown:
    """Return the film of points on a lattice, some of them as far from one centre as from another."""
    X = np.stack(np.meshgrid(np.arange(-4.0, 5), np.arange(-2.0, 3)), axis=-1).reshape(-1, 2)
    means = np.array([[-1.0, 0.0], [1.0, 0.0]])
    runs = PairedRuns(
        kmeans(X, means), fit(X, Mixture([0.5, 0.5], means, [np.eye(2), np.eye(2)]), tol=0, max_iter=4)
    )
    dataset = Dataset("lattice", X, None, "", ("x", "y"), equal_axes=True, fixed=True)
    return Shown(as_sent(k_means_film(dataset, runs, steps=steps)), dataset, runs)


FILMS = {"explorer": explored, "collapse": collapsing, "density": dense, "line": lined, "k-means": paired}
