"""How fast the explorer is in a browser, as ratios in one run.  Run with `python -m benchmarks.web`.

It starts the app and, on a server of its own, the page `benchmarks/bare_page.py`, opens each in a browser and prints
numbers with their bounds; the exit code is 1 if one does not hold.

1. Frames a second while the film plays, over those of an idle page, and the longest pause beyond an idle page's: at
   1500 and 20 000 points, K = 3 and 16, and for six panels of 1500 points side by side, at Normal and at Fastest, over
   the first SECONDS of the first play after the page was opened, E- and M-step apart.
2. Key press to painted film, 1500 points, K = 3, 60 iterations. From the `keydown` event of an arrow key in the field
   "Start seed", which asks for a run that nobody has computed yet, to the second animation frame after the new film is
   drawn. For the explorer, the whole page as it opens. For Streamlit's own `st.plotly_chart` of the same film on an
   otherwise empty page: after a chart stands there that has the new run's layout, its points and its frames. The two
   take turns; the ratio is that of the medians. Also: what going back to an earlier seed takes, from the cache.
3. Bytes that the explorer's websocket receives from that key press until the script has ended, uncompressed.
"""

import sys
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from tests.app_server import serving
from tests.browser import launch
from tests.film_page import FilmPage

N_POINTS, N_FRAMES = 1500, 60
REPEATS, SECONDS = 15, 4
QUERY = f"n={N_POINTS}&k=3&tol=0&max_iter={N_FRAMES - 1}"
LONG = "tol=0&max_iter=200&frames=steps&dataset=varied"
SIX = "compare?vary=init_seed&n=1500&tol=0&max_iter=200&dataset=varied"

# Waits for the second animation frame after `drawn(run)`; milliseconds since the last key went down.
PAINTED = """async ([run, drawn]) => {
  const frame = () => new Promise(requestAnimationFrame);
  while (!eval(drawn)(run)) await frame();
  await frame(), await frame();
  return performance.now() - window.pressed;
}"""
PRESSED = "addEventListener('keydown', event => (window.pressed = event.timeStamp), { capture: true })"
FILM_DRAWN = """run => document.querySelector(".film").dataset.run.includes(run)"""
CHART_DRAWN = f"""run => {{
  const plot = document.querySelector(".js-plotly-plot");
  return plot?.layout?.meta?.run === run && plot._transitionData?._frames.length === {N_FRAMES}
    && plot.querySelectorAll(".scatterlayer .trace:first-child .points path").length >= {N_POINTS};
}}"""

# Frames a second for some seconds, and the longest pause between two, in ms; `act` starts the film, or nothing. A film
# that has come to its end is not waited for.
PACE = """async ([seconds, act]) => {
  const film = document.querySelector(".film");
  if (act) film.querySelector(`[data-act=${act}]`).click();
  const times = [await new Promise(requestAnimationFrame)];
  const goesOn = () => times.at(-1) - times[0] < 1000 * seconds && (!act || film.dataset.playing === "true");
  while (goesOn()) times.push(await new Promise(requestAnimationFrame));
  const pauses = times.slice(1).map((time, i) => time - times[i]);
  return [1000 * pauses.length / (times.at(-1) - times[0]), Math.max(...pauses)];
}"""


class SeedPage:
    """A page with a field "Start seed" and a film; its times in ms and, of each change, the bytes received."""

    def __init__(self, browser: Browser, url: str, query: str, drawn: str):
        self.tab = FilmPage(browser, url)
        self.page: Page = self.tab.page
        self.page.goto(f"{url}/?{query}")
        self.drawn, self.seed = drawn, 0
        self.field = self.page.get_by_role("spinbutton", name="Start seed")
        self.field.wait_for()
        self.page.evaluate(PRESSED)
        self.field.focus()
        self.await_end()

    def await_end(self) -> None:
        """Wait until the script has ended."""
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    def change(self, step: int) -> float:
        """Press an arrow key and return the time until the film of the next (1) or the last (-1) seed is painted."""
        self.seed += step
        self.page.bring_to_front()
        self.tab.received.clear()
        self.page.keyboard.press("ArrowUp" if step > 0 else "ArrowDown")
        took = self.page.evaluate(PAINTED, [f"init_seed={self.seed},", self.drawn])
        self.await_end()
        return took


def pace(browser: Browser, app: str, path: str, speed: str) -> tuple[float, float]:
    """Return a film's frames a second over an idle page's, and its longest pause beyond the idle page's, in ms."""
    tab = FilmPage(browser, app)
    tab.page.goto(f"{app}/{path}")
    tab.settled()
    idle, idle_pause = tab.page.evaluate(PACE, [SECONDS, ""])
    tab.film.get_by_label("Speed").select_option(speed)
    frames, pause = tab.page.evaluate(PACE, [SECONDS, "play"])
    # At a page's own address Streamlit first looks for its files beside it, where they are not.
    assert [text for text in tab.complaints if "404" not in text] == []
    tab.close()
    return frames / idle, max(0.0, pause - idle_pause)


def key_to_painted(browser: Browser, app: str, bare: str) -> dict[str, float]:
    """Return medians: ms of the explorer, of the chart, from the cache, and bytes."""
    pages = {
        "explorer": SeedPage(browser, app, QUERY, FILM_DRAWN),
        "chart": SeedPage(browser, bare, QUERY, CHART_DRAWN),
    }
    found = {name: [] for name in (*pages, "cached", "bytes")}
    for turn in range(REPEATS + 2):
        for name, page in pages.items():
            took = page.change(1)
            if turn < 2:  # warm-up
                continue
            found[name].append(took)
            if name == "explorer":
                found["bytes"].append(sum(page.tab.received))
                found["cached"] += [page.change(-1), page.change(1)]
    for page in pages.values():
        assert page.tab.complaints == []
        page.tab.close()
    return {name: median(values) for name, values in found.items()}


def main() -> int:
    """Measure, print, and return 1 if a bound does not hold."""
    rows = []
    with serving() as app, serving("benchmarks/bare_page.py") as bare, sync_playwright() as playwright:
        browser = launch(playwright)
        for n, k in ((1500, 3), (1500, 16), (20_000, 3), (20_000, 16)):
            for speed in ("Normal", "Fastest"):
                frames, pause = pace(browser, app, f"?n={n}&k={k}&{LONG}", speed)
                rows.append((f"frames a second / idle: {n} points, K = {k}, {speed}", frames, ">=", 0.9))
                rows.append(("  longest pause beyond an idle page's, ms", pause, "<=", 50.0))
        for speed in ("Normal", "Fastest"):
            frames, pause = pace(browser, app, SIX, speed)
            rows.append((f"frames a second / idle: six panels of 1500 points, {speed}", frames, ">=", 0.9))
            rows.append(("  longest pause beyond an idle page's, ms", pause, "<=", 50.0))
        ms = key_to_painted(browser, app, bare)
        browser.close()
    rows.append(
        ("key press to painted film / st.plotly_chart of it", ms["explorer"] / ms["chart"], "<=", 0.5)
    )
    rows.append(("kB received at that key", ms["bytes"] / 1000, "<=", 110.0))
    held = []
    for name, value, sign, bound in rows:
        held.append(value <= bound if sign == "<=" else value >= bound)
        print(f"{name:58}{value:8.2f}   {sign} {bound:<6g} {'holds' if held[-1] else 'DOES NOT HOLD'}")
    print(
        f"Key press to painted: {ms['explorer']:.0f} ms; st.plotly_chart {ms['chart']:.0f} ms; from the cache "
        f"{ms['cached']:.0f} ms."
    )
    return int(not all(held))


if __name__ == "__main__":
    sys.exit(main())
