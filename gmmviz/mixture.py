"""What a run of EM is made of: a mixture, the states it passes through, and the whole history.  Numpy only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gmmviz.events import Event
from gmmviz.validation import as_floats, check_covariances, check_shapes, check_weights


@dataclass(frozen=True, eq=False)
class Mixture:
    """A Gaussian mixture: sum_k weights[k] N(x | means[k], covariances[k]).  Read-only float64 arrays.

    weights (K,) sum to 1; means (K, D); covariances (K, D, D) for every covariance type, symmetric positive definite.
    Anything else is a ValueError that says which value is wrong and what to do.

    >>> mixture = Mixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[2.0]]])
    >>> mixture.n_components, mixture.n_features
    (2, 1)
    """

    weights: np.ndarray
    means: np.ndarray
    covariances: np.ndarray

    def __post_init__(self):
        for name, ndim in (("weights", 1), ("means", 2), ("covariances", 3)):
            object.__setattr__(self, name, read_only(as_floats(getattr(self, name), name, ndim).copy()))
        check_shapes(self)
        check_weights(self.weights)
        check_covariances(self.covariances)

    @classmethod
    def _of(cls, weights, means, covariances) -> Mixture:
        """Make a mixture of read-only arrays that the engine has just computed, without checking them again."""
        mixture = object.__new__(cls)
        mixture.__dict__.update(weights=weights, means=means, covariances=covariances)
        return mixture

    @property
    def n_components(self) -> int:
        """K."""
        return self.means.shape[0]

    @property
    def n_features(self) -> int:
        """D."""
        return self.means.shape[1]


class State(NamedTuple):
    """One iteration: the mixture after `iteration` M-steps, and the total log-likelihood of the data at it."""

    iteration: int
    mixture: Mixture
    log_likelihood: float


class Ending(NamedTuple):
    """How an iteration ended: what the generator `em` returns (as StopIteration.value)."""

    stop_reason: str
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Run:
    """A whole history: states[0] is the start itself, states[-1] the result."""

    states: tuple[State, ...]
    stop_reason: str
    events: tuple[Event, ...]

    @property
    def converged(self) -> bool:
        """Whether the stop rule was met."""
        return self.stop_reason == "converged"


def read_only(array: np.ndarray) -> np.ndarray:
    """Return the array, which nobody can write to any more."""
    array.setflags(write=False)
    return array
