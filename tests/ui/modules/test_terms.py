"""terms.js: Escape closes what a word shows, once, and until the pointer or the focus comes to it anew."""

import pytest

WORDS = """
const frame = document.createElement("iframe");
document.body.append(frame);
const page = frame.contentDocument;
page.body.innerHTML = `<dfn class="term" tabindex="0" id="one">one</dfn>
  <dfn class="term" tabindex="0" id="two">two</dfn>
  <p id="text" tabindex="0">text</p>`;
const at = (id) => page.getElementById(id);
let heard = 0;
page.addEventListener("keydown", () => heard++);
terms.closable(page);
const press = (key) => page.activeElement.dispatchEvent(
  new frame.contentWindow.KeyboardEvent("keydown", { key, bubbles: true }));
const come = (id, how) => at(id).dispatchEvent(new frame.contentWindow.Event(how, { bubbles: true }));
const closed = () => [...page.querySelectorAll("[data-closed]")].map((term) => term.id);
const told = [];
"""
END = "frame.remove(); return told;"


@pytest.fixture
def told(run_js):
    """What a few lines tell, on a page with two words that explain themselves."""
    return lambda lines: run_js(f"{WORDS}{lines}{END}")


def test_escape_closes_what_is_shown_and_nothing_else_hears_of_it(told):
    assert told("at('one').focus(); press('Escape'); told.push(closed(), heard);") == [["one"], 0]


def test_a_second_escape_is_somebody_elses(told):
    assert told("at('one').focus(); press('Escape'); press('Escape'); told.push(closed(), heard);") == [
        ["one"],
        1,
    ]


def test_where_nothing_is_shown_escape_is_somebody_elses(told):
    assert told("at('text').focus(); press('Escape'); told.push(closed(), heard);") == [[], 1]


def test_other_keys_close_nothing(told):
    assert told("at('one').focus(); press('Enter'); press(' '); told.push(closed(), heard);") == [[], 2]


@pytest.mark.parametrize("how", ["pointerover", "focusin"])
def test_who_comes_anew_sees_it_again(told, how):
    lines = "at('one').focus(); press('Escape'); come('two', given); told.push(closed()); come('one', given);"
    assert told(f"const given = '{how}'; {lines} told.push(closed());") == [["one"], []]


def test_the_page_itself_is_no_word(told):
    """The pointer comes to the document, which has no `closest`."""
    assert told("page.dispatchEvent(new frame.contentWindow.Event('pointerover')); told.push(closed());") == [
        []
    ]
