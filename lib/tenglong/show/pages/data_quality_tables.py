"""The tables of the data page: each table's account, the problems, the repairs, what is wanting."""

import re
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from tenglong.measure.clause import Clause
from tenglong.measure.county import Repair
from tenglong.measure.sheet.data_quality import Account, Gap
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.firm import name_of
from tenglong.show.lacking import supplied
from tenglong.show.listing import Field, coded, day, filled, itself, listing, number, text, whole
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.data_quality import supplier_of_gap
from tenglong.show.piece import Piece, remark
from tenglong.show.table import table
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


def _origin(page: Page, account: Account) -> Cell:
    if not account.origin:
        return cell.text(page.word(".not_supplied"))
    return _file(account.origin, "" if account.is_read else page.word(".unread"))


def _file(name: str, more: str) -> Cell:
    """Name a file, and say something of it."""
    file = cell.text(name)
    return Cell(f"<code>{file.html}</code>{more}", f"{file.plain}{more}")


def _covers(account: Account) -> str | None:
    days = (day.isoformat()[: LENGTHS[account.grain]] for day in account.covers or ())
    return " – ".join(dict.fromkeys(days)) or None


def _present(account: Account) -> str | None:
    present, absent = len(account.present), len(account.absent)
    return f"{present}/{present + absent}" if account.is_read else None


def _absent(page: Page, account: Account) -> Cell:
    names = [page.label(account.table, name) for name in account.absent]
    all_names = filled(page, page.joined(names))
    if len(names) <= MOST_COLUMNS:
        return all_names
    first = page.word(".and_more", first=page.joined(names[:MOST_COLUMNS]))
    return Cell(cell.text(first).html, all_names.plain)


def _severity(page: Page, severity: Any) -> Cell:
    said, tone = page.word(f"intake.{severity}"), TONES[str(severity)]
    return Cell(f'<span class="status {tone}">{cell.text(said).html}</span>', said)


def _where(page: Page, problem: Told) -> Cell:
    file = f"{problem.file}[{problem.sheet}]" if problem.sheet else problem.file
    row = "" if problem.row is None else f" {page.word('intake.row', row=problem.row)}"
    return _file(file, row)


def _quoted(page: Page, value: str) -> Cell:
    """Draw what stands in the files, or what is said of it."""
    shown = filled(page, value)
    return Cell(NAME.sub(lambda name: f"<code>{name[0]}</code>", shown.html), shown.plain)


def _column(page: Page, problem: Told) -> Cell:
    names = [page.label(problem.table, name) for name in problem.column.split("+") if name]
    return _quoted(page, "+".join(names))


def _rule(page: Page, problem: Told) -> str:
    return problem.rule_zh if page.language == "zh" and problem.rule_zh else problem.rule


def _must(page: Page, problem: Told) -> Cell:
    return _quoted(page, _rule(page, problem))


def _example(page: Page, problem: Told) -> Cell:
    return _quoted(page, f"{problem.value} {_rule(page, problem)}".strip())


def _change(repair: Repair) -> float | None:
    return None if repair.before_mu is None else repair.after_mu - repair.before_mu


def _wanted(page: Page, gap: Gap) -> str:
    return page.label(gap.table, gap.column) if gap.column else page.word(".whole_table")


def _names(page: Page, clauses: Sequence[Clause]) -> str:
    return page.joined(page.told(clause.name) for clause in clauses) or MISSING


ACCOUNTS = (
    Field(".table", Page.label, is_header=True),
    Field(".file", _origin, itself),
    Field(".rows", whole),
    Field(".set_aside", whole),
    Field(".known", whole),
    Field(".covers", text, _covers),
    Field(".present", text, _present),
    Field(".absent", _absent, itself),
)
KINDS = (
    Field(".severity", _severity, lambda kind: kind[0].severity),
    Field(".table", Page.label, lambda kind: kind[0].table, is_header=True),
    Field(".column", _column, itemgetter(0), css="verbatim"),
    Field(".count", whole, len),
    Field(".example", _example, itemgetter(0), css="verbatim"),
    Field(".where", _where, itemgetter(0)),
)
PROBLEMS = (
    Field(".severity", _severity),
    Field(".where", _where, itself),
    Field(".table", Page.label),
    Field(".column", _column, itself, css="verbatim"),
    Field(".value", _quoted, css="verbatim"),
    Field(".rule", _must, itself, css="verbatim"),
    Field(".code", in_page=False),
)
REPAIRS = (
    Field(".name", filled, is_header=True),
    Field(".table", Page.label),
    Field(".row", whole),
    Field(".fault", coded(".fault")),
    Field(".before", number(4), "before_mu"),
    Field(".after", number(4), "after_mu"),
    Field(".change", number(4, sign=True), _change),
    Field(".outcome", coded(""), lambda repair: "made" if repair.is_made else "unmade"),
)
LATE_TERMS = (
    Field("firm.name", of=name_of, is_header=True),
    Field("firm.usci", of="usci", in_page=False),
    Field("clearance.column.state", coded("clearance.state"), "state"),
    Field("clearance.column.due", day, "due_on", css="short"),
)
GAPS = (
    Field(".table", Page.label, is_header=True),
    Field(".column", _wanted, itself),
    Field(".supplier", supplier_of_gap, itself),
    Field(".clauses", whole, lambda gap: len(gap.clauses)),
    Field(".clause_names", _names, "clauses"),
)


@supplied()
def late_terms(page: Page, firms: pd.DataFrame) -> Piece:
    """List the firms whose term in the clearance ends after the plan; nothing for none."""
    return listing(
        page,
        firms.to_dict("records"),
        LATE_TERMS,
        caption=page.word(".late_terms", end=page.place.plan.window.end),
        name="data_late_terms",
        note=page.word(".late_terms_note"),
        nothing=Piece(""),
    )


def account_table(page: Page, accounts: Sequence[Account]) -> Piece:
    """Draw what came in, table by table: file, rows, columns that lack, the time covered."""
    return listing(
        page,
        accounts,
        ACCOUNTS,
        caption=page.word(".accounts"),
        name="data_tables",
        note=page.word(".accounts_note"),
    )


def problem_groups(page: Page, problems: Sequence[Told]) -> Piece:
    """Draw the problems by kind and column, the gravest and most frequent first."""
    return listing(
        page,
        sorted(_kinds(problems), key=lambda kind: (_kind(kind[0])[0], -len(kind))),
        KINDS,
        caption=page.word(".groups"),
        name="data_problem_kinds",
        nothing=remark(page.word(".nothing")),
    )


def _kinds(problems: Sequence[Told]) -> list[list[Told]]:
    return [list(kind) for _, kind in groupby(sorted(problems, key=_kind), key=_kind)]


def _kind(problem: Told) -> tuple[int, str, str, str]:
    place = SEVERITIES.index(str(problem.severity))
    return place, problem.code, problem.table, problem.column


def problem_table(page: Page, problems: Sequence[Told]) -> Piece:
    """Draw every problem, the gravest first, nothing for none; of very many the first."""
    if not problems:
        return Piece("")
    kinds = _kinds(problems)
    first = [problem for kind in kinds for problem in kind[:MOST_OF_A_KIND]]
    rest = [problem for kind in kinds for problem in kind[MOST_OF_A_KIND:]]
    shown = min(len(first), MOST_ROWS)
    return table(
        [field.column(page, [*first, *rest]) for field in PROBLEMS],
        caption=page.word(".problems"),
        name="data_problems",
        note=page.word(".cut", rows=len(problems)) if len(problems) > shown else "",
        most_rows=shown,
    )


def total_table(page: Page, problems: Sequence[Told]) -> Piece:
    """Draw the totals that stand in the files, and whether they are the sum of their rows."""
    return listing(
        page,
        [problem for code in TOTALS for problem in problems if problem.code == code],
        PROBLEMS,
        caption=page.word(".totals"),
        name="data_totals",
        nothing=remark(page.word(".no_totals")),
    )


def repair_table(page: Page) -> Piece:
    """Draw the outlines that could not be used as drawn, with the areas before and after."""
    return listing(
        page,
        sorted(page.place.repairs, key=lambda one: (one.is_made, one.table, one.row)),
        REPAIRS,
        caption=page.word(".repairs"),
        name="data_repairs",
        note=page.word(".repairs_note"),
        nothing=remark(page.word(".no_repairs")),
        most_rows=MOST_ROWS,
    )


def gap_table(page: Page, gaps: Sequence[Gap]) -> Piece:
    """Draw what is wanting, who must supply it, and the clauses that cannot be told without."""
    return listing(
        page,
        gaps,
        GAPS,
        caption=page.word(".gaps"),
        name="data_gaps",
        nothing=remark(page.word(".nothing_wanting")),
    )
