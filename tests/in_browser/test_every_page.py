"""What every page owes its reader in a browser: words that can be read, light and dark, a page that who does not see it
can use, a picture that is the page, and on a phone planes and controls on the first screen. One walk for all of it,
since to draw a page is what takes time.
"""

import itertools
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from gmmviz.pages import PAGES
from tests import axe
from tests.film_page import WITHOUT_FILM, FilmPage
from tests.in_browser.test_present import expect_presented

TWO_PLANES = ("k-means", "density")
LONG = ("compare", "restarts", "choose-k")
"""Pages with more above the film than a question: there it need not fill the first screen."""
FILMS = [page.name for page in PAGES if page.film and page.name not in LONG]

# Whether the figure has been drawn at the size of its place.
FILLS = """() => {
  const plot = document.querySelector(".film-plot");
  if (!plot) return true;
  const [place, svg] = [plot.getBoundingClientRect(), plot.querySelector("svg")];
  return ["width", "height"].every(side => Math.abs(svg[side].baseVal.value - place[side]) < 1);
}"""


# Every text that is shown, with its contrast against what is under it: colours as computed, seen through all opacities.
# Left out: what is disabled, Streamlit's icons, numbers on discs, formulas' symbols in components' colours, a slider's
# value, which stands in its thumb's box but over it, and inputs of type range.
READ = """() => {
  const parsed = (text) => {
    const parts = text.match(/[\\d.]+/g).map(Number);
    if (text.startsWith("color(srgb")) for (const i of [0, 1, 2]) parts[i] *= 255;
    return parts.length === 3 ? [...parts, 1] : parts;
  };
  const over = ([r, g, b, share], under) => [r, g, b].map((part, i) => share * part + (1 - share) * under[i]);
  const luminance = (colour) => {
    const [r, g, b] = colour.map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const read = {};
  const note = (node, text, pseudo) => {
    const { width, height } = node.getBoundingClientRect();
    if (!text.trim() || width < 2 || height < 2 || node.closest(
      "[disabled], [data-disabled], style, script, option, .film-hidden, .stage-disc, .textpoint, .katex, " +
      "[type=range], [data-testid=stIconMaterial], [data-testid=stDataFrame], " +
      "[data-testid=stSlider] [data-testid=stMarkdownContainer]",
    )) return;
    const chain = [];
    for (let other = node; other; other = other.parentElement) chain.unshift(getComputedStyle(other));
    if (chain.at(-1).visibility === "hidden") return;
    const share = chain.reduce((product, style) => product * Number(style.opacity), 1);
    if (share === 0) return;
    const ground = chain.reduce((under, style) => over(parsed(style.backgroundColor), under), [255, 255, 255]);
    const style = getComputedStyle(node, pseudo);
    const ink = parsed(node instanceof SVGElement ? style.fill : style.color);
    ink[3] *= share;
    const [dark, light] = [luminance(over(ink, ground)), luminance(ground)].sort((one, other) => one - other);
    read[text.trim().slice(0, 60)] = (light + 0.05) / (dark + 0.05);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) note(walker.currentNode.parentElement, walker.currentNode.textContent);
  for (const field of document.querySelectorAll("input, textarea")) {
    note(field, field.value);
    note(field, field.placeholder, "::placeholder");
  }
  return read;
}"""

DRAWN = """() => !document.querySelector("[data-testid=stSkeleton]") &&
  [...document.querySelectorAll("[data-testid=stPlotlyChart]")].every(chart => chart.querySelector(".main-svg"))"""
STILL = "() => document.getAnimations().every(({ playState }) => playState !== 'running')"

SHARE = """() => [...document.querySelectorAll(".stage-plane, .film-head")].reduce((sum, plane) => {
  const { width, height } = plane.getBoundingClientRect();
  return sum + (width * height) / (innerWidth * innerHeight);
}, 0)"""

TEXTS = 25  # that a page has at least


@pytest.fixture(scope="module")
def walked(browser, app_url):
    """A tab that goes from page to page; in a context of its own, since it changes its theme; nothing glides in it."""
    tab = FilmPage(browser, app_url, color_scheme="light", reduced_motion="reduce").open("n=100")
    yield tab
    tab.close()
    assert tab.complaints == []


def sized(tab, width, height):
    tab.page.set_viewport_size({"width": width, "height": height})
    tab.page.wait_for_function(FILLS)


@pytest.mark.parametrize("page", [page.name for page in PAGES])
def test_a_page_is_for_everyone_light_and_dark_and_is_mostly_picture_also_on_a_phone(walked, page):
    """Every other page is walked in the dark first, so that phones are seen in both themes."""
    dark_first = [each.name for each in PAGES].index(page) % 2
    first, then = ("dark", "light") if dark_first else ("light", "dark")
    into_theme(
        walked, first
    )  # before the page: one that changes while Streamlit draws a chart is lost on the chart
    walked.go(page)
    expect(walked.page.get_by_role("button", name="Stop", exact=True)).to_have_count(
        0
    )  # long work draws anew
    if page == "density":
        expect(walked.page.get_by_text("this K", exact=True)).to_be_visible()
    expect(walked.page.get_by_role("heading", level=1)).to_have_count(1)
    expect(walked.page.get_by_role("button", name="Help", exact=True)).to_have_count(0)
    expect_readable(walked)
    expect_nothing_for_axe(walked)
    into_theme(walked, then)
    expect_readable(walked)
    expect_nothing_for_axe(walked, colours_only=True)
    if page in FILMS:
        expect_share(walked, page, 0.45)
    sized(walked, 390, 844)
    if page in FILMS:
        expect_stacked(walked)
    expect_nothing_for_axe(walked)
    sized(walked, 1280, 720)
    if page in (FILMS[0], TWO_PLANES[0]):
        expect_share_without_the_sidebar(walked, page)
    if page not in WITHOUT_FILM:
        expect_presented(walked)


def into_theme(tab, scheme):
    """Change to a theme, and wait until the page has it."""
    tab.page.emulate_media(color_scheme=scheme)
    expect(tab.app).to_have_css("color-scheme", scheme)


def in_both_themes(tab, *checks):
    """Check a tab that stands in the light theme, and leave it there."""
    for scheme in ("light", "dark"):
        into_theme(tab, scheme)
        for check in checks:
            check(tab)
    into_theme(tab, "light")


def expect_nothing_for_axe(tab, colours_only=False):
    """Not of any severity, on any part of the page."""
    tab.page.wait_for_function(STILL)
    assert axe.found(tab.page, colours_only) == []


def expect_readable(tab):
    tab.page.wait_for_function(DRAWN)
    tab.page.wait_for_function(STILL)  # what is drawn anew fades in
    with suppress(TimeoutError):  # a chart hears of the theme a little later
        tab.page.wait_for_function(
            f"most => (read => read.length > most && read.every(ratio => ratio >= 4.5))(Object.values(({READ})()))",
            arg=TEXTS,
            polling=100,
        )
    read = tab.page.evaluate(READ)
    assert len(read) > TEXTS
    assert any("%" not in text and len(text) > 50 for text in read)  # captions among them
    assert {text: ratio for text, ratio in read.items() if ratio < 4.5} == {}


def expect_share(tab, page, share):
    """The insides of the axes, and the sentence at them, take so much of the window; two planes a little less."""
    least = 0.4 if page in TWO_PLANES else share
    tab.page.wait_for_function(f"share => ({SHARE})() >= share", arg=least)


def expect_stacked(tab):
    """Planes and controls are on a phone's first screen, the curves under them, and nothing lies over anything."""
    bar = tab.film.locator(".film-bar").bounding_box()
    planes = [box.bounding_box() for box in tab.plot.locator(".stage-plane").all()]
    curves = [box.bounding_box() for box in tab.plot.locator(".stage-curve").all()]
    in_order = [*planes, bar, *curves]
    for upper, lower in itertools.pairwise(in_order):
        assert upper["y"] + upper["height"] <= lower["y"]
    assert bar["y"] + bar["height"] <= 844
    for box in in_order:
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def expect_share_without_the_sidebar(tab, page):
    """The picture is larger still; the sidebar is there again afterwards."""
    sidebar = tab.page.get_by_test_id("stSidebar")
    sidebar.hover()  # only then its button is there
    sidebar.get_by_test_id("stSidebarCollapseButton").locator("button").click()
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    expect_share(tab, page, 0.6)
    tab.page.wait_for_function(
        STILL
    )  # a button that is drawn anew between a press and its release hears of no click
    tab.page.get_by_test_id("stExpandSidebarButton").click()
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    tab.page.wait_for_function(FILLS)
