// The figure: Plotly draws axes, grid and curves; the stage's boxes lie over them. Plotly is called only where
// something else than the moment changes: the data, the size, the zoom.

import { NARROW, arranged, columnOf, mostHeight, narrowHeights } from "./layout.js";
import { pixelsOf } from "./numbers.js";

const CAMERA = {
  name: "picture", title: "Download the picture", click: (plot) => plot.film.download(),
  icon: { width: 24, height: 24, path: "M9 4l-2 2H4v14h16V6h-3l-2-2H9zm3 4a5 5 0 110 10 5 5 0 010-10z" },
};
const CONFIG = {
  displaylogo: false, doubleClick: false, modeBarButtonsToAdd: [CAMERA],
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "toImage"],
  showSendToCloud: false, // it offers to upload the chart to an outside host
};
const PAN = 1 / 8; // of what is shown, by one press of a key
const BELOW = 3; // px under the controls
const BESIDE = 14; // px between the film's sentence and what the page says over the curves

let plotly; // one promise for all films of this browser tab

// Loads plotly.js from its address; "": it is there already.
export function loadPlotly(url) {
  if (!url) return Promise.resolve(window.Plotly);
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(url, document.baseURI);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error(`The figure cannot be drawn: ${script.src} did not load.`));
    document.head.append(script);
  });
  return plotly;
}

export class Figure {
  // `drawn` is called with all places whenever they may have changed, `dragged` with the planes' toPixels meanwhile,
  // `pointed` with a place under the pointer or null, `clicked` with one that was clicked, `sized` when its width is known.
  constructor(root, { drawn, dragged, pointed, clicked, sized = () => {} }) {
    this.root = root;
    this.node = root.querySelector(".film-plot");
    this.bar = root.querySelector(".film-bar");
    this.head = root.querySelector(".film-head");
    Object.assign(this, { drawn, dragged, pointed, clicked, sized });
    this.listening = new AbortController();
    const on = (event, heard, capture = false) =>
      this.node.addEventListener(event, heard, { signal: this.listening.signal, capture });
    on("pointermove", (event) => pointed(event));
    on("pointerleave", () => pointed(null));
    on("pointerdown", () => document.activeElement.blur()); // Plotly keeps the press from doing so
    // Plotly, which knows nothing of the points, would take away what is said of them.
    on("mousemove", (event) => this.onPlane(event.target) && event.stopPropagation(), true);
    this.resizing = new ResizeObserver(() => this.size !== this.sizeNow() && this.redraw());
  }

  close() {
    this.closed = true;
    this.listening.abort();
    this.resizing.disconnect();
    this.Plotly?.purge(this.node);
  }

  // Shows a figure; `boxes`: an element for each of its planes, and for each of its curves.
  async show(data, boxes) {
    this.Plotly ??= await loadPlotly(data.plotly);
    if (this.data?.points !== data.points) this.zoom = null;
    this.node.querySelectorAll(".stage-plane, .stage-curve").forEach((old) => old.remove());
    Object.assign(this, { data, boxes, meta: data.figure.layout.meta });
    await this.redraw();
    if (this.closed) return;
    const page = this.root.closest("[data-testid=stMainBlockContainer]"); // what stands above may come and go
    for (const node of [this.node, this.bar, this.head, this.aside(), page]) if (node) this.resizing.observe(node);
  }

  // What the page says beside this film: it stands over the curves.
  aside() {
    return this.root.closest(".st-key-stage")?.querySelector(".st-key-aside");
  }

  redraw() {
    this.stale = true;
    this.drawing ??= (async () => {
      while (this.stale && !this.closed) {
        this.stale = false;
        await this.draw();
      }
    })().finally(() => (this.drawing = null));
    return this.drawing;
  }

  async draw() {
    if (!this.meta) return; // nothing has been shown yet
    this.makeRoom();
    this.size = this.sizeNow();
    const layout = this.layout();
    await this.Plotly.react(this.node, this.traces, layout, CONFIG);
    if (this.closed) return;
    const { l, r, t, b } = this.node._fullLayout._size; // long labels may have taken more than the margins
    const wider = Object.entries({ l, r, t, b }).some(([side, pixels]) => Math.abs(pixels - layout.margin[side]) > 0.5);
    if (wider) {
      const wanted = this.layout({ l, r, t, b });
      await this.Plotly.react(this.node, this.traces, wanted, CONFIG);
    }
    if (this.closed) return;
    if (!this.hooked) this.hook();
    this.attach();
  }

  sizeNow() {
    const { clientWidth, clientHeight } = this.node;
    const heights = [this.bar, this.head, this.aside()].map((node) => node?.offsetHeight);
    return [clientWidth, clientHeight, ...heights, innerHeight, this.above(), this.unit].join();
  }

  // How large things are in the presentation mode, 0: on an ordinary page.
  get unit() {
    return this.presentation?.unit ?? 0;
  }

  // On a narrow screen that planes fill, one under the other, scrolls what stands above them out of sight.
  bringUp() {
    if (!this.root.matches(".film-many.film-narrow")) return;
    const header = document.querySelector("[data-testid=stHeader]")?.offsetHeight ?? 0;
    const page = this.root.closest("[data-testid=stMain]") ?? document.scrollingElement;
    page.scrollBy(0, this.root.getBoundingClientRect().top - header);
  }

  // The px above the film, on the page as it would be scrolled to its top.
  above() {
    return topOf(this.root);
  }

  // Tells the style sheet what stands above the film, so that figure and controls fit a projector's screen, and a film
  // scrolled to shows all that stands above it; how wide the column beside the plane is; and how high a narrow figure.
  makeRoom() {
    const above = this.above();
    const style = this.root.style;
    const width = this.root.clientWidth;
    const narrow = width < NARROW;
    this.root.classList.toggle("film-narrow", narrow);
    style.setProperty("--film-aside", `${!narrow && this.meta.side.length ? columnOf(width) + BESIDE : 0}px`);
    this.sized();
    const head = this.head.offsetHeight;
    style.setProperty("--film-head", `${head}px`);
    style.setProperty("--film-above", `${above}px`);
    style.setProperty("--film-bar", `${this.bar.offsetHeight}px`);
    style.setProperty("--film-beside", `${above + head + this.bar.offsetHeight + BELOW}px`);
    const stage = this.root.closest(".st-key-stage") ?? this.root;
    stage.style.setProperty("--film-top", `${above - topOf(stage)}px`); // the aside begins where the film does
    stage.style.setProperty("--film-column", `${columnOf(width)}px`);
    style.setProperty("--film-most", `${mostHeight(this.meta, width)}px`);
    this.presentation?.tell();
    if (!narrow || this.unit) return style.removeProperty("--film-height");
    const { controls, height, many } = narrowHeights(this.meta, this.room(width));
    this.root.classList.toggle("film-many", many);
    style.setProperty("--film-height", `${height}px`);
    style.setProperty("--film-controls", `${controls}px`);
  }

  room(width) {
    const heading = this.meta.planes.length > 1;
    const room = Math.max(360, innerHeight - this.above() - this.head.offsetHeight);
    return { width, room, bar: this.bar.offsetHeight + 2 * BELOW, heading };
  }

  layout(margins) {
    const { clientWidth: width, clientHeight: height } = this.node;
    const { run, spots, clickable, figure, board } = this.data;
    this.traces = figure.data.map((trace) => ({ ...trace }));
    // What the page says beside the film stands beside its head too.
    const aside = this.unit ? 0 : Math.max(0, (this.aside()?.offsetHeight ?? 0) - this.head.offsetHeight);
    const hand = figure.scene.planes.some(({ layers }) => layers.includes("hand")); // a click there pins a point
    const hears = spots || clickable || hand;
    const shown = { ...this.room(width), height, zoom: this.zoom, run, spots: hears, aside, unit: this.unit, board };
    return arranged(figure.layout, this.traces, shown, margins);
  }

  hook() {
    this.hooked = true;
    const on = (event, heard) => this.node.on(event, heard);
    on("plotly_relayouting", (change) => this.follow(change));
    on("plotly_relayout", (change) => this.noticeZoom(change));
    on("plotly_doubleclick", () => ((this.zoom = null), this.redraw()));
    on("plotly_click", ({ event }) => this.clicked(this.placeUnder(event)));
  }

  // --- Where things stand ---

  // Lays the stage's boxes over the plots: above Plotly's grid and curve, below its hover and buttons.
  attach() {
    const [first] = this.node.querySelectorAll(".main-svg");
    first.after(...this.boxes.planes, ...this.boxes.curves);
    const places = this.meta.planes.map((axes) => this.placeOf(axes));
    const curves = this.data.figure.scene.curves.map(({ axes }) => this.placeOf(axes));
    this.boxes.planes.forEach((box, i) => cover(box, places[i]));
    this.boxes.curves.forEach((box, i) => cover(box, curves[i]));
    this.places = places;
    this.drawn(places, curves.map(({ toPixels }) => toPixels));
  }

  placeOf(axes) {
    const { [`xaxis${axes}`]: x, [`yaxis${axes}`]: y } = this.node._fullLayout;
    const range = ({ type, range }) => (type === "log" ? range.map(Number) : range);
    const toPixels = pixelsOf([range(x), range(y)], x._length, y._length);
    return { left: x._offset, top: y._offset, width: x._length, height: y._length, toPixels };
  }

  // All planes show the same part of the data, so a drag in one moves them all.
  follow(change) {
    const moved = this.meta.planes.find((axes) => Object.keys(change).some((name) => name.startsWith(`xaxis${axes}.`) || name.startsWith(`yaxis${axes}.`)));
    if (moved === undefined) return;
    const { [`xaxis${moved}`]: x, [`yaxis${moved}`]: y } = this.node._fullLayout;
    const range = (name, axis) => [0, 1].map((i) => change[`${name}${moved}.range[${i}]`] ?? axis.range[i]);
    const box = [range("xaxis", x), range("yaxis", y)];
    this.dragged(this.places.map(({ width, height }) => pixelsOf(box, width, height)));
  }

  // Keeps what the reader zoomed to, and keeps one unit as long across as up.
  noticeZoom(change) {
    const moved = this.meta.planes.find((axes) => Object.keys(change).some((name) => [`xaxis${axes}.range`, `yaxis${axes}.range`].some((range) => name.startsWith(range))));
    if (moved !== undefined) {
      const { [`xaxis${moved}`]: x, [`yaxis${moved}`]: y } = this.node.layout;
      this.zoom = [[...x.range], [...y.range]];
      if (this.meta.equal || this.meta.planes.length > 1) return void this.redraw();
    }
    if (!this.drawing) this.attach();
  }

  // Keeps what is shown of the plane, as if the reader had zoomed to it: what a hand does in it stays where it was done.
  hold() {
    if (!this.places || this.zoom) return;
    const [axes] = this.meta.planes;
    const { [`xaxis${axes}`]: x, [`yaxis${axes}`]: y } = this.node._fullLayout;
    this.zoom = [[...x.range], [...y.range]];
  }

  // Shows what lies beside, right and up (1, 0 or -1), as dragging does; false where nothing is drawn yet.
  pan(right, up) {
    if (!this.places) return false;
    const [axes] = this.meta.planes;
    const { [`xaxis${axes}`]: x, [`yaxis${axes}`]: y } = this.node._fullLayout;
    const moved = ([low, high], way) => [low, high].map((end) => end + way * PAN * (high - low));
    const [across, upwards] = this.zoom ?? [x.range, y.range];
    this.zoom = [moved(across, right), moved(upwards, up)];
    this.redraw();
  }

  // --- Under the hand ---

  onPlane(node) {
    return this.meta?.planes.some((axes) => node.closest?.(`.nsewdrag[data-subplot=x${axes}y${axes}]`));
  }

  // {plane, x, y}: which plane an event is over, and where, in px; null: none.
  placeUnder(event) {
    for (const [plane, box] of (this.boxes?.planes ?? []).entries()) {
      const { left, top, width, height } = box.getBoundingClientRect();
      const [x, y] = [event.clientX - left, event.clientY - top];
      if (x >= 0 && y >= 0 && x <= width && y <= height) return { plane, x, y };
    }
    return null;
  }

  // Says something at a place of a plane, in px; nothing: takes it back.
  say(plane, said) {
    const layer = this.node._fullLayout?._hoverlayer;
    if (!layer) return;
    if (!said) {
      if (this.saying) this.Plotly.Fx.loneUnhover(layer.node());
      this.saying = false;
      return;
    }
    this.saying = true;
    const { left, top } = this.places[plane];
    const fontSize = 1.08 * this.node._fullLayout.font.size;
    const looks = { color: said.colour, fontColor: "#ffffff", borderColor: "#ffffff", fontSize };
    const within = { container: layer.node(), outerContainer: this.node._fullLayout._paper.node(), gd: this.node };
    this.Plotly.Fx.loneHover({ x: said.x + left, y: said.y + top, text: said.text, ...looks }, within);
  }

  // What Plotly draws, as a figure for a file, on white.
  ground() {
    const { width, height } = this.node._fullLayout;
    const data = this.traces.filter((trace) => trace.name !== "points" || trace.marker?.showscale);
    return { data, layout: { ...this.node.layout, width, height, paper_bgcolor: "#ffffff" } };
  }

  // Downloads the figure with what the stage shows in it, drawn by Plotly alone; `format`: "png" or "svg".
  async download({ traces, images }, format = "png") {
    const { data, layout } = this.ground();
    const { width, height } = layout;
    const whole = { data: [...data, ...traces], layout: { ...layout, images } }; // markers lie over their curves
    const scale = format === "svg" ? 1 : 2;
    await this.Plotly.downloadImage(whole, { format, width, height, scale, filename: "gmmviz" });
  }
}

function topOf(node) {
  return node ? node.offsetTop + topOf(node.offsetParent) : 0;
}

function cover(node, { left, top, width, height }) {
  Object.assign(node.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}
