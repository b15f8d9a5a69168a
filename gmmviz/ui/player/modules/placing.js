// Means placed by hand: one after another in the plane, in the mode that its button opens; or a disc dragged at the
// film's start, which shows at once what the E-step from there would colour. The server hears of K places.

import { Edits } from "./edits.js";
import { Mode } from "./mode.js";
import { Pad, resolved } from "./pad.js";
import { css, svg, where } from "./svg.js";

const GRIP = { mouse: 4, touch: 22 }; // px around a disc, and at least from its middle, within which it is taken
const MOVED = 3; // px from which on a press is a drag
const DISC = 10; // px

// The mixture that begins with means at `places` [[x, y], ...]: equal weights, and one covariance (4,) for all.
export function startAt(places, covariance) {
  const K = places.length;
  return {
    K, D: 2, weights: new Float64Array(K).fill(1 / K), means: Float64Array.from(places.flat()),
    covariances: Float64Array.from({ length: 4 * K }, (_, i) => covariance[i % 4]),
  };
}

// Places as an address holds them.
export const written = (places) => places.map((place) => place.join()).join(";");

// What is said while means are placed, of K: the next one, and what has been done.
export function told(places, K, done = "") {
  const next = places.length < K ? `Mean ${places.length + 1} of ${K}: click or tap where it starts.` : "";
  return [done, next].filter(Boolean).join(" ");
}

export const placedAt = (places, K) => `Mean ${places.length} of ${K} placed at ${where(...places.at(-1))}.`;

export class Placing extends Mode {
  // `film`: where it happens.
  constructor(film) {
    super(film, "place", "film-placing");
    const { signal } = this.listening;
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.drag && this.drop(false), { signal, capture: true });
  }

  // Another figure: `start` {K, placed, covariance}, or null where no mean can be placed. What is being placed stays.
  open(start, locked) {
    this.start = locked ? null : start;
    this.button.hidden = !start;
    this.drag = null;
    this.root.classList.remove("film-drags");
    if (this.on && (!this.start || this.edits.now.length >= this.start.K)) this.leave();
    this.layGrips();
    if (this.on) this.pad.part(), this.tell(); // it lies over the figure once that is drawn
  }

  // --- One after another ---

  toggle() {
    if (this.on) return this.cancel();
    const { K, placed } = this.start;
    this.edits = new Edits(placed.length < K ? placed : []); // what is missing is placed, or all anew
    this.stood = this.film.goal;
    this.film.figure.hold();
    this.film.toStart();
    this.root.dataset.mode = "place";
    this.tools.hidden = false;
    this.pad = new Pad(this.root, "The plane: arrow keys move a cross-hair, Enter places a mean", {
      pressed: (place) => this.put(place),
      begun: (place, kind) => this.begin(place, kind),
      moved: (place) => this.move(place),
      dropped: () => (this.held = null),
      hovered: (place) => this.hover(place),
      act: (name) => this.act(name),
      placed: () => this.draw(),
    });
    this.discs = svg("g", {}, this.pad.sheet);
    this.lie();
    this.tell();
  }

  // Nothing was changed: the film stands where it stood.
  cancel() {
    this.leave();
    this.region.textContent = "Nothing was changed.";
    this.film.seek(this.stood);
  }

  act(name) {
    if (!this.on) return;
    if (name === "leave") this.cancel();
    if ((name === "undo" || name === "erase") && this.edits.undo()) this.draw(), this.tell("Undone.");
    if (name === "redo" && this.edits.redo()) this.draw(), this.tell("Done again.");
  }

  put(place) {
    const { K } = this.start;
    this.edits.to([...this.edits.now, place]);
    const places = this.edits.now;
    this.hover(null);
    this.tell(placedAt(places, K));
    if (places.length < K) return;
    this.leave();
    this.film.restart(startAt(places, this.start.covariance), 0);
    this.send(places);
  }

  // A press on a disc that is placed takes it along.
  begin(place, kind) {
    const [px, py] = this.pad.inPixels(place);
    this.held = this.nearest(this.edits.now.map((at) => this.pad.inPixels(at)), px, py, kind);
    if (this.held >= 0) this.edits.to([...this.edits.now]);
    return this.held >= 0;
  }

  move(place) {
    this.edits.now = this.edits.now.with(this.held, place);
    this.draw();
  }

  nearest(places, px, py, kind) {
    const reach = this.reach(kind);
    return places.findLastIndex(([x, y]) => Math.hypot(x - px, y - py) <= reach);
  }

  reach(kind) {
    const radius = DISC * (this.pad?.size ?? this.film.stage.layers[0][0].size);
    return kind === "touch" ? Math.max(GRIP.touch, radius) : radius + GRIP.mouse;
  }

  tell(done = "") {
    const places = this.edits.now;
    this.said.textContent = `${places.length} of ${this.start.K} means placed`;
    this.film.telling.hold(told(places, this.start.K));
    this.region.textContent = told(places, this.start.K, done);
    this.tools.querySelector("[data-tool=undo]").disabled = !this.edits.before.length;
  }

  // Where the pointer or the cross-hair is stands the next disc, faintly.
  hover(place) {
    this.next = place;
    this.draw();
  }

  draw() {
    if (!this.pad?.toPixels || !this.discs) return;
    const { palette } = this.film.scene;
    const places = this.edits.now;
    const shown = [...places, ...(this.next && places.length < this.start.K ? [this.next] : [])];
    const radius = DISC * this.pad.size;
    this.discs.replaceChildren(...shown.map((place, k) => {
      const [x, y] = this.pad.inPixels(place);
      const name = `stage-disc${k < places.length ? "" : " stage-disc-next"}`;
      const group = svg("g", { class: name, transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})` });
      svg("circle", { r: radius, fill: css(palette[k]) }, group);
      svg("text", {}, group).textContent = k + 1;
      return group;
    }));
  }

  // --- By dragging a disc at the start ---

  // A grip over each disc, which takes the press that would move the plane.
  layGrips() {
    this.grips = [];
    const means = this.start && this.film.stage.layer(0, "means");
    if (!means) return;
    const over = svg("svg", { class: "stage-shapes stage-grips" });
    this.film.stage.boxes[0].append(over);
    this.grips = means.discs.map((_, k) => {
      const grip = svg("circle", { class: "stage-grip" }, over);
      grip.addEventListener("pointerdown", (event) => this.take(event, k));
      grip.addEventListener("pointermove", (event) => this.pull(event));
      grip.addEventListener("pointerup", () => this.drop(true));
      grip.addEventListener("pointercancel", () => this.drop(false));
      return grip;
    });
    this.over = over;
  }

  // The film is painted: the grips are where the discs are, and only at the start.
  follow() {
    if (!this.grips?.length) return;
    const { film } = this;
    const begins = !this.on && !film.playing && film.position <= (film.scene.mode === "steps" ? 1 : 0);
    this.over.style.display = begins ? "" : "none";
    const means = film.stage.layer(0, "means");
    if (!begins || !means.places) return;
    const radius = this.root.matches(".film-narrow") ? Math.max(GRIP.touch, means.radius) : means.radius + GRIP.mouse;
    this.grips.forEach((grip, k) => {
      const [x, y] = means.places[k];
      for (const [name, value] of Object.entries({ cx: x, cy: y, r: radius })) grip.setAttribute(name, value.toFixed(2));
    });
  }

  take(event, k) {
    if (event.button || this.drag) return;
    event.stopPropagation();
    event.preventDefault();
    event.target.setPointerCapture(event.pointerId);
    document.activeElement?.blur(); // the keys are the film's again
    const { means } = this.film.scene.planes[0].mixtures.at(0);
    const places = Array.from({ length: this.start.K }, (_, j) => [means[2 * j], means[2 * j + 1]]);
    this.drag = { k, from: [event.clientX, event.clientY], places, position: this.film.position, moved: false };
  }

  pull(event) {
    const { drag, film } = this;
    if (!drag) return;
    event.stopPropagation();
    const [dx, dy] = [event.clientX - drag.from[0], event.clientY - drag.from[1]];
    if (!drag.moved && Math.hypot(dx, dy) < MOVED) return;
    if (!drag.moved) this.lift();
    const { sx, sy } = film.stage.layer(0, "means").toPixels;
    const [x, y] = drag.places[drag.k];
    drag.now = drag.places.with(drag.k, [resolved(x + dx / sx, 1 / sx), resolved(y + dy / sy, 1 / sy)]);
    drag.frame ??= requestAnimationFrame(() => this.drag === drag && this.preview());
  }

  // The film shows its first E-step, of the disc's place.
  lift() {
    this.drag.moved = true;
    const { mixtures } = this.film.scene.planes[0];
    const { weights, means, covariances } = mixtures.at(0);
    this.drag.before = { weights: weights.slice(), means: means.slice(), covariances: covariances.slice() };
    this.film.halt();
    this.film.figure.hold();
    this.film.point(null);
    this.root.classList.add("film-drags");
  }

  preview() {
    const { film, drag } = this;
    drag.frame = null;
    film.restart(startAt(drag.now, this.start.covariance));
    film.telling.hold(`Mean ${drag.k + 1} at ${where(...drag.now[drag.k])}: let go, and EM starts from here.`);
  }

  drop(done) {
    const { drag, film } = this;
    this.drag = null;
    if (!drag?.moved) return;
    cancelAnimationFrame(drag.frame);
    this.root.classList.remove("film-drags");
    film.telling.again();
    if (!done || !drag.now) return film.restart(drag.before, drag.position);
    film.restart(startAt(drag.now, this.start.covariance));
    this.region.textContent = `Mean ${drag.k + 1} of ${this.start.K} placed at ${where(...drag.now[drag.k])}.`;
    this.film.stays = true; // what the E-step colours stays to be seen
    this.send(drag.now.map(([x, y]) => this.asShown([x, y])));
  }

  // A mean that was not moved has more digits than the picture shows.
  asShown([x, y]) {
    const { sx, sy } = this.film.stage.layer(0, "means").toPixels;
    return [resolved(x, 1 / sx), resolved(y, 1 / sy)];
  }

  send(places) {
    this.film.setTriggerValue("placed", written(places));
  }
}
