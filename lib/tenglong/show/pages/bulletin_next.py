"""Who must do what next (下步), unit by unit, in sentences and as a list."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter

from tenglong.measure.bulletin.points import Cases, Clauses, Step
from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.sheet.bulletin import BulletinSheet
from tenglong.show import cell
from tenglong.show.amount import difference_cell
from tenglong.show.assessed import supplier, supply
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.listing import Field, itself, listing, text
from tenglong.show.number import COUNTS, MISSING
from tenglong.show.page import Page
from tenglong.show.pages.bulletin_groups import (
    at,
    bad_years,
    figures,
    idle_land,
    numbered,
    step_text,
)
from tenglong.show.piece import Piece, remark
from tenglong.show.sentence import Sentence, Value


def next_steps(page: Page, sheet: BulletinSheet) -> Piece:
    """Say unit by unit what is to be done until when, and which data is to be supplied."""
    lines = [
        _of_unit(page, unit, [step_sentence(page, step) for step in steps])
        for unit, steps in groupby(sheet.steps, key=lambda step: step.lead)
    ]
    lines = numbered(page, [*lines, *_data(page, sheet)])
    return findings(*(lines or [page.sentence(".none_steps")]), name="bulletin_next")


def _of_unit(page: Page, unit: str, parts: Sequence[Sentence]) -> Sentence:
    """Address a unit; of a township, what another unit leads is for the township to carry out."""
    said: dict[str, Value] = {
        "unit": unit or page.word("board.no_lead"),
        "named": page.listed(parts),
    }
    town = page.place.township
    if town is None or unit == town.name.zh:
        return page.sentence(".unit_line", **said)
    return page.sentence(".unit_line_town", town=page.told(town.name), **said)


def _data(page: Page, sheet: BulletinSheet) -> Iterator[Sentence]:
    """Name what has to be supplied for the clauses that cannot be judged, by unit, each once."""
    wanted = {
        (supplier(change.now, page.place), supply(page, change.now))
        for group in sheet.problems
        if isinstance(group, Clauses) and group.code == "untold"
        for change in group.changes
    }
    known = sorted(pair for pair in wanted if MISSING not in pair)
    parts = [
        page.sentence(
            ".step.data_from",
            unit=unit,
            what=[page.sentence(".step.data_one", what=what) for _, what in pairs],
        )
        for unit, pairs in groupby(known, key=itemgetter(0))
    ]
    if parts:
        yield page.sentence(".step.data", named=page.listed(parts))


def step_sentence(page: Page, step: Step) -> Sentence:
    """Say what is to be done about one clause or one list."""
    if step.cases is not None:
        return _cases(page, step.cases)
    if step.change is None or step.due is None:
        raise ValueError(f"step {step.code}: is about nothing")
    assessment = step.change.now
    said: dict[str, Value] = {"name": page.told(assessment.clause.name), "due": step.due}
    if step.months_left is None:
        return _past(page, assessment, said)
    if step.left is not None and assessment.reason.code != "bad_year":
        return _amount(page, step, assessment, said)
    return _aim(page, step, assessment, said)


def _past(page: Page, assessment: Assessment, said: dict[str, Value]) -> Sentence:
    """Say what is left of a clause whose day is past; a year that was missed cannot be made up."""
    if assessment.reason.code == "bad_year":
        if page.place.as_of >= assessment.clause.due:
            key = ".step.bad_year_over"
            return page.sentence(key, name=said["name"], **bad_years(page, assessment))
        said |= {"due": date(page.place.as_of.year + 1, 12, 31)}
        return page.sentence(".step.bad_year", **bad_years(page, assessment), **said)
    if assessment.actual is None:
        return page.sentence(".step.late", **said)
    return page.sentence(".step.overdue_clause", at=at(page, assessment), **said)


def _aim(page: Page, step: Step, assessment: Assessment, said: dict[str, Value]) -> Sentence:
    """Say what is to be reached, where nothing is left to be counted."""
    if assessment.reason.code == "bad_year":
        return page.sentence(".step.bad_year", **bad_years(page, assessment), **said)
    if assessment.clause.kind is Kind.MILESTONE or assessment.actual is None:
        return page.sentence(".step.do", **said)
    if step.needed_rate is None:
        return page.sentence(".step.reach", **said, **figures(page, assessment))
    key = ".step.raise" if step.needed_rate > 0 else ".step.lower"
    return page.sentence(key, rate=_rate(page, step), **said, **figures(page, assessment))


def _amount(page: Page, step: Step, assessment: Assessment, said: dict[str, Value]) -> Sentence:
    """Say how much is left, and what that is a month."""
    left = difference_cell(page, step.left, assessment.clause)
    months = cell.number(step.months_left, 0)
    said = {**said, "left": left, "months": months}
    # Less than one a month is no rate that anyone could keep: what is left says enough.
    if step.needed_rate is None or (assessment.clause.unit in COUNTS and step.needed_rate < 1):
        return page.sentence(".step.amount_only", **said)
    return page.sentence(".step.amount", rate=_rate(page, step), **said)


def _rate(page: Page, step: Step) -> Cell:
    if step.needed_rate is None or step.clause is None:
        return cell.number(None)
    return difference_cell(page, abs(step.needed_rate), step.clause)


def _cases(page: Page, group: Cases) -> Sentence:
    """Say what is to be done about firms, projects or parcels, counted by what is owed."""
    key = f".step.{group.code}"
    if group.code == "idle":
        return page.sentence(key, total=group.total, **idle_land(page, group))
    count_key = ".step.count_firms" if group.code == "overdue" else ".step.count"
    counts = [
        page.sentence(count_key, step=step_text(page, group.code, step), count=count)
        for step, count in Counter(case.step for case in group.cases).items()
    ]
    return page.sentence(key, total=group.total, counts=counts)


def _what(page: Page, step: Step) -> str:
    return page.told(step.clause.name) if step.clause else page.word(f".kind.{step.code}")


def _left(page: Page, step: Step) -> Cell:
    if step.cases is not None:
        return cell.number(step.cases.total, 0)
    clause = step.change.now.clause if step.change else None
    return difference_cell(page, step.left, clause) if clause else cell.number(None)


STEPS = (
    Field("unit", lambda page, lead: lead or page.word("board.no_lead"), "lead", is_header=True),
    Field("what", _what, itself),
    Field("left", _left, itself),
    Field("rate", _rate, itself),
    Field("due", text, css="short"),
    Field("others", lambda page, units: page.joined(units[1:]) or MISSING, "units", css="unit"),
)


def steps_table(page: Page, sheet: BulletinSheet) -> Piece:
    """List what is to be done: by whom, what is left, what is needed a month, until when."""
    return listing(
        page,
        sheet.steps,
        STEPS,
        caption=page.word(".table.steps"),
        name="bulletin_steps",
        nothing=remark(page.word(".none_steps")),
    )
