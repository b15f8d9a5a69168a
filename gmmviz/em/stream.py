"""EM from one start after another: always so many runs side by side, and of each only what it came to.  Numpy only.

A run that ends makes room for the next start, so that each pass over the data serves many runs, and shares its
overhead among them, to the last; `many` keeps whole histories, which takes longer than EM itself on few points.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable

import numpy as np

from gmmviz.em.careful import Moments
from gmmviz.em.history import Mixture, Outcome, State
from gmmviz.em.many import expectation, maximisation
from gmmviz.em.points import Parameters, Points
from gmmviz.em.stopping import BEFORE, StopRule, stop_reason
from gmmviz.em.update import Update
from gmmviz.em.validation import check_density

AT_ONCE = 200_000
"""Densities (points times components times runs) of a pass: enough that its own overhead is small beside them, and few
enough that the first runs end soon."""
WIDEST = 100


def width(N: int, K: int) -> int:
    """Return how many runs of K components on N points go side by side.

    >>> width(1500, 5), width(20_000, 8), width(1_000_000, 16)
    (26, 1, 1)
    """
    return min(max(1, AT_ONCE // (N * K)), WIDEST)


class _Progress:
    """One run under way: its number, and the log-likelihood at each of its states."""

    def __init__(self, number: int):
        self.number = number
        self.log_likelihoods: list[float] = []
        self.rounding = 0.0  # of the last


def alternate_stream(
    points: Points, starts: Iterable[Mixture], update: Update, rule: StopRule
) -> Generator[Outcome | None]:
    """Yield the outcomes of runs in the order of their starts, and None between two passes and two starts.

    In their order, because those that end first are the short ones: who stops listening has heard of runs of every
    length, as often as they are.
    """
    waiting, done, told = enumerate(starts), {}, 0
    going: list[_Progress] = []
    mixtures = before = None
    room = 1  # until the first start tells K
    while True:
        new = []
        while len(going) + len(new) < room and (one := next(waiting, None)):
            new.append(one)
            room = width(points.N, one[1].n_components)
            yield None
        if new:
            made = points.parameters(*map(np.array, zip(*(update.of_start(s) for _, s in new), strict=True)))
            mixtures = made if not going else _joined(mixtures, made)
            going += [_Progress(number) for number, _ in new]
        if not going:
            return
        moments, *values = expectation(points, mixtures)
        rows = []
        for row, reason in _judged(points, rule, going, before, mixtures, *values):
            if reason is None:
                rows.append(row)
            else:
                done[going[row].number] = _outcome(going[row], row, before, mixtures, reason)
        going = [going[row] for row in rows]
        if going:
            before = mixtures.selected(rows)
            moments = Moments(*(part[rows] for part in moments))
            mixtures = maximisation(points, moments, before, update)
        while told in done:
            yield done.pop(told)
            told += 1
        yield None


def _judged(points, rule, going, before, mixtures, log_likelihoods, roundings):
    """Note the runs' log-likelihoods (R,), and yield each one's row and why it ends, or None where it goes on."""
    enough = rule.enough(points.N)
    news = zip(going, log_likelihoods.tolist(), roundings.tolist(), strict=True)
    for row, (run, new, rounding) in enumerate(news):
        values = run.log_likelihoods
        iteration = len(values)
        if iteration == 0:
            check_density(new)
        old, old_rounding = (values[-1] if values else -np.inf), run.rounding
        values.append(new)
        run.rounding = rounding
        if 0 < iteration < rule.max_iter and new - old >= enough and rule.is_sure(new, rounding, points.N):
            yield row, None  # as in most iterations; to ask for more would take longer than the iteration
            continue
        last = State(iteration - 1, _mixture(before, row), old, old_rounding) if iteration else None
        yield row, stop_reason(last, State(iteration, _mixture(mixtures, row), new, rounding), points, rule)


def _outcome(run: _Progress, row: int, before, mixtures, reason: str) -> Outcome:
    """Return what a run came to, at its last state or at the one before that; a start is kept in any case."""
    refused = reason in BEFORE and len(run.log_likelihoods) > 1
    weights, means, covariances = (part[row].copy() for part in (before if refused else mixtures)[:3])
    values = np.array(run.log_likelihoods[:-1] if refused else run.log_likelihoods)
    return Outcome(values, Mixture._of(weights, means, covariances), reason)


def _mixture(stack: Parameters, row: int) -> Mixture:
    return Mixture._of(stack.weights[row], stack.means[row], stack.covariances[row])


def _joined(one: Parameters, other: Parameters) -> Parameters:
    arrays = (np.concatenate(pair) for pair in zip(one[:-1], other[:-1], strict=True))
    return Parameters(*arrays, [*one.quick, *other.quick])
