"""What is due, on a terminal; and a round of the schedule that is watched."""

import json
from pathlib import Path
from typing import Any

import click

from tenglong.measure.clause import Window
from tenglong.run.schedule.agenda import Agenda, Entry, State
from tenglong.run.schedule.clock import Clock, now_of, told
from tenglong.run.schedule.desk import desk_of
from tenglong.run.schedule.log import Kind
from tenglong.run.schedule.press import Kit
from tenglong.run.schedule.round import Round
from tenglong.run.schedule.rule import Rule, rule_of
from tenglong.run.schedule.schedule import Schedule
from tenglong.run.schedule.settings import read_settings
from tenglong.show.words import joined, word
from tenglong.source.description import describe_bundle
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy

MINUTE_S = 60
SILENT = (Kind.BEGUN, Kind.ENDED)  # a round with nothing to do prints nothing: cron mails no word


def open_schedule(bundle: str, out: Path, *, language: str, notebooks: Path | None) -> Schedule:
    """Give the schedule of a bundle whose reports stand in a folder.

    Raises
    ------
    ConfigurationError
        If its description, its plan or the rule of the schedule is malformed.
    """
    about = describe_bundle(bundle)
    rule = rule_of(load_policy(about.policy, beside=about.path))
    press = Kit(about, out, language, notebooks, rule.time_limit_minutes * MINUTE_S)
    window: Window = load_plan(about.plan_choice).window
    return Schedule(about, window, rule, desk_of(out, about.path, language), press, language)


def print_due(schedule: Schedule, now: str | None, *, as_json: bool) -> None:
    """Print how it stands with every period, and change nothing.

    Raises
    ------
    UsageError
        If `now` is malformed.
    """
    agenda = schedule.look(now_of(now, schedule.rule), schedule.status())
    if as_json:
        about = {"bundle": schedule.bundle.path.name, "language": schedule.language}
        record = {**about, **_record(agenda, schedule.rule)}
        click.echo(json.dumps(record, ensure_ascii=False, indent=2))
        return
    name = schedule.bundle.name[schedule.language]
    said = {"name": name, "now": _minute(agenda.now), "zone": schedule.rule.time_zone.key}
    click.echo(word("schedule.title", schedule.language, **said))
    for entry in agenda.entries:
        click.echo(f"{entry.period.name:<8}{_told(entry, schedule.language)}")


def make_due(
    schedule: Schedule, now: str | None, *, catches_up: bool, settings: Path | None
) -> int:
    """Make what is due, print what became of it, and give the exit code.

    Raises
    ------
    UsageError
        If `now` is malformed.
    ConfigurationError
        If the settings are, or others may write to them.
    BusyError, WriteError
        As `Round.go` does.
    """
    asked = read_settings(schedule.bundle.path, settings)
    clock = Clock(now_of(now, schedule.rule))

    def say(kind: Kind, about: dict[str, Any]) -> None:
        if kind not in SILENT:
            click.echo(_event(kind, about, schedule.language))

    return Round(schedule, clock, asked, say).go(catches_up=catches_up)


def _record(agenda: Agenda, rule: Rule) -> dict[str, Any]:
    periods = [
        {
            "period": one.period.name,
            "cadence": one.period.grain.value,
            "state": one.state.value,
            "due_at": told(one.due_at),
            "number": one.number,
        }
        for one in agenda.entries
    ]
    return {
        "now": told(agenda.now),
        "time_zone": rule.time_zone.key,
        "counts": {state.value: len(agenda.of(state)) for state in State},
        "next": agenda.next.period.name if agenda.next else None,
        "periods": periods,
    }


def _told(entry: Entry, language: str) -> str:
    said = {"number": entry.number or 0, "when": _minute(entry.due_at)}
    return word(f"schedule.state.{entry.state}", language, **said)


def _event(kind: Kind, about: dict[str, Any], language: str) -> str:
    values = {
        name: joined(value, language) if isinstance(value, list) else value
        for name, value in about.items()
    }
    return word(f"schedule.event.{kind}", language, **values)


def _minute(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
