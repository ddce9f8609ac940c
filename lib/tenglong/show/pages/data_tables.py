"""The tables of the data page: each table's account, the problems, the repairs, what is wanting."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tenglong.measure.county import County
from tenglong.measure.sheet.data_quality import Account, Gap
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.lacking import supplier_of
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.text.problems import SEVERITIES, Told

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


def account_table(page: Page, accounts: Sequence[Account]) -> Piece:
    """Draw what came in, table by table: file, rows, columns that lack, the time covered."""
    columns = [
        _texts(page, "table", [page.label(one.table) for one in accounts], True),
        Column(page.word("quality.file"), [_origin(page, one) for one in accounts]),
        _numbers(page, "rows", [one.rows for one in accounts]),
        _numbers(page, "set_aside", [one.set_aside for one in accounts]),
        _numbers(page, "known", [one.known for one in accounts]),
        Column(page.word("quality.covers"), [_covers(one) for one in accounts]),
        Column(page.word("quality.present"), [_present(one) for one in accounts]),
        Column(
            page.word("quality.absent"),
            [_absent(page, one) for one in accounts],
        ),
    ]
    caption = page.word("quality.accounts")
    note = page.word("quality.accounts_note")
    return table(columns, caption=caption, name="data_tables", note=note)


def _texts(page: Page, name: str, values: Sequence[str], is_header: bool = False) -> Column:
    label = page.word(f"quality.{name}")
    return Column(label, [cell.text(value) for value in values], is_header)


def _numbers(page: Page, name: str, values: Sequence[int | None]) -> Column:
    return Column(page.word(f"quality.{name}"), [cell.number(value, 0) for value in values])


def _quoted(page: Page, name: str, values: Sequence[str]) -> Column:
    """Give a column of what stands in the files, or of what is said of it."""
    cells = [Cell(_names_set_off(value), cell.text(value).plain) for value in values]
    return Column(page.word(f"quality.{name}"), cells, css="verbatim")


def _names_set_off(text: str) -> str:
    return NAME.sub(lambda found: f"<code>{found[0]}</code>", cell.text(text).html)


def _origin(page: Page, one: Account) -> Cell:
    if not one.origin:
        return cell.text(page.word("quality.not_supplied"))
    file = cell.text(one.origin)
    if one.is_read:
        return Cell(f"<code>{file.html}</code>", file.plain)
    said = page.word("quality.unread")
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


def _absent(page: Page, one: Account) -> Cell:
    names = [page.label(one.table, name) for name in one.absent]
    comma = "、" if page.language == "zh" else ", "
    whole = cell.text(comma.join(names) or MISSING)
    if len(names) <= MOST_COLUMNS:
        return whole
    said = page.word("quality.and_more", first=comma.join(names[:MOST_COLUMNS]))
    return Cell(cell.text(said).html, whole.plain)


def problem_groups(page: Page, problems: Sequence[Told]) -> Piece:
    """Draw the problems by kind and column, the gravest and most frequent first."""
    if not problems:
        return _none(page, "quality.nothing")
    groups = [list(group) for _, group in groupby(sorted(problems, key=_kind), key=_kind)]
    groups.sort(key=lambda group: (_kind(group[0])[0], -len(group)))
    firsts = [group[0] for group in groups]
    columns = [
        Column(page.word("quality.severity"), [_severity(page, one) for one in firsts]),
        _texts(page, "table", [page.label(one.table) for one in firsts], True),
        _quoted(page, "column", [_column(page, one) for one in firsts]),
        _numbers(page, "count", [len(group) for group in groups]),
        _quoted(page, "example", [_said(page, one) for one in firsts]),
        Column(page.word("quality.where"), [_where(page, one) for one in firsts]),
    ]
    caption = page.word("quality.groups")
    return table(columns, caption=caption, name="data_problem_kinds")


def problem_table(page: Page, problems: Sequence[Told]) -> Piece:
    """Draw every problem, the gravest first; of very many the page shows the first."""
    if not problems:
        return _none(page, "quality.nothing")
    first, rest = _of_each_kind(sorted(problems, key=_kind))
    shown = min(len(first), MOST_ROWS)
    note = page.word("quality.cut", rows=len(problems))
    return _problems(
        page,
        [*first, *rest],
        caption=page.word("quality.problems"),
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


def total_table(page: Page, problems: Sequence[Told]) -> Piece:
    """Draw the totals that stand in the files, and whether they are the sum of their rows."""
    rows = [one for code in TOTALS for one in problems if one.code == code]
    if not rows:
        return _none(page, "quality.no_totals")
    caption = page.word("quality.totals")
    return _problems(page, rows, caption=caption, name="data_totals")


def _problems(page: Page, rows: Sequence[Told], **more: Any) -> Piece:
    columns = [
        Column(page.word("quality.severity"), [_severity(page, one) for one in rows]),
        Column(page.word("quality.where"), [_where(page, one) for one in rows]),
        _texts(page, "table", [page.label(one.table) for one in rows]),
        _quoted(page, "column", [_column(page, one) for one in rows]),
        _quoted(page, "value", [one.value or MISSING for one in rows]),
        _quoted(page, "rule", [_rule(page, one) for one in rows]),
    ]
    codes = [cell.text(one.code) for one in rows]
    columns.append(Column(page.word("quality.code"), codes, in_page=False))
    return table(columns, **more)


def _severity(page: Page, one: Told) -> Cell:
    said = page.word(f"intake.{one.severity}")
    tone = TONES[str(one.severity)]
    return Cell(f'<span class="status {tone}">{cell.text(said).html}</span>', said)


def _column(page: Page, one: Told) -> str:
    names = [page.label(one.table, name) for name in one.column.split("+") if name]
    return "+".join(names) or MISSING


def _where(page: Page, one: Told) -> Cell:
    file = cell.text(f"{one.file}[{one.sheet}]" if one.sheet else one.file)
    row = "" if one.row is None else f" {page.word('intake.row', row=one.row)}"
    return Cell(f"<code>{file.html}</code>{row}", f"{file.plain}{row}")


def _rule(page: Page, one: Told) -> str:
    return one.rule_zh if page.language == "zh" and one.rule_zh else one.rule


def _said(page: Page, one: Told) -> str:
    return f"{one.value} {_rule(page, one)}".strip()


def repair_table(page: Page) -> Piece:
    """Draw the outlines that could not be used as drawn, with the areas before and after."""
    rows = sorted(page.place.repairs, key=lambda one: (one.is_made, one.table, one.row))
    if not rows:
        return _none(page, "quality.no_repairs")
    changes = [None if one.before_mu is None else one.after_mu - one.before_mu for one in rows]
    outcome = [page.word(f"quality.{'made' if one.is_made else 'unmade'}") for one in rows]
    columns = [
        _texts(page, "name", [one.name or MISSING for one in rows], True),
        _texts(page, "table", [page.label(one.table) for one in rows]),
        _numbers(page, "row", [one.row for one in rows]),
        _texts(page, "fault", [page.word(f"quality.fault.{one.fault}") for one in rows]),
        _areas(page, "before", [one.before_mu for one in rows]),
        _areas(page, "after", [one.after_mu for one in rows]),
        Column(
            page.word("quality.change"),
            [cell.number(change, 4, sign=True) for change in changes],
        ),
        _texts(page, "outcome", outcome),
    ]
    note = page.word("quality.repairs_note")
    caption = page.word("quality.repairs")
    return table(columns, caption=caption, name="data_repairs", note=note, most_rows=MOST_ROWS)


def _areas(page: Page, name: str, values: Sequence[float | None]) -> Column:
    return Column(page.word(f"quality.{name}"), [cell.number(value, 4) for value in values])


def gap_table(page: Page, gaps: Sequence[Gap]) -> Piece:
    """Draw what is wanting, who must supply it, and the clauses that cannot be told without."""
    if not gaps:
        return _none(page, "quality.nothing_wanting")
    comma = "、" if page.language == "zh" else ", "
    names = [comma.join(clause.name[page.language] for clause in gap.clauses) for gap in gaps]
    columns = [
        _texts(page, "table", [page.label(gap.table) for gap in gaps], True),
        _texts(page, "column", [_wanted(page, gap) for gap in gaps]),
        _texts(page, "supplier", [_supplier(page.place, gap) for gap in gaps]),
        _numbers(page, "clauses", [len(gap.clauses) for gap in gaps]),
        _texts(page, "clause_names", [name or MISSING for name in names]),
    ]
    return table(columns, caption=page.word("quality.gaps"), name="data_gaps")


def _wanted(page: Page, gap: Gap) -> str:
    if not gap.column:
        return page.word("quality.whole_table")
    return page.label(gap.table, gap.column)


def _supplier(county: County, gap: Gap) -> str:
    leads = sorted({clause.lead for clause in gap.clauses if clause.lead})
    return supplier_of(county, gap.table, gap.column, otherwise=next(iter(leads), ""))


def _none(page: Page, key: str) -> Piece:
    return Piece(f'<p class="note">{cell.text(page.word(key)).html}</p>')
