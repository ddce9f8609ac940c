"""Three years of a schedule with faults thrown in, by a simulated clock.

`python tests/three_years.py DIR` lives through them at full size, in DIR: every report of the
sample is made by the kit, with all its pages. It prints what was published and when, and fails
where one is lacking, late or there twice. `test_three_years.py` does so with two pages of a tiny
bundle, and a press of its own for most periods.

The plan is of 2021 to 2023. Every six hours the schedule looks at what is due; figures of a month
are dropped on the 10th of the next one. What goes wrong, and when, stands in `FAULTS`.
"""

import os
import shutil
import signal
import subprocess
import sys
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from killing import dies_at
from schedules import CODE, FILE, HEAD, Place, Printing, county, in_child
from tenglong.errors import BusyError
from tenglong.run.publication import publications_of
from tenglong.run.publish import STAGING
from tenglong.run.schedule.inbox import drops
from tenglong.run.schedule.press import Ended, Kit
from tenglong.run.schedule.taking import take
from tenglong.source.description import describe_bundle
from tenglong.source.place import kit_root

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGIN, END = datetime(2021, 1, 1, 0, 30, tzinfo=SHANGHAI), datetime(2024, 3, 10, tzinfo=SHANGHAI)
STEP = timedelta(hours=6)
YEARS = (2021, 2022, 2023)
# The year's report on the last day of February: the 29th in 2024, after the plan's window.
DAYS = {
    "month": {"months_after": 1, "day": 15},
    "quarter": {"months_after": 1, "day": 20},
    "year": {"months_after": 2, "day": 29},
}
OFF = (datetime(2022, 10, 12, tzinfo=SHANGHAI), datetime(2022, 11, 25, tzinfo=SHANGHAI))
SET_BACK = ("2022-05-20T12:30", "2022-05-20T18:30")
CAUGHT_UP = "2022-11-25T12:30"
AWAY = Ended(69, "COUNTY_DB: does not answer")
BAD_PAGE = Ended(1, "not published, failed: first")
HALF_WAY = 25  # of what is done to the disk when files of the inbox are taken
KILLED = Ended(128 + signal.SIGKILL, "its process was killed (signal 9)")
# By the moment: the month whose figures turn out to be others.
CHANGES = {"2022-02-01T12:30": "2021-12", "2022-09-05T12:30": "2022-06"}
# What is not published on its day, and on which day it is.
LATE = {
    "2021-08": date(2021, 9, 17),  # the source was away for two days
    "2021-10": date(2021, 11, 17),  # the page was mended on the second day
    "2022-09": date(2022, 11, 25),  # the machine was off, and somebody caught up
    "2022Q3": date(2022, 11, 25),
    "2022-10": date(2022, 11, 25),
}


@dataclass
class Trial:
    """A schedule that is lived through.

    Attributes
    ----------
    text
        Gives the file of figures as of a month; the months whose figures were changed are given.
    codes
        The exit code of every look, by its moment.
    """

    place: Place
    text: Callable[[str, set[str]], str]
    now: datetime = BEGIN
    changed: set[str] = field(default_factory=set)
    codes: dict[str, int] = field(default_factory=dict)

    def live(self):
        """Live through the three years."""
        moment = BEGIN
        while moment < END:
            self.drop_figures(moment)
            if not OFF[0] <= moment < OFF[1]:
                self.look(moment)
            moment += STEP

    def look(self, moment):
        """Look at what is due, with what goes wrong at this moment."""
        name = moment.isoformat(timespec="minutes")[:16]
        if name in CHANGES:
            self.changed.add(CHANGES[name])
            self.drop(moment, is_marked=True)
        self.now = moment - timedelta(days=18) if name in SET_BACK else moment
        if name in FAULTS:
            FAULTS[name](self)
        self.codes[name] = self.place.go(self.now, catches_up=name == CAUGHT_UP)

    def drop_figures(self, moment):
        """Drop last month's figures on the 10th: with a mark, or by every other month without."""
        if (moment.day, moment.hour) == (10, 0):
            self.drop(moment, is_marked=moment.month % 2 == 1)

    def drop(self, moment, *, is_marked):
        """Drop the figures as they are known at a moment."""
        folder = self.place.bundle / "inbox" / f"{moment:%Y-%m}"
        folder.mkdir(parents=True, exist_ok=True)
        last = f"{moment.replace(day=1) - timedelta(days=1):%Y-%m}"
        (folder / FILE).write_text(self.text(last, self.changed), encoding="utf-8")
        if is_marked:
            (folder / ".done").touch()

    def fails(self, period, *faults):
        """Let what makes a report fail, once for each fault."""
        self.place.press.faults[period] = list(faults)

    def is_busy(self):
        """Let another schedule be at work."""
        with self.place.desk.taken():
            try:
                self.place.go(self.now)
            except BusyError as error:
                self.codes["busy"] = error.exit_code

    def is_killed(self):
        """Let the schedule itself be killed when it has made a report."""
        self.fails("2023-01", lambda: os.kill(os.getpid(), signal.SIGKILL))
        assert in_child(lambda: self.place.go(self.now)) == -signal.SIGKILL
        self.place.press.faults.clear()

    def is_killed_taking(self):
        """Let the schedule be killed half-way through taking files of the inbox."""
        (month,) = drops(describe_bundle(self.place.bundle))

        def dies():
            dies_at(HALF_WAY)
            take(self.place.bundle, month, self.now.date())

        assert in_child(dies) == -signal.SIGKILL

    def loses_its_status(self):
        """Let somebody spoil the status file."""
        self.place.desk.status.write_text("{")


# By the moment of the look: what goes wrong.
FAULTS = {
    "2021-05-15T06:30": lambda trial: trial.fails("2021-04", KILLED),
    "2021-07-15T06:30": lambda trial: trial.fails("2021-06", lambda: KILLED),
    "2021-08-15T06:30": lambda trial: trial.fails("2021-07", AWAY, AWAY),
    "2021-09-15T06:30": lambda trial: trial.fails("2021-08", *[AWAY] * (4 * 7)),
    "2021-10-15T06:30": Trial.is_busy,
    "2021-11-15T06:30": lambda trial: trial.fails("2021-10", BAD_PAGE, BAD_PAGE),
    "2023-02-15T06:30": Trial.is_killed,
    "2023-04-10T06:30": Trial.is_killed_taking,
    "2023-06-01T06:30": Trial.loses_its_status,
}


class Dated:
    """The kit's press, by a simulated clock, with faults as `schedules.Printing` has them."""

    def __init__(self, bundle, out, notebooks):
        self.kit = Kit(describe_bundle(bundle), out, "zh", notebooks, 3600)
        self.faults = {}
        self.clock = None

    def numbers(self):
        return self.kit.numbers()

    def renew(self):
        self.kit.renew()

    def command(self, period):
        moment = self.clock.now().isoformat(timespec="seconds")
        words = (self.kit.bundle.path, period, self.kit.out, self.kit.notebooks, moment)
        return [sys.executable, str(Path(__file__).with_name("dated.py")), *map(str, words)]

    def make(self, period):
        fault = self.faults[period].pop(0) if self.faults.get(period) else None
        if fault is KILLED:
            return self.killed(period)
        if isinstance(fault, Ended):
            return fault
        code = subprocess.run(self.command(period), capture_output=True, check=False).returncode
        return fault() if fault else Ended(code)

    def killed(self, period):
        """Begin to make a report, and kill it as soon as something of it is on the disk."""
        with subprocess.Popen(self.command(period), stderr=subprocess.DEVNULL) as process:
            while not (self.kit.out / STAGING).exists():
                assert process.poll() is None
            process.kill()
        return KILLED


class Both:
    """The kit's press for some periods, one that keeps its own book for the others."""

    def __init__(self, dated, printing, periods):
        self.dated, self.printing, self.periods = dated, printing, periods
        self.faults = printing.faults

    def numbers(self):
        return {**self.printing.numbers(), **self.dated.numbers()}

    def make(self, period):
        return (self.dated if period in self.periods else self.printing).make(period)

    def renew(self):
        self.dated.renew()

    @property
    def clock(self):
        return self.printing.clock

    @clock.setter
    def clock(self, clock):
        self.dated.clock = self.printing.clock = clock


def due_days():
    """Give the day of every report, as the policy's words say it: not by the code under test."""
    days = {}
    for year in YEARS:
        for month in range(1, 13):
            after = date(year + month // 12, month % 12 + 1, 15)
            days[f"{year}-{month:02d}"] = after
            if month % 3 == 0:
                days[f"{year}Q{month // 3}"] = after.replace(day=20)
        days[f"{year}"] = date(year + 1, 2, monthrange(year + 1, 2)[1])
    return days


def revised(revise_months):
    """Give how often every report is to be revised: when figures that it knew have changed."""
    counts = dict.fromkeys(due_days(), 0)
    for moment, month in CHANGES.items():
        day = date.fromisoformat(moment[:10])
        for period, due in due_days().items():
            is_known = last_month(period) >= month
            is_out = LATE.get(period, due) < day
            is_recent = (day.year - due.year) * 12 + day.month - due.month <= revise_months
            counts[period] += is_known and is_out and is_recent
    return counts


def last_month(period):
    """Name the last month of a period."""
    if "Q" in period:
        return f"{period[:4]}-{int(period[-1]) * 3:02d}"
    return period if "-" in period else f"{period}-12"


def faults_of(published, revise_months):
    """Tell what is wrong with what was published: the moments of each publication by period."""
    due, counts = due_days(), revised(revise_months)
    found = [f"{period}: is no period of the plan" for period in published.keys() - due.keys()]
    for period, day in due.items():
        moments = published.get(period, [])
        if not moments:
            found.append(f"{period}: was never published")
            continue
        if moments[0].date() != LATE.get(period, day):
            found.append(f"{period}: published on {moments[0].date()}, was due on {day}")
        if len(moments) != 1 + counts[period]:
            found.append(f"{period}: {len(moments)} publications, {1 + counts[period]} expected")
        if sorted(moments) != moments:
            found.append(f"{period}: revisions are not in their order")
    return found


def published_by(out):
    """Give the moments of each publication by period, as they stand in a folder of reports."""
    found = {}
    for one in publications_of(out):
        found.setdefault(one.period, []).append(one.published_at)
        assert one.number == len(found[one.period]) - 1
    return found


def tiny(last, changed):
    """Give the figures of the tiny bundle as of a month."""
    months = [f"{year}-{month:02d}" for year in YEARS for month in range(1, 13)]
    rows = (f"{CODE},{one},{int(one[-2:]) + 100 * (one in changed)}\n" for one in months)
    return HEAD + "".join(row for row, one in zip(rows, months, strict=True) if one <= last)


def of_sample(last, changed):
    """Give the figures of the sample as of a month; a month that changed has one other figure."""
    text = (kit_root() / "data" / "sample" / FILE).read_text(encoding="utf-8-sig")
    head, *rows = text.splitlines()
    cells = [row.split(",") for row in rows]
    told = [one for one in cells if one[1] <= last]
    for month in changed:
        next(one for one in told if one[1] == month)[2] = "77.77"
    return "\n".join([head, *map(",".join, told), ""])


def tiny_trial(folder, notebooks, periods):
    """Give the trial of CI: `periods` are made by the kit, of the pages of `notebooks`."""
    bundle = county(folder / "county", {FILE: tiny("2021-01", set())})
    place = Place(folder, bundle, days=DAYS, revise_months=3)
    dated = Dated(bundle, place.out, notebooks)
    place.use(Both(dated, Printing(folder, bundle), periods))
    return Trial(place, tiny)


def sample_trial(folder):
    """Give the trial at full size."""
    bundle = folder / "county"
    shutil.copytree(kit_root() / "data" / "sample", bundle)
    (bundle / FILE).write_text(of_sample("2021-01", set()), encoding="utf-8")
    place = Place(folder, bundle, days=DAYS)
    notebooks = kit_root() / "notebooks"
    place.use(Dated(bundle, place.out, notebooks))
    return Trial(place, of_sample)


def main(folder):
    """Live through the three years at full size, and tell what is wrong."""
    trial = sample_trial(Path(folder).absolute())
    trial.live()
    published = published_by(trial.place.out)
    for period, moments in sorted(published.items()):
        print(period, *(f"{moment:%Y-%m-%d}" for moment in moments))
    wrong = faults_of(published, trial.place.rule.revise_months)
    print("\n".join(wrong) or f"{len(published)} periods, each published once on its day")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
