"""Two directions of points with more than two features: which are seen, and mixtures seen from there.

Points and mixtures are turned as a whole, by one orthogonal matrix whose first two rows are what goes across and up.
Densities, and with them responsibilities, stay as they are; the first two features of what is turned are its
projection, and of a Gaussian N(m, S) they are the marginal: for the rows A of the matrix N(A m, A S A').
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from gmmviz.columns import comparable
from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, Run
from gmmviz.geometry import subsample
from gmmviz.numerals import numeral

__all__ = ["MOST_NUMBERS", "Outlook", "Principal", "along", "features_of", "outlook", "principal_axes"]

MOST_NUMBERS = 400_000
"""Numbers of points that a browser gets at most, all features counted."""


class Principal(NamedTuple):
    """The principal components of points: axes (D, D), a row each, and the variances (D,) along them, falling."""

    axes: np.ndarray
    variances: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """What each has of all variance (D,)."""
        return self.variances / self.variances.sum()


def principal_axes(X: np.ndarray) -> Principal:
    """Return the principal components of X (N, D).  Bishop, section 12.1.

    Each axis points to where its largest coordinate is positive.

    >>> axes, variances = principal_axes(np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]))
    >>> axes[0].round(6).tolist()
    [0.6, 0.8]
    """
    centred = X - X.mean(axis=0)
    _, lengths, axes = np.linalg.svd(centred.T @ centred / len(X))
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    return Principal(axes * np.sign(largest)[:, None], lengths)


def along(D: int, across: int, up: int) -> np.ndarray:
    """Return the axes (D, D) on which two features, from 0, come first.

    >>> along(3, 2, 0).tolist()
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    return np.eye(D)[[across, up, *(i for i in range(D) if i not in (across, up))]]


def features_of(columns: Sequence[str], plane: str) -> tuple[int, int] | None:
    """Return which features, from 0, an address means that names two columns by their numbers; None for "pc".

    >>> features_of(("2", "3", "5"), "5-2"), features_of(("2", "3", "5"), "4-2"), features_of(("2", "3", "5"), "pc")
    ((2, 0), (0, 1), None)
    """
    if plane == "pc":
        return None
    across, _, up = plane.partition("-")
    if across == up or not {across, up} <= set(columns):
        return 0, 1
    return columns.index(across), columns.index(up)


class Outlook(NamedTuple):
    """Points as they are seen.

    Attributes
    ----------
    dataset : Dataset
        Turned, so that its first two features are those that are seen: all that there are, up to `MOST_NUMBERS`.
    axes : (D, D) array
        Orthogonal: what turned it.
    n_points : int
        How many points there are.
    """

    dataset: Dataset
    axes: np.ndarray
    n_points: int

    @property
    def is_plain(self) -> bool:
        """Whether nothing is turned."""
        return np.array_equal(self.axes, np.eye(len(self.axes)))

    def mixture(self, mixture: Mixture) -> Mixture:
        """Return a mixture as it is seen."""
        if self.is_plain:
            return mixture
        turned = self.axes @ mixture.covariances @ self.axes.T
        return Mixture(
            mixture.weights, mixture.means @ self.axes.T, (turned + np.swapaxes(turned, -1, -2)) / 2
        )

    def run(self, run: Run) -> Run:
        """Return a run as it is seen."""
        if self.is_plain:
            return run
        states = (s._replace(mixture=self.mixture(s.mixture)) for s in run.states)
        return Run(tuple(states), run.stop_reason, run.events)


def outlook(dataset: Dataset, plane: tuple[int, int] | None = (0, 1)) -> Outlook:
    """Return a dataset as it is seen.

    Parameters
    ----------
    dataset : Dataset
        X (N, D), D >= 2.
    plane : tuple of two int, or None
        The features, from 0, that go across and up; None for the two leading principal components.
    """
    N, D = dataset.X.shape
    if D == 2 and plane == (0, 1) and 2 * N <= MOST_NUMBERS:
        return Outlook(dataset, np.eye(2), N)
    if plane is None:
        principal = principal_axes(dataset.X)
        axes, names, equal = principal.axes, _named(principal.shares), True
    else:
        axes, equal = along(D, *plane), comparable(dataset.X[:, plane])
        names = [dataset.columns[i] for i in axes.argmax(axis=1)]
    rows = subsample(N, MOST_NUMBERS // D)
    X = dataset.X[rows] @ axes.T
    X.flags.writeable = False
    labels = dataset.labels if dataset.labels is None else dataset.labels[rows]
    seen = replace(dataset, X=X, labels=labels, columns=tuple(names), equal_axes=equal)
    return Outlook(seen, axes, N)


def _named(shares: Sequence[float]) -> list[str]:
    return [
        f"Principal component {i + 1} ({numeral(100 * share, '.0f')} % of the variance)"
        for i, share in enumerate(shares)
    ]
