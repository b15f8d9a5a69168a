"""Stories in a browser: from the question to the end, by mouse and by keyboard; a locked film does not move."""

import re

import pytest
from playwright.sync_api import expect

from tests.in_browser.test_every_page import expect_readable

LOCKED = "First predict, then play"
# Nothing of a number is cut off.
WHOLE = """() => [...document.querySelectorAll("input[type=number]")].every(
  ({ scrollWidth, clientWidth }) => clientWidth && scrollWidth <= clientWidth)"""


@pytest.fixture
def story_of(explorer, shared):
    """A function that gives a tab on a story, reached as a reader does: from the app's first page, by its links."""

    def new(title, name, press, **options):
        tab = explorer(**options).open("n=100") if options else shared("n=100")
        tab.go("stories")
        if options:  # in the dark
            expect_readable(tab)
        link = tab.page.get_by_role("link", name=title)
        if press:
            link.press("Enter")
        else:
            link.click()
        tab.expect_run(f"story='{name}'")
        return tab.settled()

    return new


def expect_locked(tab):
    expect(tab.film.locator("output")).to_have_text(LOCKED)
    for button in tab.film.get_by_role("button").filter(visible=True).all():
        if button.get_attribute("data-act") not in (None, "present"):
            expect(button).to_be_disabled()
    expect(tab.film.get_by_role("slider")).to_be_disabled()
    tab.expect_frame(0)


def test_a_story_from_question_to_end_by_mouse(story_of):
    tab = story_of("The small group", "small-group", press=False)
    expect_locked(tab)
    drawn = tab.drawn()
    tab.button("Play").click(force=True)
    tab.film.get_by_role("slider").click(force=True)
    tab.press(" ", "End", "ArrowRight", "PageDown")
    box = tab.plane.bounding_box()
    tab.page.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + 0.2 * box["height"])
    expect(tab.page.get_by_role("spinbutton").first).not_to_have_value("")
    expect(tab.plot.locator(".stage-named")).to_have_text(["you"])
    tab.settled()
    expect(tab.page.get_by_role("spinbutton")).to_have_count(2)
    tab.page.wait_for_function(WHOLE)
    expect_locked(tab)  # the server has answered meanwhile: what was pressed has come to nothing
    assert tab.drawn() == drawn

    tab.page.get_by_role("button", name="Predict, and play").click()
    tab.expect_playing()
    expect(tab.page.get_by_text("You said:")).to_be_visible()
    tab.film.get_by_label("Speed").select_option("Fastest")
    expect(tab.page.get_by_text("It came out otherwise.")).to_be_visible()
    tab.expect_playing(False)
    tab.expect_frame("212M")
    expect(tab.plot.locator(".stage-named")).to_have_text(["you", "counts as right"])
    expect(tab.page.get_by_role("heading", name="What happened")).to_be_visible()
    expect(tab.page.get_by_text("0 of 1 predictions right")).to_be_visible()
    tab.page.get_by_role("link", name=re.compile("Next story")).click()
    tab.expect_run("story='collapse'")
    tab.settled()
    expect_locked(tab)


def test_a_story_from_question_to_end_by_keyboard(story_of):
    tab = story_of(
        "Another start, another end",
        "another-start",
        press=True,
        reduced_motion="reduce",
        color_scheme="dark",
    )
    expect_locked(tab)
    expect_readable(tab)
    tab.page.get_by_role("radio", name="Start B").press(" ")
    tab.press("Tab")
    expect(tab.page.get_by_role("button", name="Predict, and play")).to_be_focused()
    tab.press("Enter")
    tab.expect_playing()
    tab.press("End")
    expect(tab.page.get_by_text("Right.", exact=True)).to_be_visible()
    tab.expect_frame("38M")
    expect(tab.page.get_by_role("heading", name="Why")).to_be_visible()
    tab.press("Home")
    tab.expect_frame(0)
