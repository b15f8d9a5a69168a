"""taking.js: what the buttons ask for, and what is said while the film is encoded, when it cannot be, and when it is
stopped."""

import pytest

from tests.ui.modules.page import MODULES

HTML = (MODULES.parent / "taking.html").read_text(encoding="utf-8")
PAGE = """document.body.innerHTML = given.html;
const root = document.querySelector(".film-taking"), { toBlob } = HTMLCanvasElement.prototype;
const asked = [];
const shown = { scene: { stops: 4, T: 5, mode: "whole" }, download: async (format) => void asked.push(format) };
const own = { film: shown };
const buttons = new taking.Taking(root, () => own.film);
const said = () => root.querySelector("output").textContent;
const bar = root.querySelector("progress");
const button = (name) => root.querySelector(`[data-take=${name}]`);
const moments = [{ position: 0, ms: 800 }, { position: 1, ms: 80 }, { position: 4, ms: 1600 }];
const canvas = Object.assign(document.createElement("canvas"), { width: 20, height: 10 });
const drawn = [], seen = [];
const draw = async (position) => {
  drawn.push(position), seen.push(bar.value);
  if (given.stops === position) buttons.stop();
  return canvas;
};
const room = { canvas, draw };
try {
  %s
} finally {
  HTMLCanvasElement.prototype.toBlob = toBlob;
  document.body.replaceChildren();
}"""


@pytest.fixture
def taking(run_js):
    return lambda body, **given: run_js(PAGE % body, {"html": HTML, **given})


def test_the_frame_is_asked_of_the_film_in_each_form(taking):
    assert taking('button("png").click(); button("svg").click(); await null; return asked;') == ["png", "svg"]


def test_no_button_can_be_pressed_before_somebody_hears_it(taking):
    body = """const page = new DOMParser().parseFromString(given.html, "text/html");
    return [...page.querySelectorAll("[data-take]")].map(({ disabled, hidden }) => disabled || hidden);"""
    buttons = taking(body)
    assert buttons == [True] * 4
    assert taking("return ['png', 'svg', 'webp'].map((name) => button(name).disabled);") == [False] * 3


def test_a_press_beside_the_buttons_does_nothing_and_a_closed_one_hears_nothing(taking):
    assert taking('root.click(); buttons.close(); button("png").click(); return asked;') == []


def test_without_a_film_it_is_said(taking):
    assert (
        taking('own.film = undefined; button("webp").click(); await null; return said();')
        == "No film is drawn yet."
    )
    assert (
        taking('own.film = {}; button("svg").click(); await null; return said();') == "No film is drawn yet."
    )


def test_a_film_of_one_frame_is_no_film(taking):
    said, hidden = taking(
        'shown.scene.stops = 0; button("webp").click(); await null; return [said(), button("stop").hidden];'
    )
    assert said.startswith("A film of one frame does not move")
    assert hidden


def test_what_goes_wrong_is_said(taking):
    body = """shown.download = async () => { throw new Error("no room"); };
    await buttons.press("png"); return said();"""
    assert taking(body) == "It could not be made: no room"


def test_every_moment_is_drawn_in_its_order_and_the_bar_says_how_far_it_is(taking):
    drawn, seen, kind, chunks, last = taking(
        """const file = await buttons.filmed(room, moments);
        const chunks = webp.chunksOf(new Uint8Array(await file.arrayBuffer())).map(({ name }) => name);
        return [drawn, seen, file.type, chunks, bar.value];"""
    )
    assert drawn == [0, 1, 4]
    assert seen == pytest.approx([0, 1 / 3, 2 / 3])
    assert (kind, last) == ("image/webp", 1)
    assert chunks == ["VP8X", "ANIM", "ANMF", "ANMF", "ANMF"]


def test_a_browser_that_writes_no_webp_is_told_at_the_first_picture(taking):
    body = """HTMLCanvasElement.prototype.toBlob = function (done) { toBlob.call(this, done, "image/png"); };
    return [await buttons.filmed(room, moments), said(), drawn];"""
    file, said, drawn = taking(body)
    assert (file, drawn) == (None, [0])
    assert said.startswith("This browser cannot write WebP.")


def test_it_stops_when_it_is_asked_to(taking):
    file, said, drawn = taking("return [await buttons.filmed(room, moments), said(), drawn];", stops=1)
    assert (file, said, drawn) == (None, "Stopped.", [0, 1])


def test_while_it_encodes_there_is_a_bar_and_a_stop_and_nothing_else_to_press(taking):
    body = """const off = () => ["png", "svg", "webp"].map((name) => button(name).disabled);
    const state = () => [bar.hidden, button("stop").hidden, ...off()];
    const before = state();
    buttons.encoding(true);
    const during = state(), again = await buttons.press("webp");
    bar.value = 0.5;
    buttons.encoding(false);
    return [before, during, again, said(), state(), bar.value];"""
    before, during, again, said, after, value = taking(body)
    assert before == after == [True, True, False, False, False]
    assert during == [False, False, True, True, True]
    assert (again, said, value) == (True, "", 0)


def test_the_stop_button_stops(taking):
    assert taking('buttons.stopped = false; button("stop").click(); return buttons.stopped;') is True
    assert taking("buttons.stopped = false; buttons.close(); return buttons.stopped;") is True
