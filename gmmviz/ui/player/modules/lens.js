// A magnifier: a round window in a corner of the plane on one component, so large that its ellipse can be seen however
// small that is.

import { Layer } from "./layer.js";
import { component, ellipseMatrix } from "./mixture.js";
import { numeral } from "./numbers.js";
import { css, sheet, svg } from "./svg.js";

const RADIUS = 58; // px
const WANTED = 0.42; // of the lens's radius, what 2 standard deviations take
const LEAST = 1.6; // times: what is not much larger in the lens needs none
const NEAR = 400; // points shown at most

export class Lens extends Layer {
  constructor(plane, box) {
    super(plane, box);
    const shapes = sheet(box);
    const { lens: k, palette } = plane;
    this.ring = svg("circle", { class: "stage-lens-place" }, shapes);
    this.lead = svg("line", { class: "stage-lens-place" }, shapes);
    this.group = svg("g", {}, shapes);
    this.glass = svg("circle", { class: "stage-lens-glass" }, this.group);
    const clip = svg("clipPath", { id: `lens-${Lens.made++}` }, shapes);
    this.hole = svg("circle", {}, clip);
    this.view = svg("g", { "clip-path": `url(#${clip.id})` }, this.group);
    this.points = svg("path", { class: "stage-lens-points" }, this.view);
    this.rings = svg("g", { class: "stage-rings", stroke: css(palette[k]), fill: css(palette[k]) }, this.view);
    for (const r of plane.rings) svg("circle", { r, class: `stage-ring-${r}` }, this.rings);
    this.rim = svg("circle", { class: "stage-lens-rim" }, this.group);
    this.text = svg("text", { class: "stage-lens-text" }, this.group);
  }

  fit(place) {
    super.fit(place);
    this.radius = RADIUS * this.size;
    const edge = this.radius + 10;
    const [left, right, top, bottom] = [edge, this.width - edge, edge, this.height - edge - 16 * this.size];
    const { xs, ys } = this.plane;
    const points = Array.from(xs, (x, n) => this.inPixels(x, ys[n]));
    const corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
    this.corners = (left > right || top > bottom ? [] : corners).map(([cx, cy]) => { // none in a plane without room
      const covered = points.filter(([x, y]) => Math.hypot(x - cx, y - cy) < edge).length;
      return { cx, cy, covered };
    });
  }

  // Where the lens stands for a component at x, y: in the corner that has the fewest points, the nearest of these;
  // undefined where it would cover the component in every one.
  cornerFor(x, y) {
    const away = ({ cx, cy }) => Math.hypot(cx - x, cy - y);
    const free = this.corners.filter((corner) => away(corner) > this.radius + 30);
    return free.sort((a, b) => a.covered - b.covered || away(a) - away(b))[0];
  }

  paint({ mixture: now }) {
    const { mean, covariance } = component(this.plane.at(now), this.plane.lens);
    const [x, y] = this.inPixels(mean[0], mean[1]);
    const { radius } = this;
    const { sx, sy } = this.toPixels;
    const widest = 2 * Math.sqrt(Math.max(covariance[0] * sx * sx, covariance[3] * sy * sy));
    this.times = (WANTED * radius) / widest;
    const corner = this.cornerFor(x, y);
    const seen = corner && this.times > LEAST && x >= 0 && y >= 0 && x <= this.width && y <= this.height;
    for (const node of [this.ring, this.lead, this.group]) node.style.display = seen ? "" : "none";
    if (seen) this.look({ mean, covariance, x, y, radius, ...corner });
  }

  look({ mean, covariance, x, y, radius, cx, cy }) {
    const { sx, sy } = this.toPixels;
    const toLens = { x0: cx - this.times * sx * mean[0], sx: this.times * sx, y0: cy - this.times * sy * mean[1], sy: this.times * sy };
    const set = (node, values) => Object.entries(values).forEach(([name, value]) => node.setAttribute(name, value));
    for (const circle of [this.glass, this.hole, this.rim]) set(circle, { cx, cy, r: radius });
    set(this.rings, { transform: `matrix(${ellipseMatrix(mean, covariance, toLens).join(" ")})` });
    const own = 7 * this.size;
    set(this.ring, { cx: x, cy: y, r: own });
    const away = Math.hypot(cx - x, cy - y) || 1;
    const [ux, uy] = [(cx - x) / away, (cy - y) / away];
    set(this.lead, { x1: x + own * ux, y1: y + own * uy, x2: cx - radius * ux, y2: cy - radius * uy });
    set(this.points, { d: this.nearPoints(toLens, cx, cy, radius) });
    set(this.text, { x: cx, y: cy + radius + 14 * this.size });
    this.text.textContent = `${numeral(this.times, 2)} times as large`;
  }

  nearPoints({ x0, sx, y0, sy }, cx, cy, radius) {
    const { xs, ys, N } = this.plane;
    let [path, found] = ["", 0];
    const r = 3.5 * this.size;
    for (let n = 0; n < N && found < NEAR; n++) {
      const [px, py] = [x0 + sx * xs[n], y0 + sy * ys[n]];
      if (Math.hypot(px - cx, py - cy) > radius + r) continue;
      path += `M${(px - r).toFixed(1)} ${py.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
      found++;
    }
    return path;
  }
}
Lens.made = 0;
