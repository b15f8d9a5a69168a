"""The density's pictures: contours, new points, scores."""

import json

import numpy as np
import pytest

from gmmviz.density import density
from gmmviz.figures.arrays import unpacked
from gmmviz.pages.density.figure import density_figure, plane_of, sample_figure, scores_figure
from gmmviz.pages.density.numbers import new_points
from gmmviz.pages.density.settings import Density


def drawn(settings):
    dataset = settings.data()
    mixture = settings.run(dataset.X).states[-1].mixture
    X, components = new_points(settings, mixture)
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
    _, line, rings = figure["data"]
    words = {word["text"]: (word["x"], word["y"]) for word in figure["layout"]["annotations"]}
    assert words == {"best": (3, 6.0), "this K": (4, 4.0)}
    assert list(zip(rings["x"], rings["y"], strict=True)) == list(words.values())
    np.testing.assert_allclose(unpacked(line["y"]), [0, 2, 6, 4, 1])
