"""What an evaluation says: types only, for the pages to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from tenglong.measure.evaluation.scheme import Scheme

# Why a firm's score or grade is what it is; after a colon, the part, rule or reason.
WHY = frozenset(
    {
        "adjusted",
        "bonus",
        "capped",
        "closed",
        "deduction",
        "excluded",
        "floored",
        "missing",
        "missing_average",
        "missing_excluded",
        "missing_set",
        "negative",
        "no_benchmark",
        "not_ranked",
        "not_supplied",
        "override",
        "population_unknown",
        "zero_denominator",
        "zero_denominator_average",
        "zero_denominator_excluded",
        "zero_denominator_set",
    }
)
WARNINGS = frozenset({"population_unknown", "rule_unknown", "site_incomplete", "small_group"})
NOTES = frozenset({"adjustment_unmatched", "small_group"})


@dataclass(frozen=True)
class Lacking:
    """A table or column that was not supplied, and the part or rule that needs it."""

    used_by: str
    table: str
    column: str = ""


@dataclass(frozen=True)
class Note:
    """Something to be told of the whole evaluation; the words stand in words/evaluation.yml."""

    code: str
    about: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Benchmark:
    """What a part was measured against; `value` is None where it differs by firm.

    Attributes
    ----------
    mean
        The population's own value: its ratio of sums.
    firms
        How many firms have a value.
    """

    population: str
    part: str
    weight: Fraction
    value: Fraction | None
    mean: Fraction | None
    firms: int


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The evaluation of a year.

    Attributes
    ----------
    frame
        One row a firm, sorted by population, group and rank. Columns:

        `usci`, `name`, `township`, `industry`, `year`
        `site`          code of the firm that leads the site; its own where it is apart
        `population`    key of the scheme's population; missing for who is in none
        `group`         the firms it is ranked with: the facts of `grading.within`, by "/"
        …               one column an indicator, by its id, in the indicator's unit
        `points_…`      one column a part, by its id: its points
        `points`, `bonus`, `score`
        `rank`, `of`    the rank in the group (equal scores share the better), and its size
        `ranked_grade`  the grade by rank or threshold alone
        `grade`         the grade after exclusions, overrides and adjustments
        `why`           codes of what decided (`veto`, `missing_average:pollution` …)
        `warnings`      codes of what is doubtful (`small_group`, `rule_unknown:veto` …)
    benchmarks
        What the parts were measured against.
    lacking
        What was not supplied, and which part or rule it leaves unknown.
    notes
        Small groups, adjustments of unknown firms …
    out_of_scope
        How many firms with figures of the year belong to no population.
    """

    scheme_name: str
    scheme: Scheme
    year: int
    frame: pd.DataFrame
    benchmarks: tuple[Benchmark, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    notes: tuple[Note, ...] = ()
    out_of_scope: int = 0

    def grades(self, population: str) -> tuple[str, ...]:
        """Give the names of a population's grades, best first."""
        return tuple(grade.grade for grade in self.scheme.grades_of(population))
