// Regions of the plane. Hard: the polygons of spots nearest to each centre. Soft: a picture in the colour of the most
// probable component, greyer the less sure. And the density as a picture. box: [[x low, x high], [y low, y high]].

import { eStep } from "./expectation.js";

// For each centre of centres (K, 2), row-major, its polygon (M, 2) as a flat, closed Float64Array: the spots of the box
// nearest to it, empty where an earlier centre stands at the same place.
export function regionPolygons(centres, [[left, right], [low, high]]) {
  const K = centres.length / 2;
  const polygons = [];
  for (let k = 0; k < K; k++) {
    const [x, y] = [centres[2 * k], centres[2 * k + 1]];
    let polygon = [left, low, right, low, right, high, left, high];
    for (let j = 0; j < K && polygon.length; j++) {
      const [otherX, otherY] = [centres[2 * j], centres[2 * j + 1]];
      if (j === k) continue;
      if (x === otherX && y === otherY) polygon = j < k ? [] : polygon;
      else polygon = nearer(polygon, x, y, otherX, otherY);
    }
    polygons.push(Float64Array.from([...polygon, ...polygon.slice(0, 2)]));
  }
  return polygons;
}

// The number of the centre (K, 2) nearest to each point, xs and ys (N,), the first of equally near ones; as
// gmmviz.kmeans.assign.
export function nearestCentres(xs, ys, centres) {
  const labels = new Uint8Array(xs.length);
  for (let n = 0; n < xs.length; n++) {
    let least = Infinity;
    for (let k = 0; 2 * k < centres.length; k++) {
      const [dx, dy] = [xs[n] - centres[2 * k], ys[n] - centres[2 * k + 1]];
      const squared = dx * dx + dy * dy;
      if (squared < least) [least, labels[n]] = [squared, k];
    }
  }
  return labels;
}

// The part of a convex polygon that is nearer to (x, y) than to the other (Sutherland and Hodgman, 1974).
function nearer(polygon, x, y, otherX, otherY) {
  const [acrossX, acrossY] = [otherX - x, otherY - y];
  const [middleX, middleY] = [(x + otherX) / 2, (y + otherY) / 2];
  const beyond = (i) => (polygon[i] - middleX) * acrossX + (polygon[i + 1] - middleY) * acrossY;
  const kept = [];
  let start = polygon.length - 2;
  let a = start >= 0 ? beyond(start) : 0;
  for (let end = 0; end < polygon.length; end += 2) {
    const b = beyond(end);
    if (a > 0 !== b > 0) {
      const t = a / (a - b);
      for (const i of [0, 1]) kept.push(polygon[start + i] + t * (polygon[end + i] - polygon[start + i]));
    }
    if (b <= 0) kept.push(polygon[end], polygon[end + 1]);
    [start, a] = [end, b];
  }
  return kept;
}

// A polygon (M, 2) as an SVG path in pixels; toPixels: {x0, sx, y0, sy} as numbers.js `pixelsOf`.
export function polygonPath(polygon, { x0, sx, y0, sy }) {
  let path = "";
  for (let i = 0; i + 2 < polygon.length; i += 2) {
    path += `${i ? "L" : "M"}${(x0 + sx * polygon[i]).toFixed(2)} ${(y0 + sy * polygon[i + 1]).toFixed(2)}`;
  }
  return path && path + "Z";
}

// A picture's pixels over a box: {width, height, points}, the pixels' centres (2, width height), component-major, row
// by row from the top. Made once for a box.
export function gridOf([[left, right], [low, high]], width, height) {
  const N = width * height;
  const points = new Float64Array(2 * N);
  for (let n = 0; n < N; n++) {
    points[n] = left + (((n % width) + 0.5) / width) * (right - left);
    points[N + n] = high - ((Math.floor(n / width) + 0.5) / height) * (high - low);
  }
  return { width, height, points };
}

// Paints into an ImageData of the grid's size each pixel's colour under a mixture (D = 2); table: belongingTable's.
export function softRegions(mixture, grid, table, imageData) {
  const picture = new Uint32Array(imageData.data.buffer);
  const { codes } = eStep(grid.points, mixture);
  for (let n = 0; n < codes.length; n++) picture[n] = table[codes[n]];
  return imageData;
}

// Paints a mixture's density (D = 2) in a sequential scale: table (256,) from colours.js `scaleTable`, its first colour
// at density 0 and its last at `most` and above.
export function densityField(mixture, grid, table, most, imageData) {
  const picture = new Uint32Array(imageData.data.buffer);
  const { logDensities } = eStep(grid.points, mixture, { logDensities: true });
  for (let n = 0; n < logDensities.length; n++) {
    picture[n] = table[Math.round(255 * Math.min(1, Math.exp(logDensities[n]) / most))];
  }
  return imageData;
}

// The highest of a mixture's densities on a grid: for `most`.
export function highestDensity(mixture, grid) {
  return Math.exp(eStep(grid.points, mixture, { logDensities: true }).logDensities.reduce((a, b) => Math.max(a, b)));
}
