// Dots [column, row] on a grid of 4096 x 4096 from -8 to 8, the row counted upwards: how an address holds them
// (gmmviz.settings.Dots), where they stand (gmmviz.datasets.drawn), which of them lie within what a hand has drawn.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const GRID = 4096;
export const BOARD = 8; // the data's units from the middle to an edge
const STEP = (2 * BOARD) / GRID;
const TRIES = 30; // for each point of a spray that would fall beyond the edge

export function encoded(dots) {
  const digits = dots.flat().flatMap((number) => [number >> 6, number & 63]);
  return dots.length ? `a${digits.map((digit) => LETTERS[digit]).join("")}` : "";
}

export function decoded(text) {
  const digits = Array.from(text.slice(1), (letter) => LETTERS.indexOf(letter));
  const number = (i) => 64 * digits[i] + digits[i + 1];
  return Array.from({ length: Math.floor(digits.length / 4) }, (_, n) => [number(4 * n), number(4 * n + 2)]);
}

export const placeOf = (dot) => dot.map((number) => number * STEP - BOARD);

// The dot nearest to a place; null: it lies outside.
export function dotAt(place) {
  if (place.some((value) => !(Math.abs(value) <= BOARD))) return null;
  return place.map((value) => Math.min(GRID - 1, Math.max(0, Math.round((value + BOARD) / STEP))));
}

// n dots around a place, normally distributed: the standard deviation is half the radius. `random`: from 0 to 1.
export function sprayed([x, y], n, radius, random = Math.random) {
  const one = () => {
    const [away, turn] = [(radius / 2) * Math.sqrt(-2 * Math.log(1 - random())), 2 * Math.PI * random()];
    return dotAt([x + away * Math.cos(turn), y + away * Math.sin(turn)]);
  };
  const within = () => {
    for (let i = 0; i < TRIES; i++) {
      const dot = one();
      if (dot) return dot;
    }
    return null;
  };
  return Array.from({ length: n }, within).filter(Boolean);
}

// Whether a place lies within a box, given by two of its corners.
export function inBox([x, y], [[x1, y1], [x2, y2]]) {
  return Math.min(x1, x2) <= x && x <= Math.max(x1, x2) && Math.min(y1, y2) <= y && y <= Math.max(y1, y2);
}

// Whether a place lies within a line [[x, y], ...] that is closed: an odd number of its sides lie to the right.
export function inLasso([x, y], line) {
  let inside = false;
  line.forEach(([x1, y1], i) => {
    const [x2, y2] = line.at(i - 1);
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  });
  return inside;
}
