// The film's bar: buttons, scrubber, speed, label, and the keys that do the same.

const LABEL = 32; // widths of a digit that the label takes at most: a longer one has two lines
const FIELDS = "input, select, textarea, [contenteditable=true], [role=slider], [role=combobox], [role=dialog] *";
const PRESSED = "button, a, summary, label:has([type=radio], [type=checkbox]), [role=option], .film input";
const KEYS = {
  " ": "play", ArrowLeft: "back", PageUp: "back", ArrowRight: "forward", PageDown: "forward", Home: "first", End: "last",
  p: "point", P: "point", m: "place", M: "place", Escape: "letGo",
  ...Object.fromEntries(Object.entries({ w: "panUp", a: "panLeft", s: "panDown", d: "panRight" }).flatMap(([key, act]) => [[key, act], [key.toUpperCase(), act]])),
};
const SHIFTED = { ArrowLeft: "pointLeft", ArrowRight: "pointRight", ArrowUp: "pointUp", ArrowDown: "pointDown" };

export function labelWidth(labels) {
  return Math.min(LABEL, Math.max(...labels.map((label) => label.length)));
}

// Whether a key is the film's to hear, and no field's.
export function isForFilm({ ctrlKey, altKey, metaKey, target }) {
  return !(ctrlKey || altKey || metaKey || target.closest?.(FIELDS));
}

// What a key does to the film, unless it belongs to a field or presses a button.
export function actOf(event) {
  if (!isForFilm(event)) return;
  if (event.key === " " && event.target.closest?.("button, summary, [role=button]")) return; // it presses that
  return (event.shiftKey && SHIFTED[event.key]) || KEYS[event.key];
}

export class Controls {
  // `act` is called with "play", "first", "back", "forward" or "last", or with what is done to the point in the hand,
  // and returns false where there is nothing to do; `scrub` with a position, `letGo` after it.
  constructor(root, { act, scrub, letGo }) {
    this.root = root;
    this.range = root.querySelector("input");
    this.select = root.querySelector("select");
    this.label = root.querySelector("output");
    this.playButton = root.querySelector("[data-act=play]");
    this.act = act;
    this.listening = new AbortController();
    const { signal } = this.listening;
    const on = (node, event, heard, capture = false) => node.addEventListener(event, heard, { signal, capture });
    on(root, "click", (event) => this.press(event.target.closest("[data-act]")));
    on(this.range, "input", () => scrub(Number(this.range.value)));
    on(this.range, "change", letGo);
    on(document, "keydown", (event) => this.key(event));
    on(window, "pointerdown", () => (this.byPointer = true), true);
    on(window, "keydown", () => (this.byPointer = false), true);
    on(window, "click", (event) => this.giveBackKeys(event.target.closest?.(PRESSED)), true);
    on(this.select, "change", () => this.giveBackKeys(this.select)); // its click only opens it
  }

  close() {
    this.listening.abort();
  }

  get speed() {
    return this.select.selectedOptions[0].text;
  }

  // A film with these stops, by their labels; `locked` says why it cannot move yet, and nothing where it can.
  open(labels, locked = "") {
    this.labels = locked ? labels.map(() => locked) : labels;
    this.locked = Boolean(locked);
    this.stops = labels.length - 1;
    Object.assign(this.range, { max: this.stops, step: "any" });
    this.label.style.width = `${labelWidth(this.labels)}ch`;
    const hands = this.root.querySelectorAll("[data-act=point], [data-act=place]");
    for (const node of [this.playButton, this.range, this.select, ...hands]) node.disabled = this.locked;
    this.root.querySelector("[data-act=present]").disabled = false;
  }

  // What the next key goes on to at the film's end; "": nothing.
  announce(next) {
    const sign = this.root.querySelector("[data-act=next]");
    sign.hidden = !next;
    sign.textContent = `Next: ${next}`;
  }

  // Where the film stands, and the stop that the label is of: between two, the one that it moves to.
  tell(position, stop = Math.ceil(position)) {
    this.range.value = position;
    this.range.style.setProperty("--played", this.stops ? position / this.stops : 0);
    if (this.told !== this.labels[stop]) {
      this.told = this.label.textContent = this.labels[stop];
      this.range.setAttribute("aria-valuetext", this.told);
    }
    const [start, end] = [position === 0, position === this.stops];
    this.root.dataset.at = [start && "start", end && "end"].filter(Boolean).join(" ");
    for (const act of ["first", "back"]) this.root.querySelector(`[data-act=${act}]`).disabled = this.locked || start;
    for (const act of ["forward", "last"]) this.root.querySelector(`[data-act=${act}]`).disabled = this.locked || end;
  }

  tellPlaying(playing) {
    this.playButton.textContent = playing ? "Pause" : "Play";
    this.root.dataset.playing = playing;
  }

  complain(message) {
    this.label.textContent = message;
    this.label.style.width = "";
  }

  press(button) {
    if (button) this.act(button.dataset.act);
  }

  key(event) {
    const act = actOf(event);
    if (!act || this.locked) return; // a film that is locked leaves the page its keys
    if (this.act(act, event.repeat) !== false) event.preventDefault();
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
}
