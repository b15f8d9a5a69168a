"""Every page's film holds the iteration asked for, in halves or whole."""

from dataclasses import replace

import pytest

from gmmviz.figures import scene
from gmmviz.figures.film import View
from gmmviz.pages.collapse.figure import collapse_film
from gmmviz.pages.collapse.numbers import smallest_variances
from gmmviz.pages.density.figure import density_film
from gmmviz.pages.density.numbers import random_numbers
from gmmviz.pages.density.settings import Density
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.figure import k_means_film
from gmmviz.pages.k_means.numbers import paired_runs
from gmmviz.pages.k_means.settings import KMeans
from gmmviz.pages.one_dimension.figure import line_film
from gmmviz.pages.one_dimension.settings import OneDimension
from gmmviz.pages.stories.facts import Told
from gmmviz.pages.stories.figure import story_film
from gmmviz.pages.stories.settings import Shown
from gmmviz.pages.stories.story import SHELF


def explorer(steps, keep, **endless):
    settings = Explorer(n=60, **endless)
    dataset = settings.data()
    return scene.scene_film(dataset, settings.run(dataset.X), View(steps=steps), keep)


def one_dimension(steps, keep, **endless):
    settings = OneDimension(**endless)
    X = settings.data().X
    return line_film(X, settings.run(X), 0, steps=steps, keep=keep)


def k_means(steps, keep, **endless):
    settings = KMeans(n=60, **endless)
    dataset = settings.data()
    return k_means_film(dataset, paired_runs(settings, dataset.X), steps=steps, keep=keep)


def density(steps, keep, **endless):
    settings = Density(n=60, k=3, **endless)
    dataset = settings.data()
    return density_film(dataset, settings.run(dataset.X), *random_numbers(settings), steps=steps, keep=keep)


def collapse(steps, keep, **endless):
    settings = Explorer(n=60, **endless)
    dataset = settings.data()
    run = settings.run(dataset.X)
    return collapse_film(dataset, run, smallest_variances(run), 0.0, View(steps=steps), keep)


def stories(steps, keep, **endless):
    settings = Shown(n=60, **endless)
    dataset = settings.data()
    story = replace(SHELF["e-step"], steps=steps)
    return story_film(story, [Told(dataset, settings.run(dataset.X), "full")], keep=keep)


@pytest.mark.parametrize("film", [explorer, one_dimension, k_means, density, collapse, stories])
@pytest.mark.parametrize("steps", [True, False])
def test_a_thinned_film_holds_the_iteration_asked_for_in_halves_or_whole(monkeypatch, film, steps):
    monkeypatch.setattr(scene, "MAX_ITERATIONS", 13)
    for keep in (17, 22):
        shown = film(steps, keep, tol=0.0, max_iter=40)["scene"]
        assert shown["iterations"][:10] == list(range(10))
        assert keep in shown["iterations"]
        assert (len(shown["iterations"]), shown["iterations"][-1]) == (13, 40)
        assert shown["mode"] == ("steps" if steps else "whole")
