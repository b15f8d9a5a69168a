"""What tests share: Hypothesis draws the same examples on every run and has no deadline; the app in a browser."""

import os

import pytest
from hypothesis import HealthCheck, settings

_STEADY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("ci", max_examples=20, derandomize=True, database=None, **_STEADY)
settings.register_profile("thorough", max_examples=1000, **_STEADY)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def app_url():
    """The address of the app, served once for all tests."""
    from tests.app_server import serving

    with serving() as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    """One browser for a module's tests, with a context that tabs may share."""
    from playwright.sync_api import sync_playwright

    from tests.browser import launch

    with sync_playwright() as playwright:
        browser = launch(playwright)
        browser.new_context()
        yield browser
        browser.close()


@pytest.fixture
def explorer(browser, app_url):
    """A function that gives a new tab; at the end no tab may have a complaint to make."""
    from tests.film_page import FilmPage

    tabs = []

    def new(**options):
        tabs.append(FilmPage(browser, app_url, **options))
        return tabs[-1]

    yield new
    for tab in tabs:
        tab.close()
    assert [complaint for tab in tabs for complaint in tab.complaints] == []
