// Finds parcels by their place, in time that grows with what is found.

const DEEPEST = 10;  // 2^10 by 2^10 cells

/** Squares of halving sides over all the land. A parcel lies in that one which its middle falls in,
    of the smallest side that is not shorter than its own: so it reaches out of it by half a side
    at most, is kept once, and none is looked for in more than a few cells a level. */
function placeIndex(land) {
  const { boxes, count } = land;
  const { west, north, side } = squareOf(land);
  const deepest = Math.min(DEEPEST, Math.round(Math.log2(Math.max(1, count)) / 2));
  const firsts = Array.from({ length: deepest + 1 }, (_, level) => (4 ** level - 1) / 3);
  const levels = new Uint32Array(deepest + 1);

  const cellOf = (row) => {
    const [x0, y0, x1, y1] = [boxes[4 * row], boxes[4 * row + 1], boxes[4 * row + 2], boxes[4 * row + 3]];
    const longest = Math.max(x1 - x0, y1 - y0, 1);
    const level = Math.min(deepest, Math.floor(Math.log2(side / longest)));
    const cells = 2 ** level;
    levels[level] += 1;
    const column = Math.floor((((x0 + x1) / 2 - west) / side) * cells);
    const line = Math.floor((((y0 + y1) / 2 - north) / side) * cells);
    return firsts[level] + line * cells + column;
  };

  // Sorted by counting, in the order of the rows within each cell.
  const own = new Int32Array(count).fill(-1);
  const counts = new Uint32Array((4 ** (deepest + 1) - 1) / 3);
  for (let row = 0; row < count; row += 1) {
    if (isDrawn(land, row)) {
      own[row] = cellOf(row);
      counts[own[row]] += 1;
    }
  }
  const begins = sums(counts);
  const next = begins.slice();
  const items = new Uint32Array(begins[begins.length - 1]);
  for (let row = 0; row < count; row += 1) {
    if (own[row] >= 0) {
      items[next[own[row]]] = row;
      next[own[row]] += 1;
    }
  }

  /** Calls `visit` with each row whose box meets the given one, in no order. */
  const within = (x0, y0, x1, y1, visit) => {
    for (let level = 0; level <= deepest; level += 1) {
      if (levels[level] > 0) {
        const cells = 2 ** level;
        const at = (place, low, by) => Math.min(cells - 1, Math.max(0, Math.floor(((place - low) / side) * cells + by)));
        const [left, right] = [at(x0, west, -0.5), at(x1, west, 0.5)];
        const [top, bottom] = [at(y0, north, -0.5), at(y1, north, 0.5)];
        for (let line = top; line <= bottom; line += 1) {
          const first = firsts[level] + line * cells;
          // The cells of a line stand one after another, and so do their parcels.
          const end = begins[first + right + 1];
          for (let place = begins[first + left]; place < end; place += 1) {
            const row = items[place];
            if (boxes[4 * row] <= x1 && boxes[4 * row + 2] >= x0
                && boxes[4 * row + 1] <= y1 && boxes[4 * row + 3] >= y0) { visit(row); }
          }
        }
      }
    }
  };

  const marked = new Uint32Array((count + 31) >>> 5);
  /** The rows whose boxes meet the given one, in their order. */
  const rows = (x0, y0, x1, y1) => {
    let size = 0;
    within(x0, y0, x1, y1, (row) => {
      marked[row >>> 5] |= 1 << (row & 31);
      size += 1;
    });
    const found = new Uint32Array(size);
    for (let word = 0, place = 0; place < size; word += 1) {
      while (marked[word] !== 0) {
        const bit = 31 - Math.clz32(marked[word] & -marked[word]);
        marked[word] &= marked[word] - 1;
        found[place] = 32 * word + bit;
        place += 1;
      }
    }
    return found;
  };
  return { within, rows };
}

/** The least square that holds all boxes, a unit wider than needed: no middle lies on its end. */
function squareOf(land) {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let row = 0; row < land.count; row += 1) {
    if (isDrawn(land, row)) {
      west = Math.min(west, land.boxes[4 * row]);
      north = Math.min(north, land.boxes[4 * row + 1]);
      east = Math.max(east, land.boxes[4 * row + 2]);
      south = Math.max(south, land.boxes[4 * row + 3]);
    }
  }
  return { west, north, side: Math.max(east - west, south - north, 0) + 1 };
}
