// Distances along the way and arrows between them, as many as there is room for.
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MARK_PX = 70;
function markIcon(html, name) { return L.divIcon({ html, className: name, iconSize: [0, 0] }); }
function drawMarks() {
  const layer = state.marks, way = state.way;
  if (state.busy) { return; }
  layer.clearLayers();
  if (!map.hasLayer(layer) || !way.x.length) { return; }
  const unit = D.imperial ? MILE_M : 1000, view = map.getBounds().pad(0.1);
  const pixel = metresPerPixel(map.getCenter().lat);
  const step = STEPS.find((size) => size * unit / pixel >= MARK_PX) || STEPS[STEPS.length - 1];
  // nothing on top of a sign
  const taken = state.variant.places.filter((i) => D.places[i].size).map((i) => map.latLngToLayerPoint([D.places[i].lat, near(D.places[i].lon)]));
  function put(x, make) {
    const here = at(way, x);
    if (!view.contains([here.lat, here.lon])) { return; }
    const point = map.latLngToLayerPoint([here.lat, here.lon]);
    if (taken.some((other) => other.distanceTo(point) < 22)) { return; }
    taken.push(point);
    L.marker([here.lat, here.lon], {
      icon: make(here), interactive: false, keyboard: false, pane: "marks"
    }).addTo(layer);
  }
  // half-way between two distances an arrow tells the direction
  for (let i = 1; (i - 0.5) * step * unit < way.length; i += 1) {
    // straight lines are shorter than the way: their distances would mislead
    if (i * step * unit < way.length && !spanAt(way, i * step * unit).leg.least) {
      put(i * step * unit, () => markIcon("<span>" + i * step + "</span>", "distance"));
    }
    put((i - 0.5) * step * unit, (here) => {
      const ahead = at(way, Math.min(here.span.end, here.x + 6 * pixel)), back = at(way, Math.max(here.span.start, here.x - 6 * pixel));
      const from = map.latLngToLayerPoint([back.lat, back.lon]), to = map.latLngToLayerPoint([ahead.lat, ahead.lon]);
      const turn = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / RAD);
      return markIcon('<svg viewBox="-6 -6 12 12" aria-hidden="true"><path d="M-3.5-4L3.5 0l-7 4 2-4z" transform="rotate(' + turn +
        ')"/></svg>', "arrow");
    });
  }
}
map.on("zoomend moveend", drawMarks);
map.on("overlayadd", (event) => { if (event.layer === state.marks) { drawMarks(); } });
