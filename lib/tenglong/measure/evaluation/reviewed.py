"""The evaluation of a year as a page shows it: types only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import pandas as pd

from tenglong.measure.clause import Label
from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.evaluated import Evaluation


@dataclass(frozen=True)
class GradeMeasure:
    """One measure that follows from the grade; see `data/policy/grade_measures.yml`.

    Attributes
    ----------
    clause
        The clause of the plan that asks for it; "" where none does.
    by_grade
        What it means for each grade that it says something of.
    rate
        How much; None where no source could be found.
    """

    name: Label
    by_grade: Mapping[str, Label]
    source: Label
    clause: str = ""
    rate: Label | None = None


@dataclass(frozen=True)
class Held:
    """What some firms hold together: ratio of sums over those whose tax and land are known."""

    firms: int
    land_mu: Fraction
    tax_wan: Fraction
    tax_per_mu: Fraction | None
    firms_lacking: int = 0


@dataclass(frozen=True, eq=False)
class Review:
    """The evaluation of a year beside that of the year before, of one township where asked.

    Scores, ranks and grades are those among all firms of the county; only then is it cut.

    Attributes
    ----------
    year
        0 where nothing is known of any year.
    evaluation
        Of the whole county; None where `lacking` says what it would need.
    firms
        The rows of the evaluation that are shown, with `tax_wan`, `land_mu`, `tax_wan_per_mu`,
        what cost the most (`weakest`, a part, and `lost`, its weight − points), and the
        `grade_before`.
    moves
        The rows of `movement.explained` that are shown.
    areas
        `areas.benchmarked` of the firms that are shown.
    low
        What the firms of the `low_grades` hold.
    tax_per_mu
        The firms' own tax per mu, in 万元/亩, exact; of those that tell both.
    limits
        Where its classes end: those of the map (`data/policy/parcel_measures.yml`).
    has_before
        Whether there is an evaluation of the year before to compare with.
    """

    year: int
    evaluation: Evaluation | None
    firms: pd.DataFrame
    moves: pd.DataFrame
    areas: pd.DataFrame
    low: Held | None = None
    has_before: bool = False
    townships: Mapping[str, str] = field(default_factory=dict)
    industries: Mapping[str, Label] = field(default_factory=dict)
    measures: tuple[GradeMeasure, ...] = ()
    tax_per_mu: tuple[Fraction, ...] = ()
    limits: tuple[Fraction, ...] = ()
    lacking: Unavailable | None = None

    @property
    def grades(self) -> tuple[str, ...]:
        """The scheme's grades, best first; none where it gives none."""
        return () if self.evaluation is None else grades_of(self.evaluation)

    @property
    def low_grades(self) -> tuple[str, ...]:
        """The grades that call for action: the last two of four or more, else the last."""
        return low_grades(self.grades)

    def of_grade(self, *grades: str) -> pd.DataFrame:
        """Give the firms of some grades."""
        return of_grades(self.firms, grades)


def grades_of(evaluation: Evaluation) -> tuple[str, ...]:
    """Give all grades of a scheme's populations, best first."""
    named = evaluation.scheme.populations
    return tuple(dict.fromkeys(grade for name in named for grade in evaluation.grades(name)))


def low_grades(grades: tuple[str, ...]) -> tuple[str, ...]:
    """Give the grades that call for action.

    >>> low_grades(("A", "B", "C", "D")), low_grades(("A", "B", "C")), low_grades(())
    (('C', 'D'), ('C',), ())
    """
    return grades[-2:] if len(grades) > 3 else grades[-1:]  # noqa: PLR2004


def of_grades(firms: pd.DataFrame, grades: tuple[str, ...]) -> pd.DataFrame:
    """Give the firms of some grades."""
    if "grade" not in firms:
        return firms
    return firms[firms["grade"].isin(grades)]
