// How outlines are seen at a zoom: what a unit measures, and which parcels are dots.

const DOT = 4;      // radius of a parcel that would be smaller than its dot, pixels
const LEVELS = 3;   // of zoom, after which dots stand where their parcels lie
const TENTHS = 10;  // in a pixel, by which dots are shifted

/** A parcel that would be smaller than its dot is drawn as one. Its dot is shifted, as on the
    static map, so that none hides another; the closer the view, the less it needs that. Both grow
    with the map: `view` says by how much, and at which zoom the whole map fits. */
function lensAt(zoom, { land, shifts, hasDots }, view) {
  const { boxes } = land;
  const scale = 2 ** (zoom - ZOOM);
  const radius = hasDots ? DOT * view.factor : 0;
  const share = Math.min(1, Math.max(0, 1 - (zoom - view.zoom) / LEVELS)) * (view.factor / TENTHS);
  const farthest = shifts.reduce((most, shift) => Math.max(most, Math.abs(shift)), 0) * share;
  const size = (row) => scale * Math.max(boxes[4 * row + 2] - boxes[4 * row], boxes[4 * row + 3] - boxes[4 * row + 1]);
  return {
    zoom,
    scale,
    radius,
    reach: hasDots ? farthest + radius + 1 : 1,  // pixels beyond its box in which a parcel may be drawn
    size,
    isDot: (row) => size(row) < 2 * radius,
    /** The middle of a dot, in pixels of the world at this zoom. */
    dot: (row) => L.point(
      (scale * (boxes[4 * row] + boxes[4 * row + 2])) / 2 + (shifts[2 * row] || 0) * share,
      (scale * (boxes[4 * row + 1] + boxes[4 * row + 3])) / 2 + (shifts[2 * row + 1] || 0) * share,
    ),
  };
}
