// A name stands on the side where it covers no sign and no name before it; where there is none, it is hidden.
const SIDES = ["right", "left", "above", "below"];
function meets(a, b) { return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom; }
function inside(a, b) { return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom; }
// Signs nearer to one another than a finger needs: the more important one stands, the others come with the zoom.
const FINGER_PX = 24, ALL_FROM_ZOOM = 15.5;
function thinSigns() {
  const shown = [];
  box.querySelectorAll(".leaflet-marker-icon.place").forEach((sign) => {
    const at_ = L.DomUtil.getPosition(sign);
    const isFree = map.getZoom() >= ALL_FROM_ZOOM || shown.every((other) => other.distanceTo(at_) >= FINGER_PX);
    sign.style.display = isFree ? "" : "none";
    if (isFree) { shown.push(at_); }
  });
}
// Where a label stands on a side of its sign, as the style sheet puts it.
function rectAt(sign, size, side) {
  const isBeside = side === "right" || side === "left";
  const left = side === "right" ? sign.right + 3 : side === "left" ? sign.left - 3 - size.width
    : (sign.left + sign.right - size.width) / 2;
  const top = isBeside ? (sign.top + sign.bottom) / 2 - 9 : side === "above" ? sign.top - 19 : sign.bottom + 1;
  return { left, top, right: left + size.width, bottom: top + size.height };
}
function thin() {
  if (state.busy) { return; }
  thinSigns();
  const frame = box.getBoundingClientRect();
  const labels = Array.from(box.querySelectorAll(".place .label"))
    .filter((label) => label.parentNode.style.display !== "none");
  labels.forEach((label) => { label.className = "label"; });
  // sizes are read once: the browser need not lay out the page for each try
  const sizes = labels.map((label) => label.getBoundingClientRect());
  const signs = labels.map((label) => label.parentNode.getBoundingClientRect());
  const taken = Array.from(box.querySelectorAll(".leaflet-control")).map((one) => one.getBoundingClientRect());
  labels.forEach((label, i) => {
    const isFirst = /^(pass|peak)$/.test(label.dataset.kind);
    // a pass may cover signs, but no name
    const tries = isFirst ? SIDES.concat(SIDES) : SIDES;
    const found = meets(signs[i], frame) && tries.some((side, turn) => {
      const rect = rectAt(signs[i], sizes[i], side);
      const free = inside(rect, frame) && !taken.some((other) => meets(rect, other)) &&
        (turn >= SIDES.length || !signs.some((sign, j) => j !== i && meets(rect, sign)));
      if (free) {
        taken.push(rect);
        label.className = "label " + side;
      }
      return free;
    });
    if (!found) { label.className = "label crowded"; }
  });
}
map.on("zoomend moveend overlayadd overlayremove resize", thin);
