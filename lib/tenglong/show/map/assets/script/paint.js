// Colours: a parcel has that of its class in the chosen measure, and fades where it does not match.

const EDGE = { color: "#1d2433", weight: 0.4, opacity: 0.6 };
const DOT_EDGE = { weight: 1, opacity: 1 };
const MARKED = { color: "#1d2433", weight: 2.5, opacity: 1, fillOpacity: 1 };
const FADED = { opacity: 0.12, fillOpacity: 0.1 };

/** Grey hatching for what is not known. */
function hatch(colour) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const pen = tile.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, 6, 6);
  pen.strokeStyle = colour;
  pen.lineWidth = 1.4;
  pen.beginPath();
  pen.moveTo(-1, 7); pen.lineTo(7, -1);
  pen.moveTo(-4, 4); pen.lineTo(4, -4);
  pen.moveTo(2, 10); pen.lineTo(10, 2);
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}

function asOptions(style) {
  return Object.assign(Object.create(L.Polygon.prototype.options), style);
}

/** Two styles for each class of a measure: as it matches, and faded. They are shared by all its
    parcels, so that a filter only swaps them. */
function stylesOf(measure, missing, common) {
  return [...measure.colours, missing].map((fillColor, number) => {
    const edge = common.hasDots ? { ...DOT_EDGE, color: measure.edges[number] } : EDGE;
    const shown = { ...common, ...edge, fillColor, fillOpacity: 1 };
    // Thousands of faint edges would take longer to draw than all the rest.
    return [shown, { ...shown, ...FADED, stroke: common.hasDots }].map(asOptions);
  });
}

/** Paints parcels (by their row; none where there is no outline) on one canvas. */
function painter(data, view) {
  const renderer = L.canvas({ padding: 0.2, tolerance: L.Browser.mobile ? 6 : 1 });
  const common = { renderer, smoothFactor: 0.3, hasDots: data.hasDots, view };
  const missing = hatch(data.missingColour);
  const measures = data.measures.map((measure) => ({
    classes: unpack(measure.classes),
    styles: stylesOf(measure, missing, common),
  }));
  const parcels = [];
  const marks = { hovered: null, chosen: null };
  let measure = measures[0];
  let matches = null;

  const styleOf = (row) => {
    const [shown, faded] = measure.styles[measure.classes[row]];
    if (row === marks.hovered || row === marks.chosen) { return asOptions({ ...shown, ...MARKED }); }
    return matches === null || matches[row] ? shown : faded;
  };
  const repaint = (row) => {
    const parcel = parcels[row];
    if (parcel === undefined) { return; }
    const style = styleOf(row);
    if (parcel.options === style) { return; }
    parcel.options = style;
    renderer._updateStyle(parcel);
  };
  return {
    classes: () => measure.classes,
    add(parcel) {
      parcel.options = styleOf(parcel.row);
      parcels[parcel.row] = parcel;
    },
    parcel: (row) => parcels[row],
    show(number, left) {
      measure = measures[number];
      matches = left;
      parcels.forEach((_, row) => repaint(row));
    },
    /** Marks the parcel that is hovered or chosen, in place of the one before. */
    mark(kind, row) {
      const before = marks[kind];
      marks[kind] = row;
      [before, row].forEach((one) => { if (one !== null) { repaint(one); } });
    },
  };
}
