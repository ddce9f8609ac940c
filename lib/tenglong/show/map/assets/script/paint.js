// Colours: a parcel has that of its class in the chosen measure, and fades where it does not match.

const INK = "29, 36, 51";
const NEARER = 0.5;  // pixels: a corner that is nearer to the last one is passed over
const SPECKS = 8;    // are drawn in the time of one path

/** Grey hatching for what is not known. */
function hatch(colour) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = HATCH;
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

/** Two brushes for each class of a measure, one after the other: as it matches, and faded. */
function brushesOf(measure, missing, hasDots) {
  return [...measure.colours, missing].flatMap((fill, number) => {
    const dots = { edge: measure.edges[number], edgeAlpha: 1, weight: 1 };
    const edge = hasDots ? dots : { edge: `rgb(${INK})`, edgeAlpha: 0.6, weight: 0.4 };
    // Thousands of faint edges would take longer to draw than all the rest.
    return [{ fill, alpha: 1, ...edge }, { fill, alpha: 0.1, ...edge, edgeAlpha: hasDots ? 0.12 : 0 }]
      .map((brush) => ({ ...brush, ink: inkOf(brush) }));
  });
}

/** What a brush leaves on the pixels of one hatching. */
function inkOf({ fill, alpha }) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = HATCH;
  const pen = canvas.getContext("2d");
  pen.globalAlpha = alpha;
  pen.fillStyle = fill;
  pen.fillRect(0, 0, HATCH, HATCH);
  return new Uint32Array(pen.getImageData(0, 0, HATCH, HATCH).data.buffer);
}

/** Paints parcels by their row, in the brushes of the chosen measure. */
function painter(data, read, land) {
  const missing = hatch(data.missingColour);
  const measures = data.measures.map((measure) => ({
    classes: read.numbers(measure.classes),
    brushes: brushesOf(measure, missing, data.hasDots),
  }));
  const brushOf = new Uint8Array(land.count);
  let measure = measures[0];

  const outline = (pen, row, scale, left, top) => {
    pen.beginPath();
    for (let ring = land.rings[row]; ring < land.rings[row + 1]; ring += 1) {
      let corner = land.corners[ring];
      let x = land.x[corner] * scale - left;
      let y = land.y[corner] * scale - top;
      pen.moveTo(x, y);
      for (corner += 1; corner < land.corners[ring + 1]; corner += 1) {
        const [toX, toY] = [land.x[corner] * scale - left, land.y[corner] * scale - top];
        if (Math.abs(toX - x) + Math.abs(toY - y) >= NEARER) {
          x = toX;
          y = toY;
          pen.lineTo(x, y);
        }
      }
      pen.closePath();
    }
  };

  return {
    classes: () => measure.classes,
    /** Chooses a measure, and which parcels match. */
    show(number, matches) {
      measure = measures[number];
      for (let row = 0; row < land.count; row += 1) {
        brushOf[row] = 2 * measure.classes[row] + (matches[row] ? 0 : 1);
      }
    },
    /** Draws a parcel as the lens shows it, on a canvas or, where it is a speck, on its sheet;
        gives how much work it was, in corners. */
    draw({ pen, specks, dense, left, top }, row, lens) {
      const brush = measure.brushes[brushOf[row]];
      const size = lens.size(row);
      const work = land.corners[land.rings[row + 1]] - land.corners[land.rings[row]];
      const isDot = size < 2 * lens.radius;
      if (!isDot && size <= SPECK) {
        specks.draw(row, lens.scale * dense, left * dense, top * dense, brush.ink);
        return work / SPECKS;
      }
      if (isDot) {
        const { x, y } = lens.dot(row);
        pen.beginPath();
        pen.arc(x - left, y - top, lens.radius, 0, 2 * Math.PI);
      } else {
        outline(pen, row, lens.scale, left, top);
      }
      pen.fillStyle = brush.fill;
      pen.globalAlpha = brush.alpha;
      pen.fill("evenodd");
      if (brush.edgeAlpha > 0) {
        pen.globalAlpha = brush.edgeAlpha;
        pen.strokeStyle = brush.edge;
        pen.lineWidth = brush.weight;
        pen.stroke();
      }
      return work;
    },
  };
}
