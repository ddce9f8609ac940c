"""What a bulletin has to say: highlights and problems as groups, and who must do what next."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tenglong.measure.clause import Clause
from tenglong.measure.league.sheet import Sheet
from tenglong.measure.target.comparison import Change


@dataclass(frozen=True)
class Clauses:
    """Clauses of one kind of highlight or problem; `changes` are all of them, worst first.

    `most` is how many of them a sentence names.
    """

    code: str
    changes: tuple[Change, ...]
    most: int

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.changes)


@dataclass(frozen=True)
class Member:
    """A member of a league: a township or a department."""

    league: str
    sheet: Sheet


@dataclass(frozen=True)
class Members:
    """Members of the leagues of one kind, e.g. those with a red light."""

    code: str
    members: tuple[Member, ...]
    most: int

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.members)


@dataclass(frozen=True)
class Case:
    """A firm, a project or a parcel that needs action.

    Attributes
    ----------
    step
        What is owed: check, plan or end of a firm; the next stage of a project; how idle land
        is handled.
    days
        By how many days it is late.
    since, due_on
        Since when it is so; by when the step was owed.
    amount
        Of idle land its area in 亩; `fee_wan` the fee for it in 万元.
    """

    name: str
    place: str
    step: str
    days: int | None = None
    since: date | None = None
    due_on: date | None = None
    amount: Fraction | None = None
    fee_wan: Fraction | None = None


@dataclass(frozen=True)
class Cases:
    """Cases of one kind, the most urgent first, and the units that answer for them."""

    code: str
    cases: tuple[Case, ...]
    most: int
    units: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.cases)

    @property
    def amount(self) -> Fraction:
        """The sum of their known amounts."""
        return sum((one.amount for one in self.cases if one.amount is not None), Fraction(0))


Group = Clauses | Members | Cases


@dataclass(frozen=True)
class Step:
    """What a unit must do next about one clause or one list.

    Attributes
    ----------
    units
        The first leads.
    left
        What is still to be gained, in the clause's unit; None where it is no amount.
    needed_rate
        What is needed a month until `due`.
    months_left
        Until `due`; None where it is past.
    """

    code: str
    units: tuple[str, ...]
    change: Change | None = None
    cases: Cases | None = None
    left: Fraction | None = None
    needed_rate: Fraction | None = None
    months_left: Fraction | None = None
    due: date | None = None

    @property
    def lead(self) -> str:
        """The unit that is named first, or "" where none is."""
        return self.units[0] if self.units else ""

    @property
    def clause(self) -> Clause | None:
        """The clause that it is about."""
        return self.change.clause if self.change else None
