"""The project page by year and month: rates, investment against its path, and terms."""

from tenglong.measure.county import Unavailable
from tenglong.measure.reading import Part
from tenglong.measure.sheet.projects import ProjectsSheet
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.figure.lines import Line, lines
from tenglong.show.finding import findings
from tenglong.show.lacking import all_lacking, lacking
from tenglong.show.page import Page
from tenglong.show.pages.projects import WAN_A_YI
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence
from tenglong.show.share import promised, verdict, verdict_cell
from tenglong.show.table import Column, table

# Of a rate: the parts that it is the quotient of.
PARTS = {
    "manufacturing_project_share": ("manufacturing", "attracted"),
    "landing_rate": ("landed", "signed"),
    "investment_completion": ("invested_wan", "planned_wan"),
}
UNITS = {"investment_completion": "万元"}  # of the parts; the others are counts of projects


def shares_table(page: Page, sheet: ProjectsSheet) -> Piece:
    """Show the yearly rates with what they are the quotient of, the last year first."""
    known = {n: years for n, years in sheet.shares.items() if not isinstance(years, Unavailable)}
    keys = [(year, name) for name, years in known.items() for year in years]
    keys.sort(key=lambda key: (-key[0], list(PARTS).index(key[1])))
    gaps = [years for years in sheet.shares.values() if isinstance(years, Unavailable)]
    if not keys:
        said = all_lacking(page, gaps)
        said = said or [page.sentence("projects.none.shares")]
        return findings(*said, name="projects_shares")
    rows = [(year, name, known[name][year]) for year, name in keys]
    as_of = sheet.board.as_of
    columns = [
        _column(page, "year", [cell.text(year) for year, _, _ in rows], is_header=True),
        _column(page, "of", [cell.text(page.word(f"projects.share.{n}")) for _, n, _ in rows]),
        *(
            _column(
                page,
                ("done", "whole")[place],
                [_part(one.parts.get(PARTS[name][place]), name) for _, name, one in rows],
            )
            for place in (0, 1)
        ),
        _column(
            page,
            "value",
            [cell.number(None if o.value is None else o.value * 100, 1) for _, _, o in rows],
        ),
        _column(
            page,
            "verdict",
            [
                verdict_cell(
                    page, verdict(one.value, promised(sheet.board, name), year=year, as_of=as_of)
                )
                for year, name, one in rows
            ],
        ),
    ]
    return table(columns, caption=page.word("projects.table.shares"), name="projects_shares")


def _part(value: Part | None, name: str) -> Cell:
    is_number = value is not None and not isinstance(value, str) and not hasattr(value, "year")
    return cell.amount(value if is_number else None, UNITS.get(name, "个"))  # type: ignore[arg-type]


def _column(page: Page, name: str, cells: list[Cell], *, is_header: bool = False) -> Column:
    return Column(page.word(f"projects.column.{name}"), cells, is_header)


def investment_figure(page: Page, sheet: ProjectsSheet) -> Piece:
    """Draw what was invested so far, month by month, beside what is due."""
    if isinstance(sheet.invested, Unavailable):
        said = lacking(page, sheet.invested)
        return findings(said, name="projects_invested_figure")
    if not sheet.invested:
        return findings(page.sentence("projects.none.invested"), name="projects_invested_figure")
    series = [
        Line(
            page.word("projects.figure.actual"),
            [(day, total / WAN_A_YI) for day, total in sheet.invested],
        )
    ]
    if sheet.path:
        due = [(day, total / WAN_A_YI) for day, total in sheet.path]
        series.append(Line(page.word("projects.figure.path"), due, is_reference=True))
    return lines(
        page,
        series,
        caption=page.word("projects.figure.invested"),
        described=page.word("projects.figure.invested_described"),
        name="projects_invested_figure",
        unit=page.word("projects.unit.yi"),
    )


def yearly_table(page: Page, sheet: ProjectsSheet) -> Piece:
    """Show what was invested by year, of it in upgrading, in enclaves besides, and its growth."""
    if isinstance(sheet.yearly, Unavailable):
        return findings(lacking(page, sheet.yearly), name="projects_yearly")
    rows = sheet.yearly.sort_values("year", ascending=False)
    if rows.empty:
        return findings(page.sentence("projects.none.invested"), name="projects_yearly")
    columns = [
        _column(page, "year", [cell.text(int(year)) for year in rows["year"]], is_header=True),
        _column(page, "months", [cell.number(int(n), 0) for n in rows["months"]]),
        _column(page, "invested", [cell.number(v, 2) for v in rows["invested_wan"]]),
        _column(page, "upgrade", [cell.number(v, 2) for v in rows["upgrade_wan"]]),
        _column(page, "enclave", [cell.number(v, 2) for v in rows["enclave_wan"]]),
        _column(page, "growth", [cell.number(v, 1, sign=True) for v in rows["growth_pct"]]),
    ]
    return table(
        columns,
        caption=page.word("projects.table.yearly"),
        name="projects_yearly",
        note=page.word("projects.table.yearly_note"),
    )


def project_terms(page: Page, sheet: ProjectsSheet) -> Piece:
    """Say what a stage's limit, a landing, a kept node and the two demands on investment are."""
    limits: list[Sentence] = [
        page.sentence(
            "projects.method.limit", stage=page.word(f"project.stage.{name}"), days=stage.limit_days
        )
        for name, stage in sheet.rule.stages.items()
        if stage.limit_days is not None
    ]
    landed_by = page.word(f"project.stage.{sheet.rule.landing.landed_by}")
    return findings(
        page.sentence("projects.method.stages", limits=limits),
        page.sentence("projects.method.landing", stage=landed_by),
        page.sentence("projects.method.contracts", grace=sheet.rule.grace_days),
        page.sentence("projects.method.growth"),
        name="projects_terms",
    )
