// The E-step, as gmmviz/em/careful.py takes it: the difference x - m first, then each component's own whitened
// coordinates y = L^-1 (x - m), Sigma = L L'; tests/ui/modules pins the two together. (Python takes powers of two out of
// Sigma before and puts them in after: all of that is exact, so no digit depends on it.)
// points: component-major, feature j of point n at [j N + n]. A mixture: {K, D, weights (K,), means (K, D),
// covariances (K, D, D)}.

import { cholesky, invertLower } from "./numbers.js";

const LOG_2PI = Math.log(2 * Math.PI);
const FLOOR = -700; // exponents below the largest are raised to this, as in Python: no share is 0 but by its weight
const FAINT = -40; // e^-40 is lost beside 1 in float64: such terms need no exp()
const EVEN = 6755399441055744; // 1.5 * 2^52: adding and subtracting it rounds to whole numbers, halves to even

// The mixture ready for whitening: a row for each component, [log norm, mean (D), L^-1 (D (D + 1) / 2 numbers)].
// A component that has no weight or no density has the log norm -Infinity: it is never responsible.
function whitening({ K, D, weights, means, covariances }) {
  const stride = 1 + D + (D * (D + 1)) / 2;
  const rows = new Float64Array(K * stride);
  for (let k = 0; k < K; k++) {
    const lower = cholesky(covariances.subarray(k * D * D, (k + 1) * D * D), D);
    const at = k * stride;
    rows[at] = -Infinity;
    if (!lower) continue;
    const inverse = invertLower(lower, D);
    let logDeterminant = 0;
    let entry = at + 1 + D;
    for (let i = 0; i < D; i++) {
      logDeterminant += Math.log(lower[i * D + i]);
      rows[at + 1 + i] = means[k * D + i];
      for (let j = 0; j <= i; j++) rows[entry++] = inverse[i * D + j];
    }
    rows[at] = Math.log(weights[k]) - logDeterminant - 0.5 * D * LOG_2PI;
  }
  return { K, D, stride, rows };
}

// Writes ln(weight_k N(x_n | k)) of the points first ... first + size - 1 into joint, point i's at [i K + k].
function fillJoint({ K, D, stride, rows }, points, first, size, joint) {
  const N = points.length / D;
  for (let k = 0; k < K; k++) {
    const at = k * stride;
    const [norm, mean] = [rows[at], rows[at + 1]];
    if (D === 1) {
      const inverse = rows[at + 2];
      for (let i = 0; i < size; i++) {
        const y = inverse * (points[first + i] - mean);
        joint[i * K + k] = norm - 0.5 * y * y;
      }
    } else if (D === 2) {
      const [mean2, i11, i21, i22] = [rows[at + 2], rows[at + 3], rows[at + 4], rows[at + 5]];
      for (let i = 0; i < size; i++) {
        const dx = points[first + i] - mean;
        const y1 = i11 * dx;
        const y2 = i21 * dx + i22 * (points[N + first + i] - mean2);
        joint[i * K + k] = norm - 0.5 * (y1 * y1 + y2 * y2);
      }
    } else {
      for (let i = 0; i < size; i++) {
        let distance = 0;
        for (let row = 0, entry = at + 1 + D; row < D; row++) {
          let y = 0;
          for (let j = 0; j <= row; j++) y += rows[entry++] * (points[j * N + first + i] - rows[at + 1 + j]);
          distance += y * y;
        }
        joint[i * K + k] = norm - 0.5 * distance;
      }
    }
  }
}

// -> {codes, shares, logDensities}. codes: Uint16Array (N,) as gmmviz.figures.codes.belonging_codes; shares: of one
// component, `member`, as bytes (N,), 255 r; logDensities: ln p(x), Float64Array (N,). The last two only if asked for.
// A point without a density has code 0, "nobody knows".
export function eStep(points, mixture, { member = -1, logDensities: wanted = false } = {}) {
  const { K, D } = mixture;
  const N = points.length / D;
  const ready = whitening(mixture);
  const codes = new Uint16Array(N);
  const shares = member < 0 ? null : new Uint8Array(N);
  const logDensities = wanted ? new Float64Array(N) : null;
  const block = Math.max(64, 2048 >> Math.ceil(Math.log2(K))); // the joint stays in the processor's nearest cache
  const joint = new Float64Array(block * K);
  const steps = Math.floor(65536 / K);
  const [least, perShare] = [1 / K, K > 1 ? (steps - 1) / (1 - 1 / K) : 0];
  for (let first = 0; first < N; first += block) {
    const size = Math.min(block, N - first);
    fillJoint(ready, points, first, size, joint);
    for (let i = 0; i < size; i++) {
      const n = first + i;
      const from = i * K;
      let top = joint[from];
      let best = 0;
      for (let k = 1; k < K; k++) {
        if (joint[from + k] > top) {
          top = joint[from + k];
          best = k;
        }
      }
      let total = 0;
      for (let k = 0; k < K; k++) {
        const below = joint[from + k] - top;
        if (below > FAINT) total += Math.exp(below);
      }
      if (total > 0) {
        const level = K > 1 ? (1 / total - least) * perShare : steps - 1;
        codes[n] = best * steps + (level > 0 ? level + EVEN - EVEN : 0);
      }
      if (shares && total > 0) shares[n] = (255 * Math.exp(joint[from + member] - top)) / total + EVEN - EVEN;
      if (logDensities) logDensities[n] = total > 0 ? top + Math.log(total) : -Infinity;
    }
  }
  return { codes, shares, logDensities };
}

// ln(weight_k N(x | k)) (K,) at one point (D,).
function jointAt(point, mixture) {
  const joint = new Float64Array(mixture.K);
  fillJoint(whitening(mixture), Float64Array.from(point), 0, 1, joint);
  return joint;
}

// weight_k N(x | k) (K,) at one point (D,): the heights of one dimension's curves there.
export function weightedDensities(point, mixture) {
  return jointAt(point, mixture).map(Math.exp);
}

// p(x) at one point (D,), per unit of volume.
export function density(point, mixture) {
  return weightedDensities(point, mixture).reduce((sum, part) => sum + part, 0);
}

// The shares (K,) of one point (D,): they sum to 1, and are 0 only for components without weight.
export function responsibilitiesAt(point, mixture) {
  const joint = jointAt(point, mixture);
  const top = Math.max(...joint);
  const parts = joint.map((value) => (value === -Infinity ? 0 : Math.exp(Math.max(FLOOR, value - top))));
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / total);
}

// What a point's code says (gmmviz.figures.codes): its most probable component, from 0, and how large that share is.
export function belonging(code, K) {
  const steps = Math.floor(65536 / K);
  const best = Math.floor(code / steps);
  return { best, share: K > 1 ? 1 / K + ((code - best * steps) / (steps - 1)) * (1 - 1 / K) : 1 };
}
