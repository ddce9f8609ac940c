// Draws the parcels of one map from the JSON beside it. The initialiser is the only global.

/** What the JSON tells, ready to be asked for. */
function told(data) {
  const parcels = unpack(data.uses.parcels);
  const byParcel = new Map();
  parcels.forEach((row, use) => {
    if (data.uses.codes[use]) { byParcel.set(row, [...(byParcel.get(row) || []), use]); }
  });
  return {
    columns: data.columns.map(column),
    uses: {
      parcels,
      columns: data.uses.columns.map(column),
      codes: data.uses.codes,
      pages: Object.fromEntries(Object.entries(data.uses.pages).map(([page, has]) => [page, unpack(has)])),
      of: (row) => byParcel.get(row) || [],
    },
  };
}

function addParcels(map, data, paint) {
  const shifts = unpack(data.shifts);
  const group = L.featureGroup();
  shapes(data.shapes).forEach((shape, row) => {
    if (shape.length === 0) { return; }
    const parcel = new Parcel(shape);
    parcel.row = row;
    parcel.shift = L.point(shifts[2 * row] || 0, shifts[2 * row + 1] || 0).divideBy(10);
    paint.add(parcel);
    group.addLayer(parcel);
  });
  group.on("mouseover", (event) => paint.mark("hovered", event.layer.row));
  group.on("mouseout", () => paint.mark("hovered", null));
  return group.addTo(map);
}

/** A click shows a parcel's facts; where firms are known, a link leads to those below the map. */
function bindCards(map, group, { columns, uses }, words, showFirms) {
  if (columns.length === 0) { return; }
  const popup = (parcel) => {
    const made = card(columns, parcel.row);
    if (uses.of(parcel.row).length > 0) {
      const button = node("button", "", words.see_firms);
      button.type = "button";
      button.addEventListener("click", () => showFirms(parcel.row).focus());
      made.append(button);
    }
    return made;
  };
  const maxWidth = Math.min(420, map.getSize().x - 70);
  group.bindPopup(popup, { maxWidth, className: "parcel-map-popup" });
  group.bindTooltip((parcel) => card(columns.slice(0, 1), parcel.row), { sticky: true });
}

function labelControls(map, words) {
  map.on("popupopen", (event) => {
    event.popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words.close);
  });
  map.on("focus", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  new Scale({ imperial: false, maxWidth: 140, words }).addTo(map);
}

/** Colours, filters and counts follow what the reader sets. */
function follow(panel, data, paint, showRows) {
  const measure = panel.querySelector("[data-measure]");
  const filters = [...panel.querySelectorAll("[data-filter]")];
  const count = unpack(data.measures[0].classes).length;
  const match = matcher(data, count);
  const showLegend = legends(panel);
  const number = (text) => text.toLocaleString("en");
  const update = () => {
    const wanted = filters.map((one) => (one.value === "" ? null : Number(one.value)));
    const { matches, uses } = match(wanted);
    paint.show(Number(measure.value), matches);
    showLegend(Number(measure.value), paint.classes(), matches);
    showRows(uses);
    const n = matches.reduce((sum, isMatch) => sum + isMatch, 0);
    panel.querySelector(".parcel-map-count").textContent = filled(
      data.words.matching, { n: number(n), all: number(count) },
    );
  };
  [measure, ...filters].forEach((one) => one.addEventListener("change", update));
  panel.querySelector("[data-do=reset]").addEventListener("click", () => {
    filters.forEach((one) => { one.value = ""; });
    update();
  });
  measure.value = "0";
  update();
}

/** Another page leads to a parcel by `#parcel-` and its code. */
function followAddress(columns, count, choose) {
  const go = () => {
    const code = decodeURIComponent(window.location.hash).replace(/^#parcel-/, "");
    if (!window.location.hash.startsWith("#parcel-") || columns.length === 0) { return; }
    for (let row = 0; row < count; row += 1) {
      if (columns[0].text(row) === code) { choose(row); return; }
    }
  };
  window.addEventListener("hashchange", go);
  go();
}

function begin(map, id) {
  const data = JSON.parse(document.getElementById(id).textContent);
  const panel = map.getContainer().closest(".parcel-map");
  const { fit, goTo, view } = keepFitted(map, data.bounds);
  const around = data.neighbours.map(
    (packed) => backdrop(map, packed, { name: "neighbours", level: 340, style: PALE }),
  );
  around.forEach((layer) => layer.addTo(map));
  const layers = data.outlines.map((layer, place) => outline(map, layer, place));
  const known = told(data);
  const paint = painter(data, view);
  const showFirms = chosenPlace(panel, known.columns, known.uses, data.words);
  const settle = (row, isDrawn) => {
    paint.mark("chosen", row);
    showFirms(row, isDrawn);
  };
  const choose = (row) => {
    const parcel = paint.parcel(row);
    if (parcel === undefined) { settle(row, false); return; }
    goTo(parcel);
    const latlng = parcel._isDot ? map.layerPointToLatLng(parcel._point) : parcel.getCenter();
    parcel.fire("click", { latlng }, true);
    panel.querySelector(".parcel-map-body").scrollIntoView({ block: "nearest" });
  };
  const group = addParcels(map, data, paint);
  bindCards(map, group, known, data.words, showFirms);
  group.on("click", (event) => settle(event.layer.row, true));
  const field = panel.querySelector("[role=combobox]");
  const count = unpack(data.measures[0].classes).length;
  const all = entries({ list: known.columns, count }, known.uses);
  search(field, panel.querySelector("[role=listbox]"), finder(all), data.words, choose);
  follow(panel, data, paint, rowsOf(panel.id, data.words, choose, known.uses));
  thinOut(map);
  map.on("zoomend", () => thinOut(map));
  labelControls(map, data.words);
  serve(map, panel, layers, fit);
  followAddress(known.columns, count, choose);
}

/** Begins when the whole page is there: the place for the chosen parcel and the rows come later. */
window.tenglongParcelMap = function (map, id) {
  const start = () => begin(map, id);
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
};
