// What travels with the page, read back into numbers, texts and outlines.

const ZOOM = 21;  // whose pixels are the units of outlines

/** The bytes that travel deflated; browsers of before 2023 may need pako for it, which is slower. */
async function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) { bytes[at] = raw.charCodeAt(at); }
  if (!window.DecompressionStream) { return inflate(bytes); }
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(inflated).arrayBuffer());
}

/** Reads columns: each is told by where it stands in the bytes. */
async function reader(text) {
  const bytes = await bytesOf(text);

  /** Whole numbers out of their planes, the lowest bytes first. */
  const numbers = ({ at, n, planes, signed }) => {
    if (planes === 1 && !signed) { return bytes.subarray(at, at + n); }
    const found = new Int32Array(n);
    for (let plane = 0; plane < planes; plane += 1) {
      const start = at + plane * n;
      const shift = 8 * plane;
      for (let place = 0; place < n; place += 1) { found[place] |= bytes[start + place] << shift; }
    }
    if (signed) {
      for (let place = 0; place < n; place += 1) {
        found[place] = (found[place] >>> 1) ^ -(found[place] & 1);
      }
    }
    return found;
  };

  /** Gives the text of a row; nothing is read before it is asked for. */
  const texts = ({ at, lengths }) => {
    const decoder = new TextDecoder();
    let ends = null;
    return (row) => {
      ends = ends || sums(numbers(lengths), at);
      return decoder.decode(bytes.subarray(ends[row], ends[row + 1]));
    };
  };

  /** A column of texts: its label, whether the search looks in it, and the text of a row. */
  const column = ({ label, sought, texts: told, places }) => {
    const read = texts(told);
    const rows = places === undefined ? null : numbers(places);
    return { label, isSought: Boolean(sought), text: (row) => read(rows ? rows[row] : row) };
  };

  return { numbers, column, outlines: (told) => outlines(told, numbers) };
}

/** Where each part of a sequence begins, and where the last one ends. */
function sums(lengths, start = 0) {
  const found = new Uint32Array(lengths.length + 1);
  found[0] = start;
  for (let place = 0; place < lengths.length; place += 1) {
    found[place + 1] = found[place] + lengths[place];
  }
  return found;
}

/** Outlines as flat arrays: corners x and y, where each ring's corners begin and each row's rings,
    and each row's box (west, north, east, south). */
function outlines(told, numbers) {
  const corners = sums(numbers(told.counts));
  const rings = sums(numbers(told.rings));
  const [x, y] = [0, 1].map((axis) => axisOf(numbers(told.starts[axis]), numbers(told.steps[axis]), corners));
  return { x, y, corners, rings, count: rings.length - 1, boxes: boxesOf(x, y, corners, rings) };
}

function axisOf(starts, steps, corners) {
  const places = new Int32Array(corners[corners.length - 1]);
  let start = 0;
  let step = 0;
  for (let ring = 0; ring < starts.length; ring += 1) {
    start += starts[ring];
    let place = start;
    places[corners[ring]] = place;
    for (let corner = corners[ring] + 1; corner < corners[ring + 1]; corner += 1) {
      place += steps[step];
      step += 1;
      places[corner] = place;
    }
  }
  return places;
}

function boxesOf(x, y, corners, rings) {
  const count = rings.length - 1;
  const boxes = new Int32Array(4 * count);
  for (let row = 0; row < count; row += 1) {
    const end = corners[rings[row + 1]];
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let corner = corners[rings[row]]; corner < end; corner += 1) {
      if (x[corner] < west) { west = x[corner]; }
      if (x[corner] > east) { east = x[corner]; }
      if (y[corner] < north) { north = y[corner]; }
      if (y[corner] > south) { south = y[corner]; }
    }
    if (west <= east) {
      boxes[4 * row] = west;
      boxes[4 * row + 1] = north;
      boxes[4 * row + 2] = east;
      boxes[4 * row + 3] = south;
    }
  }
  return boxes;
}

/** Whether a row has an outline. */
function isDrawn(land, row) { return land.rings[row + 1] > land.rings[row]; }

/** A place of the grid as Leaflet has it. */
function latlngOf(x, y) { return L.CRS.EPSG3857.pointToLatLng(L.point(x, y), ZOOM); }

/** A row's rings as Leaflet takes them. */
function latlngsOf(land, row) {
  const found = [];
  for (let ring = land.rings[row]; ring < land.rings[row + 1]; ring += 1) {
    const places = [];
    for (let corner = land.corners[ring]; corner < land.corners[ring + 1]; corner += 1) {
      places.push(latlngOf(land.x[corner], land.y[corner]));
    }
    found.push(places);
  }
  return found;
}

/** Fills in {name} in a text of the page's language. */
function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
