"""What the M-step does to moments: it adds a floor, holds covariances, keeps lost components.  Numpy only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gmmviz.em.careful import LOST, Moments
from gmmviz.em.families import COVARIANCE_TYPES, Full
from gmmviz.em.history import Mixture, read_only
from gmmviz.em.points import Parameters, Points
from gmmviz.em.validation import as_choice, as_reg_covar


class Update(NamedTuple):
    """How moments become a mixture."""

    family: type[Full]
    addend: np.ndarray  # (D, D), what reg_covar adds to each covariance
    has_addend: bool
    fixed_covariances: bool

    @classmethod
    def of(cls, X: np.ndarray, covariance_type="full", reg_covar=0.0, fixed_covariances=False) -> Update:
        """Check what the user gave for points X (N, D); a ValueError advises."""
        family = COVARIANCE_TYPES[as_choice(covariance_type, COVARIANCE_TYPES, "covariance_type")]
        addend = family.addend(as_reg_covar(reg_covar, X.shape[1]))
        return cls(family, addend, bool(addend.any()), bool(fixed_covariances))

    def of_start(self, start: Mixture) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return weights, means and covariances of a start, brought into the family."""
        return _frozen(start.weights, start.means, self.family.project(start.weights, start.covariances))

    def maximised(self, points: Points, moments: Moments | np.ndarray, previous: Parameters) -> Parameters:
        """Return the mixture, or stack, that an expectation of the points leads to, ready for the next."""
        if isinstance(moments, np.ndarray):
            if not self.fixed_covariances and (found := points.maximise_few(moments, self.addend)):
                return found
            moments = points.family.moments(moments)
        return points.parameters(*self.of_moments(moments, previous))

    def of_moments(
        self, moments: Moments, previous: Mixture | Parameters | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return weights, means and covariances that maximise the expected log-likelihood; a stack has one more axis.

        A lost component stays where it was in `previous`; without a `previous` it is a ValueError.
        """
        weights, means, covariances = moments
        if self.has_addend:
            covariances = covariances + self.addend
        if min(weights.ravel().tolist()) <= LOST:
            lost = weights <= LOST
            if previous is None:
                raise ValueError(
                    f"component {np.argmax(lost)} has no points: its column of responsibilities sums to 0. "
                    "Drop the column, or pass previous= so that it keeps its place at weight 0."
                )
            weights = np.where(lost, 0.0, weights)
            means = np.where(lost[..., None], previous.means, means)
            covariances = np.where(lost[..., None, None], previous.covariances, covariances)
            covariances = self.family.project(weights, covariances)  # what is tied stays tied
        return _frozen(weights, means, previous.covariances if self.fixed_covariances else covariances)


def _frozen(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple([read_only(array) for array in arrays])
