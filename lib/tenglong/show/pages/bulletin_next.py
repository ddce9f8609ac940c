"""Who must do what next (下步), unit by unit, in sentences and as a list."""

from fractions import Fraction
from html import escape
from itertools import groupby
from operator import itemgetter

from tenglong.measure.bulletin.points import Clauses, Step
from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Assessment
from tenglong.measure.sheet.bulletin import BulletinSheet
from tenglong.show import cell
from tenglong.show.assessed import supplier, supply
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.number import COUNTS, JOINER, MISSING, figure, plain
from tenglong.show.page import Page
from tenglong.show.pages.bulletin_case import counted, handled
from tenglong.show.pages.bulletin_clause import amount, at, listed, numbered
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, Value
from tenglong.show.table import Column, table


def next_steps(page: Page, told: BulletinSheet) -> Piece:
    """Say unit by unit what is to be done until when, and which data is to be supplied."""
    lines = [
        page.sentence(
            "bulletin.unit_line",
            unit=unit or page.word("bulletin.no_lead"),
            named=listed(page, [step_sentence(page, one) for one in its]),
        )
        for unit, its in groupby(told.steps, key=lambda one: one.lead)
    ]
    lines += _data(page, told)
    lines = numbered(page, lines)
    if not lines:
        lines = [page.sentence("bulletin.none_steps")]
    return findings(*lines, name="bulletin_next")


def _data(page: Page, told: BulletinSheet) -> list[Sentence]:
    """Name what has to be supplied for the clauses that cannot be judged, by unit, each once."""
    untold = [
        change.now
        for group in told.problems
        if isinstance(group, Clauses) and group.code == "untold"
        for change in group.changes
    ]
    wanted = {(supplier(one, page.place), supply(page, one)) for one in untold}
    known = sorted(pair for pair in wanted if MISSING not in pair)
    if not known:
        return []
    parts = [
        page.sentence(
            "bulletin.step.data_from",
            unit=unit,
            what=[page.sentence("bulletin.step.data_one", what=what) for _, what in its],
        )
        for unit, its in groupby(known, key=itemgetter(0))
    ]
    return [page.sentence("bulletin.step.data", named=listed(page, parts))]


def step_sentence(page: Page, step: Step) -> Sentence:
    """Say what is to be done about one clause or one list."""
    if step.cases is not None:
        return _cases(page, step)
    if step.change is None or step.due is None:
        raise ValueError(f"step {step.code}: is about nothing")
    one = step.change.now
    said: dict[str, Value] = {"name": one.clause.name[page.language], "due": step.due}
    if step.months_left is None:
        return _past(page, one, said)
    if step.left is not None and one.reason.code != "bad_year":
        return _amount(page, step, one, step.left)
    return _aim(page, step, one, said)


def _past(page: Page, one: Assessment, said: dict[str, Value]) -> Sentence:
    """Say what is left of a clause whose day is past; a year that was missed cannot be made up."""
    if one.reason.code == "bad_year":
        years, target = str(one.reason.values["years"]), amount(page, one.target, one)
        said = {"name": said["name"], "years": years, "target": target}
        return page.sentence("bulletin.step.bad_year_over", **said)
    if one.actual is None:
        return page.sentence("bulletin.step.late", **said)
    return page.sentence("bulletin.step.overdue_clause", at=at(page, one), **said)


def _aim(page: Page, step: Step, one: Assessment, said: dict[str, Value]) -> Sentence:
    """Say what is to be reached, where nothing is left to be counted."""
    if one.reason.code == "bad_year":
        years, target = str(one.reason.values["years"]), amount(page, one.target, one)
        return page.sentence("bulletin.step.bad_year", years=years, target=target, **said)
    if one.clause.kind is Kind.MILESTONE or one.actual is None:
        return page.sentence("bulletin.step.do", **said)
    figures = {
        "actual": amount(page, one.actual, one),
        "target": amount(page, one.target, one),
    }
    if step.needed_rate is None:
        return page.sentence("bulletin.step.reach", **said, **figures)
    key = "bulletin.step.raise" if step.needed_rate > 0 else "bulletin.step.lower"
    return page.sentence(key, rate=_rate(step), **said, **figures)


def _amount(page: Page, step: Step, one: Assessment, left: Fraction) -> Sentence:
    said: dict[str, Value] = {
        "name": one.clause.name[page.language],
        "due": step.due or MISSING,
        "left": amount(page, left, one),
        "months": cell.number(step.months_left, 0),
    }
    # Less than one a month is no rate that anyone could keep: what is left says enough.
    is_slow = step.needed_rate is None or (one.clause.unit in COUNTS and step.needed_rate < 1)
    if is_slow:
        return page.sentence("bulletin.step.amount_only", **said)
    return page.sentence("bulletin.step.amount", rate=_rate(step), **said)


def _rate(step: Step) -> Cell:
    if step.needed_rate is None or step.clause is None:
        return Cell(MISSING, "", is_number=True)
    rate = abs(step.needed_rate)
    # A rate has decimals, even of what is counted.
    text = f"{figure(rate)}{JOINER}{step.clause.unit}".rstrip(JOINER)
    return Cell(escape(text), plain(rate), is_number=True)


def _cases(page: Page, step: Step) -> Sentence:
    group = step.cases
    if group is None:
        raise ValueError(f"step {step.code}: has no cases")
    key = f"bulletin.step.{step.code}"
    if step.code != "idle":
        return page.sentence(key, total=group.total, counts=counted(page, group))
    return page.sentence(
        key,
        total=group.total,
        area=cell.amount(group.amount, "亩", page.language),
        counts=listed(page, handled(page, group)),
    )


def steps_table(page: Page, told: BulletinSheet) -> Piece:
    """List what is to be done: by whom, what is left, what is needed a month, until when."""
    rows = told.steps
    if not rows:
        return Piece(f'<p class="note">{escape(page.word("bulletin.none_steps"))}</p>')
    comma = "、" if page.language == "zh" else ", "
    columns = [
        Column(page.word("bulletin.column.unit"), [_lead(page, one) for one in rows], True),
        Column(page.word("bulletin.column.what"), [_what(page, one) for one in rows]),
        Column(page.word("bulletin.column.left"), [_left(page, one) for one in rows]),
        Column(page.word("bulletin.column.rate"), [_rate(one) for one in rows]),
        Column(
            page.word("bulletin.column.due"),
            [cell.text(one.due.isoformat() if one.due else MISSING) for one in rows],
            css="short",
        ),
        Column(
            page.word("bulletin.column.others"),
            [cell.text(comma.join(one.units[1:]) or MISSING) for one in rows],
            css="unit",
        ),
    ]
    return table(columns, caption=page.word("bulletin.table.steps"), name="bulletin_steps")


def _lead(page: Page, one: Step) -> Cell:
    return cell.text(one.lead or page.word("bulletin.no_lead"))


def _what(page: Page, one: Step) -> Cell:
    if one.clause is not None:
        return cell.text(one.clause.name[page.language])
    return cell.text(page.word(f"bulletin.kind.{one.code}"))


def _left(page: Page, one: Step) -> Cell:
    if one.cases is not None:
        return cell.number(one.cases.total, 0)
    if one.change is None:
        return Cell(MISSING, "", is_number=True)
    return amount(page, one.left, one.change.now)
