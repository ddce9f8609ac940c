"""How counties stand beside one another: types only, for the pages to show."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from tenglong.measure.clause import Clause
from tenglong.measure.county import County
from tenglong.measure.target.assessment import Assessment, Board, Status

IN_ORDER = (Status.ACHIEVED, Status.AHEAD, Status.ON_TRACK)
FAR_OFF = (Status.FAR_BEHIND, Status.MISSED)
MOST_UNKNOWN = Fraction(1, 5)  # targets.md: no composite where more is not known


@dataclass(frozen=True, eq=False)
class Standing:
    """A county and how the clauses of its plan stand."""

    county: County
    board: Board

    def count(self, *statuses: Status) -> int:
        """How many of the clauses that can be quantified have one of these statuses."""
        return sum(one.status in statuses for one in self.board.quantified)

    @property
    def unknown(self) -> int:
        """How many of the clauses that can be quantified are not judged."""
        return len(self.board.quantified) - len(self.board.measured)

    @property
    def share_in_order(self) -> Fraction | None:
        """The share of the judged clauses that are in order.

        None where more than a fifth of what can be quantified is not known.
        """
        quantified, measured = len(self.board.quantified), len(self.board.measured)
        if not measured or Fraction(self.unknown, quantified) > MOST_UNKNOWN:
            return None
        return Fraction(self.count(*IN_ORDER), measured)


@dataclass(frozen=True, eq=False)
class Row:
    """One clause in all counties: how it stands in each, by the county's place in the province.

    `total` adds up what the counties have done, where that is a count or an amount; `known` is
    how many counties are in it.
    """

    clause: Clause
    by_county: Mapping[int, Assessment]
    total: Fraction | None
    known: int


@dataclass(frozen=True, eq=False)
class Province:
    """Counties on one day, those that need a push first, and their clauses side by side."""

    standings: tuple[Standing, ...]
    rows: tuple[Row, ...]
