// What travels with the page, read back into numbers, outlines and texts.

const UNITS = 1e6;  // whole numbers in a degree

/** Whole numbers out of an encoded polyline: five bits a character, the lowest first. */
function unpack(text) {
  const numbers = [];
  let number = 0;
  let shift = 0;
  for (let at = 0; at < text.length; at += 1) {
    const bits = text.charCodeAt(at) - 63;
    number |= (bits & 31) << shift;
    shift += 5;
    if (bits < 32) {
      numbers.push(number & 1 ? ~(number >>> 1) : number >>> 1);
      number = 0;
      shift = 0;
    }
  }
  return numbers;
}

/** Gives packed numbers one by one. */
function reader(text) {
  const numbers = unpack(text);
  let at = -1;
  return () => { at += 1; return numbers[at]; };
}

/** Features as Leaflet takes them: feature, polygon, ring, [latitude, longitude]. */
function shapes(packed) {
  const step = reader(packed.steps);
  const vertices = reader(packed.vertices);
  const rings = reader(packed.rings);
  const many = (length, make) => Array.from({ length }, make);
  let x = 0;
  let y = 0;
  const vertex = () => {
    x += step();
    y += step();
    return [y / UNITS, x / UNITS];
  };
  const ring = () => many(vertices(), vertex);
  const polygon = () => many(rings(), ring);
  return unpack(packed.polygons).map((count) => many(count, polygon));
}

/** A column of texts: its label, whether the search looks in it, and the text of a row. */
function column({ label, sought, texts, places }) {
  const numbers = places === undefined ? null : unpack(places);
  return { label, isSought: Boolean(sought), text: (row) => texts[numbers ? numbers[row] : row] };
}

/** Fills in {name} in a text of the page's language. */
function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
