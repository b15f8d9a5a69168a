"""curves.js: one dimension's curves, against the density's formula, and their paths."""

import re

import numpy as np
import pytest

from gmmviz.density import density
from gmmviz.em import Mixture
from tests.ui.modules.mixtures import film_of, random_mixture

CURVES = """return given.map((film) => {
  const m = mixture.readMixtures(film).at(0);
  return [curves.componentCurves(m), curves.sumCurve(m)];
})"""


def bell(x, mixture):
    """Each component's weighted density (K, M) at its own row of x (K, M), by the normal density's formula."""
    deviations = np.sqrt(mixture.covariances[:, :, 0])
    distances = (x - mixture.means) / deviations
    return mixture.weights[:, None] * np.exp(-(distances**2) / 2) / np.sqrt(2 * np.pi) / deviations


def test_curves_and_their_sum_are_the_densities(run_js):
    rng = np.random.default_rng(0)
    mixtures = [random_mixture(rng, K, D=1, thinnest=1e-6) for K in (1, 2, 5, 16) for _ in range(5)]
    found = run_js(CURVES, [film_of([mixture]) for mixture in mixtures])
    for mixture, (components, total) in zip(mixtures, found, strict=True):
        x, y = (np.array([curve[axis] for curve in components]) for axis in "xy")
        rounding = 1e-15 * abs(x).max(axis=1) / np.sqrt(mixture.covariances[:, 0, 0])
        assert (abs(y / bell(x, mixture) - 1) <= 1e-12 + 50 * rounding[:, None]).all()
        np.testing.assert_array_equal(total["x"], np.sort(x, axis=None))
        at = np.array(total["x"])[:, None]
        np.testing.assert_allclose(total["y"], density(at, mixture), rtol=1e-9)
        areas = [np.trapezoid(curve["y"], curve["x"]) for curve in components]
        np.testing.assert_allclose(areas, mixture.weights, rtol=1e-3)


def test_a_curve_is_smooth_where_it_bends_and_flat_at_its_ends(run_js):
    mixture = Mixture([1.0], [[3.0]], [[[4.0]]])
    (((curve,), _),) = run_js(CURVES, [film_of([mixture])])
    reach = (np.array(curve["x"]) - 3) / 2
    np.testing.assert_allclose(reach, -reach[::-1], atol=1e-12)
    assert reach[-1] == pytest.approx(9)
    assert 0 in reach.round(12)  # the peak itself
    assert np.diff(reach)[abs(reach[1:]) < 5].max() < 0.15
    assert max(curve["y"][0], curve["y"][-1]) < 1e-15 * max(curve["y"])


def pieces(path):
    """A path's lines, each a list of points (N, 2)."""
    return [
        np.array([[float(n) for n in corner.split()] for corner in re.split("L", piece.rstrip("Z"))])
        for piece in path.split("M")[1:]
    ]


def drawn(run_js, x, y, top=0, box=((0, 10), (0, 10))):
    return run_js(
        """const toPixels = numbers.pixelsOf(given.box, 100, 100), curve = { x: given.x, y: given.y };
        return [curves.linePath(curve, toPixels, given.top), curves.areaPath(curve, toPixels, given.top)];""",
        {"x": list(x), "y": list(y), "top": top, "box": box},
    )


def test_a_curve_inside_is_drawn_as_it_is(run_js):
    line, area = drawn(run_js, [0, 5, 10], [1, 6, 2])
    assert line == "M0.00 90.00L50.00 40.00L100.00 80.00"
    assert area == "M0.00 100.00L0.00 90.00L50.00 40.00L100.00 80.00L100.00 100.00Z"


def test_what_rises_above_the_top_is_cut_off_where_it_meets_it(run_js):
    line, area = drawn(run_js, [0, 2, 4, 6, 10], [5, 15, 30, 5, 1])
    assert line == "M0.00 50.00L10.00 0.00M56.00 0.00L60.00 50.00L100.00 90.00"
    assert area.startswith("M0.00 100.00L0.00 50.00L10.00 0.00L20.00 0.00L40.00 0.00L56.00 0.00L60.00 50.00")


@pytest.mark.parametrize("top", [0, 20])
def test_no_part_leaves_the_picture_and_nothing_below_is_lost(run_js, top):
    rng = np.random.default_rng(top)
    for _ in range(10):
        x = np.sort(rng.uniform(0, 10, 25))
        y = rng.uniform(0, 1, 25) ** 3 * 40
        line, area = drawn(run_js, x, y, top)
        edge = (100 - top) / 10
        for path in (line, area):
            assert min(piece[:, 1].min() for piece in pieces(path)) >= top
        corners = {(round(px, 2), round(py, 2)) for piece in pieces(line) for px, py in piece}
        below = [(a, b) for a, b in zip(x, y, strict=True) if b <= edge]
        assert all(
            any(abs(10 * a - px) < 0.02 and abs(100 - 10 * b - py) < 0.02 for px, py in corners)
            for a, b in below
        )
        (outline,) = pieces(area)
        fine = np.linspace(x[0], x[-1], 200_001)
        under = np.trapezoid(np.minimum(np.interp(fine, x, y), edge), fine)
        px, py = np.append(outline, outline[:1], axis=0).T
        shoelace = abs((px[:-1] * py[1:] - px[1:] * py[:-1]).sum()) / 2
        assert shoelace / 100 == pytest.approx(under, rel=2e-3)


def test_a_curve_all_above_has_no_line(run_js):
    line, area = drawn(run_js, [1, 2, 3], [20, 30, 20])
    assert line == ""
    assert area == "M10.00 100.00L10.00 0.00L20.00 0.00L30.00 0.00L30.00 100.00Z"


def test_no_curve(run_js):
    assert drawn(run_js, [], []) == ["", ""]
