"""lens.js: a magnifier on a component that is too small to be seen."""

import numpy as np
import pytest

from gmmviz.numerals import numeral
from tests.ui.modules.films import collapsing
from tests.ui.modules.mixtures import glided
from tests.ui.modules.on_stage import extent_of, in_pixels, on_stage

LENS = """const lens = here.layer(0, "lens");
return given.positions.map((position) => painted(position, () => ({
  shown: [lens.ring, lens.lead, lens.group].map((node) => node.style.display === ""),
  glass: numbersOf(lens.glass, "cx", "cy", "r"), hole: numbersOf(lens.hole, "cx", "cy", "r"),
  ring: numbersOf(lens.ring, "cx", "cy", "r"), lead: numbersOf(lens.lead, "x1", "y1", "x2", "y2"),
  rings: standsAt(lens.rings), text: lens.text.textContent, under: Number(lens.text.getAttribute("y")),
  points: (lens.points.getAttribute("d") ?? "").split("M").slice(1).map((part) => numbersIn(part).slice(0, 3)),
})));"""
SIZES = [(400, 300), (900, 700)]
LAST = 13


@pytest.fixture(scope="module")
def shown():
    return collapsing(steps=False)


def component_of(shown):
    return shown.figure["scene"]["planes"][0]["lens"]


def looked(run_js, shown, positions, size=SIZES[0], **where):
    return on_stage(run_js, shown, LENS, positions=positions, size=size, **where)


def widest(shown, position, size):
    """How many px the component's 2 standard deviations take at most, across or up."""
    covariance = glided(shown.run.states, position).covariances[component_of(shown)]
    units = np.array(size) / np.ptp(extent_of(shown), axis=1)
    return 2 * (np.sqrt(np.diag(covariance)) * units).max()


@pytest.mark.parametrize("size", SIZES)
def test_it_is_shown_only_when_the_component_is_small(run_js, shown, size):
    positions = [*range(12), *np.linspace(12, LAST, 21).tolist()]
    seen = looked(run_js, shown, positions, size)
    radius = 58 * min(1.8, max(0.85, np.sqrt(size[0] * size[1]) / 560))
    for position, lens in zip(positions, seen, strict=True):
        times = 0.42 * radius / widest(shown, position, size)
        assert lens["shown"] == [times > 1.6] * 3
        if times > 1.6:
            assert lens["text"] == f"{numeral(times, '.2g')} times as large"
    assert [lens["shown"][0] for lens in (seen[0], seen[-1])] == [False, True]


@pytest.mark.parametrize("size", SIZES)
def test_in_it_the_ellipse_takes_the_same_room_however_small_it_is(run_js, shown, size):
    for lens in looked(run_js, shown, [12.8, 12.95, 13], size):
        a, b, c, d, *middle = lens["rings"]
        extents = 2 * np.hypot([a, b], [c, d])
        cx, cy, radius = lens["glass"]
        assert extents.max() == pytest.approx(0.42 * radius, rel=1e-6)
        np.testing.assert_allclose(middle, [cx, cy], atol=1e-3)
        assert lens["hole"] == lens["glass"]


def covered(points, cx, cy, radius):
    return (np.hypot(*(points - [cx, cy]).T) < radius).sum()


def corners_of(size, radius):
    """Where it may stand; under it there is room for its words."""
    edge, low = radius + 10, size[1] - radius - 10 - 16 * radius / 58
    return np.array([(x, y) for x in (edge, size[0] - edge) for y in (edge, low)])


@pytest.mark.parametrize("size", SIZES)
def test_it_stands_inside_where_fewest_points_are_and_never_on_its_component(run_js, shown, size):
    x, y = glided(shown.run.states, LAST).means[component_of(shown)]
    boxes = [
        [[x - a, x + b], [y - c, y + d]] for a in (1, 5) for b in (2, 6) for c in (3, 1.5) for d in (4, 2)
    ]
    crowded = nearest = 0
    for box in boxes:
        (lens,) = looked(run_js, shown, [LAST], size, box=box)
        assert lens["shown"][0]
        *middle, radius = lens["glass"]
        assert lens["under"] < size[1]
        corners, own = corners_of(size, radius), in_pixels([x, y], shown, size, box)
        points = in_pixels(shown.dataset.X, shown, size, box)
        counts = np.array([covered(points, *corner, radius + 10) for corner in corners])
        away = np.linalg.norm(corners - own, axis=1)
        free = np.flatnonzero(away > radius + 30)
        best = min(free, key=lambda i: (counts[i], away[i]))
        np.testing.assert_allclose(middle, corners[best], atol=1e-6)
        crowded += counts[best] < counts[free[away[free].argmin()]]  # there is a nearer one
        nearest += (counts[free] == counts[best]).sum() > 1  # and others as empty
    assert crowded
    assert nearest


def test_it_goes_elsewhere_where_its_component_stands_in_the_corner(run_js, shown):
    """Whichever corner the component is in, the lens is in another."""
    x, y = glided(shown.run.states, LAST).means[component_of(shown)]
    for right, down in ((False, False), (True, False), (False, True), (True, True)):
        box = [[x - 9, x + 1] if right else [x - 1, x + 9], [y - 1, y + 9] if down else [y - 9, y + 1]]
        (lens,) = looked(run_js, shown, [LAST], (600, 600), box=box)
        assert lens["shown"][0]
        own = in_pixels([x, y], shown, (600, 600), box)
        assert np.hypot(*(own - lens["glass"][:2])) > lens["glass"][2] + 25


def test_it_is_not_shown_where_its_component_is_out_of_the_plane(run_js, shown):
    x, y = glided(shown.run.states, LAST).means[component_of(shown)]
    for across, up in (((1, 9), (-4, 4)), ((-9, -1), (-4, 4)), ((-4, 4), (1, 9)), ((-4, 4), (-9, -1))):
        box = [[x + side for side in across], [y + side for side in up]]
        (lens,) = looked(run_js, shown, [LAST], box=box)
        assert lens["shown"] == [False] * 3


@pytest.mark.parametrize(
    ("size", "room"),
    [((230, 180), False), ((117, 500), False), ((500, 90), False), ((31, 900), False), ((119, 500), True)],
)
def test_it_stands_only_where_it_covers_nothing_and_has_room(run_js, shown, size, room):
    x, y = glided(shown.run.states, LAST).means[component_of(shown)]
    (lens,) = looked(run_js, shown, [LAST], size, box=[[x - 1, x + 1], [y - 1, y + 1]])  # in the middle
    assert lens["shown"] == [room] * 3


def test_a_line_leads_from_the_component_to_it(run_js, shown):
    (lens,) = looked(run_js, shown, [LAST])
    own = in_pixels(glided(shown.run.states, LAST).means[component_of(shown)], shown)
    *ring, own_radius = lens["ring"]
    np.testing.assert_allclose(ring, own, atol=1e-6)
    middle, radius = np.array(lens["glass"][:2]), lens["glass"][2]
    start, end = np.reshape(lens["lead"], (2, 2))
    along = (middle - own) / np.hypot(*(middle - own))
    np.testing.assert_allclose(start, own + own_radius * along, atol=1e-6)
    np.testing.assert_allclose(end, middle - radius * along, atol=1e-6)


def test_it_shows_the_points_around_its_component(run_js, shown):
    box = extent_of(shown) * 12  # from far away every component is small
    cut = 0
    for t, lens in enumerate(looked(run_js, shown, list(range(9)), box=box.tolist())):
        *middle, radius = lens["glass"]
        mixture, units = glided(shown.run.states, t), np.array(SIZES[0]) / np.ptp(box, axis=1)
        k = component_of(shown)
        times = 0.42 * radius / (2 * np.sqrt(np.diag(mixture.covariances[k])) * units).max()
        own, points = (in_pixels(places, shown, box=box) for places in (mixture.means[k], shown.dataset.X))
        places = middle + times * (points - own)
        seen = np.array(lens["points"])
        dot = seen[0, 2]
        away = np.hypot(*(places - middle).T)
        near = places[away <= radius + dot]
        assert len(seen) == len(near) > 0
        np.testing.assert_allclose(seen[:, :2] + [dot, 0], near, atol=0.11)
        cut += ((away > radius - dot) & (away <= radius + dot)).sum()
    assert cut  # by the rim
