"""Which parcels lie inside the control line of industrial land (工业用地控制线), by geometry."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from tenglong.measure.county import County
from tenglong.measure.exact import exact_sum
from tenglong.measure.policy.file import policy_file
from tenglong.measure.reading import Coverage, Evidence, Reading
from tenglong.measure.unit import UNITS

SQUARE_METRES_A_MU = UNITS["亩"][1]  # 1 亩 is 2000/3 m² exactly
Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Between:
    """A share strictly between these."""

    more_than: Fraction
    less_than: Fraction


@dataclass(frozen=True)
class ControlLineRule:
    """What lies inside, and what across; see `data/policy/control_line.yml`."""

    inside_from_share: Fraction
    straddling: Between


def parcel_positions(county: County) -> pd.DataFrame:
    """Say of every parcel how much of it lies inside the control line.

    Formula: inside_share = area of the parcel within the union of the lines / its drawn area,
    both in the county's projected system. Where the line's areas overlap, nothing counts twice.

    Returns
    -------
    DataFrame
        With the index of `parcels`: `drawn_mu`, `inside_mu`, `inside_share`, `is_inside` (from
        the share of `data/policy/control_line.yml`) and `is_straddling`; missing where the
        parcel has no outline.

    Raises
    ------
    Unavailable
        If the parcels or the control lines have no outlines.

    Examples
    --------
    >>> import shapely
    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1"], "geometry": [shapely.box(0, 0, 40, 50)]},
    ...     control_lines={"geometry": [shapely.box(0, 0, 30, 50)]})
    >>> found = parcel_positions(county)
    >>> found[["drawn_mu", "inside_share", "is_inside", "is_straddling"]].to_numpy().tolist()
    [[3.0, 0.75, True, True]]
    """
    parcels = county.table("parcels", "parcel_id", "geometry")
    lines = county.table("control_lines", "geometry")
    shapes = polygons(parcels["geometry"])
    drawn = shapely.area(shapes)
    inside = area_within(shapes, polygons(lines["geometry"]))
    known = drawn > 0
    share = np.divide(inside, drawn, out=np.full(len(drawn), np.nan), where=known)
    rule = policy_file(ControlLineRule, county.policy, "control_line")
    frame = pd.DataFrame(
        {
            "parcel_id": parcels["parcel_id"],
            "drawn_mu": in_mu(np.where(known, drawn, np.nan)),
            "inside_mu": in_mu(np.where(known, inside, np.nan)),
            "inside_share": share,
        },
        index=parcels.index,
    )
    noise = rule.straddling
    straddles = (share > float(noise.more_than)) & (share < float(noise.less_than))
    for name, holds in (
        ("is_inside", share >= float(rule.inside_from_share)),
        ("is_straddling", straddles),
    ):
        frame[name] = pd.Series(holds, index=frame.index, dtype="boolean").mask(~known)
    return frame


def totals_of(frame: pd.DataFrame) -> Mapping[str, Fraction | int]:
    """Give the totals of `position_totals` over some rows of `parcel_positions`.

    >>> rows = pd.DataFrame({"is_inside": [True], "is_straddling": [False], "inside_mu": [2.5],
    ...     "drawn_mu": [2.5]}).astype({"is_inside": "boolean", "is_straddling": "boolean"})
    >>> totals_of(rows)["parcels_inside"]
    1
    """
    inside = frame["is_inside"]
    return {
        "parcels_inside": int(inside.sum()),
        "parcels_outside": int((~inside).sum()),
        "parcels_straddling": int(frame["is_straddling"].sum()),
        "parcels_unknown": int(inside.isna().sum()),
        "inside_mu": exact_sum(frame["inside_mu"]),
        "drawn_mu": exact_sum(frame["drawn_mu"]),
    }


def polygons(geometry: gpd.GeoSeries) -> Shapes:
    """Give outlines as polygons that can be measured; a missing one is empty.

    An outline that crosses itself is read as the area that it encloses. Only the measuring
    sees that: nothing is written back, and `outlines` reports it.

    >>> bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> shapely.area(polygons(gpd.GeoSeries([bow_tie, None]))).tolist()
    [2.0, 0.0]
    """
    shapes = np.asarray(geometry.to_numpy(), dtype=object)
    shapes = np.where(shapely.is_missing(shapes), shapely.Polygon(), shapes)
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return shapes


def area_within(shapes: Shapes, others: Shapes) -> Floats:
    """Give the area that each shape shares with the union of others, in m².

    >>> square, half = shapely.box(0, 0, 2, 2), shapely.box(1, 0, 9, 9)
    >>> area_within(np.array([square]), np.array([half, half])).tolist()
    [2.0]
    """
    first, second = shapely.STRtree(others).query(shapes)
    shapely.prepare(others)  # they are few and large
    near = shapely.intersects(others[second], shapes[first])
    first, second = first[near], second[near]
    pieces = shapely.intersection(shapes[first], others[second])
    total = np.zeros(len(shapes))
    for shape in np.unique(first):
        total[shape] = shapely.union_all(pieces[first == shape]).area
    return total


def in_mu(square_metres: Floats) -> Floats:
    """Give an area in 亩; 1 亩 is 2000/3 m².

    >>> in_mu(np.array([2000.0])).tolist()
    [3.0]
    """
    per_mu = SQUARE_METRES_A_MU
    converted: Floats = square_metres * per_mu.denominator / per_mu.numerator
    return converted


def land_inside_line(county: County) -> Reading:
    """Area of industrial parcels inside the control line, of all that is drawn, in 亩.

    Raises
    ------
    Unavailable
        If the parcels or the control lines have no outlines.

    Examples
    --------
    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1"], "geometry": [shapely.box(0, 0, 40, 50)]},
    ...     control_lines={"geometry": [shapely.box(0, 0, 30, 50)]})
    >>> reading = land_inside_line(county)
    >>> float(reading.done), float(reading.required)
    (2.25, 3.0)
    """
    positions = parcel_positions(county)
    inside, drawn = (exact_sum(positions[name]) for name in ("inside_mu", "drawn_mu"))
    return Coverage(inside, drawn, "亩", evidence=(Evidence("parcels", positions),))
