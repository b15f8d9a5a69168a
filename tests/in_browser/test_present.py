"""The presentation mode as the last row sees it, and a lecture that steps from link to link by one key."""

import re

import pytest
from playwright.sync_api import expect

from tests.film_page import FilmPage

SIZES = {"projector": (1280, 720, 1), "full": (1920, 1080, 1.5), "phone": (390, 844, 1)}

# What is to be seen: the least size of any text but raised exponents, the disc's and the points' widths, the line's,
# and what lies outside.
SEEN = """() => {
  const film = document.querySelector(".film"), plot = film.querySelector(".film-plot");
  const visible = (node) => {
    const { width, height } = node.getBoundingClientRect();
    return width > 1 && height > 1 && getComputedStyle(node).visibility === "visible" && !node.closest(".film-hidden");
  };
  const thick = (name) => {
    const node = plot.querySelector(name);
    return node && parseFloat(getComputedStyle(node).strokeWidth);
  };
  const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const shown = walker.currentNode.textContent.trim() && !node.closest("style, script, option, [hidden], tspan[dy]");
    if (!shown || !visible(node)) continue;
    texts.push([walker.currentNode.textContent.trim(), parseFloat(getComputedStyle(node).fontSize)]);
  }
  const { stage, scene } = plot.film;
  const layer = (name) => scene.planes.map((_, i) => stage.layer(i, name)).find(Boolean);
  const canvas = layer("points").canvas.getBoundingClientRect();
  const box = film.getBoundingClientRect(), main = document.querySelector("[data-testid=stMain]");
  const parts = ".film-plot, .film-bar, .stage-plane, .stage-curve, .film-bar > *";
  const inside = [...film.querySelectorAll(parts)].filter(visible).map((node) => node.getBoundingClientRect());
  return {
    texts, points: 2 * layer("points").look.radius, canvas: canvas.width > 0,
    disc: layer("means").discs[0].firstChild.getBoundingClientRect().width,
    line: thick(".stage-ring-2, .stage-line"), curve: thick(".js-line"),
    film: [box.left, box.top, box.width, box.height],
    out: inside.filter(({ left, top, right, bottom }) =>
      Math.min(left, top) < 0 || right > innerWidth + 1 || bottom > innerHeight + 1).length,
    scrolls: [document.documentElement, main].map((node) => [getComputedStyle(node).overflowY, node.scrollTop]),
    chrome: [...document.querySelectorAll("[data-testid=stHeader], [data-testid=stSidebar]")].filter(visible).length,
  };
}"""
FILLS = """() => {
  const plot = document.querySelector(".film-plot");
  const [place, svg] = [plot.getBoundingClientRect(), plot.querySelector("svg")];
  return document.documentElement.classList.contains("presenting")
    && ["width", "height"].every(side => Math.abs(svg[side].baseVal.value - place[side]) < 1);
}"""


TO_A_PAGE_WITHOUT_A_FILM = """() => {
  history.pushState({}, "", "/glossary");
  dispatchEvent(new PopStateEvent("popstate"));
}"""
LECTURE = "present=1&it=19&next=?dataset=moons;k=2"


@pytest.fixture(scope="module")
def tab(browser, app_url):
    """A tab in a context of its own, as its size changes."""
    tab = FilmPage(browser, app_url, color_scheme="light")
    yield tab
    tab.close()
    assert tab.complaints == []


def presented(tab, width=1280, height=720):
    tab.page.set_viewport_size({"width": width, "height": height})
    tab.page.wait_for_function(FILLS)
    return tab.page.evaluate(SEEN)


def test_everything_is_large_and_nothing_else_is_there(tab):
    tab.open(LECTURE)
    for size in SIZES:
        expect_large(tab, size)
    expect(tab.film.get_by_role("button", name="Next: Moons, K = 2, full")).to_be_visible()


def expect_large(tab, size):
    width, height, unit = SIZES[size]
    seen = presented(tab, width, height)
    assert len(seen["texts"]) > 15
    assert {text: px for text, px in seen["texts"] if px < 20 * unit - 0.01} == {}
    assert seen["points"] >= (
        8 if size == "phone" else 10 * unit
    )  # there they may not cover all of the plane
    assert seen["disc"] == pytest.approx(32 * unit, abs=2.5)  # with its rim
    assert seen["line"] >= 4 * unit - 0.01
    assert seen["curve"] == pytest.approx(4 * unit)
    assert seen["film"] == [0, 0, width, height]
    assert (seen["out"], seen["chrome"]) == (0, 0)
    assert seen["scrolls"][1][0] == "hidden"


def test_one_key_goes_through_a_lecture_and_the_mode_lasts_as_long_as_it_is_wanted(tab):
    tab.open(LECTURE)
    presented(tab)
    sent = len(tab.sent)
    tab.press("Escape")
    expect(tab.page.get_by_test_id("stHeader")).to_be_visible()
    assert "present" not in tab.address()
    tab.press("f")
    presented(tab)
    assert tab.address()["present"] == "1"
    assert len(tab.sent) == sent  # the server has not heard of it
    tab.page.reload()
    tab.settled()
    presented(tab)
    assert (tab.address()["present"], tab.address()["it"]) == ("1", "19")

    tab.press("PageDown")
    tab.expect_run("dataset='moons'")
    tab.expect_frame("0")
    tab.expect_address(dataset="moons", k=2, present=1)
    expect(tab.page).to_have_title("Moons, K = 2, full · gmmviz")
    presented(tab)
    tab.press("PageUp")
    tab.expect_run("dataset='blobs'")
    tab.expect_frame("19M")
    presented(tab)
    tab.press("Escape")

    tab.press("f")
    presented(tab)
    tab.page.evaluate(TO_A_PAGE_WITHOUT_A_FILM)
    expect(tab.page.get_by_role("heading", name="Glossary", level=1)).to_be_visible()
    tab.page.go_back()
    tab.settled()
    presented(tab)
    tab.press("Escape")

    sign = tab.film.locator(".film-next")
    tab.press("Home")
    tab.expect_frame("0")
    expect(sign).to_be_hidden()
    tab.press("End")
    sign.click()  # once it is visible
    tab.expect_run("dataset='moons'")
    expect(sign).to_be_hidden()
    assert "present" not in tab.address()


def expect_presented(tab):
    """The page's film fills the screen, and has its keys."""
    tab.film.get_by_role("button", name="Presentation mode").click()
    seen = presented(tab)
    assert {text: px for text, px in seen["texts"] if px < 19.99} == {}
    assert (seen["out"], seen["chrome"]) == (0, 0)
    assert (seen["line"] or 4) >= 4 - 0.01
    for key, frame in (
        ("Home", "0"),
        ("ArrowRight", "0E"),
        ("PageDown", "1M"),
        ("ArrowLeft", "0E"),
        ("PageUp", "0"),
    ):
        tab.press(key)
        tab.expect_frame(frame)
    tab.press(" ")
    tab.expect_playing()
    tab.press(" ")
    tab.expect_playing(False)
    with tab.resting():
        tab.press("End")
    expect(tab.film).to_have_attribute("data-at", re.compile("end"))
    tab.press("Escape")
    expect(tab.page.get_by_test_id("stHeader")).to_be_visible()
