"""The rows of a league of townships: what each has done of what each item asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import floor

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.board.board import INDICATORS
from tenglong.measure.board.stop import open_suspects, without
from tenglong.measure.clause import Window
from tenglong.measure.county import County, Unavailable
from tenglong.measure.firm.places import Places
from tenglong.measure.judge.assessment import bands_of
from tenglong.measure.judge.clock import months_between, pace
from tenglong.measure.league.rule import Item, LeagueRule, Shared, Span
from tenglong.measure.league.standing import SheetRow
from tenglong.measure.league.tally import tallied
from tenglong.measure.policy.formula import Formula
from tenglong.measure.published.series import official
from tenglong.measure.reading import Coverage, Flow, Gap, NotKnown, Reading, Series
from tenglong.measure.unit import convert, is_counted

HUNDREDTH = Fraction(1, 100)


def targets(county: County, item: Item, members: Iterable[str]) -> Mapping[str, Fraction]:
    """Give every member's target in the item's unit; who has none is not there.

    A target of zero is none: nothing is asked, and nothing is divided by it.

    Raises
    ------
    Unavailable
        If what a share is reckoned by was not supplied.
    ConfigurationError
        If the clause that gives the county's total is not in the plan, or has no target.
    """
    rule = item.target
    if rule.each is not None:
        targets = dict.fromkeys(members, rule.each)
    elif rule.share_of_county is not None:
        targets = _shares(county, rule.share_of_county, item.unit, set(members))
    else:
        targets = {member: rule.by[member] for member in members if member in rule.by}
    return {member: target for member, target in targets.items() if target > 0}


def _shares(county: County, rule: Shared, unit: str, members: set[str]) -> dict[str, Fraction]:
    amounts = tallied(county, rule.by).amounts
    bases = {member: amount for member, amount in amounts.items() if member in members}
    step = 1 if is_counted(unit) else HUNDREDTH
    return shared_out(_total(county, rule, unit), bases, step=step)


def _total(county: County, rule: Shared, unit: str) -> Fraction:
    if rule.total is not None:
        return rule.total
    ids = [clause.id for clause in county.plan.clauses]
    if rule.clause not in ids:
        hint = did_you_mean(rule.clause, ids)
        raise ConfigurationError(f"policy league: the plan has no clause {rule.clause!r}{hint}")
    clause = county.plan.clause(rule.clause)
    if clause.target is None:
        raise ConfigurationError(f"policy league: clause {rule.clause!r} has no target to share")
    return convert(clause.target, unit=clause.unit, to=unit)


def shared_out(
    total: Fraction, bases: Mapping[str, Fraction], *, step: Fraction | int
) -> dict[str, Fraction]:
    """Share a total out in proportion to bases; nothing where the bases add up to nothing.

    The shares are multiples of a step, so that they can be printed, and add up to the total:
    each has the whole steps of its share, and those that are left go to the largest remainders,
    of equals to the first by code. (A remainder of the total that is no step goes to nobody.)

    >>> bases = {"a": Fraction(2), "b": Fraction(1)}
    >>> [int(share) for share in shared_out(Fraction(10), bases, step=1).values()]
    [7, 3]
    >>> [float(share) for share in shared_out(Fraction(10), bases, step=HUNDREDTH).values()]
    [6.67, 3.33]
    """
    whole = sum(bases.values(), Fraction(0))
    if whole <= 0:
        return {}
    steps = total / step
    shares = {member: steps * base / whole for member, base in sorted(bases.items())}
    given = {member: Fraction(floor(share)) for member, share in shares.items()}
    left = int(steps - sum(given.values()))
    order = sorted(shares, key=lambda member: (given[member] - shares[member], member))
    return {member: (given[member] + (member in order[:left])) * step for member in given}


@dataclass(frozen=True)
class Actual:
    """What a member has done, or why that is not known or does not apply."""

    value: Fraction | None = None
    observed_on: date | None = None
    code: str = ""
    is_unknown: bool = False
    lacking: tuple[str, str] | None = None


def item_rows(
    placed: Places, rule: LeagueRule, members: tuple[str, ...]
) -> Mapping[str, tuple[SheetRow, ...]]:
    """Give the rows of every member, in the order of the items.

    An item asks nothing of a member without a target; it does not apply where there is
    nothing to divide by; what was not supplied is not known, and says what is lacking.

    Raises
    ------
    ConfigurationError
        If a target or an indicator does not fit the county's plan and tables.
    """
    asked = {code: _asked(placed.county, item, members) for code, item in rule.items.items()}
    # Member by member: what is worked out once for a county serves all of its items.
    return {
        member: tuple(
            _row(placed, placed_in, member, coded, asked[coded[0]], rule)
            for coded in rule.items.items()
        )
        for member in members
        for placed_in in [placed.within(member)]
    }


def _asked(
    county: County, item: Item, members: tuple[str, ...]
) -> Mapping[str, Fraction] | Unavailable:
    try:
        return targets(county, item, members)
    except Unavailable as error:
        return error


def _row(
    placed: Places,
    own: County,
    member: str,
    coded: tuple[str, Item],
    asked: Mapping[str, Fraction] | Unavailable,
    rule: LeagueRule,
) -> SheetRow:
    code, item = coded
    blank = SheetRow(code, item.name, item.weight, item.unit)
    if isinstance(asked, Unavailable):
        return told(blank, _lacking(asked.table, asked.column))
    if member not in asked:
        return replace(blank, code="no_target")
    window = window_of(item.span, placed.county)
    done = _actual(own, placed, item, member, window)
    share = None if window is None else pace(window, placed.county.as_of)
    row = replace(told(blank, done), target=asked[member], pace=share)
    return completed(row, item.completion or rule.completion)


def told(row: SheetRow, done: Actual) -> SheetRow:
    """Give a row what was done."""
    return replace(
        row,
        actual=done.value,
        observed_on=done.observed_on,
        code=done.code,
        is_unknown=done.is_unknown,
        lacking=done.lacking,
    )


def completed(row: SheetRow, formula: Formula) -> SheetRow:
    """Give a row its progress and completion; none where there is nothing to divide by.

    >>> from tenglong.measure.clause import Label
    >>> row = SheetRow("x", Label("事项", "item"), Fraction(1), target=Fraction(20),
    ...     actual=Fraction(8), pace=Fraction(1, 2))
    >>> completed(row, Formula.parse("progress / pace")).completion
    Fraction(4, 5)
    """
    if row.actual is None or not row.target:
        return row
    progress = row.actual / row.target
    names = {"actual": row.actual, "target": row.target, "pace": row.pace, "progress": progress}
    try:
        completion = formula(names)
    except ZeroDivisionError:
        completion = None
    code = row.code if completion is not None else "no_progress"
    return replace(row, progress=progress, completion=completion, code=code)


def window_of(span: Span, county: County) -> Window | None:
    """Give the days on whose facts an item is judged; None for a level, which has no pace."""
    if span is Span.NONE:
        return None
    plan = county.plan.window
    if span is Span.PLAN:
        return plan
    year = county.as_of.year
    return Window(date(year, 1, 1), date(year, 12, 31))


def _actual(
    county: County, placed: Places, item: Item, member: str, window: Window | None
) -> Actual:
    if item.reported:
        return _reported(item.reported.get(member, {}), county.as_of)
    try:
        reading = _read(county, placed, item, member)
    except Unavailable as error:
        table, column = placed.lacking.get(error.table, (error.table, error.column))
        return _lacking(table, column)
    actual = _value(reading, window, county)
    if actual.value is None or not isinstance(reading, (Coverage, Flow, Series)):
        return actual
    wrong = open_suspects(county)
    if wrong:
        poorer = _value(_read(without(county, wrong), placed, item, member), window, county)
        if poorer.value != actual.value:
            return Actual(code="contradictory", is_unknown=True)
    unit = "%" if isinstance(reading, Coverage) else reading.unit
    return replace(actual, value=convert(actual.value, unit=unit, to=item.unit))


def _read(county: County, placed: Places, item: Item, member: str) -> Reading:
    if item.official:
        return official(placed.county, indicator=item.official.replace("{member}", member))
    given = item.indicator.value
    options = {key: value for key, value in given.items() if key != "name"}
    return INDICATORS[given["name"]](county, **options)


def _reported(figures: Mapping[str, Fraction], as_of: date) -> Actual:
    """Take the last figure that was reported by the day."""
    told = sorted((date.fromisoformat(day), value) for day, value in figures.items())
    known = [(day, value) for day, value in told if day <= as_of]
    if not known:
        return Actual(code="not_reported", is_unknown=True)
    return Actual(known[-1][1], known[-1][0])


def _lacking(table: str, column: str | None) -> Actual:
    code = "no_column" if column else "no_table"
    return Actual(code=code, is_unknown=True, lacking=(table, column or ""))


def _value(reading: Reading, window: Window | None, county: County) -> Actual:
    match reading:
        case NotKnown():
            if reading.why is Gap.NOT_APPLICABLE or _is_of_nobody(reading, county):
                return Actual(code="not_applicable")
            lacking = (reading.table, reading.column) if reading.table else None
            return Actual(code=reading.code, is_unknown=True, lacking=lacking)
        case Coverage():
            if not reading.required:
                return Actual(code="not_applicable")
            return Actual(reading.done / reading.required * 100, county.as_of)
        case Flow():
            return _sum(reading, window, county.as_of)
        case Series():
            return _latest(reading, county)
        case _:  # pragma: no cover - no indicator of a place gives another shape
            raise TypeError(type(reading).__name__)


def _sum(flow: Flow, window: Window | None, as_of: date) -> Actual:
    inside = [
        amount
        for day, amount in flow.amounts
        if day <= as_of and (window is None or window.start <= day <= window.end)
    ]
    return Actual(sum(inside, Fraction(0)), as_of)


def _is_of_nobody(reading: NotKnown, county: County) -> bool:
    """Whether there is nobody in the township of whom anything could be known."""
    if reading.evidence:
        return not any(len(evidence.rows) for evidence in reading.evidence)
    return reading.table in county.tables and county.tables[reading.table].empty


def _latest(series: Series, county: County) -> Actual:
    if not series.figures and series.incomplete:
        return Actual(code="population_incomplete", is_unknown=True)
    if not series.figures:
        return Actual(code="not_applicable")
    latest = series.figures[-1]
    if latest.value is None:
        return Actual(code="not_applicable")
    ages = bands_of(county.policy["bands"]).stale_after
    if months_between(latest.end, county.as_of) > ages[series.grain]:
        return Actual(observed_on=latest.end, code="stale", is_unknown=True)
    return Actual(latest.value, latest.end)
