"""present.js and what follows from it: sizes for a lecture hall, the address, where a step leads beyond the ends."""

import math

import pytest

from tests.ui.modules.films import explored
from tests.ui.modules.on_stage import on_stage
from tests.ui.modules.page import MODULES

HTML = (MODULES.parent / "player.html").read_text(encoding="utf-8")
SIZES = [(390, 844), (1280, 720), (1920, 1080), (2560, 1440), (5120, 2880)]

# --- Sizes ------------------------------------------------------------------------------------------------------------


def test_all_is_as_large_as_designed_on_a_projector_and_grows_with_the_screen(run_js):
    units = run_js("return given.map(([width, height]) => present.unitOf({ width, height }))", SIZES)
    assert units == pytest.approx([1, 1, 1.5, 1.6, 1.6])


@pytest.mark.parametrize("unit", [1, 1.5])
def test_labels_are_twenty_pixels_on_every_screen(run_js, unit):
    sizes = "return given.sizes.map(([width, height]) => layout.grown({ width, height, unit: given.unit }))"
    grown = run_js(sizes, {"sizes": SIZES, "unit": unit})
    assert [12 * factor for factor in grown] == pytest.approx([20 * unit] * len(SIZES))


def test_marks_are_as_large_in_a_small_plane(run_js):
    code = (
        "return given.map(([width, height]) => [1, 0].map((unit) => stage.sizeOf({ width, height }, unit)))"
    )
    for presented, ordinary in run_js(code, [(100, 100), (300, 300), (1280, 720)]):
        assert 10 * presented == 16  # a disc's radius
        assert ordinary != presented


@pytest.mark.parametrize(
    ("N", "width", "height"), [(20, 970, 600), (500, 970, 600), (500, 480, 330), (60, 370, 340)]
)
def test_points_are_ten_pixels_across(run_js, N, width, height):
    look = run_js("return points.style(...given, 1)", [N, width, height])
    plain = run_js("return points.style(...given)", [N, width, height])
    assert look["radius"] == max(5, plain["radius"])
    assert look["opacity"] == plain["opacity"]


def test_many_points_cover_no_more_than_a_third_of_the_plane_and_are_never_smaller_than_before(run_js):
    sizes = [1000, 3000, 5000, 10_000, 20_000]
    code = "return given.map((N) => [1, 0].map((unit) => points.style(N, 970, 600, unit).radius))"
    for N, (radius, plain) in zip(sizes, run_js(code, sizes), strict=True):
        assert radius >= plain
        assert radius == plain or N * math.pi * radius**2 <= 970 * 600 / 3 * (1 + 1e-12)


def test_the_stage_hands_the_size_to_all_layers(run_js):
    found = on_stage(
        run_js,
        explored(),
        """here.fit(read.planes.map(() => place), read.curves.map(() => given.curve), 1);
        const [points, means] = [here.layer(0, "points"), here.layer(0, "means")];
        return [points.look.radius, means.radius, Number(here.markers[0].getAttribute("r")),
          boxes[0].style.getPropertyValue("--mark")];""",
    )
    assert found[0] >= 4.5  # as large as there is room for in this small plane
    assert found[1:] == [16, pytest.approx(8.8), "1.6"]


def test_on_a_narrow_screen_planes_and_curves_fill_the_picture_without_overlap(run_js):
    shown = explored()
    body = """const traces = given.figure.data;
    const size = { width: 390, height: 650, unit: 1, aside: 0, room: 800, bar: 100, heading: false, zoom: null };
    return layout.arranged(given.figure.layout, traces, size);"""
    found = run_js(body, {"figure": shown.figure})
    assert found["font"]["size"] == pytest.approx(20)
    (low, high), (under, over) = found["yaxis"]["domain"], found["yaxis2"]["domain"]
    assert 0 <= under < over < low < high <= 1
    inner = 650 - found["margin"]["t"] - found["margin"]["b"]
    assert (over - under) * inner == pytest.approx(80)
    assert (low - over) * inner > 20 * 2  # the plane's labels and the curve's name stand between
    assert found["yaxis2"]["nticks"] == 3


# --- The address ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "on", "off"),
    [
        ("http://x/", "http://x/?present=1", "http://x/"),
        ("http://x/?k=5&present=1", "http://x/?k=5&present=1", "http://x/?k=5"),
        ("http://x/density?k=5#a", "http://x/density?k=5&present=1#a", "http://x/density?k=5#a"),
    ],
)
def test_the_address_says_whether_the_mode_is_on(run_js, address, on, off):
    code = "return [true, false].map((mode) => present.addressWith(given, mode).href)"
    assert run_js(code, address) == [on, off]


# --- Beyond the ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "position", "turn"),
    [
        ("forward", 4, "next"),
        ("forward", 3.5, None),
        ("forward", 0, None),
        ("back", 0, "back"),
        ("back", 0.5, None),
        ("back", 4, None),
        ("first", 0, None),
        ("last", 4, None),
        ("play", 4, None),
    ],
)
def test_a_step_beyond_an_end_leads_to_another_link(run_js, act, position, turn):
    code = """return [{ next: "Moons", back: true }, { next: "", back: false }].map((ways) =>
      present.turnOf(given.act, given.position, 4, ways) ?? null);"""
    assert run_js(code, {"act": act, "position": position}) == [turn, None]


def test_a_film_of_one_stop_has_both_ends(run_js):
    code = 'return ["forward", "back"].map((act) => present.turnOf(act, 0, 0, { next: "Moons", back: true }))'
    assert run_js(code) == ["next", "back"]


# --- The mode itself --------------------------------------------------------------------------------------------------

MODE = """document.body.innerHTML = given + '<input id="field"><p id="text">x</p>';
const root = document.querySelector(".film"), before = location.href;
let changes = 0;
const mode = new present.Presentation(root, () => changes++);
const press = (key, on = document.body, more = {}) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  on.dispatchEvent(event);
  return event.defaultPrevented;
};
const now = () => [
  mode.on, document.documentElement.classList.contains("presenting"), new URL(location).searchParams.get("present"),
  root.querySelector("[data-act=present]").getAttribute("aria-pressed"),
];
try {
  %s
} finally {
  mode.set(false), mode.close();
  history.replaceState(null, "", before);
  document.body.replaceChildren();
}"""
ON, OFF = [True, True, "1", "true"], [False, False, None, "false"]


def mode(run_js, body):
    return run_js(MODE % body, HTML)


def test_f_begins_it_and_ends_it_and_escape_ends_it(run_js):
    found = mode(
        run_js,
        """const seen = [now()];
        for (const key of ["f", "F", "f", "Escape", "Escape"]) seen.push([press(key), ...now()]);
        return [seen, changes];""",
    )
    seen, changes = found
    assert seen[0] == OFF
    assert seen[1:] == [[True, *ON], [True, *OFF], [True, *ON], [True, *OFF], [False, *OFF]]
    assert changes == 4


def test_keys_of_fields_and_keys_that_others_took_are_left_alone(run_js):
    found = mode(
        run_js,
        """const field = document.querySelector("#field"), text = document.querySelector("#text");
        const taken = (event) => event.preventDefault();
        const seen = [press("f", field), press("f", text, { ctrlKey: true }), press("f", text, { repeat: true })];
        seen.push(mode.on);
        mode.set(true);
        text.addEventListener("keydown", taken);
        press("Escape", text);
        seen.push(mode.on, press("x"));
        return seen;""",
    )
    assert found == [False, False, False, False, True, False]


def test_an_address_that_asks_for_it_begins_it_once(run_js):
    found = mode(
        run_js,
        """const seen = [];
        for (const presented of [0, 1, 1]) {
          mode.arrive({ presented });
          seen.push(mode.on);
          if (presented) mode.set(false);
        }
        mode.arrive({ presented: 1 });
        seen.push(mode.on);
        mode.arrive({ presented: 2 });
        seen.push(mode.on);
        mode.arrive({ presented: 0 });
        return seen;""",
    )
    assert found == [False, True, False, False, True]


def test_it_goes_along_where_a_link_says_nothing_of_it(run_js):
    found = mode(
        run_js,
        """mode.set(true);
        history.replaceState(null, "", "?k=5");
        mode.arrive({ presented: 0 });
        const unit = Number(root.style.getPropertyValue("--unit"));
        return [now(), new URL(location).searchParams.get("k"), mode.unit === unit, unit >= 1];""",
    )
    assert found == [ON, "5", True, True]


def test_what_had_the_keys_loses_them(run_js):
    assert mode(
        run_js,
        'document.querySelector("#field").focus(); mode.set(true); return document.activeElement.tagName',
    )
    found = mode(
        run_js,
        """document.querySelector("#field").focus(), mode.set(true);
        return document.activeElement === document.body;""",
    )
    assert found is True


def test_a_page_without_a_film_is_shown_and_the_next_film_is_presented(run_js):
    """Whether it opens after the one before is closed, or before that."""
    found = mode(
        run_js,
        """const seen = [], look = () => seen.push(document.documentElement.classList.contains("presenting"));
        mode.set(true), look();
        mode.close(), look();
        const next = new present.Presentation(root, () => {});
        look();
        const last = new present.Presentation(root, () => {});
        next.close(), look();
        last.set(false), last.close();
        return seen;""",
    )
    assert found == [True, False, True, True]


def test_a_closed_one_hears_nothing(run_js):
    assert mode(run_js, 'mode.close(); return [press("f"), mode.on]') == [False, False]
