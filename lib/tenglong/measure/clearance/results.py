"""The clearance of high-consumption, low-output firms (高耗低效整治): what has been done."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Literal

import pandas as pd

from tenglong.measure.clearance.duties import listed_until, task_duties
from tenglong.measure.clearance.listing import judged_firms, of_reason, require_rules
from tenglong.measure.clearance.loop import loop, loop_rule
from tenglong.measure.clearance.standing import has_evidence, standings
from tenglong.measure.county import County
from tenglong.measure.doubt import NOTHING, at_least, span
from tenglong.measure.exact import exact
from tenglong.measure.firm.firm_names import firm_names
from tenglong.measure.firm.firms import firm_years
from tenglong.measure.firm.ratios import WHO_BELONGS, clearance_scope
from tenglong.measure.firm.scope import firm_blanks
from tenglong.measure.kept import kept_by_row
from tenglong.measure.policy.duty import opened, rows_since
from tenglong.measure.reading import Blank, Coverage, Evidence, Flow, Maybe, Part, Reading
from tenglong.measure.row import among, preliminary_end, rows, surely

FREED = {
    "land_mu": ("freed_land_mu", "亩"),
    "energy_tce": ("freed_energy_tce", "吨标准煤"),
    "carbon_t": ("freed_carbon_t", "吨"),
}


@kept_by_row("clearance_events")
def proven_events(county: County) -> pd.DataFrame:
    """Give the ends of the loop that count: passed or closed, allowed by the loop, with evidence.

    One a firm. Source: task 1 (达标销号, 关停淘汰), `data/policy/loop.yml`; evidence as the
    rule of the kit. By the rows of `clearance_events`, oldest first.

    Raises
    ------
    Unavailable
        If there are no events, or they name no evidence.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A", "A", "B"], "event": ["listed", "closed", "listed"],
    ...     "happened_on": ["2021-03-01", "2021-06-01", "2021-03-01"],
    ...     "evidence": [None, "关停验收1号", None], "freed_land_mu": [None, 5.5, None]})
    >>> proven_events(county)["usci"].tolist()
    ['A']
    """
    county.table("clearance_events", "evidence")
    ends, events = loop_rule(county.policy).ends, loop(county).events
    proven = [has_evidence(record) for record in rows(events)]
    found = events[events["event"].isin(ends) & pd.Series(proven, index=events.index, dtype=bool)]
    found = found.sort_values(["happened_on", "usci"], kind="stable")
    return found.drop_duplicates("usci")


def cleared_firms(county: County, *, event: Literal["closed", "passed"]) -> Reading:
    """Count the firms that were closed (淘汰) or that passed (整治提升), in 家, by day.

    Parameters
    ----------
    event
        `closed` or `passed`; one firm is counted once, and in one of the two only.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A", "A", "B"], "event": ["listed", "closed", "listed"],
    ...     "happened_on": ["2021-03-01", "2021-06-01", "2021-03-01"],
    ...     "evidence": [None, "关停验收1号", None], "freed_land_mu": [None, 5.5, None]})
    >>> cleared_firms(county, event="closed").amounts
    ((datetime.date(2021, 6, 1), Fraction(1, 1)),)
    """
    proven = proven_events(county)
    chosen = proven[proven["event"] == event]
    amounts = tuple((day.date(), Fraction(1)) for day in chosen["happened_on"])
    unproven = sum(state == event for state in _unproven_states(county).values())
    parts: dict[str, Part] = {"firms_without_evidence": unproven}
    columns = [c for c in ("usci", "happened_on", "event", "way", "evidence") if c in chosen]
    evidence = Evidence("clearance_events", chosen[columns])
    ends = unproven_ends(county)
    maybe = tuple(
        Maybe((blank,), ((day.date(), Fraction(1)),))
        for blank, day, step in zip(
            _without_evidence(county, ends), ends["happened_on"], ends["event"], strict=True
        )
        if step == event
    )
    return Flow(amounts, "家", parts=parts, evidence=(evidence,), maybe=maybe)


@kept_by_row("clearance_events")
def _unproven_states(county: County) -> Mapping[int, str]:
    """Give the end at which each firm stands without evidence, by the row that says so."""
    led, ends = loop(county), loop_rule(county.policy).ends
    last = {path.accepted[-1].row: path.state for path in led.paths.values() if path.accepted}
    records = led.events.loc[[row for row, state in last.items() if state in ends]]
    proven = zip(records.index.tolist(), map(has_evidence, rows(records)), strict=True)
    return {row: str(last[row]) for row, is_proven in proven if not is_proven}


@kept_by_row("clearance_events")
def unproven_ends(county: County) -> pd.DataFrame:
    """Give the ends of the loop that name no evidence, by the rows of `clearance_events`.

    Of a firm that has no proven end, and of that the first.
    """
    ends, events = loop_rule(county.policy).ends, loop(county).events
    found: pd.DataFrame = events[events["event"].isin(ends)]
    proven = set(proven_events(county)["usci"])
    found = found[~found["usci"].isin(proven)].sort_values("happened_on", kind="stable")
    return found.drop_duplicates("usci").sort_index()


def _without_evidence(county: County, ends: pd.DataFrame) -> list[Blank]:
    """Name the evidence that an end waits for, also where it is not blank but holds blanks only."""
    return [
        Blank("clearance_events", "evidence", str(name), int(str(row)))
        for row, name in firm_names(county, ends["usci"]).items()
    ]


def freed(county: County, *, what: Literal["land_mu", "energy_tce", "carbon_t"]) -> Reading:
    """Add up what cleared firms freed: land (亩), energy (吨标准煤) or carbon (吨).

    Only from the proven end of a firm's loop, never from its plan; an amount that is missing
    there counts as none and is told among the parts.

    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A", "A", "B"], "event": ["listed", "closed", "listed"],
    ...     "happened_on": ["2021-03-01", "2021-06-01", "2021-03-01"],
    ...     "evidence": [None, "关停验收1号", None], "freed_land_mu": [None, 5.5, None]})
    >>> freed(county, what="land_mu").amounts
    ((datetime.date(2021, 6, 1), Fraction(11, 2)),)
    """
    column, unit = FREED[what]
    county.table("clearance_events", column)
    ends = proven_events(county)
    known = ends[ends[column].notna()]
    amounts = tuple(
        (day.date(), exact(amount))
        for day, amount in zip(known["happened_on"], known[column].tolist(), strict=True)
    )
    parts: dict[str, Part] = {"firms": len(known), "firms_lacking": len(ends) - len(known)}
    columns = ["usci", "happened_on", "event", column]
    evidence = (Evidence("clearance_events", ends[columns]),)
    return Flow(amounts, unit, parts=parts, evidence=evidence, maybe=_maybe_freed(county, column))


def _maybe_freed(county: County, column: str) -> tuple[Maybe, ...]:
    """Say what ends without evidence would free, and which ends do not tell what they freed."""
    found = []
    proven, unproven = proven_events(county), unproven_ends(county)
    without = dict(zip(unproven.index, _without_evidence(county, unproven), strict=True))
    for frame in (proven[proven[column].isna()], unproven):
        names = firm_names(county, frame["usci"])
        cells = zip(frame.index, frame["happened_on"], frame[column], names, strict=True)
        for row, day, amount, name in cells:
            told = None if pd.isna(amount) else exact(amount)
            blank = Blank("clearance_events", column, name, row) if told is None else None
            blanks = tuple(one for one in (without.get(row), blank) if one is not None)
            found.append(Maybe(blanks, ((day.date(), told),)))
    return tuple(found)


def freed_by_firm(county: County) -> pd.DataFrame:
    """Set what each firm's plan promised beside what its proven end freed.

    Returns
    -------
    DataFrame
        One row a listed firm, by `usci`: `state`, `is_proven`, `ended_on`, and for
        `land_mu`, `energy_tce` and `carbon_t` the `planned_…` (of its latest record before the
        end that names one) and the `freed_…` (missing unless the end is proven).

    Examples
    --------
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A", "A", "B"], "event": ["listed", "closed", "listed"],
    ...     "happened_on": ["2021-03-01", "2021-06-01", "2021-03-01"],
    ...     "evidence": [None, "关停验收1号", None], "freed_land_mu": [None, 5.5, None]})
    >>> freed_by_firm(county)[["usci", "freed_land_mu"]].to_numpy().tolist()
    [['A', 5.5], ['B', nan]]
    """
    events, standing = loop(county).events, standings(county)
    ends = events["event"].isin(loop_rule(county.policy).ends)
    proven = proven_events(county).set_index("usci")
    before = events[~ends].sort_values("happened_on", kind="stable")
    frame = standing[["usci", "state", "is_proven", "ended_on"]].copy()
    for what, (column, _) in FREED.items():
        if column in events:
            frame[f"planned_{what}"] = frame["usci"].map(before.groupby("usci")[column].last())
            frame[f"freed_{what}"] = frame["usci"].map(proven[column])
    return frame


def listed_firms(county: County, *, min_land_mu: float) -> Reading:
    """How many of the firms that belong on the list are on it (全面建立清单), in 家.

    A firm belongs on it for the reasons of `listing.clearance_list`; it is on it once the loop
    has let it in. `parts` tells how many firms cannot be judged.

    Parameters
    ----------
    min_land_mu
        Only firms that use at least this much land.

    Examples
    --------
    >>> county = example_county(
    ...     policy=load_policy(), enterprises={"usci": ["A", "B"], "industry": ["33", "33"]},
    ...     enterprise_years={"usci": ["A", "B"], "year": [2021, 2021],
    ...                       "tax_paid_wan": [9.0, 90.0], "land_mu": [3.0, 3.0],
    ...                       "is_above_scale": [False, False], "energy_tce": [1.0, 1.0],
    ...                       "value_added_wan": [9.0, 90.0]},
    ...     clearance_events={"usci": ["A"], "event": ["listed"], "happened_on": ["2021-03-01"]})
    >>> reading = listed_firms(county, min_land_mu=3)
    >>> int(reading.done), int(reading.required)
    (1, 1)
    """
    require_rules(county)
    scope, judged = clearance_scope(county), judged_firms(county)
    wide = at_least(judged["land_mu"], min_land_mu)
    inside = judged["belongs"].astype("boolean") & wide
    # Of no rows, map gives no flags but objects, which would choose columns.
    has_reason, is_open = (judged[name].map(bool).astype(bool) for name in ("reasons", "undecided"))
    owed = inside & has_reason.astype("boolean").mask(~has_reason & is_open)
    due = judged[surely(owed)]
    on_list = set(standings(county)["usci"])
    required = set(due["usci"])
    shown = due.assign(reasons=due["reasons"].map(", ".join))
    columns = [c for c in ("usci", "name", "year", "tax_wan", "land_mu", "reasons") if c in due]
    undecided = judged[owed.isna()]
    done, whole = Fraction(len(required & on_list)), Fraction(len(required))
    open_ = [(NOTHING, (Fraction(usci in on_list), Fraction(1))) for usci in undecided["usci"]]
    low, high = span((done, whole), open_)
    parts: dict[str, Part] = {
        "undecided": int(surely(inside[undecided.index]).sum()),
        "listed": len(on_list),
    }
    missing = {name for names in undecided["missing"] for name in names}
    return Coverage(
        done,
        whole,
        "家",
        opened=opened(county.policy, "listed_firms", _unlisted(county, due, on_list)),
        preliminary=preliminary_end(scope),
        parts=parts,
        evidence=(Evidence("enterprise_years", shown[columns]),),
        blanks=firm_blanks(
            county, undecided, *WHO_BELONGS, "closed_on", "land_mu", *sorted(missing)
        ),
        low=low,
        high=high,
    )


def _unlisted(
    county: County, due: pd.DataFrame, on_list: set[str]
) -> list[tuple[str, date | None]]:
    """Give the firms that are to be listed still, since the end of the year that says so first."""
    missing = due[~among(due["usci"], on_list)]
    if missing.empty:
        return []
    years = county.table("enterprise_years", "year")
    [last] = missing["year"].unique().tolist()  # all are of the last year
    earlier = years[surely(years["year"] < last)]
    known = replace(county, tables={**county.tables, "enterprise_years": earlier})
    told = firm_years(county)
    firm_years.give(known, told[told.index.isin(earlier.index)])
    already = of_reason(known, set(missing["usci"])) if len(earlier) else frozenset()
    return [
        (row.get("name") or row["usci"], date(last - (row["usci"] in already), 12, 31))
        for row in rows(missing)
    ]


def checked_firms(county: County, *, listed_by: date | None = None) -> Reading:
    """How many of the listed firms have had their compliance check, in 家.

    A firm that was closed before its check needs none any more. `completed_on` is the day of
    the last first check, once all are done.

    Parameters
    ----------
    listed_by
        Only firms that were on the list by this day; those of its first day where there was
        no list by then. Who came later has a term of its own and is told among the parts, and
        so are the other two duties of the task, plan and classified rectification (`duties`).

    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A", "A", "B"], "event": ["listed", "closed", "listed"],
    ...     "happened_on": ["2021-03-01", "2021-06-01", "2021-03-01"],
    ...     "evidence": [None, "关停验收1号", None], "freed_land_mu": [None, 5.5, None]})
    >>> reading = checked_firms(county)
    >>> int(reading.done), int(reading.required), reading.parts["closed_unchecked"]
    (0, 1, 1)
    """
    firms, later = listed_until(county, listed_by)
    check, *others = task_duties(county, firms)
    joined = next(iter(task_duties(county, later)))
    without = rows_since(check.open, "listed_on", "name", "usci")
    events = loop(county).events
    checks = events.loc[events["event"] == "checked", ["usci", "happened_on", "event"]]
    return Coverage(
        Fraction(check.done),
        Fraction(check.required),
        "家",
        completed_on=check.completed_on,
        opened=opened(county.policy, "checked_firms", without),
        parts={
            "closed_unchecked": check.gone,
            "later_firms": len(later),
            "later_unchecked": len(joined.open),
            "later_overdue": sum("check_overdue" in codes for codes in later["codes"]),
            **{
                f"{one.name}_{name}": getattr(one, name)
                for one in others
                for name in ("required", "done")
            },
        },
        evidence=(Evidence("clearance_events", checks),),
    )
