"""scene.js: a film's scene as it is sent, read: its labels, its planes at every moment, its colours."""

import numpy as np
import pytest

from gmmviz.em import Mixture, e_step
from gmmviz.figures.arrays import packed
from gmmviz.figures.codes import belonging_codes, code_steps, label_colours
from gmmviz.figures.narration import WORDS_OF_TWO
from gmmviz.figures.scene import curve_of, plane, scene, scene_film
from gmmviz.figures.traces import trace
from gmmviz.kmeans import assign, kmeans
from gmmviz.projection import outlook
from gmmviz.theme import GREY, PALETTE, rgb
from tests.ui.modules.films import as_sent, collapsing, explored, four_features, lined, paired
from tests.ui.modules.mixtures import random_covariance, root

# --- What stops are called --------------------------------------------------------------------------------------------

NAMED = """const read = scene.readScene(given);
return [read.labels, read.labels.map((_, stop) => scene.nameOf(read, stop)), read.stops, read.T];"""


def film_of_iterations(iterations, steps, **rest):
    """A scene that shows these iterations of some run."""
    X = np.zeros((1, 2))
    mixtures = [Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])] * len(iterations)
    planes = [plane(["points"])]
    found = scene(iterations, planes, clouds=[X], mixtures=[mixtures], steps=steps, **rest)
    return as_sent({"data": [], "scene": found})


def test_stops_of_halves(run_js):
    labels, names, stops, T = run_js(NAMED, film_of_iterations([0, 1, 1500], steps=True))
    assert labels == [
        "The start: nothing assigned yet",
        "E-step at iteration 0 of 1,500: the points are shared out",
        "M-step to iteration 1 of 1,500: the Gaussians move",
        "E-step at iteration 1 of 1,500: the points are shared out",
        "M-step to iteration 1,500 of 1,500: the Gaussians move",
    ]
    assert names == ["0", "0E", "1M", "1E", "1500M"]
    assert (stops, T) == (4, 3)


def test_stops_of_whole_iterations(run_js):
    labels, names, stops, T = run_js(NAMED, film_of_iterations([0, 1, 1500], steps=False))
    assert labels == ["The start (iteration 0 of 1,500)", "Iteration 1 of 1,500", "Iteration 1,500 of 1,500"]
    assert names == ["0", "1", "1500"]
    assert (stops, T) == (2, 3)


@pytest.mark.parametrize("steps", [True, False])
def test_a_run_of_no_iterations_has_one_stop(run_js, steps):
    labels, names, stops, T = run_js(NAMED, film_of_iterations([0], steps))
    assert labels == ["The start: nothing assigned yet" if steps else "The start (iteration 0 of 0)"]
    assert (names, stops, T) == (["0"], 0, 1)


def test_of_several_runs_each_says_where_it_stands(run_js):
    runs = {"words": WORDS_OF_TWO, "ends": [("k-means", 2), ("EM", 1500)]}
    labels, *_ = run_js(NAMED, film_of_iterations([0, 1, 2, 1500], steps=False, **runs))
    assert labels == [
        "The start, the same for both",
        "k-means at 1 of 2, EM at 1 of 1,500",
        "k-means ended at 2, EM at 2 of 1,500",
        "k-means ended at 2, EM ended at 1,500",
    ]
    labels, *_ = run_js(
        NAMED, film_of_iterations([0, 2, 3], steps=True, **runs | {"ends": [("k-means", 2), ("EM", 3)]})
    )
    assert labels == [
        "The start, the same for both",
        "Whose is each point? k-means at 0 of 2, EM at 0 of 3",
        "Centres and means move: k-means ended at 2, EM at 2 of 3",
        "Whose is each point? k-means ended at 2, EM at 2 of 3",
        "Centres and means move: k-means ended at 2, EM ended at 3",
    ]


# --- Planes at a moment -----------------------------------------------------------------------------------------------

AT = """const read = scene.readScene(given.figure);
return read.planes.map((plane) => [
  plane.T, plane.K, plane.N, plane.xs, plane.ys, plane.point(5), given.moments.map((moment) => plane.at(moment)),
  Array.from({ length: plane.T }, (_, t) => plane.meansOf(t)),
]);"""
MOMENTS = [
    {"from": 0, "to": 0, "share": 0},
    {"from": 4, "to": 4, "share": 0},
    {"from": 1, "to": 2, "share": 0.5},
]


@pytest.mark.parametrize(
    ("film", "features"),
    [(explored, (0, 1)), (explored, (1, 0)), (four_features, (0, 1)), (four_features, (3, 2))],
)
def test_a_plane_shows_its_two_features_at_every_moment(run_js, film, features):
    shown = film(plane=features)
    ((T, K, N, xs, ys, point, mixtures, means),) = run_js(AT, {"figure": shown.figure, "moments": MOMENTS})
    X, states = shown.dataset.X, shown.run.states
    assert (T, K, N) == (len(states), 3, len(X))
    assert (xs, ys) == (X[:, features[0]].tolist(), X[:, features[1]].tolist())
    assert point == X[5].tolist()
    rows = np.ix_(range(3), features, features)
    for found, t in zip(mixtures, (0, 4), strict=False):
        expected = states[t].mixture
        assert (found["K"], found["D"], found["weights"]) == (3, 2, expected.weights.tolist())
        assert found["means"] == expected.means[:, features].ravel().tolist()
        assert found["covariances"] == expected.covariances[rows].ravel().tolist()
    one, other = (states[t].mixture for t in (1, 2))
    middle = (root(one.covariances[rows]) + root(other.covariances[rows])) / 2
    np.testing.assert_allclose(
        np.reshape(mixtures[2]["covariances"], (3, 2, 2)), middle @ middle, rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(
        np.reshape(mixtures[2]["means"], (3, 2)), (one.means + other.means)[:, features] / 2, atol=1e-12
    )
    assert means == [state.mixture.means[:, features].ravel().tolist() for state in states]


def test_centres_move_in_a_line(run_js):
    shown = paired()
    hard, _ = run_js(AT, {"figure": shown.figure, "moments": [MOMENTS[0], MOMENTS[2] | {"share": 0.25}]})
    states = shown.run.kmeans.states
    assert (hard[0], hard[1], hard[2]) == (len(states), 3, 60)
    start, moving = hard[6]
    assert start == {"K": 3, "means": states[0].centres.ravel().tolist()}
    expected = 0.75 * states[1].centres + 0.25 * states[2].centres
    np.testing.assert_allclose(moving["means"], expected.ravel(), atol=1e-12)
    assert hard[7] == [state.centres.ravel().tolist() for state in states]


def test_points_of_one_dimension_stand_where_their_line_is(run_js):
    shown = lined()
    (found,) = run_js(AT, {"figure": shown.figure, "moments": [{"from": 1, "to": 2, "share": 0.5}]})
    x = shown.dataset.X[:, 0]
    assert (found[0], found[2], found[3], found[5]) == (len(shown.run.states), 60, x.tolist(), [x[5]])
    assert max(found[4]) < 0
    one, other = (shown.run.states[t].mixture for t in (1, 2))
    (mixture,) = found[6]
    assert mixture["D"] == 1
    deviations = (np.sqrt(one.covariances) + np.sqrt(other.covariances)) / 2
    np.testing.assert_allclose(mixture["covariances"], (deviations**2).ravel(), rtol=1e-12)


def test_a_run_that_has_ended_stays_where_it_is(run_js):
    moments = [
        {"mixture": {"from": 1, "to": 2, "share": 0.5}, "colours": {"from": -1, "to": 0, "fade": 0.5}},
        {"mixture": {"from": 2, "to": 3, "share": 0.5}, "colours": {"from": 2, "to": 3, "fade": 0.25}},
        {"mixture": {"from": 7, "to": 8, "share": 0.5}, "colours": {"from": 6, "to": 7, "fade": 0.75}},
    ]
    during, ending, ended = run_js("return given.map((moment) => scene.within(3, moment))", moments)
    assert during == moments[0]
    assert ending["mixture"] | {"share": 0} == {"from": 2, "to": 2, "share": 0}
    assert ending["colours"] | {"fade": 0} == {"from": 2, "to": 2, "fade": 0}
    assert ended["mixture"] | {"share": 0} == {"from": 2, "to": 2, "share": 0}
    shown = explored()
    exact = [{"from": 6, "to": 6, "share": 0.5}]  # as it is, not glided to itself
    ((*_, (found,), _),) = run_js(AT, {"figure": shown.figure, "moments": exact})
    assert found["covariances"] == shown.run.states[6].mixture.covariances.ravel().tolist()


# --- Curves -----------------------------------------------------------------------------------------------------------


def test_curves_have_the_heights_of_their_axes(run_js):
    shown = collapsing()
    likelihood, variance = run_js("return scene.readScene(given).curves", shown.figure)
    assert likelihood["values"] == [state.log_likelihood for state in shown.run.states]
    expected = [np.linalg.eigvalsh(state.mixture.covariances).min() for state in shown.run.states]
    np.testing.assert_allclose(variance["values"], np.log10(expected), rtol=1e-12)
    assert (likelihood["axes"], variance["axes"]) == ("2", "3")


def test_a_curve_is_found_by_its_name(run_js):
    curves = [trace("lines", name, y=packed(y, "f8")) for name, y in (("one", [1.0]), ("other", [4.0]))]
    film = film_of_iterations([0], steps=True, curves=[curve_of("other", "7", log=False)])
    found = run_js("return scene.readScene(given).curves", film | {"data": curves})
    assert found == [{"axes": "7", "log": False, "values": [4]}]


# --- Colours ----------------------------------------------------------------------------------------------------------

COLOURS = """const read = scene.readScene(given);
return read.planes.map(({ T, table, codes }) => [
  table, codes(-1), Array.from({ length: T }, (_, t) => codes(t)), codes(T - 1) === codes(T - 1),
]);"""


def parts(rgba):
    """Red, green and blue (N, 3) of packed colours."""
    rgba = np.array(rgba, dtype=np.uint32)
    return np.stack([rgba & 255, rgba >> 8 & 255, rgba >> 16 & 255], axis=-1).tolist()


def palette(count):
    return [list(rgb(colour)) for colour in PALETTE[:count]]


@pytest.mark.parametrize("colour", ["responsibility", "component"])
def test_points_have_their_components_codes(run_js, colour):
    shown = explored(colour)
    ((table, before, codes, kept),) = run_js(COLOURS, shown.figure)
    for state, found in zip(shown.run.states, codes, strict=True):
        expected = belonging_codes(e_step(shown.dataset.X, state.mixture)[0]).astype(int)
        assert abs(np.array(found) - expected).max() <= 1
    assert before is None
    assert kept
    table, steps = parts(table), code_steps(3)
    assert table[0] == list(rgb(GREY))
    for k in range(3):
        assert table[(k + 1) * steps - 1] == palette(3)[k]
        hesitating = table[k * steps + 9]
        assert (hesitating == palette(3)[k]) is (colour == "component")


def test_points_have_their_share_of_one_component(run_js):
    shown = explored("membership")
    ((table, before, codes, _),) = run_js(COLOURS, shown.figure)
    for state, found in zip(shown.run.states, codes, strict=True):
        share = e_step(shown.dataset.X, state.mixture)[0][:, 1]
        assert abs(np.array(found) - np.rint(255 * share)).max() <= 1
    assert before is None
    assert [parts(table)[share] for share in (0, 255)] == [list(rgb(GREY)), palette(2)[1]]


def test_points_have_their_true_labels_from_the_start(run_js):
    shown = explored("truth")
    ((table, before, codes, _),) = run_js(COLOURS, shown.figure)
    labels = shown.dataset.labels
    assert all(found == labels.tolist() for found in [before, *codes])
    numbers = label_colours(labels, e_step(shown.dataset.X, shown.run.states[-1].mixture)[0])
    assert parts(table) == [palette(8)[number] for number in numbers]


def test_points_without_colours_are_grey(run_js):
    film = film_of_iterations([0, 1], steps=True)
    film["scene"]["planes"][0] |= {"colour": "none", "grey": [1, 2, 3]}
    ((table, before, codes, _),) = run_js(COLOURS, film)
    assert (parts(table), before, codes) == ([[1, 2, 3]], None, [None, None])


def test_points_have_their_clusters(run_js):
    shown = paired()
    (table, before, codes, kept), _ = run_js(COLOURS, shown.figure)
    assert codes == [(state.labels + 1).tolist() for state in shown.run.kmeans.states]
    assert parts(table) == [list(rgb(GREY)), *palette(3)]
    assert before is None
    assert kept


NEAREST = "return given.map(([xs, ys, centres]) => regions.nearestCentres(xs, ys, centres))"


def assert_labels_are_pythons(run_js, cases):
    given = [[*np.transpose(X).tolist(), np.ravel(centres).tolist()] for X, centres in cases]
    for (X, centres), found in zip(cases, run_js(NEAREST, given), strict=True):
        assert found == assign(X, centres).tolist()


def test_the_nearest_centre_is_pythons_for_every_point(run_js):
    rng = np.random.default_rng(0)
    cases = [(rng.normal(size=(200, 2)), rng.normal(size=(K, 2))) for K in (1, 2, 3, 8, 16)]
    cases += [(X * unit, centres * unit) for X, centres in cases for unit in (1e-90, 1e90)]
    cases += [(X + 1e8, centres + 1e8) for X, centres in cases[:5]]
    stretch = np.linalg.cholesky(random_covariance(rng))
    cases += [(X @ stretch.T, centres @ stretch.T) for X, centres in cases[:5]]
    assert_labels_are_pythons(run_js, cases)


def test_the_nearest_centre_is_pythons_where_many_points_are_tied(run_js):
    rng = np.random.default_rng(1)
    lattice = np.stack(np.meshgrid(np.arange(-4, 5.0), np.arange(-4, 5.0)), axis=-1).reshape(-1, 2)
    cases = [(lattice, rng.integers(-4, 5, (K, 2)) / 2) for K in (2, 3, 5, 16) for _ in range(8)]
    cases += [(lattice / 10, rng.integers(-4, 5, (4, 2)) / 10) for _ in range(8)]  # tied but for rounding
    cases += [(lattice, state.centres) for state in kmeans(lattice, [[0, 0], [1, 0], [0, 1]]).states]
    tied = [np.partition(((X[:, None] - C) ** 2).sum(axis=-1), 1)[:, :2] for X, C in cases]
    assert sum((np.diff(squares) == 0).sum() for squares in tied) > 150
    assert_labels_are_pythons(run_js, cases)


# --- Points with many features, seen from one side --------------------------------------------------------------------


@pytest.mark.parametrize("plane", [(2, 3), (3, 0), None])
def test_colours_follow_all_features_from_wherever_they_are_seen(run_js, plane):
    """The responsibilities of the mixture in four dimensions, not those of what is seen of it."""
    flowers = four_features()
    seen = outlook(flowers.dataset, plane)
    film = as_sent(scene_film(seen.dataset, seen.run(flowers.run)))
    t = 4
    (codes,) = run_js(
        "return given.map((film) => Array.from(scene.readScene(film).planes[0].codes(4)));", [film]
    )
    R = e_step(flowers.dataset.X, flowers.run.states[t].mixture)[0]
    assert np.abs(np.array(codes) - belonging_codes(R).astype(int)).max() <= 1
    two = seen.run(flowers.run).states[t].mixture
    flat = Mixture(two.weights, two.means[:, :2], two.covariances[:, :2, :2])
    assert (belonging_codes(e_step(seen.dataset.X[:, :2], flat)[0]) != codes).mean() > 0.2
