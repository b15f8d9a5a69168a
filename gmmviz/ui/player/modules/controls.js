// The film's bar: buttons, scrubber, speed, label, and the keys that do the same.

const LABEL = 32; // widths of a digit that the label takes at most: a longer one has two lines
const FIELDS = "input, select, textarea, [contenteditable=true], [role=slider], [role=combobox], [role=dialog] *";
const PRESSED = "button, a, summary, label:has([type=radio], [type=checkbox]), [role=option], .film input";
const KEYS = {
  " ": "play", ArrowLeft: "back", PageUp: "back", ArrowRight: "forward", PageDown: "forward", Home: "first", End: "last",
};

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

export class Controls {
  // `act` is called with "play", "first", "back", "forward" or "last"; `scrub` with a position, `letGo` after it.
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

  // A film with these stops, by their labels.
  open(labels) {
    this.labels = labels;
    this.stops = labels.length - 1;
    Object.assign(this.range, { max: this.stops, step: "any" });
    this.label.style.width = `${labelWidth(labels)}ch`;
    this.playButton.disabled = false;
  }

  // Where the film stands, and the stop that the label is of: between two, the one that it moves to.
  tell(position, stop = Math.ceil(position)) {
    this.range.value = position;
    this.range.style.setProperty("--played", this.stops ? position / this.stops : 0);
    if (this.told !== this.labels[stop]) {
      this.told = this.label.textContent = this.labels[stop];
      this.range.setAttribute("aria-valuetext", this.told);
    }
    for (const act of ["first", "back"]) this.root.querySelector(`[data-act=${act}]`).disabled = position === 0;
    for (const act of ["forward", "last"]) this.root.querySelector(`[data-act=${act}]`).disabled = position === this.stops;
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
    if (!act) return;
    event.preventDefault();
    this.act(act);
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
