// One dimension's curves: the weighted density of each component and their sum, as numbers and as SVG paths.

import { eStep } from "./expectation.js";

// Standard deviations around its mean at which a component's curve is drawn: out to where even a spike's is flat.
const REACH = [-9, -7, -6, ...Array.from({ length: 71 }, (_, i) => -5 + i / 7), 6, 7, 9];

// -> a list of K {x, y}, Float64Arrays: each weighted density around its own mean, so that a spike is as smooth as a
// broad curve. mixture: D = 1.
export function componentCurves({ K, weights, means, covariances }) {
  return Array.from({ length: K }, (_, k) => {
    const deviation = Math.sqrt(covariances[k]);
    const height = weights[k] / deviation / Math.sqrt(2 * Math.PI);
    return {
      x: Float64Array.from(REACH, (reach) => means[k] + deviation * reach),
      y: Float64Array.from(REACH, (reach) => height * Math.exp(-reach * reach / 2)),
    };
  });
}

// {x, y} of the curves' sum, at the x of all of them in order.
export function sumCurve(mixture, curves = componentCurves(mixture)) {
  const x = Float64Array.from(curves.flatMap((curve) => [...curve.x])).sort();
  return { x, y: eStep(x, mixture, { logDensities: true }).logDensities.map(Math.exp) };
}

// A curve's corners in pixels, [[x, y, whether it is cut off there], ...], y down: what rises above the picture's top,
// at pixel `top`, runs along it between the very places where the curve meets it.
function corners({ x, y }, { x0, sx, y0, sy }, top) {
  const found = [];
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x0 + sx * x[i], y0 + sy * y[i]];
    if (i > 0) {
      const [beforeX, beforeY] = [x0 + sx * x[i - 1], y0 + sy * y[i - 1]];
      if (beforeY < top !== py < top) {
        found.push([beforeX + ((top - beforeY) / (py - beforeY)) * (px - beforeX), top, false]);
      }
    }
    found.push(py < top ? [px, top, true] : [px, py, false]);
  }
  return found;
}

const at = ([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`;

// A curve as an SVG path in pixels; above the top there is none. toPixels: {x0, sx, y0, sy} as numbers.js `pixelsOf`.
export function linePath(curve, toPixels, top = 0) {
  let [path, drawing] = ["", false];
  for (const corner of corners(curve, toPixels, top)) {
    if (!corner[2]) path += (drawing ? "L" : "M") + at(corner);
    drawing = !corner[2];
  }
  return path;
}

// What is under a curve, down to density 0, as a closed SVG path; cut off at the top.
export function areaPath(curve, toPixels, top = 0) {
  const edge = corners(curve, toPixels, top);
  if (!edge.length) return "";
  const ground = (corner) => at([corner[0], toPixels.y0]);
  return `M${ground(edge[0])}L${edge.map(at).join("L")}L${ground(edge[edge.length - 1])}Z`;
}
