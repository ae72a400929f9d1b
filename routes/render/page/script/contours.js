// Contour lines on tiles of canvas: few from afar, all of them near, a height on every index line.
const contours = { lines: [], labels: {} };
function contourLine([height, text]) {
  const [la, lo] = decode(text, 2), line = { height, x: [], y: [], west: 1, east: 0, north: 1, south: 0 };
  la.forEach((value, i) => {
    // Mercator's square from 0 to 1
    const x = near(lo[i] / D.contours.scale) / 360 + 0.5;
    const y = 0.5 - Math.asinh(Math.tan(RAD * value / D.contours.scale)) / (2 * Math.PI);
    line.x.push(x);
    line.y.push(y);
    if (x < line.west) { line.west = x; }
    if (x > line.east) { line.east = x; }
    if (y < line.north) { line.north = y; }
    if (y > line.south) { line.south = y; }
  });
  return line;
}

// Work in short turns, so that the page answers meanwhile.
const TURN_MS = 8, work = [];
function later(task) {
  work.push(task);
  if (work.length === 1) { setTimeout(takeTurn); }
}
function takeTurn() {
  const end = performance.now() + TURN_MS;
  while (work.length && performance.now() < end) {
    work[0]();
    work.shift();
  }
  if (work.length) { setTimeout(takeTurn); }
}

// Heights on the index lines at a zoom: every so many pixels along a line, head up, none on another.
const LABEL_PX = 520, ROOM_PX = 44;
function contourLabels(zoom, isIndex) {
  const whole = 256 * Math.pow(2, zoom), taken = new Set(), labels = [];
  contours.lines.filter((line) => isIndex(line)).forEach((line) => {
    let next = 0.4 * LABEL_PX, along = 0;
    for (let i = 1; i < line.x.length; i += 1) {
      const dx = (line.x[i] - line.x[i - 1]) * whole, dy = (line.y[i] - line.y[i - 1]) * whole;
      along += Math.sqrt(dx * dx + dy * dy);
      if (along < next) { continue; }
      const x = 0.5 * (line.x[i] + line.x[i - 1]) * whole, y = 0.5 * (line.y[i] + line.y[i - 1]) * whole;
      const column = Math.floor(x / ROOM_PX), row = Math.floor(y / ROOM_PX);
      const isFree = [-1, 0, 1].every((c) => [-1, 0, 1].every((r) => !taken.has((column + c) + " " + (row + r))));
      if (isFree) {
        taken.add(column + " " + row);
        const turn = Math.atan(dy / dx) || 0;
        labels.push({ x, y, turn, text: D.imperial ? grouped(line.height, 0) : String(line.height) });
        next = along + LABEL_PX;
      }
    }
  });
  return labels;
}

const ContourLayer = L.GridLayer.extend({
  createTile(coords, done) {
    const size = this.getTileSize().x, ratio = window.devicePixelRatio || 1, tile = document.createElement("canvas");
    tile.width = tile.height = size * ratio;
    later(() => {
      // not if the reader has gone elsewhere meanwhile
      if (tile.parentNode) { this.draw(tile, coords, size, ratio); }
      done(null, tile);
    });
    return tile;
  },
  draw(tile, coords, size, ratio) {
    const pen = tile.getContext("2d");
    pen.scale(ratio, ratio);
    const whole = size * Math.pow(2, coords.z), west = coords.x * size, north = coords.y * size;
    // from afar one line in so many
    const step = D.contours.steps.find((pair) => coords.z >= pair[0])[1], index = D.contours.index;
    const heavy = step < index ? index : 5 * index;
    pen.lineJoin = "round";
    contours.lines.forEach((line) => {
      if (line.height % step || line.east * whole < west || line.west * whole > west + size ||
        line.south * whole < north || line.north * whole > north + size) { return; }
      const isHeavy = line.height % heavy === 0;
      pen.beginPath();
      let x = NaN, y = NaN;
      for (let i = 0; i < line.x.length; i += 1) {
        const nextX = line.x[i] * whole - west, nextY = line.y[i] * whole - north;
        // nobody sees a step of less than a pixel
        if (Math.abs(nextX - x) + Math.abs(nextY - y) < 1 && i < line.x.length - 1) { continue; }
        x = nextX;
        y = nextY;
        pen.lineTo(x, y);
      }
      pen.strokeStyle = isHeavy ? "rgba(110,72,30,.75)" : "rgba(110,72,30,.42)";
      pen.lineWidth = isHeavy ? 1.1 : 0.7;
      pen.stroke();
    });
    if (!contours.labels[coords.z]) {
      const least = coords.z >= 12 ? index : heavy;
      contours.labels[coords.z] = contourLabels(coords.z, (line) => line.height % least === 0);
    }
    pen.font = "600 10px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    contours.labels[coords.z].forEach((label) => {
      const x = label.x - west, y = label.y - north;
      // tiles that share a label write it alike
      if (x < -30 || x > size + 30 || y < -30 || y > size + 30) { return; }
      pen.save();
      pen.translate(x, y);
      pen.rotate(label.turn);
      pen.lineWidth = 3;
      pen.strokeStyle = "rgba(255,255,255,.85)";
      pen.strokeText(label.text, 0, 0);
      pen.fillStyle = "#5c3a14";
      pen.fillText(label.text, 0, 0);
      pen.restore();
    });
  }
});
if (D.contours) {
  D.contours.lines.forEach((coded) => { later(() => { contours.lines.push(contourLine(coded)); }); });
  map.createPane("contours").style.zIndex = 300;
  map.getPane("contours").style.pointerEvents = "none";
  window.routesContours = new ContourLayer({ pane: "contours", minZoom: 9, updateWhenZooming: false, keepBuffer: 1 }).addTo(map);
}
