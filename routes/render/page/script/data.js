// The page's data: points of all ways, decoded when they are first needed, and the sums over them.
const D = JSON.parse(document.getElementById("routes-data").textContent);
const W = D.words;
const EARTH_M = 6371008.8;
const RAD = Math.PI / 180;
const CODE = {};
D.characters.split("").forEach((character, value) => { CODE[character] = value; });

// Text of the catalogue with its gaps filled.
function say(name, ...parts) {
  let i = 0;
  return W[name].replace(/\{\}/g, () => parts[i++]);
}

// Columns of whole numbers; what routes.render.coding wrote.
function decode(text, columns) {
  const found = [], last = [];
  for (let i = 0; i < columns; i += 1) { found.push([]); last.push(0); }
  let value = 0, shift = 0, column = 0;
  for (let i = 0; i < text.length; i += 1) {
    const digit = CODE[text[i]];
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit < 32) {
      last[column] += value & 1 ? -((value + 1) / 2) : value / 2;
      found[column].push(last[column]);
      column = (column + 1) % columns;
      value = shift = 0;
    }
  }
  return found;
}

const runs = {};
function run(i) {
  if (!runs[i]) { runs[i] = decode(D.runs[i][1], D.runs[i][0]); }
  return runs[i];
}

// Longitudes are turned so that no line crosses the whole map.
let middle = null;
function near(lon) {
  if (middle === null) { middle = lon; }
  return lon - 360 * Math.round((lon - middle) / 360);
}

function apart(lat1, lon1, lat2, lon2) {
  const a = Math.sin(RAD * (lat2 - lat1) / 2), b = Math.sin(RAD * (lon2 - lon1) / 2);
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(a * a + Math.cos(RAD * lat1) * Math.cos(RAD * lat2) * b * b)));
}

// Points of a leg by run: positions, distance along the line as drawn, heights where they are known.
const points = {};
function pointsOf(id) {
  if (!points[id]) {
    points[id] = D.legs[id].runs.map((part) => {
      const [la, lo, el] = run(part[0]);
      const lat = la.map((value) => value / 1e6), lon = lo.map((value) => near(value / 1e6)), along = [0];
      for (let i = 1; i < lat.length; i += 1) {
        along.push(along[i - 1] + apart(lat[i - 1], lon[i - 1], lat[i], lon[i]));
      }
      return { lat, lon, along, h: el && part[2] ? el.map((value) => value / 10) : null, stretches: part[1] };
    });
  }
  return points[id];
}

// One way out of the legs of a profile. Distances are scaled to the length that each leg is said to have.
function wayOf(ids) {
  const way = { x: [], lat: [], lon: [], h: [], spans: [], days: [], length: 0 };
  ids.forEach((id) => {
    const leg = D.legs[id], parts = pointsOf(id);
    const drawn = parts.reduce((sum, part) => sum + part.along[part.along.length - 1], 0);
    const scale = drawn > 0 ? leg.m / drawn : 1, legStart = way.length;
    parts.forEach((part) => {
      const start = way.length, first = way.x.length;
      for (let i = 0; i < part.lat.length; i += 1) {
        way.x.push(start + scale * part.along[i]);
        way.lat.push(part.lat[i]);
        way.lon.push(part.lon[i]);
        way.h.push(part.h ? part.h[i] : NaN);
      }
      way.length = way.x[way.x.length - 1];
      way.spans.push({ id, leg, scale, first, last: way.x.length - 1, start, end: way.length, known: !!part.h });
    });
    // rounding must not move the next leg
    way.length = legStart + leg.m;
    const day = way.days[way.days.length - 1];
    if (day && day.n === leg.d) { day.end = way.length; } else { way.days.push({ n: leg.d, start: legStart, end: way.length }); }
  });
  return way;
}

function spanAt(way, x) {
  return way.spans.find((span) => x <= span.end) || way.spans[way.spans.length - 1];
}

// Index and share within a span.
function placeIn(way, span, x) {
  let low = span.first, high = span.last;
  while (high - low > 1) {
    const half = (low + high) >> 1;
    if (way.x[half] <= x) { low = half; } else { high = half; }
  }
  const size = way.x[high] - way.x[low];
  return [low, high, size > 0 ? Math.min(1, Math.max(0, (x - way.x[low]) / size)) : 0];
}

function between(values, [low, high, share]) { return values[low] + share * (values[high] - values[low]); }

// Position, height, day and gradient at a distance; the gradient over the baseline, or over more.
function at(way, x, over) {
  const span = spanAt(way, x), place = placeIn(way, span, x);
  const half = 0.5 * Math.max(D.baseline_m * span.scale, over || 0);
  const from = Math.max(span.start, x - half), to = Math.min(span.end, x + half);
  const rise = between(way.h, placeIn(way, span, to)) - between(way.h, placeIn(way, span, from));
  return {
    x, span, day: span.leg.d, lat: between(way.lat, place), lon: between(way.lon, place), h: between(way.h, place),
    gradient: to > from ? 100 * rise * span.scale / (to - from) : NaN
  };
}

// Rises and falls between turning points that differ by a threshold: routes.kernel.profile.ascent_descent_m.
function climbs(heights, threshold) {
  let up = 0, down = 0, last = heights[0], low = last, high = last, direction = 0;
  function settle(turn) {
    if (turn > last) { up += turn - last; } else { down += last - turn; }
    last = turn;
  }
  heights.forEach((value) => {
    if (direction >= 0 && high - value >= threshold && high > value) {
      settle(high);
      direction = -1;
      low = value;
    } else if (direction <= 0 && value - low >= threshold && value > low) {
      settle(low);
      direction = 1;
      high = value;
    }
    if (direction >= 0 && value > high) { high = value; }
    if (direction <= 0 && value < low) { low = value; }
  });
  if (direction) { settle(direction > 0 ? high : low); }
  settle(heights[heights.length - 1]);
  return [up, down];
}

// Length, ascent and descent (P10, value, P90 each) from one distance to another.
function stretch(way, from, to) {
  const sums = { m: to - from, up: [0, 0, 0], down: [0, 0, 0], known: true, least: false };
  way.spans.forEach((span) => {
    const a = Math.max(from, span.start), b = Math.min(to, span.end);
    if (a >= b) { return; }
    sums.least = sums.least || span.leg.least;
    if (!span.known) {
      sums.known = false;
      return;
    }
    const start = placeIn(way, span, a), end = placeIn(way, span, b), heights = [between(way.h, start)];
    for (let i = start[1]; i <= end[0]; i += 1) { heights.push(way.h[i]); }
    heights.push(between(way.h, end));
    const found = climbs(heights, span.leg.threshold), share = (b - a) / span.leg.m;
    span.leg.up.forEach((more, i) => { sums.up[i] += Math.max(0, found[0] + share * more); });
    span.leg.down.forEach((more, i) => { sums.down[i] += Math.max(0, found[1] + share * more); });
  });
  return sums;
}

// Distance on the way that is nearest to a position, and how far off that is; among some legs if they are named.
function nearest(way, lat, lon, ids) {
  const shrink = Math.cos(RAD * lat);
  let best = { away: Infinity, x: 0 };
  way.spans.forEach((span) => {
    if (ids && ids.indexOf(span.id) < 0) { return; }
    for (let i = span.first; i < span.last; i += 1) {
      const x1 = (way.lon[i] - lon) * shrink, y1 = way.lat[i] - lat;
      const dx = (way.lon[i + 1] - way.lon[i]) * shrink, dy = way.lat[i + 1] - way.lat[i], size = dx * dx + dy * dy;
      const share = size > 0 ? Math.min(1, Math.max(0, -(x1 * dx + y1 * dy) / size)) : 0;
      const away = Math.hypot(x1 + share * dx, y1 + share * dy);
      if (away < best.away) { best = { away, x: way.x[i] + share * (way.x[i + 1] - way.x[i]) }; }
    }
  });
  best.away *= RAD * EARTH_M;
  return best;
}

// Lengths and heights in the reader's units, written as routes.model.units writes them.
const FOOT_M = 0.3048, MILE_M = 1609.344;
function grouped(value, decimals) {
  const text = value.toFixed(decimals).split(".");
  text[0] = text[0].replace(/\B(?=(\d{3})+$)/g, ",");
  return text.join(".");
}
function feet(metres) {
  const value = metres / FOOT_M, text = Math.abs(value) < 30 ? Math.round(value) : 10 * Math.round(value / 10);
  return grouped(text, 0) + " ft";
}
function lengthText(metres) {
  const decimals = metres < 99950 ? 1 : 0;
  if (D.imperial) {
    if (metres < 1000 * FOOT_M) { return feet(metres); }
    return grouped(metres / MILE_M, metres < 999.5 ? 2 : decimals) + " mi";
  }
  return metres < 999.5 ? Math.round(metres) + " m" : grouped(metres / 1000, decimals) + " km";
}
function heightText(metres) { return D.imperial ? feet(metres) : Math.round(metres) + " m"; }
function climbText(name, ends) {
  const text = say(name, heightText(ends[1]));
  return ends[0] === ends[2] ? text : say("interval", text, heightText(ends[0]), heightText(ends[2]));
}
