"""The tables of the data page: each table's account, the problems, the repairs, what is wanting."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tenglong.measure.county import County
from tenglong.measure.intake.account import Account, Gap
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.lacking import supplier_of
from tenglong.show.number import MISSING
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.text.problems import SEVERITIES, Told
from tenglong.show.words import word

# What only a program or a file calls so: names of files, of columns, of reference systems.
NAME = re.compile(
    r"[\w./-]+\.(?:yml|csv|tsv|txt|xlsx?|xlsm|ods|gpkg|geojson|json|shp|dbf|fgb|parquet)\b"
    r"|\b[A-Za-z]\w*_\w+\b|\bEPSG:\d+"
)
MOST_ROWS = 100
MOST_OF_A_KIND = 10
MOST_COLUMNS = 5
TONES = {"error": "bad", "warning": "warn", "note": "none"}
TOTALS = ("total_differs", "total_matches")
LENGTHS = {"year": 4, "month": 7, "day": 10}  # of an ISO date


def account_table(county: County, accounts: Sequence[Account], *, language: str = "zh") -> Piece:
    """Draw what came in, table by table: file, rows, columns that lack, the time covered."""
    columns = [
        _texts("table", [county.label(one.table)[language] for one in accounts], language, True),
        Column(word("quality.file", language), [_origin(one, language) for one in accounts]),
        _numbers("rows", [one.rows for one in accounts], language),
        _numbers("set_aside", [one.set_aside for one in accounts], language),
        _numbers("known", [one.known for one in accounts], language),
        Column(word("quality.covers", language), [_covers(one) for one in accounts]),
        Column(word("quality.present", language), [_present(one) for one in accounts]),
        Column(
            word("quality.absent", language),
            [_absent(county, one, language) for one in accounts],
        ),
    ]
    caption = word("quality.accounts", language)
    note = word("quality.accounts_note", language)
    return table(columns, caption=caption, name="data_tables", note=note)


def _texts(name: str, values: Sequence[str], language: str, is_header: bool = False) -> Column:
    label = word(f"quality.{name}", language)
    return Column(label, [cell.text(value) for value in values], is_header)


def _numbers(name: str, values: Sequence[int | None], language: str) -> Column:
    return Column(word(f"quality.{name}", language), [cell.number(value, 0) for value in values])


def _quoted(name: str, values: Sequence[str], language: str) -> Column:
    """Give a column of what stands in the files, or of what is said of it."""
    cells = [Cell(_names_set_off(value), cell.text(value).plain) for value in values]
    return Column(word(f"quality.{name}", language), cells, css="verbatim")


def _names_set_off(text: str) -> str:
    return NAME.sub(lambda found: f"<code>{found[0]}</code>", cell.text(text).html)


def _origin(one: Account, language: str) -> Cell:
    if not one.origin:
        return cell.text(word("quality.not_supplied", language))
    file = cell.text(one.origin)
    if one.is_read:
        return Cell(f"<code>{file.html}</code>", file.plain)
    said = word("quality.unread", language)
    return Cell(f"<code>{file.html}</code>{said}", f"{file.plain}{said}")


def _covers(one: Account) -> Cell:
    if one.covers is None:
        return cell.text(MISSING)
    first, last = (day.isoformat()[: LENGTHS[one.grain]] for day in one.covers)
    return cell.text(first if first == last else f"{first} – {last}")


def _present(one: Account) -> Cell:
    if not one.is_read:
        return cell.text(MISSING)
    return cell.text(f"{len(one.present)}/{len(one.present) + len(one.absent)}")


def _absent(county: County, one: Account, language: str) -> Cell:
    names = [county.label(one.table, name)[language] for name in one.absent]
    comma = "、" if language == "zh" else ", "
    whole = cell.text(comma.join(names) or MISSING)
    if len(names) <= MOST_COLUMNS:
        return whole
    said = word("quality.and_more", language, first=comma.join(names[:MOST_COLUMNS]))
    return Cell(cell.text(said).html, whole.plain)


def problem_groups(county: County, problems: Sequence[Told], *, language: str = "zh") -> Piece:
    """Draw the problems by kind and column, the gravest and most frequent first."""
    if not problems:
        return _none("quality.nothing", language)
    groups = [list(group) for _, group in groupby(sorted(problems, key=_kind), key=_kind)]
    groups.sort(key=lambda group: (_kind(group[0])[0], -len(group)))
    firsts = [group[0] for group in groups]
    columns = [
        Column(word("quality.severity", language), [_severity(one, language) for one in firsts]),
        _texts("table", [county.label(one.table)[language] for one in firsts], language, True),
        _quoted("column", [_column(county, one, language) for one in firsts], language),
        _numbers("count", [len(group) for group in groups], language),
        _quoted("example", [_said(one, language) for one in firsts], language),
        Column(word("quality.where", language), [_where(one, language) for one in firsts]),
    ]
    caption = word("quality.groups", language)
    return table(columns, caption=caption, name="data_problem_kinds")


def problem_table(county: County, problems: Sequence[Told], *, language: str = "zh") -> Piece:
    """Draw every problem, the gravest first; of very many the page shows the first."""
    if not problems:
        return _none("quality.nothing", language)
    first, rest = _of_each_kind(sorted(problems, key=_kind))
    shown = min(len(first), MOST_ROWS)
    note = word("quality.cut", language, rows=len(problems))
    return _problems(
        county,
        [*first, *rest],
        language=language,
        caption=word("quality.problems", language),
        name="data_problems",
        note=note if len(problems) > shown else "",
        most_rows=shown,
    )


def _kind(one: Told) -> tuple[int, str, str, str]:
    return SEVERITIES.index(str(one.severity)), one.code, one.table, one.column


def _of_each_kind(problems: Sequence[Told]) -> tuple[list[Told], list[Told]]:
    """Part problems into the first ones of each kind and all others."""
    seen: Counter[tuple[int, str, str, str]] = Counter()
    first: list[Told] = []
    rest: list[Told] = []
    for one in problems:
        seen[_kind(one)] += 1
        (first if seen[_kind(one)] <= MOST_OF_A_KIND else rest).append(one)
    return first, rest


def total_table(county: County, problems: Sequence[Told], *, language: str = "zh") -> Piece:
    """Draw the totals that stand in the files, and whether they are the sum of their rows."""
    rows = [one for code in TOTALS for one in problems if one.code == code]
    if not rows:
        return _none("quality.no_totals", language)
    caption = word("quality.totals", language)
    return _problems(county, rows, language=language, caption=caption, name="data_totals")


def _problems(county: County, rows: Sequence[Told], *, language: str, **more: Any) -> Piece:
    columns = [
        Column(word("quality.severity", language), [_severity(one, language) for one in rows]),
        Column(word("quality.where", language), [_where(one, language) for one in rows]),
        _texts("table", [county.label(one.table)[language] for one in rows], language),
        _quoted("column", [_column(county, one, language) for one in rows], language),
        _quoted("value", [one.value or MISSING for one in rows], language),
        _quoted("rule", [_rule(one, language) for one in rows], language),
    ]
    codes = [cell.text(one.code) for one in rows]
    columns.append(Column(word("quality.code", language), codes, in_page=False))
    return table(columns, **more)


def _severity(one: Told, language: str) -> Cell:
    said = word(f"intake.{one.severity}", language)
    tone = TONES[str(one.severity)]
    return Cell(f'<span class="status {tone}">{cell.text(said).html}</span>', said)


def _column(county: County, one: Told, language: str) -> str:
    names = [county.label(one.table, name)[language] for name in one.column.split("+") if name]
    return "+".join(names) or MISSING


def _where(one: Told, language: str) -> Cell:
    file = cell.text(f"{one.file}[{one.sheet}]" if one.sheet else one.file)
    row = "" if one.row is None else f" {word('intake.row', language, row=one.row)}"
    return Cell(f"<code>{file.html}</code>{row}", f"{file.plain}{row}")


def _rule(one: Told, language: str) -> str:
    return one.rule_zh if language == "zh" and one.rule_zh else one.rule


def _said(one: Told, language: str) -> str:
    return f"{one.value} {_rule(one, language)}".strip()


def repair_table(county: County, *, language: str = "zh") -> Piece:
    """Draw the outlines that could not be used as drawn, with the areas before and after."""
    rows = sorted(county.repairs, key=lambda one: (one.is_made, one.table, one.row))
    if not rows:
        return _none("quality.no_repairs", language)
    changes = [None if one.before_mu is None else one.after_mu - one.before_mu for one in rows]
    outcome = [word(f"quality.{'made' if one.is_made else 'unmade'}", language) for one in rows]
    columns = [
        _texts("name", [one.name or MISSING for one in rows], language, True),
        _texts("table", [county.label(one.table)[language] for one in rows], language),
        _numbers("row", [one.row for one in rows], language),
        _texts("fault", [word(f"quality.fault.{one.fault}", language) for one in rows], language),
        _areas("before", [one.before_mu for one in rows], language),
        _areas("after", [one.after_mu for one in rows], language),
        Column(
            word("quality.change", language),
            [cell.number(change, 4, sign=True) for change in changes],
        ),
        _texts("outcome", outcome, language),
    ]
    note = word("quality.repairs_note", language)
    caption = word("quality.repairs", language)
    return table(columns, caption=caption, name="data_repairs", note=note, most_rows=MOST_ROWS)


def _areas(name: str, values: Sequence[float | None], language: str) -> Column:
    return Column(word(f"quality.{name}", language), [cell.number(value, 4) for value in values])


def gap_table(county: County, gaps: Sequence[Gap], *, language: str = "zh") -> Piece:
    """Draw what is wanting, who must supply it, and the clauses that cannot be told without."""
    if not gaps:
        return _none("quality.nothing_wanting", language)
    comma = "、" if language == "zh" else ", "
    names = [comma.join(clause.name[language] for clause in gap.clauses) for gap in gaps]
    columns = [
        _texts("table", [county.label(gap.table)[language] for gap in gaps], language, True),
        _texts("column", [_wanted(county, gap, language) for gap in gaps], language),
        _texts("supplier", [_supplier(county, gap) for gap in gaps], language),
        _numbers("clauses", [len(gap.clauses) for gap in gaps], language),
        _texts("clause_names", [name or MISSING for name in names], language),
    ]
    return table(columns, caption=word("quality.gaps", language), name="data_gaps")


def _wanted(county: County, gap: Gap, language: str) -> str:
    if not gap.column:
        return word("quality.whole_table", language)
    return county.label(gap.table, gap.column)[language]


def _supplier(county: County, gap: Gap) -> str:
    leads = sorted({clause.lead for clause in gap.clauses if clause.lead})
    return supplier_of(county, gap.table, gap.column, otherwise=next(iter(leads), ""))


def _none(key: str, language: str) -> Piece:
    return Piece(f'<p class="note">{cell.text(word(key, language)).html}</p>')
