// Draws the parcels of one map from the JSON beside it. The initialiser is the only global.

/** What is known of the parcels and of the firms on them, ready to be asked for. */
function told(data, read) {
  const parcels = read.numbers(data.uses.parcels);
  const byParcel = new Map();
  parcels.forEach((row, use) => {
    if (data.uses.codes[use]) {
      if (!byParcel.has(row)) { byParcel.set(row, []); }
      byParcel.get(row).push(use);
    }
  });
  return {
    columns: data.columns.map(read.column),
    uses: {
      parcels,
      columns: data.uses.columns.map(read.column),
      codes: data.uses.codes,
      pages: Object.fromEntries(Object.entries(data.uses.pages).map(([page, has]) => [page, read.numbers(has)])),
      of: (row) => byParcel.get(row) || [],
    },
  };
}

/** A click shows a parcel's facts; where firms are known, a link leads to those below the map. */
function cards(map, { columns, uses }, words, showFirms) {
  const content = (row) => {
    const made = card(columns, row);
    if (uses.of(row).length > 0) {
      const button = node("button", "", words.see_firms);
      button.type = "button";
      button.addEventListener("click", () => showFirms(row).focus());
      made.append(button);
    }
    return made;
  };
  const maxWidth = Math.min(420, map.getSize().x - 70);
  const popup = L.popup({ maxWidth, className: "parcel-map-popup" });
  const name = L.tooltip();
  let named = null;
  return {
    open(row, latlng) {
      if (columns.length > 0) { popup.setContent(content(row)).setLatLng(latlng).openOn(map); }
    },
    name(row, latlng) {
      if (row === null || columns.length === 0) { name.remove(); } else {
        if (row !== named) { name.setContent(card(columns.slice(0, 1), row)); }
        name.setLatLng(latlng).addTo(map);
      }
      named = row;
    },
  };
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
function follow(panel, data, { match, count, paint, tiles, showRows }) {
  const measure = panel.querySelector("[data-measure]");
  const filters = [...panel.querySelectorAll("[data-filter]")];
  const showLegend = legends(panel);
  const number = (text) => text.toLocaleString("en");
  const update = () => {
    const wanted = filters.map((one) => (one.value === "" ? null : Number(one.value)));
    const { matches, uses } = match(wanted);
    paint.show(Number(measure.value), matches);
    tiles.repaint();
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

async function begin(map, id) {
  const data = JSON.parse(document.getElementById(id).textContent);
  const read = await reader(data.bytes);
  const panel = map.getContainer().closest(".parcel-map");
  const { fit, goTo, view } = keepFitted(map, data.bounds);
  data.neighbours.map(read.outlines).forEach((around) => {
    backdrop(map, around, { name: "neighbours", level: 340, style: PALE }).addTo(map);
  });
  const layers = data.outlines.map((layer, place) => outline(map, layer, read, place));
  const known = told(data, read);
  const land = read.outlines(data.shapes);
  const index = placeIndex(land);
  const paint = painter(data, read, land);
  const shown = { land, shifts: read.numbers(data.shifts), hasDots: data.hasDots };
  const tiles = new Tiles({ land, index, paint, lensAt: (zoom) => lensAt(zoom, shown, view) });
  const showFirms = chosenPlace(panel, known.columns, known.uses, data.words);
  follow(panel, data, {
    match: matcher(data, read, known.uses.parcels, land.count),
    count: land.count,
    paint,
    tiles,
    showRows: rowsOf(panel.id, data.words, (row) => choose(row), known.uses),
  });
  tiles.addTo(map);
  const mark = marker(map, land, () => tiles.lens());
  const { open, name } = cards(map, known, data.words, showFirms);
  const settle = (row) => {
    mark("chosen", row);
    showFirms(row, isDrawn(land, row));
  };
  const choose = (row) => {
    if (!isDrawn(land, row)) { settle(row); return; }
    const [west, north, east, south] = land.boxes.subarray(4 * row, 4 * row + 4);
    goTo(L.latLngBounds(latlngOf(west, south), latlngOf(east, north)));
    open(row, placeOf(map, land, tiles.lens(), row));
    settle(row);
    panel.querySelector(".parcel-map-body").scrollIntoView({ block: "nearest" });
  };
  follower(map, hitter(land, index), () => tiles.lens(), {
    hovered: (row, latlng) => { mark("hovered", row); name(row, latlng); },
    clicked: (row, latlng) => { open(row, latlng); settle(row); },
  });
  const field = panel.querySelector("[role=combobox]");
  const all = entries({ list: known.columns, count: land.count }, known.uses);
  search(field, panel.querySelector("[role=listbox]"), finder(all), data.words, choose);
  thinOut(map);
  map.on("zoomend", () => thinOut(map));
  labelControls(map, data.words);
  serve(map, panel, layers, fit);
  followAddress(known.columns, land.count, choose);
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
