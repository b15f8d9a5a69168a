// What the layers draw with: SVG elements, colours, numbers as a reader sees them.

const NS = "http://www.w3.org/2000/svg";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

// An SVG element with attributes, as its parent's last child.
export function svg(name, attributes = {}, parent = null) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}

// A sheet over a whole plane, for shapes.
export function sheet(box) {
  return svg("svg", { class: "stage-shapes" }, box);
}

export const css = ([red, green, blue]) => `rgb(${red}, ${green}, ${blue})`;

// A packed RGBA as "#rrggbb".
export function hex(rgba) {
  return "#" + [rgba, rgba >>> 8, rgba >>> 16].map((part) => (part & 255).toString(16).padStart(2, "0")).join("");
}

// A number to so many digits, its thousands apart, with a true minus and powers of ten instead of an e.
export function shown(value, digits = 4) {
  if (!Number.isFinite(value)) return String(value).replace("-", "\u2212");
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e9)) {
    const [mantissa, power] = value.toExponential(digits - 1).split("e");
    const raised = power.replace("+", "").replace("-", "⁻").replace(/\d/g, (digit) => RAISED[digit]);
    return `${String(Number(mantissa)).replace("-", "\u2212")} × 10${raised}`;
  }
  return value.toLocaleString("en-US", { maximumSignificantDigits: digits }).replace("-", "\u2212");
}

export const where = (x, y) => `(${shown(x)}, ${shown(y)})`;
