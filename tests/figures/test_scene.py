"""The film for the player: points and mixtures as they are, and all that is needed to colour them."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmmviz.datasets import Dataset
from gmmviz.em import Mixture, e_step, fit
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.codes import label_colours
from gmmviz.figures.film import View, framed
from gmmviz.figures.narration import WORDS
from gmmviz.figures.scene import MAX_ITERATIONS, most_iterations, scene_film, shown_states
from gmmviz.geometry import extent
from gmmviz.pages.explorer.settings import COLOURS, Explorer
from gmmviz.theme import GREY, PALETTE, rgb
from tests.figures.test_film import ran, runs


@given(runs, st.sampled_from(list(COLOURS)), st.booleans())
def test_points_and_mixtures_are_the_runs_own_to_the_last_digit(experiment, colour, steps):
    dataset, run = ran(experiment)
    figure = scene_film(dataset, run, View(colour, member=0, steps=steps))
    scene = json.loads(json.dumps(figure))["scene"]
    np.testing.assert_array_equal(unpacked(scene["clouds"][0]), dataset.X.T)
    assert scene["iterations"] == list(range(len(run.states)))
    assert scene["last"] == run.states[-1].iteration
    for name in ("weights", "means", "covariances"):
        sent = unpacked(scene["mixtures"][0][name])
        np.testing.assert_array_equal(sent, [getattr(state.mixture, name) for state in run.states])
    assert scene["mode"] == ("steps" if steps else "whole")
    assert scene["palette"][: experiment.k] == [list(rgb(colour)) for colour in PALETTE[: experiment.k]]
    assert scene["grey"] == list(rgb(GREY))


def test_a_long_run_is_thinned_and_its_curve_is_not():
    dataset, run = ran(Explorer(n=60, noise=3.0, k=4, tol=0.0, max_iter=620))
    figure = scene_film(dataset, run, keep=333)
    iterations = figure["scene"]["iterations"]
    assert len(iterations) == MAX_ITERATIONS
    assert {*range(10), 333, 620} <= set(iterations)
    means = unpacked(figure["scene"]["mixtures"][0]["means"])
    np.testing.assert_array_equal(means[iterations.index(333)], run.states[333].mixture.means)
    (curve,) = figure["scene"]["curves"]
    (trace,) = (trace for trace in figure["data"] if trace["name"] == curve["trace"])
    np.testing.assert_array_equal(unpacked(trace["y"]), [state.log_likelihood for state in run.states])
    assert (trace["xaxis"], curve["axes"], curve["log"]) == ("x2", "2", False)


@pytest.mark.parametrize(
    ("iterations", "expected"), [([0, 1, 7, 9], [0, 1, 5]), ([0, 1, 5, 9], [0, 1, 5]), ([0, 2, 5], [0, 2, 5])]
)
def test_a_run_is_shown_until_its_own_end_also_where_that_is_between_the_iterations_shown(
    iterations, expected
):
    _, run = ran(Explorer(n=60, tol=0.0, max_iter=5))
    assert [state.iteration for state in shown_states(run, iterations)] == expected


@pytest.mark.parametrize("name", ["blobs", "tutorial-five"])
def test_true_labels_have_the_colours_of_the_components_that_share_most_of_them(name):
    dataset, run = ran(Explorer(dataset=name, n=90, k=3, max_iter=20))
    (plane,) = scene_film(dataset, run, View("truth"))["scene"]["planes"]
    np.testing.assert_array_equal(unpacked(plane["labels"]), dataset.labels)
    numbers = label_colours(dataset.labels, e_step(dataset.X, run.states[-1].mixture)[0])
    assert plane["label_colours"] == [rgb(PALETTE[number]) for number in numbers]


def test_points_without_true_labels_keep_the_colours_of_their_responsibilities():
    dataset, run = ran(Explorer(dataset="faithful", k=2, max_iter=5))
    assert scene_film(dataset, run, View("truth")) == scene_film(dataset, run, View())


def test_membership_has_its_colour_bar():
    dataset, run = ran(Explorer(n=60, max_iter=5))
    figure = scene_film(dataset, run, View("membership", member=1))
    bar = figure["data"][0]["marker"]["colorbar"]
    assert bar["title"]["text"] == "Responsibility of component 2"
    (plane,) = figure["scene"]["planes"]
    assert (plane["colour"], plane["member"]) == ("membership", 1)


def test_sixty_iterations_of_1500_points_are_small():
    dataset, run = ran(Explorer(n=1500, tol=0.0, max_iter=59))
    assert len(json.dumps(scene_film(dataset, run))) < 60_000


def test_every_stop_has_words():
    assert set(WORDS) == {"uncoloured", "start", "whole", "e_step", "m_step"}


# --- What the plane shows at least ------------------------------------------------------------------------------------


@given(runs)
def test_the_view_holds_all_points_and_the_second_deviations_unless_they_are_far_off(experiment):
    dataset, run = ran(experiment)
    box = np.array(framed(dataset.X, run))
    low, high = dataset.X.min(axis=0), dataset.X.max(axis=0)
    assert (box[:, 0] <= low).all()
    assert (high <= box[:, 1]).all()
    for state in run.states:
        reach = 2 * np.sqrt(state.mixture.covariances.diagonal(axis1=1, axis2=2))[:, :2]
        least, most = (
            (state.mixture.means[:, :2] - reach).min(axis=0),
            (state.mixture.means[:, :2] + reach).max(axis=0),
        )
        assert ((box[:, 0] <= least) | (box[:, 0] < low - 0.19 * (high - low))).all()
        assert ((box[:, 1] >= most) | (box[:, 1] > high + 0.19 * (high - low))).all()


def test_one_far_too_wide_does_not_make_the_points_small():
    dataset, run = ran(Explorer(n=60, max_iter=2))
    wide = Mixture(
        run.states[0].mixture.weights, run.states[0].mixture.means, 1e6 * np.tile(np.eye(2), (3, 1, 1))
    )
    states = (run.states[0]._replace(mixture=wide), *run.states[1:])
    box = np.array(framed(dataset.X, replace(run, states=states)))
    assert (np.ptp(box, axis=1) < 1.8 * np.ptp(dataset.X, axis=0)).all()


def test_a_mean_that_was_placed_outside_is_seen_unless_it_is_very_far():
    dataset, run = ran(Explorer(n=60, max_iter=2))
    low, size = dataset.X.min(axis=0), np.ptp(dataset.X, axis=0)
    mixture = run.states[0].mixture

    def box(outside):
        means = mixture.means.copy()
        means[1] = low - outside * size * [1, -1] + [0, 1] * size
        states = (run.states[0]._replace(mixture=replaced(mixture, means)), *run.states[1:])
        return np.array(framed(dataset.X, replace(run, states=states))), means[1]

    inside, _ = box(0)
    for outside in (0.5, 1.5):
        found, mean = box(outside)
        assert (found[0, 0], found[1, 1]) == pytest.approx(tuple(mean + 1.12 * 0.06 * size * [-1, 1]))
        others = np.array([found[0, 1], found[1, 0]]) - [inside[0, 1], inside[1, 0]]
        assert (np.abs(others) < 0.1 * size).all()  # hardly larger than where none was placed there
    found, _ = box(1e6)
    assert (np.ptp(found, axis=1) < 3.7 * size).all()
    assert (found[0, 0] < low[0] - 1.9 * size[0]).all()


def replaced(mixture, means):
    """A mixture of tight components at other means."""
    return Mixture(mixture.weights, means, 1e-6 * np.tile(np.eye(2), (len(means), 1, 1)))


def test_the_view_is_no_larger_than_the_points_need_where_all_deviations_are_among_them():
    dataset, run = ran(Explorer(n=60, max_iter=2))
    narrow = Mixture(
        run.states[0].mixture.weights,
        np.tile(dataset.X.mean(axis=0), (3, 1)),
        1e-6 * np.tile(np.eye(2), (3, 1, 1)),
    )
    states = tuple(state._replace(mixture=narrow) for state in run.states)
    assert framed(dataset.X, replace(run, states=states)) == extent(dataset.X)


def test_deviations_just_out_of_the_points_have_a_little_room():
    dataset, run = ran(Explorer(n=60, data_seed=170, max_iter=2))
    round_ = Mixture([1.0], [dataset.X.mean(axis=0)], [np.diag((0.3 * np.ptp(dataset.X, axis=0)) ** 2)])
    box = np.array(framed(dataset.X, replace(run, states=(run.states[0]._replace(mixture=round_),))))
    middle, reach = dataset.X.mean(axis=0), 0.6 * np.ptp(dataset.X, axis=0)
    np.testing.assert_allclose(box, np.column_stack([middle - 1.04 * reach, middle + 1.04 * reach]))


def test_films_of_many_features_show_fewer_iterations():
    few, many = (
        Mixture(np.full(30, 1 / 30), np.zeros((30, D)), np.tile(np.eye(D), (30, 1, 1))) for D in (2, 16)
    )
    assert most_iterations(few) == most_iterations(few, few) == MAX_ITERATIONS
    numbers = 30 * (1 + 16 + 256)
    assert most_iterations(many) == 1_000_000 // numbers < MAX_ITERATIONS
    assert most_iterations(*[many] * 99) == 20
    X = np.random.default_rng(0).normal(size=(40, 16))
    start = Mixture(np.full(30, 1 / 30), X[:30], np.tile(np.eye(16), (30, 1, 1)))
    run = fit(X, start, reg_covar=0.1, tol=0, max_iter=150)
    dataset = Dataset("own", X, None, "", tuple("abcdefghijklmnop"), True, True)
    iterations = scene_film(dataset, run)["scene"]["iterations"]
    assert (len(iterations), iterations[-1]) == (most_iterations(many), 150)
