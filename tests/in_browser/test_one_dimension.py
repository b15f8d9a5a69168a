"""One dimension in a browser: points and rows mark each other, and the numbers follow the film."""

import re

import pytest
from playwright.sync_api import expect

from gmmviz.numerals import numeral
from gmmviz.pages.one_dimension.settings import OneDimension

# Where a point stands on the screen, and where the marked point's ring does.
PLACE = """([number, ring]) => {
  const { stage } = document.querySelector(".film-plot").film;
  const points = stage.layer(0, "points"), box = points.box.getBoundingClientRect();
  if (ring) {
    const { cx, cy } = document.querySelector("circle.stage-marked");
    return [box.x + cx.baseVal.value, box.y + cy.baseVal.value];
  }
  const [x, y] = points.inPixels(points.plane.xs[number - 1], points.plane.ys[number - 1]);
  return [box.x + x, box.y + y];
}"""
HEADER, ROW = 35, 35  # pixels of the table's grid


@pytest.fixture
def tab(shared):
    """A tab with the page."""
    return shared(page="one-dimension")


def click_point(tab, number):
    """Click a point of the picture, once it has said that it is found."""
    tab.plot.scroll_into_view_if_needed()
    middle = tab.page.evaluate(PLACE, [number, False])
    tab.page.mouse.move(*middle)
    expect(tab.plot.locator(".hoverlayer")).to_contain_text(f"point {number}:")
    tab.page.mouse.click(*middle)


def expect_marked(tab, number):
    """Wait until the page says that a point is marked; its ring must be around it."""
    expect(tab.page.get_by_text("the row that is marked")).to_have_text(re.compile(rf"^Point {number}, x = "))
    expect(tab.app).to_have_attribute("data-test-script-state", "notRunning")
    tab.page.wait_for_function(
        f"""number => {{
          const [ring, point] = [({PLACE})([number, true]), ({PLACE})([number, false])];
          return Math.hypot(ring[0] - point[0], ring[1] - point[1]) < 1;
        }}""",
        arg=number,
    )


def test_points_and_rows_mark_each_other(tab):
    expect_marked(tab, 1)
    click_point(tab, 40)
    expect_marked(tab, 40)
    tab.expect_address(row=40)
    table = tab.page.get_by_test_id("stDataFrame").nth(1)
    table.scroll_into_view_if_needed()
    table.click(position={"x": 17, "y": HEADER + 2.5 * ROW})
    expect_marked(tab, 3)
    tab.expect_address(row=3)
    click_point(tab, 40)  # the same once more
    expect_marked(tab, 40)
    tab.expect_frame(0)


def test_the_numbers_follow_the_film(tab):
    settings = OneDimension()
    run = settings.run(settings.data().X)
    tab.press(*["ArrowRight"] * 4)
    tab.expect_frame("2M")
    expect(
        tab.page.get_by_text(f"Iteration 2: log-likelihood {numeral(run.states[2].log_likelihood, '.4f')}")
    ).to_be_visible()
    tab.expect_address(it=2)
    click_point(tab, 21)  # the leftmost
    expect_marked(tab, 21)
    tab.expect_frame("2M")
    field = tab.page.get_by_role("textbox", name="Start: variances")
    field.fill("25, 9, 1")
    field.press("Enter")
    expect(tab.page.get_by_text("Log-likelihood −216.098")).to_be_visible()
    tab.expect_address(variances="25,9,1", row=21)
