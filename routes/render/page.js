(function () {
  "use strict";
  var map = window.routesMap;
  if (!map) { return; }
  var box = map.getContainer();
  // the wheel scrolls the page until the map is used
  map.on("click focus", function () { map.scrollWheelZoom.enable(); });
  box.addEventListener("mouseleave", function () { map.scrollWheelZoom.disable(); });
  // the first view is kept through a change of size until somebody moves the map
  var touched = false;
  ["pointerdown", "wheel", "keydown"].forEach(function (kind) {
    box.addEventListener(kind, function () { touched = true; }, { passive: true });
  });
  function fit() {
    if (!touched) { map.fitBounds(window.routesView, { padding: [28, 28], maxZoom: 15, animate: false }); }
  }
  map.on("resize", fit);
  // a name stands on the side where it covers no sign and no name before it; where there is none, it is hidden
  var SIDES = ["right", "left", "above", "below"];
  function meets(a, b) { return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom; }
  function inside(a, b) { return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom; }
  function thin() {
    var frame = box.getBoundingClientRect();
    var labels = Array.prototype.slice.call(box.querySelectorAll(".place .label"));
    var signs = labels.map(function (label) { return label.parentNode.getBoundingClientRect(); });
    var taken = [];
    labels.forEach(function (label, i) {
      var isFirst = /^(pass|peak)$/.test(label.dataset.kind);
      // a pass may cover signs, but no name
      var tries = isFirst ? SIDES.concat(SIDES) : SIDES;
      var found = tries.some(function (side, turn) {
        label.className = "label " + side;
        var rect = label.getBoundingClientRect();
        var free = inside(rect, frame) && !taken.some(function (other) { return meets(rect, other); }) &&
          (turn >= SIDES.length || !signs.some(function (sign, j) { return j !== i && meets(rect, sign); }));
        if (free) { taken.push(rect); }
        return free;
      });
      if (!found) { label.className = "label crowded"; }
    });
  }
  map.on("zoomend moveend overlayadd overlayremove resize", thin);
  thin();
  var toggle = box.querySelector(".leaflet-control-layers-toggle");
  if (toggle) { toggle.setAttribute("aria-label", "Layers"); }
}());
