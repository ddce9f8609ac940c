"""An errand as a service and a timer of systemd."""

from collections.abc import Mapping

from tenglong.errors import UsageError
from tenglong.run.schedule.errand import Errand

# What systemd reads in a word: an escape, the end of a quoted one, a specifier, a variable.
MEANT = str.maketrans({"\\": "\\\\", '"': '\\"', "%": "%%", "$": "$$"})
OF_NO_PROGRAM = frozenset("\"'\\")  # systemd takes no program whose path holds one of these
ENVIRONMENT = "%h/.config/tenglong/environment"


def units_of(errand: Errand) -> Mapping[str, str]:
    """Give the files by their names.

    The timer asks at the same minute of every hour, by the clock of the rule; an hour at which
    the machine was off is made up for when it starts.

    Raises
    ------
    UsageError
        If systemd cannot start the kit's own program.
    """
    return {
        f"{errand.name}.service": _service(errand),
        f"{errand.name}.timer": _timer(errand),
    }


def quoted(word: str) -> str:
    r"""Write a word as `ExecStart=` reads it.

    >>> quoted("报告 50%"), quoted('a"$b\\c')
    ('"报告 50%%"', '"a\\"$$b\\\\c"')
    """
    return f'"{word.translate(MEANT)}"'


def _service(errand: Errand) -> str:
    program, *words = errand.words
    if OF_NO_PROGRAM & {*program}:
        raise UsageError(f"--systemd: {program} holds a quote or a backslash; install it elsewhere")
    # Of the program itself, % is read and $ is not.
    command = " ".join([f'"{program.replace("%", "%%")}"', *map(quoted, words)])
    lines = [
        "[Unit]",
        f"Description={errand.about.replace('%', '%%')}",
        "",
        "[Service]",
        "Type=oneshot",
        f"ExecStart={command}",
        "Nice=10",
    ]
    if errand.bundle.databases:  # their addresses hold passwords: they stand in no unit
        lines.append(f"EnvironmentFile=-{ENVIRONMENT}")
    return "\n".join([*lines, ""])


def _timer(errand: Errand) -> str:
    rule = errand.rule
    lines = [
        "[Unit]",
        f"Description={errand.about.replace('%', '%%')}",
        "",
        "[Timer]",
        f"OnCalendar=*-*-* *:{rule.at:%M}:00 {rule.time_zone.key}",
        "Persistent=true",
        "AccuracySec=1min",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return "\n".join([*lines, ""])
