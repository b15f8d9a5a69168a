"""placing.js: means one after another in the plane, or dragged at the start; what is seen meanwhile is the engine's."""

import numpy as np
import pytest

from gmmviz.em import e_step
from gmmviz.figures.codes import belonging_codes
from gmmviz.settings import Places
from gmmviz.starts import start_at
from tests.ui.modules.films import explored
from tests.ui.modules.on_stage import SIZE, in_pixels, on_stage
from tests.ui.modules.page import MODULES

HTML = (MODULES.parent / "player.html").read_text(encoding="utf-8")
ROW = Places((), "Placed", "Where.", low=-1e6, high=1e6, most=30, name="placed")

# A film of which only that is there which placing asks for; what it is told stands in `said`, `sent`, `sought`.
FILM = """document.body.insertAdjacentHTML("beforeend", given.html);
const root = document.querySelector(".film"), [said, sent, sought] = [[], [], []];
Object.assign(boxes[0].style, { position: "fixed", left: 0, top: 0, width: `${width}px`, height: `${height}px` });
root.querySelector(".film-plot").append(boxes[0]);
boxes[0].className = "stage-plane";
const film_ = {
  root, stage: here, scene: read, figure: { places: [{ width, height, ...place }], hold: () => sought.push("held") },
  position: given.position ?? 0, playing: null, get goal() { return this.position; },
  toStart() { this.seek(0); }, halt() {}, point() {},
  seek(position) { this.position = position, sought.push(position); },
  restart(mixture, position = read.mode === "steps" ? 1 : 0) {
    read.planes[0].restart(mixture), here.renew(), this.position = position, here.paint(position);
  },
  telling: { hold: (text) => said.push(text), again: () => said.push("again") },
  setTriggerValue: (...news) => sent.push(news),
};
const hand = new placing.Placing(film_);
const start = { K: read.planes[0].K, placed: [], covariance: given.covariance };
const open = (more = {}) => hand.open({ ...start, ...more });
here.paint(film_.position), open(), hand.follow();
for (const node of [SVGElement, HTMLElement]) node.prototype.setPointerCapture = () => {};
const pointer = (node, type, x, y) => node.dispatchEvent(
  new PointerEvent(`pointer${type}`, { clientX: x, clientY: y, pointerId: 1, bubbles: true, cancelable: true }));
const click = (x, y) => (pointer(hand.pad.node, "down", x, y), pointer(hand.pad?.node ?? root, "up", x, y));
const placesOf = (text) => text.split(";").map((place) => place.split(",").map(Number));
const region = root.querySelector(".film-hand"), tools = root.querySelector(".film-placing");
const discs = () => [...(hand.discs?.children ?? [])].map((disc) => [disc.textContent, ...standsAt(disc)]);
const frame = () => new Promise(requestAnimationFrame);
try {
  %s
} finally {
  hand.close();
}"""


def broad(shown):
    """The covariance of a placed start."""
    return start_at(shown.dataset.X, shown.dataset.X[:1], "full", 1e-6).covariances[0].ravel().tolist()


def placing(run_js, body, shown=None, **given):
    shown = shown or explored()
    return on_stage(run_js, shown, FILM % body, html=HTML, covariance=broad(shown), **given)


CLICKS = [[50, 60], [300, 200], [210, 20]]


def test_k_clicks_are_k_means_where_they_were_and_nobody_hears_before(run_js):
    found = placing(
        run_js,
        """hand.toggle();
        const seen = () => [sent.length, region.textContent, discs()];
        const before = given.clicks.slice(0, -1).map(([x, y]) => (click(x, y), seen()));
        click(...given.clicks.at(-1));
        const mode = root.dataset.mode ?? null;
        return { before, sent, on: hand.on, said, region: region.textContent, mode, tools: tools.hidden };""",
        clicks=CLICKS,
    )
    ((name, text),) = found["sent"]
    places = ROW.read(text)
    assert (name, ROW.write(places)) == ("placed", text)  # as an address has it
    assert np.abs(in_pixels(places, explored()) - CLICKS).max() <= 0.51
    assert [sent for sent, *_ in found["before"]] == [0, 0]
    for number, (_, heard, discs) in enumerate(found["before"], 1):
        x, y = (f"{value:,.4g}".replace("-", "−") for value in places[number - 1])
        assert (
            heard
            == f"Mean {number} of 3 placed at ({x}, {y}). Mean {number + 1} of 3: click or tap where it starts."
        )
        assert [disc[0] for disc in discs] == [str(k + 1) for k in range(number)]
        assert np.abs(np.array([disc[1:] for disc in discs]) - CLICKS[:number]).max() <= 0.51
    assert (found["on"], found["mode"], found["tools"]) == (False, None, True)
    assert found["said"][:2] == [f"Mean {k} of 3: click or tap where it starts." for k in (1, 2)]
    assert found["region"].startswith("Mean 3 of 3 placed at (")


def test_the_first_mixture_is_then_the_placed_start(run_js):
    shown = explored()
    text, mixture = placing(
        run_js,
        """hand.toggle();
        for (const [x, y] of given.clicks) click(x, y);
        return [sent[0][1], read.planes[0].mixtures.at(0)];""",
        clicks=CLICKS,
    )
    expected = start_at(shown.dataset.X, np.array(ROW.read(text)), "full", 1e-6)
    np.testing.assert_array_equal(np.reshape(mixture["means"], (3, 2)), expected.means)
    np.testing.assert_array_equal(np.reshape(mixture["covariances"], (3, 2, 2)), expected.covariances)
    np.testing.assert_array_equal(mixture["weights"], expected.weights)


def test_undo_takes_back_one_and_redo_puts_it_there_again(run_js):
    found = placing(
        run_js,
        """hand.toggle();
        const undo = tools.querySelector("[data-tool=undo]");
        const seen = [undo.disabled];
        click(50, 60), click(300, 200), seen.push(undo.disabled);
        undo.click(), seen.push(discs().length, region.textContent);
        hand.act("redo"), seen.push(discs().length);
        hand.act("erase"), hand.act("undo"), hand.act("undo"), seen.push(discs().length, undo.disabled);
        return seen;""",
    )
    assert found == [True, False, 1, "Undone. Mean 2 of 3: click or tap where it starts.", 2, 0, True]


def test_cancel_changes_nothing_and_the_film_stands_where_it_stood(run_js):
    for body in ("tools.querySelector('[data-tool=leave]').click()", "hand.toggle()", "hand.act('leave')"):
        found = placing(
            run_js,
            f"""hand.toggle(), click(50, 60), {body};
            return [sent, sought, hand.on, tools.hidden, said.at(-1), root.querySelectorAll(".stage-pad").length];""",
            position=4,
        )
        assert found == [[], ["held", 0, 4], False, True, "again", 0]


def test_a_placed_disc_can_be_moved_before_the_others_are_there(run_js):
    found = placing(
        run_js,
        """hand.toggle(), click(50, 60), click(300, 200);
        const way = [["down", 52, 61], ["move", 90, 99], ["up", 90, 99]];
        for (const [type, x, y] of way) pointer(hand.pad.node, type, x, y);
        const moved = discs();
        hand.act("undo");
        return [moved, discs(), sent];""",
    )
    moved, undone, sent = found
    assert np.abs(np.array([disc[1:] for disc in moved]) - [[90, 99], [300, 200]]).max() <= 0.51
    assert np.abs(np.array([disc[1:] for disc in undone]) - [[50, 60], [300, 200]]).max() <= 0.51
    assert sent == []


def test_the_next_number_is_seen_under_the_pointer(run_js):
    found = placing(
        run_js,
        """hand.toggle(), click(50, 60), pointer(hand.pad.node, "move", 200, 100);
        const seen = discs(), faint = hand.discs.querySelectorAll(".stage-disc-next").length;
        pointer(hand.pad.node, "leave", 0, 0);
        return [seen.map(([text]) => text), faint, discs().length];""",
    )
    assert found == [["1", "2"], 1, 1]


def test_what_is_missing_is_placed_next_and_a_whole_start_anew(run_js):
    found = placing(
        run_js,
        """open({ placed: [[1, 2], [3, 4]] }), hand.toggle();
        const missing = discs().map(([text]) => text);
        hand.toggle(), open({ placed: [[1, 2], [3, 4], [5, 6]] }), hand.toggle();
        return [missing, discs().length];""",
    )
    assert found == [["1", "2"], 0]


def test_by_keys_a_reader_of_the_screen_hears_where(run_js):
    found = placing(
        run_js,
        """hand.toggle();
        for (const key of ["Enter", "ArrowRight", "ArrowRight", "Enter", "ArrowUp", "Enter"])
          document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        return [sent, hand.pad];""",
    )
    (((_, text),), pad) = found
    middle = np.array(SIZE) / 2
    expected = np.add(middle, [[0, 0], [32, 0], [32, -16]])
    assert pad is None
    assert np.abs(in_pixels(ROW.read(text), explored()) - expected).max() <= 1.1


# --- Another figure, a lock -------------------------------------------------------------------------------------------


def test_a_film_without_a_start_to_place_has_no_button_and_a_figure_keeps_what_is_being_placed(run_js):
    found = placing(
        run_js,
        """const button = root.querySelector("[data-act=place]");
        const seen = [button.hidden];
        hand.toggle(), click(50, 60), open({ K: 3 }), seen.push(hand.on, discs().length);
        open({ K: 1 }), seen.push(hand.on);
        hand.open(null), seen.push(button.hidden, hand.grips.length);
        return seen;""",
    )
    assert found == [False, True, 1, False, True, 0]


# --- Discs that are dragged -------------------------------------------------------------------------------------------

DRAG = """const grip = hand.grips[given.k], [cx, cy] = numbersOf(grip, "cx", "cy");
pointer(grip, "down", cx, cy);
pointer(grip, "move", cx + given.by[0] / 2, cy), pointer(grip, "move", cx + given.by[0], cy + given.by[1]);
await frame(), await frame();
const codes = read.planes[0].codes(0), mixture = read.planes[0].mixtures.at(0), position = film_.position;
const drags = () => root.classList.contains("film-drags");
const during = { codes, means: [...mixture.means], position, said: said.at(-1), drags: drags() };
"""


@pytest.mark.parametrize("steps", [True, False])
def test_a_dragged_disc_shows_at_once_what_its_e_step_colours_and_that_is_the_start(run_js, steps):
    shown = explored(steps=steps)
    found = placing(
        run_js,
        DRAG
        + """pointer(grip, "up", cx + given.by[0], cy + given.by[1]);
        const pixel = [1 / place.toPixels.sx, 1 / place.toPixels.sy].map(Math.abs);
        return { during, sent, stays: film_.stays, drags: drags(), region: region.textContent, pixel };""",
        shown,
        k=1,
        by=[40, -30],
    )
    (name, text), during = found["sent"][0], found["during"]
    placed, pixel = np.array(ROW.read(text)), np.array(found["pixel"])
    first = shown.run.states[0].mixture.means
    assert name == "placed"
    moved = np.add(first, [[0, 0], [40 * pixel[0], 30 * pixel[1]], [0, 0]])
    assert (np.abs(placed - moved) <= 0.51 * pixel).all()
    during_means = np.reshape(during["means"], (3, 2))
    np.testing.assert_array_equal(during_means[[0, 2]], first[[0, 2]])
    expected = start_at(shown.dataset.X, during_means, "full", 1e-6)
    codes = belonging_codes(e_step(shown.dataset.X, expected)[0])
    assert np.abs(codes.astype(int) - during["codes"]).max() <= 1
    assert during["position"] == (1 if steps else 0)  # where the points have colours
    assert during["said"].startswith("Mean 2 at (")
    assert during["drags"]
    assert (found["stays"], found["drags"]) == (True, False)
    assert found["region"].startswith("Mean 2 of 3 placed at (")


def test_what_is_painted_follows_the_drag(run_js):
    colours = placing(
        run_js,
        "const before = [...here.layer(0, 'points').out];"
        + DRAG
        + """const disc = standsAt(here.layer(0, "means").discs[given.k]);
        const path = numbersIn(here.layer(0, "means").paths[given.k].getAttribute("d"));
        return [before, [...here.layer(0, "points").out], disc, [cx, cy], path];""",
        k=0,
        by=[60, 10],
        position=1,
    )
    before, after, disc, (cx, cy), path = colours
    assert before != after
    assert disc == pytest.approx([cx + 60, cy + 10], abs=0.6)
    assert path[:2] == pytest.approx(
        path[2:], abs=0.1
    )  # it begins there: no way leads from where it was before


@pytest.mark.parametrize(
    "end",
    [
        "pointer(grip, 'cancel', 0, 0)",
        "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))",
    ],
)
def test_a_drag_that_is_given_up_leaves_the_start_as_it_was(run_js, end):
    shown = explored()
    found = placing(
        run_js,
        DRAG
        + end
        + """;
        pointer(grip, "up", cx, cy);
        const { means, covariances } = mixture;
        return [sent, film_.position, [...means], [...covariances], [...read.planes[0].codes(0)], said.at(-1)];""",
        shown,
        k=1,
        by=[40, -30],
    )
    first = shown.run.states[0].mixture
    codes = belonging_codes(e_step(shown.dataset.X, first)[0])
    assert found[:2] == [[], 0]
    np.testing.assert_array_equal(found[2], first.means.ravel())
    np.testing.assert_array_equal(found[3], first.covariances.ravel())
    assert np.abs(codes.astype(int) - found[4]).max() <= 1
    assert found[5] == "again"


def test_a_press_that_hardly_moves_is_no_drag(run_js):
    found = placing(
        run_js,
        """const [cx, cy] = numbersOf(hand.grips[0], "cx", "cy");
        for (const [type, x] of [["down", cx], ["move", cx + 2], ["up", cx + 2]]) pointer(hand.grips[0], type, x, cy);
        return [sent, said, sought];""",
    )
    assert found == [[], [], []]


@pytest.mark.parametrize(("steps", "seen"), [(True, [0, 1]), (False, [0])])
def test_discs_can_be_taken_at_the_start_only(run_js, steps, seen):
    found = placing(
        run_js,
        """const at = [0, 0.5, 1, 1.5, 2, 3].map((position) => {
          film_.position = position, here.paint(position), hand.follow();
          return [position, hand.over.style.display !== "none"];
        });
        film_.position = 0, film_.playing = {}, hand.follow();
        return [at, hand.over.style.display !== "none"];""",
        explored(steps=steps),
    )
    at, playing = found
    assert [position for position, shown in at if shown and position % 1 == 0] == seen
    assert not playing


def test_grips_stand_over_the_discs_and_are_as_large_as_a_finger_on_a_phone(run_js):
    found = placing(
        run_js,
        """const grips = () => hand.grips.map((grip) => numbersOf(grip, "cx", "cy", "r"));
        const seen = [grips(), here.layer(0, "means").places];
        root.classList.add("film-narrow"), hand.follow();
        return [...seen, grips()];""",
    )
    grips, places, narrow = found
    assert np.abs(np.array(grips)[:, :2] - places).max() <= 0.01
    assert (np.array(narrow)[:, 2] >= 22).all()
