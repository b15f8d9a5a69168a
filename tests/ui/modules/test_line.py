"""line.js: the curves of one dimension, and the marked point with its row of the table."""

import numpy as np
import pytest

from gmmviz.density import density, log_joint
from gmmviz.numerals import numeral
from tests.ui.modules.films import lined, spiked
from tests.ui.modules.mixtures import glided
from tests.ui.modules.on_stage import corners_of, css, extent_of, in_data, in_pixels, on_stage

POSITIONS = [0, 2.5, 11]
ROW = 4


@pytest.fixture(scope="module")
def shown():
    return lined(steps=False)


def top_of(shown):
    return shown.figure["scene"]["planes"][0]["top"]


def bells(x, mixture):
    """Each component's weighted density (K, N) at x (N,)."""
    return np.exp(log_joint(np.reshape(x, (-1, 1)), mixture)).T


CURVES = """const curves = here.layer(0, "curves");
const path = (node) => node.getAttribute("d");
return given.positions.map((position) => painted(position, () =>
  [curves.lines.map(path), path(curves.sum), curves.areas.map(path), curves.standing().traces]));"""


def test_curves_are_the_weighted_densities_and_their_sum(run_js, shown):
    unit = np.ptp(extent_of(shown)[1]) / 300  # a pixel
    for position, seen in zip(POSITIONS, on_stage(run_js, shown, CURVES, positions=POSITIONS), strict=True):
        mixture = glided(shown.run.states, position)
        lines, total, areas, _ = seen
        for k, line in enumerate(lines):
            x, y = in_data(corners_of(line), shown).T
            assert len(x) > 25
            assert abs(y - bells(x, mixture)[k]).max() < unit
            assert y.max() == pytest.approx(
                min(bells(mixture.means[k], mixture)[k], extent_of(shown)[1][1]), abs=unit
            )
            outline = in_data(corners_of(areas[k]), shown)
            assert abs(outline[[0, -1], 1]).max() < unit / 90  # down to the ground
            np.testing.assert_allclose(outline[1:-1], np.transpose([x, y]), atol=1e-9)
        x, y = in_data(corners_of(total), shown).T
        assert abs(y - density(x[:, None], mixture)).max() < unit
        assert (np.diff(x) >= 0).all()


def test_curves_end_where_they_lie_on_the_ground(run_js, shown):
    unit = np.ptp(extent_of(shown)[1]) / 300
    (((*_, traces),)) = on_stage(run_js, shown, CURVES, positions=[3])
    for trace in traces:
        heights = np.array(trace["y"])
        assert (heights[[1, -2]] > 0.74 * unit).all()
        assert (heights[[0, -1]] < 0.76 * unit).all()


def test_curves_in_a_file(run_js, shown):
    ((*_, (total, *components)),) = on_stage(run_js, shown, CURVES, positions=[2.5])
    mixture = glided(shown.run.states, 2.5)
    np.testing.assert_allclose(total["y"], density(np.reshape(total["x"], (-1, 1)), mixture), rtol=1e-9)
    assert len(components) == 3
    for k, trace in enumerate(components):
        np.testing.assert_allclose(trace["y"], bells(trace["x"], mixture)[k], rtol=1e-9)
        assert (trace["fill"], trace["line"]["color"]) == ("tozeroy", css(k))


MARKED = """const marked = here.layer(0, "marked");
return given.positions.map((position) => painted(position, () => ({
  heights: marked.heights,
  dots: marked.dots.map((dot) => [...numbersOf(dot, "cx", "cy"), dot.getAttribute("fill")]),
  line: numbersOf(marked.line, "x1", "y1", "x2", "y2"), ring: numbersOf(marked.ring, "cx", "cy"),
  told: marked.places.map(([x, y]) => marked.at(x, y)), beside: marked.at(marked.places[0][0] + 6, -50),
  traces: marked.standing().traces,
})));"""


def test_the_marked_point_stands_under_its_row_of_the_table(run_js, shown):
    found = on_stage(run_js, shown, MARKED, positions=POSITIONS)
    x, top = shown.dataset.X[ROW, 0], top_of(shown)
    for position, seen in zip(POSITIONS, found, strict=True):
        parts = bells([x], glided(shown.run.states, position))[:, 0]
        heights = [*parts, parts.sum()]
        np.testing.assert_allclose(seen["heights"], heights, rtol=1e-9)
        places = in_pixels([(x, height) for height in heights], shown)
        np.testing.assert_allclose([dot[:2] for dot in seen["dots"]], places, atol=0.006)
        assert [dot[2] for dot in seen["dots"]] == [css(0), css(1), css(2), "#808a94"]
        *point, x2, y2 = seen["line"]
        assert (x2, point) == (point[0], seen["ring"])
        np.testing.assert_allclose([x2, y2], in_pixels([x, 1.1 * top], shown), atol=0.006)
        line, ring, dots = seen["traces"]
        np.testing.assert_allclose(dots["y"], heights, rtol=1e-9)
        assert (dots["x"], line["x"], ring["x"]) == ([x] * 4, [x, x], [x])
        assert line["y"] == [*ring["y"], pytest.approx(1.1 * top)]
        assert seen["beside"] is None


def test_the_ring_is_around_the_point_itself(run_js, shown):
    ring, point = on_stage(
        run_js,
        shown,
        "here.paint(0); const [{ xs, ys }] = read.planes, layer = here.layer(0, 'marked');"
        "return [numbersOf(layer.ring, 'cx', 'cy'), layer.inPixels(xs[given.row], ys[given.row])]",
        row=ROW,
    )
    np.testing.assert_allclose(ring, point, atol=0.006)


def test_each_dot_says_whose_density_it_is(run_js):
    shown = lined(steps=False, row=56)
    near = [extent_of(shown)[0].tolist(), [-0.001, 0.004]]  # so that its dots stand apart
    (seen,) = on_stage(run_js, shown, MARKED, positions=[0], size=(400, 3000), box=near)
    names = ["component 1", "component 2", "component 3", "the sum"]
    for told, name, height, (x, y, colour) in zip(
        seen["told"], names, seen["heights"], seen["dots"], strict=True
    ):
        assert told["text"] == f"the marked point, {name}<br>weighted density {numeral(height, '.4g')}"
        np.testing.assert_allclose([told["x"], told["y"]], [x, y], atol=0.006)
        assert told["colour"] == (colour if name != "the sum" else "#5a626b")


def test_the_number_of_a_spike_that_is_cut_off_stands_at_the_top(run_js):
    shown = spiked()
    last = len(shown.run.states) - 1
    own = on_stage(run_js, shown, "here.paint(given.last); return here.layer(0, 'means').own", last=last)
    mixture = shown.run.states[last].mixture
    peaks = np.diag(bells(mixture.means, mixture))
    assert peaks.max() > top_of(shown) > peaks.min()
    heights = np.minimum(peaks, top_of(shown))
    np.testing.assert_allclose(
        own, in_pixels(np.stack([mixture.means[:, 0], heights], axis=1), shown), atol=1e-6
    )
