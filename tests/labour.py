"""What workers of a batch are given to do in tests: no kernel, and as long as a test wants."""

import os
import signal
import time
from pathlib import Path

from tenglong.run.batch.unit import Delivery, Unit

PATIENCE_S = 60


def units(folder, out, *names):
    """Give a unit a name; their scratch is where workers and the test leave each other notes."""
    (folder / "notes").mkdir(exist_ok=True)
    asked = {"as_of": "2022-06-30", "township": "", "page_ids": (), "language": "zh"}
    return [
        Unit(
            Path("county") / name, out, "/county", asked, None, {}, {"notes": str(folder / "notes")}
        )
        for name in names
    ]


def made(unit, **files):
    text = {"first.html": unit.name.name.encode()}
    return Delivery(unit.name, text | {name: one.encode() for name, one in files.items()})


def note(unit, what):
    return Path(unit.versions["notes"]) / f"{unit.name.name}.{what}"


def at_once(unit):
    return made(unit)


def failing(unit):
    """Fail those that are called `bad`; raise for those that are called `broken`."""
    if unit.name.name == "broken":
        raise KeyError("no such thing")
    if unit.name.name == "bad":
        return Delivery(unit.name, {"first.log": b"why"}, {"first": "ValueError: why"})
    return made(unit)


def dying(unit):
    """Die as a process that is killed does: one called `once` the first time, `ever` always."""
    tried = note(unit, "tried")
    if unit.name.name == "ever" or (unit.name.name == "once" and not tried.exists()):
        tried.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return made(unit)


def waiting(unit):
    """Say who is at work, and wait until the test lets it go on; those called `quick` do not."""
    if not unit.name.name.startswith("quick"):
        with note(unit, "begun").open("a") as file:
            file.write(f"{os.getpid()}\n")
        wait_for(note(unit, "go"))
    return made(unit)


def wait_for(path):
    end = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert time.monotonic() < end, f"nobody wrote {path.name}"
        time.sleep(0.05)
    return path
