"""One dimension, by hand: what the page says, and where."""

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import streamlit as st

from gmmviz.corrections import Correction
from gmmviz.em import Run, State
from gmmviz.numerals import TIMES, numeral
from gmmviz.pages import script
from gmmviz.pages.one_dimension import formulas, words
from gmmviz.pages.one_dimension.figure import line_film
from gmmviz.pages.one_dimension.numbers import EStep, e_step_table, m_step_numbers
from gmmviz.pages.one_dimension.settings import CHOICES, LISTS, MOST_POINTS, PARAMETERS, OneDimension
from gmmviz.ui import cache, controls, layout, own, report, session, terms
from gmmviz.ui.film import film
from gmmviz.ui.take_away import Fit, Taken, take_away
from gmmviz.words import corrected

PAGE = script("one-dimension")
TABLE = "e_step_table"  # the key of the table's widget
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
AS_DEVIATIONS = OneDimension(variances=(25.0, 9.0, 1.0))
TRIES = [
    ("The tutorial's first example", OneDimension("first")),
    (
        "Hastie's points, from the book's numbers",
        OneDimension("hastie", means=(4.62, 1.06), variances=(0.87, 0.77), weights=(0.454, 0.546)),
    ),
    ("Your own points: type them on the left", OneDimension("own")),
    ("The spike on fewer than two points", AS_DEVIATIONS),
]


def show() -> None:
    """Draw the page."""
    session.begin(PAGE, OneDimension())
    with session.sidebar():
        sidebar()
    settings = own.collect()
    X, run = cache.dataset_of(settings).X, cache.history_of(settings)

    with layout.stage():
        with layout.aside():
            layout.opening(
                "One dimension, by hand", "What exactly does EM compute in one iteration, point by point?"
            )
            summary(run)
        settings = film(
            settings,
            last=len(run.states) - 1,
            figure=(figure := partial(film_of, settings, settings.row, settings.frames == "steps")),
            on_point=None if session.hides("row") else mark,
        )
    state = run.states[settings.it]
    captions(settings, run, X)
    report.events(run, "under *Stop rule*, or a larger tolerance", words.own_words(run, X))
    why_it_collapsed(run)
    components(state, X)
    e_step_section(settings, state, X)
    m_step_section(settings, run, state, X)
    fits = [Fit(run, cache.dataset_of(settings))]
    idle = () if settings.example == "own" else ("points",)
    take_away(Taken(settings, lambda: figure(settings.it), "One dimension, by hand", fits, idle=idle))
    notes(settings, run, state, X)
    layout.things_to_try(PAGE, TRIES)


@cache.result("data", "run", max_entries=cache.FILMS)
def film_of(settings: OneDimension, row: int, steps: bool, iteration: int) -> dict:
    """Return the film with a point, from 1, marked; the iteration is among those shown."""
    X, run = cache.dataset_of(settings).X, cache.history_of(settings)
    return line_film(X, run, row - 1, steps=steps, keep=iteration)


# --- Controls ---------------------------------------------------------------------------------------------------------


@dataclass
class Slips:
    """What was wrong with the list that was typed last: sentences, by its setting's name."""

    told: dict[str, list[str]] = field(default_factory=dict)


def slips() -> Slips:
    """Return this session's slips."""
    return st.session_state.setdefault("_one_dimension", Slips())


def sidebar() -> None:
    """Draw what decides the points, the start and the run."""
    controls.control("example", on_change=begin_with_own_start)
    example = st.session_state.example
    if not session.leave_out("example"):
        st.caption(CHOICES[example].description)
    if example == "own":
        numbers("points", height=100)
    if example == "table":
        own.controls()
        st.session_state.row = min(st.session_state.row, st.session_state.rows or MOST_POINTS)
    for name in PARAMETERS:
        numbers(name)
    controls.control("fixed")
    controls.control("frames")
    controls.folded("Stop rule", "tol", "max_iter", "criterion")


def numbers(name: str, **options) -> None:
    """Draw a field for a list of numbers, and under it what had to be changed in it."""
    controls.control(name, on_change=take_over, args=(name,), **options)
    for sentence in slips().told.get(name, []):
        st.caption(f":orange[{sentence}]")


def take_over(name: str) -> None:
    """Take over the numbers typed, the nearest valid ones, or those from before; other lists follow in length."""
    text = st.session_state[name]
    settings, corrections = OneDimension.from_query({name: text}, session.current().settings)
    slips().told = {name: wrong_with(name, text, corrections)}
    show_lists(settings)


def wrong_with(name: str, text: str, corrections: list[Correction]) -> list[str]:
    """Return what to say of a list that was typed."""
    row = session.table()[name]
    if (read := row.read(text)) is None:
        return [words.no_list(row)]
    told = list(map(corrected, corrections))
    if meant := words.decimal_commas(text):
        told.insert(0, f"Read as {len(read)} numbers; use a point for decimals: {meant[:100]}")
    return told


def begin_with_own_start() -> None:
    """Another example begins with its own start, and with its first point marked."""
    shown = session.current().settings
    settings = replace(shown, example=st.session_state.example, means=(), variances=(), weights=(), row=1)
    slips().told, st.session_state.row = {}, 1
    own.leave_or_resume()
    show_lists(settings)


def show_lists(settings: OneDimension) -> None:
    """Write the lists into their fields."""
    shown = settings.shown()
    st.session_state.update({name: shown[name] for name in LISTS})
    st.session_state.row = min(st.session_state.row, settings.n)


# --- The film ---------------------------------------------------------------------------------------------------------


def mark(point: int) -> None:
    """Mark a point, from 0, in the picture and in the table."""
    st.session_state.row = point + 1


def summary(run: Run) -> None:
    """Draw the run's result."""
    if session.hides("summary"):
        return
    last = run.states[-1]
    gain = last.log_likelihood - run.states[-2].log_likelihood if last.iteration else 0.0
    with st.container(horizontal=True, gap="small"):
        report.iterations(run)
        report.log_likelihood(last.log_likelihood, gain)


def captions(settings: OneDimension, run: Run, X: np.ndarray) -> None:
    """Say what the film shows, and what it leaves out."""
    terms.caption(words.about_the_film(run))
    if settings.example == "hastie":
        st.caption(words.published(X))


def why_it_collapsed(run: Run) -> None:
    """Draw a link to the page on collapse, if the run ended in one."""
    if run.stop_reason == "collapsed" and not session.hides("links"):
        label = "Why a variance collapses, and what helps"
        query = session.current().frame.link({})
        st.page_link(script("collapse"), label=label, icon=":material/compress:", query_params=query)


# --- The mixture shown ------------------------------------------------------------------------------------------------


def components(state: State, X: np.ndarray) -> None:
    """Draw the components at the iteration shown."""
    if session.hides("tables"):
        return
    mixture = state.mixture
    variances = mixture.covariances[:, 0, 0]
    st.markdown(f"## Iteration {state.iteration:,}: log-likelihood {numeral(state.log_likelihood, '.4f')}")
    columns = {
        "component": np.arange(mixture.n_components) + 1,
        "weight": mixture.weights,
        "mean": mixture.means[:, 0],
        "variance": variances,
        "deviation": np.sqrt(variances),
        "weight × N": mixture.weights * len(X),
    }
    report.table(columns, partial(numeral, spec=".6g"), key="components")


# --- The E-step -------------------------------------------------------------------------------------------------------


def e_step_section(settings: OneDimension, state: State, X: np.ndarray) -> None:
    """Draw the E-step at the iteration shown: the table, and the marked row worked out."""
    weighted = settings.estep == "weighted"
    step = e_step_table(X, state.mixture, weighted)
    st.markdown(f"## E-step at iteration {state.iteration:,}: whose point is it?")
    controls.control("estep", choose=st.radio, horizontal=True)
    if not weighted:
        st.markdown(f"**What some tutorials compute; EM does not.** {words.without_weights(state.mixture)}")
    st.markdown(
        "`responsibilities[n, k]`, the share of point n that belongs to component k"
        + (":" if weighted else ", with the weights left out:")
    )
    st.latex(formulas.responsibility(weighted))
    table(settings, step, X, weighted)
    worked_row(settings, step, X)
    terms.caption(words.about_the_table(weighted))


def table(settings: OneDimension, step: EStep, X: np.ndarray, weighted: bool) -> None:
    """Draw the E-step, a row for each point; the marked one is chosen, and another can be."""
    if session.hides("tables", "row"):
        return
    columns = columns_of(step, X, weighted)
    config = {name: st.column_config.NumberColumn(width=80) for name in columns}
    config["point"] = st.column_config.NumberColumn(width=50)
    chosen = [settings.row - 1]
    if TABLE not in st.session_state or st.session_state[TABLE]["selection"]["rows"] != chosen:
        st.session_state[TABLE] = {"selection": {"rows": chosen, "columns": [], "cells": []}}
    report.table(
        columns,
        narrow,
        height=300,
        column_config=config,
        key=TABLE,
        on_select=mark_row,
        selection_mode="single-row-required",
        alt="The E-step: a row for each point",
    )


def columns_of(step: EStep, X: np.ndarray, weighted: bool) -> dict[str, np.ndarray]:
    """Return the columns of the E-step's table."""
    K = step.densities.shape[1]
    index = [str(k + 1).translate(SUBSCRIPTS) for k in range(K)]
    term = "w{0} N{0}(x)" if weighted else "N{0}(x)"
    columns = {"point": np.arange(len(X)) + 1, "x": X[:, 0]}
    columns |= {term.format(index[k]): step.densities[:, k] for k in range(K)} | {"sum": step.total}
    columns |= {f"r{index[k]}": step.responsibilities[:, k] for k in range(K)}
    return columns | {"sum of r": step.responsibilities.sum(axis=1)}


def narrow(value: float) -> str:
    """Return a number for the table: with five digits, or as few as leave room for a power of ten.

    >>> narrow(0.026367123), narrow(3.1921696e-49)
    ('0.026367', '3.19×10⁻⁴⁹')
    """
    text = numeral(value, ".5g")
    return numeral(value, ".3g").replace(TIMES, "×") if TIMES in text else text


def mark_row() -> None:
    """Mark the point whose row was chosen."""
    if rows := st.session_state[TABLE]["selection"]["rows"]:
        mark(int(rows[0]))


def worked_row(settings: OneDimension, step: EStep, X: np.ndarray) -> None:
    """Draw the responsibilities of the marked point with the numbers put in."""
    n = settings.row
    st.markdown(f"**Point {n}**, x = {numeral(X[n - 1, 0], '.6g')}, the row that is marked:")
    with st.container(horizontal=True, gap="medium"):
        for term in formulas.worked_row(step, n):
            st.markdown(f"${term}$", width="content")
    if step.total[n - 1] == 0:
        st.caption(
            "These densities are too small to write down. The engine divides their logarithms instead."
        )


# --- The M-step -------------------------------------------------------------------------------------------------------


def m_step_section(settings: OneDimension, run: Run, state: State, X: np.ndarray) -> None:
    """Draw the M-step that follows the iteration shown: the formulas, then this iteration's numbers in them."""
    st.markdown(f"## M-step after iteration {state.iteration:,}: where do the Gaussians go?")
    with st.container(horizontal=True, gap="medium"):
        for formula in formulas.M_STEP:
            st.markdown(rf"$\displaystyle {formula}$", width="content")
    step, K = m_step_numbers(X, state.mixture), state.mixture.n_components
    held = state.mixture.covariances[:, 0, 0] if settings.fixed == "yes" else None
    blocks = [r" \\[6pt] ".join(formulas.m_step_lines(step, k, len(X), held)) for k in range(K)]
    side_by_side(blocks)
    if state.iteration < run.states[-1].iteration:
        terms.caption(f"With these, iteration {state.iteration + 1:,} begins with its own [[E-step]].")
    else:
        st.caption("EM has stopped here: this is what one more M-step would give.")


def side_by_side(blocks: list[str]) -> None:
    """Draw typeset blocks in boxes of equal width."""
    abreast = min(
        len(blocks), 2 if any(r"\cdot" in block for block in blocks) else 3
    )  # powers of ten are long
    size = r"\small" if abreast < 3 else r"\footnotesize"
    for first in range(0, len(blocks), abreast):
        for block, column in zip(blocks[first:], st.columns(abreast), strict=False):
            with column.container(border=True, height="stretch"):
                st.markdown(rf"${size} \begin{{aligned}} {block} \end{{aligned}}$", width="content")


# --- Where the tutorials err ------------------------------------------------------------------------------------------


def notes(settings: OneDimension, run: Run, state: State, X: np.ndarray) -> None:
    """Draw where the tutorials err: a box each, with this iteration's numbers and a link."""
    st.markdown("## Where the tutorials err")
    left, right = st.columns(2)
    with left:
        box(
            "A variance is not a deviation",
            "The tutorial gives the 60 points variances 5, 3 and 1, and hands these numbers to scipy, whose `scale` is "
            "the [[standard deviation]]. So what its code starts from are the [[variances]] 25, 9 and 1. From there "
            "correct EM ends at a much lower [[hilltop]]: a spike on fewer than two points.",
            "Start from variances 25, 9 and 1",
            AS_DEVIATIONS,
        )
        box("A sum of logarithms, not the logarithm of a sum", words.log_of_a_sum(state, X))
        stop_rule(settings, run)
    with right:
        box(
            "A variance wants to be updated",
            "The same code never updates its variances. Only weights and [[means]] move, the spike cannot form, and "
            "the end is again another one: three clusters, two curves too wide for them and one too narrow.",
            "The same start, variances held fixed",
            replace(AS_DEVIATIONS, fixed="yes"),
        )
        new_mean_first(settings, state, X)


def box(title: str, text: str, label: str = "", settings: OneDimension | None = None) -> None:
    """Draw a note, and a link, with its label, to see it happen."""
    with st.container(border=True):
        terms.markdown(f"**{title}.** {text}")
        if settings is not None:
            layout.link(PAGE, label, settings)


def new_mean_first(settings: OneDimension, state: State, X: np.ndarray) -> None:
    """Draw the note on variances around the old means."""
    title, text = "The new mean comes first", words.old_mean(state, X)
    if settings.it:
        box(title, text, "See it at the start, where the means move most", replace(settings, it=0))
    else:
        box(title, text)


def stop_rule(settings: OneDimension, run: Run) -> None:
    """Draw the note on the two stop rules."""
    other = "parameters" if settings.criterion == "log_likelihood" else "log_likelihood"
    changed = replace(settings, criterion=other, it=0)
    text = words.two_ways_to_stop(settings, run, cache.history_of(changed))
    box("Two ways to stop", text, f"Stop on {words.RULES[other]}", changed)
