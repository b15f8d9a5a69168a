// The layers of points: those of the data, in the colours of the moment; and new ones, drawn from the mixture.

import { fade } from "./colours.js";
import { Layer, Picture } from "./layer.js";
import { responsibilitiesAt } from "./mixture.js";
import { cholesky, numeral } from "./numbers.js";
import { paint, place, style } from "./points.js";
import { css, hex, sheet, svg, where } from "./svg.js";

const REACH = 14; // px around the pointer in which a point is found
const UNKNOWN = "#6b6b6b";

// All points of the data.
export class Points extends Picture {
  constructor(plane, box) {
    super(plane, box, "points");
    this.out = new Uint32Array(plane.N);
  }

  fit(place_) {
    super.fit(place_);
    const { xs, ys, N } = this.plane;
    const { x0, sx, y0, sy } = this.toPixels;
    const px = Float64Array.from(xs, (x) => x0 + sx * x);
    const py = Float64Array.from(ys, (y) => y0 + sy * y);
    this.look = style(N, this.width, this.height);
    const ratio = window.devicePixelRatio || 1;
    this.placement = place(px, py, { width: this.width, height: this.height, ratio, ...this.look });
    this.resize(this.placement.width, this.placement.height);
    this.painted = null;
  }

  paint({ colours }) {
    this.colours = colours;
    const { from, to, fade: share } = colours;
    const name = from === to ? `${from}` : `${from} ${to} ${share}`;
    if (this.painted === name) return;
    const { table, codes } = this.plane;
    fade(table, codes(from), codes(to), share, this.out);
    paint(this.placement, this.out, this.image);
    this.put();
    this.painted = name;
  }

  // The point nearest to a place in px, if one is within reach: its number, else -1.
  nearest(x, y, reach = REACH) {
    const { xs, ys, N } = this.plane;
    const { x0, sx, y0, sy } = this.toPixels;
    let [best, found] = [reach * reach, -1];
    for (let n = 0; n < N; n++) {
      const [dx, dy] = [x0 + sx * xs[n] - x, y0 + sy * ys[n] - y];
      const squared = dx * dx + dy * dy;
      if (squared <= best) [best, found] = [squared, n];
    }
    return found;
  }

  // The shares (K,) of point n that its colour shows; null where it has none yet.
  shares(n) {
    const { from, to, fade: share } = this.colours;
    const t = share < 0.5 ? from : to;
    const { mixtures, point } = this.plane;
    if (t < 0) return null;
    if (mixtures) return responsibilitiesAt(point(n), mixtures.at(t));
    const own = this.plane.codes(t)[n] - 1;
    return Float64Array.from({ length: this.plane.K }, (_, k) => Number(k === own));
  }

  at(x, y) {
    const n = this.nearest(x, y);
    if (n < 0) return null;
    const { plane } = this;
    const [px, py] = this.inPixels(plane.xs[n], plane.ys[n]);
    const place = plane.heights ? `point ${n + 1}: x = ${numeral(plane.xs[n], 6)}` : where(plane.xs[n], plane.ys[n]);
    const told = plane.colour === "none" ? { who: "", colour: UNKNOWN } : this.belonging(n);
    return { text: [told.who, place].filter(Boolean).join("<br>"), colour: told.colour, x: px, y: py };
  }

  belonging(n) {
    const shares = this.shares(n);
    if (!shares) return { who: "not assigned yet: the first E-step comes next", colour: UNKNOWN };
    const first = shares.indexOf(Math.max(...shares));
    const who = this.plane.mixtures
      ? `component ${this.plane.numberOf(first)}, ${(100 * shares[first]).toFixed(1)}% sure`
      : `cluster ${this.plane.numberOf(first)}, and nothing else`;
    return { who, colour: css(this.plane.palette[first]) };
  }

  standing() {
    const marker = { size: 2 * this.look.radius, opacity: this.look.opacity, color: Array.from(this.out, hex), line: { width: 0 } };
    return { traces: [{ mode: "markers", x: Array.from(this.plane.xs), y: Array.from(this.plane.ys), marker }] };
  }
}


// New points (n,), drawn from the mixture of the moment by the same random numbers at every moment: `uniforms` (n,)
// choose the components, `normals` (2, n) the places, as gmmviz.density.sample does.
export class Draws extends Picture {
  constructor(plane, box) {
    super(plane, box, "points");
  }

  fit(place_) {
    super.fit(place_);
    this.ratio = window.devicePixelRatio || 1;
    this.look = style(this.plane.uniforms.length, this.width, this.height);
    this.resize(Math.round(this.width * this.ratio), Math.round(this.height * this.ratio));
    this.painted = null;
  }

  paint({ mixture: now }) {
    const name = now.from === now.to ? `${now.from}` : `${now.from} ${now.to} ${now.share}`;
    if (this.painted === name) return;
    const { uniforms, normals, palette } = this.plane;
    this.drawn = drawn(this.plane.at(now), uniforms, normals);
    const { xs, ys, components } = this.drawn;
    const { x0, sx, y0, sy } = this.fitted; // a drag moves the picture, not what is painted in it
    const sizes = { width: this.width, height: this.height, ratio: this.ratio, ...this.look };
    const placement = place(xs.map((x) => x0 + sx * x), ys.map((y) => y0 + sy * y), sizes);
    const colours = Uint32Array.from(components, (k) => packed(palette[k]));
    paint(placement, colours, this.image);
    this.put();
    this.painted = name;
  }

  at(x, y) {
    const { xs, ys, components } = this.drawn;
    let [best, n] = [REACH * REACH, -1];
    xs.forEach((_, i) => {
      const [px, py] = this.inPixels(xs[i], ys[i]);
      const squared = (px - x) ** 2 + (py - y) ** 2;
      if (squared <= best) [best, n] = [squared, i];
    });
    if (n < 0) return null;
    const [px, py] = this.inPixels(xs[n], ys[n]);
    const text = `drawn from component ${components[n] + 1}<br>${where(xs[n], ys[n])}`;
    return { text, colour: css(this.plane.palette[components[n]]), x: px, y: py };
  }

  standing() {
    const { xs, ys, components } = this.drawn;
    const color = Array.from(components, (k) => css(this.plane.palette[k]));
    const marker = { size: 2 * this.look.radius, opacity: this.look.opacity, color, line: { width: 0 } };
    return { traces: [{ mode: "markers", x: Array.from(xs), y: Array.from(ys), marker }] };
  }
}

const packed = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

// {xs, ys, components} of n points drawn from a mixture (D = 2).
export function drawn({ K, weights, means, covariances }, uniforms, normals) {
  const n = uniforms.length;
  const sums = new Float64Array(K);
  weights.reduce((sum, weight, k) => (sums[k] = sum + weight), 0);
  const ends = sums.map((sum) => sum / sums[K - 1]);
  const roots = Array.from({ length: K }, (_, k) => cholesky(covariances.subarray(4 * k, 4 * k + 4), 2) ?? [0, 0, 0, 0]);
  const [xs, ys, components] = [new Float64Array(n), new Float64Array(n), new Uint8Array(n)];
  for (let i = 0; i < n; i++) {
    const k = (components[i] = ends.findIndex((end) => uniforms[i] < end)); // uniforms are below 1, the last end
    const [root, z1, z2] = [roots[k], normals[i], normals[n + i]];
    xs[i] = means[2 * k] + root[0] * z1;
    ys[i] = means[2 * k + 1] + root[2] * z1 + root[3] * z2;
  }
  return { xs, ys, components };
}

const STAR = Array.from({ length: 10 }, (_, i) => {
  const [r, turn] = [i % 2 ? 0.45 : 1, (Math.PI * i) / 5];
  return `${i ? "L" : "M"}${(r * Math.sin(turn)).toFixed(3)} ${(-r * Math.cos(turn)).toFixed(3)}`;
}).join("") + "Z";

// A star at a place of the reader's own.
export class Spot extends Layer {
  constructor(plane, box) {
    super(plane, box);
    this.star = svg("path", { class: "stage-star", d: STAR }, sheet(box));
  }

  paint() {
    const [x, y] = this.inPixels(...this.plane.spot);
    this.star.setAttribute("transform", `translate(${x} ${y}) scale(${11 * this.size})`);
  }

  at(x, y) {
    const [px, py] = this.inPixels(...this.plane.spot);
    if (Math.hypot(px - x, py - y) > 10 * this.size) return null;
    return { text: `the new point<br>${where(...this.plane.spot)}`, colour: "#30363d", x: px, y: py };
  }

  standing() {
    const [x, y] = this.plane.spot;
    const marker = { symbol: "star", size: 17, color: "#ffffff", line: { width: 2, color: "#000000" } };
    return { traces: [{ mode: "markers", x: [x], y: [y], marker }] };
  }
}
