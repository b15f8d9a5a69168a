// The layers of what moves: Gaussians with the paths of their means, and the numbered discs that stand at means and
// centres.

import { apart } from "./apart.js";
import { Layer } from "./layer.js";
import { component, ellipseMatrix } from "./mixture.js";
import { numeral } from "./numbers.js";
import { LINE, css, sheet, svg, translucent, where } from "./svg.js";

export const DISC = 10; // px, the radius of a disc
const STANDING = { x0: 0, sx: 1, y0: 0, sy: 1 }; // the data's own units, in the place of pixels
const WIDTHS = { 1: 1, 2: 2.25, 3: 1 }; // px, of the rings in a file
const CIRCLE = Array.from({ length: 65 }, (_, i) => (2 * Math.PI * i) / 64);

// How strongly a component is drawn: one with little weight faintly.
export const strength = (weight, K) => 0.3 + 0.7 * Math.sqrt(Math.min(1, K * weight));

// The ellipses of `rings` standard deviations.
export class Gaussians extends Layer {
  constructor(plane, box) {
    super(plane, box);
    const shapes = sheet(box);
    this.groups = plane.palette.slice(0, plane.K).map((colour) => {
      const group = svg("g", { class: "stage-rings", stroke: css(colour), fill: css(colour) }, shapes);
      for (const r of plane.rings) svg("circle", { r, class: `stage-ring-${r}` }, group);
      return group;
    });
  }

  paint({ mixture: now }) {
    this.mixture = this.plane.at(now);
    this.groups.forEach((group, k) => {
      const { weight, mean, covariance } = component(this.mixture, k);
      group.setAttribute("transform", `matrix(${ellipseMatrix(mean, covariance, this.toPixels).join(" ")})`);
      group.setAttribute("opacity", strength(weight, this.plane.K));
    });
  }

  standing() {
    const { K, palette, rings } = this.plane;
    const traces = this.groups.flatMap((group, k) => {
      const { weight, mean, covariance } = component(this.mixture, k);
      const [matrix, opacity] = [ellipseMatrix(mean, covariance, STANDING), strength(weight, K)];
      return rings.map((r, i) => ring(matrix, r, palette[k], opacity, getComputedStyle(group.children[i])));
    });
    return { traces };
  }
}

// One ring of r standard deviations as Plotly draws it, as strong as its style makes it on the stage.
function ring([a, b, c, d, e, f], r, colour, opacity, { strokeOpacity, fillOpacity }) {
  return {
    mode: "lines", opacity,
    x: CIRCLE.map((at) => e + r * (a * Math.cos(at) + c * Math.sin(at))),
    y: CIRCLE.map((at) => f + r * (b * Math.cos(at) + d * Math.sin(at))),
    line: { width: WIDTHS[r], color: translucent(colour, strokeOpacity) },
    ...(r === 1 && { fill: "toself", fillcolor: translucent(colour, fillOpacity) }),
  };
}

// Where discs of a radius stand whose own places are [[x, y], ...], in px: beside one another, and to the right of and
// above an ellipse of theirs, of covariances (K, 2, 2), that is smaller than the disc.
export function discPlaces(own, { covariances }, { sx }, radius) {
  const away = own.map((_, k) => {
    if (!covariances) return 0;
    const widest = 2 * Math.abs(sx) * Math.sqrt(Math.max(covariances[4 * k], covariances[4 * k + 3]));
    return 1.5 * radius * Math.min(1, Math.max(0, 2 - widest / radius));
  });
  return apart(own.map(([x], k) => x + away[k]), own.map(([, y], k) => y - away[k]), radius);
}

// Numbered discs at means or, square, at centres; grey lines where they have been. One that would cover another, or an
// ellipse smaller than itself, steps aside, and a line leads to its own place.
export class Means extends Layer {
  constructor(plane, box) {
    super(plane, box);
    const shapes = sheet(box);
    const colours = plane.palette.slice(0, plane.K);
    this.paths = plane.heights ? [] : colours.map(() => svg("path", { class: "stage-path" }, shapes));
    this.leads = colours.map((colour) => {
      const lead = svg("g", { class: "stage-lead", stroke: css(colour), fill: css(colour) }, shapes);
      svg("line", {}, lead), svg("circle", { r: 2.5 }, lead);
      return lead;
    });
    this.discs = colours.map((colour, k) => {
      const group = svg("g", { class: "stage-disc" }, shapes);
      svg(plane.centres ? "rect" : "circle", { fill: css(colour) }, group);
      svg("text", {}, group).textContent = plane.numberOf(k);
      return group;
    });
  }

  fit(place) {
    super.fit(place);
    this.traced = -1;
    this.radius = DISC * this.size;
    for (const { firstChild: disc } of this.discs) {
      if (disc.tagName === "circle") disc.setAttribute("r", this.radius);
      else for (const [name, value] of Object.entries(square(0.9 * this.radius))) disc.setAttribute(name, value);
    }
  }

  drag(toPixels) {
    super.drag(toPixels);
    this.traced = -1;
  }

  renew() {
    this.traced = -1;
  }

  paint({ mixture: now }) {
    this.now = now;
    const mixture = this.plane.at(now);
    this.own = this.placesOf(mixture);
    this.places = discPlaces(this.own, this.plane.heights ? {} : mixture, this.toPixels, this.radius);
    this.discs.forEach((disc, k) => {
      const [[x, y], [px, py]] = [this.own[k], this.places[k]];
      disc.setAttribute("transform", `translate(${px.toFixed(2)} ${py.toFixed(2)})`);
      const led = Math.hypot(px - x, py - y) > 0.5;
      this.leads[k].style.display = led ? "" : "none";
      if (led) this.lead(this.leads[k], x, y, px, py);
      this.paths[k]?.setAttribute("d", `${this.trail(k, now.from)} L${x.toFixed(2)} ${y.toFixed(2)}`);
    });
  }

  // Each mean's own place, in px; of one dimension at the top of its curve.
  placesOf({ K, means, weights, covariances }) {
    if (!this.plane.heights) return Array.from({ length: K }, (_, k) => this.inPixels(means[2 * k], means[2 * k + 1]));
    return Array.from({ length: K }, (_, k) => {
      const peak = weights[k] / Math.sqrt(2 * Math.PI * covariances[k]);
      return this.inPixels(means[k], Math.min(peak, this.plane.top));
    });
  }

  lead(node, x, y, px, py) {
    const [line, dot] = node.children;
    for (const [name, value] of Object.entries({ x1: x, y1: y, x2: px, y2: py })) line.setAttribute(name, value.toFixed(2));
    dot.setAttribute("cx", x.toFixed(2));
    dot.setAttribute("cy", y.toFixed(2));
  }

  // The way of mean k up to iteration t, as an SVG path; made once for each t.
  trail(k, t) {
    if (this.traced !== t) {
      const corners = Array.from({ length: t + 1 }, (_, i) => this.plane.meansOf(i));
      this.trails = this.discs.map((_, j) => {
        const places = corners.map((means) => this.inPixels(means[2 * j], means[2 * j + 1]));
        return `M${places.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}`;
      });
      this.traced = t;
    }
    return this.trails[k];
  }

  at(x, y) {
    const k = this.places.findLastIndex(([px, py]) => Math.hypot(px - x, py - y) <= this.radius);
    if (k < 0) return null;
    const [mx, my] = this.inData(...this.own[k]);
    const what = this.plane.centres ? "centre of cluster" : "mean of component";
    const text = `${what} ${this.plane.numberOf(k)}<br>${this.plane.heights ? numeral(mx, 6) : where(mx, my)}`;
    const [px, py] = this.places[k];
    return { text, colour: css(this.plane.palette[k]), x: px, y: py };
  }

  standing() {
    const { K, palette, centres, heights } = this.plane;
    const colours = palette.slice(0, K).map(css);
    const places = this.places.map((place) => this.inData(...place));
    const ways = heights ? [] : Array.from({ length: K }, (_, k) => {
      const means = Array.from({ length: this.now.from + 1 }, (_, t) => this.plane.meansOf(t));
      const own = this.inData(...this.own[k]);
      const line = { color: LINE, width: 1.5 };
      return { mode: "lines", line, x: [...means.map((m) => m[2 * k]), own[0]], y: [...means.map((m) => m[2 * k + 1]), own[1]] };
    });
    const discs = {
      mode: "markers+text", x: places.map(([x]) => x), y: places.map(([, y]) => y), text: colours.map((_, k) => String(this.plane.numberOf(k))),
      textfont: { color: "#ffffff", size: 12, weight: "bold" },
      marker: { size: 20, symbol: centres ? "square" : "circle", color: colours, opacity: 1, line: { width: 1.5, color: "#ffffff" } },
    };
    return { traces: [...ways, discs] };
  }
}

const square = (half) => ({ x: -half, y: -half, width: 2 * half, height: 2 * half, rx: 2 });
