"""What is wrong with the parcels' outlines: told, never corrected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from tenglong.measure.county import County
from tenglong.measure.exact import exact
from tenglong.measure.land.control_line import SQUARE_METRES_A_MU, Floats, Shapes, in_mu, polygons
from tenglong.measure.policy.file import policy_file

# What is found, in the order of what must be seen to first.
KINDS = (
    *("same_outline", "overlap", "overlap_sliver", "no_outline", "broken_outline", "sliver"),
    *("registered_mu_differs", "supplied_mu_differs", "actual_mu_differs"),
)
COLUMNS = ("code", "parcel_id", "row", "other_id", "other_row", "area_mu", "share", "width_m")
Places = NDArray[np.intp]
Finding = tuple[str, int, int | None, float, float, float]


@dataclass(frozen=True)
class OutlineRule:
    """The tolerances of outlines; see `data/policy/land_findings.yml`."""

    least_overlap_m2: Fraction
    sliver_width_m: Fraction
    areas: Mapping[str, Fraction]


def outline_findings(county: County) -> pd.DataFrame:
    """List what is wrong with the parcels' outlines, by `data/policy/land_findings.yml`.

    Returns
    -------
    DataFrame
        One row a finding, by code and row of the parcel:

        - `no_outline`, `broken_outline` (crosses itself; measured as what it encloses)
        - `sliver`: a parcel thinner than the policy says
        - `same_outline`, `overlap`, `overlap_sliver` (a thin one): two parcels, named once;
          `area_mu` is what they share, `share` that of the smaller of them
        - `registered_mu_differs` …: `area_mu` is drawn − registered, `share` that over the
          registered area

        `width_m` is the mean width, 2 × area / perimeter.

    Raises
    ------
    Unavailable
        If the parcels have no outlines.

    Examples
    --------
    >>> import shapely
    >>> county = example_county(policy=load_policy(), parcels={
    ...     "parcel_id": ["P1", "P2"], "registered_mu": [3.0, 3.3],
    ...     "geometry": [shapely.box(0, 0, 40, 50), shapely.box(39.9, 0, 79.9, 50)]})
    >>> outline_findings(county)[["code", "parcel_id"]].to_numpy().tolist()
    [['overlap_sliver', 'P1'], ['registered_mu_differs', 'P2']]
    """
    parcels = county.table("parcels", "parcel_id", "geometry").sort_index()
    rule = policy_file(OutlineRule, county.policy, "land_findings")
    shapes = polygons(parcels["geometry"])
    raw = np.asarray(parcels["geometry"].to_numpy(), dtype=object)
    findings = [
        *_broken(raw, shapes, rule),
        *overlaps(shapes, rule),
        *_differing(parcels, shapes, rule.areas),
    ]
    return _frame(findings, parcels)


def _broken(raw: Shapes, shapes: Shapes, rule: OutlineRule) -> Iterator[Finding]:
    nan = float("nan")
    missing = shapely.is_missing(raw) | shapely.is_empty(raw)
    for place in np.flatnonzero(missing):
        yield "no_outline", int(place), None, nan, nan, nan
    for place in np.flatnonzero(~shapely.is_valid(raw) & ~missing):
        yield "broken_outline", int(place), None, nan, nan, nan
    areas, widths = shapely.area(shapes), mean_width(shapes)
    for place in np.flatnonzero(widths < float(rule.sliver_width_m)):
        yield "sliver", int(place), None, float(areas[place]), nan, float(widths[place])


def overlaps(shapes: Shapes, rule: OutlineRule) -> Iterator[Finding]:
    """Find the pairs of shapes that share more than the policy takes for noise.

    Yields
    ------
    tuple
        Code, the two places, the shared area in m², its share of the smaller, its mean width.

    >>> rule = OutlineRule(Fraction(1), Fraction(1, 2), {})
    >>> shapes = np.array([shapely.box(0, 0, 10, 10), shapely.box(8, 0, 20, 10)])
    >>> [found[:5] for found in overlaps(shapes, rule)]
    [('overlap', 0, 1, 20.0, 0.2)]
    """
    first, second = _crossing(shapes)
    shared = shapely.intersection(shapes[first], shapes[second])
    areas, widths = shapely.area(shared), mean_width(shared)
    smaller = np.minimum(shapely.area(shapes[first]), shapely.area(shapes[second]))
    for pair in np.flatnonzero(areas > float(rule.least_overlap_m2)):
        one, other = int(first[pair]), int(second[pair])
        code = "overlap_sliver" if widths[pair] < float(rule.sliver_width_m) else "overlap"
        if shapely.equals(shapes[one], shapes[other]):
            code = "same_outline"
        share = float(areas[pair] / smaller[pair])
        yield code, one, other, float(areas[pair]), share, float(widths[pair])


def _crossing(shapes: Shapes) -> tuple[Places, Places]:
    """Give the pairs of places whose shapes share more than a border, each once.

    Asking the shape with more corners, prepared, is 15 times faster than the tree's own
    predicate: a layer of parcels has one road that borders on thousands.
    """
    first, second = shapely.STRtree(shapes).query(shapes)
    first, second = first[first < second], second[first < second]
    corners = shapely.get_num_coordinates(shapes)
    is_first_larger = corners[first] >= corners[second]
    shapely.prepare(shapes)
    cross = shapely.relate_pattern(
        shapes[np.where(is_first_larger, first, second)],
        shapes[np.where(is_first_larger, second, first)],
        "T********",  # their insides meet
    )
    return first[cross], second[cross]


def mean_width(shapes: Shapes) -> Floats:
    """Give 2 × area / perimeter of each shape, in m: the width of a long strip.

    >>> round(float(mean_width(np.array([shapely.box(0, 0, 100, 1)]))[0]), 2)
    0.99
    """
    lengths = shapely.length(shapes)
    unknown = np.full(len(shapes), np.nan)
    widths: Floats = np.divide(2 * shapely.area(shapes), lengths, out=unknown, where=lengths > 0)
    return widths


def _differing(
    parcels: pd.DataFrame, shapes: Shapes, tolerances: Mapping[str, Fraction]
) -> Iterator[Finding]:
    """Compare the drawn areas with those that stand in the tables."""
    drawn = shapely.area(shapes)
    for column, most_pct in tolerances.items():
        if column not in parcels:
            continue
        most = most_pct / 100
        for place, stated in enumerate(parcels[column].tolist()):
            if pd.isna(stated) or stated <= 0 or drawn[place] <= 0:
                continue
            in_metres = exact(stated) * SQUARE_METRES_A_MU
            difference = Fraction(drawn[place]) - in_metres
            if abs(difference) > most * in_metres:
                share = float(difference / in_metres)
                yield f"{column}_differs", place, None, float(difference), share, float("nan")


def _frame(found: list[Finding], parcels: pd.DataFrame) -> pd.DataFrame:
    ids, rows = parcels["parcel_id"].tolist(), parcels.index.tolist()
    square_metres = np.array([metres for *_, metres, _, _ in found], dtype=np.float64)
    frame = pd.DataFrame(
        [
            (
                code,
                ids[one],
                rows[one],
                None if other is None else ids[other],
                None if other is None else rows[other],
                area_mu,
                share,
                width,
            )
            for (code, one, other, _, share, width), area_mu in zip(
                found, in_mu(square_metres).tolist(), strict=True
            )
        ],
        columns=list(COLUMNS),
    )
    frame = frame.astype({"other_row": "Int64", "other_id": "str", "code": "str"})
    return frame.sort_values(["code", "row", "other_row"], ignore_index=True)
