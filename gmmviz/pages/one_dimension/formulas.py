"""One dimension, by hand: the two steps' formulas, and one iteration's numbers in them, as typeset text."""

from __future__ import annotations

from functools import partial

import numpy as np

from gmmviz.numerals import typeset
from gmmviz.pages.one_dimension.numbers import EStep, MStep
from gmmviz.theme import PALETTE

M_STEP = (
    r"N_k = \sum_n r_{nk}",
    r"\texttt{weights}_k = \frac{N_k}{N}",
    r"\texttt{means}_k = \frac{1}{N_k} \sum_n r_{nk} \, x_n",
    r"\texttt{variances}_k = \frac{1}{N_k} \sum_n r_{nk} \, (x_n - \texttt{means}_k)^2",
)

_number = partial(typeset, spec=".5g")


def responsibility(weighted: bool) -> str:
    """Return the formula of a responsibility, with or without the weights."""
    density = r"\mathcal{N}(x_n \mid \texttt{means}_k, \texttt{variances}_k)"
    term = r"\texttt{weights}_k \, " * weighted + density
    return rf"r_{{nk}} = \frac{{{term}}}{{\sum_j {term.replace('_k', '_j')}}}"


def worked_row(step: EStep, n: int) -> list[str]:
    """Return the responsibilities of point n, from 1, with the numbers put in, and their sum."""
    densities, total, shares = (part[n - 1] for part in step)
    terms = [
        rf"{_coloured(k, f'r_{{{n},{k + 1}}}')} = \frac{{{_number(density)}}}{{{_number(total)}}} = {_number(share)}"
        for k, (density, share) in enumerate(zip(densities, shares, strict=True))
    ]
    return [*terms, rf"\text{{sum}} = {_number(shares.sum())}"]


def m_step_lines(step: MStep, k: int, N: int, held: np.ndarray | None) -> list[str]:
    """Return the M-step's lines for component k of N points, with the numbers put in.

    held: the variances (K,), if they are not updated.
    """
    index = f"_{{{k + 1}}}"
    N_k = _number(step.N_k[k])
    lines = [
        f"{_coloured(k, 'N' + index)} &= {N_k}",
        rf"\texttt{{weights}}{index} &= \tfrac{{{N_k}}}{{{N}}} = {_number(step.weights[k])}",
    ]
    if step.N_k[k] == 0:
        return [*lines, r"&\text{no points: it stays where it is}"]
    lines += [
        rf"\texttt{{means}}{index} &= \tfrac{{{_number(step.sum_x[k])}}}{{{N_k}}} = {_number(step.means[k])}",
        rf"\texttt{{variances}}{index} &= \tfrac{{{_number(step.sum_squares[k])}}}{{{N_k}}} "
        f"= {_number(step.variances[k])}",
    ]
    return lines if held is None else [*lines, rf"&\text{{but held at }} {_number(held[k])}"]


def _coloured(k: int, tex: str) -> str:
    return rf"\textcolor{{{PALETTE[k]}}}{{\mathbf{{{tex}}}}}"
