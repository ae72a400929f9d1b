// A name stands on the side where it covers no sign and no name before it; where there is none, it is hidden.
const SIDES = ["right", "left", "above", "below"];
function meets(a, b) { return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom; }
function inside(a, b) { return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom; }
function thin() {
  const frame = box.getBoundingClientRect();
  const labels = Array.from(box.querySelectorAll(".place .label"));
  const signs = labels.map((label) => label.parentNode.getBoundingClientRect());
  const taken = Array.from(box.querySelectorAll(".leaflet-control")).map((one) => one.getBoundingClientRect());
  labels.forEach((label, i) => {
    const isFirst = /^(pass|peak)$/.test(label.dataset.kind);
    // a pass may cover signs, but no name
    const tries = isFirst ? SIDES.concat(SIDES) : SIDES;
    const found = meets(signs[i], frame) && tries.some((side, turn) => {
      label.className = "label " + side;
      const rect = label.getBoundingClientRect();
      const free = inside(rect, frame) && !taken.some((other) => meets(rect, other)) &&
        (turn >= SIDES.length || !signs.some((sign, j) => j !== i && meets(rect, sign)));
      if (free) { taken.push(rect); }
      return free;
    });
    if (!found) { label.className = "label crowded"; }
  });
}
map.on("zoomend moveend overlayadd overlayremove resize", thin);
