// What the layers draw with: SVG elements, colours, places in words.

import { numeral } from "./numbers.js";

export const LINE = "#808a94"; // lines that are no component's, as gmmviz.figures.traces and the style sheet have it
export const DARK = "#30363d"; // under the hover's white words
const NS = "http://www.w3.org/2000/svg";

// An SVG element with attributes, as its parent's last child.
export function svg(name, attributes = {}, parent = null) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}

// Sets attributes that are lengths, in px.
export function set(node, values) {
  for (const [name, value] of Object.entries(values)) node.setAttribute(name, value.toFixed(2));
}

// A sheet over a whole plane, for shapes.
export function sheet(box) {
  return svg("svg", { class: "stage-shapes" }, box);
}

export const css = ([red, green, blue]) => `rgb(${red}, ${green}, ${blue})`;
export const translucent = ([red, green, blue], alpha) => `rgba(${red}, ${green}, ${blue}, ${alpha})`;

// A packed RGBA as "#rrggbb".
export function hex(rgba) {
  return "#" + [rgba, rgba >>> 8, rgba >>> 16].map((part) => (part & 255).toString(16).padStart(2, "0")).join("");
}

export const where = (x, y) => `(${numeral(x)}, ${numeral(y)})`;
