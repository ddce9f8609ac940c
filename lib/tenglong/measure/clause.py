"""A plan as data: its clauses, tasks and the units that answer for them.

One clause is one thing that the plan's text promises. It keeps the sentence that it was read
from, so that a status can always quote what it judges.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import gcd
from typing import Any

from tenglong.errors import Fault


class Kind(StrEnum):
    """How a clause is judged; one small function in `assess` each."""

    LEVEL = "level"
    CHANGE = "change"
    CUMULATIVE = "cumulative"
    ANNUAL = "annual"
    GROWTH = "growth"
    SHARE = "share"
    COVERAGE = "coverage"
    CLEAR_OUT = "clear_out"
    MILESTONE = "milestone"
    NARRATIVE = "narrative"


class Operator(StrEnum):
    """How an actual figure is compared with the target: 达到, 以上 and 不低于 are ≥, 突破 is >."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"

    def holds(self, actual: Fraction, target: Fraction) -> bool:
        """Whether `actual` meets `target`, compared exactly.

        >>> Operator.MORE_THAN.holds(Fraction("2.3"), Fraction("2.3"))
        False
        >>> Operator.AT_LEAST.holds(Fraction(1, 3), Fraction(1, 3))
        True
        """
        match self:
            case Operator.AT_LEAST:
                return actual >= target
            case Operator.MORE_THAN:
                return actual > target
            case Operator.AT_MOST:
                return actual <= target
            case Operator.LESS_THAN:
                return actual < target

    @property
    def rises(self) -> bool:
        """Whether more is better."""
        return self in (Operator.AT_LEAST, Operator.MORE_THAN)

    @property
    def sign(self) -> str:
        """The operator as it is printed.

        >>> Operator.AT_LEAST.sign
        '≥'
        """
        return {">=": "≥", "<=": "≤"}.get(self.value, self.value)


def written(number: Fraction) -> str:
    """Write an exact number as a plan would: an integer, a decimal, or else a ratio.

    >>> [written(Fraction(n)) for n in ("20", "-9", "2.3", "1/3")]
    ['20', '-9', '2.3', '1/3']
    """
    digits = 0
    while gcd((number * 10**digits).denominator, 10) > 1:
        digits += 1
    scaled = number * 10**digits
    if scaled.denominator > 1:
        return str(number)
    return f"{Decimal(scaled.numerator).scaleb(-digits):f}"


class Firmness(StrEnum):
    """Whether the text binds or hopes (力争, 争取)."""

    BINDING = "binding"
    ASPIRATIONAL = "aspirational"


@dataclass(frozen=True)
class Label:
    """A name in both languages of the reports."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True)
class Window:
    """The days that count, both included."""

    start: date
    end: date


@dataclass(frozen=True)
class Baseline:
    """The figure that progress is counted from; `value` is None where only the year is known."""

    year: int
    value: Fraction | None = None
    source: str = ""


@dataclass(frozen=True)
class IndicatorRef:
    """Which indicator measures a clause, and with what options."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, raw: object) -> "IndicatorRef":
        """Read what a plan says: the name, and beside it the options.

        Raises
        ------
        TypeError
            If it is no such mapping.

        >>> IndicatorRef.parse({"name": "firm_ratio", "least": 0.5}).options
        {'least': Fraction(1, 2)}
        """
        if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str):
            en = f"{raw!r} must be a mapping with the key 'name'"
            raise TypeError(Fault(en, "应分键书写，其中 name 为指标名称"))
        given = {str(key): value for key, value in raw.items() if key != "name"}
        return cls(raw["name"], {key: _exact(value) for key, value in given.items()})


def _exact(value: Any) -> Any:
    """Make every number with a point exact, also within lists and mappings."""
    if isinstance(value, float):
        return Fraction(str(value))
    if isinstance(value, list):
        return [_exact(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _exact(item) for key, item in value.items()}
    return value


@dataclass(frozen=True)
class FactRef:
    """A fact that is told of a clause without a quantity: its name, and what measures it.

    `unit` is the one that it is told in, where that is not the indicator's own.
    """

    name: Label
    indicator: IndicatorRef
    unit: str = ""


@dataclass(frozen=True)
class Clause:
    """One promise of the plan.

    Attributes
    ----------
    id
        Short and stable, e.g. `tax_per_mu`.
    section
        Where it stands in the text: `目标1`, `任务3`, `政策2` …
    text
        The sentence, verbatim.
    target
        What `actual` is compared with, in `unit`; exact. None for milestones and narratives.
    window
        The days on whose facts it is judged; every year's own part of it where `each_year`.
    due
        The day by which it must hold.
    each_year
        A share that must hold in every year (每年), judged year by year.
    is_standing
        A duty that must hold on every day (a complete list, a named lead): true or false, and
        not paced by time.
    parent
        The clause that it is nested in (≥ 10 亿 among the ≥ 1 亿).
    scope
        Notes of the text that limit what counts: 规上工业, 不包括飞地 …
    units
        The responsible units in the order of the text; the first leads.
    units_from
        The task or measure whose units these are, where the clause does not name its own; a
        task of another section where a goal has no units in the text.
    rule_source
        Where a rule comes from that the plan itself does not give.
    facts
        Of a narrative: what the tables can tell of it. A fact has no target, and is not judged.
    """

    id: str
    section: str
    text: str
    name: Label
    kind: Kind
    window: Window
    due: date
    operator: Operator | None = None
    target: Fraction | None = None
    unit: str = ""
    each_year: bool = False
    is_standing: bool = False
    baseline: Baseline | None = None
    firmness: Firmness = Firmness.BINDING
    parent: str | None = None
    scope: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    units_from: str = ""
    indicator: IndicatorRef | None = None
    rule_source: str = ""
    facts: tuple[FactRef, ...] = ()

    @property
    def promise(self) -> str:
        """What it asks for, e.g. `≥ 20 万元/亩`; "" where it has no target."""
        if self.operator is None or self.target is None:
            return ""
        number = written(self.target).replace("-", "\N{MINUS SIGN}")
        return f"{self.operator.sign} {number} {self.unit}".rstrip()

    @property
    def indicators(self) -> tuple[IndicatorRef, ...]:
        """What measures it, and what tells its facts."""
        own = () if self.indicator is None else (self.indicator,)
        return (*own, *(fact.indicator for fact in self.facts))

    @property
    def lead(self) -> str:
        """The unit that is named first, or "" where the text names none."""
        return self.units[0] if self.units else ""


@dataclass(frozen=True)
class Task:
    """A task or measure of the plan with its responsible units."""

    id: str
    section: str
    title: str
    units: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """An action plan: what it promises, until when, and who answers for it.

    Attributes
    ----------
    effective_on
        The day it came into force; what counts is the window, which may begin earlier.
    source
        The text's own words on its validity.
    same_unit
        Names that the text uses for one and the same unit; pages say the first.
    unit_names
        What the units are called in English, by their names in the text.
    """

    id: str
    name: Label
    window: Window
    effective_on: date
    baseline_year: int
    tasks: tuple[Task, ...]
    clauses: tuple[Clause, ...]
    source: str = ""
    same_unit: tuple[tuple[str, ...], ...] = ()
    unit_names: Mapping[str, str] = field(default_factory=dict)

    def clause(self, clause_id: str) -> Clause:
        """Look a clause up by its id.

        Raises
        ------
        KeyError
            If the plan has no such clause.
        """
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    def told_by(self, indicator: str) -> Clause | None:
        """Give the first clause that an indicator measures, or tells a fact of; None for none."""
        for clause in self.clauses:
            if indicator in {one.name for one in clause.indicators}:
                return clause
        return None
