"""A run that is made in parts is the run that is made at once, however far it is asked for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.em import COVARIANCE_TYPES, Ascent, Mixture, Run, em
from gmmviz.starts import start

KINDS = {
    "spread": lambda rng, N: rng.standard_normal((N, 2)) * [1, 4],
    "repeated": lambda rng, N: np.vstack([np.tile([[3.0, 1.0]], (N // 3, 1)), rng.standard_normal((N, 2))]),
    "lattice": lambda rng, N: rng.integers(0, 4, (N, 2)).astype(float),
}
"""The latter two collapse without a floor."""


def at_once(X, first, covariance_type="full", **settings):
    """The run that the generator makes, state by state, with nothing of an ascent in between."""
    iteration, states = em(X, first, covariance_type, **settings), []
    while True:
        try:
            states.append(next(iteration))
        except StopIteration as end:
            return Run(tuple(states), *end.value)


def same(one, other):
    assert (one.stop_reason, one.events) == (other.stop_reason, other.events)
    assert len(one.states) == len(other.states)
    for a, b in zip(one.states, other.states, strict=True):
        assert (a.iteration, a.log_likelihood) == (b.iteration, b.log_likelihood)
        np.testing.assert_array_equal(a.mixture.means, b.mixture.means)
        np.testing.assert_array_equal(a.mixture.covariances, b.mixture.covariances)


@given(
    kind=st.sampled_from(list(KINDS)),
    seed=st.integers(0, 999),
    K=st.integers(1, 5),
    covariance_type=st.sampled_from(list(COVARIANCE_TYPES)),
    reg_covar=st.sampled_from([0.0, 1e-6, 0.1]),
    tol=st.sampled_from([0.0, 1e-9, 1e-3]),
    most=st.integers(1, 40),
    asked=st.integers(1, 45),
)
def test_it_is_what_em_yields_with_so_many_iterations_at_most(
    kind, seed, K, covariance_type, reg_covar, tol, most, asked
):
    X = KINDS[kind](np.random.default_rng(seed), 40)
    first = start(X, K, "random-points", covariance_type, rng=seed, floor=1e-6)
    settings = {"reg_covar": reg_covar, "tol": tol}
    ascent = Ascent(X, first, covariance_type, max_iter=most, **settings)
    for wanted in (asked, 1, most):
        expected = at_once(X, first, covariance_type, max_iter=min(wanted, most), **settings)
        same(ascent.run(wanted), expected)
    same(ascent.run(), at_once(X, first, covariance_type, max_iter=most, **settings))


def climbing(**settings):
    X = np.random.default_rng(0).standard_normal((50, 2))
    return Ascent(X, start(X, 3, "random-points", rng=0), **{"tol": 0.0, "max_iter": 30} | settings)


def test_it_goes_on_where_it_stopped_and_no_further_than_asked():
    ascent = climbing()
    assert (ascent.iterations, ascent.ended, ascent.n_points) == (-1, False, 50)
    assert ascent.advance(5)
    assert (ascent.iterations, ascent.ended) == (5, False)
    before = ascent.run(5)
    assert ascent.advance(3)
    assert ascent.iterations == 5
    assert ascent.advance(10)
    assert ascent.run(10).states[:6] == before.states
    assert ascent.log_likelihood == ascent.run(11).states[-1].log_likelihood
    assert ascent.advance(99)
    assert (ascent.iterations, ascent.ended) == (30, True)


def test_without_time_it_still_takes_a_step():
    ascent = climbing()
    taken = [ascent.advance(1, seconds=0.0) for _ in range(3)]
    assert taken == [False, False, True]


def test_what_is_not_valid_is_refused_at_the_call():
    X = np.random.default_rng(0).standard_normal((50, 2))
    first = start(X, 3, "random-points", rng=0)
    for wrong in ({"tol": -1.0}, {"max_iter": 0.5}, {"covariance_type": "round"}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Ascent(X, first, **wrong)
    with pytest.raises(ValueError, match="feature"):
        Ascent(X, Mixture([1.0], [[0.0]], [[[1.0]]]))


@pytest.mark.parametrize("reg_covar", [0.0, 0.1])
def test_asked_for_as_many_as_there_are_it_does_not_tell_what_would_have_come_next(reg_covar):
    """Without a floor the run collapses; with a large one its log-likelihood falls."""
    X = KINDS["spread"](np.random.default_rng(2), 40)
    first = start(X, 4, "random-points", rng=3, floor=1e-6)
    whole = Ascent(X, first, reg_covar=reg_covar, tol=1e-9, max_iter=400)
    last = whole.run().states[-1].iteration
    assert whole.run().stop_reason == ("decreased" if reg_covar else "collapsed")
    same(whole.run(last), at_once(X, first, reg_covar=reg_covar, tol=1e-9, max_iter=last))
    assert whole.run(last).stop_reason == "max_iter"
    assert whole.run(last + 1).stop_reason != "max_iter"
