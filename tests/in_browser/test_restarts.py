"""The page Restarts in a browser: a sweep fills the screen, is stopped and keeps its results; a group leads on."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def page_of(deep_link):
    """A function that gives a new tab at a query of the page."""
    return lambda query: deep_link("restarts", query)


def test_another_reader_is_served_while_a_sweep_goes_on_and_stopped_it_keeps_its_results_and_goes_on(
    page_of, shared
):
    other = shared("n=200")
    tab = page_of("dataset=tutorial-five&k=10&tol=0&max_iter=500&starts=500")
    page = tab.page
    said = page.get_by_test_id("stProgress").first
    stop = page.get_by_test_id("stMain").get_by_role(
        "button", name="Stop", exact=True
    )  # Streamlit has one of its own
    expect(said).to_contain_text(re.compile(r"^[1-9]\d* of 500"))
    other.set("Start seed", 7)
    other.expect_run("init_seed=7")
    other.settled()
    before = said.inner_text()
    expect(said).not_to_have_text(before)  # and the sweep goes on beside it
    assert int(before.split()[0]) < 500
    stop.click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    tab.settled()
    stopped = said.inner_text()
    tab.set("Start shown", 2)  # a run of the whole page, in which a sweep under way would go on
    expect(page.get_by_role("heading", name=re.compile("^Start 2"))).to_be_visible()
    tab.settled()
    assert said.inner_text() == stopped
    n = int(stopped.split()[0])
    expect(page.get_by_text(re.compile(rf"^\d+ of {n} starts \("))).to_be_visible()
    assert page.locator(".optimum img").count() >= 1
    page.get_by_role("button", name="Go on").click()
    expect(said).not_to_contain_text(re.compile(rf"^{n} of"))
    stop.click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_a_group_leads_into_the_explorer_at_the_same_log_likelihood(page_of):
    tab = page_of("starts=40")
    page = tab.settled().page
    likelihood = page.get_by_text(re.compile("^Log-likelihood −[0-9,.]+"))
    best = likelihood.inner_text()
    page.get_by_role("radio", name=re.compile("^B")).or_(
        page.get_by_role("button", name=re.compile("^B: "))
    ).first.click()
    page.wait_for_url(re.compile(r"play=\d+"))
    expect(likelihood).not_to_have_text(best)
    tab.settled()
    chosen = likelihood.inner_text()
    page.get_by_role("link", name="Open in the explorer").click()
    page.wait_for_url(re.compile("dataset=faithful"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("points, and")
    expect(likelihood).to_have_text(chosen)
    tab.settled()
