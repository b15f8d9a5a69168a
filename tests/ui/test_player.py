"""The player's own JavaScript, in a browser without the app: its functions give what Python's give."""

import json
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import gmmviz
from gmmviz.figures.arrays import packed
from gmmviz.figures.codes import HOVER, belonging, belonging_codes, code_steps
from gmmviz.figures.film import View, film
from gmmviz.pages.explorer.settings import Explorer
from gmmviz.pages.k_means.figure import k_means_film
from gmmviz.pages.k_means.numbers import paired_runs
from gmmviz.pages.k_means.settings import KMeans

(SOURCE,) = (Path(gmmviz.__file__).parent / "ui").rglob("player.js")
IMPORT = """async (text) => {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  window.player = await import(url);
}"""


@pytest.fixture(scope="module")
def page(browser):
    """An empty page in which `player` is the module."""
    page = browser.new_page()
    page.evaluate(IMPORT, SOURCE.read_text(encoding="utf-8"))
    yield page
    page.close()


def told(code, K):
    """What a hover says of a point with this colour code."""
    component, sure = belonging(np.array([code]), K)
    return int(component[0]) + 1, 100 * float(sure[0])


def read(hovertext):
    """The component and the percentage in a hover's words."""
    component, percentage = hovertext.removeprefix("component ").removesuffix("% sure").split(", ")
    assert len(percentage.partition(".")[2]) == 1
    return int(component), float(percentage)


def assert_tells(hovertexts, expected, within=0.0):
    """Each text names its component, and says how sure that is to one decimal."""
    for text, (component, percentage) in zip(hovertexts, expected, strict=True):
        assert read(text) == (component, pytest.approx(percentage, abs=0.0501 + within))


def test_the_module_still_gives_streamlit_its_default_export(page):
    assert page.evaluate("typeof player.default") == "function"


# --- Typed arrays and colour codes ------------------------------------------------------------------------------------


@given(arrays("<u2", st.integers(0, 50)))
def test_unpacked_codes_are_those_that_were_packed(page, codes):
    assert page.evaluate("packed => [...player.unpack(packed)]", packed(codes, "u2")) == codes.tolist()


TELL = """([update, trace]) => {
  player.tellBelonging(update, trace);
  return [update, trace];
}"""
TRACE = {"hovertemplate": HOVER, "customdata": "the first frame's"}
WORDS = "%{hovertext}<br>(%{x}, %{y})<extra></extra>"


@pytest.mark.parametrize("K", range(1, 17))
def test_a_code_tells_component_and_certainty_as_python_does(page, K):
    ends = np.concatenate([np.eye(K), np.full((1, K), 1 / K)])
    R = np.concatenate([ends, np.random.default_rng(K).dirichlet(np.full(K, 0.3), size=200)])
    codes = belonging_codes(R)
    trace = TRACE | {"meta": {"n_components": K, "steps": code_steps(K)}}
    update = {"marker": {"color": packed(codes, "u2")}}
    update, trace = page.evaluate(TELL, [update, trace])
    assert_tells(update["hovertext"], [told(code, K) for code in codes])
    shares = zip(R.argmax(axis=1) + 1, 100 * R.max(axis=1), strict=True)
    assert_tells(update["hovertext"], shares, within=100 / (code_steps(K) - 1))
    assert update["marker"] == {"color": packed(codes, "u2")}
    assert trace == {"hovertemplate": WORDS, "meta": trace["meta"]}


def test_codes_beside_another_colour_are_told_and_taken_away(page):
    codes, shares = packed([0, 40_000], "u2"), packed([0, 255], "u1")
    update = {"customdata": codes, "marker": {"color": shares}, "hovertemplate": HOVER}
    update, trace = page.evaluate(TELL, [update, TRACE | {"meta": {"n_components": 2, "steps": 32768}}])
    assert_tells(update.pop("hovertext"), [told(0, 2), told(40_000, 2)])
    assert update == {"marker": {"color": shares}, "hovertemplate": WORDS}
    assert "customdata" not in trace


@pytest.mark.parametrize(
    ("update", "trace"),
    [
        ({"marker": {"color": packed([1], "u1")}, "customdata": packed([1], "u1")}, {"meta": {"steps": 9}}),
        ({"marker": {"color": packed([1], "u2")}}, {}),
        ({"marker": {"color": packed([1], "u2")}}, {"meta": {}}),
        ({"x": packed([1.0], "f4")}, {"meta": {"n_components": 2, "steps": 32768}}),
    ],
)
def test_what_holds_no_codes_is_left_as_it_is(page, update, trace):
    trace = TRACE | trace
    assert page.evaluate(TELL, [update, trace]) == [update, trace]


# --- Equal axes, and the layout at a size -----------------------------------------------------------------------------


@cache
def ran(experiment):
    dataset = experiment.data()
    return dataset, experiment.run(dataset.X)


def as_sent(figure):
    return json.loads(json.dumps(figure))


# --- Equal axes and the layout ----------------------------------------------------------------------------------------

sides = st.tuples(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3)).map(lambda side: [side[0], side[0] + side[1]])
pixels = st.integers(50, 2000)


def assert_fits(ranges, box, width, height):
    """One unit is as long across as up; the box stands in the middle, and touches two sides."""
    units = [np.ptp(shown) / size for shown, size in zip(ranges, (width, height), strict=True)]
    assert units[0] == pytest.approx(units[1], rel=1e-9)
    for shown, side in zip(ranges, box, strict=True):
        scale = np.abs(shown).max()
        assert np.mean(shown) == pytest.approx(np.mean(side), abs=1e-9 * scale)
        assert shown[0] <= side[0] + 1e-9 * scale
        assert side[1] - 1e-9 * scale <= shown[1]
    tight = [np.ptp(shown) / np.ptp(side) for shown, side in zip(ranges, box, strict=True)]
    assert min(tight) == pytest.approx(1, rel=1e-6)


@given(sides, sides, pixels, pixels)
def test_equal_axes_show_the_whole_box_in_the_middle(page, across, up, width, height):
    box = [across, up]
    ranges = page.evaluate("given => player.fitted(...given)", [box, width, height])
    assert_fits(ranges, box, width, height)


ARRANGE = """([layout, traces, shown, margins]) => {
  const before = JSON.stringify(layout);
  const arranged = player.arranged(layout, traces, shown, margins ?? undefined);
  if (JSON.stringify(layout) !== before) throw new Error("the layout that was given has changed");
  return [arranged, traces];
}"""
MARGINS = {"l": 58, "r": 12, "b": 46}


@cache
def figure_of(name, **options):
    if name == "k-means":
        settings = KMeans(n=40, k=2, max_iter=2)
        dataset = settings.data()
        return as_sent(k_means_film(dataset, paired_runs(settings, dataset.X)))
    dataset, run = ran(Explorer(dataset=name, n=40, max_iter=2))
    return as_sent(film(dataset, run, View(**options)))


def arranged(page, figure, width, height, zoom=None, spots=False, margins=None):
    shown = {"width": width, "height": height, "zoom": zoom, "run": "this run", "spots": spots}
    return page.evaluate(ARRANGE, [figure["layout"], figure["data"], shown, margins])


def room(layout, axis):
    """The pixels that an axis has."""
    margin, (start, end) = layout["margin"], layout[axis].get("domain", [0, 1])
    whole = layout["width"] - margin["l"] - margin["r"]
    if axis[0] == "y":
        whole = layout["height"] - margin["t"] - margin["b"]
    return whole * (end - start)


def assert_planes_fit(layout, box):
    for plane in layout["meta"]["planes"]:
        x, y = f"xaxis{plane}", f"yaxis{plane}"
        ranges = [layout[x]["range"], layout[y]["range"]]
        assert_fits(ranges, box, room(layout, x), room(layout, y))


@pytest.mark.parametrize(
    ("width", "height", "zoom"),
    [(1200, 500, None), (640, 700, [[0, 1], [2, 9]]), (639, 640, None), (300, 640, [[-3, 4], [0, 1]])],
)
@pytest.mark.parametrize("name", ["blobs", "k-means"])
def test_planes_keep_equal_axes_at_any_width_and_zoom(page, name, width, height, zoom):
    figure = figure_of(name)
    layout, _ = arranged(page, figure, width, height, zoom)
    assert (layout["width"], layout["height"]) == (width, height)
    assert layout["margin"] == MARGINS | {"t": figure["layout"]["margin"]["t"]}
    assert_planes_fit(layout, zoom or figure["layout"]["meta"]["extent"])


@pytest.mark.parametrize("width", [640, 1280])
@pytest.mark.parametrize("name", ["blobs", "k-means"])
def test_on_a_wide_screen_plane_and_curve_stand_where_the_figure_says(page, name, width):
    figure = figure_of(name)
    layout, traces = arranged(page, figure, width, 500)
    for axis in ("xaxis", "yaxis", "xaxis2", "yaxis2"):
        assert layout[axis].get("domain") == figure["layout"][axis].get("domain")
    assert layout["dragmode"] == "pan"
    assert traces == figure["data"]


@pytest.mark.parametrize("width", [320, 639])
@pytest.mark.parametrize("name", ["blobs", "k-means"])
def test_on_a_narrow_screen_they_stand_one_above_the_other(page, name, width):
    figure = figure_of(name)
    layout, _ = arranged(page, figure, width, 640)
    narrow = figure["layout"]["meta"]["narrow"]
    assert [layout[axis]["domain"] for axis in ("xaxis", "xaxis2")] == [[0, 1], [0, 1]]
    assert [layout[axis]["domain"] for axis in ("yaxis", "yaxis2")] == [narrow["yaxis"], narrow["yaxis2"]]
    assert narrow["yaxis2"][1] < narrow["yaxis"][0]
    assert layout["dragmode"] is False  # a finger scrolls the page


def test_on_a_narrow_screen_a_colour_bar_stands_beside_the_plane(page):
    figure = figure_of("blobs", colour="membership")
    bar = figure["data"][0]["marker"]["colorbar"]
    layout, traces = arranged(page, figure, 1200, 500)
    assert (layout["margin"]["r"], traces) == (12, figure["data"])
    layout, traces = arranged(page, figure, 400, 640)
    low, high = layout["yaxis"]["domain"]
    assert layout["margin"]["r"] == 86
    moved = {"x": 1, "y": pytest.approx((low + high) / 2), "len": pytest.approx(high - low)}
    assert traces[0]["marker"]["colorbar"] == bar | moved
    assert traces[1:] == figure["data"][1:]


def test_axes_with_scales_of_their_own_show_the_box_itself(page):
    figure = figure_of("faithful")
    for zoom in (None, [[1, 2], [50, 60]]):
        layout, _ = arranged(page, figure, 900, 500, zoom)
        box = zoom or figure["layout"]["meta"]["extent"]
        assert [layout["xaxis"]["range"], layout["yaxis"]["range"]] == box


@pytest.mark.parametrize(("name", "planes"), [("blobs", {""}), ("k-means", {"", "2"})])
def test_a_plane_keeps_its_zoom_itself_and_other_axes_keep_theirs_for_a_run(page, name, planes):
    figure = figure_of(name)
    layout, _ = arranged(page, figure, 900, 500)
    for axis, number in product("xy", ("", "2")):
        shown = layout[f"{axis}axis{number}"]
        assert shown.get("uirevision") == (None if number in planes else "this run")
        assert "scaleanchor" not in shown
        if axis == "x":
            assert shown["title"]["standoff"] == 6
    for number in {"", "2"} - planes:
        assert layout[f"yaxis{number}"]["range"] == figure["layout"][f"yaxis{number}"]["range"]


@pytest.mark.parametrize("spots", [False, True])
def test_the_rest_of_the_layout(page, spots):
    figure = figure_of("blobs")
    layout, _ = arranged(page, figure, 900, 500, spots=spots, margins={"l": 90, "t": 3})
    assert layout["clickanywhere"] is spots
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert layout["margin"] == MARGINS | {"l": 90, "t": 3}
    assert_planes_fit(layout, figure["layout"]["meta"]["extent"])
    for name in ("hovermode", "showlegend", "annotations", "meta"):
        assert layout[name] == figure["layout"][name]


# --- Where a film opens, what plays it, and where it rests ------------------------------------------------------------

STEPS = [("0", 0), ("0E", 0), ("1M", 1), ("1E", 1), ("2M", 2)]
THINNED = [(str(t), t) for t in (0, 1, 2, 5, 9)]


@pytest.mark.parametrize(
    ("frames", "name", "iteration", "index"),
    [
        (THINNED, None, 0, 0),
        (THINNED, None, 5, 3),
        (THINNED, None, 8, 3),  # has no frame: the one before
        (THINNED, None, 99, 4),
        (THINNED, None, None, 0),
        (THINNED, "9", 2, 4),  # the same frame, wherever it is now
        (THINNED, "7", 7, 3),  # no longer among the frames
        (THINNED, "gone", 0, 0),
        (STEPS, "1M", 1, 2),
        (STEPS, "1E", 1, 3),
        (STEPS, None, 1, 3),  # both halves are done
        (STEPS, "1", 1, 3),  # a whole iteration before
        (STEPS, "0", 0, 0),
        ([("0", 0)], "3E", 3, 0),
    ],
)
def test_a_new_figure_opens_where_the_old_one_stood(page, frames, name, iteration, index):
    figure = {
        "frames": [{"name": name} for name, _ in frames],
        "layout": {"meta": {"iterations": [t for _, t in frames]}},
    }
    assert page.evaluate("given => player.opensAt(...given)", [figure, name, iteration]) == index


@pytest.mark.parametrize(
    ("lengths", "width"), [([3], 3), ([5, 12, 7], 12), ([31, 2], 31), ([33], 32), ([4, 90], 32)]
)
def test_the_label_is_as_wide_as_its_longest_text_up_to_two_lines(page, lengths, width):
    assert page.evaluate("labels => player.labelWidth(labels)", ["x" * n for n in lengths]) == width


ACTS = {
    " ": "play",
    "ArrowLeft": "back",
    "PageUp": "back",
    "ArrowRight": "forward",
    "PageDown": "forward",
    "Home": "first",
    "End": "last",
}
ELEMENTS = """
<p id="text">text</p> <div role="slider"><i id="slider"></i></div> <div role="combobox" id="combobox"></div>
<div role="dialog" id="dialog"><b id="inside">text</b></div> <div contenteditable="true"><u id="editable">x</u></div>
<input id="input"> <select id="select"></select> <textarea id="textarea"></textarea>
<button id="button"><em id="icon">x</em></button> <details><summary id="summary">x</summary></details>
<div role="button" id="pressed"></div>
"""
FIELDS = ("input", "select", "textarea", "editable", "slider", "combobox", "inside")
BUTTONS = ("button", "icon", "summary", "pressed")
ACT = """([key, within, modifiers]) => {
  const target = within === null ? document : document.getElementById(within);
  return player.actOf({ key, target, ...modifiers }) ?? null;
}"""


@pytest.fixture(scope="module")
def form(page):
    """The page, with fields and buttons in it."""
    page.evaluate("html => (document.body.innerHTML = html)", ELEMENTS)
    return page


@pytest.mark.parametrize("key", [*ACTS, "Enter", "a", "Escape", "ArrowUp", "ArrowDown", "Tab"])
def test_a_key_plays_or_steps_the_film_unless_a_field_or_a_button_has_it(form, key):
    act = ACTS.get(key)
    for within in (None, "text", "dialog"):
        assert form.evaluate(ACT, [key, within, {}]) == act, within
        assert form.evaluate(ACT, [key, within, {"shiftKey": True}]) == act
        for modifier in ("ctrlKey", "altKey", "metaKey"):
            assert form.evaluate(ACT, [key, within, {modifier: True}]) is None
    for within in FIELDS:
        assert form.evaluate(ACT, [key, within, {}]) is None, within
    for within in BUTTONS:
        assert form.evaluate(ACT, [key, within, {}]) == (None if key == " " else act), within


PLAY = """async ([index, frames, speed, drawing, stop]) => {
  const [clock, request] = [performance.now, requestAnimationFrame];
  let now = 0; // a screen with a frame every 10 ms
  performance.now = () => now;
  window.requestAnimationFrame = (act) => ((now += 10), queueMicrotask(act));
  const seen = [];
  const film = { index, frames: Array(frames).fill({}), speed: { value: speed } };
  film.goTo = async (to) => (seen.push([to, now]), (film.index = to), (now += drawing));
  await player.playThrough(film, () => seen.length < stop);
  Object.assign(window, { requestAnimationFrame: request }), (performance.now = clock);
  return seen;
}"""


def played(page, index, frames, speed, drawing=0, stop=999):
    """The frames that were shown while the film played, and when."""
    seen = page.evaluate(PLAY, [index, frames, str(speed), drawing, stop])
    return [to for to, _ in seen], [now for _, now in seen]


@pytest.mark.parametrize(("speed", "period"), [(1, 1000), (4, 250), (12, 90), (100, 10), (120, 10)])
def test_the_film_plays_at_its_pace(page, speed, period):
    shown, times = played(page, 2, 7, speed)
    assert shown == [3, 4, 5, 6]
    assert times == [0, period, 2 * period, 3 * period]  # the first at once


def test_from_its_end_the_film_shows_the_start_for_as_long_as_any_frame(page):
    assert played(page, 3, 4, 4) == ([0, 1, 2, 3], [0, 250, 500, 750])
    assert played(page, 0, 1, 4) == ([0], [0])  # its only frame


def test_slow_drawing_delays_the_next_frame_no_more_than_it_must(page):
    assert played(page, 0, 4, 4, drawing=100) == ([1, 2, 3], [0, 250, 500])
    assert played(page, 0, 4, 4, drawing=400) == ([1, 2, 3], [0, 400, 800])


@pytest.mark.parametrize("stop", [0, 1, 3])
def test_playing_ends_when_something_else_has_begun(page, stop):
    assert played(page, 0, 9, 12, stop=stop)[0] == [1, 2, 3][:stop]


@pytest.mark.parametrize(
    ("address", "iteration", "then"),
    [
        ("http://x/", 0, "http://x/"),
        ("http://x/", 7, "http://x/?it=7"),
        ("http://x/density?k=5&it=3", 12, "http://x/density?k=5&it=12"),
        ("http://x/?it=3&k=5", 0, "http://x/?k=5"),
        ("http://x/?it=3", 0, "http://x/"),
        ("http://x/?it=3&k=5&it=4", 9, "http://x/?it=9&k=5"),
        ("http://x/?it=3&it=4#here", 0, "http://x/#here"),
        ("http://x/a/?variances=25%2C9%2C1&it=2", 4, "http://x/a/?variances=25%2C9%2C1&it=4"),
    ],
)
def test_the_address_says_where_the_film_rests(page, address, iteration, then):
    assert (
        page.evaluate('given => player.addressAt(given[0], "it", given[1]).href', [address, iteration])
        == then
    )
