"""The density's film, its integral, and the scores."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from gmmviz.density import density, placed
from gmmviz.figures.arrays import unpacked
from gmmviz.pages.density.figure import density_film, integral, scores_figure, shown_box
from gmmviz.pages.density.numbers import random_numbers
from gmmviz.pages.density.settings import Density


def drawn(settings):
    dataset, numbers = settings.data(), random_numbers(settings)
    run = settings.run(dataset.X)
    return dataset, run, numbers, density_film(dataset, run, *numbers)


def test_the_film_has_the_density_left_and_the_new_points_right():
    dataset, run, (uniforms, normals), figure = drawn(Density(k=5, drawn=70))
    scene = json.loads(json.dumps(figure))["scene"]
    left, right = scene["planes"]
    assert (left["axes"], left["layers"][:2]) == ("", ["density", "points"])
    assert (right["axes"], right["layers"][0]) == ("2", "draws")
    np.testing.assert_array_equal(unpacked(scene["clouds"][0]), dataset.X.T)
    np.testing.assert_array_equal(
        unpacked(scene["mixtures"][0]["means"]), [state.mixture.means for state in run.states]
    )
    np.testing.assert_array_equal(unpacked(right["uniforms"]), uniforms)
    np.testing.assert_array_equal(unpacked(right["normals"]), normals.T)
    assert figure["layout"]["annotations"][1]["text"] == "<b>70 new points</b>"
    go.Figure({name: figure[name] for name in ("data", "layout")})


def test_the_scale_runs_from_dark_to_bright():
    *_, figure = drawn(Density())
    places, colours = zip(*figure["scene"]["planes"][0]["scale"], strict=True)
    assert (places[0], places[-1]) == (0, 1)
    brightness = [sum(colour) for colour in colours]
    assert (np.diff(places) > 0).all()
    assert (np.diff(brightness) > 0).all()


def test_no_point_is_cut_off():
    dataset, run, numbers, figure = drawn(Density(k=2, drawn=2000))
    X, _ = placed(run.states[-1].mixture, *numbers)
    for feature, (low, high) in enumerate(figure["layout"]["meta"]["extent"]):
        assert low <= min(X[:, feature].min(), dataset.X[:, feature].min())
        assert max(X[:, feature].max(), dataset.X[:, feature].max()) <= high


def test_the_integral_is_the_densitys():
    dataset, run, numbers, _ = drawn(Density(k=5))
    mixture, box = run.states[-1].mixture, shown_box(dataset, run, *numbers)
    assert integral(mixture, box) == pytest.approx(1, abs=0.01)
    (left, right), (low, high) = box
    half = [[left, (left + right) / 2], [low, high]]
    x, y = (np.linspace(*ends, 401) for ends in half)
    fine = density(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2), mixture).reshape(401, 401)
    assert integral(mixture, half) == pytest.approx(np.trapezoid(np.trapezoid(fine, x, axis=1), y), rel=1e-2)


def test_a_component_thinner_than_the_grid_leaves_its_integral_unsaid():
    dataset, run, numbers, _ = drawn(Density(n=30, k=16, floor=1e-6))
    assert integral(run.states[-1].mixture, shown_box(dataset, run, *numbers)) is None


def test_the_scores_mark_the_best_and_the_chosen_number_of_components():
    tried, scores = np.arange(1, 6), np.array([[0.0, 0], [1, 3], [5, 7], [4, 4], [1, 1]])
    figure = scores_figure(tried, scores, k=4)
    _, line, rings = figure["data"]
    words = {word["text"]: (word["x"], word["y"]) for word in figure["layout"]["annotations"]}
    assert words == {"best": (3, 6.0), "this K": (4, 4.0)}
    assert list(zip(rings["x"], rings["y"], strict=True)) == list(words.values())
    np.testing.assert_allclose(unpacked(line["y"]), [0, 2, 6, 4, 1])


def test_only_the_new_points_have_components_of_their_own():
    """The data is white over the density; the new points are of the colours of the means that stand among them."""
    *_, figure = drawn(Density())
    left, right = figure["scene"]["planes"]
    assert (left["colour"], left["grey"], right["layers"]) == (
        "none",
        [255] * 3,
        ["draws", "gaussians", "means"],
    )
