"""An errand as a line of a crontab."""

import shlex

from tenglong.errors import UsageError
from tenglong.run.schedule.errand import Errand

MOST_BYTES = 998  # of a command: the cron of Debian cuts longer ones off


def line_of(errand: Errand) -> str:
    r"""Give the line, with what it is about before it.

    Not every cron can be told a time zone, so the line names an hour of none: it asks every hour,
    and the rule of the schedule decides. In a crontab, `%` ends the command unless it is escaped.

    Raises
    ------
    UsageError
        If it is longer than cron reads.
    """
    command = " ".join(map(shlex.quote, errand.words)).replace("%", "\\%")
    if len(command.encode()) > MOST_BYTES:
        raise UsageError(f"--cron: cron reads {MOST_BYTES} bytes of a command; use shorter paths")
    return f"# {errand.about} ({errand.name})\n{errand.rule.at:%M} * * * * {command}\n"
