"""Compare: what the page says, and where."""

from dataclasses import replace
from functools import partial
from itertools import zip_longest

import streamlit as st

from gmmviz.experiment import Experiment
from gmmviz.numerals import numeral
from gmmviz.pages import script
from gmmviz.pages.compare.figure import compare_film
from gmmviz.pages.compare.numbers import (
    FOLDS,
    HELD_OUT_POINTS,
    Fitted,
    Row,
    best,
    held_out_scores,
    numbered,
    row_of,
)
from gmmviz.pages.compare.settings import MOST, Compare, address_of
from gmmviz.pages.compare.words import about_the_film, about_the_table, what_differs
from gmmviz.settings import Choice, Number, Setting
from gmmviz.titles import titled
from gmmviz.ui import cache, controls, layout, own, report, session, terms, work
from gmmviz.ui.film import film
from gmmviz.ui.take_away import Fit, Taken, take_away

PAGE = script("compare")
STAR = "★ "
STILL = "The runs are under way: each is shown as far as it had come. What they differ in is told at the end."
TRIES = [
    ("The six starts on the same points: who gets stuck?", Compare(vary="init", dataset="varied", k=5)),
    (
        "Six start seeds of random points: three of them end elsewhere, and much later",
        Compare(vary="init_seed", dataset="imbalanced", data_seed=170),
    ),
    ("K = 2, 3, 4, 8 on three groups: the likelihood always grows, BIC does not", Compare(vary="k")),
    (
        "Without a floor and with: six components on sixty points, and one of them collapses",
        Compare(vary="floor", dataset="blobs", data_seed=170, n=60, k=6),
    ),
    (
        "Tolerance 0.001 against 0.000001 from random responsibilities: the former stops at once",
        Compare(vary="tol", init="random-responsibilities"),
    ),
]


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, Compare())
    with session.sidebar():
        controls.data_controls(st.session_state.vary)
        controls.mixture_controls(st.session_state.vary, plays=True)
        controls.control("frames")
    stage = layout.stage()
    with stage:
        top = st.container()
        with layout.above():
            what_to_vary()
    with top:
        settings = own.collect()
        wanted = [panel.experiment for panel in settings.panels()]
        shown = work.so_far(*wanted)
    fits = fits_of(settings, shown)
    same, scores = settings.same_points(), scores_of(settings)
    if not (under_way := work.is_under_way(shown, wanted)):
        work.at_once(scores)
    rows = rows_of(settings, fits, scores.found)

    with stage:
        with layout.aside():
            said = STILL if under_way else what_differs(rows, settings.vary, same)
            layout.opening("What a setting changes", said)
            controls.control("colour", choose=st.segmented_control, required=True)
        settings = film(
            settings,
            last=max(fitted.run.states[-1].iteration for fitted in fits),
            figure=(
                figure := lambda iteration: film_of(
                    settings,
                    shown,
                    settings.plane,
                    settings.colour == "truth",
                    settings.frames == "steps",
                    iteration,
                )
            ),
            of=replace(settings, max_iter=max(experiment.max_iter for experiment in shown)),
            provisional=under_way,
        )
    seen = report.about_the_outlook(cache.outlook_of(wanted[0], settings.plane))
    terms.caption(" ".join([about_the_film(same), *seen]))
    if not under_way:
        work.in_slices(
            partial(scores_of, settings), lambda found: table(rows_of(settings, fits, found), settings, same)
        )
    taken = [
        Fit(run, dataset, panel.experiment, f"{panel.letter}: {panel.title}")
        for panel, dataset, run, _ in fits
    ]
    take_away(Taken(settings, lambda: figure(settings.it), "What a setting changes", taken))
    links(fits)
    layout.things_to_try(PAGE, TRIES)


# --- What is computed, and kept ---------------------------------------------------------------------------------------


def fits_of(settings: Compare, shown: tuple[Experiment, ...]) -> list[Fitted]:
    """Return the panels with their points and runs, as far as these are shown, and their components' numbers."""
    panels = settings.panels()
    datasets = [cache.dataset_of(panel.experiment) for panel in panels]
    runs = [cache.run_of(experiment) for experiment in shown]
    numbers = numbers_of(settings, shown)
    return [Fitted(*found) for found in zip(panels, datasets, runs, numbers, strict=True)]


@cache.result("data", "run")
def numbers_of(settings: Compare, shown: tuple[Experiment, ...]) -> list[tuple[int, ...]]:
    """Return each panel's components' numbers."""
    mixtures = [cache.run_of(experiment).states[-1].mixture for experiment in shown]
    return numbered(cache.dataset_of(shown[0]).X, mixtures)


@cache.result("data", "run", max_entries=cache.FILMS)
def film_of(
    settings: Compare, shown: tuple[Experiment, ...], plane: str, reveal: bool, steps: bool, iteration: int
) -> dict:
    """Return the film; the iteration is among those shown."""
    fits = [seen_from(plane, fitted) for fitted in fits_of(settings, shown)]
    return compare_film(fits, reveal=reveal, steps=steps, keep=iteration)


def seen_from(plane: str, fitted: Fitted) -> Fitted:
    """Return a panel as it is seen."""
    seen = cache.outlook_of(fitted.panel.experiment, plane)
    return fitted._replace(dataset=seen.dataset, run=seen.run(fitted.run))


def scores_of(settings: Compare) -> work.Task:
    """Return each panel's held-out log-likelihood per point; of other start seeds there is nothing to say."""
    return _scores_of(settings.reduced_to("data", "run"))


@cache.result("data", "run", max_entries=cache.FILMS)
def _scores_of(settings: Compare) -> work.Task:
    panels = () if settings.vary == "init_seed" else settings.panels()
    points = [cache.dataset_of(panel.experiment).X for panel in panels]
    steps = held_out_scores(points, [panel.experiment for panel in panels], settings.init_seed)
    cost = sum(
        work.cost(
            min(len(X), HELD_OUT_POINTS), panel.experiment.k, work.iterations_of(panel.experiment), FOLDS
        )
        for X, panel in zip(points, panels, strict=True)
    )
    return work.Task(steps, cost, len(panels), "held-out log-likelihoods")


def rows_of(settings: Compare, fits: list[Fitted], scores: list[float | None] | None) -> list[Row]:
    """Return the table's rows, with the held-out log-likelihoods that there are."""
    reveal = settings.colour == "truth"
    return [row_of(*pair, reveal) for pair in zip_longest(fits, scores or [])]


# --- What is varied ---------------------------------------------------------------------------------------------------


def what_to_vary() -> None:
    """Draw the choice of the setting that is varied, of its values, and of further panels."""
    left, middle, right = st.columns([2, 5, 2], vertical_alignment="bottom")
    with left:
        controls.control("vary", on_change=begin_with_suggested)
    row = session.table()[st.session_state.vary]
    with middle:
        controls.control(
            "values",
            options=options_of(row),
            format_func=lambda text: text if (value := row.read(text)) is None else titled(row, value),
            accept_new_options=isinstance(row, Number),
            max_selections=MOST - len(st.session_state.extra),
            on_change=keep_valid,
        )
    with right:
        add_from_explorer()


def options_of(row: Setting) -> list[str]:
    """Return the values of the varied setting that can be picked, as an address writes them; others can be typed."""
    now = Compare(vary=row.name, dataset=st.session_state.dataset)
    every = (
        row.choices
        if isinstance(row, Choice)
        else range(row.low, row.high + 1)
        if controls.is_short(row)
        else ()
    )
    return list(dict.fromkeys([*map(row.write, every), *now.suggested(), *st.session_state["values"]]))


def begin_with_suggested() -> None:
    """Another setting begins with its own values."""
    chosen = {name: st.session_state[name] for name in ("dataset", "init_seed")}
    st.session_state["values"] = list(Compare(vary=st.session_state.vary, **chosen).suggested())


def keep_valid() -> None:
    """Keep of the values chosen those that can be; without any, the suggested ones."""
    chosen = {name: st.session_state[name] for name in ("vary", "dataset", "init_seed")}
    st.session_state["values"] = list(Compare(values=tuple(st.session_state["values"]), **chosen).varied())


def add_from_explorer() -> None:
    """Draw the button that adds the setting shown in the explorer, and one that takes such panels away."""
    if session.leave_out("extra"):
        return
    if extra := st.session_state.extra:
        st.button(
            f"Take {'it' if len(extra) == 1 else 'them'} away",
            key="take_away",
            icon=":material/remove:",
            on_click=lambda: st.session_state.update(extra=[]),
            help="Takes the panels away that were added from the explorer.",
        )
        return
    st.button(
        "Add the explorer's",
        key="add_from_explorer",
        icon=":material/add:",
        on_click=_add,
        disabled=len(st.session_state["values"]) >= MOST,
        help="Adds a panel with the setting that the explorer shows, whatever it is.",
    )


def _add() -> None:
    shown, _ = Experiment.from_query(session.current().chosen)
    st.session_state.extra = [*st.session_state.extra, address_of(shown)]


# --- Under the film ---------------------------------------------------------------------------------------------------


def table(rows: list[Row], settings: Compare, same: bool) -> None:
    """Draw the panels' numbers, the best of each column marked."""
    if session.hides("tables"):
        return
    columns = {
        "panel": [f"{row.letter}  {row.title}" for row in rows],
        "iterations": [row.iterations for row in rows],
        "ended": [report.STOPPED[row.stop_reason] for row in rows],
        "parameters": [row.parameters for row in rows],
    }
    for name, column, spec in (
        ("log-likelihood", "log_likelihood", ".3f"),
        ("BIC", "bic", ".1f"),
        ("held out, per point", "held_out", ".4f"),
        ("ARI", "ari", ".3f"),
    ):
        if any(getattr(row, column) is not None for row in rows):
            columns[name] = _marked(rows, column, spec, same)
    report.table(columns, partial(numeral, spec=".3f"), key="panels")
    terms.caption(about_the_table(rows, settings.vary, same))


def _marked(rows: list[Row], column: str, spec: str, same: bool) -> list[str]:
    first = best(rows, column, same)
    values = [getattr(row, column) for row in rows]
    return [
        "" if value is None else (STAR if i == first else "") + numeral(value, spec)
        for i, value in enumerate(values)
    ]


def links(fits: list[Fitted]) -> None:
    """Draw a link to the explorer for each panel."""
    st.markdown("**Open a panel in the explorer**")
    with st.container(horizontal=True, gap="small"):
        for fitted in fits:
            panel = fitted.panel
            layout.link(script("explorer"), f"{panel.letter}  {panel.title}", panel.experiment)
