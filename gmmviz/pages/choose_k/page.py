"""Choosing K: what the page says, and where."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from gmmviz.datasets import Dataset
from gmmviz.figures.film import View
from gmmviz.figures.scene import scene_film
from gmmviz.numerals import numeral
from gmmviz.pages import script
from gmmviz.pages.choose_k.explained import EXPLAINED, TRIES
from gmmviz.pages.choose_k.figure import curves_figure, map_figure, points_figure
from gmmviz.pages.choose_k.numbers import as_csv, best, chosen, done_of, in_turn, name_of, row_of, study
from gmmviz.pages.choose_k.settings import TITLES, ChooseK
from gmmviz.pages.choose_k.words import (
    SHORT,
    STAR,
    about_the_guess,
    about_the_map,
    begun,
    do_they_agree,
    note_of,
    starring,
    which_wins,
    why_no_film,
    written,
)
from gmmviz.selection import Cell, Study
from gmmviz.ui import cache, controls, drawing, layout, own, report, session, terms, work
from gmmviz.ui.film import film
from gmmviz.ui.take_away import Fit, Taken, take_away

PAGE = script("choose-k")
STILL = {"displaylogo": False, "displayModeBar": False}
FIRST = 0.1
"""Seconds of work, at most, before anything is shown; then it stops at the first cell."""
SMALL, MEANWHILE = 8.0, work.LONGEST
"""A sweep of no more seconds, as `cost_of` estimates them, goes on while the browser draws the page, for so many: so it
is drawn once more, and done. Of a larger one the first cell is shown sooner if nothing else is done meanwhile."""
STOPPED, CHOICES = "_choose_k_stopped", "_choose_k_choices"
"""Of st.session_state: the sweep that the reader has stopped; how often a cell was chosen."""
BESIDE, FEW = 10, 6
"""Columns up to which map and curves stand side by side, and up to which the map's words fit on a phone."""
VIEW = ("k", "covariance", "by", "colour", "result", "guess")
"""Settings that are chosen inside a part that draws itself, and that the rest of the page depends on."""


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, ChooseK())
    hidden = st.session_state.result == "hidden"
    with session.sidebar():
        for name in ("ks", "types", "restarts", "folds"):
            controls.control(name)
        controls.data_controls(described=not hidden)
        controls.start_controls()
        controls.control("frames")
        if not hidden and not session.leave_out("result"):
            st.button("Guess first", **_show("hidden", "Hides the result: look at the points, and guess K."))
    keep_valid()
    settings = own.collect()
    drawing.require(settings)
    dataset = cache.dataset_of(settings)
    layout.opening(
        "Choosing K",
        "How many components, and of which shape? Every K is tried with every covariance type; several criteria say "
        "which to take.",
    )
    if is_running(settings):
        advance(settings, in_turn(settings)[:1], FIRST)
    if hidden:
        guess_first(cache.outlook_of(settings, settings.plane).dataset)
        work.draw_in_slices(behind, is_running(settings), settings)
        session.write_address(settings)
    else:
        cell = chosen(cells_of(settings), settings)
        work.draw_in_slices(results, is_running(settings), settings, dataset, cell)
        one_run(settings, dataset, cell)
        work.draw_in_slices(table, is_running(settings), settings, dataset)
        explanations(settings)
        layout.things_to_try(PAGE, TRIES)
    if cost_of(settings) <= SMALL:
        go_on(settings, MEANWHILE)


def keep_valid() -> None:
    """Without the truth there is no ARI to go by."""
    state = st.session_state
    if state.by not in ChooseK(dataset=state.dataset, label=state.label, colour=state.colour).criteria:
        state.by = ChooseK().by


# --- The work, and who does it ----------------------------------------------------------------------------------------


@cache.result("data", "run", max_entries=cache.FILMS)
def _study_of(settings: ChooseK) -> Study:
    return study(settings, cache.dataset_of(settings))


def study_of(settings: ChooseK) -> Study:
    """Return the settings' study, which all readers of these settings share, each of whom goes on with it."""
    return _study_of(settings.swept())


def cells_of(settings: ChooseK) -> list[Cell]:
    """Return what is done of the cells that the settings ask for."""
    return done_of(study_of(settings), settings)


def is_running(settings: ChooseK) -> bool:
    """Return whether there is work to do that the reader has not stopped."""
    if work.is_stopped(STOPPED, settings.asked()) or len(cells_of(settings)) == len(settings.cells):
        return False
    return work.is_agreed(settings.asked(), cost_of(settings))


def cost_of(settings: ChooseK) -> float:
    """Return about how many seconds all the cells take that the settings ask for."""
    fits, N = settings.restarts + settings.folds, len(cache.dataset_of(settings).X)
    return sum(work.cost(N, K, work.iterations_of(settings), fits) for K, _ in settings.cells)


def advance(settings: ChooseK, cells: Sequence[tuple[int, str]], seconds: float) -> None:
    """Go on with some of the cells."""
    work.advance(lambda seconds: study_of(settings).advance(cells, seconds), seconds)


def how_far(settings: ChooseK) -> None:
    """Draw how far the sweep is, as long as that matters."""
    done, total, seconds = len(cells_of(settings)), len(settings.cells), cost_of(settings)
    if done < total and not work.is_agreed(settings.asked(), seconds):
        work.ask(settings.asked(), seconds, f"{numeral(total)} cells of many points, components or starts")
    elif done < total:
        work.progress(STOPPED, settings.asked(), done, total, "cells", "Fits the cells that are left.")


def go_on(settings: ChooseK, seconds: float) -> None:
    """Do a slice of the work, if there is any: once all is drawn, as what is drawn later fades until it is.

    The rest of the page has to hear of the first cell that it can show, and of the end.
    """
    if not (seconds and is_running(settings)):
        return
    first = chosen(cells_of(settings), settings) is None
    advance(settings, in_turn(settings)[: 1 if first else None], seconds)
    if (first and chosen(cells_of(settings), settings) is not None) or not is_running(settings):
        session.rerun()


# --- The map, the curves, and what they say ---------------------------------------------------------------------------


def results(settings: ChooseK, dataset: Dataset, cell: Cell | None, seconds: float) -> None:
    """Draw what is done, and do more of it if there is more to do; the cell is the one of the film."""
    shown = settings.shown()
    if any(st.session_state[name] != shown[name] for name in VIEW):
        session.rerun()  # the rest of the page has to hear of it
    how_far(settings)
    cells = cells_of(settings)
    what_to_go_by(settings)
    if cells:
        if settings.guess:
            the_guess(settings, cells, dataset)
        pictures(settings, cells, dataset, cell)
        st.markdown(which_wins(cells, settings, is_running(settings)))
        side_by_side(settings, cells, dataset)
    go_on(settings, seconds)


def what_to_go_by(settings: ChooseK) -> None:
    """Draw the choice of the criterion, and whether the truth is revealed."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row = controls.offered(session.table()["by"])
        if row:
            row = replace(row, choices={name: row.choices[name] for name in settings.criteria})
            controls.choice(st.segmented_control, row, required=True, width="content")
        labelled = settings.labelled
        controls.control(
            "colour", choose=st.segmented_control, required=True, disabled=not labelled, width="content"
        )
    if not labelled:
        st.caption("Nobody knows the true groups of these points.")


def pictures(settings: ChooseK, cells: Sequence[Cell], dataset: Dataset, shown: Cell | None) -> None:
    """Draw the map, whose cells can be clicked, and the curves: beside it where there is room, else under it."""
    N = len(dataset.X)
    few = settings.ks.high - settings.ks.low < BESIDE
    left, right = st.columns([11, 10]) if few else (st.container(), st.container())
    key = f"map_{choices()}"  # after a choice nothing is selected, so that all can be again
    with left, st.container(key="map" if settings.ks.high - settings.ks.low < FEW else "map_wide"):
        st.plotly_chart(
            map_figure(cells, settings, N, shown),
            config=STILL,
            key=key,
            on_select=partial(_clicked, key),
            selection_mode="points",
        )
    if best(cells, settings.by):
        right.plotly_chart(curves_figure(cells, settings, shown), config=STILL, key="curves")
    st.caption(about_the_map(cells, settings, N))


def _clicked(key: str) -> None:
    """Note which cell of the map was clicked."""
    if key == f"map_{choices()}" and (points := st.session_state[key]["selection"]["points"]):
        choose(*points[0]["customdata"])


def choices() -> int:
    """Return how often a cell was chosen. Keys hold it: a widget that is gone may report once more what it showed."""
    return st.session_state.get(CHOICES, 0)


def choose(K: int, covariance: str) -> None:
    """Choose the cell that is shown; K = 0: the best."""
    st.session_state.update({"k": K, "covariance": covariance, CHOICES: choices() + 1})


def side_by_side(settings: ChooseK, cells: Sequence[Cell], dataset: Dataset) -> None:
    """Draw what each criterion picks, and say whether they agree."""
    with st.container(horizontal=True, gap="medium"):
        for name in settings.criteria:
            picked = best(cells, name)
            report.number(f"[[{SHORT[name]}]]", note=name_of(picked) if picked else "none")
    if said := do_they_agree(cells, settings.criteria, len(dataset.X)):
        st.markdown(said)


# --- The guess --------------------------------------------------------------------------------------------------------


def guess_first(dataset: Dataset) -> None:
    """Draw the points alone, and ask for a guess."""
    left, right = st.columns([3, 1])
    left.plotly_chart(points_figure(dataset), config=STILL, key="points")
    with right:
        controls.control("guess", choose=st.number_input)
        help = "Shows what the criteria say, and how your guess compares."
        st.button("Show the result", **_show("shown", help))
        st.caption("No colours, no ellipses: these are the points as EM gets them.")


def _show(result: str, help: str) -> dict:
    """Return what a button needs that shows or hides the result. Nothing else sets that: no widget has its key."""
    return {
        "key": f"result_{result}",
        "on_click": st.session_state.update,
        "kwargs": {"result": result},
        "help": help,
    }


def behind(settings: ChooseK, seconds: float) -> None:
    """Go on with the sweep while the reader thinks."""
    how_far(settings)
    go_on(settings, seconds)


def the_guess(settings: ChooseK, cells: Sequence[Cell], dataset: Dataset) -> None:
    """Say how the guess compares."""
    groups = len(np.unique(dataset.labels)) if settings.reveals else None
    said = about_the_guess(cells, settings, len(dataset.X), groups, is_running(settings))
    st.info(said, icon=":material/psychology_alt:")


# --- One cell ---------------------------------------------------------------------------------------------------------


def one_run(settings: ChooseK, dataset: Dataset, cell: Cell | None) -> None:
    """Draw the film of the cell that is shown, and the way to the explorer."""
    cells = cells_of(settings)
    if cell is None or cell.winner is None:
        if cells:
            which_cell(settings, cells, cell)
            st.info(why_no_film(settings, cell, len(dataset.X)))
        session.write_address(settings)
        return
    experiment = settings.experiment(cell.n_components, cell.covariance_type, cell.seed)
    (of,) = work.so_far(experiment)
    run, under_way = cache.run_of(of), work.is_under_way([of], [experiment])
    seen = cache.outlook_of(settings, settings.plane)
    with layout.stage():
        with layout.above():
            which_cell(settings, cells, cell)
            with report.summary(dataset, run, cell.covariance_type, under_way):
                layout.link(script("explorer"), "Open in the explorer", experiment)
            if note := note_of(cell, len(dataset.X)):
                st.caption(f"{begun(note)}.")
        view = View("truth" if settings.reveals else "responsibility", steps=settings.frames == "steps")
        settings = film(
            settings,
            last=len(run.states) - 1,
            figure=(figure := lambda iteration: scene_film(seen.dataset, seen.run(run), view, iteration)),
            of=replace(
                settings.swept(),
                k=cell.n_components,
                covariance=cell.covariance_type,
                frames=settings.frames,
                max_iter=of.max_iter,
            ),
            provisional=under_way or (is_running(settings) and not settings.k),
        )
    report.captions(dataset, run, view.colour, seen)
    fits = [Fit(run, dataset, experiment)]
    title = f"Choose K: {cell.n_components}, {cell.covariance_type}"
    take_away(Taken(settings, lambda: figure(settings.it), title, fits))


def which_cell(settings: ChooseK, cells: Sequence[Cell], cell: Cell | None) -> None:
    """Draw the choice of the cell that is shown, for who cannot or will not click the map."""
    if session.hides("k"):
        return
    first, now = best(cells, settings.by), (cell.n_components, cell.covariance_type) if cell else (None, None)
    keys = f"k_{choices()}_{now}", f"type_{choices()}_{now}"
    ks = sorted({one.n_components for one in cells})
    types = [name for name in settings.types if any(one.covariance_type == name for one in cells)]
    more = {"on_change": _picked, "args": (keys, now), "help": "A click on the map does the same."}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        at = ks.index(now[0]) if cell else None
        st.selectbox("K shown", ks, at, key=keys[0], width=110, placeholder="K", **more)
        named = {"default": now[1], "required": bool(cell), "format_func": TITLES.get}
        st.segmented_control("Type shown", types, key=keys[1], **named, **more)
        if settings.k and first:
            st.button(
                f"Back to the best, {name_of(first)}",
                key="back_to_best",
                icon=":material/star:",
                on_click=choose,
                args=(0, ChooseK().covariance),
                help=f"Shows the cell that {SHORT[settings.by]} picks.",
            )


def _picked(keys: tuple[str, str], before: tuple) -> None:
    """Note which cell was picked. A list that is gone may report what it showed, and may do so alone."""
    now = tuple(st.session_state.get(key) or shown for key, shown in zip(keys, before, strict=True))
    K, covariance = now
    if K is not None and now != before and keys[0].startswith(f"k_{choices()}_"):
        choose(K, covariance or st.session_state.covariance)


# --- The table --------------------------------------------------------------------------------------------------------


def table(settings: ChooseK, dataset: Dataset, seconds: float) -> None:
    """Draw every cell's numbers, and offer them as a file."""
    cells, criteria = cells_of(settings), settings.criteria
    if not cells or session.hides("tables"):
        return
    notes = [note_of(cell, len(dataset.X)) for cell in cells]
    rows = [row_of(cell, criteria) for cell in cells]
    st.markdown("## All cells in numbers")
    columns = {SHORT[name]: [row.values[name] for row in rows] for name in criteria}
    report.table(
        {
            "K": [row.K for row in rows],
            "type": [TITLES[row.covariance_type] for row in rows],
            "parameters": [row.parameters for row in rows],
            "log-likelihood": [row.log_likelihood for row in rows],
            **columns,
            "sound starts": [f"{row.sound} of {row.starts}" for row in rows],
            "seed": ["none" if row.seed is None else str(row.seed) for row in rows],
            "note": notes,
        },
        partial(written, criterion="bic"),
        own={SHORT[name]: starring(cells, name) for name in criteria},
        key="cells",
    )
    terms.caption(
        f"{STAR} marks the best of a column. A start is [[sound]] if it ends neither in a [[collapse]] nor with a "
        "component at the floor or on hardly any points. A cell counts by its best sound start; without one it is "
        "never the best, however high its likelihood. Seed: that start's, for the explorer."
    )
    if is_running(settings):
        return  # the browser would ask for a file that the next slice has replaced
    st.download_button(
        "Download the table",
        as_csv(rows, criteria, notes),
        file_name=f"choose-k-{settings.dataset}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        help="All cells as a CSV file, with all digits.",
    )


# --- The criteria -----------------------------------------------------------------------------------------------------


def explanations(settings: ChooseK) -> None:
    """Explain the criteria, and link to where each misleads."""
    st.markdown("## The criteria, and when they mislead")
    columns = [column for _ in settings.criteria[::2] for column in st.columns(2)]
    for name, column in zip(settings.criteria, columns, strict=False):
        said = EXPLAINED[name]
        with column.container(border=True):
            st.markdown(f"**{said.title}**")
            st.latex(said.formula)
            terms.markdown(f"{said.means}\n\n**When it misleads.** {said.misleads}")
            layout.link(PAGE, said.example, said.settings)
