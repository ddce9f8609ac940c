"""A schedule for tests: a county's bundle, and a press that publishes without a notebook."""

import json
import os
import warnings
from datetime import date, datetime

import yaml

from tenglong.run.schedule.clock import Clock, now_of
from tenglong.run.schedule.desk import desk_of
from tenglong.run.schedule.press import Ended
from tenglong.run.schedule.round import Round
from tenglong.run.schedule.rule import rule_of
from tenglong.run.schedule.schedule import Schedule
from tenglong.run.schedule.settings import Asked
from tenglong.source.description import describe_bundle
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy

FILE = "enterprise_months.csv"
TABLES = {"enterprise_months": {"file": FILE}}
HEAD = "usci,month,tax_wan\n"
CODE = "91330328XXXX00019N"


def county(folder, files, tables=TABLES, **changes):
    """Write a bundle of tables and files, and give its folder."""
    about = {
        "name": {"zh": "试验县", "en": "Test County"},
        "code": "330328",
        "crs": "EPSG:4549",
        "plan": "wencheng-2021-2023",
        "as_of": date(2022, 6, 30),
        "tables": tables,
        **changes,
    }
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    text = yaml.safe_dump(about, allow_unicode=True)
    (folder / "bundle.yml").write_text(text, encoding="utf-8")
    return folder


def rule(**changes):
    """Give the kit's rule, with some of its values changed."""
    policy = load_policy()
    return rule_of({**policy, "schedule": {**policy["schedule"], **changes}})


def figures(**months):
    """Give the text of the file: a figure a month, `figures(m2022_06=5)`."""
    rows = {name[1:].replace("_", "-"): value for name, value in months.items()}
    return HEAD + "".join(f"{CODE},{month},{value}\n" for month, value in sorted(rows.items()))


def in_child(work):
    """Do something in a process of its own that may be killed by it, and give its exit code."""
    with warnings.catch_warnings():
        # Python 3.12 warns of forks beside threads; those of pytest hold nothing that is used here.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Printing:
    """A press that keeps in a file what it has published, so that it outlives whoever is killed.

    As the kit's, it publishes a period anew only where the rows that lie within it, or before it,
    have changed. `faults` gives what happens instead, by period: each is used up once.
    """

    def __init__(self, folder, bundle, faults=None):
        self.file = folder / "published.json"
        self.bundle = bundle
        self.faults = faults if faults is not None else {}
        self.asked = []
        self.renewed = 0
        self.clock = None

    @property
    def published(self):
        """By period, when and of what each publication was made."""
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def numbers(self):
        return {period: len(those) - 1 for period, those in self.published.items()}

    def make(self, period):
        self.asked.append(period)
        fault = self.faults[period].pop(0) if self.faults.get(period) else None
        if isinstance(fault, Ended):
            return fault
        self._publish(period)
        return fault() if fault else Ended(0)

    def renew(self):
        self.renewed += 1

    def _publish(self, period):
        published = self.published
        those = published.setdefault(period, [])
        data = self.data(period)
        if not those or those[-1][1] != data:
            those.append([self.clock.now().isoformat(), data])
            draft = self.file.with_suffix(".new")
            draft.write_text(json.dumps(published))
            draft.replace(self.file)

    def data(self, period):
        """Give the rows of the bundle that a period knows of."""
        rows = (self.bundle / FILE).read_text(encoding="utf-8-sig").splitlines()[1:]
        last = f"{period[:4]}-{int(period[-1]) * 3:02d}" if "Q" in period else f"{period}-12"[:7]
        return [row for row in rows if row.split(",")[1] <= last]


class Place:
    """A bundle with its schedule."""

    def __init__(self, folder, bundle, *, faults=None, settings=None, **changes):
        self.bundle, self.out = bundle, folder / "out"
        self.rule = rule(**changes)
        self.settings = settings or Asked()
        self.desk = desk_of(self.out, bundle, "zh")
        self.said, self.pauses = [], []
        self.use(Printing(folder, bundle, faults))

    def use(self, press):
        """Let this press make the reports."""
        self.press = press
        about = describe_bundle(self.bundle)
        window = load_plan(about.plan_choice).window
        self.schedule = Schedule(about, window, self.rule, self.desk, press)

    def go(self, now, *, catches_up=False):
        """Let the schedule have a round at a moment, and give its exit code."""
        clock = Clock(now if isinstance(now, datetime) else now_of(now, self.rule))
        self.press.clock = clock

        def say(kind, about):
            self.said.append((kind.value, about))

        made = Round(self.schedule, clock, self.settings, say, self.pauses.append)
        return made.go(catches_up=catches_up)

    def states(self, now):
        """Give the state of every period as of a moment."""
        agenda = self.schedule.look(now_of(now, self.rule), self.schedule.status())
        return {one.period.name: one.state.value for one in agenda.entries}

    @property
    def status(self):
        return json.loads(self.desk.status.read_text(encoding="utf-8"))

    @property
    def log(self):
        """Give every line of the log."""
        return [json.loads(line) for line in self.desk.log.read_text("utf-8").splitlines()]

    def events(self, *kinds):
        """Give what was said of some kinds of events, by period."""
        return [(kind, about.get("period")) for kind, about in self.said if kind in kinds]
