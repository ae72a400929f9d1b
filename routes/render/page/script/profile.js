// The profile and the map, linked both ways: a place on the way, and a stretch of it.
const SVG = "http://www.w3.org/2000/svg";
const drawings = [];
const readout = document.getElementById("readout"), selected = document.getElementById("selected");
const selectButton = document.getElementById("select"), clearButton = document.getElementById("clear");
const gradientButton = document.getElementById("gradient"), key = document.getElementById("gradient-key");
const cursor = { x: null, from: null, to: null, anchor: null };
const spot = L.circleMarker([0, 0], {
  pane: "cursor", radius: 8, color: "#fff", weight: 3, fillColor: "#1b1f23", fillOpacity: 1, interactive: false
});
map.createPane("chosen").style.zIndex = 395;
const chosen = L.polyline([], { pane: "chosen", color: "#1b1f23", weight: 16, opacity: 0.55, interactive: false });

function place(text) {
  const here = at(state.way, cursor.x), parts = [say("day", here.day)];
  parts.push((here.span.leg.least ? say("at_least", lengthText(cursor.x)) : lengthText(cursor.x)));
  parts.push(isNaN(here.h) ? W.no_height : heightText(here.h));
  if (!isNaN(here.gradient)) {
    const gradient = Math.round(here.gradient);
    parts.push(say("gradient", (gradient > 0 ? "+" : gradient < 0 ? "\u2212" : "") + Math.abs(gradient)));
  }
  return parts.join(" · ");
}

function stretchText(from, to) {
  const sums = stretch(state.way, from, to);
  const length = sums.least ? say("at_least", lengthText(sums.m)) : lengthText(sums.m);
  const climb = sums.known ? [climbText("ascent", sums.up), climbText("descent", sums.down)] : [W.no_climb];
  return say("stretch", lengthText(from), lengthText(to), [length].concat(climb).join(" · "));
}

// Show cursor and stretch on every drawing of the variant and on the map.
function show(isFollowed) {
  const way = state.way;
  const here = cursor.x === null ? null : at(way, cursor.x);
  drawings.forEach((drawing) => {
    if (drawing.variants.indexOf(state.variant) < 0) { return; }
    const s = drawing.scale, x = (along) => s.left + along / way.length * (s.right - s.left);
    drawing.mark.style.display = here ? "" : "none";
    drawing.area.style.display = cursor.from === null ? "none" : "";
    if (here) {
      const y = isNaN(here.h) ? s.bottom : s.bottom - (here.h - s.low) / (s.high - s.low) * (s.bottom - s.top);
      drawing.line.setAttribute("d", "M" + x(cursor.x).toFixed(1) + " " + s.top + "V" + s.bottom);
      drawing.dot.setAttribute("cx", x(cursor.x).toFixed(1));
      drawing.dot.setAttribute("cy", y.toFixed(1));
      drawing.dot.style.display = isNaN(here.h) ? "none" : "";
    }
    if (cursor.from !== null) {
      drawing.area.setAttribute("x", x(cursor.from).toFixed(1));
      drawing.area.setAttribute("width", (x(cursor.to) - x(cursor.from)).toFixed(1));
    }
    drawing.slider.setAttribute("aria-valuenow", Math.round(cursor.x || 0));
    drawing.slider.setAttribute("aria-valuetext", here ? place() : W.cursor);
  });
  readout.textContent = here ? place() : W[window.matchMedia("(pointer: coarse)").matches ? "hint_touch" : "hint"];
  selected.textContent = cursor.from === null ? "" : stretchText(cursor.from, cursor.to);
  clearButton.hidden = cursor.from === null;
  if (here) {
    spot.setLatLng([here.lat, here.lon]).addTo(map);
    if (isFollowed) { map.panInside([here.lat, here.lon], { padding: [40, 40], animate: false }); }
  } else {
    spot.remove();
  }
  const lines = [];
  if (cursor.from !== null) {
    way.spans.forEach((span) => {
      const a = Math.max(cursor.from, span.start), b = Math.min(cursor.to, span.end);
      if (a >= b) { return; }
      const start = placeIn(way, span, a), end = placeIn(way, span, b);
      const line = [[between(way.lat, start), between(way.lon, start)]];
      for (let i = start[1]; i <= end[0]; i += 1) { line.push([way.lat[i], way.lon[i]]); }
      line.push([between(way.lat, end), between(way.lon, end)]);
      lines.push(line);
    });
  }
  chosen.setLatLngs(lines).addTo(map);
}

function clamp(x) { return Math.min(state.way.length, Math.max(0, x)); }
function go(x, isFollowed) {
  cursor.x = clamp(x);
  show(isFollowed);
}
function select(a, b) {
  cursor.from = clamp(Math.min(a, b));
  cursor.to = clamp(Math.max(a, b));
}
function clear() {
  cursor.from = cursor.to = cursor.anchor = null;
  setSelecting(false);
  show(false);
}
function setSelecting(isOn) { selectButton.setAttribute("aria-pressed", String(isOn)); }
function isSelecting() { return selectButton.getAttribute("aria-pressed") === "true"; }

function element(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  Object.keys(attributes).forEach((key_) => { made.setAttribute(key_, attributes[key_]); });
  parent.appendChild(made);
  return made;
}

function prepare(holder, variants) {
  const svg = holder.querySelector("svg"), slider = document.createElement("div");
  const [left, right, top, bottom, width, height, low, high] = svg.dataset.scale.split(" ").map(Number);
  const drawing = { variants, slider, svg, scale: { left, right, top, bottom, low, high }, colours: null };
  drawing.area = element("rect", { y: top, height: bottom - top, class: "chosen" }, svg);
  drawing.mark = element("g", { class: "cursor" }, svg);
  drawing.line = element("path", {}, drawing.mark);
  drawing.dot = element("circle", { r: 5 }, drawing.mark);
  slider.className = "slider";
  slider.tabIndex = 0;
  const whole = wayOf(variants[0].shown).length;
  const attributes = {
    role: "slider", "aria-label": W.cursor, "aria-orientation": "horizontal", "aria-valuemin": 0,
    "aria-valuemax": Math.round(whole)
  };
  Object.keys(attributes).forEach((name) => { slider.setAttribute(name, attributes[name]); });
  slider.style.left = 100 * left / width + "%";
  slider.style.width = 100 * (right - left) / width + "%";
  slider.style.top = 100 * top / height + "%";
  slider.style.height = 100 * (bottom - top + 44) / height + "%";
  holder.appendChild(slider);
  drawings.push(drawing);

  const fingers = {};
  function along(event) {
    const frame = slider.getBoundingClientRect();
    return clamp((event.clientX - frame.left) / frame.width * state.way.length);
  }
  slider.addEventListener("pointerdown", (event) => {
    if (event.button > 0) { return; }
    slider.setPointerCapture(event.pointerId);
    fingers[event.pointerId] = along(event);
    cursor.anchor = event.shiftKey || isSelecting() ? fingers[event.pointerId] : null;
    go(fingers[event.pointerId], false);
  });
  slider.addEventListener("pointermove", (event) => {
    const isDown = event.pointerId in fingers;
    if (!isDown && event.pointerType !== "mouse") { return; }
    const x = along(event);
    if (isDown) {
      fingers[event.pointerId] = x;
      const both = Object.keys(fingers).map((id) => fingers[id]);
      if (both.length > 1) { select(both[0], both[1]); } else if (cursor.anchor !== null) { select(cursor.anchor, x); }
    }
    go(x, false);
  });
  ["pointerup", "pointercancel"].forEach((kind) => {
    slider.addEventListener(kind, (event) => {
      delete fingers[event.pointerId];
      if (cursor.anchor !== null) {
        cursor.anchor = null;
        setSelecting(false);
      }
    });
  });
  slider.addEventListener("keydown", (event) => {
    const step = Math.max(10, state.way.length / 200), x = cursor.x === null ? 0 : cursor.x;
    const moves = {
      ArrowRight: x + step, ArrowUp: x + step, ArrowLeft: x - step, ArrowDown: x - step, PageUp: x + 10 * step,
      PageDown: x - 10 * step, Home: 0, End: state.way.length
    };
    if (event.key === "Escape") {
      clear();
    } else if (event.key in moves) {
      event.preventDefault();
      if (event.shiftKey || isSelecting()) {
        if (cursor.anchor === null) { cursor.anchor = x; }
        select(cursor.anchor, moves[event.key]);
      } else {
        cursor.anchor = null;
      }
      go(moves[event.key], true);
    }
  });
  slider.addEventListener("focus", () => { if (cursor.x === null) { go(0, false); } });
}

// Below the curve a column a pixel, in the colour of the gradient over a few.
const COLUMN_PX = 5;
function colourDrawing(drawing) {
  if (drawing.colours) {
    drawing.colours.remove();
    drawing.colours = null;
  }
  drawing.svg.classList.toggle("night", !state.gradient);
  if (!state.gradient || drawing.variants.indexOf(state.variant) < 0) { return; }
  const s = drawing.scale, way = state.way, paths = D.gradient_colours.map(() => "");
  const y = (height) => (s.bottom - (height - s.low) / (s.high - s.low) * (s.bottom - s.top)).toFixed(1);
  const along = (x) => (x - s.left) / (s.right - s.left) * way.length;
  for (let x = s.left; x < s.right; x += 1) {
    const from = at(way, along(x)), to = at(way, Math.min(from.span.end, along(x + 1)));
    const gradient = at(way, along(x + 0.5), along(2 * COLUMN_PX) - along(COLUMN_PX)).gradient;
    if (!isNaN(from.h) && !isNaN(to.h) && !isNaN(gradient)) {
      paths[classOf(gradient)] += "M" + x + " " + s.bottom + "V" + y(from.h) + "L" + (x + 1.2) + " " + y(to.h) + "V" + s.bottom + "z";
    }
  }
  drawing.colours = document.createElementNS(SVG, "g");
  drawing.svg.insertBefore(drawing.colours, drawing.area);
  paths.forEach((d, i) => { if (d) { element("path", { d, fill: D.gradient_colours[i] }, drawing.colours); } });
}

function setGradient(isOn) {
  state.gradient = isOn;
  gradientButton.setAttribute("aria-pressed", String(isOn));
  key.hidden = !isOn;
  drawings.forEach(colourDrawing);
  drawVariant();
  drawMarks();
  thin();
}

key.textContent = say("gradient_key", lengthText(D.baseline_m)) + " ";
D.gradient_colours.forEach((colour, i) => {
  const swatch = document.createElement("span"), text = document.createElement("span");
  swatch.className = "swatch";
  swatch.style.background = colour;
  text.textContent = i < D.edges.length ? say("gradient_to", D.edges[i]) : say("gradient_above", D.edges[i - 1]);
  text.insertBefore(swatch, text.firstChild);
  key.appendChild(text);
});
selectButton.addEventListener("click", () => {
  const isOn = !isSelecting();
  setSelecting(isOn);
  cursor.anchor = null;
  if (isOn) { readout.textContent = W.selecting; }
});
clearButton.addEventListener("click", clear);
gradientButton.addEventListener("click", () => { setGradient(!state.gradient); });
// the way on the map moves the cursor of the profile
hooks.push((id, position) => {
  if (state.variant.shown.indexOf(id) >= 0) { go(nearest(state.way, position.lat, position.lng, [id]).x, false); }
});
