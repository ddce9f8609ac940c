// The parcels on canvases side by side: each is painted once, and moves with the map.

const HATCH = 6;         // pixels: side of what hatching repeats
const SIDE = 42 * HATCH; // of a canvas, pixels: hatching goes on from one to the next
const AROUND = 128;      // pixels around what is in sight that are painted, too
const KEPT = 0.5;        // of a view, around what is in sight: so far canvases are kept
const BUDGET = 10;       // milliseconds of painting in a frame
const OPENING = 80;      // the same before anything is shown: no one waits for a frame
const RUN = 1500;        // corners between two looks at the clock

/** One canvas: its rows in their order, and how far it is painted. */
function tileOf(x, y) { return { x, y, key: `${x} ${y}`, shown: null, sheet: null, rows: null, next: 0, isStale: false }; }

const Tiles = L.Layer.extend({
  initialize({ land, index, paint, lensAt: lens }) {
    Object.assign(this, { _land: land, _index: index, _paint: paint, _lensAt: lens, _queue: [], _frame: null, _hasOpened: false });
  },
  onAdd() {
    this._holder = L.DomUtil.create("div", "parcel-map-tiles", this.getPane());
    this._level = null;
    this._under = null;
    this._settle();
  },
  onRemove() {
    cancelAnimationFrame(this._frame);
    this._holder.remove();
  },
  getEvents() {
    return {
      zoom: this._place,
      zoomanim: ({ center, zoom }) => this._place(null, this._map._getNewPixelOrigin(center, zoom), zoom),
      viewreset: this._settle,
      zoomend: this._settle,
      moveend: this._settle,
      move: () => this._await(),
    };
  },
  lens() { return this._level.lens; },

  /** Paints everything anew, each canvas in place of the one before. */
  repaint() {
    if (!this._map) { return; }
    this._level.tiles.forEach((tile) => { tile.rows = null; tile.isStale = true; });
    this._settle();
  },

  /** Puts the canvases where the map is, or will be at the end of a zoom. */
  _place(_, origin = this._map.getPixelOrigin(), zoom = this._map.getZoom()) {
    [this._under, this._level].filter(Boolean).forEach((level) => {
      const scale = this._map.getZoomScale(zoom, level.lens.zoom);
      L.DomUtil.setTransform(level.element, level.origin.multiplyBy(scale).subtract(origin).round(), scale);
    });
  },

  _settle() {
    const zoom = this._map.getZoom();
    if (!this._level || this._level.lens.zoom !== zoom) { this._begin(zoom); }
    this._place();
    if (this._frame === null) { this._work(); }
  },

  /** Begins a zoom; what was painted at the one before stays below until all is painted anew. */
  _begin(zoom) {
    const before = this._level;
    if (before && before.isWhole) {
      if (this._under) { this._under.element.remove(); }
      this._under = before;
    } else if (before) { before.element.remove(); }
    const element = L.DomUtil.create("div", "leaflet-zoom-animated", this._holder);
    this._level = { element, origin: this._map.getPixelOrigin(), lens: this._lensAt(zoom), tiles: new Map(), isWhole: false };
  },

  _await() {
    if (this._frame === null) { this._frame = requestAnimationFrame(() => this._turn()); }
  },

  /** Goes on in a frame; while fingers zoom, what is there is stretched, and nothing painted. */
  _turn() {
    this._frame = null;
    if (this._map.getZoom() === this._level.lens.zoom && this._wanted().length > 0) { this._work(); }
  },

  /** Paints what is in sight and not yet painted, as long as a frame has time for it. */
  _work() {
    const until = performance.now() + (this._hasOpened ? BUDGET : OPENING);
    const waiting = this._wanted();
    while (waiting.length > 0 && this._paintTile(waiting[0], until)) { waiting.shift(); }
    const isWhole = waiting.length === 0;
    this._map.getContainer().toggleAttribute("data-painting", !isWhole);
    if (isWhole) {
      this._level.isWhole = true;
      this._hasOpened = true;
      if (this._under) { this._under.element.remove(); }
      this._under = null;
    }
    this._await();  // one turn a frame, also for what the same frame asks for later
  },

  /** The canvases to paint, from the middle outwards; those far away are given up. */
  _wanted() {
    const { tiles } = this._level;
    const size = this._map.getSize();
    const corner = this._map.containerPointToLayerPoint([0, 0]).add(this._map.getPixelOrigin());
    const middle = corner.add(size.divideBy(2)).divideBy(SIDE);
    const far = size.divideBy(2).add([AROUND, AROUND]).divideBy(SIDE);
    const wanted = [];
    for (let y = Math.floor(middle.y - far.y); y <= middle.y + far.y; y += 1) {
      for (let x = Math.floor(middle.x - far.x); x <= middle.x + far.x; x += 1) {
        const key = `${x} ${y}`;
        if (!tiles.has(key)) { tiles.set(key, tileOf(x, y)); }
        const tile = tiles.get(key);
        if (tile.shown === null || tile.isStale) { wanted.push(tile); }
      }
    }
    tiles.forEach((tile, key) => {
      const away = [Math.abs(tile.x + 0.5 - middle.x) - far.x, Math.abs(tile.y + 0.5 - middle.y) - far.y];
      const isFar = away[0] > 1 + 2 * KEPT * far.x || away[1] > 1 + 2 * KEPT * far.y;
      if (isFar || (tile.isStale && Math.max(...away) > 1)) {
        if (tile.shown) { tile.shown.remove(); }
        tiles.delete(key);
      }
    });
    const distance = (tile) => (tile.x + 0.5 - middle.x) ** 2 + (tile.y + 0.5 - middle.y) ** 2;
    return wanted.sort((one, other) => distance(one) - distance(other));
  },

  /** Goes on with a canvas until it is done, or until a time; tells whether it is. */
  _paintTile(tile, until) {
    if (tile.rows === null) { this._start(tile); }
    const { lens } = this._level;
    const { sheet, rows } = tile;
    while (tile.next < rows.length) {
      if (performance.now() >= until) { return false; }
      for (let work = 0; work < RUN && tile.next < rows.length; tile.next += 1) {
        work += this._paint.draw(sheet, rows[tile.next], lens);
      }
      sheet.pen.getImageData(0, 0, 1, 1);  // browsers paint later than they are told: the clock must know
    }
    sheet.specks.lay(sheet.pen);
    this._show(tile);
    return true;
  },

  _start(tile) {
    const { lens } = this._level;
    const [west, north, east, south] = [
      tile.x * SIDE - lens.reach, tile.y * SIDE - lens.reach,
      (tile.x + 1) * SIDE + lens.reach, (tile.y + 1) * SIDE + lens.reach,
    ].map((place) => place / lens.scale);
    const dense = L.Browser.retina ? 2 : 1;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIDE * dense;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.scale(dense, dense);
    pen.lineJoin = "round";
    const specks = speckSheet(this._land, SIDE * dense);
    tile.sheet = { canvas, pen, specks, dense, left: tile.x * SIDE, top: tile.y * SIDE };
    Object.assign(tile, { rows: this._index.rows(west, north, east, south), next: 0 });
  },

  _show(tile) {
    const { element, origin } = this._level;
    const { canvas, left, top } = tile.sheet;
    canvas.style.width = canvas.style.height = `${SIDE}px`;
    canvas.style.left = `${left - origin.x}px`;
    canvas.style.top = `${top - origin.y}px`;
    element.append(canvas);
    if (tile.shown) { tile.shown.remove(); }
    Object.assign(tile, { shown: canvas, sheet: null, isStale: false });
  },
});
