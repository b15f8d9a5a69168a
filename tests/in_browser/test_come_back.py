"""A page survives: its websocket cut, its server started anew, its process killed behind the balancer."""

from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.app_server import started
from tests.film_page import FilmPage
from tests.haproxy import balancing, needs_haproxy

QUERY = "dataset=moons&n=300&k=4&it=5"

# Before the page's own scripts: keep its websockets, to cut them.
KEEP_SOCKETS = """() => {
  window.sockets = [];
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      sockets.push(this);
    }
  };
}"""

# From now on: how many runs of the page's script have ended, and all that the reader saw meanwhile.
WATCH = """() => {
  const look = () => {
    const film = document.querySelector(".film");
    const { testScriptState } = document.querySelector("[data-testid=stApp]").dataset;
    window.runs += running && testScriptState === "notRunning";
    running = testScriptState === "running";
    seen.add([location.pathname + location.search, film?.dataset.frame, film?.dataset.run, document.title].join("\\n"));
  };
  let running = false;
  Object.assign(window, { runs: 0, seen: new Set() });
  look();
  new MutationObserver(look).observe(document.body, { attributes: true, childList: true, subtree: true });
}"""


@contextmanager
def open_at(browser, url, page="", query=QUERY, **options):
    """A tab at a query of a page, by a link that does not come through the navigation."""
    tab = FilmPage(browser, url, **options)
    tab.page.add_init_script(f"({KEEP_SOCKETS})()")
    tab.page.goto(f"{url}/{page}?{query}")
    try:
        yield tab.settled()
    finally:
        tab.close()


@contextmanager
def coming_back(tab):
    """What happens in the block is nothing that the reader sees: the same page, address, run, frame and picture."""
    before, length = tab.drawn(), tab.page.evaluate("history.length")
    tab.page.evaluate(WATCH)
    yield
    tab.page.wait_for_function("runs >= 1")
    expect(tab.app).to_have_attribute("data-test-connection-state", "CONNECTED")
    expect(tab.page.get_by_role("dialog")).to_have_count(0)
    tab.settled()
    assert len(tab.page.evaluate("[...seen]")) == 1, tab.page.evaluate("[...seen]")
    assert tab.drawn() == before
    assert tab.page.evaluate("history.length") == length, "and Back leads where it led"


def expect_heard(tab):
    """The server knows what the page shows: another number of points, and a new film of all else that was set."""
    tab.set("Points", 350)
    tab.expect_run("n=350")
    tab.expect_address(dataset="moons", n=350, k=4)


def test_a_cut_websocket_changes_nothing_that_is_seen(browser, app_url):
    with open_at(browser, app_url) as tab:
        tab.zoom_into()
        tab.press("p")
        pinned = "plot => plot.film.chosen.pinned.n"
        point = tab.plot.evaluate(pinned)
        with coming_back(tab):
            tab.page.evaluate("sockets.at(-1).close()")
        assert tab.plot.evaluate(pinned) == point
        expect_heard(tab)


@pytest.fixture(scope="module")
def server():
    """A server that may be killed."""
    with started() as server:
        yield server


@pytest.mark.parametrize("page", ["", "k-means"])
def test_a_page_whose_server_starts_anew_comes_back_by_itself(browser, server, page):
    with open_at(browser, server.url, page) as tab:
        with coming_back(tab):
            server.kill()
            expect(tab.app).not_to_have_attribute("data-test-connection-state", "CONNECTED")
            server.start()
        expect_heard(tab)


@needs_haproxy
def test_the_readers_of_a_killed_process_go_on_with_another(browser):
    with (
        started() as one,
        started() as two,
        balancing([f"127.0.0.1:{one.port}", f"127.0.0.1:{two.port}"]) as port,
        open_at(browser, f"http://localhost:{port}", "k-means", locale="en-GB") as tab,
    ):
        (cookie,) = (cookie["value"] for cookie in tab.context.cookies() if cookie["name"] == "gmmviz")
        with coming_back(tab):
            {"app1": one, "app2": two}[cookie].kill()
        (now,) = (cookie["value"] for cookie in tab.context.cookies() if cookie["name"] == "gmmviz")
        assert {cookie, now} == {"app1", "app2"}
        expect_heard(tab)
