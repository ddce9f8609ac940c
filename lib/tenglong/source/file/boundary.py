"""Boundary points (界址点坐标): the text in which surveys for land approval deliver parcels.

勘测定界界址点坐标交换格式: `[属性描述]` tells the reference system; `[地块坐标]` has, of each
parcel, a line `points,area,number,name,type,sheet,use,class,@` and its points
`J1,ring,northing,easting`. Areas are in hectares. A ring ends with its first point again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tenglong.source.file.encoding import decode
from tenglong.source.file.layer import Layer
from tenglong.source.problem import Problem, Spot

HEADERS = (
    "界址点数",
    "地块面积（公顷）",
    "地块编号",
    "地块名称",
    "图形属性",
    "图幅号",
    "地块用途",
    "地类编码",
)
LEAST_POINTS = 3
LINE_END = re.compile(r"\r\n?|\n")  # and no control character, which may stand in a name
ZONED = 1e7  # an easting of eight digits begins with the number of its zone
# The EPSG code of zone 0 by datum and width of the zone: with the zone's number in the eastings,
# and without it.
CODES = {
    ("2000", 3): (4488, 4509),
    ("2000", 6): (4478, 4489),
    ("1980", 3): (2324, 2345),
    ("1980", 6): (2314, 2325),
    ("1954", 3): (2376, 2397),
    ("1954", 6): (21400, 21440),
}
ZONES = {3: range(25, 46), 6: range(13, 24)}
DATUMS = {
    "2000": ("2000", "CGCS"),
    "1980": ("1980", "西安80", "80西安"),
    "1954": ("1954", "北京54"),
}
METRES = ("", "米", "m", "M")


@dataclass
class _Parcel:
    cells: list[str]
    rings: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    is_broken: bool = False


def read_boundary(content: bytes, declared: str, spot: Spot) -> Layer:
    """Read a text of boundary points as a layer of parcels.

    A parcel with a line that cannot be read has no outline, which is told as unreadable; a ring
    whose end is not its start is closed, which is told.

    Raises
    ------
    RefusedError
        If the text is not of its encoding.
    """
    text, problems = decode(content, declared, spot)
    about, parcels = _parted(text)
    shapes = np.empty(len(parcels), dtype=object)
    faults: dict[int, str] = {}
    told: list[Problem] = [*problems]
    for place, parcel in enumerate(parcels):
        shapes[place], fault = _shape(parcel)
        if fault:
            faults[place] = fault
        told += _points_lacking(parcel, place + 1, spot)
    eastings = [x for parcel in parcels for ring in parcel.rings.values() for x, _ in ring]
    crs = _crs(about, is_zoned=bool(eastings) and min(eastings) >= ZONED)
    frame = pd.DataFrame(
        {
            header: pd.Series([_cell(parcel, number) for parcel in parcels], dtype="str")
            for number, header in enumerate(HEADERS)
        }
    )
    if frame["地类编码"].isna().all():
        frame = frame.rename(columns={"地块用途": "土地用途"})
    frame = frame.drop(columns=[header for header in frame if frame[header].isna().all()])
    located = gpd.GeoDataFrame(
        frame.drop(columns=HEADERS[0]), geometry=gpd.GeoSeries(shapes, crs=crs)
    )
    unknown = "" if crs else "，".join(f"{key}={value}" for key, value in about.items() if value)
    return Layer(located, faults, tuple(told), unknown_crs=unknown)


def _parted(text: str) -> tuple[dict[str, str], list[_Parcel]]:
    """Part the text into what it says of the reference system, and its parcels."""
    about: dict[str, str] = {}
    parcels: list[_Parcel] = []
    for line in _lines(text):
        if line.endswith("@"):
            parcels.append(_Parcel([cell.strip() for cell in line.rstrip("@").split(",")]))
        elif parcels:
            _add_point(parcels[-1], [cell.strip() for cell in line.split(",")])
        elif "=" in line:
            key, _, value = line.partition("=")
            about[key.strip()] = value.strip()
    return about, parcels


def _lines(text: str) -> Iterator[str]:
    for line in LINE_END.split(text.removeprefix("\ufeff").replace("，", ",")):
        if line.strip() and not line.lstrip().startswith("["):
            yield line.strip()


def _add_point(parcel: _Parcel, cells: list[str]) -> None:
    try:
        _, ring, northing, easting, *_ = cells
        parcel.rings.setdefault(ring, []).append((float(easting), float(northing)))
    except ValueError:
        parcel.is_broken = True


def _cell(parcel: _Parcel, number: int) -> str | None:
    return (parcel.cells[number] or None) if number < len(parcel.cells) else None


def _shape(parcel: _Parcel) -> tuple[shapely.Geometry | None, str]:
    """Give a parcel's outline, with what was wrong with it; a ring within another is a hole."""
    rings = [ring for ring in parcel.rings.values() if len(set(ring)) >= LEAST_POINTS]
    if parcel.is_broken or len(rings) < len(parcel.rings) or not rings:
        return None, "unreadable"
    if not np.isfinite(np.array([place for ring in rings for place in ring])).all():
        return None, "unreadable"
    fault = "" if all(ring[0] == ring[-1] for ring in rings) else "unclosed"
    parts: list[tuple[shapely.Polygon, list[list[tuple[float, float]]]]] = []
    for ring in sorted(rings, key=lambda one: -abs(shapely.Polygon(one).area)):
        around = [holes for shell, holes in parts if shapely.contains_xy(shell, *_inner(ring))]
        if around:
            around[0].append(ring)
        else:
            parts.append((shapely.Polygon(ring), []))
    polygons = [shapely.Polygon(shell.exterior, holes) for shell, holes in parts]
    return (polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)), fault


def _inner(ring: list[tuple[float, float]]) -> tuple[float, float]:
    place = shapely.make_valid(shapely.Polygon(ring)).representative_point()
    return place.x, place.y


def _points_lacking(parcel: _Parcel, row: int, spot: Spot) -> Iterator[Problem]:
    """Tell of a parcel that has not as many points as it says, with or without those that close."""
    said, given = _cell(parcel, 0) or "", sum(len(ring) for ring in parcel.rings.values())
    if said.isdecimal() and int(said) not in {given, given - len(parcel.rings)}:
        yield spot.problem("points_lacking", row=row, said=said, given=given)


def _crs(about: dict[str, str], *, is_zoned: bool) -> str | None:
    """Give the reference system that the head states, None where it states none that is known.

    >>> about = {"坐标系": "2000国家大地坐标系", "几度分带": "3", "带号": "40"}
    >>> _crs(about, is_zoned=True), _crs(about, is_zoned=False)
    ('EPSG:4528', 'EPSG:4549')
    """
    named = about.get("坐标系", "")
    datum = next((key for key, names in DATUMS.items() if any(one in named for one in names)), "")
    width, zone = (_number(about.get(key, "")) for key in ("几度分带", "带号"))
    is_usual = about.get("计量单位", "") in METRES and "高斯" in about.get("投影类型", "高斯")
    if (datum, width) not in CODES or zone not in ZONES.get(width, ()) or not is_usual:
        return None
    return f"EPSG:{CODES[datum, width][0 if is_zoned else 1] + zone}"


def _number(text: str) -> int:
    digits = re.match(r"\d+", text)
    return int(digits[0]) if digits else 0
