"""The theme in a browser: what is chosen looks chosen, light and dark."""

import pytest
from playwright.sync_api import expect

from gmmviz.theme import contrast


@pytest.fixture(params=["light", "dark"])
def tab(explorer, request):
    """A tab with the explorer, in one theme."""
    return explorer(color_scheme=request.param).open()


def hexed(colour: str) -> str:
    """Write "rgb(1, 2, 3)" as "#010203"."""
    return "#" + "".join(f"{int(part):02x}" for part in colour.strip("rgb()").split(","))


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
