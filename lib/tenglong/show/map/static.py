"""The map for print and for readers without scripts: the same classes, as one inline SVG."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import floor, log10
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from tenglong.measure.parcel.classes import Classes
from tenglong.show.map.dots import DOT_RADIUS
from tenglong.show.map.legend import MISSING_COLOUR, Legend, edge_of, legend_of, palette_of
from tenglong.show.map.parcel_layer import check_index
from tenglong.show.map.rings import Rings, rings_of
from tenglong.show.map.sheet import (
    NAME_SIZE,
    Sheet,
    boxes_of,
    middles,
    sheet_of,
)
from tenglong.show.map.sheet_legend import INK, SIDE, Side, svg_text
from tenglong.show.page import Page
from tenglong.show.piece import Piece

GAP = 24  # between the map and its legend, pixels
GROUND, PALE = "#eef1f5", "#fafbfc"
PALE_LINE = 'stroke="#c9d0db" stroke-width="7"'
LINES = (
    'stroke="#7b8699" stroke-width="9"',
    'stroke="#0b5c8a" stroke-width="14" stroke-dasharray="70 40"',
    'stroke="#7a3b86" stroke-width="14" stroke-dasharray="20 35"',
)
Floats = NDArray[np.float64]


TOLERANCE = 0.4  # by which an outline may move, pixels
TENTHS = 10


def path_data(rings: Rings) -> list[str]:
    """Write each feature's rings, given in pixels, as the data of one path.

    Every ring is thinned out by itself, so that what is invalid stays as it is; a ring that
    vanishes becomes a point, which its stroke shows.

    >>> from tenglong.show.map.rings import rings_of
    >>> import geopandas as gpd
    >>> path_data(rings_of(gpd.GeoSeries([shapely.box(0, 0, 2, 1)])))
    ['M20 0l0 10-20 0 0-10z']
    """
    if not len(rings.vertices):
        return ["" for _ in rings.polygons]
    places = np.repeat(np.arange(len(rings.vertices)), rings.vertices)
    closed = shapely.linearrings(rings.points, indices=places)
    thinned = shapely.simplify(closed, TOLERANCE, preserve_topology=False)
    data = [""] * len(rings.polygons)
    for feature, ring in zip(rings.ring_features.tolist(), _rings(thinned), strict=True):
        data[feature] += ring
    return data


def _rings(lines: NDArray[np.object_]) -> Iterator[str]:
    """Write closed lines: an absolute start, then steps."""
    points, places = shapely.get_coordinates(lines, return_index=True)
    tenths = np.rint(points * TENTHS).astype(np.int64)
    ends = np.searchsorted(places, np.arange(len(lines)), side="right")
    for line in np.split(tenths, ends[:-1]):
        steps = np.diff(line[:-1], axis=0)
        shown = steps[steps.any(axis=1)].ravel().tolist() or [0, 0]
        x, y = line[0].tolist()
        yield f"M{x} {y}l{' '.join(map(str, shown))}z".replace(" -", "-")


def static_map(  # noqa: PLR0913 - the options of a drawing, by name only
    page: Page,
    parcels: gpd.GeoDataFrame,
    classes: Classes,
    measure: Mapping[str, Any],
    *,
    outlines: Mapping[str, gpd.GeoDataFrame] | None = None,
    neighbours: gpd.GeoDataFrame | None = None,
    caption: str = "",
    credit: str = "",
    name: str = "static_map",
) -> Piece:
    """Draw parcels as a picture, in the colours of their classes.

    A parcel that would be too small to see is a dot at its middle; dots are drawn in the order of
    the parcels, so that no class covers the others by its rank.

    Parameters
    ----------
    parcels, classes, measure, outlines, neighbours
        As in `parcel_map`.
    credit
        Where the data comes from, and of which day it is.
    name
        Begins the ids in the picture, which differ from those of other maps on the page.

    Raises
    ------
    DataError
        If the indexes differ, or the parcels are not in metres.
    """
    check_index(parcels, classes, {})
    layers = {label: layer.to_crs(parcels.crs) for label, layer in (outlines or {}).items()}
    sheet = sheet_of([parcels, *layers.values()])
    shapes = sheet.shapes(parcels.geometry)
    boxes = boxes_of(shapes)
    dots = sheet.dots(boxes, list(layers.values()))
    is_dot = ~np.isnan(dots[:, 0])
    places = np.where(is_dot[:, None], dots, middles(boxes))
    palette = palette_of(classes, measure)
    legend = legend_of(
        page,
        classes,
        measure,
        without_outline=int(np.isnan(boxes[:, 0]).sum()),
        has_dots=bool(is_dot.any()),
    )
    side = Side(sheet.width + GAP)
    side.draw(page, legend, (*palette, f"url(#{name}-hatch)"), list(layers), LINES, credit)
    parts = [
        *_around(sheet, neighbours, parcels.crs),
        *_outlines(layers, sheet, is_ground=True),
        *_polygons(shapes[~is_dot], classes.assigned[~is_dot], (*palette, f"url(#{name}-hatch10)")),
        *_outlines(layers, sheet, is_ground=False),
        *_dots(dots[is_dot], classes.assigned[is_dot], palette, f"url(#{name}-hatch)"),
        *_names(layers, sheet, places[~np.isnan(places[:, 0])]),
        *_scale_bar(page, sheet),
        *side.parts,
    ]
    size = (sheet.width + GAP + SIDE, max(sheet.height, side.height + 8))
    heading = f"<figcaption><strong>{escape(caption)}</strong></figcaption>" if caption else ""
    picture = _picture(page, parts, size, legend, name)
    return Piece(f'<figure class="static-map">{heading}{picture}</figure>')


def _around(sheet: Sheet, neighbours: gpd.GeoDataFrame | None, crs: Any) -> Iterator[str]:
    """Draw what lies around the ground, pale."""
    if neighbours is not None:
        shapes = sheet.shapes(sheet.around(neighbours, crs).geometry)
        data = "".join(path_data(rings_of(shapes)))
        style = f'fill="{PALE}" fill-rule="evenodd" {PALE_LINE}'
        yield f'<path transform="scale(.1)" {style} d="{data}"/>'


def _outlines(
    layers: Mapping[str, gpd.GeoDataFrame], sheet: Sheet, *, is_ground: bool
) -> Iterator[str]:
    """Draw the first layer, on which the parcels lie, or the others, which lie on them."""
    for place, layer in enumerate(layers.values()):
        if is_ground == (place == 0):
            fill = GROUND if is_ground else "none"
            data = "".join(path_data(rings_of(sheet.shapes(layer.geometry))))
            style = f'fill="{fill}" fill-rule="evenodd" {LINES[min(place, len(LINES) - 1)]}'
            yield f'<path transform="scale(.1)" {style} d="{data}"/>'


def _polygons(shapes: gpd.GeoSeries, assigned: pd.Series, fills: Sequence[str]) -> Iterator[str]:
    """Draw parcels class by class: they lie side by side, so the order hides none."""
    data = np.array(path_data(rings_of(shapes)), dtype=object)
    numbers = assigned.fillna(len(fills) - 1).to_numpy(dtype=np.int64)
    for number, fill in enumerate(fills):
        paths = "".join(f'<path d="{path}"/>' for path in data[numbers == number] if path)
        if paths:
            yield (
                f'<g transform="scale(.1)" fill="{fill}" fill-rule="evenodd" stroke="{INK}"'
                f' stroke-opacity=".5" stroke-width="3">{paths}</g>'
            )


def _dots(dots: Floats, assigned: pd.Series, palette: Sequence[str], hatch: str) -> Iterator[str]:
    """Draw parcels that are too small to see, in their own order."""
    styles = [f'fill="{colour}" stroke="{edge_of(colour)}"' for colour in palette]
    styles.append(f'fill="{hatch}" stroke="{edge_of(None)}"')
    numbers = assigned.fillna(len(palette)).to_numpy(dtype=np.int64)
    for (x, y), number in zip(dots.tolist(), numbers.tolist(), strict=True):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{DOT_RADIUS}" {styles[number]}/>'


def _names(layers: Mapping[str, gpd.GeoDataFrame], sheet: Sheet, places: Floats) -> Iterator[str]:
    """Write the names of the ground's parts."""
    for layer in list(layers.values())[:1]:
        texts = "".join(
            svg_text(name.text, name.x, name.y + NAME_SIZE * 0.36, size=NAME_SIZE)
            for name in sheet.names(layer, places)
        )
        yield (
            f'<g text-anchor="middle" font-weight="600" fill="#39445a" stroke="{GROUND}"'
            f' stroke-width="3.5" stroke-linejoin="round" paint-order="stroke">{texts}</g>'
        )


def _scale_bar(page: Page, sheet: Sheet) -> Iterator[str]:
    """Draw the longest round length that takes at most a fifth of the sheet."""
    power = 10 ** floor(log10(sheet.width / sheet.scale / 5))
    metres = max(n * power for n in (1, 2, 5) if n * power * sheet.scale <= sheet.width / 5)
    length, y = metres * sheet.scale, sheet.height - 14
    unit, size = ("kilometres", 1000) if metres >= 1000 else ("metres", 1)  # noqa: PLR2004
    text = f"{metres / size:g} {page.word(f'map.{unit}')}"
    yield (
        f'<path d="M14 {y - 6:g}v6h{length:.1f}v-6" fill="none" stroke="{INK}" stroke-width="1.5"/>'
        + svg_text(text, 20, y - 5, size=12)
    )


def _picture(
    page: Page, parts: Sequence[str], size: tuple[float, float], legend: Legend, name: str
) -> str:
    """Put the parts into one SVG, described for those who cannot see it."""
    rows = [page.word("map.class_count", text=e.text, n=f"{e.count:,}") for e in legend.entries]
    classes = page.word("map.separator").join((*rows, *legend.notes))
    total = f"{legend.total:,}"
    description = page.word("map.description", n=total, title=legend.title, classes=classes)
    return (
        f'<svg viewBox="0 0 {size[0]:g} {size[1]:g}" width="100%" role="img" fill="{INK}"'
        f' aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">'
        f'{escape(legend.title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
        f'<pattern id="{name}-hatch" width="5" height="5" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="5" height="5" fill="#fff"/>'
        f'<rect width="1.6" height="5" fill="{MISSING_COLOUR}"/></pattern><pattern'
        f' id="{name}-hatch10" href="#{name}-hatch" patternTransform="rotate(45) scale(10)"/>'
        f"{''.join(parts)}</svg>"
    )
