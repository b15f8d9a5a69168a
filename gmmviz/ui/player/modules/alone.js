// A film that plays by itself, in a file or in a notebook: it is given all it needs, and nobody hears of it.

import { Film } from "./film.js";
import { Taking } from "./taking.js";

const NOBODY = { setStateValue() {}, setTriggerValue() {} };
// What a page would say besides: it has no address to write, and nothing to go on to.
const ALONE = { placements: 0, setting: "", home: 0, next: "", back: false, plotly: "", clickable: false, spots: false, locked: "", plays: 0 };

// Text from gzip's bytes in base64.
export async function unzipped(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

// Plays the film of a document (gmmviz/figures/document.py), and gives it back.
export async function playAlone(document) {
  const read = (name) => document.getElementById(`film-${name}`).textContent;
  document.querySelector("main").hidden = false; // without scripts there is nothing to see in it
  document.documentElement.classList.add("film-alone");
  document.body.prepend(document.getElementById("film-style")); // plotly.js will add rules to the head, which come first
  const film = Object.assign(new Film(document), NOBODY);
  const taking = document.querySelector(".film-taking");
  if (taking) new Taking(taking, () => film);
  const script = document.createElement("script");
  script.textContent = await unzipped(read("plotly"));
  document.head.append(script);
  await film.show({ ...ALONE, ...JSON.parse(read("payload")) });
  return film;
}
