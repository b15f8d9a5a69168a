// What is said of a point in the hand: a bar for each of its responsibilities, and where the panel with them stands.
// Numbers and geometry alone: hand.js draws them.

const MOST = 6; // rows: of more components the largest shares have one each, all others the last
const GAP = 14; // px between a point and its panel
const FAR = 0.75; // what it costs that a panel stands in a corner of the plane and not beside its point
const EDGE = 4; // px between a panel and the plane's edge
const SURE = 0.9995; // from here on one decimal would say all
const FAINT = 0.0005; // below this it would say nothing

// A point's shares (K,) at the colours of a moment, {from, to, fade} of timeline.js: {shares, known}. They fade from
// those of one E-step to those of the next; before the first there are none, and what it finds becomes known, from 0
// to 1, as the colours do. `sharesAt`: those of an iteration.
export function sharesNow({ from, to, fade }, sharesAt) {
  if (to < 0) return { shares: null, known: 0 };
  const next = sharesAt(to);
  if (from < 0) return { shares: next, known: fade };
  if (from === to) return { shares: next, known: 1 };
  return { shares: sharesAt(from).map((share, k) => (1 - fade) * share + fade * next[k]), known: 1 };
}

// A share in words, never all or nothing where it is not; `hard`: where each is one or the other.
export function percent(share, hard = false) {
  if (share === 0 || hard) return `${100 * share}\u00a0%`;
  if (share >= SURE) return ">99.9\u00a0%";
  return share < FAINT ? "<0.1\u00a0%" : `${(100 * share).toFixed(1)}\u00a0%`;
}

const isHard = (shares) => shares.every((share) => share === 0 || share === 1);

// The rows of shares (K,), in the order of the components' numbers: [{k, name, share, text, first}], first: the largest
// of all. Of more than six components the largest five, and all others as one, whose k is -1.
export function rowsOf(shares, numberOf) {
  const all = Array.from(shares.keys());
  const bySize = all.toSorted((j, k) => shares[k] - shares[j] || numberOf(j) - numberOf(k));
  const own = all.length > MOST ? bySize.slice(0, MOST - 1) : bySize;
  const row = (k, name, share) => ({ k, name, share, text: percent(share, isHard(shares)), first: k === bySize[0] });
  const rows = own.toSorted((j, k) => numberOf(j) - numberOf(k)).map((k) => row(k, String(numberOf(k)), shares[k]));
  const rest = bySize.slice(own.length);
  if (rest.length) rows.push(row(-1, "others", rest.reduce((sum, k) => sum + shares[k], 0)));
  return rows;
}

// Shares in a sentence: those that round to 1 % or more, the largest first. `what`: "component" or "cluster".
export function inWords(shares, numberOf, what) {
  const order = Array.from(shares.keys()).filter((k) => shares[k] >= 0.01).sort((j, k) => shares[k] - shares[j]);
  return order.map((k) => `${what} ${numberOf(k)} ${percent(shares[k], isHard(shares))}`).join(", ");
}

// The places at which a panel may stand, for a point at x, y px: [{left, top, cost}], inside the plane and never over
// the point. At its right and left, below and above it, each in three ways; or in a corner, at a cost, which is the less
// the nearer it is. None where the plane has no room.
export function placesBeside([x, y], panel, plane) {
  const found = [];
  for (const way of [0, 1, -1]) {
    const along = (at, size, room) => within(at - size / 2 + (way * size) / 2, EDGE, room - size - EDGE);
    const [left, top] = [along(x, panel.width, plane.width), along(y, panel.height, plane.height)];
    found.push({ left: x + GAP, top, cost: 0 }, { left: x - GAP - panel.width, top, cost: 0 });
    found.push({ left, top: y + GAP, cost: 0 }, { left, top: y - GAP - panel.height, cost: 0 });
  }
  const [right, bottom] = [plane.width - EDGE - panel.width, plane.height - EDGE - panel.height];
  const away = (left, top) => Math.hypot(left + panel.width / 2 - x, top + panel.height / 2 - y) / Math.hypot(plane.width, plane.height);
  const corners = [EDGE, right].flatMap((left) => [EDGE, bottom].map((top) => ({ left, top, cost: FAR + away(left, top) / 4 })));
  found.push(...corners.filter((corner) => !holds({ ...corner, ...panel }, x, y, GAP)));
  const fits = (at, size, room) => at >= EDGE && at + size <= room - EDGE;
  return found.filter(({ left, top }) => fits(left, panel.width, plane.width) && fits(top, panel.height, plane.height));
}

const within = (value, low, high) => Math.max(low, Math.min(value, high));

// The place that covers least, the first of equals; undefined where there is none. `lines`: [{to: [x, y], disc: [x, y],
// share, counts}], which begin at the point `from`, and whose discs have a radius; `points`: [xs, ys] in px; `others`:
// other panels, {left, top, width, height}. A panel is worst, then a disc and a line as much as it is responsible, as
// far as each counts, then points.
export function bestPlace(places, panel, { from, lines, points: [xs, ys], others = [], radius }) {
  const cost = (place) => {
    const box = { ...place, ...panel };
    let sum = place.cost + 8 * others.filter((other) => overlap(box, other)).length;
    for (const { to, disc, share, counts } of lines) {
      if (holds(box, ...disc, radius)) sum += 2 * counts;
      if (crosses(from, to, box)) sum += 2 * share * counts;
    }
    let covered = 0;
    for (let n = 0; n < xs.length; n++) if (holds(box, xs[n], ys[n])) covered++;
    return sum + covered / Math.max(1, xs.length);
  };
  return places.map((place) => [cost(place), place]).sort(([one], [other]) => one - other)[0]?.[1];
}

const holds = ({ left, top, width, height }, x, y, around = 0) =>
  x > left - around && y > top - around && x < left + width + around && y < top + height + around;

const overlap = (one, other) =>
  one.left < other.left + other.width && other.left < one.left + one.width &&
  one.top < other.top + other.height && other.top < one.top + one.height;

// Whether a line from one place to another goes through a box (Liang and Barsky, 1984).
export function crosses([x, y], [toX, toY], { left, top, width, height }) {
  let [enters, leaves] = [0, 1];
  for (const [at, way, low, high] of [[x, toX - x, left, left + width], [y, toY - y, top, top + height]]) {
    const [one, other] = [(low - at) / way, (high - at) / way]; // of one that is level infinite, and right
    enters = Math.max(enters, Math.min(one, other));
    leaves = Math.min(leaves, Math.max(one, other));
  }
  return enters <= leaves;
}
