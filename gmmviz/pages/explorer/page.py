"""The explorer: what it says, and where."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gmmviz.criteria import adjusted_rand
from gmmviz.datasets import Dataset
from gmmviz.em import Run, State, e_step
from gmmviz.figures.film import View
from gmmviz.figures.scene import scene_film
from gmmviz.geometry import extent
from gmmviz.numerals import numeral
from gmmviz.pages import script
from gmmviz.pages.explorer.figure import board, labels_figure
from gmmviz.pages.explorer.numbers import Result, fit_scikit_learn, result_of_run
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.explorer.words import fails, opening, still_to_draw
from gmmviz.plain import in_markdown
from gmmviz.projection import Outlook
from gmmviz.ui import cache, controls, drawing, layout, own, placing, report, session, terms, work
from gmmviz.ui.film import film
from gmmviz.ui.take_away import Fit, Taken, take_away

PAGE = script("explorer")
ABREAST = 4  # fields of a new point
MOST_COMPARED = 20_000  # points that scikit-learn is given, whose fits cannot be done in slices
NEW_POINT = "Which component would a point here belong to, and how surely? Both fits answer in the table."
FAILS = controls.Preset(
    "A start that fails",
    "Three groups that are plain to see, and a start from which EM does not find them: it climbs to a lower hilltop, "
    "and stays.",
    Explorer(init_seed=4),
)
IRIS = Explorer(dataset="iris", init="k-means", sklearn="open")
FIVE = Explorer(dataset="tutorial-five", k=5, init="k-means", sklearn="open")
ERRORS = [
    (
        '**Iris "needs 7 iterations".** The count says little: scikit-learn\'s is 8 today, and it depends on the '
        "start and on the tolerance. At scikit-learn's 0.001 a run stops while the likelihood still climbs.",
        "Iris from k-means, tolerance 0.001: 7 M-steps",
        replace(IRIS, tol=1e-3),
    ),
    ("With a tolerance of 10⁻⁶ the same start goes on, and up.", "The same, tolerance 10⁻⁶", IRIS),
    (
        "**Five stretched groups** are found at once from [[k-means]]: the tutorial's own example, which then asks for "
        "the component of the point (0.5, 0.5).",
        "The tutorial's five groups, scikit-learn beside gmmviz",
        FIVE,
    ),
]


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, Explorer())
    with session.sidebar():
        controls.data_controls()
        controls.mixture_controls(plays=True, preset=FAILS)
    session.main(main)


def main() -> None:
    """Draw what stands beside the sidebar."""
    st.session_state.member = min(st.session_state.member, st.session_state.k)
    settings = own.collect()
    if settings.lacking:
        return to_draw(settings)
    dataset, (shown,) = cache.dataset_of(settings), work.so_far(settings)
    run, under_way = cache.run_of(shown), work.is_under_way([shown], [settings])

    seen = cache.outlook_of(settings, settings.plane)
    view = View(settings.colour, settings.member - 1, settings.frames == "steps")
    with layout.stage():
        with layout.aside():
            layout.opening(*opening(settings, len(dataset.X)))
            placing.notice("unplace_here")
            summary(settings, dataset, run, under_way)
            if settings.reduced_to("data", "run") == FAILS.settings.reduced_to("data", "run"):
                better = Explorer()
                st.markdown(fails(run, cache.run_of(better), better.init_seed))
        settings = film(
            settings,
            last=len(run.states) - 1,
            figure=lambda iteration: film_of(shown, view, settings.plane, iteration),
            of=shown,
            provisional=under_way,
            on_place=placing.place,
            start=placing.offered(settings),
            on_draw=drawing.draw,
            board=drawing.offered(settings),
        )
    report.captions(dataset, run, settings.colour, seen)
    if not under_way:
        report.events(run, features=dataset.columns)
    report.components(run.states[settings.it], dataset)
    labels(seen, run.states[settings.it])
    beside_scikit_learn(settings, dataset, run)
    fits = [Fit(run, dataset, shown)]
    take_away(Taken(settings, lambda: film_of(shown, view, settings.plane, settings.it), "Explorer", fits))
    layout.notes(PAGE, ERRORS)


def to_draw(settings: Explorer) -> None:
    """Draw the page where points are still to be drawn."""
    with layout.stage():
        with layout.aside():
            layout.opening(*still_to_draw(len(settings.dots), settings.lacking, settings.k))
        film(
            settings,
            last=0,
            figure=lambda iteration: board(cache.dataset_of(settings)),
            provisional=True,
            on_draw=drawing.draw,
            board=drawing.offered(settings),
            locked=drawing.wanted(settings),
        )


# --- What is computed, and kept ---------------------------------------------------------------------------------------


@cache.result("data", "run", max_entries=cache.FILMS)
def film_of(settings: Explorer, view: View, plane: str, iteration: int) -> dict:
    """Return the film for the player; the iteration is among its frames."""
    seen = cache.outlook_of(settings, plane)
    return scene_film(seen.dataset, seen.run(cache.run_of(settings)), view, iteration)


@cache.result("data", "run")
def scikit_learn_of(settings: Explorer, point: tuple[float, ...]) -> Result:
    """Return scikit-learn's own result for the settings' data, K, covariance type and start seed."""
    return fit_scikit_learn(cache.dataset_of(settings).X, settings, point)


# --- Above the film ---------------------------------------------------------------------------------------------------


def summary(settings: Explorer, dataset: Dataset, run: Run, under_way: bool) -> None:
    """Draw the result in one line, and at its end the view's controls."""
    with report.summary(dataset, run, settings.covariance, under_way):
        agreement = st.empty()  # keeps its place, so that the controls after it stay open when it is filled
        if not all(session.leave_out(name) for name in ("frames", "colour", "member")):
            with st.popover(
                "View", icon=":material/visibility:", help="What the colours mean, and what one frame is."
            ):
                view_controls()
    if settings.colour == "truth" and not session.hides("summary") and dataset.labels is not None:
        agree(agreement, dataset, run)


def agree(place: DeltaGenerator, dataset: Dataset, run: Run) -> None:
    """Say how well the run agrees with the true labels."""
    predicted = e_step(dataset.X, run.states[-1].mixture)[0].argmax(axis=1)
    with place:
        report.number(f"[[ARI {numeral(adjusted_rand(dataset.labels, predicted), '.3f')}|ARI]]")


def view_controls() -> None:
    """Draw what decides only how a run is shown."""
    controls.control("frames")
    controls.control("colour")
    if st.session_state.colour == "membership" and st.session_state.k > 1:
        row = controls.offered(session.table()["member"])
        if row:
            controls.draw(replace(row, high=st.session_state.k))


# --- Below it ---------------------------------------------------------------------------------------------------------


def labels(seen: Outlook, state: State) -> None:
    """Draw the true labels beside the predicted ones, if that is opened."""
    if session.hides("truth"):
        return
    with st.expander("True labels beside predicted labels", key="open_labels", on_change="rerun") as opened:
        if not opened.open:
            return
        if seen.dataset.labels is None:
            st.caption("Nobody knows the true groups of these points.")
            return
        st.plotly_chart(
            labels_figure(seen.dataset, seen.mixture(state.mixture)), config={"displaylogo": False}
        )
        terms.caption(
            f"At iteration {state.iteration:,}. A true group has the colour of the component that it shares most "
            "points with. [[True labels]] are names only: what counts is which points stand together."
        )


def beside_scikit_learn(settings: Explorer, dataset: Dataset, run: Run) -> None:
    """Draw scikit-learn's own result beside the run's, if that is opened; a link may open it."""
    if session.hides("tables", "sklearn"):
        return
    expanded = settings.sklearn == "open"
    with st.expander("scikit-learn beside it", expanded, key="open_sklearn", on_change="rerun") as opened:
        if not opened.open:
            return
        if len(dataset.X) > MOST_COMPARED:
            st.caption(f"Left out for more than {numeral(MOST_COMPARED)} points, as it would take long.")
            return
        point = new_point(settings, dataset)
        theirs, ours = scikit_learn_of(settings, point), result_of_run(dataset.X, run, point)
        report.table(
            {
                "fitted by": ["scikit-learn, its own settings", "gmmviz, yours"],
                "iterations": [theirs.iterations, ours.iterations],
                "converged": [theirs.converged, ours.converged],
                "log-likelihood": [theirs.log_likelihood, ours.log_likelihood],
                "new point: component": [theirs.at_point.argmax() + 1, ours.at_point.argmax() + 1],
                "how sure": [theirs.at_point.max(), ours.at_point.max()],
            },
            partial(numeral, spec=".3f"),
            column_config={"how sure": st.column_config.NumberColumn(format="percent")},
        )
        st.caption(
            "scikit-learn with its own settings: it starts from k-means, stops at a gain below 0.001 per point, and "
            "adds 10⁻⁶ to every variance. The labels agree with an ARI of "
            f"{numeral(adjusted_rand(theirs.predicted, ours.predicted), '.3f')}; the components' numbers "
            "are names and may differ. At the same tolerance and start scikit-learn counts one iteration more: it "
            "compares log-likelihoods one M-step later."
        )


def new_point(settings: Explorer, dataset: Dataset) -> tuple[float, ...]:
    """Draw the fields of a point to predict: (0.5, 0.5) as in the tutorial, or where the data are if that is far."""
    X = dataset.X
    default = (0.5,) * X.shape[1]
    if any(not low <= 0.5 <= high for low, high in extent(X)):
        digits = np.maximum(1, -np.floor(np.log10(X.std(axis=0)))).astype(int)
        default = tuple(round(float(mean), n) for mean, n in zip(X.mean(axis=0), digits, strict=True))
    of = repr(settings.reduced_to("data")) if settings.is_own else dataset.name
    D = len(dataset.columns)
    columns = [column for first in range(0, D, ABREAST) for column in st.columns(min(D, ABREAST))][:D]
    first, *others = map(in_markdown, dataset.columns)
    labels = (f"Predict a new point: {first}", *others)
    return tuple(
        column.number_input(label, value=value, key=f"new_{i}_{of}", format="%g", help=NEW_POINT)
        for i, (column, label, value) in enumerate(zip(columns, labels, default, strict=True))
    )
