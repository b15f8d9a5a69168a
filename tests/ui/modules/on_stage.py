"""Films on the stage, without Plotly: planes and curves at places of our own."""

import re

import numpy as np

from gmmviz.numerals import numeral
from gmmviz.theme import PALETTE, rgb
from tests.ui.modules.page import MODULES

CSS = (MODULES.parent / "player.css").read_text(encoding="utf-8")
SIZE = (400, 300)
CURVE = {"x0": 3, "sx": 100, "y0": 7, "sy": -2}

SHOW = """document.body.innerHTML = `<style>${given.css}</style>`;
const read = scene.readScene(given.figure);
const box = () => document.body.appendChild(document.createElement("div"));
const [boxes, curveBoxes] = [read.planes.map(box), read.curves.map(box)];
const here = new stage.Stage(read, boxes, curveBoxes);
const [width, height] = given.size;
const place = { width, height, toPixels: numbers.pixelsOf(given.box, width, height) };
const fit = () => here.fit(read.planes.map(() => place), read.curves.map(() => given.curve));
const numbersIn = (text) => (text?.match(/-?[\\d.]+(e-?\\d+)?/g) ?? []).map(Number);
const numbersOf = (node, ...names) => names.map((name) => Number(node.getAttribute(name)));
const leadOf = (means, k) => numbersOf(means.leads[k].firstChild, "x1", "y1", "x2", "y2");
const standsAt = (group) => numbersIn(group.getAttribute("transform"));
const pictureOf = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
const painted = (position, what) => (here.paint(position), what(position));
try {
  fit();
  %s
} finally {
  document.body.replaceChildren();
}"""


def extent_of(shown) -> np.ndarray:
    """Return the part of the plane that a film shows: [[x low, x high], [y low, y high]]."""
    return np.array(shown.figure["layout"]["meta"]["extent"])


def on_stage(run_js, shown, body, *, size=SIZE, box=None, **given):
    """Return what JavaScript's `body` returns: the film is `read`, its stage `here`, all planes of one size."""
    box = extent_of(shown).tolist() if box is None else box
    given |= {"figure": shown.figure, "size": size, "box": box, "curve": CURVE, "css": CSS}
    return run_js(SHOW % body, given)


def in_pixels(places, shown, size=SIZE, box=None) -> np.ndarray:
    """Return where places (..., 2) of the data stand in a plane."""
    (left, right), (low, high) = extent_of(shown) if box is None else box
    x, y = np.moveaxis(np.asarray(places, dtype=float), -1, 0)
    return np.stack([(x - left) / (right - left) * size[0], (high - y) / (high - low) * size[1]], axis=-1)


def in_data(pixels, shown, size=SIZE, box=None) -> np.ndarray:
    """Return the data's places of a plane's pixels (..., 2)."""
    (left, right), (low, high) = extent_of(shown) if box is None else box
    x, y = np.moveaxis(np.asarray(pixels, dtype=float), -1, 0)
    return np.stack([left + x / size[0] * (right - left), high - y / size[1] * (high - low)], axis=-1)


def corners_of(path: str) -> np.ndarray:
    """Return the corners (M, 2) of an SVG path of straight lines."""
    return np.array([[float(n) for n in corner.split()] for corner in re.findall(r"[-\d.]+ [-\d.]+", path)])


def where(x: float, y: float) -> str:
    """Return a place in the player's words."""
    return f"({numeral(x, '.4g')}, {numeral(y, '.4g')})"


def css(k: int) -> str:
    """Return component k's colour."""
    return "rgb({}, {}, {})".format(*rgb(PALETTE[k]))
