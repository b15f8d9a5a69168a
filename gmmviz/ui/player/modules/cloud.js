// The layers of points: those of the data, in the colours of the moment; and new ones, drawn from the mixture.

import { fade, numberTable } from "./colours.js";
import { Layer, Picture } from "./layer.js";
import { cholesky, numeral } from "./numbers.js";
import { paint, place, style } from "./points.js";
import { DARK, css, hex, sheet, svg, where } from "./svg.js";

const REACH = 14; // px around the pointer in which a point is found
const UNKNOWN = "#6b6b6b";

// Points as discs. `drawn`: {xs, ys} (n,), where they stand in the data.
class Discs extends Picture {
  constructor(plane, box, n) {
    super(plane, box, "points");
    this.n = n;
  }

  fit(place_) {
    super.fit(place_);
    this.ratio = window.devicePixelRatio || 1;
    this.look = style(this.n, this.width, this.height, this.unit);
    this.resize(...[this.width, this.height].map((side) => Math.max(1, Math.round(side * this.ratio))));
  }

  // Where the discs fall on the canvas.
  placeDiscs() {
    const { width, height, ratio, look, drawn: { xs, ys } } = this;
    const { x0, sx, y0, sy } = this.fitted; // a drag moves the picture, not what is painted in it
    return place(xs.map((x) => x0 + sx * x), ys.map((y) => y0 + sy * y), { width, height, ratio, ...look });
  }

  // The point nearest to a place in px, if one is within reach: its number, else -1.
  nearest(x, y, reach = REACH) {
    const { xs, ys } = this.drawn;
    const { x0, sx, y0, sy } = this.toPixels;
    let [best, found] = [reach * reach, -1];
    for (let n = 0; n < this.n; n++) {
      const [dx, dy] = [x0 + sx * xs[n] - x, y0 + sy * ys[n] - y];
      const squared = dx * dx + dy * dy;
      if (squared <= best) [best, found] = [squared, n];
    }
    return found;
  }

  at(x, y) {
    const n = this.nearest(x, y);
    if (n < 0) return null;
    const [px, py] = this.inPixels(this.drawn.xs[n], this.drawn.ys[n]);
    return { ...this.told(n), point: n, x: px, y: py };
  }

  // `color`: of each, as CSS.
  standingIn(color) {
    const [x, y] = [this.drawn.xs, this.drawn.ys].map((values) => Array.from(values));
    const marker = { size: 2 * this.look.radius, opacity: this.look.opacity, color, line: { width: 0 } };
    return { traces: [{ mode: "markers", x, y, marker }] };
  }
}

// All points of the data.
export class Points extends Discs {
  constructor(plane, box) {
    super(plane, box, plane.N);
    this.drawn = plane;
    this.out = new Uint32Array(plane.N);
  }

  fit(place_) {
    super.fit(place_);
    this.placement = this.placeDiscs();
  }

  paint({ colours }) {
    this.colours = colours;
    const { from, to, fade: share } = colours;
    const { table, codes } = this.plane;
    this.show({ from, to, share }, () => {
      fade(table, codes(from), codes(to), share, this.out);
      paint(this.placement, this.out, this.image);
    });
  }

  // The shares (K,) of point n that its colour shows; null where it has none yet.
  shares(n) {
    const { from, to, fade: share } = this.colours;
    const t = share < 0.5 ? from : to;
    return t < 0 ? null : this.plane.sharesOf(n, t);
  }

  // Of one dimension; in a plane the hand tells of a point.
  told(n) {
    const { xs, heights } = this.plane;
    if (!heights) return {};
    const { who, colour } = this.belonging(n);
    return { text: `${who}<br>point ${n + 1}: x = ${numeral(xs[n], 6)}`, colour };
  }

  belonging(n) {
    const shares = this.shares(n);
    if (!shares) return { who: "not assigned yet: the first E-step comes next", colour: UNKNOWN };
    const first = shares.indexOf(Math.max(...shares));
    const who = `component ${this.plane.numberOf(first)}, ${(100 * shares[first]).toFixed(1)}% sure`;
    return { who, colour: css(this.plane.palette[first]) };
  }

  standing() {
    return this.standingIn(Array.from(this.out, hex));
  }
}

// New points (n,), drawn from the mixture of the moment by the same random numbers at every moment: `uniforms` (n,)
// choose the components, `normals` (2, n) the places, as gmmviz.density.placed does.
export class Draws extends Discs {
  constructor(plane, box) {
    super(plane, box, plane.uniforms.length);
    this.table = numberTable(plane.palette);
  }

  paint({ mixture: now }) {
    const { uniforms, normals } = this.plane;
    this.show(now, () => {
      this.drawn = drawn(this.plane.at(now), uniforms, normals);
      const colours = Uint32Array.from(this.drawn.components, (k) => this.table[k]);
      paint(this.placeDiscs(), colours, this.image);
    });
  }

  told(n) {
    const { xs, ys, components } = this.drawn;
    const { palette, numberOf } = this.plane;
    const k = components[n];
    return { text: `drawn from component ${numberOf(k)}<br>${where(xs[n], ys[n])}`, colour: css(palette[k]) };
  }

  standing() {
    return this.standingIn(Array.from(this.drawn.components, (k) => css(this.plane.palette[k])));
  }
}

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

export const STAR = Array.from({ length: 10 }, (_, i) => {
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
    return { text: `the new point<br>${where(...this.plane.spot)}`, colour: DARK, x: px, y: py };
  }

  standing() {
    const [x, y] = this.plane.spot;
    const marker = { symbol: "star", size: 17, color: "#ffffff", line: { width: 2, color: "#000000" } };
    return { traces: [{ mode: "markers", x: [x], y: [y], marker }] };
  }
}
