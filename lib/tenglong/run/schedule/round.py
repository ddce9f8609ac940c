"""A round: the schedule looks at what is due, makes it, and writes down what became of it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import sleep
from typing import Any

from tenglong.errors import BusyError, SourceError, TenglongError, WriteError
from tenglong.run.naming import report_name
from tenglong.run.publish import writing
from tenglong.run.schedule.agenda import Agenda, Entry
from tenglong.run.schedule.clock import Clock, told
from tenglong.run.schedule.emptying import emptied
from tenglong.run.schedule.log import Kind, RunLog
from tenglong.run.schedule.notice import Notice, call, post
from tenglong.run.schedule.press import KILLED, Ended
from tenglong.run.schedule.schedule import Schedule
from tenglong.run.schedule.settings import Asked, Tell
from tenglong.run.schedule.status import Status

SEVERAL = 1  # the code of a round whose reports failed with several
PASSING = frozenset(error.exit_code for error in (SourceError, WriteError, BusyError))
UNPUBLISHED = Ended(TenglongError.exit_code, "it ended well, and nothing is published")


@dataclass
class Round:
    """One round of a schedule.

    Attributes
    ----------
    asked
        Who is told.
    say
        Takes every event and what it is about, for whoever watches.
    wait
        Waits for so many seconds before a source is asked again.
    codes
        The exit codes with which something has failed.
    """

    schedule: Schedule
    clock: Clock
    asked: Asked
    say: Callable[[Kind, dict[str, Any]], None]
    wait: Callable[[float], None] = sleep
    codes: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        rule, begun = self.schedule.rule, self.clock.begun
        self._pauses: Iterator[float] = rule.retry.pauses()
        run = f"{begun:%Y%m%dT%H%M%S}-{os.getpid()}"
        self._log = RunLog(self.schedule.desk.log, rule.log, run, self.clock.now)
        self._status = Status()

    @property
    def code(self) -> int:
        """0 where all is well; the code with which reports have failed, 1 for several."""
        return SEVERAL if len(self.codes) > 1 else next(iter(self.codes), 0)

    def go(self, *, catches_up: bool) -> int:
        """Make what is to be made, oldest first; one that fails stops no other.

        Parameters
        ----------
        catches_up
            Whether what was missed is made, too.

        Returns
        -------
        int
            The round's code; 1, too, where a process was killed.

        Raises
        ------
        BusyError
            If another schedule is at work, or another run writes to the folder of reports.
        WriteError
            If what was dropped is in its place in part only, or nothing can be written down.
        """
        schedule, now = self.schedule, self.clock.begun
        with schedule.desk.taken():
            self._status = schedule.status()
            self._note_clock(now)
            rule = schedule.rule
            self._status = emptied(schedule.bundle, rule, now, self._status, self._tell)
            is_whole = self._status.last_run.get("is_whole", True)
            to_make = self._look().to_make(rule, catches_up=catches_up)
            if not catches_up:
                to_make = tuple(one for one in to_make if self._is_ripe(one))
            if to_make or not is_whole:
                self._make_all(to_make, heals=not is_whole)
        return self.code if self.code < KILLED else SEVERAL

    def _note_clock(self, now: datetime) -> None:
        """Say that the clock was set back; what stands is not made again for that."""
        last = self._status.looked_at
        if last and datetime.fromisoformat(last) > now:
            self._tell(Kind.SET_BACK, last=last)

    def _is_ripe(self, entry: Entry) -> bool:
        """Whether to try a report now: what failed by itself is tried when its files change.

        On another day it is tried as well: what makes it may have been mended. What failed since
        something was out of reach, taken or killed is tried at every look.
        """
        how = self._status.failing.get(entry.period.name)
        if how is None or how.get("code") in PASSING or how.get("code", 0) > KILLED:
            return True
        now = self.clock.now()
        is_same_day = str(how.get("tried", ""))[: len("2022-07-15")] == now.date().isoformat()
        return not is_same_day or how.get("files") != self.schedule.digest(now)

    def _look(self) -> Agenda:
        agenda = self.schedule.look(self.clock.now(), self._status)
        self._status = self._status.after(agenda)
        self._write()
        return agenda

    def _make_all(self, to_make: tuple[Entry, ...], *, heals: bool) -> None:
        self._note_run(begun=told(self.clock.now()), did={}, is_whole=False)
        self._tell(Kind.BEGUN, periods=[one.period.name for one in to_make])
        try:
            if heals:
                self.schedule.press.renew()
            for entry in to_make:
                kind = self._make(entry)
                did = {**self._status.last_run["did"], entry.period.name: kind}
                self._note_run(**{**self._status.last_run, "did": did})
                self._look()
        except BaseException as error:
            self.codes.add(_code_of(error))
            self._end(is_whole=False)
            raise
        self._end(is_whole=all(code < KILLED for code in self.codes))

    def _end(self, *, is_whole: bool) -> None:
        about = {"ended": told(self.clock.now()), "code": self.code, "is_whole": is_whole}
        self._note_run(**{**self._status.last_run, **about})
        self._tell(Kind.ENDED, code=self.code)

    def _note_run(self, **about: Any) -> None:
        self._status = replace(self._status, last_run=about)
        self._write()

    def _make(self, entry: Entry) -> Kind:
        """Make one report, and tell what became of it: what stands afterwards decides."""
        name, before = entry.period.name, entry.number
        digest = self.schedule.digest(self.clock.now())
        end = self._tried(name)
        number = self.schedule.press.numbers().get(name)
        if end.code:
            self.codes.add(end.code)
        if number == before and (end.code or number is None):
            return self._failed(entry, end if end.code else UNPUBLISHED)
        kind = Kind.MADE if before is None else Kind.REVISED
        kind = Kind.UNCHANGED if number == before else kind
        failing = {one: how for one, how in self._status.failing.items() if one != name}
        seen = {**self._status.seen, name: digest}
        self._status = replace(self._status, failing=failing, seen=seen)
        self._tell(kind, period=name, number=number, code=end.code)
        if kind is not Kind.UNCHANGED:
            self._notify(Tell(kind.value), name, Ended(0), number)
        return kind

    def _tried(self, period: str) -> Ended:
        """Make a report; where a source cannot be reached, again after each pause that is left."""
        while True:
            end = self.schedule.press.make(period)
            pause = next(self._pauses, None) if end.code == SourceError.exit_code else None
            if pause is None:
                return end
            about = {"period": period, "code": end.code, "line": end.line, "pause_s": pause}
            self._tell(Kind.RETRIED, **about)
            self.wait(pause)

    def _failed(self, entry: Entry, end: Ended) -> Kind:
        name = entry.period.name
        self.codes.add(end.code)
        former, now = self._status.failing.get(name, {}), self.clock.now()
        told_of = {
            "since": former.get("since", told(now)),
            "times": former.get("times", 0) + 1,
            "tried": told(now),
            "code": end.code,
            "line": end.line,
            "files": self.schedule.digest(now),
        }
        self._status = replace(self._status, failing={**self._status.failing, name: told_of})
        self._tell(Kind.FAILED, period=name, code=end.code, line=end.line)
        if former.get("code") != end.code:  # what fails every hour is told once
            self._notify(Tell.FAILED, name, end, entry.number)
        return Kind.FAILED

    def _notify(self, event: Tell, period: str, end: Ended, number: int | None) -> None:
        settings, bundle = self.asked.settings, self.schedule.bundle
        if event not in settings.tell:
            return
        now, name = self.clock.now(), bundle.path.name
        report = report_name(period, township="", language=self.schedule.language)
        notice = Notice(
            event=event,
            at=told(now),
            bundle=name,
            county=" ".join(bundle.name[self.schedule.language].split()),
            period=period,
            number=number,
            report="" if number is None else f"{name}/{report}/index.html",
            code=end.code,
            line=end.line,
        )
        troubles = [call(notice, self.asked)] if settings.command else []
        if settings.mail:
            troubles.append(post(notice, settings.mail, self.schedule.desk.outbox, now))
        for trouble in filter(None, troubles):
            self._tell(Kind.UNHEARD, period=period, line=trouble)

    def _tell(self, kind: Kind, **about: Any) -> None:
        with writing(self.schedule.desk.folder):
            self._log.write(kind, **about)
        self.say(kind, about)

    def _write(self) -> None:
        with writing(self.schedule.desk.folder):
            self._status.write(self.schedule.desk)


def _code_of(error: BaseException) -> int:
    """Give the exit code that an error will end the command with."""
    if isinstance(error, TenglongError):
        return error.exit_code
    if isinstance(error, SystemExit) and isinstance(error.code, int):
        return error.code
    return TenglongError.exit_code
