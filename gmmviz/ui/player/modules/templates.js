// Templates, as Python words them (gmmviz/figures/narration.py), and the numbers in them.

import { numeral } from "./numbers.js";

const DIGITS = 3;

// A template, or the one for so many, with its {placeholders} filled in.
export function filled(template, values = {}, n = values.n) {
  const text = typeof template === "string" ? template : template[formOf(n, template)];
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? numeral(value, Number.isInteger(value) ? 15 : DIGITS) : value;
  });
}

const formOf = (n, forms) => (n === 0 && "none" in forms ? "none" : n === 1 ? "one" : "many");

// Two numbers, each to so few digits, three at least, that one can tell them apart.
export function toldApart(a, b) {
  for (let digits = DIGITS; digits < 15; digits++) {
    const both = [numeral(a, digits), numeral(b, digits)];
    if (both[0] !== both[1]) return both;
  }
  return [numeral(a), numeral(b)];
}
