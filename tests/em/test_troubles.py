"""Awkward inputs: what gmmviz does with each, what scikit-learn does, and the table in the documentation of both.

python -m tests.em.test_troubles      writes the table anew
"""

import re
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

import gmmviz
from gmmviz.em import Mixture, fit

TABLE = Path(gmmviz.__file__).parent / "TROUBLES.md"
HEAD = """\
# Awkward inputs

What `gmmviz.em.fit` does with each, without a floor (`reg_covar=0`) and with one of a millionth of the data's variance,
and what scikit-learn's `GaussianMixture` does from the same start with its own default (`reg_covar=1e-6`). Covariance
type full. `tests/em/test_troubles.py` makes this table and fails when it is no longer true; to write it anew, run
`python -m tests.em.test_troubles`.

| input | gmmviz, no floor | gmmviz, with a floor | scikit-learn |
|---|---|---|---|
"""


class Trouble(NamedTuple):
    """An input, a start, and what the answer must be: an event's kind, or an error, and words in its message."""

    name: str
    X: np.ndarray
    start: Mixture
    kind: str
    words: str


def cloud(N=60, D=2, seed=0):
    return np.random.default_rng(seed).normal(size=(N, D))


def at(X, rows, covariances=None):
    """Return a start at some of the rows of X, with equal weights and unit covariances."""
    means, K, D = np.asarray(X, dtype=float)[rows], len(rows), np.shape(X)[1]
    return Mixture(np.full(K, 1 / K), means, [np.eye(D)] * K if covariances is None else covariances)


def troubles() -> list[Trouble]:
    """Return the rows of the table."""
    X, t = cloud(), np.linspace(-2, 2, 60)
    two = at(X, [0, 1])
    copies = np.r_[np.full((30, 2), 7.0), X]
    constant, line = np.c_[X[:, 0], np.full(60, 3.0)], np.c_[X, 2 * X[:, 0] - X[:, 1] + 1]
    few = np.repeat([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]], 20, axis=0)
    five = at(few + 0.1 * cloud(), [0, 1, 20, 21, 40])
    four = 5 * np.array([[0.0, 0.0], [1.0, 0.2], [0.1, 1.0], [1.3, 1.1]])
    wide, outlier = cloud(5, 8), np.r_[X, [[1e6, 1e6]]]
    groups, beside = np.r_[X, X + 8], np.r_[np.c_[t, t + 9], X]
    same = at(groups, [0, 0, 60])
    far = Mixture([0.5, 0.5], [[0, 0], [1e4, 1e4]], [np.eye(2)] * 2)
    missing, infinite, twice = X.copy(), X.copy(), X.astype(complex)
    missing[3, 1], infinite[3, 1] = np.nan, np.inf
    return [
        Trouble("30 copies of one point beside others", copies, at(copies, [0, 40]), "collapsed", "the 1st row"),
        Trouble("all points the same", np.ones((60, 2)), two, "collapsed", "The 1st feature"),
        Trouble("a constant column", constant, two, "collapsed", "The 2nd feature"),
        Trouble("a column, a linear function of others", line, at(line, [0, 1]), "collapsed", "The 3rd feature"),
        Trouble("one of two groups on a line", beside, at(beside, [30, 80]), "collapsed", "line or plane"),
        Trouble("K above the number of distinct points", few, five, "collapsed", "single point"),
        Trouble("as many components as points", four, at(four, [0, 1, 2, 3]), "collapsed", "single point"),
        Trouble("more features than points", wide, at(wide, [0, 1]), "collapsed", "5 points in 8 dimensions"),
        Trouble("one far outlier", outlier, at(outlier, [0, 60]), "collapsed", "the 61st row"),
        Trouble("two identical components in the start", groups, same, "identical", "Components 1 and 2"),
        Trouble("a component far from all points", X, far, "empty", "Component 2 lost all its points"),
        Trouble("fewer points than components", X[:1], two, "ValueError", "X has 1 row(s), fewer than the 2"),
        Trouble("a missing value", missing, two, "ValueError", "X[3, 1] is nan"),
        Trouble("an infinite value", infinite, two, "ValueError", "X[3, 1] is inf"),
        Trouble("a masked value", np.ma.masked_equal(X, X[3, 1]), two, "ValueError", "X[3, 1] is masked"),
        Trouble("complex values", twice, two, "ValueError", "X is complex"),
        Trouble("values of 1e-160", X * 1e-160, two, "ValueError", "X[:, 0] spreads over"),
        Trouble("values of 1e160", X * 1e160, two, "ValueError", "X[:, 0] holds values up to"),
        Trouble("a feature too many in the start", X, at(line, [0, 1]), "ValueError", "X has 2 feature(s)"),
    ]  # fmt: skip


TROUBLES = troubles()
FLOORS = [0.0, 1e-6]


def attempt(trouble: Trouble, floor: float):
    """Return the run, or the ValueError; any warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            spread = 1.0 if floor == 0 or trouble.kind == "ValueError" else max(trouble.X.var(), 1e-3)
            return fit(trouble.X, trouble.start, reg_covar=floor * spread)
        except ValueError as error:
            return error


@pytest.mark.parametrize("floor", FLOORS)
@pytest.mark.parametrize("trouble", TROUBLES, ids=[trouble.name for trouble in TROUBLES])
def test_the_cause_is_named(trouble, floor):
    answer = attempt(trouble, floor)
    if trouble.kind == "ValueError":
        assert isinstance(answer, ValueError)
        assert trouble.words in str(answer)
        return
    for state in answer.states:
        assert np.isfinite(state.log_likelihood)
        assert np.isfinite(np.r_[state.mixture.means.ravel(), state.mixture.covariances.ravel()]).all()
        assert state.mixture.weights.sum() == pytest.approx(1)
    kind = "degenerate" if floor and trouble.kind == "collapsed" else trouble.kind
    messages = [event.message for event in answer.events if event.kind == kind]
    assert messages
    if kind == trouble.kind or "feature" in trouble.words or "dimensions" in trouble.words:
        assert any(trouble.words in message for message in messages)


def test_the_table_in_the_documentation_is_true():
    assert TABLE.read_text(encoding="utf-8") == table(), "run python -m tests.em.test_troubles"


# --- The table ----------------------------------------------------------------------------------------------------


def table() -> str:
    """Return the document."""
    rows = [[t.name, *(ours(attempt(t, floor)) for floor in FLOORS), theirs(t)] for t in TROUBLES]
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def ours(answer) -> str:
    """Say what gmmviz did: how it ended, and the first message of each kind."""
    if isinstance(answer, ValueError):
        return f"ValueError: {_steady(str(answer))}"
    first = {event.kind: f"*{event.kind}*: {_steady(event.message)}" for event in reversed(answer.events)}
    told = [first[kind] for kind in dict.fromkeys(event.kind for event in answer.events)]
    return " ".join([f"Stops as {answer.stop_reason}.", *told])


def theirs(trouble: Trouble) -> str:
    """Say what scikit-learn does from the same start."""
    S = trouble.start.covariances
    model = GaussianMixture(
        trouble.start.n_components,
        weights_init=trouble.start.weights,
        means_init=trouble.start.means,
        precisions_init=np.linalg.inv(S),
        max_iter=1000,
        random_state=0,
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            model.fit(trouble.X)
        except Exception as error:
            return f"{type(error).__name__}."
    counts = model.weights_ * len(trouble.X)
    narrow = np.linalg.eigvalsh(model.covariances_)[:, 0] < 2 * model.reg_covar
    told = sorted({warning.category.__name__ for warning in caught})
    notes = [
        "Converges" if model.converged_ else "Does not converge",
        f"warns ({', '.join(told)})" if told else "without a word",
    ]
    if narrow.any():
        notes.append(f"{narrow.sum()} of {len(counts)} components at the floor")
    if (counts < 1e-9).any():
        notes.append("a component without points" + _place(model, counts))
    if not np.isfinite(model.means_).all():
        notes.append("means that are no numbers")
    return ", ".join(notes) + "."


def _place(model, counts) -> str:
    k = int(np.argmin(counts))
    return " jumps to the origin" if np.abs(model.means_[k]).max() < 1e-6 else ""


def _steady(message: str) -> str:
    """Leave out what may differ in its last digits from machine to machine."""
    return re.sub(r" by [\d.e+-]+(?=[ .])", "", message).replace("|", "\\|")


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    print(f"wrote {TABLE}")
