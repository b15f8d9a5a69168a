"""The explorer in a browser, as tests see it: what is drawn, read off the SVG, and what was said to the server."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from gmmviz import versions
from gmmviz.pages import PAGES

WITHOUT_FILM = [page.name for page in PAGES if not page.film]
PATIENCE = 60_000  # ms until something awaited counts as failed: other work may share the computer
expect.set_options(timeout=PATIENCE)

# What the stage shows: points with their places and colours, ellipses, paths, means, the markers on the curves.
STAGED = """(plot) => {
  const { stage, scene } = plot.film;
  const parts = (node, ...names) => names.map(name => node.getAttribute(name)).join();
  const colour = (rgba) => `rgb(${rgba & 255}, ${(rgba >>> 8) & 255}, ${(rgba >>> 16) & 255})`;
  const layers = (name) => scene.planes.map((_, i) => stage.layer(i, name)).filter(Boolean);
  const points = layers("points").flatMap(({ plane, out, toPixels: { x0, sx, y0, sy } }) =>
    Array.from(plane.xs, (x, n) => `${x0 + sx * x},${y0 + sy * plane.ys[n]},${colour(out[n])}`));
  const means = layers("means");
  return {
    points,
    colours: layers("points").flatMap(({ out }) => Array.from(out, colour)),
    ellipses: layers("gaussians").flatMap(({ groups }) => groups.map(group => [parts(group, "transform", "opacity")])),
    paths: means.flatMap(({ paths }) => paths.map(path => parts(path, "d"))),
    means: means.flatMap(({ discs }) => discs.map(disc => parts(disc, "transform") + disc.textContent)),
    markers: stage.markers.map(marker => [parts(marker, "cx", "cy")]),
  };
}"""

# The drawn shapes and colours, trace by trace.
DRAWN = """(plot, subplot) => [...plot.querySelectorAll(`.subplot.${subplot} .scatterlayer > .trace`)].map(trace =>
  [...trace.querySelectorAll(".points path, .lines path, .text text")].map(node => {
    const style = getComputedStyle(node);
    return [node.getAttribute("d"), node.getAttribute("transform"), node.textContent, style.fill, style.stroke].join();
  }))"""

# The pixel at which each tick of the plane stands, and its value; one at the very edge may be hidden.
TICKS = """(plot, axis) => [...plot.querySelectorAll(`.subplot.xy .${axis}tick text`)]
.filter(text => text.getClientRects().length).map(text => {
  const box = text.getBoundingClientRect();
  const pixel = axis === "x" ? box.x + box.width / 2 : box.y + box.height / 2;
  return [pixel, Number(text.textContent.replace("\\u2212", "-").replaceAll(",", ""))];
})"""

# What the film has not told the server yet stays untold.
HUSH = """() => {
  const { film } = document.querySelector(".film-plot");
  film.pause(), film.leave();
}"""
# Turns to an address without a load, as Back does.
TURN = """address => {
  const { film } = document.querySelector(".film-plot");
  delete film.root.dataset.frame;
  document.activeElement.blur();
  document.querySelector("[data-testid=stMain]").scrollTo(0, 0);
  history.pushState({}, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
  return film.data.placements;
}"""
TURNED = """before => {
  const { film } = document.querySelector(".film-plot");
  return film.data.placements !== before && "frame" in film.root.dataset;
}"""

# What an address does not decide, and a tab might still show when it turns to the next.
LEFT = """() => {
  const open = document.querySelectorAll("details[open], [data-testid=stPopoverBody]");
  return [
    ...[...open].map(node => node.textContent.slice(0, 40)),
    ...("drawings" in window ? ["Plotly is spied on"] : []),
  ];
}"""

SPY = """() => {
  window.drawings = [];
  window.originals = {};
  window.spied = document.querySelector(".film-plot").film.figure.Plotly; // Streamlit's charts bring another
  for (const name of ["react", "animate", "newPlot", "purge"]) {
    const original = originals[name] = spied[name];
    spied[name] = (...given) => (window.drawings.push(name), original(...given));
  }
}"""
UNSPY = "() => { Object.assign(spied, originals); delete window.drawings; }"


def settings_in(url: str) -> dict[str, str]:
    """Return what an address says of the settings: all but its version."""
    return {name: text for name, text in parse_qsl(urlsplit(url).query) if name != versions.NAME}


class FilmPage:
    """One tab with the explorer in it.

    Tabs that ask for nothing special share a browser context, and with it what the browser has kept of the app's own
    files; each has a session of its own all the same. `options` give a tab a context of its own.
    """

    def __init__(self, browser: Browser, url: str, width: int = 1280, height: int = 720, **options):
        shared = browser.contexts[0] if browser.contexts and not options else None
        self.context = shared or browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.set_default_timeout(PATIENCE)
        self.url, self.complaints, self.sent, self.received = url, [], [], []
        self.zoomed = False
        self.film = self.page.locator(".film")
        self.plot = self.page.locator(".film-plot")
        self.app = self.page.get_by_test_id("stApp")
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        self.page.on("request", self._watch)
        self.page.on("websocket", self._listen)

    def close(self) -> None:
        """Close the tab, and its context if it is its own."""
        self.page.close()
        if self.context is not self.page.context.browser.contexts[0]:
            self.context.close()

    def _hear(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _watch(self, request) -> None:
        if urlsplit(request.url).hostname not in ("localhost", None):  # None: data: and blob:
            self.complaints.append(f"asked another host: {request.url}")

    def _listen(self, socket) -> None:
        self.socket = socket
        socket.on("framesent", lambda data: self.sent.append(len(data)))
        socket.on("framereceived", lambda data: self.received.append(len(data)))

    # --- Doing ---

    def open(self, query: str = "") -> "FilmPage":
        """Load an address and wait until its film is drawn and the server is done."""
        self.page.goto(f"{self.url}/?{query}" if query else self.url)
        return self.settled()

    def turn(
        self, query: str = "", page: str = "explorer", width: int = 1280, height: int = 720
    ) -> "FilmPage":
        """Turn to an address of the app without a load, and wait until its film is drawn and the server is done.

        The film's own controls are as a load has them; what `left` tells is not.
        """
        self.page.mouse.move(0, 0)
        self.page.set_viewport_size({"width": width, "height": height})
        path = "/" if page == "explorer" else f"/{page}"
        if urlsplit(self.page.url).path != path:
            self.go(page)
        elif self.zoomed:
            self.zoomed = False
            self.turn("n=30&data_seed=1", page)  # a zoom is kept for the same points, and given up for others
        self.zoomed = False
        self.settled().film.get_by_label("Speed").select_option("Normal")
        self.page.evaluate(HUSH)
        self.settled()  # a rest that is on its way would bring the old address back
        # An address that names no setting, but is not bare, is read by the defaults wherever the tab has been.
        placements = self.page.evaluate(TURN, f"{path}?{query or f'{versions.NAME}={versions.current()}'}")
        self.page.wait_for_function(TURNED, arg=placements)
        return self.settled()

    def left(self) -> list[str]:
        """Close the expanders of this tab, and tell what else is open and would be at the next address it turns to."""
        opened = self.page.locator("details[open] > summary")
        for n in range(opened.count(), 0, -1):
            opened.first.click()
            expect(opened).to_have_count(n - 1)
        return self.page.evaluate(LEFT)

    def settled(self) -> "FilmPage":
        """Wait until the film is drawn and the server is done."""
        expect(self.film).to_have_attribute("data-frame", re.compile("."))
        expect(self.app).to_have_attribute("data-test-script-state", "notRunning")
        return self

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Wait, after what is done in the block, until the server has heard where the film came to rest."""
        with self.socket.expect_event("framereceived"):
            yield
        self.settled()

    def go(self, page: str) -> "FilmPage":
        """Follow the navigation to a page, by its name in the table of pages, and wait until its film is drawn."""
        classes = {"k-means": "KMeans"}
        end = "/" if page == "explorer" else f"/{page}"
        expect(self.app).to_have_attribute("data-test-script-state", "notRunning")
        link = self.page.locator(f'[data-testid=stTopNavLink][href$="{end}"]')
        if link.evaluate(
            "node => Boolean(node.closest('[inert]'))"
        ):  # where there is no room for all pages' names
            self.page.get_by_text(re.compile(r"^\d+ more$")).click()
            link = self.page.locator(f'[data-testid=stTopNavDropdownLink][href$="{end}"]')
        link.click()
        if page in WITHOUT_FILM:
            expect(self.film).to_have_count(0)
            expect(self.app).to_have_attribute("data-test-script-state", "notRunning")
            return self
        self.expect_run(classes.get(page) or page.title().replace("-", "") + "(")
        return self.settled()

    def press(self, *keys: str) -> None:
        """Press keys one after another, wherever the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def set(self, label: str, value) -> None:
        """Type a number into one of the sidebar's fields."""
        field = self.page.get_by_role("spinbutton", name=label, exact=True)
        field.fill(str(value))
        field.press("Enter")

    def choose(self, label: str, option: str) -> None:
        """Pick an option of one of Streamlit's select boxes."""
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option).click()

    def zoom_into(self, left=0.2, top=0.3, right=0.5, bottom=0.5) -> None:
        """Drag a box over the plane, in shares of it."""
        self.zoomed = True
        self.plot.hover()
        self.plot.locator(".modebar-btn[data-val=zoom]").click()
        box = self.plane.bounding_box()
        self.page.mouse.move(box["x"] + left * box["width"], box["y"] + top * box["height"])
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + right * box["width"], box["y"] + bottom * box["height"], steps=4)
        self.page.mouse.up()

    # --- What there is to see ---

    def button(self, name: str) -> Locator:
        """Return one of the film's buttons."""
        return self.film.get_by_role("button", name=name, exact=True)

    def slider(self, name: str) -> Locator:
        """Return a slider by its label."""
        return self.page.get_by_role("slider", name=name)

    @property
    def plane(self) -> Locator:
        """The data plane's area."""
        return self.plot.locator(".draglayer .xy .nsewdrag")

    @property
    def curve(self) -> Locator:
        """The log-likelihood's area."""
        return self.plot.locator(".draglayer .x2y2 .nsewdrag")

    def drawn(self) -> list[list[str]]:
        """Return shape, place and colour of everything drawn: points, ellipses, paths, means, curve, its marker."""
        staged = self.plot.evaluate(STAGED)
        shapes = [staged["points"], *staged["ellipses"], staged["paths"], staged["means"]]
        return [*shapes, *self.plot.evaluate(DRAWN, "x2y2"), *staged["markers"]]

    def point_colours(self) -> list[str]:
        """Return the colour of each point."""
        return self.plot.evaluate(STAGED)["colours"]

    def expect_other_colours(self, colours: list[str]) -> None:
        """Wait until the points have other colours than these."""
        now = f"({STAGED})(document.querySelector('.film-plot')).colours"
        self.page.wait_for_function(f"old => {now}.join() !== old", arg=",".join(colours))

    def ticks(self, axis: str) -> list[tuple[float, float]]:
        """Return [pixel, value] of each tick of the plane's axis."""
        return self.plot.evaluate(TICKS, axis)

    def pixels_per_unit(self, axis: str) -> float:
        """Return how many pixels one unit is long."""
        ticks = self.ticks(axis)
        (first, low), (last, high) = ticks[0], ticks[-1]
        return abs((last - first) / (high - low))

    def address(self) -> dict[str, str]:
        """Return what the address bar says of the settings."""
        return settings_in(self.page.url)

    def expect_address(self, **settings) -> None:
        """Wait until the address bar holds exactly these settings."""
        wanted = {name: str(value) for name, value in settings.items()}
        here = "commit"  # the address changes without a load
        self.page.wait_for_url(lambda url: settings_in(url) == wanted, wait_until=here)

    def expect_frame(self, name) -> None:
        """Wait until a frame is drawn."""
        expect(self.film).to_have_attribute("data-frame", str(name))

    def expect_past(self, frame: int) -> None:
        """Wait until a frame after `frame` is drawn."""
        self.page.wait_for_function(
            "frame => document.querySelector('.film').dataset.frame > frame", arg=frame
        )

    def expect_run(self, text: str) -> None:
        """Wait until a run is drawn in whose settings `text` stands."""
        expect(self.film).to_have_attribute("data-run", re.compile(re.escape(text)))

    def expect_playing(self, playing: bool = True) -> None:
        """Wait until the film plays, or does not."""
        expect(self.film).to_have_attribute("data-playing", "true" if playing else "false")

    # --- Counting Plotly's drawings ---

    @contextmanager
    def spied(self) -> Iterator[list[str]]:
        """Note Plotly's drawings in the block: they are in the list when it ends."""
        drawings = []
        self.page.evaluate(SPY)
        yield drawings
        drawings += self.page.evaluate("window.drawings")
        self.page.evaluate(UNSPY)
