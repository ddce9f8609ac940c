// Which parcel lies under the mouse or a finger.

const NEAR_BY = L.Browser.mobile ? 6 : 1;  // pixels beside an outline that still mean it
const OTHERS = ".leaflet-popup, .leaflet-control";  // what lies above the parcels

/** Gives the row at a place of the grid, the one drawn last where there are several, or null. */
function hitter(land, index) {
  const { boxes } = land;
  return (x, y, lens) => {
    const beside = NEAR_BY / lens.scale;
    const reach = lens.reach / lens.scale + beside;
    const middle = L.point(x * lens.scale, y * lens.scale);
    let [inside, near] = [-1, -1];
    index.within(x - reach, y - reach, x + reach, y + reach, (row) => {
      if (lens.isDot(row)) {
        if (lens.dot(row).distanceTo(middle) <= lens.radius + NEAR_BY) { inside = Math.max(inside, row); }
      } else if (boxes[4 * row] - beside <= x && boxes[4 * row + 2] + beside >= x
          && boxes[4 * row + 1] - beside <= y && boxes[4 * row + 3] + beside >= y) {
        const { isInside, distance } = relation(land, row, x, y);
        if (isInside) { inside = Math.max(inside, row); } else if (distance <= beside) { near = Math.max(near, row); }
      }
    });
    const row = inside >= 0 ? inside : near;
    return row >= 0 ? row : null;
  };
}

/** Whether a place is inside a row's rings, holes left out, and how far their lines are. */
function relation(land, row, x, y) {
  let isInside = false;
  let nearest = Infinity;
  for (let ring = land.rings[row]; ring < land.rings[row + 1]; ring += 1) {
    const [first, end] = [land.corners[ring], land.corners[ring + 1]];
    for (let corner = first, last = end - 1; corner < end; last = corner, corner += 1) {
      const [ax, ay, bx, by] = [land.x[last], land.y[last], land.x[corner], land.y[corner]];
      if ((ay > y) !== (by > y) && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) { isInside = !isInside; }
      nearest = Math.min(nearest, distanceTo(x, y, ax, ay, bx, by));
    }
  }
  return { isInside, distance: nearest };
}

/** How far a place is from a line between two corners. */
function distanceTo(x, y, ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}

/** Tells which parcel is hovered (null where none is), once a frame, and which is clicked. */
function follower(map, hit, lens, { hovered, clicked }) {
  const frame = map.getContainer();
  const rowAt = ({ latlng, originalEvent }) => {
    if (originalEvent.target.closest(OTHERS)) { return null; }
    const { x, y } = map.project(latlng, ZOOM);
    return hit(x, y, lens());
  };
  let last = null;
  let waiting = null;
  const look = () => {
    waiting = null;
    const row = last === null ? null : rowAt(last);
    frame.classList.toggle("is-over-parcel", row !== null);
    hovered(row, last && last.latlng);
  };
  const seen = (event) => {
    last = event;
    if (waiting === null) { waiting = requestAnimationFrame(look); }
  };
  map.on("mousemove", (event) => { if (!map.dragging.moving()) { seen(event); } });
  map.on("mouseout", () => seen(null));
  map.on("click", (event) => {
    const row = rowAt(event);
    if (row !== null) { clicked(row, event.latlng); }
  });
}
