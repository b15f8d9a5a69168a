"""drawing.js: what a hand draws on the board, sprays and takes away; what the server hears of it, and when."""

import numpy as np
import pytest

from gmmviz.datasets import drawn
from gmmviz.experiment import Experiment
from tests.ui.modules.films import Shown, as_sent, explored
from tests.ui.modules.on_stage import SIZE, on_stage
from tests.ui.modules.page import MODULES

HTML = (MODULES.parent / "player.html").read_text(encoding="utf-8")
ROW = Experiment.table()["dots"]
BOX = [[-32 / 3, 32 / 3], [-8.0, 8.0]]  # 18.75 px a unit, and the frame in the middle

# A film of which only that is there which drawing asks for; `clock` stands still but for what a test lets pass.
FILM = """document.body.insertAdjacentHTML("beforeend", given.html);
const root = document.querySelector(".film"), [said, sent] = [[], []];
Object.assign(boxes[0].style, { position: "fixed", left: 0, top: 0, width: `${width}px`, height: `${height}px` });
root.querySelector(".film-plot").append(boxes[0]);
boxes[0].className = "stage-plane";
const timers = [], own = { set: window.setTimeout, clear: window.clearTimeout };
window.setTimeout = (heard, ms) => timers.push({ heard, ms });
window.clearTimeout = (id) => id && (timers[id - 1].heard = null);
const pass = () => timers.forEach((timer) => (timer.heard?.(), timer.heard = null));
const film_ = {
  root, stage: here, scene: read, figure: { places: [{ width, height, ...place }] }, toStart() {},
  telling: { hold: (text) => said.push(text), again: () => said.push("again") },
  setTriggerValue: (...news) => sent.push(news),
};
let state = 7;
const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296);
const hand = new drawing.Drawing(film_, random);
const open = (text = given.dots ?? "", more = {}) => {
  hand.open({ dots: text, most: 300, fewest: 3, ...more });
  if (hand.on) hand.lie();
};
for (const node of [SVGElement, HTMLElement]) node.prototype.setPointerCapture = () => {};
const pointer = (type, x, y) => hand.pad.node.dispatchEvent(
  new PointerEvent(`pointer${type}`, { clientX: x, clientY: y, pointerId: 1, bubbles: true, cancelable: true }));
const click = (x, y) => (pointer("down", x, y), pointer("up", x, y));
const drag = (...way) => {
  pointer("down", ...way[0]);
  for (const at of way.slice(1)) pointer("move", ...at);
  pointer("up", ...way.at(-1));
};
const tool = (name) => root.querySelector(`.film-drawing [data-tool=${name}]`);
const field = (name, value) => (root.querySelector(`.film-drawing [name=${name}]`).value = value);
const region = root.querySelector(".film-hand"), count = root.querySelector(".film-drawing p");
const seen = () => [...hand.group.children].map((dot) => numbersOf(dot, "cx", "cy"));
open();
try {
  %s
} finally {
  hand.close();
  Object.assign(window, { setTimeout: own.set, clearTimeout: own.clear });
}"""


@pytest.fixture
def draw(run_js):
    """A function that runs JavaScript on a board."""
    figure = as_sent(explored().figure)
    figure["layout"]["meta"]["extent"] = BOX
    shown = Shown(figure, explored().dataset, explored().run)
    return lambda body, **given: on_stage(run_js, shown, FILM % body, html=HTML, **given)


def in_pixels(X):
    """Where places stand on the board, in px."""
    unit = SIZE[1] / 16
    return np.column_stack([SIZE[0] / 2 + unit * X[:, 0], SIZE[1] / 2 - unit * X[:, 1]])


def read(text):
    """The points of a text, as Python has them."""
    return drawn(ROW.read(text)).X


CLICKS = [[100, 60], [300, 200], [210, 20]]
THREE = ROW.write(((0, 0), (2048, 2048), (4000, 100)))


def test_an_empty_board_is_open_and_each_click_is_a_point_to_a_pixel(draw):
    found = draw(
        """const mode = [hand.on, root.dataset.mode, root.querySelector(".film-drawing").hidden];
        const words = given.clicks.map(([x, y]) => (click(x, y), [region.textContent, count.textContent]));
        pass();
        return { mode, words, sent, seen: seen() };""",
        clicks=CLICKS,
    )
    assert found["mode"] == [True, "draw", False]
    (name, text) = found["sent"][-1]
    assert name == "drawn"
    assert np.abs(in_pixels(read(text)) - CLICKS).max() <= 0.05
    assert np.abs(np.array(found["seen"]) - CLICKS).max() <= 0.05
    assert [now for _, now in found["words"]] == [
        "1 of at least 3 points",
        "2 of at least 3 points",
        "3 points",
    ]
    assert found["words"][0][0].startswith("Point drawn at (\N{MINUS SIGN}5.3")
    assert found["words"][0][0].endswith(". 1 of at least 3 points.")


def test_the_server_hears_once_the_hand_rests(draw):
    found = draw(
        """click(100, 60), click(300, 200);
        const before = sent.length;
        pass(), pass();
        return [before, sent.length, timers.map(({ ms }) => ms)];"""
    )
    assert found == [0, 1, [700, 700]]


def test_outside_of_the_frame_and_beyond_the_most_nothing_is_drawn(draw):
    found = draw(
        """click(20, 60);
        const outside = said.at(-1);
        open(given.full), click(100, 60), tool("spray").click(), click(100, 60);
        return [outside, said.at(-1), hand.dots.length, count.textContent];""",
        full=ROW.write(((1, 2),) * 300),
    )
    assert found[0] == "Draw inside the frame. Click or tap to draw a point."
    assert found[1].startswith("300 points are as many as an address can hold.")
    assert found[2:] == [300, "300 points, as many as there may be"]


def test_a_spray_has_as_many_points_as_chosen_within_about_the_circle_that_is_shown(draw):
    found = draw(
        """tool("spray").click(), field("number", 50), field("radius", 3.6);
        pointer("move", 200, 150);
        const circle = [numbersOf(hand.circle, "cx", "cy", "rx", "ry"), hand.circle.style.display];
        click(200, 150);
        const words = region.textContent;
        open(given.nearly), tool("spray").click(), click(200, 150);
        return { circle, words, last: hand.dots.length, seen: seen().slice(0, 50), text: dots.encoded(hand.dots) };""",
        nearly=ROW.write(((2048, 2048),) * 290),
    )
    assert found["circle"] == [[200, 150, 67.5, 67.5], ""]
    assert found["words"] == "50 points sprayed around (0, 0). 50 points."
    assert found["last"] == 300  # as many as there may be


def test_a_sprays_points_spread_over_its_circle(draw):
    text = draw(
        """tool("spray").click(), field("number", 50), field("radius", 3.6);
        for (let i = 0; i < 6; i++) click(200, 150);
        return dots.encoded(hand.dots);"""
    )
    X = read(text)
    assert len(X) == 300
    assert np.hypot(*X.mean(axis=0)) < 0.4
    assert X.std(axis=0) == pytest.approx([1.8, 1.8], rel=0.15)


GRID = [(x, y) for x in range(1024, 3584, 512) for y in range(1024, 3584, 512)]  # from -4 to 4, 37.5 px apart


def test_a_box_takes_away_what_is_in_it_and_undo_brings_it_back(draw):
    found = draw(
        """hand.toggle(), tool("erase").click(), drag([230, 170], [180, 100], [120, 70]);
        const [left, words] = [dots.encoded(hand.dots), region.textContent];
        tool("undo").click();
        const undone = dots.encoded(hand.dots);
        tool("redo").click();
        return [left, words, undone, dots.encoded(hand.dots), tool("redo").disabled, tool("undo").disabled];""",
        dots=ROW.write(tuple(GRID)),
    )
    left, words, undone, again, *disabled = found
    px = in_pixels(drawn(GRID).X)
    inside = ((px >= [120, 70]) & (px <= [230, 170])).all(axis=1)
    assert 0 < inside.sum() < len(GRID)
    assert ROW.read(left) == tuple(dot for dot, gone in zip(GRID, inside, strict=True) if not gone)
    assert words == f"{inside.sum()} points taken away. {len(GRID) - inside.sum()} points."
    assert undone == ROW.write(tuple(GRID))
    assert again == left
    assert disabled == [True, False]


def test_a_lasso_takes_away_what_it_goes_around(draw):
    found = draw(
        """hand.toggle(), tool("erase").click(), field("shape", "lasso");
        pointer("down", 105, 60), pointer("move", 215, 60), pointer("move", 105, 170);
        const line = hand.line.getAttribute("d");
        pointer("up", 105, 170);
        return [line, hand.line.getAttribute("d"), dots.encoded(hand.dots)];""",
        dots=ROW.write(tuple(GRID)),
    )
    px = in_pixels(drawn(GRID).X)
    inside = (px[:, 0] > 105) & (px[:, 1] > 60) & (px.sum(axis=1) < 275)
    assert found[0].endswith("Z")
    assert found[1] == ""
    assert ROW.read(found[2]) == tuple(dot for dot, gone in zip(GRID, inside, strict=True) if not gone)
    assert 0 < inside.sum() < len(GRID)


def test_a_press_of_the_eraser_takes_the_nearest_point_and_none_from_afar(draw):
    found = draw(
        """hand.toggle(), tool("erase").click(), click(203, 148);
        const one = [dots.encoded(hand.dots), region.textContent];
        click(220, 168);
        return [...one, dots.encoded(hand.dots), region.textContent];""",
        dots=ROW.write(tuple(GRID)),
    )
    rest = tuple(dot for dot in GRID if dot != (2048, 2048))
    assert found[:2] == [ROW.write(rest), "1 point taken away. 24 points."]
    assert found[2:] == [ROW.write(rest), "No point is there. 24 points."]


def test_a_drag_that_is_given_up_takes_nothing(draw):
    found = draw(
        """hand.toggle(), tool("erase").click();
        pointer("down", 105, 60), pointer("move", 300, 280), pointer("cancel", 300, 280);
        return [dots.encoded(hand.dots), hand.line.getAttribute("d")];""",
        dots=ROW.write(tuple(GRID)),
    )
    assert found == [ROW.write(tuple(GRID)), ""]


def test_by_keys_a_point_is_drawn_and_taken_away_where_the_cross_hair_stands(draw):
    found = draw(
        """const key = (name, more = {}) => document.dispatchEvent(
          new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
        key("Enter"), key("ArrowRight"), key("Enter"), key("Enter");
        const three = seen();
        key("Delete");
        const two = hand.dots.length;
        key("z", { ctrlKey: true });
        return [three, two, hand.dots.length, hand.tool];"""
    )
    assert np.abs(np.array(found[0]) - [[200, 150], [216, 150], [216, 150]]).max() <= 0.1
    assert found[1:] == [2, 3, "point"]


def test_all_can_be_cleared_and_brought_back(draw):
    found = draw(
        """hand.toggle(), tool("clear").click();
        const empty = [hand.dots.length, region.textContent, tool("leave").disabled, tool("clear").disabled];
        pass();
        tool("undo").click();
        return [...empty, sent, hand.dots.length];""",
        dots=THREE,
    )
    assert found == [0, "All points are taken away. 0 of at least 3 points.", True, True, [["drawn", ""]], 3]


# --- Open and done ----------------------------------------------------------------------------------------------------


def test_the_board_closes_only_when_there_are_enough_and_their_fit_has_come(draw):
    found = draw(
        """const seen = [];
        hand.act("leave"), seen.push([hand.on, said.at(-1)]);
        for (const [x, y] of given.clicks) click(x, y);
        tool("leave").click(), seen.push([hand.on, sent.length]);
        open(sent[0][1]), seen.push([hand.on, said.at(-1), root.dataset.mode ?? null]);
        return seen;""",
        clicks=CLICKS,
    )
    assert found == [
        [True, "Not yet. Click or tap to draw a point."],
        [True, 1],
        [False, "again", None],
    ]


def test_where_nothing_was_changed_it_closes_at_once(draw):
    found = draw("hand.toggle(), tool('leave').click(); return [hand.on, sent];", dots=THREE)
    assert found == [False, []]


def test_enough_points_open_no_board_by_themselves_and_too_few_do(draw):
    found = draw(
        """const before = hand.on;
        open(given.dots, { fewest: 9 });
        return [before, hand.on, root.querySelector("[data-act=draw]").hidden, tool("leave").disabled];""",
        dots=THREE,
    )
    assert found == [False, True, False, True]


def test_what_is_being_drawn_stays_when_a_figure_comes_that_knows_less_of_it(draw):
    found = draw(
        """click(100, 60), open("", { fewest: 5 });  // another K, say, before the server has heard of the point
        const first = [hand.dots.length, count.textContent];
        pass(), click(300, 200), open(sent[0][1]);
        return [...first, hand.dots.length, hand.edits.before.length, seen().length];"""
    )
    assert found == [1, "1 of at least 5 points", 2, 2, 2]


def test_what_comes_from_elsewhere_takes_its_place(draw):
    found = draw(
        """click(100, 60), pass(), open(given.other);
        const other = [dots.encoded(hand.dots), hand.edits.before.length];
        hand.open(null);
        return [...other, hand.on, hand.dots.length, root.querySelector("[data-act=draw]").hidden];""",
        other=THREE,
    )
    assert found == [THREE, 0, False, 0, True]


def test_undo_reaches_back_beyond_done(draw):
    found = draw(
        """hand.toggle(), click(100, 60), tool("leave").click(), open(sent[0][1]);
        hand.toggle(), tool("undo").click();
        return [hand.on, dots.encoded(hand.dots)];""",
        dots=THREE,
    )
    assert found == [True, THREE]


def test_the_tools_have_names_and_say_which_is_chosen(draw):
    found = draw(
        """tool("spray").click();
        const named = [...root.querySelectorAll(".film-drawing :is(button, select)")].map((node) =>
          (node.ariaLabel || node.textContent.trim() || node.labels?.[0].textContent.trim()) && node.title !== "");
        return [named, ["point", "spray", "erase"].map((name) => tool(name).ariaPressed)];"""
    )
    assert all(found[0])
    assert found[1] == ["false", "true", "false"]
