// The reader's own position, only when they ask for it: where they are on the way, and what is left.
const me = { watch: null, dot: null, ring: null };
const status = document.getElementById("status");
function progress(lat, lon, accuracy) {
  const found = nearest(state.way, lat, lon), parts = [say("accuracy", lengthText(accuracy))];
  if (found.away === Infinity) { return parts[0]; }
  if (found.away > Math.max(300, 2 * accuracy)) {
    parts.unshift(say("away", lengthText(found.away)));
  } else {
    const left = stretch(state.way, found.x, state.way.length);
    parts.unshift(say("walked", lengthText(found.x)), say("left", lengthText(left.m)),
      left.known ? say("to_climb", heightText(left.up[1])) : W.no_climb);
    go(found.x, false);
  }
  return parts.join(" · ");
}
function stopPosition() {
  navigator.geolocation.clearWatch(me.watch);
  [me.dot, me.ring].forEach((layer) => { if (layer) { layer.remove(); } });
  me.watch = me.dot = me.ring = null;
  positionButton.setAttribute("aria-pressed", "false");
  status.textContent = "";
}
function found(position) {
  const { latitude, longitude, accuracy } = position.coords, here = [latitude, near(longitude)];
  if (!me.dot) {
    me.ring = L.circle(here, { pane: "cursor", color: "#0b5c94", weight: 1, fillOpacity: 0.12, interactive: false }).addTo(map);
    me.dot = L.circleMarker(here, {
      pane: "cursor", radius: 7, color: "#fff", weight: 3, fillColor: "#0b5c94", fillOpacity: 1, interactive: false
    }).addTo(map);
    touched = true;
    map.setView(here, Math.max(map.getZoom(), 13), { animate: false });
  }
  me.ring.setLatLng(here).setRadius(accuracy);
  me.dot.setLatLng(here);
  status.textContent = progress(latitude, near(longitude), accuracy);
  me.dot.bringToFront();
}
function lost(error) {
  // without a view of the sky for a while is no reason to stop looking
  if (error.code !== error.PERMISSION_DENIED) {
    status.textContent = W.position_unknown;
    return;
  }
  stopPosition();
  status.textContent = location.protocol === "file:" ? W.position_file
    : window.isSecureContext ? W.position_denied : W.position_insecure;
}
function findPosition() {
  if (!navigator.geolocation) {
    status.textContent = W.position_none;
  } else if (me.watch !== null) {
    stopPosition();
  } else {
    positionButton.setAttribute("aria-pressed", "true");
    status.textContent = W.position_wait;
    me.watch = navigator.geolocation.watchPosition(found, lost, { enableHighAccuracy: true, maximumAge: 15000, timeout: 60000 });
  }
}
let positionButton = null;
const PositionControl = L.Control.extend({
  options: { position: "topleft" },
  onAdd: () => {
    const bar = L.DomUtil.create("div", "leaflet-bar");
    positionButton = L.DomUtil.create("button", "position", bar);
    positionButton.type = "button";
    positionButton.title = W.position;
    positionButton.setAttribute("aria-label", W.position);
    positionButton.setAttribute("aria-pressed", "false");
    positionButton.innerHTML = '<svg viewBox="-9 -9 18 18" aria-hidden="true"><circle r="5"/><circle r="1.6"/><path d="M0-8v4M0 4v4M-8 0h4M4 0h4"/></svg>';
    L.DomEvent.disableClickPropagation(bar);
    positionButton.addEventListener("click", findPosition);
    return bar;
  }
});
map.addControl(new PositionControl());
