"""How many digits a log-likelihood has: the bound that each state carries, against 60 digits, and what comes of it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.em import Mixture, em, fit, fit_many, fit_stream
from gmmviz.em.fitting import whole
from gmmviz.em.sentences import sentence
from gmmviz.em.stopping import SHARE
from gmmviz.starts import start
from tests import reference

TYPES = ["full", "tied", "diag", "spherical"]


def collinear(X, exponent, rng):
    return X * 10.0 ** -np.linspace(0, exponent, X.shape[1])


def rotated(X, exponent, rng):
    D = X.shape[1]
    return collinear(X, exponent, rng) @ np.linalg.qr(rng.standard_normal((D, D)))[0]


def tight(X, exponent, rng):
    few = len(X) // 3
    X[:few] = X[0] + 10.0**-exponent * rng.standard_normal((few, X.shape[1]))
    return X


def far(X, exponent, rng):
    return X + 10.0**exponent


def outlier(X, exponent, rng):
    X[0] = 10.0**exponent
    return X


KINDS = [collinear, rotated, tight, far, outlier]
"""Data whose covariances have the condition 10 ** (2 * exponent), or that lie so far away."""


def draw(kind, exponent: float, seed: int, most=60) -> tuple[np.ndarray, int]:
    """Return points (N, D) of a kind, and K."""
    rng = np.random.default_rng(seed)
    D, K, N = int(rng.integers(2, 8)), int(rng.integers(1, 5)), int(rng.integers(20, most))
    X = rng.standard_normal((N, D)) + 3 * rng.integers(0, 3, size=N)[:, None]
    return kind(X, exponent, rng), K


def fitted(X, K, covariance_type, begin, seed, **settings):
    return fit(X, start(X, K, begin, covariance_type, rng=seed), covariance_type, **settings)


def error(X, state) -> float:
    """Return how far a state's log-likelihood is from that in 60 digits."""
    return abs(state.log_likelihood - reference.e_step(X, state.mixture)[1])


hard = st.tuples(st.sampled_from(KINDS), st.floats(4, 8), st.integers(0, 10**6))
begins = st.sampled_from(["k-means", "random-points", "k-means++"])


@given(hard, st.sampled_from(TYPES), begins, st.sampled_from([0.0, 1e-3, 1e-6]))
def test_every_log_likelihood_is_right_within_its_bound(case, covariance_type, begin, tol):
    X, K = draw(*case, most=40)
    run = fitted(X, K, covariance_type, begin, case[2], tol=tol, max_iter=4)
    for state in run.states:
        assert error(X, state) <= state.rounding
    digits = (tol or 1e-6) * len(X)
    for state in run.states[1:]:
        assert state.rounding <= max(digits, SHARE * abs(state.log_likelihood))


@pytest.mark.parametrize("covariance_type", ["full", "tied"])
def test_the_bound_is_not_fifty_times_too_wide(covariance_type):
    """In the median, also over those states alone whose error is more than the last digits."""
    ratios, large = [], []
    for seed in range(60):
        X, K = draw(KINDS[seed % 5] if seed < 30 else rotated, 4 + seed / 15, seed, most=40)
        for state in fitted(X, K, covariance_type, "k-means", seed, tol=0, max_iter=3).states:
            if off := error(X, state):
                ratios.append(state.rounding / off)
                if off > 1e-14 * abs(state.log_likelihood):
                    large.append(ratios[-1])
    assert min(len(ratios), 3 * len(large)) > 60
    assert 1 < min(ratios)
    assert np.median(ratios) < 50
    assert np.median(large) < 50


@given(hard, st.sampled_from(TYPES), begins)
def test_without_a_floor_no_fall_beyond_rounding_is_converged(case, covariance_type, begin):
    X, K = draw(*case, most=120)
    run = fitted(X, K, covariance_type, begin, case[2])
    assert "decreased" not in {event.kind for event in run.events}
    for old, new in pairwise(run.states):
        assert old.log_likelihood - new.log_likelihood <= max(old.rounding + new.rounding, 1e-6 * len(X))


def nearly_collinear(seed):
    """Return points of condition 1e14, K and a covariance type, for some seeds of which EM once fell unheard."""
    rng = np.random.default_rng(seed)
    D, K, N = int(rng.integers(6, 11)), int(rng.integers(2, 13)), int(rng.integers(40, 120))
    covariance_type = str(rng.choice(["tied", "full"]))
    X = rng.standard_normal((N, D)) + 3 * rng.integers(0, 3, size=N)[:, None]
    X = X @ np.diag(10.0 ** -np.linspace(0, 7, D)) @ np.linalg.qr(rng.standard_normal((D, D)))[0]
    return X, K, covariance_type


@pytest.mark.parametrize("seed", [766, 638])
def test_a_run_whose_digits_are_used_up_stops_and_says_so(seed):
    X, K, covariance_type = nearly_collinear(seed)
    run = fitted(X, K, covariance_type, "k-means", 0)
    assert run.stop_reason == "collapsed"
    event = run.events[-1]
    assert (event.kind, event.iteration) == ("collapsed", len(run.states))
    assert event.amount > 1e-6 * len(X)
    assert "hardly varies" in event.message or "rests on" in event.message


def thin(width: float, N=200):
    """Return points about the line x2 = -2 x1, whose two features correlate but for `width`."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(N, 1)) * [1.0, -2.0] + width * rng.normal(size=(N, 2))


def test_the_direction_is_that_in_which_the_points_are_flat():
    X = thin(3e-7)
    run = fit(X, Mixture([1.0], [[0.0, 0.0]], [np.eye(2)]))
    assert run.stop_reason == "collapsed"
    event = run.events[-1]
    assert event.cause == "flat"
    assert event.direction == pytest.approx((1.0, 1.0), abs=1e-3)  # in units of each one's spread
    assert "depth + width, each" in sentence(event, features=["depth", "width"])


def test_a_direction_is_told_in_units_of_the_data_s_spread_and_a_shared_one_of_all_components():
    X = np.r_[thin(3e-7), np.add(thin(3e-7), [100.0, 0.0])]
    begin = Mixture([0.5, 0.5], [[0.0, 0.0], [100.0, 0.0]], [np.eye(2)] * 2)
    for covariance_type, components in (("full", 1), ("tied", 2)):
        event = fit(X, begin, covariance_type).events[-1]
        assert (event.kind, event.cause, len(event.components)) == ("collapsed", "flat", components)
        across, up = X.std(axis=0)  # flat is 2 x1 + x2
        assert event.direction == pytest.approx((1.0, up / (2 * across)), abs=1e-3)


@pytest.mark.parametrize("width", [1e-5, 1e-4])
def test_a_thin_ellipse_that_the_digits_still_tell_is_fitted(width):
    X = thin(width)
    run = fit(X, Mixture([1.0], [[0.0, 0.0]], [np.eye(2)]), tol=1e-3)
    assert run.stop_reason == "converged"
    assert error(X, run.states[-1]) <= run.states[-1].rounding < 1e-3 * len(X)


def test_a_start_that_is_too_flat_is_all_there_is():
    X = thin(3e-7)
    begin = Mixture([1.0], [X.mean(axis=0)], [np.cov(X.T)])
    run = fit(X, begin)
    assert (len(run.states), run.stop_reason) == (1, "collapsed")
    assert [(event.iteration, event.kind) for event in run.events] == [(0, "collapsed")]
    assert "The start is all there is." in run.events[0].message
    assert fit(X, begin, max_iter=0).stop_reason == "max_iter"
    assert whole(em(X, begin, max_iter=0)).stop_reason == "max_iter"
    many, other = fit_many(X, [begin, Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])])
    assert (len(many.states), many.stop_reason, many.events) == (1, "collapsed", run.events)
    assert (len(other.states), other.stop_reason) == (1, "collapsed")
    (outcome,) = filter(None, fit_stream(X, [begin]))
    assert (outcome.log_likelihoods.tolist(), outcome.stop_reason) == (
        [many.states[0].log_likelihood],
        "collapsed",
    )
    np.testing.assert_array_equal(outcome.mixture.covariances, begin.covariances)


@given(hard, st.sampled_from(TYPES))
def test_side_by_side_and_one_after_another_stop_where_one_alone_does(case, covariance_type):
    X, K = draw(*case)
    starts = [start(X, K, "random-points", covariance_type, rng=seed) for seed in range(3)]
    alone = [fit(X, begin, covariance_type, max_iter=5, tol=1e-4) for begin in starts]
    beside = fit_many(X, starts, covariance_type, max_iter=5, tol=1e-4)
    streamed = list(filter(None, fit_stream(X, starts, covariance_type, max_iter=5, tol=1e-4)))
    for one, other, outcome in zip(alone, beside, streamed, strict=True):
        roundings = [state.rounding for state in one.states]
        if max(roundings) > 1e-9 * len(
            X
        ):  # where digits go, the next step magnifies what the last left of them
            continue
        assert len({run.stop_reason == "collapsed" for run in (one, other, outcome)}) == 1
        assert [state.rounding for state in other.states] == pytest.approx(roundings, rel=0.2)


def test_a_far_start_has_few_digits_and_climbs_all_the_same():
    X = np.random.default_rng(0).normal(size=(60, 2))
    states = list(em(X, Mixture([1.0], [[1e7, 1e7]], [np.eye(2)]), max_iter=3))
    assert states[0].rounding > 1e-6 * len(X)
    assert len(states) > 2


def test_a_tolerance_finer_than_any_digits_ends_no_healthy_run():
    rng = np.random.default_rng(0)
    X = np.r_[5e-3 * rng.normal(size=(60, 2)), 3 + rng.normal(size=(60, 2))]
    run = fit(X, start(X, 2, "k-means", rng=0), tol=1e-14, max_iter=200)
    assert run.states[-1].rounding > max(1e-14 * len(X), SHARE * abs(run.states[-1].log_likelihood))
    assert run.stop_reason != "collapsed"


def test_far_from_the_origin_what_the_means_lose_is_no_fall():
    """At 1e12 deviations a mean is sure to 1e-4 of one, which costs the log-likelihood more than its own rounding."""
    for seed in (2, 4):
        X, K = draw(far, 12, seed)
        run = fitted(X, K, "full", "k-means", seed, tol=0, max_iter=20)
        assert any(
            old.log_likelihood - new.log_likelihood > old.rounding + new.rounding
            for old, new in pairwise(run.states)
        )
        assert "decreased" not in {event.kind for event in run.events}


def test_where_em_has_converged_the_square_of_what_rounding_changes_remains():
    """One component is there after one step; to first order its log-likelihood no longer depends on its covariance."""
    ratios = []
    for seed in range(60):
        X, _ = draw(rotated, 5.5 + seed / 30, seed)
        for state in fitted(X, 1, "full", "k-means", seed, tol=0, max_iter=3).states[1:]:
            if off := error(X, state):
                ratios.append(state.rounding / off)
    assert len(ratios) > 60
    assert min(ratios) > 1
    assert np.median(ratios) < 100
