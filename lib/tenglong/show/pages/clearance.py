"""The clearance page: what it finds, who is overdue, what was freed, who must do what next."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from tenglong.measure.clause import Clause
from tenglong.measure.clearance.duties import Duty
from tenglong.measure.clearance.freed import FreedCarbon
from tenglong.measure.judge.assessment import Assessment, Board
from tenglong.measure.sheet.clearance import ClearanceSheet
from tenglong.show import cell
from tenglong.show.amount import actual_said, target_said
from tenglong.show.assessed import lead_text
from tenglong.show.cell import Cell
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.firm import name_of, place_text
from tenglong.show.lacking import all_lacking, if_supplied, supplier_of
from tenglong.show.number import MISSING, percent, plain
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import scorecard
from tenglong.show.piece import Piece, remark
from tenglong.show.sentence import Sentence, paragraph

MOST_LIFTED = 20
MOST_NAMED = 3
Row = Mapping[Any, Any]


def clearance_findings(page: Page, board: Board, sheet: ClearanceSheet) -> Piece:
    """Open the page: the list, what is overdue, what was freed, what is left."""
    parts = (sheet.firms, sheet.unlisted, sheet.left, sheet.carbon, sheet.projects, sheet.users)
    told = (
        if_supplied(sheet.firms, lambda firms: _overall(page, sheet, firms)),
        if_supplied(sheet.tasks, lambda pairs: _tasks(page, pairs)),
        if_supplied(sheet.firms, lambda firms: _overdue(page, sheet, firms)),
        if_supplied(sheet.firms, lambda firms: _next_due(page, sheet, firms)),
        if_supplied(sheet.unlisted, lambda firms: _unlisted(page, sheet, firms)),
        (
            *_freed(page, board),
            *if_supplied(sheet.carbon, lambda carbon: _implied(page, sheet, carbon)),
        ),
        if_supplied(sheet.left, lambda firms: _left(page, sheet, firms)),
        (
            *if_supplied(sheet.projects, lambda projects: _two_high(page, projects)),
            *if_supplied(sheet.users, lambda users: _users(page, sheet, users)),
        ),
        if_supplied(
            sheet.undecided,
            lambda some: if_supplied(sheet.unscoped, lambda more: _unknown(page, some, more)),
        ),
        all_lacking(page, parts),
    )
    return findings(
        *(
            paragraph(*sentences, language=page.language)
            for sentences in map(tuple, told)
            if sentences
        ),
        name="clearance_findings",
        cards=list(if_supplied(sheet.firms, lambda firms: _cards(page, sheet, firms))),
    )


def clause_of(page: Page, indicator: str) -> Clause | None:
    """Give the plan's clause that an indicator measures; None where there is none."""
    clauses = page.place.plan.clauses
    return next((o for o in clauses if o.indicator and o.indicator.name == indicator), None)


def lead_of(page: Page, indicator: str) -> str:
    """Name the unit that leads the clause that an indicator measures."""
    clause = clause_of(page, indicator)
    return lead_text(page, clause) if clause else page.word("board.no_lead")


def units_for(page: Page, sheet: ClearanceSheet, row: Row) -> str:
    """Name who answers for a listed firm: the unit that leads, and its township."""
    town = row.get("township")
    places = [place_text(sheet.townships, town)] if isinstance(town, str) else []
    return page.joined([lead_of(page, "checked_firms"), *places])


def overdue_of(firms: pd.DataFrame) -> pd.DataFrame:
    """Give the firms of which something is overdue, the longest first."""
    late = firms[firms["days_overdue"].notna()]
    return late.sort_values(["days_overdue", "usci"], ascending=[False, True], kind="stable")


def line_of(sheet: ClearanceSheet) -> Cell:
    """Give the line of tax per mu, in 10k CNY."""
    line = sheet.line_wan_per_mu
    if line is None:
        return Cell(MISSING, "")
    return cell.number(line, 0 if line.denominator == 1 else 2)


def _states(sheet: ClearanceSheet, firms: pd.DataFrame) -> dict[str, int]:
    """Count the firms that have passed, that were closed, and that are still under way."""
    counts = Counter(firms["state"])
    return {
        "passed": counts["passed"] if "passed" in sheet.ends else 0,
        "closed": counts["closed"] if "closed" in sheet.ends else 0,
        "running": len(firms) - sum(counts[step] for step in sheet.ends),
    }


def _cards(page: Page, sheet: ClearanceSheet, firms: pd.DataFrame) -> Iterator[Card]:
    if firms.empty:
        return
    unit, line = page.word(".firms"), line_of(sheet).html
    counts = {"listed": len(firms), **_states(sheet, firms), "overdue": len(overdue_of(firms))}
    counts |= if_supplied(sheet.left, lambda left: {"left": len(left)}.items())
    tones: dict[str, tuple[Tone, Tone]] = {
        "listed": ("all", "all"),
        "running": ("good", "warn"),
        "overdue": ("good", "bad"),
        "left": ("good", "bad"),
    }
    for name, count in counts.items():
        tone = tones.get(name, ("good", "good"))[count > 0]
        yield Card(page.word(f".card.{name}", line=line), cell.number(count, 0), unit, tone)


def _with_code(firms: pd.DataFrame, code: str) -> int:
    return sum(code in codes for codes in firms["codes"])


def _overall(page: Page, sheet: ClearanceSheet, firms: pd.DataFrame) -> Iterator[Sentence]:
    if firms.empty:
        yield page.sentence(".nobody", as_of=page.place.as_of)
        return
    yield page.sentence(
        ".overall", as_of=page.place.as_of, listed=len(firms), **_states(sheet, firms)
    )
    if unproven := _with_code(firms, "end_without_evidence"):
        yield page.sentence(".unproven", count=unproven)
    start = page.place.plan.window.start
    if early := int((firms["ended_on"] < pd.Timestamp(start)).sum()):
        yield page.sentence(".early", count=early, start=start)


def _tasks(page: Page, pairs: Sequence[tuple[Duty, Duty]]) -> Iterator[Sentence]:
    """Say how far check, plan and classified rectification are, one figure each."""
    said = [
        page.sentence(
            ".task_of", task=page.word(f".task.{duty.name}"), done=duty.done, required=duty.required
        )
        for duty, _ in pairs
        if duty.required
    ]
    if said:
        yield page.sentence(".tasks", tasks=said)


def _overdue(page: Page, sheet: ClearanceSheet, firms: pd.DataFrame) -> Iterator[Sentence]:
    if firms.empty:
        return
    late = overdue_of(firms).to_dict("records")
    if late:
        yield page.sentence(
            ".overdue",
            count=len(late),
            days=int(late[0]["days_overdue"]),
            firms=page.first([_late(page, sheet, row) for row in late], MOST_NAMED, counted="家"),
        )
    else:
        yield page.sentence(".not_overdue")
    if closing := _with_code(firms, "must_close"):
        yield page.sentence(".must_close", count=closing)
    if beyond := firms[[("due_after_plan" in codes) for codes in firms["codes"]]].to_dict(
        "records"
    ):
        names = page.names([name_of(row) for row in beyond], MOST_NAMED)
        end = page.place.plan.window.end
        yield page.sentence(".after_plan", count=len(beyond), end=end, firms=names)
    if no_term := _with_code(firms, "no_due_date"):
        yield page.sentence(".no_term", count=no_term, units=lead_of(page, "checked_firms"))
    if doubtful := _with_code(firms, "in_doubt"):
        yield page.sentence(".in_doubt", count=doubtful, units=lead_of(page, "checked_firms"))


def _late(page: Page, sheet: ClearanceSheet, row: Row) -> Sentence:
    return page.sentence(
        ".overdue_firm",
        name=name_of(row),
        owed=page.word(f".owed.{row['owed']}"),
        days=int(row["days_overdue"]),
        units=units_for(page, sheet, row),
    )


def _next_due(page: Page, sheet: ClearanceSheet, firms: pd.DataFrame) -> Iterator[Sentence]:
    """Say which deadline comes next, and where the firms stand that it is for."""
    ahead = firms[firms["due_on"].notna() & firms["days_overdue"].isna()]
    if ahead.empty:
        return
    due = ahead["due_on"].min()
    soon = ahead[ahead["due_on"] == due].to_dict("records")
    towns = [row.get("township") for row in soon]
    nowhere = page.word(".nowhere")
    counts = Counter(
        place_text(sheet.townships, town) if isinstance(town, str) else nowhere for town in towns
    )
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    places = [page.sentence(".place_count", place=place, count=count) for place, count in most]
    first = page.first(places, MOST_NAMED)
    yield page.sentence(".next_due", due=due.date(), count=len(soon), places=first)


def _unlisted(page: Page, sheet: ClearanceSheet, firms: pd.DataFrame) -> Iterator[Sentence]:
    rows = firms.to_dict("records")
    if not rows:
        yield page.sentence(".all_listed")
        return
    names = page.names([name_of(row) for row in rows], MOST_NAMED)
    units = units_for(page, sheet, rows[0] if len(rows) == 1 else {})
    yield page.sentence(".unlisted", count=len(rows), firms=names, units=units)


def _freed(page: Page, board: Board) -> Iterator[Sentence]:
    """Hold what was freed against the plan; for a township without, as targets are the county's."""
    freed = [
        _of_freed(page, assessment)
        for assessment in board.measured_by("freed")
        if assessment.status.is_known
    ]
    if freed:
        yield page.sentence(".freed", freed=page.listed(freed))


def _of_freed(page: Page, judged: Assessment) -> Sentence:
    name = page.told(judged.clause.name)
    actual = actual_said(page, judged)
    if page.place.township is not None or judged.progress is None:
        return page.sentence(".freed_amount", name=name, actual=actual)
    return page.sentence(
        ".freed_of",
        name=name,
        actual=actual,
        target=target_said(page, judged),
        progress=Cell(percent(judged.progress), plain(judged.progress)),
        pace=Cell(percent(judged.pace), plain(judged.pace)),
    )


def _implied(page: Page, sheet: ClearanceSheet, carbon: FreedCarbon) -> Iterator[Sentence]:
    if carbon.ratio is not None:
        least, most = sheet.plausible
        yield page.sentence(
            ".implied",
            energy=cell.number(carbon.energy_tce),
            carbon=cell.number(carbon.carbon_t),
            ratio=cell.number(carbon.ratio),
            verdict=page.word(f"freed_carbon.{carbon.reason}"),
            least=cell.number(least, 1),
            most=cell.number(most, 1),
        )


def _left(page: Page, sheet: ClearanceSheet, firms: pd.DataFrame) -> Iterator[Sentence]:
    if firms.empty:
        yield page.sentence(".left_none", line=line_of(sheet))
        yield from if_supplied(sheet.on_line, lambda found: _on_line(page, sheet, found))
        return
    states = [row.get("state") for row in firms.to_dict("records")]
    ended = sum(state in sheet.ends for state in states)
    not_listed = sum(not isinstance(state, str) for state in states)
    yield page.sentence(
        ".left",
        year=str(firms["year"].iloc[0]),
        line=line_of(sheet),
        firms=len(states),
        land=cell.number(sheet.left_land_mu),
        ended=ended,
        running=len(states) - ended - not_listed,
        not_listed=not_listed,
    )
    yield from if_supplied(sheet.on_line, lambda found: _on_line(page, sheet, found))
    yield from if_supplied(sheet.lifted, lambda risen: _lifted(page, risen))
    clause = clause_of(page, "low_tax_firms")
    if clause:
        yield page.sentence(".left_due", due=clause.due)


def _on_line(page: Page, sheet: ClearanceSheet, firms: pd.DataFrame) -> Iterator[Sentence]:
    """Name the firms exactly on the line, and say on what ground they count or do not."""
    if len(firms):
        yield page.sentence(
            f".on_line_{sheet.wording.below}",
            year=str(firms["year"].iloc[0]),
            line=line_of(sheet),
            count=len(firms),
            names=_names(page, firms),
            ground=page.told(sheet.wording.ground_of_below),
        )


def _lifted(page: Page, risen: pd.DataFrame) -> Iterator[Sentence]:
    if len(risen):
        yield page.sentence(
            ".lifted",
            year=str(risen["year"].iloc[0]),
            count=len(risen),
            names=_names(page, risen),
        )


def _names(page: Page, firms: pd.DataFrame) -> Sentence:
    names = [row.get("name") or row["usci"] for row in firms.to_dict("records")]
    return page.names([str(name) for name in names], MOST_LIFTED)


def _two_high(page: Page, projects: pd.DataFrame) -> Iterator[Sentence]:
    if len(projects):
        found = projects["findings"].tolist()
        faulty = [any(code.endswith(("_missing", "_late")) for code in codes) for codes in found]
        yield page.sentence(
            ".two_high",
            projects=len(found),
            unchecked=sum("not_assessed" in codes for codes in found),
            faulty=sum(faulty),
            units=lead_of(page, "two_high_assessed"),
        )


def _users(page: Page, sheet: ClearanceSheet, users: pd.DataFrame) -> Iterator[Sentence]:
    if len(users):
        energy = cell.number(sheet.users_tce)
        yield page.sentence(".users", count=len(users), energy=energy)


def _unknown(page: Page, undecided: int, unscoped: int) -> Iterator[Sentence]:
    if undecided or unscoped:
        unit = supplier_of(page.place, "occupancies", "share")
        yield page.sentence(".unknown", undecided=undecided, unscoped=unscoped, unit=unit)


def targets(page: Page, board: Board) -> Piece:
    """Hold the clearance against the plan's targets; they are those of the whole county."""
    if page.place.township is not None:
        return remark(page.word(".targets_are_the_countys"))
    return scorecard(page, board, name="clearance_targets")
