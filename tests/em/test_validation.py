"""What may come in, and what every refusal says: the value, where it stands, and what to do."""

import numpy as np
import pytest

from gmmviz.em import Mixture, e_step, em, fit, fit_many, m_step

X = np.array([[0.0, 1.0], [1.0, 3.0], [8.0, 2.0], [9.0, 5.0], [4.0, 4.0]])
START = Mixture([0.5, 0.5], [[0.0, 1.0], [9.0, 4.0]], [np.eye(2), 2 * np.eye(2)])
M, S = START.means, START.covariances
R = np.full((5, 2), 0.5)


def spoilt(value, at=(2, 1), array=X):
    array = array.astype(type(value) if isinstance(value, complex) else float)
    array[at] = value
    return array


REFUSED = [
    # what is asked for, then every piece of text the error must hold
    (lambda: e_step(spoilt(np.nan), START), ["X[2, 1] is nan", "drop the row"]),
    (lambda: e_step(spoilt(-np.inf), START), ["X[2, 1] is -inf", "drop the row"]),
    (lambda: e_step(spoilt(1e200), START), ["X", "1e+200", "divide"]),
    (lambda: e_step(np.ma.masked_equal(X, 8.0), START), ["X[2, 0] is masked", "drop the row"]),
    (lambda: fit(X * [1e-160, 1.0], START), ["X[:, 0] spreads over 9e-160", "multiply"]),
    (lambda: e_step([[1e152, 1]], Mixture([0.5, 0.5], M, 1e-9 * S)), ["more than 1e154 standard dev", "units"]),
    (lambda: fit([[1e152, 1]] * 2, Mixture([0.5, 0.5], M, 1e-9 * S)), ["more than 1e154 standard dev"]),
    (lambda: fit_many(X, []), ["starts is empty"]),
    (lambda: fit_many(X, [START, Mixture([1.0], M[:1], S[:1])]), ["starts[1] has 1 component", "starts[0] has 2"]),
    (lambda: e_step(X + 1j, START), ["X is complex", "give real numbers"]),
    (lambda: e_step([["a", "b"]], START), ["X does not read", "numbers"]),
    (lambda: e_step([[1.0], [1.0, 2.0]], START), ["X does not read", "numbers"]),
    (lambda: e_step([1.0, 2.0], START), ["X has 1 dimension", "X.reshape(-1, 1)"]),
    (lambda: e_step(np.empty((0, 2)), START), ["X has shape (0, 2)", "at least one row"]),
    (lambda: e_step(X[:, :1], START), ["X has 1 feature", "2"]),
    (lambda: e_step(X, "start"), ["a Mixture is needed", "str", "gmmviz.starts"]),
    (lambda: fit(X[:1], START), ["X has 1 row(s)", "2 components", "smaller K"]),
    (lambda: Mixture([0.5, -0.5], *[M, S]), ["weights[1] is -0.5"]),
    (lambda: Mixture([0.5, 0.4], M, S), ["weights sum to 0.9", "divide them"]),
    (lambda: Mixture([1.0], M, S), ["weights has shape (1,)", "(2,)"]),
    (lambda: Mixture([0.5, np.nan], M, S), ["weights[1] is nan"]),
    (lambda: Mixture([0.5, 0.5], [[0.0, np.inf], [1, 1]], S), ["means[0, 1] is inf"]),
    (lambda: Mixture([], np.empty((0, 2)), np.empty((0, 2, 2))), ["means has shape (0, 2)", "at least one component"]),
    (lambda: Mixture([0.5, 0.5], M, [np.eye(3)] * 2), ["covariances has shape (2, 3, 3)", "(2, 2, 2)"]),
    (lambda: Mixture([0.5, 0.5], M, np.eye(2)), ["covariances has 2 dimension", "3"]),
    (lambda: Mixture([0.5, 0.5], M, [np.eye(2), [[1, 2], [2, 1]]]), ["covariances[1] is not", "-1", "reg_covar"]),
    (lambda: Mixture([0.5, 0.5], M, [np.eye(2), [[1, 0.1], [0.2, 1]]]), ["covariances[1, 0, 1]", "symmetric"]),
    (lambda: Mixture([0.5, 0.5], M, [np.eye(2), [[1, 1], [1, 1]]]), ["covariances[1]", "not positive definite"]),
    (lambda: fit(X, START, covariance_type="round"), ["covariance_type is 'round'", "full, tied, diag, spherical"]),
    (lambda: fit(X, START, criterion="aic"), ["criterion is 'aic'", "log_likelihood, parameters"]),
    (lambda: fit(X, START, covariance_type=["full"]), ["covariance_type is ['full']", "choose one of"]),
    (lambda: fit(X, START, tol=-1.0), ["tol is -1.0", ">= 0"]),
    (lambda: fit(X, START, tol=np.nan), ["tol is nan", ">= 0"]),
    (lambda: fit(X, START, tol="small"), ["tol is 'small'", ">= 0"]),
    (lambda: fit(X, START, max_iter=-1), ["max_iter is -1", "whole number"]),
    (lambda: fit(X, START, max_iter=2.5), ["max_iter is 2.5", "whole number"]),
    (lambda: fit(X, START, max_iter=True), ["max_iter is True", "whole number"]),
    (lambda: fit(X, START, reg_covar=-1e-3), ["reg_covar is -0.001", ">= 0"]),
    (lambda: fit(X, START, reg_covar=[1.0, np.nan]), ["reg_covar[1] is nan", ">= 0"]),
    (lambda: fit(X, START, reg_covar=[1.0, 1.0, 1.0]), ["reg_covar has shape (3,)", "each of the 2 features"]),
    (lambda: fit(X, START, reg_covar="small"), ["reg_covar is 'small'", ">= 0"]),
    (lambda: m_step(X, R[:4]), ["responsibilities has shape (4, 2)", "5 rows"]),
    (lambda: m_step(X, spoilt(0.7, (3, 0), R)), ["responsibilities[3]", "sum 1.2"]),
    (lambda: m_step(X, spoilt(np.nan, (3, 0), R)), ["responsibilities[3, 0] is nan"]),
    (lambda: m_step(X, [[1, 0]] * 5), ["component 1 has no points", "previous"]),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "pieces"), REFUSED, ids=[" ".join(pieces)[:50] for _, pieces in REFUSED])
def test_a_refusal_says_what_where_and_what_to_do(ask, pieces):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the message is read below
        ask()
    for piece in pieces:
        assert piece in str(caught.value)


def test_em_refuses_at_the_call_not_at_the_first_state():
    with pytest.raises(ValueError, match=r"X\[0, 0\] is nan"):
        em([[np.nan, 0.0]] * 3, START)


@pytest.mark.parametrize(
    "cast",
    [lambda a: a.astype(int), lambda a: a.astype(np.float32), lambda a: a.tolist(), np.asfortranarray,
     lambda a: np.repeat(a, 2, axis=0)[::2], lambda a: a.astype(bool).astype(int) * a.astype(np.int8)],
    ids=["int", "float32", "list", "fortran", "strided", "int8"],
)  # fmt: skip
def test_any_way_to_write_the_same_numbers_gives_the_same_result(cast):
    expected, found = fit(X, START, max_iter=3, reg_covar=0.1), fit(cast(X), START, max_iter=3, reg_covar=0.1)
    for a, b in zip(expected.states, found.states, strict=True):
        assert a.log_likelihood == b.log_likelihood
        np.testing.assert_array_equal(a.mixture.means, b.mixture.means)
    np.testing.assert_array_equal(e_step(X, START)[0], e_step(cast(X), START)[0])
    np.testing.assert_array_equal(m_step(X, R).covariances, m_step(cast(X), R).covariances)


def test_a_masked_array_without_masked_values_is_data():
    assert e_step(np.ma.masked_array(X), START)[1] == e_step(X, START)[1]


def test_the_callers_arrays_stay_theirs_and_the_results_stay_ours():
    points, weights, means = X.copy(), np.array([0.5, 0.5]), M.copy()
    mixture = Mixture(weights, means, S)
    run = fit(points, mixture, covariance_type="diag", max_iter=3, reg_covar=0.1)
    responsibilities, _ = e_step(points, mixture)
    m_step(points, responsibilities)
    np.testing.assert_array_equal(points, X)
    assert points.flags.writeable
    assert weights.flags.writeable
    weights[:], means[:] = 7.0, 7.0
    assert mixture.weights.tolist() == [0.5, 0.5]
    assert run.states[0].mixture.means.tolist() == M.tolist()
    for state in run.states:
        for array in (state.mixture.weights, state.mixture.means, state.mixture.covariances):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0.0
    with pytest.raises(AttributeError):
        run.states[0].mixture.weights = weights
