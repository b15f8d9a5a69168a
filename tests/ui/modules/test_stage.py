"""stage.js, gaussians.js: what is painted at any position of a film is that of its run, or stands between two stops."""

import re

import numpy as np
import pytest

from gmmviz.em import e_step
from gmmviz.figures.codes import belonging_codes
from gmmviz.numerals import numeral
from tests.ui.modules.films import FILMS, collapsing, dense, explored, lined, paired
from tests.ui.modules.mixtures import glided
from tests.ui.modules.on_stage import CURVE, corners_of, css, extent_of, in_data, in_pixels, on_stage, where

POINT = 7
PAINT = """const [points, gaussians, means] = ["points", "gaussians", "means"].map((name) => here.layer(0, name));
return given.positions.map((position) => painted(position, () => ({
  colours: points.out.slice(),
  shares: points.shares(given.point),
  rings: gaussians.groups.map(standsAt),
  opacities: gaussians.groups.map((group) => Number(group.getAttribute("opacity"))),
  own: means.discs.map((disc, k) =>
    means.leads[k].style.display === "none" ? standsAt(disc) : leadOf(means, k).slice(0, 2)),
  paths: means.paths.map((path) => path.getAttribute("d")),
  marker: numbersOf(here.markers[0], "cx", "cy"),
})));"""


def seen_at(run_js, shown, positions, **where):
    return on_stage(run_js, shown, PAINT, positions=positions, point=POINT, **where)


def marker_at(iteration, values):
    """Where the marker stands on a curve of the run's values, in px."""
    y = np.interp(iteration, np.arange(len(values)), values)
    return [CURVE["x0"] + CURVE["sx"] * iteration, CURVE["y0"] + CURVE["sy"] * y]


def units_of(shown, size=(400, 300)):
    """How many px a unit of the data is, across and down."""
    (left, right), (low, high) = extent_of(shown)
    return np.array([size[0] / (right - left), -size[1] / (high - low)])


# --- A run of EM ------------------------------------------------------------------------------------------------------


def assert_mixture(seen, mixture, shown):
    """Ellipses and means are those of a mixture."""
    np.testing.assert_allclose(seen["own"], in_pixels(mixture.means, shown), atol=0.006)
    scale = np.diag(units_of(shown))
    for k, (a, b, c, d, *centre) in enumerate(seen["rings"]):
        A = np.linalg.inv(scale) @ [[a, c], [b, d]]
        np.testing.assert_allclose(A @ A.T, mixture.covariances[k], rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(centre, in_pixels(mixture.means[k], shown), atol=1e-6)
    strengths = 0.3 + 0.7 * np.sqrt(np.minimum(1, len(mixture.weights) * mixture.weights))
    np.testing.assert_allclose(seen["opacities"], strengths)


def test_at_whole_stops_all_is_the_runs_own(run_js):
    shown = explored(steps=False)
    states = shown.run.states
    by_code = {}
    for state, seen in zip(states, seen_at(run_js, shown, list(range(7))), strict=True):
        R = e_step(shown.dataset.X, state.mixture)[0]
        assert_mixture(seen, state.mixture, shown)
        np.testing.assert_allclose(seen["shares"], R[POINT], rtol=1e-9, atol=1e-12)
        height = marker_at(state.iteration, [s.log_likelihood for s in states])
        np.testing.assert_allclose(seen["marker"], height, atol=0.006)
        for code, colour in zip(belonging_codes(R).tolist(), seen["colours"], strict=True):
            assert by_code.setdefault(code, colour) == colour  # one code, one colour, through the whole film
    assert len(set(by_code.values())) > 20


@pytest.mark.parametrize("position", [0.001, 2.25, 4.5, 5.9])
def test_between_two_stops_all_stands_between(run_js, position):
    shown = explored(steps=False)
    (seen,) = seen_at(run_js, shown, [position])
    assert_mixture(seen, glided(shown.run.states, position), shown)
    height = marker_at(position, [state.log_likelihood for state in shown.run.states])
    np.testing.assert_allclose(seen["marker"], height, atol=0.006)


@pytest.mark.parametrize("position", [0, 3, 3.5])
def test_paths_go_through_all_means_so_far_up_to_where_they_stand(run_js, position):
    shown = explored(steps=False)
    (seen,) = seen_at(run_js, shown, [position])
    states = shown.run.states
    way = [state.mixture.means for state in states[: int(position) + 1]] + [glided(states, position).means]
    for k, path in enumerate(seen["paths"]):
        np.testing.assert_allclose(corners_of(path), in_pixels(np.array(way)[:, k], shown), atol=0.006)


def test_paths_follow_a_film_that_goes_back(run_js):
    shown = explored(steps=False)
    there, back = seen_at(run_js, shown, [5, 2])[1], seen_at(run_js, shown, [2])[0]
    assert there["paths"] == back["paths"]


def test_e_steps_recolour_and_m_steps_move(run_js):
    shown = explored()
    start, fading, e_step_0, moving, m_step_1, e_step_1 = seen_at(run_js, shown, [0, 0.4, 1, 1.4, 2, 3])
    assert len(set(start["colours"])) == 1
    assert start["shares"] is None
    assert start["rings"] == fading["rings"] == e_step_0["rings"]
    assert len({str(seen["colours"]) for seen in (start, fading, e_step_0, e_step_1)}) == 4
    assert e_step_0["colours"] == moving["colours"] == m_step_1["colours"]
    assert e_step_0["marker"] != moving["marker"]
    assert m_step_1["rings"] == e_step_1["rings"]
    assert_mixture(e_step_0, shown.run.states[0].mixture, shown)
    assert_mixture(moving, glided(shown.run.states, 0.4), shown)
    assert_mixture(m_step_1, shown.run.states[1].mixture, shown)


def test_colours_on_their_way_say_the_nearer_shares(run_js):
    shown = explored(steps=False)
    R = [e_step(shown.dataset.X, state.mixture)[0][POINT] for state in shown.run.states]
    before, after = seen_at(run_js, shown, [0.4, 0.6])
    np.testing.assert_allclose(before["shares"], R[0])
    np.testing.assert_allclose(after["shares"], R[1])


def test_who_would_be_covered_steps_aside_and_a_line_leads_to_its_place(run_js):
    shown = collapsing(steps=False)
    leads = """const means = here.layer(0, "means");
    here.paint(13);
    return means.leads.map((lead, k) => [lead.style.display, leadOf(means, k),
      numbersOf(lead.lastChild, "cx", "cy"), standsAt(means.discs[k]), means.radius]);"""
    found = on_stage(run_js, shown, leads)
    own = in_pixels(shown.run.states[13].mixture.means, shown)
    display, line, dot, disc, radius = found[2]  # the one that has collapsed
    assert display == ""
    np.testing.assert_allclose([line[:2], dot], [own[2], own[2]], atol=0.006)
    assert line[2:] == disc
    assert np.hypot(*(disc - own[2])) > 1.4 * radius
    assert (disc[0] > own[2][0], disc[1] < own[2][1]) == (True, True)  # to the right and up
    for k in (0, 1):
        assert found[k][0] == "none"
        np.testing.assert_allclose(found[k][3], own[k], atol=0.006)


# --- Every film -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILMS)
@pytest.mark.parametrize("size", [(400, 300), (31, 900)])
def test_every_film_is_painted_everywhere_and_its_file_has_no_gap(run_js, name, size):
    found = on_stage(
        run_js,
        FILMS[name](),
        """const broken = (node) => /NaN|undefined|Infinity/.test(node.outerHTML);
        const whole = ({ x, y }) => x.length === y.length && [...x, ...y].every(Number.isFinite);
        const positions = Array.from({ length: 8 }, (_, i) => (i * read.stops) / 7);
        return positions.map((position) => painted(position, () => [
          [...boxes, ...curveBoxes].some(broken), here.standing().traces.filter((trace) => !whole(trace))]));""",
        size=size,
    )
    assert found == [[False, []]] * 8


def test_nothing_is_painted_before_it_has_a_place(run_js):
    found = on_stage(
        run_js,
        explored(),
        """const early = new stage.Stage(read, boxes, curveBoxes);
        early.paint(1);
        return early.layer(0, "means").discs[0].getAttribute("transform");""",
    )
    assert found is None


def test_another_film_takes_the_boxes_over(run_js):
    found = on_stage(
        run_js,
        paired(),
        "const count = () => boxes.map((box) => box.children.length), before = count();"
        "new stage.Stage(read, boxes, curveBoxes); return [before, count()];",
    )
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("size", "mark"), [((560, 560), 1), ((40, 30), 0.85), ((1120, 560), 2**0.5), ((3000, 2000), 1.8)]
)
def test_marks_grow_with_the_picture_within_limits(run_js, size, mark):
    found = on_stage(
        run_js,
        explored(),
        """here.paint(0);
        const { firstChild: disc } = here.layer(0, "means").discs[0];
        return [boxes[0].style.getPropertyValue("--mark"), disc.getAttribute("r"),
                here.markers[0].getAttribute("r")].map(Number);""",
        size=size,
    )
    assert found == pytest.approx([mark, 10 * mark, 5.5 * mark])


def test_layers_lie_over_each_other_in_their_order(run_js):
    found = on_stage(
        run_js,
        paired(),
        "return boxes.map((box) => [...box.children].map((node) => node.className.baseVal ?? node.className))",
    )
    shapes, panels = "stage-shapes", ["stage-bars stage-bars-pinned", "stage-bars stage-bars-hovered"]
    assert found == [
        [shapes, "stage-points", shapes, shapes, *panels, shapes, shapes],
        ["stage-soft", "stage-points", shapes, shapes, *panels, shapes, shapes],
    ]


@pytest.mark.parametrize("name", FILMS)
def test_at_another_size_and_place_everything_is_painted_anew(run_js, name):
    same = on_stage(
        run_js,
        FILMS[name](),
        """const pictures = (box) => [...box.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL());
        const looks = (boxes) => boxes.map((box) => [box.innerHTML.replace(/lens-\\d+/g, "lens"), ...pictures(box)]);
        here.paint(2.5);
        Object.assign(place, { width: 300, height: 350, toPixels: numbers.pixelsOf([[-3, 1], [-2, 3.5]], 300, 350) });
        fit(), here.paint(2.5);
        const [other, otherCurves] = [boxes.map(box), curveBoxes.map(box)];
        const fresh = new stage.Stage(read, other, otherCurves);
        fresh.fit(boxes.map(() => place), curveBoxes.map(() => given.curve)), fresh.paint(2.5);
        return looks(boxes).map((look, i) => look.map((part, j) => part === looks(other)[i][j]));""",
    )
    assert all(all(plane) for plane in same)


@pytest.mark.parametrize(("film", "pictures"), [(explored, 1), (paired, 3), (dense, 3)])
def test_a_picture_that_is_shown_already_is_not_painted_again(run_js, film, pictures):
    found = on_stage(
        run_js,
        film(steps=False),
        """const all = here.layers.flat().filter((layer) => layer.canvas);
        here.paint(0.5);
        for (const layer of all) layer.image.data.fill(0);
        const kept = (position) => (here.paint(position), all.filter(({ image }) => !image.data.some(Boolean)).length);
        return [kept(0.5), kept(0.25)];""",
    )
    assert found == [pictures, 0]


# --- Two runs ---------------------------------------------------------------------------------------------------------


def test_the_run_that_has_ended_stays_while_the_other_goes_on(run_js):
    shown = paired(steps=False)
    ended = shown.run.kmeans.states[-1].iteration
    assert ended < shown.run.em.states[-1].iteration
    found = on_stage(
        run_js,
        shown,
        """return given.positions.map((position) => painted(position, () => [0, 1].map((plane) => [
          here.layer(plane, "means").own, here.layer(plane, "points").out.slice()])));""",
        positions=[ended, ended + 0.5, ended + 2],
    )
    centres = shown.run.kmeans.states[-1].centres
    for hard, _ in found:
        assert hard == found[0][0]
        np.testing.assert_allclose(hard[0], in_pixels(centres, shown), atol=1e-6)
    for position, (_, (own, _)) in zip((ended, ended + 0.5, ended + 2), found, strict=True):
        means = glided(shown.run.em.states, position).means
        np.testing.assert_allclose(own, in_pixels(means, shown), atol=1e-6)


def test_clusters_have_square_discs_and_components_round_ones(run_js):
    found = on_stage(
        run_js,
        paired(),
        "return [0, 1].map((i) => here.layer(i, 'means').discs.map((disc) => disc.firstChild.tagName))",
    )
    assert found == [["rect"] * 3, ["circle"] * 3]


# --- Dragged ----------------------------------------------------------------------------------------------------------

DRAGGED = [[-3.0, 1.0], [-2.0, 3.5]]


def test_while_a_plane_is_dragged_all_follows(run_js):
    shown = paired(steps=False)
    found = on_stage(
        run_js,
        shown,
        """const toPixels = numbers.pixelsOf(given.dragged, width, height);
        here.paint(1);
        here.drag(read.planes.map(() => toPixels));
        here.paint(1);
        const matrix = (layer) => numbersIn(layer.canvas.style.transform.slice(6));
        const discs = [0, 1].map((i) => here.layer(i, "means").own);
        const path = here.layer(0, "means").paths[0].getAttribute("d");
        const pictures = [here.layer(0, "points"), here.layer(1, "soft")];
        const moved = pictures.map(matrix);
        const origins = pictures.map(({ canvas }) => canvas.style.transformOrigin);
        place.toPixels = toPixels, fit();
        return { discs, path, moved, origins, rested: pictures.map(({ canvas }) => canvas.style.transform) };""",
        dragged=DRAGGED,
    )
    centres = shown.run.kmeans.states[1].centres
    np.testing.assert_allclose(found["discs"][0], in_pixels(centres, shown, box=DRAGGED), atol=1e-6)
    way = [state.centres[0] for state in shown.run.kmeans.states[:2]]
    np.testing.assert_allclose(
        corners_of(found["path"]), in_pixels([*way, way[1]], shown, box=DRAGGED), atol=0.006
    )
    X = shown.dataset.X
    for a, b, c, d, e, f in found["moved"]:
        old, new = in_pixels(X, shown), in_pixels(X, shown, box=DRAGGED)
        np.testing.assert_allclose(old @ [[a, b], [c, d]] + [e, f], new, atol=0.01)
    assert all(origin.startswith("0px 0px") for origin in found["origins"])
    assert found["rested"] == ["", ""]


def test_pictures_painted_while_a_plane_is_dragged_are_moved_once(run_js):
    """The film may play meanwhile."""
    same = on_stage(
        run_js,
        dense(steps=False),
        """const pictures = [here.layer(0, "points"), here.layer(0, "density"), here.layer(1, "draws")];
        const painted = () => (here.paint(1.5), pictures.map(({ canvas }) => pictureOf(canvas).join()));
        const before = painted();
        here.paint(0), here.drag(read.planes.map(() => numbers.pixelsOf(given.dragged, width, height)));
        const dragged = painted();
        return before.map((picture, i) => picture === dragged[i]);""",
        dragged=DRAGGED,
    )
    assert same == [True, True, True]


# --- Under the hand ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("film", "what"), [(explored, "mean of component"), (paired, "centre of cluster")])
def test_a_disc_says_whose_it_is_and_where_its_mean_is(run_js, film, what):
    shown = film(steps=False)
    found = on_stage(
        run_js,
        shown,
        """const means = here.layer(0, "means");
        here.paint(2);
        return means.places.map(([x, y]) =>
          [[x, y], here.at(0, x + 0.9 * means.radius, y), means.at(x, y - 1.1 * means.radius)]);""",
    )
    state = shown.run.kmeans.states[2] if film is paired else shown.run.states[2]
    means = state.centres if film is paired else state.mixture.means
    for k, (place, told, beside) in enumerate(found):
        text = f"{what} {k + 1}<br>{where(*means[k])}"
        assert told == {"text": text, "colour": css(k), "x": place[0], "y": place[1]}
        assert beside is None


def test_a_disc_of_one_dimension_stands_on_its_curve_and_says_its_mean(run_js):
    shown = lined(steps=False)
    found = on_stage(
        run_js,
        shown,
        "const means = here.layer(0, 'means'); here.paint(3); return means.places.map((p) => means.at(...p))",
    )
    mixture = shown.run.states[3].mixture
    top = shown.figure["scene"]["planes"][0]["top"]
    peaks = mixture.weights / np.sqrt(2 * np.pi * mixture.covariances[:, 0, 0])
    own = in_pixels(np.stack([mixture.means[:, 0], np.minimum(peaks, top)], axis=1), shown)
    assert len(found) == 3
    for k, told in enumerate(found):
        assert told["text"] == f"mean of component {k + 1}<br>{numeral(mixture.means[k, 0], '.6g')}"
        np.testing.assert_allclose([told["x"], told["y"]], own[k], atol=12)
    assert min(np.hypot(told["x"] - x, told["y"] - y) for told, (x, y) in zip(found, own, strict=True)) < 1e-6


def test_the_uppermost_layer_speaks_first_and_nothing_is_said_of_nothing(run_js):
    shown = paired()
    body = """here.paint(1);
    const star = here.layer(1, "spot").inPixels(...read.planes[1].spot);
    const mean = here.layer(1, "means").places[0];
    const told = [here.at(1, ...star), here.at(1, ...mean), here.at(1, 2, 2), here.at(0, 2, 2)];
    return told.map((layer) => layer?.text ?? null);"""
    star, mean, soft, nothing = on_stage(run_js, shown, body)
    assert star == "the new point<br>(0.5, −0.25)"
    assert mean.startswith("mean of component 1")
    assert "density" in soft
    assert nothing is None


# What a layer says at many places of its plane.
SAID = """const layer = here.layer(given.plane, given.layer);
here.paint(5);
const said = [];
for (let x = 1; x < width; x += 4) for (let y = 1; y < height; y += 4) said.push(layer.at(x, y)?.text ?? "");
return said;"""


@pytest.mark.parametrize(
    ("film", "plane", "layer"),
    [
        (lined, 0, "points"),
        (explored, 0, "means"),
        (paired, 0, "means"),
        (paired, 1, "soft"),
        (dense, 1, "draws"),
        (lined, 0, "marked"),
    ],
)
def test_a_component_goes_by_the_number_that_its_plane_gives_it(run_js, film, plane, layer):
    shown, numbers = film(), [7, 5, 9]
    scene = shown.figure["scene"]
    planes = [one | {"numbers": numbers} for one in scene["planes"]]
    renamed = shown._replace(figure=shown.figure | {"scene": scene | {"planes": planes}})
    own, given = (on_stage(run_js, one, SAID, plane=plane, layer=layer) for one in (shown, renamed))
    word = re.compile(r"(component|cluster) (\d)")
    assert any(map(word.search, own))
    assert given == [word.sub(lambda found: f"{found[1]} {numbers[int(found[2]) - 1]}", text) for text in own]


# --- As a file --------------------------------------------------------------------------------------------------------


def standing(run_js, shown, position, **where):
    return on_stage(
        run_js, shown, "here.paint(given.position); return here.standing()", position=position, **where
    )


def mahalanobis(points, mean, covariance):
    away = np.asarray(points) - mean
    return (away * np.linalg.solve(covariance, away.T).T).sum(axis=1)


@pytest.mark.parametrize("position", [0, 3, 4.5])
def test_in_a_file_ellipses_stand_at_their_deviations_and_discs_at_the_means(run_js, position):
    shown = explored(steps=False)
    found = standing(run_js, shown, position)
    assert found["images"] == []
    mixture = glided(shown.run.states, position)
    points, *lines, discs, marker = found["traces"]
    np.testing.assert_array_equal(np.transpose([points["x"], points["y"]]), shown.dataset.X)
    rings, ways = lines[:9], lines[9:]
    for k, r in np.ndindex(3, 3):
        ring = rings[3 * k + r]
        reach = mahalanobis(np.transpose([ring["x"], ring["y"]]), mixture.means[k], mixture.covariances[k])
        np.testing.assert_allclose(reach, (r + 1) ** 2, rtol=1e-6)
        assert (ring["x"][0], ring["y"][0]) == (pytest.approx(ring["x"][-1]), pytest.approx(ring["y"][-1]))
        assert ("fill" in ring) is (r == 0)  # the innermost
        assert ring["opacity"] == pytest.approx(0.3 + 0.7 * min(1, 3 * mixture.weights[k]) ** 0.5)
    for k, way in enumerate(ways):
        means = [state.mixture.means[k] for state in shown.run.states[: int(position) + 1]]
        np.testing.assert_allclose(np.transpose([way["x"], way["y"]]), [*means, mixture.means[k]], atol=1e-9)
    assert discs["text"] == ["1", "2", "3"]
    assert discs["marker"]["color"] == [css(k) for k in range(3)]
    assert discs["marker"]["symbol"] == "circle"
    values = [state.log_likelihood for state in shown.run.states]
    assert marker["x"] == pytest.approx([position], abs=1e-4)
    assert marker["y"] == pytest.approx([np.interp(position, range(7), values)], abs=0.01)
    assert {(trace["xaxis"], trace["yaxis"]) for trace in found["traces"][:-1]} == {("x", "y")}
    assert (marker["xaxis"], marker["yaxis"]) == ("x2", "y2")


def test_in_a_file_points_have_the_colours_of_the_moment(run_js):
    shown = explored(steps=False)
    colours, found = on_stage(
        run_js,
        shown,
        "here.paint(2.5); return [here.layer(0, 'points').out, here.standing().traces[0].marker.color]",
    )
    assert [f"#{c & 255:02x}{c >> 8 & 255:02x}{c >> 16 & 255:02x}" for c in colours] == found


def test_in_a_file_a_logarithmic_curve_has_its_own_values(run_js):
    shown = collapsing(steps=False)
    *_, marker = standing(run_js, shown, 13)["traces"]
    variance = np.linalg.eigvalsh(shown.run.states[13].mixture.covariances).min()
    assert marker["y"] == pytest.approx(
        [variance], rel=0.02, abs=0
    )  # hundredths of a pixel, 2 px a power of ten
    assert marker["xaxis"] == "x3"


def test_in_a_file_two_planes_have_their_own_axes(run_js):
    shown = dense(steps=False)
    found = standing(run_js, shown, 2.5)
    assert [(image["xref"], image["yref"]) for image in found["images"]] == [("x", "y")]
    axes = [trace["xaxis"] for trace in found["traces"]]
    assert axes == ["x"] * (1 + 3) + ["x2"] * (1 + 3 + 3 + 1)
    (image,) = found["images"]
    (left, right), (low, high) = extent_of(shown)
    edges = [image["x"], image["y"], image["sizex"], image["sizey"]]
    np.testing.assert_allclose(edges, [left, high, right - left, high - low])
    assert image["source"].startswith("data:image/png;base64,")
    assert image["opacity"] == 1


def test_in_a_file_soft_regions_are_as_pale_as_on_the_stage(run_js):
    (image,) = standing(run_js, paired(), 3)["images"]
    assert (image["opacity"], image["xref"], image["yref"]) == (pytest.approx(0.34), "x2", "y2")


def test_in_a_file_discs_stand_where_they_are_seen(run_js):
    shown = collapsing(steps=False)
    places, found = on_stage(
        run_js, shown, "here.paint(13); return [here.layer(0, 'means').places, here.standing()]"
    )
    (discs,) = [trace for trace in found["traces"] if trace["mode"] == "markers+text"]
    np.testing.assert_allclose(np.transpose([discs["x"], discs["y"]]), in_data(places, shown), atol=1e-9)


PALER = """here.paint(2);
for (const node of document.querySelectorAll(given.shapes)) Object.assign(node.style, given.looks);
return here.layer(0, given.layer).standing().traces;"""


@pytest.mark.parametrize(
    ("film", "layer", "shapes"),
    [
        (explored, "gaussians", ".stage-rings circle"),
        (paired, "regions", ".stage-region"),
        (lined, "curves", ".stage-area"),
    ],
)
def test_in_a_file_shapes_let_through_as_much_as_the_style_sheet_says(run_js, film, layer, shapes):
    looks = {"fillOpacity": 0.5, "strokeOpacity": 0.25}
    traces = on_stage(run_js, film(), PALER, layer=layer, shapes=shapes, looks=looks)
    seen_through = [css(k).replace("rgb", "rgba").replace(")", ", {})") for k in range(3)]
    filled = [trace["fillcolor"] for trace in traces if "fillcolor" in trace]
    assert filled == [colour.format(0.5) for colour in seen_through]
    if layer == "gaussians":
        assert [trace["line"]["color"] for trace in traces[::3]] == [one.format(0.25) for one in seen_through]
