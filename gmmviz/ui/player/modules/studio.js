// The film once more, out of sight, in a size of its own and in the light theme: its moments drawn on a canvas, for a file.

import { Figure } from "./figure.js";
import { mostHeight } from "./layout.js";
import { Stage } from "./stage.js";
import { positionAt } from "./timeline.js";

export const WIDTH = 1080; // px
const HEIGHT = 600; // px of the figure, at most
const LIGHT = {
  "--st-text-color": "#1b232d", "--st-background-color": "#ffffff", "--st-secondary-background-color": "#f5f6f8",
  "--st-primary-color": "#334155", "--st-border-color": "#d5dae1",
};
const HIDES = { position: "fixed", left: "-20000px", right: "auto", top: "0", width: `${WIDTH}px`, pointerEvents: "none" };
const WORDS = { size: 20, line: 26, pad: 14 }; // px
const LOOKS = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "stroke-linecap",
  "opacity", "display", "vector-effect", "paint-order", "font", "text-anchor", "dominant-baseline",
];
const EACH = 80; // ms, a picture
const LONGEST = 10000; // ms, all of them
const END = 1600; // of these, the last one
const FIRST = 800; // the first one, at least
const INK = "#1b232d";

// The pictures of a film whose schedule is given: [{position, ms}], what is seen and how long, 10 s in all at most; a
// picture is not repeated. A longer film is played faster.
export function momentsOf(clock) {
  const room = LONGEST - FIRST - END;
  const pictures = Math.ceil(Math.min(room, clock.length) / EACH);
  const found = [{ position: 0, ms: FIRST }];
  for (let i = 1; i <= pictures; i++) {
    const position = i === pictures ? clock.arrive.length - 1 : positionAt(clock, (i / pictures) * clock.length);
    const last = found.at(-1);
    if (position === last.position) last.ms += EACH;
    else found.push({ position, ms: EACH });
  }
  found.at(-1).ms += END;
  return found;
}

// A text in lines that are no wider than `width`, as `measure` tells.
export function linesOf(text, width, measure) {
  const lines = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && measure(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

export class Studio {
  // Of the film as it is shown now; what becomes of that later does not matter.
  constructor(film) {
    Object.assign(this, { film, scene: film.scene, data: film.data, telling: film.telling });
    this.narrator = film.telling.narrator;
    this.root = film.root.cloneNode(true);
    this.root.removeAttribute("id");
    for (const node of this.root.querySelectorAll("[id]")) node.removeAttribute("id");
    this.root.querySelector(".film-plot").replaceChildren();
    this.root.querySelector(".film-head").hidden = true;
    Object.assign(this.root, { className: "film", inert: true, ariaHidden: true });
    Object.assign(this.root.style, HIDES);
    for (const [name, value] of Object.entries(LIGHT)) this.root.style.setProperty(name, value);
    this.font = getComputedStyle(film.root).fontFamily;
    this.root.style.setProperty("--st-font", this.font);
  }

  async open() {
    document.body.append(this.root);
    const boxes = { planes: this.scene.planes.map(() => box("stage-plane")), curves: this.scene.curves.map(() => box("stage-curve")) };
    this.boxes = [...boxes.planes, ...boxes.curves];
    this.stage = new Stage(this.scene, boxes.planes, boxes.curves);
    const height = Math.min(HEIGHT, mostHeight(this.data.figure.layout.meta, WIDTH));
    Object.assign(this.root.querySelector(".film-plot").style, { height: `${Math.round(height)}px`, animation: "none" });
    const idle = () => {};
    this.figure = new Figure(this.root, {
      drawn: (planes, curves) => this.stage.fit(planes, curves), dragged: idle, pointed: idle, clicked: idle,
    });
    Object.assign(this.figure, { data: { points: this.data.points }, zoom: this.film.figure.zoom });
    await this.figure.show(this.data, boxes);
    this.makeCanvas();
    this.ground = await this.drawnByPlotly();
    return this;
  }

  close() {
    this.figure?.close();
    this.root.remove();
  }

  makeCanvas() {
    const { width, height } = this.figure.node._fullLayout;
    this.size = { width, height };
    this.canvas = document.createElement("canvas");
    this.canvas.width = width;
    this.canvas.height = height;
    this.pen = this.canvas.getContext("2d", { alpha: false });
    this.writeWith(600);
    const measure = (text) => this.pen.measureText(text).width;
    const said = this.scene.labels.map((_, stop) => linesOf(this.narrator.sentence(stop) ?? "", width - 2 * WORDS.pad, measure));
    this.said = said;
    this.head = Math.max(...said.map((lines) => lines.length)) * WORDS.line + WORDS.pad; // the same for all: nothing jumps
    this.canvas.height = Math.round(this.head + height + WORDS.line + WORDS.pad);
  }

  writeWith(weight) {
    this.pen.font = `${weight} ${WORDS.size}px ${this.font}`;
    this.pen.textBaseline = "middle";
    this.pen.fillStyle = INK;
  }

  async drawnByPlotly() {
    const { layout } = this.figure.ground();
    const source = await this.figure.Plotly.toImage({ data: this.figure.traces, layout }, { format: "png", ...this.size, scale: 1 });
    return loaded(source);
  }

  // Draws a moment on the canvas.
  async draw(position) {
    this.stage.paint(position);
    const sheets = await Promise.all(this.boxes.map((node) => Promise.all(Array.from(node.children, picture))));
    const { pen, canvas, head } = this;
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(this.ground, 0, head);
    this.boxes.forEach((node, i) => this.drawBox(node, sheets[i]));
    this.write(Math.ceil(position));
    return canvas;
  }

  // A box over a plane is cut off at its edges, one over a curve is not.
  drawBox(node, sheets) {
    const [left, top, width, height] = ["left", "top", "width", "height"].map((name) => parseFloat(node.style[name]));
    const { pen } = this;
    pen.save();
    pen.translate(left, top + this.head);
    if (node.matches(".stage-plane")) pen.beginPath(), pen.rect(0, 0, width, height), pen.clip();
    for (const { image, opacity } of sheets.filter(Boolean)) {
      pen.globalAlpha = opacity;
      pen.drawImage(image, 0, 0, width, height);
    }
    pen.restore();
  }

  write(stop) {
    const { pen, head, size } = this;
    this.writeWith(600);
    this.said[stop].forEach((line, i) => pen.fillText(line, WORDS.pad, (i + 0.5) * WORDS.line + WORDS.pad / 2));
    this.writeWith(400);
    pen.fillText(this.scene.labels[stop], WORDS.pad, head + size.height + WORDS.line / 2 + WORDS.pad / 2);
  }
}

function box(name) {
  const node = document.createElement("div");
  node.className = name;
  return node;
}

// What a layer has drawn, as an image that a canvas can take: {image, opacity}; null: nothing of the kind.
async function picture(node) {
  const opacity = Number(getComputedStyle(node).opacity);
  if (node.tagName === "CANVAS") return { image: node, opacity };
  if (node.tagName !== "svg") return null;
  return { image: await loaded(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(standingAlone(node))}`), opacity };
}

// An SVG element as a document of its own, which has no style sheet: each shape brings its looks along.
export function standingAlone(node) {
  const copy = node.cloneNode(true);
  const { width, height } = node.parentElement.style;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", parseFloat(width));
  copy.setAttribute("height", parseFloat(height));
  copy.setAttribute("style", "overflow: visible");
  const copies = copy.querySelectorAll("*");
  node.querySelectorAll("*").forEach((shape, i) => {
    const looks = getComputedStyle(shape);
    copies[i].setAttribute("style", LOOKS.map((name) => `${name}: ${looks.getPropertyValue(name)}`).join("; "));
  });
  return new XMLSerializer().serializeToString(copy);
}

async function loaded(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}
