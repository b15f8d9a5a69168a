"""A mixture as a density: it integrates to 1, its samples have its moments, and more components overfit few points."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from gmmviz.density import density, grid, log_joint, sample
from gmmviz.em import Mixture, e_step
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.plane import density_figure, plane_of, sample_figure, scores_figure
from gmmviz.lessons.density import FOLDS, Density
from gmmviz.selection import held_out


@st.composite
def mixtures(draw, D=2):
    K = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    roots = rng.normal(size=(K, D, D)) + 0.3 * np.eye(D)
    covariances = roots @ roots.transpose(0, 2, 1) + 0.05 * np.eye(D)
    return Mixture(rng.dirichlet(np.ones(K)), rng.normal(scale=3, size=(K, D)), covariances)


@given(mixtures())
def test_the_density_integrates_to_one_over_the_plane(mixture):
    reach = 8 * np.sqrt(mixture.covariances.max()) + np.abs(mixture.means).max()
    x, y, points = grid([[-reach, reach], [-reach, reach]], (250, 250))
    volume = density(points, mixture).sum() * (x[1] - x[0]) * (y[1] - y[0])
    assert volume == pytest.approx(1, abs=5e-3)


@given(mixtures(D=3))
def test_the_weighted_densities_are_scipys_and_sum_to_what_the_e_step_takes_the_logarithm_of(mixture):
    X = np.random.default_rng(0).normal(scale=4, size=(20, 3))
    parts = zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    expected = np.column_stack([w * multivariate_normal(m, C).pdf(X) for w, m, C in parts])
    np.testing.assert_allclose(np.exp(log_joint(X, mixture)), expected, rtol=1e-9, atol=1e-300)
    assert logsumexp(log_joint(X, mixture), axis=1).sum() == pytest.approx(e_step(X, mixture)[1])


def test_new_points_have_the_mixtures_weights_means_and_covariances():
    mixture = Mixture([0.2, 0.8], [[-5, 0], [5, 1]], [[[2, 1], [1, 1]], [[1, -0.5], [-0.5, 3]]])
    X, components = sample(mixture, 200_000, np.random.default_rng(1))
    for k in (0, 1):
        mine = X[components == k]
        assert len(mine) / len(X) == pytest.approx(mixture.weights[k], abs=0.005)
        np.testing.assert_allclose(mine.mean(axis=0), mixture.means[k], atol=0.03)
        np.testing.assert_allclose(np.cov(mine.T), mixture.covariances[k], atol=0.05)


def test_the_same_seed_draws_the_same_points():
    settings = Density(drawn=50, drawn_seed=3)
    mixture = settings.run(settings.data().X).states[-1].mixture
    (X, components), (again, _) = settings.sample(mixture), settings.sample(mixture)
    np.testing.assert_array_equal(X, again)
    assert X.shape == (50, 2)
    assert set(components) <= {0, 1}


def test_a_component_without_weight_gives_no_points():
    mixture = Mixture([0.0, 1.0], [[0.0], [9.0]], [[[1.0]], [[1.0]]])
    assert sample(mixture, 100, np.random.default_rng(0))[1].min() == 1


# The lesson: on the lecture's 200 moons 2 components fail and 16 overfit; on 1500, 16 are about right.


def test_few_points_want_about_11_components_and_many_want_16():
    few = Density()
    tried, scores = few.held_out(few.data().X)
    mean = scores.mean(axis=1)
    assert scores.shape == (30, FOLDS)
    assert tried[mean.argmax()] in (10, 11, 12)
    assert mean[1] < mean[15] < mean.max() - 0.2
    many = Density(n=1500)
    X = many.data().X
    mean = held_out(X, [2, 11, 16, 20, 30], method=many.init, floor=many.floor).mean(axis=1)
    assert mean.max() - mean[2] < 0.01
    assert mean[1] < mean[2] - 0.02


# The pictures


def drawn(settings):
    dataset = settings.data()
    mixture = settings.run(dataset.X).states[-1].mixture
    X, components = settings.sample(mixture)
    return dataset, mixture, X, components, plane_of(dataset, X)


def test_the_contours_are_the_density_and_its_integral_is_said():
    dataset, mixture, _, _, plane = drawn(Density(k=5))
    figure, volume = density_figure(dataset, mixture, plane)
    contours, dots = figure["data"]
    x, y, z = (unpacked(contours[name]) for name in "xyz")
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    np.testing.assert_allclose(z.ravel(), density(points, mixture), rtol=1e-3, atol=1e-6)
    assert volume == pytest.approx(1, abs=0.01)
    np.testing.assert_allclose(unpacked(dots["x"]), dataset.X[:, 0], rtol=1e-6)
    json.dumps(figure)


def test_a_component_thinner_than_the_grid_leaves_its_integral_unsaid():
    dataset, mixture, _, _, plane = drawn(Density(n=30, k=16, floor=1e-6))
    assert density_figure(dataset, mixture, plane)[1] is None


def test_new_points_carry_their_component_and_none_is_left_out_or_cut_off():
    dataset, _, X, components, plane = drawn(Density(k=2, drawn=2000))
    figure = sample_figure(dataset, X, components, plane)
    (points,) = figure["data"]
    np.testing.assert_array_equal(unpacked(points["customdata"]), components + 1)
    np.testing.assert_allclose(unpacked(points["x"]), X[:, 0], rtol=1e-5)
    for feature, axis in enumerate(("xaxis", "yaxis")):
        low, high = figure["layout"][axis]["range"]
        assert low < min(X[:, feature].min(), dataset.X[:, feature].min())
        assert max(X[:, feature].max(), dataset.X[:, feature].max()) < high


def test_the_scores_mark_the_best_and_the_chosen_number_of_components():
    tried, scores = np.arange(1, 6), np.array([[0.0, 0], [1, 3], [5, 7], [4, 4], [1, 1]])
    figure = scores_figure(tried, scores, k=4)
    marks = {trace["text"][0]: (trace["x"][0], trace["y"][0]) for trace in figure["data"][2:]}
    assert marks == {"best": (3, 6.0), "this K": (4, 4.0)}
    np.testing.assert_allclose(unpacked(figure["data"][1]["y"]), [0, 2, 6, 4, 1])
