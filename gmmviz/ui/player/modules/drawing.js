// Points drawn by hand, in the mode that the pencil opens: one by one or sprayed, taken away by a box, a lasso or one by
// one, undone and done again. The server hears of them a moment after the hand rests, and its answer waits underneath.

import { BOARD, decoded, dotAt, encoded, inBox, inLasso, placeOf, sprayed } from "./dots.js";
import { Edits } from "./edits.js";
import { Mode } from "./mode.js";
import { Pad } from "./pad.js";
import { set, svg, where } from "./svg.js";

const HEARS = 700; // ms without another edit after which the server hears of them
const DOT = 4; // px
const NEAR = 16; // px within which a single dot is taken away

// What is said of so many points, of which a fit needs `fewest` and an address holds `most`.
export function counted(n, { fewest, most }) {
  if (n < fewest) return `${n} of at least ${fewest} points`;
  return n < most ? `${n} point${n === 1 ? "" : "s"}` : `${n} points, as many as there may be`;
}

export class Drawing extends Mode {
  // `film`: where it happens; `random`: numbers from 0 to 1.
  constructor(film, random = Math.random) {
    super(film, "draw", "film-drawing");
    Object.assign(this, { random, sent: new Set(), tool: "point", edits: new Edits([]) });
    const { signal } = this.listening;
    this.tools.addEventListener("change", ({ target }) => target.blur(), { signal });
  }

  close() {
    clearTimeout(this.telling);
    super.close();
  }

  get dots() {
    return this.edits.now;
  }

  // Another figure: `board` {dots, most, fewest}, or null where nothing can be drawn. What the server heard of here goes
  // on; what comes from elsewhere, such as a link, takes its place. Where points are lacking the board is open.
  open(board) {
    const before = this.board;
    this.board = board;
    this.button.hidden = !board;
    if (!board) return this.forget();
    const own = this.sent.has(board.dots) || (before && before.dots === board.dots);
    if (!own || (!this.on && encoded(this.dots) !== board.dots)) this.start(decoded(board.dots));
    if (this.closing && board.dots === encoded(this.dots)) this.leave();
    if (this.lacking(decoded(board.dots)) && !this.on) this.enter(false);
    if (this.on) this.pad.part(), this.tell(); // it lies over the figure once that is drawn
  }

  start(dots) {
    clearTimeout(this.telling);
    this.edits = new Edits(dots);
    this.sent.clear();
  }

  forget() {
    this.leave();
    this.start([]);
  }

  lacking(dots = this.dots) {
    return dots.length < this.board.fewest;
  }

  toggle() {
    if (!this.board) return false;
    if (this.on) this.finish();
    else this.enter();
  }

  // `byHand`: by the button, not because points lack: a film of more stands anywhere, and the plane gets the keys at once.
  enter(byHand = true) {
    if (byHand) this.film.toStart();
    this.root.dataset.mode = "draw";
    this.tools.hidden = false;
    this.pad = new Pad(this.root, "The plane: arrow keys move a cross-hair, Enter draws a point, Delete takes one away", {
      pressed: (place) => this.press(place),
      begun: (place) => this.begin(place),
      moved: (place) => this.move(place),
      dropped: (place, done) => this.drop(done),
      hovered: (place) => this.hover(place),
      act: (name) => this.act(name),
      placed: () => this.draw(),
    }, { focus: byHand, round: null });
    const { sheet } = this.pad;
    this.frame = svg("rect", { class: "stage-board" }, sheet);
    this.group = svg("g", { class: "stage-dots" }, sheet);
    this.circle = svg("ellipse", { class: "stage-spray" }, sheet);
    this.line = svg("path", { class: "stage-eraser" }, sheet);
    this.choose(this.tool);
    this.lie();
    this.tell();
  }

  leave() {
    this.closing = false;
    super.leave();
  }

  // The board closes once what is drawn has been fitted.
  finish() {
    if (this.lacking()) return this.tell("Not yet.");
    if (encoded(this.dots) === this.board.dots) return this.leave();
    this.closing = true;
    this.send();
  }

  // --- What the hand does ---

  act(name) {
    if (!this.on || !name) return;
    if (["point", "spray", "erase"].includes(name) && !(name === "erase" && this.pad.byKey)) return this.choose(name);
    if (name === "erase") return this.eraseNear(this.pad.crossPlace());
    if (name === "leave") return this.finish();
    if (name === "undo" && this.edits.undo()) return this.changed("Undone.");
    if (name === "redo" && this.edits.redo()) return this.changed("Done again.");
    if (name === "clear" && this.dots.length) return this.to([], "All points are taken away.");
  }

  choose(tool) {
    this.tool = tool;
    this.tools.dataset.chosen = tool;
    for (const name of ["point", "spray", "erase"]) this.tools.querySelector(`[data-tool=${name}]`).ariaPressed = name === tool;
    this.pad.node.style.touchAction = tool === "erase" ? "none" : "";
    this.hover(null);
    this.tell();
  }

  press(place) {
    if (this.tool === "erase") return this.eraseNear(place);
    if (!dotAt(place)) return this.tell("Draw inside the frame.");
    const room = this.board.most - this.dots.length;
    if (room <= 0) return this.tell(`${this.board.most} points are as many as an address can hold.`);
    if (this.tool === "point") return this.to([...this.dots, dotAt(place)], `Point drawn at ${where(...placeOf(dotAt(place)))}.`);
    this.hover(place); // a finger does not hover
    const more = sprayed(place, Math.min(room, this.number), this.radius, this.random);
    this.to([...this.dots, ...more], `${more.length} points sprayed around ${where(...placeOf(dotAt(place)))}.`);
  }

  get number() {
    return Number(this.tools.querySelector("[name=number]").value);
  }

  // Of the circle in which six of seven sprayed points fall, in the data's units.
  get radius() {
    return Number(this.tools.querySelector("[name=radius]").value);
  }

  begin(place) {
    if (this.tool !== "erase") return false;
    this.way = [place];
    return true;
  }

  move(place) {
    this.way.push(place);
    this.drawWay();
  }

  // What was dragged around is taken away; a press that did not move takes the nearest dot.
  drop(done) {
    const way = this.way;
    this.way = null;
    this.drawWay();
    if (!done || !way) return;
    const [first, last] = [way[0], way.at(-1)].map((place) => this.pad.inPixels(place));
    if (way.length < 2 || (this.shape === "box" && Math.hypot(first[0] - last[0], first[1] - last[1]) < 4)) return this.eraseNear(way[0]);
    const corners = [way[0], way.at(-1)];
    const inside = (dot) => (this.shape === "box" ? inBox(placeOf(dot), corners) : inLasso(placeOf(dot), way));
    this.erase(inside);
  }

  get shape() {
    return this.tools.querySelector("[name=shape]").value;
  }

  eraseNear(place) {
    const [px, py] = this.pad.inPixels(place);
    const away = this.dots.map((dot) => {
      const [x, y] = this.pad.inPixels(placeOf(dot));
      return Math.hypot(x - px, y - py);
    });
    const nearest = away.indexOf(Math.min(...away));
    this.erase((_, n) => n === nearest && away[n] <= NEAR);
  }

  erase(inside) {
    const kept = this.dots.filter((dot, n) => !inside(dot, n));
    const gone = this.dots.length - kept.length;
    if (!gone) return this.tell("No point is there.");
    this.to(kept, `${gone} point${gone === 1 ? "" : "s"} taken away.`);
  }

  to(dots, said) {
    this.edits.to(dots);
    this.changed(said);
  }

  changed(said) {
    this.closing = false;
    this.draw();
    this.tell(said);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.send(), HEARS);
  }

  send() {
    clearTimeout(this.telling);
    const text = encoded(this.dots);
    if (text === this.board.dots && !this.sent.size) return;
    this.sent.add(text);
    this.film.setTriggerValue("drawn", text);
  }

  // --- What is seen and said ---

  tell(said = "") {
    const now = counted(this.dots.length, this.board);
    const how = { point: "Click or tap to draw a point.", spray: "Click or tap to spray points.", erase: "Drag around points to take them away." }[this.tool];
    this.said.textContent = now;
    this.film.telling.hold([said, how].filter(Boolean).join(" "));
    if (said) this.region.textContent = `${said} ${now}.`;
    const disabled = { undo: !this.edits.before.length, redo: !this.edits.after.length, clear: !this.dots.length, leave: this.lacking() };
    for (const [name, off] of Object.entries(disabled)) this.tools.querySelector(`[data-tool=${name}]`).disabled = off;
  }

  hover(place) {
    const shown = place && this.tool === "spray" && dotAt(place);
    this.circle.style.display = shown ? "" : "none";
    if (!shown) return;
    const [cx, cy] = this.pad.inPixels(place);
    const { sx, sy } = this.pad.toPixels;
    set(this.circle, { cx, cy, rx: Math.abs(sx) * this.radius, ry: Math.abs(sy) * this.radius });
  }

  draw() {
    if (!this.pad?.toPixels || !this.group) return;
    const [left, top] = this.pad.inPixels([-BOARD, BOARD]);
    const [right, bottom] = this.pad.inPixels([BOARD, -BOARD]);
    set(this.frame, { x: left, y: top, width: right - left, height: bottom - top });
    const r = DOT * this.pad.size;
    this.group.replaceChildren(...this.dots.map((dot) => {
      const [cx, cy] = this.pad.inPixels(placeOf(dot));
      return svg("circle", { cx: cx.toFixed(2), cy: cy.toFixed(2), r });
    }));
    this.drawWay();
  }

  drawWay() {
    const way = this.way ?? [];
    const corners = this.shape === "box" && way.length ? box(way[0], way.at(-1)) : way;
    const places = corners.map((place) => this.pad.inPixels(place).map((value) => value.toFixed(2)).join(" "));
    this.line.setAttribute("d", places.length > 1 ? `M${places.join("L")}Z` : "");
  }
}

const box = ([x1, y1], [x2, y2]) => [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];
