// The presentation mode: the film fills the screen, large enough for the last row. It is the browser's own: a class on
// the document's root, which the style sheet present.css reads, and `present=1` in the address for as long as it is on.

import { isForFilm } from "./controls.js";

const SETTING = "present";
const DESIGNED = 960; // px: the side of a square as large as the screen of 1280 x 720 that the sizes are made for
const MOST = 1.6; // times as large on larger ones

let on = null; // in this document; null: nobody has said yet
let shown = null; // the film's that was opened last: without one there is nothing to present
let heard = 0; // how often the server has said that an address asks for it

// The address that says whether the mode is on.
export function addressWith(address, presenting) {
  const url = new URL(address);
  if (presenting) url.searchParams.set(SETTING, 1);
  else url.searchParams.delete(SETTING);
  return url;
}

// By how much everything is larger than it is designed for, on a screen of this size.
export function unitOf({ width, height }) {
  return Math.min(MOST, Math.max(1, Math.sqrt(width * height) / DESIGNED));
}

// Where a turn leads when a step is asked for beyond the film's ends: "next", "back" or undefined.
export function turnOf(act, position, stops, { next, back }) {
  if (act === "forward" && position >= stops && next) return "next";
  if (act === "back" && position <= 0 && back) return "back";
}

export class Presentation {
  // `changed` is called when the mode begins or ends.
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    shown = this;
    on ??= new URL(location).searchParams.get(SETTING) === "1";
    this.listening = new AbortController();
    const { signal } = this.listening;
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    document.addEventListener("fullscreenchange", () => document.fullscreenElement || this.set(false), { signal });
    window.addEventListener("popstate", () => setTimeout(() => this.write()), { signal });
    this.tell();
  }

  close() {
    this.listening.abort();
    if (shown !== this) return; // the next film is there already
    shown = null;
    document.documentElement.classList.remove("presenting");
  }

  get on() {
    return on;
  }

  // How large things are, 0: as on an ordinary page.
  get unit() {
    return on ? unitOf({ width: innerWidth, height: innerHeight }) : 0;
  }

  // A figure arrives: its address may ask for the mode, or say nothing of it where a link led to it.
  arrive({ presented = 0, setting }) {
    this.alone = setting === ""; // a film that plays by itself has no address
    if (presented > heard) on = true;
    heard = presented;
    this.tell();
    this.write();
  }

  key(event) {
    if (event.defaultPrevented || !isForFilm(event)) return;
    if (event.key === "Escape" && on) this.set(false);
    else if (event.key.toLowerCase() === "f" && !event.repeat) this.toggle();
    else return;
    event.preventDefault();
  }

  // By the reader's own hand, of which browsers make it a condition that the whole screen may be taken.
  toggle() {
    this.set(!on);
    if (on) document.documentElement.requestFullscreen?.().catch(() => {}); // without it the window is filled
  }

  set(wanted) {
    if (on === wanted) return;
    on = wanted;
    if (!on && document.fullscreenElement) document.exitFullscreen().catch(() => {});
    if (on) document.activeElement?.blur(); // what it was on is not to be seen
    this.tell();
    this.write();
    this.changed();
  }

  // Shows whether the mode is on.
  tell() {
    document.documentElement.classList.toggle("presenting", on);
    this.root.style.setProperty("--unit", this.unit || 1);
    const button = this.root.querySelector("[data-act=present]");
    button?.setAttribute("aria-pressed", on);
  }

  write() {
    if (this.alone) return;
    const address = addressWith(location, on);
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }
}
