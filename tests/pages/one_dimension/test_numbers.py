"""One dimension by hand: the tutorials' known numbers, the steps number by number, where the tutorials err."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from gmmviz.em import Mixture, e_step, m_step
from gmmviz.pages.one_dimension.numbers import e_step_table, log_of_sum, m_step_numbers, with_old_means
from gmmviz.pages.one_dimension.settings import EXAMPLES, PUBLISHED, OneDimension

SIXTY, SPIKE = OneDimension(), OneDimension(variances=(25, 9, 1))


def ran(settings):
    X = settings.data().X
    return X, settings.run(X)


def end(settings):
    return ran(settings)[1].states[-1]


# Known numbers


def test_the_first_examples_first_row():
    settings = OneDimension("first")
    table = e_step_table(settings.data().X, settings.mixture(), weighted=False)
    np.testing.assert_allclose(
        table.responsibilities[0], [0.0297644006, 0.970235407, 1.9191255e-07], rtol=1e-8
    )
    assert settings.start()[:2] == ((-5, 8, 1.5), (25, 9, 1))  # deviations 5, 3, 1


def test_the_tutorials_points():
    X = SIXTY.data().X[:, 0]
    shares = np.random.RandomState(0).rand(60).reshape(3, 20)
    np.testing.assert_array_equal(X, (np.linspace(-5, 5, 20) * shares + np.array([[15], [-15], [0]])).ravel())
    np.testing.assert_allclose(X - OneDimension("first").data().X[:, 0], np.repeat([5.0, -5.0, 0.0], 20))


def test_the_sixty_points_end_as_three_clusters_of_twenty():
    state = end(SIXTY)
    assert state.log_likelihood == pytest.approx(-186.141, abs=6e-4)
    np.testing.assert_allclose(60 * state.mixture.weights, 20, atol=1e-4)


def test_variances_25_9_1_end_on_a_spike():
    state = end(SPIKE)
    assert state.log_likelihood == pytest.approx(-216.098, abs=6e-4)
    assert 60 * state.mixture.weights[2] == pytest.approx(1.7, abs=0.05)
    assert state.mixture.covariances[2, 0, 0] < 0.01


def test_variances_that_are_never_updated():
    state = end(dataclasses.replace(SPIKE, fixed="yes"))
    assert state.log_likelihood == pytest.approx(-198.598, abs=6e-4)
    assert state.mixture.covariances.ravel().tolist() == [25, 9, 1]


def test_hasties_maximum_and_what_the_book_prints():
    settings = OneDimension("hastie", tol=1e-12)
    state = end(settings)
    assert state.log_likelihood == pytest.approx(-38.913371507, abs=1e-8)
    mixture = state.mixture
    np.testing.assert_allclose(mixture.weights, [0.445410, 0.554590], atol=5e-6)
    np.testing.assert_allclose(mixture.means[:, 0], [4.655913, 1.083162], atol=5e-6)
    np.testing.assert_allclose(mixture.covariances[:, 0, 0], [0.818794, 0.811371], atol=5e-6)
    assert e_step(settings.data().X, PUBLISHED)[1] == pytest.approx(-38.9236, abs=6e-5)


def test_the_counts_of_the_two_stop_rules():
    counts = [
        end(dataclasses.replace(SPIKE, criterion=rule)).iteration for rule in ("log_likelihood", "parameters")
    ]
    assert counts == [7, 11]


# The steps, number by number

examples = st.sampled_from([*(OneDimension(name) for name in EXAMPLES), SPIKE, OneDimension(fixed="yes")])


@given(examples, st.booleans())
def test_the_table_is_the_e_step(settings, weighted):
    X, run = ran(settings)
    for state in run.states:
        mixture = state.mixture
        w = mixture.weights if weighted else np.ones(mixture.n_components)
        expected = w * norm.pdf(X, mixture.means[:, 0], np.sqrt(mixture.covariances[:, 0, 0]))
        table = e_step_table(X, mixture, weighted)
        np.testing.assert_allclose(table.densities, expected, rtol=1e-9, atol=1e-300)
        np.testing.assert_allclose(table.total, table.densities.sum(axis=1))
        np.testing.assert_allclose(table.responsibilities.sum(axis=1), 1, rtol=1e-14)
        np.testing.assert_allclose(
            table.responsibilities * table.total[:, None], table.densities, rtol=1e-9, atol=1e-300
        )
        if weighted:
            np.testing.assert_allclose(table.responsibilities, e_step(X, mixture)[0], rtol=1e-10, atol=1e-290)
            assert np.log(table.total).sum() == pytest.approx(state.log_likelihood, rel=1e-12)


@given(examples)
def test_the_m_steps_numbers_lead_to_the_next_state(settings):
    X, run = ran(settings)
    for before, after in pairwise(run.states):
        step = m_step_numbers(X, before.mixture)
        np.testing.assert_allclose(step.N_k, e_step(X, before.mixture)[0].sum(axis=0))
        np.testing.assert_allclose(step.weights, after.mixture.weights, rtol=1e-10)
        np.testing.assert_allclose(step.means, after.mixture.means[:, 0], rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(step.sum_x / step.N_k, step.means)
        np.testing.assert_allclose(step.sum_squares / step.N_k, step.variances)
        if settings.fixed == "no":
            np.testing.assert_allclose(step.variances, after.mixture.covariances[:, 0, 0], rtol=1e-8)


def test_a_component_without_points_stays_where_it_is():
    X = np.array([[0.0], [1.0]])
    mixture = Mixture([1.0, 0.0], [[0.0], [9.0]], [[[1.0]], [[2.0]]])
    step = m_step_numbers(X, mixture)
    assert (step.N_k[1], step.weights[1], step.means[1], step.variances[1]) == (0, 0, 9, 2)
    assert with_old_means(X, mixture).variances[1] == 2


# Where the tutorials err


def test_the_log_of_a_sum():
    X, run = ran(SIXTY)
    total = e_step_table(X, run.states[3].mixture).total
    assert log_of_sum(X, run.states[3].mixture) == pytest.approx(np.log(total.sum()))


@given(examples)
def test_a_variance_around_the_old_mean_is_never_smaller_and_never_better(settings):
    X, run = ran(settings)
    for state in run.states:
        found, R = with_old_means(X, state.mixture), e_step(X, state.mixture)[0]
        right = m_step(X, R, previous=state.mixture)
        moved = (right.means - state.mixture.means)[:, 0]
        np.testing.assert_allclose(
            found.variances, right.covariances[:, 0, 0] + moved**2, rtol=1e-9, atol=1e-12
        )
        assert found.loss >= -1e-9
        if found.right_log_likelihood is not None:
            assert found.right_log_likelihood == e_step(X, right)[1]
    first = with_old_means(X, run.states[0].mixture)
    assert first.log_likelihood < first.right_log_likelihood
