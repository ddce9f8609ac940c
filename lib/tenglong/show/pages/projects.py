"""The project page: what it finds, and what its words mean."""

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import pandas as pd

from tenglong.measure.county import Unavailable
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.project.investment import Points
from tenglong.measure.sheet.projects import ProjectsSheet
from tenglong.show import cell
from tenglong.show.amount import actual_said, target_said
from tenglong.show.assessed import TONES
from tenglong.show.cell import Cell
from tenglong.show.coded import known
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.lacking import all_lacking, if_supplied, supplier_of
from tenglong.show.number import MISSING, figure
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, Value
from tenglong.show.share import promised, verdict


def project_findings(page: Page, sheet: ProjectsSheet) -> Piece:
    """Open the page: where projects are stuck, which contracts are broken, what is behind."""
    care = promised(sheet.board, "guarantee_teams")
    leading = (care.clause.lead if care else "") or supplier_of(page.place, "projects")
    parts = (sheet.stages, sheet.contracts, sheet.large, sheet.invested)
    return findings(
        *_of_funnel(page, sheet),
        *if_supplied(sheet.stages, lambda stages: _of_stages(page, stages, leading)),
        *if_supplied(sheet.contracts, lambda contracts: _of_contracts(page, contracts, leading)),
        *_of_clauses(page, sheet),
        *if_supplied(sheet.invested, lambda invested: _of_investment(page, sheet, invested)),
        *_of_shares(page, sheet),
        *if_supplied(
            sheet.large,
            lambda large: _of_care(
                page, large[large[sheet.rule.landing.landed_by].notna()], leading
            ),
        ),
        *all_lacking(page, [part for part in parts if isinstance(part, Unavailable)]),
        cards=tuple(_cards(page, sheet)),
        name="projects_findings",
    )


def _cards(page: Page, sheet: ProjectsSheet) -> Iterator[Card]:
    if not isinstance(sheet.stages, Unavailable):
        unit = page.word(".unit.projects")
        yield _to_push(page, "stuck", sheet.stages["is_stuck"], unit)
    if not isinstance(sheet.contracts, Unavailable):
        states = sheet.contracts["state"]
        unit = page.word(".unit.of_signed", signed=int((states != "not_signed").sum()))
        yield _to_push(page, "broken", states == "broken", unit)
    large = None if page.place.township else _large_clause(sheet)
    if large is not None and large.actual is not None and large.target is not None:
        unit = page.word(".unit.of_target", target=figure(large.target, 0))
        tone = cast("Tone", TONES.get(large.status, "none"))
        yield Card(page.word(".card.large"), cell.number(large.actual, 0), unit, tone)
    if not isinstance(sheet.invested, Unavailable) and sheet.invested:
        yield Card(page.word(".card.invested"), _wan(page, sheet.invested[-1][1]))


def _to_push(page: Page, key: str, projects: "pd.Series[bool]", unit: str) -> Card:
    count = int(projects.sum())
    tone: Tone = "bad" if count else "good"
    return Card(page.word(f".card.{key}"), cell.number(count, 0), unit, tone)


def _large_clause(sheet: ProjectsSheet) -> Assessment | None:
    """Find the clause on single projects of the policy's first line of investment."""
    for large in sheet.board.measured_by("projects_reached"):
        options = large.clause.indicator.options if large.clause.indicator else {}
        least = options.get("min_investment_wan")
        if options.get("is_single") and least == sheet.rule.sizes_wan[0]:
            return large
    return None


def _of_funnel(page: Page, sheet: ProjectsSheet) -> Iterator[Sentence]:
    said: dict[str, Value] = {
        "as_of": page.place.as_of,
        "projects": sheet.supplied,
        "planned": _wan(page, sheet.planned_wan),
    }
    if not sheet.supplied:
        if not isinstance(sheet.stages, Unavailable):
            yield page.sentence(".found.none", as_of=page.place.as_of)
        return
    stages = sheet.funnels["attracted"]
    if isinstance(stages, Unavailable) or not len(stages) or not stages["projects"].iloc[0]:
        yield page.sentence(".found.only", **said)
        return
    (_, signed), *later = zip(stages["stage"], stages["projects"], strict=True)
    reached = [
        page.sentence(".found.reached", stage=page.word(f"project.stage.{stage}"), count=int(count))
        for stage, count in later
        if count
    ]
    yield page.sentence(".found.overall", signed=int(signed), reached=reached, **said)


def _of_stages(page: Page, stages: pd.DataFrame, leading: str) -> Iterator[Sentence]:
    stuck = stages[stages["is_stuck"]]
    if stuck.empty:
        if len(stages):
            yield page.sentence(".found.none_stuck")
        return
    first = stuck.sort_values(["days_over", "project_id"], ascending=[False, True]).iloc[0]
    yield page.sentence(
        ".found.stuck",
        count=len(stuck),
        name=str(first["name"]),
        town=known(first["town"]),
        stage=page.word(f"project.stage.{first['stage']}"),
        days=int(first["days_in_stage"]),
        over=int(first["days_over"]),
        next=page.word(f"project.stage.{first['next_stage']}"),
        unit=leading,
    )


def _of_contracts(page: Page, contracts: pd.DataFrame, leading: str) -> Iterator[Sentence]:
    signed = contracts[contracts["state"] != "not_signed"]
    counts = {
        state: int((signed["state"] == state).sum()) for state in ("broken", "kept", "not_due")
    }
    if contracts.empty:
        return
    if signed.empty:
        yield page.sentence(".found.no_contracts")
    elif not counts["broken"]:
        kept, ahead = counts["kept"], counts["not_due"]
        yield page.sentence(".found.contracts_fine", signed=len(signed), kept=kept, not_due=ahead)
    else:
        worst = signed["worst_days_late"].max()
        yield page.sentence(
            ".found.contracts",
            signed=len(signed),
            worst=int(worst) if pd.notna(worst) else MISSING,
            unit=leading,
            **counts,
        )


def _of_clauses(page: Page, sheet: ProjectsSheet) -> Iterator[Sentence]:
    """Say how the counts stand that the plan wants: large projects, completions."""
    items = [
        page.sentence(
            ".found.clause",
            name=page.told(count.clause.name),
            actual=actual_said(page, count),
            target=target_said(page, count),
            status=page.word(f"status.{count.status}"),
        )
        for count in sheet.board.measured_by("projects_reached")
        if count.status.is_known and count.actual is not None
    ]
    if items:
        yield page.sentence(".found.clauses", items=page.listed(items))


def _of_investment(page: Page, sheet: ProjectsSheet, invested: Points) -> Iterator[Sentence]:
    if not invested:
        return
    sum_so_far, years = _wan(page, invested[-1][1]), sheet.yearly
    grown = None if isinstance(years, Unavailable) else years.dropna(subset="growth_pct")
    sums = sheet.board.measured_by("investment")
    total = next((assessment for assessment in sums if assessment.clause.unit == "亿元"), None)
    if total is None or total.target is None or not sheet.path or grown is None or grown.empty:
        yield page.sentence(".found.invested_only", invested=sum_so_far)
        return
    last = grown.iloc[-1]
    yield page.sentence(
        ".found.invested",
        invested=sum_so_far,
        target=target_said(page, total),
        path=_wan(page, sheet.path[-1][1]),
        year=str(int(last["year"])),
        growth=_growth(page, last["growth_pct"]),
    )


def _of_shares(page: Page, sheet: ProjectsSheet) -> Iterator[Sentence]:
    """Say how the shares of the last year stand, once the plan has begun."""
    shares = {n: years for n, years in sheet.shares.items() if not isinstance(years, Unavailable)}
    board = sheet.board
    start = board.assessments[0].clause.window.start.year if board.assessments else 0
    last = max((year for years in shares.values() for year in years), default=0)
    if not last or last < start:
        return
    values = {name: years[last].value for name, years in shares.items() if last in years}
    items = [
        page.sentence(
            ".found.share",
            name=page.word(f".share.{name}"),
            value=cell.number(value * 100),
            verdict=page.word(
                f"share.{verdict(value, promised(board, name), year=last, as_of=board.as_of)}"
            ),
        )
        for name, value in values.items()
        if value is not None
    ]
    if items:
        yield page.sentence(".found.shares", year=str(last), items=page.listed(items))


def _of_care(page: Page, landed: pd.DataFrame, leading: str) -> Iterator[Sentence]:
    """Say how many of the large projects that landed lack a team or a leader, where it is told."""
    team, lead = (
        int((~landed[name].fillna(value=False)).sum()) if landed[name].notna().any() else 0
        for name in ("has_team", "has_lead")
    )
    if team or lead:
        yield page.sentence(".found.uncared", team=team, lead=lead, unit=leading)


def _growth(page: Page, percent: float) -> Sentence:
    key = ".found.shrank" if percent < 0 else ".found.grew"
    return page.sentence(key, amount=cell.number(abs(percent)))


def _wan(page: Page, amount: Fraction) -> Cell:
    return cell.said(amount, "万元", page.language)


def project_terms(page: Page, sheet: ProjectsSheet) -> Piece:
    """Say what a stage's limit, a landing, a kept node and the two demands on investment are."""
    limits = [
        page.sentence(
            ".method.limit", stage=page.word(f"project.stage.{name}"), days=stage.limit_days
        )
        for name, stage in sheet.rule.stages.items()
        if stage.limit_days is not None
    ]
    landed_by = page.word(f"project.stage.{sheet.rule.landing.landed_by}")
    return findings(
        page.sentence(".method.stages", limits=limits),
        page.sentence(".method.landing", stage=landed_by),
        page.sentence(".method.contracts", grace=sheet.rule.grace_days)
        if sheet.rule.grace_days
        else page.sentence(".method.contracts_day"),
        page.sentence(".method.growth", base=str(page.place.plan.baseline_year)),
        name="projects_terms",
    )
