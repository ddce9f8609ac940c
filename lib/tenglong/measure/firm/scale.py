"""Which firms are above designated size (净升规), and which use digital tools."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from tenglong.measure.county import County
from tenglong.measure.doubt import NOTHING, may_be, span
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.firm.scope import belongs, firm_blanks
from tenglong.measure.reading import (
    Evidence,
    Figure,
    Flow,
    Gap,
    Grain,
    Maybe,
    NotKnown,
    Part,
    Reading,
    Series,
)
from tenglong.measure.row import is_preliminary, surely


def digitalised_share(county: County) -> Reading:
    """Share of key-industry small and medium firms that use basic digital tools, by year.

    Firms that are known to use them / firms of which it is known; a year of which nothing is
    known has no figure. Source of the population: `key_sme` in `data/policy/scopes.yml`.

    Raises
    ------
    Unavailable
        If the flag, headcount or industry was not supplied.

    >>> firms = {"usci": ["a", "b"], "industry": ["33", "33"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a", "b"], "year": 2021, "employees": 9.0, "is_digitalised": [True, False]})
    >>> digitalised_share(county).figures[0].value
    Fraction(1, 2)
    """
    county.table("enterprise_years", "is_digitalised")
    frame = firm_years(county)
    inside = belongs(frame, county, "key_sme")
    members = frame[may_be(inside)]
    figures = [
        figure
        for year, group in members.groupby("year")
        if (figure := _digitalised(county, int(str(year)), group, inside[group.index])) is not None
    ]
    shown = members.loc[inside[members.index].notna(), ["usci", "year", "is_digitalised"]]
    return Series(tuple(figures), "", evidence=(Evidence("enterprise_years", shown),))


def _digitalised(
    county: County, year: int, group: pd.DataFrame, inside: "pd.Series[bool]"
) -> Figure | None:
    flags = group["is_digitalised"].astype("boolean")
    known = flags[surely(inside) & flags.notna()]
    if known.empty:
        return None
    done, one, none = Fraction(int(known.sum())), (Fraction(1), Fraction(1)), NOTHING
    without = (Fraction(0), Fraction(1))
    cases = {
        (True, None): (without, one),
        (None, True): (none, one),
        (None, False): (none, without),
        (None, None): (none, without, one),
    }
    open_ = [
        cases[sure, flag]
        for sure, flag in zip(_known(inside), _known(flags), strict=True)
        if (sure, flag) in cases
    ]
    low, high = span((done, Fraction(len(known))), open_)
    parts: dict[str, Part] = {
        "digitalised": done,
        "firms": len(known),
        "firms_lacking": int(surely(inside).sum()) - len(known),
    }
    blanks = (
        *firm_blanks(county, group[inside.isna()], "industry", "employees"),
        *firm_blanks(county, group, "is_digitalised"),
    )
    return Figure(
        date(year, 12, 31),
        done / len(known),
        parts,
        is_preliminary=is_preliminary(group),
        blanks=blanks,
        low=low,
        high=high,
    )


def _known(flags: "pd.Series[bool]") -> list[bool | None]:
    return [None if pd.isna(flag) else bool(flag) for flag in flags.tolist()]


def net_above_scale(county: County) -> Reading:
    """Firms newly above designated size minus those dropped out, year by year (净升规), 家.

    A firm that is above the line in a year and was not in the year before counts +1, the
    reverse −1, on the last day of the year. The first year known is only compared with. A firm
    whose scale is blank in a year counts as it did before, and may have changed. A year of
    which, or of the one before it, a row is preliminary (初步) gives no final verdict.

    Raises
    ------
    Unavailable
        If firms' years or their scale were not supplied.

    >>> county = example_county(enterprise_years={
    ...     "usci": ["a", "a"], "year": [2020, 2021], "is_above_scale": [False, True]})
    >>> net_above_scale(county).amounts
    ((datetime.date(2021, 12, 31), Fraction(1, 1)),)
    """
    frame = county.table("enterprise_years", "usci", "year", "is_above_scale").sort_index()
    frame = frame[frame[["usci", "year"]].notna().all(axis=1)].drop_duplicates(["usci", "year"])
    years = sorted(int(year) for year in frame["year"].unique())
    if not years[1:]:
        return NotKnown(Gap.NO_DATA, "needs_two_years", "enterprise_years", "year")
    told = frame.assign(above=frame["is_above_scale"].astype("Float64").astype("float64"))
    rows = told.pivot_table(index="usci", columns="year", aggfunc="size")
    grid = told.pivot_table(index="usci", columns="year", values="above").reindex_like(rows)
    grid = grid.where(rows.notna(), 0.0)  # who is not in a year's table is not above
    state = grid.ffill(axis=1).bfill(axis=1).fillna(0.0)
    change = state.diff(axis=1).sum()
    amounts = tuple((date(year, 12, 31), Fraction(int(change[year]))) for year in years[1:])
    early = {year for year in years if is_preliminary(frame[surely(frame["year"] == year)])}
    preliminary = {date(y, 12, 31) for before, y in pairwise(years) if early & {before, y}}
    above = told[surely(told["is_above_scale"])]
    return Flow(
        amounts,
        "家",
        known_until=amounts[-1][0],
        grain=Grain.YEAR,
        is_ledger=False,
        may_fall=True,
        preliminary=frozenset(preliminary),
        evidence=(Evidence("enterprise_years", above[["usci", "year"]]),),
        maybe=tuple(_maybe_above(county, told, state, years)),
    )


def _maybe_above(
    county: County,
    told: pd.DataFrame,
    state: pd.DataFrame,
    years: list[int],
) -> Iterator[Maybe]:
    """Say of each blank scale what it would change if the firm was not what it had been."""
    for row in told.index[told["above"].isna()]:
        usci, year = told.loc[row, "usci"], int(told.loc[row, "year"])
        turn = 1 - 2 * int(state.loc[usci, year])
        place = years.index(year)
        days = [(date(year, 12, 31), Fraction(turn))] if place else []
        if place + 1 < len(years):
            days.append((date(years[place + 1], 12, 31), Fraction(-turn)))
        yield Maybe(firm_blanks(county, told.loc[[row]], "is_above_scale"), tuple(days))
