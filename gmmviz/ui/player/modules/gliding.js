// A film that glides: the stage paints every moment of it, Plotly draws axes and curve and is called only where the film
// rests. The class is made over the one that has buttons, keys, zoom and the talk with the server (player.js).

import { Stage, pointColours, readScene } from "./stage.js";
import { ellipseMatrix } from "./mixture.js";
import { numeral, pixelsOf } from "./numbers.js";
import { glide, glidePosition, iterationAt, lastStop, moment, positionAt, schedule, stopOf, timeAt } from "./timeline.js";

const CAMERA = {
  name: "picture", title: "Download the picture", click: (plot) => plot.film.download(),
  icon: { width: 24, height: 24, path: "M9 4l-2 2H4v14h16V6h-3l-2-2H9zm3 4a5 5 0 110 10 5 5 0 010-10z" },
};

const DATA = { x0: 0, sx: 1, y0: 0, sy: 1 }; // the data's own units, in the place of pixels

export const gliding = (Film) => class GlidingFilm extends Film {
  constructor(root) {
    super(root);
    this.position = 0;
    const { signal } = this.listening;
    this.plane = this.plotChild("stage-plane");
    this.plot.addEventListener("pointermove", (event) => this.point(event), { signal });
    // Plotly, which knows nothing of the points, would take away what is said of them.
    const keep = (event) => event.target.closest?.(".nsewdrag[data-subplot=xy]") && event.stopPropagation();
    this.plot.addEventListener("mousemove", keep, { signal, capture: true });
    this.plot.addEventListener("pointerleave", () => this.point(null), { signal });
    this.range.addEventListener("change", () => this.goTo(Math.round(this.position)), { signal });
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.plot.film = this;
    this.config = { ...this.config, modeBarButtonsToAdd: [CAMERA],
      modeBarButtonsToRemove: [...this.config.modeBarButtonsToRemove, "toImage"] };
  }

  plotChild(name) {
    const node = document.createElement("div");
    node.className = name;
    return node;
  }

  // --- A figure arrives ---

  read(data) {
    this.scene = readScene(data.figure);
    this.curves = this.scene.curves.map(() => this.plotChild("stage-curve"));
  }

  get stops() {
    return lastStop(this.scene.T, this.scene.mode);
  }

  get iteration() {
    return this.scene.iterations[iterationAt(Math.round(this.position), this.scene.mode)];
  }

  get index() {
    return Math.floor(this.position);
  }

  set index(stop) {
    this.position = stop;
  }

  // Where the film stands when a figure arrives: where it stood in the same run, else where the server puts it.
  open(data, stays) {
    const [old, position, iteration] = [this.scene, this.position, stays && this.iteration];
    this.read(data);
    this.labels = this.labelsOf(this.scene);
    this.range.step = "any";
    const { iterations, T, mode } = this.scene;
    if (stays && old.mode === mode && old.T === T) return void (this.position = Math.round(position));
    const wanted = stays ? iteration : data.iteration;
    const t = Math.max(0, iterations.findLastIndex((t) => t <= wanted));
    this.position = wanted || (stays && position > 0) ? stopOf(t, T, mode) : 0;
  }

  labelsOf({ words, iterations, mode, last }) {
    return Array.from({ length: this.stops + 1 }, (_, stop) => {
      const t = iterations[iterationAt(stop, mode)];
      const kind = mode !== "steps" ? (t ? "whole" : "start") : stop === 0 ? "uncoloured" : stop % 2 ? "e_step" : "m_step";
      return words[kind].replace("{t}", numeral(t)).replace("{last}", numeral(last));
    });
  }

  nameAt(stop) {
    const t = this.scene.iterations[iterationAt(stop, this.scene.mode)];
    return this.scene.mode === "steps" && stop > 0 ? `${t}${stop % 2 ? "E" : "M"}` : `${t}`;
  }

  // --- Drawing ---

  async drawFigure() {
    this.size = this.sizeNow();
    const traces = this.data.figure.data.map((trace) => ({ ...trace }));
    await this.drawTraces(traces);
    if (!this.closed) this.attach();
  }

  async drawFrame() {
    this.stage.paint(this.position);
  }

  // Lays the stage's boxes over the plots: above Plotly's grid and curve, below its hover and buttons.
  attach() {
    const [first] = this.plot.querySelectorAll(".main-svg");
    if (this.staged !== this.scene) {
      this.plot.querySelectorAll(".stage-curve").forEach((old) => old.remove());
      this.stage = new Stage(this.scene, this.plane, this.curves);
      this.staged = this.scene;
    }
    first.after(this.plane, ...this.curves);
    const axes = this.scene.curves.map((curve) => curve.axes);
    this.curves.forEach((node, i) => this.cover(node, axes[i]));
    this.cover(this.plane, "");
    this.stage.fit(this.placeOf(""), axes.map((name) => this.placeOf(name).toPixels));
    this.stage.paint(this.position);
  }

  placeOf(axes) {
    const { [`xaxis${axes}`]: x, [`yaxis${axes}`]: y } = this.plot._fullLayout;
    const toPixels = pixelsOf([x.range, y.range], x._length, y._length);
    return { left: x._offset, top: y._offset, width: x._length, height: y._length, toPixels };
  }

  cover(node, axes) {
    const { left, top, width, height } = this.placeOf(axes);
    Object.assign(node.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }

  hook() {
    super.hook();
    this.plot.on("plotly_relayouting", (change) => this.follow(change));
    this.plot.on("plotly_relayout", () => !this.stale && !this.drawing && this.attach());
  }

  follow(change) {
    const { xaxis, yaxis } = this.plot._fullLayout;
    const range = (name, axis) => [0, 1].map((i) => change[`${name}.range[${i}]`] ?? axis.range[i]);
    const box = [range("xaxis", xaxis), range("yaxis", yaxis)];
    this.stage.drag(pixelsOf(box, xaxis._length, yaxis._length));
    this.stage.paint(this.position);
  }

  // --- The film moves ---

  // Moves to a position now, and says what is shown.
  seek(position) {
    this.position = position;
    this.stage?.paint(position);
    this.tell(Math.floor(position));
    this.scrubTo(position);
    if (this.told) this.point(this.pointer); // what is said under the pointer is of the moment shown
  }

  scrub(position) {
    this.playing = this.gliding = null;
    this.tellPlaying();
    this.seek(position);
    this.restSoon();
  }

  goTo(stop) {
    const wanted = Math.min(Math.max(stop, 0), this.stops);
    const way = glide(this.position, wanted, this.calm.matches);
    this.wantedStop = wanted;
    const [mine, began] = [(this.gliding = {}), performance.now()];
    const move = () => {
      if (this.gliding !== mine || this.closed) return;
      const position = glidePosition(way, performance.now() - began);
      this.seek(position);
      if (position !== wanted) requestAnimationFrame(move);
      else this.gliding = null;
    };
    move();
  }

  // The stop that a step by hand starts from: where a glide is bound for, if one is under way.
  get from() {
    return this.gliding ? this.wantedStop : this.position;
  }

  placeOfAct(name) {
    const { from } = this;
    return { first: 0, back: Math.ceil(from) - 1, forward: Math.floor(from) + 1, last: this.stops }[name];
  }

  async play() {
    clearTimeout(this.resting);
    this.gliding = null;
    const mine = (this.playing = {});
    this.tellPlaying();
    if (this.position >= this.stops) this.seek(0);
    await this.run(() => this.playing === mine && !this.closed);
    if (this.playing === mine) this.pause(), this.rest();
  }

  // Plays to the end as the clock says; with reduced motion from stop to stop.
  async run(goesOn) {
    let [speed, clock, offset] = [];
    while (goesOn() && this.position < this.stops) {
      const now = await new Promise(requestAnimationFrame);
      if (!goesOn()) return;
      if (speed !== this.speed.selectedOptions[0].text) { // at the start, and when the reader chooses another
        speed = this.speed.selectedOptions[0].text;
        clock = schedule(this.scene.T, this.scene.mode, speed);
        offset = now - timeAt(clock, this.position);
      }
      const position = positionAt(clock, now - offset);
      this.seek(this.calm.matches ? Math.floor(position) : position);
    }
  }

  pause() {
    super.pause();
    this.gliding = null;
  }

  rest() {
    const stop = Math.round(this.position);
    if (stop !== this.position) this.goTo(stop);
    super.rest();
  }

  // --- Under the hand ---

  point(event) {
    this.pointer = event;
    const box = this.plane.getBoundingClientRect();
    const [x, y] = event ? [event.clientX - box.x, event.clientY - box.y] : [-1, -1];
    const inside = this.stage && x >= 0 && y >= 0 && x <= box.width && y <= box.height && !event.buttons;
    const said = inside ? this.tooltip(x, y) : null;
    const layer = this.plot._fullLayout?._hoverlayer;
    if (!said) return void (this.told && layer && (this.Plotly.Fx.loneUnhover(layer.node()), (this.told = null)));
    this.told = said.text;
    const place = { x: said.x + this.plane.offsetLeft, y: said.y + this.plane.offsetTop };
    const looks = { color: said.colour, fontColor: "#ffffff", borderColor: "#ffffff" };
    const within = { container: layer.node(), outerContainer: this.plot._fullLayout._paper.node(), gd: this.plot };
    this.Plotly.Fx.loneHover({ ...place, ...looks, text: said.text }, within);
  }

  // What stands at a place in the plane, in pixels: {text, colour, x, y}, or null.
  tooltip(px, py) {
    const { scene, stage } = this;
    const { x0, sx, y0, sy } = stage.toPixels;
    const k = stage.meanAt(px, py);
    if (k >= 0) {
      const { means } = stage.mixtureAt(moment(this.position, scene.mode));
      const [x, y] = means.subarray(2 * k, 2 * k + 2);
      const text = `mean of component ${k + 1}<br>(${numeral(x)}, ${numeral(y)})`;
      return { text, colour: this.css(k), x: x0 + sx * x, y: y0 + sy * y };
    }
    const n = stage.nearest(px, py);
    if (n < 0) return null;
    const [x, y] = [scene.xs[n], scene.ys[n]];
    const shares = stage.shares(n, this.position);
    const first = shares ? shares.indexOf(Math.max(...shares)) : -1;
    const who = shares
      ? `component ${first + 1}, ${(100 * shares[first]).toFixed(1)}% sure`
      : "not assigned yet: the first E-step comes next";
    const colour = shares ? this.css(first) : "#6b6b6b";
    return { text: `${who}<br>(${numeral(x)}, ${numeral(y)})`, colour, x: x0 + sx * x, y: y0 + sy * y };
  }

  css(k) {
    return `rgb(${this.scene.palette[k].join(", ")})`;
  }

  // The figure with points and Gaussians in it, which Plotly can make a picture of.
  async download() {
    const { width, height } = this.plot._fullLayout;
    const figure = { data: this.standing(), layout: { ...this.plot.layout, width, height, paper_bgcolor: "#ffffff" } };
    await this.Plotly.downloadImage(figure, { format: "png", width, height, scale: 2, filename: "gmmviz" });
  }

  // Plotly's traces of what the stage shows at this stop.
  standing() {
    const { scene, stage } = this;
    const now = moment(Math.round(this.position), scene.mode);
    const { weights, means, covariances } = stage.mixtureAt(now);
    const [anchor, ...others] = this.plot.data;
    const color = pointColours(scene, now.colours);
    const marker = { size: 2 * stage.look.radius, opacity: stage.look.opacity, color, line: { width: 0 } };
    const rings = scene.palette.slice(0, scene.K).map((colour, k) => {
      const circle = Array.from({ length: 65 }, (_, i) => (2 * Math.PI * i) / 64);
      const [x, y] = means.subarray(2 * k, 2 * k + 2);
      const [a, b, c, d] = ellipseMatrix([0, 0], covariances.subarray(4 * k, 4 * k + 4), DATA);
      const ring = (r) => circle.map((at) => [x + r * (a * Math.cos(at) + c * Math.sin(at)), y + r * (b * Math.cos(at) + d * Math.sin(at))]);
      const corners = ring(2);
      return {
        type: "scatter", mode: "lines", x: corners.map(([x]) => x), y: corners.map(([, y]) => y),
        line: { color: this.css(k), width: 2 }, opacity: 0.3 + 0.7 * Math.sqrt(Math.min(1, scene.K * weights[k])),
      };
    });
    const discs = {
      type: "scatter", mode: "markers+text", x: means.filter((_, i) => i % 2 === 0), y: means.filter((_, i) => i % 2),
      text: scene.palette.slice(0, scene.K).map((_, k) => String(k + 1)), textfont: { color: "#ffffff" },
      marker: { size: 20, color: scene.palette.slice(0, scene.K).map((_, k) => this.css(k)), line: { width: 1.5, color: "#ffffff" } },
    };
    const points = { ...anchor, x: Array.from(scene.xs), y: Array.from(scene.ys), mode: "markers", marker: { ...anchor.marker, ...marker } };
    return [points, ...rings, discs, ...others];
  }
};
