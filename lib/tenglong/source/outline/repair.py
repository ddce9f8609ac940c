"""Outlines that cannot be used as drawn are repaired where that changes little, and listed."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from tenglong.measure.county import Repair
from tenglong.source.cell.units import UNITS
from tenglong.source.file.shape import Shapes
from tenglong.source.intake_rule import IntakeRule
from tenglong.source.problem import Finder, Problem

REASONS = {  # of GEOS, for what is not valid
    "self-intersection": "自相交",
    "ring self-intersection": "边界自相接",
    "hole lies outside shell": "内环在外环之外",
    "holes are nested": "内环套内环",
    "nested holes": "内环套内环",
    "nested shells": "几块互相包含",
    "duplicate rings": "边界重复",
    "interior is disconnected": "内部不连通",
    "too few points in geometry component": "节点太少",
}
SQUARE_METRES_A_MU = float(1 / UNITS["平方米"][1])


@dataclass(frozen=True)
class Repaired:
    """The outlines of a layer as they are used: valid polygons, or None."""

    shapes: gpd.GeoSeries
    repairs: tuple[Repair, ...]
    problems: tuple[Problem, ...]


def repaired(
    shapes: gpd.GeoSeries, unclosed: frozenset[int], rule: IntakeRule, finder: Finder
) -> Repaired:
    """Make the outlines valid polygons.

    An outline that crosses itself becomes the area that it encloses; of points and lines beside
    polygons the polygons stay; a ring that was not closed has been closed on reading. A repair
    that changes the drawn area by more than the policy allows is refused.

    Parameters
    ----------
    shapes
        In metres, none missing or empty.
    unclosed
        Rows whose ring was not closed.
    """
    array: Shapes = shapes.to_numpy().copy()
    kinds = shapely.get_type_id(array)
    is_area = np.isin(kinds, (3, 6))  # polygon, multipolygon
    is_odd = ~is_area | ~shapely.is_valid(array) | shapes.index.isin(unclosed)
    repairs: list[Repair] = []
    problems: list[Problem] = []
    for place in np.flatnonzero(is_odd):
        row = int(shapes.index[place])
        shape, array[place] = array[place], None
        after = polygon_parts(shapely.make_valid(shape, method="structure", keep_collapsed=False))
        if after is None:
            problems.append(finder("no_area", row))
            continue
        repair = _repair(shape, after, finder.about(row), rule, is_unclosed=row in unclosed)
        repairs.append(repair)
        problems.append(_told(repair, shape, finder))
        if repair.is_made:
            array[place] = after
    mended = gpd.GeoSeries(array, index=shapes.index, crs=shapes.crs)
    return Repaired(mended, tuple(repairs), tuple(problems))


def polygon_parts(shape: shapely.Geometry) -> shapely.Geometry | None:
    """Give the polygons that a shape is made of, as one; None where there is none.

    >>> mixed = shapely.from_wkt("GEOMETRYCOLLECTION (POINT (0 0), POLYGON ((0 0, 1 0, 1 1, 0 0)))")
    >>> polygon_parts(mixed).wkt, polygon_parts(shapely.Point(0, 0))
    ('POLYGON ((0 0, 1 0, 1 1, 0 0))', None)
    """
    parts = [shape]
    while any(hasattr(part, "geoms") for part in parts):
        parts = [one for part in parts for one in getattr(part, "geoms", (part,))]
    polygons = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    if not polygons:
        return None
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _repair(
    shape: shapely.Geometry,
    after: shapely.Geometry,
    about: tuple[str, int, str],
    rule: IntakeRule,
    *,
    is_unclosed: bool,
) -> Repair:
    table, row, name = about
    drawn, used = abs(float(shape.area)), float(after.area)
    is_valid = bool(shapely.is_valid(shape))
    fault = "unclosed" if is_unclosed else "mixed" if is_valid else "crossing"
    change = abs(used - drawn)
    is_small = change <= max(drawn * rule.most_repair_change_pct / 100, rule.repair_noise_m2)
    # An open ring has no area of its own: closing it is no change.
    before = None if is_unclosed and is_valid else drawn / SQUARE_METRES_A_MU
    return Repair(table, row, name, fault, before, used / SQUARE_METRES_A_MU, is_small)


def _told(repair: Repair, shape: shapely.Geometry, finder: Finder) -> Problem:
    code = repair.fault if repair.is_made else "not_repaired"
    reason = shapely.is_valid_reason(shape).split("[")[0].strip()
    before = "…" if repair.before_mu is None else f"{repair.before_mu:.4f}"
    chinese = REASONS.get(reason.lower(), "不合法")
    after = f"{repair.after_mu:.4f}"
    return finder(code, repair.row, reason=reason, reason_zh=chinese, before=before, after=after)
