// What says of a run that has ended, while others go on, that this is its end: `ending` as Python words it.

import { Layer } from "./layer.js";
import { sheet, svg } from "./svg.js";

export class Ended extends Layer {
  constructor(plane, box) {
    super(plane, box);
    this.text = svg("text", { class: "stage-ended", y: 8 }, sheet(box));
    this.text.textContent = plane.ending;
  }

  fit(place) {
    super.fit(place);
    this.text.setAttribute("x", this.width - 8);
  }

  paint({ mixture: { from } }) {
    this.text.style.display = from >= this.plane.T - 1 ? "" : "none";
  }
}
