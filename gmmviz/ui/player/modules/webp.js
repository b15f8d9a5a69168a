// An animated WebP, put together from stills that the browser has encoded: a RIFF file of chunks, each a name of four
// letters, its size and its bytes, filled up to an even number (Google, "WebP Container Specification").

const MOST = 2 ** 24; // what three bytes hold: a side, ms
const IMAGE = ["ALPH", "VP8 ", "VP8L"]; // the chunks of a still that are its picture
const [ANIMATED, TRANSPARENT] = [0x02, 0x10]; // flags of a file
const REPLACES = 0x02; // flag of a frame: it is not blended with the one before

const letters = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const number = (value, bytes) => Uint8Array.from({ length: bytes }, (_, i) => (value / 2 ** (8 * i)) & 255);

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) whole.set(part, at), (at += part.length);
  return whole;
}

// Of the parts that are put together here all are even already.
function chunk(name, ...parts) {
  const bytes = joined(parts);
  return joined([letters(name), number(bytes.length, 4), bytes]);
}

// The chunks of a WebP file: [{name, bytes}], bytes with the chunk's head and what fills it up.
export function chunksOf(file) {
  const text = (at) => String.fromCharCode(...file.subarray(at, at + 4));
  if (text(0) !== "RIFF" || text(8) !== "WEBP") throw new Error("This is no WebP file.");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found = [];
  for (let at = 12; at + 8 <= file.length; ) {
    const size = view.getUint32(at + 4, true);
    const end = at + 8 + size + (size % 2);
    found.push({ name: text(at), bytes: file.subarray(at, end) });
    at = end;
  }
  return found;
}

// The file of a film without end: `stills`: [{file, ms}], a WebP file of width x height px and how long it is shown.
export function animated(stills, width, height) {
  const size = [number(width - 1, 3), number(height - 1, 3)];
  const pictures = stills.map(({ file }) => chunksOf(file).filter(({ name }) => IMAGE.includes(name)));
  const transparent = pictures.flat().some(({ name }) => name !== "VP8 ");
  const frames = pictures.map((picture, i) => {
    const ms = number(Math.min(MOST - 1, Math.round(stills[i].ms)), 3);
    const place = [number(0, 3), number(0, 3), ...size];
    return chunk("ANMF", ...place, ms, number(REPLACES, 1), ...picture.map(({ bytes }) => bytes));
  });
  const head = chunk("VP8X", number(ANIMATED | (transparent ? TRANSPARENT : 0), 1), number(0, 3), ...size);
  const loop = chunk("ANIM", number(0xffffffff, 4), number(0, 2)); // on white, for ever
  return chunk("RIFF", letters("WEBP"), head, loop, ...frames);
}
