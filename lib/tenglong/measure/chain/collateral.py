"""Registered collateral (担保品登记): by parcel and per mu, and by creditor."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import as_float, exact, exact_sum, ratio
from tenglong.measure.land.tally import land_extents
from tenglong.measure.reading import Evidence, Figure, Reading, Series

Numbers = np.ndarray[Any, Any]


def active_collateral(county: County) -> pd.DataFrame:
    """Give the securities that are registered on `as_of` and not yet released.

    What is released on `as_of` is no longer active; what has no day of registration is.

    Raises
    ------
    Unavailable
        If there is no collateral, or it is not told when it is registered and released.

    Examples
    --------
    >>> county = example_county(collateral={
    ...     "collateral_id": ["1", "2"], "amount_wan": [500.0, 300.0],
    ...     "registered_on": ["2021-03-01"] * 2, "released_on": [None, "2022-06-30"]})
    >>> active_collateral(county)["collateral_id"].tolist()
    ['1']
    """
    frame = county.table(
        "collateral", "collateral_id", "amount_wan", "registered_on", "released_on"
    )
    day = pd.Timestamp(county.as_of)
    begun = frame["registered_on"].isna() | (frame["registered_on"] <= day)
    over = frame["released_on"] <= day
    return frame[begun & ~over]


def collateral_by_parcel(county: County) -> pd.DataFrame:
    """Sum the active securities up by parcel, in 万元 and 万元/亩.

    Formula: Σ amount / the area of the land (`land_extents`), as on every page of land. Every
    amount is the whole one that is registered; where one debt is secured twice, both count.

    Returns
    -------
    DataFrame
        `parcel_id` (missing: security that names no parcel), `entries`, `creditors`,
        `amount_wan`, `amount_lacking` (entries without an amount), `area_mu`, `wan_per_mu`, and
        `reason`: `known`, `no_parcel`, `no_area`, `amount_lacking`; the highest per mu first.

    Raises
    ------
    Unavailable
        See `active_collateral`; or if securities do not name their parcels.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(), parcels={"parcel_id": ["p"], "actual_mu": [4.0]},
    ...     collateral={"collateral_id": ["1", "2"], "parcel_id": ["p", "p"],
    ...                 "amount_wan": [500.0, 300.0], "registered_on": ["2021-03-01"] * 2,
    ...                 "released_on": [None, None]})
    >>> collateral_by_parcel(county)[["entries", "amount_wan", "wan_per_mu"]].values.tolist()
    [[2.0, 800.0, 200.0]]
    """
    county.table("collateral", "parcel_id")
    active = active_collateral(county)
    try:
        known = county.table("parcels", "parcel_id").assign(area_mu=land_extents(county))
    except Unavailable:
        areas = {}
    else:
        areas = known.groupby("parcel_id")["area_mu"].sum().to_dict()
    amounts = active["amount_wan"].to_numpy(dtype="float64", na_value=np.nan)
    creditors = active["creditor"].to_numpy() if "creditor" in active else None
    lines = [
        (
            parcel,
            len(rows),
            None if creditors is None else len({one for one in creditors[rows] if pd.notna(one)}),
            *_secured(amounts[rows], parcel, areas.get(parcel)),
        )
        for parcel, rows in _rows_by_parcel(active["parcel_id"])
    ]
    columns = ["parcel_id", "entries", "creditors", "amount_wan", "amount_lacking"]
    made = pd.DataFrame(lines, columns=[*columns, "area_mu", "wan_per_mu", "reason"])
    return made.sort_values(
        ["wan_per_mu", "amount_wan", "parcel_id"], ascending=[False, False, True], kind="stable"
    ).reset_index(drop=True)


def _rows_by_parcel(parcels: "pd.Series[Any]") -> Iterator[tuple[Any, Numbers]]:
    """Give each parcel and where its rows stand, in the order of parcels; who names none last."""
    codes, names = pd.factorize(parcels, sort=True, use_na_sentinel=False)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    return zip(names, np.split(order, ends[:-1]) if len(names) else [], strict=True)


def _secured(
    amounts: Numbers, parcel: object, area: float | None
) -> tuple[float, int, float, float, str]:
    nothing, lacking = float("nan"), int(np.isnan(amounts).sum())
    total = exact_sum(amounts)
    told = float(total), lacking
    if pd.isna(parcel):  # type: ignore[call-overload]
        return *told, nothing, nothing, "no_parcel"
    if not area:
        return *told, nothing, nothing, "no_area"
    if lacking:
        return *told, area, nothing, "amount_lacking"
    return *told, area, float(total / exact(area)), "known"


def collateral_by_creditor(county: County) -> pd.DataFrame:
    """Sum the active securities up by creditor, in 万元, with each one's share.

    Returns
    -------
    DataFrame
        `creditor` (missing where not told; last), `entries`, `parcels`, `amount_wan`,
        `amount_lacking`, `share_pct` (of all that is known); the largest first.

    Raises
    ------
    Unavailable
        See `active_collateral`; or if creditors are not told.

    Examples
    --------
    >>> county = example_county(collateral={
    ...     "collateral_id": ["1", "2"], "creditor": ["甲行", "乙行"], "amount_wan": [500.0, 300.0],
    ...     "registered_on": ["2021-03-01"] * 2, "released_on": [None, None]})
    >>> collateral_by_creditor(county)[["creditor", "share_pct"]].values.tolist()
    [['甲行', 62.5], ['乙行', 37.5]]
    """
    county.table("collateral", "creditor")
    active = active_collateral(county)
    whole = exact_sum(active["amount_wan"])
    lines = []
    for creditor, group in active.groupby("creditor", dropna=False):
        amount = exact_sum(group["amount_wan"])
        share = ratio(amount * 100, whole)
        parcels = int(group["parcel_id"].nunique()) if "parcel_id" in group else None
        lacking = int(group["amount_wan"].isna().sum())
        lines.append((creditor, len(group), parcels, float(amount), lacking, as_float(share)))
    columns = ["creditor", "entries", "parcels", "amount_wan", "amount_lacking", "share_pct"]
    made = pd.DataFrame(lines, columns=columns)
    order = made.assign(is_none=made["creditor"].isna()).sort_values(
        ["is_none", "amount_wan", "creditor"], ascending=[True, False, True], kind="stable"
    )
    return order.drop(columns="is_none").reset_index(drop=True)


def collateral_total(county: County) -> Fraction:
    """Σ of all active securities, in 万元; entries without an amount count as none.

    Examples
    --------
    >>> county = example_county(collateral={
    ...     "collateral_id": ["1", "2"], "amount_wan": [0.1, 0.2],
    ...     "registered_on": ["2021-03-01"] * 2, "released_on": [None, None]})
    >>> collateral_total(county)
    Fraction(3, 10)
    """
    return exact_sum(active_collateral(county)["amount_wan"])


def registered_collateral(county: County) -> Reading:
    """Σ of the securities that are registered and not released on the day, in 万元.

    Raises
    ------
    Unavailable
        See `active_collateral`.

    Examples
    --------
    >>> county = example_county(collateral={
    ...     "collateral_id": ["1"], "amount_wan": [500.0], "registered_on": ["2021-03-01"],
    ...     "released_on": [None]})
    >>> int(registered_collateral(county).figures[0].value)
    500
    """
    active = active_collateral(county)
    figure = Figure(county.as_of, exact_sum(active["amount_wan"]), {"entries": len(active)})
    columns = ["collateral_id", "amount_wan", "registered_on"]
    return Series((figure,), "万元", evidence=(Evidence("collateral", active[columns]),))
