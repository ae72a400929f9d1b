// Days, places and what lies below them, on folium's map.
const map = window.routesMap;
const box = map.getContainer();
// busy: while everything is drawn anew, nothing is arranged
const state = { variant: null, way: null, gradient: false, busy: false };
const days = {};
const bands = [];
const hooks = [];
let control = null;
// what sets a stroke apart from the ground
const CASING = { color: "#fff", weight: 8, opacity: 0.75, interactive: false };

map.createPane("cursor").style.zIndex = 640;
map.getPane("cursor").style.pointerEvents = "none";
map.createPane("marks").style.zIndex = 560;
map.getPane("marks").style.pointerEvents = "none";

function metresPerPixel(lat) {
  return 2 * Math.PI * EARTH_M * Math.cos(RAD * lat) / (256 * Math.pow(2, map.getZoom()));
}

// A band as wide as nine tenths of the true ways need; it is left out where the stroke itself is as wide.
function widen() {
  bands.forEach((band) => {
    const width = 2 * band.p90 / metresPerPixel(band.lat);
    band.line.setStyle({ weight: Math.min(width, 400), opacity: width > 8 ? 0.16 : 0 });
  });
}

function classOf(gradient) {
  const steep = Math.abs(gradient);
  let i = 0;
  while (i < D.edges.length && steep >= D.edges[i]) { i += 1; }
  return i;
}

// Pieces of a part of a leg by class of gradient, as positions.
function byGradient(id, part, from, to, scale) {
  const found = D.gradient_colours.map(() => []);
  const half = 0.5 * D.baseline_m;
  let low = 0, high = 0, before = -1;
  for (let i = from; i < to; i += 1) {
    const middleOf = 0.5 * (part.along[i] + part.along[i + 1]);
    while (low < i && part.along[low + 1] <= middleOf - half) { low += 1; }
    while (high < part.along.length - 1 && part.along[high] < middleOf + half) { high += 1; }
    const group = classOf(100 * (part.h[high] - part.h[low]) / (part.along[high] - part.along[low]));
    if (group !== before) { found[group].push([[part.lat[i], part.lon[i]]]); }
    found[group][found[group].length - 1].push([part.lat[i + 1], part.lon[i + 1]]);
    before = group;
  }
  return found;
}

function drawLeg(id, layer) {
  const leg = D.legs[id];
  pointsOf(id).forEach((part) => {
    part.stretches.forEach(([from, to, width, dash, p90]) => {
      const positions = [];
      for (let i = from; i <= to; i += 1) { positions.push(L.latLng(part.lat[i], part.lon[i])); }
      if (p90) {
        const band = L.polyline(positions, { color: leg.colour, opacity: 0, interactive: false, smoothFactor: 2 });
        band.addTo(layer);
        bands.push({ line: band, p90, lat: part.lat[from] });
      }
      if (leg.foot) { L.polyline(positions, CASING).addTo(layer); }
      const isColoured = state.gradient && leg.foot && part.h;
      const line = L.polyline(positions, {
        color: leg.colour, weight: isColoured ? 12 : width, opacity: isColoured ? 0 : 1, dashArray: dash || null
      });
      line.bindPopup(leg.card, { maxWidth: 280 }).bindTooltip(leg.title, { sticky: true }).addTo(layer);
      line.on("click mousemove", (event) => { hooks.forEach((hook) => hook(id, event.latlng)); });
      if (isColoured) {
        byGradient(id, part, from, to).forEach((pieces, i) => {
          if (pieces.length) {
            L.polyline(pieces, {
              color: D.gradient_colours[i], weight: 5, dashArray: dash || null, interactive: false, lineCap: "butt"
            }).addTo(layer);
          }
        });
      }
    });
  });
}

function drawPlace(place, layer) {
  const position = [place.lat, near(place.lon)];
  if (!place.size) {
    L.circleMarker(position, { radius: 3, color: "#222", weight: 1, fillColor: "#fff", fillOpacity: 1 })
      .bindPopup(place.card, { maxWidth: 280 }).addTo(layer);
    return;
  }
  const html = '<svg class="sign ' + place.kind + '" viewBox="0 0 18 18" aria-hidden="true"><circle cx="9" cy="9" r="8.4"/>' +
    '<use href="#sign-' + place.kind + '"/></svg><span class="label" data-kind="' + place.kind + '">' + place.name +
    '</span><span class="unseen"> (' + place.label + ")</span>";
  const icon = L.divIcon({ html, iconSize: [place.size, place.size], className: "place" });
  L.marker(position, { icon, zIndexOffset: -1000 * place.rank }).bindPopup(place.card, { maxWidth: 280 }).addTo(layer);
}

function legsOfDay(day) {
  // transport first, so that it lies below the ways on foot
  return day.legs.slice().sort((a, b) => D.legs[a].foot - D.legs[b].foot);
}

function viewOf(variant) {
  const low = [Infinity, Infinity], high = [-Infinity, -Infinity];
  variant.shown.forEach((id) => pointsOf(id).forEach((part) => [part.lat, part.lon].forEach((values, axis) => {
    values.forEach((value) => {
      if (value < low[axis]) { low[axis] = value; }
      if (value > high[axis]) { high[axis] = value; }
    });
  })));
  return low[0] <= high[0] ? L.latLngBounds(low, high) : L.latLngBounds([[-60, -170], [75, 170]]);
}

// OpenStreetMap's tiles, which nothing asks for until the reader turns them on. Their server refuses pages that send no
// Referer, as those opened from disk: there they are not offered.
map.createPane("online").style.zIndex = 255;
const online = /^https?:$/.test(location.protocol) ? L.tileLayer(D.tiles.url, {
  attribution: D.tiles.attribution, maxZoom: 19, pane: "online", referrerPolicy: "strict-origin"
}) : null;

// All layers of a variant; what the reader has hidden stays hidden.
let hidden = {};
function drawVariant() {
  const variant = state.variant, overlays = {};
  // the control goes first: it would take what is removed for hidden by the reader
  if (control) { control.remove(); }
  Object.keys(days).forEach((name) => {
    days[name].remove();
    delete days[name];
  });
  bands.length = 0;
  const wide = [["relief", window.routesRelief], ["contours", window.routesContours]];
  wide.forEach(([name, layer]) => { if (layer) { overlays[W[name]] = layer; } });
  if (online) { overlays[W.online] = online; }
  function add(name, isShown, fill) {
    const layer = L.featureGroup();
    fill(layer);
    days[name] = overlays[name] = layer;
    if (name in hidden ? !hidden[name] : isShown) { layer.addTo(map); }
  }
  variant.days.forEach((day) => {
    const name = '<span class="swatch" style="background:' + day.colour + '"></span>' + day.name;
    add(name, true, (layer) => { legsOfDay(day).forEach((id) => drawLeg(id, layer)); });
  });
  widen();
  add(W.marks, true, (layer) => { state.marks = layer; });
  add(W.places, true, (layer) => { variant.places.forEach((i) => drawPlace(D.places[i], layer)); });
  const others = D.places.map((_, i) => i).filter((i) => variant.places.indexOf(i) < 0);
  if (others.length) {
    add(W.other_places, false, (layer) => { others.forEach((i) => drawPlace(D.places[i], layer)); });
  }
  control = L.control.layers(null, overlays, { collapsed: true }).addTo(map);
  const toggle = box.querySelector(".leaflet-control-layers-toggle");
  toggle.setAttribute("aria-label", W.layers);
  toggle.title = W.layers;
}
map.on("overlayadd overlayremove", (event) => { hidden[event.name] = event.type === "overlayremove"; });
map.on("zoomend", widen);
// a long card can be scrolled by keyboard
map.on("popupopen", (event) => {
  const popup = event.popup.getElement();
  popup.querySelector(".leaflet-popup-content").tabIndex = 0;
  popup.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", W.close);
});
// Leaflet's own buttons speak English
["in", "out"].forEach((way) => {
  const button = box.querySelector(".leaflet-control-zoom-" + way);
  button.title = W["zoom_" + way];
  button.setAttribute("aria-label", W["zoom_" + way]);
});

// The wheel scrolls the page until the map is used.
map.on("click focus", () => { map.scrollWheelZoom.enable(); });
box.addEventListener("mouseleave", () => { map.scrollWheelZoom.disable(); });
// The first view is kept through a change of size until somebody moves the map.
let touched = false;
["pointerdown", "wheel", "keydown"].forEach((kind) => {
  box.addEventListener(kind, () => { touched = true; }, { passive: true });
});
function fit() {
  if (!touched) { map.fitBounds(viewOf(state.variant), { padding: [28, 28], maxZoom: 15, animate: false }); }
}
map.on("resize", fit);
