// A pad over a plane, on which means are placed or points are drawn: it hears mouse, finger and keys, and says where in
// the data that was. By keys a cross-hair moves, and Enter presses where it stands.

import { isForFilm } from "./controls.js";
import { sheet, svg } from "./svg.js";

const SLIP = 8; // px that a finger may slip while it taps
const STEP = 16; // px by which an arrow key moves the cross-hair; with Shift 1
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STILL = [" ", "Home", "End", "PageUp", "PageDown", "p", "P"]; // they would move the film, which stands still now

// A number of the data with no more digits than a picture shows in which a pixel is `perPixel` long.
export function resolved(value, perPixel) {
  const power = Math.floor(Math.log10(Math.abs(perPixel)));
  const unit = 10 ** power;
  return Number((power < 0 ? value : Math.round(value / unit) * unit).toFixed(Math.min(9, Math.max(0, -power)))) + 0;
}

// What a key does on a pad: {act} or {move: [right, down] px}; undefined: nothing. `still`: a key that is taken from the
// film. `onPad`: whether no button has the key.
export function padKey({ key, shiftKey, ctrlKey, metaKey, altKey }, onPad = true) {
  if ((ctrlKey || metaKey) && !altKey) {
    const letter = key.toLowerCase();
    if (letter === "z") return { act: shiftKey ? "redo" : "undo" };
    return letter === "y" ? { act: "redo" } : undefined;
  }
  if (altKey) return undefined;
  if (key === "Escape") return { act: "leave" };
  if (!onPad) return undefined;
  if (key in ARROWS) return { move: ARROWS[key].map((way) => way * (shiftKey ? 1 : STEP)) };
  if (key === "Enter") return { act: "press" };
  if (key === "Delete" || key === "Backspace") return { act: "erase" };
  return STILL.includes(key) ? { act: "still" } : undefined;
}

export class Pad {
  // `heard` has functions of places [x, y] in the data: pressed(place) where a tap, a click or Enter was; begun(place),
  // which says whether what follows is a drag, moved(place) and dropped(place, done); hovered(place or null); act(name)
  // of other keys; placed() whenever the plane has moved.
  // `focus`: whether it gets the keys at once; `round`: what becomes of a number and a pixel's length, null: nothing.
  constructor(root, name, heard, { focus = true, round = resolved } = {}) {
    Object.assign(this, { root, heard, focus, round: round ?? ((value) => value), down: null, cross: null, byKey: false });
    this.node = document.createElement("div");
    Object.assign(this.node, { className: "stage-pad", tabIndex: 0, role: "application", ariaLabel: name });
    this.sheet = sheet(this.node);
    this.hair = svg("g", { class: "stage-cross" }, this.sheet);
    for (const d of ["M-14 0H-4M4 0H14M0 -14V-4M0 4V14"]) for (const of of ["halo", "line"]) svg("path", { d, class: `stage-cross-${of}` }, this.hair);
    this.listening = new AbortController();
    const { signal } = this.listening;
    const on = (event, heard) => this.node.addEventListener(event, (given) => (given.stopPropagation(), heard(given)), { signal });
    on("pointerdown", (event) => this.press(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.release(event));
    on("pointercancel", () => this.cancel());
    on("pointerleave", () => this.down || heard.hovered(null));
    on("click", () => {});
    on("dblclick", () => {});
    document.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
  }

  close() {
    this.listening.abort();
    this.node.remove();
  }

  // Stands over a plane's box, {width, height, toPixels, size}.
  lie(box, place) {
    if (this.node.parentNode !== box) {
      this.part();
      box.append(this.node);
      if (this.focus) this.node.focus({ preventScroll: true });
      this.focus = false;
    }
    this.lies = true;
    this.follow(place);
  }

  // Another picture comes: it keeps the keys, if it has them, for when it lies over that.
  part() {
    this.focus ||= document.activeElement === this.node;
    this.node.remove();
  }

  follow(place) {
    Object.assign(this, place);
    this.drawCross();
    this.heard.placed();
  }

  inPixels([x, y]) {
    const { x0, sx, y0, sy } = this.toPixels;
    return [x0 + sx * x, y0 + sy * y];
  }

  inData([px, py]) {
    const { x0, sx, y0, sy } = this.toPixels;
    return [this.round((px - x0) / sx, 1 / sx), this.round((py - y0) / sy, 1 / sy)];
  }

  within([px, py]) {
    return [Math.min(Math.max(px, 0), this.width), Math.min(Math.max(py, 0), this.height)];
  }

  // --- By pointer ---

  at({ clientX, clientY }) {
    const { left, top } = this.node.getBoundingClientRect();
    return this.within([clientX - left, clientY - top]);
  }

  press(event) {
    if (event.button || this.down) return;
    const at = this.at(event);
    this.hideCross();
    this.down = { id: event.pointerId, at, drags: this.heard.begun(this.inData(at), event.pointerType) };
    this.node.setPointerCapture(event.pointerId);
  }

  move(event) {
    const at = this.at(event);
    if (this.down?.drags && this.down.id === event.pointerId) this.heard.moved(this.inData(at));
    else if (!this.down && event.pointerType !== "touch") this.heard.hovered(this.inData(at));
  }

  release(event) {
    if (this.down?.id !== event.pointerId) return;
    const { at: from, drags } = this.down;
    const at = this.at(event);
    this.down = null;
    if (drags) return this.heard.dropped(this.inData(at), true);
    if (Math.hypot(at[0] - from[0], at[1] - from[1]) <= SLIP) this.heard.pressed(this.inData(at));
  }

  // A finger scrolls the page instead.
  cancel() {
    if (this.down?.drags) this.heard.dropped(null, false);
    this.down = null;
  }

  // --- By key ---

  key(event) {
    if (!isForFilm({ target: event.target }) || !this.lies) return;
    const onPad = !event.target.closest?.("button, a, summary, [role=button]");
    const found = padKey(event, onPad);
    if (!found) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (found.move) return this.moveCross(found.move);
    if (found.act === "press") return event.repeat || this.heard.pressed(this.crossPlace());
    this.byKey = true;
    if (found.act !== "still") this.heard.act(found.act);
    this.byKey = false;
  }

  moveCross([right, down]) {
    const [px, py] = this.inPixels(this.crossPlace());
    this.cross = this.inData(this.within([px + right, py + down]));
    this.drawCross();
    this.heard.hovered(this.cross);
  }

  // Where the cross-hair stands: in the middle first, and again where it is not in view.
  crossPlace() {
    const [px, py] = this.cross ? this.inPixels(this.cross) : [-1, -1];
    const inView = px >= -1 && py >= -1 && px <= this.width + 1 && py <= this.height + 1;
    if (!this.cross || !inView) this.cross = this.inData([this.width / 2, this.height / 2]);
    this.drawCross();
    return this.cross;
  }

  hideCross() {
    this.hair.style.display = "none";
  }

  drawCross() {
    this.hair.style.display = this.cross ? "" : "none";
    if (!this.cross) return;
    const [px, py] = this.inPixels(this.cross);
    this.hair.setAttribute("transform", `translate(${px.toFixed(2)} ${py.toFixed(2)})`);
  }
}
