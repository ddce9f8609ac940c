"""Industrial land: grants, standard land, contracts, replacement and the fund."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction

import pandas as pd

from tenglong.measure.clause import written
from tenglong.measure.county import County
from tenglong.measure.exact import as_float, exact, exact_sum, ratio
from tenglong.measure.policy.duty import opened
from tenglong.measure.policy.file import most_missing, policy_file
from tenglong.measure.reading import Coverage, Evidence, Figure, Part, Reading, Series
from tenglong.measure.row import is_preliminary, surely


@dataclass(frozen=True)
class LandUse:
    """Codes of industrial land; see `data/policy/land_use.yml`."""

    industrial: tuple[str, ...]


def is_industrial(land_use: pd.Series, county: County) -> pd.Series:
    """Whether each land-use code means industrial land (`data/policy/land_use.yml`).

    Missing where the code is.

    >>> county = example_county(policy={"land_use": {"industrial": ["1001*", "M"]}})
    >>> is_industrial(pd.Series(["100101", "m", "MX", None]), county).tolist()
    [True, True, False, <NA>]
    """
    patterns = policy_file(LandUse, county.policy, "land_use").industrial
    found = [
        None
        if pd.isna(code)
        else any(fnmatchcase(str(code).strip().upper(), pattern) for pattern in patterns)
        for code in land_use.tolist()
    ]
    return pd.Series(found, index=land_use.index, dtype="boolean")


def industrial_grants(county: County) -> Reading:
    """Industrial land among all land granted, by area and year (工业用地比例).

    Formula: Σ area of industrial grants / Σ area of all grants. A grant of unknown use counts
    as not industrial; a year has no figure where more grants lack their use or area than the
    policy allows (`bands.yml`, most_missing_share). Source: policy measure 2 of the plan.

    >>> county = example_county(
    ...     policy={"land_use": {"industrial": ["1001*"]}, "bands": {"most_missing_share": 0.05}},
    ...     land_supply={"granted_on": ["2021-03-01", "2021-09-01"], "land_use": ["1001", "0701"],
    ...                  "area_mu": [30.0, 70.0]})
    >>> industrial_grants(county).figures[0].value
    Fraction(3, 10)
    """
    frame = county.table("land_supply", "granted_on", "land_use", "area_mu")
    industrial = is_industrial(frame["land_use"], county)
    return _area_share(frame, industrial, ("industrial_mu", "granted_mu"), county)


def standard_land(county: County) -> Reading:
    """Give standard land among newly granted industrial land, by area and year (标准地).

    Formula: Σ area of standard grants / Σ area of new industrial grants. A grant counts as new
    unless it is known not to be, and as standard only where it is known to be; a year has no
    figure where too many grants lack that or their area. Source: task 3 of the plan.

    >>> county = example_county(
    ...     policy={"land_use": {"industrial": ["1001*"]}, "bands": {"most_missing_share": 0.05}},
    ...     land_supply={"granted_on": ["2021-03-01", "2021-09-01"], "land_use": ["1001", "1001"],
    ...                  "area_mu": [30.0, 70.0], "is_new": [True, False],
    ...                  "is_standard_land": [True, False]})
    >>> standard_land(county).figures[0].value
    Fraction(1, 1)
    """
    frame = county.table(
        "land_supply", "granted_on", "land_use", "area_mu", "is_new", "is_standard_land"
    )
    is_new = frame["is_new"].fillna(value=True).astype(bool)
    industrial = surely(is_industrial(frame["land_use"], county))
    frame = frame[industrial & is_new]
    standard = frame["is_standard_land"].astype("boolean")
    return _area_share(frame, standard, ("standard_mu", "new_industrial_mu"), county)


def _area_share(
    frame: pd.DataFrame, chosen: pd.Series, names: tuple[str, str], county: County
) -> Reading:
    most = most_missing(county.policy)
    is_lacking = chosen.isna() | frame["area_mu"].isna()
    figures = []
    for year, group in frame.groupby(frame["granted_on"].dt.year):
        lacking = int(is_lacking[group.index].sum())
        if Fraction(lacking, len(group)) > most:
            continue
        kept = surely(chosen[group.index])
        part, whole = exact_sum(group.loc[kept, "area_mu"]), exact_sum(group["area_mu"])
        parts: dict[str, Part] = {
            names[0]: part,
            names[1]: whole,
            "grants": len(group),
            "grants_lacking": lacking,
        }
        figures.append(Figure(date(int(str(year)), 12, 31), ratio(part, whole), parts))
    shown = ("supply_id", "granted_on", "land_use", "area_mu", "is_new", "is_standard_land")
    columns = [c for c in shown if c in frame]
    return Series(tuple(figures), "", evidence=(Evidence("land_supply", frame[columns]),))


def fund_share(county: County) -> Reading:
    """Drawn for the campaign from the settled income of land grants, by year (专项经费).

    Formula: drawn_wan / settlement_income_wan. A year with one of them missing has no figure;
    a year without income is not applicable. Source: policy measure 2 of the plan.

    >>> county = example_county(special_fund={
    ...     "year": [2021], "settlement_income_wan": [5000.0], "drawn_wan": [100.0]})
    >>> fund_share(county).figures[0].value
    Fraction(1, 50)
    """
    frame = county.table("special_fund", "year", "settlement_income_wan", "drawn_wan")
    figures = []
    for year, group in frame.groupby("year"):
        if group[["settlement_income_wan", "drawn_wan"]].isna().to_numpy().any():
            continue
        drawn, income = exact_sum(group["drawn_wan"]), exact_sum(group["settlement_income_wan"])
        parts: dict[str, Part] = {"drawn_wan": drawn, "settlement_income_wan": income}
        end, preliminary = date(int(str(year)), 12, 31), is_preliminary(group)
        figures.append(Figure(end, ratio(drawn, income), parts, is_preliminary=preliminary))
    return Series(tuple(figures), "", evidence=(Evidence("special_fund", frame),))


def contracts_signed(county: County) -> Reading:
    """Industrial parcels supplied whose investment contract has been signed (补签), in 宗.

    A parcel of unknown use is one: the table holds industrial land. Source: task 3 of the plan.

    >>> county = example_county(parcels={
    ...     "parcel_id": ["P1", "P2"], "supervision_signed_on": ["2021-03-01", None]})
    >>> reading = contracts_signed(county)
    >>> int(reading.done), int(reading.required)
    (1, 2)
    """
    frame = county.table("parcels", "parcel_id", "supervision_signed_on")
    if "land_use" in frame:
        frame = frame[is_industrial(frame["land_use"], county).fillna(value=True).astype(bool)]
    signed = frame["supervision_signed_on"]
    last = signed.max().date() if len(frame) and signed.notna().all() else None
    columns = [c for c in ("parcel_id", "name", "supplied_on", signed.name) if c in frame]
    return Coverage(
        Fraction(int(signed.notna().sum())),
        Fraction(len(frame)),
        "宗",
        completed_on=last,
        evidence=(Evidence("parcels", pd.DataFrame(frame[columns])),),
    )


def land_replaced(county: County) -> Reading:
    """Land put into industrial use for land taken out of it (改一补一), in 亩.

    Done is what was replaced, at most what was converted; nothing converted is not
    applicable. Source: policy measure 2 of the plan.

    >>> county = example_county(land_moves={"moved_on": ["2021-03-01", "2021-05-01"],
    ...     "area_mu": [12.5, 10.0], "direction": ["out", "in"]})
    >>> reading = land_replaced(county)
    >>> float(reading.done), float(reading.required)
    (10.0, 12.5)
    """
    frame = county.table("land_moves", "moved_on", "area_mu", "direction")
    converted = exact_sum(frame.loc[frame["direction"] == "out", "area_mu"])
    replaced = exact_sum(frame.loc[frame["direction"] == "in", "area_mu"])
    return Coverage(
        min(replaced, converted),
        converted,
        "亩",
        opened=opened(county.policy, "land_replaced", _short_since(county)),
        parts={"converted_mu": converted, "replaced_mu": replaced},
        evidence=(Evidence("land_moves", frame),),
    )


def _short_since(county: County) -> list[tuple[str, date | None]]:
    """Give what is to be replaced still, and since which day it has been so without a break."""
    ledger = replacement_ledger(county).dropna(subset=["balance_mu"])
    closing = ledger.groupby("moved_on")["balance_mu"].last()
    if closing.empty or closing.iloc[-1] >= 0:
        return []
    balanced = closing.index[closing >= 0]
    short = closing.index[closing.index > balanced.max()] if len(balanced) else closing.index
    return [(f"{written(exact(-closing.iloc[-1]))} 亩", short.min().date())]


def replacement_ledger(county: County) -> pd.DataFrame:
    """Keep the ledger of conversions with its running balance (改一补一, 占补平衡).

    Formula: balance = Σ area put in − Σ area taken out, up to and with the row's day; it must
    not fall below zero.

    Returns
    -------
    DataFrame
        The rows of `land_moves` by day, with `change_mu` (put in is positive), `balance_mu` at
        the end of the day and `is_short`; both missing from a row on whose area or direction
        is not known.

    >>> county = example_county(land_moves={"moved_on": ["2021-05-01", "2021-03-01"],
    ...     "area_mu": [0.3, 0.1], "direction": ["in", "out"]})
    >>> replacement_ledger(county)[["balance_mu", "is_short"]].values.tolist()
    [[-0.1, True], [0.2, False]]
    """
    moves = county.table("land_moves", "moved_on", "area_mu", "direction")
    frame = moves.sort_index().sort_values("moved_on", kind="stable").copy()
    sign = frame["direction"].map({"in": 1.0, "out": -1.0}).astype("float64")
    frame["change_mu"] = frame["area_mu"] * sign
    balances: list[float] = []
    so_far: Fraction | None = Fraction(0)
    for _, day in frame.groupby("moved_on", sort=True):
        known = day["change_mu"].notna().all() and so_far is not None
        so_far = so_far + exact_sum(day["change_mu"]) if known and so_far is not None else None
        balances += [as_float(so_far)] * len(day)
    frame = frame[frame["moved_on"].notna()].assign(balance_mu=balances)
    frame["is_short"] = (frame["balance_mu"] < 0).astype("boolean").mask(frame["balance_mu"].isna())
    return frame
