"""Points drawn by hand, in a browser: where they were tapped, to a pixel, zoomed and not, light and dark."""

import numpy as np
import pytest
from playwright.sync_api import expect

from gmmviz.datasets import drawn
from gmmviz.pages.explorer.settings import Explorer
from tests.film_page import settings_in
from tests.in_browser.test_placing import in_data

CENTRES = """(plot) => [...plot.querySelectorAll(".stage-dots circle")].map((dot) => {
  const { x, y, width, height } = dot.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
})"""
SHARES = [(0.42, 0.31), (0.61, 0.45), (0.5, 0.77)]


@pytest.mark.parametrize(
    ("scheme", "zoomed", "options"),
    [("dark", False, {"has_touch": True, "width": 390, "height": 844}), ("light", True, {})],
)
def test_points_are_where_they_were_drawn_and_are_fitted_when_that_is_done(explorer, scheme, zoomed, options):
    tab = explorer(color_scheme=scheme, **options).open("dataset=drawn")
    pad, heard = tab.plot.locator(".stage-pad"), tab.film.locator(".film-hand")
    expect(tab.page.get_by_role("heading", name="Draw your own points")).to_be_visible()
    expect(tab.button("Done")).to_be_disabled()
    if zoomed:
        tab.plot.locator(".modebar-btn[data-val=in]").click()
        tab.page.wait_for_function("document.querySelector('.film-plot').film.figure.zoom")
    box = pad.bounding_box()
    wanted = np.array([[box["x"] + x * box["width"], box["y"] + y * box["height"]] for x, y in SHARES])
    clicked = in_data(tab, wanted)
    per_pixel = np.array([1 / tab.pixels_per_unit(axis) for axis in "xy"])
    for number, (x, y) in enumerate(wanted, 1):
        (tab.page.touchscreen.tap if "has_touch" in options else tab.page.mouse.click)(x, y)
        expect(heard).to_contain_text("Point drawn at")
        expect(heard).to_contain_text(f"{number} ")
    tab.page.wait_for_url(lambda url: len(settings_in(url).get("dots", "")) == 13, wait_until="commit")
    dots = Explorer.from_query(tab.address())[0].dots
    assert (np.abs(drawn(dots).X - clicked) <= 1.01 * per_pixel).all()
    tab.settled()
    expect(tab.plot.locator(".stage-dots circle")).to_have_count(3)
    centres = np.array(tab.plot.evaluate(CENTRES))
    assert np.abs(centres - wanted).max() <= 1

    # Undone and done again; all buttons can be hit by a finger.
    tab.button("Undo").click()
    expect(heard).to_contain_text("2 of at least 3 points")
    tab.button("Redo").click()
    expect(heard).to_contain_text("3 points")
    if options:
        sizes = [tool.bounding_box() for tool in tab.film.locator(".film-drawing button").all()]
        assert min(min(size["width"], size["height"]) for size in sizes) >= 44
    tab.button("Done").click()
    tab.expect_run("drawn")
    expect(tab.film).not_to_have_attribute("data-mode", "draw")
    expect(tab.button("Play")).to_be_enabled()
    found = np.array([[float(value) for value in point.split(",")[:2]] for point in tab.drawn()[0]])
    plane = tab.plane.bounding_box()
    at_once = np.array([[plane["x"] + x, plane["y"] + y] for x, y in found])
    assert np.abs(in_data(tab, at_once) - drawn(dots).X).max() <= 0.02

    # A reload, and the pencil goes on from there.
    tab.page.reload()
    tab.expect_frame(0)
    tab.button("Draw points").click()
    expect(tab.plot.locator(".stage-dots circle")).to_have_count(3)
    tab.press("Escape")
    expect(tab.button("Play")).to_be_visible()
