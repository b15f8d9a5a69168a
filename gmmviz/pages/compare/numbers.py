"""Compare: the runs of the panels, which component of one is which of the others, and what the table says."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from gmmviz.criteria import adjusted_rand, bic, held_out_steps, n_parameters
from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, Run, e_step
from gmmviz.experiment import Experiment
from gmmviz.pages.compare.settings import Panel

FOLDS = 5
HELD_OUT_ITERATIONS = 300
"""At most, for each of the fits to a part of the points."""
HELD_OUT_POINTS = 2000
"""Beyond so many points the held-out column would take longer than the page may."""


class Fitted(NamedTuple):
    """A panel, its points, its run, and the numbers (K,), from 1, by which its components go on this page."""

    panel: Panel
    dataset: Dataset
    run: Run
    numbers: tuple[int, ...]

    @property
    def mixture(self) -> Mixture:
        """The mixture in which the run ended."""
        return self.run.states[-1].mixture


# --- Which component is which -----------------------------------------------------------------------------------------


def numbered(X: np.ndarray, mixtures: Sequence[Mixture]) -> list[tuple[int, ...]]:
    """Return for each mixture its components' numbers, from 1: equal ones stand for the same group of points.

    Each mixture is matched to the one before it, by the points that their components share (Kuhn-Munkres assignment);
    a component that has no partner there gets the lowest number that is free in its own mixture and was not taken
    before, or else is free.

    Parameters
    ----------
    X : (N, D) array
        The points at which responsibilities are compared.
    mixtures : sequence of Mixture
        Of any K.

    Examples
    --------
    >>> left, right = [[0.0], [9.0]], [[[1.0]], [[1.0]]]
    >>> one = Mixture([0.5, 0.5], left, right)
    >>> other = Mixture([0.5, 0.5], left[::-1], right)
    >>> numbered(np.array([[0.0], [9.0]]), [one, other])
    [(1, 2), (2, 1)]
    """
    found: list[tuple[int, ...]] = []
    for i, mixture in enumerate(mixtures):
        K = mixture.n_components
        if i == 0:
            found.append(tuple(range(1, K + 1)))
            continue
        if {mixture.n_features, mixtures[i - 1].n_features} != {
            X.shape[1]
        }:  # other points, with nothing to share
            shared = np.zeros((mixtures[i - 1].n_components, K))
        else:
            shared = e_step(X, mixtures[i - 1])[0].T @ e_step(X, mixture)[0]
        partners = {k: found[-1][j] for j, k in zip(*linear_sum_assignment(-shared), strict=True)}
        known = max(map(max, found))
        spare = (n for n in [*range(known + 1, known + K + 1)] if n not in partners.values())
        free = (n for n in range(1, known + 1) if n not in partners.values())
        found.append(tuple(partners.get(k) or next(free, None) or next(spare) for k in range(K)))
    return found


def by_number(responsibilities: np.ndarray, numbers: Sequence[int]) -> np.ndarray:
    """Return responsibilities (N, K) with a column for each number from 1, those of no component 0."""
    shares = np.zeros((len(responsibilities), max(numbers)))
    shares[:, np.array(numbers) - 1] = responsibilities
    return shares


# --- The table --------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """What the table says of one panel."""

    letter: str
    title: str
    iterations: int
    stop_reason: str
    log_likelihood: float
    n_points: int
    bic: float
    parameters: int
    held_out: float | None
    ari: float | None


def row_of(fitted: Fitted, score: float | None, reveal: bool) -> Row:
    """Return a panel's row; `score`: its held-out log-likelihood; `reveal`: whether the truth is known by now."""
    panel, dataset, run, _ = fitted
    last = run.states[-1]
    N, D = dataset.X.shape
    free = n_parameters(last.mixture.n_components, D, panel.experiment.covariance)
    ari = None
    if reveal and dataset.labels is not None:
        ari = adjusted_rand(dataset.labels, e_step(dataset.X, last.mixture)[0].argmax(axis=1))
    return Row(
        panel.letter,
        panel.title,
        last.iteration,
        run.stop_reason,
        last.log_likelihood,
        N,
        bic(last.log_likelihood, free, N),
        free,
        score,
        ari,
    )


def held_out_scores(
    points: Sequence[np.ndarray], experiments: Sequence[Experiment], seed: int
) -> Generator[list[float | None]]:
    """Yield, with pauses, the held-out log-likelihoods per point of the first panels, at last of all of them.

    Parameters
    ----------
    points : sequence of (N, D) array
        Each panel's.
    experiments : sequence of Experiment
        Likewise.
    seed : int
        Of the folds and starts.
    """
    scores = []
    for X, settings in zip(points, experiments, strict=True):
        fits = _held_out(X, settings, seed)
        try:
            while True:
                next(fits)
                yield scores
        except StopIteration as end:
            scores = [*scores, end.value]
    yield scores


def _held_out(X: np.ndarray, settings: Experiment, seed: int) -> Generator[None, None, float | None]:
    """Return one: None for too many points, and where fewer points are left than there are components."""
    if len(X) > HELD_OUT_POINTS or settings.k > len(X) * (FOLDS - 1) // FOLDS:
        return None
    scores = yield from held_out_steps(
        X,
        [settings.k],
        settings.covariance,
        settings.init,
        folds=FOLDS,
        seed=seed,
        floor=settings.floor,
        tol=settings.tol,
        max_iter=min(settings.max_iter, HELD_OUT_ITERATIONS),
        criterion=settings.criterion,
    )
    return float(scores.mean())


def best(rows: Sequence[Row], column: str, same_points: bool) -> int | None:
    """Return which row is the best of a column, if they can be compared there: a collapsed run never is.

    Parameters
    ----------
    rows : sequence of Row
    column : {"log_likelihood", "bic", "held_out", "ari"}
    same_points : bool
        Whether all rows are over the same points; without that only ARI can be compared.
    """
    if column != "ari" and not same_points:
        return None
    sign = -1 if column == "bic" else 1
    values = [
        (sign * getattr(row, column), i)
        for i, row in enumerate(rows)
        if row.stop_reason != "collapsed" and getattr(row, column) is not None
    ]
    return max(values, key=lambda pair: pair[0])[1] if len(values) > 1 else None
