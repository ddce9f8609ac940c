// The parcels that are hovered and chosen: a strong line around each, above all canvases.

const MARK = { color: `rgb(${INK})`, weight: 2.5, fill: false, interactive: false, smoothFactor: 0.3 };

function marker(map, land, lens) {
  const pane = map.createPane("marks");
  pane.style.zIndex = 410;
  pane.style.pointerEvents = "none";
  const options = { ...MARK, pane: "marks", renderer: L.svg({ pane: "marks", padding: 0.2 }) };
  const marks = { hovered: null, chosen: null };
  const layers = {};
  const draw = (kind) => {
    const row = marks[kind];
    if (layers[kind]) { layers[kind].remove(); }
    layers[kind] = null;
    if (row === null || !isDrawn(land, row)) { return; }
    const { isDot, radius } = lens();
    layers[kind] = isDot(row)
      ? L.circleMarker(placeOf(map, land, lens(), row), { ...options, radius })
      : L.polygon(latlngsOf(land, row), options);
    layers[kind].addTo(map);
  };
  map.on("zoomend viewreset", () => Object.keys(marks).forEach(draw));  // dots stand elsewhere at each zoom
  return (kind, row) => {
    if (marks[kind] !== row) {
      marks[kind] = row;
      draw(kind);
    }
  };
}

/** Where a parcel is shown: the middle of its dot, or the centre of gravity of its first ring. */
function placeOf(map, land, lens, row) {
  if (lens.isDot(row)) { return map.unproject(lens.dot(row), lens.zoom); }
  const [first, end] = [land.corners[land.rings[row]], land.corners[land.rings[row] + 1]];
  const [x0, y0] = [land.x[first], land.y[first]];
  let [area, x, y] = [0, 0, 0];
  for (let corner = first, last = end - 1; corner < end; last = corner, corner += 1) {
    const [ax, ay, bx, by] = [land.x[last] - x0, land.y[last] - y0, land.x[corner] - x0, land.y[corner] - y0];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area === 0 ? latlngOf(x0, y0) : latlngOf(x0 + x / (3 * area), y0 + y / (3 * area));
}
