"""What the firms on a parcel say of it: their grade, carbon level and place in the loop."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tenglong.errors import ConfigurationError
from tenglong.measure.carbon.efficiency import carbon_levels
from tenglong.measure.clearance.loop import loop_rule
from tenglong.measure.clearance.standing import standings
from tenglong.measure.county import County, Unavailable
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.firm.firms import firm_years, in_force
from tenglong.measure.kept import kept
from tenglong.measure.land.occupants import main_occupants
from tenglong.shape import fault_at

NOT_GRADED, NOT_RATED, NOT_LISTED = "not_graded", "not_rated", "not_listed"


@kept
def firm_grades(county: County) -> Mapping[str, str | None]:
    """Give the grade of every firm with figures of the last year, by usci, reckoned on all firms.

    The scheme is that of the measure `grade` in `data/policy/parcel_measures.yml`. A firm that
    is not evaluated, or has no grade of the policy's categories, is `not_graded`.

    Raises
    ------
    Unavailable
        See `evaluate`.

    >>> firms = {"usci": ["a", "b"], "industry": ["33", "44"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a", "b"], "year": 2021, "is_above_scale": True, "land_mu": [4.0, 5.0],
    ...     "tax_paid_wan": [46.3, 1.0]})
    >>> dict(firm_grades(county))
    {'a': 'not_graded', 'b': 'not_graded'}
    """
    rule = _rule(county, "grade")
    known = {entry["value"] for entry in rule["categories"]}
    year = _last_year(county)
    frame = evaluate(county, year=year, scheme=str(rule["scheme"])).frame
    firm_grades = dict(zip(frame["usci"], frame["grade"], strict=True))
    years = firm_years(county)
    firms = years.loc[years["year"] == year, "usci"]
    return {
        usci: firm_grades[usci] if firm_grades.get(usci) in known else NOT_GRADED
        for usci in firms.tolist()
    }


@kept
def firm_carbon(county: County) -> Mapping[str, str | None]:
    """Give the carbon level of every firm with figures of the last year, by usci.

    `not_rated` for a firm outside of the policy's scope; None where it cannot be told.

    Raises
    ------
    Unavailable
        See `carbon_levels`.

    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A", "B"], "industry": ["3441", "3443"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021], "coal_t": [100.0, 9.0],
    ...                       "is_above_scale": [True, False], "energy_tce": [71.43, 6.4],
    ...                       "value_added_wan": [380.06, 1.0]})
    >>> dict(firm_carbon(county))
    {'A': 'low', 'B': 'not_rated'}
    """
    rated, years, year = carbon_levels(county), firm_years(county), _last_year(county)
    levels = rated[rated["year"] == year].set_index("usci")["level"]
    found = {str(usci): None if pd.isna(level) else level for usci, level in levels.items()}
    firms = years.loc[years["year"] == year, "usci"]
    return {usci: found.get(usci, NOT_RATED) for usci in firms.tolist()}


def grade(county: County) -> pd.Series:
    """Give the grade (A–D) of the firms on every parcel; the policy says of which.

    >>> grade(example_county())
    Traceback (most recent call last):
    tenglong.measure.county.Unavailable: parcels
    """
    county.table("parcels", "parcel_id")
    return of_several(county, "grade", firm_grades(county))


def carbon_level(county: County) -> pd.Series:
    """Give the carbon level of the firms on every parcel; the policy says of which.

    >>> carbon_level(example_county())
    Traceback (most recent call last):
    tenglong.measure.county.Unavailable: parcels
    """
    county.table("parcels", "parcel_id")
    return of_several(county, "carbon_level", firm_carbon(county))


def of_several(county: County, measure: str, by_firm: Mapping[str, str | None]) -> pd.Series:
    """Give every parcel the category of one of the firms that use it on `as_of`.

    Which one is the measure's `of_several`: `first`, the category that stands first in the
    policy's list; or `largest`, that of the firm which uses most of the parcel. Missing where
    no firm is, or where the firm's category is not known.

    Raises
    ------
    Unavailable
        If there are no parcels, or nobody is known to use them.
    ConfigurationError
        If `of_several` is neither.
    """
    rule = _rule(county, measure)
    parcels = county.table("parcels", "parcel_id")["parcel_id"]
    match rule["of_several"]:
        case "first":
            order = [entry["value"] for entry in rule["categories"]]
            return parcels.map(_first(county, by_firm, order)).astype("str")
        case "largest":
            return main_occupants(county).map(by_firm).astype("str")
        case way:
            said = f"{way!r} must be first or largest", f"“{way}”应是 first 或 largest"
            place = f"measures.{measure}.of_several"
            wrong = fault_at(county.policy["parcel_measures"], place, *said)
            raise ConfigurationError.of_policy("parcel_measures", [wrong])


def _first(county: County, by_firm: Mapping[str, str | None], order: list[str]) -> dict[str, str]:
    uses = county.table("occupancies", "usci", "parcel_id")
    held = uses[in_force(uses, pd.Timestamp(county.as_of))]
    found: dict[str, str] = {}
    for parcel, usci in zip(held["parcel_id"], held["usci"], strict=True):
        category = by_firm.get(usci)
        if category is not None:
            found[parcel] = min(found.get(parcel, category), category, key=order.index)
    return found


def clearance_state(county: County) -> pd.Series:
    """Give the state in the closed loop (闭环) of the listed firm on every parcel.

    Of the listed firms that use or used it, the one least far in the loop, in the order of
    `data/policy/loop.yml`; those at work there now go before those that have left.
    `not_listed` where none of its firms is on the list; missing where it had no firm.

    Raises
    ------
    Unavailable
        If there are no parcels, no occupancies or no clearance_events.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), parcels={"parcel_id": ["p", "q", "r"]},
    ...     occupancies={"usci": ["A", "B"], "parcel_id": ["p", "q"]},
    ...     clearance_events={"usci": ["A"], "happened_on": ["2021-03-01"], "event": ["listed"]})
    >>> clearance_state(county).tolist()
    ['listed', 'not_listed', nan]
    """
    parcels = county.table("parcels", "parcel_id")["parcel_id"]
    uses = county.table("occupancies", "usci", "parcel_id")
    order = list(loop_rule(county.policy).transitions)
    states = standings(county).set_index("usci")["state"]
    held = uses[["parcel_id"]].assign(
        state=uses["usci"].map(states),
        has_left=~in_force(uses, pd.Timestamp(county.as_of)),
    )
    held["place"] = held["state"].map({state: place for place, state in enumerate(order)})
    listed = held[held["state"].notna()].sort_values(["has_left", "place"], kind="stable")
    first = listed.drop_duplicates("parcel_id").set_index("parcel_id")["state"]
    found = parcels.map(first).astype("str")
    return found.mask(found.isna() & parcels.isin(held["parcel_id"]), NOT_LISTED)


def occupant_names(county: County, parcels: pd.DataFrame) -> pd.Series:
    """Name the firms that use each parcel on the day, in the order of their names.

    >>> county = example_county(parcels={"parcel_id": ["p", "q"]},
    ...     enterprises={"usci": ["A", "B"], "name": ["乙", "丙"]},
    ...     occupancies={"usci": ["A", "B"], "parcel_id": ["p", "p"]})
    >>> occupant_names(county, county.table("parcels")).tolist()
    ['丙、乙', nan]
    """
    missing = pd.Series(None, index=parcels.index, dtype="str")
    try:
        occupancies = county.table("occupancies", "usci", "parcel_id")
        firms = county.table("enterprises", "usci", "name")
    except Unavailable:
        return missing
    held = occupancies[in_force(occupancies, pd.Timestamp(county.as_of))]
    names = held["usci"].map(firms.drop_duplicates("usci").set_index("usci")["name"])
    joined = names.fillna(held["usci"]).groupby(held["parcel_id"]).agg(_joined)
    used: pd.Series = parcels["parcel_id"].map(joined).astype("str")
    return used


def _joined(names: pd.Series) -> str:
    return "、".join(sorted(set(names)))


def _rule(county: County, measure: str) -> Mapping[str, Any]:
    rule: Mapping[str, Any] = county.policy["parcel_measures"]["measures"][measure]
    return rule


def _last_year(county: County) -> int:
    years = firm_years(county)["year"]
    if years.empty:
        raise Unavailable("enterprise_years", "year")
    return int(years.max())
