"""The project page: what it finds, and the funnel from signing to capacity."""

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.project.project_sheet import ProjectSheet
from tenglong.measure.target.assessment import Assessment
from tenglong.show import cell
from tenglong.show.assessed import TONES, actual_text, target_text
from tenglong.show.coded import known
from tenglong.show.figure.funnel import Step, funnel
from tenglong.show.finding import Card, Sentence, Tone, Value, findings, sentence
from tenglong.show.lacking import all_lacking, lacking, supplier_of
from tenglong.show.number import MISSING, figure, percent
from tenglong.show.piece import Piece
from tenglong.show.share import promised, verdict
from tenglong.show.table import Column, table
from tenglong.show.words import word

WAN_A_YI = 10_000  # 1 亿 is 10,000 万


def project_findings(county: County, sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """Open the page: where projects are stuck, which contracts are broken, what is behind."""
    said = [
        *_of_funnel(county, sheet, language),
        *_of_stages(county, sheet, language),
        *_of_contracts(county, sheet, language),
        *_of_clauses(sheet, language),
        *_of_investment(sheet, language),
        *_of_shares(sheet, language),
        *_of_care(county, sheet, language),
    ]
    parts = (sheet.stages, sheet.contracts, sheet.large, sheet.invested)
    gaps = [part for part in parts if isinstance(part, Unavailable)]
    return findings(
        *said,
        *all_lacking(county, gaps, language=language),
        cards=tuple(_cards(county, sheet, language)),
        name="projects_findings",
    )


def _cards(county: County, sheet: ProjectSheet, language: str) -> Iterator[Card]:
    if not isinstance(sheet.stages, Unavailable):
        count = int(sheet.stages["is_stuck"].sum())
        tone: Tone = "bad" if count else "good"
        unit = word("projects.unit.projects", language)
        yield Card(word("projects.card.stuck", language), cell.number(count, 0), unit, tone)
    if not isinstance(sheet.contracts, Unavailable):
        states = sheet.contracts["state"]
        count, signed = int((states == "broken").sum()), int((states != "not_signed").sum())
        tone = "bad" if count else "good"
        unit = word("projects.unit.of_signed", language, signed=signed)
        yield Card(word("projects.card.broken", language), cell.number(count, 0), unit, tone)
    large = None if county.township else _large_clause(sheet)
    if large is not None and large.actual is not None and large.target is not None:
        unit = word("projects.unit.of_target", language, target=figure(large.target, 0))
        tone = cast("Tone", TONES.get(large.status, "none"))
        label = word("projects.card.large", language)
        yield Card(label, cell.number(large.actual, 0), unit, tone)
    if not isinstance(sheet.invested, Unavailable) and sheet.invested:
        label, unit = word("projects.card.invested", language), word("projects.unit.yi", language)
        yield Card(label, cell.number(_yi(sheet.invested[-1][1]), 2), unit)


def _large_clause(sheet: ProjectSheet) -> Assessment | None:
    """Find the clause on single projects of the policy's first line of investment."""
    for one in sheet.board.measured_by("projects_reached"):
        options = one.clause.indicator.options if one.clause.indicator else {}
        if (
            options.get("is_single")
            and options.get("min_investment_wan") == sheet.rule.sizes_wan[0]
        ):
            return one
    return None


def _of_funnel(county: County, sheet: ProjectSheet, language: str) -> Iterator[Sentence]:
    if not sheet.supplied:
        if not isinstance(sheet.stages, Unavailable):
            yield sentence("projects.found.none", language, as_of=county.as_of)
        return
    said: dict[str, Value] = {
        "as_of": county.as_of,
        "projects": sheet.supplied,
        "planned": cell.number(_yi(sheet.planned_wan), 2),
    }
    found = sheet.funnels["attracted"]
    if isinstance(found, Unavailable) or not len(found) or not found["projects"].iloc[0]:
        yield sentence("projects.found.only", language, **said)
        return
    counts = [int(count) for count in found["projects"]]
    reached = [
        sentence(
            "projects.found.reached",
            language,
            stage=word(f"project.stage.{stage}", language),
            count=count,
        )
        for stage, count in zip(found["stage"].tolist()[1:], counts[1:], strict=True)
    ]
    yield sentence("projects.found.overall", language, signed=counts[0], reached=reached, **said)


def _of_stages(county: County, sheet: ProjectSheet, language: str) -> Iterator[Sentence]:
    if isinstance(sheet.stages, Unavailable) or not sheet.supplied:
        return
    stuck = sheet.stages[sheet.stages["is_stuck"]]
    if stuck.empty:
        yield sentence("projects.found.none_stuck", language)
        return
    first = stuck.sort_values(["days_over", "project_id"], ascending=[False, True]).iloc[0]
    yield sentence(
        "projects.found.stuck",
        language,
        count=len(stuck),
        name=str(first["name"]),
        town=known(first["town"]),
        stage=word(f"project.stage.{first['stage']}", language),
        days=int(first["days_in_stage"]),
        over=int(first["days_over"]),
        next=word(f"project.stage.{first['next_stage']}", language),
        unit=leading(county, sheet),
    )


def _of_contracts(county: County, sheet: ProjectSheet, language: str) -> Iterator[Sentence]:
    if isinstance(sheet.contracts, Unavailable) or not sheet.supplied:
        return
    states = sheet.contracts["state"]
    counts = {state: int((states == state).sum()) for state in ("broken", "kept", "not_due")}
    signed = int((states != "not_signed").sum())
    if not signed:
        yield sentence("projects.found.no_contracts", language)
    elif not counts["broken"]:
        kept, ahead = counts["kept"], counts["not_due"]
        yield sentence(
            "projects.found.contracts_fine", language, signed=signed, kept=kept, not_due=ahead
        )
    else:
        worst = sheet.contracts.loc[states != "not_signed", "worst_days_late"].max()
        yield sentence(
            "projects.found.contracts",
            language,
            signed=signed,
            worst=int(worst) if pd.notna(worst) else MISSING,
            unit=leading(county, sheet),
            **counts,
        )


def _of_clauses(sheet: ProjectSheet, language: str) -> Iterator[Sentence]:
    """Say how the counts stand that the plan wants: large projects, completions."""
    items = [
        sentence(
            "projects.found.clause",
            language,
            name=one.clause.name[language],
            actual=actual_text(one, language),
            target=target_text(one, language),
            status=word(f"status.{one.status}", language),
        )
        for one in sheet.board.measured_by("projects_reached")
        if one.status.is_known and one.actual is not None
    ]
    if items:
        yield sentence("projects.found.clauses", language, items=items)


def _of_investment(sheet: ProjectSheet, language: str) -> Iterator[Sentence]:
    if isinstance(sheet.invested, Unavailable) or not sheet.invested:
        return
    invested = cell.number(_yi(sheet.invested[-1][1]), 2)
    years = sheet.yearly
    grown = None if isinstance(years, Unavailable) else years.dropna(subset="growth_pct")
    total = next(
        (one for one in sheet.board.measured_by("investment") if one.clause.unit == "亿元"), None
    )
    if total is None or total.target is None or not sheet.path or grown is None or grown.empty:
        yield sentence("projects.found.invested_only", language, invested=invested)
        return
    last = grown.iloc[-1]
    yield sentence(
        "projects.found.invested",
        language,
        invested=invested,
        target=cell.number(total.target, 0),
        path=cell.number(_yi(sheet.path[-1][1]), 2),
        year=str(int(last["year"])),
        growth=cell.number(last["growth_pct"], 1),
    )


def _of_shares(sheet: ProjectSheet, language: str) -> Iterator[Sentence]:
    known = {n: years for n, years in sheet.shares.items() if not isinstance(years, Unavailable)}
    start = sheet.board.assessments[0].clause.window.start.year if sheet.board.assessments else 0
    last = max((year for years in known.values() for year in years), default=0)
    if not last or last < start:
        return
    items = []
    for name, years in known.items():
        value = years[last].value if last in years else None
        if value is None:
            continue
        code = verdict(value, promised(sheet.board, name), year=last, as_of=sheet.board.as_of)
        items.append(
            sentence(
                "projects.found.share",
                language,
                name=word(f"projects.share.{name}", language),
                value=cell.number(value * 100, 1),
                verdict=word(f"share.{code}", language),
            )
        )
    if items:
        yield sentence("projects.found.shares", language, year=str(last), items=items)


def _of_care(county: County, sheet: ProjectSheet, language: str) -> Iterator[Sentence]:
    if isinstance(sheet.large, Unavailable):
        return
    landed = sheet.large[sheet.large[sheet.rule.landing.landed_by].notna()]
    lacking_team, lacking_lead = (
        int((~landed[name].fillna(value=False)).sum()) if landed[name].notna().any() else 0
        for name in ("has_team", "has_lead")
    )
    if lacking_team or lacking_lead:
        unit = leading(county, sheet)
        yield sentence(
            "projects.found.uncared", language, team=lacking_team, lead=lacking_lead, unit=unit
        )


def leading(county: County, sheet: ProjectSheet) -> str:
    """Name the unit that leads the care for projects in the plan, or who supplies their table."""
    one = promised(sheet.board, "guarantee_teams")
    return (one.clause.lead if one else "") or supplier_of(county, "projects")


def _yi(wan: Fraction) -> Fraction:
    return wan / WAN_A_YI


def funnel_figure(county: County, sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """Draw how many attracted manufacturing projects came as far as each stage."""
    found = sheet.funnels["attracted"]
    if isinstance(found, Unavailable):
        return findings(lacking(county, found, language=language), name="projects_funnel_figure")
    steps = [
        Step(
            word(f"project.stage.{row['stage']}", language),
            int(row["projects"]),
            note=word(
                "projects.figure.funnel_note",
                language,
                share=percent(row["share_pct"] / 100),
                planned=figure(row["investment_wan"] / WAN_A_YI, 2),
            ),
        )
        for row in found.to_dict("records")
    ]
    return funnel(
        steps,
        caption=word("projects.figure.funnel", language),
        described=word("projects.figure.funnel_described", language),
        name="projects_funnel_figure",
        language=language,
    )


def funnel_table(sheet: ProjectSheet, *, language: str = "zh") -> Piece:
    """Count by stage all projects, the attracted manufacturing ones, and the large ones."""
    told = {n: f for n, f in sheet.funnels.items() if not isinstance(f, Unavailable)}
    if not told:
        return Piece("")
    first = next(iter(told.values()))
    stages = [word(f"project.stage.{stage}", language) for stage in first["stage"]]
    columns = [
        Column(word("projects.column.stage", language), [cell.text(s) for s in stages], True),
        *(
            Column(
                word(f"projects.column.{name}", language),
                [cell.number(n, 0) for n in found["projects"]],
            )
            for name, found in told.items()
        ),
    ]
    if "attracted" in told:
        columns += [
            Column(
                word("projects.column.share", language),
                [cell.number(value, 1) for value in told["attracted"]["share_pct"]],
            ),
            Column(
                word("projects.column.attracted_investment", language),
                [cell.number(value, 2) for value in told["attracted"]["investment_wan"]],
            ),
        ]
    return table(columns, caption=word("projects.table.funnel", language), name="projects_funnel")
