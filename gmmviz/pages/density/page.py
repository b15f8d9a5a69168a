"""Density and sampling: what the page says, and where."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from gmmviz.datasets import Dataset
from gmmviz.em import Run
from gmmviz.numerals import numeral
from gmmviz.pages import script
from gmmviz.pages.density.figure import density_film, integral, scores_figure, shown_box
from gmmviz.pages.density.numbers import FOLDS, HELD_OUT_ITERATIONS, held_out_scores, ks_tried, random_numbers
from gmmviz.pages.density.settings import Density
from gmmviz.ui import cache, controls, layout, own, report, session, terms, work
from gmmviz.ui.film import film
from gmmviz.ui.take_away import Fit, Taken, take_away

PAGE = script("density")
STILL = {"displaylogo": False}
TRIES = [
    (
        "200 moons with K = 16, as in a well-known lecture: thin slivers, and the curve falls",
        Density(k=16),
    ),
    ("200 moons with K = 12: about the best that so few points allow", Density(k=12)),
    ("1,500 moons with K = 16: with more points it no longer overfits", Density(n=1500, k=16)),
]


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, Density())
    with session.sidebar():
        controls.data_controls()
        controls.mixture_controls(plays=True)
        controls.control("drawn")
        controls.seed("drawn_seed", "Draw again")
        controls.control("frames")
    session.main(main)


def main() -> None:
    """Draw what stands beside the sidebar."""
    settings = own.collect()
    dataset, (shown,) = cache.dataset_of(settings), work.so_far(settings)
    run, under_way = cache.run_of(shown), work.is_under_way([shown], [settings])

    with layout.stage():
        with layout.above():
            layout.opening(
                "Density and sampling",
                "A mixture need not sort points into groups: how well does it describe *where* points are, and new "
                "ones will be?",
            )
            report.summary(dataset, run, settings.covariance, under_way)
        settings = film(
            settings,
            last=len(run.states) - 1,
            figure=(
                figure := partial(
                    film_of, shown, settings.drawn, settings.drawn_seed, settings.frames == "steps"
                )
            ),
            of=shown,
            provisional=under_way,
        )
    caption(settings, dataset, run)
    st.latex(
        r"p(x) = \sum_{k=1}^{K} \texttt{weights}_k \; \mathcal{N}(x \mid \texttt{means}_k, \texttt{covariances}_k)"
    )
    if not under_way:
        report.events(run, features=dataset.columns)
    fits = [Fit(run, dataset, shown)]
    take_away(Taken(settings, lambda: figure(settings.it), "Density and sampling", fits))
    if not under_way:
        st.markdown("## How many components? Ask points that the fit has not seen")
        work.in_slices(partial(scores_for_every_k, settings), partial(how_many_components, settings))
    layout.things_to_try(PAGE, TRIES)


@cache.result("data", "run", max_entries=cache.FILMS)
def film_of(settings: Density, drawn: int, seed: int, steps: bool, iteration: int) -> dict:
    """Return the film, with so many new points of a seed; the iteration is among those shown."""
    numbers = random_numbers(replace(settings, drawn=drawn, drawn_seed=seed))
    return density_film(
        cache.dataset_of(settings), cache.run_of(settings), *numbers, steps=steps, keep=iteration
    )


def caption(settings: Density, dataset: Dataset, run: Run) -> None:
    """Say how to read the film, and what the density integrates to at the end."""
    volume = integral(run.states[-1].mixture, shown_box(dataset, run, *random_numbers(settings)))
    terms.caption(
        "Left: the [[density]] of the [[mixture]], the brighter, the denser; white dots are the data. "
        + (
            "The thinnest component is narrower than the grid on which the density is summed up, which misses part of "
            "it. "
            if volume is None
            else f"At the end the density integrates to {volume:.3f} over the part of the plane shown; over the whole "
            "plane, to 1. "
        )
        + "Right: each new point was drawn in two steps, first a [[component]], by the [[weights]], then a point "
        "from that [[Gaussian]]; by the same random numbers at every iteration, so that only the mixture moves them. "
        "Lines stand at 2 [[standard deviations]]."
    )


def how_many_components(settings: Density, scores: np.ndarray | None) -> None:
    """Draw what points that no fit has seen say of each K: of those that have been tried."""
    if scores is None or not len(scores):
        return
    every = ks_tried(settings, cache.dataset_of(settings).X)
    tried, best_now = every[: len(scores)], "Best here" if len(scores) == len(every) else "Best so far"
    st.plotly_chart(scores_figure(tried, scores, settings.k), config=STILL, key="scores")
    best = scores.mean(axis=1).argmax()
    terms.caption(
        f"The data are divided into {FOLDS} parts; each in turn is [[held out]], the mixture is fitted to the others, "
        "and judged on the part held out. The line is the mean over the parts, the band their standard deviation. "
        f"{best_now}: K = {tried[best]} with {numeral(scores[best].mean(), '.3f')} per point. Each fit sees only some "
        f"of the points, and stops after {HELD_OUT_ITERATIONS} iterations at the latest; the best K for all of them "
        "may be a little larger."
    )


def scores_for_every_k(settings: Density) -> work.Task:
    """Return the scores of every K, kept for whatever K and stop rule the settings have."""
    own = Density()
    rule = {"tol": own.tol, "max_iter": own.max_iter, "criterion": own.criterion}
    return _scores_of(replace(settings, k=1, **rule))


@cache.result("data", "run", max_entries=cache.FILMS)
def _scores_of(settings: Density) -> work.Task:
    X = cache.dataset_of(settings).X
    tried, iterations = ks_tried(settings, X), work.iterations_of(settings)
    cost = sum(work.cost(len(X), K, iterations, FOLDS) for K in tried)
    return work.Task(held_out_scores(settings, X), cost, len(tried), "values of K")
