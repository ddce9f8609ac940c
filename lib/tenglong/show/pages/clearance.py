"""The clearance page: what it finds, who is overdue, what was freed, who must do what next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from tenglong.measure.clause import Clause
from tenglong.measure.county import County, Unavailable
from tenglong.measure.judge.assessment import Assessment, Board
from tenglong.measure.sheet.clearance import ClearanceSheet
from tenglong.show import cell
from tenglong.show.assessed import in_unit, target_text
from tenglong.show.cell import Cell
from tenglong.show.finding import Card, Tone, findings
from tenglong.show.firm import place_text
from tenglong.show.lacking import all_lacking, supplier_of
from tenglong.show.number import percent, plain
from tenglong.show.page import Page
from tenglong.show.pages.scorecard import scorecard
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, paragraph

MOST_NAMED = 3
Row = Mapping[Any, Any]


def clearance_findings(page: Page, board: Board, found: ClearanceSheet) -> Piece:
    """Open the page: the list, what is overdue, what was freed, what is left."""
    firms = found.firms
    told: list[list[Sentence]] = []
    if not isinstance(firms, Unavailable):
        told += [
            _overall(page, found, firms),
            _overdue(page, found, firms),
            _next_due(page, found, firms),
        ]
    told += [
        _unlisted(page, found),
        [*_freed(page, board), *_implied(page, found)],
        _left(page, found),
        [*_two_high(page, found), *_users(page, found)],
        _unknown(page, found),
        all_lacking(page, _gaps(found)),
    ]
    said = [paragraph(*one, language=page.language) for one in told if one]
    return findings(*said, name="clearance_findings", cards=_cards(page, found))


def _gaps(found: ClearanceSheet) -> list[Unavailable | None]:
    sections = (found.firms, found.unlisted, found.left, found.carbon, found.projects, found.users)
    return [one if isinstance(one, Unavailable) else None for one in sections]


def clause_of(county: County, indicator: str) -> Clause | None:
    """Give the plan's clause that an indicator measures; None where there is none."""
    measured = (one for one in county.plan.clauses if one.indicator)
    return next((o for o in measured if o.indicator and o.indicator.name == indicator), None)


def lead_of(page: Page, indicator: str) -> str:
    """Name the unit that leads the clause that an indicator measures."""
    clause = clause_of(page.place, indicator)
    return clause.lead if clause and clause.lead else page.word("board.no_lead")


def units_for(page: Page, found: ClearanceSheet, row: Row) -> str:
    """Name who answers for a listed firm: the unit that leads, and its township."""
    units = [lead_of(page, "checked_firms")]
    if isinstance(row.get("township"), str):
        units.append(place_text(found.townships, row["township"]))
    return ("、" if page.language == "zh" else ", ").join(units)


def overdue_of(firms: pd.DataFrame) -> pd.DataFrame:
    """Give the firms of which something is overdue, the longest first."""
    late = firms[firms["days_overdue"].notna()]
    return late.sort_values(["days_overdue", "usci"], ascending=[False, True], kind="stable")


def _states(found: ClearanceSheet, firms: pd.DataFrame) -> dict[str, int]:
    counts = Counter(firms["state"])
    ended = {step: counts[step] for step in found.ends}
    return {**ended, "running": len(firms) - sum(ended.values())}


def _cards(page: Page, found: ClearanceSheet) -> list[Card]:
    if isinstance(found.firms, Unavailable) or found.firms.empty:
        return []
    states, late = _states(found, found.firms), len(overdue_of(found.firms))
    shown: list[tuple[str, int, Tone]] = [
        ("listed", len(found.firms), "all"),
        ("passed", states.get("passed", 0), "good"),
        ("closed", states.get("closed", 0), "good"),
        ("running", states["running"], "warn" if states["running"] else "good"),
        ("overdue", late, "bad" if late else "good"),
    ]
    unit = page.word("clearance.firms")
    cards = [
        Card(page.word(f"clearance.card.{key}"), cell.number(count, 0), unit, tone)
        for key, count, tone in shown
    ]
    if not isinstance(found.left, Unavailable):
        label = page.word("clearance.card.left", line=_line(found).html)
        left = len(found.left)
        cards.append(Card(label, cell.number(left, 0), unit, "bad" if left else "good"))
    return cards


def _line(found: ClearanceSheet) -> Cell:
    line = found.line_wan_per_mu
    return cell.number(line, 0 if line.denominator == 1 else 2)


def _overall(page: Page, found: ClearanceSheet, firms: pd.DataFrame) -> list[Sentence]:
    if firms.empty:
        return [page.sentence("clearance.nobody", as_of=page.place.as_of)]
    states = _states(found, firms)
    said = page.sentence(
        "clearance.overall",
        as_of=page.place.as_of,
        listed=len(firms),
        passed=states.get("passed", 0),
        closed=states.get("closed", 0),
        running=states["running"],
    )
    unproven = int(firms["codes"].map(lambda codes: "end_without_evidence" in codes).sum())
    more = [page.sentence("clearance.unproven", count=unproven)] if unproven else []
    start = page.place.plan.window.start
    early = int((firms["ended_on"] < pd.Timestamp(start)).sum())
    if early:
        more.append(page.sentence("clearance.early", count=early, start=start))
    return [said, *more]


def _overdue(page: Page, found: ClearanceSheet, firms: pd.DataFrame) -> list[Sentence]:
    late = overdue_of(firms)
    if firms.empty:
        return []
    if late.empty:
        said = [page.sentence("clearance.not_overdue")]
    else:
        named = [_late(page, found, row) for row in late.to_dict("records")]
        days, count = int(late["days_overdue"].max()), len(late)
        values: dict[str, Any] = {"count": count, "days": days, "firms": named[:MOST_NAMED]}
        said = [page.sentence("clearance.overdue", **values)]
    closing = int(firms["codes"].map(lambda codes: "must_close" in codes).sum())
    if closing:
        said.append(page.sentence("clearance.must_close", count=closing))
    no_term = int(firms["codes"].map(lambda codes: "no_due_date" in codes).sum())
    if no_term:
        units = lead_of(page, "checked_firms")
        said.append(page.sentence("clearance.no_term", count=no_term, units=units))
    return said


def _late(page: Page, found: ClearanceSheet, row: Row) -> Sentence:
    return page.sentence(
        "clearance.overdue_firm",
        name=name_of(row),
        owed=page.word(f"clearance.owed.{row['owed']}"),
        days=int(row["days_overdue"]),
        units=units_for(page, found, row),
    )


def name_of(row: Row) -> str:
    """Name a firm; by its code where it has no name."""
    return row["name"] if isinstance(row.get("name"), str) else str(row["usci"])


def _next_due(page: Page, found: ClearanceSheet, firms: pd.DataFrame) -> list[Sentence]:
    """Say which deadline comes next, and where the firms stand that it is for."""
    ahead = firms[firms["due_on"].notna() & firms["days_overdue"].isna()]
    if ahead.empty:
        return []
    due = ahead["due_on"].min()
    soon = ahead[ahead["due_on"] == due]
    nowhere = page.word("clearance.nowhere")
    codes = soon["township"].tolist() if "township" in soon else [None] * len(soon)
    names = [place_text(found.townships, c) if isinstance(c, str) else nowhere for c in codes]
    most = sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0]))
    places = [
        page.sentence("clearance.place_count", place=place, count=count)
        for place, count in most[:MOST_NAMED]
    ]
    values: dict[str, Any] = {"due": due.date(), "count": len(soon), "places": places}
    return [page.sentence("clearance.next_due", **values)]


def _unlisted(page: Page, found: ClearanceSheet) -> list[Sentence]:
    if isinstance(found.unlisted, Unavailable):
        return []
    rows = found.unlisted.to_dict("records")
    if not rows:
        return [page.sentence("clearance.all_listed")]
    comma = "、" if page.language == "zh" else ", "
    firms = comma.join(name_of(row) for row in rows[:MOST_NAMED])
    units = units_for(page, found, rows[0] if len(rows) == 1 else {})
    return [page.sentence("clearance.unlisted", count=len(rows), firms=firms, units=units)]


def _freed(page: Page, board: Board) -> list[Sentence]:
    """Hold what was freed against the plan; for a township without, as targets are the county's."""
    shown = [o for o in board.measured if o.clause.indicator and o.clause.indicator.name == "freed"]
    if not shown:
        return []
    parts = [_freed_part(page, one, is_whole=page.place.township is None) for one in shown]
    return [page.sentence("clearance.freed", freed=parts)]


def _freed_part(page: Page, one: Assessment, *, is_whole: bool) -> Sentence:
    name, actual = (
        one.clause.name[page.language],
        Cell(in_unit(page, one.actual, one), plain(one.actual)),
    )
    if not is_whole or one.progress is None:
        return page.sentence("clearance.freed_amount", name=name, actual=actual)
    return page.sentence(
        "clearance.freed_of",
        name=name,
        actual=actual,
        target=Cell(target_text(page, one), plain(one.target)),
        progress=Cell(percent(one.progress), plain(one.progress)),
        pace=Cell(percent(one.pace), plain(one.pace)),
    )


def _implied(page: Page, found: ClearanceSheet) -> list[Sentence]:
    carbon = found.carbon
    if isinstance(carbon, Unavailable) or carbon.ratio is None:
        return []
    least, most = found.plausible
    return [
        page.sentence(
            "clearance.implied",
            energy=cell.number(carbon.energy_tce, 1),
            carbon=cell.number(carbon.carbon_t, 1),
            ratio=cell.number(carbon.ratio),
            verdict=page.word(f"freed_carbon.{carbon.reason}"),
            least=cell.number(least, 1),
            most=cell.number(most, 1),
        )
    ]


def _left(page: Page, found: ClearanceSheet) -> list[Sentence]:
    if isinstance(found.left, Unavailable) or isinstance(found.left_townships, Unavailable):
        return []
    if found.left.empty:
        return [page.sentence("clearance.left_none", line=_line(found))]
    states = found.left.get("state", pd.Series(None, index=found.left.index, dtype="str"))
    ended = int(states.isin(found.ends).sum())
    not_listed = int(states.isna().sum())
    said = page.sentence(
        "clearance.left",
        year=Cell(str(found.year), str(found.year)),
        line=_line(found),
        firms=len(states),
        land=cell.number(found.left_land_mu, 1),
        ended=ended,
        running=len(states) - ended - not_listed,
        not_listed=not_listed,
    )
    clause = clause_of(page.place, "low_tax_firms")
    return [said, page.sentence("clearance.left_due", due=clause.due)] if clause else [said]


def _two_high(page: Page, found: ClearanceSheet) -> list[Sentence]:
    if isinstance(found.projects, Unavailable) or found.projects.empty:
        return []
    findings_of: Sequence[tuple[str, ...]] = found.projects["findings"].tolist()
    unchecked = sum("not_assessed" in codes for codes in findings_of)
    faulty = sum(any(c.endswith(("_missing", "_late")) for c in codes) for codes in findings_of)
    return [
        page.sentence(
            "clearance.two_high",
            projects=len(found.projects),
            unchecked=unchecked,
            faulty=faulty,
            units=lead_of(page, "two_high_assessed"),
        )
    ]


def _users(page: Page, found: ClearanceSheet) -> list[Sentence]:
    if isinstance(found.users, Unavailable) or found.users.empty:
        return []
    energy = cell.number(found.users_tce, 1)
    return [page.sentence("clearance.users", count=len(found.users), energy=energy)]


def _unknown(page: Page, found: ClearanceSheet) -> list[Sentence]:
    undecided, unscoped = found.undecided, found.unscoped
    if isinstance(undecided, Unavailable) or isinstance(unscoped, Unavailable):
        return []
    if not undecided and not unscoped:
        return []
    unit = supplier_of(page.place, "occupancies", "share")
    values: dict[str, Any] = {"undecided": undecided, "unscoped": unscoped, "unit": unit}
    return [page.sentence("clearance.unknown", **values)]


def targets(page: Page, board: Board) -> Piece:
    """Hold the clearance against the plan's targets; they are those of the whole county."""
    if page.place.township is not None:
        said = cell.text(page.word("clearance.targets_are_the_countys")).html
        return Piece(f'<p class="note">{said}</p>')
    return scorecard(page, board, name="clearance_targets")
