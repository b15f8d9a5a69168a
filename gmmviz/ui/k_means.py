"""What the page on k-means and mixtures says, above and below its film."""

from dataclasses import replace

import numpy as np
import streamlit as st

from gmmviz.datasets import Dataset
from gmmviz.em import e_step
from gmmviz.figures.bridge import agreement_figure, assignments_figure
from gmmviz.figures.duel import N_SHOWN
from gmmviz.figures.film import MAX_FRAMES
from gmmviz.lessons.k_means import SHARES, Both, Bridge, Duel, predict, where_weights_matter
from gmmviz.selection import adjusted_rand
from gmmviz.ui import lesson, session
from gmmviz.ui.report import STOPPED
from gmmviz.ui.words import counted, grouped

PAGE = "pages/k-means.py"
STILL = {"displaylogo": False}
ARI = (
    " ARI, shown with the truth: the adjusted Rand index, how well the groups found agree with the true ones. 1 is "
    "perfect, 0 is chance."
)


# --- The film --------------------------------------------------------------------------------------------------------


def opening(settings: Duel) -> None:
    """Draw the page's title and question, and beside them the switch that reveals the truth."""
    left, right = st.columns([5, 2], vertical_alignment="bottom")
    with left:
        lesson.opening(
            "K-means and mixture",
            "Must every point belong to *one* group? Same points, same first means, two methods: who is right?",
        )
    setting = session.table()["colour"]
    right.segmented_control(
        setting.label,
        list(setting.choices),
        format_func=setting.choices.get,
        key="colour",
        help=setting.help,
        required=True,
    )


def numbers(settings: Duel, dataset: Dataset, both: Both) -> None:
    """Draw each side's numbers over its plane."""
    hard, soft = both.kmeans.states[-1], both.em.states[-1]
    predicted = e_step(dataset.X, soft.mixture)[0].argmax(axis=1)
    left, right = st.columns(2)
    left.markdown(
        f"**K-means: {counted(hard.iteration, 'iteration')}**{_ending(both.kmeans.stop_reason)}"
        f" · inertia **{hard.inertia:,.2f}**" + _ari(settings, dataset, hard.labels),
        help="One iteration moves every centre to the mean of its points; it ends when no point changes its cluster. "
        "The inertia, which falls, is the sum of the points' squared distances to their centres." + ARI,
    )
    right.markdown(
        f"**EM: {counted(soft.iteration, 'iteration')}**{_ending(both.em.stop_reason)}"
        f" · log-likelihood **{soft.log_likelihood:,.2f}**" + _ari(settings, dataset, predicted),
        help="One iteration is an E-step and an M-step. The log-likelihood, which rises, says how probable the mixture "
        "makes the data: natural log, summed over all points." + ARI,
    )


def _ending(stop_reason: str) -> str:
    """Return why a run stopped, where that is not what one expects."""
    return "" if stop_reason == "converged" else f" :orange[{STOPPED[stop_reason]}]"


def _ari(settings: Duel, dataset: Dataset, labels: np.ndarray) -> str:
    if settings.colour != "truth" or dataset.labels is None:
        return ""
    return f" · ARI **{adjusted_rand(dataset.labels, labels):.3f}**"


def captions(settings: Duel, dataset: Dataset, both: Both) -> None:
    """Say how to read the film, and what it leaves out."""
    said = [
        "Both begin with the same means; the mixture's weights are equal at first, and each component has the "
        "covariance of all points. Point at a spot of the mixture's plane to read what it says there; click or tap a "
        "spot to predict it below."
    ]
    said.append(
        "Inertia: the sum of the points' squared distances to their centres. It falls, the log-likelihood rises."
    )
    if settings.colour == "truth" and dataset.labels is not None:
        said.append(
            "Each true group has, on either side, the colour of the region that matches it best at the end: where a "
            "point's colour is its region's, that side is right. ARI says how well a side's groups agree with the true "
            "ones: 1 is perfect, 0 is chance."
        )
    if len(dataset.X) > N_SHOWN:
        said.append(
            f"{N_SHOWN} of the {len(dataset.X)} points are drawn, always the same; both run on all of them."
        )
    if both.last >= MAX_FRAMES:
        said.append(f"The film shows {MAX_FRAMES} of the iterations 0 to {both.last}.")
    if not dataset.equal_axes:
        said.append(
            "The two axes have scales of their own, but k-means measures distances in the data's units: here the "
            "vertical axis counts for almost everything."
        )
    if settings.colour == "truth" and dataset.labels is None:
        said.append("Nobody knows the true groups of these points, so they keep their colours.")
    st.caption(" ".join(said))


def events(both: Both) -> None:
    """List what happened to either on the way."""
    runs = ("K-means", both.kmeans), ("EM", both.em)
    told = [(who, event) for who, run in runs for event in grouped(run.events)]
    if told:
        lines = [f"- {who}, iteration {event.iteration}: {event.message}" for who, event in told]
        if any(event.kind == "tie" for event in both.kmeans.events):
            lines.append("\nOn the left, a diamond marks a tied point.")
        st.warning("\n".join(lines), icon=":material/report:")
    if "max_iter" in (both.kmeans.stop_reason, both.em.stop_reason):
        st.info("Not everything has converged. Allow more iterations under *Floor and stop rule*.")


# --- A new point -----------------------------------------------------------------------------------------------------


def pick_spot() -> None:
    """Make the spot that was clicked the point to predict."""
    if (spot := st.session_state.film.spot) is not None:
        table = session.table()
        st.session_state.px, st.session_state.py = (
            table[name].nearest(float(f"{value:.4g}")) for name, value in zip(("px", "py"), spot, strict=True)
        )


def prediction(settings: Duel, dataset: Dataset, both: Both, point: tuple[float, float]) -> None:
    """Draw the fields for a new point, and what either side says of it."""
    st.markdown("##### Predict a new point")
    said = predict(point, both.em.states[-1].mixture, both.kmeans.states[-1].centres)
    fields, hard, soft = st.columns([2, 2, 3])
    with fields:
        left, right = st.columns(2)
        for column, name, own in zip((left, right), ("px", "py"), point, strict=True):
            row = session.table()[name]
            column.number_input(
                row.label,
                row.low,
                row.high,
                step=row.step,
                key=name,
                value=None,  # so that the field can be emptied
                help=row.help,
                placeholder=f"{own:g}",
                format="%g",
            )
        chosen = settings.px is None or settings.py is None
        st.caption(
            f"The star stands at ({point[0]:g}, {point[1]:g})"
            + (", where the mixture hesitates. " if chosen else ". ")
            + "Both are asked as they stand at the end of their runs."
        )
    with hard.container(border=True, height="stretch"):
        st.markdown(f"**K-means**\n\nCluster {said.cluster + 1}.\n\n:gray[It cannot say how sure it is.]")
    with soft.container(border=True, height="stretch"):
        st.markdown(f"**Mixture**\n\n{in_words(said.responsibilities)}.\n\n{_density(said.density, dataset)}")
    if abs(said.responsibilities - said.unweighted).max() >= 0.01:
        st.caption(
            f"Without the weights it would have been {in_words(said.unweighted)}: see the notes below."
        )
    _link(
        "A tutorial's own question, (0.5, 0.5) among its five groups: sure of the component, but look at the density",
        Duel(dataset="tutorial-five", k=5, init="k-means", px=0.5, py=0.5),
    )


def in_words(responsibilities: np.ndarray) -> str:
    """Return responsibilities (K,) as a sentence's part, the largest first.

    >>> in_words(np.array([0.1, 0.899, 0.0005, 0.0005])).replace("\\u00a0", " ")
    '89.9 % component 2, 10.0 % component 1, 0.1 % the others'
    """
    if len(responsibilities) == 1:
        return "100\u00a0% component 1"
    order = np.argsort(-responsibilities, kind="stable")
    named = [k for k in order[:4] if responsibilities[k] >= 0.001]
    parts = [f"{_percent(responsibilities[k])} component {k + 1}" for k in named]
    rest = 1 - responsibilities[named].sum()
    return ", ".join([*parts, f"{_percent(rest)} the others"] if rest >= 0.0005 else parts)


def _percent(share: float) -> str:
    return "more than 99.9\u00a0%" if share >= 0.9995 else f"{100 * share:.1f}\u00a0%"


def _density(density: float, dataset: Dataset) -> str:
    if density < 1e-300:
        return "Density: 0, up to what a computer can hold. This spot is far from everything."
    return f"Density {density:.3g}: the share of new points to expect here, per unit of area."


# --- The formulas ----------------------------------------------------------------------------------------------------


def formulas() -> None:
    """Typeset both methods side by side, in the code's symbols."""
    hard, soft = st.columns(2)
    with hard:
        st.markdown("**K-means**: assign, then update")
        st.latex(r"\texttt{labels}_n = \arg\min_k \lVert x_n - \texttt{centres}_k \rVert^2")
        st.latex(r"\texttt{centres}_k = \text{mean of its points}")
        st.latex(
            r"\texttt{inertia} = \sum_{n=1}^{N} \lVert x_n - \texttt{centres}_{\texttt{labels}_n} \rVert^2"
        )
    with soft:
        st.markdown("**Mixture**: E-step ($R$, responsibilities), then M-step")
        st.latex(
            r"R_{nk} = \frac{\texttt{weights}_k \, \mathcal{N}_{nk}}{\sum_j \texttt{weights}_j \, \mathcal{N}_{nj}}"
        )
        st.latex(r"\mathcal{N}_{nk} = \mathcal{N}(x_n \mid \texttt{means}_k, \texttt{covariances}_k)")
        st.latex(r"\texttt{means}_k = \frac{\sum_n R_{nk} \, x_n}{\sum_n R_{nk}}")


# --- The bridge ------------------------------------------------------------------------------------------------------


def bridge(settings: Duel, dataset: Dataset, both: Both, found: Bridge) -> None:
    """Draw the variance's slider, how far EM agrees with k-means at each, and who belongs where at this one."""
    st.markdown(
        "##### The bridge: k-means is a mixture without doubt\n"
        "Give all components one round covariance, hold it fixed, and let EM move only means and weights:"
    )
    st.latex(r"\texttt{covariances}_k = v \, s^2 I")
    st.markdown(
        "($s^2$ is the data's variance.) Now make $v$ small. The responsibilities become 0 or 1, and EM becomes "
        "k-means, step for step."
    )
    row = session.table()["v"]
    st.select_slider(row.label, list(row.choices), format_func=row.choices.get, key="v", help=row.help)
    at = SHARES.index(settings.v)
    run, labels, hard = found.runs[at], found.labels[at], both.kmeans.states[-1]
    left, right = st.columns(2)
    with left:
        st.plotly_chart(
            agreement_figure(np.array(SHARES), found.agreement, settings.v), config=STILL, key="agreement"
        )
    with right:
        means = run.states[-1].mixture.means
        figure = assignments_figure(dataset, labels, hard.labels, means, hard.ties)
        st.plotly_chart(figure, config=STILL, key="assignments")
    st.caption(bridge_words(settings.v, dataset, both, found))


def bridge_words(v: float, dataset: Dataset, both: Both, found: Bridge) -> str:
    """Return what the two pictures of the bridge show at v."""
    at = SHARES.index(v)
    run, hard = found.runs[at], both.kmeans.states[-1]
    same = int((found.labels[at] == hard.labels).sum())
    N = len(dataset.X)
    unsure = int((e_step(dataset.X, run.states[-1].mixture)[0].max(axis=1) < 0.99).sum())
    said = [
        f"At v = {v:g}, {same} of the {N} points belong to the component with the number of their k-means cluster"
        + (" (the others are ringed)." if same < N else "."),
        f"EM is less than 99\u00a0% sure of {counted(unsure, 'point')}, after "
        f"{counted(run.states[-1].iteration, 'iteration')}. "
        "Each v is a run of its own, from the same first means.",
    ]
    kinds = {event.kind for event in both.kmeans.events}
    if kinds:
        met = " and ".join(
            word for kind, word in (("tie", "ties"), ("empty", "a centre without points")) if kind in kinds
        )
        said.append(
            f"K-means met {met} on its way, which EM settles in its own manner: so the two may differ here even at the "
            "smallest v. A diamond marks a point that is tied at the end."
        )
    return " ".join(said)


# --- Notes -----------------------------------------------------------------------------------------------------------


def notes(settings: Duel, dataset: Dataset, both: Both) -> None:
    """Two places where well-known tutorials err, each with a link to see it happen."""
    st.markdown("##### Where tutorials err")
    st.markdown(
        '**"KNN" is not k-means.** Some tutorials write KNN when they mean k-means. KNN, *k nearest neighbours*, is '
        "told the true labels, and asks the k nearest points for theirs. K-means is given no labels, and its k "
        "counts centres."
    )
    _link(
        "K-means with k = 5: five centres move, and no point is asked for a label",
        replace(settings, k=5, it=0),
    )
    mixture = both.em.states[-1].mixture
    st.markdown(
        "**A prediction needs the weights.** Some tutorials ask only which Gaussian is highest at the new point. But a "
        "component with ten times the points is ten times as likely to begin with. "
        + _weights_matter(mixture, dataset)
    )
    spot = where_weights_matter(dataset.X, mixture)
    if spot is not None:
        _link(f"Put the star at ({spot[0]:g}, {spot[1]:g})", replace(settings, px=spot[0], py=spot[1]))
    else:
        _link("Groups in the ratio 50 : 10 : 1: there it makes a difference", Duel(dataset="imbalanced"))


def _weights_matter(mixture, dataset: Dataset) -> str:
    spot = where_weights_matter(dataset.X, mixture)
    if spot is None:
        return "Here the weights are so alike, or the groups so far apart, that it changes no answer."
    said = predict(spot, mixture, mixture.means)
    return (
        f"Here, at ({spot[0]:g}, {spot[1]:g}), the mixture says {_first(said.responsibilities)}; without the weights "
        f"it would be {_first(said.unweighted)}."
    )


def _first(responsibilities: np.ndarray) -> str:
    k = int(responsibilities.argmax())
    return f"{_percent(responsibilities[k])} component {k + 1}"


def _link(label: str, settings: Duel) -> None:
    st.page_link(PAGE, label=label, icon=":material/arrow_forward:", query_params=settings.to_query())
