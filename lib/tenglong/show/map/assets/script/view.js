// How the map lies in its frame.

const SHEET = 680;  // longer side of what the static map shows, pixels: dots are made for it
const MARGIN = 24;  // around the whole map, pixels, both sides together
const NEAR = 16;    // the zoom that a chosen parcel is shown at, at most

/** Leaflet's scale bar with its units in the page's language. */
const Scale = L.Control.Scale.extend({
  _updateMetric(most) {
    const metres = this._getRoundNum(most);
    const { metres: near, kilometres: far } = this.options.words;
    const text = metres < 1000 ? `${metres} ${near}` : `${metres / 1000} ${far}`;
    this._updateScale(this._mScale, text, metres / most);
  },
});

/** Keeps the whole county in sight until the reader moves the map. */
function keepFitted(map, bounds) {
  const frame = map.getContainer();
  const view = { zoom: 0, factor: 1 };
  let isTouched = false;
  const fit = () => {
    isTouched = false;
    view.zoom = map.getBoundsZoom(bounds, false, L.point(MARGIN, MARGIN));
    const corners = bounds.map((corner) => map.project(corner, view.zoom));
    const size = L.bounds(corners).getSize();
    view.factor = Math.min(2, Math.max(0.7, Math.max(size.x, size.y) / SHEET));
    map.fitBounds(bounds, { padding: [MARGIN / 2, MARGIN / 2], animate: false });
  };
  const touch = () => { isTouched = true; };
  ["pointerdown", "wheel", "keydown"].forEach((kind) => frame.addEventListener(kind, touch));
  fit();
  map.setMinZoom(map.getZoom() - 1).setMaxBounds(L.latLngBounds(bounds).pad(0.6));
  new ResizeObserver(() => {
    map.invalidateSize({ pan: false });
    if (!isTouched) { fit(); }
  }).observe(frame);
  const goTo = (box) => {
    touch();
    const zoom = Math.min(NEAR, map.getBoundsZoom(box, false, L.point(frame.clientWidth / 2, frame.clientHeight / 2)));
    map.setView(box.getCenter(), Math.max(zoom, map.getZoom()), { animate: false });
  };
  return { fit, goTo, view };
}

/** Check boxes and buttons stand in the page, hidden until a script can serve them. */
function serve(map, panel, layers, fit) {
  panel.querySelectorAll("[data-layer]").forEach((box) => {
    const layer = layers[Number(box.dataset.layer)];
    box.addEventListener("change", () => {
      if (box.checked) { map.addLayer(layer); } else { map.removeLayer(layer); }
      thinOut(map);
    });
  });
  panel.querySelector("[data-do=fit]").addEventListener("click", fit);
  panel.querySelector("[data-do=full]").addEventListener("click", () => {
    if (document.fullscreenElement) { document.exitFullscreen(); } else { panel.requestFullscreen(); }
  });
  [".parcel-map-layers", ".parcel-map-buttons", ".parcel-map-finder"].forEach((part) => {
    panel.querySelectorAll(part).forEach((found) => { found.hidden = false; });
  });
}
