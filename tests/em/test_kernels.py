"""The quick kernel against the careful one and against 60 digits, and the judge between them."""

import itertools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.em import (
    COVARIANCE_TYPES,
    Mixture,
    careful,
    e_step,
    em,
    fit,
    fit_many,
    fit_many_steps,
    m_step,
    many,
    points,
    quick,
    whole,
)
from gmmviz.em.families import inverse
from gmmviz.em.many import _tell as tell
from gmmviz.em.many import expectation
from gmmviz.em.points import Points
from tests import reference

TYPES = list(COVARIANCE_TYPES)
EPS = np.finfo(float).eps


def draw(seed, N, D, K, covariance_type):
    """Return points X (N, D) of unit spread about centres, and a mixture near them."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(K, size=N)
    labels[:K] = np.arange(K)
    X = 2 * rng.normal(size=(K, D))[labels] + rng.normal(size=(N, D)) @ (
        np.eye(D) + 0.3 * rng.normal(size=(D, D))
    )
    R = 0.8 * np.eye(K)[labels] + 0.2 / K
    return X, m_step(X, R, covariance_type, reg_covar=0.05)


def stacked(mixtures):
    return [np.array([getattr(m, name) for m in mixtures]) for name in ("weights", "means", "covariances")]


def evaluate(prepared, *mixtures):
    return expectation(prepared, prepared.parameters(*stacked(mixtures)))


def expect(X, covariance_type, *mixtures):
    return evaluate(Points(X, covariance_type), *mixtures)


@pytest.fixture
def careful_calls(monkeypatch):
    """The number of passes that the careful kernel makes."""
    calls = []

    def spy(*args):
        calls.append(1)
        return original(*args)

    original = careful.expect
    monkeypatch.setattr(careful, "expect", spy)
    return calls


@pytest.mark.parametrize("covariance_type", TYPES)
def test_some_of_a_stack_are_what_they_would_be_alone(covariance_type):
    X, wide = draw(0, 60, 2, 3, covariance_type)
    tight = Mixture(wide.weights, wide.means, 1e-8 * wide.covariances)
    prepared = Points(X, covariance_type)
    stack = prepared.parameters(*stacked([wide, tight, wide, tight]))
    assert stack.quick == [True, False, True, False]
    for found, expected in zip(
        stack.selected([1, 2]), prepared.parameters(*stacked([tight, wide])), strict=True
    ):
        np.testing.assert_array_equal(found, expected)


@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 4), st.sampled_from(TYPES))
def test_quick_and_careful_agree(seed, D, K, covariance_type):
    X, mixture = draw(seed, 60, D, K, covariance_type)
    one = expect(X, covariance_type, mixture)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(points, "GROWTH", 0.0)
        other = expect(X, covariance_type, mixture)
    assert one.log_likelihood[0] == pytest.approx(other.log_likelihood[0], rel=1e-12)
    for a, b in zip(one.moments, other.moments, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("D", [1, 2, 3])
@pytest.mark.parametrize("offset", [0.0, 1e6])
@pytest.mark.parametrize("tightness", [1.0, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
@pytest.mark.parametrize("covariance_type", TYPES)
def test_log_likelihood_of_tight_components_far_from_the_origin(covariance_type, tightness, offset, D):
    """Within 1e-9 of 60 digits for a component of 1 to 1e-6 of the data's range, beside a broad one (not if tied)."""
    rng = np.random.default_rng(1)
    tight = 0.3 + tightness * rng.normal(size=(20, D))
    X = np.r_[tight, rng.uniform(-1, 1, size=(20, D))] + offset
    tilt = np.eye(D) if COVARIANCE_TYPES[covariance_type].diagonal else np.eye(D) + 0.5 * np.tri(D, k=-1)
    S = tightness**2 * tilt @ tilt.T
    begin = Mixture(
        [0.5, 0.5],
        [tight.mean(axis=0) + offset, np.full(D, offset)],
        [S, S if COVARIANCE_TYPES[covariance_type].shared else np.eye(D)],
    )
    run = fit(X, begin, covariance_type=covariance_type, tol=0, max_iter=3)
    assert len(run.states) == 4
    for state in run.states:
        assert state.log_likelihood == pytest.approx(reference.e_step(X, state.mixture)[1], rel=1e-9)


@given(st.integers(0, 10**6), st.floats(-4, 1), st.floats(-3, 2), st.integers(1, 3), st.sampled_from(TYPES))
def test_the_error_is_a_few_eps_g_relative_to_each_points_distance(
    seed, log_sigma, log_distance, D, covariance_type
):
    """The bound that `points` states, for points from near the components to a hundred times the data's range away."""
    rng = np.random.default_rng(seed)
    A = np.eye(D) if COVARIANCE_TYPES[covariance_type].diagonal else np.eye(D) + rng.normal(size=(D, D))
    S = 100**log_sigma * A @ A.T
    mixture = Mixture([0.4, 0.6], rng.uniform(-1, 1, size=(2, D)), [S, S])
    X = np.r_[rng.uniform(-1, 1, size=(12, D)), 10**log_distance * rng.normal(size=(2, D))]
    data = Points(X, covariance_type)
    theta, growth = data.natural(*stacked([mixture]))
    found = (theta[0] @ data.features.at(slice(0, len(X)))).T
    expected = np.array(reference.log_joint(X, mixture), dtype=float) + np.log(data.family.scale).sum()
    expected += 0.5 * D * np.log(2 * np.pi)
    if COVARIANCE_TYPES[
        covariance_type
    ].shared:  # the common part is left out: compare differences between components
        found, expected = (a - a[:, :1] for a in (found, expected))
    Q = np.abs(np.array(reference.log_joint(X, mixture), dtype=float)).max(axis=1, keepdims=True)
    assert (np.abs(found - expected) <= 20 * EPS * (growth.max() + D) * (1 + Q)).all()


@pytest.mark.parametrize("covariance_type", TYPES)
def test_the_careful_kernel_takes_over_and_gives_back(covariance_type, careful_calls):
    X, mixture = draw(0, 60, 2, 2, covariance_type)
    settings = {"covariance_type": covariance_type, "tol": 0, "max_iter": 9}
    for offset in (0.0, 1e8):  # far from the origin the quick one will do: coordinates are centred
        begin = Mixture(mixture.weights, mixture.means + offset, mixture.covariances)
        assert len(fit(X + offset, begin, **settings).states) == 10
        assert len(careful_calls) == 0
    tight = 1e-12 * np.eye(2)
    fit(X, Mixture(mixture.weights, X[:2], [tight, tight]), **settings)
    assert len(careful_calls) == 1  # at the start only, the components grow at once
    X[:20] = X[0] + 1e-7 * X[:20]
    shared = COVARIANCE_TYPES[covariance_type].shared
    broad = tight if shared else np.eye(2)
    states = fit(X, Mixture(mixture.weights, X[[0, 40]], [tight, broad]), **settings).states
    assert len(careful_calls) == (2 if shared else 11)
    assert states[-1].log_likelihood == pytest.approx(reference.e_step(X, states[-1].mixture)[1], rel=1e-9)


@pytest.mark.parametrize("spread", [1e-4, 1e-6, 1e-8])
@pytest.mark.parametrize("covariance_type", ["full", "diag", "spherical"])
def test_a_component_that_becomes_tight_in_one_step_has_its_digits(covariance_type, spread):
    """The quick kernel serves the broad start, but its sums would not do for what comes of them."""
    rng = np.random.default_rng(0)
    X = np.r_[0.5 + spread * rng.normal(size=(30, 2)), rng.normal(size=(30, 2)) - np.array([50.0, 0.0])]
    begin = Mixture([0.5, 0.5], [[1, 1], [-50, 0]], [np.eye(2)] * 2)
    state = fit(X, begin, covariance_type=covariance_type, tol=0, max_iter=1).states[-1]
    assert state.iteration == 1
    _, means, covariances = reference.m_step(X, reference.e_step(X, begin)[0])
    expected = COVARIANCE_TYPES[covariance_type].project(np.full(2, 0.5), covariances)
    np.testing.assert_allclose(state.mixture.means, means, rtol=1e-14)
    np.testing.assert_allclose(state.mixture.covariances, expected, rtol=1e-7, atol=1e-8 * spread**2)


@pytest.mark.parametrize("covariance_type", ["full", "diag", "spherical"])
def test_rounding_near_the_quick_kernels_limit_is_no_fall(covariance_type, careful_calls):
    """Where g is close to its limit and nothing moves any more, the log-likelihood trembles."""
    rng = np.random.default_rng(5)
    X = np.r_[1 + 4e-3 * rng.normal(size=(200, 2)), rng.uniform(-1, 1, size=(20, 2))]
    tight = 16e-6 * np.eye(2)
    begin = Mixture([0.4, 0.5, 0.1], [[1, 1], [1.002, 1.001], [0, 0]], [tight, tight, np.eye(2)])
    run = fit(X, begin, covariance_type=covariance_type, tol=0, max_iter=2000)
    L = np.array([state.log_likelihood for state in run.states])
    assert len(careful_calls) == 0
    assert np.diff(L).min() < 0  # it does tremble
    assert np.diff(L).min() > -1e-9 * len(X)
    assert run.events == ()


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize(("block", "keep"), [(1 << 10, 1 << 30), (1 << 10, 0), (1 << 20, 0)])
def test_blocks_do_not_change_the_result(covariance_type, block, keep, monkeypatch):
    X, mixture = draw(3, 1500, 3, 4, covariance_type)
    whole = fit(X, mixture, covariance_type=covariance_type, tol=0, max_iter=5).states[-1]
    monkeypatch.setattr(careful, "BLOCK_BYTES", block)
    monkeypatch.setattr(quick, "KEEP_BYTES", keep)
    pieces = fit(X, mixture, covariance_type=covariance_type, tol=0, max_iter=5).states[-1]
    assert pieces.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-13)
    np.testing.assert_allclose(pieces.mixture.covariances, whole.mixture.covariances, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("covariance_type", TYPES)
def test_an_outlier_a_hundred_thousand_deviations_away_keeps_its_responsibilities(covariance_type):
    """Among so many points that it hardly moves the centre."""
    X = np.r_[np.random.default_rng(0).normal(size=(4000, 2)), [[1e5, 1e5]]]
    begin = Mixture([0.5, 0.5], [[0, 0], [5e-6, 5e-6]], [np.eye(2)] * 2)
    assert_new_means(X, begin, covariance_type, atol=1e-4)


def test_an_outlier_along_a_thin_ellipse_keeps_its_responsibilities():
    """There the pieces of z' P z are 1e5 times their sum: g is small, but the extent calls the careful kernel."""
    turn = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2)
    bulk = np.random.default_rng(0).normal(size=(4000, 2)) * [1.0, 10**-2.5]
    X = np.r_[bulk, [[1e4, 0.0]]] @ turn
    S = turn.T @ np.diag([1.0, 1e-5]) @ turn
    S = 0.5 * (S + S.T)
    assert_new_means(X, Mixture([0.5, 0.5], np.zeros((2, 2)), [S, S * (1 + 2e-8)]), "full", atol=2e-4)


def assert_new_means(X, begin, covariance_type, atol):
    """Compare the new means with those made of the last point's responsibilities in 60 digits."""
    moments = evaluate(Points(X, covariance_type), begin).moments
    near, far = X[:-1], reference.e_step(X[-1:], begin)[0]
    assert 0.1 < far[0, 0] < 0.9
    R = e_step(near, begin)[0]
    expected = (R.T @ near + far.T @ X[-1:]) / (R.sum(axis=0) + far[0])[:, None]
    np.testing.assert_allclose(moments.means[0], expected, rtol=0, atol=atol)


@given(st.integers(0, 10**6), st.sampled_from(TYPES), st.integers(1, 3), st.sampled_from([0.0, 1e-4]))
def test_many_runs_at_once_equal_runs_alone(seed, covariance_type, D, reg_covar):
    """Each stops on its own; one is tight (careful kernel), one may collapse, one is out of the family."""
    X, mixture = draw(seed, 50, D, 2, covariance_type)
    rng = np.random.default_rng(seed)
    starts = [
        mixture,
        Mixture(mixture.weights, X[:2], [1e-9 * np.eye(D)] * 2),
        Mixture([1.0, 0.0], *(mixture.means, mixture.covariances)),
    ]
    starts += [
        Mixture([0.5, 0.5], X[rng.choice(50, 2, replace=False)], np.array([np.cov(X.T).reshape(D, D)] * 2))
        for _ in range(3)
    ]
    settings = {"covariance_type": covariance_type, "reg_covar": reg_covar, "max_iter": 40}
    together = fit_many(X, starts, **settings)
    for run, start in zip(together, starts, strict=True):
        alone = fit(X, start, **settings)
        assert (run.stop_reason, len(run.states)) == (alone.stop_reason, len(alone.states))
        assert [event[:3] for event in run.events] == [event[:3] for event in alone.events]
        for a, b in zip(run.states, alone.states, strict=True):
            assert a.iteration == b.iteration
            assert a.log_likelihood == pytest.approx(b.log_likelihood, rel=1e-9)
            np.testing.assert_allclose(a.mixture.means, b.mixture.means, rtol=1e-9, atol=1e-9)
            np.testing.assert_allclose(a.mixture.covariances, b.mixture.covariances, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("settings", [{}, {"tol": 0}, {"criterion": "parameters", "tol": 1e-3}])
@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_runs_hear_of_their_states_late_and_end_in_time(at_once, settings, monkeypatch):
    X, mixture = draw(4, 80, 2, 3, "full")
    rng = np.random.default_rng(4)
    starts = [mixture] + [
        Mixture(np.full(3, 1 / 3), X[rng.choice(80, 3, replace=False)], np.array([np.cov(X.T)] * 3))
        for _ in range(4)
    ]
    settings = {"reg_covar": 1e-3, "max_iter": 60, **settings}
    monkeypatch.setattr(many, "AT_ONCE", at_once)
    steps, told = fit_many_steps(X, starts, **settings), []
    monkeypatch.setattr(many, "_tell", lambda *args: told.append(len(args[1])) or tell(*args))
    runs = whole(steps)
    alone = [fit(X, start, **settings) for start in starts]
    assert [(len(run.states), run.stop_reason) for run in runs] == [
        (len(run.states), run.stop_reason) for run in alone
    ]
    assert all([s.iteration for s in run.states] == list(range(len(run.states))) for run in runs)
    for run, other in zip(runs, alone, strict=True):
        found, expected = ([s.log_likelihood for s in r.states] for r in (run, other))
        assert found == pytest.approx(expected, rel=1e-9)
    if settings.get("tol") == 0 and at_once == 1000:
        assert told == [1, 60]  # neither a small gain nor a fall makes anyone ask
    late = at_once if settings.get("criterion") != "parameters" else 1
    assert max(told) <= late
    assert min(late, 8) <= max(told)  # but from the first, all pass by before anyone is told


@given(st.integers(0, 10**6), st.integers(1, 6))
def test_closed_forms_are_inverses(seed, D):
    A = np.random.default_rng(seed).normal(size=(2, 3, D, D))
    S = A @ A.swapaxes(-1, -2) + 0.1 * np.eye(D)
    inverses, log_dets = inverse(S)
    np.testing.assert_allclose(inverses @ S, np.broadcast_to(np.eye(D), S.shape), atol=1e-9)
    np.testing.assert_allclose(log_dets, np.linalg.slogdet(S)[1], atol=1e-10)


@given(st.lists(st.floats(-1e6, 1e6) | st.just(-np.inf), min_size=2, max_size=5), st.floats(-1e4, 1e4))
def test_normalise_is_log_sum_exp(values, finite):
    log_joint = np.array([*values, finite])[:, None]
    top = log_joint.max()
    expected = np.exp(log_joint - top) / np.exp(log_joint - top).sum()
    total = careful.normalise(log_joint)
    assert total[0] == pytest.approx(top + np.log(np.exp(np.array([*values, finite]) - top).sum()), rel=1e-14)
    np.testing.assert_allclose(log_joint, expected, rtol=1e-9, atol=1e-300)
    assert (log_joint > 0).all()


@given(st.integers(0, 10**6), st.sampled_from(TYPES), st.integers(1, 3), st.floats(-3, 1))
def test_a_pass_without_a_look_at_the_densities_finds_the_same(seed, covariance_type, D, size):
    X, mixture = draw(seed, careful.FEW // 2, D, 3, covariance_type)
    data = Points(X, covariance_type)
    features, every = data.features, slice(0, len(X))
    theta = data.parameters(mixture.weights, mixture.means, 10**size * mixture.covariances).theta
    looked_at = features._of_block(theta, None, False, every)
    for clips in (False, True):
        for found, expected in zip(features._of_block(theta, clips, False, every), looked_at, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-11 * len(X))


@pytest.mark.parametrize("N", [careful.FEW, 64 * quick.NO_MORE])
@pytest.mark.parametrize("groups", [2, 3, 5, 8, 13, 64])
def test_some_points_tell_whether_many_are_far(groups, N):
    """Also where the groups come in turn, and all but one of them are near."""
    X = np.random.default_rng(0).normal(size=(N, 2))
    X[groups - 1 :: groups] += 50.0
    features = Points(X, "full").features
    wide, tight = (
        Points(X, "full").parameters(np.array([1.0]), np.zeros((1, 2)), s * np.eye(2)[None]).theta
        for s in (10.0, 1.0)
    )
    assert not features._some_are_far(wide)
    assert features._some_are_far(tight)
    assert features._some_are_far(np.vstack([wide, tight]))
    assert features._some_are_far(np.array([wide, tight]))


def test_a_component_far_from_all_points_has_a_share_above_0():
    """Which nobody among the points that are asked would say."""
    X = np.random.default_rng(0).normal(size=(2 * careful.FEW, 1))
    data = Points(X, "full")
    far = Mixture([0.5, 0.5], [[0.0], [400.0]], [[[1.0]], [[100.0]]])
    farther = Mixture([0.5, 0.5], [[0.0], [4000.0]], [[[1.0]], [[100.0]]])
    for mixture in (far, farther):
        theta = data.parameters(mixture.weights, mixture.means, mixture.covariances).theta
        data.features._some_are_far = lambda theta: False
        sums, _ = data.features.sums(theta)
        assert (sums[:, 0] > 0).all()
        assert sums[:, 0].sum() == pytest.approx(len(X), rel=1e-14)


@pytest.mark.parametrize("far", [20.0, 60.0, 1e4])
def test_a_point_far_from_all_is_seen_in_a_pass_over_many(far):
    """Its densities are below what exp() takes at once."""
    X = np.vstack([np.random.default_rng(0).normal(size=(careful.FEW, 2)), [[far, -far]]])
    mixture = Mixture([0.5, 0.5], [[-0.5, 0.0], [0.5, 0.0]], [np.eye(2), 2 * np.eye(2)])
    _, expected = reference.e_step(X, mixture)
    found = expect(X, "full", mixture)
    assert found.log_likelihood[0] == pytest.approx(expected, rel=1e-12)


@given(st.integers(1, 10**6), st.integers(8, 10**5), st.integers(1, 10**6))
def test_blocks_are_about_as_long_and_hold_every_point_once(N, point_bytes, block_bytes):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(careful, "BLOCK_BYTES", block_bytes)
        cuts = careful.blocks(N, point_bytes)
    assert (cuts[0].start, cuts[-1].stop) == (0, N)
    assert all(one.stop == other.start for one, other in itertools.pairwise(cuts))
    *lengths, last = [cut.stop - cut.start for cut in cuts]
    assert 0 < last <= max(256, block_bytes // point_bytes)
    assert all(abs(length - last) <= 1 for length in lengths)
    if len(cuts) > 2:
        assert len(cuts) % 4 == 0  # two or four threads have as many each


@pytest.mark.parametrize("clips", [False, True])
@pytest.mark.parametrize(
    "values", [[100.0, 0.0], [3000.0, 0.0], [-178.0, -400.0], [-800.0, -800.0], [709.5, 709.5], [np.nan, 0.0]]
)
def test_a_density_that_a_pass_at_once_cannot_take_is_told(values, clips):
    log_joint = np.zeros((2, 5))
    log_joint[:, 3] = values
    with np.errstate(over="ignore"):
        assert quick.exponentials(log_joint, clips, np.empty((1, 5))) is None


@pytest.mark.parametrize("clips", [False, True])
@pytest.mark.parametrize(
    "values", [[0.0], [-177.0], [3.0, 3.0, -800.0], [90.0, -3000.0], [-np.inf, 1.0], [-176.0, -641.0]]
)
def test_exponentials_beside_their_totals_are_log_sum_exp(values, clips):
    log_joint = np.array(values)[:, None] + np.linspace(0, 1, 50)
    expected = log_joint.copy()
    log_densities = careful.normalise(expected)
    totals = quick.exponentials(log_joint, clips, np.empty((1, 50)))
    np.testing.assert_allclose(np.log(totals)[0], log_densities, rtol=1e-14)
    np.testing.assert_allclose(log_joint / totals, expected, rtol=1e-13, atol=careful.LOST)
    assert (log_joint > 0).all() or not clips
    if len(values) == 1:
        assert (log_joint == totals).all()


def test_numpys_errors_are_none_of_a_pass():
    """Who has numpy raise them gets none for exp() of what is too far or too dense."""
    rng = np.random.default_rng(0)
    N = 2 * careful.FEW
    X = np.c_[rng.uniform(-1, 1, N), 0.01 * rng.normal(size=N)]
    X[1] = -1.1, 0.0  # so far from the second that its share is below float64's normal range
    begin = Mixture([0.5, 0.5], [[0, 0], [0.1667, 0]], [np.diag([0.36, 1e-4]), np.diag([0.0333**2, 1e-4])])
    data = Points(X, "full")
    mixture = data.parameters(begin.weights, begin.means, begin.covariances)
    with np.errstate(all="raise"):
        one, other = data.expect_quickly(mixture), data.expect_carefully(*mixture[:3])
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("K", [2, 9])
@pytest.mark.parametrize("n_threads", [1, 2])
def test_two_threads_copy_features_rather_than_wait_for_each_other(n_threads, K, monkeypatch):
    """Of a product with so few numbers for its result matmul() keeps Python's lock. Divided features are copies."""
    monkeypatch.setattr(careful, "BLOCK_BYTES", 1 << 18)
    X, mixture = draw(0, 20_000, 2, K, "full")
    data, products = Points(X, "full", n_threads), []
    spy = lambda phi: products.append(phi.flags.c_contiguous) or product(phi)  # noqa: E731
    product = quick._product
    monkeypatch.setattr(quick, "_product", spy)
    data.features.sums(data.parameters(mixture.weights, mixture.means, mixture.covariances).theta)
    cuts = len(data.features._blocks(K))
    assert (products.count(False), products.count(True)) == (
        (2 * cuts, 0) if n_threads == 1 and K == 2 else (cuts, cuts)
    )


@pytest.mark.parametrize("value", [-3000.0, 3000.0, np.nan])
def test_one_number_among_many_is_seen_as_among_few(value):
    few, many = np.zeros((2, 2)), np.zeros((2, careful.FEW))
    for log_joint in (few, many):
        log_joint[0, 0] = value
    np.testing.assert_array_equal(careful.normalise(few), careful.normalise(many)[:2])
    np.testing.assert_array_equal(few, many[:, :2])
    assert np.isnan(value) or (few > 0).all()


@pytest.mark.parametrize("covariance_type", TYPES)
def test_memory_beyond_the_data_stays_small(covariance_type):
    """A tenth of the size that must fit into 100 MB, with a tenth of the memory and a fixed 4 MB for the blocks."""
    X, mixture = draw(0, 100_000, 2, 8, covariance_type)
    tracemalloc.start()
    for _ in em(X, mixture, covariance_type, tol=0, max_iter=2):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 14e6


@pytest.mark.parametrize("covariance_type", TYPES)
def test_growth_counts_the_datas_extent(covariance_type):
    """An outlier far away raises g by what `points` states, whatever the family, also where all else is small."""
    X = np.r_[np.random.default_rng(0).normal(size=(4000, 2)), [[3e4, -2e4]]]
    data, S = Points(X, covariance_type), np.array([np.diag([1.0, 1.0])] * 2)
    _, growth = data.natural(np.full(2, 0.5), np.zeros((2, 2)), S)
    scale = data.family.scale
    extent = 1e-4 * ((X - X.mean(axis=0)) ** 2 / scale**2).max()
    assert (growth >= extent * (scale**2).sum()).all()


def test_sums_that_cancel_are_taken_again_about_the_new_means():
    """A component that becomes ten thousand times as narrow in one step keeps all its digits."""
    rng = np.random.default_rng(0)
    X = np.r_[0.3 + 1e-4 * rng.normal(size=(50, 2)), rng.normal(size=(30, 2)) - np.array([60.0, 0.0])]
    begin = Mixture([0.5, 0.5], [[1, 1], [-60, 0]], [np.eye(2)] * 2)
    found, *_ = careful.expect(X, begin.weights, begin.means, careful.factorise(begin.covariances))
    _, _, covariances = reference.m_step(X, reference.e_step(X, begin)[0])
    np.testing.assert_allclose(found.covariances[0], covariances[0], rtol=1e-10, atol=1e-19)


def test_a_covariance_is_singular_where_rounding_alone_keeps_it_from_being_so():
    def correlated(gap):
        return np.array([[[1.0, 1.0 - gap], [1.0 - gap, 1.0]]])

    np.linalg.cholesky(correlated(2 * EPS))
    assert careful.is_singular(correlated(2 * EPS)).all()
    assert not careful.is_singular(correlated(16 * EPS)).any()


def test_side_by_side_a_mixture_too_tight_for_the_quick_kernel_is_not_given_to_it():
    """Two components so tight and so close that their shares hang on the last digits, and broad after one step, beside
    a run that stays tight, for which the step is looked at again."""
    rng = np.random.default_rng(0)
    X = np.r_[rng.uniform(-1, 1, size=(50, 1)), 3 + 1e-6 * rng.normal(size=(10, 1))]
    close = Mixture([0.5, 0.5], [[-1e-10], [1e-10]], [[[1e-10]], [[1e-10]]])
    stays = Mixture([0.5, 0.5], [[0.0], [3.0]], [[[1.0]], [[1e-12]]])
    run, _ = fit_many(X, [close, stays], max_iter=1)
    alone = fit(X, close, max_iter=1)
    np.testing.assert_allclose(run.states[1].mixture.means, alone.states[1].mixture.means, rtol=1e-12)
