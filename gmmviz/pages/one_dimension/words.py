"""One dimension, by hand: sentences computed from numbers: what happened, what was typed, where tutorials err."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import numpy as np

from gmmviz.em import Event, Mixture, Run, State, e_step
from gmmviz.em.sentences import counted, listed, named
from gmmviz.figures.scene import MAX_ITERATIONS
from gmmviz.numerals import numeral
from gmmviz.pages.one_dimension.figure import heights
from gmmviz.pages.one_dimension.numbers import log_of_sum, with_old_means
from gmmviz.pages.one_dimension.settings import PUBLISHED, OneDimension
from gmmviz.settings import NumberList

RULES = {"parameters": "the parameters", "log_likelihood": "the log-likelihood"}


# --- What happened, in this page's words ------------------------------------------------------------------------------

HELP = "What helps here: another start, fewer means, or variances held fixed in the M-step."


def own_words(run: Run, X: np.ndarray) -> dict[str, Callable[[Event], str]]:
    """Return words for a run's events on X (N, 1): of variances and points, counted from 1, and of what the page has.

    >>> from gmmviz.em.sentences import sentence
    >>> from gmmviz.pages.one_dimension.settings import OneDimension
    >>> settings = OneDimension("own", points=(3.0, 3.0))
    >>> X = settings.data().X
    >>> run = settings.run(X)
    >>> sentence(run.events[-1], own_words(run, X))
    'All points are equal, so every variance would become 0. Type at least two different points.'
    """
    return {
        "identical": _identical,
        "degenerate": _degenerate,
        "decreased": _decreased,
        "collapsed": partial(_collapsed, run=run, X=X),
    }


def _identical(event: Event) -> str:
    return (
        f"{named(event.components)} begin with the same mean and variance. Nothing tells them apart, so they stay the "
        "same: give one of them another mean, or take it off the list."
    )


def _degenerate(event: Event) -> str:
    rests = "rest" if len(event.components) > 1 else "rests"
    return f"{named(event.components)} {rests} on fewer than 2 points, which say little about a mean and a variance."


def _decreased(event: Event) -> str:
    return (
        "The log-likelihood fell, by rounding: without that EM never does this. The iteration before is kept."
    )


def _collapsed(event: Event, run: Run, X: np.ndarray) -> str:
    if np.ptp(X) == 0:
        return "All points are equal, so every variance would become 0. Type at least two different points."
    (k,) = event.components
    return f"{named(event.components)} collapsed: its variance would become 0. {_where(k, run, X)} {HELP}"


def _where(k: int, run: Run, X: np.ndarray) -> str:
    """Return on which points component k collapsed."""
    x, shares = X[:, 0], e_step(X, run.states[-1].mixture)[0][:, k]
    rows = np.flatnonzero(x == x[shares.argmax()])
    if shares[rows].sum() < 0.99 * shares.sum():
        return "It has shrunk onto points that are almost equal, where the likelihood grows without bound."
    names = [str(n + 1) for n in rows]
    if len(names) == 1:
        who = f"a single point, point {names[0]}"
    else:
        some = names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} more"]
        who = f"equal points, {', '.join(some[:-1])} and {some[-1]}"
    return f"It has shrunk onto {who} (x = {numeral(x[rows[0]], 'g')}), where the likelihood grows without bound."


# --- What was typed ---------------------------------------------------------------------------------------------------


def no_list(row: NumberList) -> str:
    """Return what to say of a text that is no list of enough numbers."""
    least, _ = row.count
    fewest = f"at least {least} " * (least > 0)
    return f"That was no list of {fewest}numbers, with spaces or commas between, so nothing was changed."


def decimal_commas(text: str) -> str:
    """Return the numbers as they were meant, if every one of several looks like 1,5; else an empty text.

    >>> decimal_commas("1,5 -2,5  3,25"), decimal_commas("1,5"), decimal_commas("1,5 2")
    ('1.5 -2.5 3.25', '', '')
    """
    parts = re.split(r"[\s;]+", text.strip(" \t\r\n;"))
    meant = len(parts) > 1 and all(re.fullmatch(r"[+-]?\d+,\d+", part) for part in parts)
    return " ".join(parts).replace(",", ".") if meant else ""


# --- The film ---------------------------------------------------------------------------------------------------------


def about_the_film(run: Run) -> str:
    """Return what the film shows, and what it leaves out."""
    top, highest = heights(run)
    said = [
        "Coloured curves: each [[component]]'s [[weight]] times its [[Gaussian]]. Dotted: their sum, the [[density]] "
        "of the [[mixture]]. "
        "Click a point, or a row of the table below, to mark it."
    ]
    if highest > top:
        top, highest = (numeral(height, ".3g") for height in (top, highest))
        said.append(f"The picture ends at {top}: a spike, up to {highest} high, is cut off.")
    if run.states[-1].iteration >= MAX_ITERATIONS:
        said.append(
            f"The film shows {MAX_ITERATIONS} of the iterations; the curve of the log-likelihood shows every one."
        )
    return " ".join(said)


def published(X: np.ndarray) -> str:
    """Return what the book prints for Hastie's points X (N, 1), and how likely that makes them."""
    (w1, w2), (m1, m2), (v1, v2) = PUBLISHED.weights, PUBLISHED.means[:, 0], PUBLISHED.covariances[:, 0, 0]
    return (
        f"Published in the book: weights {w1:g} and {w2:g}, means {m1:g} and {m2:g}, variances {v1:g} and {v2:g}. At "
        f"these the log-likelihood of the printed points is {numeral(e_step(X, PUBLISHED)[1], '.4f')}, a little below "
        "the maximum."
    )


# --- The E-step -------------------------------------------------------------------------------------------------------


def without_weights(mixture: Mixture) -> str:
    """Return what leaving out the weights does to this mixture's responsibilities."""
    if np.ptp(mixture.weights) < 1e-9:
        return "Both agree as long as the weights are equal, as they are here."
    weights = listed(numeral(weight, ".3g") for weight in mixture.weights)
    return (
        f"Both agree as long as the weights are equal, but here they are {weights}: a small component claims as much "
        "as a large one, and the M-step below, which is EM's, does not follow from this table."
    )


def about_the_table(weighted: bool) -> str:
    """Return what the E-step's table adds up to."""
    variance = (
        "In one dimension the code's `covariances[k]` is a single number, the variance: here `variances[k]`."
    )
    if not weighted:
        return f"Each row's sum is 1 here too. {variance}"
    return (
        "[[EM]] uses these [[responsibilities]], and they colour the points. Each row's sum is 1; a column's sum is "
        f"that component's N_k in the [[M-step]] below. {variance}"
    )


# --- Where the tutorials err ------------------------------------------------------------------------------------------


def log_of_a_sum(state: State, X: np.ndarray) -> str:
    """Return what the logarithm of the densities' sum comes to at the iteration shown."""
    first, second = (numeral(L, ".3f") for L in (state.log_likelihood, log_of_sum(X, state.mixture)))
    return (
        r"The log-likelihood is $\sum_n \ln p(x_n)$, since independent points' densities multiply. Some code takes "
        rf"$\ln \sum_n p(x_n)$ instead. At iteration {state.iteration:,} the first is **{first}**, the second "
        f"{second}: it hardly notices points that the mixture does not expect at all."
    )


def old_mean(state: State, X: np.ndarray) -> str:
    """Return what the iteration shown would lead to if the variances were taken around the old means."""
    found = with_old_means(X, state.mixture)
    wrong, right = (", ".join(numeral(v, ".4g") for v in vs) for vs in (found.variances, found.right))
    text = (
        "The variance is taken around the *new* mean. Pseudocode can be read as if it were the old one. After "
        f"iteration {state.iteration:,} that would give the variances {wrong} instead of {right}: never smaller. "
    )
    if found.log_likelihood is None or found.right_log_likelihood is None:
        return text
    wrong, right = (numeral(L, ".4f") for L in (found.log_likelihood, found.right_log_likelihood))
    if wrong == right:
        text += "Here the means hardly move any more, so it makes no difference."
    else:
        text += f"The log-likelihood would become {wrong}, not **{right}**. "
    if found.log_likelihood > found.right_log_likelihood + 1e-4:
        text += (
            "Here it is even higher, by luck: what the M-step maximises is the *expected* log-likelihood under its "
            f"responsibilities, and there the old mean loses {numeral(found.loss, '.3g')}."
        )
    return text


def two_ways_to_stop(settings: OneDimension, run: Run, other: Run) -> str:
    """Return where either stop rule ends; `other`: the run that stops by the rule which the settings do not name."""
    ended = {criterion: _ended(other) for criterion in RULES} | {settings.criterion: _ended(run)}
    return (
        "EM may stop when the log-likelihood gains less than the [[tolerance]], or when no [[parameter]] moves by "
        "more. Tutorials mix them up, and their counts of iterations with them. Here the rule on the log-likelihood "
        f"{ended['log_likelihood']}, the rule on the parameters {ended['parameters']}."
    )


def _ended(run: Run) -> str:
    """Say when a stop rule was met, if it was."""
    after = counted(run.states[-1].iteration, "iteration")
    return (
        f"is met after **{after}**"
        if run.converged
        else f"is not met: the run ends after {after} for another reason"
    )
