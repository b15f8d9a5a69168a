// A film's scene as Python sends it (gmmviz/figures/scene.py), ready to be painted from. No element, no time.

import { belongingTable, numberTable, shareTable } from "./colours.js";
import { belonging, eStep, responsibilitiesAt } from "./expectation.js";
import { between, readMixtures } from "./mixture.js";
import { lerpAll, shapeOf, unpack } from "./numbers.js";
import { nearestCentres } from "./regions.js";
import { filled } from "./templates.js";
import { iterationAt, lastStop } from "./timeline.js";

const KEPT = 4e7; // bytes of colour codes that each plane keeps

// {T, mode, iterations, planes, curves, labels, values, ...}: T iterations make the film; `values`: the log-likelihood
// of every iteration, of a film that tells one run.
export function readScene({ scene, data }) {
  const T = scene.iterations.length;
  const clouds = scene.clouds.map(readCloud);
  const mixtures = scene.mixtures.map(readMixtures);
  const planes = scene.planes.map((plane) => readPlane(plane, clouds[plane.cloud], mixtures[plane.mixtures], scene));
  const curves = scene.curves.map((curve) => readCurve(curve, data));
  const values = scene.narration?.log_likelihoods && unpack(scene.narration.log_likelihoods);
  return { ...scene, T, planes, curves, values, stops: lastStop(T, scene.mode), labels: labelsOf(scene, T) };
}

function readCloud(packed) {
  const features = unpack(packed);
  const [D, N] = shapeOf(packed, features.length);
  const point = (n) => Float64Array.from({ length: D }, (_, i) => features[i * N + n]);
  return { features, D, N, point, feature: (i) => features.subarray(i * N, (i + 1) * N) };
}

// A plane's points, what moves in it, whose the points are, and their colours:
// {T, K, N, xs, ys, at(moment), sharesOf(n, t), table, codes(t), ...}; asked(t): the codes of iteration t's E-step;
// whose(t): each point's most probable component, or nearest centre.
function readPlane(given, cloud, mixtures, { palette, grey }) {
  const [across, up] = given.plane;
  const plane = {
    palette, grey, ...given, N: cloud.N, features: cloud.features, point: cloud.point, xs: cloud.feature(across),
    ys: given.heights ? unpack(given.heights) : cloud.feature(up), // of one dimension: where its line stands
    ...(given.centres ? readClusters(given, cloud) : readGaussians(mixtures, given.plane, cloud)),
    numberOf: (k) => given.numbers?.[k] ?? k + 1,
    ...(given.uniforms && { uniforms: unpack(given.uniforms), normals: unpack(given.normals) }),
  };
  const everything = [];
  const keep = (find) => {
    const own = kept(find, Math.max(8, Math.floor(KEPT / (2 * cloud.N))));
    everything.push(own);
    return own;
  };
  const asked = keep((t) => eStep(plane.features, plane.mixtures.at(t)).codes);
  const whose = keep((t) => given.centres ? nearestCentres(plane.xs, plane.ys, plane.meansOf(t)) : bestOf(asked(t), plane.K));
  // The film begins with another mixture: {weights, means, covariances} of as many components.
  const restart = (mixture) => {
    const first = mixtures.at(0);
    for (const name of ["weights", "means", "covariances"]) first[name].set(mixture[name]);
    for (const own of everything) own.forget();
  };
  return { ...plane, asked, whose, restart, ...colouring({ ...plane, asked, whose, keep }) };
}

function readGaussians(mixtures, plane, { point }) {
  const at = ({ from, to, share }) => between(mixtures.at(from), mixtures.at(to), from === to ? 0 : share, plane);
  const meansOf = (t) => at({ from: t, to: t, share: 0 }).means;
  const sharesOf = (n, t) => responsibilitiesAt(point(n), mixtures.at(t));
  return { T: mixtures.T, K: mixtures.K, mixtures, at, meansOf, sharesOf };
}

// K-means' centres (T, K, 2), and the rows that are tied at each.
function readClusters({ centres: packed, ties }, { point }) {
  const centres = unpack(packed);
  const [T, K] = shapeOf(packed, centres.length);
  const meansOf = (t) => centres.subarray(2 * K * t, 2 * K * (t + 1));
  const at = ({ from, to, share }) => ({ K, means: lerpAll(meansOf(from), meansOf(to), share) });
  const sharesOf = (n, t) => {
    const [x, y] = point(n);
    const [own] = nearestCentres([x], [y], meansOf(t));
    return Float64Array.from({ length: K }, (_, k) => Number(k === own));
  };
  return { T, K, meansOf, at, sharesOf, tiesAt: (t) => ties?.[t] ?? [] };
}

// A moment as a plane has it whose run ends at T - 1 iterations: from then on it stays as it is.
export function within(T, { mixture, colours }) {
  const clamped = ({ from, to, ...share }) => ({ from: Math.min(from, T - 1), to: Math.min(to, T - 1), ...share });
  return { mixture: clamped(mixture), colours: clamped(colours) };
}

// {table, codes(t)}: what of each point at iteration t is looked up in the table; codes(-1): nothing yet.
function colouring({ colour, member, labels, label_colours, palette, grey, K, asked, whose, keep, ...plane }) {
  if (colour === "truth") {
    const numbers = unpack(labels);
    return { table: numberTable(label_colours), codes: () => numbers };
  }
  if (colour === "none") return { table: numberTable([grey]), codes: () => null };
  const find = {
    clusters: (t) => whose(t).map((k) => k + 1), // 0: nobody has asked yet
    membership: (t) => eStep(plane.features, plane.mixtures.at(t), { member }).shares,
  }[colour];
  const table = {
    clusters: () => numberTable([grey, ...palette.slice(0, K)]),
    membership: () => shareTable(palette[member], grey),
  }[colour] ?? (() => belongingTable(palette, grey, K, colour === "responsibility"));
  return { table: table(), codes: find ? keep(find) : asked };
}

// Each point's most probable component, from 0: Uint8Array (N,).
const bestOf = (codes, K) => Uint8Array.from(codes, (code) => belonging(code, K).best);

// A function of the iteration that keeps what it has found for the last so many.
function kept(find, most) {
  const found = new Map();
  const own = (t) => {
    if (t < 0) return null;
    if (!found.has(t)) {
      if (found.size >= most) found.delete(found.keys().next().value);
      found.set(t, find(t));
    }
    return found.get(t);
  };
  return Object.assign(own, { forget: () => found.clear() });
}

// {axes, log, values}: the heights of the curve that Plotly draws as `trace`, as its axis has them, of every iteration.
function readCurve({ axes, trace, log }, traces) {
  const numbers = unpack(traces.find(({ name }) => name === trace).y);
  return { axes, log, values: log ? numbers.map(Math.log10) : numbers };
}

// What each stop is called beside the buttons: `words` with {t}, {last}, and {runs}: where each of several runs stands.
function labelsOf({ words, runs, iterations, mode, last, ends }, T) {
  const stands = (t) => ([name, end]) => filled(t < end ? runs.at : runs.ended, { name, t, end });
  return Array.from({ length: lastStop(T, mode) + 1 }, (_, stop) => {
    const t = iterations[iterationAt(stop, mode)];
    const steps = stop === 0 ? "uncoloured" : stop % 2 ? "e_step" : "m_step";
    const kind = mode === "steps" ? steps : t ? "whole" : "start";
    return filled(words[kind], { t, last, runs: (ends ?? []).map(stands(t)).join(", ") });
  });
}

// What a stop is called by tests and readers of the page's source: 4, or 4E and 4M for its halves.
export function nameOf({ iterations, mode }, stop) {
  const t = iterations[iterationAt(stop, mode)];
  return mode === "steps" && stop > 0 ? `${t}${stop % 2 ? "E" : "M"}` : `${t}`;
}
