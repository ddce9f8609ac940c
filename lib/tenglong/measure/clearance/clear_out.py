"""Clearing out (全面出清): the firms below a line of tax per mu that exist on the day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import pandas as pd

from tenglong.measure.clearance.listing import listing_rule
from tenglong.measure.clearance.results import proven_events
from tenglong.measure.clearance.standing import standings
from tenglong.measure.county import County, NoClause, Unavailable, attempt
from tenglong.measure.doubt import may_be
from tenglong.measure.exact import exact
from tenglong.measure.firm.firms import firm_years, firms_by_code, require_land
from tenglong.measure.firm.ratios import WHO_BELONGS, clearable, clearance_scope, culprit
from tenglong.measure.firm.scope import firm_blanks, in_scope
from tenglong.measure.kept import kept
from tenglong.measure.policy.file import most_missing
from tenglong.measure.policy.wording import WordingRule, wording_rule
from tenglong.measure.reading import (
    Blank,
    Evidence,
    Figure,
    Gap,
    Incomplete,
    Named,
    NotKnown,
    Part,
    Reading,
    Series,
)
from tenglong.measure.row import among, is_preliminary, rows, surely

SHOWN = ("usci", "name", "township", "industry", "year", "tax_wan", "land_mu")


def low_tax_firms(county: County, *, below_wan_per_mu: float) -> Reading:
    """Count the firms whose tax per mu is below a line (以下), year by year, in 家.

    Whether one exactly on the line is below it stands in `data/policy/wording.yml`; those of the
    last figure are named.

    The population is the scope of the clearance list (`clearance_scope`), as far as it exists:
    who was closed or struck off by the end of a year is not in its figure. From the last figure
    whoever was closed, struck off or has passed (达标销号) since is taken off at once; a firm
    that passed returns with the next figure if it is still below the line. A firm without tax
    or land cannot be told, and a year is incomplete where these are more than the policy allows;
    fewer of them may all be below the line, and so may those of which a blank leaves open if
    they are in scope.

    Raises
    ------
    Unavailable
        If tax, land or industry was not supplied.

    >>> firms = {"usci": ["a", "b"], "industry": ["33", "33"], "closed_on": [None, "2022-03-01"]}
    >>> county = example_county(policy=load_policy(), enterprises=firms, enterprise_years={
    ...     "usci": ["a", "b"], "year": 2021, "is_above_scale": False,
    ...     "tax_paid_wan": [30.0, 10.0], "land_mu": [6.0, 3.0]})
    >>> reading = low_tax_firms(county, below_wan_per_mu=5)
    >>> int(reading.figures[0].value), int(reading.figures[0].since)
    (1, -1)
    """
    told, ends, line = _told_years(county), _ends(county), exact(below_wan_per_mu)
    wording = wording_rule(county.policy)
    figures: list[Figure] = []
    before: frozenset[str] = frozenset()
    for one in told:
        low, is_last = one.below(line), one is told[-1]
        left = _left_since(county, low, ends, one.end) if is_last else {}
        parts: dict[str, Part] = {
            "firms": len(one.known),
            "firms_lacking": len(one.there) - len(one.known),
            "firms_below": len(low),
            "firms_closed_since": sum(how == "closed" for how in left.values()),
            "firms_passed_since": sum(how == "passed" for how in left.values()),
            "firms_on_line": len(one.on(line)),
            "firms_lifted": len(_lifted(before, one, line)),
            "firms_below_all": _below_all(
                county, one.end.year, ends, line, on=county.as_of if is_last else one.end
            ),
        }
        # The baseline is what it was: who leaves later takes nothing off it.
        since = 0 if one.end < county.plan.window.start else -len(left)
        count, open_ = Fraction(len(low)), one.open_below(line)
        figures.append(
            Figure(
                one.end,
                count,
                parts,
                Fraction(since),
                is_preliminary(one.there),
                blanks=_blanks(county, open_),
                low=count,
                high=count + len(open_),
            )
        )
        before = frozenset(low["usci"])
    members = clearance_scope(county)
    incomplete = tuple(
        Incomplete(one.end, _blanks(county, one.open_below(line)))
        for one in _years(county)
        if not one.is_told
    )
    if not figures:
        table, column = culprit(members, "tax_wan", "land_mu")
        blanks = tuple(blank for one in incomplete for blank in one.blanks)
        return NotKnown(Gap.NO_DATA, "population_incomplete", table, column, blanks=blanks)
    columns = [c for c in ("usci", "name", "year", "tax_wan", "land_mu") if c in members]
    evidence = (Evidence("enterprise_years", members[columns]),)
    named = tuple(
        Named(f"on_line_{wording.below}", str(row.get("name") or row["usci"]), told[-1].end)
        for row in rows(told[-1].on(line))
    )
    return Series(tuple(figures), "家", evidence=evidence, incomplete=incomplete, named=named)


def _blanks(county: County, firms: pd.DataFrame) -> tuple[Blank, ...]:
    return firm_blanks(county, firms, *WHO_BELONGS, "closed_on", "land_mu", "tax_wan")


@dataclass(frozen=True, eq=False)
class _Year:
    """The firms there at the end of a year, and those that may be in scope; see `is_told`.

    Attributes
    ----------
    there, known
        Those in scope, and those of them with a tax per mu.
    unsure
        Those of which a blank leaves open if they are in scope.
    is_told
        Whether no more of those in scope lack their tax per mu than the policy allows.
    found
        Of those known, by line, which are below it.
    """

    end: date
    there: pd.DataFrame
    known: pd.DataFrame
    unsure: pd.DataFrame
    is_told: bool
    wording: WordingRule
    found: dict[Fraction, "pd.Series[bool]"] = field(default_factory=dict)

    def is_below(self, line: Fraction) -> "pd.Series[bool]":
        if line not in self.found:
            self.found[line] = _is_below(self.known, line, self.wording)
        return self.found[line]

    def below(self, line: Fraction) -> pd.DataFrame:
        return self.known[self.is_below(line)]

    def on(self, line: Fraction) -> pd.DataFrame:
        return self.known[self.known["tax_wan_per_mu"] == line]

    def open_below(self, line: Fraction) -> pd.DataFrame:
        """Give those that may be below the line, or not."""
        lacking = self.there[self.there["tax_wan_per_mu"].isna()]
        known = self.unsure[self.unsure["tax_wan_per_mu"].notna()]
        above = known[~_is_below(known, line, self.wording)]
        return pd.concat([lacking, self.unsure.drop(above.index)])


def _is_below(firms: pd.DataFrame, line: Fraction, wording: WordingRule) -> pd.Series:
    taxes = firms["tax_wan_per_mu"]
    found = [wording.is_below(tax, line) for tax in taxes.tolist()]
    return pd.Series(found, index=firms.index, dtype=bool)


def _told_years(county: County) -> list[_Year]:
    """Give the years that have a figure; every count and list of this page rests on these."""
    return [one for one in _years(county) if one.is_told]


@kept
def _years(county: County) -> tuple[_Year, ...]:
    county.table("enterprise_years", "tax_paid_wan")
    require_land(county)
    ends, most, found = _ends(county), most_missing(county.policy), []
    wording = wording_rule(county.policy)
    frame = firm_years(county)
    inside = clearable(county, frame)
    for year, group in frame[may_be(inside)].groupby("year"):
        end = date(int(str(year)), 12, 31)
        left = group[~_is_gone(group, ends, end)]
        sure = surely(inside[left.index])
        there = left[sure]
        known = there[there["tax_wan_per_mu"].notna()]
        told = bool(len(there)) and Fraction(len(there) - len(known), len(there)) <= most
        found.append(_Year(end, there, known, left[~sure], told, wording))
    return tuple(found)


def _ends(county: County) -> Mapping[str, date]:
    """Give by firm the day on which it was struck off, or closed with evidence."""
    ends: dict[str, date] = {}
    firms = firms_by_code(county)
    for usci, day in firms["closed_on"].dropna().items() if "closed_on" in firms else ():
        ends[str(usci)] = day.date()
    proven = attempt(proven_events, county)
    if not isinstance(proven, Unavailable):
        closed = proven[proven["event"] == "closed"]
        for usci, day in zip(closed["usci"], closed["happened_on"], strict=True):
            ends[usci] = min(day.date(), ends.get(usci, date.max))
    return ends


def _is_gone(firms: pd.DataFrame, ends: Mapping[str, date], day: date) -> pd.Series:
    gone = [ends.get(usci, date.max) <= day for usci in firms["usci"]]
    return pd.Series(gone, index=firms.index, dtype=bool)


def _left_since(
    county: County, firms: pd.DataFrame, ends: Mapping[str, date], end: date
) -> dict[str, str]:
    """Say of the firms of a figure who has left since it, and how: closed or passed."""
    left = {usci: "closed" for usci in firms["usci"] if ends.get(usci, date.max) <= county.as_of}
    proven = attempt(proven_events, county)
    if not isinstance(proven, Unavailable):
        passed = proven[(proven["event"] == "passed") & (proven["happened_on"] > pd.Timestamp(end))]
        members = set(firms["usci"])
        left |= {usci: "passed" for usci in passed["usci"] if usci in members and usci not in left}
    return left


def _lifted(before: frozenset[str], one: _Year, line: Fraction) -> pd.DataFrame:
    """Give the firms that were below the line a year before and are not any more."""
    above = one.known[~one.is_below(line)]
    return above[among(above["usci"], before)]


def _below_all(
    county: County, year: int, ends: Mapping[str, date], line: Fraction, *, on: date
) -> int:
    """Count the manufacturers below the line on whatever land (全县)."""
    frame = firm_years(county)
    makers = frame[in_scope(frame, county, "manufacturing") & (frame["year"] == year)]
    there = makers[~_is_gone(makers, ends, on)]
    known = there[there["tax_wan_per_mu"].notna()]
    return int(_is_below(known, line, wording_rule(county.policy)).sum())


def left_below(county: County, *, below_wan_per_mu: float | None = None) -> pd.DataFrame:
    """List the firms that are still below a line of tax per mu (5 万元以下全面出清).

    Those that `low_tax_firms` counts: from the evaluation (`firm_years`) of the last year that has
    a figure, not from the list, without those that have been closed, struck off or have passed
    since.

    Parameters
    ----------
    below_wan_per_mu
        The line, in 万元/亩; that of the plan where not told.

    Returns
    -------
    DataFrame
        By the rows of `enterprise_years`: the firm, its tax and land, `tax_wan_per_mu`, and
        `state` and `since` of its loop, missing where it is not on the list; the lowest first.

    Raises
    ------
    Unavailable
        If tax, land or industry was not supplied, or of no year enough of it, or the plan has no
        such line (`NoClause`).

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A", "B"], "industry": ["33", "33"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021],
    ...                       "tax_paid_wan": [9.0, 90.0], "land_mu": [3.0, 3.0],
    ...                       "is_above_scale": [False, False]},
    ...     clearance_events={"usci": ["A"], "event": ["listed"], "happened_on": ["2021-03-01"]})
    >>> left_below(county)[["usci", "tax_wan_per_mu", "state"]].to_numpy().tolist()
    [['A', Fraction(3, 1), 'listed']]
    """
    line = _line(county) if below_wan_per_mu is None else exact(below_wan_per_mu)
    last = _last_years(county)[-1]
    low = last.below(line)
    low = low[[*(name for name in SHOWN if name in low), "tax_wan_per_mu"]]
    if low.empty:
        return low.assign(state=pd.Series(dtype="str"), since=pd.Series(dtype="datetime64[s]"))
    low = low[~among(low["usci"], _left_since(county, low, _ends(county), last.end))]
    if "clearance_events" in county.tables:
        low = low.join(standings(county).set_index("usci")[["state", "since"]], on="usci")
    return low.sort_values(["tax_wan_per_mu", "usci"], kind="stable")


def _line(county: County) -> Fraction:
    line = listing_rule(county.policy).low_tax_wan_per_mu
    if line is None:
        raise NoClause("low_tax_firms")
    return line


def _last_years(county: County) -> list[_Year]:
    """Give the last two years that have a figure, or the only one."""
    told = _told_years(county)
    if not told:
        raise Unavailable(*culprit(clearance_scope(county), "tax_wan", "land_mu"))
    return told[-2:]


def lifted(county: County) -> pd.DataFrame:
    """List the firms that were below the line in the figure before the last and are above now.

    By the rows of `enterprise_years`; the line is that of the plan.

    Raises
    ------
    Unavailable
        If tax, land or industry was not supplied, or of no year enough of it.

    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A"], "industry": ["33"]},
    ...     enterprise_years={"usci": ["A", "A"], "year": [2020, 2021], "is_above_scale": False,
    ...                       "tax_paid_wan": [9.0, 90.0], "land_mu": [3.0, 3.0]})
    >>> lifted(county)["usci"].tolist()
    ['A']
    """
    line = _line(county)
    *before, last = _last_years(county)
    below = frozenset(usci for one in before for usci in one.below(line)["usci"])
    return _lifted(below, last, line)


def on_line(county: County) -> pd.DataFrame:
    """List the firms exactly on the line of tax per mu in the last year that has a figure.

    Whether they count as below it is how 以下 is read (`data/policy/wording.yml`). By the rows
    of `enterprise_years`; the line is that of the plan.

    Raises
    ------
    Unavailable
        If tax, land or industry was not supplied, or of no year enough of it.

    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A"], "industry": ["33"]},
    ...     enterprise_years={"usci": ["A"], "year": [2021], "is_above_scale": False,
    ...                       "tax_paid_wan": [15.0], "land_mu": [3.0]})
    >>> on_line(county)["usci"].tolist()
    ['A']
    """
    return _last_years(county)[-1].on(_line(county))
