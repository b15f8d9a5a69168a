// The film's player: draws a figure (data, layout, frames) with Plotly and plays its frames in the browser.
// It speaks to the server only where the film comes to rest. gmmviz/figures/film.py says what the figure holds.

const films = new WeakMap(); // Streamlit calls the default export again, at the same mount point, with each new figure
const CONFIG = { displaylogo: false, doubleClick: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] };
const NARROW = 640; // px of width below which plane and curve stand one above the other
const REST = 250; // ms without another step after which the film has come to rest
const FIELDS = "input, select, textarea, [contenteditable=true], [role=slider], [role=combobox], [role=dialog] *";
const KEYS = {
  " ": "play", ArrowLeft: "back", PageUp: "back", ArrowRight: "forward", PageDown: "forward", Home: "first", End: "last",
};

export default function ({ data, parentElement, setStateValue }) {
  if (!films.has(parentElement)) films.set(parentElement, new Film(parentElement));
  const film = films.get(parentElement);
  film.report = (iteration) => setStateValue("iteration", iteration);
  film.show(data);
  return () => {
    film.close();
    films.delete(parentElement);
  };
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

// --- What the figure leaves to derive: hover numbers from colour codes, the means' paths from the frames ------------

function unpack({ bdata }) {
  return new Uint16Array(Uint8Array.from(atob(bdata), (c) => c.charCodeAt(0)).buffer);
}

function belonging(codes, { n_components: K, steps }) {
  return Array.from(codes, (code) => [
    Math.floor(code / steps) + 1,
    1 / K + (1 - 1 / K) * ((code % steps) / (steps - 1)),
  ]);
}

function pathsThrough(places) {
  const along = (axis) => places[0][axis].flatMap((_, k) => [...places.map((place) => place[axis][k]), null]);
  return { x: along("x"), y: along("y") };
}

// --- Equal axes: the ranges that show a box of the plane, one unit as long across as up --------------------------------

function fitted([[left, right], [low, high]], width, height) {
  const unit = Math.max((right - left) / width, (high - low) / height);
  const around = (a, b, pixels) => [(a + b - unit * pixels) / 2, (a + b + unit * pixels) / 2];
  return [around(left, right, width), around(low, high, height)];
}

class Film {
  constructor(root) {
    this.root = root.querySelector(".film");
    this.plot = root.querySelector(".film-plot");
    this.range = root.querySelector("input");
    this.speed = root.querySelector("select");
    this.label = root.querySelector("output");
    this.playButton = root.querySelector("[data-act=play]");
    this.listening = new AbortController();
    const on = (node, event, act) => node.addEventListener(event, act, { signal: this.listening.signal });
    on(root.querySelector(".film-bar"), "click", (event) => this.click(event));
    on(this.range, "input", () => this.step(Number(this.range.value)));
    on(document, "keydown", (event) => this.key(event));
    this.resizing = new ResizeObserver(() => this.data && this.redraw());
  }

  close() {
    this.pause();
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
    const { meta } = data.figure.layout;
    const same = this.data && this.data.run === data.run && this.data.move === data.move;
    const iteration = same ? this.data.figure.layout.meta.iterations[this.index] : data.at;
    if (this.data?.points !== data.points) this.zoom = null;
    this.data = data;
    this.meta = meta;
    this.frames = data.figure.frames;
    this.index = iteration === 0 ? 0 : meta.iterations.findLastIndex((shown) => shown <= iteration);
    this.range.max = this.frames.length - 1;
    await this.redraw();
    this.resizing.observe(this.plot);
  }

  async redraw() {
    const frame = this.completed(this.index);
    const traces = this.data.figure.data.map((trace) => ({ ...trace }));
    frame.traces.forEach((i, j) => {
      const { marker, ...rest } = frame.data[j];
      Object.assign(traces[i], rest, marker && { marker: { ...traces[i].marker, ...marker } });
    });
    const drawn = this.index;
    await this.Plotly.react(this.plot, traces, this.layout(traces), CONFIG);
    if (!this.hooked) {
      this.plot.on("plotly_relayout", (change) => this.noticeZoom(change));
      this.plot.on("plotly_doubleclick", () => ((this.zoom = null), this.redraw()));
      this.hooked = true;
    }
    this.tell(drawn);
  }

  layout(traces) {
    const { clientWidth: width, clientHeight: height } = this.plot;
    const narrow = width < NARROW;
    const bar = traces.find((trace) => trace.marker?.showscale)?.marker.colorbar;
    const layout = structuredClone(this.data.figure.layout);
    const { xaxis, yaxis, xaxis2, yaxis2 } = layout;
    const margin = { l: 58, r: narrow && bar ? 70 : 12, t: 12, b: 46 };
    if (narrow) {
      Object.assign(xaxis, { domain: [0, 1] });
      Object.assign(yaxis, { domain: [0.44, 1] });
      Object.assign(xaxis2, { domain: [0, 1] });
      Object.assign(yaxis2, { domain: [0, 0.3] });
      if (bar) traces[0].marker = { ...traces[0].marker, colorbar: { ...bar, x: 1, y: 0.72, len: 0.56 } };
    }
    delete yaxis.scaleanchor; // it would make Plotly.react forget the zoom
    const span = ([start, end] = [0, 1]) => end - start;
    const across = (width - margin.l - margin.r) * span(xaxis.domain);
    const up = (height - margin.t - margin.b) * span(yaxis.domain);
    const box = this.zoom ?? this.meta.extent;
    [xaxis.range, yaxis.range] = this.meta.equal ? fitted(box, across, up) : box;
    for (const axis of [xaxis2, yaxis2]) if (axis) axis.uirevision = this.data.run;
    const clear = { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" };
    return { ...layout, ...clear, width, height, margin, dragmode: narrow ? false : "pan" };
  }

  // Keeps what the reader zoomed to, and keeps one unit as long across as up.
  noticeZoom(change) {
    if (!Object.keys(change).some((name) => /^[xy]axis\.range/.test(name))) return;
    const { xaxis, yaxis } = this.plot.layout;
    this.zoom = [[...xaxis.range], [...yaxis.range]];
    if (this.meta.equal) this.redraw();
  }

  completed(index) {
    const frame = this.frames[index];
    if (frame.completed) return frame;
    const { data: traces } = this.data.figure;
    const points = frame.data[frame.traces.indexOf(0)];
    const codes = [points?.customdata, points?.marker?.color].find((packed) => packed?.dtype === "u2");
    if (codes && traces[0].meta) points.customdata = belonging(unpack(codes), traces[0].meta);
    const paths = traces.findIndex((trace) => trace.name === "paths of the means");
    if (paths >= 0 && !frame.traces.includes(paths)) {
      const means = (shown) => shown.data[shown.traces.indexOf(paths + 1)];
      frame.data.push(pathsThrough(this.frames.slice(0, index + 1).map(means)));
      frame.traces.push(paths);
    }
    frame.completed = true;
    return frame;
  }

  // --- The film moves ---

  async goTo(index) {
    this.index = Math.min(Math.max(index, 0), this.frames.length - 1);
    if (this.drawing) return; // the loop below goes on to wherever the index stands when a frame is done
    this.drawing = true;
    while (this.drawn !== this.index) {
      const [drawn, { data, traces }] = [this.index, this.completed(this.index)];
      const at_once = { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } };
      await this.Plotly.animate(this.plot, { data, traces }, at_once);
      this.tell(drawn);
    }
    this.drawing = false;
  }

  async play() {
    if (this.index === this.frames.length - 1) await this.goTo(0);
    this.playing = {};
    const mine = this.playing; // another Play, or a pause, ends this loop
    this.tell(this.drawn);
    while (this.playing === mine && this.index < this.frames.length - 1) {
      const next = performance.now() + 1000 / Number(this.speed.value);
      await this.goTo(this.index + 1);
      while (this.playing === mine && performance.now() < next) await new Promise(requestAnimationFrame);
    }
    if (this.playing === mine) this.pause(), this.rest();
  }

  pause() {
    this.playing = null;
    if (this.data) this.tell(this.drawn);
  }

  step(index) {
    this.pause();
    this.goTo(index);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST);
  }

  rest() {
    const iteration = this.meta.iterations[this.index];
    const address = new URL(location);
    if (iteration) address.searchParams.set("it", iteration);
    else address.searchParams.delete("it");
    history.replaceState(history.state, "", address);
    this.report(iteration);
  }

  tell(drawn) {
    this.drawn = drawn;
    const last = this.frames.length - 1;
    const label = this.meta.labels[drawn];
    this.range.value = drawn;
    this.range.setAttribute("aria-valuetext", label);
    this.label.textContent = label;
    this.playButton.textContent = this.playing ? "Pause" : "Play";
    for (const act of ["first", "back"]) this.root.querySelector(`[data-act=${act}]`).disabled = drawn === 0;
    for (const act of ["forward", "last"]) this.root.querySelector(`[data-act=${act}]`).disabled = drawn === last;
    Object.assign(this.root.dataset, { frame: this.frames[drawn].name, run: this.data.run, playing: !!this.playing });
  }

  // --- Hands on the film ---

  act(name) {
    if (!this.data) return;
    if (name === "play") return this.playing ? (this.pause(), this.rest()) : this.play();
    const to = { first: 0, back: this.index - 1, forward: this.index + 1, last: this.frames.length - 1 };
    if (name in to) this.step(to[name]);
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (event.detail) document.activeElement?.blur(); // after a mouse click the keys belong to the film
    this.act(button.dataset.act);
  }

  key(event) {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.(FIELDS)) return;
    if (event.key === " " && event.target.closest?.("button, a, summary, [role=button]")) return; // it presses that
    event.preventDefault();
    this.act(act);
  }
}
