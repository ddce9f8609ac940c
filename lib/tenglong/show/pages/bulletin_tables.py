"""The tables of a bulletin: the leagues, and the annexes (附表)."""

from fractions import Fraction
from html import escape

from tenglong.measure.bulletin.bulletin import Bulletin
from tenglong.measure.bulletin.points import Case, Cases
from tenglong.measure.league.sheet import Sheet, SheetRow
from tenglong.measure.league.standing import Standing
from tenglong.measure.reading import Grain
from tenglong.measure.target.assessment import Assessment, YearVerdict
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.number import JOINER, MISSING, figure, plain, unit_text
from tenglong.show.pages.bulletin_case import step_text
from tenglong.show.pages.bulletin_clause import amount
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word

# Tones of the lights of the league; any other light has none.
TONES = {"green": "good", "yellow": "warn", "red": "bad"}
MARKS = {"green": "●", "yellow": "◐", "red": "▼"}


def joined(*pieces: Piece) -> Piece:
    """Put pieces below one another."""
    csv = {name: text for piece in pieces for name, text in piece.csv.items()}
    return Piece("".join(piece.html for piece in pieces), csv)


def league_tables(told: Bulletin, *, language: str = "zh") -> Piece:
    """Draw the ranking of every league: rank, change, score, light."""
    return joined(*(_league(one, language) for one in told.standings))


def _league(standing: Standing, language: str) -> Piece:
    sheets = standing.sheets
    labels = {rule.light: rule.label[language] for rule in standing.rule.lights}
    columns = [
        Column(_said("rank.place", language), [cell.number(one.rank, 0) for one in sheets]),
        Column(
            _said("rank.name", language), [cell.text(one.name[language]) for one in sheets], True
        ),
        Column(_said("rank.before", language), [cell.number(s.rank_before, 0) for s in sheets]),
        Column(
            _said("rank.change", language), [cell.number(s.change, 0, sign=True) for s in sheets]
        ),
        Column(_said("rank.total", language), [cell.number(one.total, 1) for one in sheets]),
        Column(_said("rank.gap", language), [cell.number(s.gap, 1, sign=True) for s in sheets]),
        Column(_said("rank.light", language), [_light(one, labels) for one in sheets]),
        Column(_said("rank.why", language), [_why(one, language) for one in sheets]),
    ]
    caption = word("bulletin.rank.caption", language, league=standing.rule.name[language])
    note = word("bulletin.rank.note", language)
    return table(columns, caption=caption, name=f"bulletin_{standing.league}", note=note)


def _said(key: str, language: str) -> str:
    return word(f"bulletin.{key}", language)


def _light(sheet: Sheet, labels: dict[str, str]) -> Cell:
    if sheet.light is None:
        return Cell(MISSING, "")
    mark, tone = MARKS.get(sheet.light, ""), TONES.get(sheet.light, "none")
    label = labels[sheet.light]
    html = f'<span class="status {tone}">{mark} {escape(label)}</span>'
    return Cell(html, label)


def _why(sheet: Sheet, language: str) -> Cell:
    return cell.text(word(f"league.code.{sheet.code}", language) if sheet.code else "")


def cases_table(told: Bulletin, *, language: str = "zh") -> Piece:
    """List every overdue firm, stuck project and idle parcel."""
    rows = [
        (group, one) for group in told.problems if isinstance(group, Cases) for one in group.cases
    ]
    if not rows:
        return Piece(f'<p class="note">{escape(_said("none_cases", language))}</p>')
    columns = [
        Column(
            _said("column.kind", language),
            [cell.text(word(f"bulletin.kind.{group.code}", language)) for group, _ in rows],
            css="short",
        ),
        Column(_said("column.name", language), [cell.text(one.name) for _, one in rows], True),
        Column(
            _said("column.place", language), [cell.text(one.place or MISSING) for _, one in rows]
        ),
        Column(
            _said("column.step", language),
            [cell.text(step_text(group.code, one.step, language)) for group, one in rows],
        ),
        Column(
            _said("column.since", language), [_day(one, "since") for _, one in rows], css="short"
        ),
        Column(
            _said("column.due", language), [_day(one, "due_on") for _, one in rows], css="short"
        ),
        Column(_said("column.days", language), [cell.number(one.days, 0) for _, one in rows]),
        Column(_said("column.area", language), [cell.number(one.amount) for _, one in rows]),
        Column(
            _said("column.unit", language),
            [cell.text(group.units[0] if group.units else MISSING) for group, _ in rows],
            css="unit",
        ),
    ]
    return table(columns, caption=_said("table.cases", language), name="bulletin_cases")


def _day(one: Case, name: str) -> Cell:
    day = getattr(one, name)
    return cell.text(day.isoformat() if day else MISSING)


def yearly(told: Bulletin, *, language: str = "zh") -> Piece:
    """Draw the verdict of every year on the clauses for every year; in an annual one only."""
    rows = [one for one in told.board.assessments if one.years]
    if told.period.grain is not Grain.YEAR or not rows:
        return Piece("")
    years = sorted({year.year for one in rows for year in one.years})
    columns = [
        Column(
            word("column.clause", language),
            [cell.text(one.clause.name[language]) for one in rows],
            is_header=True,
        ),
        Column(
            word("column.target", language), [amount(one.target, one, language) for one in rows]
        ),
        *(
            Column(
                word("bulletin.year", language, year=year),
                [_verdict(one, year, language) for one in rows],
            )
            for year in years
        ),
        Column(
            word("column.lead", language),
            [cell.text(one.clause.lead or MISSING) for one in rows],
            css="unit",
        ),
    ]
    return table(columns, caption=_said("table.years", language), name="bulletin_years")


def _verdict(one: Assessment, year: int, language: str) -> Cell:
    found: YearVerdict | None = next((each for each in one.years if each.year == year), None)
    if found is None:
        return Cell(MISSING, "")
    label = word(f"verdict.{found.verdict}", language)
    if found.actual is None:
        return cell.text(label)
    figure = amount(found.actual, one, language)
    return Cell(f"{figure.html} {escape(label)}", f"{figure.plain} {label}")


def scores(told: Bulletin, *, language: str = "zh") -> Piece:
    """Draw the score sheet of every league (考核评分表); in an annual bulletin only."""
    if told.period.grain is not Grain.YEAR:
        return Piece("")
    return joined(*(_scores(one, language) for one in told.standings))


def _scores(standing: Standing, language: str) -> Piece:
    rows = [(sheet, row) for sheet in standing.ranked for row in sheet.counting]
    if not rows:
        return Piece("")
    columns = [
        Column(_said("rank.name", language), [cell.text(s.name[language]) for s, _ in rows], True),
        Column(_said("column.item", language), [cell.text(r.name[language]) for _, r in rows]),
        Column(_said("column.weight", language), [cell.number(row.weight, 1) for _, row in rows]),
        Column(
            word("column.target", language),
            [_quantity(row.target, row, language) for _, row in rows],
        ),
        Column(
            word("column.actual", language),
            [_quantity(row.actual, row, language) for _, row in rows],
        ),
        Column(_said("column.completion", language), [_completion(row) for _, row in rows]),
        Column(_said("column.points", language), [cell.number(row.points) for _, row in rows]),
        Column(_said("column.extra", language), [cell.number(s.bonus, 1) for s, _ in rows]),
        Column(_said("column.deduction", language), [cell.number(s.deduction, 1) for s, _ in rows]),
        Column(_said("rank.total", language), [cell.number(sheet.total, 1) for sheet, _ in rows]),
        Column(_said("rank.place", language), [cell.number(sheet.rank, 0) for sheet, _ in rows]),
    ]
    caption = word("bulletin.table.scores", language, league=standing.rule.name[language])
    return table(columns, caption=caption, name=f"bulletin_scores_{standing.league}")


def _quantity(value: Fraction | None, row: SheetRow, language: str) -> Cell:
    # A township's share of a count is no whole number: all have decimals.
    text = f"{figure(value)}{JOINER}{unit_text(row.unit, language)}".rstrip(JOINER)
    return Cell(MISSING if value is None else escape(text), plain(value), is_number=True)


def _completion(row: SheetRow) -> Cell:
    return cell.number(None if row.completion is None else row.completion * 100, 1)
