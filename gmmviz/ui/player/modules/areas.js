// The layers under the points: hard regions as polygons, soft ones and a density as pictures.

import { belongingTable, scaleTable } from "./colours.js";
import { density, responsibilitiesAt } from "./expectation.js";
import { Layer, Picture } from "./layer.js";
import { densityField, gridOf, highestDensity, polygonPath, regionPolygons, softRegions } from "./regions.js";
import { numeral } from "./numbers.js";
import { DARK, LINE, css, sheet, svg, translucent, where } from "./svg.js";

const COARSE = 4; // px, a side of the pictures' own pixels
const MOST = 45000; // of which there are no more

// The polygons of the spots nearest to each centre, which move with the centres; and the points that are tied.
export class Regions extends Layer {
  constructor(plane, box) {
    super(plane, box);
    const shapes = sheet(box);
    this.areas = plane.palette.slice(0, plane.K).map((colour) => svg("path", { class: "stage-region", fill: css(colour) }, shapes));
  }

  // A little beyond the plane, so that the border of a region that goes on is not drawn at the plane's edge.
  get around() {
    const [[left, top], [right, bottom]] = [this.inData(-9, -9), this.inData(this.width + 9, this.height + 9)];
    return [[left, right], [bottom, top]];
  }

  paint({ mixture: now }) {
    this.polygons = regionPolygons(this.plane.at(now).means, this.around);
    this.areas.forEach((area, k) => area.setAttribute("d", polygonPath(this.polygons[k], this.toPixels)));
  }

  standing() {
    const traces = this.polygons.map((polygon, k) => ({
      mode: "lines", fill: "toself",
      fillcolor: translucent(this.plane.palette[k], getComputedStyle(this.areas[k]).fillOpacity),
      line: { color: LINE, width: 1.5 },
      x: Array.from(polygon).filter((_, i) => i % 2 === 0), y: Array.from(polygon).filter((_, i) => i % 2),
    }));
    return { traces };
  }
}

// Rings around the points that are as far from one centre as from another.
export class Ties extends Layer {
  constructor(plane, box) {
    super(plane, box);
    this.path = svg("path", { class: "stage-ties" }, sheet(box));
  }

  paint({ mixture: { from } }) {
    this.rows = this.plane.tiesAt(from);
    const r = 8 * this.size;
    const diamond = ([x, y]) => `M${x - r} ${y}L${x} ${y - r}L${x + r} ${y}L${x} ${y + r}Z`;
    this.path.setAttribute("d", this.rows.map((n) => diamond(this.inPixels(this.plane.xs[n], this.plane.ys[n]))).join(""));
  }

  standing() {
    const marker = { symbol: "diamond-open", size: 14, color: LINE, line: { width: 3 } };
    const [x, y] = [this.plane.xs, this.plane.ys].map((values) => this.rows.map((n) => values[n]));
    return { traces: [{ mode: "markers", x, y, marker }] };
  }
}

// A picture computed from the mixture of the moment at a grid of spots, which fill the plane whatever its size.
class Field extends Picture {
  fit(place) {
    super.fit(place);
    const side = Math.max(COARSE, Math.sqrt((this.width * this.height) / MOST));
    const [W, H] = [this.width, this.height].map((pixels) => Math.max(1, Math.round(pixels / side)));
    this.resize(W, H);
    const [[left, top], [right, bottom]] = [this.inData(0, 0), this.inData(this.width, this.height)];
    this.grid = gridOf([[left, right], [bottom, top]], W, H);
  }

  paint({ mixture: now }) {
    this.show(now, () => this.fill((this.mixture = this.plane.at(now))));
  }

  standing() {
    const [left, top] = this.inData(0, 0);
    const [right, bottom] = this.inData(this.width, this.height);
    const opacity = Number(getComputedStyle(this.canvas).opacity);
    const place = { x: left, y: top, sizex: right - left, sizey: top - bottom, sizing: "stretch", layer: "below" };
    return { images: [{ source: this.canvas.toDataURL(), opacity, ...place }] };
  }
}

// Each spot in the colour of its most probable component, greyer the less sure.
export class Soft extends Field {
  constructor(plane, box) {
    super(plane, box, "soft");
    this.colours = belongingTable(plane.palette, plane.grey, plane.K);
  }

  fill(mixture) {
    softRegions(mixture, this.grid, this.colours, this.image);
  }

  at(px, py) {
    const spot = Float64Array.from(this.inData(px, py));
    const shares = responsibilitiesAt(spot, this.mixture);
    const order = Array.from(shares.keys()).sort((j, k) => shares[k] - shares[j]).slice(0, 2);
    const whose = order.map((k) => `${Math.round(100 * shares[k])}% component ${this.plane.numberOf(k)}`).join(", ");
    const text = `${whose}<br>density ${numeral(density(spot, this.mixture), 3)}<br>at ${where(...spot)}`;
    return { text, colour: DARK, x: px, y: py };
  }
}

// The density, the brighter the higher; the last colour is that of the densest spot shown.
export class Density extends Field {
  constructor(plane, box) {
    super(plane, box, "density");
    this.scale = scaleTable(plane.scale);
  }

  fill(mixture) {
    densityField(mixture, this.grid, this.scale, highestDensity(mixture, this.grid), this.image);
  }

  at(px, py) {
    const spot = Float64Array.from(this.inData(px, py));
    const text = `density ${numeral(density(spot, this.mixture), 3)}<br>at ${where(...spot)}`;
    return { text, colour: DARK, x: px, y: py };
  }
}
