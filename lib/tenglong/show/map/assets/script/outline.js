// Township outlines, the control line, and names.

const LINES = [
  { color: "#7b8699", weight: 1.2, fillColor: "#eef1f5", fillOpacity: 1 },
  { color: "#0b5c8a", weight: 1.8, dashArray: "7 4", fill: false },
  { color: "#7a3b86", weight: 1.6, dashArray: "2 4", fill: false },
];
const PALE = { color: "#c9d0db", weight: 0.8, fillColor: "#fafbfc", fillOpacity: 1 };

/** Draws shapes that nothing happens on, in a pane of their own. */
function backdrop(map, land, { name, level, style }) {
  const pane = map.createPane(name);
  pane.style.zIndex = level;
  pane.style.pointerEvents = "none";
  const renderer = L.svg({ pane: name, padding: 0.2 });
  const options = { ...style, interactive: false, pane: name, renderer };
  const rows = Array.from({ length: land.count }, (_, row) => row).filter((row) => isDrawn(land, row));
  return L.layerGroup(rows.map((row) => L.polygon(latlngsOf(land, row), options)));
}

/** An outline layer with its names. */
function outline(map, data, read, place) {
  const style = LINES[Math.min(place, LINES.length - 1)];
  const group = backdrop(map, read.outlines(data.shapes), { name: `outline${place}`, level: place === 0 ? 350 : 360, style });
  const at = read.numbers(data.points);
  data.names.forEach((text, row) => {
    const label = L.tooltip({ permanent: true, direction: "center", className: "parcel-map-name", opacity: 1 });
    group.addLayer(label.setLatLng(latlngOf(at[2 * row], at[2 * row + 1])).setContent(node("span", "", text)));
  });
  return group.addTo(map);
}

/** Hides the names that would stand on another one. */
function thinOut(map) {
  const kept = [];
  map.getContainer().querySelectorAll(".parcel-map-name").forEach((label) => {
    const box = label.getBoundingClientRect();
    const clashes = kept.some((other) => box.left < other.right && other.left < box.right
      && box.top < other.bottom && other.top < box.bottom);
    label.style.visibility = clashes ? "hidden" : "";
    if (!clashes) { kept.push(box); }
  });
}
