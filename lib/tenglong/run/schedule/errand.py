"""The errand: what a machine's own scheduler is to run every hour, and what it is called there."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tenglong.errors import UsageError
from tenglong.run.schedule.press import KIT
from tenglong.run.schedule.rule import Rule
from tenglong.source.description import Description

DIGITS = 6  # of the digest that tells two bundles of one county apart


@dataclass(frozen=True)
class Errand:
    """What is run every hour: it finds nothing to do, or makes what is due.

    It is the rule of the schedule that decides what is due and by which clock; how often it is
    asked only says how late a report may come.

    Attributes
    ----------
    words
        The command, word by word; all paths are whole.
    """

    bundle: Description
    rule: Rule
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called: in letters that every scheduler takes, one for each bundle.

        A bundle's own name may be Chinese, which units of systemd may not.
        """
        path = hashlib.sha256(str(self.bundle.path).encode()).hexdigest()[:DIGITS]
        return f"tenglong-{self.bundle.code}-{path}"

    @property
    def about(self) -> str:
        """What a list of tasks says of it."""
        return f"Tenglong: {' '.join(self.bundle.name.en.split())}"


def errand_of(bundle: Description, rule: Rule, *, out: Path, options: Mapping[str, str]) -> Errand:
    """Give the errand of a bundle.

    Parameters
    ----------
    options
        Further options of `tenglong due`, with their values.

    Raises
    ------
    UsageError
        If a path holds a line break, which no scheduler's file can.
    """
    given = [word for name, value in options.items() for word in (name, value)]
    paths = (str(bundle.path), "--make", "--out", str(out.absolute()))
    words = (*KIT, "due", *paths, *given)
    if broken := [word for word in words if not word.isprintable()]:
        raise UsageError(f"{broken[0]!r}: a path with control characters cannot be scheduled")
    return Errand(bundle, rule, words)
