// Numbered discs that would cover one another step aside, each as little as it can.

const ROUNDS = 60;

// Where discs of a radius stand whose own places are xs, ys (K,), in px: [[x, y], ...], no two nearer than `gap` px
// from edge to edge, where they are few enough. One that is in nobody's way stays. Discs in the very same place part
// in directions of their own.
export function apart(xs, ys, radius, gap = 2) {
  const K = xs.length;
  const places = Array.from({ length: K }, (_, k) => [xs[k], ys[k]]);
  const wanted = 2 * radius + gap;
  for (let round = 0, moved = true; moved && round < ROUNDS; round++) {
    moved = false;
    for (let j = 0; j < K; j++) {
      for (let k = j + 1; k < K; k++) {
        let [dx, dy] = [places[k][0] - places[j][0], places[k][1] - places[j][1]];
        const distance = Math.hypot(dx, dy);
        if (!(distance < wanted - 1e-6)) continue;
        if (distance < 1e-9) [dx, dy] = [Math.cos(2.4 * (j + k)), Math.sin(2.4 * (j + k))];
        const step = (wanted - distance) / 2 / Math.max(Math.hypot(dx, dy), 1e-9);
        places[j] = [places[j][0] - step * dx, places[j][1] - step * dy];
        places[k] = [places[k][0] + step * dx, places[k][1] + step * dy];
        moved = true;
      }
    }
  }
  return places;
}
