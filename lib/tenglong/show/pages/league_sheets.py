"""The score sheets of the league (考核评分表), its bonuses and deductions, and its formula."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from tenglong.measure.county import Unavailable
from tenglong.measure.league.standing import Extra, Sheet, SheetRow
from tenglong.measure.sheet.league import History, LeagueSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.coded import light_cell
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table
from tenglong.show.text.formula import formula_text

MOST_ROWS = 110
MOST_ROWS_OF_UNITS = 60
Line = tuple[Sheet, SheetRow]


def score_sheets(page: Page, race: LeagueSheet, league: str) -> Piece:
    """Draw every member's sheet, item by item; of one township alone where one is looked at.

    Rows that do not count stand last, each with its reason. Departments have many clauses: what
    costs most points stands first, and the CSV has all.
    """
    history = race.leagues[league]
    if isinstance(history, Unavailable):
        named = f"league_{league}_sheets"
        return findings(lacking(page, history), name=named)
    lost = {
        (member, loss.row.item): loss.points
        for member, found in history.losses.items()
        for loss in found
    }
    lines = _lines(history, race.township, lost)
    if not lines:
        return remark(page.word("league.no_sheets"))
    most_rows = MOST_ROWS_OF_UNITS if history.now.rule.is_of_units else MOST_ROWS
    columns = [
        *_about(page, lines),
        *_numbers(page, lines),
        Column(
            page.word("league.lost"),
            [cell.number(lost.get((sheet.member, row.item)), 1) for sheet, row in lines],
        ),
        Column(page.word("league.light"), [_light(page, one, history) for one in lines]),
        Column(page.word("league.why"), [_why(page, row) for _, row in lines]),
    ]
    more = page.word("table.more", rows=len(lines)) if len(lines) > most_rows else ""
    return table(
        columns,
        caption=page.word("league.sheets_caption", league=history.now.rule.name[page.language]),
        name=f"league_{league}_sheets",
        note=page.word("league.sheets_note") + more,
        most_rows=most_rows,
    )


def _lines(history: History, township: str, lost: Mapping[tuple[str, str], Fraction]) -> list[Line]:
    """Give the rows by member in the order of the ranks; those that do not count last."""
    sheets = history.now.sheets
    mine = [sheet for sheet in sheets if sheet.member == township]
    lines = [(sheet, row) for sheet in mine or sheets for row in sheet.rows]
    if history.now.rule.is_of_units:
        lines.sort(key=lambda line: -lost.get((line[0].member, line[1].item), Fraction(0)))
    return sorted(lines, key=lambda line: line[1].completion is None)


def _about(page: Page, lines: list[Line]) -> Iterator[Column]:
    numbers = cell.counts(range(1, len(lines) + 1))
    yield Column(page.word("league.line"), numbers, in_page=False)
    names = [cell.text(sheet.name[page.language]) for sheet, _ in lines]
    yield Column(page.word("league.member"), names, css="short")
    items = [cell.text(row.name[page.language]) for _, row in lines]
    yield Column(page.word("league.item"), items, True)
    weights = [cell.number(row.weight, 1) for _, row in lines]
    yield Column(page.word("league.weight"), weights)


def _numbers(page: Page, lines: list[Line]) -> Iterator[Column]:
    rows = [row for _, row in lines]
    yield Column(page.word("league.target"), [_amount(page, row, row.target) for row in rows])
    yield Column(page.word("league.actual"), [_amount(page, row, row.actual) for row in rows])
    shares = [None if row.completion is None else row.completion * 100 for row in rows]
    yield Column(page.word("league.completion"), [cell.number(x, 1) for x in shares])
    gaps = [cell.number(row.gap, 1, sign=True) for row in rows]
    yield Column(page.word("league.gap"), gaps)
    yield Column(page.word("league.points"), [cell.number(row.points, 1) for row in rows])


def _amount(page: Page, row: SheetRow, value: object) -> Cell:
    return cell.amount(value, row.unit, page.language)  # type: ignore[arg-type]


def _light(page: Page, line: Line, history: History) -> Cell:
    labels = {rule.light: rule.label[page.language] for rule in history.now.rule.lights}
    light = line[1].light
    return cell.text(MISSING) if light is None else light_cell(light, labels[light])


def _why(page: Page, row: SheetRow) -> Cell:
    return cell.text(page.word(f"league.code.{row.code}") if row.code else "")


def extras_table(page: Page, race: LeagueSheet, league: str) -> Piece:
    """List the bonuses and deductions that were given, and those that could not be reckoned."""
    history = race.leagues[league]
    if isinstance(history, Unavailable):
        return Piece("")
    given = [
        (sheet, one, sign)
        for sheet in history.now.sheets
        for sign, extras in ((1, sheet.bonuses), (-1, sheet.deductions))
        for one in extras
        if one.points or one.code
    ]
    if not given:
        return remark(page.word("league.no_extras"))
    columns = [
        Column(
            page.word("league.member"), cell.texts(s.name[page.language] for s, _, _ in given), True
        ),
        Column(
            page.word("league.extra"), cell.texts(one.name[page.language] for _, one, _ in given)
        ),
        Column(page.word("league.counted"), cell.counts(_counted(one) for _, one, _ in given)),
        Column(
            page.word("league.extra_points"),
            [cell.number(one.points * sign, 1, sign=True) for _, one, sign in given],
        ),
        Column(
            page.word("league.why"),
            [cell.text(page.word(f"league.code.{o.code}") if o.code else "") for _, o, _ in given],
        ),
    ]
    caption = page.word("league.extras_caption", league=history.now.rule.name[page.language])
    return table(columns, caption=caption, name=f"league_{league}_extras")


def _counted(one: Extra) -> float | None:
    return None if one.counted is None else float(one.counted)


def formula_table(page: Page, race: LeagueSheet, league: str) -> Piece:
    """Print the formula in full, line by line."""
    texts = formula_text(page, race.formulas[league, page.language])
    columns = [
        Column(page.word("league.line"), cell.counts(range(1, len(texts) + 1))),
        Column(page.word("league.formula"), cell.texts(texts)),
    ]
    name = page.place.policy["league"]["leagues"][league]["name"][page.language]
    caption = page.word("league.formula_caption", league=name)
    return table(columns, caption=caption, name=f"league_{league}_formula")
