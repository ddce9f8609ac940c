"""A scheme of the 亩均论英雄 evaluation: what is scored, how, and what grade follows.

Every county writes its own. A scheme is a file of `data/policy/schemes`; the classes here are
the declaration of its keys. Wherever a rule may differ from place to place, it is a formula.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from tenglong.measure.clause import Label
from tenglong.measure.policy.formula import Formula


class Better(StrEnum):
    """Which values of an indicator are good."""

    HIGHER = "higher"
    LOWER = "lower"


class Negative(StrEnum):
    """What becomes of a negative value where higher is better: no points, or by the formula."""

    ZERO = "zero"
    KEEP = "keep"


class Ties(StrEnum):
    """Which grade firms of one score share that stand on both sides of a cut."""

    BETTER = "better"
    WORSE = "worse"


class Cut(StrEnum):
    """How the number of firms above a cut is rounded."""

    HALF_UP = "half_up"
    UP = "up"
    DOWN = "down"


class Electricity(StrEnum):
    """How electricity is counted in `energy_tce` (等价值, 当量值)."""

    EQUAL_VALUE = "equal_value"
    CALORIFIC_VALUE = "calorific_value"


class Sites(StrEnum):
    """Whether firms on one parcel are evaluated apart, or merged and share the grade."""

    APART = "apart"
    MERGED = "merged"


@dataclass(frozen=True)
class Fallback:
    """What a firm gets on an indicator that cannot be computed for it.

    `average`: the mean points of the others; `exclude`: nothing, and the other weights are
    raised to the same total; `unscored`: no score at all; `zero`, `full` (the weight), or a
    formula: these points.
    """

    rule: str
    points: Formula | None = None

    @classmethod
    def parse(cls, raw: object) -> "Fallback":
        """Read the rule.

        >>> Fallback.parse("full").points.text, Fallback.parse(-3).points.text
        ('w', '-3')
        """
        if raw in ("average", "exclude", "unscored"):
            return cls(str(raw))
        shorthand = {"zero": 0, "full": "w"}
        return cls("points", Formula.parse(shorthand.get(str(raw), raw)))


@dataclass(frozen=True)
class Indicator:
    """A figure of a firm: a ratio of two amounts, or else any `value`.

    The ratio's amounts can be added up over firms, so it also has a county value.
    """

    name: Label
    unit: str = ""
    numerator: Formula | None = None
    denominator: Formula | None = None
    value: Formula | None = None
    better: Better = Better.HIGHER


@dataclass(frozen=True)
class Part:
    """One indicator's part in the score.

    Attributes
    ----------
    indicator
        Its id, where it is not the part's own.
    benchmark
        What `b` is in the formula.
    cap, floor
        The most and the least points, as multiples of the weight.
    zero_denominator
        What counts when there is nothing to divide by: a denominator of zero or below.
    compare
        Facts that divide the population whose figures the formula may use (mean, low, high).
    parameters
        Further names of the formula.
    """

    weight: Fraction
    indicator: str = ""
    benchmark: Formula | None = None
    formula: Formula | None = None
    cap: Fraction | None = None
    floor: Fraction | None = None
    negative: Negative | None = None
    missing: Fallback | None = None
    zero_denominator: Fallback | None = None
    compare: tuple[str, ...] = ()
    parameters: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Bonus:
    """Points added (or taken off, where negative) on a condition."""

    points: Formula
    name: Label | None = None
    when: Formula | None = None
    unless: Formula | None = None


@dataclass(frozen=True)
class Exclusion:
    """Firms that are not evaluated (T); `in_base`: they are ranked, but get this grade."""

    when: Formula
    name: Label | None = None
    unless: Formula | None = None
    grade: str = ""
    in_base: bool = False


@dataclass(frozen=True)
class Override:
    """A rule that goes over the ranking: veto, protection, promotion; one effect each.

    Attributes
    ----------
    at_best, at_worst
        No better, or no worse, than this grade.
    to
        Exactly this grade.
    shift
        So many grades better (negative: worse).
    like_owner
        The grade of the firm that owns the land.
    """

    when: Formula
    name: Label | None = None
    unless: Formula | None = None
    at_best: str = ""
    at_worst: str = ""
    to: str = ""
    shift: int = 0
    like_owner: bool = False


@dataclass(frozen=True)
class Grade:
    """One grade; a firm gets the best whose limits it keeps.

    Attributes
    ----------
    to_pct
        The share of the ranking, from the top, at which the grade ends (20, 80, 95).
    last_pct
        The share of the ranking, from the bottom, that it holds.
    when, unless
        What else must hold, e.g. `score >= 80`.
    """

    grade: str
    name: Label | None = None
    to_pct: Fraction | None = None
    last_pct: Fraction | None = None
    when: Formula | None = None
    unless: Formula | None = None


@dataclass(frozen=True)
class Grading:
    """How ranks become grades.

    Attributes
    ----------
    within
        The facts by which firms are ranked apart.
    by
        What is ranked: `score`, or an indicator.
    break_ties
        Indicators that decide between equal scores, in this order.
    small_group
        A group of fewer firms is warned about.
    """

    grades: tuple[Grade, ...] = ()
    within: tuple[str, ...] = ("population",)
    by: str = "score"
    rounding: Cut = Cut.HALF_UP
    ties: Ties = Ties.BETTER
    break_ties: tuple[str, ...] = ()
    small_group: int = 0


@dataclass(frozen=True)
class Group:
    """A group of firms, by a condition; a firm belongs to the first whose condition holds."""

    when: Formula
    name: Label | None = None


@dataclass(frozen=True)
class Lookup:
    """A number that depends on a fact: benchmarks or factors by industry, township, scale."""

    by: str
    values: Mapping[str, Fraction]
    default: Fraction | None = None

    def find(self, fact: object) -> Fraction | None:
        """Give the number of a fact, or else the default.

        >>> Lookup("division", {"33": Fraction(2)}).find(Fraction(33))
        Fraction(2, 1)
        """
        return self.values.get(str(fact), self.default)


@dataclass(frozen=True)
class Population:
    """Firms that are scored by the same formula.

    Attributes
    ----------
    scope
        Their industries: a population of `data/policy/scopes.yml`.
    when
        What else must hold, e.g. `land_mu >= 3`. A firm belongs to the first that takes it.
    total
        How points and bonus become the score.
    most, least
        The limits of the score.
    most_bonus, most_deduction
        The limits of what is added and taken off.
    grades
        Its own grades, where they differ from those of the scheme's grading.
    """

    name: Label
    parts: Mapping[str, Part]
    scope: str = "industry"
    when: Formula | None = None
    bonuses: Mapping[str, Bonus] = field(default_factory=dict)
    total: Formula = field(default_factory=lambda: Formula.parse("points + bonus"))
    most: Fraction | None = None
    least: Fraction | None = None
    most_bonus: Fraction | None = None
    most_deduction: Fraction | None = None
    grades: tuple[Grade, ...] = ()


@dataclass(frozen=True)
class Scheme:
    """A whole scheme.

    Attributes
    ----------
    caution
        What is doubtful about it, told wherever it is used.
    tax_add_back
        Its own add-backs, where they differ from `data/policy/tax.yml`.
    groups
        What the fact `group` may be; a firm in none is in `other`.
    lookups, formulas, parameters
        Names that its formulas may use, besides those of `data/policy/formulas.yml`.
    formula
        How points are computed where a part does not say.
    """

    name: Label
    source: str
    indicators: Mapping[str, Indicator]
    populations: Mapping[str, Population]
    source_en: str = ""
    caution: Label | None = None
    tax_add_back: tuple[str, ...] | None = None
    electricity: Electricity = Electricity.EQUAL_VALUE
    sites: Sites = Sites.APART
    groups: Mapping[str, Group] = field(default_factory=dict)
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    formulas: Mapping[str, Formula] = field(default_factory=dict)
    parameters: Mapping[str, Fraction] = field(default_factory=dict)
    formula: Formula = field(default_factory=lambda: Formula.parse("benchmark_ratio"))
    negative: Negative = Negative.ZERO
    missing: Fallback = field(default_factory=lambda: Fallback("unscored"))
    zero_denominator: Fallback = field(default_factory=lambda: Fallback("unscored"))
    exclude: Mapping[str, Exclusion] = field(default_factory=dict)
    grading: Grading = field(default_factory=Grading)
    overrides: Mapping[str, Override] = field(default_factory=dict)

    def grades_of(self, population: str) -> tuple[Grade, ...]:
        """Give the grades of a population, best first."""
        return self.populations[population].grades or self.grading.grades
