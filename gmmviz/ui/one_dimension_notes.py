"""Where the tutorials on mixtures in one dimension err: a box each, with this iteration's numbers and a link."""

from dataclasses import replace

import numpy as np
import streamlit as st

from gmmviz.em import Run, State
from gmmviz.lessons.by_hand import log_of_sum, with_old_means
from gmmviz.lessons.one_dimension import OneDimension
from gmmviz.ui import cache
from gmmviz.ui.words import counted

PAGE = "pages/one-dimension.py"
AS_DEVIATIONS = OneDimension(variances=(25.0, 9.0, 1.0))


def notes(settings: OneDimension, run: Run, state: State, X: np.ndarray) -> None:
    """Draw all notes."""
    st.markdown("##### Where the tutorials err")
    left, right = st.columns(2)
    with left:
        _box(
            "A variance is not a deviation",
            "The tutorial gives the 60 points variances 5, 3 and 1, and hands these numbers to scipy, whose `scale` is "
            "the standard deviation. So what its code starts from are the variances 25, 9 and 1. From there correct EM "
            "ends at a much lower hilltop: a spike on fewer than two points.",
            "Start from variances 25, 9 and 1",
            AS_DEVIATIONS,
        )
        _log_of_a_sum(state, X)
        _stop_rule(settings, run)
    with right:
        _box(
            "A variance wants to be updated",
            "The same code never updates its variances. Only weights and means move, the spike cannot form, and the "
            "end is again another one: three clusters, two curves too wide for them and one too narrow.",
            "The same start, variances held fixed",
            replace(AS_DEVIATIONS, fixed="yes"),
        )
        _old_mean(settings, state, X)


def _box(title: str, text: str, label: str = "", settings: OneDimension | None = None) -> None:
    with st.container(border=True):
        st.markdown(f"**{title}.** {text}")
        if settings is not None:
            st.page_link(PAGE, label=label, icon=":material/arrow_forward:", query_params=settings.to_query())


def _log_of_a_sum(state: State, X: np.ndarray) -> None:
    _box(
        "A sum of logarithms, not the logarithm of a sum",
        r"The log-likelihood is $\sum_n \ln p(x_n)$, since independent points' densities multiply. Some code takes "
        rf"$\ln \sum_n p(x_n)$ instead. At iteration {state.iteration} the first is "
        f"**{state.log_likelihood:,.3f}**, the second {log_of_sum(X, state.mixture):.3f}: it hardly notices points "
        "that the mixture does not expect at all.",
    )


def _old_mean(settings: OneDimension, state: State, X: np.ndarray) -> None:
    found = with_old_means(X, state.mixture)
    wrong, right = (", ".join(f"{v:.4g}" for v in vs) for vs in (found.variances, found.right))
    text = (
        "The variance is taken around the *new* mean. Pseudocode can be read as if it were the old one. After "
        f"iteration {state.iteration} that would give the variances {wrong} instead of {right}: never smaller. "
    )
    if found.log_likelihood is not None and found.right_log_likelihood is not None:
        wrong, right = found.log_likelihood, found.right_log_likelihood
        if f"{wrong:.4f}" == f"{right:.4f}":
            text += "Here the means hardly move any more, so it makes no difference."
        else:
            text += f"The log-likelihood would become {wrong:,.4f}, not **{right:,.4f}**. "
        if wrong > right + 1e-4:
            text += (
                "Here it is even higher, by luck: what the M-step maximises is the *expected* log-likelihood under its "
                f"responsibilities, and there the old mean loses {found.loss:.3g}."
            )
    if settings.it:
        start = replace(settings, it=0)
        _box("The new mean comes first", text, "See it at the start, where the means move most", start)
    else:
        _box("The new mean comes first", text)


def _ended(run: Run) -> str:
    """Say when a stop rule was met, if it was."""
    after = counted(run.states[-1].iteration, "iteration")
    return (
        f"is met after **{after}**"
        if run.converged
        else f"is not met: the run ends after {after} for another reason"
    )


def _stop_rule(settings: OneDimension, run: Run) -> None:
    other = "parameters" if settings.criterion == "log_likelihood" else "log_likelihood"
    changed = replace(settings, criterion=other, it=0)
    ended = {settings.criterion: _ended(run), other: _ended(cache.run_of(changed))}
    rule = {"parameters": "the parameters", "log_likelihood": "the log-likelihood"}
    _box(
        "Two ways to stop",
        "EM may stop when the log-likelihood gains less than the tolerance, or when no parameter moves by more. "
        "Tutorials mix them up, and their counts of iterations with them. Here the rule on the log-likelihood "
        f"{ended['log_likelihood']}, the rule on the parameters {ended['parameters']}.",
        f"Stop on {rule[other]}",
        changed,
    )
