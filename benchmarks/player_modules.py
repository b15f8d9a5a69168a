"""How long the player's modules take, in milliseconds.  Run with `python -m benchmarks.player_modules`.

On a blank page in the tests' own browser: blobs that spread over the whole plane, a mixture under which all components
have a say, a plane of 600 x 600 px, points of the size that `style` gives them. Medians of REPEATS measurements after a
warm-up; beside those of the most points what that is of one frame of an idle page. What recolours or moves runs in
every frame of a film; placing the points only where the plane changes.
"""

import numpy as np
from playwright.sync_api import sync_playwright

from gmmviz.datasets import load
from gmmviz.em import Mixture
from gmmviz.figures.arrays import packed
from gmmviz.geometry import extent
from gmmviz.theme import GREY, PALETTE, rgb
from tests.browser import launch
from tests.ui.modules.page import blank_page, runner

SIZES = (1500, 5000, 20_000)
REPEATS = 31
SIDE = 600

IDLE = """async () => {
  const frame = () => new Promise(requestAnimationFrame), times = [];
  for (let i = 0, last = await frame(); i < 60; i++) {
    const now = await frame();
    times.push(now - last), (last = now);
  }
  return times.sort((a, b) => a - b)[30];
}"""

MEASURE = """
  const median = (act, repeats) => {
    const timed = (calls) => {
      const start = performance.now();
      for (let i = 0; i < calls; i++) act();
      return (performance.now() - start) / calls;
    };
    timed(4);
    const calls = Math.ceil(2 / Math.max(0.01, timed(4))); // the clock ticks every tenth of a millisecond
    const times = Array.from({ length: repeats }, () => timed(calls));
    return times.sort((a, b) => a - b)[repeats >> 1];
  };
  const cloud = numbers.unpack(given.points), N = cloud.length / 2, found = {};
  const mixtures = given.mixtures.map((packed) => mixture.readMixtures(packed).at(0));
  for (const m of mixtures) {
    found[`E-step, K = ${m.K}`] = median(() => expectation.eStep(cloud, m), given.repeats);
  }
  const { codes } = expectation.eStep(cloud, mixtures[0]), others = codes.map((code) => (code * 7) % 65535);
  const table = colours.belongingTable(given.palette, given.grey, 3), rgba = new Uint32Array(N);
  found["points from Python"] = median(() => numbers.unpack(given.points), given.repeats);
  found["colours, table"] = median(() => colours.belongingTable(given.palette, given.grey, 3), 7);
  found["colours, cross-fade"] = median(() => colours.fade(table, codes, others, 0.4, rgba), given.repeats);
  const { x0, sx, y0, sy } = numbers.pixelsOf(given.box, given.side, given.side);
  const xs = cloud.subarray(0, N).map((x) => x0 + sx * x), ys = cloud.subarray(N).map((y) => y0 + sy * y);
  for (const ratio of [1, 2]) {
    const sizes = { width: given.side, height: given.side, ratio, ...points.style(N, given.side, given.side) };
    const placement = points.place(xs, ys, sizes);
    const picture = new ImageData(placement.width, placement.height);
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    found[`points, paint, DPR ${ratio}`] = median(() => points.paint(placement, rgba, picture), given.repeats);
    found[`  onto a canvas, DPR ${ratio}`] = median(() => canvas.putImageData(picture, 0, 0), given.repeats);
    found[`points, place, DPR ${ratio}`] = median(() => points.place(xs, ys, sizes), 7);
  }
  for (const m of mixtures) {
    const grid = regions.gridOf(given.box, 160, 120), image = new ImageData(160, 120);
    const all = colours.belongingTable(given.palette, given.grey, m.K);
    found[`soft regions 160 x 120, K = ${m.K}`] = median(() => regions.softRegions(m, grid, all, image), given.repeats);
    found[`between two mixtures, K = ${m.K}`] = median(() => mixture.between(m, { ...m }, 0.3), given.repeats);
    found[`hard regions, K = ${m.K}`] = median(() => regions.regionPolygons(m.means, given.box), given.repeats);
  }
  return found;
"""


def mixture_of(X: np.ndarray, K: int) -> dict:
    """Return K broad components all over the points X, packed: every point belongs to several."""
    means = X[np.random.default_rng(0).choice(len(X), K, replace=False)]
    mixture = Mixture(np.full(K, 1 / K), means, np.repeat(np.cov(X.T)[None], K, axis=0))
    return {name: packed(getattr(mixture, name)[None], "f8") for name in ("weights", "means", "covariances")}


def main() -> None:
    """Measure and print."""
    rows: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = blank_page(browser)
        run, idle = runner(page), page.evaluate(IDLE)
        for N in SIZES:
            X = load("blobs", n=N, noise=5).X
            given = {
                "points": packed(X.T, "f8"),
                "mixtures": [mixture_of(X, K) for K in (3, 16)],
                "palette": [rgb(colour) for colour in PALETTE],
                "grey": rgb(GREY),
                "box": extent(X),
                "side": SIDE,
                "repeats": REPEATS,
            }
            for name, ms in run(MEASURE, given).items():
                rows.setdefault(name, []).append(ms)
        browser.close()
    print(f"ms, medians of {REPEATS}; an idle frame takes {idle:.1f} ms")
    print(f"{'':36}" + "".join(f"{N:>9,}" for N in SIZES) + "   of a frame")
    for name, times in rows.items():
        print(f"{name:36}" + "".join(f"{ms:9.2f}" for ms in times) + f"{times[-1] / idle:13.2f}")


if __name__ == "__main__":
    main()
