"""A clause judged on a day: its status by the bands, and every number that it follows from."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tenglong.errors import ConfigurationError, Fault
from tenglong.measure.clause import Clause, Kind
from tenglong.measure.exact import exact
from tenglong.measure.judge.fact import Fact
from tenglong.measure.reading import Blank, Evidence, Grain, Named, Open, Part, Running, Suspect
from tenglong.shape import fault_at

ORDER = ("ahead", "on_track", "behind", "far_behind")


class Status(StrEnum):
    """How a clause stands; the second group says why it cannot be told."""

    ACHIEVED = "achieved"
    AHEAD = "ahead"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    FAR_BEHIND = "far_behind"
    MISSED = "missed"

    NO_DATA = "no_data"
    STALE = "stale"
    AWAITING = "awaiting"
    NO_BASELINE = "no_baseline"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"
    NOT_QUANTIFIABLE = "not_quantifiable"
    CONTRADICTORY = "contradictory"

    @property
    def is_known(self) -> bool:
        """Whether the clause could be judged."""
        return self in _JUDGED

    @property
    def is_untold(self) -> bool:
        """Whether it should be told and cannot be: something is lacking, old or contradictory."""
        return self in _UNTOLD


_JUDGED = frozenset(list(Status)[:6])
_UNTOLD = frozenset(
    {
        Status.NO_DATA,
        Status.STALE,
        Status.AWAITING,
        Status.NO_BASELINE,
        Status.CONTRADICTORY,
    }
)


@dataclass(frozen=True)
class Reason:
    """Why a status is what it is: a code for the words, and the values that go into them."""

    code: str
    values: Mapping[str, Part] = field(default_factory=dict)


@dataclass(frozen=True)
class YearVerdict:
    """One year of a clause that must hold every year.

    `verdict` is met, missed, running, awaiting (over, its own figure not out), not_due,
    not_applicable or no_data.
    """

    year: int
    verdict: str
    actual: Fraction | None = None


@dataclass(frozen=True, repr=False)
class Assessment:
    """How one clause stands on one day.

    Attributes
    ----------
    actual, baseline, target
        In the clause's unit; None where there is none.
    observed_on
        The end of the period that `actual` belongs to.
    progress, pace, gap
        Shares of the way from baseline to target, of the clause's own time, and their
        difference (序时差); None where a progress would be made up.
    paced_on
        The day whose pace it is: that of a figure, or the day of the report.
    margin
        How far `actual` lies on the good side of the target, in the clause's unit.
    rate, needed_rate
        What was gained a month so far, and what is needed a month until it is due.
    components
        The numbers that the status was computed from, by name.
    opened
        Of a standing duty: what is not done, the longest open first.
    named
        Whom a reader must see by name beside the figure: a title revoked, a firm on a line.
    facts
        Of a clause without a quantity: what the tables tell of it, where that is shown.
    running
        What the last twelve months tell beside the yearly figure; it is in none of the above.
    awaited
        The blank cells that the figure waits for, of what it rests on.
    low, high
        How far these could move `actual`; None where there is no bound, or nothing is awaited.
    could_be
        The statuses that it could have within that range, its own first; empty where it is sure.
    suspects
        The cells for which it is stopped, hundreds of times away from what they are held against.
    """

    clause: Clause
    status: Status
    reason: Reason
    actual: Fraction | None = None
    baseline: Fraction | None = None
    observed_on: date | None = None
    progress: Fraction | None = None
    pace: Fraction | None = None
    gap: Fraction | None = None
    paced_on: date | None = None
    margin: Fraction | None = None
    rate: Fraction | None = None
    needed_rate: Fraction | None = None
    years: tuple[YearVerdict, ...] = ()
    components: Mapping[str, Part] = field(default_factory=dict)
    trend: tuple[tuple[date, Fraction], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, str] | None = None
    opened: tuple[Open, ...] = ()
    named: tuple[Named, ...] = ()
    facts: tuple[Fact, ...] = ()
    running: Running | None = None
    awaited: tuple[Blank, ...] = ()
    low: Fraction | None = None
    high: Fraction | None = None
    could_be: tuple[Status, ...] = ()
    suspects: tuple[Suspect, ...] = ()

    def __repr__(self) -> str:
        actual = "…" if self.actual is None else f"{float(self.actual):g}"
        return f"<Assessment {self.clause.id}: {actual} {self.clause.unit}, {self.status}>"

    @property
    def target(self) -> Fraction | None:
        """The clause's target."""
        return self.clause.target


@dataclass(frozen=True, repr=False)
class Board:
    """Every clause of a plan as it stands on a day, in the order of the plan.

    `pace` is the share of the plan's own time that has passed.
    """

    as_of: date
    pace: Fraction
    assessments: tuple[Assessment, ...]

    def __repr__(self) -> str:
        counts = ", ".join(f"{count} {status}" for status, count in self.counts.items() if count)
        return f"<Board {self.as_of}: {len(self.assessments)} clauses: {counts}>"

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many clauses have each status, in the order of the statuses."""
        found = Counter(assessment.status for assessment in self.assessments)
        return {status: found[status] for status in Status}

    @property
    def quantified(self) -> tuple[Assessment, ...]:
        """The clauses that could be measured at all: all but the narrative ones."""
        return tuple(a for a in self.assessments if a.clause.kind is not Kind.NARRATIVE)

    @property
    def with_facts(self) -> tuple[Assessment, ...]:
        """The clauses without a quantity of which the plan says what facts are told."""
        return tuple(a for a in self.assessments if a.facts)

    @property
    def measured(self) -> tuple[Assessment, ...]:
        """The clauses that are judged."""
        return tuple(a for a in self.assessments if a.status.is_known)

    @property
    def untold(self) -> tuple[Assessment, ...]:
        """The clauses that should be told and cannot be."""
        return tuple(a for a in self.assessments if a.status.is_untold)

    @property
    def waiting(self) -> tuple[Assessment, ...]:
        """The clauses of which nothing is asked yet: not due, or not applicable."""
        return tuple(a for a in self.quantified if not (a.status.is_known or a.status.is_untold))

    def measured_by(self, indicator: str) -> tuple[Assessment, ...]:
        """Give the clauses that one indicator measures."""
        return tuple(
            assessment
            for assessment in self.assessments
            if assessment.clause.indicator and assessment.clause.indicator.name == indicator
        )

    def __getitem__(self, clause_id: str) -> Assessment:
        for assessment in self.assessments:
            if assessment.clause.id == clause_id:
                return assessment
        raise KeyError(clause_id)


@dataclass(frozen=True)
class Band:
    """A band holds the gaps from `floor` up to the next better band."""

    name: str
    floor: Fraction | None
    is_closed: bool


@dataclass(frozen=True)
class Bands:
    """All bands, best first, with the ages at which figures are stale."""

    bands: tuple[Band, ...]
    stale_after: Mapping[Grain, Fraction]

    def name(self, gap: Fraction) -> str:
        """Name the band of a gap; `gap` is a share, not percentage points.

        >>> rule = {"bands": {"ahead": {"from": 10}, "on_track": {"above": -10},
        ...   "behind": {"from": -30}, "far_behind": {}},
        ...   "stale_after_months": {"year": 14, "quarter": 6, "month": 4}}
        >>> bands = bands_of(rule)
        >>> [bands.name(Fraction(points, 100)) for points in (10, 0, -10, -30, -31)]
        ['ahead', 'on_track', 'behind', 'behind', 'far_behind']
        """
        points = gap * 100
        for band in self.bands:
            if (
                band.floor is None
                or points > band.floor
                or (band.is_closed and points == band.floor)
            ):
                return band.name
        raise AssertionError(points)  # pragma: no cover - the last band has no floor


def bands_of(policy: Mapping[str, Any]) -> Bands:
    """Read the bands from `data/policy/bands.yml`.

    Raises
    ------
    ConfigurationError
        If a band is missing, or the floors do not fall from the best to the worst.
    """
    raw = policy["bands"]
    faults = list(_band_faults(raw, policy))
    if faults:
        raise ConfigurationError.of_policy("bands", faults)
    bands = tuple(Band(name, _floor(rule), is_closed="from" in rule) for name, rule in raw.items())
    stale = {Grain(name): exact(months) for name, months in policy["stale_after_months"].items()}
    return Bands(bands, stale)


def _band_faults(raw: Any, policy: Mapping[str, Any]) -> Iterator[Fault]:
    if not isinstance(raw, Mapping) or tuple(raw) != ORDER:
        en, zh = f"must be {', '.join(ORDER)}, in this order", f"应依次写 {'、'.join(ORDER)}"
        yield fault_at(policy, "bands", en, zh)
        return
    whole = True
    for name, rule in raw.items():
        if not isinstance(rule, Mapping) or set(rule) - {"from", "above"} or len(rule) > 1:
            whole = False
            said = "must have `from` or `above`", "应写 from 或 above 之一"
            yield fault_at(policy, f"bands.{name}", *said)
    if not whole:
        return
    *better, last = (_floor(rule) for rule in raw.values())
    floors = [floor for floor in better if floor is not None]
    if last is not None or len(floors) < len(better):
        said = "every band but the last must have one limit", "除最后一档外，各档都须有一个界限"
        yield fault_at(policy, "bands", *said)
    if floors != sorted(floors, reverse=True):
        en = "the limits must fall from the best to the worst"
        yield fault_at(policy, "bands", en, "各档界限须从最好到最差递减")


def _floor(rule: Mapping[str, Any]) -> Fraction | None:
    return next((exact(limit) for limit in rule.values()), None)
