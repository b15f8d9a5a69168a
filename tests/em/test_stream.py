"""EM from one start after another: the outcomes that `fit` has, in the order of the starts, with room kept full."""

from itertools import count, islice

import numpy as np
import pytest

import gmmviz.em.stream as stream
from gmmviz.datasets import load
from gmmviz.em import COVARIANCE_TYPES, CRITERIA, Mixture, fit, fit_many, fit_stream
from gmmviz.starts import start

X = load("blobs", n=90, seed=1).X


def starts_of(K=4, covariance_type="full", R=30, floor=1e-6):
    return [start(X, K, "random-points", covariance_type, seed, floor) for seed in range(R)]


def outcomes_of(starts, covariance_type="full", **settings):
    return [one for one in fit_stream(X, starts, covariance_type, **settings) if one is not None]


def expect_same(outcomes, runs):
    """The same ends; of a collapse up to its last state, whose digits the vanishing variance has taken along."""
    assert len(outcomes) == len(runs)
    for outcome, run in zip(outcomes, runs, strict=True):
        assert outcome.stop_reason == run.stop_reason
        expected = [state.log_likelihood for state in run.states]
        assert len(outcome.log_likelihoods) == len(expected)
        if run.stop_reason == "collapsed":
            np.testing.assert_allclose(outcome.log_likelihoods[:-1], expected[:-1], rtol=1e-7)
            continue
        np.testing.assert_allclose(outcome.log_likelihoods, expected, rtol=1e-9)
        for part in ("weights", "means", "covariances"):
            found, wanted = getattr(outcome.mixture, part), getattr(run.states[-1].mixture, part)
            np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
@pytest.mark.parametrize("criterion", CRITERIA)
@pytest.mark.parametrize("widest", [1, 4, 100])
def test_each_start_comes_to_what_fit_comes_to(monkeypatch, covariance_type, criterion, widest):
    monkeypatch.setattr(stream, "WIDEST", widest)
    starts = starts_of(3, covariance_type, R=10)
    settings = {"reg_covar": 1e-3, "tol": 1e-5, "criterion": criterion}
    runs = [fit(X, one, covariance_type, **settings) for one in starts]
    expect_same(outcomes_of(starts, covariance_type, **settings), runs)


def test_collapses_falls_and_ends_at_the_last_iteration_are_those_of_fit():
    starts = starts_of(5, R=40)
    collapsing = fit_many(X, starts, tol=1e-9, max_iter=300)
    assert {"collapsed", "converged", "max_iter"} <= {run.stop_reason for run in collapsing}
    expect_same(outcomes_of(starts, tol=1e-9, max_iter=300), collapsing)
    falling = fit_many(X, starts, reg_covar=0.3, tol=1e-6)
    assert "decreased" in {run.stop_reason for run in falling}
    expect_same(outcomes_of(starts, reg_covar=0.3, tol=1e-6), falling)
    cut = outcomes_of(starts[:5], reg_covar=1e-3, tol=0, max_iter=7)
    assert [(len(one.log_likelihoods), one.stop_reason) for one in cut] == [(8, "max_iter")] * 5


def test_starts_are_asked_for_when_there_is_room_for_them(monkeypatch):
    monkeypatch.setattr(stream, "WIDEST", 4)
    asked = []

    def endless():
        for seed in count():
            asked.append(seed)
            yield start(X, 3, "random-points", "full", seed)

    going = fit_stream(X, endless(), reg_covar=1e-3)
    for done in range(1, 6):
        next(one for one in going if one is not None)
        assert done <= len(asked)
    waiting = [one for one in islice(going, 40) if one is None]
    assert waiting  # work is done in small pieces
    many = len(asked)
    told = sum(one is not None for one in islice(going, 30))
    assert len(asked) <= many + 30
    assert told < 30


def test_never_more_go_side_by_side_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(stream, "WIDEST", 4)
    seen = []
    original = stream.expectation
    monkeypatch.setattr(
        stream, "expectation", lambda points, m: seen.append(len(m.weights)) or original(points, m)
    )
    outcomes_of(starts_of(3, R=12), reg_covar=1e-3)
    assert max(seen) == 4
    assert seen[: len(seen) // 2].count(4) > 0.9 * (
        len(seen) // 2
    )  # and as many as that, while there are starts


def test_no_start_at_all_comes_to_nothing():
    assert outcomes_of([]) == []


def test_bad_input_is_refused_at_the_call_and_a_bad_start_when_its_turn_comes():
    with pytest.raises(ValueError, match="tol"):
        fit_stream(X, [], tol=-1)
    with pytest.raises(ValueError, match="nan"):
        fit_stream([[np.nan]], [])
    one, other = start(X, 2, "random-points"), start(X, 3, "random-points")
    with pytest.raises(ValueError, match="same number"):
        outcomes_of([one, other])
    far = Mixture([1.0], [[1e150, 0.0]], [np.eye(2) * 1e-12])
    with pytest.raises(ValueError, match="1e154"):
        outcomes_of([far])


def test_points_too_faint_for_the_pass_at_once_are_looked_at_first():
    far = np.vstack([X, [[60.0, 60.0]]])
    begin = [
        Mixture([0.5, 0.5], [X[r], X[-1 - r]], [np.eye(2), 2 * np.eye(2)]) for r in range(3)
    ]  # from which the last point's density is far below FAINT
    settings = {"reg_covar": 1e-3, "tol": 0, "max_iter": 4}
    found = [one for one in fit_stream(far, begin, **settings) if one is not None]
    expect_same(found, [fit(far, one, **settings) for one in begin])
