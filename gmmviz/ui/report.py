"""What a page says about a run in numbers and words, above and below its film."""

import numpy as np
import streamlit as st

from gmmviz.datasets import Dataset
from gmmviz.em import Run, State, e_step
from gmmviz.experiment import Experiment
from gmmviz.figures.film import MAX_FRAMES
from gmmviz.figures.labels import labels_figure
from gmmviz.geometry import N_DRAWN, extent
from gmmviz.lessons import beside
from gmmviz.selection import adjusted_rand, bic, n_parameters
from gmmviz.ui import cache, controls
from gmmviz.ui.words import counted, grouped

MANY = 8  # events that are told one by one
NEW_POINT = "Which component would a point here belong to, and how surely? Both fits answer in the table."
SHAPES = (
    "Numbered discs are the means, grey lines their paths; rings stand at 1, 2 and 3 standard deviations, paler "
    "where a component has little weight."
)
LEGEND = {
    "responsibility": f"{SHAPES} A point has the colour of its most probable component, greyer the less sure that is.",
    "component": f"{SHAPES} A point has the colour of its most probable component.",
    "membership": f"{SHAPES} A point's colour says how much it belongs to one component.",
    "truth": f"{SHAPES} A point has the colour of the component that shares most points with its true group.",
}
STOPPED = {
    "converged": "converged",
    "max_iter": "not yet converged",
    "decreased": "stopped before a fall",
    "collapsed": "stopped by a collapse",
}


def summary(dataset: Dataset, run: Run, covariance: str, truth: bool = False, view: bool = False) -> None:
    """Draw the numbers of the result in one line: ARI if the `truth` is revealed, and the controls of the `view`."""
    last = run.states[-1]
    N, D = dataset.X.shape
    gain = last.log_likelihood - run.states[-2].log_likelihood if last.iteration else 0.0
    if abs(gain) < 1e-12 * abs(last.log_likelihood):
        gain = 0.0  # less than its digits can tell
    free = n_parameters(last.mixture.n_components, D, covariance)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _number(
            counted(last.iteration, "iteration"),
            STOPPED[run.stop_reason],
            "How many times EM alternated its two steps, and why it stopped.",
        )
        _number(
            f"Log-likelihood {last.log_likelihood:,.3f}",
            f"({gain:+.1e})",
            "How probable the mixture makes the data: natural log, summed over all points. EM climbs it. In brackets: "
            "what the last iteration gained; EM has converged when that is less than the tolerance for each point.",
        )
        _number(
            f"BIC {bic(last.log_likelihood, free, N):,.1f}",
            "",
            f"Minus twice the log-likelihood, plus a price for each of the mixture's {free} free numbers. Lower is "
            "better: compare it across K and covariance types, on the same data.",
        )
        agreement = st.empty()  # keeps its place, so that the controls after it stay open when it is filled
        if view:
            with st.popover(
                "View", icon=":material/visibility:", help="What the colours mean, and what one frame is."
            ):
                controls.view_controls()
    if truth and dataset.labels is not None:
        predicted = e_step(dataset.X, last.mixture)[0].argmax(axis=1)
        with agreement:
            _number(
                f"ARI {adjusted_rand(dataset.labels, predicted):.3f}",
                "",
                "Adjusted Rand index: how well the most probable components agree with the true labels. 1 is perfect, "
                "0 is chance.",
            )


def _number(number: str, note: str, help: str) -> None:
    st.markdown(f"**{number}**" + (f" :gray[{note}]" if note else ""), help=help, width="content")


def captions(dataset: Dataset, run: Run, frames: str, colour: str = "responsibility") -> None:
    """Say what the film's signs mean, and what it leaves out or shows otherwise than one would think."""
    truth_unknown = colour == "truth" and dataset.labels is None
    said, last = [LEGEND["responsibility" if truth_unknown else colour]], run.states[-1].iteration
    most = MAX_FRAMES // 2 if frames == "steps" else MAX_FRAMES
    if len(dataset.X) > N_DRAWN:
        said.append(
            f"{N_DRAWN} of the {len(dataset.X)} points are drawn, always the same; EM runs on all of them."
        )
    if last >= most:
        said.append(
            f"The film shows {most} of the iterations 0 to {last}: the first ten, the last, and some between. "
            "The curve shows every one."
        )
    if not dataset.equal_axes:
        said.append("The two axes have scales of their own, so a round component looks elliptical here.")
    if truth_unknown:
        said.append("Nobody knows the true labels of these points.")
    st.caption(" ".join(said))


def events(run: Run, where: str = "under *Floor and stop rule*, or a larger tolerance") -> None:
    """List what happened on the way, in the engine's own words. `where`: the place of the stop rule's settings."""
    if run.events:
        lines = [f"- Iteration {iteration}: {message}" for iteration, message in grouped(run.events)]
        if len(lines) > MANY:
            lines[MANY:] = [
                f"- ... and {len(lines) - MANY} more, up to iteration {run.events[-1].iteration}."
            ]
        st.warning("\n".join(lines), icon=":material/report:")
    if run.stop_reason == "max_iter":
        st.info(
            f"EM was stopped after {counted(run.states[-1].iteration, 'iteration')}, before it converged. "
            f"Allow more iterations {where}."
        )


def components(state: State, dataset: Dataset) -> None:
    """Draw the table of the components at one iteration, if it is opened."""
    with st.expander("The components in numbers", key="open_components", on_change="rerun") as opened:
        if not opened.open:
            return
        mixture, (x, y) = state.mixture, dataset.columns
        st.caption(
            f"At iteration {state.iteration}. Play or scrub the film, and the table follows where it stops. "
            "The effective number of points is the sum of a component's responsibilities."
        )
        table = {
            "component": np.arange(mixture.n_components) + 1,
            "weight": mixture.weights,
            "effective number of points": mixture.weights * len(dataset.X),
            f"mean {x}": mixture.means[:, 0],
            f"mean {y}": mixture.means[:, 1],
            f"variance {x}": mixture.covariances[:, 0, 0],
            "covariance": mixture.covariances[:, 0, 1],
            f"variance {y}": mixture.covariances[:, 1, 1],
        }
        short = st.column_config.NumberColumn(format="%.4g")
        st.dataframe(table, hide_index=True, column_config=dict.fromkeys(list(table)[1:], short))


def labels(dataset: Dataset, state: State) -> None:
    """Draw the true labels beside the predicted ones, if that is opened."""
    with st.expander("True labels beside predicted labels", key="open_labels", on_change="rerun") as opened:
        if not opened.open:
            return
        if dataset.labels is None:
            st.caption("Nobody knows the true groups of these points.")
            return
        st.plotly_chart(labels_figure(dataset, state.mixture), config={"displaylogo": False})
        st.caption(
            f"At iteration {state.iteration}. A true group has the colour of the component that it shares most points "
            "with. Labels are names only: what counts is which points stand together."
        )


def beside_scikit_learn(experiment: Experiment, dataset: Dataset, run: Run) -> None:
    """Draw scikit-learn's own result beside the run's, if that is opened; a link may open it."""
    expanded = experiment.sklearn == "open"
    with st.expander("scikit-learn beside it", expanded, key="open_sklearn", on_change="rerun") as opened:
        if not opened.open:
            return
        point = _new_point(dataset)
        theirs = cache.scikit_learn_of(experiment, point)
        ours = beside.gmmviz(dataset.X, run, point)
        agreement = adjusted_rand(theirs.predicted, ours.predicted)
        st.dataframe(
            {
                "": ["scikit-learn, its own settings", "gmmviz, yours"],
                "iterations": [theirs.iterations, ours.iterations],
                "converged": [theirs.converged, ours.converged],
                "log-likelihood": [theirs.log_likelihood, ours.log_likelihood],
                "new point: component": [theirs.at_point.argmax() + 1, ours.at_point.argmax() + 1],
                "how sure": [theirs.at_point.max(), ours.at_point.max()],
            },
            hide_index=True,
            column_config={"how sure": st.column_config.NumberColumn(format="percent")},
        )
        st.caption(
            "scikit-learn with its own settings: it starts from k-means, stops at a gain below 0.001 per point, and "
            f"adds 1e-6 to every variance. The labels agree with an ARI of {agreement:.3f}; the components' numbers "
            "are names and may differ. At the same tolerance and start scikit-learn counts one iteration more: it "
            "compares log-likelihoods one M-step later."
        )


def _new_point(dataset: Dataset) -> tuple[float, float]:
    """Draw the fields of a point to predict: (0.5, 0.5) as in the tutorial, or where the data are if that is far."""
    default = (0.5, 0.5)
    if any(not low <= 0.5 <= high for low, high in extent(dataset.X)):
        default = tuple(round(float(mean), 1) for mean in dataset.X.mean(axis=0))
    columns = st.columns(2)
    labels = (f"Predict a new point: {dataset.columns[0]}", dataset.columns[1])
    return tuple(
        column.number_input(label, value=value, key=f"new_{i}_{dataset.name}", help=NEW_POINT)
        for i, (column, label, value) in enumerate(zip(columns, labels, default, strict=True))
    )
