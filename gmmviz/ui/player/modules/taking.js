// The buttons by which a reader takes pictures along: the frame shown as a file, and the film as one that moves.

import { Studio, momentsOf } from "./studio.js";
import { schedule } from "./timeline.js";
import { animated } from "./webp.js";

const QUALITY = 0.8;
const NO_FILM = "No film is drawn yet.";
const NO_WEBP = "This browser cannot write WebP. Chrome, Edge and Firefox can; the film as one HTML file plays everywhere.";
const STILL = "A film of one frame does not move: take the frame.";

export const encoded = (canvas) => new Promise((done) => canvas.toBlob(done, "image/webp", QUALITY));

export class Taking {
  // `filmOf` gives the film that is shown when a button is pressed.
  constructor(root, filmOf) {
    Object.assign(this, { root, filmOf });
    [this.bar, this.said] = ["progress", "output"].map((name) => root.querySelector(name));
    this.listening = new AbortController();
    root.addEventListener("click", ({ target }) => this.press(target.closest("[data-take]")?.dataset.take), { signal: this.listening.signal });
    this.encoding(false);
  }

  close() {
    this.listening.abort();
    this.stop();
  }

  stop() {
    this.stopped = true;
  }

  async press(what) {
    if (!what) return;
    if (what === "stop") return this.stop();
    const film = this.filmOf();
    if (!film?.scene || this.busy) return this.busy || this.say(NO_FILM);
    this.say("");
    try {
      await (what === "webp" ? this.takeFilm(film) : film.download(what));
    } catch (error) {
      this.say(`It could not be made: ${error.message}`);
    }
  }

  say(text) {
    this.said.textContent = text;
  }

  // While it encodes there is a bar and a way to stop, and no second press. Until somebody hears there is none at all.
  encoding(busy) {
    this.busy = busy;
    this.bar.hidden = !busy;
    this.bar.value = 0;
    for (const button of this.root.querySelectorAll("[data-take]")) {
      if (button.dataset.take === "stop") button.hidden = !busy;
      else button.disabled = busy;
    }
  }

  async takeFilm(film) {
    const { scene } = film;
    if (scene.stops === 0) return this.say(STILL);
    this.stopped = false;
    this.encoding(true);
    const studio = new Studio(film);
    try {
      await studio.open();
      const file = await this.filmed(studio, momentsOf(schedule(scene.T, scene.mode)));
      if (file) save(file, "gmmviz.webp"), this.say(`Done: ${(file.size / 1e6).toFixed(1)} MB.`);
    } finally {
      studio.close();
      this.encoding(false);
    }
  }

  // The file of a film's moments; null where it was stopped, or cannot be written, of which it is said.
  async filmed(studio, moments) {
    const stills = [];
    for (const { position, ms } of moments) {
      const canvas = await studio.draw(position);
      const still = await encoded(canvas);
      if (still?.type !== "image/webp") return this.say(NO_WEBP), null;
      if (this.stopped) return this.say("Stopped."), null;
      stills.push({ file: new Uint8Array(await still.arrayBuffer()), ms });
      this.bar.value = stills.length / moments.length;
    }
    const { width, height } = studio.canvas;
    return new Blob([animated(stills, width, height)], { type: "image/webp" });
  }
}

// Downloads a blob.
export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000); // the browser has read it by then
}
