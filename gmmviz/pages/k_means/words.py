"""K-means and mixture: sentences computed from numbers."""

from __future__ import annotations

import numpy as np

from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, e_step
from gmmviz.em.sentences import counted, sentence, when
from gmmviz.figures.scene import MAX_ITERATIONS
from gmmviz.kmeans import KMeansRun
from gmmviz.numerals import numeral, readable
from gmmviz.pages.k_means.numbers import Bridge, PairedRuns, predict
from gmmviz.pages.k_means.settings import SHARES

# --- The film ---------------------------------------------------------------------------------------------------------


def about_the_film(dataset: Dataset, runs: PairedRuns, revealed: bool) -> str:
    """Return how to read the film, and what it leaves out; `revealed`: the points have their true colours."""
    said = [
        "Both begin with the same [[means]]; the [[mixture]]'s [[weights]] are equal at first, and each [[component]] "
        "has the [[covariance]] of all points. Point at a spot of the mixture's plane to read what it says there; "
        "click or tap a spot to predict it below.",
        "One [[iteration]] of [[k-means]] moves every [[centre]] to the mean of its points; it ends when no point "
        "changes its cluster. One of [[EM]] is an E-step and an M-step. The inertia falls, the log-likelihood rises.",
    ]
    if revealed and dataset.labels is not None:
        said.append(
            "Each true group has, on either side, the colour of the region that matches it best at the end: where a "
            "point's colour is its region's, that side is right. [[ARI]] says how well a side's groups agree with the "
            "true ones: 1 is perfect, 0 is chance."
        )
    if runs.last >= MAX_ITERATIONS:
        said.append(f"The film shows {MAX_ITERATIONS} of the iterations 0 to {runs.last:,}.")
    if not dataset.equal_axes:
        said.append(
            "The two axes have scales of their own, but k-means measures distances in the data's units: here the "
            "vertical axis counts for almost everything."
        )
    if revealed and dataset.labels is None:
        said.append("Nobody knows the [[true groups]] of these points, so they keep their colours.")
    return " ".join(said)


def _when(iteration: int, last: int) -> str:
    at = when(iteration, last)
    return at[0].lower() + at[1:]


def happened(runs: PairedRuns) -> list[str]:
    """Return what happened to either on the way, a line of a list each."""
    both = ("K-means", runs.kmeans), ("EM", runs.em)
    lines = [
        f"- {who}, {_when(event.iteration, run.states[-1].iteration)}: {readable(sentence(event))}"
        for who, run in both
        for event in run.events
    ]
    if any(event.kind == "tie" for event in runs.kmeans.events):
        lines.append("\nOn the left, a diamond marks a tied point.")
    return lines


# --- A new point ------------------------------------------------------------------------------------------------------


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


def place(point: tuple[float, float]) -> str:
    """Return a place of the plane as a sentence's part.

    >>> place((-6.0, 2.5))
    '(−6, 2.5)'
    """
    x, y = (numeral(value, "g") for value in point)
    return f"({x}, {y})"


def density_in_words(density: float) -> str:
    """Return a density as a sentence, in the units of the data's plane."""
    if density < 1e-300:
        return "Density: 0, up to what a computer can hold. This spot is far from everything."
    return f"Density {numeral(density, '.3g')}: [[the share|density]] of new points to expect here, per unit of area."


# --- The bridge -------------------------------------------------------------------------------------------------------


def about_the_bridge(v: float, dataset: Dataset, k_means: KMeansRun, found: Bridge) -> str:
    """Return what the two pictures of the bridge show at v."""
    at = SHARES.index(v)
    run, hard = found.runs[at], k_means.states[-1]
    same = int((found.labels[at] == hard.labels).sum())
    N = len(dataset.X)
    unsure = int((e_step(dataset.X, run.states[-1].mixture)[0].max(axis=1) < 0.99).sum())
    said = [
        f"At v = {numeral(v, 'g')}, {same:,} of the {N:,} points belong to the component with the number of their "
        "k-means cluster" + (" (the others are ringed)." if same < N else "."),
        f"EM is less than 99\u00a0% sure of {counted(unsure, 'point')}, after "
        f"{counted(run.states[-1].iteration, 'iteration')}. "
        "Each v is a run of its own, from the same first means.",
    ]
    kinds = {event.kind for event in k_means.events}
    if kinds:
        met = " and ".join(
            word for kind, word in (("tie", "ties"), ("idle", "a centre without points")) if kind in kinds
        )
        said.append(
            f"K-means met {met} on its way, which EM settles in its own manner: so the two may differ here even at the "
            "smallest v. A diamond marks a point that is tied at the end."
        )
    return " ".join(said)


# --- Notes ------------------------------------------------------------------------------------------------------------


def weights_matter(mixture: Mixture, spot: tuple[float, float] | None) -> str:
    """Return what leaving out the weights changes at a spot, or that there is none where it does."""
    if spot is None:
        return "Here the weights are so alike, or the groups so far apart, that it changes no answer."
    said = predict(spot, mixture, mixture.means)
    return (
        f"Here, at {place(spot)}, the mixture says {_first(said.responsibilities)}; without the weights "
        f"it would be {_first(said.unweighted)}."
    )


def _first(responsibilities: np.ndarray) -> str:
    k = int(responsibilities.argmax())
    return f"{_percent(responsibilities[k])} component {k + 1}"
