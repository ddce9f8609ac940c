"""The closed loop of a listed firm: a state machine that its records are led through."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from tenglong.errors import Fault, did_you_mean, is_it
from tenglong.measure.county import County
from tenglong.measure.kept import kept
from tenglong.measure.policy.file import policy_file
from tenglong.measure.row import rows
from tenglong.shape import fault_at

FINDINGS = ("code", "usci", "row", "event", "happened_on", "state")


@dataclass(frozen=True)
class Deadline:
    """A firm in one of these states owes one of these steps, by a day; see the policy file."""

    steps: tuple[str, ...]
    states: tuple[str, ...]
    due_of: tuple[str, ...]
    by: date | None = None
    days: int | None = None


@dataclass(frozen=True)
class TaskSteps:
    """The steps that do what the task asks: check, plan, and classified rectification."""

    check: tuple[str, ...]
    plan: tuple[str, ...]
    rectify: tuple[str, ...]


@dataclass(frozen=True)
class LoopRule:
    """Which step may follow which, and by when; see `data/policy/loop.yml`.

    `duties` names the steps that do what the task asks of every listed firm.
    """

    start: tuple[str, ...]
    transitions: Mapping[str, tuple[str, ...]]
    ends: tuple[str, ...]
    deadlines: Mapping[str, Deadline]
    duties: TaskSteps
    illegal_closes_when_overdue: str | None = None

    def may_take(self, state: str | None, steps: Collection[str]) -> bool:
        """Whether a firm in a state may still come to one of these steps.

        >>> rule = loop_rule(load_policy())
        >>> rule.may_take("listed", ["plan"]), rule.may_take("rectifying", ["plan"])
        (True, False)
        """
        ahead, seen = list(self.transitions[state] if state else self.start), set()
        while ahead:
            step = ahead.pop()
            if step in steps:
                return True
            if step not in seen:
                seen.add(step)
                ahead += self.transitions[step]
        return False


def loop_rule(policy: Mapping[str, Any]) -> LoopRule:
    """Read `data/policy/loop.yml`.

    Raises
    ------
    ConfigurationError
        If a key is missing, unknown or of the wrong kind, or a step has no transitions.

    >>> loop_rule(load_policy()).transitions["plan"]
    ('rectifying', 'passed', 'closed')
    """
    return policy_file(LoopRule, policy, "loop", also=_without_transitions)


def _without_transitions(rule: LoopRule, raw: Any) -> Iterator[Fault]:
    named = {"start": [*rule.start], "ends": [*rule.ends]}
    named |= {f"transitions.{step}": [*ahead] for step, ahead in rule.transitions.items()}
    for code, due in rule.deadlines.items():
        named[f"deadlines.{code}"] = [*due.steps, *due.states, *due.due_of]
    duties = rule.duties
    named["duties"] = [*duties.check, *duties.plan, *duties.rectify]
    for place, steps in named.items():
        for step in dict.fromkeys(steps):
            if step not in rule.transitions:
                en = f"no transitions for {step!r}{did_you_mean(step, rule.transitions)}"
                zh = f"transitions 里没有步骤“{step}”{is_it(step, rule.transitions)}"
                yield fault_at(raw, place, en, zh)


@dataclass(frozen=True)
class Event:
    """One record: the row that it stands in, and what it says happened on a day."""

    row: int
    on: date
    step: str


@dataclass(frozen=True)
class Refusal:
    """A record that the loop does not allow, and the state in which it came.

    `code` is before_listed, repeated, after_end or out_of_order.
    """

    event: Event
    code: str
    state: str | None


@dataclass(frozen=True)
class Path:
    """What one firm went through: the records that count, and those that are refused."""

    accepted: tuple[Event, ...]
    refused: tuple[Refusal, ...]

    @property
    def state(self) -> str | None:
        """The last step taken; None for a firm that never came onto the list."""
        return self.accepted[-1].step if self.accepted else None

    @property
    def since(self) -> date | None:
        """The day on which the state was entered; repeating a step does not enter it anew."""
        entered = None
        for event in reversed(self.accepted):
            if event.step != self.state:
                break
            entered = event.on
        return entered


@dataclass(frozen=True, eq=False)
class Loop:
    """Every listed firm's way through the loop, as it was known on `as_of`.

    Attributes
    ----------
    events
        The records that count: the rows of `clearance_events`, by their index.
    findings
        One row a record that is refused, or cannot be used: `code`, `usci`, `row`, `event`,
        `happened_on` and the `state` in which it came.
    paths
        By `usci`, in its order; the firms that never came onto the list included.
    """

    events: pd.DataFrame
    findings: pd.DataFrame
    paths: Mapping[str, Path]


@kept
def loop(county: County) -> Loop:
    """Lead every firm's records through the loop of `data/policy/loop.yml`.

    Raises
    ------
    Unavailable
        If there are no `clearance_events`.
    ConfigurationError
        If the policy names a step that has no transitions.

    Examples
    --------
    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A", "A", "B"], "event": ["listed", "checked", "passed"],
    ...     "happened_on": ["2021-03-01", "2021-05-01", "2021-06-01"]})
    >>> led = loop(county)
    >>> led.paths["A"].state, led.findings[["code", "usci", "row"]].values.tolist()
    ('checked', [['before_listed', 'B', 2]])
    """
    frame = county.table("clearance_events", "usci", "happened_on", "event")
    rule = loop_rule(county.policy)
    usable = frame[["usci", "happened_on", "event"]].notna().all(axis=1)
    by_firm: dict[str, list[Event]] = {}
    for row, cells in zip(frame.index[usable], rows(frame[usable]), strict=True):
        event = Event(int(row), cells["happened_on"], cells["event"])
        by_firm.setdefault(cells["usci"], []).append(event)
    paths = {usci: walk(by_firm[usci], rule) for usci in sorted(by_firm)}
    counted = [event.row for path in paths.values() for event in path.accepted]
    return Loop(frame.loc[sorted(counted)], _findings(frame[~usable], paths), paths)


def open_on(county: County, day: date) -> frozenset[str]:
    """Give the firms that stand on the list on a day: listed by then, and not yet at an end.

    Records that became known only after `as_of` say nothing.

    Raises
    ------
    Unavailable
        If there are no `clearance_events`.

    >>> county = example_county(policy=load_policy(), clearance_events={
    ...     "usci": ["A", "A", "B"], "event": ["listed", "closed", "listed"],
    ...     "happened_on": ["2021-03-01", "2021-05-01", "2021-06-01"]})
    >>> [sorted(open_on(county, date(2021, month, 1))) for month in (2, 4, 6)]
    [[], ['A'], ['B']]
    """
    ends = loop_rule(county.policy).ends
    last = {
        usci: [event.step for event in path.accepted if event.on <= day]
        for usci, path in loop(county).paths.items()
    }
    return frozenset(usci for usci, steps in last.items() if steps and steps[-1] not in ends)


def walk(events: Iterable[Event], rule: LoopRule) -> Path:
    """Lead one firm's records through the loop, in the order of their days.

    Records of one day are taken in the order of the policy's steps, so that the order of the
    rows decides nothing.

    >>> rule = loop_rule(load_policy())
    >>> day = date(2021, 5, 1)
    >>> steps = {1: "listed", 2: "closed", 3: "closed"}
    >>> path = walk([Event(row, day, step) for row, step in steps.items()], rule)
    >>> path.state, [refusal.code for refusal in path.refused]
    ('closed', ['repeated'])
    """
    order = list(rule.transitions)
    accepted: list[Event] = []
    refused: list[Refusal] = []
    for event in sorted(events, key=lambda e: (e.on, _place(e.step, order), e.row)):
        state = accepted[-1].step if accepted else None
        allowed = rule.start if state is None else rule.transitions[state]
        if event.step in allowed:
            accepted.append(event)
        else:
            taken = {earlier.step for earlier in accepted}
            refused.append(Refusal(event, _refusal(event.step, state, taken, rule), state))
    return Path(tuple(accepted), tuple(refused))


def _place(step: str, order: list[str]) -> int:
    return order.index(step) if step in order else len(order)


def _refusal(step: str, state: str | None, taken: set[str], rule: LoopRule) -> str:
    if state is None:
        return "before_listed"
    if step in taken:
        return "repeated"
    return "after_end" if state in rule.ends else "out_of_order"


def _findings(unusable: pd.DataFrame, paths: Mapping[str, Path]) -> pd.DataFrame:
    found: list[tuple[Any, ...]] = [
        ("incomplete", cells["usci"], row, cells["event"], cells["happened_on"], None)
        for row, cells in zip(unusable.index, rows(unusable), strict=True)
    ]
    for usci, path in paths.items():
        for refusal in path.refused:
            event = refusal.event
            found.append((refusal.code, usci, event.row, event.step, event.on, refusal.state))
    by_row = sorted(found, key=lambda cells: cells[FINDINGS.index("row")])
    frame = pd.DataFrame(by_row, columns=list(FINDINGS))
    kinds = {"code": "str", "usci": "str", "row": "int64", "event": "str", "state": "str"}
    return frame.astype(kinds).assign(happened_on=pd.to_datetime(frame["happened_on"]))
