"""The picture of a run's end: points, ellipses and discs are where the mixture has them."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from gmmviz.em import e_step, fit
from gmmviz.figures.still import still, ticks
from gmmviz.starts import start
from gmmviz.theme import PALETTE

SVG = "{http://www.w3.org/2000/svg}"
X = np.random.default_rng(3).normal(size=(150, 3)) * [1, 4, 2]
RUN = fit(X, start(X, 3, "random-points"), reg_covar=1e-3, max_iter=9)


def of(node, name):
    return node.iter(f"{SVG}{name}")


def corners(polygon):
    return [tuple(map(float, corner.split(","))) for corner in polygon.get("points").split()]


def drawn(plane=(0, 1), equal=True, X=X, run=RUN):
    """The document; the plane's circles and rings; the lines from data to px that the ticks tell."""
    root = ElementTree.fromstring(still(X, run, plane, ("a & b", "<c>", "d"), equal))
    inner = root.find(f"{SVG}svg")
    circles = [
        (float(c.get("cx")), float(c.get("cy")), c.get("r"), c.get("fill")) for c in of(inner, "circle")
    ]
    rings = np.array([corners(polygon) for polygon in of(inner, "polygon")])
    left, top = float(inner.get("x")), float(inner.get("y"))
    marks = [text for text in root.findall(f"{SVG}text") if re.fullmatch(r"\u2212?[\d.,]+", text.text)]
    values = [(float(mark.text.replace("\u2212", "-").replace(",", "")), mark) for mark in marks]
    across = [(value, float(t.get("x")) - left) for value, t in values if t.get("text-anchor") == "middle"]
    up = [(value, float(t.get("y")) - 4 - top) for value, t in values if t.get("text-anchor") == "end"]
    return root, circles, rings, [np.polyfit(*np.array(axis).T, 1) for axis in (across, up)]


def in_px(points, maps):
    return np.stack([np.polyval(line, points[..., i]) for i, line in enumerate(maps)], axis=-1)


@pytest.mark.parametrize("plane", [(0, 1), (2, 0)])
@pytest.mark.parametrize("equal", [True, False])
def test_everything_stands_where_the_ticks_say(plane, equal):
    _, circles, rings, maps = drawn(plane, equal)
    mixture = RUN.states[-1].mixture
    points = np.array([circle[:2] for circle in circles if circle[2] == "3"])
    np.testing.assert_allclose(points, in_px(X[:, plane], maps), atol=0.6)
    discs = [circle for circle in circles if circle[2] == "10"]
    np.testing.assert_allclose([d[:2] for d in discs], in_px(mixture.means[:, plane], maps), atol=0.6)
    assert [disc[3] for disc in discs] == PALETTE[:3]
    rows = np.ix_(plane, plane)
    for k, ring in enumerate(rings.reshape(3, 3, -1, 2)):
        deviation = np.sqrt(np.diag(mixture.covariances[k][rows])) * np.abs([line[0] for line in maps])
        widths = np.ptp(ring, axis=1) / 2
        np.testing.assert_allclose(widths, np.outer([1, 2, 3], deviation), rtol=0.01, atol=0.2)
    if equal:
        assert maps[0][0] == pytest.approx(-maps[1][0], rel=0.01)


def test_a_point_has_its_component_s_colour_as_far_as_that_is_sure():
    apart = np.vstack([X[:75], X[75:] + 40])
    run = fit(apart, start(apart, 2, "k-means"), reg_covar=1e-3, max_iter=9)
    _, circles, _, _ = drawn(X=apart, run=run)
    R = e_step(apart, run.states[-1].mixture)[0]
    sure = R.max(axis=1) > 0.999
    assert sure.sum() > 10
    for (_, _, _, fill), k in zip(
        np.array(circles[: len(X)], dtype=object)[sure], R[sure].argmax(axis=1), strict=True
    ):
        wanted = [int(PALETTE[k][i : i + 2], 16) for i in (1, 3, 5)]
        np.testing.assert_allclose([int(part) for part in re.findall(r"\d+", fill)], wanted, atol=1)


def test_many_points_are_thinned_and_names_are_text():
    many = np.random.default_rng(0).normal(size=(5000, 3))
    root, circles, _, _ = drawn(
        X=many, run=fit(many, start(many, 2, "random-points"), max_iter=1, reg_covar=1e-3)
    )
    assert sum(circle[2] == "3" for circle in circles) == 2000
    texts = [text.text.strip() for text in root.iter(f"{SVG}text")]
    assert {"a & b", "<c>", "EM after 1 iteration"} <= {text.partition(":")[0] for text in texts}


@pytest.mark.parametrize(
    ("low", "high"), [(-1.3, 8.2), (1e6, 1e6 + 3), (-1e-7, 1e-7), (0.0, 1.0), (-4e9, 12.0)]
)
def test_ticks_are_even_inside_and_enough(low, high):
    found = ticks(low, high)
    assert low - 1e-9 * (high - low) <= found[0]
    assert found[-1] <= high + 1e-9 * (high - low)
    assert 3 <= len(found) <= 8
    np.testing.assert_allclose(np.diff(found), np.diff(found)[0], rtol=1e-6)
