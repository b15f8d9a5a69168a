"""What tests of the player's modules share: one blank page that can import them."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import launch
from tests.ui.modules.page import blank_page, runner


@pytest.fixture(scope="package")
def run_js():
    """A function of JavaScript and its input, on one blank page for all tests of the modules."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = blank_page(browser)
        complaints = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield runner(page)
        browser.close()
    assert complaints == []
