"""Which component is which, what the table says, and what wins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.criteria import adjusted_rand, bic, n_parameters
from gmmviz.em import Mixture, e_step
from gmmviz.pages.compare.numbers import Fitted, Row, best, by_number, held_out_scores, numbered, row_of
from gmmviz.pages.compare.settings import Compare

X = np.random.default_rng(0).normal(size=(60, 2)) + np.repeat([[0, 0], [8, 0], [0, 8]], 20, axis=0)
MEANS = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0], [4.0, 4.0]])


def mixture(order):
    K = len(order)
    return Mixture(np.full(K, 1 / K), MEANS[list(order)], np.tile(np.eye(2), (K, 1, 1)))


@given(st.permutations(range(3)))
def test_a_permuted_mixture_gets_the_numbers_of_the_same_groups(order):
    first, other = numbered(X, [mixture(range(3)), mixture(order)])
    assert first == (1, 2, 3)
    assert other == tuple(k + 1 for k in order)


def test_fewer_and_more_components_keep_the_numbers_of_their_groups():
    found = numbered(X, [mixture([0, 2]), mixture([2, 1, 0]), mixture([1, 2, 0]), mixture([3, 2, 1, 0])])
    assert found[:3] == [(1, 2), (2, 3, 1), (3, 2, 1)]
    assert found[3][1:] == (2, 3, 1)
    assert found[3][0] == 4


some = st.permutations(range(4)).flatmap(lambda order: st.integers(1, 4).map(lambda K: order[:K]))


@given(st.lists(some, min_size=1, max_size=6))
def test_numbers_are_those_of_different_components_from_1_up(orders):
    found = numbered(X, [mixture(order) for order in orders])
    for numbers, order in zip(found, orders, strict=True):
        assert len(set(numbers)) == len(order)
        assert min(numbers) >= 1
        assert max(numbers) <= sum(map(len, orders))


def test_a_mixture_of_other_features_shares_no_points_and_is_numbered_all_the_same():
    other = Mixture([0.5, 0.25, 0.25], [[0.0] * 3, [1.0] * 3, [2.0] * 3], [np.eye(3)] * 3)
    first, second, third = numbered(X, [mixture([1, 0]), other, mixture([0, 1])])
    assert first == (1, 2)
    assert sorted(second) == [1, 2, 3]
    assert len(set(third)) == 2
    assert set(third) <= {1, 2, 3}


def test_responsibilities_by_number():
    R = np.array([[0.25, 0.75]])
    assert by_number(R, (3, 1)).tolist() == [[0.75, 0.0, 0.25]]


def fitted(**settings):
    (panel, *_), compare = Compare(**settings).panels(), Compare(**settings)
    dataset = panel.experiment.data()
    run = panel.experiment.run(dataset.X)
    return compare, Fitted(panel, dataset, run, (1, 2, 3))


def test_a_row_says_what_the_run_came_to():
    _, one = fitted(n=90)
    row = row_of(one, None, reveal=True)
    last = one.run.states[-1]
    free = n_parameters(3, 2, "full")
    assert (row.letter, row.title, row.iterations) == ("A", "Full", last.iteration)
    assert (row.log_likelihood, row.parameters) == (last.log_likelihood, free)
    assert row.bic == bic(last.log_likelihood, free, 90)
    predicted = e_step(one.dataset.X, last.mixture)[0].argmax(axis=1)
    assert row.ari == adjusted_rand(one.dataset.labels, predicted)
    assert row_of(one, None, reveal=False).ari is None


def test_held_out_scores_are_of_points_that_were_not_fitted():
    _, one = fitted(n=60, k=8)  # it overfits
    others = [fitted(n=2500, max_iter=2)[1], *(fitted(n=30, k=k)[1] for k in (24, 25))]
    panels = [one, *others, one]
    points, experiments = [of.dataset.X for of in panels], [of.panel.experiment for of in panels]
    *before, (score, many, just, few, again) = held_out_scores(points, experiments, seed=0)
    assert score < one.run.states[-1].log_likelihood / 60 - 0.5
    assert (many, few, again) == (None, None, score)
    assert just is not None
    assert all(scores == [score, many, just, few][: len(scores)] for scores in before)
    assert len(before) > 20  # pauses


def row(letter, log_likelihood=0.0, bic=0.0, stop="converged", ari=None, held_out=None):
    return Row(letter, letter, 1, stop, log_likelihood, 10, bic, 5, held_out, ari)


@pytest.mark.parametrize(
    ("column", "same", "expected"),
    [
        ("log_likelihood", True, 1),
        ("bic", True, 2),
        ("held_out", True, 0),
        ("ari", False, 2),
        ("bic", False, None),
    ],
)
def test_the_best_of_a_column(column, same, expected):
    rows = [
        row("A", 1.0, 9.0, ari=0.5, held_out=0.3),
        row("B", 5.0, 8.0, ari=0.4, held_out=0.2),
        row("C", 2.0, 7.0, ari=0.9, held_out=0.1),
    ]
    assert best(rows, column, same) == expected


def test_a_collapsed_run_never_wins_and_one_alone_neither():
    rows = [row("A", 1.0), row("B", 99.0, stop="collapsed"), row("C", 0.5)]
    assert best(rows, "log_likelihood", True) == 0
    assert best(rows[:2], "log_likelihood", True) is None
