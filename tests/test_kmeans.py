"""K-means: its history, held against scikit-learn's; what it says of empty clusters, ties and bad input."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import KMeans

from gmmviz.datasets import READY, load
from gmmviz.kmeans import KINDS, _variance, assign, inertia, kmeans, ties, update
from gmmviz.starts import STARTS, start

SQUARE = np.array([[0.0, 0.0], [0.0, 2.0], [2.0, 0.0], [2.0, 2.0]])


@st.composite
def problems(draw):
    """Points on a coarse or a fine grid, with repeats and ties, and centres anywhere near them."""
    D = draw(st.integers(1, 3))
    N, K = draw(st.integers(2, 40)), draw(st.integers(1, 5))
    assume(K <= N)
    numbers = draw(st.sampled_from([st.integers(-3, 3), st.floats(-10, 10, width=32)]))
    X = draw(arrays(float, (N, D), elements=numbers))
    return X, draw(arrays(float, (K, D), elements=st.floats(-12, 12, width=32)))


# --- The history ------------------------------------------------------------------------------------------------------


@given(problems())
def test_inertia_never_rises_and_the_end_is_a_fixed_point(problem):
    X, centres = problem
    assume(np.ptp(X) == 0 or np.ptp(X) > 1e-100)
    run = kmeans(X, centres)
    inertias = np.array([state.inertia for state in run.states])
    assert (np.diff(inertias) <= 1e-12 * inertias[0]).all()
    last = run.states[-1]
    assert run.converged
    np.testing.assert_array_equal(update(X, last.labels, last.centres), last.centres)


@given(problems())
def test_each_state_is_evaluated_at_its_own_centres(problem):
    X, centres = problem
    run = kmeans(X, centres)
    for before, state in zip((None, *run.states), run.states, strict=False):
        expected = centres if before is None else update(X, before.labels, before.centres)
        np.testing.assert_array_equal(state.centres, expected)
        np.testing.assert_array_equal(state.labels, assign(X, state.centres))
        np.testing.assert_array_equal(state.ties, ties(X, state.centres))
        assert state.inertia == inertia(X, state.labels, state.centres)
    assert [state.iteration for state in run.states] == list(range(len(run.states)))


@pytest.mark.parametrize("name", READY)
@pytest.mark.parametrize("method", ["random-points", "k-means++", "scattered"])
def test_it_ends_where_scikit_learn_ends(name, method):
    X, compared = load(name, n=150).X, 0
    for K in (2, 3, 5):
        centres = start(X, K, method, rng=K).means
        run = kmeans(X, centres)
        if run.events:  # scikit-learn moves empty clusters elsewhere, and breaks ties by rounding
            continue
        theirs = KMeans(K, init=centres, n_init=1, tol=0, algorithm="lloyd", max_iter=1000).fit(X)
        np.testing.assert_array_equal(run.states[-1].labels, theirs.labels_)
        np.testing.assert_allclose(run.states[-1].centres, theirs.cluster_centers_, rtol=1e-9, atol=1e-9)
        assert run.states[-1].inertia == pytest.approx(theirs.inertia_, rel=1e-9)
        compared += 1
    assert compared or method == "scattered" or name == "iris"


@given(problems(), st.integers(-200, 200))
@example((SQUARE, SQUARE[:2]), 400)
def test_another_unit_changes_nothing(problem, power):
    X, centres = problem
    assume(np.ptp(X) > 1e-3)
    one, other = kmeans(X, centres), kmeans(np.ldexp(X, power), np.ldexp(centres, power))
    assert len(one.states) == len(other.states)
    assert one.events == other.events
    for a, b in zip(one.states, other.states, strict=True):
        np.testing.assert_array_equal(np.ldexp(a.centres, power), b.centres)
        np.testing.assert_array_equal(a.labels, b.labels)
        assert np.ldexp(a.inertia, 2 * power) == pytest.approx(b.inertia, rel=1e-12)


def test_max_iter_stops_and_says_so():
    X = load("stretched").X
    centres = start(X, 3, "random-points").means
    short, long = kmeans(X, centres, max_iter=2), kmeans(X, centres)
    assert (short.stop_reason, long.stop_reason) == ("max_iter", "converged")
    assert len(short.states) == 3
    assert not short.converged
    assert [state.inertia for state in short.states] == [state.inertia for state in long.states[:3]]
    assert len(kmeans(X, centres, max_iter=0).states) == 1


def test_a_run_cannot_be_changed():
    state = kmeans(SQUARE, SQUARE[:2]).states[-1]
    for array in (state.centres, state.labels, state.ties):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_centres_given_stay_the_readers_own():
    centres = SQUARE[:2] + 0.5
    kmeans(SQUARE, centres)
    centres[0] = 9.0  # still writeable, and no state's
    assert (kmeans(SQUARE, SQUARE[:2]).states[0].centres == SQUARE[:2]).all()


# --- Events -----------------------------------------------------------------------------------------------------------


def test_a_centre_without_points_stays_and_is_told_of_once():
    X = np.array([[0.0], [1.0], [8.0], [9.0]])
    run = kmeans(X, [[0.0], [9.0], [1e6]])
    (event,) = run.events
    assert event[:3] == (0, "idle", (2,))
    assert "Centre 3" in event.message
    assert {state.centres[2, 0] for state in run.states} == {1e6}


def test_coinciding_centres_the_first_takes_all():
    run = kmeans(SQUARE, [[1.0, 1.0], [1.0, 1.0]])
    assert set(run.states[-1].labels) == {0}
    assert {event.kind for event in run.events} == set(KINDS)


def test_a_tie_goes_to_the_lower_number_and_is_told_of():
    run = kmeans([[0.0], [1.0], [2.0]], [[0.0], [2.0]], max_iter=0)
    assert run.states[0].labels.tolist() == [0, 0, 1]
    assert run.states[0].ties.tolist() == [1]
    (event,) = run.events
    assert event[:3] == (0, "tie", ())
    assert event.message.startswith("1 point is equally far")


def test_ties_are_told_where_they_begin():
    run = kmeans([[3.0], [0.0], [1.0], [1.0], [2.0]], [[4.0], [2.0]])
    assert [len(state.ties) > 0 for state in run.states] == [True, True, False]
    assert [event[:2] for event in run.events] == [(0, "tie")]


def test_no_tie_with_a_single_centre():
    assert ties(SQUARE, SQUARE[:1]).size == 0


# --- Bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("X", "centres", "complaint"),
    [
        ([[0.0], [np.nan]], [[0.0]], r"X\[1, 0\] is nan"),
        ([0.0, 1.0], [[0.0]], "reshape"),
        (np.ma.masked_equal([[0.0], [1.0]], 1.0), [[0.0]], "masked"),
        ([[1j]], [[0.0]], "complex"),
        ([[0.0], [1.0]], [[np.inf]], r"centres\[0, 0\] is inf"),
        ([[0.0], [1.0]], [[0.0, 1.0]], "one row per centre"),
        ([[0.0], [1.0]], np.zeros((0, 1)), "one row per centre"),
        ([[0.0], [1.0]], [[0.0], [1.0], [2.0]], "use a smaller K"),
        ([[0.0], [1e-200]], [[0.0]], "underflows"),
        ([[1e200], [0.0]], [[0.0]], "overflow"),
    ],
)
def test_bad_input_is_refused_with_advice(X, centres, complaint):
    with pytest.raises(ValueError, match=complaint):
        kmeans(X, centres)


@pytest.mark.parametrize(
    ("labels", "complaint"), [([0, 5], "from 0 to 1"), ([0], "one whole number"), ([0.0, 1.0], "whole")]
)
def test_bad_labels_are_refused_with_advice(labels, complaint):
    with pytest.raises(ValueError, match=complaint):
        update([[0.0], [1.0]], labels, [[0.0], [1.0]])


def test_whole_numbers_and_lists_are_as_good():
    assert kmeans([[0], [1], [8], [9]], [[0], [1]]).states[-1].centres.ravel().tolist() == [0.5, 8.5]


@pytest.mark.parametrize("method", STARTS)
def test_every_start_serves(method):
    X = load("varied", n=200).X
    assert kmeans(X, start(X, 4, method).means).converged


def test_a_tie_is_measured_by_the_datas_variance_not_by_an_outlier():
    crowd = np.linspace(-0.01, 0.01, 99)[:, None]
    centres = [[-0.005], [0.005]]

    def tied(difference):  # of the squared distances to the two centres
        X = np.r_[crowd[crowd[:, 0] != 0], [[difference / 0.02]], [[1.0]]]
        return len(ties(X, centres)) > 0

    assert tied(5e-13)  # the variance is about 0.01
    assert not tied(5e-11)


def test_the_variance_is_that_of_the_points_not_of_their_distance_from_the_origin():
    X = np.arange(8.0)[:, None] / 8
    assert _variance(X + 1e15, 1.0) == _variance(X, 1.0) == pytest.approx(X.var())
