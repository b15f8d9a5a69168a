"""What tests in a browser share: the app, served once, and a browser that drives it."""

import pytest
from playwright.sync_api import Error, sync_playwright

from tests.app_server import serving
from tests.browser import launch
from tests.film_page import FilmPage

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Note for the fixtures whether the test itself has failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


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


@pytest.fixture
def deep_link(explorer, shared):
    """A function that gives a new tab at a query of a page, by a link that does not come through the navigation."""
    tabs = []

    def new(page, query):
        shared(
            "n=200"
        )  # so that app.py has run in this server, else Streamlit would serve the link by itself
        tabs.append(explorer())
        tabs[-1].page.goto(f"{tabs[-1].url}/{page}?{query}")
        return tabs[-1]

    yield new
    for tab in tabs:  # Streamlit looks for its own files beside a page's address first, where they are not
        tab.complaints[:] = [text for text in tab.complaints if "404" not in text]


@pytest.fixture(scope="package")
def lasting():
    """The tab that is open from test to test, if there is one."""
    tabs = []
    yield tabs
    for tab in tabs:
        tab.close()


@pytest.fixture
def shared(request, browser, app_url, lasting):
    """A function that turns the tab which tests share to an address, without a load: a quarter of the work.

    For tests that are not about loads and sessions, and do not open "View": a list that is closed again remembers what
    it stood at. What was chosen before lasts in the session: an address says all that a test is about. A tab in which
    a test has failed, or has left something that the next would see, is closed after it.
    """

    def turn(query="", **where):
        if not lasting:
            lasting.append(FilmPage(browser, app_url))
            lasting[0].open()
        return lasting[0].turn(query, **where)

    yield turn
    for tab in lasting[:]:
        complaints, tab.complaints = tab.complaints, []
        try:
            left = tab.left()
        except (Error, AssertionError) as error:
            left = [str(error)]
        if left or complaints or request.node.stash.get(FAILED, False):
            lasting.remove(tab)
            tab.close()
        assert complaints == []
