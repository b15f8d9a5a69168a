// Places with a name: what a reader is asked about, where he guessed, and how near to the answer was near enough.

import { STAR } from "./cloud.js";
import { Layer } from "./layer.js";
import { DARK, sheet, svg, where } from "./svg.js";

const NEAR = 10; // px within which a place is under the hand
const ABOVE = 20; // px from a star to its name
const OVER = 9; // px from a circle to its name
const CIRCLE = Array.from({ length: 65 }, (_, i) => (2 * Math.PI * i) / 64);

// `plane.spots`: [{at: [x, y], text, within}]: a star or, where `within` is a distance in the data's units, a circle
// around the place, which leaves free what stands there.
export class Spots extends Layer {
  constructor(plane, box) {
    super(plane, box);
    const over = sheet(box);
    this.groups = plane.spots.map(({ text, within }) => {
      const group = svg("g", { class: "stage-named" }, over);
      if (within) svg("ellipse", { class: "stage-aim" }, group);
      else svg("path", { d: STAR }, group);
      svg("text", {}, group).textContent = text;
      return group;
    });
  }

  paint() {
    const { sx, sy } = this.toPixels;
    this.plane.spots.forEach(({ at, within }, i) => {
      const [x, y] = this.inPixels(...at);
      const group = this.groups[i];
      group.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
      const [rx, ry] = within ? [sx, sy].map((scale) => Math.abs(scale * within)) : [0, 0];
      const away = within ? ry + OVER * this.size : ABOVE * this.size;
      const under = y < away + ABOVE * this.size; // its name stands over it, where there is room
      group.querySelector("text").setAttribute("y", (under ? away : -away).toFixed(2));
      if (!within) return group.querySelector("path").setAttribute("transform", `scale(${11 * this.size})`);
      const aim = group.querySelector("ellipse");
      aim.setAttribute("rx", rx.toFixed(2));
      aim.setAttribute("ry", ry.toFixed(2));
    });
  }

  at(x, y) {
    const { spots } = this.plane;
    const found = spots.findLast(({ at, within }) => {
      if (within) return false;
      const [px, py] = this.inPixels(...at);
      return Math.hypot(px - x, py - y) <= NEAR * this.size;
    });
    if (!found) return null;
    const [px, py] = this.inPixels(...found.at);
    return { text: `${found.text}<br>${where(...found.at)}`, colour: DARK, x: px, y: py };
  }

  standing() {
    const stars = this.plane.spots.filter(({ within }) => !within);
    const [x, y] = [0, 1].map((i) => stars.map(({ at }) => at[i]));
    const text = stars.map((spot) => spot.text);
    const marker = { symbol: "star", size: 17, color: "#ffffff", line: { width: 2, color: "#000000" } };
    const circles = this.plane.spots.filter(({ within }) => within).map(circle);
    return { traces: [...circles, { mode: "markers+text", x, y, text, textposition: "top center", marker }] };
  }
}

// A circle as Plotly draws it, with its name at its top.
function circle({ at: [x, y], text, within }) {
  const turned = CIRCLE.map((angle) => angle + Math.PI / 2);
  return {
    mode: "lines+text", x: turned.map((angle) => x + within * Math.cos(angle)), y: turned.map((angle) => y + within * Math.sin(angle)),
    text: [text], textposition: "top center", line: { width: 1.5, color: DARK, dash: "dash" },
  };
}
