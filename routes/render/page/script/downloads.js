// Files put together from the points that the page holds: the same bytes as `routes export` writes.
function decimal(value, decimals) {
  const digits = String(Math.abs(value)).padStart(decimals + 1, "0");
  return (value < 0 ? "-" : "") + digits.slice(0, -decimals) + "." + digits.slice(-decimals);
}
function fileText(pieces) {
  return pieces.map((piece) => {
    if (piece >= 0) { return D.texts[piece]; }
    const [la, lo, el] = run(Math.floor((-1 - piece) / 2)), isFlat = piece % 2 === 0, lines = [];
    for (let i = 0; i < la.length; i += 1) {
      const start = '      <trkpt lat="' + decimal(la[i], 6) + '" lon="' + decimal(lo[i], 6) + '"';
      lines.push(isFlat ? start + "/>\n" : start + "><ele>" + decimal(el[i], 1) + "</ele></trkpt>\n");
    }
    return lines.join("");
  }).join("");
}
function offer(file) {
  const kind = /\.csv$/.test(file.name) ? "text/csv" : "application/gpx+xml";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([fileText(file.pieces)], { type: kind }));
  link.download = file.name;
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => { URL.revokeObjectURL(link.href); }, 60000);
}
function drawDownloads() {
  const list = document.getElementById("downloads");
  list.textContent = "";
  state.variant.files.forEach((file) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = file.label;
    button.addEventListener("click", () => { offer(file); });
    list.appendChild(button);
  });
  list.parentNode.hidden = !state.variant.files.length;
}
