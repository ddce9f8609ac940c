/* Draws the parcels of one map from the JSON beside it; the only global is the initialiser.
   Whatever comes from data reaches the page as text, never as HTML. */
(function () {
  "use strict";

  const UNITS = 1e6;      // whole numbers in a degree
  const DOT = 4;          // radius of a parcel that would be smaller than its dot, pixels
  const SHEET = 680;      // longer side of what the static map shows, pixels: dots are made for it
  const MARGIN = 24;      // around the whole map, pixels, both sides together
  const LEVELS = 3;       // of zoom, after which dots stand where their parcels lie
  const EDGE = { color: "#1d2433", weight: 0.4, opacity: 0.6 };
  const DOT_EDGE = { weight: 1, opacity: 1 };
  const CHOSEN = { color: "#1d2433", weight: 2.5, opacity: 1 };
  const LINES = [
    { color: "#7b8699", weight: 1.2, fillColor: "#eef1f5", fillOpacity: 1 },
    { color: "#0b5c8a", weight: 1.8, dashArray: "7 4", fill: false },
    { color: "#7a3b86", weight: 1.6, dashArray: "2 4", fill: false },
  ];

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

  function node(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) { made.textContent = text; }
    return made;
  }

  /** The facts of a parcel; the first names it. */
  function card(columns, row) {
    const made = node("div", "parcel-map-card");
    const facts = node("dl", "");
    columns.forEach((column, place) => {
      const text = column.texts[column.places ? column.places[row] : row];
      if (place === 0) {
        made.append(node("strong", "", text));
      } else {
        facts.append(node("dt", "", column.label), node("dd", "", text));
      }
    });
    made.append(facts);
    return made;
  }

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

  /** A polygon that is drawn as a dot where it would be smaller than one. Its dot is shifted, as
      on the static map, so that none hides another; the closer the view, the less it needs that.
      Both grow with the map: `view` says by how much, and at which zoom the whole map fits. */
  const Parcel = L.Polygon.extend({
    _updateBounds() {
      L.Polygon.prototype._updateBounds.call(this);
      const box = this._rawPxBounds;
      const { view } = this.options;
      this._radius = DOT * view.factor;
      this._isDot = Boolean(this.options.hasDots && box)
        && Math.max(box.getSize().x, box.getSize().y) < 2 * this._radius;
      if (this._isDot) {
        const reach = L.point(1, 1).multiplyBy(this._radius + this._clickTolerance());
        const share = Math.min(1, Math.max(0, 1 - (this._map.getZoom() - view.zoom) / LEVELS));
        this._point = box.getCenter().add(this.shift.multiplyBy(share * view.factor));
        this._pxBounds = L.bounds(this._point.subtract(reach), this._point.add(reach));
      }
    },
    _updatePath() {
      if (this._isDot) {
        this._renderer._updateCircle(this);
      } else {
        L.Polygon.prototype._updatePath.call(this);
      }
    },
    _empty() { return this._parts.length === 0; },
    _containsPoint(point) {
      return this._isDot
        ? point.distanceTo(this._point) <= this._radius + this._clickTolerance()
        : L.Polygon.prototype._containsPoint.call(this, point);
    },
  });

  function addParcels(map, data, view) {
    const fills = [...data.colours, hatch(data.missingColour)];
    const classes = unpack(data.classes);
    const shifts = unpack(data.shifts);
    const renderer = L.canvas({ padding: 0.2, tolerance: L.Browser.mobile ? 6 : 1 });
    const styles = fills.map((fillColor, number) => {
      const edge = data.hasDots ? { ...DOT_EDGE, color: data.edges[number] } : EDGE;
      return { ...edge, edge, fillColor, fillOpacity: 1, renderer, smoothFactor: 0.3, hasDots: data.hasDots, view };
    });
    const group = L.featureGroup();
    shapes(data.shapes).forEach((shape, row) => {
      if (shape.length === 0) { return; }
      const parcel = new Parcel(shape, styles[classes[row]]);
      parcel.row = row;
      parcel.shift = L.point(shifts[2 * row] || 0, shifts[2 * row + 1] || 0).divideBy(10);
      group.addLayer(parcel);
    });
    const columns = data.columns.map(
      (column) => ({ ...column, places: column.places === undefined ? null : unpack(column.places) }),
    );
    if (columns.length > 0) {
      group.bindPopup((parcel) => card(columns, parcel.row), { maxWidth: 420, className: "parcel-map-popup" });
      group.bindTooltip((parcel) => card(columns.slice(0, 1), parcel.row), { sticky: true });
      group.on("mouseover", (event) => event.layer.setStyle(CHOSEN));
      group.on("mouseout", (event) => event.layer.setStyle(event.layer.options.edge));
    }
    return group.addTo(map);
  }

  /** An outline layer with its names. */
  function outline(map, data, place) {
    const name = `outline${place}`;
    const pane = map.createPane(name);
    pane.style.zIndex = place === 0 ? 350 : 360;
    pane.style.pointerEvents = "none";
    const style = { ...LINES[Math.min(place, LINES.length - 1)], interactive: false, pane: name };
    const renderer = L.svg({ pane: name, padding: 0.2 });
    const group = L.layerGroup();
    shapes(data.shapes).forEach((shape) => group.addLayer(L.polygon(shape, { ...style, renderer })));
    const at = unpack(data.points);
    data.names.forEach((text, row) => {
      const label = L.tooltip({ permanent: true, direction: "center", className: "parcel-map-name", opacity: 1 });
      group.addLayer(label.setLatLng([at[2 * row + 1] / UNITS, at[2 * row] / UNITS]).setContent(node("span", "", text)));
    });
    return group.addTo(map);
  }

  /** Hides the names that would stand on another one. */
  function thinOut(map) {
    const kept = [];
    map.getContainer().querySelectorAll(".parcel-map-name").forEach((label) => {
      const box = label.getBoundingClientRect();
      const clashes = kept.some((other) => box.left < other.right && other.left < box.right
        && box.top < other.bottom && other.top < box.bottom);
      label.style.visibility = clashes ? "hidden" : "";
      if (!clashes) { kept.push(box); }
    });
  }

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
    return { fit, view };
  }

  /** Buttons and check boxes stand in the page, hidden until a script can serve them. */
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
    panel.querySelectorAll("[hidden]").forEach((part) => { part.hidden = false; });
  }

  window.tenglongParcelMap = function (map, id) {
    const data = JSON.parse(document.getElementById(id).textContent);
    const words = data.words;
    const { fit, view } = keepFitted(map, data.bounds);
    const layers = data.outlines.map((layer, place) => outline(map, layer, place));
    addParcels(map, data, view);
    thinOut(map);
    map.on("zoomend", () => thinOut(map));
    map.on("popupopen", (event) => {
      event.popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words.close);
    });
    map.on("focus", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());
    L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
    serve(map, map.getContainer().closest(".parcel-map"), layers, fit);
  };
}());
