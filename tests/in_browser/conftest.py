"""What tests in a browser share: the app, served once, and a browser that drives it."""

import pytest
from playwright.sync_api import sync_playwright

from tests.app_server import serving
from tests.browser import launch
from tests.film_page import FilmPage


@pytest.fixture(scope="package")
def app_url():
    """The address of the app, served once for all tests."""
    with serving() as url:
        yield url


@pytest.fixture(scope="package")
def browser():
    """One browser for all tests, with a context that tabs may share."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        browser.new_context()
        yield browser
        browser.close()


@pytest.fixture
def explorer(browser, app_url):
    """A function that gives a new tab; at the end no tab may have a complaint to make."""
    tabs = []

    def new(**options):
        tabs.append(FilmPage(browser, app_url, **options))
        return tabs[-1]

    yield new
    for tab in tabs:
        tab.close()
    assert [complaint for tab in tabs for complaint in tab.complaints] == []
