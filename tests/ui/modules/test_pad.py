"""pad.js and edits.js: where a hand was, by mouse, finger and key, and how what it did is undone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

SIZE = (400, 300)
BOX = [[-10.0, 10.0], [-5.0, 10.0]]  # 20 px a unit

PAD = """document.body.innerHTML =
  "<div class='film'><input id='field'><button id='button'></button></div><div id='box'></div>";
const box = document.getElementById("box");
Object.assign(box.style, { position: "absolute", left: "30px", top: "50px", width: "400px", height: "300px" });
const heard = [];
const note = (name) => (...said) => heard.push([name, ...said]);
const names = ["pressed", "moved", "dropped", "hovered", "act"];
const own = Object.fromEntries(names.map((name) => [name, note(name)]));
const begun = (place) => (given.drags && heard.push(["begun", place]), given.drags ?? false);
const here = new pad.Pad(document.querySelector(".film"), "The plane", { ...own, begun, placed() {} });
const place = { width: 400, height: 300, toPixels: numbers.pixelsOf(given.box, 400, 300), size: 1 };
here.node.setPointerCapture = () => {};
Object.assign(here.node.style, { position: "absolute", inset: 0 });
here.lie(box, place);
const pointer = (type, x, y, more = {}) => here.node.dispatchEvent(new PointerEvent(`pointer${type}`,
  { clientX: 30 + x, clientY: 50 + y, pointerId: 1, bubbles: true, cancelable: true, ...more }));
let reached = 0;
const count = () => reached++;
document.addEventListener("keydown", count);
const key = (name, more = {}, target = here.node) => target.dispatchEvent(
  new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
try {
  %s
} finally {
  here.close();
  document.removeEventListener("keydown", count);
  document.body.replaceChildren();
}"""


def on_pad(run_js, body, **given):
    return run_js(PAD % body, {"box": BOX} | given)


# --- Where it was -----------------------------------------------------------------------------------------------------


def test_a_number_has_no_more_digits_than_the_picture_resolves(run_js):
    @given(st.floats(-1e5, 1e5), st.floats(1e-6, 1e3))
    def holds(value, per_pixel):
        found = run_js("return pad.resolved(given[0], given[1]);", [value, per_pixel])
        assert abs(found - value) <= 0.5001 * per_pixel
        assert len(repr(float(found))) <= len(repr(per_pixel)) + 24
        digits = f"{found:.9f}".rstrip("0").partition(".")[2]
        assert len(digits) <= max(0, 1 - int(f"{per_pixel:e}".partition("e")[2])) or per_pixel < 1e-8

    holds()


@pytest.mark.parametrize(
    ("value", "per_pixel", "found"),
    [(1.23456, 0.02, 1.23), (-1.23456, 0.02, -1.23), (1234.5, 20, 1230), (0.0004, 0.01, 0), (1.26, 0.1, 1.3)],
)
def test_numbers_as_they_stand_in_the_address(run_js, value, per_pixel, found):
    assert run_js("return pad.resolved(...given);", [value, per_pixel]) == found
    assert run_js("return pad.resolved(given[0], -given[1]);", [value, per_pixel]) == found  # upwards


def test_a_click_is_heard_where_it_was_to_a_pixel(run_js):
    for box in (BOX, [[2.001, 2.003], [-0.5, 0.5]]):
        found = on_pad(
            run_js,
            """for (const [x, y] of given.at) pointer("down", x, y), pointer("up", x, y);
            return heard.filter(([name]) => name === "pressed").map(([, at]) => here.inPixels(at));""",
            at=[[0, 0], [123, 45], [400, 300], [399.5, 17.25]],
            box=box,
        )
        assert len(found) == 4
        for (x, y), (px, py) in zip([[0, 0], [123, 45], [400, 300], [399.5, 17.25]], found, strict=True):
            assert abs(px - x) <= 0.51
            assert abs(py - y) <= 0.51


def test_a_finger_may_slip_but_a_swipe_is_no_tap(run_js):
    found = on_pad(
        run_js,
        """pointer("down", 100, 100), pointer("up", 104, 104);
        pointer("down", 100, 100), pointer("up", 100, 140);
        pointer("down", 100, 100), pointer("cancel", 100, 100), pointer("up", 100, 100);
        pointer("down", 100, 100, { button: 2 }), pointer("up", 100, 100, { button: 2 });
        return heard.filter(([name]) => name === "pressed");""",
    )
    assert found == [["pressed", [-4.8, 4.8]]]


def test_a_drag_is_told_from_its_begin_to_its_end(run_js):
    found = on_pad(
        run_js,
        """pointer("down", 100, 100), pointer("move", 120, 100), pointer("move", 500, -40), pointer("up", 140, 100);
        pointer("down", 100, 100), pointer("cancel", 120, 100);
        return heard;""",
        drags=True,
    )
    assert found == [
        ["begun", [-5, 5]],
        ["moved", [-4, 5]],
        ["moved", [10, 10]],  # not beyond the plane
        ["dropped", [-3, 5], True],
        ["begun", [-5, 5]],
        ["dropped", None, False],
    ]


def test_a_mouse_that_only_moves_is_told_and_a_finger_is_not(run_js):
    body = """pointer("move", 100, 100, { pointerType: given.kind }), pointer("leave", 0, 0); return heard;"""
    assert on_pad(run_js, body, kind="mouse") == [["hovered", [-5, 5]], ["hovered", None]]
    assert on_pad(run_js, body, kind="touch") == [["hovered", None]]


def test_the_page_around_hears_nothing_of_the_pointer(run_js):
    body = """let through = 0;
    for (const type of ["pointerdown", "pointermove", "pointerup"]) box.addEventListener(type, () => through++);
    pointer("down", 1, 1), pointer("move", 1, 1), pointer("up", 1, 1);
    return through;"""
    assert on_pad(run_js, body) == 0


# --- By key -----------------------------------------------------------------------------------------------------------


def test_a_cross_hair_moves_by_arrows_and_enter_presses_where_it_stands(run_js):
    found = on_pad(
        run_js,
        """key("Enter");
        for (const name of ["ArrowRight", "ArrowRight", "ArrowUp"]) key(name);
        key("Enter"), key("Enter", { repeat: true });
        key("ArrowLeft", { shiftKey: true }), key("ArrowDown", { shiftKey: true }), key("Enter");
        return [heard.filter(([name]) => name === "pressed").map(([, at]) => here.inPixels(at)), reached,
                here.hair.style.display, here.hair.getAttribute("transform")];""",
    )
    pressed, reached, shown, at = found
    assert pressed == [pytest.approx(place, abs=0.6) for place in ([200, 150], [232, 134], [231, 135])]
    assert (reached, shown) == (0, "")
    assert at == f"translate({pressed[-1][0]:.2f} {pressed[-1][1]:.2f})"


def test_a_cross_hair_stays_in_the_plane_and_comes_back_where_the_plane_has_moved_on(run_js):
    found = on_pad(
        run_js,
        """for (let i = 0; i < 40; i++) key("ArrowLeft");
        key("Enter");
        here.follow({ ...place, toPixels: numbers.pixelsOf([[100, 120], [0, 15]], 400, 300) });
        key("Enter");
        return heard.filter(([name]) => name === "pressed").map(([, at]) => at);""",
    )
    assert found == [pytest.approx([-10, 2.5], abs=0.05), pytest.approx([110, 7.5], abs=0.05)]


@pytest.mark.parametrize(
    ("key", "more", "act"),
    [
        ("z", {"ctrlKey": True}, "undo"),
        ("Z", {"ctrlKey": True, "shiftKey": True}, "redo"),
        ("y", {"metaKey": True}, "redo"),
        ("Escape", {}, "leave"),
        ("Backspace", {}, "erase"),
        ("Delete", {}, "erase"),
    ],
)
def test_other_keys_are_told_by_name_and_reach_nobody_else(run_js, key, more, act):
    found = on_pad(run_js, "key(given.key, given.more); return [heard, reached];", key=key, more=more)
    assert found == [[["act", act]], 0]


@pytest.mark.parametrize("key", [" ", "Home", "End", "PageUp", "PageDown", "p"])
def test_keys_of_the_film_do_nothing_meanwhile(run_js, key):
    assert on_pad(run_js, "key(given.key); return [heard, reached];", key=key) == [[], 0]


@pytest.mark.parametrize(
    ("key", "more"), [("w", {}), ("f", {}), ("Tab", {}), ("c", {"ctrlKey": True}), ("z", {"altKey": True})]
)
def test_all_others_go_where_they_went(run_js, key, more):
    assert on_pad(run_js, "key(given.key, given.more); return [heard, reached];", key=key, more=more) == [
        [],
        1,
    ]


def test_a_field_and_a_button_keep_their_keys(run_js):
    body = """for (const name of given.keys) key(name, {}, document.getElementById(given.on));
    return [heard, reached];"""
    assert on_pad(run_js, body, keys=["Enter", "ArrowLeft", "Delete", "Escape"], on="field") == [[], 4]
    assert on_pad(run_js, body, keys=["Enter", "ArrowLeft", " "], on="button") == [[], 3]
    assert on_pad(run_js, body, keys=["Escape"], on="button") == [[["act", "leave"]], 0]


def test_a_pad_has_a_name_and_gets_the_keys_and_gives_them_back(run_js):
    body = """const found = [here.node.getAttribute("role"), here.node.ariaLabel, document.activeElement === here.node];
    here.close();
    key("Enter", {}, document.body);
    return [...found, heard, reached, box.children.length];"""
    assert on_pad(run_js, body) == ["application", "The plane", True, [], 1, 0]


# --- Undo and redo ----------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["to", "undo", "redo"]), max_size=30))
def test_undo_and_redo_are_what_a_list_of_versions_says(run_js, acts):
    versions, at, expected = [0], 0, []
    for number, act in enumerate(acts, 1):
        if act == "to":
            versions, at, did = [*versions[: at + 1], number], at + 1, None
        else:
            then = at + (1 if act == "redo" else -1)
            did = 0 <= then < len(versions)
            at = then if did else at
        expected.append([did, versions[at]])
    found = run_js(
        """const here = new edits.Edits(0);
        return given.map((act, i) => [(act === "to" ? here.to(i + 1) : here[act]()) ?? null, here.now]);""",
        acts,
    )
    assert found == expected
