"""What is known of a county beside its tables: its outline, and its townships by name."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from tenglong.encoding import found
from tenglong.errors import ConfigurationError, Fault
from tenglong.source.file.encoding import AUTO
from tenglong.source.file.raw import Wanted
from tenglong.source.file.size import Sizes
from tenglong.source.place import kit_root
from tenglong.source.problem import RefusedError

OUTLINE, TOWNSHIPS = "outline.geojson", "townships.csv"
NAMES = ("name", "名称", "乡镇名称", "乡镇")
CGCS2000 = "EPSG:4490"
WORLD = shapely.box(-180, -90, 180, 90)
MOST_MB = 100  # of an outline


@dataclass(frozen=True)
class Reference:
    """The folders where a county's reference files are looked for, the nearest first."""

    folders: tuple[Path, ...]

    def outline(self, crs: str) -> shapely.Geometry | None:
        """Give the county's outline in a reference system, or None where there is none.

        Raises
        ------
        ConfigurationError
            If the file holds no areas in degrees.
        """
        path = self._first(OUTLINE)
        return _outline(path, crs) if path else None

    @property
    def townships(self) -> frozenset[str]:
        """The names of the county's townships; none where no list is at hand.

        Raises
        ------
        ConfigurationError
            If the list cannot be read, or has no column of names.
        """
        path = self._first(TOWNSHIPS)
        return _names(path) if path else frozenset()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are used."""
        found_in = (self._first(OUTLINE), self._first(TOWNSHIPS))
        return tuple(path for path in found_in if path)

    def _first(self, name: str) -> Path | None:
        return next((one / name for one in self.folders if (one / name).is_file()), None)


def reference_of(county: str, bundle: Path = Path()) -> Reference:
    """Give the reference files of a county: the bundle's own `reference/`, else the kit's.

    >>> names = reference_of("330328").townships
    >>> "峃口镇" in names, reference_of("25017").townships
    (True, frozenset())
    """
    return Reference((bundle / "reference", kit_root() / "data" / "reference" / county))


@cache
def _outline(path: Path, crs: str) -> shapely.Geometry:
    why = Fault(
        "must be GeoJSON with the county's area in degrees (CGCS2000)",
        "应是 GeoJSON 格式的县域范围面，经纬度坐标（CGCS2000）",
    )
    from tenglong.source.file.read import read_raw  # noqa: PLC0415 - not every run needs it

    about: dict[str, Any] = {"sheet": None, "layer": None, "encoding": AUTO}
    try:
        raw = read_raw(path, name=path.name, **about, wanted=Wanted(sizes=Sizes(file_mb=MOST_MB)))
    except RefusedError as error:
        raise ConfigurationError.of(f"reference/{path.name}", [why]) from error
    if not isinstance(raw.frame, gpd.GeoDataFrame):
        raise ConfigurationError.of(f"reference/{path.name}", [why])
    shapes = raw.frame.geometry
    is_area = len(shapes) and shapes.geom_type.isin(["Polygon", "MultiPolygon"]).all()
    if not is_area or not WORLD.covers(shapely.box(*shapes.total_bounds)):
        raise ConfigurationError.of(f"reference/{path.name}", [why])
    return shapes.set_crs(CGCS2000, allow_override=True).to_crs(crs).union_all()


@cache
def _names(path: Path) -> frozenset[str]:
    raw = path.read_bytes()
    rows = list(csv.DictReader(raw.decode(found(raw), errors="replace").splitlines()))
    column = next((name for name in NAMES if rows and name in rows[0]), None)
    if column is None:
        why = Fault(
            "must have a column `name` and a line for each township",
            "应有“名称”一列，每个乡镇一行",
        )
        raise ConfigurationError.of(f"reference/{path.name}", [why])
    return frozenset(row[column] for row in rows)
