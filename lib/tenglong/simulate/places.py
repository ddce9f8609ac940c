"""Places: the townships, schematic.

The real outline is divided among the townships: some hundred small cells, each given to the
township whose seat is nearest, then smoothed. The borders are therefore invented (示意); they
share every vertex, and together they are the outline, no more and no less.
"""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tenglong.simulate.setting import Setting

DEGREES = "EPSG:4490"
CELLS = 900
SMOOTHING = 0.006  # degrees


def outline(setting: Setting) -> BaseGeometry:
    """Read the county's outline, in degrees."""
    return gpd.read_file(setting.outline).geometry.iloc[0]


def _nearest_seat(geometries: Any, setting: Setting) -> NDArray[np.intp]:
    centres = shapely.get_coordinates(shapely.point_on_surface(geometries))
    away = centres[:, None, :] - np.array([town.seat for town in setting.townships])[None]
    away = away * (setting.longitude_scale, 1)
    nearest: NDArray[np.intp] = np.hypot(away[..., 0], away[..., 1]).argmin(axis=1)
    return nearest


def _territories(county: BaseGeometry, setting: Setting) -> list[BaseGeometry]:
    """Divide a rectangle around the county among the seats, with crooked borders."""
    west, south, east, north = county.buffer(0.02).bounds
    points = setting.stream("townships").uniform((west, south), (east, north), (CELLS, 2))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=county.envelope)
    )
    owner = _nearest_seat(cells, setting)
    seats = range(len(setting.townships))
    merged = [shapely.coverage_union_all(cells[owner == seat]) for seat in seats]
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


def townships(setting: Setting) -> gpd.GeoDataFrame:
    """Make the townships: code, name and a schematic outline, in degrees.

    A piece that a bend of the outline cuts off goes to the neighbour it has most border with.
    """
    county = outline(setting)
    faces = _faces(county, _territories(county, setting))
    parts = {number: [own[0]] for number, own in faces.items()}
    for piece in (piece for own in faces.values() for piece in own[1:]):
        shared = {n: piece.intersection(own[0]).length for n, own in parts.items()}
        parts[max(shared, key=lambda n: shared[n])].append(piece)
    return gpd.GeoDataFrame(
        {
            "township": [town.code for town in setting.townships],
            "name": [town.name for town in setting.townships],
            "name_en": [town.name_en for town in setting.townships],
        },
        geometry=[shapely.coverage_union_all(parts[number]) for number in parts],
        crs=DEGREES,
    )
