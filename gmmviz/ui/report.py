"""What a page says about a run in numbers and words, above and below its film."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from gmmviz.criteria import bic, n_parameters
from gmmviz.datasets import Dataset
from gmmviz.em import Event, Run, State
from gmmviz.em.sentences import counted, sentence, when
from gmmviz.figures.scene import most_iterations
from gmmviz.glossary import says
from gmmviz.numerals import numeral, readable
from gmmviz.plain import in_markdown
from gmmviz.projection import Outlook
from gmmviz.ui import session, terms

MANY = 8  # events that are told one by one
SHAPES = (
    "In an [[E-step]] of [[EM]] the points take their colours, in an [[M-step]] the [[Gaussians]] move. "
    "Numbered discs are the [[means]], grey lines their paths; what is filled reaches to 1 [[standard deviation]], the "
    "line stands at 2, the faint one at 3, all paler where a [[component]] has little [[weight]]."
)
LEGEND = {
    "responsibility": f"{SHAPES} A point has the colour of its [[most probable component]], greyer the less sure that "
    "is.",
    "component": f"{SHAPES} A point has the colour of its [[most probable component]].",
    "membership": f"{SHAPES} A point's colour says how much it belongs to one component: its [[responsibility]].",
    "truth": f"{SHAPES} A point has the colour of the component that shares most points with its [[true group]].",
}
STOPPED = {
    "converged": "converged",
    "max_iter": "not yet converged",
    "decreased": "stopped before a fall",
    "collapsed": "stopped by a collapse",
}


def summary(dataset: Dataset, run: Run, covariance: str, under_way: bool = False) -> DeltaGenerator:
    """Draw the numbers of the run's end in one line, and return that line: a page may add to it.

    `under_way`: whether the run goes on, and its end is not known yet.
    """
    last = run.states[-1]
    N, D = dataset.X.shape
    free = n_parameters(last.mixture.n_components, D, covariance)
    line = st.container(horizontal=True, vertical_alignment="center", gap="small")
    if session.hides("summary"):
        return line
    with line:
        st.markdown("So far:" if under_way else "At the end:", width="content")
        iterations(run)
        log_likelihood(last.log_likelihood, gained(run))
        number(
            f"[[BIC {numeral(bic(last.log_likelihood, free, N), '.1f')}|BIC|This mixture has {free} parameters. "
            "Compare it across K and covariance types.]]"
        )
    return line


def gained(run: Run) -> float:
    """Return what a run's last iteration gained; 0 if that is less than the log-likelihood's digits can tell."""
    last = run.states[-1]
    gain = last.log_likelihood - run.states[-2].log_likelihood if last.iteration else 0.0
    return 0.0 if abs(gain) < 1e-12 * abs(last.log_likelihood) else gain


def stands_still(run: Run) -> bool:
    """Return whether a run was stopped, by the most iterations allowed, where it gained nothing more."""
    return run.stop_reason == "max_iter" and run.states[-1].iteration > 0 and gained(run) == 0


def iterations(run: Run) -> None:
    """Draw how many iterations a run took, and why it stopped."""
    taken = counted(run.states[-1].iteration, "iteration")
    note = "the most allowed" if stands_still(run) else STOPPED[run.stop_reason]
    number(f"[[{taken}|iteration|{says('converged')}]]", note=note)


def log_likelihood(reached: float, gain: float) -> None:
    """Draw the log-likelihood that a run reached, and what its last iteration gained."""
    more = "In brackets: what the last iteration gained."
    number(
        f"[[Log-likelihood {numeral(reached, '.3f')}|log-likelihood|{more}]]",
        note=f"(last\u00a0step\u00a0{numeral(gain, '+.2g')})",
    )


def number(named: str, *, note: str = "") -> None:
    """Draw a number with its name, which marks a term, and a note in grey."""
    terms.markdown(f"**{named}**" + (f" :gray[{note}]" if note else ""), width="content")


def captions(dataset: Dataset, run: Run, colour: str = "responsibility", seen: Outlook | None = None) -> None:
    """Say what the film's signs mean, and what it leaves out or shows otherwise than one would think.

    seen: how the points are shown, where that is not just as they are.
    """
    truth_unknown = colour == "truth" and dataset.labels is None
    said, last = [LEGEND["responsibility" if truth_unknown else colour]], run.states[-1].iteration
    most = most_iterations(run.states[-1].mixture)
    if last >= most:
        said.append(
            f"The film shows {most} of the iterations 0 to {last:,}: the first ten, the last, and some "
            "between. The curve shows every one."
        )
    if seen is not None:
        said += about_the_outlook(seen)
    if not (seen.dataset if seen else dataset).equal_axes:
        said.append("The two axes have scales of their own, so a round component looks elliptical here.")
    if truth_unknown:
        said.append("Nobody knows the [[true labels]] of these points.")
    terms.caption(" ".join(said))


def about_the_outlook(seen: Outlook) -> list[str]:
    """Return what to say of points that are seen from one side, and of those that are not drawn."""
    N, D = seen.dataset.X.shape
    x, y = map(in_markdown, seen.dataset.columns[:2])
    said = []
    if D > 2:
        said.append(
            f"The mixture is fitted in {D} columns at once, and seen here in two directions of them: {x} across, {y} "
            "up. Ellipses are the Gaussians as they look from there; colours follow all columns, so points that seem "
            "to lie together may belong apart."
        )
    if seen.n_points > N:
        said.append(
            f"Drawn, and counted in the film's sentences, are a random {numeral(N)} of the {numeral(seen.n_points)} "
            "points; EM fits all of them."
        )
    return said


def events(
    run: Run,
    where: str = "under *Floor and stop rule*, or a larger tolerance",
    own_words: Mapping[str, Callable[[Event], str]] | None = None,
    features: Sequence[str] = (),
) -> None:
    """List what happened on the way.

    Parameters
    ----------
    run : Run
    where : str
        The place of the stop rule's settings.
    own_words : mapping of str to callable, optional
        Better words for some kinds of events, see `gmmviz.em.sentences.sentence`.
    features : sequence of str
        The names of the data's features.
    """
    last, features = run.states[-1].iteration, list(map(in_markdown, features))
    if run.events:
        lines = [
            f"- {when(event.iteration, last)}: {readable(sentence(event, own_words, features))}"
            for event in run.events
        ]
        if len(lines) > MANY:
            lines[MANY:] = [
                f"- ... and {len(lines) - MANY} more, up to iteration {min(run.events[-1].iteration, last):,}."
            ]
        st.warning("\n".join(lines), icon=":material/report:")
    if stands_still(run):
        st.info(
            f"EM was stopped after {counted(last, 'iteration')}, the most allowed. The last one gained nothing that "
            f"its digits can tell, so more would not help.{_tolerant()}"
        )
    elif run.stop_reason == "max_iter":
        st.info(
            f"EM was stopped after {counted(last, 'iteration')}, before it converged. {advice(last, where)}"
        )


def advice(iterations: int, where: str) -> str:
    """Return what to do about a run that has not converged: more iterations, unless these are the most there can be."""
    if iterations < session.table()["max_iter"].high:
        return f"Allow more iterations {where}."
    return f"More cannot be asked for here.{_tolerant()}"


def _tolerant() -> str:
    """Return the advice to choose a larger tolerance, on a page that has one."""
    return " A larger tolerance would let it stop earlier." if "tol" in session.table() else ""


def components(state: State, dataset: Dataset) -> None:
    """Draw the table of the components at one iteration, if it is opened."""
    if session.hides("tables"):
        return
    with st.expander("The components in numbers", key="open_components", on_change="rerun") as opened:
        if not opened.open:
            return
        mixture, names = state.mixture, dataset.columns
        terms.caption(
            f"At iteration {state.iteration:,}. Play or scrub the film, and the table follows where it stops. "
            "The [[effective number of points]] is the sum of a component's [[responsibilities]]."
        )
        columns = {
            "component": np.arange(mixture.n_components) + 1,
            "weight": mixture.weights,
            "effective number of points": mixture.weights * len(dataset.X),
            **{f"mean {name}": mixture.means[:, i] for i, name in enumerate(names)},
            **_covariances(mixture.covariances, names),
        }
        table(columns, partial(numeral, spec=".4g"))


def _covariances(covariances: np.ndarray, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the columns of covariances (K, D, D): of many features the variances alone."""
    found = {f"variance {name}": covariances[:, i, i] for i, name in enumerate(names)}
    if len(names) != 2:
        return found
    (x, across), (y, up) = found.items()
    return {x: across, "covariance": covariances[:, 0, 1], y: up}


def table(
    columns: Mapping,
    write: Callable[[float], str],
    own: Mapping[str, Callable] | None = None,
    **options,
) -> None:
    """Draw a table whose numbers look as everywhere else, and are sorted as numbers.

    Parameters
    ----------
    columns : mapping of str to sequence
        Each column's values, by its name.
    write : callable
        How a number that is not whole is written, such as `partial(numeral, spec=".3f")`.
    own : mapping of str to callable, optional
        How the values of some columns are written instead.
    **options
        For `st.dataframe`. A number format of a column's own would hide what is written here.
    """
    import pandas as pd  # here, as it takes long to load

    frame = pd.DataFrame(columns)
    kinds = {name: values.dtype.kind for name, values in frame.items()}
    ways = {"f": write, "i": numeral}
    ways_of = {name: ways[kind] for name, kind in kinds.items() if kind in ways} | dict(own or {})
    st.dataframe(frame.style.format(ways_of), hide_index=True, **options)
