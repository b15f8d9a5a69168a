"""What a run of EM is made of: a mixture, the states it passes through, what happened, and the whole history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gmmviz.em import sentences
from gmmviz.em.validation import as_floats, check_covariances, check_shapes, check_weights

EVENT_KINDS = ("projected", "identical", "degenerate", "empty", "decreased", "collapsed")


class Frozen:
    """What holds read-only arrays and stays so when it is copied or pickled, which makes arrays anew."""

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update({name: frozen(value) for name, value in state.items()})


@dataclass(frozen=True, eq=False)
class Mixture(Frozen):
    """A Gaussian mixture: sum_k weights[k] N(x | means[k], covariances[k]).  Its arrays are read-only.

    Parameters
    ----------
    weights : (K,) array-like
        Shares >= 0 that sum to 1.
    means : (K, D) array-like
        In the data's units.
    covariances : (K, D, D) array-like
        In squared units, for every covariance type; symmetric and positive definite.

    Raises
    ------
    ValueError
        For anything else; it says which value is wrong and what to do.

    Examples
    --------
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
        own = mixture.__dict__
        own["weights"], own["means"], own["covariances"] = weights, means, covariances
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
    """One iteration: the mixture after `iteration` M-steps, and the total log-likelihood of the data at it.

    `rounding` bounds by how much the log-likelihood may be off for the computer's digits.
    """

    iteration: int
    mixture: Mixture
    log_likelihood: float
    rounding: float = 0.0


class Event(NamedTuple):
    """Something worth knowing about a run, as facts; `message` tells them in a sentence.

    Attributes
    ----------
    iteration : int
        The state at which it happened, or would have.
    kind : str
        One of EVENT_KINDS.
        "projected": the start was outside the covariance type's family, state 0 is its projection.
        "identical": two components of the start are the same, and so will stay the same.
        "degenerate": a covariance has sunk to the floor that `reg_covar` is, or rests on fewer than D + 1 points.
        "empty": a component lost its points; it keeps its mean and covariance at weight 0.
        "decreased": the log-likelihood fell by more than rounding, which only a floor can cause.
        "collapsed": a covariance is no longer positive definite, or so nearly flat that the computer's digits cannot
        tell whether EM climbs; the state before it is the last, unless it is the start.
        k-means has two of its own, see `gmmviz.kmeans`.
    components : tuple of int
        Which components, from 0; () where it concerns none in particular.
    cause : str
        What made components degenerate ("few_points", "little_weight", "floor" or what is in the data) or collapse:
        see `gmmviz.em.sentences.CAUSES`. Of a fall "floor" where there is one. "" for other kinds.
    points : tuple of float
        Of degenerate components on few points: the effective number of each, weight times N.
    rows : tuple of int
        The rows of X that it rests on, the first of equal ones; at a tie in k-means the points tied.
    feature : int or None
        The feature of the data that is to blame, from 0.
    direction : tuple of float
        Along which combination of the features, each in units of its own spread, a component is too flat; its longest
        part is 1.
    n_points, n_features : int
        N and D, where the cause is that the data are too few for their dimensions, or a component's points are.
    amount : float
        By how much the log-likelihood fell, or may be off.
    covariance_type : str
        The family that the start was projected into.
    """

    iteration: int
    kind: str
    components: tuple[int, ...] = ()
    cause: str = ""
    points: tuple[float, ...] = ()
    rows: tuple[int, ...] = ()
    feature: int | None = None
    direction: tuple[float, ...] = ()
    n_points: int = 0
    n_features: int = 0
    amount: float = 0.0
    covariance_type: str = ""

    @property
    def message(self) -> str:
        """The event in a sentence or two."""
        return sentences.sentence(self)


class Outcome(NamedTuple):
    """What one of many runs came to, without its history.

    Attributes
    ----------
    log_likelihoods : (T + 1,) array
        Total over the points, natural log, at the start and after each of T M-steps.
    mixture : Mixture
        The last.
    stop_reason : str
        As a `Run`'s.
    """

    log_likelihoods: np.ndarray
    mixture: Mixture
    stop_reason: str


class Ending(NamedTuple):
    """How an iteration ended: what the generator `em` returns (as StopIteration.value)."""

    stop_reason: str
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Run:
    """A whole history of EM.

    Attributes
    ----------
    states : tuple of State
        states[0] is the start itself, states[-1] the result.
    stop_reason : str
        "converged", "max_iter", "decreased" (the next state's log-likelihood would have been lower by more than the
        tolerance) or "collapsed" (the next state would have had a singular covariance, or one so nearly so that its
        log-likelihood were not sure to the tolerance; a start that is so is the only state).
    events : tuple of Event
        What is worth telling, in the order in which it happened.
    """

    states: tuple[State, ...]
    stop_reason: str
    events: tuple[Event, ...]

    @property
    def converged(self) -> bool:
        """Whether the stop rule was met."""
        return self.stop_reason == "converged"


def frozen(value):
    """Return a value, read-only if it is an array."""
    return read_only(value) if isinstance(value, np.ndarray) else value


def read_only(array: np.ndarray) -> np.ndarray:
    """Return the array, which nobody can write to any more; what is cut out of it is so, too."""
    array.setflags(write=False)
    return array
