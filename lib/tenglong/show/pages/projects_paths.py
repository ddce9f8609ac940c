"""The project page by year and month: rates, investment against its path, and terms."""

from tenglong.measure.county import County, Unavailable
from tenglong.measure.project.project_sheet import ProjectSheet
from tenglong.measure.reading import Part
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.figure.lines import Line, lines
from tenglong.show.finding import Sentence, findings, sentence
from tenglong.show.lacking import all_lacking, lacking
from tenglong.show.pages.projects import WAN_A_YI
from tenglong.show.piece import Piece
from tenglong.show.share import promised, verdict, verdict_cell
from tenglong.show.table import Column, table
from tenglong.show.words import word

# Of a rate: the parts that it is the quotient of.
PARTS = {
    "manufacturing_project_share": ("manufacturing", "attracted"),
    "landing_rate": ("landed", "signed"),
    "investment_completion": ("invested_wan", "planned_wan"),
}
UNITS = {"investment_completion": "万元"}  # of the parts; the others are counts of projects


def shares_table(county: County, sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """Show the yearly rates with what they are the quotient of, the last year first."""
    known = {n: years for n, years in sheet.shares.items() if not isinstance(years, Unavailable)}
    keys = [(year, name) for name, years in known.items() for year in years]
    keys.sort(key=lambda key: (-key[0], list(PARTS).index(key[1])))
    gaps = [years for years in sheet.shares.values() if isinstance(years, Unavailable)]
    if not keys:
        said = all_lacking(county, gaps, language=language)
        said = said or [sentence("projects.none.shares", language)]
        return findings(*said, name="projects_shares")
    rows = [(year, name, known[name][year]) for year, name in keys]
    as_of = sheet.board.as_of
    columns = [
        _column("year", [cell.text(year) for year, _, _ in rows], language, is_header=True),
        _column(
            "of", [cell.text(word(f"projects.share.{n}", language)) for _, n, _ in rows], language
        ),
        *(
            _column(
                ("done", "whole")[place],
                [_part(one.parts.get(PARTS[name][place]), name) for _, name, one in rows],
                language,
            )
            for place in (0, 1)
        ),
        _column(
            "value",
            [cell.number(None if o.value is None else o.value * 100, 1) for _, _, o in rows],
            language,
        ),
        _column(
            "verdict",
            [
                verdict_cell(
                    verdict(one.value, promised(sheet.board, name), year=year, as_of=as_of),
                    language,
                )
                for year, name, one in rows
            ],
            language,
        ),
    ]
    return table(columns, caption=word("projects.table.shares", language), name="projects_shares")


def _part(value: Part | None, name: str) -> Cell:
    is_number = value is not None and not isinstance(value, str) and not hasattr(value, "year")
    return cell.amount(value if is_number else None, UNITS.get(name, "个"))  # type: ignore[arg-type]


def _column(name: str, cells: list[Cell], language: str, *, is_header: bool = False) -> Column:
    return Column(word(f"projects.column.{name}", language), cells, is_header)


def investment_figure(county: County, sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """Draw what was invested so far, month by month, beside what is due."""
    if isinstance(sheet.invested, Unavailable):
        said = lacking(county, sheet.invested, language=language)
        return findings(said, name="projects_invested_figure")
    if not sheet.invested:
        return findings(
            sentence("projects.none.invested", language), name="projects_invested_figure"
        )
    series = [
        Line(
            word("projects.figure.actual", language),
            [(day, total / WAN_A_YI) for day, total in sheet.invested],
        )
    ]
    if sheet.path:
        due = [(day, total / WAN_A_YI) for day, total in sheet.path]
        series.append(Line(word("projects.figure.path", language), due, is_reference=True))
    return lines(
        series,
        caption=word("projects.figure.invested", language),
        described=word("projects.figure.invested_described", language),
        name="projects_invested_figure",
        unit=word("projects.unit.yi", language),
        language=language,
    )


def yearly_table(county: County, sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """Show what was invested by year, of it in upgrading, in enclaves besides, and its growth."""
    if isinstance(sheet.yearly, Unavailable):
        return findings(lacking(county, sheet.yearly, language=language), name="projects_yearly")
    rows = sheet.yearly.sort_values("year", ascending=False)
    if rows.empty:
        return findings(sentence("projects.none.invested", language), name="projects_yearly")
    columns = [
        _column("year", [cell.text(int(year)) for year in rows["year"]], language, is_header=True),
        _column("months", [cell.number(int(n), 0) for n in rows["months"]], language),
        _column("invested", [cell.number(v, 2) for v in rows["invested_wan"]], language),
        _column("upgrade", [cell.number(v, 2) for v in rows["upgrade_wan"]], language),
        _column("enclave", [cell.number(v, 2) for v in rows["enclave_wan"]], language),
        _column("growth", [cell.number(v, 1, sign=True) for v in rows["growth_pct"]], language),
    ]
    return table(
        columns,
        caption=word("projects.table.yearly", language),
        name="projects_yearly",
        note=word("projects.table.yearly_note", language),
    )


def project_terms(sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """Say what a stage's limit, a landing, a kept node and the two demands on investment are."""
    limits: list[Sentence] = [
        sentence(
            "projects.method.limit",
            language,
            stage=word(f"project.stage.{name}", language),
            days=stage.limit_days,
        )
        for name, stage in sheet.rule.stages.items()
        if stage.limit_days is not None
    ]
    landed_by = word(f"project.stage.{sheet.rule.landing.landed_by}", language)
    return findings(
        sentence("projects.method.stages", language, limits=limits),
        sentence("projects.method.landing", language, stage=landed_by),
        sentence("projects.method.contracts", language, grace=sheet.rule.grace_days),
        sentence("projects.method.growth", language),
        name="projects_terms",
    )
