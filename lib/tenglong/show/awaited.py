"""What a clause waits for, and the slips that stop it, in sentences."""

from collections.abc import Iterator
from fractions import Fraction

from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.reading import Blank, Suspect
from tenglong.measure.stray import UNMATCHED
from tenglong.show.lacking import supplier_of
from tenglong.show.number import MISSING, figure, percent, quantity
from tenglong.show.page import Page

MOST_NAMED = 5  # of the rows that are waited for; all of them stand on 数据体检


def awaited_text(page: Page, assessment: Assessment) -> str:
    """Say what a clause waits for, from whom, and within which range that could move it.

    Empty where it waits for nothing.
    """
    cells = [blank for blank in assessment.awaited if blank.column and not blank.of]
    codes = [blank for blank in assessment.awaited if blank.of]
    said = [*_cells(page, cells), *_aside(page, assessment)]
    parts = [page.word("awaited.cells", cells=page.clauses(said))] if said else []
    parts += _codes(page, codes, assessment)
    is_ranged = assessment.low is not None or assessment.high is not None
    if assessment.actual is not None and (cells or (codes and is_ranged)):
        parts.append(_range(page, assessment))
    return page.clauses(parts)


def _cells(page: Page, cells: list[Blank]) -> Iterator[str]:
    places = dict.fromkeys((blank.table, blank.column) for blank in cells)
    for table, column in places:
        names = dict.fromkeys(b.name for b in cells if (b.table, b.column) == (table, column))
        shown = page.joined(list(names)[:MOST_NAMED])
        yield page.word(
            "awaited.column_more" if len(names) > MOST_NAMED else "awaited.column",
            unit=supplier_of(page.place, table, column),
            table=page.label(table),
            column=page.label(table, column),
            count=sum((b.table, b.column) == (table, column) for b in cells),
            names=shown,
        )


def _codes(page: Page, codes: list[Blank], assessment: Assessment) -> Iterator[str]:
    """Say of how many rows the code refers to nothing, which, and who must correct them."""
    for table, column, of in dict.fromkeys((one.table, one.column, one.of) for one in codes):
        here = [one for one in codes if (one.table, one.column, one.of) == (table, column, of)]
        names = dict.fromkeys(one.name for one in here)
        # As the reason it has been told of which rows: only the codes are left to say.
        is_reason = assessment.reason.code == UNMATCHED and assessment.missing == (table, column)
        key = "awaited.codes_named" if is_reason else "awaited.codes"
        yield page.word(
            f"{key}_more" if len(names) > MOST_NAMED else key,
            unit=supplier_of(page.place, table, column),
            table=page.label(table),
            column=page.label(table, column),
            of=page.label(of),
            count=sum(one.count for one in here),
            names=page.joined(list(names)[:MOST_NAMED]),
        )


def _aside(page: Page, assessment: Assessment) -> Iterator[str]:
    for blank in assessment.awaited:
        if not blank.column:
            yield page.word(
                "awaited.set_aside",
                unit=supplier_of(page.place, blank.table),
                table=page.label(blank.table),
                count=blank.count,
            )


def _range(page: Page, assessment: Assessment) -> str:
    low, high = (_amount(page, end, assessment) for end in (assessment.low, assessment.high))
    key = "awaited.range"
    if assessment.low is None or assessment.high is None:
        key = "awaited.no_bound" if assessment.low is None else "awaited.no_top"
    elif assessment.low == assessment.high:
        key = "awaited.unmoved"
    said = [page.word(key, low=low, high=high)]
    if assessment.could_be:
        names = page.joined(page.word(f"status.{status}") for status in assessment.could_be)
        said.append(page.word("awaited.could_be", statuses=names))
    return page.clauses(said)


def _amount(page: Page, value: Fraction | None, assessment: Assessment) -> str:
    clause = assessment.clause
    if clause.unit == "" and clause.kind in (Kind.SHARE, Kind.COVERAGE):
        return percent(value, 2)
    return quantity(value, clause.unit, page.language)


def suspects_text(page: Page, assessment: Assessment) -> str:
    """Name the cells for which a clause is stopped, and those accepted as true; empty for none."""
    return page.clauses([suspect_text(page, one) for one in assessment.suspects])


def suspect_text(page: Page, one: Suspect) -> str:
    """Name a cell, its value, and what it is so far away from."""
    said = page.word(
        "suspect.more" if one.times >= 1 else "suspect.less",
        table=page.label(one.table),
        row=row_text(one),
        column=page.label(one.table, one.column),
        value=figure(one.value),
        against=page.word(f"suspect.{one.against}"),
        usual=figure(one.usual),
        times=times_text(one),
    )
    if one.accepted is None:
        return said
    return page.clauses([said, page.word("suspect.accepted", reason=one.accepted)])


def row_text(one: Suspect) -> str:
    """Name a row: what it is called, and its key."""
    key = [str(value) for value in one.key.values() if value is not None and str(value) != one.name]
    return " ".join([one.name or MISSING, *key])


def times_text(one: Suspect) -> str:
    """Say how many times more, or less, a value is, in whole numbers."""
    return figure(one.times if one.times >= 1 else 1 / one.times, 0)
