"""Facts of firms at the end of a year that other tables tell: land, tenants, titles, projects."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from tenglong.measure.carbon.fuels import firm_energy
from tenglong.measure.clearance.loop import open_on
from tenglong.measure.county import County
from tenglong.measure.firm.firms import in_force, land_base, parcel_areas

Rule = Callable[[County, pd.DataFrame, pd.Timestamp], "pd.Series[Any]"]


def division(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """Division of GB/T 4754 (first two digits) as a number.

    >>> division(None, pd.DataFrame({"industry": ["3391", None]}), None).tolist()
    [33.0, nan]
    """
    del day
    if "industry" not in firms:
        county.table("enterprises", "industry")
    return pd.to_numeric(firms["industry"].str[:2], errors="coerce")


def land_supplied_on(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """Day on which the firm's newest land was supplied (新增用地); its own land, not leased.

    >>> county = example_county(
    ...     occupancies={"usci": ["a", "a"], "parcel_id": ["p", "q"]},
    ...     parcels={"parcel_id": ["p", "q"], "supplied_on": ["2015-03-01", "2020-07-01"]})
    >>> firms = pd.DataFrame({"usci": ["a"]})
    >>> land_supplied_on(county, firms, pd.Timestamp("2021-12-31")).dt.year.tolist()
    [2020]
    """
    held = _parcels(county, day, "supplied_on")
    own = held[held["tenure"] != "leased"] if "tenure" in held else held
    return _days_of(firms["usci"], own.groupby("usci")["supplied_on"].max())


def production_on(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """Day on which production began on the first of the firm's parcels.

    >>> county = example_county(
    ...     occupancies={"usci": ["a", "a"], "parcel_id": ["p", "q"]},
    ...     parcels={"parcel_id": ["p", "q"], "production_on": ["2019-05-01", "2022-01-01"]})
    >>> firms = pd.DataFrame({"usci": ["a"]})
    >>> production_on(county, firms, pd.Timestamp("2021-12-31")).dt.year.tolist()
    [2019]
    """
    held = _parcels(county, day, "production_on")
    return _days_of(firms["usci"], held.groupby("usci")["production_on"].min())


def is_producing(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """Whether production has begun on one of the firm's parcels; missing without parcels.

    >>> county = example_county(
    ...     occupancies={"usci": ["a"], "parcel_id": ["p"]},
    ...     parcels={"parcel_id": ["p"], "production_on": ["2022-01-01"]})
    >>> firms = pd.DataFrame({"usci": ["a", "b"]})
    >>> is_producing(county, firms, pd.Timestamp("2021-12-31")).tolist()
    [False, <NA>]
    """
    held = _parcels(county, day, "production_on")
    begun = held["production_on"].notna().groupby(held["usci"]).any()
    return firms["usci"].map(begun).astype("boolean")


def agreed_completion_on(
    county: County, firms: pd.DataFrame, day: pd.Timestamp
) -> "pd.Series[Any]":
    """First day by which one of the firm's parcels was to be completed by its contract.

    >>> county = example_county(
    ...     occupancies={"usci": ["a"], "parcel_id": ["p"]},
    ...     parcels={"parcel_id": ["p"], "agreed_completion_on": ["2023-06-30"]})
    >>> firms = pd.DataFrame({"usci": ["a"]})
    >>> agreed_completion_on(county, firms, pd.Timestamp("2021-12-31")).dt.year.tolist()
    [2023]
    """
    held = _parcels(county, day, "agreed_completion_on", is_agreed=True)
    return _days_of(firms["usci"], held.groupby("usci")["agreed_completion_on"].min())


def is_listed(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """Whether the firm stands on the clearance list (高耗低效整治清单): listed, and not at an end.

    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["a", "b"], "event": "listed", "happened_on": ["2021-03-01", "2022-03-01"]})
    >>> firms = pd.DataFrame({"usci": ["a", "b", "c"]})
    >>> is_listed(county, firms, pd.Timestamp("2021-12-31")).tolist()
    [True, False, False]
    """
    return firms["usci"].isin(open_on(county, day.date()))


def tenants(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """How many other firms lease on the parcels that the firm owns (出租).

    >>> county = example_county(occupancies={
    ...     "usci": ["a", "b"], "parcel_id": ["p", "p"], "tenure": ["owned", "leased"]})
    >>> firms = pd.DataFrame({"usci": ["a", "b"]})
    >>> tenants(county, firms, pd.Timestamp("2021-12-31")).tolist()
    [1.0, 0.0]
    """
    used = _occupancies(county, day)
    owned, leased = (used[used["tenure"] == kind] for kind in ("owned", "leased"))
    pairs = owned[["usci", "parcel_id"]].merge(
        leased[["usci", "parcel_id"]], on="parcel_id", suffixes=("", "_of_tenant")
    )
    others = pairs[pairs["usci"] != pairs["usci_of_tenant"]]
    counts = others.groupby("usci")["usci_of_tenant"].nunique()
    return firms["usci"].map(counts).fillna(0)


def is_tenant(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """Whether all the land that the firm uses is leased; missing without land.

    >>> county = example_county(occupancies={
    ...     "usci": ["a", "b"], "parcel_id": ["p", "p"], "tenure": ["owned", "leased"]})
    >>> firms = pd.DataFrame({"usci": ["a", "b"]})
    >>> is_tenant(county, firms, pd.Timestamp("2021-12-31")).tolist()
    [False, True]
    """
    used = _occupancies(county, day)
    leased = (used["tenure"] == "leased").where(used["tenure"].notna())
    known = leased.dropna().astype(bool)
    return firms["usci"].map(known.groupby(used["usci"]).all()).astype("boolean")


def owner(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """Firm that owns the land which the firm leases; of several the first by its code.

    >>> county = example_county(occupancies={
    ...     "usci": ["a", "b"], "parcel_id": ["p", "p"], "tenure": ["owned", "leased"]})
    >>> firms = pd.DataFrame({"usci": ["a", "b"]})
    >>> owner(county, firms, pd.Timestamp("2021-12-31")).tolist()
    [nan, 'a']
    """
    used = _occupancies(county, day)
    owned, leased = (used[used["tenure"] == kind] for kind in ("owned", "leased"))
    pairs = leased[["usci", "parcel_id"]].merge(
        owned[["usci", "parcel_id"]], on="parcel_id", suffixes=("", "_of_owner")
    )
    others = pairs[pairs["usci"] != pairs["usci_of_owner"]]
    return firms["usci"].map(others.groupby("usci")["usci_of_owner"].min())


def leased_mu(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """Land that the firm leases from others, in 亩.

    >>> county = example_county(policy=load_policy(), parcels={"parcel_id": ["p"]}, occupancies={
    ...     "usci": ["a", "b"], "parcel_id": ["p", "p"], "tenure": ["owned", "leased"],
    ...     "area_mu": [3.0, 2.0]})
    >>> firms = pd.DataFrame({"usci": ["a", "b"]})
    >>> leased_mu(county, firms, pd.Timestamp("2021-12-31")).tolist()
    [0.0, 2.0]
    """
    used = _occupancies(county, day)
    leased = used[used["tenure"] == "leased"]
    land = land_base(leased, parcel_areas(county), on=day)
    has_unknown = firms["usci"].isin(land.index[land.isna()])
    return firms["usci"].map(land).fillna(0.0).mask(has_unknown)


def titles(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """Give the titles that the firm holds: `green_factory` and `green_factory:provincial`.

    A title belongs to the firm that its code names, or, without a code, its exact name.

    >>> county = example_county(recognitions={
    ...     "kind": ["green_factory"], "level": ["provincial"], "holder": ["甲"], "usci": ["a"],
    ...     "recognised_on": ["2021-05-01"]})
    >>> found = titles(county, pd.DataFrame({"usci": ["a"]}), pd.Timestamp("2021-12-31"))
    >>> sorted(found[0])
    ['green_factory', 'green_factory:provincial']
    """
    frame = county.table("recognitions", "kind", "holder", "recognised_on")
    won = frame[frame["recognised_on"] <= day].sort_values("recognised_on", kind="stable")
    by_code, by_name = _held(won, "usci"), _held(won, "holder")
    names = firms["name"] if "name" in firms else pd.Series("", index=firms.index)
    held = [
        by_code.get(code, frozenset()) | by_name.get(name, frozenset())
        for code, name in zip(firms["usci"], names, strict=True)
    ]
    return pd.Series(held, index=firms.index, dtype="object")


def upgrading_wan(county: County, firms: pd.DataFrame, day: pd.Timestamp) -> "pd.Series[Any]":
    """Invested in the year in the firm's technical upgrading projects, in 万元 (技改投资).

    >>> county = example_county(
    ...     projects={"project_id": ["x"], "kind": ["upgrade"], "usci": ["a"]},
    ...     project_months={"project_id": ["x", "x"], "month": ["2021-03", "2022-03"],
    ...         "invested_wan": [30.0, 99.0]})
    >>> firms = pd.DataFrame({"usci": ["a"]})
    >>> upgrading_wan(county, firms, pd.Timestamp("2021-12-31")).tolist()
    [30.0]
    """
    projects = county.table("projects", "project_id", "kind", "usci")
    months = county.table("project_months", "project_id", "month", "invested_wan")
    upgrades = projects[projects["kind"].isin(["upgrade", "energy_saving"])]
    in_year = months[months["month"].dt.year == day.year]
    firm = in_year["project_id"].map(
        upgrades.drop_duplicates("project_id").set_index("project_id")["usci"]
    )
    return firms["usci"].map(in_year["invested_wan"].groupby(firm).sum()).fillna(0.0)


def energy_calorific_tce(
    county: County, firms: pd.DataFrame, day: pd.Timestamp
) -> "pd.Series[Any]":
    """Energy in 吨标准煤 with electricity at its calorific value (当量值); see `fuel_mix`.

    >>> years = {"usci": ["a"], "year": [2021], "energy_tce": [300.0]}
    >>> years["electricity_10k_kwh"] = [100.0]
    >>> county = example_county(policy=load_policy(), enterprise_years=years)
    >>> firms = county.table("enterprise_years")
    >>> energy_calorific_tce(county, firms, pd.Timestamp("2021-12-31")).round(1).tolist()
    [122.9]
    """
    del day
    return firm_energy(county)["calorific_tce"].reindex(firms.index)


FACTS: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        agreed_completion_on,
        division,
        energy_calorific_tce,
        is_listed,
        is_producing,
        is_tenant,
        land_supplied_on,
        leased_mu,
        owner,
        production_on,
        tenants,
        titles,
        upgrading_wan,
    )
}


def _occupancies(county: County, day: pd.Timestamp) -> pd.DataFrame:
    used = county.table("occupancies", "usci", "parcel_id", "tenure")
    return used[in_force(used, day)]


def _parcels(
    county: County, day: pd.Timestamp, column: str, *, is_agreed: bool = False
) -> pd.DataFrame:
    """Parcels that firms use on a day, with one date of each; a later date is not yet a fact."""
    used = county.table("occupancies", "usci", "parcel_id")
    parcels = county.table("parcels", "parcel_id", column).sort_index()
    dates = parcels.drop_duplicates("parcel_id").set_index("parcel_id")[column]
    held = used[in_force(used, day)].copy()
    held[column] = _days_of(held["parcel_id"], dates)
    if not is_agreed:
        held[column] = held[column].mask(held[column] > day)
    return held


def _days_of(keys: "pd.Series[str]", days: "pd.Series[Any]") -> "pd.Series[Any]":
    """Look days up by their key; `map` cannot where there are no days at all."""
    return days.reindex(keys).set_axis(keys.index)


def _held(won: pd.DataFrame, by: str) -> dict[str, frozenset[str]]:
    """Follow each holder's titles in time; those without a code go by the holder's name."""
    if "usci" in won:
        won = won[won["usci"].notna()] if by == "usci" else won[won["usci"].isna()]
    elif by == "usci":
        return {}
    held: dict[str, set[str]] = {}
    unknown = pd.Series(index=won.index, dtype="object")
    lost = won.get("is_lost", unknown).astype("boolean").fillna(value=False)
    columns = (won[by], won["kind"], won.get("level", unknown), lost)
    for holder, kind, level, is_lost in zip(*columns, strict=True):
        names = {kind, f"{kind}:{level}"} if isinstance(level, str) else {kind}
        mine = held.setdefault(holder, set())
        mine.difference_update(names) if is_lost else mine.update(names)
    return {holder: frozenset(names) for holder, names in held.items()}
