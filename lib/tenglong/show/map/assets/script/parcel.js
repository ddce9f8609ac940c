// One parcel on the canvas.

const DOT = 4;     // radius of a parcel that would be smaller than its dot, pixels
const LEVELS = 3;  // of zoom, after which dots stand where their parcels lie

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
