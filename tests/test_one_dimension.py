"""One dimension by hand: the tutorials' known numbers, the steps number by number, the settings and their addresses."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from gmmviz.em import Mixture, e_step, m_step
from gmmviz.lessons.by_hand import (
    e_step_table,
    log_of_sum,
    m_step_numbers,
    retold,
    with_old_means,
)
from gmmviz.lessons.one_dimension import (
    EXAMPLES,
    PARAMETERS,
    PUBLISHED,
    OneDimension,
    decimal_commas,
)

TABLE = OneDimension.table()
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


# What happened, in the page's words


def told(points, **settings):
    X, run = ran(OneDimension("own", points=points, **settings))
    return [event.message for event in retold(run, X).events]


def test_equal_points_are_called_that():
    said = "All points are equal, so every variance would become 0. Type at least two different points."
    assert told((3, 3), means=(3,)) == [said]
    assert told((3, 3))[-1] == said


def test_a_collapse_names_its_point_as_the_table_counts():
    message = told((1, 2, 3, 50), means=(2, 50))[-1]
    assert "Component 2 collapsed: its variance would become 0." in message
    assert "a single point, point 4 (x = 50)" in message
    assert message.endswith("another start, fewer means, or variances held fixed in the M-step.")
    assert (
        "equal points, 1, 4 and 6 (x = 7)" in told((7, 1, 2, 7, 3, 7), means=(7, 2), variances=(0.01, 1))[-1]
    )
    assert "1, 2, 3, 4, 5 and 4 more (x = 0)" in told((0,) * 9 + (5, 6), means=(0, 5.5))[-1]


def test_two_components_on_the_same_point():
    messages = told((0, 1, 2, 9), means=(1, 9, 9), variances=(1, 1, 2))
    assert any("point 4 (x = 9)" in message for message in messages)


def test_twins_are_told_of_means_and_variances():
    message, *_ = told((1, 2, 3, 8, 9, 10), means=(1, 4, 4), variances=(9, 9, 9), max_iter=2)
    assert message.startswith("Components 2 and 3 begin with the same mean and variance.")


@given(
    st.lists(st.integers(0, 6).map(float), min_size=2, max_size=8).map(tuple),
    st.lists(st.integers(0, 6).map(float), min_size=1, max_size=4).map(tuple),
    st.sampled_from(["yes", "no"]),
)
def test_nothing_is_told_that_the_page_does_not_have(points, means, fixed):
    for message in told(points, means=means, variances=(0.1,), fixed=fixed, max_iter=20):
        for foreign in ("covariance", "floor", "tied", "Feature", " row ", "counted", "dimension"):
            assert foreign not in message


def test_what_is_wrong_with_a_list_is_said():
    def notices(**query):
        return OneDimension.from_query(query)[1]

    assert notices(variances="-1, 0") == [
        "Variances must be positive, at least 1e-06; they are now 1e-06,1e-06,1e-06.",
        "There are 3 means, so variances are now 1e-06,1e-06,1e-06.",
    ]
    assert notices(points="1e9 5") == [
        "Points must each be from -1 000 000 to 1 000 000; they are now 1000000,5."
    ]
    assert notices(means="1 2 3 4 5 6 7") == [
        "Means may be 6 at most, so the rest was left out; they are now 1,2,3,4,5,6."
    ]
    assert notices(weights="1, 1, 1") == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1,5 2,5 3,5", "1.5 2.5 3.5"),
        ("1,5; -2,25\n+3,5 ", "1.5 -2.25 +3.5"),
        ("1,5", ""),
        ("1, 5, 2, 5", ""),
        ("1,2,3 4,5", ""),
        ("1.5 2,5", ""),
        ("", ""),
    ],
)
def test_decimal_commas(text, meant):
    assert decimal_commas(text) == meant


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


# Settings that are lists of numbers

lists = {name: TABLE[name] for name in ("points", *PARAMETERS)}
texts = st.sampled_from(
    ["", ",", "1", "1,2", "abc", "1,x", "nan,1", "inf,-inf", "1e999", "9" * 9999, "1," * 900]
)


def number_lists(name):
    row = lists[name]
    numbers = st.floats(row.low, row.high).map(row.nearest)
    return st.lists(numbers, min_size=row.count[0], max_size=min(row.count[1], 12)).map(tuple)


anything = st.fixed_dictionaries(
    {"example": st.sampled_from(list(EXAMPLES))}, optional={name: number_lists(name) for name in lists}
).map(lambda values: OneDimension(**values))


@pytest.mark.parametrize("name", lists)
@given(st.data())
def test_a_list_is_read_as_it_is_written(name, data):
    numbers = data.draw(number_lists(name))
    row = lists[name]
    row.check(numbers)
    assert row.read(row.write(numbers)) == numbers
    assert row.read(row.write(numbers).replace(",", " ; ")) == numbers
    assert row.write(row.write(numbers).replace(",", ", ")) == row.write(numbers)


@pytest.mark.parametrize("name", lists)
@given(text=texts | st.text())
def test_whatever_is_typed_becomes_a_valid_list_or_nothing(name, text):
    numbers = lists[name].read(text)
    if numbers is not None:
        lists[name].check(numbers)


def test_lists_are_bounded_and_wrong_ones_are_refused():
    row = lists["points"]
    assert row.read("1," * 900) == (1.0,) * 200
    assert row.read("1e9 -1e9") == (1e6, -1e6)
    assert [row.read(text) for text in ("", "1", "1, two", "1, nan")] == [None] * 4
    for wrong in ((1.0,), (1.0, 1e9), (1.0, float("nan")), [1.0, 2.0], "1,2"):
        with pytest.raises(ValueError, match="points is"):
            row.check(wrong)


@given(anything)
def test_settings_there_and_back(settings):
    assert OneDimension(**dataclasses.asdict(settings)) == settings
    assert OneDimension(**settings.shown()) == settings
    back, notices = OneDimension.from_query(settings.to_query())
    assert (back, notices) == (settings, [])
    assert back.run(back.data().X).states[0].log_likelihood == ran(settings)[1].states[0].log_likelihood


@given(anything)
def test_any_start_runs(settings):
    means, variances, weights = settings.start()
    assert len(means) == len(variances) == len(weights) == settings.k <= settings.n
    X, run = ran(dataclasses.replace(settings, max_iter=20))
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


queries = st.dictionaries(
    st.sampled_from([*TABLE, "k", "<b>"]), texts | st.text() | st.integers().map(str), max_size=6
)


@given(queries)
def test_hostile_addresses_become_valid_settings(query):
    settings, notices = OneDimension.from_query(query)
    assert OneDimension(**dataclasses.asdict(settings)) == settings
    assert settings.row <= settings.n
    assert len(notices) >= len(query.keys() - TABLE.keys())
    assert OneDimension.from_query(settings.to_query()) == (settings, [])


def test_an_address_says_what_was_changed():
    query = {"example": "hastie", "means": "1,2,3", "variances": "5,3,1,9", "row": "44", "points": "abc"}
    settings, notices = OneDimension.from_query(query)
    assert (settings.k, settings.row, settings.start()[1]) == (3, 20, (5, 3, 1))
    assert notices == [
        'points was "abc"; now 1,2,3,4,10,11,12,13,14.',
        "There are 20 points, so row is now 20.",
        "There are 3 means, so variances are now 5,3,1.",
    ]
    assert OneDimension.from_query({"means": "abc"})[1] == ['means was "abc"; now the default.']
