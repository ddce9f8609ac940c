"""What firms use of each parcel, and what of a firm's figures belongs to a parcel."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isnan
from types import MappingProxyType

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import exact
from tenglong.measure.firm.firms import firm_years, in_force, land_base, parcel_areas
from tenglong.measure.kept import kept

OUTPUTS = ("tax_wan_per_mu", "value_added_wan_per_mu", "value_added_wan_per_tce")


@dataclass(frozen=True)
class Use:
    """One firm's use of one parcel; its area in 亩 is None where it cannot be told."""

    usci: str
    parcel_id: str
    area_mu: Fraction | None


@kept
def uses(county: County, *, on: pd.Timestamp) -> tuple[Use, ...]:
    """Give the uses in force on a day, with the land of each as a firm's land counts it.

    See `firms.land_base`: the area stated, or else share × the parcel's area; where owners'
    rows are what they hold, what they let is the tenants'.

    Raises
    ------
    Unavailable
        If there are no `occupancies`, or no `parcels`.

    Examples
    --------
    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "A"], "parcel_id": ["P1", "P2"], "share": [0.5, 1.0]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [30.0]})
    >>> [str(use.area_mu) for use in uses(county, on=pd.Timestamp("2022-06-30"))]
    ['5', '5']
    """
    frame = county.table("occupancies", "usci", "parcel_id")
    held = frame[in_force(frame, on)]
    is_let_deducted = county.policy["land_base"].get("owned_rows") == "held"
    by_row = land_base(  # every row on its own, in place of every firm
        held.assign(usci=held.index), parcel_areas(county), on=on, is_let_deducted=is_let_deducted
    )
    areas = by_row.reindex(held.index).tolist()
    return tuple(
        Use(str(usci), str(parcel), None if isnan(area) else exact(area))
        for usci, parcel, area in zip(held["usci"], held["parcel_id"], areas, strict=True)
    )


@kept
def occupied(county: County) -> pd.Series:
    """Whether some firm uses each parcel on `as_of`; the index is that of `parcels`.

    Missing throughout where no occupancies are known.

    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "A"], "parcel_id": ["P1", "P2"], "share": [0.5, 1.0]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [30.0]})
    >>> occupied(county).tolist()
    [True, True]
    """
    parcels = county.table("parcels", "parcel_id")
    try:
        held = {use.parcel_id for use in uses(county, on=pd.Timestamp(county.as_of))}
    except Unavailable:
        return pd.Series(pd.NA, index=parcels.index, dtype="boolean")
    return parcels["parcel_id"].isin(held).astype("boolean")


def main_occupants(county: County) -> pd.Series:
    """Name the firm that uses most of each parcel on `as_of`, by `usci`; of equals the first.

    With the index of `parcels`; missing where nobody does, or a user's land is not known.

    Raises
    ------
    Unavailable
        If there are no `occupancies`, or no `parcels`.

    >>> county = example_county(policy={"land_base": {"parcel_area": ["actual_mu"]}},
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "B"], "parcel_id": ["P1", "P1"], "share": [0.4, 0.6]})
    >>> main_occupants(county).tolist()
    ['B', nan]
    """
    parcels = county.table("parcels", "parcel_id")
    held: dict[str, list[Use]] = defaultdict(list)
    for use in uses(county, on=pd.Timestamp(county.as_of)):
        held[use.parcel_id].append(use)
    largest = {parcel: _largest(of) for parcel, of in held.items()}
    return parcels["parcel_id"].map(largest).astype("str")


def _largest(held: list[Use]) -> str | None:
    areas: dict[str, Fraction] = defaultdict(Fraction)
    for use in held:
        if use.area_mu is None:
            return None
        areas[use.usci] += use.area_mu
    return min(areas, key=lambda usci: (-areas[usci], usci))


@kept
def allocated(county: County, column: str) -> Mapping[str, Fraction | None]:
    """Allocate a figure of the last year to the parcels its firms used, by parcel_id.

    Formula: Σ over the parcel's occupants of figure × land used here / land used in all, as
    the land stood at the end of that year. What is allocated adds up to the firms' figures.

    Parameters
    ----------
    column
        A column of `firm_years`: `tax_wan`, `value_added_wan`, `energy_tce` …

    Returns
    -------
    Mapping
        The parcels that had an occupant; None where a part of the sum is not known.

    Raises
    ------
    Unavailable
        If a table or the column was not supplied.

    Examples
    --------
    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "A"], "parcel_id": ["P1", "P2"], "share": [0.5, 1.0]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [30.0]})
    >>> {parcel: str(tax) for parcel, tax in allocated(county, "tax_wan").items()}
    {'P1': '15', 'P2': '15'}
    """
    figures, year = last_figures(county, column)
    held = uses(county, on=pd.Timestamp(year=year, month=12, day=31))
    of_firm: dict[str, list[Use]] = defaultdict(list)
    for use in held:
        of_firm[use.usci].append(use)
    totals: dict[str, Fraction | None] = {}
    for usci, of in of_firm.items():
        for parcel, part in _parts(of, figures.get(usci)):
            totals[parcel] = _plus(totals.get(parcel, Fraction(0)), part)
    return MappingProxyType(totals)


def _plus(number: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if number is None or other is None else number + other


def per_mu(county: County, column: str) -> dict[str, Fraction]:
    """Give what is allocated to a parcel over the parcel's area, by parcel_id, where known.

    Raises
    ------
    Unavailable
        If a table or the column was not supplied.

    Examples
    --------
    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "A"], "parcel_id": ["P1", "P2"], "share": [0.5, 1.0]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [30.0]})
    >>> {parcel: str(tax) for parcel, tax in per_mu(county, "tax_wan").items()}
    {'P1': '3/2', 'P2': '3'}
    """
    areas = parcel_areas(county)
    areas = areas[areas > 0]
    return {
        parcel: total / exact(areas[parcel])
        for parcel, total in allocated(county, column).items()
        if total is not None and parcel in areas
    }


def outputs(county: County) -> tuple[list[dict[str, Fraction | None]], int | None]:
    """Give the output of every parcel in the last year, in the order of `parcels`; and the year.

    `OUTPUTS`, of its occupants, allocated by the land they use.

    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "A"], "parcel_id": ["P1", "P2"], "share": [0.5, 1.0]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [30.0]})
    >>> found, year = outputs(county)
    >>> str(found[0]["tax_wan_per_mu"]), found[0]["value_added_wan_per_mu"], year
    ('3/2', None, 2021)
    """
    ids = county.table("parcels", "parcel_id")["parcel_id"].tolist()
    tax, added = (_known(per_mu, county, column) for column in ("tax_wan", "value_added_wan"))
    whole, energy = (_known(allocated, county, c) for c in ("value_added_wan", "energy_tce"))
    outputs: list[dict[str, Fraction | None]] = [
        {
            "tax_wan_per_mu": tax.get(parcel),
            "value_added_wan_per_mu": added.get(parcel),
            "value_added_wan_per_tce": _quotient(whole.get(parcel), energy.get(parcel)),
        }
        for parcel in ids
    ]
    try:
        return outputs, last_figures(county, "tax_wan")[1]
    except Unavailable:
        return outputs, None


def _known(
    figures: Callable[[County, str], Mapping[str, Fraction | None]], county: County, column: str
) -> Mapping[str, Fraction | None]:
    try:
        return figures(county, column)
    except Unavailable:
        return {}


def _quotient(part: Fraction | None, whole: Fraction | None) -> Fraction | None:
    return None if part is None or not whole else part / whole


@kept
def last_figures(county: County, column: str) -> tuple[dict[str, Fraction], int]:
    """Give a figure of every firm in the last year known, and that year.

    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "A"], "parcel_id": ["P1", "P2"], "share": [0.5, 1.0]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [30.0]})
    >>> last_figures(county, "tax_wan")
    ({'A': Fraction(30, 1)}, 2021)
    """
    frame = firm_years(county)
    if column not in frame.columns:
        raise Unavailable("enterprise_years", column)
    if frame.empty:
        raise Unavailable("enterprise_years", "year")
    year = int(frame["year"].max())
    rows = frame[(frame["year"] == year) & frame[column].notna()]
    values = zip(rows["usci"], rows[column].tolist(), strict=True)
    return {str(usci): exact(value) for usci, value in values}, year


def _parts(held: list[Use], figure: Fraction | None) -> Iterator[tuple[str, Fraction | None]]:
    """Share one firm's figure out over its parcels by the land it uses on each."""
    areas = [use.area_mu for use in held if use.area_mu is not None]
    whole = sum(areas, Fraction(0)) if len(areas) == len(held) else None
    for use in held:
        if figure is None or not whole or use.area_mu is None:
            yield use.parcel_id, None
        else:
            yield use.parcel_id, figure * use.area_mu / whole
