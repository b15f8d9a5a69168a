// The film's player: draws a figure with Plotly and plays it in the browser, frame by frame, or, where it has a scene
// (gmmviz/figures/scene.py), gliding: see modules/gliding.js. It speaks to the server only where the film comes to rest.
// Streamlit takes the default export; the functions exported beside it are for tests.

const films = new WeakMap(); // Streamlit calls the default export again, at the same mount point, with each new figure
const CONFIG = {
  displaylogo: false, doubleClick: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
  showSendToCloud: false, // it offers to upload the chart to an outside host
};
const NARROW = 640; // px of width below which plane and curve stand one above the other
const BELOW = 74; // px that the controls take below the figure
const REST = 250; // ms without another step after which the film has come to rest
const LABEL = 32; // widths of a digit that the label takes at most: a longer one has two lines
const FIELDS = "input, select, textarea, [contenteditable=true], [role=slider], [role=combobox], [role=dialog] *";
const PRESSED = "button, a, summary, label:has([type=radio], [type=checkbox]), [role=option], .film input";
const KEYS = {
  " ": "play", ArrowLeft: "back", PageUp: "back", ArrowRight: "forward", PageDown: "forward", Home: "first", End: "last",
};

let rests = 0; // counted, so that a rest where the last one was is news to the server all the same

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  if (!films.has(parentElement)) films.set(parentElement, kindFor(data).then((Kind) => new Kind(parentElement)));
  const making = films.get(parentElement);
  making.then((film) => film.closed || (Object.assign(film, { setStateValue, setTriggerValue }), film.show(data)));
  return () => {
    making.then((film) => film.close());
    films.delete(parentElement);
  };
}

// A figure with a scene glides; one with frames is stepped through.
async function kindFor({ figure, modules }) {
  if (!figure.scene) return Film;
  const { gliding } = await import(new URL(`${modules}gliding.js`, document.baseURI));
  return gliding(Film);
}

let plotly; // one promise for all films of this browser tab

function loadPlotly(url) {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(url, document.baseURI);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error(`The figure cannot be drawn: ${script.src} did not load.`));
    document.head.append(script);
  });
  return plotly;
}

// --- What the figure leaves to derive: hover numbers from colour codes ------------------------------------------------

export function unpack({ bdata }) {
  return new Uint16Array(Uint8Array.from(atob(bdata), (c) => c.charCodeAt(0)).buffer);
}

// The hover's words, point by point: to Plotly they cost less than `customdata`, for which it marks every point.
const SURE = "component %{customdata[0]}, %{customdata[1]:.1%} sure";

export function tellBelonging(update, trace) {
  const { n_components: K, steps } = trace.meta ?? {};
  const packed = [update.customdata, update.marker?.color].find((packed) => packed?.dtype === "u2");
  if (!packed || !steps) return;
  update.hovertext = Array.from(unpack(packed), (code) => {
    const sure = 1 / K + (1 - 1 / K) * ((code % steps) / (steps - 1));
    return `component ${Math.floor(code / steps) + 1}, ${(100 * sure).toFixed(1)}% sure`;
  });
  delete update.customdata, delete trace.customdata;
  for (const part of [update, trace]) {
    if (part.hovertemplate) part.hovertemplate = part.hovertemplate.replace(SURE, "%{hovertext}");
  }
}

export function completed({ data: traces, frames }, index) {
  const frame = frames[index];
  if (!frame.completed) frame.traces.forEach((i, j) => tellBelonging(frame.data[j], traces[i]));
  frame.completed = true;
  return frame;
}

// --- Equal axes: the ranges that show a box of the plane, one unit as long across as up --------------------------------

export function fitted([[left, right], [low, high]], width, height) {
  const unit = Math.max((right - left) / width, (high - low) / height);
  const around = (a, b, pixels) => [(a + b - unit * pixels) / 2, (a + b + unit * pixels) / 2];
  return [around(left, right, width), around(low, high, height)];
}

// The figure's layout at this size. Its `meta` says which axes are planes (["", "2"]: xaxis, yaxis and xaxis2, yaxis2)
// and where each y-axis goes on a narrow screen.
export function arranged(given, traces, { width, height, zoom, run, spots }, margins = {}) {
  const layout = structuredClone(given);
  const { planes, narrow, equal, extent } = layout.meta;
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  const bar = traces.find((trace) => trace.marker?.showscale)?.marker.colorbar;
  const stacked = width < NARROW;
  const margin = { l: 58, r: stacked && bar ? 86 : 12, t: layout.margin.t, b: 46, ...margins };
  if (stacked) {
    for (const name of axes) layout[name].domain = name[0] === "x" ? [0, 1] : narrow[name];
    const [low, high] = narrow.yaxis;
    if (bar) traces[0].marker.colorbar = { ...bar, x: 1, y: (low + high) / 2, len: high - low };
  }
  const span = ([start, end] = [0, 1]) => end - start;
  const box = zoom ?? extent;
  for (const name of axes) {
    layout[name].uirevision = run;
    if (name[0] === "x" && layout[name].title) layout[name].title.standoff = 6;
  }
  for (const plane of planes) {
    const [x, y] = [layout[`xaxis${plane}`], layout[`yaxis${plane}`]];
    delete y.scaleanchor; // it would make Plotly.react forget the zoom
    delete x.uirevision, delete y.uirevision; // `zoom` keeps theirs
    const across = (width - margin.l - margin.r) * span(x.domain);
    const up = (height - margin.t - margin.b) * span(y.domain);
    [x.range, y.range] = equal ? fitted(box, across, up) : box;
  }
  const clear = { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" };
  const hands = { clickanywhere: spots, dragmode: stacked ? false : "pan" };
  return { ...layout, ...clear, ...hands, width, height, margin };
}

// --- Where a film opens, what plays it, and where it rests -------------------------------------------------------------

// The frame that a figure opens at: the one of that name, else the last that is not after the iteration.
export function opensAt({ frames, layout }, name, iteration) {
  let index = frames.findIndex((frame) => frame.name === name);
  if (index < 0 && iteration) index = layout.meta.iterations.findLastIndex((t) => t <= iteration);
  return Math.max(index, 0);
}

export function labelWidth(labels) {
  return Math.min(LABEL, Math.max(...labels.map((label) => label.length)));
}

// What a key does to the film, unless it belongs to a field or presses a button.
export function actOf({ key, ctrlKey, altKey, metaKey, target }) {
  const within = (selector) => target.closest?.(selector);
  if (ctrlKey || altKey || metaKey || within(FIELDS)) return;
  if (key === " " && within("button, summary, [role=button]")) return; // it presses that
  return KEYS[key];
}

// Steps a film to its end, `speed` frames a second. The first step comes at once; from the end, the start is shown first.
export async function playThrough(film, goesOn) {
  const pace = () => performance.now() + 1000 / Number(film.speed.value);
  const last = () => film.frames.length - 1;
  let next = 0;
  if (film.index === last()) [next] = [pace(), await film.goTo(0)];
  while (goesOn() && film.index < last()) {
    if (performance.now() < next) await new Promise(requestAnimationFrame);
    else [next] = [pace(), await film.goTo(film.index + 1)];
  }
}

// The address of the page when its film rests at an iteration, which is held by a setting.
export function addressAt(address, setting, iteration) {
  const url = new URL(address);
  if (iteration) url.searchParams.set(setting, iteration);
  else url.searchParams.delete(setting);
  return url;
}

class Film {
  constructor(root) {
    this.config = CONFIG;
    this.root = root.querySelector(".film");
    this.plot = root.querySelector(".film-plot");
    this.range = root.querySelector("input");
    this.speed = root.querySelector("select");
    this.label = root.querySelector("output");
    this.playButton = root.querySelector("[data-act=play]");
    this.listening = new AbortController();
    const { signal } = this.listening;
    const on = (node, event, act, capture = false) => node.addEventListener(event, act, { signal, capture });
    on(this.root, "click", (event) => this.act(event.target.closest("[data-act]")?.dataset.act));
    on(this.range, "input", () => this.scrub(Number(this.range.value)));
    on(document, "keydown", (event) => this.key(event));
    on(window, "pointerdown", () => (this.byPointer = true), true);
    on(window, "keydown", () => (this.byPointer = false), true);
    on(window, "click", (event) => this.giveBackKeys(event.target.closest?.(PRESSED)), true);
    on(this.speed, "change", () => this.giveBackKeys(this.speed)); // its click only opens it
    this.resizing = new ResizeObserver(() => this.size !== this.sizeNow() && this.redraw());
  }

  close() {
    this.closed = true;
    this.playing = this.wanted = null;
    clearTimeout(this.resting);
    this.listening.abort();
    this.resizing.disconnect();
    this.Plotly?.purge(this.plot);
  }

  // --- A figure arrives ---

  async show(data) {
    this.pause();
    this.wanted = data;
    try {
      this.Plotly = await loadPlotly(data.plotly);
    } catch (error) {
      this.label.textContent = error.message;
      return;
    }
    if (this.wanted !== data) return; // a newer figure came while Plotly loaded
    const moved = this.data && this.data.placements !== data.placements;
    const stays = !moved && this.data?.run === data.run;
    if (this.data?.points !== data.points) this.zoom = null;
    this.open(data, stays);
    this.data = data;
    this.meta = data.figure.layout.meta;
    this.range.max = this.stops;
    this.label.style.width = `${labelWidth(this.labels)}ch`;
    this.fillScreen();
    if (moved) this.root.scrollIntoView(); // a link from far below may have moved it
    await this.redraw();
    if (!this.closed) this.resizing.observe(this.plot);
  }

  // Reads a figure and decides where it opens: where the film stands in the same run, else where the server puts it.
  open({ figure, iteration: put }, stays) {
    const [name, iteration] = stays ? [this.frames[this.index].name, this.iteration] : [null, put];
    this.frames = figure.frames;
    this.labels = figure.layout.meta.labels;
    this.index = opensAt(figure, name, iteration);
  }

  get stops() {
    return this.frames.length - 1;
  }

  get iteration() {
    return this.meta.iterations[this.index];
  }

  nameAt(index) {
    return this.frames[index].name;
  }

  // Tells the style sheet what stands above and below the figure, so that figure and controls fit a projector's screen,
  // and a film scrolled to shows all that stands above it.
  fillScreen() {
    let above = 0;
    for (let node = this.plot; node; node = node.offsetParent) above += node.offsetTop;
    this.root.style.setProperty("--film-above", `${above}px`);
    this.root.style.setProperty("--film-beside", `${above + BELOW}px`);
  }

  redraw() {
    this.stale = true;
    return this.draw();
  }

  // All drawing, one step at a time: Plotly's steps take a while, and meanwhile the film may move, change or be closed.
  async draw() {
    if (!this.data || this.drawing) return this.drawing;
    this.drawing = (async () => {
      while (!this.closed && (this.stale || this.drawn !== this.index)) {
        const [index, whole] = [this.index, this.stale];
        this.stale = false;
        await (whole ? this.drawFigure(index) : this.drawFrame(index));
        if (!this.closed && !this.stale) this.tell(index);
      }
    })().finally(() => (this.drawing = null));
    return this.drawing;
  }

  async drawFrame(index) {
    // layout: the pictures under the traces, if any
    const { data, traces, layout } = completed(this.data.figure, index);
    const at_once = { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } };
    await this.Plotly.animate(this.plot, layout ? { data, traces, layout } : { data, traces }, at_once);
    if (this.hovered && !this.closed) this.Plotly.Fx.hover(this.plot, ...this.hovered); // with this frame's numbers
  }

  async drawFigure(index) {
    const frame = completed(this.data.figure, index);
    const traces = this.data.figure.data.map((trace) => ({ ...trace }));
    frame.traces.forEach((i, j) => {
      const { marker, ...rest } = structuredClone(frame.data[j]); // Plotly writes later frames into what it is given
      Object.assign(traces[i], rest, marker && { marker: { ...traces[i].marker, ...marker } });
    });
    await this.drawTraces(traces);
  }

  async drawTraces(traces) {
    this.size = this.sizeNow();
    const layout = this.layout(traces);
    await this.Plotly.react(this.plot, traces, layout, this.config);
    if (this.closed) return;
    const { l, r, t, b } = this.plot._fullLayout._size; // long labels may have taken more than the margins
    const wider = Object.entries({ l, r, t, b }).some(([side, pixels]) => Math.abs(pixels - layout.margin[side]) > 0.5);
    if (wider) await this.Plotly.react(this.plot, traces, this.layout(traces, { l, r, t, b }), this.config);
    if (!this.hooked && !this.closed) this.hook();
  }

  hook() {
    this.hooked = true;
    this.plot.on("plotly_relayout", (change) => this.noticeZoom(change));
    this.plot.on("plotly_doubleclick", () => ((this.zoom = null), this.redraw()));
    this.plot.on("plotly_hover", ({ points: [{ data, curveNumber, pointNumber }] }) => {
      this.hovered = [[{ curveNumber, pointNumber }], (data.xaxis ?? "x") + (data.yaxis ?? "y")];
    });
    this.plot.on("plotly_click", ({ points: [point], xvals, yvals }) => {
      if (this.data.clickable && point?.curveNumber === 0) this.setTriggerValue("point", point.pointNumber);
      if (this.data.spots) this.setTriggerValue("spot", [xvals[0], yvals[0]]);
    });
    this.plot.on("plotly_unhover", () => (this.hovered = null));
  }

  sizeNow() {
    return `${this.plot.clientWidth} ${this.plot.clientHeight}`;
  }

  layout(traces, margins) {
    const { clientWidth: width, clientHeight: height } = this.plot;
    const { run, spots, figure } = this.data;
    const layout = { ...figure.layout, ...this.frames?.[this.index].layout };
    return arranged(layout, traces, { width, height, zoom: this.zoom, run, spots }, margins);
  }

  // Keeps what the reader zoomed to, and keeps one unit as long across as up.
  noticeZoom(change) {
    if (!Object.keys(change).some((name) => /^[xy]axis\.range/.test(name))) return;
    const { xaxis, yaxis } = this.plot.layout;
    this.zoom = [[...xaxis.range], [...yaxis.range]];
    if (this.meta.equal) this.redraw();
  }

  // --- The film moves ---

  goTo(index) {
    this.index = Math.min(Math.max(index, 0), this.stops);
    return this.draw();
  }

  async play() {
    clearTimeout(this.resting);
    const mine = (this.playing = {}); // another Play, a pause or another figure ends this loop
    this.tellPlaying();
    await playThrough(this, () => this.playing === mine);
    if (this.playing === mine) this.pause(), this.rest();
  }

  pause() {
    this.playing = null;
    this.tellPlaying();
  }

  step(index) {
    this.pause();
    this.goTo(index);
    this.restSoon();
  }

  scrub(index) {
    this.step(index);
  }

  restSoon() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST);
  }

  rest() {
    history.replaceState(history.state, "", addressAt(location, this.data.setting, this.iteration));
    this.setStateValue("rest", [this.iteration, ++rests]);
  }

  tell(drawn) {
    this.drawn = drawn;
    const label = this.labels[drawn];
    this.scrubTo(drawn);
    this.range.setAttribute("aria-valuetext", label);
    this.label.textContent = label;
    for (const act of ["first", "back"]) this.root.querySelector(`[data-act=${act}]`).disabled = drawn === 0;
    for (const act of ["forward", "last"]) this.root.querySelector(`[data-act=${act}]`).disabled = drawn === this.stops;
    Object.assign(this.root.dataset, { frame: this.nameAt(drawn), run: this.data.run });
  }

  scrubTo(position) {
    this.range.value = position;
    this.range.style.setProperty("--played", this.stops ? position / this.stops : 0);
  }

  tellPlaying() {
    this.playButton.textContent = this.playing ? "Pause" : "Play";
    this.root.dataset.playing = !!this.playing;
  }

  // --- Hands on the film ---

  act(name) {
    if (!this.data) return;
    if (name === "play") return this.playing ? (this.pause(), this.rest()) : this.play();
    if (name) this.step(this.placeOfAct(name));
  }

  placeOfAct(name) {
    return { first: 0, back: this.index - 1, forward: this.index + 1, last: this.stops }[name];
  }

  // After a mouse has pressed, chosen or scrubbed something, on the whole page, the keys belong to the film again.
  // A keyboard's reader stays where he is, and a field that was clicked keeps its keys.
  giveBackKeys(pressed) {
    if (!pressed || !this.byPointer) return;
    const give = () => {
      const focused = document.activeElement;
      if (pressed.matches("[role=option]") || pressed.contains(focused)) focused.blur();
    };
    if (this.root.contains(pressed)) give();
    else setTimeout(give); // once whoever owns it has taken notice
  }

  key(event) {
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    this.act(act);
  }
}
