// Colours by table: codes, shares or numbers (N,) -> one packed RGBA (N,) each, as ImageData holds it on a
// little-endian machine, red lowest. Palette and grey come from Python as lists of [r, g, b], 0 to 255.

const CODES = 65536;

export function pack(red, green, blue) {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

function mixed(one, other, share) {
  const part = (i) => one[i] + share * (other[i] - one[i]);
  return pack(part(0), part(1), part(2));
}

// The table (65536,) of belonging codes (gmmviz.figures.codes): each component's stretch runs from grey to its colour,
// or is all its colour if not `faded`. Code 0 is grey in both: nobody knows, or nobody has asked yet.
export function belongingTable(palette, grey, K, faded = true) {
  const table = new Uint32Array(CODES);
  const steps = Math.floor(CODES / K);
  for (let code = 0; code < CODES; code++) {
    const k = Math.min(K - 1, Math.floor(code / steps));
    const share = faded ? Math.min(1, (code - k * steps) / (steps - 1)) : 1;
    table[code] = mixed(grey, palette[k], share);
  }
  table[0] = pack(...grey);
  return table;
}

// The table (256,) of one component's shares as bytes: from grey to its colour.
export function shareTable(colour, grey) {
  return Uint32Array.from({ length: 256 }, (_, byte) => mixed(grey, colour, byte / 255));
}

// The table of whole numbers: labels, or k-means' clusters; colours: a list of [r, g, b].
export function numberTable(colours) {
  return Uint32Array.from(colours, (colour) => pack(...colour));
}

// The table (256,) of a sequential scale: stops [[place from 0 to 1, [r, g, b]], ...] in order.
export function scaleTable(stops) {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const place = byte / 255;
    const next = Math.max(1, stops.findIndex(([end]) => end >= place));
    const [[start, one], [end, other]] = [stops[next - 1], stops[next]];
    return mixed(one, other, (place - start) / (end - start));
  });
}

// Paints into `out` (N,), packed RGBA, the colours on the way from codes `from` to codes `to` (N,), null: uncoloured,
// the table's first colour. Each part of a colour goes its own straight way, so that a point which changes its
// component fades through the mix of the two colours, not through the codes between them.
export function fade(table, from, to, share, out) {
  const N = out.length;
  const toShare = Math.round(256 * Math.min(1, Math.max(0, share)));
  const fromShare = 256 - toShare;
  const none = table[0];
  if (from === to || toShare === 0 || toShare === 256) {
    const codes = toShare === 256 ? to : from;
    if (!codes) return out.fill(none);
    for (let n = 0; n < N; n++) out[n] = table[codes[n]];
    return out;
  }
  for (let n = 0; n < N; n++) {
    const one = from ? table[from[n]] : none;
    const other = to ? table[to[n]] : none;
    const redBlue = Math.imul(one & 0xff00ff, fromShare) + Math.imul(other & 0xff00ff, toShare) + 0x800080;
    const green = Math.imul(one & 0x00ff00, fromShare) + Math.imul(other & 0x00ff00, toShare) + 0x008000;
    out[n] = 0xff000000 | ((redBlue >>> 8) & 0xff00ff) | ((green >>> 8) & 0x00ff00);
  }
  return out;
}
