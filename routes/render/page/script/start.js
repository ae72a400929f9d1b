// Which way to do the trek is shown; everything starts here.
const chooser = document.getElementById("way");
function isFor(part, variant) { return part.dataset.variants.split(" ").indexOf(variant.id) >= 0; }
function showVariant(index) {
  state.variant = D.variants[index];
  state.way = wayOf(state.variant.shown);
  document.querySelectorAll("[data-variants]").forEach((part) => { part.hidden = !isFor(part, state.variant); });
  if (chooser) { chooser.value = state.variant.id; }
  cursor.x = cursor.from = cursor.to = cursor.anchor = null;
  document.getElementById("tools").hidden = !drawings.some((drawing) => drawing.variants.indexOf(state.variant) >= 0);
  gradientButton.hidden = !state.way.spans.some((span) => span.known);
  touched = false;
  state.busy = true;
  drawVariant();
  fit();
  state.busy = false;
  drawMarks();
  drawDownloads();
  drawings.forEach(colourDrawing);
  show(false);
  thin();
}
// the first point decides about which longitude the world is turned
D.variants[0].shown.concat(...D.variants[0].days.map((day) => day.legs)).slice(0, 1).forEach(pointsOf);
document.querySelectorAll(".profiles").forEach((part) => {
  const variants = D.variants.filter((variant) => isFor(part, variant));
  part.querySelectorAll(".drawing").forEach((holder) => { prepare(holder, variants); });
});
if (chooser) {
  chooser.addEventListener("change", () => {
    showVariant(chooser.selectedIndex);
    history.replaceState(null, "", "#" + state.variant.id);
  });
}
const named = D.variants.findIndex((variant) => "#" + variant.id === location.hash);
showVariant(Math.max(0, named));
window.routesPage = { D, state, cursor, at, stretch, climbs, nearest, decode, fileText, lengthText, heightText };
document.documentElement.dataset.ready = "true";
