"""controls.js: the film's bar on its own elements, and the keys that do the same."""

import pytest

from tests.ui.modules.page import MODULES

HTML = (MODULES.parent / "player.html").read_text(encoding="utf-8")

# --- Keys and widths --------------------------------------------------------------------------------------------------

ACTS = {
    " ": "play",
    "ArrowLeft": "back",
    "PageUp": "back",
    "ArrowRight": "forward",
    "PageDown": "forward",
    "Home": "first",
    "End": "last",
    "p": "point",
    "P": "point",
    "m": "place",
    "M": "place",
    "Escape": "letGo",
    "w": "panUp",
    "W": "panUp",
    "a": "panLeft",
    "A": "panLeft",
    "s": "panDown",
    "S": "panDown",
    "d": "panRight",
    "D": "panRight",
}
SHIFTED = {
    "ArrowLeft": "pointLeft",
    "ArrowRight": "pointRight",
    "ArrowUp": "pointUp",
    "ArrowDown": "pointDown",
}
ELEMENTS = """
<p id="text">text</p> <div role="slider"><i id="slider"></i></div> <div role="combobox" id="combobox"></div>
<div role="dialog" id="dialog"><b id="inside">text</b></div> <div contenteditable="true"><u id="editable">x</u></div>
<input id="input"> <select id="select"></select> <textarea id="textarea"></textarea>
<button id="button"><em id="icon">x</em></button> <details><summary id="summary">x</summary></details>
<div role="button" id="pressed"></div>
"""
FREE = ("", "text", "dialog")  # "": the document itself
FIELDS = ("input", "select", "textarea", "editable", "slider", "combobox", "inside")
BUTTONS = ("button", "icon", "summary", "pressed")
ACT = """document.body.innerHTML = given.elements;
const target = (within) => (within === "" ? document : document.getElementById(within));
const found = given.presses.map(([key, within, modifier]) =>
  controls.actOf({ key, target: target(within), ...(modifier && { [modifier]: true }) }) ?? null);
document.body.replaceChildren();
return found;"""


def acts(run_js, presses):
    """What keys [key, where, modifier or None] do to the film."""
    return run_js(ACT, {"elements": ELEMENTS, "presses": presses})


@pytest.mark.parametrize("key", [*ACTS, "Enter", "r", "c", "ArrowUp", "ArrowDown", "Tab"])
def test_a_key_plays_or_steps_the_film_unless_a_field_or_a_button_has_it(run_js, key):
    act = ACTS.get(key)
    assert acts(run_js, [[key, within, None] for within in FREE]) == [act] * len(FREE)
    assert acts(run_js, [[key, within, "shiftKey"] for within in FREE]) == [SHIFTED.get(key, act)] * len(FREE)
    assert acts(run_js, [[key, within, "shiftKey"] for within in FIELDS]) == [None] * len(FIELDS)
    modified = [[key, within, name] for within in FREE for name in ("ctrlKey", "altKey", "metaKey")]
    assert acts(run_js, modified) == [None] * len(modified)
    assert acts(run_js, [[key, within, None] for within in FIELDS]) == [None] * len(FIELDS)
    pressed = None if key == " " else act
    assert acts(run_js, [[key, within, None] for within in BUTTONS]) == [pressed] * len(BUTTONS)


@pytest.mark.parametrize(
    ("lengths", "width"), [([3], 3), ([5, 12, 7], 12), ([31, 2], 31), ([33], 32), ([4, 90], 32)]
)
def test_the_label_is_as_wide_as_its_longest_text_up_to_two_lines(run_js, lengths, width):
    assert run_js("return controls.labelWidth(given)", ["x" * n for n in lengths]) == width


# --- The bar ----------------------------------------------------------------------------------------------------------

BAR = """document.body.innerHTML = given.html + '<input id="field"><button id="other">other</button>';
const root = document.querySelector(".film"), heard = [];
const bar = new controls.Controls(root, {
  act: (name) => heard.push(name),
  scrub: (position) => heard.push(["scrub", position]),
  letGo: () => heard.push("let go"),
});
const range = root.querySelector("input"), select = root.querySelector("select"), label = root.querySelector("output");
const button = (act) => root.querySelector(`[data-act=${act}]`);
const key = (key, target = document.body) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event.defaultPrevented;
};
const told = () => ({
  label: label.textContent, spoken: range.getAttribute("aria-valuetext"), value: Number(range.value),
  played: Number(range.style.getPropertyValue("--played")),
  disabled: [...root.querySelectorAll("button")].filter((node) => node.disabled).map((node) => node.dataset.act),
});
const slide = (value) => {
  range.value = value;
  range.dispatchEvent(new Event("input", { bubbles: true }));
};
bar.open(given.labels);
try {
  %s
} finally {
  bar.close();
  document.body.replaceChildren();
}"""
LABELS = ["The start", "Iteration 1", "Iteration 2", "Iteration 3"]


@pytest.fixture
def bar(run_js):
    """A function that runs JavaScript beside a bar for a film with these labels."""
    return lambda body, labels=LABELS: run_js(BAR % body, {"html": HTML, "labels": labels})


def test_buttons_act_wherever_they_are_pressed(bar):
    acts = bar(
        """bar.tell(1);
        for (const act of ["first", "back", "play", "forward", "last"]) button(act).click();
        button("back").querySelector("path").dispatchEvent(new MouseEvent("click", { bubbles: true }));
        label.click(), range.click(), root.click();
        return heard;"""
    )
    assert acts == ["first", "back", "play", "forward", "last", "back"]


def test_the_scrubber_goes_everywhere_between_the_stops_and_is_let_go(bar):
    heard = bar(
        """slide(1.37), slide(3), range.dispatchEvent(new Event("change", { bubbles: true }));
        return [heard, range.min, range.max];"""
    )
    assert heard == [[["scrub", 1.37], ["scrub", 3], "let go"], "0", "3"]


def test_the_bar_tells_where_the_film_stands(bar):
    found = bar("return [0, 1, 1.75, 2, 3].map((position) => (bar.tell(position), told()))")
    assert [seen["value"] for seen in found] == [0, 1, 1.75, 2, 3]
    assert [seen["played"] for seen in found] == pytest.approx([0, 1 / 3, 1.75 / 3, 2 / 3, 1])
    names = [LABELS[0], LABELS[1], LABELS[2], LABELS[2], LABELS[3]]  # between two stops it is where they lead
    assert [seen["label"] for seen in found] == [seen["spoken"] for seen in found] == names
    assert [seen["disabled"] for seen in found] == [["first", "back"], [], [], [], ["forward", "last"]]


def test_between_two_stops_every_step_is_possible(bar):
    first, last = bar("return [0.1, 2.9].map((position) => (bar.tell(position), told()))")
    assert first["disabled"] == last["disabled"] == []


def test_a_film_of_one_stop_has_nowhere_to_go(bar):
    found = bar("bar.tell(0); return [told(), range.max]", ["The start"])
    assert found[0] | {"value": 0, "played": 0} == found[0]
    assert found[0]["disabled"] == ["first", "back", "forward", "last"]
    assert found[1] == "0"


def test_another_film_has_its_own_labels_and_width(bar):
    before, after = bar(
        """bar.tell(1);
        const before = [told(), label.style.width];
        bar.open(["one", "the second"]), bar.tell(1);
        return [before, [told(), label.style.width, range.max]];"""
    )
    assert (before[0]["label"], before[1]) == ("Iteration 1", "11ch")
    assert (after[0]["label"], after[0]["spoken"], *after[1:]) == ("the second", "the second", "10ch", "1")


def test_the_speed_chosen(bar):
    speeds = "[...select.options].map((option, i) => ((select.selectedIndex = i), bar.speed))"
    assert bar(f"return [bar.speed, ...{speeds}]") == ["Normal", "Slow", "Normal", "Fast", "Fastest"]


def test_every_speed_is_one_that_the_clock_knows(bar):
    offered, known = bar("return [[...select.options].map(({ text }) => text), Object.keys(timeline.SPEEDS)]")
    assert offered == known


LOCK = 'bar.open(given.labels, "First predict, then play"), bar.tell(0);'


def test_a_locked_bar_says_why_and_does_nothing(bar):
    found, heard, prevented, width = bar(
        LOCK
        + """const found = told(); found.fields = [range.disabled, select.disabled];
        for (const node of root.querySelectorAll("button")) node.click();
        const prevented = [" ", "End", "ArrowRight", "PageDown", "Home"].map((name) => key(name));
        return [found, heard, prevented, label.style.width];"""
    )
    assert found["label"] == found["spoken"] == "First predict, then play"
    assert found["disabled"] == ["first", "back", "play", "forward", "last", "point", "place"]
    assert found["fields"] == [True, True]
    assert (heard, width) == (["draw", "next", "present"], "24ch")  # on a board nothing else can be done
    assert prevented == [False] * 5  # the page keeps its keys


def test_a_bar_that_is_unlocked_is_as_any_other(bar):
    found, heard = bar(
        LOCK + "bar.open(given.labels), bar.tell(1), button('forward').click(), key('End');"
        "return [{ ...told(), fields: [range.disabled, select.disabled] }, heard]"
    )
    assert (found["label"], found["disabled"], found["fields"]) == (LABELS[1], [], [False, False])
    assert heard == ["forward", "last"]


def test_play_becomes_pause(bar):
    found = bar(
        "return [true, false].map((on) => (bar.tellPlaying(on), [button('play').textContent, root.dataset.playing]))"
    )
    assert found == [["Pause", "true"], ["Play", "false"]]


def test_a_complaint_takes_the_room_it_needs(bar):
    found = bar(
        "bar.tell(0), bar.complain('It did not load.'); return [label.textContent, label.style.width]"
    )
    assert found == ["It did not load.", ""]


def test_keys_of_the_page_act_and_do_nothing_else(bar):
    heard, prevented = bar(
        """const field = document.querySelector("#field");
        const prevented = [key("ArrowRight"), key(" "), key("End"), key("x"), key("ArrowLeft", field)];
        return [heard, prevented];"""
    )
    assert heard == ["forward", "play", "last"]
    assert prevented == [True, True, True, False, False]


def test_a_key_with_nothing_to_do_stays_the_pages(bar):
    assert bar("bar.act = () => false; return [key('Escape'), key('ArrowRight')]") == [False, False]


PRESS = """const press = (node, how) => {
  window.dispatchEvent(how === "mouse" ? new PointerEvent("pointerdown") : new KeyboardEvent("keydown"));
  node.focus();
  node.click();
  return document.activeElement === node;
};
"""


@pytest.mark.parametrize(("how", "kept"), [("mouse", False), ("keyboard", True)])
def test_what_a_mouse_pressed_in_the_bar_gives_the_keys_back(bar, how, kept):
    body = (
        f"return ['play', 'forward'].map((act) => press(button(act), '{how}')).concat(press(range, '{how}'))"
    )
    assert bar(PRESS + "bar.tell(1);" + body) == [kept] * 3


def test_a_field_that_was_clicked_keeps_its_keys(bar):
    assert bar(PRESS + "return press(document.querySelector('#field'), 'mouse')") is True


@pytest.mark.parametrize(
    ("how", "kept"), [("PointerEvent('pointerdown')", False), ("KeyboardEvent('keydown')", True)]
)
def test_a_chosen_speed_gives_them_back_to_who_used_the_mouse(bar, how, kept):
    found = bar(
        f"""window.dispatchEvent(new {how});
        select.focus(), select.dispatchEvent(new Event("change", {{ bubbles: true }}));
        return document.activeElement === select;"""
    )
    assert found is kept


def test_a_closed_bar_hears_nothing(bar):
    heard = bar(
        PRESS
        + """bar.tell(1), bar.close();
        for (const act of ["first", "back", "play", "forward", "last"]) button(act).click();
        slide(2), range.dispatchEvent(new Event("change", { bubbles: true }));
        const prevented = key("End");
        const kept = press(button("play"), "mouse");
        return [heard, prevented, kept];"""
    )
    assert heard == [[], False, True]
