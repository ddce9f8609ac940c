"""What firms use of each parcel, and what of a firm's figures belongs to a parcel."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import isnan

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import exact
from tenglong.measure.firm.firms import firm_years, in_force, land_base, parcel_areas
from tenglong.measure.kept import kept
from tenglong.measure.on_demand import OnDemand

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
    of_firm, of_parcel = _held(county, on=pd.Timestamp(year=year, month=12, day=31))
    parcels = list(of_parcel)

    @cache
    def land_of(usci: str) -> Fraction | None:
        areas = [use.area_mu for use in of_firm[usci] if use.area_mu is not None]
        return sum(areas, Fraction(0)) if len(areas) == len(of_firm[usci]) else None

    def total(place: int) -> Fraction | None:
        found = Fraction(0)
        for use in of_parcel[parcels[place]]:
            figure, whole = figures.get(use.usci), land_of(use.usci)
            if figure is None or not whole or use.area_mu is None:
                return None
            found += figure * use.area_mu / whole
        return found

    return OnDemand(parcels, total)


@kept
def _held(
    county: County, *, on: pd.Timestamp
) -> tuple[Mapping[str, Sequence[Use]], Mapping[str, Sequence[Use]]]:
    """Give the uses on a day by firm, and by parcel."""
    of_firm: dict[str, list[Use]] = defaultdict(list)
    for use in uses(county, on=on):
        of_firm[use.usci].append(use)
    of_parcel: dict[str, list[Use]] = defaultdict(list)
    for held in of_firm.values():
        for use in held:
            of_parcel[use.parcel_id].append(use)
    return of_firm, of_parcel


@kept
def per_mu(county: County, column: str) -> Mapping[str, Fraction | None]:
    """Give what is allocated to a parcel over the parcel's area, by parcel_id; None if unknown.

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
    known = areas[areas > 0].to_dict()
    totals = allocated(county, column)
    parcels = list(totals)

    def figure(place: int) -> Fraction | None:
        total, area = totals[parcels[place]], known.get(parcels[place])
        return None if total is None or area is None else total / exact(area)

    return OnDemand(parcels, figure)


def outputs(county: County) -> tuple[Mapping[str, Mapping[str, Fraction | None]], int | None]:
    """Give the output of every parcel in the last year, by parcel_id; and the year.

    `OUTPUTS`, of its occupants, allocated by the land they use.

    >>> county = example_county(policy=load_policy(),
    ...     parcels={"parcel_id": ["P1", "P2"], "actual_mu": [10.0, 5.0]},
    ...     occupancies={"usci": ["A", "A"], "parcel_id": ["P1", "P2"], "share": [0.5, 1.0]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "tax_paid_wan": [30.0]})
    >>> found, year = outputs(county)
    >>> str(found["P1"]["tax_wan_per_mu"]), found["P1"]["value_added_wan_per_mu"], year
    ('3/2', None, 2021)
    """
    ids = county.table("parcels", "parcel_id")["parcel_id"].tolist()
    tax, added = (_known(per_mu, county, column) for column in ("tax_wan", "value_added_wan"))
    whole, energy = (_known(allocated, county, c) for c in ("value_added_wan", "energy_tce"))

    def output(place: int) -> Mapping[str, Fraction | None]:
        parcel = ids[place]
        return {
            "tax_wan_per_mu": tax.get(parcel),
            "value_added_wan_per_mu": added.get(parcel),
            "value_added_wan_per_tce": _quotient(whole.get(parcel), energy.get(parcel)),
        }

    try:
        return OnDemand(ids, output), last_figures(county, "tax_wan")[1]
    except Unavailable:
        return OnDemand(ids, output), None


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
