// The layer of a point in the hand: a ring around it, lines to the means as wide as they are responsible for it, and a
// panel with its responsibilities. One point can be under the pointer while another is pinned.

import { bestPlace, placesBeside, rowsOf, sharesNow } from "./bars.js";
import { DISC, discPlaces } from "./gaussians.js";
import { Layer } from "./layer.js";
import { LINE, css, set, sheet, svg, where } from "./svg.js";

const WIDE = 9; // px, a line that is all responsible
const HALO = 3; // px, what is around it, so that it is seen over points of its colour
const RING = 7; // px
const LEAST = 0.01; // of the shares, what has a line
const LATER = 0.25; // how much it counts what a panel covers at the film's end, against what it covers now
const MANY = 500; // points that are looked at where the panel goes where fewest are
const SMALL = 420; // px of a plane's width, below which its panels say only what they must

export const KINDS = ["pinned", "hovered"];

export class Hand extends Layer {
  constructor(plane, box) {
    super(plane, box);
    const shapes = sheet(box);
    for (const kind of KINDS) this[kind] = new Grip(this, shapes, kind);
  }

  // Takes point n, as "pinned" or "hovered", into the hand; -1: none.
  hold(kind, n) {
    if (this[kind].n === n) return;
    Object.assign(this[kind], { n, place: null });
    if (this.now) this[kind].paint(this.now);
  }

  fit(place) {
    super.fit(place);
    for (const kind of KINDS) Object.assign(this[kind], { place: null, size: null });
  }

  drag(toPixels) {
    super.drag(toPixels);
    for (const kind of KINDS) this[kind].place = null;
  }

  paint(now) {
    this.now = now;
    for (const kind of KINDS) this[kind].paint(now);
  }

  // {shares, known} of point n as it is painted.
  sharesOf(n, { colours } = this.now) {
    return sharesNow(colours, (t) => this.plane.sharesOf(n, t));
  }

  standing() {
    return this.pinned.standing();
  }
}

// One point in the hand.
class Grip {
  constructor(layer, shapes, kind) {
    const { plane, box } = layer;
    Object.assign(this, { layer, plane, n: -1 });
    this.group = svg("g", { class: `stage-hand stage-hand-${kind}` }, shapes);
    this.lines = plane.palette.slice(0, plane.K).map((colour) => {
      const halo = svg("line", { class: "stage-hand-halo" }, this.group);
      return [halo, svg("line", { stroke: css(colour) }, this.group)];
    });
    for (const [, line] of this.lines) this.group.append(line); // over all halos
    this.rings = ["stage-hand-halo", "stage-hand-ring"].map((name) => svg("circle", { class: name }, this.group));
    this.panel = new Panel(plane, box, kind);
  }

  paint({ mixture, colours }) {
    const { n, layer, plane } = this;
    const held = n >= 0;
    this.group.style.display = held ? "" : "none";
    this.panel.show(held);
    if (!held) return;
    const seen = plane.at(mixture);
    const { means } = seen;
    const own = layer.inPixels(plane.xs[n], plane.ys[n]);
    const { shares, known } = layer.sharesOf(n, { colours });
    Object.assign(this, { own, shares, known, means, seen });
    this.rings.forEach((ring) => set(ring, { cx: own[0], cy: own[1], r: RING * layer.size }));
    this.lines.forEach((pair, k) => this.draw(pair, own, layer.inPixels(means[2 * k], means[2 * k + 1]), this.width(k)));
    this.panel.tell(n, shares, known);
    this.panel.put((this.place ??= this.find()));
  }

  // How wide the line to mean k is, in px.
  width(k) {
    const share = this.shares ? this.known * this.shares[k] : 0;
    return share < LEAST ? 0 : WIDE * this.layer.size * share;
  }

  draw([halo, line], [x1, y1], [x2, y2], width) {
    for (const [node, wider] of [[halo, HALO], [line, 0]]) {
      node.style.display = width ? "" : "none";
      if (!width) continue;
      set(node, { x1, y1, x2, y2 });
      node.setAttribute("stroke-width", (width + wider).toFixed(3));
    }
  }

  // Where its panel stands: where it covers least of what is seen now and at the film's end. It stays there while the
  // film plays. Null: nowhere.
  find() {
    const { own, layer, plane } = this;
    const [x, y] = own;
    if (x < 0 || y < 0 || x > layer.width || y > layer.height) return null;
    this.size ??= this.panel.measured(layer.width < SMALL);
    const end = plane.T - 1;
    const later = { seen: plane.at({ from: end, to: end, share: 0 }), shares: plane.sharesOf(this.n, end) };
    const lines = [...this.linesOf(this, 1), ...this.linesOf(later, LATER)];
    const every = Math.ceil(plane.N / MANY);
    const some = Array.from({ length: Math.floor(plane.N / every) }, (_, i) => layer.inPixels(plane.xs[i * every], plane.ys[i * every]));
    const points = [0, 1].map((i) => some.map((at) => at[i]));
    const others = KINDS.map((kind) => layer[kind]).filter((grip) => grip !== this && grip.n >= 0 && grip.place);
    const boxes = others.map(({ place, size }) => ({ ...place, ...size }));
    const seen = { from: own, lines, points, others: boxes, radius: DISC * layer.size };
    return bestPlace(placesBeside(own, this.size, layer), this.size, seen) ?? null;
  }

  // The lines to the means of a mixture, as `bestPlace` takes them; how much they count.
  linesOf({ seen, shares }, counts) {
    const { layer, plane } = this;
    const own = Array.from({ length: plane.K }, (_, k) => layer.inPixels(seen.means[2 * k], seen.means[2 * k + 1]));
    const discs = discPlaces(own, seen, layer.toPixels, DISC * layer.size);
    return own.map((to, k) => ({ to, disc: discs[k], share: shares?.[k] ?? 0, counts }));
  }

  standing() {
    if (this.n < 0 || !this.own) return {};
    const [x, y] = this.layer.inData(...this.own);
    const lines = this.lines.map((_, k) => {
      const line = { color: css(this.plane.palette[k]), width: this.width(k) };
      return { mode: "lines", x: [x, this.means[2 * k]], y: [y, this.means[2 * k + 1]], line };
    });
    const look = { symbol: "circle-open", size: 2 * RING, color: LINE, line: { width: 2.5 } };
    return { traces: [...lines.filter(({ line }) => line.width), { mode: "markers", x: [x], y: [y], marker: look }] };
  }
}

// The panel: where the point is, and a row for each component: its number, a bar, per cent.
class Panel {
  constructor(plane, box, kind) {
    this.plane = plane;
    this.node = element("div", `stage-bars stage-bars-${kind}`, box);
    this.node.ariaHidden = true; // it is announced in words
    this.where = element("b", "", this.node);
    element("small", "", this.node).textContent = plane.centres ? "its cluster" : "responsibility of each component";
    const list = element("div", "stage-bars-rows", this.node);
    this.unknown = new Float64Array(plane.K);
    this.rows = rowsOf(this.unknown, plane.numberOf).map(() => {
      const row = element("div", "stage-bars-row", list);
      const [name, track, text] = ["i", "s", "em"].map((tag) => element(tag, "", row));
      return { row, name, track, bar: element("span", "", track), text };
    });
    this.node.classList.toggle("stage-bars-many", this.rows.length < plane.K); // the last one is called "others"
    this.none = element("p", "", list);
    this.none.textContent = "not assigned yet";
  }

  show(shown) {
    this.node.style.display = shown ? "" : "none";
  }

  measured(small) {
    this.node.classList.toggle("stage-bars-small", small);
    const { width, height } = this.node.getBoundingClientRect();
    return { width: Math.ceil(width), height: Math.ceil(height) };
  }

  tell(n, shares, known) {
    const { plane } = this;
    write(this.where, `Point at ${where(plane.xs[n], plane.ys[n])}`);
    this.none.style.display = known ? "none" : "";
    const rows = rowsOf(shares ?? this.unknown, plane.numberOf);
    this.rows.forEach(({ row, name, track, bar, text }, i) => {
      const { k, name: called, share, text: said, first } = rows[i];
      row.style.opacity = known;
      row.classList.toggle("stage-bars-first", first);
      track.style.color = k < 0 ? "" : css(plane.palette[k]);
      bar.style.width = `${(100 * share).toFixed(2)}%`;
      write(name, called), write(text, said);
    });
  }

  // At {left, top} px; null: nowhere.
  put(place) {
    this.node.style.visibility = place ? "" : "hidden";
    if (place) this.node.style.transform = `translate(${place.left.toFixed(1)}px, ${place.top.toFixed(1)}px)`;
  }
}

function element(tag, name, parent) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  parent.append(node);
  return node;
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
