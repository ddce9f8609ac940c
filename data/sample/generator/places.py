"""Places: the 17 townships, schematic, and the sites where industry stands.

The real outline is divided among the townships: some hundred small cells, each given to the
township whose seat is nearest, then smoothed. The borders are therefore invented (示意); they
share every vertex, and together they are the outline, no more and no less.
"""

import csv
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from generator.streams import stream

REFERENCE = Path(__file__).parents[2] / "reference" / "330328"
DEGREES, METRES = "EPSG:4490", "EPSG:4549"
CELLS = 900
SMOOTHING = 0.006  # degrees
LONGITUDE_SCALE = 0.885  # a degree of longitude in degrees of latitude, at 27.8° N
# Seats, roughly: enough to put the townships in their true order around one another.
SEATS = {
    "330328100": (120.092, 27.789), "330328101": (120.045, 27.838),
    "330328102": (119.965, 27.905), "330328103": (119.885, 27.862),
    "330328104": (119.965, 27.768), "330328105": (120.010, 27.672),
    "330328106": (120.062, 27.706), "330328107": (120.105, 27.905),
    "330328108": (120.165, 27.768), "330328109": (120.022, 27.905),
    "330328110": (119.852, 27.798), "330328111": (120.000, 27.855),
    "330328217": (120.130, 27.712), "330328225": (120.062, 27.615),
    "330328226": (120.150, 27.838), "330328227": (120.185, 27.725),
    "330328228": (120.160, 27.885),
}  # fmt: skip


def names(column: str = "name") -> dict[str, str]:
    """Read the townships' names, or those in English (`name_en`), by their codes."""
    with (REFERENCE / "townships_en.csv").open(encoding="utf-8") as file:
        return {row["code"]: row[column] for row in csv.DictReader(file)}


def outline() -> BaseGeometry:
    """Read the county's outline, in degrees."""
    return gpd.read_file(REFERENCE / "outline.geojson").geometry.iloc[0]


def _nearest_seat(geometries: Any) -> NDArray[np.intp]:
    centres = shapely.get_coordinates(shapely.point_on_surface(geometries))
    away = (centres[:, None, :] - np.array(list(SEATS.values()))[None]) * (LONGITUDE_SCALE, 1)
    nearest: NDArray[np.intp] = np.hypot(away[..., 0], away[..., 1]).argmin(axis=1)
    return nearest


def _territories(county: BaseGeometry) -> list[BaseGeometry]:
    """Divide a rectangle around the county among the seats, with crooked borders."""
    west, south, east, north = county.buffer(0.02).bounds
    points = stream("townships").uniform((west, south), (east, north), (CELLS, 2))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=county.envelope)
    )
    owner = _nearest_seat(cells)
    merged = [shapely.coverage_union_all(cells[owner == seat]) for seat in range(len(SEATS))]
    return list(shapely.coverage_simplify(merged, SMOOTHING))


def _faces(county: BaseGeometry, territories: list[BaseGeometry]) -> dict[int, list[BaseGeometry]]:
    """Cut the county along the territories' borders: the faces of each, the largest first."""
    lines = shapely.union_all([county.boundary, *(t.boundary for t in territories)])
    faces = [
        face
        for face in shapely.get_parts(shapely.polygonize([lines]))
        if county.contains(face.point_on_surface())
    ]
    faces.sort(key=lambda face: -face.area)
    return {
        number: [face for face in faces if territory.contains(face.point_on_surface())]
        for number, territory in enumerate(territories)
    }


def townships() -> gpd.GeoDataFrame:
    """Make the townships: code, name and a schematic outline, in degrees.

    A piece that a bend of the outline cuts off goes to the neighbour it has most border with.
    """
    faces = _faces(outline(), _territories(outline()))
    parts = {number: [own[0]] for number, own in faces.items()}
    for piece in (piece for own in faces.values() for piece in own[1:]):
        shared = {n: piece.intersection(own[0]).length for n, own in parts.items()}
        parts[max(shared, key=lambda n: shared[n])].append(piece)
    return gpd.GeoDataFrame(
        {
            "township": list(SEATS),
            "name": [names()[code] for code in SEATS],
            "name_en": [names("name_en")[code] for code in SEATS],
        },
        geometry=[shapely.coverage_union_all(parts[number]) for number in parts],
        crs=DEGREES,
    )
