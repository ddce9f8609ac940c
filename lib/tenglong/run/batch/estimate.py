"""How long the rest of a batch takes, by how long reports of its sort took before."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

NAME = ".seconds.json"  # in the folder of reports
MINUTE, HOUR = 60, 3600  # seconds


@dataclass(frozen=True)
class Estimate:
    """What is known of durations, in seconds of a worker, by sort of report.

    Attributes
    ----------
    known
        The last one of each sort, of earlier runs and of this one.
    """

    known: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> "Estimate":
        """Read what earlier runs took; nothing where that is not known."""
        try:
            told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return cls()
        if not isinstance(told, Mapping):
            return cls()
        return cls({k: float(v) for k, v in told.items() if isinstance(v, int | float)})

    @property
    def text(self) -> str:
        """What the next run reads."""
        return json.dumps({sort: round(s, 1) for sort, s in sorted(self.known.items())}) + "\n"

    def left(self, sorts: Iterable[str], workers: int) -> float | None:
        """Estimate the seconds that remain; None while nothing is known of some report.

        A report takes what the last one of its sort did, or else the mean of other counties; in
        the last round, some workers idle.

        >>> Estimate({"a/county": 10.0}).left(["a/county", "a/county", "b/county"], workers=2)
        20.0
        >>> Estimate({"a/county": 10.0}).left(["a/township"], workers=2) is None
        True
        """
        counts = Counter(sorts)
        each = {sort: self._seconds(sort) for sort in counts}
        told = [seconds * counts[sort] for sort, seconds in each.items() if seconds is not None]
        if len(told) < len(each):
            return None
        rounds = -(-counts.total() // workers)
        return rounds * sum(told) / max(counts.total(), 1)

    def _seconds(self, sort: str) -> float | None:
        if sort in self.known:
            return self.known[sort]
        _, _, kind = sort.partition("/")
        alike = [s for other, s in self.known.items() if other.partition("/")[2] == kind]
        return fmean(alike) if alike else None


def spoken(seconds: float) -> str:
    """Say an estimate no finer than it is.

    >>> spoken(20), spoken(100), spoken(9000)
    ('under a minute', 'about 2 min', 'about 2.5 h')
    """
    if seconds < MINUTE:
        return "under a minute"
    if seconds < HOUR:
        return f"about {seconds / MINUTE:.0f} min"
    return f"about {seconds / HOUR:.1f} h"
