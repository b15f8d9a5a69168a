// The film: what is shown, where it stands, how it moves, and what the server hears of it.

import { Chosen } from "./chosen.js";
import { Controls } from "./controls.js";
import { Drawing } from "./drawing.js";
import { Figure } from "./figure.js";
import { Placing } from "./placing.js";
import { Presentation, turnOf } from "./present.js";
import { nameOf, readScene } from "./scene.js";
import { skipTo } from "./skip.js";
import { Stage } from "./stage.js";
import { Telling } from "./telling.js";
import { glide, glidePosition, iterationAt, positionAt, schedule, stopOf, timeAt } from "./timeline.js";

const ON_POINTS = { letGo: null, point: null, pointUp: null, pointDown: null, pointLeft: "back", pointRight: "forward" };
const PANS = { panLeft: [-1, 0], panRight: [1, 0], panDown: [0, -1], panUp: [0, 1] };
const LEAVES = "a[href]:not([href^='#'])"; // links but those to places of the same page
const REST = 250; // ms without another step after which the film has come to rest
const FOLLOWS = 350; // ms after which the address may change again while the film plays: browsers allow 100 in 30 s

let rests = 0; // counted, so that a rest where the last one was is news to the server all the same

// The address of the page when its film rests at an iteration, which is held by a setting; at home it says nothing.
export function addressAt(address, setting, iteration, home = 0) {
  const url = new URL(address);
  if (iteration !== home) url.searchParams.set(setting, iteration);
  else url.searchParams.delete(setting);
  return url;
}

// The stop at which a film opens: where one of the same run stood, {scene, position}, else at the iteration put.
export function opensAt({ iterations, mode, T }, put, before = null) {
  if (before && before.scene.mode === mode && before.scene.T === T) return Math.round(before.position);
  const stood = before && before.scene.iterations[iterationAt(Math.round(before.position), before.scene.mode)];
  const t = Math.max(0, iterations.findLastIndex((t) => t <= (stood ?? put)));
  const begun = (stood ?? put) > 0 || before?.position > 0;
  return begun ? stopOf(t, T, mode) : 0;
}

export class Film {
  constructor(parent) {
    this.root = parent.querySelector(".film");
    this.position = 0;
    this.controls = new Controls(this.root, {
      act: (name, held) => (this.free || name === "present" || name === "draw") && this.act(name, held),
      scrub: (position) => this.free && this.scrub(position),
      letGo: () => this.free && this.goTo(Math.round(this.position)),
    });
    this.telling = new Telling(this.root);
    this.followed = -Infinity; // when the address last followed the film
    this.written = new Set(); // the iterations that it has said so
    this.figure = new Figure(this.root, {
      sized: () => this.telling.fit(),
      drawn: (planes, curves) => (this.stage.fit(planes, curves, this.presentation.unit), this.paint(), this.lieOver()),
      dragged: (toPixels) => (this.stage.drag(toPixels), this.paint()),
      pointed: (event) => this.point(event),
      clicked: (place) => place && this.click(place),
    });
    this.chosen = new Chosen(this.root);
    this.placing = new Placing(this);
    this.drawing = new Drawing(this);
    this.figure.node.film = this;
    this.presentation = this.figure.presentation = new Presentation(this.root, () => this.figure.redraw());
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.unskip = skipTo(this.root);
    this.listening = new AbortController();
    const { signal } = this.listening;
    document.addEventListener("click", ({ target }) => target.closest(LEAVES) && this.leave(), { signal, capture: true });
    window.addEventListener("popstate", () => this.leave(), { signal });
  }

  close() {
    this.closed = true;
    this.unskip();
    this.listening.abort();
    this.playing = this.gliding = this.wanted = null;
    clearTimeout(this.resting);
    this.controls.close();
    this.presentation.close();
    this.placing.close();
    this.drawing.close();
    this.figure.close();
  }

  // --- A figure arrives ---

  async show(data) {
    if (this.echoes(data)) return void (this.data = { ...this.data, placements: data.placements });
    const before = { scene: this.scene, position: this.goal };
    const played = this.playing;
    this.left = false;
    this.pause();
    this.wanted = data;
    const moved = this.data && this.data.placements !== data.placements && !this.outlives(data);
    if (moved) this.written.clear();
    const stays = (!moved && this.data?.run === data.run) || this.stays;
    this.stays = false;
    const plays = this.data && data.plays > this.data.plays;
    const scene = readScene(data.figure);
    this.position = opensAt(scene, data.iteration, stays ? before : null);
    Object.assign(this, { data, scene });
    const boxes = { planes: scene.planes.map(() => box("stage-plane")), curves: scene.curves.map(() => box("stage-curve")) };
    this.stage = new Stage(scene, boxes.planes, boxes.curves);
    this.controls.open(scene.labels, data.locked);
    this.telling.open(scene);
    this.chosen.open(this.stage, scene);
    this.placing.open(data.start, data.locked);
    this.drawing.open(data.board);
    this.controls.announce(data.next);
    this.presentation.arrive(data);
    try {
      await this.figure.show(data, boxes);
    } catch (error) {
      return this.controls.complain(error.message);
    }
    if (this.closed || this.wanted !== data) return; // a newer figure came meanwhile
    if (moved) this.root.scrollIntoView(); // a link from far below may have moved it
    this.tell();
    this.telling.rest(this.stop, false);
    if (plays && !data.locked) this.figure.bringUp(), this.play();
    else if (played && stays) this.restSoon(); // the server has heard only of a moment before
  }

  // Whether a hand can move it.
  get free() {
    return this.scene && !this.data.locked;
  }

  // Whether a figure says no more than that the server has heard an address which this film wrote as it played.
  echoes(data) {
    const { run, points, placements } = this.data ?? {};
    return placements !== data.placements && run === data.run && points === data.points && this.written.has(data.iteration);
  }

  // Whether a new server, whose count of placements begins again, read off the address where the film stands anyway.
  outlives(data) {
    const { run, points, placements } = this.data;
    return placements > data.placements && run === data.run && points === data.points && this.iteration === data.iteration;
  }

  // Where it stands or, on its way to a stop, where that is.
  get goal() {
    return this.gliding ? this.bound : this.position;
  }

  // The stop that it moves to, or stands at.
  get stop() {
    return Math.ceil(this.goal);
  }

  get iteration() {
    return this.scene.iterations[iterationAt(Math.round(this.goal), this.scene.mode)];
  }

  // --- The film moves ---

  // Moves to a position now, and says what is shown.
  seek(position) {
    this.position = position;
    this.paint();
    this.tell();
    if (this.playing) this.follow();
    if (this.said) this.point(this.pointer); // what is said under the pointer is of the moment shown
  }

  paint() {
    this.stage.paint(this.position);
    this.placing.follow();
  }

  // What lies over the plane lies there again after it was drawn.
  lieOver() {
    for (const hand of [this.placing, this.drawing]) if (hand.on) hand.lie();
  }

  tell() {
    this.controls.tell(this.position, this.telling.tell(this.stop, this.playing));
    Object.assign(this.root.dataset, { frame: nameOf(this.scene, Math.floor(this.position)), run: this.data.run });
  }

  goTo(stop) {
    const wanted = Math.min(Math.max(stop, 0), this.scene.stops);
    const way = glide(this.position, wanted, this.calm.matches);
    this.bound = wanted;
    const [mine, began] = [(this.gliding = {}), performance.now()];
    const move = () => {
      if (this.gliding !== mine || this.closed) return;
      const position = glidePosition(way, performance.now() - began);
      this.seek(position);
      if (position !== wanted) requestAnimationFrame(move);
      else this.gliding = null;
    };
    move();
  }

  async play() {
    clearTimeout(this.resting);
    this.gliding = null;
    const mine = (this.playing = {}); // another Play, a pause or another figure ends this one
    this.controls.tellPlaying(true);
    if (this.position >= this.scene.stops) this.seek(0);
    await this.run(() => this.playing === mine && !this.closed);
    if (this.playing === mine) this.pause(), this.rest();
  }

  // Plays to the end as the clock says; with reduced motion from stop to stop.
  async run(goesOn) {
    let [speed, clock, offset] = [];
    while (goesOn() && this.position < this.scene.stops) {
      const now = await new Promise(requestAnimationFrame);
      if (!goesOn()) return;
      if (speed !== this.controls.speed) { // at the start, and when the reader chooses another
        speed = this.controls.speed;
        clock = schedule(this.scene.T, this.scene.mode, speed);
        offset = now - timeAt(clock, this.position);
      }
      const position = positionAt(clock, now - offset);
      this.seek(this.calm.matches ? Math.floor(position) : position);
    }
  }

  // It stands still at its start, and the server hears nothing of that: a hand is about to change it.
  toStart() {
    this.halt();
    this.chosen.letGo();
    this.seek(0);
  }

  halt() {
    clearTimeout(this.resting);
    this.pause();
  }

  // Begins with another mixture, {weights, means, covariances}: shows its first E-step, or stands at a position.
  restart(mixture, position = this.scene.mode === "steps" ? 1 : 0) {
    this.scene.planes[0].restart(mixture);
    this.stage.renew();
    this.position = position;
    this.paint();
  }

  pause() {
    this.playing = this.gliding = null;
    this.controls.tellPlaying(false);
  }

  // The hand on the scrubber: between two stops as well.
  scrub(position) {
    this.left = false;
    this.pause();
    this.seek(position);
    this.restSoon();
  }

  act(name, held = false) {
    if (name in ON_POINTS) return this.actOnPoints(name);
    if (name === "present") return this.presentation.toggle();
    if (name === "place") return this.data.start && !this.drawing.on ? this.placing.toggle() : false;
    if (name === "draw") return this.drawing.toggle();
    if (name in PANS) return this.figure.pan(...PANS[name]);
    const turn = name === "next" ? name : turnOf(name, this.goal, this.scene.stops, this.data);
    if (turn) return held || this.turn(turn); // a key that is held down stops at the end
    this.left = false;
    if (name === "play") return this.playing ? (this.pause(), this.rest()) : void this.play();
    const from = this.goal; // a second step goes on from where the first is bound for
    const stop = { first: 0, back: Math.ceil(from) - 1, forward: Math.floor(from) + 1, last: this.scene.stops }[name];
    this.pause();
    this.goTo(stop);
    this.restSoon();
  }

  // A film without a hand steps by the keys that would take it to another point.
  actOnPoints(name) {
    if (this.chosen.hands.length || !ON_POINTS[name]) return this.chosen.act(name);
    return this.act(ON_POINTS[name]);
  }

  // Goes on to the next link, or back to the one before.
  turn(where) {
    this.pause();
    this.leave();
    this.setTriggerValue("turn", where);
  }

  // --- What the server hears ---

  restSoon() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST);
  }

  // The reader has followed a link: what the server heard of this film now would call the old page back. Until a figure
  // arrives, or a hand shows that the reader is still here.
  leave() {
    clearTimeout(this.resting);
    this.left = true;
    this.written.clear();
  }

  // The address follows the film while it plays, so that a reload finds it there; the server hears of it at rest.
  follow() {
    const now = performance.now();
    if (this.left || now - this.followed < FOLLOWS) return;
    this.followed = now;
    this.written.add(this.iteration);
    this.writeAddress();
  }

  writeAddress() {
    const { setting, home } = this.data;
    if (!setting) return; // a film that plays by itself has no address
    history.replaceState(history.state, "", addressAt(location, setting, this.iteration, home));
  }

  rest() {
    if (this.left) return;
    if (this.chosen.pinned) this.chosen.tell();
    const stop = Math.round(this.goal);
    if (stop !== this.goal) this.goTo(stop);
    this.telling.rest(stop);
    this.writeAddress();
    this.setStateValue("rest", [this.iteration, ++rests, this.data.run]);
  }

  click({ plane, x, y }) {
    const { clickable, spots } = this.data;
    const points = this.stage.layer(plane, "points");
    const n = clickable && points ? points.nearest(x, y) : -1;
    if (n >= 0) this.setTriggerValue("point", n);
    if (spots) this.setTriggerValue("spot", points.inData(x, y));
    if (!clickable && !spots) this.pin(plane, this.stage.at(plane, x, y) ?? {});
  }

  pin(plane, { point }) {
    if (this.stage.layer(plane, "hand") && point !== undefined) this.chosen.pin({ cloud: this.scene.planes[plane].cloud, n: point });
  }

  // --- Under the pointer ---

  point(event) {
    this.pointer = event;
    const place = event && !event.buttons ? this.figure.placeUnder(event) : null;
    this.said = place && this.stage?.at(place.plane, place.x, place.y);
    this.chosen.hover(this.scene?.planes[place?.plane], this.said?.point);
    this.figure.say(place?.plane, this.said?.text && this.said);
  }

  download(format) {
    return this.figure.download(this.stage.standing(), format);
  }
}

function box(name) {
  const node = document.createElement("div");
  node.className = name;
  return node;
}
