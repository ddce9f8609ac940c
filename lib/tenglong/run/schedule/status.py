"""The status of a schedule: how it stands, in one JSON file that a monitor can read.

It is what the schedule remembers, too. Without it, or with one that cannot be read, nothing is
made twice: what is made follows from what is published.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tenglong.run.schedule.agenda import Agenda, Entry, State
from tenglong.run.schedule.clock import told
from tenglong.run.schedule.desk import Desk, replace_file

READABLE = 0o644
Json = dict[str, Any]


@dataclass(frozen=True)
class Status:
    """How it stands.

    Attributes
    ----------
    looked_at
        When the schedule last looked at what is due.
    last_run
        The last run that had something to do: when it began and ended, its exit code, what became
        of each period, and whether it went to its end with no process killed.
    stands
        The number of the newest publication by period.
    due, missed, changed
        Periods, each with the moment since when.
    next
        What is due next, and when; None where nothing is any more.
    failing
        By period: since when it could not be made, how often and when last, the exit code, the
        reason, and the digest of the bundle's files.
    inbox
        The files that wait, and those that are not taken and why.
    seen
        By period, the digest of the bundle's files when its report was last made or found
        unchanged.
    looks
        By month of the inbox, its files as they were at a look, and when that was.
    """

    bundle: str = ""
    looked_at: str = ""
    last_run: Json = field(default_factory=dict)
    stands: dict[str, int] = field(default_factory=dict)
    due: Json = field(default_factory=dict)
    missed: Json = field(default_factory=dict)
    changed: Json = field(default_factory=dict)
    next: Json | None = None
    failing: dict[str, Json] = field(default_factory=dict)
    inbox: Json = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    looks: dict[str, Json] = field(default_factory=dict)

    def after(self, agenda: Agenda) -> "Status":
        """Give the status with how an agenda stands."""
        coming = agenda.next
        return replace(
            self,
            looked_at=told(agenda.now),
            stands={
                one.period.name: one.number for one in agenda.entries if one.number is not None
            },
            due=_since(agenda.of(State.DUE)),
            missed=_since(agenda.of(State.MISSED)),
            changed=_since(agenda.of(State.CHANGED)),
            next=_since((coming,)) if coming else None,
        )

    def write(self, desk: Desk) -> None:
        """Replace the status file."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        replace_file(desk.status, f"{text}\n".encode(), READABLE)


def read_status(desk: Desk, bundle: str) -> Status:
    """Read the status file; an empty status where there is none that can be read."""
    try:
        raw = json.loads(desk.status.read_text(encoding="utf-8"))
        status = Status(**raw)
    except (OSError, ValueError, TypeError):
        return Status(bundle)
    return status if status.bundle == bundle and _is_sound(status) else Status(bundle)


def _is_sound(status: Status) -> bool:
    blank = asdict(Status())
    return all(
        isinstance(value, type(blank[name])) or name == "next"
        for name, value in asdict(status).items()
    )


def _since(entries: tuple[Entry, ...]) -> Json:
    return {one.period.name: told(one.due_at) for one in entries}
