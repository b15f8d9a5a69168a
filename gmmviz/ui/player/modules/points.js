// Points as discs on a canvas, by sparse compositing: while a film plays its points stand still and only their colours
// change. So `place` works out once which points each pixel shows and how much of each, and `paint` is a sparse sum.

const HIDDEN = 1 / 512; // what shows less than this through the discs above it makes no difference in 8 bits
const WHOLE = 65535; // a pixel's weights, 16 bits each, add up to this: a sum of bytes times weights fits in 24

const PRESENTED = { radius: 5, share: 1 / 3 }; // px, and of the picture, what all discs cover at most

// How large and how strong N points are on a picture of width x height px: {radius, opacity}. They shrink and pale as
// their number grows, and grow with the picture. `unit`: how large things are in the presentation mode, else 0.
export function style(N, width, height, unit = 0) {
  const crowd = Math.min(1.4, Math.max(-0.2, Math.log(Math.max(1, N) / 100) / Math.log(200))); // 0 at 100, 1 at 20 000
  const size = Math.min(3, Math.max(0.6, Math.sqrt(width * height) / 600));
  const radius = size * 4.5 * (1.3 / 4.5) ** crowd;
  const room = Math.sqrt((PRESENTED.share * width * height) / (Math.PI * Math.max(1, N)));
  const presented = unit && Math.min(PRESENTED.radius * unit, room);
  return { radius: Math.max(radius, presented), opacity: Math.min(0.9, 0.9 - 0.45 * crowd) };
}

// Where the discs of points at xs, ys (N,) in px fall on a canvas of width x height px at `ratio` device pixels a px;
// later points lie over earlier ones. For each pixel that shows any: its place in the picture, its alpha, and from
// starts[p] to starts[p + 1] the points that it shows with their weights (parts of 65535). Points that are not numbers
// or lie outside are nowhere.
export function place(xs, ys, { width, height, radius, opacity, ratio = 1 }) {
  const [W, H] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  const rest = new Float32Array(W * H).fill(1); // what still shows under the discs so far
  const counts = new Uint32Array(W * H);
  const found = stamps(xs, ys, W, H, radius * ratio, opacity, ratio, rest, counts);
  let covered = 0;
  for (let pixel = 0; pixel < W * H; pixel++) if (counts[pixel] > 0) covered++;
  const placement = {
    width: W,
    height: H,
    pixels: new Uint32Array(covered),
    alphas: new Uint8Array(covered),
    starts: new Uint32Array(covered + 1),
    points: new Uint32Array(found.length),
    weights: new Uint16Array(found.length),
  };
  const { pixels, alphas, starts, points, weights } = placement;
  for (let pixel = 0, p = 0, end = 0; pixel < W * H; pixel++) {
    if (counts[pixel] === 0) continue;
    pixels[p] = pixel;
    alphas[p] = Math.round(255 * (1 - rest[pixel]));
    end += counts[pixel];
    counts[pixel] = starts[p]; // from here on: where the pixel's next point goes
    starts[++p] = end;
  }
  const shown = new Float32Array(found.length);
  for (let i = 0; i < found.length; i++) {
    const at = counts[found.pixels[i]]++;
    points[at] = found.points[i];
    shown[at] = found.shown[i];
  }
  for (let p = 0; p < covered; p++) {
    let total = 0;
    for (let i = starts[p]; i < starts[p + 1]; i++) total += shown[i];
    // Rounded as running sums, so that the weights add up exactly.
    for (let i = starts[p], sum = 0, before = 0; i < starts[p + 1]; i++) {
      sum += shown[i];
      const after = Math.round((WHOLE * sum) / total);
      weights[i] = after - before;
      before = after;
    }
  }
  return placement;
}

// From the topmost point down, each pixel that a disc of `radius` device pixels adds to: {length, pixels, points,
// shown}, shown = its own alpha times what the discs above let through. Writes into rest and counts, (W H,).
function stamps(xs, ys, W, H, radius, opacity, ratio, rest, counts) {
  const N = xs.length;
  const reach = radius + 0.5; // the edge fades over a pixel: alpha = opacity (radius + 1/2 - distance), at most opacity
  const room = N * Math.min(W * H, Math.ceil(Math.PI * (reach + Math.SQRT1_2) ** 2)); // whole pixels fit in that circle
  const [pixels, points, shown] = [new Uint32Array(room), new Uint32Array(room), new Float32Array(room)];
  const inside = radius > 0.5 ? (radius - 0.5) ** 2 : -1;
  let length = 0;
  for (let n = N - 1; n >= 0; n--) {
    const x = xs[n] * ratio - 0.5; // in pixels' centres
    const y = ys[n] * ratio - 0.5;
    if (!(x > -reach && y > -reach && x < W - 1 + reach && y < H - 1 + reach)) continue;
    const last = Math.min(H - 1, Math.floor(y + reach));
    for (let row = Math.max(0, Math.ceil(y - reach)); row <= last; row++) {
      const up = (row - y) * (row - y);
      const half = Math.sqrt(Math.max(0, reach * reach - up));
      const right = Math.min(W - 1, Math.floor(x + half));
      for (let column = Math.max(0, Math.ceil(x - half)); column <= right; column++) {
        const pixel = row * W + column;
        const through = rest[pixel];
        if (through < HIDDEN) continue;
        const away = up + (column - x) * (column - x);
        const alpha = away <= inside ? opacity : opacity * Math.min(1, reach - Math.sqrt(away));
        if (!(alpha > 0)) continue;
        pixels[length] = pixel;
        points[length] = n;
        shown[length++] = alpha * through;
        rest[pixel] = through * (1 - alpha);
        counts[pixel]++;
      }
    }
  }
  return { length, pixels, points, shown };
}

// Paints placed points in `colours` (N,), packed RGBA, into an ImageData of the placement's width and height.
export function paint({ pixels, alphas, starts, points, weights }, colours, imageData) {
  const picture = new Uint32Array(imageData.data.buffer);
  picture.fill(0);
  for (let p = 0, i = 0; p < pixels.length; p++) {
    let red = 32768; // one half, to round by
    let green = 32768;
    let blue = 32768;
    for (const end = starts[p + 1]; i < end; i++) {
      const colour = colours[points[i]];
      const weight = weights[i];
      red += Math.imul(colour & 255, weight);
      green += Math.imul((colour >>> 8) & 255, weight);
      blue += Math.imul((colour >>> 16) & 255, weight);
    }
    picture[pixels[p]] = (alphas[p] << 24) | ((blue >>> 16) << 16) | ((green >>> 16) << 8) | (red >>> 16);
  }
  return imageData;
}
