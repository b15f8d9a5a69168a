"""K-means and mixture: what the page says, and where."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from gmmviz.criteria import adjusted_rand
from gmmviz.datasets import Dataset
from gmmviz.em import e_step
from gmmviz.em.sentences import counted
from gmmviz.numerals import numeral
from gmmviz.pages import script
from gmmviz.pages.k_means import numbers
from gmmviz.pages.k_means.bridge_figure import agreement_figure, assignments_figure
from gmmviz.pages.k_means.figure import k_means_film
from gmmviz.pages.k_means.numbers import Bridge, PairedRuns, point_to_predict, predict, where_weights_matter
from gmmviz.pages.k_means.settings import SHARES, KMeans
from gmmviz.pages.k_means.words import (
    about_the_bridge,
    about_the_film,
    density_in_words,
    happened,
    in_words,
    place,
    weights_matter,
)
from gmmviz.ui import cache, controls, layout, own, session, terms, work
from gmmviz.ui.film import film
from gmmviz.ui.report import STOPPED, advice
from gmmviz.ui.take_away import Fit, Taken, take_away

PAGE = script("k-means")
STILL = {"displaylogo": False}
TRIES = [
    (
        "Varied: where two groups of different width meet, k-means draws its border in the middle",
        KMeans(dataset="varied", colour="truth"),
    ),
    (
        "Imbalanced: k-means divides the large group and pays for it with the small ones",
        KMeans(dataset="imbalanced", colour="truth"),
    ),
    (
        "Stretched again, but with circles for covariances: softness alone does not help, shape does",
        KMeans(covariance="spherical", colour="truth"),
    ),
]


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, KMeans())
    with session.sidebar():
        controls.data_controls()
        controls.mixture_controls(plays=True)
        controls.control("frames")
    session.main(main)


def main() -> None:
    """Draw what stands beside the sidebar."""
    settings = own.collect()
    dataset, (shown,) = cache.dataset_of(settings), work.so_far(settings)
    runs, under_way = runs_of(shown), work.is_under_way([shown], [settings])
    point = point_to_predict(settings, dataset.X, runs.em.states[-1].mixture)

    with layout.stage():
        with layout.above():
            opening()
            results(settings, dataset, runs)
        settings = film(
            settings,
            last=runs.last,
            figure=(
                figure := partial(
                    film_of, shown, point, settings.colour == "truth", settings.frames == "steps"
                )
            ),
            of=shown,
            provisional=under_way,
            on_spot=None if session.hides("px", "py") else predict_spot,
        )
    terms.caption(about_the_film(dataset, runs, revealed=settings.colour == "truth"))
    if not under_way:
        events(runs)
    prediction(settings, runs, point)
    fits, more = [Fit(runs.em, dataset, shown)], in_numbers(runs)
    take_away(Taken(settings, lambda: figure(settings.it), "K-means and mixture", fits, more))
    formulas()
    if not under_way:
        bridge()
        work.in_slices(partial(bridge_of, shown), partial(crossing, settings, dataset, runs))
    notes(settings, dataset, runs)
    layout.things_to_try(PAGE, TRIES)


# --- What is computed, and kept ---------------------------------------------------------------------------------------


@cache.result("data", "run")
def runs_of(settings: KMeans) -> PairedRuns:
    """Return k-means and EM from the same means."""
    return numbers.paired(settings, cache.dataset_of(settings).X, cache.run_of(settings))


@cache.result("data", "run", max_entries=cache.FILMS)
def film_of(settings: KMeans, point: tuple[float, float], reveal: bool, steps: bool, iteration: int) -> dict:
    """Return the film of k-means beside EM; the iteration is among those shown."""
    dataset, runs = cache.dataset_of(settings), runs_of(settings)
    return k_means_film(dataset, runs, point, reveal=reveal, steps=steps, keep=iteration)


@cache.result("data", "run", max_entries=cache.FILMS)
def bridge_of(settings: KMeans) -> work.Task:
    """Return EM with one round covariance held fixed, for a row of variances, not yet begun."""
    X = cache.dataset_of(settings).X
    cost = work.cost(len(X), settings.k, work.iterations_of(settings), fits=len(SHARES))
    steps = numbers.bridge(settings, X, runs_of(settings).kmeans)
    return work.Task(steps, cost, settings.max_iter, "iterations at most", int)


# --- The film ---------------------------------------------------------------------------------------------------------


def opening() -> None:
    """Draw the page's title and question, and beside them the switch that reveals the truth."""
    left, right = st.columns([5, 2], vertical_alignment="bottom")
    with left:
        layout.opening(
            "K-means and mixture",
            "Must every point belong to *one* group? Same points, same first means, two methods: who is right?",
        )
    with right:
        controls.control("colour", choose=st.segmented_control, required=True)


def results(settings: KMeans, dataset: Dataset, runs: PairedRuns) -> None:
    """Draw each side's numbers over its plane."""
    if session.hides("summary"):
        return
    hard, soft = runs.kmeans.states[-1], runs.em.states[-1]
    predicted = e_step(dataset.X, soft.mixture)[0].argmax(axis=1)
    left, right = st.columns(2)
    with left:
        terms.markdown(
            f"**K-means: {counted(hard.iteration, 'iteration')}**{_ending(runs.kmeans.stop_reason)}"
            f" · [[inertia]] **{numeral(hard.inertia, '.2f')}**" + _ari(settings, dataset, hard.labels)
        )
    with right:
        terms.markdown(
            f"**EM: {counted(soft.iteration, 'iteration')}**{_ending(runs.em.stop_reason)}"
            f" · [[log-likelihood]] **{numeral(soft.log_likelihood, '.2f')}**"
            + _ari(settings, dataset, predicted)
        )


def in_numbers(runs: PairedRuns) -> list[tuple[str, str]]:
    """Return what k-means came to, for a file: names and texts."""
    last = runs.kmeans.states[-1]
    ended = f"{counted(last.iteration, 'iteration')}, {STOPPED[runs.kmeans.stop_reason]}"
    return [("K-means", ended), ("Inertia", numeral(last.inertia, ".2f"))]


def _ending(stop_reason: str) -> str:
    """Return why a run stopped, where that is not what one expects."""
    return "" if stop_reason == "converged" else f" :orange[{STOPPED[stop_reason]}]"


def _ari(settings: KMeans, dataset: Dataset, labels: np.ndarray) -> str:
    if settings.colour != "truth" or dataset.labels is None:
        return ""
    return f" · ARI **{numeral(adjusted_rand(dataset.labels, labels), '.3f')}**"


def events(runs: PairedRuns) -> None:
    """List what happened to either on the way."""
    if lines := happened(runs):
        st.warning("\n".join(lines), icon=":material/report:")
    if "max_iter" in (runs.kmeans.stop_reason, runs.em.stop_reason):
        st.info(f"Not everything has converged. {advice(runs.last, 'under *Floor and stop rule*')}")


# --- A new point ------------------------------------------------------------------------------------------------------


def predict_spot(x: float, y: float) -> None:
    """Make a spot the point to predict."""
    table = session.table()
    for name, value in (("px", x), ("py", y)):
        st.session_state[name] = table[name].nearest(float(f"{value:.4g}"))


def prediction(settings: KMeans, runs: PairedRuns, point: tuple[float, float]) -> None:
    """Draw the fields for a new point, and what either side says of it."""
    st.markdown("## Predict a new point")
    said = predict(point, runs.em.states[-1].mixture, runs.kmeans.states[-1].centres)
    fields, hard, soft = st.columns([2, 2, 3])
    with fields:
        coordinates(settings, point)
    with hard.container(border=True, height="stretch"):
        st.markdown(f"**K-means**\n\nCluster {said.cluster + 1}.\n\n:gray[It cannot say how sure it is.]")
    with soft.container(border=True, height="stretch"):
        terms.markdown(
            f"**Mixture**\n\n{in_words(said.responsibilities)}.\n\n{density_in_words(said.density)}"
        )
    if abs(said.responsibilities - said.unweighted).max() >= 0.01:
        st.caption(
            f"Without the weights it would have been {in_words(said.unweighted)}: see the notes below."
        )
    layout.link(
        PAGE,
        "A tutorial's own question, (0.5, 0.5) among its five groups: sure of the component, but look at the density",
        KMeans(dataset="tutorial-five", k=5, init="k-means", px=0.5, py=0.5),
    )


def coordinates(settings: KMeans, point: tuple[float, float]) -> None:
    """Draw the fields of the new point, and say where it is."""
    for column, name, found in zip(st.columns(2), ("px", "py"), point, strict=True):
        with column:
            controls.control(name, placeholder=f"{found:g}")
    chosen = settings.px is None or settings.py is None
    st.caption(
        f"The star stands at {place(point)}"
        + (", where the mixture hesitates. " if chosen else ". ")
        + "Both are asked as they stand at the end of their runs."
    )


# --- The formulas -----------------------------------------------------------------------------------------------------


def formulas() -> None:
    """Typeset both methods side by side, in the code's symbols."""
    hard, soft = st.columns(2)
    with hard:
        st.markdown("**K-means**: assign, then update")
        st.latex(r"\texttt{labels}_n = \arg\min_k \lVert x_n - \texttt{centres}_k \rVert^2")
        st.latex(r"\texttt{centres}_k = \text{mean of its points}")
        st.latex(
            r"\texttt{inertia} = \sum_{n=1}^{N} \lVert x_n - \texttt{centres}_{\texttt{labels}_n} \rVert^2"
        )
    with soft:
        terms.markdown("**Mixture**: [[E-step]] ($R$, [[responsibilities]]), then [[M-step]]")
        st.latex(
            r"R_{nk} = \frac{\texttt{weights}_k \, \mathcal{N}_{nk}}{\sum_j \texttt{weights}_j \, \mathcal{N}_{nj}}"
        )
        st.latex(r"\mathcal{N}_{nk} = \mathcal{N}(x_n \mid \texttt{means}_k, \texttt{covariances}_k)")
        st.latex(r"\texttt{means}_k = \frac{\sum_n R_{nk} \, x_n}{\sum_n R_{nk}}")


# --- The bridge -------------------------------------------------------------------------------------------------------


def bridge() -> None:
    """Say what the bridge is, and draw the variance's slider."""
    st.markdown(
        "## The bridge: k-means is a mixture without doubt\n"
        "Give all components one round covariance, hold it fixed, and let EM move only means and weights:"
    )
    st.latex(r"\texttt{covariances}_k = v \, s^2 I")
    terms.markdown(
        "($s^2$ is the data's [[variance]].) Now make $v$ small. The responsibilities become 0 or 1, and EM becomes "
        "k-means, step for step."
    )
    controls.control("v")


def crossing(settings: KMeans, dataset: Dataset, runs: PairedRuns, found: Bridge | int | None) -> None:
    """Draw how far EM agrees with k-means at each variance, and who belongs where at this one."""
    if not isinstance(found, Bridge):  # still under way
        return
    at = SHARES.index(settings.v)
    hard, means = runs.kmeans.states[-1], found.runs[at].states[-1].mixture.means
    left, right = st.columns(2)
    with left:
        figure = agreement_figure(np.array(SHARES), found.agreement, settings.v)
        st.plotly_chart(figure, config=STILL, key="agreement")
    with right:
        figure = assignments_figure(dataset, found.labels[at], hard.labels, means, hard.ties)
        st.plotly_chart(figure, config=STILL, key="assignments")
    st.caption(about_the_bridge(settings.v, dataset, runs.kmeans, found))


# --- Notes ------------------------------------------------------------------------------------------------------------


def notes(settings: KMeans, dataset: Dataset, runs: PairedRuns) -> None:
    """Two places where well-known tutorials err, each with a link to see it happen."""
    st.markdown("## Where tutorials err")
    terms.markdown(
        '**"KNN" is not k-means.** Some tutorials write KNN when they mean k-means. KNN, *k nearest neighbours*, is '
        "told the [[true labels]], and asks the k nearest points for theirs. K-means is given no labels, and its k "
        "counts centres."
    )
    layout.link(
        PAGE,
        "K-means with k = 5: five centres move, and no point is asked for a label",
        replace(settings, k=5, it=0),
    )
    mixture = runs.em.states[-1].mixture
    spot = where_weights_matter(dataset.X, mixture)
    terms.markdown(
        "**A prediction needs the weights.** Some tutorials ask only which [[Gaussian]] is highest at the new point. "
        "But a component with ten times the points is ten times as likely to begin with. "
        + weights_matter(mixture, spot)
    )
    if spot is not None:
        layout.link(PAGE, f"Put the star at {place(spot)}", replace(settings, px=spot[0], py=spot[1]))
    else:
        layout.link(
            PAGE, "Groups in the ratio 50 : 10 : 1: there it makes a difference", KMeans(dataset="imbalanced")
        )
