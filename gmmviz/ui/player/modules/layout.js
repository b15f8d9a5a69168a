// Where planes and curves stand in the figure at a size, as Plotly's layout: pure functions.
// The figure's `meta`: `planes` are axes (["", "2"]: xaxis, yaxis and xaxis2, yaxis2), `side` those of curves, which
// stand in a column beside the planes, under what the page says there; on a narrow screen all stand one above the other.

export const NARROW = 640; // px of width below which they do
const COLUMN = { share: 0.21, least: 220, most: 420 }; // of the width
const FONT = 12; // px, of axes' labels, where they do not grow
const PRESENTED = 20; // px, of all labels in the presentation mode
const GROWS = { from: 850, most: 1.6 }; // px, the side of a square as large as the figure from which on labels grow
// px that labels take where they do not grow: of axes, over planes and curves, between planes.
const TICKS = { y: 48, x: 26, heading: 26, name: 20, between: 14 };
const MARGIN = { l: 44, r: 12, t: 5, b: TICKS.x };
const BAR = 92; // px, a colour bar with its title
const TALLEST = 1.15; // of a plane's width
const MANY = 2; // planes that are seen at once on a narrow screen; of more, each is
const LEAST = { ofOne: 180, ofMany: 230 }; // px, a plane's height on a narrow screen
const CURVE = 128; // px, a curve's height on a narrow screen
const PRESENTED_CURVE = 80; // px, in the presentation mode

// The ranges that show a box of the plane, one unit as long across as up.
export function fitted([[left, right], [low, high]], width, height) {
  const unit = Math.max((right - left) / width, (high - low) / height);
  const around = (a, b, pixels) => [(a + b - unit * pixels) / 2, (a + b + unit * pixels) / 2];
  return [around(left, right, width), around(low, high, height)];
}

// By how much labels are larger in a figure of this size, so that they are read from the last row. `unit`: how large
// things are in the presentation mode, else 0.
export function grown({ width, height, unit = 0 }) {
  if (unit) return (unit * PRESENTED) / FONT;
  return width < NARROW ? 1 : Math.min(GROWS.most, Math.max(1, Math.sqrt(width * height) / GROWS.from));
}

const times = (sizes, factor) => Object.fromEntries(Object.entries(sizes).map(([name, px]) => [name, factor * px]));

// The width of the column of curves in a figure that is so wide.
export function columnOf(width) {
  return Math.round(Math.min(COLUMN.most, Math.max(COLUMN.least, COLUMN.share * width)));
}

// The height that a figure so wide takes at most, so that no plane is a tower; a grid of many may be as high as wide.
export function mostHeight({ planes, side }, width) {
  return TALLEST * ((width - (side.length ? columnOf(width) : 0)) / (planes.length > MANY ? 1 : planes.length));
}

// Into how many columns so many equal planes go, so that their shorter sides are as long as can be.
export function columnsOf(n, width, height, { between, heading }) {
  const shorter = (columns) => {
    const rows = Math.ceil(n / columns);
    return Math.min((width - (columns - 1) * between) / columns, (height - (rows - 1) * heading) / rows);
  };
  const all = Array.from({ length: n }, (_, i) => i + 1);
  return all.reduce((best, columns) => (shorter(columns) > shorter(best) ? columns : best), 1);
}

// The height of a narrow figure, and where its controls go, `bar` px high, between planes and curves:
// {height, plane: the height of each plane, controls}. `room`: px from the figure's top to the screen's bottom.
export function narrowHeights({ planes, side }, { width, room, bar, heading }) {
  const over = heading ? TICKS.heading : MARGIN.t;
  const many = planes.length > 1; // then the controls go along at the screen's edge
  const each = (room - bar) / (planes.length > MANY ? 1 : planes.length) - over - TICKS.x;
  const plane = Math.round(Math.max(many ? LEAST.ofMany : LEAST.ofOne, Math.min(0.95 * width, each)));
  const controls = planes.length * (over + plane + TICKS.x);
  if (many) bar = 0;
  return { plane, controls, many, height: controls + bar + side.length * (TICKS.name + CURVE + TICKS.x) };
}

// `shown`: {width, height, zoom, run, spots; board: whether one draws in it; aside: px that the page takes over the curves; bar: of the controls; room}.
export function arranged(given, traces, shown, margins = {}) {
  const { width, height, zoom, run, spots } = shown;
  const layout = structuredClone(given);
  const { planes, side, equal, extent } = layout.meta;
  const narrow = width < NARROW;
  const text = grown(shown);
  const ticks = times(TICKS, text);
  const scale = traces.find((trace) => trace.marker?.showscale)?.marker;
  const heading = planes.length > 1;
  const margin = { ...MARGIN, l: text * MARGIN.l, b: ticks.x, t: heading ? ticks.heading : MARGIN.t, ...margins };
  const inner = { width: width - margin.l - margin.r, height: height - margin.t - margin.b };
  const place = !narrow ? placeWide : shown.unit ? placePresented : placeNarrow;
  const places = place({ planes, side, scale, heading }, inner, { ...shown, margin, ticks });
  for (const [axes, { x, y }] of Object.entries(places)) {
    layout[`xaxis${axes}`].domain = share(x, inner.width);
    layout[`yaxis${axes}`].domain = share(y, inner.height).map((part) => 1 - part).reverse();
  }
  if (scale) {
    const { x, y } = places[planes[0]];
    const [low, high] = layout.yaxis.domain;
    const bar = { ...scale.colorbar, x: (x[1] + 6) / inner.width, y: (low + high) / 2, len: high - low };
    traces[traces.findIndex(({ marker }) => marker === scale)].marker = { ...scale, colorbar: bar };
  }
  const box = zoom ?? extent;
  for (const axes of [...planes, ...side]) {
    const [x, y] = [layout[`xaxis${axes}`], layout[`yaxis${axes}`]];
    x.uirevision = y.uirevision = run;
    if (shown.board) y.automargin = "left"; // no number at an axis' end moves the plane in which somebody draws
    if (!planes.includes(axes)) continue;
    delete y.scaleanchor; // it would make Plotly.react forget the zoom
    delete x.uirevision, delete y.uirevision; // `zoom` keeps theirs
    const [across, up] = [places[axes].x, places[axes].y].map(([start, end]) => end - start);
    [x.range, y.range] = equal ? fitted(box, across, up) : box;
    const { left, under } = places[axes].names; // what is the same for a row or a column stands at its edge
    [x.showticklabels, y.showticklabels] = [under, left];
  }
  if (narrow && shown.unit) for (const axes of side) layout[`yaxis${axes}`].nticks = 3; // more have no room
  const own = (layout.annotations ?? []).map(({ font, ...rest }) => ({ ...rest, font: font && times(font, text) }));
  layout.annotations = [...own, ...namesInside(layout, planes), ...namesOver(layout, side, shown.unit ? 1.6 * ticks.y : ticks.y)];
  layout.font = { ...layout.font, size: text * FONT };
  const clear = { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" };
  const hands = { clickanywhere: spots, dragmode: narrow ? false : "pan" };
  return { ...layout, ...clear, ...hands, width, height, margin };
}

const share = ([start, end], whole) => [start / whole, end / whole].map((part) => Math.min(1, Math.max(0, part)));

// -> {axes: {x: [left, right], y: [top, bottom]}}, in px inside the margins.
function placeWide({ planes, side, scale }, { width, height }, { margin, aside, ticks }) {
  const column = side.length ? columnOf(width + margin.l + margin.r) - margin.r : 0;
  const right = width - column - (side.length ? MARGIN.r : 0) - (scale ? BAR : 0);
  const columns = columnsOf(planes.length, right, height, ticks);
  const rows = Math.ceil(planes.length / columns);
  const wide = (right - (columns - 1) * ticks.between) / columns;
  const tall = (height - (rows - 1) * ticks.heading) / rows;
  const places = planes.map((axes, i) => {
    const left = (i % columns) * (wide + ticks.between);
    const top = Math.floor(i / columns) * (tall + ticks.heading);
    const names = { left: i % columns === 0, under: i + columns >= planes.length };
    return [axes, { x: [left, left + wide], y: [top, top + tall], names }];
  });
  const top = Math.min(Math.max(0, aside - margin.t + MARGIN.t), 0.62 * height);
  const high = (height - top + ticks.x) / side.length;
  const curves = side.map((axes, i) => {
    const start = top + i * high;
    return [axes, { x: [width - column + ticks.y, width], y: [start + ticks.name, start + high - ticks.x] }];
  });
  return Object.fromEntries([...places, ...curves]);
}

function placeNarrow({ planes, side, scale, heading }, { width, height }, { margin, bar, room }) {
  const own = { width: width + margin.l + margin.r, room, bar, heading };
  const { plane, controls, many } = narrowHeights({ planes, side }, own);
  const over = heading ? TICKS.heading : MARGIN.t;
  const right = width - (scale ? BAR - margin.r : 0);
  const places = planes.map((axes, i) => {
    const top = i * (over + plane + TICKS.x);
    return [axes, { x: [0, right], y: [top, top + plane], names: { left: true, under: true } }];
  });
  const first = controls + (many ? 0 : bar) - margin.t;
  const curves = side.map((axes, i) => {
    const top = first + i * (TICKS.name + CURVE + TICKS.x) + TICKS.name;
    return [axes, { x: [TICKS.y - margin.l, width], y: [top, Math.min(height, top + CURVE)] }];
  });
  return Object.fromEntries([...places, ...curves]);
}

// On a narrow screen that shows nothing else: the planes as large as can be, and the curves under them.
function placePresented({ planes, side, scale }, { width, height }, { margin, ticks }) {
  const each = ticks.name + PRESENTED_CURVE + ticks.x;
  const room = { width, height: height - side.length * each };
  const places = placeWide({ planes, side: [], scale }, room, { margin, aside: 0, ticks });
  const curves = side.map((axes, i) => {
    const top = room.height + ticks.x + i * each + ticks.name;
    return [axes, { x: [ticks.y - margin.l, width], y: [top, Math.min(height, top + PRESENTED_CURVE)] }];
  });
  return { ...places, ...Object.fromEntries(curves) };
}

// A plane's axes are named inside it, at their ends, where the names take no room.
function namesInside(layout, planes) {
  const named = planes.length > MANY ? planes.slice(0, 1) : planes;
  for (const axes of planes.slice(named.length)) delete layout[`xaxis${axes}`].title, delete layout[`yaxis${axes}`].title;
  return named.flatMap((axes) => {
    const [x, y] = [layout[`xaxis${axes}`], layout[`yaxis${axes}`]];
    const across = { xref: `x${axes} domain`, yref: `y${axes} domain`, showarrow: false, name: "axis" };
    const names = [
      { ...across, text: x.title?.text, x: 1, y: 0, xanchor: "right", yanchor: "bottom" },
      { ...across, text: y.title?.text, x: 0, y: 1, xanchor: "left", yanchor: "top", xshift: 6 },
    ];
    delete x.title, delete y.title;
    return names.filter(({ text }) => text);
  });
}

// A curve is named over its plot, where its axes' titles would take room beside and below it.
function namesOver(layout, side, room) {
  return side.map((axes) => {
    const [x, y] = [layout[`xaxis${axes}`], layout[`yaxis${axes}`]];
    const text = [y.title?.text, x.title?.text?.toLowerCase()].filter(Boolean).join(" by ");
    delete x.title, delete y.title;
    const place = { xref: `x${axes} domain`, yref: `y${axes} domain`, x: 0, y: 1, xanchor: "left", yanchor: "bottom" };
    return { ...place, text, showarrow: false, xshift: -room / 2, yshift: room / 12, name: "axis" }; // over the uppermost tick
  });
}
