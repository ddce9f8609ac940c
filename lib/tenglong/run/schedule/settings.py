"""Who is told of what the schedule does: the settings of whoever runs it.

    tell: [made, revised, failed]       # default: all three
    command: [/opt/tell.sh, --county]   # words, no shell; it runs in the folder of this file
    time_limit_s: 60
    mail: {to: [jxj@example.org], sender: tenglong@example.org}

They run commands, so they are read from a file that nobody else can write to: `notify.yml` beside
bundle.yml, or the one that is named.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tenglong.errors import ConfigurationError, Fault
from tenglong.shape import fault_at, whole
from tenglong.yaml_file import read_yaml

NAME = "notify.yml"


class Tell(StrEnum):
    """What somebody is told of."""

    MADE = "made"
    REVISED = "revised"
    FAILED = "failed"


@dataclass(frozen=True)
class Mail:
    """To whom a mail is addressed, and in whose name."""

    to: tuple[str, ...]
    sender: str


@dataclass(frozen=True)
class Settings:
    """Whom to tell, and how; the head of this module says what each part means."""

    tell: tuple[Tell, ...] = tuple(Tell)
    command: tuple[str, ...] = ()
    time_limit_s: int = 60
    mail: Mail | None = None


@dataclass(frozen=True)
class Asked:
    """The settings, and the folder of their file, in which the command runs."""

    settings: Settings = Settings()
    folder: Path = Path()


def read_settings(bundle: Path, named: Path | None) -> Asked:
    """Read the settings of a bundle; nobody is told where there are none.

    Parameters
    ----------
    named
        The file that is named; None for the one beside bundle.yml, which need not be there.

    Raises
    ------
    ConfigurationError
        If the named one is not there, others may write to it, or it is malformed.
    """
    path = (named or bundle / NAME).absolute()
    if not path.is_file():
        if named is None:
            return Asked()
        raise ConfigurationError.of(str(named), [Fault("is not there", "没有这个文件")])
    _require_own(path)
    faults: list[str] = []
    raw = read_yaml(path, faults=faults)
    settings = whole(Settings, raw, faults, also=_faults)
    if faults:
        raise ConfigurationError.of(path.name, faults)
    return Asked(settings, path.parent)


def _require_own(path: Path) -> None:
    """Make sure that it is this user's, or the system's, and nobody else can write to it."""
    if os.name == "nt":  # its rights are not told by these marks
        return
    found = path.stat()
    if found.st_uid not in (os.geteuid(), 0) or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        en = "names a command: it must belong to whoever runs it, and nobody else may write to it"
        zh = "里面写有命令：文件应归运行者所有，且他人不可写（chmod go-w）"
        raise ConfigurationError.of(path.name, [Fault(f"{en} (chmod go-w)", zh)])


def _faults(settings: Settings, raw: Any) -> Iterator[Fault]:
    if settings.time_limit_s < 1:
        yield fault_at(raw, "time_limit_s", "must be at least 1", "不能小于 1")
    if isinstance(raw, Mapping) and raw.get("command") == []:
        yield fault_at(raw, "command", "must name a program", "应写明程序")
    mail = settings.mail
    addresses = (*mail.to, mail.sender) if mail else ()
    for address in addresses:
        if "@" not in address or not address.isprintable():
            said = f"{address!r} must be an address", f"“{address}”应是邮箱地址"
            yield fault_at(raw, "mail", *said)
    if mail and not mail.to:
        yield fault_at(raw, "mail.to", "must name somebody", "应写明收件人")
