"""The agenda: of every period of the plan, whether its report is made, due, missed or not yet."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tenglong.measure.clause import Window
from tenglong.measure.period import Period
from tenglong.measure.reading import Grain
from tenglong.run.batch.each import periods
from tenglong.run.schedule.rule import Rule


class State(StrEnum):
    """How it stands with the report of a period."""

    MADE = "made"
    CHANGED = "changed"  # made, and to be looked at again: the bundle's files have changed
    DUE = "due"
    MISSED = "missed"
    NOT_YET = "not_yet"


@dataclass(frozen=True)
class Entry:
    """A period of the agenda.

    Attributes
    ----------
    due_at
        From when on its report is due.
    number
        That of the newest publication, 0 for the first; None where none stands.
    """

    period: Period
    due_at: datetime
    state: State
    number: int | None = None


@dataclass(frozen=True)
class Agenda:
    """All periods of a plan as of a moment, in the order of the days on which they are due."""

    now: datetime
    entries: tuple[Entry, ...]

    def of(self, *states: State) -> tuple[Entry, ...]:
        """Give the entries in some states."""
        return tuple(entry for entry in self.entries if entry.state in states)

    @property
    def next(self) -> Entry | None:
        """What is due next; None where nothing is any more."""
        return next(iter(self.of(State.NOT_YET)), None)

    def to_make(self, rule: Rule, *, catches_up: bool) -> tuple[Entry, ...]:
        """Give what is to be made: first what was never published, then what has changed.

        Parameters
        ----------
        catches_up
            Whether what was missed is made, too, as far back as the rule allows.
        """
        earliest = rule.months_before(self.now, rule.catch_up_months)
        lacking = [
            entry
            for entry in self.of(State.DUE, State.MISSED)
            if entry.state is State.DUE or (catches_up and entry.due_at >= earliest)
        ]
        return (*lacking, *self.of(State.CHANGED))


def agenda_of(
    window: Window,
    rule: Rule,
    now: datetime,
    numbers: Mapping[str, int],
    *,
    changed: Container[str] = (),
) -> Agenda:
    """Settle how it stands with every period that lies within a plan's window.

    What stands is made, whatever the clock says: one that is set back makes nothing twice.

    Parameters
    ----------
    numbers
        That of the newest publication, by the name of its period.
    changed
        The names of periods that are to be looked at again: files have changed since.
    """
    state = _states(rule, now, numbers, changed)
    entries = [
        Entry(one, rule.due_at(one), state(one), numbers.get(one.name))
        for grain in Grain
        for one in periods(window.start, window.end, grain)
    ]
    return Agenda(now, tuple(sorted(entries, key=lambda one: (one.due_at, one.period.start))))


def _states(
    rule: Rule, now: datetime, numbers: Mapping[str, int], changed: Container[str]
) -> Callable[[Period], State]:
    overdue = timedelta(rule.overdue_days)
    revised_since = rule.months_before(now, rule.revise_months)

    def state(period: Period) -> State:
        due_at = rule.due_at(period)
        if period.name in numbers:
            is_stale = period.name in changed and due_at >= revised_since
            return State.CHANGED if is_stale else State.MADE
        if now < due_at:
            return State.NOT_YET
        return State.DUE if now < due_at + overdue else State.MISSED

    return state
