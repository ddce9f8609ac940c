"""What a township has to do, judged as clauses are: the items that the league asks of it."""

from dataclasses import replace

from tenglong.measure.clause import Clause, Kind, Operator
from tenglong.measure.county import County, Township
from tenglong.measure.judge.assessment import Assessment, Board, Reason, Status
from tenglong.measure.judge.bands import bands_of
from tenglong.measure.judge.clock import months_between, pace
from tenglong.measure.league.items import window_of
from tenglong.measure.league.standing import Sheet, SheetRow, Standing

# What a row says that is not scored; all else is not known.
NOT_ASKED = {"not_due": Status.NOT_DUE}


def duties(county: County, standing: Standing, township: Township) -> Board:
    """Judge the items of one township by the bands, as a plan's clauses are judged.

    A plan asks of the county; what it asks of a township is the league's share of that, so
    the township itself leads every item. An item without a pace is met or behind.

    Raises
    ------
    KeyError
        If the league has no such member.
    """
    sheet: Sheet = standing[township.code]
    judged = tuple(_duty(county, standing, row, township) for row in sheet.rows)
    return Board(county.as_of, pace(county.plan.window, county.as_of), judged)


def _duty(county: County, standing: Standing, row: SheetRow, township: Township) -> Assessment:
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
    if row.progress is None or row.actual is None or row.target is None:
        status = NOT_ASKED.get(row.code, Status.NOT_APPLICABLE)
        return Assessment(clause, status, Reason("nothing_required"))
    judged = Assessment(
        clause,
        Status.BEHIND,
        Reason("below_share"),
        actual=row.actual,
        progress=row.progress,
        pace=row.pace,
        gap=None if row.pace is None else row.progress - row.pace,
    )
    return _banded(judged, county)


def _banded(judged: Assessment, county: County) -> Assessment:
    clause, progress, as_of = judged.clause, judged.progress, county.as_of
    if progress is not None and progress >= 1:
        return replace(judged, status=Status.ACHIEVED, reason=Reason("met"))
    if judged.gap is None:
        return judged
    if as_of >= clause.due:
        return replace(judged, status=Status.MISSED, reason=Reason("missed"))
    left = (clause.target or 0) - (judged.actual or 0)
    status = Status(bands_of(county.policy["bands"]).name(judged.gap))
    rate = left / months_between(as_of, clause.due)
    return replace(judged, status=status, reason=Reason("paced"), needed_rate=rate)
