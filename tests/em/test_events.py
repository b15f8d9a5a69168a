"""Events follow from a history and the data: from histories made up for the purpose."""

import numpy as np
import pytest

from gmmviz.em import COVARIANCE_TYPES, Mixture, State
from gmmviz.em.events import happened
from gmmviz.em.points import Points

X = np.random.default_rng(0).normal(size=(20, 2)) * [1.0, 3.0]
NO_FLOOR = np.zeros((2, 2))
FLOOR = 0.01 * np.eye(2)


def mixture(*counts, variance=1.0):
    """Components with these effective numbers of the 20 points, and the rest for a last one."""
    weights = np.array([*counts, 20 - sum(counts)]) / 20
    K = len(weights)
    S = np.tile(np.eye(2), (K, 1, 1))
    S[0] *= variance
    return Mixture(weights, np.arange(2.0 * K).reshape(K, 2), S)


def told(*mixtures, covariance_type="full", addend=NO_FLOOR, log_likelihoods=None, refused=None):
    values = log_likelihoods or list(range(len(mixtures)))
    states = [State(t, m, value, 1e-12) for t, (m, value) in enumerate(zip(mixtures, values, strict=True))]
    reason = None if refused is None else "collapsed" if np.isnan(refused.rounding) else "decreased"
    return happened(Points(X, covariance_type), mixtures[0], states, refused, addend, reason)


@pytest.mark.parametrize("covariance_type", COVARIANCE_TYPES)
@pytest.mark.parametrize(("count", "few"), [(3.0, False), (2.9, True), (2.1, True), (0.2, True)])
def test_fewer_than_three_points_are_too_few_in_two_dimensions(covariance_type, count, few):
    events = told(mixture(5.0), mixture(count), covariance_type=covariance_type)
    assert len(events) == few
    for event in events:
        assert event[:3] == (1, "degenerate", (0,))
        assert event.cause == ("few_points" if covariance_type == "full" else "little_weight")
        assert event.points == pytest.approx((count,))
        assert event.n_features == 2


def test_a_trouble_is_told_when_it_begins_and_again_when_it_comes_back():
    few, many = mixture(1.0), mixture(5.0)
    assert [event.iteration for event in told(many, few, few, many, few, few)] == [1, 4]


def test_the_start_is_not_judged_but_the_state_after_it_is():
    assert [event.iteration for event in told(mixture(1.0), mixture(1.0))] == [1]
    assert told(mixture(1.0)) == ()


def test_components_with_the_same_trouble_at_the_same_time_are_one_event():
    events = told(mixture(5.0, 5.0, 5.0), mixture(1.0, 5.0, 2.0))
    assert [event.components for event in events] == [(0, 2)]
    assert events[0].points == pytest.approx((1.0, 2.0))


def test_a_component_without_points_is_empty_not_degenerate_and_comes_after_those_that_are():
    events = told(mixture(5.0, 5.0), mixture(0.0, 1.0))
    assert [event[1:3] for event in events] == [("degenerate", (1,)), ("empty", (0,))]


@pytest.mark.parametrize(("variance", "low"), [(0.0199, True), (0.0201, False)])
def test_a_variance_below_twice_the_floor_is_at_the_floor(variance, low):
    events = told(mixture(5.0), mixture(5.0, variance=variance), addend=FLOOR)
    assert [(event.components, event.cause) for event in events] == ([((0,), "floor")] if low else [])


def test_of_few_points_and_a_floor_few_points_are_the_reason():
    (event,) = told(mixture(5.0), mixture(2.0, variance=0.011), addend=FLOOR)
    assert event.cause == "few_points"
    (event,) = told(mixture(5.0), mixture(2.0, variance=0.011), addend=FLOOR, covariance_type="diag")
    assert event.cause == "floor"


def test_a_fall_is_told_with_its_amount_unless_it_is_rounding():
    events = told(*[mixture(5.0)] * 4, log_likelihoods=[-50.0, -40.0, -41.5, -41.5 - 1e-13])
    assert [(event.iteration, event.kind, event.amount) for event in events] == [(2, "decreased", 1.5)]
    assert [event.cause for event in events] == [""]
    (event,) = told(*[mixture(5.0)] * 2, log_likelihoods=[-50.0, -51.0], addend=1e-9 * np.eye(2))
    assert event.cause == "floor"


def test_a_state_refused_for_its_fall_is_seen_and_one_that_collapsed_is_not():
    few = mixture(1.0)
    fell = told(mixture(5.0), log_likelihoods=[-40.0], refused=State(1, few, -50.0))
    assert [event.kind for event in fell] == ["degenerate", "decreased"]
    singular = Mixture._of(few.weights, few.means, few.covariances * np.array([1.0, 0.0])[:, None, None])
    (event,) = told(mixture(5.0), log_likelihoods=[-40.0], refused=State(1, singular, np.nan, np.nan))
    assert event[:3] == (1, "collapsed", (1,))


def test_identical_components_are_told_by_pairs_with_the_first_of_them():
    start = Mixture(np.full(4, 0.25), [[0, 0], [1, 1], [0, 0], [0, 0]], [np.eye(2)] * 3 + [2 * np.eye(2)])
    assert [event[:3] for event in told(start)] == [(0, "identical", (0, 2))]


def test_a_start_from_outside_the_family_is_told():
    tilted = Mixture([1.0], [[0.0, 0.0]], [[[1.0, 0.5], [0.5, 1.0]]])
    state = State(0, Mixture([1.0], [[0.0, 0.0]], [np.eye(2)]), 0.0)
    (event,) = happened(Points(X, "diag"), tilted, [state], None, NO_FLOOR)
    assert (event.kind, event.covariance_type) == ("projected", "diag")


@pytest.mark.parametrize(
    ("rows", "cause", "named"),
    [([4], "one_point", (4,)), ([4, 9], "few_rows", (4, 9)), ([4, 9, 11], "line_or_plane", ())],
)
def test_where_a_collapsed_component_rested(rows, cause, named):
    """Its means are far from the others', and the points that it has are moved there."""
    Y = X.copy()
    Y[rows] = [[100.0 + 0.1 * i, 100.0] for i in range(len(rows))]
    before = Mixture([0.9, 0.1], [[0, 0], [100, 100]], [9 * np.eye(2), np.eye(2)])
    singular = Mixture._of(before.weights, before.means, before.covariances * [[[1.0]], [[0.0]]])
    after = State(1, singular, np.nan, np.nan)
    (event,) = happened(Points(Y), before, [State(0, before, -99.0)], after, NO_FLOOR, "collapsed")
    assert (event.kind, event.components, event.cause, event.rows) == ("collapsed", (1,), cause, named)


@pytest.mark.parametrize(
    ("data", "covariance_type", "facts"),
    [
        (X * [1, 0], "full", {"cause": "constant_feature", "feature": 1}),
        (X * [1, 0], "spherical", {"cause": "line_or_plane"}),
        (X * 0, "spherical", {"cause": "constant_feature", "feature": 0}),
        (X @ [[1.0, 2.0], [0.0, 0.0]], "full", {"cause": "linear_feature", "feature": 1}),
        (X @ [[1.0, 2.0], [0.0, 0.0]], "diag", {"cause": "line_or_plane"}),
        (X[:2], "full", {"cause": "flat_data", "n_points": 2, "n_features": 2}),
        (X[:3], "full", {"cause": "line_or_plane"}),
    ],
    ids=["constant", "round", "all", "linear", "diag", "few", "enough"],
)
def test_what_in_the_data_makes_every_covariance_singular(data, covariance_type, facts):
    before = Mixture([1.0], [data.mean(axis=0)], [np.eye(2)])
    after = State(1, Mixture._of(before.weights, before.means, before.covariances * 0), np.nan, np.nan)
    states = [State(0, before, -99.0)]
    (event,) = happened(Points(data, covariance_type), before, states, after, NO_FLOOR, "collapsed")
    assert {name: getattr(event, name) for name in facts} == facts


@pytest.mark.parametrize(("roundings", "falls"), [((0.0, 0.0), 1), ((3.0, 0.0), 0), ((0.0, 3.0), 0)])
def test_a_fall_is_told_unless_the_rounding_of_either_state_explains_it(roundings, falls):
    X = np.random.default_rng(0).normal(size=(40, 2))
    mixture = Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])
    values = zip((-10.0, -12.0, -11.0), (*roundings, 0.0), strict=True)
    states = [State(t, mixture, value, rounding) for t, (value, rounding) in enumerate(values)]
    events = happened(Points(X), mixture, states, None, np.zeros((2, 2)))
    assert [(event.iteration, event.kind, event.amount) for event in events] == [
        (1, "decreased", 2.0)
    ] * falls
