// The layers of one dimension: the components' curves and their sum, and the marked point with its densities.

import { componentCurves, sumCurve, areaPath, linePath } from "./curves.js";
import { weightedDensities } from "./expectation.js";
import { Layer } from "./layer.js";
import { numeral } from "./numbers.js";
import { LINE, css, sheet, svg, translucent } from "./svg.js";

const FLAT = 0.75; // px over the ground below which a curve is not drawn: it would colour the axis

export class Curves extends Layer {
  constructor(plane, box) {
    super(plane, box);
    const shapes = sheet(box);
    const colours = plane.palette.slice(0, plane.K).map(css);
    this.areas = colours.map((fill) => svg("path", { class: "stage-area", fill }, shapes));
    this.sum = svg("path", { class: "stage-sum" }, shapes);
    this.lines = colours.map((stroke) => svg("path", { class: "stage-line", stroke }, shapes));
  }

  paint({ mixture: now }) {
    const mixture = this.plane.at(now);
    const curves = componentCurves(mixture).map((curve) => this.raised(curve));
    this.painted = { curves, sum: this.raised(sumCurve(mixture)) };
    curves.forEach((curve, k) => {
      this.areas[k].setAttribute("d", areaPath(curve, this.toPixels));
      this.lines[k].setAttribute("d", linePath(curve, this.toPixels));
    });
    this.sum.setAttribute("d", linePath(this.painted.sum, this.toPixels));
  }

  // The part of a curve that rises over the ground; the sum of two far ones may have a gap, where it is left out.
  raised({ x, y }) {
    const least = FLAT / Math.abs(this.toPixels.sy);
    const [first, last] = [y.findIndex((height) => height > least), y.findLastIndex((height) => height > least)];
    return { x: x.subarray(Math.max(0, first - 1), last + 2), y: y.subarray(Math.max(0, first - 1), last + 2) };
  }

  standing() {
    const { curves, sum } = this.painted;
    const { palette } = this.plane;
    const line = ({ x, y }, rest) => ({ mode: "lines", x: Array.from(x), y: Array.from(y), ...rest });
    const components = curves.map((curve, k) => {
      const fillcolor = translucent(palette[k], getComputedStyle(this.areas[k]).fillOpacity);
      return line(curve, { line: { color: css(palette[k]), width: 2.5 }, fill: "tozeroy", fillcolor });
    });
    return { traces: [line(sum, { line: { color: LINE, width: 2, dash: "dot" } }), ...components] };
  }
}

// A ring around the marked point, a line up through the curves, and a dot where it meets each: that point's row of the
// table.
export class Marked extends Layer {
  constructor(plane, box) {
    super(plane, box);
    const shapes = sheet(box);
    this.line = svg("line", { class: "stage-marked" }, shapes);
    this.ring = svg("circle", { class: "stage-marked" }, shapes);
    const colours = [...plane.palette.slice(0, plane.K).map(css), LINE];
    this.dots = colours.map((fill) => svg("circle", { class: "stage-dot", fill }, shapes));
  }

  paint({ mixture: now }) {
    const { xs, ys, row, top } = this.plane;
    const parts = weightedDensities([xs[row]], this.plane.at(now));
    this.heights = [...parts, parts.reduce((sum, part) => sum + part, 0)];
    const [x, y] = this.inPixels(xs[row], ys[row]);
    this.places = this.heights.map((height) => this.inPixels(xs[row], height));
    const set = (node, values) => Object.entries(values).forEach(([name, value]) => node.setAttribute(name, value.toFixed(2)));
    set(this.line, { x1: x, x2: x, y1: y, y2: this.inPixels(0, 1.1 * top)[1] });
    set(this.ring, { cx: x, cy: y, r: 9 * this.size });
    this.dots.forEach((dot, k) => {
      const [cx, cy] = this.places[k];
      set(dot, { cx, cy, r: 4.5 * this.size });
    });
  }

  at(x, y) {
    const k = this.places.findLastIndex(([px, py]) => Math.hypot(px - x, py - y) <= 5 * this.size);
    if (k < 0) return null;
    const { K, palette, numberOf } = this.plane;
    const what = k < K ? `component ${numberOf(k)}` : "the sum";
    const text = `the marked point, ${what}<br>weighted density ${numeral(this.heights[k])}`;
    const [px, py] = this.places[k];
    return { text, colour: k < K ? css(palette[k]) : "#5a626b", x: px, y: py };
  }

  standing() {
    const { xs, ys, row, top, K, palette } = this.plane;
    const line = { mode: "lines", x: [xs[row], xs[row]], y: [ys[row], 1.1 * top], line: { color: LINE, width: 1 } };
    const ring = { mode: "markers", x: [xs[row]], y: [ys[row]], marker: { symbol: "circle-open", size: 18, color: LINE, line: { width: 3 } } };
    const color = [...palette.slice(0, K).map(css), LINE];
    const dots = { mode: "markers", x: this.heights.map(() => xs[row]), y: this.heights, marker: { size: 9, color } };
    return { traces: [line, ring, dots] };
  }
}
