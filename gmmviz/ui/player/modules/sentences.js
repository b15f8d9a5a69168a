// What a film says at each stop: which facts (facts.js) go into which of the templates (gmmviz/figures/narration.py).

import { changed, gain, groups, moved, nearly, sharing, starving, sure } from "./facts.js";
import { component } from "./mixture.js";
import { decimal, numeral } from "./numbers.js";
import { filled, toldApart } from "./templates.js";
import { iterationAt } from "./timeline.js";

const DIGITS = 3; // of a number in a description

// {sentence(stop), numbers(stop)} of a scene that has a narration; of one that has none, both are empty. A film that
// waits says so; several runs side by side have no numbers here, since their curves say them.
export function narrator({ narration, planes, iterations, mode, values }) {
  const [nothing, none] = [() => "", () => []];
  if (!narration) return { sentence: nothing, numbers: none };
  const film = { ...narration, plane: planes[0], iterations, mode, values };
  const numbers = values ? (stop) => numbersAt(film, iterations[iterationAt(stop, mode)]) : none;
  if (narration.waits) return { sentence: () => narration.waits, numbers };
  if (narration.each) return { sentence: (stop) => sentenceOfSeveral(film, planes, stop), numbers };
  return { sentence: (stop) => sentenceAt(film, stop), numbers };
}

// --- Which sentence ---------------------------------------------------------------------------------------------------

function sentenceAt(film, stop) {
  const { iterations, mode, sentences, plane, values } = film;
  const i = iterationAt(stop, mode);
  const t = iterations[i];
  const asks = mode === "steps" && stop % 2 === 1;
  if (t === values.length - 1) return ending(film, t);
  if (mode === "steps" && stop === 0) return filled(sentences.uncoloured, { K: plane.K }, plane.K);
  if (asks) return asking(film, i);
  if (i === 0) return filled(sentences.start, largest(film, 0), plane.K);
  return moving(film, i, notableAt(film, i));
}

// An M-step, or a whole iteration: what moved most, and what is notable, in so many words as there is room for.
function moving(film, i, notable) {
  const { mode, sentences, iterations, plane } = film;
  const [s, t] = [iterations[i - 1], iterations[i]];
  const since = t > s + 1 ? "_since" : "";
  const found = moved(plane.mixtures.at(i - 1), plane.mixtures.at(i), film);
  if (notable && found.what === "still") return notable;
  const facts = { s, t, moved: movedMost(film, found, !notable && !since && mode === "steps") };
  if (mode === "steps") return joined(filled(sentences[`m_step${since}`], facts), notable);
  if (notable || plane.K === 1) return joined(filled(sentences[`whole_short${since}`], facts), notable);
  return filled(sentences[`whole${since}`], { ...facts, changed: changeOf(film, i, false) });
}

const joined = (...parts) => parts.filter(Boolean).join(" ");

function largest({ plane }, i) {
  const found = groups(plane.whose(i), plane.K);
  const n = Math.max(...found);
  return { k: plane.numberOf(found.indexOf(n)), n, N: plane.N };
}

function asking(film, i) {
  const { sentences, plane, iterations } = film;
  if (plane.K === 1) return sentences.e_step_of_one;
  if (i === 0) return filled(sentences.first_e_step, largest(film, 0));
  return filled(sentences.e_step, { changed: changeOf(film, i, iterations[i] > iterations[i - 1] + 1) });
}

function changeOf({ sentences, plane, iterations }, i, since) {
  const n = changed(plane.whose(i - 1), plane.whose(i));
  return filled(since ? sentences.changed_since : sentences.changed, { n, s: iterations[i - 1] });
}

// What moved most, with the reason why if there is room for it.
function movedMost({ sentences, directions, plane, features, ranges, equal, names }, found, why) {
  const template = (name) => sentences[why ? `${name}_and_why` : name];
  if (found.what === "still") return sentences.still;
  const k = plane.numberOf(found.k);
  if (found.what !== "moved") {
    const [before, after] = toldApart(found.from, found.to);
    return filled(template(found.what)[features.length === 1 ? 2 : found.along], { k, before, after });
  }
  if (equal) {
    const [x, y = 0] = found.by;
    const eighth = Math.round(Math.atan2(y, x) / (Math.PI / 4));
    return filled(template("moved"), { k, distance: told(Math.hypot(x, y)), direction: directions[(eighth + 8) % 8] });
  }
  const shares = found.by.map((d, j) => Math.abs(d) / (ranges[j] || 1)); // each axis has a unit of its own
  const along = shares.indexOf(Math.max(...shares));
  const direction = directions[2 * along + (found.by[along] < 0 ? 4 : 0)];
  return filled(template("moved_along"), { k, distance: told(Math.abs(found.by[along])), direction, name: names[along] });
}

const told = (distance) => numeral(distance, distance < 100 ? 2 : 3);

// The most notable of what happened since the stop before, in a sentence of its own; "": nothing.
function notableAt({ sentences, iterations, plane, values, happened, stop_reason }, i) {
  const [s, t] = [iterations[i - 1], iterations[i]];
  const here = (what) => happened.find((event) => event.what === what && event.t > s && event.t <= t);
  const number = (k) => plane.numberOf(k);
  const fell = here("fell");
  if (fell) return filled(sentences.fell, { amount: fell.amount });
  for (const what of ["emptied", "shrunk"]) {
    const event = here(what);
    if (event) return filled(sentences[what], { k: number(event.components[0]) });
  }
  const stands = standing({ sentences, plane }, i);
  if (stands) return stands;
  const left = stop_reason === "converged" ? nearly(values, t) : null;
  return left === null ? "" : filled(sentences.nearly, { left: numeral(left, 2) });
}

// What is notable in how a mixture stands; "": nothing.
function standing({ sentences, plane }, i) {
  const mixture = plane.mixtures.at(i);
  const starved = starving(mixture, plane.N);
  if (starved) return filled(sentences.starves, { k: plane.numberOf(starved.k), points: numeral(starved.points, 2) });
  const both = sharing(mixture);
  return both ? filled(sentences.shares, { j: plane.numberOf(both[0]), k: plane.numberOf(both[1]) }) : "";
}

function ending({ sentences, stop_reason, collapsed, plane, values }, t) {
  const k = collapsed.length ? plane.numberOf(collapsed[0]) : undefined;
  const still = stop_reason === "max_iter" && sentences.max_iter_still && t > 0 && gain(values, t) === 0;
  return filled(sentences[still ? "max_iter_still" : stop_reason], { n: t, t, k });
}

// --- Of several runs side by side -------------------------------------------------------------------------------------

function sentenceOfSeveral({ sentences, each, ...film }, planes, stop) {
  const { iterations, mode } = film;
  const i = iterationAt(stop, mode);
  const [s, t] = [iterations[i - 1], iterations[i]];
  const asks = mode === "steps" && stop % 2 === 1;
  if (i === 0) return sentences[asks ? "first_e_step" : mode === "steps" ? "uncoloured" : "start"];
  const told = each.map((one, j) => {
    const run = { ...film, ...one, plane: planes[j] };
    return filled(sentences.one, { name: one.name, told: toldOf(run, i, asks) });
  });
  const over = i === iterations.length - 1; // no E-step comes after the last mixture
  const step = t > s + 1 ? "since" : mode === "steps" ? (asks ? "e_step" : "m_step") : "whole";
  return filled(sentences[over ? "end" : step], { s, t, each: told.join(" ") });
}

// What happens in one of them: its end, if it has come to that, what changed, or, where hardly anything does, how it stands.
function toldOf(run, i, asks) {
  const { plane, sentences } = run;
  if (i >= plane.T - 1) return ending(run, run.last);
  if (asks) return filled(sentences.changed, { n: changed(plane.whose(i - 1), plane.whose(i)) });
  const found = moved(mixtureOf(plane, i - 1), mixtureOf(plane, i), plane.centres ? { ...run, features: [0, 1] } : run);
  if (found.what !== "still") return movedMost(run, found, false);
  return (!plane.centres && standing(run, i)) || sentences.still;
}

// A plane's mixture at i; k-means' centres as one without widths.
function mixtureOf({ centres, mixtures, meansOf, K }, i) {
  if (!centres) return mixtures.at(i);
  return { K, D: 2, weights: new Float64Array(K), means: meansOf(i), covariances: new Float64Array(4 * K) };
}

// --- The numbers beside it --------------------------------------------------------------------------------------------

// [name, number, note] of each number at iteration t.
function numbersAt({ numbers, values }, t) {
  const whole = (value) => decimal(value, Math.abs(value) < 100 ? 3 : 1);
  const gained = t > 0 ? gain(values, t) : 0;
  const facts = {
    t, last: values.length - 1, now: whole(values[t]), end: whole(values.at(-1)),
    gain: `${gained > 0 ? "+" : ""}${numeral(gained, Math.abs(gained) < 1 ? 2 : DIGITS)}`,
  };
  return [numbers.iteration, t > 0 ? numbers.now : numbers.start, numbers.end].map((row) => row.map((text) => filled(text, facts)));
}

// --- For who does not see it ------------------------------------------------------------------------------------------

// What stands in each plane at a stop, in sentences; of planes that show the same run, once.
export function described({ planes, mode, description }, stop) {
  const unasked = mode === "steps" && stop === 0;
  const apart = planes.filter(({ centres, mixtures }, i) => centres || planes.findIndex((one) => one.mixtures === mixtures) === i);
  return apart
    .flatMap((plane) => {
      const heading = plane.heading ? [filled(description.plane, plane)] : [];
      return [...heading, ...describedPlane(plane, Math.min(iterationAt(stop, mode), plane.T - 1), unasked, description)];
    })
    .join(" ");
}

function describedPlane(plane, i, unasked, { gaussian, unasked_gaussian, centre, unasked_centre, ...description }) {
  const { K, N, centres, mixtures } = plane;
  const place = (values) => `(${Array.from(values, (value) => numeral(value, DIGITS)).join(", ")})`;
  const counts = unasked ? [] : groups(plane.whose(i), K);
  const template = centres ? (unasked ? unasked_centre : centre) : unasked ? unasked_gaussian : gaussian;
  const lines = Array.from({ length: K }, (_, k) => {
    const own = centres ? null : component(mixtures.at(i), k);
    const mean = place(own ? own.mean : plane.meansOf(i).subarray(2 * k, 2 * k + 2));
    const weight = own && `${numeral(100 * own.weight, DIGITS)} %`;
    return filled(template, { k: plane.numberOf(k), mean, weight, n: counts[k], N });
  });
  return unasked || centres ? lines : [...lines, filled(description.sure, { n: sure(plane.asked(i), K), N })];
}
