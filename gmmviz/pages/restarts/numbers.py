"""Restarts: the sweep of a setting, its groups, and how many starts it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import NamedTuple

import numpy as np

from gmmviz.em import Run
from gmmviz.experiment import Experiment
from gmmviz.pages.restarts.settings import Restarts
from gmmviz.restarts import Optimum, Restart, Sweep, matched, reordered, share_interval, starts_needed
from gmmviz.starts import STARTS


def sweep(settings: Restarts, X: np.ndarray) -> Sweep:
    """Return the settings' sweep over X (N, D), not yet begun."""
    return Sweep(
        X,
        settings.k,
        settings.init,
        settings.covariance,
        settings.init_seed,
        settings.floor,
        tol=settings.tol,
        max_iter=settings.max_iter,
        criterion=settings.criterion,
    )


def swept(settings: Restarts) -> Restarts:
    """Return the settings with all at their defaults that do not decide what each start comes to."""
    own = Restarts()
    return replace(settings.reduced_to("data", "run"), starts=own.starts, play=own.play)


def n_starts(settings: Restarts, n_points: int) -> int:
    """Return how many different starts there are, among as many as the settings ask for."""
    return STARTS[settings.init].n_different(settings.starts, n_points)


def single(settings: Restarts, number: int) -> Experiment:
    """Return the experiment of one start, from 0: the explorer's settings for it."""
    values = {field.name: getattr(settings, field.name) for field in fields(Experiment)}
    return Experiment(**values | {"init_seed": settings.init_seed + number})


def leader(group: Optimum) -> int:
    """Return the start, from 0, whose log-likelihood is the group's: the highest, and of equal ones the first."""
    return max(group.members, key=lambda one: (one.log_likelihood, -one.number)).number


def group_of(groups: Sequence[Optimum], number: int) -> Optimum | None:
    """Return the group that a start, from 0, belongs to, or None where it is not done yet."""
    members = ((group, member) for group in groups for member in group.members)
    return next((group for group, member in members if member.number == number), None)


def best_of(groups: Sequence[Optimum]) -> Optimum | None:
    """Return the best optimum, or None: what is at the floor, or collapsed, is none."""
    return groups[0] if groups and groups[0].kind == "optimum" else None


def in_order_of(run: Run, group: Optimum) -> Run:
    """Return a run with its components in the order of a group's, whose colours they then have."""
    order = matched(group.mixture, run.states[-1].mixture)[1]
    states = (s._replace(mixture=reordered(s.mixture, order)) for s in run.states)
    return Run(tuple(states), run.stop_reason, ())


class Reach(NamedTuple):
    """How often starts of one way reach an optimum, and how many it takes to see it with 95 % probability.

    Attributes
    ----------
    method : str
        The way to start.
    hits, starts : int
    interval : tuple of float
        The shares that these allow, see `gmmviz.restarts.share_interval`.
    needed, fewest, most : int or None
        For the share that was found, and for the interval's two ends. None: no number is known to be enough.
    iterations : float
        The median over all starts.
    """

    method: str
    hits: int
    starts: int
    interval: tuple[float, float]
    needed: int | None
    fewest: int | None
    most: int | None
    iterations: float

    @property
    def share(self) -> float:
        """The share that was found."""
        return self.hits / self.starts


def reach(best: Optimum, restarts: Sequence[Restart], certain: bool = False) -> Reach:
    """Return how often restarts of one way, at least one, are in the best optimum.

    certain: whether nothing is left to chance, so that one start says all.
    """
    method = restarts[0].method
    hits = sum(member.method == method for member in best.members)
    share = hits / len(restarts)
    low, high = (share, share) if certain else share_interval(hits, len(restarts))
    needed = [starts_needed(value) for value in (share, high, low)]
    iterations = float(np.median([one.iterations for one in restarts]))
    return Reach(method, hits, len(restarts), (low, high), *needed, iterations)
