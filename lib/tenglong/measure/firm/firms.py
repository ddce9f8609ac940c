"""Firms by year: the tax, land and ratios that every judgement of a firm starts from."""

from collections.abc import Mapping
from math import lcm
from typing import Any

import numpy as np
import pandas as pd

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.measure.clause import Label
from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import decimals, quotients
from tenglong.measure.kept import kept, kept_by_row
from tenglong.measure.row import surely
from tenglong.shape import fault_at

DIGITS = 9  # of an area in 亩, finer than any survey; sums of decimals stay decimals
POLLUTANTS = ("cod_t", "nh3n_t", "so2_t", "nox_t")
ABOUT = ("name", "township", "industry", "chain", "registered_on", "closed_on")

OWNED_ROWS = ("used", "held")


@kept_by_row("enterprise_years")
def firm_years(county: County) -> pd.DataFrame:
    """Give every firm's year with its evaluated tax, its land, and what follows from them.

    Adds to `enterprise_years`: name, township, industry, chain, registration and closure of
    the firm; `tax_wan` (see `evaluated_tax`), `land_mu` (see `land_base`) and `pollutants_t`
    (see `main_pollutants`); and, as exact fractions, `tax_wan_per_mu` (see `tax_per_mu`),
    `value_added_wan_per_mu` and `value_added_wan_per_head`. Each is missing where it cannot be
    known; no heads or no land where something was made is none of either (`is_no_amount`). The
    index is the row in `enterprise_years`; a firm's second row for a year is left out.

    Raises
    ------
    Unavailable
        If there are no `enterprise_years`.

    >>> years = {"usci": ["a"], "year": [2021], "tax_paid_wan": [9.0]}
    >>> county = example_county(policy=load_policy(), enterprise_years=years)
    >>> firm_years(county)[["usci", "tax_wan", "land_mu"]].values.tolist()
    [['a', 9.0, nan]]
    """
    years = county.table("enterprise_years", "usci", "year").sort_index()
    named = years[["usci", "year"]].notna().all(axis=1)
    frame = years[named].drop_duplicates(["usci", "year"]).copy()
    frame["tax_wan"] = evaluated_tax(frame, tuple(county.policy["tax"]["add_back"]))
    frame["pollutants_t"] = main_pollutants(frame)
    frame["land_mu"] = _land(county, frame)
    for column in ("land_mu", "employees"):
        if column in frame:
            frame[column] = frame[column].mask(is_no_amount(frame, column))
    frame["tax_wan_per_mu"] = tax_per_mu(frame)
    frame["value_added_wan_per_mu"] = value_added_per_mu(frame)
    frame["value_added_wan_per_head"] = value_added_per_head(frame)
    return frame.join(firms_by_code(county), on="usci")


OUTPUT = ("value_added_wan", "revenue_wan", "tax_wan")


def is_no_amount(years: pd.DataFrame, column: str) -> "pd.Series[bool]":
    """Whether heads or land are given as 0 beside an output: then they are not known.

    >>> rows = pd.DataFrame({"employees": [0.0, 0.0, 3.0], "value_added_wan": [5.0, 0.0, 5.0]})
    >>> is_no_amount(rows, "employees").tolist()
    [True, False, False]
    """
    made = pd.concat([surely(years[name] > 0) for name in OUTPUT if name in years], axis=1)
    return surely(years[column] == 0) & made.any(axis=1)


@kept
def firms_by_code(county: County) -> pd.DataFrame:
    """Give what is known of each firm itself, by usci; nothing where firms were not supplied.

    >>> county = example_county(enterprises={"usci": ["a", "a"], "name": ["甲", "乙"]})
    >>> firms_by_code(county)["name"].to_dict()
    {'a': '甲'}
    """
    firms = county.tables.get("enterprises", pd.DataFrame()).sort_index()
    if "usci" not in firms:
        return pd.DataFrame(index=pd.Index([], name="usci", dtype="str"))
    about = [column for column in ABOUT if column in firms]
    return firms.drop_duplicates("usci").set_index("usci")[about]


def evaluated_tax(years: pd.DataFrame, add_back: tuple[str, ...]) -> pd.Series:
    """Tax paid plus the add-backs that the policy names, in 万元 a year (评价税收).

    Missing where the tax paid is missing; a missing add-back counts as none, one named twice
    once. Added exactly, so that a firm on a line stays on it. Source: `data/policy/tax.yml`.

    >>> frame = pd.DataFrame({"tax_paid_wan": [10.1], "tax_relief_wan": [0.2]})
    >>> evaluated_tax(frame, ("tax_relief_wan", "vat_refund_wan")).tolist()
    [10.3]
    """
    if "tax_paid_wan" not in years:
        return pd.Series(float("nan"), index=years.index, name="tax_wan")
    named = [column for column in dict.fromkeys(add_back) if column in years]
    added = years[[column for column in named if column != "tax_paid_wan"]].fillna(0.0)
    return _row_sum(years[["tax_paid_wan"]].join(added)).rename("tax_wan")


def tax_per_mu(years: pd.DataFrame) -> pd.Series:
    """亩均税收, in 万元/亩 a year: `tax_wan` over `land_mu`, exact (see `exact.quotients`).

    Of a firm; that of a county is a ratio of sums, see `ratios.firm_ratio`. Missing without land.

    >>> tax_per_mu(pd.DataFrame({"tax_wan": [10.0, 9.0], "land_mu": [4.0, 0.0]})).tolist()
    [Fraction(5, 2), nan]
    """
    return _quotient(years, "tax_wan", "land_mu")


def value_added_per_mu(years: pd.DataFrame) -> pd.Series:
    """亩均增加值, in 万元/亩 a year: `value_added_wan` over `land_mu`, exact; missing without."""
    return _quotient(years, "value_added_wan", "land_mu")


def value_added_per_head(years: pd.DataFrame) -> pd.Series:
    """全员劳动生产率, in 万元/人 a year: `value_added_wan` over `employees` (average), exact."""
    return _quotient(years, "value_added_wan", "employees")


def _quotient(years: pd.DataFrame, numerator: str, denominator: str) -> pd.Series:
    unknown = pd.Series(float("nan"), index=years.index)
    return quotients(years.get(numerator, unknown), years.get(denominator, unknown))


def main_pollutants(years: pd.DataFrame) -> pd.Series:
    """Emissions of the four main pollutants in 吨 a year: the total given, or else their sum.

    COD, NH₃-N, SO₂ and NOx; missing where neither the total nor all four are known.
    Source: domain convention (四项主要污染物排放量).

    >>> frame = pd.DataFrame({"cod_t": [1.1, 1.0], "nh3n_t": [0.2, None], "so2_t": 0, "nox_t": 0})
    >>> main_pollutants(frame).tolist()
    [1.3, nan]
    """
    unknown = pd.Series(float("nan"), index=years.index)
    is_itemised = set(POLLUTANTS).issubset(years.columns)
    summed = _row_sum(years[list(POLLUTANTS)]) if is_itemised else unknown
    given = years.get("pollutants_t", unknown)
    return given.fillna(summed).rename("pollutants_t")


def _row_sum(columns: pd.DataFrame) -> pd.Series:
    """Add the columns up exactly, row by row; missing where one is missing."""
    cells = columns.to_numpy(dtype="float64", na_value=np.nan)
    known = ~np.isnan(cells).any(axis=1)
    tops, bottoms = decimals(cells[known].ravel())
    common = bottoms if isinstance(bottoms, int) else lcm(*set(bottoms.tolist()))
    whole = (tops.astype("object") * (common // bottoms)).reshape(-1, cells.shape[1])
    sums = np.full(len(cells), np.nan)
    sums[known] = whole.sum(axis=1) / common  # of Python's integers: rounded once, at the end
    return pd.Series(sums, index=columns.index)


def land_base(
    occupancies: pd.DataFrame, areas: pd.Series, *, on: pd.Timestamp, is_let_deducted: bool = False
) -> pd.Series:
    """Land that each firm uses on a day, in 亩, by `usci`.

    land = Σ over its occupancies of the area that is stated, or else share × the parcel's
    area; missing where one of these is not known. Where every occupancy is actual use, own
    land that is let counts for the tenant. Where owners' rows are what they hold, what is
    let is deducted: own + leased in − leased out. Either way the total over firms is the
    parcels' land that is used, however it is shared.

    Parameters
    ----------
    occupancies
        Rows of `occupancies`; from_on and to_on bound them, both included.
    areas
        Area in 亩 by parcel_id.
    is_let_deducted
        Whether owners' rows are what they hold (`land_base.yml`, `owned_rows: held`).

    >>> rows = pd.DataFrame({"usci": ["a", "b"], "parcel_id": "p", "share": [1.0, 0.3],
    ...     "tenure": ["owned", "leased"]})
    >>> parcel, day = pd.Series({"p": 10.0}), pd.Timestamp("2021-12-31")
    >>> land_base(rows, parcel, on=day, is_let_deducted=True).to_dict()
    {'a': 7.0, 'b': 3.0}
    """
    used = occupancies[in_force(occupancies, on)]
    area = occupied_mu(used, areas)
    if is_let_deducted:
        area = area - _let(used, area)
    return area.groupby(used["usci"]).sum(skipna=False).round(DIGITS).rename("land_mu")


def occupied_mu(occupancies: pd.DataFrame, areas: pd.Series) -> pd.Series:
    """Area of each occupancy in 亩: as stated, or else its share of the parcel.

    >>> rows = pd.DataFrame({"parcel_id": ["p", "p"], "share": [0.1, None], "area_mu": [None, 2.0]})
    >>> occupied_mu(rows, pd.Series({"p": 3.0})).tolist()
    [0.3, 2.0]
    """
    unknown = pd.Series(float("nan"), index=occupancies.index)
    stated = occupancies.get("area_mu", unknown).astype("float64")
    if "share" not in occupancies:
        return stated
    whole = occupancies["parcel_id"].map(areas).astype("float64")
    known = occupancies["share"].notna() & whole.notna()
    shares, over = decimals(occupancies.loc[known, "share"].to_numpy("float64"))
    areas_mu, under = decimals(np.asarray(whole[known], dtype=np.float64))
    tops = shares.astype("object") * areas_mu.astype("object")
    shared = tops / (np.asarray(over, "object") * np.asarray(under, "object"))
    by_share = pd.Series(shared, index=occupancies.index[known], dtype="float64")
    return stated.fillna(by_share)


def _let(used: pd.DataFrame, area: pd.Series) -> pd.Series:
    """Land let of each owner's occupancy: the leases on its parcel, by the owners' areas."""
    tenure = used["tenure"] if "tenure" in used else pd.Series("", index=used.index)
    parcel = used["parcel_id"]
    owned, leased = (area.where(tenure == kind, 0.0) for kind in ("owned", "leased"))
    held = owned.groupby(parcel).transform("sum")
    let = leased.groupby(parcel).transform("sum").clip(upper=held)
    return (owned * let / held).fillna(0.0)


def in_force(occupancies: pd.DataFrame, on: pd.Timestamp) -> pd.Series:
    """Whether each occupancy holds on a day; an open end holds for ever.

    >>> rows = pd.DataFrame({"to_on": pd.to_datetime(["2021-12-31", "2021-12-30", None])})
    >>> in_force(rows, pd.Timestamp("2021-12-31")).tolist()
    [True, False, True]
    """
    begun = ended = pd.Series(data=True, index=occupancies.index)
    if "from_on" in occupancies:
        begun = occupancies["from_on"].isna() | (occupancies["from_on"] <= on)
    if "to_on" in occupancies:
        ended = occupancies["to_on"].isna() | (occupancies["to_on"] >= on)
    return begun & ended


def parcel_areas(county: County) -> pd.Series:
    """Area of every parcel in 亩, by parcel_id: the first column of the policy that has it.

    Source: `data/policy/land_base.yml`. A parcel that stands in several rows is their sum.

    Raises
    ------
    Unavailable
        If there are no parcels.

    >>> parcels = {"parcel_id": ["p", "q"], "actual_mu": [3.0, None]}
    >>> parcel_areas(example_county(policy=load_policy(), parcels=parcels)).to_dict()
    {'p': 3.0, 'q': nan}
    """
    parcels = county.table("parcels", "parcel_id")
    area = pd.Series(float("nan"), index=parcels.index)
    for column in county.policy["land_base"]["parcel_area"]:
        if column in parcels.columns:
            area = area.fillna(parcels[column])
    return area.groupby(parcels["parcel_id"]).sum(min_count=1).rename("area_mu")


def require_land(county: County) -> None:
    """Ask for what the land of firms is computed from.

    Raises
    ------
    Unavailable
        If firms' land is neither given by year nor follows from occupancies: who, where, from
        when to when, and the area or the share. Naming the one that is lacking.
    """
    if "land_mu" in county.table("enterprise_years"):
        return
    occupancies = county.table("occupancies", "usci", "parcel_id", "from_on", "to_on")
    for column, other in (("area_mu", "share"), ("share", "area_mu")):
        if column not in occupancies and county.table("occupancies", other)[other].isna().any():
            raise Unavailable("occupancies", column)
    if "share" in occupancies and occupancies["share"].notna().any():
        county.table("parcels", "parcel_id")


def _land(county: County, years: pd.DataFrame) -> pd.Series:
    """Land by row: as given for the year, or else as occupied at its end."""
    unknown = pd.Series(float("nan"), index=years.index)
    given = years.get("land_mu", unknown)
    if county.is_settled:
        return given
    try:
        require_land(county)
        occupancies = county.table("occupancies", "usci", "parcel_id")
    except Unavailable:
        return given
    areas = parcel_areas(county) if "parcels" in county.tables else pd.Series(dtype="float64")
    occupied = unknown.copy()
    for year, rows in years.groupby("year"):
        end = pd.Timestamp(year=int(str(year)), month=12, day=31)
        land = land_base(occupancies, areas, on=end, is_let_deducted=_is_held(county))
        occupied[rows.index] = rows["usci"].map(land)
    return given.fillna(occupied)


def owned_rows_fault(policy: Mapping[str, Any]) -> Fault | None:
    """Tell where `land_base.yml` says of owners' rows what it cannot."""
    rows = policy["land_base"].get("owned_rows", "used")
    if rows in OWNED_ROWS:
        return None
    en = f"{rows!r} must be used or held{did_you_mean(rows, OWNED_ROWS)}"
    zh = f"“{rows}”应是 used 或 held{is_it(rows, OWNED_ROWS)}"
    return fault_at(policy["land_base"], "owned_rows", en, zh)


def _is_held(county: County) -> bool:
    """Whether owners' rows are what they hold, leases of others included."""
    if fault := owned_rows_fault(county.policy):
        raise ConfigurationError.of_policy("land_base", [fault])
    return bool(county.policy["land_base"].get("owned_rows") == "held")


def is_closed(years: pd.DataFrame) -> pd.Series:
    """Whether the firm of each firm-year was closed by the end of that year.

    >>> rows = pd.DataFrame({"year": [2021, 2021], "closed_on": ["2021-12-31", "2022-01-01"]})
    >>> is_closed(rows.astype({"closed_on": "datetime64[s]"})).tolist()
    [True, False]
    """
    if "closed_on" not in years:
        return pd.Series(data=False, index=years.index)
    return surely(years["closed_on"].dt.year <= years["year"])


def with_firm(frame: pd.DataFrame, county: County, *columns: str) -> pd.DataFrame:
    """Add columns of `enterprises` to rows that name their firm by `usci`.

    The index stays; a firm that `enterprises` does not list has nothing in the new columns.

    Raises
    ------
    Unavailable
        If there are no `enterprises`, or one of the columns was not supplied.

    Examples
    --------
    >>> county = example_county(enterprises={"usci": ["A"], "industry": ["3441"]})
    >>> with_firm(pd.DataFrame({"usci": ["B", "A"]}), county, "industry")["industry"].tolist()
    [nan, '3441']
    """
    firms = county.table("enterprises", "usci", *columns)
    known = firms.sort_index().drop_duplicates("usci").set_index("usci")
    return frame.join(known[list(columns)], on="usci")


def industry_of(codes: pd.Series, *, digits: int) -> pd.Series:
    """Cut codes of GB/T 4754 to their first digits; a shorter code belongs to no such industry.

    Examples
    --------
    >>> industry_of(pd.Series(["3441", "34", None]), digits=2).tolist()
    ['34', '34', nan]
    """
    cut = codes.astype("str").str[:digits]
    return cut.where(cut.str.len() == digits)


def industry_labels(county: County) -> Mapping[str, Label]:
    """Name the industries by the first two digits of GB/T 4754 (`data/policy/industries.yml`).

    Examples
    --------
    >>> industry_labels(example_county(policy=load_policy()))["13"].zh
    '农副食品加工业'
    """
    named = county.policy["industries"]["divisions"]
    return {code: Label(**label) for code, label in named.items()}
