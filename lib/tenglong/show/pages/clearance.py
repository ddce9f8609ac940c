"""The clearance page: what it finds, who is overdue, what was freed, who must do what next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from tenglong.measure.clause import Clause
from tenglong.measure.clearance.cleared import Clearing
from tenglong.measure.county import County, Unavailable
from tenglong.measure.target.assessment import Assessment, Board
from tenglong.show import cell
from tenglong.show.assessed import in_unit, target_text
from tenglong.show.cell import Cell
from tenglong.show.finding import Card, Sentence, Tone, findings, paragraph, sentence
from tenglong.show.firm import place_text
from tenglong.show.lacking import all_lacking, supplier_of
from tenglong.show.number import percent, plain
from tenglong.show.pages.scorecard import scorecard
from tenglong.show.piece import Piece
from tenglong.show.words import word

MOST_NAMED = 3
Row = Mapping[Any, Any]


def clearance_findings(
    county: County, board: Board, found: Clearing, *, language: str = "zh"
) -> Piece:
    """Open the page: the list, what is overdue, what was freed, what is left."""
    firms = found.firms
    told: list[list[Sentence]] = []
    if not isinstance(firms, Unavailable):
        told += [
            _overall(county, found, firms, language),
            _overdue(county, found, firms, language),
            _next_due(found, firms, language),
        ]
    told += [
        _unlisted(county, found, language),
        [*_freed(county, board, language), *_implied(found, language)],
        _left(county, found, language),
        [*_two_high(county, found, language), *_users(found, language)],
        _unknown(county, found, language),
        all_lacking(county, _gaps(found), language=language),
    ]
    said = [paragraph(*one, language=language) for one in told if one]
    return findings(*said, name="clearance_findings", cards=_cards(found, language))


def _gaps(found: Clearing) -> list[Unavailable | None]:
    sections = (found.firms, found.unlisted, found.left, found.carbon, found.projects, found.users)
    return [one if isinstance(one, Unavailable) else None for one in sections]


def clause_of(county: County, indicator: str) -> Clause | None:
    """Give the plan's clause that an indicator measures; None where there is none."""
    measured = (one for one in county.plan.clauses if one.indicator)
    return next((o for o in measured if o.indicator and o.indicator.name == indicator), None)


def lead_of(county: County, indicator: str, language: str) -> str:
    """Name the unit that leads the clause that an indicator measures."""
    clause = clause_of(county, indicator)
    return clause.lead if clause and clause.lead else word("board.no_lead", language)


def units_for(county: County, found: Clearing, row: Row, language: str) -> str:
    """Name who answers for a listed firm: the unit that leads, and its township."""
    units = [lead_of(county, "checked_firms", language)]
    if isinstance(row.get("township"), str):
        units.append(place_text(found.townships, row["township"]))
    return ("、" if language == "zh" else ", ").join(units)


def overdue_of(firms: pd.DataFrame) -> pd.DataFrame:
    """Give the firms of which something is overdue, the longest first."""
    late = firms[firms["days_overdue"].notna()]
    return late.sort_values(["days_overdue", "usci"], ascending=[False, True], kind="stable")


def _states(found: Clearing, firms: pd.DataFrame) -> dict[str, int]:
    counts = Counter(firms["state"])
    ended = {step: counts[step] for step in found.ends}
    return {**ended, "running": len(firms) - sum(ended.values())}


def _cards(found: Clearing, language: str) -> list[Card]:
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
    unit = word("clearance.firms", language)
    cards = [
        Card(word(f"clearance.card.{key}", language), cell.number(count, 0), unit, tone)
        for key, count, tone in shown
    ]
    if not isinstance(found.left, Unavailable):
        label = word("clearance.card.left", language, line=_line(found).html)
        left = len(found.left)
        cards.append(Card(label, cell.number(left, 0), unit, "bad" if left else "good"))
    return cards


def _line(found: Clearing) -> Cell:
    line = found.line_wan_per_mu
    return cell.number(line, 0 if line.denominator == 1 else 2)


def _overall(county: County, found: Clearing, firms: pd.DataFrame, language: str) -> list[Sentence]:
    if firms.empty:
        return [sentence("clearance.nobody", language, as_of=county.as_of)]
    states = _states(found, firms)
    said = sentence(
        "clearance.overall",
        language,
        as_of=county.as_of,
        listed=len(firms),
        passed=states.get("passed", 0),
        closed=states.get("closed", 0),
        running=states["running"],
    )
    unproven = int(firms["codes"].map(lambda codes: "end_without_evidence" in codes).sum())
    more = [sentence("clearance.unproven", language, count=unproven)] if unproven else []
    start = county.plan.window.start
    early = int((firms["ended_on"] < pd.Timestamp(start)).sum())
    if early:
        more.append(sentence("clearance.early", language, count=early, start=start))
    return [said, *more]


def _overdue(county: County, found: Clearing, firms: pd.DataFrame, language: str) -> list[Sentence]:
    late = overdue_of(firms)
    if firms.empty:
        return []
    if late.empty:
        said = [sentence("clearance.not_overdue", language)]
    else:
        named = [_late(county, found, row, language) for row in late.to_dict("records")]
        days, count = int(late["days_overdue"].max()), len(late)
        values: dict[str, Any] = {"count": count, "days": days, "firms": named[:MOST_NAMED]}
        said = [sentence("clearance.overdue", language, **values)]
    closing = int(firms["codes"].map(lambda codes: "must_close" in codes).sum())
    if closing:
        said.append(sentence("clearance.must_close", language, count=closing))
    no_term = int(firms["codes"].map(lambda codes: "no_due_date" in codes).sum())
    if no_term:
        units = lead_of(county, "checked_firms", language)
        said.append(sentence("clearance.no_term", language, count=no_term, units=units))
    return said


def _late(county: County, found: Clearing, row: Row, language: str) -> Sentence:
    return sentence(
        "clearance.overdue_firm",
        language,
        name=name_of(row),
        owed=word(f"clearance.owed.{row['owed']}", language),
        days=int(row["days_overdue"]),
        units=units_for(county, found, row, language),
    )


def name_of(row: Row) -> str:
    """Name a firm; by its code where it has no name."""
    return row["name"] if isinstance(row.get("name"), str) else str(row["usci"])


def _next_due(found: Clearing, firms: pd.DataFrame, language: str) -> list[Sentence]:
    """Say which deadline comes next, and where the firms stand that it is for."""
    ahead = firms[firms["due_on"].notna() & firms["days_overdue"].isna()]
    if ahead.empty:
        return []
    due = ahead["due_on"].min()
    soon = ahead[ahead["due_on"] == due]
    nowhere = word("clearance.nowhere", language)
    codes = soon["township"].tolist() if "township" in soon else [None] * len(soon)
    names = [place_text(found.townships, c) if isinstance(c, str) else nowhere for c in codes]
    most = sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0]))
    places = [
        sentence("clearance.place_count", language, place=place, count=count)
        for place, count in most[:MOST_NAMED]
    ]
    values: dict[str, Any] = {"due": due.date(), "count": len(soon), "places": places}
    return [sentence("clearance.next_due", language, **values)]


def _unlisted(county: County, found: Clearing, language: str) -> list[Sentence]:
    if isinstance(found.unlisted, Unavailable):
        return []
    rows = found.unlisted.to_dict("records")
    if not rows:
        return [sentence("clearance.all_listed", language)]
    comma = "、" if language == "zh" else ", "
    firms = comma.join(name_of(row) for row in rows[:MOST_NAMED])
    units = units_for(county, found, rows[0] if len(rows) == 1 else {}, language)
    return [sentence("clearance.unlisted", language, count=len(rows), firms=firms, units=units)]


def _freed(county: County, board: Board, language: str) -> list[Sentence]:
    """Hold what was freed against the plan; for a township without, as targets are the county's."""
    shown = [o for o in board.measured if o.clause.indicator and o.clause.indicator.name == "freed"]
    if not shown:
        return []
    parts = [_freed_part(one, language, is_whole=county.township is None) for one in shown]
    return [sentence("clearance.freed", language, freed=parts)]


def _freed_part(one: Assessment, language: str, *, is_whole: bool) -> Sentence:
    name, actual = (
        one.clause.name[language],
        Cell(in_unit(one.actual, one, language), plain(one.actual)),
    )
    if not is_whole or one.progress is None:
        return sentence("clearance.freed_amount", language, name=name, actual=actual)
    return sentence(
        "clearance.freed_of",
        language,
        name=name,
        actual=actual,
        target=Cell(target_text(one, language), plain(one.target)),
        progress=Cell(percent(one.progress), plain(one.progress)),
        pace=Cell(percent(one.pace), plain(one.pace)),
    )


def _implied(found: Clearing, language: str) -> list[Sentence]:
    carbon = found.carbon
    if isinstance(carbon, Unavailable) or carbon.ratio is None:
        return []
    least, most = found.plausible
    return [
        sentence(
            "clearance.implied",
            language,
            energy=cell.number(carbon.energy_tce, 1),
            carbon=cell.number(carbon.carbon_t, 1),
            ratio=cell.number(carbon.ratio),
            verdict=word(f"freed_carbon.{carbon.reason}", language),
            least=cell.number(least, 1),
            most=cell.number(most, 1),
        )
    ]


def _left(county: County, found: Clearing, language: str) -> list[Sentence]:
    if isinstance(found.left, Unavailable) or isinstance(found.left_townships, Unavailable):
        return []
    if found.left.empty:
        return [sentence("clearance.left_none", language, line=_line(found))]
    states = found.left.get("state", pd.Series(None, index=found.left.index, dtype="str"))
    ended = int(states.isin(found.ends).sum())
    not_listed = int(states.isna().sum())
    said = sentence(
        "clearance.left",
        language,
        year=Cell(str(found.year), str(found.year)),
        line=_line(found),
        firms=len(states),
        land=cell.number(found.left_land_mu, 1),
        ended=ended,
        running=len(states) - ended - not_listed,
        not_listed=not_listed,
    )
    clause = clause_of(county, "low_tax_firms")
    return [said, sentence("clearance.left_due", language, due=clause.due)] if clause else [said]


def _two_high(county: County, found: Clearing, language: str) -> list[Sentence]:
    if isinstance(found.projects, Unavailable) or found.projects.empty:
        return []
    findings_of: Sequence[tuple[str, ...]] = found.projects["findings"].tolist()
    unchecked = sum("not_assessed" in codes for codes in findings_of)
    faulty = sum(any(c.endswith(("_missing", "_late")) for c in codes) for codes in findings_of)
    return [
        sentence(
            "clearance.two_high",
            language,
            projects=len(found.projects),
            unchecked=unchecked,
            faulty=faulty,
            units=lead_of(county, "two_high_assessed", language),
        )
    ]


def _users(found: Clearing, language: str) -> list[Sentence]:
    if isinstance(found.users, Unavailable) or found.users.empty:
        return []
    energy = cell.number(found.users_tce, 1)
    return [sentence("clearance.users", language, count=len(found.users), energy=energy)]


def _unknown(county: County, found: Clearing, language: str) -> list[Sentence]:
    undecided, unscoped = found.undecided, found.unscoped
    if isinstance(undecided, Unavailable) or isinstance(unscoped, Unavailable):
        return []
    if not undecided and not unscoped:
        return []
    unit = supplier_of(county, "occupancies", "share")
    values: dict[str, Any] = {"undecided": undecided, "unscoped": unscoped, "unit": unit}
    return [sentence("clearance.unknown", language, **values)]


def targets(county: County, board: Board, *, language: str = "zh") -> Piece:
    """Hold the clearance against the plan's targets; they are those of the whole county."""
    if county.township is not None:
        said = cell.text(word("clearance.targets_are_the_countys", language)).html
        return Piece(f'<p class="note">{said}</p>')
    return scorecard(county, board, language=language, name="clearance_targets")
