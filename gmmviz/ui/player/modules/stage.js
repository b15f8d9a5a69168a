// The stage: what moves in a film's planes, over Plotly's grid and under its hover. It paints the picture at any real
// position of the film as a pure function of that position; each plane's layers do, from the undermost up.

import { Density, Regions, Soft, Ties } from "./areas.js";
import { Draws, Points, Spot } from "./cloud.js";
import { Ended } from "./ended.js";
import { Gaussians, Means } from "./gaussians.js";
import { Hand } from "./hand.js";
import { Lens } from "./lens.js";
import { Curves, Marked } from "./line.js";
import { within } from "./scene.js";
import { Spots } from "./spots.js";
import { sheet, svg } from "./svg.js";
import { moment } from "./timeline.js";

const LAYERS = {
  points: Points, draws: Draws, spot: Spot, spots: Spots, gaussians: Gaussians, means: Means, regions: Regions, ties: Ties,
  soft: Soft, density: Density, curves: Curves, marked: Marked, lens: Lens, ended: Ended, hand: Hand,
};

const PRESENTED = 1.6; // so that a disc is 32 px across, and its number 20 px high

// By how much marks are larger in a plane of this size; in the presentation mode as large in a small one.
export function sizeOf({ width, height }, unit = 0) {
  return unit ? PRESENTED * unit : Math.min(1.8, Math.max(0.85, Math.sqrt(width * height) / 560));
}

export class Stage {
  // `planes` are boxes over the planes, cut off at their edges, and `curves` over the curves, one for each of the scene's.
  constructor(scene, planes, curves) {
    this.scene = scene;
    this.layers = scene.planes.map((plane, i) => {
      planes[i].replaceChildren();
      return plane.layers.map((name) => new LAYERS[name](plane, planes[i]));
    });
    this.boxes = planes;
    this.markers = curves.map((box) => {
      box.replaceChildren();
      return svg("circle", { class: "stage-marker" }, sheet(box));
    });
  }

  // Where things stand in pixels: of each plane {width, height, toPixels}, of each curve toPixels.
  // `unit`: how large things are in the presentation mode; 0: on an ordinary page.
  fit(planes, curvesToPixels, unit = 0) {
    this.curvesToPixels = curvesToPixels;
    planes.forEach((place, i) => {
      const size = sizeOf(place, unit);
      this.boxes[i].style.setProperty("--mark", size);
      for (const layer of this.layers[i]) layer.fit({ ...place, size, unit });
      if (i === 0) for (const marker of this.markers) marker.setAttribute("r", 5.5 * size);
    });
  }

  // While planes are dragged or zoomed: shapes follow exactly, pictures as they are until `fit`.
  drag(toPixels) {
    toPixels.forEach((to, i) => this.layers[i].forEach((layer) => layer.drag(to)));
  }

  // The film begins with another mixture.
  renew() {
    for (const layers of this.layers) for (const layer of layers) layer.renew();
  }

  // Paints the film at a real position.
  paint(position) {
    if (!this.curvesToPixels) return; // not fitted yet
    const now = moment(position, this.scene.mode);
    this.scene.planes.forEach((plane, i) => {
      const here = within(plane.T, now);
      for (const layer of this.layers[i]) layer.paint(here);
    });
    this.scene.curves.forEach((curve, i) => this.paintMarker(this.markers[i], curve, this.curvesToPixels[i], now.mixture));
  }

  // Puts a marker on its curve, between two iterations on the line that is drawn there.
  paintMarker(marker, { values }, { x0, sx, y0, sy }, { from, to, share }) {
    const { iterations } = this.scene;
    const shown = iterations[from] + share * (iterations[to] - iterations[from]);
    const x = Math.min(shown, values.length - 1); // where this curve's run has ended, it stays
    const [low, high] = [Math.floor(x), Math.min(Math.floor(x) + 1, values.length - 1)];
    const y = values[low] + (x - low) * (values[high] - values[low]);
    marker.setAttribute("cx", (x0 + sx * x).toFixed(2));
    marker.setAttribute("cy", (y0 + sy * y).toFixed(2));
  }

  // What is under the hand at a place of a plane, in px: what its uppermost layer there says, or null.
  at(plane, x, y) {
    for (const layer of this.layers[plane].toReversed()) {
      const told = layer.at(x, y);
      if (told) return told;
    }
    return null;
  }

  // A plane's layer by its name.
  layer(plane, name) {
    return this.layers[plane][this.scene.planes[plane].layers.indexOf(name)];
  }

  // What is painted, as Plotly's traces and pictures, on its planes' axes.
  standing() {
    const found = { traces: [], images: [] };
    this.scene.planes.forEach(({ axes }, i) => {
      for (const layer of this.layers[i]) {
        const { traces = [], images = [] } = layer.standing();
        const on = { type: "scatter", showlegend: false, xaxis: `x${axes}`, yaxis: `y${axes}` };
        found.traces.push(...traces.map((trace) => ({ ...trace, ...on })));
        found.images.push(...images.map((image) => ({ ...image, xref: `x${axes}`, yref: `y${axes}` })));
      }
    });
    this.scene.curves.forEach(({ axes, log }, i) => {
      const { x0, sx, y0, sy } = this.curvesToPixels[i];
      const [cx, cy] = ["cx", "cy"].map((name) => Number(this.markers[i].getAttribute(name)));
      const y = (cy - y0) / sy;
      const marker = { size: 12, color: getComputedStyle(this.markers[i]).fill, line: { width: 2, color: "#ffffff" } };
      const place = { x: [(cx - x0) / sx], y: [log ? 10 ** y : y], xaxis: `x${axes}`, yaxis: `y${axes}` };
      found.traces.push({ type: "scatter", mode: "markers", showlegend: false, marker, ...place });
    });
    return found;
  }
}
