"""How fast the explorer is in a browser, as ratios in one run.  Run with `python -m benchmarks.web`.

It starts the app and, on a server of its own, the page `benchmarks/bare_page.py`, opens each in a browser and prints
three numbers with their bounds; the exit code is 1 if one does not hold. All with 1500 points, K = 3 and a film of 60
frames (tol 0, max_iter 59).

1. Key press to painted film. From the `keydown` event of an arrow key in the field "Start seed", which asks for a run
   that nobody has computed yet, to the second animation frame after the new film is drawn. For the explorer, the whole
   page as it opens: after the player has noted the new run, which it does when Plotly has drawn. For Streamlit's own
   `st.plotly_chart` of the same film (points, hovers, paths and frames complete) on an otherwise empty page: after a
   chart stands there that has the new run's layout, its 1500 points and its 60 frames. Both servers compute the run,
   build the figure and send it within that time. The two take turns; the ratio is that of the medians. Also given: the
   same against a chart of the film as the player gets it, without what it derives by itself (hover numbers, paths), and
   what going back to an earlier seed takes, which comes from the cache.
2. Time per frame. The explorer's film played at its fastest speed, from one change of frame to the next; against
   `Plotly.animate` of the points' colours alone, the same colours of the same points one after another on a page that
   holds nothing else, from one promise kept to the next. They take turns of 14 frames; medians.
3. Bytes per point and frame. All that the explorer's websocket receives from that key press until the script has
   ended, uncompressed, divided by 1500 x 60; the median.
"""

import sys
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from gmmviz.experiment import Experiment
from gmmviz.figures.film import film
from tests.app_server import serving
from tests.browser import launch
from tests.film_page import FilmPage

N_POINTS, N_FRAMES = 1500, 60
REPEATS, PLAYS, STRETCH = 15, 5, 14
QUERY = f"n={N_POINTS}&k=3&tol=0&max_iter={N_FRAMES - 1}"
PLOTLY = "component/gmmviz.ui.player.plotlyjs/plotly.min.js"

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

# Times between the drawings of the next frames, by the film played and by Plotly.animate.
PLAY = """async frames => {
  const film = document.querySelector(".film"), play = film.querySelector("[data-act=play]"), times = [];
  await new Promise(resolve => {
    const watch = new MutationObserver(() => {
      times.push(performance.now());
      if (times.length < frames) return;
      watch.disconnect();
      resolve();
    });
    watch.observe(film, { attributeFilter: ["data-frame"] });
    play.click();
  });
  if (film.dataset.playing === "true") play.click();
  return times.slice(1).map((time, i) => time - times[i]);
}"""
ANIMATE = """async colours => {
  const at_once = { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } };
  const plot = document.querySelector("div"), times = [];
  for (const color of colours) {
    await Plotly.animate(plot, { data: [{ marker: { color } }], traces: [0] }, at_once);
    times.push(performance.now());
  }
  return times.slice(1).map((time, i) => time - times[i]);
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


def key_to_painted(browser: Browser, app: str, bare: str) -> dict[str, float]:
    """Return medians: ms of the explorer, of the chart, of the chart of the compact film, from the cache, and bytes."""
    pages = {
        "explorer": SeedPage(browser, app, QUERY, FILM_DRAWN),
        "chart": SeedPage(browser, bare, QUERY, CHART_DRAWN),
        "compact chart": SeedPage(browser, bare, f"{QUERY}&compact=1", CHART_DRAWN),
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
    last = pages["explorer"].page.locator(".film input").get_attribute("max")
    assert last == str(N_FRAMES - 1), f"the film has {last} frames"
    for page in pages.values():
        assert page.tab.complaints == []
        page.tab.context.close()
    return {name: median(values) for name, values in found.items()}


def per_frame(browser: Browser, app: str) -> dict[str, float]:
    """Return medians in ms: the film played as fast as it goes, and the colours alone."""
    experiment = Experiment.from_query(dict(pair.split("=") for pair in QUERY.split("&")))[0]
    dataset = experiment.data()
    figure = film(dataset, experiment.run(dataset.X), complete=False)
    colours = [frame["data"][0]["marker"]["color"] for frame in figure["frames"]]
    tab = FilmPage(browser, app).open(QUERY)
    tab.film.get_by_label("Speed").select_option("Fastest")
    bare = tab.context.new_page()
    bare.set_content("<!doctype html><div></div>")
    bare.add_script_tag(url=f"{app}/{PLOTLY}")
    size = tab.plot.bounding_box()
    bare.evaluate(
        "([points, width, height]) => Plotly.newPlot(document.querySelector('div'), [points], { width, height })",
        [figure["data"][0], size["width"], size["height"]],
    )
    played, animated = [], []
    for turn in range(-1, PLAYS):
        tab.page.bring_to_front()
        tab.press("Home")
        tab.expect_frame(0)
        for first in range(1, N_FRAMES - STRETCH, STRETCH):
            tab.settled().page.bring_to_front()
            film_ms = tab.page.evaluate(PLAY, STRETCH)
            bare.bring_to_front()
            bare_ms = bare.evaluate(ANIMATE, colours[first : first + STRETCH])
            if turn >= 0:  # else warm-up
                played += film_ms
                animated += bare_ms
    assert tab.complaints == []
    tab.context.close()
    return {"film": median(played), "colours": median(animated)}


def main() -> int:
    """Measure, print, and return 1 if a bound does not hold."""
    with serving() as app, serving("benchmarks/bare_page.py") as bare, sync_playwright() as playwright:
        browser = launch(playwright)
        ms = key_to_painted(browser, app, bare)
        frame = per_frame(browser, app)
        browser.close()
    rows = [
        ("key press to painted film / st.plotly_chart of it", ms["explorer"] / ms["chart"], 0.9),
        ("time per frame / Plotly.animate of the colours alone", frame["film"] / frame["colours"], 1.5),
        ("bytes per point and frame", ms["bytes"] / (N_POINTS * N_FRAMES), 6.0),
    ]
    print(f"{N_POINTS} points, K = 3, {N_FRAMES} frames; medians of {REPEATS} key presses and {PLAYS} plays")
    for name, value, bound in rows:
        print(
            f"{name:54}{value:7.2f}   at most {bound:.1f}   {'holds' if value <= bound else 'DOES NOT HOLD'}"
        )
    print(f"Key press to painted: {ms['explorer']:.0f} ms; st.plotly_chart {ms['chart']:.0f} ms.")
    compact = ms["explorer"] / ms["compact chart"]
    print(f"  A chart of what the player gets: {ms['compact chart']:.0f} ms, ratio {compact:.2f}.")
    print(f"  Going back to an earlier seed, which comes from the cache: {ms['cached']:.0f} ms.")
    print(f"Time per frame: {frame['film']:.1f} ms; the colours alone {frame['colours']:.1f} ms.")
    return int(any(value > bound for _, value, bound in rows))


if __name__ == "__main__":
    sys.exit(main())
