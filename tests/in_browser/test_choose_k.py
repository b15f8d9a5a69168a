"""The page Choose K in a browser: a sweep fills the map, is stopped, and a cell of it leads on."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def page_of(deep_link):
    """A function that gives a new tab at a query of the page."""
    return lambda query: deep_link("choose-k", query)


def click(page, bar):
    """Click the middle of a bar, over which Plotly has a layer that listens."""
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_a_sweep_is_stopped_and_a_cell_of_its_map_leads_into_the_explorer_at_the_same_log_likelihood(page_of):
    tab = page_of("dataset=tutorial-five&ks=1-30&types=full,tied&restarts=10")
    page = tab.page
    said = page.get_by_test_id("stProgress").first
    bars = page.locator("[class*=st-key-map] .barlayer .point")
    stop = page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True)
    expect(said).to_contain_text(re.compile(r"^([5-9]|\d\d) of 60 cells"))
    stop.click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    tab.settled()
    n = int(said.inner_text().split()[0])
    expect(bars).to_have_count(n)  # what is done stays, and there is no more
    expect(page.get_by_text(re.compile("^BIC picks K = "))).to_be_visible()

    likelihood = page.get_by_text(re.compile("^Log-likelihood −[0-9,.]+"))
    best = likelihood.inner_text()
    click(page, bars.nth(1))
    page.wait_for_url(re.compile("k=1&covariance=tied"))
    expect(likelihood).not_to_have_text(best)
    tab.settled()
    assert said.inner_text() == f"{n} of 60 cells"
    chosen = likelihood.inner_text()
    page.get_by_role("button", name="Back to the best").click()
    expect(likelihood).to_have_text(best)
    tab.settled()
    click(page, bars.nth(1))  # the same once more
    expect(likelihood).to_have_text(chosen)
    tab.settled()

    page.get_by_role("link", name="Open in the explorer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("points, and")
    expect(likelihood).to_have_text(chosen)
    assert tab.settled().address()["covariance"] == "tied"


def test_the_sweep_it_opens_with_ends_by_itself_and_shows_the_best_cell_from_the_navigation_too(explorer):
    tab = explorer().open("n=100")  # in a session in which nothing else was chosen
    page = tab.page
    page.locator('[data-testid=stTopNavLink][href$="/choose-k"]').click()
    expect(page.get_by_text(re.compile("^BIC picks K = 3"))).to_be_visible()
    expect(page.get_by_test_id("stProgress")).to_have_count(0)
    tab.expect_run("k=3")
    tab.settled()
    assert tab.address() == {"n": "100"}  # and no widget that is gone has chosen a cell
    tab.set(
        "Starts in each cell", 6
    )  # a whole run more: what Streamlit knew of the explorer's widgets is no matter
    page.wait_for_url(re.compile("restarts=6"))
    expect(page.get_by_text(re.compile("^BIC picks K = 3"))).to_be_visible()
    tab.settled()
    assert tab.address() == {"n": "100", "restarts": "6"}
