"""The project page: what it finds, and the funnel from signing to capacity."""

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import pandas as pd

from tenglong.measure.county import County, Unavailable
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.sheet.projects import ProjectsSheet
from tenglong.show import cell
from tenglong.show.assessed import TONES, actual_text, target_text
from tenglong.show.coded import known
from tenglong.show.figure.funnel import Step, funnel
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.lacking import all_lacking, lacking, supplier_of
from tenglong.show.number import MISSING, figure, percent
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, Value
from tenglong.show.share import promised, verdict
from tenglong.show.table import Column, table

WAN_A_YI = 10_000  # 1 亿 is 10,000 万


def project_findings(page: Page, sheet: ProjectsSheet) -> Piece:
    """Open the page: where projects are stuck, which contracts are broken, what is behind."""
    said = [
        *_of_funnel(page, sheet),
        *_of_stages(page, sheet),
        *_of_contracts(page, sheet),
        *_of_clauses(page, sheet),
        *_of_investment(page, sheet),
        *_of_shares(page, sheet),
        *_of_care(page, sheet),
    ]
    parts = (sheet.stages, sheet.contracts, sheet.large, sheet.invested)
    gaps = [part for part in parts if isinstance(part, Unavailable)]
    return findings(
        *said,
        *all_lacking(page, gaps),
        cards=tuple(_cards(page, sheet)),
        name="projects_findings",
    )


def _cards(page: Page, sheet: ProjectsSheet) -> Iterator[Card]:
    if not isinstance(sheet.stages, Unavailable):
        count = int(sheet.stages["is_stuck"].sum())
        tone: Tone = "bad" if count else "good"
        unit = page.word("projects.unit.projects")
        yield Card(page.word("projects.card.stuck"), cell.number(count, 0), unit, tone)
    if not isinstance(sheet.contracts, Unavailable):
        states = sheet.contracts["state"]
        count, signed = int((states == "broken").sum()), int((states != "not_signed").sum())
        tone = "bad" if count else "good"
        unit = page.word("projects.unit.of_signed", signed=signed)
        yield Card(page.word("projects.card.broken"), cell.number(count, 0), unit, tone)
    large = None if page.place.township else _large_clause(sheet)
    if large is not None and large.actual is not None and large.target is not None:
        unit = page.word("projects.unit.of_target", target=figure(large.target, 0))
        tone = cast("Tone", TONES.get(large.status, "none"))
        label = page.word("projects.card.large")
        yield Card(label, cell.number(large.actual, 0), unit, tone)
    if not isinstance(sheet.invested, Unavailable) and sheet.invested:
        label, unit = page.word("projects.card.invested"), page.word("projects.unit.yi")
        yield Card(label, cell.number(_yi(sheet.invested[-1][1]), 2), unit)


def _large_clause(sheet: ProjectsSheet) -> Assessment | None:
    """Find the clause on single projects of the policy's first line of investment."""
    for one in sheet.board.measured_by("projects_reached"):
        options = one.clause.indicator.options if one.clause.indicator else {}
        if (
            options.get("is_single")
            and options.get("min_investment_wan") == sheet.rule.sizes_wan[0]
        ):
            return one
    return None


def _of_funnel(page: Page, sheet: ProjectsSheet) -> Iterator[Sentence]:
    if not sheet.supplied:
        if not isinstance(sheet.stages, Unavailable):
            yield page.sentence("projects.found.none", as_of=page.place.as_of)
        return
    said: dict[str, Value] = {
        "as_of": page.place.as_of,
        "projects": sheet.supplied,
        "planned": cell.number(_yi(sheet.planned_wan), 2),
    }
    found = sheet.funnels["attracted"]
    if isinstance(found, Unavailable) or not len(found) or not found["projects"].iloc[0]:
        yield page.sentence("projects.found.only", **said)
        return
    counts = [int(count) for count in found["projects"]]
    reached = [
        page.sentence(
            "projects.found.reached", stage=page.word(f"project.stage.{stage}"), count=count
        )
        for stage, count in zip(found["stage"].tolist()[1:], counts[1:], strict=True)
    ]
    yield page.sentence("projects.found.overall", signed=counts[0], reached=reached, **said)


def _of_stages(page: Page, sheet: ProjectsSheet) -> Iterator[Sentence]:
    if isinstance(sheet.stages, Unavailable) or not sheet.supplied:
        return
    stuck = sheet.stages[sheet.stages["is_stuck"]]
    if stuck.empty:
        yield page.sentence("projects.found.none_stuck")
        return
    first = stuck.sort_values(["days_over", "project_id"], ascending=[False, True]).iloc[0]
    yield page.sentence(
        "projects.found.stuck",
        count=len(stuck),
        name=str(first["name"]),
        town=known(first["town"]),
        stage=page.word(f"project.stage.{first['stage']}"),
        days=int(first["days_in_stage"]),
        over=int(first["days_over"]),
        next=page.word(f"project.stage.{first['next_stage']}"),
        unit=leading(page.place, sheet),
    )


def _of_contracts(page: Page, sheet: ProjectsSheet) -> Iterator[Sentence]:
    if isinstance(sheet.contracts, Unavailable) or not sheet.supplied:
        return
    states = sheet.contracts["state"]
    counts = {state: int((states == state).sum()) for state in ("broken", "kept", "not_due")}
    signed = int((states != "not_signed").sum())
    if not signed:
        yield page.sentence("projects.found.no_contracts")
    elif not counts["broken"]:
        kept, ahead = counts["kept"], counts["not_due"]
        yield page.sentence(
            "projects.found.contracts_fine", signed=signed, kept=kept, not_due=ahead
        )
    else:
        worst = sheet.contracts.loc[states != "not_signed", "worst_days_late"].max()
        yield page.sentence(
            "projects.found.contracts",
            signed=signed,
            worst=int(worst) if pd.notna(worst) else MISSING,
            unit=leading(page.place, sheet),
            **counts,
        )


def _of_clauses(page: Page, sheet: ProjectsSheet) -> Iterator[Sentence]:
    """Say how the counts stand that the plan wants: large projects, completions."""
    items = [
        page.sentence(
            "projects.found.clause",
            name=one.clause.name[page.language],
            actual=actual_text(page, one),
            target=target_text(page, one),
            status=page.word(f"status.{one.status}"),
        )
        for one in sheet.board.measured_by("projects_reached")
        if one.status.is_known and one.actual is not None
    ]
    if items:
        yield page.sentence("projects.found.clauses", items=items)


def _of_investment(page: Page, sheet: ProjectsSheet) -> Iterator[Sentence]:
    if isinstance(sheet.invested, Unavailable) or not sheet.invested:
        return
    invested = cell.number(_yi(sheet.invested[-1][1]), 2)
    years = sheet.yearly
    grown = None if isinstance(years, Unavailable) else years.dropna(subset="growth_pct")
    total = next(
        (one for one in sheet.board.measured_by("investment") if one.clause.unit == "亿元"), None
    )
    if total is None or total.target is None or not sheet.path or grown is None or grown.empty:
        yield page.sentence("projects.found.invested_only", invested=invested)
        return
    last = grown.iloc[-1]
    yield page.sentence(
        "projects.found.invested",
        invested=invested,
        target=cell.number(total.target, 0),
        path=cell.number(_yi(sheet.path[-1][1]), 2),
        year=str(int(last["year"])),
        growth=cell.number(last["growth_pct"], 1),
    )


def _of_shares(page: Page, sheet: ProjectsSheet) -> Iterator[Sentence]:
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
            page.sentence(
                "projects.found.share",
                name=page.word(f"projects.share.{name}"),
                value=cell.number(value * 100, 1),
                verdict=page.word(f"share.{code}"),
            )
        )
    if items:
        yield page.sentence("projects.found.shares", year=str(last), items=items)


def _of_care(page: Page, sheet: ProjectsSheet) -> Iterator[Sentence]:
    if isinstance(sheet.large, Unavailable):
        return
    landed = sheet.large[sheet.large[sheet.rule.landing.landed_by].notna()]
    lacking_team, lacking_lead = (
        int((~landed[name].fillna(value=False)).sum()) if landed[name].notna().any() else 0
        for name in ("has_team", "has_lead")
    )
    if lacking_team or lacking_lead:
        unit = leading(page.place, sheet)
        yield page.sentence(
            "projects.found.uncared", team=lacking_team, lead=lacking_lead, unit=unit
        )


def leading(county: County, sheet: ProjectsSheet) -> str:
    """Name the unit that leads the care for projects in the plan, or who supplies their table."""
    one = promised(sheet.board, "guarantee_teams")
    return (one.clause.lead if one else "") or supplier_of(county, "projects")


def _yi(wan: Fraction) -> Fraction:
    return wan / WAN_A_YI


def funnel_figure(page: Page, sheet: ProjectsSheet) -> Piece:
    """Draw how many attracted manufacturing projects came as far as each stage."""
    found = sheet.funnels["attracted"]
    if isinstance(found, Unavailable):
        return findings(lacking(page, found), name="projects_funnel_figure")
    steps = [
        Step(
            page.word(f"project.stage.{row['stage']}"),
            int(row["projects"]),
            note=page.word(
                "projects.figure.funnel_note",
                share=percent(row["share_pct"] / 100),
                planned=figure(row["investment_wan"] / WAN_A_YI, 2),
            ),
        )
        for row in found.to_dict("records")
    ]
    return funnel(
        page,
        steps,
        caption=page.word("projects.figure.funnel"),
        described=page.word("projects.figure.funnel_described"),
        name="projects_funnel_figure",
    )


def funnel_table(page: Page, sheet: ProjectsSheet) -> Piece:
    """Count by stage all projects, the attracted manufacturing ones, and the large ones."""
    told = {n: f for n, f in sheet.funnels.items() if not isinstance(f, Unavailable)}
    if not told:
        return Piece("")
    first = next(iter(told.values()))
    stages = [page.word(f"project.stage.{stage}") for stage in first["stage"]]
    columns = [
        Column(page.word("projects.column.stage"), [cell.text(s) for s in stages], True),
        *(
            Column(
                page.word(f"projects.column.{name}"),
                [cell.number(n, 0) for n in found["projects"]],
            )
            for name, found in told.items()
        ),
    ]
    if "attracted" in told:
        columns += [
            Column(
                page.word("projects.column.share"),
                [cell.number(value, 1) for value in told["attracted"]["share_pct"]],
            ),
            Column(
                page.word("projects.column.attracted_investment"),
                [cell.number(value, 2) for value in told["attracted"]["investment_wan"]],
            ),
        ]
    return table(columns, caption=page.word("projects.table.funnel"), name="projects_funnel")
