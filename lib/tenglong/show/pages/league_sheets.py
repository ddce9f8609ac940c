"""The score sheets of the league (考核评分表), its bonuses and deductions, and its formula."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from tenglong.measure.county import Unavailable
from tenglong.measure.league.history import History, Race
from tenglong.measure.league.sheet import Extra, Sheet, SheetRow
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.lacking import lacking
from tenglong.show.light import light_cell
from tenglong.show.number import MISSING
from tenglong.show.piece import Piece, remark
from tenglong.show.table import Column, table
from tenglong.show.text.league import formula_text
from tenglong.show.words import word

MOST_ROWS = 110
MOST_ROWS_OF_UNITS = 60
Line = tuple[Sheet, SheetRow]


def score_sheets(race: Race, league: str, *, language: str = "zh") -> Piece:
    """Draw every member's sheet, item by item; of one township alone where one is looked at.

    Rows that do not count stand last, each with its reason. Departments have many clauses: what
    costs most points stands first, and the CSV has all.
    """
    history = race.leagues[league]
    if isinstance(history, Unavailable):
        named = f"league_{league}_sheets"
        return findings(lacking(race.place, history, language=language), name=named)
    lost = {
        (member, loss.row.item): loss.points
        for member, found in history.losses.items()
        for loss in found
    }
    lines = _lines(history, race.township, lost)
    if not lines:
        return remark(word("league.no_sheets", language))
    most_rows = MOST_ROWS_OF_UNITS if history.now.rule.is_of_units else MOST_ROWS
    columns = [
        *_about(lines, language),
        *_numbers(lines, language),
        Column(
            word("league.lost", language),
            [cell.number(lost.get((sheet.member, row.item)), 1) for sheet, row in lines],
        ),
        Column(word("league.light", language), [_light(one, history, language) for one in lines]),
        Column(word("league.why", language), [_why(row, language) for _, row in lines]),
    ]
    more = word("table.more", language, rows=len(lines)) if len(lines) > most_rows else ""
    return table(
        columns,
        caption=word("league.sheets_caption", language, league=history.now.rule.name[language]),
        name=f"league_{league}_sheets",
        note=word("league.sheets_note", language) + more,
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


def _about(lines: list[Line], language: str) -> Iterator[Column]:
    numbers = cell.counts(range(1, len(lines) + 1))
    yield Column(word("league.line", language), numbers, in_page=False)
    names = [cell.text(sheet.name[language]) for sheet, _ in lines]
    yield Column(word("league.member", language), names, css="short")
    items = [cell.text(row.name[language]) for _, row in lines]
    yield Column(word("league.item", language), items, True)
    weights = [cell.number(row.weight, 1) for _, row in lines]
    yield Column(word("league.weight", language), weights)


def _numbers(lines: list[Line], language: str) -> Iterator[Column]:
    rows = [row for _, row in lines]
    yield Column(
        word("league.target", language), [_amount(row, row.target, language) for row in rows]
    )
    yield Column(
        word("league.actual", language), [_amount(row, row.actual, language) for row in rows]
    )
    shares = [None if row.completion is None else row.completion * 100 for row in rows]
    yield Column(word("league.completion", language), [cell.number(x, 1) for x in shares])
    gaps = [cell.number(row.gap, 1, sign=True) for row in rows]
    yield Column(word("league.gap", language), gaps)
    yield Column(word("league.points", language), [cell.number(row.points, 1) for row in rows])


def _amount(row: SheetRow, value: object, language: str) -> Cell:
    return cell.amount(value, row.unit, language)  # type: ignore[arg-type]


def _light(line: Line, history: History, language: str) -> Cell:
    labels = {rule.light: rule.label[language] for rule in history.now.rule.lights}
    light = line[1].light
    return cell.text(MISSING) if light is None else light_cell(light, labels[light])


def _why(row: SheetRow, language: str) -> Cell:
    return cell.text(word(f"league.code.{row.code}", language) if row.code else "")


def extras_table(race: Race, league: str, *, language: str = "zh") -> Piece:
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
        return remark(word("league.no_extras", language))
    columns = [
        Column(
            word("league.member", language), cell.texts(s.name[language] for s, _, _ in given), True
        ),
        Column(
            word("league.extra", language), cell.texts(one.name[language] for _, one, _ in given)
        ),
        Column(word("league.counted", language), cell.counts(_counted(one) for _, one, _ in given)),
        Column(
            word("league.extra_points", language),
            [cell.number(one.points * sign, 1, sign=True) for _, one, sign in given],
        ),
        Column(
            word("league.why", language),
            [
                cell.text(word(f"league.code.{o.code}", language) if o.code else "")
                for _, o, _ in given
            ],
        ),
    ]
    caption = word("league.extras_caption", language, league=history.now.rule.name[language])
    return table(columns, caption=caption, name=f"league_{league}_extras")


def _counted(one: Extra) -> float | None:
    return None if one.counted is None else float(one.counted)


def formula_table(race: Race, league: str, *, language: str = "zh") -> Piece:
    """Print the formula in full, line by line."""
    texts = formula_text(race.formulas[league, language], race.place, language)
    columns = [
        Column(word("league.line", language), cell.counts(range(1, len(texts) + 1))),
        Column(word("league.formula", language), cell.texts(texts)),
    ]
    name = race.place.policy["league"]["leagues"][league]["name"][language]
    caption = word("league.formula_caption", language, league=name)
    return table(columns, caption=caption, name=f"league_{league}_formula")
