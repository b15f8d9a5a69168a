// Numbers: arrays as they come from Python, and the algebra of small matrices: (D, D), row-major in one array.

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const TYPES = { f8: Float64Array, f4: Float32Array, u1: Uint8Array, u2: Uint16Array, i4: Int32Array };

// {dtype, bdata} of gmmviz.figures.arrays.packed -> a typed array of its own, flat; both sides are little endian.
export function unpack({ dtype, bdata }) {
  const Type = TYPES[dtype];
  if (!Type) throw new TypeError(`unpack knows ${Object.keys(TYPES).join(", ")}, not ${dtype}`);
  const text = atob(bdata);
  const bytes = new Uint8Array(text.length); // a buffer of its own, so that every type is aligned in it
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return new Type(bytes.buffer);
}

// A number to so many digits as gmmviz.numerals writes it with ".4g": a minus, thousands apart, powers of ten instead of
// an e. Only a digit that lies exactly halfway goes up here, to the even one there.
export function numeral(value, digits = 4) {
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  if (!Number.isFinite(value) || (power > -5 && power < 6)) {
    const rounded = Number(value.toPrecision(digits)) + 0; // no -0
    return rounded.toLocaleString("en-US", { maximumSignificantDigits: digits }).replace("-", "\u2212");
  }
  const raised = power.replace("+", "").replace("-", "⁻").replace(/\d/g, (digit) => RAISED[digit]);
  const size = Math.abs(Number(mantissa));
  return `${value < 0 ? "\u2212" : ""}${size === 1 ? "" : `${size}\u00a0×\u00a0`}10${raised}`;
}

// A number with so many decimals, as gmmviz.numerals writes it with ".1f"; only a digit that lies exactly halfway goes up
// here, to the even one there.
export function decimal(value, decimals) {
  if (!Number.isFinite(value)) return numeral(value);
  const places = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const shown = Math.abs(value).toLocaleString("en-US", places);
  return `${value < 0 && /[1-9]/.test(shown) ? "\u2212" : ""}${shown}`;
}

// "T, K, D", as `packed` writes it -> [T, K, D]; a flat array has no shape but its length.
export function shapeOf({ shape }, length) {
  return shape === undefined ? [length] : String(shape).split(",").map(Number);
}

// Between two numbers; exactly a at 0 and b at 1, and never beyond them.
export function lerp(a, b, share) {
  return share < 0.5 ? a + share * (b - a) : b - (1 - share) * (b - a);
}

// Between two arrays of one length -> Float64Array.
export function lerpAll(a, b, share) {
  return Float64Array.from(a, (value, i) => lerp(value, b[i], share));
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

// The largest power of two that is not above a positive number: dividing by it is exact.
export function powerOfTwo(value) {
  double[0] = value;
  words[0] = 0;
  words[1] &= 0x7ff00000;
  return double[0];
}

// Lower L with L L' = matrix (D, D), or null where it is not positive definite in float64. In the order of LAPACK's
// potf2, which multiplies by 1 / pivot: so near-singular matrices are rounded as Python's.
export function cholesky(matrix, D) {
  const lower = new Float64Array(D * D);
  for (let j = 0; j < D; j++) {
    let pivot = matrix[j * D + j];
    let sum = 0;
    for (let k = 0; k < j; k++) sum += lower[j * D + k] * lower[j * D + k];
    pivot -= sum;
    if (!(pivot > 0)) return null;
    pivot = lower[j * D + j] = Math.sqrt(pivot);
    for (let i = j + 1; i < D; i++) {
      sum = 0;
      for (let k = 0; k < j; k++) sum += lower[i * D + k] * lower[j * D + k];
      lower[i * D + j] = (matrix[i * D + j] - sum) * (1 / pivot);
    }
  }
  return lower;
}

// y (D,) with L y = b (D,), by forward substitution.
export function solveLower(lower, b, D) {
  const y = new Float64Array(D);
  for (let i = 0; i < D; i++) {
    let sum = b[i];
    for (let j = 0; j < i; j++) sum -= lower[i * D + j] * y[j];
    y[i] = sum / lower[i * D + i];
  }
  return y;
}

// L^-1 (D, D), lower as well.
export function invertLower(lower, D) {
  const inverse = new Float64Array(D * D);
  for (let j = 0; j < D; j++) {
    const unit = new Float64Array(D);
    unit[j] = 1;
    solveLower(lower, unit, D).forEach((value, i) => (inverse[i * D + j] = value));
  }
  return inverse;
}

// a b as the sum of two numbers, exactly (Dekker 1971).
function product(a, b) {
  const split = (value) => {
    const high = 134217729 * value - (134217729 * value - value); // 2^27 + 1
    return [high, value - high];
  };
  const [[a1, a2], [b1, b2]] = [split(a), split(b)];
  const main = a * b;
  return [main, a1 * b1 - main + a1 * b2 + a2 * b1 + a2 * b2];
}

// a c - b^2 without cancellation: of a near-singular matrix the plain difference has no digit that is right.
export function determinant(a, b, c) {
  const [[ac, ac2], [bb, bb2]] = [product(a, c), product(b, b)];
  return ac - bb + (ac2 - bb2);
}

// [a, b, c] of the symmetric root of M = [[a, b], [b, c]], positive semidefinite: (M + s I) / sqrt(trace + 2 s) with
// s = sqrt(det). It moves smoothly with M, which eigenvectors do not.
export function symmetricRoot(a, b, c) {
  const largest = Math.max(a, c);
  if (!(largest > 0)) return [0, 0, 0];
  const unit = powerOfTwo(Math.sqrt(largest)); // so that no product overflows or underflows
  [a, b, c] = [a / unit / unit, b / unit / unit, c / unit / unit];
  const s = Math.sqrt(Math.max(0, determinant(a, b, c)));
  const per = unit / Math.sqrt(a + c + 2 * s);
  return [(a + s) * per, b * per, (c + s) * per];
}

// Data to pixels, y down: {x0, sx, y0, sy}, pixel x = x0 + sx x; box: [[x low, x high], [y low, y high]].
export function pixelsOf([[left, right], [low, high]], width, height) {
  const [sx, sy] = [width / (right - left), -height / (high - low)];
  return { x0: -sx * left, sx, y0: -sy * high, sy };
}
