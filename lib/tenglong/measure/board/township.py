"""A plan seen from one township: each clause beside the county's."""

from dataclasses import dataclass
from fractions import Fraction

from tenglong.measure.clause import Clause, Kind
from tenglong.measure.judge.assessment import Assessment, Board

# Kinds that are a ratio in a township as they are in the county, and those that add up.
RATIOS = frozenset({Kind.LEVEL, Kind.SHARE, Kind.COVERAGE})
AMOUNTS = frozenset({Kind.CUMULATIVE, Kind.ANNUAL, Kind.CLEAR_OUT})


@dataclass(frozen=True)
class Beside:
    """One clause in the township and in the county.

    Attributes
    ----------
    share
        The township's part of the county's figure; None where figures do not add up.
    """

    own: Assessment
    county: Assessment
    share: Fraction | None = None

    @property
    def clause(self) -> Clause:
        """The clause that both are of."""
        return self.county.clause

    @property
    def is_judged(self) -> bool:
        """Whether the clause is judged in a township at all: it is a ratio, or broken down."""
        return self.own.reason.code not in ("county_target", "no_task")


def is_ratio(clause: Clause) -> bool:
    """Whether the clause asks a ratio, which a township can meet as the county can."""
    return clause.kind in RATIOS


def beside(own: Board, county: Board) -> tuple[Beside, ...]:
    """Set each clause of a township's board beside the county's, in the order of the plan.

    The share is told where amounts of one and the same period add up; of a coverage it is the
    share of what is done.
    """
    whole = {assessment.clause.id: assessment for assessment in county.assessments}
    return tuple(
        Beside(
            assessment, whole[assessment.clause.id], _share(assessment, whole[assessment.clause.id])
        )
        for assessment in own.assessments
        if assessment.clause.id in whole and assessment.clause.kind is not Kind.NARRATIVE
    )


def _share(own: Assessment, county: Assessment) -> Fraction | None:
    if own.clause.kind not in AMOUNTS or own.observed_on != county.observed_on:
        return None
    if own.actual is None or not county.actual:
        return None
    return own.actual / county.actual
