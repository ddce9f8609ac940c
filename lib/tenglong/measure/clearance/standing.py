"""How every listed firm stands in the loop: its state, what it owes, and what is overdue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from tenglong.measure.clearance.loop import Deadline, Event, LoopRule, Path, loop, loop_rule
from tenglong.measure.county import County
from tenglong.measure.firm.firms import firms_by_code
from tenglong.measure.kept import kept
from tenglong.measure.row import Row, rows

ABOUT = ("name", "township", "industry")
KINDS = {
    "usci": "str",
    "state": "str",
    "since": "datetime64[s]",
    "days_in_state": "Int64",
    "way": "str",
    "is_illegal": "boolean",
    "listed_on": "datetime64[s]",
    "checked_on": "datetime64[s]",
    "ended_on": "datetime64[s]",
    "is_proven": "boolean",
    "owed": "str",
    "due_on": "datetime64[s]",
    "days_overdue": "Int64",
    "codes": "object",
}
IN_DOUBT = object()  # stands for the term of a record whose `due_on` is doubtful


@dataclass(frozen=True)
class Debt:
    """A deadline of the policy as it stands for one firm.

    `due_on` is None where no term is known, or its day is `in_doubt`; `done_on` where the step
    has not been taken.
    """

    name: str
    is_owed: bool
    due_on: date | None
    done_on: date | None
    in_doubt: bool


@kept
def standings(county: County) -> pd.DataFrame:
    """Say how every firm that came onto the list stands in the loop on `as_of`.

    Returns
    -------
    DataFrame
        One row a firm, by `usci`, with its name, township and industry where known; `state`,
        `since`, `days_in_state`; the latest `way`; `is_illegal` (some record says so);
        `listed_on`, `checked_on` (the first check), `ended_on`; `is_proven` (the end has
        evidence); the deadline that it `owed` next, `due_on` and `days_overdue` once that day
        has passed; and `codes`: check_overdue, plan_overdue, end_overdue (owed and past due),
        check_late, plan_late, end_late (done, but late), must_close (breaks the law and is
        overdue), no_due_date, in_doubt (a record was set aside, or the term's day is doubtful:
        nothing is overdue by it), due_after_plan (what it owes is due after the plan's last day),
        end_without_evidence.

    The plan's day is that of who was on the list by then; of the first list, where that came
    later. Of who joined afterwards it is the term of the record, or else so many days.

    Raises
    ------
    Unavailable
        If there are no `clearance_events`.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A"], "event": ["listed"], "happened_on": ["2021-03-01"]})
    >>> standings(county)[["usci", "state", "days_overdue", "codes"]].values.tolist()
    [['A', 'listed', 181, ('check_overdue',)]]
    """
    led = loop(county)
    records = dict(zip(led.events.index, rows(led.events), strict=True))
    rule, as_of = loop_rule(county.policy), county.as_of
    listed = {usci: path for usci, path in led.paths.items() if path.accepted}
    starts = {usci: path.accepted[0].on for usci, path in listed.items()}
    first, end = min(starts.values(), default=as_of), county.plan.window.end
    in_doubt = {row for row in records if "due_on" in county.doubts("clearance_events", int(row))}
    records |= {row: {**records[row], "due_on": IN_DOUBT} for row in in_doubt}
    unsure = _with_records_aside(county)
    found = [
        {
            "usci": usci,
            **_standing(
                path,
                [records[event.row] for event in path.accepted],
                rule,
                (first, as_of, end),
                is_unsure=usci in unsure,
            ),
        }
        for usci, path in listed.items()
    ]
    frame = pd.DataFrame(found, columns=list(KINDS)).astype(KINDS)
    return _named(frame, county)


def due_after_plan(county: County) -> pd.DataFrame:
    """Give the rows of `standings` of which what is owed is due after the plan's last day.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A"] * 3, "event": ["listed", "checked", "plan"],
    ...     "happened_on": ["2021-03-01", "2021-05-01", "2021-06-01"],
    ...     "due_on": [None, None, "2024-01-01"]})
    >>> due_after_plan(county)["usci"].tolist()
    ['A']
    """
    frame = standings(county)
    return frame[["due_after_plan" in codes for codes in frame["codes"]]]


def _with_records_aside(county: County) -> frozenset[str]:
    """Give the firms of which a record was set aside: it may tell a step that seems not taken."""
    aside = county.set_aside.get("clearance_events")
    if aside is None or "usci" not in aside:
        return frozenset()
    return frozenset(aside["usci"])


def _named(frame: pd.DataFrame, county: County) -> pd.DataFrame:
    known = firms_by_code(county)
    about = {column: frame["usci"].map(known[column]) for column in ABOUT if column in known}
    return frame.assign(**about)


def _standing(
    path: Path,
    records: list[Row],
    rule: LoopRule,
    days: tuple[date, date, date],
    *,
    is_unsure: bool,
) -> dict[str, Any]:
    """Say how one firm stands; `days` are those of the first list, of today and of the plan."""
    first, as_of, end = days
    since, is_ended = path.since, path.state in rule.ends
    debts = [_debt(name, due, path, records, first) for name, due in rule.deadlines.items()]
    owed = next((debt for debt in debts if debt.is_owed), None)
    in_doubt = is_unsure or (owed is not None and owed.in_doubt)
    due_on = owed.due_on if owed and not in_doubt else None
    illegal = [record["is_illegal"] for record in records if record.get("is_illegal") is not None]
    last = records[-1]
    proven = has_evidence(last) if is_ended and "evidence" in last else None
    codes = _codes(debts, rule, as_of, is_illegal=any(illegal)) if not in_doubt else ["in_doubt"]
    if due_on is not None and due_on > end:
        codes.append("due_after_plan")
    if proven is False:
        codes.append("end_without_evidence")
    return {
        "state": path.state,
        "since": since,
        "days_in_state": (as_of - since).days if since else None,
        "way": next((r["way"] for r in reversed(records) if r.get("way")), None),
        "is_illegal": any(illegal) if illegal else None,
        "listed_on": path.accepted[0].on,
        "checked_on": first_of(path, ["checked"]),
        "ended_on": since if is_ended else None,
        "is_proven": proven,
        "owed": owed.name if owed else None,
        "due_on": due_on,
        "days_overdue": (as_of - due_on).days if due_on and as_of > due_on else None,
        "codes": tuple(codes),
    }


def _debt(name: str, rule: Deadline, path: Path, records: list[Row], first: date) -> Debt:
    listed = path.accepted[0].on
    if rule.by is not None and listed <= max(rule.by, first):
        due: Any = rule.by
    else:
        told = [
            record["due_on"]
            for event, record in zip(path.accepted, records, strict=True)
            if event.step in rule.due_of and record.get("due_on") is not None
        ]
        own = None if rule.days is None else listed + timedelta(days=rule.days)
        due = told[-1] if told else own
    in_doubt = due is IN_DOUBT
    term = None if in_doubt else due
    return Debt(name, path.state in rule.states, term, first_of(path, rule.steps), in_doubt)


def first_of(path: Path, steps: Collection[str]) -> date | None:
    """Give the day on which a firm first took one of some steps; None where it has not."""
    taken: list[Event] = [event for event in path.accepted if event.step in steps]
    return taken[0].on if taken else None


def _codes(debts: list[Debt], rule: LoopRule, as_of: date, *, is_illegal: bool) -> list[str]:
    codes = []
    for debt in debts:
        if debt.done_on is not None:
            codes += [f"{debt.name}_late"] if debt.due_on and debt.done_on > debt.due_on else []
        elif debt.is_owed and debt.due_on is None:
            codes.append("no_due_date")
        elif debt.is_owed and debt.due_on is not None and as_of > debt.due_on:
            codes.append(f"{debt.name}_overdue")
            if is_illegal and debt.name == rule.illegal_closes_when_overdue:
                codes.append("must_close")
    return codes


def has_evidence(record: Row) -> bool:
    """Whether a record names its evidence; blanks are none.

    >>> has_evidence({"evidence": "验收1号"}), has_evidence({"evidence": "  "}), has_evidence({})
    (True, False, False)
    """
    return bool(str(record.get("evidence") or "").strip())
