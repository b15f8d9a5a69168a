// The stage: what moves in a film's planes, over Plotly's grid and under its hover. It paints the picture at any real
// position of the film as a pure function of that position; nothing in it knows of time, buttons or Plotly.

import { belongingTable, fade, numberTable, shareTable } from "./colours.js";
import { between, eStep, ellipseMatrix, marginal, readMixtures, responsibilitiesAt } from "./mixture.js";
import { shapeOf, unpack } from "./numbers.js";
import { paint, place, style } from "./points.js";
import { moment } from "./timeline.js";

const SVG = "http://www.w3.org/2000/svg";
const RINGS = [1, 2, 3]; // standard deviations
const KEPT = 4e7; // bytes of colour codes that are kept

// What Python sends, ready to be painted from: {T, K, N, mode, mixtures, xs, ys, colours(t), table, ...}.
export function readScene({ scene, data }) {
  const mixtures = readMixtures(scene.mixtures);
  const features = unpack(scene.points);
  const [D, N] = shapeOf(scene.points, features.length);
  const [across, up] = scene.plane;
  const feature = (i) => features.subarray(i * N, (i + 1) * N);
  return {
    ...scene, mixtures, features, curves: scene.curves.map((curve) => readCurve(curve, data)), N, D, T: mixtures.T, K: mixtures.K,
    xs: feature(across), ys: feature(up),
    point: (n) => Float64Array.from({ length: D }, (_, i) => features[i * N + n]),
    ...colouring(scene, mixtures, features, N),
  };
}

// {axes, values}: the heights of the curve that Plotly draws as `trace`, as its axis has them, of every iteration.
function readCurve({ axes, trace, log }, traces) {
  const numbers = unpack(traces.find(({ name }) => name === trace).y);
  return { axes, values: log ? numbers.map(Math.log10) : numbers };
}

// {table, codes(t)}: what of each point at iteration t is looked up in the table; codes(-1): nothing yet.
function colouring({ colour, member, labels, label_colours, palette, grey, ...scene }, mixtures, features, N) {
  if (colour === "truth") {
    const numbers = unpack(labels);
    return { table: numberTable(label_colours), codes: () => numbers };
  }
  const membership = colour === "membership";
  const kept = new Map();
  const most = Math.max(8, Math.floor(KEPT / (2 * N)));
  const codes = (t) => {
    if (t < 0) return null;
    if (!kept.has(t)) {
      if (kept.size >= most) kept.delete(kept.keys().next().value);
      const found = eStep(features, mixtures.at(t), membership ? { member } : {});
      kept.set(t, membership ? found.shares : found.codes);
    }
    return kept.get(t);
  };
  const table = membership
    ? shareTable(palette[member], grey)
    : belongingTable(palette, grey, mixtures.K, colour === "responsibility");
  return { table, codes };
}

// --- Elements --------------------------------------------------------------------------------------------------------

function svg(name, attributes = {}, parent = null) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}

const css = ([red, green, blue]) => `rgb(${red}, ${green}, ${blue})`;

export class Stage {
  // `plane` is a box over the plane, cut off at its edges; `curves` boxes over the curves, one for each of the scene's.
  constructor(scene, plane, curves) {
    Object.assign(this, { scene });
    this.canvas = document.createElement("canvas");
    this.svg = svg("svg", { class: "stage-shapes" });
    plane.replaceChildren(this.canvas, this.svg);
    this.rings = scene.palette.slice(0, scene.K).map((colour) => this.ringsOf(colour));
    this.paths = scene.palette.slice(0, scene.K).map(() => svg("path", { class: "stage-path" }, this.svg));
    this.discs = scene.palette.slice(0, scene.K).map((colour, k) => this.discOf(colour, k + 1));
    this.out = new Uint32Array(scene.N);
    this.markers = curves.map((box) => {
      const shapes = svg("svg", { class: "stage-shapes" });
      box.replaceChildren(shapes);
      return svg("circle", { class: "stage-marker" }, shapes);
    });
  }

  ringsOf(colour) {
    const group = svg("g", { class: "stage-rings", stroke: css(colour), fill: css(colour) }, this.svg);
    for (const r of RINGS) svg("circle", { r, class: `stage-ring-${r}` }, group);
    return group;
  }

  discOf(colour, number) {
    const group = svg("g", { class: "stage-disc" }, this.svg);
    svg("circle", { fill: css(colour) }, group);
    svg("text", {}, group).textContent = number;
    return group;
  }

  // Where things stand in pixels: the plane's size and `toPixels`, and the curves' `toPixels`.
  fit({ width, height, toPixels }, curvesToPixels) {
    Object.assign(this, { toPixels, curvesToPixels });
    const { xs, ys, N } = this.scene;
    const ratio = window.devicePixelRatio || 1;
    const { x0, sx, y0, sy } = toPixels;
    const px = Float64Array.from(xs, (x) => x0 + sx * x);
    const py = Float64Array.from(ys, (y) => y0 + sy * y);
    this.look = style(N, width, height);
    this.placement = place(px, py, { width, height, ratio, ...this.look });
    Object.assign(this.canvas, { width: this.placement.width, height: this.placement.height });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px`, transform: "" });
    this.image = new ImageData(this.placement.width, this.placement.height);
    this.size = Math.min(1.8, Math.max(0.85, Math.sqrt(width * height) / 560));
    this.svg.style.setProperty("--mark", this.size);
    for (const disc of this.discs) {
      disc.firstChild.setAttribute("r", 10 * this.size);
      disc.lastChild.setAttribute("font-size", 12 * this.size);
    }
    for (const marker of this.markers) marker.setAttribute("r", 5.5 * this.size);
    this.fitted = { width, height, toPixels };
    this.painted = null;
    this.traced = -1;
  }

  // While the plane is dragged or zoomed: shapes follow exactly, the canvas as a picture until `fit`.
  drag(toPixels) {
    const { toPixels: old } = this.fitted;
    const [ax, ay] = [toPixels.sx / old.sx, toPixels.sy / old.sy];
    this.canvas.style.transformOrigin = "0 0";
    this.canvas.style.transform =
      `matrix(${ax}, 0, 0, ${ay}, ${toPixels.x0 - ax * old.x0}, ${toPixels.y0 - ay * old.y0})`;
    this.toPixels = toPixels;
    this.traced = -1;
  }

  mixtureAt({ mixture: { from, to, share } }) {
    const { mixtures, plane } = this.scene;
    if (share > 0) return between(mixtures.at(from), mixtures.at(to), share, plane);
    const own = mixtures.at(from);
    return own.D === 2 && plane[0] === 0 && plane[1] === 1 ? own : marginal(own, plane);
  }

  // Paints the film at a real position.
  paint(position) {
    const now = moment(position, this.scene.mode);
    this.paintPoints(now.colours);
    this.paintGaussians(this.mixtureAt(now), now.mixture);
    this.scene.curves.forEach((curve, i) => this.paintMarker(this.markers[i], curve, this.curvesToPixels[i], now.mixture));
    this.position = position;
  }

  paintPoints({ from, to, fade: share }) {
    const name = `${from} ${to} ${share}`;
    if (this.painted === name || !this.placement) return;
    const { table, codes } = this.scene;
    fade(table, codes(from), codes(to), share, this.out);
    paint(this.placement, this.out, this.image);
    this.canvas.getContext("2d").putImageData(this.image, 0, 0);
    this.painted = name;
  }

  paintGaussians({ weights, means, covariances }, { from }) {
    const { K } = this.scene;
    for (let k = 0; k < K; k++) {
      const mean = means.subarray(2 * k, 2 * k + 2);
      const matrix = ellipseMatrix(mean, covariances.subarray(4 * k, 4 * k + 4), this.toPixels);
      this.rings[k].setAttribute("transform", `matrix(${matrix.join(" ")})`);
      this.rings[k].setAttribute("opacity", 0.3 + 0.7 * Math.sqrt(Math.min(1, K * weights[k])));
      const [x, y] = this.inPixels(mean[0], mean[1]);
      this.discs[k].setAttribute("transform", `translate(${x} ${y})`);
      this.paths[k].setAttribute("d", `${this.trail(k, from)} L${x} ${y}`);
    }
  }

  inPixels(x, y) {
    const { x0, sx, y0, sy } = this.toPixels;
    return [(x0 + sx * x).toFixed(2), (y0 + sy * y).toFixed(2)];
  }

  // The way of mean k up to iteration t, as an SVG path; made once for each t.
  trail(k, t) {
    if (this.traced !== t) {
      this.trails = this.rings.map((_, j) => {
        const corners = [];
        for (let i = 0; i <= t; i++) {
          const { means, D } = this.scene.mixtures.at(i);
          const [across, up] = this.scene.plane;
          corners.push(this.inPixels(means[j * D + across], means[j * D + up]).join(" "));
        }
        return `M${corners.join("L")}`;
      });
      this.traced = t;
    }
    return this.trails[k];
  }

  // Puts a marker on its curve, between two iterations on the line that is drawn there.
  paintMarker(marker, { values }, { x0, sx, y0, sy }, { from, to, share }) {
    const { iterations } = this.scene;
    const x = iterations[from] + share * (iterations[to] - iterations[from]);
    const [low, high] = [Math.floor(x), Math.min(Math.floor(x) + 1, values.length - 1)];
    const y = values[low] + (x - low) * (values[high] - values[low]);
    marker.setAttribute("cx", (x0 + sx * x).toFixed(2));
    marker.setAttribute("cy", (y0 + sy * y).toFixed(2));
  }

  // --- What is under the hand ---

  // The point nearest to a place in the plane, in pixels, if one is within reach: its number, else -1.
  nearest(x, y, reach = 14) {
    const { xs, ys, N } = this.scene;
    const { x0, sx, y0, sy } = this.toPixels;
    let [best, found] = [reach * reach, -1];
    for (let n = 0; n < N; n++) {
      const [dx, dy] = [x0 + sx * xs[n] - x, y0 + sy * ys[n] - y];
      const squared = dx * dx + dy * dy;
      if (squared <= best) [best, found] = [squared, n];
    }
    return found;
  }

  // The mean under a place in the plane, in pixels: its component, else -1.
  meanAt(x, y) {
    const { means } = this.mixtureAt(moment(this.position, this.scene.mode));
    const { x0, sx, y0, sy } = this.toPixels;
    for (let k = this.scene.K - 1; k >= 0; k--) {
      const [dx, dy] = [x0 + sx * means[2 * k] - x, y0 + sy * means[2 * k + 1] - y];
      if (Math.hypot(dx, dy) <= 10 * this.size) return k;
    }
    return -1;
  }

  // The shares of point n that its colour shows at a position; null where it has none yet.
  shares(n, position) {
    const { from, to, fade: share } = moment(position, this.scene.mode).colours;
    const t = share < 0.5 ? from : to;
    return t < 0 ? null : responsibilitiesAt(this.scene.point(n), this.scene.mixtures.at(t));
  }
}

// Each point's colour at a stop as "#rrggbb", for a picture that Plotly draws alone.
export function pointColours({ table, codes, N }, { from }) {
  const found = codes(from);
  const colour = (rgba) => "#" + [rgba, rgba >>> 8, rgba >>> 16].map((part) => (part & 255).toString(16).padStart(2, "0")).join("");
  return Array.from({ length: N }, (_, n) => colour(table[found ? found[n] : 0]));
}
