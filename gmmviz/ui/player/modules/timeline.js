// The film's stops and its clock. T mixtures, those of iterations 0 ... T - 1, make the film; a position in it is a
// real number, whole at its stops. Mode "steps": at 0 the start, uncoloured; at 2 t + 1 the E-step of iteration t; at
// 2 t the M-step to it. Mode "whole": iteration t at t.

export const SPEEDS = { Slow: 2.5, Normal: 1, Fast: 1 / 3, Fastest: 1 / 12 }; // a stop's time as a multiple of Normal's

const ITERATION = 720; // ms, E- and M-step together
const REST = 1 / 3; // of that time, after each half
const CALM = 8; // iterations at the start that take their time
const HURRY = 1 / 13; // what one takes in the midst of a long run, as a share of a calm one
const EASE = 12; // over about so many iterations a run speeds up
const LAST = 4; // over so many it slows down again
const GLIDE = 220; // ms, of one step by hand

export function lastStop(T, mode) {
  return mode === "steps" ? 2 * (T - 1) : T - 1;
}

// The last stop at which iteration t's mixture is drawn.
export function stopOf(t, T, mode) {
  return mode === "steps" ? Math.min(2 * t + 1, lastStop(T, mode)) : t;
}

// The iteration whose mixture is drawn, or was drawn last, at a position.
export function iterationAt(position, mode) {
  return Math.floor(mode === "steps" ? position / 2 : position);
}

// What is seen at a position: {mixture: {from, to, share}, colours: {from, to, fade}}, iterations and how far between;
// colours from -1 are those of the uncoloured start.
export function moment(position, mode) {
  const stop = Math.floor(Math.max(0, position));
  const share = Math.max(0, position) - stop;
  const next = share > 0 ? 1 : 0;
  if (mode !== "steps") {
    const [from, to] = [stop, stop + next];
    return { mixture: { from, to, share }, colours: { from, to, fade: share } };
  }
  const t = Math.floor(stop / 2);
  if (stop % 2) {
    return { mixture: { from: t, to: t + next, share }, colours: { from: t, to: t, fade: 0 } }; // the M-step moves
  }
  return { mixture: { from: t, to: t, share: 0 }, colours: { from: t - 1, to: t - 1 + next, fade: share } };
}

// How long iteration i of I takes, as a share of a calm one.
function pace(i, I) {
  const early = Math.exp(-Math.max(0, i - CALM + 1) / EASE);
  const late = 1 - (I - 1 - i) / LAST;
  return HURRY + (1 - HURRY) * Math.max(early, late);
}

// When the stops of T mixtures are reached and left, in ms of playing: {arrive, leave, length}, an entry for each stop.
export function schedule(T, mode, speed = "Normal") {
  const stops = lastStop(T, mode) + 1;
  const each = mode === "steps" ? 2 : 1; // stops an iteration
  const [arrive, leave] = [new Float64Array(stops), new Float64Array(stops)];
  for (let stop = 0; stop < stops; stop++) {
    const time = (i) => (SPEEDS[speed] * ITERATION * pace(i, T - 1)) / each;
    if (stop > 0) arrive[stop] = leave[stop - 1] + (1 - REST) * time(Math.floor((stop - 1) / each));
    const rests = stop < stops - 1 ? REST * time(Math.floor(Math.max(0, stop - 1) / each)) : 0;
    leave[stop] = arrive[stop] + rests;
  }
  return { arrive, leave, length: arrive[stops - 1] };
}

// From 0 to 1 and slow at both ends; and back.
const ease = (s) => Math.min(1, s * s * (3 - 2 * s));
const uneased = (share) => 0.5 - Math.sin(Math.asin(1 - 2 * share) / 3);

// The position after so many ms of playing.
export function positionAt({ arrive, leave }, ms) {
  let [low, high] = [0, arrive.length - 1]; // the last stop reached is among these
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (arrive[middle] <= ms) low = middle;
    else high = middle - 1;
  }
  if (ms <= leave[low] || low === arrive.length - 1) return low;
  return low + ease((ms - leave[low]) / (arrive[low + 1] - leave[low]));
}

// When a position is played; a stop's rest is over then, so that playing begins with a move.
export function timeAt({ arrive, leave }, position) {
  const stop = Math.min(Math.max(0, Math.floor(position)), arrive.length - 1);
  const share = Math.min(1, Math.max(0, position - stop));
  if (share === 0 || stop === arrive.length - 1) return leave[stop];
  return leave[stop] + uneased(share) * (arrive[stop + 1] - leave[stop]);
}

// A step by hand: {from, to, length}, length in ms; without motion where the reader has asked for less of it.
export function glide(from, to, reduced = false) {
  return { from, to, length: reduced || from === to ? 0 : GLIDE };
}

// Where a glide is after so many ms: at once on its way, so that a key is felt, and soft at its end.
export function glidePosition({ from, to, length }, ms) {
  if (ms >= length || length === 0) return to;
  return to - (to - from) * (1 - Math.max(0, ms) / length) ** 3;
}
