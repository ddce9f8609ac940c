"""Industrial land: grants, standard land, contracts, replacement and the fund."""

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction

import pandas as pd

from tenglong.measure.clause import written
from tenglong.measure.county import County
from tenglong.measure.doubt import blanks_of, cases_of, may_be, span
from tenglong.measure.exact import as_float, exact, exact_sum, ratio
from tenglong.measure.policy.duty import opened
from tenglong.measure.policy.file import most_missing, policy_file
from tenglong.measure.reading import (
    Blank,
    Coverage,
    Evidence,
    Figure,
    Incomplete,
    Part,
    Reading,
    Series,
)
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
    industrial = {
        code: any(fnmatchcase(str(code).strip().upper(), pattern) for pattern in patterns)
        for code in land_use.dropna().unique()
    }
    found = [industrial.get(code) for code in land_use.tolist()]
    return pd.Series(found, index=land_use.index, dtype="boolean")


def industrial_grants(county: County) -> Reading:
    """Industrial land among all land granted, by area and year (工业用地比例).

    Formula: Σ area of industrial grants / Σ area of all grants. A grant of unknown use is in
    neither; a year is incomplete where more grants lack their use or area than the policy allows
    (`bands.yml`, most_missing_share). Source: policy measure 2 of the plan.

    >>> county = example_county(
    ...     policy={"land_use": {"industrial": ["1001*"]}, "bands": {"most_missing_share": 0.05}},
    ...     land_supply={"granted_on": ["2021-03-01", "2021-09-01"], "land_use": ["1001", "0701"],
    ...                  "area_mu": [30.0, 70.0]})
    >>> industrial_grants(county).figures[0].value
    Fraction(3, 10)
    """
    frame = county.table("land_supply", "granted_on", "land_use", "area_mu")
    industrial = is_industrial(frame["land_use"], county)
    among = pd.Series(data=True, index=frame.index, dtype="boolean")
    names = ("industrial_mu", "granted_mu")
    return _area_share(frame, among, industrial, names, county, ("land_use",))


def standard_land(county: County) -> Reading:
    """Give standard land among newly granted industrial land, by area and year (标准地).

    Formula: Σ area of standard grants / Σ area of new industrial grants. A grant of which it is
    not known if it is one of these is in neither; a year is incomplete where too many grants lack
    that or their area. Source: task 3 of the plan.

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
    among = is_industrial(frame["land_use"], county) & frame["is_new"].astype("boolean")
    standard = frame["is_standard_land"].astype("boolean")
    names = ("standard_mu", "new_industrial_mu")
    return _area_share(frame, among, standard, names, county, ("land_use", "is_new"))


def _area_share(
    frame: pd.DataFrame,
    among: "pd.Series[bool]",
    chosen: "pd.Series[bool]",
    names: tuple[str, str],
    county: County,
    decides: tuple[str, ...],
) -> Reading:
    """Share by area of what is chosen among the grants; `decides` are the columns of `among`."""
    frame = frame[may_be(among)]
    is_known = surely(among) & chosen.notna() & frame["area_mu"].notna()
    years = [
        _area_figure(int(str(year)), group, among, chosen, is_known, names, county, decides)
        for year, group in frame.groupby(frame["granted_on"].dt.year)
    ]
    shown = ("supply_id", "granted_on", "land_use", "area_mu", "is_new", "is_standard_land")
    evidence = (Evidence("land_supply", frame[[c for c in shown if c in frame]]),)
    figures = tuple(one for one in years if isinstance(one, Figure))
    incomplete = tuple(one for one in years if isinstance(one, Incomplete))
    return Series(figures, "", evidence=evidence, incomplete=incomplete)


def _area_figure(  # noqa: PLR0913, PLR0917 - what one year of a share by area is made of
    year: int,
    group: pd.DataFrame,
    among: "pd.Series[bool]",
    chosen: "pd.Series[bool]",
    is_known: "pd.Series[bool]",
    names: tuple[str, str],
    county: County,
    decides: tuple[str, ...],
) -> Figure | Incomplete:
    known, end = is_known[group.index], date(year, 12, 31)
    lacking = int((~known).sum())
    open_ = group[~known]
    mark = {"industrial_mu": "land_use", "standard_mu": "is_standard_land"}[names[0]]
    columns = [*decides, mark, "area_mu"]
    blanks = blanks_of(open_, {name: ("land_supply", name) for name in dict.fromkeys(columns)})
    if Fraction(lacking, len(group)) > most_missing(county.policy):
        return Incomplete(end, blanks)
    kept = known & surely(chosen[group.index])
    part, whole = exact_sum(group.loc[kept, "area_mu"]), exact_sum(group.loc[known, "area_mu"])
    parts: dict[str, Part] = {
        names[0]: part,
        names[1]: whole,
        "grants": len(group),
        "grants_lacking": lacking,
    }
    is_bounded = bool(group["area_mu"].notna().all())
    cases = [
        tuple(
            (top * exact(area), bottom * exact(area))
            for top, bottom in cases_of(flag, is_sure=bool(sure))
        )
        for flag, sure, area in zip(
            chosen[open_.index], surely(among[open_.index]), open_["area_mu"].tolist(), strict=True
        )
        if is_bounded
    ]
    low, high = span((part, whole), cases) if is_bounded else (None, None)
    return Figure(end, ratio(part, whole), parts, blanks=blanks, low=low, high=high)


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
    amounts = {name: ("special_fund", name) for name in ("settlement_income_wan", "drawn_wan")}
    figures, incomplete = [], []
    for year, group in frame.groupby("year"):
        if blanks := blanks_of(group, amounts):
            incomplete.append(Incomplete(date(int(str(year)), 12, 31), blanks))
            continue
        drawn, income = exact_sum(group["drawn_wan"]), exact_sum(group["settlement_income_wan"])
        parts: dict[str, Part] = {"drawn_wan": drawn, "settlement_income_wan": income}
        end, preliminary = date(int(str(year)), 12, 31), is_preliminary(group)
        figures.append(Figure(end, ratio(drawn, income), parts, is_preliminary=preliminary))
    evidence = (Evidence("special_fund", frame),)
    return Series(tuple(figures), "", evidence=evidence, incomplete=tuple(incomplete))


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
    blanks: tuple[Blank, ...] = ()
    if "land_use" in frame:
        frame = frame[may_be(is_industrial(frame["land_use"], county))]
        blanks = blanks_of(frame, {"land_use": ("parcels", "land_use")})
    signed = frame["supervision_signed_on"]
    last = signed.max().date() if len(frame) and signed.notna().all() else None
    columns = [c for c in ("parcel_id", "name", "supplied_on", signed.name) if c in frame]
    is_open = frame.index.isin([blank.row for blank in blanks])
    counted = Fraction(int(signed[~is_open].notna().sum())), Fraction(int((~is_open).sum()))
    low, high = span(counted, [cases_of(flag, is_sure=False) for flag in signed.notna()[is_open]])
    return Coverage(
        Fraction(int(signed.notna().sum())),
        Fraction(len(frame)),
        "宗",
        completed_on=last,
        evidence=(Evidence("parcels", pd.DataFrame(frame[columns])),),
        blanks=blanks,
        low=low,
        high=high,
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
        blanks=blanks_of(frame, {name: ("land_moves", name) for name in ("area_mu", "direction")}),
    )


def _short_since(county: County) -> list[tuple[str, date | None]]:
    """Give what is to be replaced still, and since which day it has been so without a break."""
    ledger = replacement_ledger(county).dropna(subset=["balance_mu"])
    closing = ledger.set_index("moved_on")["balance_mu"]  # every row has that of its day's end
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
    frame["change_mu"] = change_mu(frame)
    balances: list[float] = []
    so_far: Fraction | None = Fraction(0)
    for _, day in frame.groupby("moved_on"):
        known = day["change_mu"].notna().all()
        so_far = so_far + exact_sum(day["change_mu"]) if known and so_far is not None else None
        balances += [as_float(so_far)] * len(day)
    frame = frame[frame["moved_on"].notna()].assign(balance_mu=balances)
    frame["is_short"] = (frame["balance_mu"] < 0).astype("boolean").mask(frame["balance_mu"].isna())
    return frame


def change_mu(moves: pd.DataFrame) -> pd.Series:
    """Give by how much each entry of the ledger changes it, in 亩: put in is more, taken out less.

    Missing where the area or the direction is.

    >>> moves = pd.DataFrame({"area_mu": [0.3, 0.1, 2.0], "direction": ["in", "out", None]})
    >>> change_mu(moves).tolist()
    [0.3, -0.1, nan]
    """
    area, way = moves["area_mu"].astype("float64"), moves["direction"]
    return area.where(way == "in", -area.where(way == "out"))
