"""The settings of the page on one dimension: lists that follow each other in length, and their addresses."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.corrections import Correction, ThereAre
from gmmviz.pages.one_dimension.numbers import m_step_numbers, with_old_means
from gmmviz.pages.one_dimension.settings import EXAMPLES, LISTS, OneDimension
from gmmviz.words import corrected
from tests.strategies import queries, valid_values

TABLE = OneDimension.table()
anything = st.fixed_dictionaries(
    {"example": st.sampled_from(list(EXAMPLES))}, optional={name: valid_values(TABLE[name]) for name in LISTS}
).map(lambda values: OneDimension(**values))


@given(anything)
def test_settings_there_and_back(settings):
    assert OneDimension(**dataclasses.asdict(settings)) == settings
    assert OneDimension.entered(settings.shown()) == settings
    back, corrections = OneDimension.from_query(settings.to_query())
    assert (back, corrections) == (settings, [])
    assert (
        back.run(back.data().X).states[0].log_likelihood
        == settings.run(settings.data().X).states[0].log_likelihood
    )


@given(anything)
def test_any_start_runs(settings):
    means, variances, weights = settings.start()
    assert len(means) == len(variances) == len(weights) == settings.k <= settings.n
    X = settings.data().X
    run = dataclasses.replace(settings, max_iter=20).run(X)
    mixture = settings.mixture()
    np.testing.assert_array_equal(run.states[0].mixture.means, mixture.means)
    assert mixture.weights.sum() == pytest.approx(1)
    m_step_numbers(X, run.states[-1].mixture)
    with_old_means(X, run.states[-1].mixture)


def test_the_means_decide_k():
    four = OneDimension(means=(-8, 8, 5, 1))
    assert four.start() == ((-8, 8, 5, 1), (5, 3, 1, 1), (1, 1, 1, 1))
    assert four.to_query() == {"means": "-8,8,5,1"}
    assert OneDimension(means=(-8, 8), variances=(5, 3, 1)) == OneDimension(means=(-8, 8))
    assert OneDimension("own", points=(1, 2), means=(3, 4, 5)).k == 2
    assert OneDimension(means=(-8, 8, 5)) == OneDimension()


def test_weights_are_divided_by_their_sum():
    assert OneDimension(weights=(2, 1, 1)).mixture().weights.tolist() == [0.5, 0.25, 0.25]


@given(queries(TABLE))
def test_the_row_is_one_that_there_is(query):
    settings, _ = OneDimension.from_query(query)
    assert settings.row <= settings.n


def test_an_address_says_what_was_changed():
    query = {"example": "hastie", "means": "1,2,3", "variances": "5,3,1,9", "row": "44", "points": "abc"}
    settings, corrections = OneDimension.from_query(query)
    assert (settings.k, settings.row, settings.start()[1]) == (3, 20, (5, 3, 1))
    assert list(map(corrected, corrections)) == [
        'points was "abc"; now 1, 2, 3, 4, 10, 11, 12, 13, 14.',
        "There are 20 points, so row is now 20.",
        "There are 3 means, so variances are now 5, 3, 1.",
    ]
    assert corrections == [
        Correction("points", "abc", OneDimension().points),
        Correction("row", "44", 20, ThereAre(20, "points")),
        Correction("variances", "5,3,1,9", (5.0, 3.0, 1.0), ThereAre(3, "means")),
    ]
    assert OneDimension.from_query({"means": "abc"})[1] == [Correction("means", "abc", ())]


def test_what_is_wrong_with_a_list_is_said():
    def notices(**query):
        return list(map(corrected, OneDimension.from_query(query)[1]))

    assert notices(variances="-1, 0") == [
        "Variances must be positive, at least 10⁻⁶; they are now 10⁻⁶, 10⁻⁶, 10⁻⁶.",
        "There are 3 means, so variances are now 10⁻⁶, 10⁻⁶, 10⁻⁶.",
    ]
    assert notices(points="1e9 5") == [
        "Points must each be from −1,000,000 to 1,000,000; they are now 1,000,000, 5."
    ]
    assert notices(means="1 2 3 4 5 6 7") == [
        "Means may be 6 at most, so the rest was left out; they are now 1, 2, 3, 4, 5, 6."
    ]
    assert notices(means="1 2 3 4 5 6 and more") == [
        "Means may be 6 at most, so the rest was left out; they are now 1, 2, 3, 4, 5, 6."
    ]
    assert notices(weights="1, 1, 1") == []
