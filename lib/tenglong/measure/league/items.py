"""The rows of a league of townships: what each has done of what each item asks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tenglong.measure.board.board import INDICATORS
from tenglong.measure.board.stop import open_suspects, without
from tenglong.measure.clause import Window
from tenglong.measure.county import County, Unavailable
from tenglong.measure.firm.places import Places
from tenglong.measure.judge.assessment import Status, bands_of
from tenglong.measure.judge.clock import months_between, pace
from tenglong.measure.judge.steps import COUNTED as AMOUNTS
from tenglong.measure.league.rule import Item, LeagueRule, Span
from tenglong.measure.league.standing import LEFT_OUT, SheetRow
from tenglong.measure.league.targets import targets
from tenglong.measure.league.town import is_of_nobody, town_clause, town_verdict
from tenglong.measure.policy.formula import Formula
from tenglong.measure.published.series import official
from tenglong.measure.reading import Coverage, Flow, Gap, NotKnown, Reading, Series
from tenglong.measure.unit import convert


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


def _row_of_clause(
    own: County, coded: tuple[str, Item], target: Fraction, rule: LeagueRule
) -> SheetRow:
    """Give the row of an item that is a clause of the plan: as the clause is judged there."""
    code, item = coded
    judged = town_verdict(own, town_clause(own.plan, item, target))
    clause, paced = judged.clause, judged.clause.kind in AMOUNTS
    actual = judged.actual
    row = SheetRow(
        code,
        item.name,
        item.weight,
        item.unit,
        target=target,
        actual=None if actual is None else convert(actual, unit=clause.unit, to=item.unit),
        observed_on=judged.observed_on,
        pace=judged.pace if paced else None,
        status=judged.status.value,
        judged=replace(judged, evidence=()),
    )
    if judged.status in LEFT_OUT:
        why = judged.reason.code if judged.reason.code == "no_task" else judged.status.value
        return replace(row, code=why)
    if judged.status is Status.STALE or actual is None:
        why = "stale" if judged.status is Status.STALE else judged.reason.code
        return replace(row, actual=None, code=why, is_unknown=True, lacking=judged.missing)
    return completed(row, item.completion or rule.completion)


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
    if item.clause:
        return _row_of_clause(own, coded, asked[member], rule)
    window = window_of(item.span, placed.county)
    done = _actual(own, placed, item, member, window)
    share = None if window is None else pace(window, placed.county.as_of)
    row = replace(told(blank, done), target=asked[member], pace=share)
    if not row.target:
        return replace(row, code="no_task")
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

    Where nothing whole is due yet, what is done already is complete.

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
        completion = Fraction(1) if row.pace == 0 and progress > 0 else None
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
    if actual.value is None:
        return actual
    wrong = open_suspects(county)
    if wrong:
        poorer = _value(_read(without(county, wrong), placed, item, member), window, county)
        if poorer.value != actual.value:
            return Actual(code="suspect", is_unknown=True)
    unit = reading.unit if isinstance(reading, (Flow, Series)) else "%"
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
            if reading.why is Gap.NOT_APPLICABLE or is_of_nobody(reading, county):
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
