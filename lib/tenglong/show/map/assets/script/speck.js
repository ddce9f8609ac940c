// Parcels of a few pixels, set pixel by pixel: thousands of paths would take many times as long.

const SPECK = 4;  // pixels: what is not longer is one

/** A sheet of specks. Each pixel is that of the last parcel which its middle lies in, and every
    parcel has one pixel at least: no class looks larger than it is for the order it is drawn in. */
function speckSheet(land, side) {
  const image = new ImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  const crossings = [];
  let isEmpty = true;

  const set = (x, y, ink) => {
    if (x >= 0 && y >= 0 && x < side && y < side) {
      pixels[y * side + x] = ink[(y % HATCH) * HATCH + (x % HATCH)];
    }
  };
  /** Finds where the outline crosses the middle of a line of pixels, from left to right. */
  const cross = (row, height) => {
    let count = 0;
    for (let ring = land.rings[row]; ring < land.rings[row + 1]; ring += 1) {
      const end = land.corners[ring + 1];
      for (let corner = land.corners[ring], last = end - 1; corner < end; last = corner, corner += 1) {
        const ay = land.y[last];
        const by = land.y[corner];
        if ((ay > height) !== (by > height)) {
          const ax = land.x[last];
          const x = ax + ((land.x[corner] - ax) * (height - ay)) / (by - ay);
          let place = count;
          for (; place > 0 && crossings[place - 1] > x; place -= 1) { crossings[place] = crossings[place - 1]; }
          crossings[place] = x;
          count += 1;
        }
      }
    }
    return count;
  };

  return {
    /** Sets a parcel's pixels: `ink` has one for each of a hatching's. */
    draw(row, scale, left, top, ink) {
      isEmpty = false;
      const { boxes } = land;
      const y0 = boxes[4 * row + 1] * scale - top;
      const y1 = boxes[4 * row + 3] * scale - top;
      let isSet = false;
      for (let y = Math.ceil(y0 - 0.5); y + 0.5 < y1; y += 1) {
        const count = cross(row, (y + 0.5 + top) / scale);
        for (let place = 0; place + 1 < count; place += 2) {
          const end = crossings[place + 1] * scale - left;
          for (let x = Math.ceil(crossings[place] * scale - left - 0.5); x + 0.5 < end; x += 1) {
            set(x, y, ink);
            isSet = true;
          }
        }
      }
      if (!isSet) {
        const x = ((boxes[4 * row] + boxes[4 * row + 2]) / 2) * scale - left;
        set(Math.floor(x), Math.floor((y0 + y1) / 2), ink);
      }
    },
    /** Lays the sheet on a canvas. */
    lay(pen) {
      if (isEmpty) { return; }
      const sheet = document.createElement("canvas");
      sheet.width = sheet.height = side;
      sheet.getContext("2d").putImageData(image, 0, 0);
      pen.save();
      pen.resetTransform();
      pen.globalAlpha = 1;
      pen.drawImage(sheet, 0, 0);
      pen.restore();
    },
  };
}
