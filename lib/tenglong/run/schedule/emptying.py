"""The inbox is emptied: what is complete takes its place in the bundle, the rest is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tenglong.run.schedule.inbox import FOLDER, Drop, Look, drops, strays
from tenglong.run.schedule.log import Kind
from tenglong.run.schedule.rule import Rule
from tenglong.run.schedule.status import Json, Status
from tenglong.run.schedule.taking import Journal, UntakenError, recover, take
from tenglong.source.description import Description

Tell = Callable[..., None]


def emptied(about: Description, rule: Rule, now: datetime, status: Status, tell: Tell) -> Status:
    """Take what can be taken, and give the status with what waits and what is not taken.

    Parameters
    ----------
    tell
        Takes an event, and what it is about; a file that is not taken is told once.

    Raises
    ------
    WriteError
        If a month's files are in their places in part only.
    """
    begun_before = recover(about.path)
    if begun_before:
        _taken(begun_before, tell)
    looks: dict[str, Json] = {}
    waiting: list[str] = []
    found, others = _found(about)
    for drop in found:
        look = drop.look(Look.of(status.looks.get(drop.month, {})), now)
        others |= {f"{drop.month}/{name}": why for name, why in drop.others.items()}
        if drop.is_complete(look, now, rule):
            why = _untaken(about, drop, now, tell)
            others |= {drop.month: why} if why else {}
        elif drop.sources:
            looks[drop.month] = look.raw
            waiting += [f"{drop.month}/{name}" for name in drop.sources]
    known = status.inbox.get("others", {})
    for name, why in others.items():
        if known.get(name) != why:
            tell(Kind.REFUSED, file=name, line=why)
    return replace(status, looks=looks, inbox={"waiting": waiting, "others": others})


def _found(about: Description) -> tuple[list[Drop], dict[str, str]]:
    """Give what lies in the inbox, and what of it is in no folder of a month; or why not."""
    try:
        return list(drops(about)), strays(about)
    except OSError as error:
        return [], {FOLDER: f"cannot be read: {(error.strerror or str(error)).lower()}"}


def _untaken(about: Description, drop: Drop, now: datetime, tell: Tell) -> str:
    """Take a month's files, or tell why not."""
    try:
        _taken(take(about.path, drop, now.date()), tell)
    except UntakenError as error:
        return str(error)
    return ""


def _taken(journal: Journal, tell: Tell) -> None:
    tell(Kind.TAKEN, month=journal.month, files=list(journal.new), archive=journal.archive)
