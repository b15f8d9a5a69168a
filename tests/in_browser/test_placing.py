"""Means placed by hand, in a browser: where they were clicked, to a pixel, zoomed and not, light and dark."""

import numpy as np
import pytest
from playwright.sync_api import expect

from gmmviz.pages.explorer.settings import Explorer

N = 60
SHARES = [(0.23, 0.31), (0.71, 0.42), (0.5, 0.83)]


def discs(tab):
    """Where the discs stand on the screen."""
    boxes = [disc.bounding_box() for disc in tab.plot.locator(".stage-disc").all()]
    return np.array([[box["x"] + box["width"] / 2, box["y"] + box["height"] / 2] for box in boxes])


def spots(tab):
    plane = tab.plane.bounding_box()
    return np.array([[plane["x"] + x * plane["width"], plane["y"] + y * plane["height"]] for x, y in SHARES])


def in_data(tab, pixels):
    """The data's places, read off the ticks."""
    found = []
    for axis, values in zip("xy", np.transpose(pixels), strict=True):
        (first, low), *_, (last, high) = tab.ticks(axis)
        found.append(low + (values - first) / (last - first) * (high - low))
    return np.transpose(found)


@pytest.mark.parametrize(
    ("scheme", "zoomed", "options"),
    [
        ("light", False, {"has_touch": True}),
        ("dark", True, {}),
    ],
)
def test_means_stand_where_they_were_clicked_to_a_pixel_and_can_be_dragged_on(
    explorer, scheme, zoomed, options
):
    tab = explorer(color_scheme=scheme, **options).open(f"n={N}&frames=steps")
    if zoomed:
        tab.zoom_into()
    tab.press("End")
    tab.button("Place means").click()
    wanted = spots(tab)
    per_pixel = np.array([1 / tab.pixels_per_unit(axis) for axis in "xy"])
    clicked = in_data(tab, wanted)
    for number, (x, y) in enumerate(wanted, 1):
        (tab.page.touchscreen.tap if "has_touch" in options else tab.page.mouse.click)(x, y)
        expect(tab.film.locator(".film-hand")).to_contain_text(f"Mean {number} of 3 placed at")
    tab.expect_run("placed=((")
    tab.expect_frame(0)
    placed = Explorer.from_query(tab.address())[0].placed
    assert (np.abs(np.array(placed) - clicked) <= 1.01 * per_pixel).all()
    expect(tab.page.get_by_text("The means start where you placed them.").first).to_be_visible()
    assert np.abs(discs(tab) - wanted).max() <= 1  # also in the run that came of it

    # On from there: a disc is dragged, the points are coloured, and the film goes on from that.
    (x, y), colours = discs(tab)[1], tab.point_colours()
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x - 30, y + 40, steps=3)
    tab.expect_other_colours(colours)
    expect(tab.film.locator(".film-said")).to_contain_text("let go, and EM starts from here")
    tab.page.mouse.up()
    tab.page.wait_for_url(lambda url: str(placed[1][0]) not in url, wait_until="commit")
    tab.expect_frame("0E")
    after = Explorer.from_query(tab.address())[0].placed
    per_pixel = np.array([1 / tab.pixels_per_unit(axis) for axis in "xy"])
    moved = np.add(placed, [[0, 0], [-30, -40] * per_pixel, [0, 0]])
    assert (np.abs(np.array(after) - moved) <= 1.6 * per_pixel).all()

    # One press takes them away.
    tab.page.get_by_role("button", name="Remove placed means").last.click()
    tab.expect_address(n=N)
    tab.expect_frame(0)
