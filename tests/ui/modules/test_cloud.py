"""cloud.js: the points under the hand, new points drawn from the mixture, and the reader's own place."""

import re

import numpy as np
import pytest

from gmmviz.density import placed
from gmmviz.em import Mixture, e_step
from gmmviz.figures.arrays import packed
from gmmviz.numerals import numeral
from gmmviz.pages.density.numbers import random_numbers
from gmmviz.pages.density.settings import Density
from tests.ui.modules.films import dense, explored, four_features, lined, paired
from tests.ui.modules.mixtures import film_of, glided, random_mixture
from tests.ui.modules.on_stage import css, in_pixels, on_stage, where

# --- What points say --------------------------------------------------------------------------------------------------

TOLD = """const points = here.layer(given.plane, "points");
here.paint(given.position);
return given.rows.map((n) => {
  const [x, y] = points.inPixels(read.planes[given.plane].xs[n], read.planes[given.plane].ys[n]);
  return [points.at(x, y), [x, y]];
});"""


def alone(shown, rows=8, features=(0, 1)):
    """Rows of points that have none other near."""
    places = in_pixels(shown.dataset.X[:, features], shown)
    away = np.linalg.norm(places[:, None] - places, axis=-1) + 1e9 * np.eye(len(places))
    return np.flatnonzero(away.min(axis=1) > 1)[:rows].tolist()


def told_of(run_js, shown, position, rows, plane=0):
    found = on_stage(run_js, shown, TOLD, position=position, rows=rows, plane=plane)
    for told, place in found:
        assert [told["x"], told["y"]] == place
    return [told for told, _ in found]


@pytest.mark.parametrize("film", [explored, four_features, paired, dense])
def test_a_point_is_known_by_its_number_and_says_nothing_of_its_own(run_js, film):
    """The hand tells of it."""
    shown = film()
    rows = alone(shown)
    for told, n in zip(told_of(run_js, shown, 2, rows), rows, strict=True):
        assert (told["point"], "text" in told) == (n, False)


def line_rows(shown):
    """Rows of points on a line that have none other near."""
    x = shown.dataset.X[:, 0]
    return np.flatnonzero(np.abs(x[:, None] - x + 1e9 * np.eye(len(x))).min(axis=1) > 0.2)[:5].tolist()


def test_a_point_of_one_dimension_says_its_component_its_number_and_its_value(run_js):
    shown = lined()
    rows = line_rows(shown)
    R = e_step(shown.dataset.X, shown.run.states[0].mixture)[0][rows]
    for told, n, r in zip(told_of(run_js, shown, 1, rows), rows, R, strict=True):
        who, place = told["text"].split("<br>")
        assert place == f"point {n + 1}: x = {numeral(shown.dataset.X[n, 0], '.6g')}"
        assert who.startswith(f"component {r.argmax() + 1}, ")
        assert float(re.search(r"([\d.]+)% sure$", who)[1]) == pytest.approx(100 * r.max(), abs=0.0501)
        assert (told["colour"], told["point"]) == (css(r.argmax()), n)


def test_before_the_first_e_step_it_says_that_nobody_knows(run_js):
    shown = lined()
    for told in told_of(run_js, shown, 0, line_rows(shown)):
        assert told["text"].startswith("not assigned yet: the first E-step comes next<br>point ")
        assert told["colour"] == "#6b6b6b"


def test_the_nearest_point_within_reach_is_found(run_js):
    shown = explored()
    spots = np.random.default_rng(0).uniform((0, 0), (400, 300), (300, 2))
    body = """const points = here.layer(0, "points");
    return given.spots.map((spot) => [points.nearest(...spot), points.nearest(...spot, 40)]);"""
    found = on_stage(run_js, shown, body, spots=spots.tolist())
    away = np.linalg.norm(spots[:, None] - in_pixels(shown.dataset.X, shown), axis=-1)
    nearest, least = away.argmin(axis=1), away.min(axis=1)
    expected = [np.where(least <= reach, nearest, -1) for reach in (14, 40)]
    assert found == np.transpose(expected).tolist()
    assert 20 < (expected[0] >= 0).sum() < 280


# --- New points -------------------------------------------------------------------------------------------------------

NUMBERS = random_numbers(Density(n=60, k=3, max_iter=4))


@pytest.mark.parametrize("position", [0, 2.5, 4])
def test_new_points_are_pythons(run_js, position):
    shown = dense(steps=False)
    found = on_stage(
        run_js, shown, "here.paint(given.position); return here.layer(1, 'draws').drawn", position=position
    )
    X, components = placed(glided(shown.run.states, position), *NUMBERS)
    assert found["components"] == components.tolist()
    np.testing.assert_allclose(np.transpose([found["xs"], found["ys"]]), X, atol=1e-9)


def test_new_points_of_any_mixture_are_pythons(run_js):
    rng = np.random.default_rng(0)
    mixtures = [random_mixture(rng, K, thinnest=1e-6) for K in (1, 2, 5, 16) for _ in range(10)]
    mixtures += [Mixture([0.5, 0.0, 0.5], np.eye(3)[:, :2], [np.eye(2)] * 3)]  # one has no weight
    uniforms, normals = rng.random(200), rng.standard_normal((200, 2))
    uniforms[:3] = 0, np.nextafter(1, 0), 0.5
    found = run_js(
        """const [uniforms, normals] = given.numbers.map(numbers.unpack);
        return given.films.map((film) => cloud.drawn(mixture.readMixtures(film).at(0), uniforms, normals));""",
        {
            "films": [film_of([m]) for m in mixtures],
            "numbers": [packed(uniforms, "f8"), packed(normals.T, "f8")],
        },
    )
    for mixture, drawn in zip(mixtures, found, strict=True):
        X, components = placed(mixture, uniforms, normals)
        assert drawn["components"] == components.tolist()
        np.testing.assert_allclose(np.transpose([drawn["xs"], drawn["ys"]]), X, rtol=1e-9, atol=1e-9)


def test_new_points_are_painted_in_their_components_colours_and_say_them(run_js):
    shown = dense(steps=False)
    told, pixels, traces = on_stage(
        run_js,
        shown,
        """const draws = here.layer(1, "draws");
        here.paint(4);
        const { xs, ys } = draws.drawn, [x, y] = draws.inPixels(xs[xs.length - 1], ys[xs.length - 1]);
        const [px, py] = [x, y].map((value) => Math.floor(value * draws.ratio));
        const pixel = draws.canvas.getContext("2d").getImageData(px, py, 1, 1).data;
        return [[draws.at(x, y), draws.at(-99, -99)], pixel, draws.standing().traces];""",
    )
    X, components = placed(shown.run.states[4].mixture, *NUMBERS)
    (last, nowhere), k = told, components[-1]  # the uppermost
    assert last["text"] == f"drawn from component {k + 1}<br>{where(*X[-1])}"
    assert last["colour"] == css(k)
    np.testing.assert_allclose([last["x"], last["y"]], in_pixels(X[-1], shown), atol=1e-6)
    assert nowhere is None
    colour = np.array([int(part) for part in css(k)[4:-1].split(",")])
    assert pixels[3] > 100
    assert abs(np.array(pixels[:3]) - colour).max() < 130
    (trace,) = traces
    assert trace["marker"]["color"] == [css(k) for k in components]
    np.testing.assert_allclose(np.transpose([trace["x"], trace["y"]]), X, atol=1e-9)


# --- A place of the reader's own --------------------------------------------------------------------------------------


def test_a_star_stands_at_the_readers_place_on_both_sides(run_js):
    shown = paired()
    found = on_stage(
        run_js,
        shown,
        """here.paint(2);
        return [0, 1].map((plane) => {
          const spot = here.layer(plane, "spot"), [x, y] = spot.inPixels(...read.planes[plane].spot);
          return [spot.star.getAttribute("transform"), spot.at(x + 5, y), spot.at(x + 11, y), spot.standing()];
        });""",
    )
    place = in_pixels([0.5, -0.25], shown)
    for transform, near, far, standing in found:
        x, y = re.match(r"translate\((\S+) (\S+)\) scale\(\S+\)$", transform).groups()
        np.testing.assert_allclose([float(x), float(y)], place, atol=0.01)
        assert near["text"] == "the new point<br>(0.5, −0.25)"
        np.testing.assert_allclose([near["x"], near["y"]], place, atol=1e-6)
        assert far is None
        (trace,) = standing["traces"]
        assert (trace["x"], trace["y"]) == ([0.5], [-0.25])
