"""What EM finds does not depend on units, origin, axes or order: from a start changed alike it takes the same way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.em import Mixture, e_step, fit, m_step

ITERATIONS = 6
TYPES = ["full", "tied", "diag", "spherical"]
EPS = np.finfo(float).eps


def draw(seed: int, D: int, K: int, covariance_type: str):
    """Return X (40, D), on a grid of 2^-12, about overlapping centres, and a start near them."""
    rng = np.random.default_rng(seed)
    labels = np.arange(40) % K
    shapes = np.eye(D) + 0.3 * rng.normal(size=(K, D, D))
    X = 3 * rng.normal(size=(K, D))[labels] + np.einsum(
        "nij,nj->ni", shapes[labels], rng.normal(size=(40, D))
    )
    X = np.round(X * 2**12) / 2**12
    begin = m_step(X, 0.7 * np.eye(K)[labels] + 0.3 / K, covariance_type, reg_covar=0.1)
    return X, Mixture(begin.weights, np.round(begin.means * 2**12) / 2**12, begin.covariances)


def assert_same_way(X, begin, covariance_type, there, back, tolerance, reg_covar=0.0, reg_there=0.0):
    """Fit before and after the change, and compare at every iteration.

    there(X), there(X, mixture) change points and mixtures, back(mixture) undoes it.
    """
    settings = {"covariance_type": covariance_type, "tol": 0, "max_iter": ITERATIONS}
    plain = fit(X, begin, reg_covar=reg_covar, **settings)
    changed_X, changed_start = there(X, begin)
    changed = fit(changed_X, changed_start, reg_covar=reg_there, **settings)
    assert [event[:3] for event in plain.events] == [event[:3] for event in changed.events]
    assert plain.stop_reason == changed.stop_reason
    for a, b in zip(plain.states, changed.states, strict=True):
        found = back(b.mixture)
        np.testing.assert_allclose(found.weights, a.mixture.weights, atol=tolerance)
        np.testing.assert_allclose(found.means, a.mixture.means, atol=tolerance)
        np.testing.assert_allclose(found.covariances, a.mixture.covariances, atol=tolerance)
        R, expected = e_step(changed_X, b.mixture)[0], e_step(X, a.mixture)[0]
        np.testing.assert_allclose(R, expected, atol=tolerance)


cases = st.tuples(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 3), st.sampled_from(TYPES))


@given(cases, st.floats(-8, 8), st.booleans())
def test_shifting(case, exponent, down):
    """By up to 1e8 times the spread; the means then keep what float64 leaves of them, eps times the shift."""
    X, begin = draw(*case)
    shift = np.round((-1) ** down * 10.0**exponent * 3 * np.arange(1, X.shape[1] + 1))

    def move(mixture, by):
        return Mixture(mixture.weights, mixture.means + by, mixture.covariances)

    assert_same_way(
        X, begin, case[3], lambda X, m: (X + shift, move(m, shift)), lambda m: move(m, -shift),
        tolerance=1e-9 + 300 * EPS * np.abs(shift).max(),
    )  # fmt: skip


def scaled(mixture, by):
    by = np.broadcast_to(by, mixture.means.shape[1:])
    return Mixture(mixture.weights, mixture.means * by, mixture.covariances * by[:, None] * by)


@given(cases, st.integers(-150, 150), st.sampled_from([0.0, 1e-3]))
def test_one_unit_for_all_features(case, exponent, reg_covar):
    X, begin = draw(*case)
    c = 10.0**exponent
    assert_same_way(
        X, begin, case[3], lambda X, m: (X * c, scaled(m, c)), lambda m: scaled(m, 1 / c),
        tolerance=1e-9, reg_covar=reg_covar, reg_there=reg_covar * c * c,
    )  # fmt: skip


@given(cases, st.lists(st.integers(-40, 40), min_size=4, max_size=4), st.sampled_from([0.0, 1e-3]))
def test_a_unit_for_each_feature(case, exponents, reg_covar):
    X, begin = draw(*case[:3], "full" if case[3] == "spherical" else case[3])
    c = 10.0 ** np.array(exponents[: X.shape[1]], dtype=float)
    assert_same_way(
        X, begin, "full" if case[3] == "spherical" else case[3],
        lambda X, m: (X * c, scaled(m, c)), lambda m: scaled(m, 1 / c),
        tolerance=1e-9, reg_covar=reg_covar, reg_there=reg_covar * c * c,
    )  # fmt: skip


@given(cases)
def test_turning_the_axes(case):
    covariance_type = "tied" if case[3] == "diag" else case[3]
    X, begin = draw(*case[:3], covariance_type)
    Q, _ = np.linalg.qr(np.random.default_rng(case[0]).normal(size=(X.shape[1], X.shape[1])))

    def turned(mixture, Q):
        S = Q.T @ mixture.covariances @ Q
        return Mixture(mixture.weights, mixture.means @ Q, 0.5 * (S + S.transpose(0, 2, 1)))

    assert_same_way(
        X,
        begin,
        covariance_type,
        lambda X, m: (X @ Q, turned(m, Q)),
        lambda m: turned(m, Q.T),
        tolerance=1e-9,
    )


@given(cases)
def test_the_order_of_the_points(case):
    X, begin = draw(*case)
    order = np.random.default_rng(case[0]).permutation(len(X))
    settings = {"covariance_type": case[3], "tol": 0, "max_iter": ITERATIONS}
    a, b = fit(X, begin, **settings).states[-1], fit(X[order], begin, **settings).states[-1]
    np.testing.assert_allclose(e_step(X, a.mixture)[0][order], e_step(X[order], b.mixture)[0], atol=1e-10)
    assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-12)


@given(cases)
def test_the_order_of_the_components(case):
    X, begin = draw(*case)
    order = np.random.default_rng(case[0]).permutation(begin.n_components)

    def rearranged(mixture, order):
        return Mixture(mixture.weights[order], mixture.means[order], mixture.covariances[order])

    back = np.argsort(order)
    settings = {"covariance_type": case[3], "tol": 0, "max_iter": ITERATIONS}
    a, b = fit(X, begin, **settings), fit(X, rearranged(begin, order), **settings)
    for one, other in zip(a.states, b.states, strict=True):
        found = rearranged(other.mixture, back)
        assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-12)
        np.testing.assert_allclose(found.weights, one.mixture.weights, atol=1e-11)
        np.testing.assert_allclose(found.means, one.mixture.means, atol=1e-11)
        np.testing.assert_allclose(found.covariances, one.mixture.covariances, atol=1e-10)
