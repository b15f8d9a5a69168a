"""stage.js: what is painted at any position of a film is that of its run, and between two stops what stands between."""

import json

import numpy as np
import pytest

from gmmviz.em import e_step
from gmmviz.figures.codes import belonging_codes
from gmmviz.figures.film import View
from gmmviz.figures.scene import scene_film
from gmmviz.pages.explorer.settings import Explorer

# A plane of 400 x 300 px, one unit of 20 px, and a curve of 100 px an iteration, its heights as they are.
PAINT = """
  const scene = stage.readScene(given.figure);
  const boxes = scene.curves.map(() => document.createElement("div"));
  const here = new stage.Stage(scene, document.createElement("div"), boxes);
  const toPixels = { x0: 200, sx: 20, y0: 150, sy: -20 };
  here.fit({ width: 400, height: 300, toPixels }, boxes.map(() => ({ x0: 0, sx: 100, y0: 0, sy: 1 })));
  const read = (text) => text.match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
  return given.positions.map((position) => {
    here.paint(position);
    return {
      colours: here.out.slice(),
      discs: here.discs.map((disc) => read(disc.getAttribute("transform"))),
      rings: here.rings.map((ring) => read(ring.getAttribute("transform"))),
      opacities: here.rings.map((ring) => Number(ring.getAttribute("opacity"))),
      corners: here.paths.map((path) => path.getAttribute("d").split("L").length),
      marker: ["cx", "cy"].map((name) => Number(here.markers[0].getAttribute(name))),
      shares: here.shares(given.point, position),
      nearest: here.nearest(200 + 20 * scene.xs[given.point] + 1, 150 - 20 * scene.ys[given.point]),
    };
  });
"""
EXPERIMENT = Explorer(n=60, k=3, max_iter=6, tol=0.0)
POINT = 7


@pytest.fixture(scope="module")
def run_and_data():
    dataset = EXPERIMENT.data()
    return EXPERIMENT.run(dataset.X), dataset


def painted(run_js, run, dataset, view, positions):
    figure = json.loads(json.dumps(scene_film(dataset, run, view)))
    return run_js(PAINT, {"figure": figure, "positions": positions, "point": POINT})


def in_pixels(means):
    return np.array([200, 150]) + np.array([20, -20]) * means


def test_at_whole_stops_all_is_the_runs_own(run_js, run_and_data):
    run, dataset = run_and_data
    found = painted(run_js, run, dataset, View(), list(range(7)))
    by_code = {}
    for state, seen in zip(run.states, found, strict=True):
        R = e_step(dataset.X, state.mixture)[0]
        np.testing.assert_allclose(seen["discs"], in_pixels(state.mixture.means), atol=0.006)
        for k, (a, b, c, d, *centre) in enumerate(seen["rings"]):
            A = np.array([[a, c], [-b, -d]]) / 20  # y is down in pixels
            np.testing.assert_allclose(A @ A.T, state.mixture.covariances[k], rtol=1e-6, atol=1e-9)
            np.testing.assert_allclose(centre, in_pixels(state.mixture.means[k]), atol=1e-9)
        weights = state.mixture.weights
        np.testing.assert_allclose(seen["opacities"], 0.3 + 0.7 * np.sqrt(np.minimum(1, 3 * weights)))
        assert seen["corners"] == [state.iteration + 2] * 3
        assert seen["marker"] == [100 * state.iteration, pytest.approx(state.log_likelihood, abs=0.006)]
        np.testing.assert_allclose(seen["shares"], R[POINT], rtol=1e-9, atol=1e-12)
        assert seen["nearest"] == POINT
        for code, colour in zip(belonging_codes(R).tolist(), seen["colours"], strict=True):
            assert by_code.setdefault(code, colour) == colour  # one code, one colour, through the whole film
    assert len(set(by_code.values())) > 20


def test_e_steps_recolour_and_m_steps_move(run_js, run_and_data):
    run, dataset = run_and_data
    start, e_step_0, m_step_1, e_step_1 = painted(run_js, run, dataset, View(steps=True), [0, 1, 2, 3])
    assert len(set(start["colours"])) == 1
    assert start["shares"] is None
    assert e_step_0["discs"] == start["discs"]
    assert e_step_0["colours"] != start["colours"]
    assert m_step_1["colours"] == e_step_0["colours"]
    assert m_step_1["discs"] != e_step_0["discs"]
    assert e_step_1["discs"] == m_step_1["discs"]
    np.testing.assert_allclose(m_step_1["discs"], in_pixels(run.states[1].mixture.means), atol=0.006)


def test_between_two_stops_means_and_marker_stand_on_the_line_between(run_js, run_and_data):
    run, dataset = run_and_data
    (seen,) = painted(run_js, run, dataset, View(), [2.25])
    old, new = (run.states[t] for t in (2, 3))
    means = 0.75 * old.mixture.means + 0.25 * new.mixture.means
    np.testing.assert_allclose(seen["discs"], in_pixels(means), atol=0.006)
    height = 0.75 * old.log_likelihood + 0.25 * new.log_likelihood
    assert seen["marker"] == [225, pytest.approx(height, abs=0.006)]


def test_membership_and_truth_have_colours_of_their_own(run_js, run_and_data):
    run, dataset = run_and_data
    (share,) = painted(run_js, run, dataset, View("membership", member=1), [6])
    R = e_step(dataset.X, run.states[6].mixture)[0][:, 1]
    order = np.argsort(R)
    assert share["colours"][order[0]] != share["colours"][order[-1]]
    sure = [colour for colour, r in zip(share["colours"], R, strict=True) if r > 0.999]
    assert len(set(sure)) == 1
    truth = painted(run_js, run, dataset, View("truth"), [0, 6])
    assert truth[0]["colours"] == truth[1]["colours"]
    for label in range(3):
        assert (
            len({c for c, own in zip(truth[0]["colours"], dataset.labels, strict=True) if own == label}) == 1
        )
