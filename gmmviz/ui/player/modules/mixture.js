// The mixtures of a film, and the mixture between two of them. A mixture: {K, D, weights (K,), means (K, D),
// covariances (K, D, D)}, Float64Arrays, row-major.

import { lerp, lerpAll, shapeOf, symmetricRoot, unpack } from "./numbers.js";

const SHARE = 4e-15; // a pivot that is so much of its variance still counts as positive definite, in Python too

// {weights (T, K), means (T, K, D), covariances (T, K, D, D)}, each packed as f8 -> {T, K, D, at(t)}: views, no copies.
export function readMixtures(packed) {
  const [weights, means, covariances] = [packed.weights, packed.means, packed.covariances].map(unpack);
  const [T, K, D] = shapeOf(packed.means, means.length);
  const part = (array, t) => array.subarray((t * array.length) / T, ((t + 1) * array.length) / T);
  const at = (t) => ({ K, D, weights: part(weights, t), means: part(means, t), covariances: part(covariances, t) });
  return { T, K, D, at };
}

// What is seen of a mixture in a plane, [feature across, feature up]: its marginal, D = 2.
export function marginal({ K, D, weights, means, covariances }, plane) {
  const two = { K, D: 2, weights, means: new Float64Array(2 * K), covariances: new Float64Array(4 * K) };
  for (let k = 0; k < K; k++) {
    for (let i = 0; i < 2; i++) {
      two.means[2 * k + i] = means[k * D + plane[i]];
      for (let j = 0; j < 2; j++) {
        two.covariances[4 * k + 2 * i + j] = covariances[(k * D + plane[i]) * D + plane[j]];
      }
    }
  }
  return two;
}

// The mixture between a and b, at a share of the way: weights and means in a line, covariances through their symmetric
// roots, under which an ellipse turns and never loses area (Minkowski's inequality for determinants). What the plane
// shows of it. Exactly a at 0 and b at 1; positive definite between.
export function between(a, b, share, plane = [0, 1]) {
  const all = a.D === 1 || (a.D === 2 && plane[0] < plane[1]);
  const shown = (mixture) => (all ? mixture : marginal(mixture, plane));
  if (share <= 0 || a === b) return shown(a);
  if (share >= 1) return shown(b);
  [a, b] = [shown(a), shown(b)];
  return {
    K: a.K,
    D: a.D,
    weights: lerpAll(a.weights, b.weights, share),
    means: lerpAll(a.means, b.means, share),
    covariances: a.D === 1 ? variancesBetween(a, b, share) : covariancesBetween(a, b, share),
  };
}

function variancesBetween(a, b, share) {
  return a.covariances.map((variance, k) => lerp(Math.sqrt(variance), Math.sqrt(b.covariances[k]), share) ** 2);
}

function covariancesBetween(a, b, share) {
  const found = new Float64Array(4 * a.K);
  const rootOf = ({ covariances: c }, k) => symmetricRoot(c[4 * k], c[4 * k + 1], c[4 * k + 3]);
  for (let k = 0; k < a.K; k++) {
    const [ra, rb] = [rootOf(a, k), rootOf(b, k)];
    const [p, q, r] = ra.map((value, i) => lerp(value, rb[i], share));
    const [xx, yy] = [p * p + q * q, q * q + r * r];
    const most = Math.sqrt(xx) * Math.sqrt(yy) * Math.sqrt(1 - SHARE); // rounding may not make it singular
    const xy = Math.min(Math.max(q * (p + r), -most), most);
    found.set([xx, xy, xy, yy], 4 * k);
  }
  return found;
}

// Component k's own part of a mixture: {weight, mean (D,), covariance (D, D)}, views.
export function component({ D, weights, means, covariances }, k) {
  return {
    weight: weights[k],
    mean: means.subarray(k * D, (k + 1) * D),
    covariance: covariances.subarray(k * D * D, (k + 1) * D * D),
  };
}

// [a, b, c, d, e, f] of SVG's and canvas's matrix that takes the unit circle to the ellipse one standard deviation
// around a mean (2,), covariance (2, 2), in pixels. toPixels: {x0, sx, y0, sy} as numbers.js `pixelsOf`, y down.
export function ellipseMatrix(mean, covariance, { x0, sx, y0, sy }) {
  const [p, q, r] = symmetricRoot(covariance[0], covariance[1], covariance[3]);
  return [sx * p, sy * q, sx * q, sy * r, x0 + sx * mean[0], y0 + sy * mean[1]];
}
