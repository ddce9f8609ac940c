"""A schedule: what is made on time, by what rule, where, and by what."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from tenglong.errors import DataError
from tenglong.measure.clause import Window
from tenglong.run import manifest
from tenglong.run.schedule.agenda import Agenda, agenda_of
from tenglong.run.schedule.desk import Desk
from tenglong.run.schedule.press import Press
from tenglong.run.schedule.rule import Rule
from tenglong.run.schedule.status import Status, read_status
from tenglong.source.description import Description


@dataclass(frozen=True)
class Schedule:
    """The schedule of one bundle's reports in one language.

    Attributes
    ----------
    window
        The days that the plan is about: every period within it gets its report.
    """

    bundle: Description
    window: Window
    rule: Rule
    desk: Desk
    press: Press
    language: str = "zh"

    def status(self) -> Status:
        """Read the status file."""
        return read_status(self.desk, self.bundle.path.name)

    def look(self, now: datetime, status: Status) -> Agenda:
        """Tell how it stands with every period; this changes nothing."""
        numbers, digest = self.press.numbers(), self.digest(now)
        changed = {name for name in numbers if digest and status.seen.get(name) != digest}
        return agenda_of(self.window, self.rule, now, numbers, changed=changed)

    def digest(self, now: datetime) -> str:
        """Give the digest of the bundle's files; empty where one of them is not there.

        Rows of a database are not known before they are read: they count as changed every month.
        """
        try:
            files = manifest.digests(self.bundle.files, self.bundle.path)
        except DataError:
            return ""
        month = f"{now:%Y-%m}" if self.bundle.databases else ""
        return hashlib.sha256(json.dumps([files, month]).encode()).hexdigest()
