// What every layer of a plane has: a place in the picture, and what is seen there. A layer paints a moment of the film
// (timeline.js) into its plane's box, and knows nothing of time, buttons or Plotly.

export class Layer {
  // `plane`: its model, from scene.js; `box`: the element over the plane, to which the layer adds its own.
  constructor(plane, box) {
    Object.assign(this, { plane, box });
  }

  // The plane's place: {width, height, toPixels, size}, size: by how much marks grow with the picture.
  fit(place) {
    Object.assign(this, place);
  }

  // While the plane is dragged or zoomed; `fit` comes when it rests.
  drag(toPixels) {
    this.toPixels = toPixels;
  }

  paint(_moment) {}

  // What was painted before no longer holds: the film begins with another mixture.
  renew() {}

  // What is under the hand at a place in px: {text, colour, x, y}, all in px, and of a point its number as well, or
  // that alone, without a text; null: nothing of this layer.
  at(_x, _y) {
    return null;
  }

  // Plotly's traces and pictures of what is painted, for a file: {traces, images}.
  standing() {
    return {};
  }

  inPixels(x, y) {
    const { x0, sx, y0, sy } = this.toPixels;
    return [x0 + sx * x, y0 + sy * y];
  }

  inData(px, py) {
    const { x0, sx, y0, sy } = this.toPixels;
    return [(px - x0) / sx, (py - y0) / sy];
  }
}

// A picture of the plane's own pixels, which a drag stretches until the layer is fitted again.
export class Picture extends Layer {
  constructor(plane, box, kind) {
    super(plane, box);
    this.canvas = document.createElement("canvas");
    this.canvas.className = `stage-${kind}`;
    box.append(this.canvas);
  }

  // Makes the canvas W x H pixels, over the whole plane.
  resize(W, H) {
    Object.assign(this.canvas, { width: W, height: H });
    Object.assign(this.canvas.style, { width: `${this.width}px`, height: `${this.height}px`, transform: "" });
    this.image = new ImageData(W, H);
    this.fitted = this.toPixels;
    this.painted = null;
  }

  // Shows what `fill` writes into the image of {from, to, share}, iterations and how far between, unless it is shown
  // already.
  show({ from, to, share }, fill) {
    const name = from === to ? `${from}` : `${from} ${to} ${share}`;
    if (this.painted === name) return;
    fill();
    this.canvas.getContext("2d").putImageData(this.image, 0, 0);
    this.painted = name;
  }

  renew() {
    this.painted = null;
  }

  drag(toPixels) {
    const [ax, ay] = [toPixels.sx / this.fitted.sx, toPixels.sy / this.fitted.sy];
    const { x0, y0 } = this.fitted;
    this.canvas.style.transformOrigin = "0 0";
    this.canvas.style.transform = `matrix(${ax}, 0, 0, ${ay}, ${toPixels.x0 - ax * x0}, ${toPixels.y0 - ay * y0})`;
    super.drag(toPixels);
  }
}
