"""The figure around the film, where only Plotly can tell: files, drags, double clicks, the room it takes, the focus."""

import json
import re
from contextlib import suppress

import numpy as np
import pytest
from playwright.sync_api import TimeoutError, expect

from gmmviz.pages.explorer.settings import Explorer

# What the camera hands to Plotly, which draws the file.
DOWNLOADED = """plot => new Promise(done => {
  const { Plotly } = plot.film.figure;
  const { downloadImage } = Plotly;
  Plotly.downloadImage = async ({ data, layout }, options) => {
    Plotly.downloadImage = downloadImage;
    const traces = data.map(({ name, mode, x, y, text, marker, xaxis = "x" }) =>
      ({ name, mode, x: Array.from(x ?? []), y: Array.from(y ?? []), text, colour: marker?.color, xaxis }));
    const images = layout.images.map(({ source, xref }) => [source.slice(0, 15), xref]);
    done({ traces, images, options, ground: layout.paper_bgcolor, range: layout.xaxis.range });
  };
  plot.querySelector("[data-title='Download the picture']").click();
})"""

# Where each plane's discs and its picture stand.
STANDING = """plot => {
  const { stage, scene } = plot.film;
  return scene.planes.map((_, i) => ({
    discs: stage.layer(i, "means").discs.map(disc => disc.getAttribute("transform").match(/[-.\\d]+/g).map(Number)),
    pictures: [...stage.boxes[i].querySelectorAll("canvas")].map(({ style }) => style.transform),
    regions: stage.boxes[i].querySelector(".stage-region")?.getAttribute("d"),
    range: [plot.layout[`xaxis${scene.planes[i].axes}`].range, plot.layout[`yaxis${scene.planes[i].axes}`].range],
  }));
}"""
AT_REST = "() => [...document.querySelectorAll('.stage-plane canvas')].every(({ style }) => !style.transform)"
PAINTED = """plot => {
  const { stage } = plot.film, { paint } = stage;
  window.painted = [];
  stage.paint = (position) => (painted.push(position), paint.call(stage, position));
}"""


def spreads(trace, mixture, k):
    """Return how many standard deviations of component k the trace's points are from its mean."""
    away = np.column_stack([trace["x"], trace["y"]]) - mixture.means[k]
    return np.sqrt(np.einsum("ni,ij,nj->n", away, np.linalg.inv(mixture.covariances[k]), away))


def test_what_only_plotly_can_tell(explorer):
    """One tab, on the explorer and then on the page with two planes."""
    tab = explorer(height=700).open("n=100&frames=whole&it=-3")
    a_notice_gives_its_height_back(tab)
    a_click_takes_the_focus_from_a_field(tab)
    the_marker_stays_on_its_curve(tab)
    the_file_shows_what_the_stage_shows(tab)
    with_reduced_motion_a_step_is_at_once(tab)
    tab.go("k-means")
    both_planes_move_under_the_hand_and_come_back(tab)


def a_notice_gives_its_height_back(tab):
    notice = tab.page.get_by_test_id("stAlert").filter(has_text="The address was corrected.")
    bottom = f"""() => {{
      const plot = document.querySelector(".film-plot"), bar = document.querySelector(".film-bar");
      const {{ height }} = plot.getBoundingClientRect();
      return plot.querySelector("svg").height.baseVal.value === height &&
        Math.abs(bar.getBoundingClientRect().bottom - {700}) < 6;
    }}"""
    expect(notice).to_be_visible()
    tab.page.wait_for_function(bottom)
    low = tab.plot.bounding_box()["height"]
    tab.press("ArrowRight")
    expect(notice).to_have_count(0)
    tab.page.wait_for_function(bottom)
    assert tab.plot.bounding_box()["height"] > low + 30


def a_click_takes_the_focus_from_a_field(tab):
    tab.page.get_by_role("spinbutton", name="Data seed").click()
    box = tab.plane.bounding_box()
    tab.page.mouse.click(box["x"] + 8, box["y"] + 8)
    tab.press("ArrowRight")
    tab.page.wait_for_function("document.querySelector('.film-plot').film.position === 2")
    tab.settled()


def the_marker_stays_on_its_curve(tab):
    """Also where a hand has moved the curve."""
    (before,) = tab.drawn()[-1]
    box = tab.curve.bounding_box()
    tab.page.mouse.move(box["x"] + 60, box["y"] + 60)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 80, box["y"] + 50, steps=3)
    tab.page.mouse.up()
    moved = [place + by for place, by in zip(map(float, before.split(",")), (20, -10), strict=True)]
    tab.page.wait_for_function(
        """([x, y]) => {
          const [marker] = document.querySelector(".film-plot").film.stage.markers;
          return Math.hypot(marker.cx.baseVal.value - x, marker.cy.baseVal.value - y) < 1;
        }""",
        arg=moved,
    )


def the_file_shows_what_the_stage_shows(tab):
    settings = Explorer(n=100)
    X = settings.data().X
    states = settings.run(X).states
    state, K = states[2], 3
    file = tab.plot.evaluate(DOWNLOADED)
    traces = file["traces"]
    curve, points, *rest = traces
    assert curve["name"] == "log-likelihood"  # under its marker
    np.testing.assert_allclose(np.column_stack([points["x"], points["y"]]), X)
    assert [hex_of(colour) for colour in tab.point_colours()] == points["colour"]
    for i, ring in enumerate(rest[: 3 * K]):
        np.testing.assert_allclose(spreads(ring, state.mixture, i // 3), 1 + i % 3)
    paths, (discs, marker) = rest[3 * K : -2], rest[-2:]
    for k, path in enumerate(paths):
        way = [s.mixture.means[k] for s in (*states[:3], state)]
        np.testing.assert_allclose(np.column_stack([path["x"], path["y"]]), way)
    assert len(paths) == K
    assert discs["text"] == ["1", "2", "3"]
    np.testing.assert_allclose(
        np.column_stack([discs["x"], discs["y"]]), state.mixture.means, atol=0.1
    )  # discs step aside
    assert marker["xaxis"] == "x2"
    assert (marker["x"], marker["y"]) == (
        [pytest.approx(2, abs=1e-3)],
        [pytest.approx(state.log_likelihood, abs=0.1)],
    )
    assert (file["options"]["format"], file["options"]["filename"], file["ground"]) == (
        "png",
        "gmmviz",
        "#ffffff",
    )


def hex_of(colour):
    """Return a colour "rgb(r, g, b)" as the player writes it in a file."""
    return "#{:02x}{:02x}{:02x}".format(*map(int, re.findall(r"\d+", colour)))


def with_reduced_motion_a_step_is_at_once(tab):
    tab.page.emulate_media(reduced_motion="reduce")
    tab.plot.evaluate(PAINTED)
    tab.press("ArrowRight")
    tab.expect_frame(3)
    with tab.resting():
        tab.press("End")
    painted = tab.page.evaluate("painted")
    assert set(painted) == {3, painted[-1]}


def keys_show_what_lies_to_the_right_and_above(tab):
    first, second = (plane["range"] for plane in tab.plot.evaluate(STANDING))
    wanted = [[end + (high - low) / 8 for end in (low, high)] for low, high in first]
    tab.press("d", "w")
    tab.page.wait_for_function(
        f"""wanted => ({STANDING})(document.querySelector('.film-plot')).every(({{ range }}) =>
          range.flat().every((end, i) => Math.abs(end - wanted.flat()[i]) < 1e-6))""",
        arg=wanted,
    )
    assert first == second  # so it was of both planes, and is


def both_planes_move_under_the_hand_and_come_back(tab):
    tab.press("ArrowRight")
    tab.expect_frame("0E")
    tab.settled()
    before = tab.plot.evaluate(STANDING)
    box = tab.plane.bounding_box()
    x, y = box["x"] + 0.3 * box["width"], box["y"] + 0.4 * box["height"]
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x + 70, y + 40, steps=5)
    held = tab.plot.evaluate(STANDING)
    tab.page.mouse.up()
    tab.page.wait_for_function(AT_REST)
    for there, here, then in zip(before, held, tab.plot.evaluate(STANDING), strict=True):
        np.testing.assert_allclose(here["discs"], np.add(there["discs"], [70, 40]), atol=1)
        np.testing.assert_allclose(then["discs"], here["discs"], atol=1)
        assert here["regions"] == then["regions"]
        for transform in here["pictures"]:
            matrix = [float(part) for part in re.findall(r"-?[\d.]+", transform)]
            assert matrix == pytest.approx([1, 0, 0, 1, 70, 40], abs=1)
        assert there["pictures"] == ["" for _ in here["pictures"]]
        assert then["range"] != there["range"]
    assert before[0]["regions"] != held[0]["regions"]
    assert then["range"] == tab.plot.evaluate(STANDING)[0]["range"]  # of both planes
    assert "px" not in tab.address(), "a drag is no click"
    keys_show_what_lies_to_the_right_and_above(tab)
    back = f"range => JSON.stringify(({STANDING})(document.querySelector('.film-plot'))[0].range) === range"
    given = {"arg": json.dumps(before[0]["range"], separators=(",", ":")), "timeout": 8000}
    for _ in range(
        4
    ):  # on a busy machine Plotly takes a double click, whose first half moves the spot, for two
        tab.page.mouse.dblclick(x, y)
        tab.page.wait_for_url(re.compile("px="))
        tab.settled()
        with suppress(TimeoutError):
            tab.page.wait_for_function(back, **given)
            break
    tab.page.wait_for_function(back, **given)
    for there, then in zip(before, tab.plot.evaluate(STANDING), strict=True):
        np.testing.assert_allclose(then["range"], there["range"])
        np.testing.assert_allclose(then["discs"], there["discs"], atol=1)
