"""What the page "One dimension, by hand" draws: its controls, the film's words, the two steps as table and formulas."""

from dataclasses import replace

import numpy as np
import streamlit as st

from gmmviz.em import Mixture, Run, State, e_step
from gmmviz.figures.line import heights, line_film
from gmmviz.lessons.by_hand import (
    EStep,
    MStep,
    e_step_table,
    m_step_numbers,
)
from gmmviz.lessons.one_dimension import (
    EXAMPLES,
    LISTS,
    PUBLISHED,
    OneDimension,
    decimal_commas,
)
from gmmviz.theme import PALETTE
from gmmviz.ui import cache, controls, report, session
from gmmviz.ui.words import counted, listed

TABLE = "e_step_table"  # the key of the table's widget
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


# --- Controls -------------------------------------------------------------------------------------------------------


def sidebar() -> None:
    """Draw what decides the points, the start and the run."""
    controls.control("example", on_change=_own_start)
    example = st.session_state.example
    st.caption(EXAMPLES[example].description)
    if example == "own":
        _numbers("points", st.text_area, height=100)
    for name in ("means", "variances", "weights"):
        _numbers(name, st.text_input)
    controls.control("fixed")
    with st.expander("Stop rule"):
        for name in ("tol", "max_iter", "criterion"):
            controls.control(name)


def _numbers(name: str, field, **options) -> None:
    """Draw a field for a list of numbers, and under it what had to be changed in it."""
    row = session.table()[name]
    field(row.label, key=name, help=row.help, on_change=_typed, args=(name,), **options)
    for notice in st.session_state.get("_slips", {}).get(name, []):
        st.caption(f":orange[{notice}]")


def _kept() -> OneDimension:
    return OneDimension(**st.session_state._kept)


def _typed(name: str) -> None:
    """Take over the numbers typed, the nearest valid ones, or those from before; other lists follow in length."""
    state = st.session_state
    text, row = state[name], session.table()[name]
    settings, notices = OneDimension.from_query({name: text}, _kept())
    if (read := row.read(text)) is None:
        fewest = f"at least {row.count[0]} " * (row.count[0] > 0)
        notices = [
            f"That was no list of {fewest}numbers, with spaces or commas between, so nothing was changed."
        ]
    elif meant := decimal_commas(text):
        notices.insert(0, f"Read as {len(read)} numbers; use a point for decimals: {meant[:100]}")
    state._slips = {name: notices}
    _show_lists(settings)


def _own_start() -> None:
    """Another example begins with its own start, and with its first point marked."""
    settings = replace(_kept(), example=st.session_state.example, means=(), variances=(), weights=(), row=1)
    st.session_state._slips, st.session_state.row = {}, 1
    _show_lists(settings)


def _show_lists(settings: OneDimension) -> None:
    shown = settings.shown()
    st.session_state.update({name: shown[name] for name in LISTS})
    st.session_state.row = min(st.session_state.row, settings.n)


# --- The film -------------------------------------------------------------------------------------------------------


def film_of(settings: OneDimension, at: int) -> dict:
    """Return the film with the chosen point marked; iteration `at` is among the frames."""
    part = replace(settings.only("data", "run"), row=settings.row)
    return _film(repr(part), at, part)


@st.cache_resource(max_entries=32, show_spinner=False)
def _film(key, at, _settings):
    X = cache.dataset_of(_settings).X
    return line_film(X, cache.run_of(_settings), _settings.row - 1, at)


def point_clicked() -> None:
    """Mark the row of the point that was clicked in the picture."""
    if (number := st.session_state.film.point) is not None:
        st.session_state.row = int(number) + 1


def summary(run: Run) -> None:
    """Draw the run's result in one line."""
    last = run.states[-1]
    gain = last.log_likelihood - run.states[-2].log_likelihood if last.iteration else 0.0
    st.markdown(
        f"**{counted(last.iteration, 'iteration')}** :gray[{report.STOPPED[run.stop_reason]}] &emsp; "
        f"**Log-likelihood {last.log_likelihood:,.3f}** :gray[({gain:+.1e})]",
        help="How many times EM alternated its two steps, and why it stopped. How probable the mixture makes the data: "
        "natural log, summed over all points. In brackets: what the last iteration gained.",
    )


def captions(settings: OneDimension, run: Run) -> None:
    """Say what the film shows, and what it leaves out."""
    top, highest = heights(run)
    said = [
        "Coloured curves: each component's weight times its Gaussian. Dotted: their sum, the density of the mixture. "
        "Click a point, or a row of the table below, to mark it."
    ]
    if highest > top:
        said.append(f"The picture ends at {top:.3g}: a spike, up to {highest:.3g} high, is cut off.")
    if run.states[-1].iteration >= 100:
        said.append("The film shows 100 of the iterations; the curve of the log-likelihood shows every one.")
    st.caption(" ".join(said))
    if settings.example == "hastie":
        _published(cache.dataset_of(settings).X)


def why_it_collapsed(run: Run) -> None:
    """Draw a link to the page on collapse, if the run ended in one."""
    if run.stop_reason == "collapsed":
        st.page_link(
            "pages/collapse.py", label="Why a variance collapses, and what helps", icon=":material/compress:"
        )


def _published(X: np.ndarray) -> None:
    (w1, w2), (m1, m2), (v1, v2) = PUBLISHED.weights, PUBLISHED.means[:, 0], PUBLISHED.covariances[:, 0, 0]
    reached = e_step(X, PUBLISHED)[1]
    st.caption(
        f"Published in the book: weights {w1:g} and {w2:g}, means {m1:g} and {m2:g}, variances {v1:g} and {v2:g}. At "
        f"these the log-likelihood of the printed points is {reached:.4f}, a little below the maximum."
    )


# --- The mixture shown ------------------------------------------------------------------------------------------------


def components(state: State, X: np.ndarray) -> None:
    """Draw the components at the iteration shown."""
    mixture = state.mixture
    variances = mixture.covariances[:, 0, 0]
    st.markdown(f"##### Iteration {state.iteration}: log-likelihood {state.log_likelihood:,.4f}")
    table = {
        "component": np.arange(mixture.n_components) + 1,
        "weight": mixture.weights,
        "mean": mixture.means[:, 0],
        "variance": variances,
        "deviation": np.sqrt(variances),
        "weight × N": mixture.weights * len(X),
    }
    number = st.column_config.NumberColumn(format="%.6g")
    config = {name: number for name in table if name != "component"}
    st.dataframe(table, hide_index=True, column_config=config, key="components")


# --- The E-step -------------------------------------------------------------------------------------------------------


def e_step_section(settings: OneDimension, state: State, X: np.ndarray) -> None:
    """Draw the E-step at the iteration shown: the table, and the marked row worked out."""
    weighted = settings.estep == "weighted"
    step = e_step_table(X, state.mixture, weighted)
    st.markdown(f"##### E-step at iteration {state.iteration}: whose point is it?")
    row = session.table()["estep"]
    st.radio(
        row.label, list(row.choices), format_func=row.choices.get, key="estep", help=row.help, horizontal=True
    )
    if not weighted:
        st.markdown(f"**What some tutorials compute; EM does not.** {_without_weights(state.mixture)}")
    density = r"\mathcal{N}(x_n \mid \texttt{means}_k, \texttt{variances}_k)"
    term = r"\texttt{weights}_k \, " * weighted + density
    st.markdown(
        "`responsibilities[n, k]`, the share of point n that belongs to component k"
        + (":" if weighted else ", with the weights left out:")
    )
    st.latex(rf"r_{{nk}} = \frac{{{term}}}{{\sum_j {term.replace('_k', '_j')}}}")
    _table(settings, step, X, weighted)
    _worked_row(settings, step, X)
    variance = (
        "In one dimension the code's `covariances[k]` is a single number, the variance: here `variances[k]`."
    )
    if weighted:
        st.caption(
            "EM uses these responsibilities, and they colour the points. Each row's sum is 1; a column's sum is that "
            f"component's N_k in the M-step below. {variance}"
        )
    else:
        st.caption(f"Each row's sum is 1 here too. {variance}")


def _without_weights(mixture: Mixture) -> str:
    """Return what leaving out the weights does to this mixture's responsibilities."""
    if np.ptp(mixture.weights) < 1e-9:
        return "Both agree as long as the weights are equal, as they are here."
    weights = listed(f"{weight:.3g}" for weight in mixture.weights)
    return (
        f"Both agree as long as the weights are equal, but here they are {weights}: a small component claims as much "
        "as a large one, and the M-step below, which is EM's, does not follow from this table."
    )


def _table(settings: OneDimension, step: EStep, X: np.ndarray, weighted: bool) -> None:
    K = step.densities.shape[1]
    numbers = [str(k + 1).translate(SUBSCRIPTS) for k in range(K)]
    term = "w{0} N{0}(x)" if weighted else "N{0}(x)"
    columns = {"point": np.arange(len(X)) + 1, "x": X[:, 0]}
    columns |= {term.format(numbers[k]): step.densities[:, k] for k in range(K)} | {"sum": step.total}
    columns |= {f"r{numbers[k]}": step.responsibilities[:, k] for k in range(K)}
    columns |= {"sum of r": step.responsibilities.sum(axis=1)}
    config = {name: st.column_config.NumberColumn(format="%.5g", width=80) for name in columns}
    config["point"] = st.column_config.NumberColumn(format="%d", width=50)
    chosen = [settings.row - 1]
    if TABLE not in st.session_state or st.session_state[TABLE]["selection"]["rows"] != chosen:
        st.session_state[TABLE] = {"selection": {"rows": chosen, "columns": [], "cells": []}}
    st.dataframe(
        columns,
        hide_index=True,
        height=300,
        column_config=config,
        key=TABLE,
        on_select=_row_chosen,
        selection_mode="single-row-required",
        alt="The E-step: a row for each point",
    )


def _row_chosen() -> None:
    if rows := st.session_state[TABLE]["selection"]["rows"]:
        st.session_state.row = int(rows[0]) + 1


def _worked_row(settings: OneDimension, step: EStep, X: np.ndarray) -> None:
    n = settings.row
    densities, total, shares = (part[n - 1] for part in step)
    st.markdown(f"**Point {n}**, x = {X[n - 1, 0]:.6g}, the row that is marked:")
    with st.container(horizontal=True, gap="medium"):
        for k, (density, share) in enumerate(zip(densities, shares, strict=True)):
            fraction = rf"\frac{{{_tex(density)}}}{{{_tex(total)}}}"
            st.markdown(
                f"${_coloured(k, f'r_{{{n},{k + 1}}}')} = {fraction} = {_tex(share)}$", width="content"
            )
        st.markdown(f"$\\text{{sum}} = {_tex(shares.sum())}$", width="content")
    if total == 0:
        st.caption(
            "These densities are too small to write down. The engine divides their logarithms instead."
        )


# --- The M-step -------------------------------------------------------------------------------------------------------

FORMULAS = (
    r"N_k = \sum_n r_{nk}",
    r"\texttt{weights}_k = \frac{N_k}{N}",
    r"\texttt{means}_k = \frac{1}{N_k} \sum_n r_{nk} \, x_n",
    r"\texttt{variances}_k = \frac{1}{N_k} \sum_n r_{nk} \, (x_n - \texttt{means}_k)^2",
)


def m_step_section(settings: OneDimension, run: Run, state: State, X: np.ndarray) -> None:
    """Draw the M-step that follows the iteration shown: the formulas, then this iteration's numbers in them."""
    st.markdown(f"##### M-step after iteration {state.iteration}: where do the Gaussians go?")
    with st.container(horizontal=True, gap="medium"):
        for formula in FORMULAS:
            st.markdown(rf"$\displaystyle {formula}$", width="content")
    step, K = m_step_numbers(X, state.mixture), state.mixture.n_components
    held = state.mixture.covariances[:, 0, 0] if settings.fixed == "yes" else None
    blocks = [r" \\[6pt] ".join(_put_in(step, k, len(X), held)) for k in range(K)]
    abreast = min(K, 2 if any(r"\cdot" in block for block in blocks) else 3)  # powers of ten are long
    size = r"\small" if abreast < 3 else r"\footnotesize"
    for first in range(0, K, abreast):
        for block, column in zip(blocks[first:], st.columns(abreast), strict=False):
            with column.container(border=True, height="stretch"):
                st.markdown(rf"${size} \begin{{aligned}} {block} \end{{aligned}}$", width="content")
    if state.iteration < run.states[-1].iteration:
        st.caption(f"With these, iteration {state.iteration + 1} begins with its own E-step.")
    else:
        st.caption("EM has stopped here: this is what one more M-step would give.")


def _put_in(step: MStep, k: int, N: int, held: np.ndarray | None) -> list[str]:
    """Return the formulas' lines for component k, with the numbers put in."""
    number = f"_{{{k + 1}}}"
    N_k = _tex(step.N_k[k])
    lines = [
        f"{_coloured(k, 'N' + number)} &= {N_k}",
        rf"\texttt{{weights}}{number} &= \tfrac{{{N_k}}}{{{N}}} = {_tex(step.weights[k])}",
    ]
    if step.N_k[k] == 0:
        return [*lines, r"&\text{no points: it stays where it is}"]
    lines += [
        rf"\texttt{{means}}{number} &= \tfrac{{{_tex(step.sum_x[k])}}}{{{N_k}}} = {_tex(step.means[k])}",
        rf"\texttt{{variances}}{number} &= \tfrac{{{_tex(step.sum_squares[k])}}}{{{N_k}}} "
        f"= {_tex(step.variances[k])}",
    ]
    return lines if held is None else [*lines, rf"&\text{{but held at }} {_tex(held[k])}"]


def _coloured(k: int, tex: str) -> str:
    return rf"\textcolor{{{PALETTE[k]}}}{{\mathbf{{{tex}}}}}"


def _tex(value: float) -> str:
    """Return a number as typeset text, with five digits."""
    mantissa, _, power = f"{value:.5g}".partition("e")
    return rf"{mantissa} \cdot 10^{{{int(power)}}}" if power else mantissa
