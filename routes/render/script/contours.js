// Contour lines on tiles of canvas: few from afar, all of them near, a height on every index line.
const contours = { lines: null };
function contourLines() {
  if (!contours.lines) {
    contours.lines = D.contours.lines.map(([height, text]) => {
      const [la, lo] = decode(text, 2), line = { height, x: [], y: [] };
      la.forEach((value, i) => {
        // Mercator's square from 0 to 1
        const lat = value / D.contours.scale;
        line.x.push(near(lo[i] / D.contours.scale) / 360 + 0.5);
        line.y.push(0.5 - Math.asinh(Math.tan(RAD * lat)) / (2 * Math.PI));
      });
      line.west = Math.min(...line.x);
      line.east = Math.max(...line.x);
      line.north = Math.min(...line.y);
      line.south = Math.max(...line.y);
      return line;
    });
  }
  return contours.lines;
}

const ContourLayer = L.GridLayer.extend({
  createTile(coords) {
    const size = this.getTileSize().x, ratio = window.devicePixelRatio || 1, tile = document.createElement("canvas");
    tile.width = tile.height = size * ratio;
    const pen = tile.getContext("2d");
    pen.scale(ratio, ratio);
    const whole = size * Math.pow(2, coords.z), west = coords.x * size, north = coords.y * size;
    // from afar one line in so many
    const step = D.contours.steps.find((pair) => coords.z >= pair[0])[1], index = D.contours.index;
    const heavy = step < index ? index : 5 * index;
    pen.lineJoin = "round";
    const labels = [];
    contourLines().forEach((line) => {
      if (line.height % step) { return; }
      const pad = 40;
      if (line.east * whole < west - pad || line.west * whole > west + size + pad ||
        line.south * whole < north - pad || line.north * whole > north + size + pad) { return; }
      const isIndex = line.height % heavy === 0;
      pen.beginPath();
      for (let i = 0; i < line.x.length; i += 1) {
        pen.lineTo(line.x[i] * whole - west, line.y[i] * whole - north);
      }
      pen.strokeStyle = isIndex ? "rgba(110,72,30,.75)" : "rgba(110,72,30,.42)";
      pen.lineWidth = isIndex ? 1.1 : 0.7;
      pen.stroke();
      if (line.height % index === 0 && (isIndex || coords.z >= 12)) { labels.push(line); }
    });
    labels.forEach((line) => this.write(pen, line, whole, west, north, size));
    return tile;
  },
  // every so many pixels along a line its height, head up; tiles that share one write it alike
  write(pen, line, whole, west, north, size) {
    const text = D.imperial ? grouped(line.height, 0) : String(line.height);
    let next = 180, along = 0;
    pen.font = "600 10px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (let i = 1; i < line.x.length; i += 1) {
      const x1 = line.x[i - 1] * whole, y1 = line.y[i - 1] * whole, x2 = line.x[i] * whole, y2 = line.y[i] * whole;
      along += Math.hypot(x2 - x1, y2 - y1);
      if (along >= next) {
        next = along + 420;
        const x = 0.5 * (x1 + x2) - west, y = 0.5 * (y1 + y2) - north;
        if (x > -30 && x < size + 30 && y > -30 && y < size + 30) {
          let turn = Math.atan2(y2 - y1, x2 - x1);
          if (Math.abs(turn) > Math.PI / 2) { turn += Math.PI; }
          pen.save();
          pen.translate(x, y);
          pen.rotate(turn);
          pen.lineWidth = 3;
          pen.strokeStyle = "rgba(255,255,255,.85)";
          pen.strokeText(text, 0, 0);
          pen.fillStyle = "#5c3a14";
          pen.fillText(text, 0, 0);
          pen.restore();
        }
      }
    }
  }
});
if (D.contours) {
  map.createPane("contours").style.zIndex = 300;
  map.getPane("contours").style.pointerEvents = "none";
  window.routesContours = new ContourLayer({ pane: "contours", minZoom: 9, updateWhenZooming: false, keepBuffer: 1 }).addTo(map);
}
