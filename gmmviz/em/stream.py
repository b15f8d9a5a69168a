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
        moments, log_likelihoods = expectation(points, mixtures)
        rows = []
        for row, reason in _judged(points, rule, going, before, mixtures, log_likelihoods):
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


def _judged(points, rule, going, before, mixtures, log_likelihoods):
    """Note the runs' log-likelihoods (R,), and yield each one's row and why it ends, or None where it goes on."""
    enough = rule.tol * points.N if rule.criterion == "log_likelihood" else np.inf
    for row, (run, new) in enumerate(zip(going, log_likelihoods.tolist(), strict=True)):
        values = run.log_likelihoods
        iteration = len(values)
        if iteration == 0:
            check_density(new)
        old = values[-1] if values else -np.inf
        values.append(new)
        if 0 < iteration < rule.max_iter and new - old >= enough:
            yield row, None  # as in most iterations; to ask for more would take longer than the iteration
            continue
        last = State(iteration - 1, _mixture(before, row), old) if iteration else None
        yield row, stop_reason(last, State(iteration, _mixture(mixtures, row), new), points, rule)


def _outcome(run: _Progress, row: int, before, mixtures, reason: str) -> Outcome:
    """Return what a run came to, at its last state or at the one before that."""
    refused = reason in BEFORE
    weights, means, covariances = (part[row].copy() for part in (before if refused else mixtures)[:3])
    values = np.array(run.log_likelihoods[:-1] if refused else run.log_likelihoods)
    return Outcome(values, Mixture._of(weights, means, covariances), reason)


def _mixture(stack: Parameters, row: int) -> Mixture:
    return Mixture._of(stack.weights[row], stack.means[row], stack.covariances[row])


def _joined(one: Parameters, other: Parameters) -> Parameters:
    arrays = (np.concatenate(pair) for pair in zip(one[:4], other[:4], strict=True))
    return Parameters(*arrays, [*one.quick, *other.quick])
