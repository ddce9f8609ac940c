"""The directory of industrial chains (产业链): who is in each, where, and what they make."""

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from tenglong.measure.chain.monthly import Months
from tenglong.measure.chain.warning import warning_rules, watched
from tenglong.measure.county import County, Unavailable
from tenglong.measure.exact import as_float, exact_sum, ratio
from tenglong.measure.firm.closing import surely_open
from tenglong.measure.firm.firms import firm_years, with_firm
from tenglong.measure.policy.file import most_missing
from tenglong.measure.row import surely

SUMS = ("revenue_wan", "tax_wan", "value_added_wan", "employees")
FIRM = ("name", "township", "industry")


def chain_firms(county: County) -> pd.DataFrame:
    """List the firms of the chains with the figures of the last year known.

    Firms that are closed on `as_of`, or of which that is in doubt, are out. `is_due` tells whether
    a firm can have figures of that year at all: it was registered by its end; missing where it is
    not known when.

    Returns
    -------
    DataFrame
        By the rows of `enterprises`: `chain` (missing where a firm is in none), `usci`, `name`,
        `township`, `industry` (as far as supplied), `is_due`, `year`, `is_above_scale`,
        `revenue_wan`, `tax_wan` (evaluated, see `firm_years`), `value_added_wan`, `employees`;
        missing where they are not known.

    Raises
    ------
    Unavailable
        If there are no firms, or their chains or closures were not supplied.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprises={"usci": ["A"], "chain": ["高端装备"], "closed_on": [None]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "revenue_wan": [2400.0]})
    >>> chain_firms(county)[["chain", "year", "revenue_wan", "tax_wan"]].values.tolist()
    [['高端装备', 2021, 2400.0, nan]]
    """
    firms = county.table("enterprises", "usci", "chain", "closed_on")
    firms = firms[surely_open(firms, county)].sort_index().drop_duplicates("usci")
    about = firms[["chain", "usci", *(name for name in FIRM if name in firms)]]
    latest = _latest(county)
    return about.assign(is_due=_is_due(firms, next(iter(latest["year"]), None))).join(
        latest, on="usci"
    )


def _is_due(firms: pd.DataFrame, year: int | None) -> pd.Series:
    """Whether each firm was there by the end of the last year known; missing where unknown."""
    if "registered_on" not in firms or year is None:
        return pd.Series(pd.NA, index=firms.index, dtype="boolean")
    end = pd.Timestamp(year=year, month=12, day=31)
    in_time = (firms["registered_on"] <= end).astype("boolean")
    return in_time.mask(firms["registered_on"].isna())


def _latest(county: County) -> pd.DataFrame:
    """Give the figures of the last year by firm."""
    columns = ["year", "is_above_scale", *SUMS]
    types = {"year": "Int64", "is_above_scale": "boolean", **dict.fromkeys(SUMS, "float64")}
    try:
        years = firm_years(county)
    except Unavailable:
        return pd.DataFrame(columns=columns).astype(types)
    last = years[surely(years["year"] == years["year"].max())]
    latest: pd.DataFrame = last.set_index("usci").reindex(columns=columns).astype(types)
    return latest


def chain_directory(county: County) -> pd.DataFrame:
    """Sum up each chain: firms, townships, firms above scale, revenue, tax, value added.

    Sums are over the firms that have the figure, and stand beside the number of those that
    lack it; a share of the county's (all firms, in a chain or not) is given only where no more
    lack it than `bands.yml` allows. A firm that was registered after the year lacks nothing.

    Returns
    -------
    DataFrame
        By chain, those with the largest revenue first, firms of no chain (missing) last:
        `chain`, `firms`, `new_firms` (registered after the year;
        missing where it is not known of any), `townships` (how many),
        `year`, `above_scale` and `scale_unknown` (firms), then for `revenue_wan`, `tax_wan`,
        `value_added_wan` and `employees` the sum (missing where no firm has the figure) and
        `…_lacking` (firms without it), and `revenue_share_pct`.

    Raises
    ------
    Unavailable
        If there are no firms, or their chains or closures were not supplied.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprises={"usci": ["A", "B"], "chain": ["高端装备", "水资源"],
    ...                  "closed_on": [None] * 2},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021], "revenue_wan": [3.0, 1.0]})
    >>> chain_directory(county)[["chain", "revenue_wan", "revenue_share_pct"]].values.tolist()
    [['高端装备', 3.0, 75.0], ['水资源', 1.0, 25.0]]
    """
    firms = chain_firms(county)
    most = most_missing(county.policy)
    whole = _complete(firms.loc[firms["is_due"].fillna(value=True), "revenue_wan"], most)
    made = pd.DataFrame(list(_lines(firms, whole, most)))
    if made.empty:
        return made
    made = made.astype({"chain": "str"})
    order = made.assign(is_none=made["chain"].isna()).sort_values(
        ["is_none", "revenue_wan", "chain"], ascending=[True, False, True], kind="stable"
    )
    return order.drop(columns="is_none").reset_index(drop=True)


def _lines(
    firms: pd.DataFrame, whole: Fraction | None, most: Fraction
) -> Iterator[dict[str, object]]:
    for chain, group in firms.groupby("chain", dropna=False):
        due = group[group["is_due"].fillna(value=True)]
        scale = due["is_above_scale"]
        line: dict[str, object] = {
            "chain": chain,
            "firms": len(group),
            "new_firms": len(group) - len(due) if group["is_due"].notna().any() else None,
            "townships": group["township"].nunique() if "township" in group else None,
            "year": group["year"].max(),
            "above_scale": int(scale.sum()) if scale.notna().any() else None,
            "scale_unknown": int(scale.isna().sum()),
        }
        for name in SUMS:
            total = exact_sum(due[name]) if due[name].notna().any() else None
            line |= {name: as_float(total), f"{name}_lacking": int(due[name].isna().sum())}
        revenue = _complete(due["revenue_wan"], most)
        yield line | {"revenue_share_pct": as_float(_share(revenue, whole))}


def _share(part: Fraction | None, whole: Fraction | None) -> Fraction | None:
    return None if part is None or whole is None else ratio(part * 100, whole)


def _complete(values: pd.Series, most: Fraction) -> Fraction | None:
    """Σ; None where more than a share of the values is missing, or there are none."""
    if not len(values) or Fraction(int(values.isna().sum()), len(values)) > most:
        return None
    return exact_sum(values)


def chain_trends(county: County) -> pd.DataFrame:
    """Hold each chain's last month against the same month of the year before, firm by firm.

    Formula: Σ this month / Σ the month a year before − 1, over the firms that have both; so a
    firm that did not report does not look like a fall.

    Returns
    -------
    DataFrame
        By chain and figure of `enterprise_months`: `chain`, `figure`, `month`, `matched` (firms
        with both months), `lacking` (firms watched that lack one), `now`, `last_year`,
        `change_pct` (missing where nothing matches, or there was nothing the year before).

    Raises
    ------
    Unavailable
        If the firms' chains, or their monthly figures, were not supplied.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(),
    ...     enterprises={"usci": ["A"], "chain": ["水资源"], "closed_on": [None]},
    ...     enterprise_months={"usci": ["A"] * 2, "month": ["2021-06", "2022-06"],
    ...                        "revenue_wan": [100.0, 80.0]})
    >>> chain_trends(county)[["figure", "matched", "change_pct"]].values.tolist()
    [['revenue_wan', 1, -20.0]]
    """
    county.table("enterprises", "usci", "chain")
    alive = watched(county, warning_rules(county.policy).active)
    firms = pd.DataFrame({"usci": pd.Series(alive, dtype="str")})
    members = with_firm(firms, county, "chain").groupby("chain")["usci"]
    months = Months.of(county)
    lines = [
        (chain, figure, months.last, *_trend(months, figure, list(group)))
        for chain, group in members
        for figure in months.figures
    ]
    columns = ["chain", "figure", "month", "matched", "lacking", "now", "last_year", "change_pct"]
    return pd.DataFrame(lines, columns=columns)


def _trend(months: Months, figure: str, firms: list[str]) -> tuple[int, int, float, float, float]:
    month = months.last.ordinal
    pairs = [
        (now, before)
        for usci in firms
        for now, _ in [months.value(figure, usci, month)]
        for before, _ in [months.value(f"{figure}_last_year", usci, month)]
        if now is not None and before is not None
    ]
    sums = [sum((pair[side] for pair in pairs), Fraction(0)) for side in (0, 1)]
    change = (sums[0] / sums[1] - 1) * 100 if sums[1] > 0 else None
    shown = tuple(float(value) for value in sums)
    return len(pairs), len(firms) - len(pairs), shown[0], shown[1], as_float(change)
