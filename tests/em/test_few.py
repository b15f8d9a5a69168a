"""The M-step for few components, against that in arrays, which it must equal but for the last digits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from gmmviz.em import COVARIANCE_TYPES, Mixture, few, fit
from gmmviz.em.careful import LOST
from gmmviz.em.points import Points
from gmmviz.em.update import Update

TYPES = list(COVARIANCE_TYPES)
types = st.sampled_from(TYPES)


features, numbers = st.sampled_from([1, 2]), st.integers(1, few.MOST)


def draw(seed, D, K, covariance_type, share=0.0, offset=0.0):
    """Return points and update, ready, and the sums (K, P) of responsibilities that were drawn."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60, D)) + 4 * rng.normal(size=(K, D))[rng.integers(K, size=60)]
    X = offset + X @ (np.eye(D) + 0.3 * rng.normal(size=(D, D))) * 10.0 ** rng.integers(-3, 4, size=D)
    prepared = Points(X, covariance_type)
    R = rng.dirichlet(np.full(K, 0.5), size=60).T + 1e-6
    R /= R.sum(axis=0)
    sums = R @ prepared.features.at(slice(0, 60)).T
    return prepared, Update.of(X, covariance_type, share * X.var(axis=0)), sums


def in_arrays(prepared, update, sums, previous=None):
    """Return what the M-step makes of the sums in arrays."""
    return prepared.parameters(*update.of_moments(prepared.family.moments(sums), previous))


def natural_in_60_digits(mixture, family):
    """Return theta and growth of a mixture as `families` defines them, from its own parameters."""
    with mp.workdps(60):
        theta, growth = [], []
        for weight, mean, covariance in zip(mixture.weights, mixture.means, mixture.covariances, strict=True):
            D, scale = family.D, [mp.mpf(s) for s in family.scale]
            m = [(mp.mpf(mean[j]) - mp.mpf(family.centre[j])) / scale[j] for j in range(D)]
            S = mp.matrix(D, D)
            for i in range(D):
                for j in range(D):
                    S[i, j] = mp.mpf(covariance[i, j]) / scale[i] / scale[j]
            P = S**-1
            Pm = [sum(P[i, j] * m[j] for j in range(D)) for i in range(D)]
            squares = mp.log(mp.det(S)) + sum(x * y for x, y in zip(m, Pm, strict=True))
            if family.shared:
                squares += sum(P[i, j] * family.scatter[i, j] for i in range(D) for j in range(D)) / family.N
            products = {
                "Full": [-P[i, j] / (2 if i == j else 1) for i in range(D) for j in range(i + 1)],
                "Diag": [-P[j, j] / 2 for j in range(D)],
                "Spherical": [-P[0, 0] / 2],
                "Tied": [],
            }[type(family).__name__]
            theta.append([float(part) for part in (mp.log(mp.mpf(weight)) - squares / 2, *Pm, *products)])
            own = 0 if family.diagonal else 1
            growth.append(float(sum(P[j, j] * (m[j] ** 2 + own * S[j, j] + family.extent) for j in range(D))))
    return np.array(theta), np.array(growth)


@given(st.integers(0, 10**6), features, numbers, types, st.sampled_from([0.0, 1e-3]))
def test_the_next_mixture_is_that_of_the_arrays(seed, D, K, covariance_type, share):
    prepared, update, sums = draw(seed, D, K, covariance_type, share)
    found, expected = prepared.maximise_few(sums, update.addend), in_arrays(prepared, update, sums)
    scale = prepared.family.scale
    area = scale[:, None] * scale
    np.testing.assert_allclose(found.weights, expected.weights, rtol=1e-15)
    np.testing.assert_allclose(found.means / scale, expected.means / scale, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(found.covariances / area, expected.covariances / area, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found.growth, expected.growth, rtol=1e-12 * expected.growth.max())
    assert (found.quick, found.theta.shape) == (True, expected.theta.shape)
    assert not any(part.flags.writeable for part in found[:3])


@given(st.integers(0, 10**6), features, numbers, types, st.sampled_from([0.0, 1e-3]))
def test_theta_and_growth_are_those_of_the_mixture_that_is_returned(seed, D, K, covariance_type, share):
    """Of its parameters as they are rounded in the data's units, far from the origin, where the sums know more."""
    prepared, update, sums = draw(seed, D, K, covariance_type, share, offset=1e6)
    found = prepared.maximise_few(sums, update.addend)
    theta, growth = natural_in_60_digits(found, prepared.family)
    np.testing.assert_allclose(found.growth, growth, rtol=1e-12)
    np.testing.assert_allclose(found.theta, theta, rtol=1e-12, atol=1e-13 * np.abs(theta).max())


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("D", [1, 2])
def test_what_is_unusual_is_left_to_the_arrays(D, covariance_type):
    prepared, update, sums = draw(0, D, 3, covariance_type)
    assert prepared.maximise_few(sums, update.addend)
    for lost in (0.5 * LOST * prepared.N, 0.0):
        less = sums.copy()
        less[1] *= lost / less[1, 0]
        assert prepared.maximise_few(less, update.addend) is None
    flat = -3 * prepared.family.moments(sums).covariances.max() * np.eye(D)
    assert prepared.maximise_few(sums, flat) is None  # no covariance is positive then
    if D == 2:
        flat[0, 0] = 0.0
        assert prepared.maximise_few(sums, flat) is None  # nor any determinant
    if not COVARIANCE_TYPES[covariance_type].shared:
        # A variance above 0 that is 0 in the coordinates.
        far = Points(1e150 * np.random.default_rng(0).normal(size=(20, D)), covariance_type)
        assert far.few.maximise(20 * np.eye(1, far.family.size), 1e-300 * np.eye(D)) is None


def calls(monkeypatch, owner, name):
    """Return a list that grows with each call."""
    made, original = [], getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *args: made.append(name) or original(*args))
    return made


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize(
    ("D", "K", "settings", "are_few"),
    [
        (1, 2, {}, True),
        (2, few.MOST, {}, True),
        (2, few.MOST + 1, {}, False),
        (3, 2, {}, False),
        (2, 2, {"fixed_covariances": True}, False),
    ],
)
def test_few_are_few_enough(covariance_type, D, K, settings, are_few, monkeypatch):
    X, start = begin(D, K, covariance_type)
    arrays = calls(monkeypatch, Update, "of_moments")
    run = fit(X, start, covariance_type, tol=0, max_iter=5, reg_covar=1e-3, **settings)
    assert len(run.states) == 6
    assert len(arrays) == (0 if are_few else 5)


def begin(D, K, covariance_type):
    X = np.random.default_rng(K).normal(size=(200, D)) * [1.0, 30.0, 5.0][:D]
    S = np.diag(X.var(axis=0))
    S = COVARIANCE_TYPES[covariance_type].project(np.ones(1), S[None])[0]
    return X, Mixture(np.full(K, 1 / K), X[:K], [S] * K)


@pytest.mark.parametrize("covariance_type", TYPES)
@pytest.mark.parametrize("trouble", ["none", "lost", "tight", "collapse"])
@pytest.mark.parametrize("D", [1, 2])
def test_a_run_is_the_same_either_way(D, trouble, covariance_type, monkeypatch):
    """States, events and end: also where a component is lost, needs the careful kernel, or collapses."""
    X, start = begin(D, 3, covariance_type)
    means, covariances = start.means.copy(), start.covariances.copy()
    if trouble == "lost":
        means[1] += 1e5
    if trouble == "tight":
        X[:40] = X[0] + 1e-7 * X[:40]
    if trouble == "collapse":
        X[0] = means[0] = 1e4
    start = Mixture(start.weights, means, covariances)
    settings = {"covariance_type": covariance_type, "tol": 1e-9, "max_iter": 60}
    run = fit(X, start, **settings)
    monkeypatch.setattr(few, "MOST", 0)
    expected = fit(X, start, **settings)
    assert (run.stop_reason, len(run.states)) == (expected.stop_reason, len(expected.states))
    assert [event[:4] for event in run.events] == [event[:4] for event in expected.events]
    for one, other in zip(run.states, expected.states, strict=True):
        assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-9)
        assert one.rounding == pytest.approx(other.rounding, rel=1e-6)
        for name in ("weights", "means", "covariances"):
            np.testing.assert_allclose(
                getattr(one.mixture, name), getattr(other.mixture, name), rtol=1e-7, atol=1e-9
            )


@pytest.mark.parametrize("covariance_type", TYPES)
def test_the_bound_on_rounding_adds_up_its_pieces(covariance_type):
    """As `points` states them, for each point: its components' growth, by their shares, and the features."""
    X, start = begin(2, 3, covariance_type)
    prepared = Points(X, covariance_type)
    mixture = prepared.parameters(start.weights, start.means, start.covariances)
    sums, log_likelihood, rounding = prepared.expect(mixture)
    shares = sums[:, 0] / len(X)
    pieces = len(X) * (shares @ mixture.growth + 3) + abs(log_likelihood) + abs(prepared.features.log_volume)
    assert rounding == pytest.approx(4 * np.finfo(float).eps * pieces, abs=0.0)
