"""Who has no mouse: the film is a few presses away, the focus is seen wherever it stands, keys reach what clicks do."""

import re

import pytest
from playwright.sync_api import expect

from gmmviz.theme import contrast
from tests.film_page import FilmPage
from tests.in_browser.test_theme import hexed

FEW = 12  # presses of Tab from the top of a page to Play, at most

TOP = """() => {
  document.activeElement.blur();
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""

# All that the Tab key stops at, with what shows that it is there: [name, whether anything but the ground's colour
# changes on it, in it or around it, its outline's colour or ""].
SIGNS = """async () => {
  const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const sign = (node) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderTopColor, clipPath } = getComputedStyle(node);
    return [outlineStyle !== "none" && [outlineWidth, outlineColor], boxShadow, borderTopColor, clipPath].join();
  };
  const signs = (node) => {
    const around = [];
    for (let other = node; other && around.length < 4; other = other.parentElement) around.push(other);
    return [...around, ...node.querySelectorAll("*")].map(sign).join();
  };
  const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert]");
  const stops = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")]
    .filter(node => node.tabIndex >= 0 && !node.disabled && seen(node));
  const found = [];
  for (const node of stops) {
    document.activeElement.blur();
    await drawn();
    const before = signs(node);
    node.focus();
    await drawn();
    const { outlineStyle, outlineColor } = getComputedStyle(node);
    const name = node.getAttribute("aria-label") || node.textContent.trim().slice(0, 30);
    found.push([name, signs(node) !== before, outlineStyle === "none" ? "" : outlineColor]);
  }
  document.activeElement.blur();
  return found;
}"""


@pytest.fixture(scope="module")
def tab(browser, app_url):
    """A tab in a context of its own, as its theme changes."""
    tab = FilmPage(browser, app_url, color_scheme="dark", reduced_motion="reduce").open("n=60")
    yield tab
    tab.close()
    assert tab.complaints == []


def skip_to_film(tab):
    """Go to the film from the top of the page, as who has no mouse does."""
    tab.page.evaluate(TOP)
    link = tab.page.get_by_role("link", name="Skip to the film")
    expect(link).to_have_css("clip-path", "inset(50%)")  # not seen before the focus is on it
    tab.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_have_css("clip-path", "none")
    tab.press("Enter")


@pytest.mark.parametrize("page", ["explorer", "choose-k"])
def test_play_is_a_few_presses_of_tab_from_the_top(tab, page):
    if page != "explorer":
        tab.go(page)
    expect(tab.page.get_by_role("button", name="Stop", exact=True)).to_have_count(
        0
    )  # work would move the page
    address = tab.settled().page.url
    skip_to_film(tab)
    presses = 1
    while not tab.button("Play").evaluate("node => node === document.activeElement"):
        tab.press("Tab")
        presses += 1
        assert presses <= FEW
    expect(tab.button("Play")).to_be_in_viewport()
    assert tab.page.url == address
    tab.press("Home")
    tab.expect_frame(0)
    tab.press(" ")
    tab.expect_playing()
    tab.press(" ")
    tab.expect_playing(False)


def test_the_server_hears_of_a_film_that_the_link_led_to_while_it_played(tab):
    tab.go("explorer")
    tab.press("Home")
    tab.expect_frame(0)
    tab.press(" ")
    tab.expect_playing()
    skip_to_film(tab)
    expect(tab.button("Pause")).to_be_focused()
    with tab.resting():
        tab.film.get_by_label("Speed").select_option("Fastest")
    tab.expect_playing(False)
    shown = re.match(r"\d+", tab.film.get_attribute("data-frame"))[0]
    tab.expect_address(n=60, it=shown)


def test_the_link_leads_to_a_film_that_is_locked(tab):
    tab.go("stories")
    tab.page.get_by_role("link", name="Circles on long groups").click()
    tab.expect_run("story='shape'")
    tab.settled()
    skip_to_film(tab)
    expect(tab.film).to_be_focused()
    expect(tab.film).to_have_css("outline-style", "solid")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_focus_is_seen_wherever_it_stands(tab, scheme):
    tab.go("explorer")
    tab.page.emulate_media(color_scheme=scheme)
    expect(tab.app).to_have_css("color-scheme", scheme)
    tab.press("Shift")  # the keyboard's reader
    found = tab.page.evaluate(SIGNS)
    assert len(found) > 50
    assert [name for name, seen, _ in found if not seen] == []
    ground = hexed(tab.app.evaluate("node => getComputedStyle(node).backgroundColor"))
    outlined = {name: colour for name, _, colour in found if colour}
    assert {"Stories", "Play", "Zoom"} <= {re.sub("^[a-z_]+", "", name) or name for name in outlined}
    faint = {name for name, colour in outlined.items() if contrast(hexed(colour), ground) < 3}
    assert faint == set()
