"""The engine against its mathematics, against scikit-learn, and against published fits."""

import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from gmmviz.datasets import READY, load
from gmmviz.density import log_joint
from gmmviz.em import COVARIANCE_TYPES, EVENT_KINDS, STOP_REASONS, Mixture, e_step, fit, m_step
from gmmviz.em.algorithm import expectation, maximisation
from gmmviz.em.points import Points
from gmmviz.em.update import Update
from gmmviz.starts import STARTS, start
from tests import reference
from tests.scikit_learn import KNOWN_TYPES

TYPES = list(COVARIANCE_TYPES)


def blobs(seed, N=60, D=2, K=3):
    """Correlated blobs of random size and place: X (N, D)."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(K, size=N)
    shapes = rng.normal(size=(K, D, D)) + 0.3 * np.eye(D)
    return 4 * rng.normal(size=(K, D))[labels] + np.einsum(
        "nij,nj->ni", shapes[labels], rng.normal(size=(N, D))
    )


def random_start(X, K, covariance_type, seed):
    """Random responsibilities, sharp enough that the components differ."""
    R = np.random.default_rng(seed).dirichlet(np.full(K, 0.3), size=len(X))
    return m_step(X, R, covariance_type, reg_covar=0.1 * X.var(axis=0).mean())


def gaps(log_likelihoods):
    return np.diff([float(value) for value in log_likelihoods])


def assert_never_falls(run, N):
    L = np.array([state.log_likelihood for state in run.states])
    assert np.isfinite(L).all()
    assert gaps(L).min(initial=0) >= -1e-10 * (N + np.abs(L).max())
    assert not [event for event in run.events if event.kind == "decreased"]
    assert run.stop_reason in ("converged", "max_iter", "collapsed")


shapes = st.tuples(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 4), st.integers(8, 70))

# --- The two steps ------------------------------------------------------------------------------------------------


@given(shapes)
def test_e_step_is_bayes_rule_in_sixty_digits(shape):
    seed, D, K, N = shape
    X = blobs(seed, N, D)
    mixture = random_start(X, K, "full", seed)
    R, log_likelihood = e_step(X[:12], mixture)
    expected, total = reference.e_step(X[:12], mixture)
    np.testing.assert_allclose(R, expected, rtol=1e-9, atol=1e-300)
    assert log_likelihood == pytest.approx(total, rel=1e-12, abs=1e-11)


@given(shapes)
def test_m_step_is_the_weighted_moments_in_sixty_digits(shape):
    seed, D, K, N = shape
    X = blobs(seed, N, D)
    R = np.random.default_rng(seed).dirichlet(np.ones(K), size=N)
    mixture = m_step(X, R, reg_covar=0.0) if N > D + 1 else m_step(X, R, reg_covar=1e-3)
    weights, means, covariances = reference.m_step(X, R)
    spread = X.std(axis=0)
    np.testing.assert_allclose(mixture.weights, weights, rtol=1e-13)
    np.testing.assert_allclose(mixture.means, means, rtol=1e-12, atol=1e-13 * spread.max())
    np.testing.assert_allclose(mixture.covariances, covariances, rtol=1e-11, atol=1e-12 * spread.max() ** 2)


@given(shapes, st.sampled_from(TYPES))
def test_m_step_maximises_the_expected_log_likelihood(shape, covariance_type):
    """No small step within the family does better: the maximum of Q, of each covariance type."""
    seed, D, K, N = shape
    X, rng = blobs(seed, N + 20, D), np.random.default_rng(seed)
    R = rng.dirichlet(np.ones(K), size=len(X))

    def Q(mixture):  # by single components, so that no responsibilities of the E-step come in
        total = 0.0
        for k in range(K):
            alone = Mixture([1.0], mixture.means[k : k + 1], mixture.covariances[k : k + 1])
            total += R[:, k] @ (np.log(mixture.weights[k]) + log_joint(X, alone)[:, 0])
        return total

    best = m_step(X, R, covariance_type)
    nudged = COVARIANCE_TYPES[covariance_type].project
    for _ in range(3):
        weights = best.weights * np.exp(0.01 * rng.normal(size=K))
        weights /= weights.sum()
        A = np.eye(D) + 0.01 * rng.normal(size=(K, D, D))
        covariances = nudged(weights, A @ best.covariances @ A.transpose(0, 2, 1))
        other = Mixture(weights, best.means + 0.01 * rng.normal(size=(K, D)), covariances)
        assert Q(other) <= Q(best) + 1e-9 * abs(Q(best))


@pytest.mark.parametrize("D", [1, 2, 3])
def test_points_a_million_deviations_away_have_correct_responsibilities(D):
    means = np.zeros((3, D))
    means[1, 0], means[2, 0] = 1e-6, 3.0
    mixture = Mixture([0.5, 0.3, 0.2], means, [np.eye(D), np.eye(D), 4 * np.eye(D)])
    X = np.zeros((4, D))
    X[:, 0] = 1e6, -1e6, 1e150, 0.5
    R, log_likelihood = e_step(X, mixture)
    expected, total = reference.e_step(X, mixture)
    np.testing.assert_allclose(R, expected, rtol=2e-3, atol=1e-300)
    np.testing.assert_allclose(R[3], expected[3], rtol=1e-12)
    assert log_likelihood == pytest.approx(total, rel=1e-12)
    np.testing.assert_allclose(e_step([[1e6], [-1e6]], Mixture([0.5, 0.5], [[0], [1e-6]], [[[1]], [[1]]]))[0][:, 0],
                               [1 / (1 + np.e), 1 / (1 + 1 / np.e)], rtol=2e-3)  # fmt: skip


# --- The loop -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("name", READY)
def test_never_falls_from_any_start(name, covariance_type):
    X = load(name, n=150).X
    for method in STARTS:
        for K in (2, 5):
            begin = start(X, K, method, covariance_type, rng=K)
            assert_never_falls(fit(X, begin, covariance_type=covariance_type, tol=0, max_iter=40), len(X))


@given(shapes, st.sampled_from(TYPES))
def test_never_falls_in_any_dimension(shape, covariance_type):
    seed, D, K, N = shape
    X = blobs(seed, N, D)
    run = fit(
        X, random_start(X, K, covariance_type, seed), covariance_type=covariance_type, tol=0, max_iter=60
    )
    assert_never_falls(run, N)


@given(shapes, st.sampled_from(TYPES))
def test_each_state_is_an_e_step_and_an_m_step_of_the_one_before(shape, covariance_type):
    seed, D, K, N = shape
    X = blobs(seed, N + 20, D)
    run = fit(
        X,
        random_start(X, K, covariance_type, seed),
        covariance_type=covariance_type,
        reg_covar=1e-3,
        max_iter=8,
    )
    spread = X.std(axis=0).max()
    for old, new in pairwise(run.states):
        R, log_likelihood = e_step(X, old.mixture)
        expected = m_step(X, R, covariance_type, reg_covar=1e-3)
        assert old.log_likelihood == pytest.approx(log_likelihood, rel=1e-10, abs=1e-9)
        np.testing.assert_allclose(new.mixture.weights, expected.weights, atol=1e-10)
        np.testing.assert_allclose(new.mixture.means, expected.means, atol=1e-9 * spread)
        np.testing.assert_allclose(new.mixture.covariances, expected.covariances, atol=1e-9 * spread**2)


@given(shapes, st.sampled_from(TYPES), st.booleans())
def test_the_loops_two_steps_are_the_public_ones(shape, covariance_type, tight):
    """Expected moments say as much as all responsibilities, whichever kernel takes them."""
    seed, D, K, N = shape
    X = blobs(seed, N + 20, D)
    start = random_start(X, K, covariance_type, seed)
    if tight:  # 1e-5 of the data's extent: the careful kernel's
        start = Mixture(start.weights, start.means, 1e-10 * start.covariances)
    points, update = Points(X, covariance_type), Update.of(X, covariance_type, 1e-3)
    mixture = points.parameters(start.weights, start.means, start.covariances)
    assert mixture.quick != tight or K == 1
    moments, log_likelihood, _ = expectation(points, mixture)
    R, expected = e_step(X, start)
    assert log_likelihood == pytest.approx(expected, rel=1e-10, abs=1e-9)
    new, expected = maximisation(points, moments, mixture, update), m_step(X, R, covariance_type, 1e-3, start)
    spread = X.std(axis=0).max()
    np.testing.assert_allclose(new.weights, expected.weights, atol=1e-10)
    np.testing.assert_allclose(new.means, expected.means, atol=1e-9 * spread)
    np.testing.assert_allclose(new.covariances, expected.covariances, atol=1e-9 * spread**2)


PRECISIONS = {
    "full": lambda S: np.linalg.inv(S),
    "tied": lambda S: np.linalg.inv(S[0]),
    "diag": lambda S: 1 / np.einsum("kjj->kj", S),
    "spherical": lambda S: 1 / S[:, 0, 0],
}


def free_covariances(theirs, D):
    """Scikit-learn's covariances_ as (K, D, D)."""
    S = theirs.covariances_
    expand = {"full": lambda: S, "tied": lambda: np.tile(S, (theirs.n_components, 1, 1)),
              "diag": lambda: S[:, :, None] * np.eye(D), "spherical": lambda: S[:, None, None] * np.eye(D)}  # fmt: skip
    return expand[theirs.covariance_type]()


@pytest.mark.parametrize("covariance_type", KNOWN_TYPES)
@pytest.mark.parametrize("data", ["blobs-1", "blobs-2", "blobs-5", "faithful", "iris-4"])
def test_equals_scikit_learn_at_every_iteration(data, covariance_type):
    """Scikit-learn's lower_bound_ after fit t belongs to the parameters before it: our state t - 1."""
    X = {"faithful": lambda: load("faithful").X, "iris-4": lambda: load_iris().data}.get(
        data, lambda: blobs(seed=3, N=200, D=int(data[-1]))
    )()
    N, D, K = *X.shape, 3
    begin = random_start(X, K, covariance_type, seed=1)
    states = fit(X, begin, covariance_type=covariance_type, tol=0, max_iter=15).states
    theirs = GaussianMixture(
        K, covariance_type=covariance_type, tol=0, reg_covar=0, max_iter=1, warm_start=True,
        weights_init=begin.weights, means_init=begin.means,
        precisions_init=PRECISIONS[covariance_type](begin.covariances),
    )  # fmt: skip
    deviations, same = X.std(axis=0), 1e-8
    for old, new in pairwise(states):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            theirs.fit(X)
        assert old.log_likelihood == pytest.approx(N * theirs.lower_bound_, rel=same)
        assert new.log_likelihood == pytest.approx(N * theirs.score(X), rel=same)
        np.testing.assert_allclose(new.mixture.weights, theirs.weights_, rtol=same)
        np.testing.assert_allclose(
            new.mixture.means / deviations, theirs.means_ / deviations, rtol=same, atol=same
        )
        scale = deviations[:, None] * deviations
        np.testing.assert_allclose(
            new.mixture.covariances / scale, free_covariances(theirs, D) / scale, rtol=same, atol=same
        )


@pytest.mark.parametrize("covariance_type", TYPES)
def test_every_state_stays_in_the_family(covariance_type):
    X = blobs(seed=5, D=3)
    run = fit(X, random_start(X, 3, "full", seed=5), covariance_type=covariance_type, max_iter=5)
    for S in (state.mixture.covariances for state in run.states):
        off = S - np.einsum("kjj->kj", S)[:, :, None] * np.eye(3)
        family = COVARIANCE_TYPES[covariance_type]
        assert not family.diagonal or not off.any()
        assert not family.shared or (S[0] == S).all()
        assert not family.isotropic or (np.einsum("kjj->kj", S) == S[:, :1, 0]).all()
    kinds = [(event.iteration, event.kind) for event in run.events]
    assert kinds == ([] if covariance_type == "full" else [(0, "projected")])


# --- Stopping -----------------------------------------------------------------------------------------------------


def test_converges_when_the_mean_gain_falls_below_tol():
    X = blobs(seed=1)
    run = fit(X, random_start(X, 2, "full", seed=1), tol=1e-4)
    gains = gaps(state.log_likelihood for state in run.states) / len(X)
    assert run.converged
    assert run.stop_reason == "converged"
    assert gains[-1] < 1e-4
    assert (gains[:-1] >= 1e-4).all()


def test_converges_when_no_parameter_moves_by_tol_of_the_spread():
    X = blobs(seed=1) * [1.0, 1e4]
    spread = X.std(axis=0)
    run = fit(X, random_start(X, 2, "full", seed=1), tol=1e-3, criterion="parameters", reg_covar=1e-9)
    moves = [
        max(np.abs(b.weights - a.weights).max(), np.abs((b.means - a.means) / spread).max(),
            np.abs((b.covariances - a.covariances) / np.outer(spread, spread)).max())
        for a, b in pairwise(state.mixture for state in run.states)
    ]  # fmt: skip
    assert run.converged
    assert moves[-1] < 1e-3 <= min(moves[:-1])


def test_a_constant_feature_does_not_move_and_does_not_keep_the_run_from_converging():
    X = np.c_[blobs(seed=1), np.full(60, 0.1)]
    start = random_start(X, 2, "full", seed=1)
    assert fit(X, start, criterion="parameters", tol=1e-3, reg_covar=1e-6).converged


@pytest.mark.parametrize("criterion", ["log_likelihood", "parameters"])
def test_tol_zero_runs_to_max_iter(criterion):
    X = blobs(seed=2)
    begin = Mixture(
        [1.0], X.mean(axis=0)[None], [np.cov(X.T, bias=True)]
    )  # the maximum itself: nothing moves
    run = fit(X, begin, tol=0, max_iter=7, criterion=criterion)
    assert [state.iteration for state in run.states] == list(range(8))
    assert (run.stop_reason, run.converged) == ("max_iter", False)
    assert fit(X, begin, max_iter=0).states[0].mixture.means.tolist() == begin.means.tolist()


def test_a_fall_stops_the_run_before_it_and_is_told():
    X = blobs(seed=4)
    best = fit(X, random_start(X, 2, "full", seed=4), tol=1e-9).states[-1]
    run = fit(X, best.mixture, reg_covar=X.var())
    assert run.stop_reason == "decreased"
    assert [event.kind for event in run.events if event.kind == "decreased"] == ["decreased"]
    assert run.states[-1].log_likelihood == pytest.approx(best.log_likelihood)
    assert len(fit(X, best.mixture, reg_covar=X.var(), tol=0, max_iter=5).states) == 6


def test_a_fall_stops_the_run_where_it_is_as_large_as_tol():
    X = blobs(seed=4)
    best = fit(X, random_start(X, 2, "full", seed=4), tol=1e-9).states[-1].mixture
    free = fit(X, best, reg_covar=0.01 * X.var(), tol=0, max_iter=3)
    fall = (free.states[0].log_likelihood - free.states[1].log_likelihood) / len(X)
    for share, stops in ((0.999, True), (1.001, False)):
        run = fit(X, best, reg_covar=0.01 * X.var(), tol=share * fall, max_iter=3)
        assert (run.stop_reason == "decreased" and len(run.states) == 1) == stops
    assert fall > 0


def test_a_collapse_keeps_the_last_good_state():
    X = np.r_[blobs(seed=4), [[500.0, 500.0]]]
    begin = Mixture([0.9, 0.1], [X[:-1].mean(axis=0), X[-1]], [100 * np.eye(2)] * 2)
    run = fit(X, begin)
    assert run.stop_reason == "collapsed"
    assert (run.events[-1].kind, run.events[-1].components) == ("collapsed", (1,))
    assert "shrunk onto a single point" in run.events[-1].message
    assert np.isfinite(run.states[-1].log_likelihood)
    e_step(X, run.states[-1].mixture)
    assert fit(X, begin, reg_covar=1e-3).stop_reason == "converged"


def test_a_component_on_points_that_differ_in_their_last_digits_has_collapsed():
    """Two units in the last place apart, or 64: what a variance of that size says is rounding."""
    for units in (2, 64):
        near = 1000 + units * np.spacing(1000.0) * np.array([[0.0, 0.0], [1.0, -1.0], [0.0, 1.0]])
        X = np.r_[near, 900 + 10 * np.random.default_rng(0).normal(size=(40, 2))]
        begin = Mixture([0.1, 0.9], [near[0], [900, 900]], [1e-3 * np.eye(2), 100 * np.eye(2)])
        run = fit(X, begin)
        assert run.stop_reason == ("collapsed" if units == 2 else "converged")


# --- Events -------------------------------------------------------------------------------------------------------


def test_each_trouble_is_told_once_when_it_begins():
    X = np.r_[blobs(seed=4), [[500.0, 500.0]]]
    begin = Mixture([0.9, 0.1], [X[:-1].mean(axis=0), X[-1]], [100 * np.eye(2)] * 2)
    run = fit(X, begin, reg_covar=1e-3, tol=0, max_iter=150)
    told = [event for event in run.events if event.kind == "degenerate"]
    assert [(event.iteration, event.components) for event in told] == [(1, (1,))]
    counts = len(X) * np.array([state.mixture.weights[1] for state in run.states])
    assert counts[1] == pytest.approx(1)


def test_a_flat_component_on_many_points_is_at_the_floor():
    x = np.linspace(-1, 1, 40)
    X = np.r_[np.c_[x, x + 20], blobs(seed=4)]
    begin = Mixture([0.5, 0.5], [[0, 20], [0, 0]], [np.eye(2)] * 2)
    run = fit(X, begin, reg_covar=1e-8, max_iter=30)
    assert [(event.kind, event.components) for event in run.events] == [("degenerate", (0,))]
    assert len(X) * run.states[-1].mixture.weights[0] == pytest.approx(40, abs=3)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_a_lost_component_keeps_its_place_at_weight_zero(covariance_type):
    X = blobs(seed=6)
    begin = Mixture([0.5, 0.5], [[0, 0], [1e5, 1e5]], [np.eye(2), np.eye(2)])
    run = fit(X, begin, covariance_type=covariance_type, tol=0, max_iter=6)
    assert [event[:3] for event in run.events] == [(1, "empty", (1,))]
    for state in run.states[1:]:
        assert state.mixture.weights.tolist() == [1.0, 0.0]
        assert state.mixture.means[1].tolist() == [1e5, 1e5]
        S = state.mixture.covariances
        assert (S[1] == (S[0] if COVARIANCE_TYPES[covariance_type].shared else np.eye(2))).all()
    assert (e_step(X, run.states[-1].mixture)[0] == [1.0, 0.0]).all()


def test_kinds_and_reasons_are_closed_lists():
    assert EVENT_KINDS == ("projected", "identical", "degenerate", "empty", "decreased", "collapsed")
    assert STOP_REASONS == ("converged", "max_iter", "decreased", "collapsed")


@pytest.mark.parametrize("covariance_type", TYPES)
def test_covariances_can_be_held(covariance_type):
    X = blobs(seed=7)
    begin = random_start(X, 3, covariance_type, seed=7)
    run = fit(
        X, begin, covariance_type=covariance_type, fixed_covariances=True, reg_covar=0.5, tol=0, max_iter=9
    )
    np.testing.assert_allclose(run.states[0].mixture.covariances, begin.covariances, rtol=1e-14)
    for old, new in pairwise(state.mixture for state in run.states):
        free = m_step(X, e_step(X, old)[0])
        np.testing.assert_array_equal(new.covariances, run.states[0].mixture.covariances)
        np.testing.assert_allclose(new.means, free.means, atol=1e-10)
        np.testing.assert_allclose(new.weights, free.weights, atol=1e-12)
    assert_never_falls(run, len(X))
