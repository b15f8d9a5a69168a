"""Many starts: which came to the same optimum, how sure the shares are, and sweeps that go on where they stopped."""

from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from gmmviz.datasets import load
from gmmviz.em import COVARIANCE_TYPES, Mixture, fit
from gmmviz.restarts import (
    Restart,
    Sweep,
    apart,
    is_degenerate,
    letters,
    matched,
    optima,
    reordered,
    share_interval,
    starts_needed,
)
from gmmviz.starts import reg_covar_for, start

TWO = Mixture([0.3, 0.7], [[-2.0, 1.0], [2.0, 0.0]], [[[1.0, 0.6], [0.6, 2.0]], [[0.5, 0.0], [0.0, 1.0]]])


def restart(number, log_likelihood, mixture=TWO, reason="converged", degenerate=False, iterations=3):
    curve = np.linspace(log_likelihood - 10, log_likelihood, iterations + 1)
    return Restart(number, "random-points", curve, mixture, reason, degenerate)


def numbers(groups):
    return [(group.kind, [member.number for member in group.members]) for group in groups]


def mirrored(mixture):
    turn = np.diag([-1.0, 1.0])
    return Mixture(mixture.weights, mixture.means @ turn, turn @ mixture.covariances @ turn)


# Groups


def test_permuted_components_are_the_same_optimum():
    groups = optima([restart(0, -100.0), restart(1, -100.0, reordered(TWO, [1, 0]))], 200, 1e-6)
    assert numbers(groups) == [("optimum", [0, 1])]


def test_a_mirror_image_is_another_optimum_although_its_log_likelihood_is_the_same():
    groups = optima([restart(0, -100.0), restart(1, -100.0, mirrored(TWO))], 200, 1e-6)
    assert numbers(groups) == [("optimum", [0]), ("optimum", [1])]


def test_a_near_tie_with_other_components_stays_apart_and_one_with_the_same_does_not():
    near = Mixture(TWO.weights, TWO.means + 1e-3, TWO.covariances * 1.001)
    other = Mixture([0.4, 0.6], TWO.means, TWO.covariances)
    wider = Mixture(TWO.weights, TWO.means, TWO.covariances * [[[1.0]], [[2.0]]])
    groups = optima(
        [
            restart(0, -100.0),
            restart(1, -100.001, near),
            restart(2, -100.002, other),
            restart(3, -100.003, wider),
        ],
        200,
        1e-6,
    )
    assert numbers(groups) == [("optimum", [0, 1]), ("optimum", [2]), ("optimum", [3])]


def test_the_same_components_at_another_height_are_another_end():
    slack = 200 * 1e-6 / 0.01
    assert len(optima([restart(0, -100.0), restart(1, -100.0 - 0.9 * slack)], 200, 1e-6)) == 1
    assert len(optima([restart(0, -100.0), restart(1, -100.0 - 1.1 * slack)], 200, 1e-6)) == 2


def test_at_a_tolerance_of_0_rounding_is_still_allowed_for():
    assert len(optima([restart(0, -100.0), restart(1, -100.0 - 1e-9)], 200, 0.0)) == 1


def test_a_large_tolerance_does_not_make_all_the_same():
    groups = optima([restart(0, -100.0), restart(1, -100.0, mirrored(TWO))], 200, 0.1)
    assert len(groups) == 2


def test_one_component():
    one = Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])
    moved = Mixture([1.0], [[1e-4, 0.0]], [np.eye(2)])
    far = Mixture([1.0], [[1.0, 0.0]], [np.eye(2)])
    groups = optima([restart(0, -5.0, one), restart(1, -5.0, moved), restart(2, -5.0, far)], 100, 1e-6)
    assert numbers(groups) == [("optimum", [0, 1]), ("optimum", [2])]


def test_what_is_at_the_floor_or_collapsed_comes_last_however_high():
    ends = [
        restart(0, 900.0, reason="collapsed"),
        restart(1, 500.0, degenerate=True),
        restart(2, -100.0),
        restart(3, 700.0, mirrored(TWO), reason="collapsed"),
        restart(4, 400.0, degenerate=True),
        restart(5, -50.0),
    ]
    assert numbers(optima(ends, 200, 1e-6)) == [
        ("optimum", [5]),
        ("optimum", [2]),
        ("spurious", [1]),
        ("spurious", [4]),
        ("collapsed", [0, 3]),
    ]


def test_a_group_has_the_highest_of_its_ends_the_median_of_iterations_and_the_bests_order():
    ends = [
        restart(0, -100.0, iterations=5),
        restart(1, -99.999, iterations=9),
        restart(2, -100.001, iterations=6),
        restart(3, -90.0, reordered(TWO, [1, 0])),
    ]
    best, group = optima(ends, 200, 1e-6)
    assert (group.log_likelihood, group.iterations) == (-99.999, 6)
    np.testing.assert_array_equal(group.mixture.means, best.mixture.means)
    np.testing.assert_array_equal(best.mixture.means, TWO.means[::-1])


@given(st.permutations(range(5)), st.integers(0, 10**6))
def test_any_permutation_is_undone(order, seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(5, 2, 2))
    mixture = Mixture(
        np.full(5, 0.2), 9 * rng.normal(size=(5, 2)), A @ A.transpose(0, 2, 1) + 0.1 * np.eye(2)
    )
    mixed = reordered(mixture, order)
    np.testing.assert_array_equal(reordered(mixed, matched(mixture, mixed)[1]).means, mixture.means)


def test_the_distance_is_hellingers_and_does_not_depend_on_units():
    one, other = (Mixture([1.0], [[m]], [[[v]]]) for m, v in ((0.0, 1.0), (1.5, 4.0)))
    x = np.linspace(-40, 40, 200_001)
    p, q = (np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v) for m, v in ((0.0, 1.0), (1.5, 4.0)))
    assert apart(one, other)[0, 0] ** 2 == pytest.approx(1 - np.trapezoid(np.sqrt(p * q), x), rel=1e-6)
    stretched = [Mixture([1.0], 1e6 * m.means, 1e12 * m.covariances) for m in (one, other)]
    assert apart(*stretched)[0, 0] == pytest.approx(apart(one, other)[0, 0])
    light = Mixture([0.5, 0.5], [[0.0], [0.0]], [[[1.0]], [[1.0]]])
    heavy = Mixture([0.1, 0.9], [[0.0], [0.0]], [[[1.0]], [[1.0]]])
    assert apart(light, heavy)[0, 0] ** 2 == pytest.approx(1 - 2 * np.sqrt(0.05) / 0.6)


def test_components_without_weight_are_as_near_as_their_densities():
    empty = Mixture([0.0, 1.0], [[0.0], [9.0]], [[[1.0]], [[1.0]]])
    assert apart(empty, empty)[0, 0] == 0


# Shares


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.99))
def test_the_interval_is_scipys(counts, level):
    exact = binomtest(*counts).proportion_ci(level, method="exact")
    np.testing.assert_allclose(share_interval(*counts, level), exact, atol=1e-12)


@pytest.mark.parametrize("counts", [(-1, 5), (6, 5), (0, 0)])
def test_an_interval_of_impossible_counts_is_refused(counts):
    with pytest.raises(ValueError, match="hits"):
        share_interval(*counts)


@given(st.floats(1e-6, 1 - 1e-9), st.floats(0.5, 0.999))
def test_so_many_starts_are_enough_and_one_fewer_is_not(share, probability):
    needed = starts_needed(share, probability)
    assert 1 - (1 - share) ** needed >= probability - 1e-9
    fewer = 1 - (1 - share) ** (needed - 1)
    assert fewer < probability or isclose(fewer, probability, rel_tol=1e-6)


# Sweeps

X = load("faithful").X


def sweep(**settings):
    return Sweep(X, 3, "random-points", **{"tol": 1e-6, "seed": 7} | settings)


def test_start_r_has_the_seed_r_further_on_and_comes_to_what_fit_does():
    done = sweep()
    assert done.advance(12)
    for r in (0, 5, 11):
        alone = fit(X, start(X, 3, "random-points", rng=7 + r), reg_covar=reg_covar_for(X, 1e-6), tol=1e-6)
        one = done.done[r]
        assert (one.number, one.iterations) == (r, len(alone.states) - 1)
        assert one.log_likelihood == pytest.approx(alone.states[-1].log_likelihood, rel=1e-12)


def test_a_sweep_goes_on_where_it_stopped_and_keeps_what_is_done():
    whole, parts = sweep(), sweep()
    whole.advance(25)
    assert not parts.advance(25, seconds=0)
    seen = []
    while not parts.advance(25, seconds=0):
        assert parts.done[: len(seen)] == tuple(seen)
        seen = list(parts.done)
    assert len(parts.done) == 25
    assert [one.log_likelihood for one in parts.done] == pytest.approx(
        [one.log_likelihood for one in whole.done]
    )


def test_more_starts_keep_those_that_are_done_and_fewer_are_done_already():
    one = sweep()
    one.advance(5)
    first = one.done
    assert one.advance(3, seconds=0)
    assert one.done == first
    one.advance(8)
    assert one.done[:5] == first
    assert [member.number for member in one.done] == list(range(8))


def test_no_more_is_fitted_than_was_asked_for():
    one = sweep()
    one.advance(6)
    assert len(one.done) == 6


@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
def test_degenerate_is_what_ends_at_the_floor_or_on_few_points(covariance_type):
    floor = reg_covar_for(X, 1e-6, covariance_type)
    sound = (
        fit(X, start(X, 2, "k-means", covariance_type), covariance_type, reg_covar=floor).states[-1].mixture
    )
    assert not is_degenerate(X, sound, covariance_type, floor)
    few = Mixture([2.9 / len(X), 1 - 2.9 / len(X)], sound.means, sound.covariances)
    assert is_degenerate(X, few, covariance_type, floor)
    enough = Mixture([3.1 / len(X), 1 - 3.1 / len(X)], sound.means, sound.covariances)
    assert not is_degenerate(X, enough, covariance_type, floor)
    assert is_degenerate(X, sound, covariance_type, 1e3 * np.ones(1))
    assert not is_degenerate(X, sound, covariance_type, 0.0)


def test_more_groups_than_letters_have_names_all_the_same():
    assert len(set(letters(500))) == 500
