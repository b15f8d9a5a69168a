"""areas.js: regions, ties, and the pictures of soft regions and of a density, under a film's points."""

import numpy as np
import pytest

from gmmviz.density import density
from gmmviz.em import e_step
from gmmviz.numerals import numeral
from gmmviz.theme import GREY, PALETTE, rgb
from tests.ui.modules.films import dense, paired, tied
from tests.ui.modules.mixtures import glided
from tests.ui.modules.on_stage import corners_of, css, extent_of, in_data, in_pixels, on_stage, where

SIZES = [(400, 300), (33, 700), (2600, 1300)]

# --- Regions ----------------------------------------------------------------------------------------------------------


def inside(polygon, spots):
    """Which spots (S,) lie in a convex polygon (M, 2), whichever way round it goes."""
    found = []
    for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        across, down = end - start
        if np.hypot(across, down) > 0.1:
            found.append(across * (spots[:, 1] - start[1]) - down * (spots[:, 0] - start[0]))
    found = np.array(found)
    return (found >= 0).all(axis=0) | (found <= 0).all(axis=0)


def centres_at(shown, position):
    states = shown.run.kmeans.states
    one, other = states[int(position)].centres, states[int(np.ceil(position))].centres
    share = position - int(position)
    return (1 - share) * one + share * other


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("position", [0, 0.3, 2])
def test_every_spot_of_the_plane_lies_in_the_region_of_its_nearest_centre(run_js, position, size):
    shown = paired(steps=False, k=5)
    paths = on_stage(
        run_js,
        shown,
        "here.paint(given.position); return here.layer(0, 'regions').areas.map((area) => area.getAttribute('d'))",
        position=position,
        size=size,
    )
    spots = np.random.default_rng(0).uniform((0, 0), size, (500, 2))
    away = np.linalg.norm(in_data(spots, shown, size)[:, None] - centres_at(shown, position), axis=-1)
    unit = np.ptp(extent_of(shown), axis=1).max() / min(size)
    clear = np.diff(np.sort(away, axis=1)[:, :2], axis=1)[:, 0] > unit
    assert clear.sum() > 200
    for k, path in enumerate(paths):
        polygon = corners_of(path)
        assert (inside(polygon, spots) == (away.argmin(axis=1) == k))[clear].all()
        on_edge = (polygon < [-8.9, -8.9]) | (polygon > np.array(size) + 8.9)
        assert (
            (on_edge | ((polygon > 0) & (polygon < size))).any(axis=1).all()
        )  # no edge runs along the plane's own


def test_regions_stand_in_a_file_as_polygons(run_js):
    shown = paired(steps=False)
    traces = on_stage(run_js, shown, "here.paint(1); return here.layer(0, 'regions').standing().traces")
    centres = centres_at(shown, 1)
    for k, trace in enumerate(traces):
        polygon = np.transpose([trace["x"], trace["y"]])
        assert (polygon[0] == polygon[-1]).all()
        assert inside(in_pixels(polygon[:-1], shown), in_pixels(centres, shown)).tolist() == [
            j == k for j in range(3)
        ]
        assert trace["fillcolor"] == css(k).replace(")", ", 0.34)").replace("rgb", "rgba")


# --- Ties -------------------------------------------------------------------------------------------------------------


def test_rings_stand_around_the_points_that_are_tied(run_js):
    shown = tied(steps=False)
    found = on_stage(
        run_js,
        shown,
        """const ties = here.layer(0, "ties");
        return Array.from({ length: read.stops + 1 }, (_, t) => painted(t, () =>
          [ties.path.getAttribute("d"), ties.standing().traces[0], ties.size]));""",
    )
    states = shown.run.kmeans.states
    assert len(states[0].ties) == 5
    for t, (path, trace, size) in enumerate(found):
        places = shown.dataset.X[states[min(t, len(states) - 1)].ties]
        corners = corners_of(path).reshape(-1, 4, 2)
        np.testing.assert_allclose(corners.mean(axis=1).reshape(-1, 2), in_pixels(places, shown), atol=1e-6)
        np.testing.assert_allclose(
            np.linalg.norm(corners - corners.mean(axis=1, keepdims=True), axis=-1), 8 * size
        )
        np.testing.assert_array_equal(np.transpose([trace["x"], trace["y"]]).reshape(-1, 2), places)


def test_without_ties_there_are_none(run_js):
    body = "here.paint(1); return here.layer(0, 'ties').path.getAttribute('d')"
    assert on_stage(run_js, paired(steps=False), body) == ""


# --- Pictures ---------------------------------------------------------------------------------------------------------

PICTURE = """const { canvas } = here.layer(given.plane, given.layer);
return given.positions.map((position) => painted(position, () =>
  [canvas.width, canvas.height, canvas.style.width, canvas.style.height, pictureOf(canvas)]));"""


def pictures(run_js, shown, plane, layer, positions, size):
    """The colours (height, width, 4) of a layer's picture, which covers the plane."""
    given = {"plane": plane, "layer": layer, "positions": positions}
    for width, height, wide, high, pixels in on_stage(run_js, shown, PICTURE, size=size, **given):
        assert (wide, high) == tuple(f"{side}px" for side in size)
        assert width * height < 46_000
        assert abs(size[0] / width / (size[1] / height) - 1) < 0.1  # square enough
        assert size[0] / width >= 3.9
        yield np.array(pixels).reshape(height, width, 4)


def spots_of(picture, shown, size):
    """Where the middles of a picture's pixels (height, width) stand in the data."""
    height, width, _ = picture.shape
    x, y = (np.arange(width) + 0.5) / width * size[0], (np.arange(height) + 0.5) / height * size[1]
    return in_data(np.stack(np.meshgrid(x, y), axis=-1), shown, size).reshape(-1, 2)


@pytest.mark.parametrize("size", SIZES[:2])
def test_soft_regions_fill_the_plane_with_each_spots_share(run_js, size):
    shown = paired(steps=False)
    positions = [0, 0.5, 0.75, 8]
    found = pictures(run_js, shown, 1, "soft", positions, size)
    for position, picture in zip(positions, found, strict=True):
        R = e_step(spots_of(picture, shown, size), glided(shown.run.em.states, position))[0]
        share = ((R.max(axis=1) - 1 / 3) / (2 / 3))[:, None]
        colours = np.array([rgb(colour) for colour in PALETTE])[R.argmax(axis=1)]
        expected = np.array(rgb(GREY)) + share * (colours - np.array(rgb(GREY)))
        pixels = picture.reshape(-1, 4)
        assert (pixels[:, 3] == 255).all()
        apart = abs(pixels[:, :3] - expected).max(axis=1)
        assert (apart <= 1).mean() > 0.999  # but for ties


def test_pictures_of_large_planes_cover_them_as_well(run_js):
    for film, plane, layer in ((paired, 1, "soft"), (dense, 0, "density")):
        (picture,) = pictures(run_js, film(steps=False), plane, layer, [1], SIZES[2])
        assert (picture[..., 3] == 255).all()


@pytest.mark.parametrize("size", SIZES[:2])
def test_a_density_fills_the_plane_the_brighter_the_higher(run_js, size):
    shown = dense(steps=False)
    stops = shown.figure["scene"]["planes"][0]["scale"]
    at, colours = [stop for stop, _ in stops], np.array([colour for _, colour in stops])
    for position, picture in zip(
        [0, 2.5], pictures(run_js, shown, 0, "density", [0, 2.5], size), strict=True
    ):
        p = density(spots_of(picture, shown, size), glided(shown.run.states, position))
        expected = np.stack([np.interp(p / p.max(), at, part) for part in colours.T], axis=-1)
        assert abs(picture.reshape(-1, 4)[:, :3] - expected).max() <= 2


def test_a_picture_is_that_of_the_moment_after_it_has_been_another(run_js):
    shown = paired(steps=False)
    there, _, back = pictures(run_js, shown, 1, "soft", [2, 2.5, 2], (400, 300))
    assert (there == back).all()


def test_a_picture_in_a_file_is_that_on_the_stage(run_js):
    """Its upper left pixel lies at the plane's upper left corner."""
    shown = paired(steps=False)
    same, image = on_stage(
        run_js,
        shown,
        """const soft = here.layer(1, "soft");
        here.paint(1);
        const [image] = soft.standing().images;
        return [image.source === soft.canvas.toDataURL(), image];""",
    )
    assert same
    (left, right), (low, high) = extent_of(shown)
    np.testing.assert_allclose(
        [image["x"], image["y"], image["sizex"], image["sizey"]], [left, high, right - left, high - low]
    )
    assert (image["sizing"], image["layer"]) == ("stretch", "below")


# --- Under the hand ---------------------------------------------------------------------------------------------------

PLACES = [(10, 20), (200, 150), (390, 290), (333, 7)]
TOLD = """const layer = here.layer(given.plane, given.layer);
here.paint(given.position);
return given.places.map(([x, y]) => layer.at(x, y));"""


@pytest.mark.parametrize("position", [0, 2.5])
def test_a_spot_says_how_its_soft_region_is_shared_and_its_density(run_js, position):
    shown = paired(steps=False)
    given = {"plane": 1, "layer": "soft", "position": position, "places": PLACES}
    found = on_stage(run_js, shown, TOLD, **given)
    mixture, spots = glided(shown.run.em.states, position), in_data(PLACES, shown)
    R, p = e_step(spots, mixture)[0], density(spots, mixture)
    for n, told in enumerate(found):
        first, second = np.argsort(-R[n], kind="stable")[:2]
        shares = ", ".join(f"{round(100 * R[n, k])}% component {k + 1}" for k in (first, second))
        assert told["text"] == f"{shares}<br>density {numeral(p[n], '.3g')}<br>at {where(*spots[n])}"
        assert (told["x"], told["y"]) == PLACES[n]


@pytest.mark.parametrize("position", [0, 2.5])
def test_a_spot_says_its_density(run_js, position):
    shown = dense(steps=False)
    given = {"plane": 0, "layer": "density", "position": position, "places": PLACES}
    found = on_stage(run_js, shown, TOLD, **given)
    spots = in_data(PLACES, shown)
    p = density(spots, glided(shown.run.states, position))
    for n, told in enumerate(found):
        assert told["text"] == f"density {numeral(p[n], '.3g')}<br>at {where(*spots[n])}"
        assert (told["x"], told["y"]) == PLACES[n]
