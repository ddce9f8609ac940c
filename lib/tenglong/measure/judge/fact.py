"""Facts of a clause without a quantity: what the tables tell of it, and never a verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from tenglong.measure.clause import FactRef, Window
from tenglong.measure.reading import (
    Coverage,
    Evidence,
    Flow,
    Happened,
    NotKnown,
    Part,
    Reading,
    Series,
)
from tenglong.measure.unit import convert


class Told(StrEnum):
    """What kind of thing a fact says, or that it says nothing."""

    HAPPENED = "happened"
    COUNTED = "counted"
    LEVEL = "level"
    COVERED = "covered"
    NOTHING_REQUIRED = "nothing_required"
    NO_RECORD = "no_record"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Fact:
    """One fact on a day: a milestone's day, a sum, a level or what is done of what is required.

    It has no target, and so no status, no progress and no band.

    Attributes
    ----------
    value
        In `unit`: what came about inside the window, the latest level, or how much is done.
    required
        How much there is to be done, of a coverage.
    on
        The day of the milestone, or that of the figure.
    before, before_on
        The level at the end of the plan's baseline year, where it is known.
    code, parts, missing
        Why nothing is known, and what would have to be supplied: a table and a column.
    """

    ref: FactRef
    told: Told
    value: Fraction | None = None
    unit: str = ""
    on: date | None = None
    required: Fraction | None = None
    before: Fraction | None = None
    before_on: date | None = None
    code: str = ""
    parts: Mapping[str, Part] = field(default_factory=dict)
    missing: tuple[str, str] | None = None
    evidence: tuple[Evidence, ...] = ()


def tell(
    ref: FactRef, reading: Reading, *, window: Window, baseline_year: int, as_of: date
) -> Fact:
    """Tell a fact by the reading of its indicator.

    Parameters
    ----------
    window
        The days of the plan, inside which amounts are added up.
    as_of
        The day it is told on, at its end.

    Raises
    ------
    ConfigurationError
        If the unit of the fact does not fit the reading's.

    Examples
    --------
    >>> from tenglong.measure.clause import IndicatorRef, Label
    >>> ref = FactRef(Label("省长质量奖", "award"), IndicatorRef("recognitions"), "家")
    >>> won = Flow(((date(2020, 5, 1), Fraction(1)), (date(2021, 5, 1), Fraction(1))), "个")
    >>> window = Window(date(2021, 1, 1), date(2023, 12, 31))
    >>> fact = tell(ref, won, window=window, baseline_year=2020, as_of=date(2022, 6, 30))
    >>> str(fact.told), int(fact.value), fact.unit
    ('counted', 1, '家')
    """
    match reading:
        case NotKnown():
            missing = (reading.table, reading.column) if reading.table else None
            return Fact(ref, Told.UNKNOWN, code=reading.code, parts=reading.parts, missing=missing)
        case Happened():
            told = Told.NO_RECORD if reading.on is None else Told.HAPPENED
            return Fact(ref, told, on=reading.on, evidence=reading.evidence)
        case Coverage():
            unit = ref.unit or reading.unit
            done, required = (
                convert(amount, unit=reading.unit, to=unit)
                for amount in (reading.done, reading.required)
            )
            told = Told.COVERED if required else Told.NOTHING_REQUIRED
            return Fact(ref, told, done, unit, as_of, required, evidence=reading.evidence)
        case Flow():
            return _counted(ref, reading, window, as_of)
        case Series():
            return _level(ref, reading, date(baseline_year, 12, 31), as_of)


def _counted(ref: FactRef, flow: Flow, window: Window, as_of: date) -> Fact:
    """Add up what came about inside the window; a ledger without any row of it tells nothing."""
    unit, end = ref.unit or flow.unit, min(as_of, window.end)
    if not flow.amounts:
        return Fact(ref, Told.NO_RECORD, evidence=flow.evidence)
    inside = (amount for day, amount in flow.amounts if window.start <= day <= end)
    value = convert(sum(inside, Fraction(0)), unit=flow.unit, to=unit)
    until = min(flow.known_until, end) if flow.known_until else end
    return Fact(ref, Told.COUNTED, value, unit, until, evidence=flow.evidence)


def _level(ref: FactRef, series: Series, baseline: date, as_of: date) -> Fact:
    unit = ref.unit or series.unit
    known = [
        (figure.end, convert(figure.value, unit=series.unit, to=unit))
        for figure in series.figures
        if figure.value is not None and figure.end <= as_of
    ]
    if not known:
        return Fact(ref, Told.UNKNOWN, code="no_figure", evidence=series.evidence)
    (end, value), earlier = known[-1], dict(known[:-1])
    return Fact(
        ref,
        Told.LEVEL,
        value,
        unit,
        end,
        before=earlier.get(baseline),
        before_on=baseline if baseline in earlier else None,
        evidence=series.evidence,
    )
