"""The theme in a browser: every word on every page is readable, and what is chosen looks chosen, light and dark."""

import pytest
from playwright.sync_api import expect

from gmmviz.pages import PAGES
from gmmviz.theme import contrast

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

STILL = "() => document.getAnimations().every(({ playState }) => playState !== 'running')"


@pytest.fixture(params=["light", "dark"])
def tab(explorer, request):
    """A tab with the explorer, in one theme."""
    return explorer(color_scheme=request.param).open()


def hexed(colour: str) -> str:
    """Write "rgb(1, 2, 3)" as "#010203"."""
    return "#" + "".join(f"{int(part):02x}" for part in colour.strip("rgb()").split(","))


def test_every_word_on_every_page_is_readable(tab):
    for page in PAGES:
        link = tab.page.get_by_test_id("stTopNavLink").filter(has_text=page.title)
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        expect(tab.app).to_have_attribute("data-test-script-state", "notRunning")
        if page.name == "density":
            expect(tab.page.get_by_text("this K", exact=True)).to_be_visible()
        else:
            tab.settled()
        tab.page.wait_for_function(STILL)  # what is drawn anew fades in
        read = tab.page.evaluate(READ)
        assert len(read) > 25
        assert any("%" not in text and len(text) > 50 for text in read)  # captions among them
        assert {text: ratio for text, ratio in read.items() if ratio < 4.5} == {}, page.title


def test_what_is_chosen_looks_chosen(tab):
    """The accent itself, and what Streamlit writes on it, which it writes in white on any accent."""
    play = tab.button("Play").evaluate("node => getComputedStyle(node).borderColor")
    expect(tab.plot.locator(".stage-marker")).to_have_css("fill", play)
    tab.go("one-dimension")
    tab.settled()
    expect(tab.plot.locator(".tracehere path, .stage-marker").last).to_have_css("fill", play)
    ring = tab.page.locator("[data-testid=stRadioOption][data-selected] > div > :first-child").first
    colours = ring.evaluate(
        "ring => [ring, ring.firstElementChild].map(node => getComputedStyle(node).backgroundColor)"
    )
    assert colours[0] == play
    assert contrast(*map(hexed, colours)) >= 4.5
    tab.go("collapse")
    more = tab.page.get_by_test_id("stNumberInputStepUp").last
    more.hover()
    expect(more).to_have_css("background-color", play)
    styles = more.evaluate("node => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]")
    assert contrast(*map(hexed, styles)) >= 4.5
