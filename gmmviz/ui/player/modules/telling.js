// What a film tells beside its picture: the sentence and the numbers of the stop shown, and, for who does not see the
// picture, what stands in it. Each is computed once for a stop, and kept.

import { described, narrator } from "./sentences.js";

export const LONGEST = 116; // letters of a sentence, for which there is room
export const LONGEST_OF_SEVERAL = 150; // of several runs side by side
const LETTER = 0.4; // of the font's size, on the average; a sentence of wider ones is written smaller
const QUICK = 200; // ms: a sentence that stands for less could not be read

let tellings = 0;

// How many lines a sentence of so many letters takes in a column so wide, in px.
export function linesOf(width, fontSize, longest = LONGEST) {
  return Math.min(4, Math.max(2, Math.ceil((longest * LETTER * fontSize) / Math.max(1, width))));
}

export class Telling {
  constructor(root) {
    const [head, said, numbers, picture, news] = ["head", "said", "numbers", "picture", "news"].map((name) => root.querySelector(`.film-${name}`));
    Object.assign(this, { head, said, numbers, picture, news, since: -Infinity });
    picture.id ||= `film-picture-${tellings++}`;
    root.setAttribute("aria-describedby", picture.id);
  }

  // A film begins: nothing is announced until it comes to rest.
  open(scene) {
    this.scene = scene;
    this.narrator = narrator(scene);
    this.kept = new Map();
    this.stop = null;
    this.head.hidden = !scene.narration && !this.held;
    this.numbers.hidden = !scene.values && !this.held;
    this.longest = scene.planes.length > 1 ? LONGEST_OF_SEVERAL : LONGEST;
    this.news.textContent = "";
  }

  // Makes room for the longest sentence, so that nothing moves while the film plays.
  fit() {
    const size = parseFloat(getComputedStyle(this.said).fontSize);
    this.said.style.setProperty("--said-lines", linesOf(this.said.clientWidth, size, this.longest));
  }

  // Shows what is said of a stop; while the film plays not more often than can be read. Returns the stop that is told, so
  // that all words beside the picture are of one.
  tell(stop, playing, now = performance.now()) {
    if (stop === this.stop || !this.scene) return stop;
    const { narration } = this.scene;
    if (narration && playing && this.stop !== null && now - this.since < QUICK) return this.stop;
    if (narration && !this.held) {
      this.count(this.narrator.numbers(stop));
      this.say(this.sentence(stop));
    }
    Object.assign(this, { stop, since: now });
    return stop;
  }

  // Says something else than the film's own sentences, until `again`; their room is there also for a film without any.
  hold(sentence) {
    this.held = true;
    this.head.hidden = this.numbers.hidden = false;
    this.say(sentence);
  }

  again() {
    const { stop, scene } = this;
    if (!scene) return;
    Object.assign(this, { held: false, stop: null });
    this.head.hidden = !scene.narration;
    this.numbers.hidden = !scene.values;
    this.tell(stop ?? 0, false);
  }

  // Writes a sentence, smaller where it does not fit: its room stays the same.
  say(sentence) {
    this.said.firstElementChild.textContent = sentence;
    this.said.classList.remove("film-long");
    this.said.classList.toggle("film-long", this.said.scrollHeight > this.said.clientHeight + 1);
  }

  sentence(stop) {
    if (!this.kept.has(stop)) this.kept.set(stop, this.narrator.sentence(stop));
    return this.kept.get(stop);
  }

  count(rows) {
    const cells = rows.flat();
    const nodes = this.numbers.querySelectorAll("span");
    nodes.forEach((node, i) => node.textContent !== cells[i] && (node.textContent = cells[i]));
  }

  // The film stands still: what stands in the picture now is written down, and `announced` if a hand brought it there.
  rest(stop, announced = true) {
    if (!this.scene) return;
    this.tell(stop, false);
    const sentence = this.sentence(stop);
    this.picture.textContent = [sentence, described(this.scene, stop)].filter(Boolean).join(" ");
    if (announced) this.news.textContent = sentence || this.scene.labels[stop];
  }
}
