"""The theme in a browser: what is chosen looks chosen, light and dark."""

from playwright.sync_api import expect

from gmmviz.theme import contrast
from tests.in_browser.test_every_page import in_both_themes


def hexed(colour: str) -> str:
    """Write "rgb(1, 2, 3)" as "#010203"."""
    return "#" + "".join(f"{int(part):02x}" for part in colour.strip("rgb()").split(","))


def test_what_is_chosen_looks_chosen(explorer):
    """The accent itself, and what Streamlit writes on it, which it writes in white on any accent."""
    tab = explorer(color_scheme="light").open()
    in_both_themes(tab, expect_the_marker_to_have_the_accent)
    tab.go("one-dimension")
    in_both_themes(tab, expect_the_marker_to_have_the_accent, expect_a_ring_in_the_accent)
    tab.go("collapse")
    in_both_themes(tab, expect_a_button_in_the_accent)


def accent(tab):
    return tab.button("Play").evaluate("node => getComputedStyle(node).borderColor")


def expect_the_marker_to_have_the_accent(tab):
    expect(tab.plot.locator(".tracehere path, .stage-marker").last).to_have_css("fill", accent(tab))


def expect_a_ring_in_the_accent(tab):
    ring = tab.page.locator("[data-testid=stRadioOption][data-selected] > div > :first-child").first
    expect(ring).to_have_css("background-color", accent(tab))
    colours = ring.evaluate(
        "ring => [ring, ring.firstElementChild].map(node => getComputedStyle(node).backgroundColor)"
    )
    assert contrast(*map(hexed, colours)) >= 4.5


def expect_a_button_in_the_accent(tab):
    more = tab.page.get_by_test_id("stNumberInputStepUp").last
    more.hover()
    expect(more).to_have_css("background-color", accent(tab))
    styles = more.evaluate("node => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]")
    assert contrast(*map(hexed, styles)) >= 4.5
