"""What a bulletin has to say: highlights, problems, duties, and who must do what next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tenglong.measure.board.change import Change
from tenglong.measure.clause import Clause, Kind, Operator
from tenglong.measure.county import County, Township
from tenglong.measure.judge.assessment import Assessment, Board, Reason, Status, bands_of
from tenglong.measure.judge.clock import months_between, pace
from tenglong.measure.league.items import window_of
from tenglong.measure.league.standing import Sheet, SheetRow, Standing

# Kinds whose figure is an amount, so that what is left of it can be told.
AMOUNTS = frozenset({Kind.CUMULATIVE, Kind.ANNUAL})


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
        return sum((case.amount for case in self.cases if case.amount is not None), Fraction(0))


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


def steps(problems: Iterable[Group], as_of: date) -> tuple[Step, ...]:
    """Say for every problem who must do what until when, unit by unit.

    The units come in the order of their worst problem; a problem without a unit comes last.
    """
    steps = list(_steps(problems, as_of))
    order = {unit: place for place, unit in enumerate(dict.fromkeys(step.lead for step in steps))}
    return tuple(sorted(steps, key=lambda step: (step.lead == "", order[step.lead])))


def _steps(problems: Iterable[Group], as_of: date) -> Iterator[Step]:
    for group in problems:
        match group:
            case Clauses() if group.code != "untold":
                for change in group.changes:
                    yield _step(group.code, change, as_of)
            case Cases():
                yield Step(group.code, group.units, cases=group)
            case _:  # what is untold asks for data, a red light for what the others ask for
                continue


def _step(code: str, change: Change, as_of: date) -> Step:
    assessment = change.now
    clause = assessment.clause
    due = _due(change, as_of)
    target, actual = clause.target, assessment.actual
    left = None
    if clause.kind in AMOUNTS and target is not None and actual is not None and target > actual:
        left = target - actual
    return Step(
        code,
        clause.units,
        change=change,
        left=left,
        needed_rate=assessment.needed_rate,
        months_left=months_between(as_of, due) if due > as_of else None,
        due=due,
    )


def _due(change: Change, as_of: date) -> date:
    """Give the day by which it must hold: of a yearly clause, the end of the running year."""
    clause = change.clause
    if change.now.years:
        return min(date(as_of.year, 12, 31), clause.due)
    return clause.due


def duties(county: County, standing: Standing, township: Township) -> Board:
    """Give the items of one township as they are judged.

    An item that is a clause of the plan has the verdict that every page gives it there
    (`league.town`), and the units that the plan names; any other is the township's own, judged
    by the bands, without a pace as met or behind.

    Raises
    ------
    KeyError
        If the league has no such member.
    """
    sheet: Sheet = standing[township.code]
    judged = tuple(_duty(county, standing, row, township) for row in sheet.rows)
    return Board(county.as_of, pace(county.plan.window, county.as_of), judged)


def _duty(county: County, standing: Standing, row: SheetRow, township: Township) -> Assessment:
    if row.judged is not None:
        return row.judged
    window = window_of(standing.rule.items[row.item].span, county)
    span = window or county.plan.window
    clause = Clause(
        id=row.item,
        section="",
        text="",
        name=row.name,
        kind=Kind.CUMULATIVE if window else Kind.LEVEL,
        window=span,
        due=span.end,
        operator=Operator.AT_LEAST,
        target=row.target,
        unit=row.unit,
        units=(township.name.zh,),
    )
    if row.is_unknown:
        code = row.code if row.lacking else "no_figure"
        return Assessment(clause, Status.NO_DATA, Reason(code), missing=row.lacking)
    if row.progress is None or row.target is None:
        return Assessment(clause, Status.NOT_APPLICABLE, Reason("nothing_required"))
    judged = Assessment(
        clause,
        Status.BEHIND,
        Reason("below_share"),
        actual=row.actual,
        progress=row.progress,
        pace=row.pace,
        gap=None if row.pace is None else row.progress - row.pace,
    )
    if row.progress >= 1:
        return replace(judged, status=Status.ACHIEVED, reason=Reason("met"))
    return _banded(judged, county, left=row.target * (1 - row.progress))


def _banded(judged: Assessment, county: County, *, left: Fraction) -> Assessment:
    due, as_of = judged.clause.due, county.as_of
    if judged.gap is None:
        return judged
    if as_of >= due:
        return replace(judged, status=Status.MISSED, reason=Reason("missed"))
    status = Status(bands_of(county.policy["bands"]).name(judged.gap))
    rate = left / months_between(as_of, due)
    return replace(judged, status=status, reason=Reason("paced"), needed_rate=rate)
