// What happens between two iterations of a film, and what stands at one, as plain facts: numbers, no words. Components
// are counted from 0. A mixture: {K, D, weights, means, covariances}, as in mixture.js.

import { belonging } from "./expectation.js";
import { component } from "./mixture.js";
import { cholesky, solveLower } from "./numbers.js";

const SURE = 0.9; // a share from which on a point is told to belong to one component
const STILL = 1e-3; // of the points' range: less is told as no move
const SHARES = 0.5; // standard deviations that two means are apart at most if they share a group
const STARVES = 2; // times so many points as the least that a covariance needs, D + 1: a component with less starves
const NEARLY = 1e-3; // of the whole climb of the log-likelihood: less is told as nearly converged

// How many points have each component as their most probable one, Int32Array (K,); whose: of each point, which has it.
export function groups(whose, K) {
  const found = new Int32Array(K);
  for (const k of whose) found[k]++;
  return found;
}

// How many points have another most probable component after than before.
export function changed(before, after) {
  let n = 0;
  for (let i = 0; i < after.length; i++) if (before[i] !== after[i]) n++;
  return n;
}

// How many points belong to one component by at least 90 %; codes: as of eStep.
export function sure(codes, K) {
  let n = 0;
  for (const code of codes) if (belonging(code, K).share >= SURE) n++;
  return n;
}

// What changed most from one mixture to the next, of all components' places and widths in the features shown, each
// measured by the points' range in it (`equal`: by the larger of the ranges): {k, what, ...}. what: "moved", with the
// move in each feature; "widened" or "narrowed", with the feature's place in `features` and the standard deviations
// before and after; or "still", if even that is hardly to be seen.
export function moved(before, after, { features, ranges, equal }) {
  const units = equal ? ranges.map(() => Math.max(...ranges)) : ranges;
  const most = { size: STILL, what: "still" };
  for (let k = 0; k < after.K; k++) {
    const [one, other] = [component(before, k), component(after, k)];
    const by = features.map((i) => other.mean[i] - one.mean[i]);
    const way = Math.hypot(...by.map((d, i) => d / (units[i] || 1)));
    if (way >= most.size) Object.assign(most, { size: way, what: "moved", k, by });
    features.forEach((feature, i) => {
      const [from, to] = [one, other].map(({ covariance }) => Math.sqrt(covariance[feature * (after.D + 1)]));
      const size = Math.abs(to - from) / (units[i] || 1);
      if (size > most.size) Object.assign(most, { size, what: to > from ? "widened" : "narrowed", k, along: i, from, to });
    });
  }
  return most;
}

// Two components whose means are within half a standard deviation of each other, by the measure of both: [j, k], the
// nearest such two; null: none.
export function sharing(mixture) {
  const { K, D } = mixture;
  const lower = Array.from({ length: K }, (_, k) => cholesky(component(mixture, k).covariance, D));
  const away = (j, k) => {
    if (!lower[k]) return Infinity;
    const apart = component(mixture, j).mean.map((value, i) => value - component(mixture, k).mean[i]);
    return Math.hypot(...solveLower(lower[k], apart, D));
  };
  let [found, nearest] = [null, SHARES];
  for (let k = 0; k < K; k++) {
    for (let j = 0; j < k; j++) {
      if (mixture.weights[j] === 0 || mixture.weights[k] === 0) continue;
      const distance = Math.max(away(j, k), away(k, j));
      if (distance <= nearest) [found, nearest] = [[j, k], distance];
    }
  }
  return found;
}

// The component that has the weight of the fewest of N points, if these are few: {k, points}; null: none.
export function starving({ D, weights }, N) {
  let found = null;
  weights.forEach((weight, k) => {
    const points = weight * N;
    if (points > 0 && points < (found?.points ?? STARVES * (D + 1))) found = { k, points };
  });
  return found;
}

// How much the log-likelihood has left to climb from iteration t, if that is little beside the whole climb; null: much.
export function nearly(values, t) {
  const [first, last] = [values[0], values.at(-1)];
  const left = last - values[t];
  return t > 0 && t < values.length - 1 && left > 0 && left <= NEARLY * (last - first) ? left : null;
}

// What the last M-step gained; 0 if that is less than the number's digits can tell.
export function gain(values, t) {
  const gained = values[t] - values[t - 1];
  return Math.abs(gained) < 1e-12 * Math.abs(values[t]) ? 0 : gained;
}
