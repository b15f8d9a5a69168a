// Places with a name: what a reader is asked about, where he guessed, where the answer is, and how near was near enough.

import { STAR } from "./cloud.js";
import { Layer } from "./layer.js";
import { DARK, sheet, svg, where } from "./svg.js";

const CROSS = "M-.3 -1H.3V-.3H1V.3H.3V1H-.3V.3H-1V-.3H-.3Z";
const SHAPES = { star: STAR, cross: CROSS };
const NEAR = 10; // px within which a place is under the hand
const ABOVE = 20; // px from a place to its name

// `plane.spots`: [{at: [x, y], text, shape: "star" or "cross", within: a distance in the data's units or nothing}].
export class Spots extends Layer {
  constructor(plane, box) {
    super(plane, box);
    const over = sheet(box);
    this.groups = plane.spots.map(({ text, shape, within }) => {
      const group = svg("g", { class: `stage-named stage-named-${shape}` }, over);
      if (within) svg("ellipse", { class: "stage-aim" }, group);
      svg("path", { d: SHAPES[shape] }, group);
      svg("text", {}, group).textContent = text;
      return group;
    });
  }

  paint() {
    this.plane.spots.forEach(({ at, within }, i) => {
      const [x, y] = this.inPixels(...at);
      const group = this.groups[i];
      group.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
      group.querySelector("path").setAttribute("transform", `scale(${11 * this.size})`);
      const under = y < 2 * ABOVE * this.size; // its name stands over it, where there is room
      group.querySelector("text").setAttribute("y", (under ? 1 : -1) * ABOVE * this.size);
      if (!within) return;
      const { sx, sy } = this.toPixels;
      const aim = group.querySelector("ellipse");
      aim.setAttribute("rx", Math.abs(sx * within).toFixed(2));
      aim.setAttribute("ry", Math.abs(sy * within).toFixed(2));
    });
  }

  at(x, y) {
    const { spots } = this.plane;
    const found = spots.findLast(({ at }) => {
      const [px, py] = this.inPixels(...at);
      return Math.hypot(px - x, py - y) <= NEAR * this.size;
    });
    if (!found) return null;
    const [px, py] = this.inPixels(...found.at);
    return { text: `${found.text}<br>${where(...found.at)}`, colour: DARK, x: px, y: py };
  }

  standing() {
    const { spots } = this.plane;
    const marker = {
      symbol: spots.map(({ shape }) => (shape === "star" ? "star" : "cross")), size: 17, color: "#ffffff",
      line: { width: 2, color: "#000000" },
    };
    const [x, y] = [0, 1].map((i) => spots.map(({ at }) => at[i]));
    const text = spots.map((spot) => spot.text);
    return { traces: [{ mode: "markers+text", x, y, text, textposition: "top center", marker }] };
  }
}
