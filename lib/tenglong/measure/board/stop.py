"""Clauses that rest on a suspected slip are stopped, and no others."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from tenglong.measure.clause import Clause
from tenglong.measure.county import County
from tenglong.measure.judge.assessment import Assessment, Reason, Status
from tenglong.measure.reading import Suspect
from tenglong.measure.slip.suspects import suspects

Judge = Callable[[County, Clause], Assessment]
MOST_TRIED = 12  # cells that are tried one by one; of more, those of a column together


def stopped(county: County, judged: Sequence[Assessment], judge: Judge) -> tuple[Assessment, ...]:
    """Stop the clauses whose figure is another one, or is not known, without a suspected cell.

    What a clause rests on is found by leaving the cell blank: so a cell in a year, a firm or a
    township that a clause does not use stops nothing. A stopped clause is contradictory, gives no
    figure, and names the cells. What the bundle accepts stops nothing, and is named, too.

    Parameters
    ----------
    judge
        Judges one clause in a county.
    """
    known = suspects(county)
    if not known:
        return tuple(judged)
    open_ = open_suspects(county)
    resting = _resting(county, judged, judge, known)
    return tuple(_stopped(one, resting.get(id(one), []), open_) for one in judged)


def open_suspects(county: County) -> tuple[Suspect, ...]:
    """Give the suspected cells that the bundle does not accept.

    >>> open_suspects(example_county(policy=load_policy()))
    ()
    """
    return tuple(one for one in suspects(county) if one.accepted is None)


def _resting(
    county: County, judged: Sequence[Assessment], judge: Judge, cells: Sequence[Suspect]
) -> dict[int, list[Suspect]]:
    """Give by assessment the suspects that it rests on."""
    poorer = without(county, cells)
    touched = [one for one in judged if _differs(one, judge(poorer, one.clause), cells)]
    found: dict[int, list[Suspect]] = {id(one): [] for one in touched}
    for part in _parts(cells) if touched else ():
        poorer = without(county, part)
        for one in touched:
            if len(cells) == len(part) or _differs(one, judge(poorer, one.clause), part):
                found[id(one)] += part
    return found


def _parts(cells: Sequence[Suspect]) -> list[list[Suspect]]:
    if len(cells) <= MOST_TRIED:
        return [[one] for one in cells]
    columns = dict.fromkeys((one.table, one.column, one.accepted is None) for one in cells)
    return [
        [one for one in cells if (one.table, one.column, one.accepted is None) == column]
        for column in columns
    ]


def without(county: County, cells: Iterable[Suspect]) -> County:
    """Leave cells blank, and what was worked out from them for the township.

    >>> from fractions import Fraction
    >>> county = example_county(special_fund={"year": [2021], "drawn_wan": [5.0]})
    >>> cell = Suspect("special_fund", 0, {"year": 2021}, "2021", "drawn_wan", Fraction(5),
    ...     "own", Fraction(1), Fraction(5))
    >>> without(county, [cell]).tables["special_fund"]["drawn_wan"].isna().tolist()
    [True]
    """
    tables = dict(county.tables)
    places = [place for one in cells for place in ((one.table, one.row, one.column), *one.settled)]
    for table in dict.fromkeys(table for table, _, _ in places):
        frame = tables[table].copy() if table in tables else None
        if frame is None:
            continue
        for _, row, column in (place for place in places if place[0] == table):
            if row in frame.index and column in frame:
                frame[column] = frame[column].mask(frame.index == row)
        tables[table] = frame
    return replace(county, tables=tables)


def _differs(one: Assessment, other: Assessment, cells: Sequence[Suspect]) -> bool:
    """Whether a clause is told otherwise, or waits for the cells, when these are blank."""
    if _told(one) != _told(other):
        return True
    waits = {(blank.table, blank.column, blank.row) for blank in other.awaited}
    waits -= {(blank.table, blank.column, blank.row) for blank in one.awaited}
    return any((cell.table, cell.column, cell.row) in waits for cell in cells)


def _told(one: Assessment) -> tuple[object, ...]:
    return (one.status, one.actual, one.baseline, one.progress, one.years, dict(one.components))


def _stopped(one: Assessment, cells: list[Suspect], open_: Sequence[Suspect]) -> Assessment:
    if not cells:
        return one
    wrong = [cell for cell in cells if cell in open_]
    if not wrong:
        return replace(one, suspects=tuple(cells))
    first = wrong[0]
    return Assessment(
        one.clause,
        Status.CONTRADICTORY,
        Reason("suspect", {"count": len(wrong)}),
        evidence=one.evidence,
        missing=(first.table, first.column),
        suspects=tuple(cells),
    )
