// Which point is in the hand: under the pointer, pinned by a click or a tap, or chosen by key; in all planes that show
// it. What is known of a pinned one is announced.

import { inWords } from "./bars.js";
import { eStep } from "./expectation.js";
import { where } from "./svg.js";

const WAYS = { pointLeft: [-1, 0], pointRight: [1, 0], pointUp: [0, -1], pointDown: [0, 1] };

// The point whose largest share is least, the first of such; of those that `seen` says can be seen; -1: none.
export function leastSure(features, mixture, seen) {
  const { codes } = eStep(features, mixture);
  const steps = Math.floor(65536 / mixture.K);
  let [least, found] = [Infinity, -1];
  for (let n = 0; n < codes.length; n++) {
    const level = codes[n] % steps;
    if (level < least && seen(n)) [least, found] = [level, n];
  }
  return found;
}

// The nearest of points (N,), in px, that lies more in a direction [right, down] than aside of it; -1: none.
export function neighbour(xs, ys, n, [right, down], seen) {
  let [least, found] = [Infinity, -1];
  for (let i = 0; i < xs.length; i++) {
    const [dx, dy] = [xs[i] - xs[n], ys[i] - ys[n]];
    const [ahead, aside] = [right * dx + down * dy, Math.abs(down * dx) + Math.abs(right * dy)];
    const away = dx * dx + dy * dy;
    if (ahead > 0 && aside <= ahead && away < least && seen(i)) [least, found] = [away, i];
  }
  return found;
}

export class Chosen {
  constructor(root) {
    this.region = root.querySelector(".film-point");
    this.button = root.querySelector("[data-act=point]");
    this.hands = [];
  }

  // Another figure, on its stage. The point that was pinned stays so where the figure has it.
  open(stage, scene) {
    const before = this.pinned && this.placeOf(this.pinned);
    this.hands = scene.planes.map((_, i) => stage.layer(i, "hand")).filter(Boolean);
    this.pinned = this.pinned && this.hands.some(({ plane }) => plane.cloud === this.pinned.cloud) ? this.pinned : null;
    if (this.pinned && String(this.placeOf(this.pinned)) !== String(before)) this.pinned = null;
    this.button.hidden = !this.hands.length;
    this.hold("pinned", this.pinned);
  }

  // Where a point {cloud, n} is, in all its features.
  placeOf({ cloud, n }) {
    const { plane } = this.hands.find(({ plane }) => plane.cloud === cloud);
    return n < plane.N ? plane.point(n) : null;
  }

  hold(kind, point) {
    for (const hand of this.hands) hand.hold(kind, point?.cloud === hand.plane.cloud ? point.n : -1);
    if (kind === "pinned") this.button.ariaPressed = Boolean(point);
  }

  // The point under the pointer in a plane of the scene; undefined: none.
  hover(plane, n) {
    const point = n === undefined ? null : { cloud: plane.cloud, n };
    this.hold("hovered", this.isPinned(point) ? null : point);
  }

  isPinned(point) {
    return Boolean(this.pinned && point && this.pinned.cloud === point.cloud && this.pinned.n === point.n);
  }

  // Pins a point, {cloud, n}, or, a second time or null, lets go.
  pin(point) {
    this.pinned = this.isPinned(point) ? null : point;
    this.hold("hovered", null);
    this.hold("pinned", this.pinned);
    this.tell();
  }

  // Does what a key or the button asks for; false where it is none of its, or nothing is there to be done.
  act(name) {
    if (!this.hands.length) return false;
    if (name === "letGo" || (name === "point" && this.pinned)) return this.letGo();
    if (name === "point" || !this.pinned) return this.choose(this.mostContested());
    return this.choose(this.beside(WAYS[name]));
  }

  letGo() {
    if (!this.pinned) return false;
    this.pin(null);
  }

  choose(point) {
    if (point) this.pin(point);
    else if (!this.pinned) this.region.textContent = "No point is in view.";
  }

  // The point, of those in view, of which the film is least sure at the moment shown.
  mostContested() {
    const hand = this.hands.find(({ plane }) => !plane.centres) ?? this.hands[0];
    const { plane, now } = hand;
    const n = leastSure(plane.features, plane.mixtures.at(Math.max(0, now.colours.to)), inView(hand));
    return n < 0 ? null : { cloud: plane.cloud, n };
  }

  beside(way) {
    const { cloud, n } = this.pinned;
    const hand = this.hands.find(({ plane }) => plane.cloud === cloud);
    const { x0, sx, y0, sy } = hand.toPixels;
    const [xs, ys] = [hand.plane.xs.map((x) => x0 + sx * x), hand.plane.ys.map((y) => y0 + sy * y)];
    const next = neighbour(xs, ys, n, way, inView(hand));
    return next < 0 ? null : { cloud, n: next };
  }

  // Announces what is known of the pinned point at the moment shown.
  tell() {
    this.region.textContent = this.pinned ? this.told() : "No point is chosen.";
  }

  told() {
    const { cloud, n } = this.pinned;
    const hands = this.hands.filter(({ plane }) => plane.cloud === cloud);
    const [{ plane: first }] = hands;
    const known = hands.map((hand) => {
      const { heading, numberOf, centres } = hand.plane;
      const { shares, known } = hand.sharesOf(n);
      const words = known ? inWords(shares, numberOf, centres ? "cluster" : "component") : "not assigned yet";
      return heading ? `${heading}: ${words}` : words;
    });
    return `Point at ${where(first.xs[n], first.ys[n])}: ${known.join("; ")}.`;
  }
}

// Whether a point is in the part of a plane that is shown.
function inView(hand) {
  return (n) => {
    const [x, y] = hand.inPixels(hand.plane.xs[n], hand.plane.ys[n]);
    return x >= 0 && y >= 0 && x <= hand.width && y <= hand.height;
  };
}
