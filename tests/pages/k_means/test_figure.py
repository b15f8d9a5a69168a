"""The film of k-means beside a mixture: its frames, its hard and soft regions, the figures of the bridge."""

import base64
import json
import struct
import zlib
from functools import cache
from itertools import permutations

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gmmviz.density import grid
from gmmviz.em import e_step
from gmmviz.figures.arrays import unpacked
from gmmviz.figures.codes import belonging
from gmmviz.figures.frames import MAX_FRAMES
from gmmviz.kmeans import assign
from gmmviz.pages.k_means.bridge_figure import agreement_figure, assignments_figure
from gmmviz.pages.k_means.figure import N_SHOWN, PICTURE, frame_box, k_means_film, label, with_point
from gmmviz.pages.k_means.numbers import bridge, paired_runs
from gmmviz.pages.k_means.regions import png, region_polygons, shares_image
from gmmviz.pages.k_means.settings import SHARES, KMeans
from gmmviz.theme import GREY, PALETTE, rgb

BOX = [[-4.0, 6.0], [-3.0, 3.0]]


@cache
def shown(it=0, **settings):
    chosen = KMeans(**settings)
    dataset = chosen.data()
    runs = paired_runs(chosen, dataset.X)
    return dataset, runs, k_means_film(dataset, runs, chosen.colour, it)


def drawn(figure, frame, name, axes):
    """The trace of that name as it stands at a frame: on the left side ("") or the right ("2")."""
    (i,) = (
        i for i, trace in enumerate(figure["data"]) if (trace["name"], trace["xaxis"]) == (name, "x" + axes)
    )
    trace, update = (
        figure["data"][i],
        figure["frames"][frame]["data"][figure["frames"][frame]["traces"].index(i)],
    )
    return trace | update | {"marker": trace.get("marker", {}) | update.get("marker", {})}


def decoded(source):
    """The pixels (height, width, 3) of a palette PNG in a data URI."""
    content = base64.b64decode(source.removeprefix("data:image/png;base64,"))
    chunks, at = {}, 8
    while at < len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        assert struct.unpack(">I", content[at + 8 + size : at + 12 + size]) == (zlib.crc32(kind + body),)
        chunks[kind], at = body, at + 12 + size
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    return np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)[rows[:, 1:]]


# --- Regions ----------------------------------------------------------------------------------------------------------


def inside(polygon, spot, slack=1e-9):
    """Whether a spot is inside a convex polygon whose corners go around anticlockwise, or on its border."""
    (x, y), a, b = spot, polygon[:-1], polygon[1:]
    return ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0]) >= -slack).all()


@given(arrays(float, st.tuples(st.integers(1, 8), st.just(2)), elements=st.floats(-5, 5, width=16)))
def test_each_spot_lies_in_the_polygon_of_its_nearest_centre(centres):
    polygons = region_polygons(centres, BOX)
    spots = grid(BOX, (7, 5))[2]
    for spot, k in zip(spots, assign(spots, centres), strict=True):
        assert inside(polygons[k], spot)


@given(arrays(float, st.tuples(st.integers(1, 8), st.just(2)), elements=st.floats(-5, 5, width=16)))
def test_the_polygons_fill_the_box_without_overlap(centres):
    areas = []
    for polygon in region_polygons(centres, BOX):
        x, y = polygon.T
        areas.append((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)
    assert min(areas) >= 0
    assert sum(areas) == pytest.approx(60)


def test_of_coinciding_centres_the_first_has_the_region():
    first, second = region_polygons(np.zeros((2, 2)), BOX)
    assert (len(first), len(second)) == (5, 0)


@given(arrays(np.uint8, (3, 5), elements=st.integers(0, 255)))
def test_a_png_holds_its_pixels(pixels):
    palette = np.random.default_rng(0).integers(0, 256, (256, 3)).astype(np.uint8)
    source = "data:image/png;base64," + base64.b64encode(png(pixels, palette)).decode()
    np.testing.assert_array_equal(decoded(source), palette[pixels])


def test_the_picture_fades_to_grey_and_stands_upright():
    R = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.25, 0.75]])  # two low spots, two high ones
    pixels = decoded(shares_image(R, (2, 2)))
    np.testing.assert_array_equal(pixels[1], [rgb(PALETTE[0]), rgb(PALETTE[1])])
    np.testing.assert_array_equal(pixels[0, 0], rgb(GREY))
    between = (np.array(rgb(GREY)) + rgb(PALETTE[1])) / 2
    np.testing.assert_allclose(pixels[0, 1], between, atol=4)


@pytest.mark.parametrize("k", [1, 3, 16])
def test_a_picture_is_small(k):
    _, _, figure = shown(k=k, n=300)
    for frame in figure["frames"]:
        assert len(frame["layout"]["images"][0]["source"]) < 9000


# --- The film ---------------------------------------------------------------------------------------------------------


def test_each_frame_shows_both_sides_at_their_iteration():
    dataset, runs, figure = shown()
    assert len(figure["frames"]) == runs.last + 1 == 19
    for t, frame in enumerate(figure["frames"]):
        hard = runs.kmeans.states[min(t, runs.kmeans.states[-1].iteration)]
        soft = runs.em.states[min(t, runs.em.states[-1].iteration)]
        assert frame["name"] == str(t)
        left, right = drawn(figure, t, "points", ""), drawn(figure, t, "points", "2")
        np.testing.assert_array_equal(unpacked(left["marker"]["color"]), hard.labels + 1)
        components, sure = belonging(unpacked(right["marker"]["color"]), 3)
        R = e_step(dataset.X, soft.mixture)[0]
        np.testing.assert_array_equal(components, R.argmax(axis=1))
        np.testing.assert_allclose(sure, R.max(axis=1), atol=1e-4)
        assert drawn(figure, t, "centre of cluster", "")["x"] == hard.centres[:, 0].tolist()
        assert drawn(figure, t, "mean of component", "2")["y"] == soft.mixture.means[:, 1].tolist()
        regions = [drawn(figure, t, f"region {k}", "") for k in (1, 2, 3)]
        polygons = [np.column_stack([unpacked(region["x"]), unpacked(region["y"])]) for region in regions]
        assert all(inside(polygons[k], spot, 1e-4) for spot, k in zip(dataset.X, hard.labels, strict=True))


def test_whichever_ends_first_stays_and_the_labels_say_so():
    _, runs, figure = shown()
    assert (runs.kmeans.states[-1].iteration, runs.em.states[-1].iteration) == (18, 16)
    labels = figure["layout"]["meta"]["labels"]
    assert labels[0] == "The start, the same for both"
    assert labels[5] == "k-means 5 of 18, EM 5 of 16"
    assert labels[17] == "k-means 17 of 18, EM ended at 16"
    assert labels[-1] == label(18, runs) == "k-means ended at 18, EM ended at 16"
    assert figure["frames"][16]["layout"] == figure["frames"][18]["layout"]
    assert figure["frames"][15]["layout"] != figure["frames"][16]["layout"]


def test_the_picture_and_the_readings_are_the_mixtures():
    _, runs, figure = shown()
    (picture,) = figure["frames"][7]["layout"]["images"]
    left, high = picture["x"], picture["y"]
    box = [[left, left + picture["sizex"]], [high - picture["sizey"], high]]
    mixture = runs.em.states[7].mixture
    R = e_step(grid(box, PICTURE)[2], mixture)[0]
    assert decoded(picture["source"]).shape == (*PICTURE[::-1], 3)
    assert shares_image(R, PICTURE) == picture["source"]
    spots = drawn(figure, 7, "spots", "2")
    at = np.column_stack([unpacked(spots["x"]), unpacked(spots["y"])]).astype(float)
    density, first, share, second, other = unpacked(spots["customdata"]).T
    R = e_step(at, mixture)[0]
    ordered = np.sort(R, axis=1)
    np.testing.assert_allclose(share, ordered[:, -1], atol=1e-5)
    np.testing.assert_allclose(other, ordered[:, -2], atol=1e-5)
    np.testing.assert_array_equal(first, R.argmax(axis=1) + 1)
    assert (first != second).all()
    densest = density.argmax()
    assert np.log(density[densest]) == pytest.approx(e_step(at[[densest]], mixture)[1], rel=1e-3)


def test_a_component_has_its_colour_on_both_sides():
    _, _, figure = shown(k=5)
    left, right = drawn(figure, 3, "centre of cluster", ""), drawn(figure, 3, "mean of component", "2")
    assert left["marker"]["color"] == right["marker"]["color"] == PALETTE[:5]
    assert left["text"] == right["text"] == list("12345")
    hard, soft = (drawn(figure, 3, "points", axes)["marker"] for axes in ("", "2"))
    assert [colour for _, colour in hard["colorscale"]] == PALETTE[:5]
    assert [colour for _, colour in soft["colorscale"]][1::2] == PALETTE[:5]


def test_a_long_run_is_thinned_and_keeps_the_iteration_asked_for():
    _, runs, figure = shown(init_seed=5, it=77)
    assert runs.last > MAX_FRAMES
    assert len(figure["frames"]) == MAX_FRAMES
    iterations = figure["layout"]["meta"]["iterations"]
    assert {0, 9, 77, runs.last} <= set(iterations)
    assert [frame["name"] for frame in figure["frames"]] == [str(t) for t in iterations]


def region_colours(marker):
    """The colours of a side's points, one by one."""
    scale = [colour for _, colour in marker["colorscale"]]
    return np.array(scale)[unpacked(marker["color"])]


@pytest.mark.parametrize("dataset", ["stretched", "varied", "imbalanced", "blobs"])
def test_the_truth_has_on_each_side_the_colours_of_the_regions_that_match_it(dataset):
    dataset, runs, figure = shown(colour="truth", dataset=dataset)
    answers = runs.kmeans.states[-1].labels, e_step(dataset.X, runs.em.states[-1].mixture)[0].argmax(axis=1)
    for axes, answer in zip(("", "2"), answers, strict=True):
        marker = drawn(figure, 4, "points", axes)["marker"]
        np.testing.assert_array_equal(unpacked(marker["color"]), dataset.labels)
        assert marker == drawn(figure, len(figure["frames"]) - 1, "points", axes)["marker"]
        right = (region_colours(marker) == np.array(PALETTE)[answer]).mean()
        assigned = [np.array(order)[dataset.labels] for order in permutations(range(3))]
        assert right == max((answer == labels).mean() for labels in assigned)


def test_k_means_is_right_where_it_is_though_its_numbers_are_not_the_mixtures():
    """From this start cluster and component of the same number end on different groups."""
    _, runs, figure = shown(colour="truth", dataset="blobs", init_seed=3)
    left = region_colours(drawn(figure, 0, "points", "")["marker"])
    right = region_colours(drawn(figure, 0, "points", "2")["marker"])
    np.testing.assert_array_equal(left, np.array(PALETTE)[runs.kmeans.states[-1].labels])
    assert not (left == right).any()


def test_nobodys_truth_leaves_each_sides_answer():
    assert shown(dataset="faithful", colour="truth")[2] == shown(dataset="faithful")[2]


def test_tied_points_are_marked():
    dataset, runs, figure = shown(dataset="iris", init="k-means++")
    tied = [t for t, state in enumerate(runs.kmeans.states) if len(state.ties)]
    assert tied
    for t in tied:
        marks = drawn(figure, t, "tied points", "")
        assert marks["x"] == dataset.X[runs.kmeans.states[t].ties, 0].tolist()


def test_many_points_are_subsampled_on_both_sides():
    _, _, figure = shown(n=3000, max_iter=3)
    assert {len(unpacked(drawn(figure, 0, "points", axes)["x"])) for axes in ("", "2")} == {N_SHOWN}


@pytest.mark.parametrize("settings", [{}, {"k": 1}, {"dataset": "faithful", "k": 16}, {"colour": "truth"}])
def test_plotly_accepts_the_figure(settings):
    _, _, figure = shown(**settings)
    figure = json.loads(json.dumps(with_point(figure, (0.5, 0.5))))
    go.Figure({"data": figure["data"], "layout": figure["layout"]})
    for frame in figure["frames"]:
        assert len(frame["data"]) == len(frame["traces"]) == len(figure["data"]) - 2


def test_the_point_is_marked_on_both_sides_and_the_film_stays_the_same():
    _, _, figure = shown()
    marked = with_point(figure, (0.5, -1.0))
    stars = marked["data"][-2:]
    assert [(star["xaxis"], star["x"], star["y"]) for star in stars] == [
        ("x", [0.5], [-1.0]),
        ("x2", [0.5], [-1.0]),
    ]
    assert marked["frames"] is figure["frames"]
    assert len(figure["data"]) == len(marked["data"]) - 2


@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (1, 3)])
@pytest.mark.parametrize("aspect", [0.75, 1.0, 1.4])
def test_the_picture_fills_planes_of_any_usual_shape(shape, aspect):
    extent = [[0.0, float(shape[0])], [0.0, float(shape[1])]]
    unit = max(shape[0] / aspect, shape[1])  # the plane's height on equal axes
    (left, right), (low, high) = frame_box(extent, equal=True)
    assert right - left >= unit * aspect
    assert high - low >= unit


# --- The bridge -------------------------------------------------------------------------------------------------------


def test_the_bridges_figures_show_who_differs():
    settings = KMeans(n=200)
    dataset = settings.data()
    runs = paired_runs(settings, dataset.X)
    found = bridge(settings, dataset.X, runs.kmeans)
    curve, here = agreement_figure(np.array(SHARES), found.agreement, 0.2)["data"]
    np.testing.assert_allclose(unpacked(curve["y"]), 100 * found.agreement, rtol=1e-6)
    assert here["x"] == [0.2]
    assert here["y"] == [pytest.approx(100 * found.agreement[2])]
    hard = runs.kmeans.states[-1]
    means = found.runs[0].states[-1].mixture.means
    figure = assignments_figure(dataset, found.labels[0], hard.labels, means, np.array([3]))
    points, rings, tied, numbers = figure["data"]
    assert len(unpacked(points["x"])) == 200
    np.testing.assert_allclose(unpacked(rings["x"]), dataset.X[found.labels[0] != hard.labels, 0], rtol=1e-6)
    np.testing.assert_allclose(unpacked(tied["y"]), dataset.X[[3], 1], rtol=1e-6)
    assert numbers["text"] == ["1", "2", "3"]
    for either in (figure, agreement_figure(np.array(SHARES), found.agreement, 1.0)):
        go.Figure(json.loads(json.dumps(either)))
