"""regions.js: the polygons by what they must hold, soft regions and the density against Python."""

from itertools import pairwise

import numpy as np
import pytest

from gmmviz.density import density
from gmmviz.em import e_step
from gmmviz.figures.codes import belonging_codes
from gmmviz.kmeans import assign
from gmmviz.theme import GREY, PALETTE, rgb
from tests.ui.modules.mixtures import film_of, random_mixture

BOX = [[-3.0, 4.0], [-1.0, 2.5]]
PAINTED = """const film = mixture.readMixtures(given.film), m = film.at(0);
const grid = regions.gridOf(given.box, given.width, given.height);
const image = new ImageData(given.width, given.height);
const table = colours.belongingTable(given.palette, given.grey, m.K);
const scale = colours.scaleTable([[0, [0, 0, 0]], [1, [255, 51, 102]]]), most = regions.highestDensity(m, grid);
return [grid.points, [...regions.softRegions(m, grid, table, image).data], table, most,
        [...regions.densityField(m, grid, scale, most, image).data]];"""


def polygons(run_js, cases):
    return run_js("return given.map(([centres, box]) => regions.regionPolygons(centres, box))", cases)


def area(polygon):
    x, y = polygon.T
    return (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2 if len(polygon) else 0.0


def inside(polygon, spots):
    """Which spots (S,) lie in a convex, closed polygon (M, 2), its corners anticlockwise."""
    found = np.full(len(spots), area(polygon) > 1e-12)
    for start, end in pairwise(polygon):
        along = end - start
        if (length := np.hypot(*along)) > 1e-9:
            away = (along[0] * (spots[:, 1] - start[1]) - along[1] * (spots[:, 0] - start[0])) / length
            found &= away >= 0
    return found


def assert_nearest(found, centres, box, rng):
    """Every spot of the box lies in the polygon of its nearest centre and in no other; polygons fill the box."""
    found = [np.reshape(region, (-1, 2)) for region in found]
    assert all((region[0] == region[-1]).all() for region in found if len(region))
    areas = [area(region) for region in found]
    assert min(areas) >= -1e-12
    assert sum(areas) == pytest.approx(np.prod(np.ptp(box, axis=1)), rel=1e-12)
    spots = rng.uniform(*np.transpose(box), (400, 2))
    labels = assign(spots, centres)  # of centres at one place the first
    clear = np.sort(np.linalg.norm(spots[:, None] - np.unique(centres, axis=0), axis=-1), axis=1)
    clear = (clear[:, 1] - clear[:, 0] if clear.shape[1] > 1 else np.ones(len(spots))) > 1e-9
    for k, region in enumerate(found):
        assert (inside(region, spots) == (labels == k))[clear].all()


def test_every_spot_lies_in_the_polygon_of_its_nearest_centre_and_in_no_other(run_js):
    rng = np.random.default_rng(0)
    sets = [rng.normal(0, 2, (K, 2)) for K in (1, 2, 3, 5, 16) for _ in range(20)]
    sets += [np.array([[1.0, 1.0]] * 3), np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [1.0, 1.0]])]
    sets += [rng.integers(-2, 3, (8, 2)).astype(float) for _ in range(30)]  # on a lattice: ties of all kinds
    sets += [rng.normal((50, 30), 2, (4, 2)) for _ in range(5)]  # far out of the box
    found = polygons(run_js, [[np.ravel(centres).tolist(), BOX] for centres in sets])
    for centres, regions in zip(sets, found, strict=True):
        assert_nearest(regions, centres, BOX, rng)


def test_of_coinciding_centres_the_first_has_the_region(run_js):
    ((first, second, third),) = polygons(run_js, [[[1, 1, 1, 1, 1, 1], BOX]])
    assert first == [-3, -1, 4, -1, 4, 2.5, -3, 2.5, -3, -1]
    assert second == third == []


def test_polygons_of_gliding_centres_fill_the_box(run_js):
    rng = np.random.default_rng(1)
    one, other = rng.normal(0, 1.5, (2, 6, 2))
    steps = [one + share * (other - one) for share in np.linspace(0, 1, 25)]
    found = polygons(run_js, [[centres.ravel().tolist(), BOX] for centres in steps])
    areas = np.array([[area(np.reshape(region, (-1, 2))) for region in regions] for regions in found])
    np.testing.assert_allclose(areas.sum(axis=1), 7 * 3.5, rtol=1e-12)
    assert abs(np.diff(areas, axis=0)).max() < 3  # none flips over


def test_paths(run_js):
    paths = run_js(
        """const toPixels = numbers.pixelsOf([[0, 2], [0, 1]], 200, 100);
        const polygons = regions.regionPolygons([0, 0, 2, 0, 2, 0], [[0, 2], [0, 1]]);
        return polygons.map((polygon) => regions.polygonPath(polygon, toPixels))"""
    )
    assert paths[0] == "M0.00 100.00L100.00 100.00L100.00 0.00L0.00 0.00Z"
    assert paths[2] == ""


@pytest.mark.parametrize("K", [1, 3, 16])
def test_pictures_show_each_pixels_share_and_density(run_js, K):
    mixture = random_mixture(np.random.default_rng(K), K)
    width, height = 40, 30
    given = {"film": film_of([mixture]), "box": BOX, "width": width, "height": height}
    given |= {"palette": [rgb(colour) for colour in PALETTE], "grey": rgb(GREY)}
    points, soft, table, most, field = run_js(PAINTED, given)
    x = BOX[0][0] + (np.arange(width) + 0.5) / width * 7
    y = BOX[1][1] - (np.arange(height) + 0.5) / height * 3.5  # the first row is the uppermost
    X = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    np.testing.assert_allclose(np.reshape(points, (2, -1)).T, X, atol=1e-12)

    codes = belonging_codes(e_step(X, mixture)[0])
    expected = np.array(table, np.uint32)[codes].view(np.uint8).reshape(-1, 4).astype(int)
    assert abs(np.reshape(soft, (-1, 4)) - expected).max() <= 1

    p = density(X, mixture)
    assert most == pytest.approx(p.max())
    places = np.reshape(field, (-1, 4))
    assert (places[:, 3] == 255).all()
    assert abs(places[:, 0] - 255 * p / p.max()).max() <= 0.5 + 1e-6
    assert abs(places[:, 1] - 51 * p / p.max()).max() <= 0.7


def test_density_above_the_most_keeps_the_last_colour(run_js):
    mixture = random_mixture(np.random.default_rng(9))
    field = run_js(
        """const m = mixture.readMixtures(given.film).at(0), grid = regions.gridOf(given.box, 20, 10);
        const scale = colours.scaleTable([[0, [0, 0, 0]], [1, [200, 0, 0]]]), image = new ImageData(20, 10);
        return [...regions.densityField(m, grid, scale, regions.highestDensity(m, grid) / 2, image).data];""",
        {"film": film_of([mixture]), "box": BOX},
    )
    assert max(field[::4]) == 200
