"""Who must do what next (下步), unit by unit, in sentences and as a list."""

from fractions import Fraction
from html import escape
from itertools import groupby
from operator import itemgetter

from tenglong.measure.bulletin.bulletin import Bulletin
from tenglong.measure.bulletin.points import Clauses, Step
from tenglong.measure.clause import Kind
from tenglong.measure.county import County
from tenglong.measure.target.assessment import Assessment
from tenglong.show import cell
from tenglong.show.assessed import supplier, supply
from tenglong.show.cell import Cell
from tenglong.show.finding import Sentence, Value, findings, sentence
from tenglong.show.number import COUNTS, JOINER, MISSING, figure, plain
from tenglong.show.pages.bulletin_case import counted, handled
from tenglong.show.pages.bulletin_clause import amount, at, listed, numbered
from tenglong.show.piece import Piece
from tenglong.show.table import Column, table
from tenglong.show.words import word


def next_steps(county: County, told: Bulletin, *, language: str = "zh") -> Piece:
    """Say unit by unit what is to be done until when, and which data is to be supplied."""
    lines = [
        sentence(
            "bulletin.unit_line",
            language,
            unit=unit or word("bulletin.no_lead", language),
            named=listed([step_sentence(one, language) for one in its], language),
        )
        for unit, its in groupby(told.steps, key=lambda one: one.lead)
    ]
    lines += _data(county, told, language)
    lines = numbered(lines, language)
    if not lines:
        lines = [sentence("bulletin.none_steps", language)]
    return findings(*lines, name="bulletin_next")


def _data(county: County, told: Bulletin, language: str) -> list[Sentence]:
    """Name what has to be supplied for the clauses that cannot be judged, by unit, each once."""
    untold = [
        change.now
        for group in told.problems
        if isinstance(group, Clauses) and group.code == "untold"
        for change in group.changes
    ]
    wanted = {(supplier(one, county), supply(one, county, language)) for one in untold}
    known = sorted(pair for pair in wanted if MISSING not in pair)
    if not known:
        return []
    parts = [
        sentence(
            "bulletin.step.data_from",
            language,
            unit=unit,
            what=[sentence("bulletin.step.data_one", language, what=what) for _, what in its],
        )
        for unit, its in groupby(known, key=itemgetter(0))
    ]
    return [sentence("bulletin.step.data", language, named=listed(parts, language))]


def step_sentence(step: Step, language: str) -> Sentence:
    """Say what is to be done about one clause or one list."""
    if step.cases is not None:
        return _cases(step, language)
    if step.change is None or step.due is None:
        raise ValueError(f"step {step.code}: is about nothing")
    one = step.change.now
    said: dict[str, Value] = {"name": one.clause.name[language], "due": step.due}
    if step.months_left is None:
        return _past(one, said, language)
    if step.left is not None and one.reason.code != "bad_year":
        return _amount(step, one, step.left, language)
    return _aim(step, one, said, language)


def _past(one: Assessment, said: dict[str, Value], language: str) -> Sentence:
    """Say what is left of a clause whose day is past; a year that was missed cannot be made up."""
    if one.reason.code == "bad_year":
        years, target = str(one.reason.values["years"]), amount(one.target, one, language)
        said = {"name": said["name"], "years": years, "target": target}
        return sentence("bulletin.step.bad_year_over", language, **said)
    if one.actual is None:
        return sentence("bulletin.step.late", language, **said)
    return sentence("bulletin.step.overdue_clause", language, at=at(one, language), **said)


def _aim(step: Step, one: Assessment, said: dict[str, Value], language: str) -> Sentence:
    """Say what is to be reached, where nothing is left to be counted."""
    if one.reason.code == "bad_year":
        years, target = str(one.reason.values["years"]), amount(one.target, one, language)
        return sentence("bulletin.step.bad_year", language, years=years, target=target, **said)
    if one.clause.kind is Kind.MILESTONE or one.actual is None:
        return sentence("bulletin.step.do", language, **said)
    figures = {
        "actual": amount(one.actual, one, language),
        "target": amount(one.target, one, language),
    }
    if step.needed_rate is None:
        return sentence("bulletin.step.reach", language, **said, **figures)
    key = "bulletin.step.raise" if step.needed_rate > 0 else "bulletin.step.lower"
    return sentence(key, language, rate=_rate(step), **said, **figures)


def _amount(step: Step, one: Assessment, left: Fraction, language: str) -> Sentence:
    said: dict[str, Value] = {
        "name": one.clause.name[language],
        "due": step.due or MISSING,
        "left": amount(left, one, language),
        "months": cell.number(step.months_left, 0),
    }
    # Less than one a month is no rate that anyone could keep: what is left says enough.
    is_slow = step.needed_rate is None or (one.clause.unit in COUNTS and step.needed_rate < 1)
    if is_slow:
        return sentence("bulletin.step.amount_only", language, **said)
    return sentence("bulletin.step.amount", language, rate=_rate(step), **said)


def _rate(step: Step) -> Cell:
    if step.needed_rate is None or step.clause is None:
        return Cell(MISSING, "", is_number=True)
    rate = abs(step.needed_rate)
    # A rate has decimals, even of what is counted.
    text = f"{figure(rate)}{JOINER}{step.clause.unit}".rstrip(JOINER)
    return Cell(escape(text), plain(rate), is_number=True)


def _cases(step: Step, language: str) -> Sentence:
    group = step.cases
    if group is None:
        raise ValueError(f"step {step.code}: has no cases")
    key = f"bulletin.step.{step.code}"
    if step.code != "idle":
        return sentence(key, language, total=group.total, counts=counted(group, language))
    return sentence(
        key,
        language,
        total=group.total,
        area=cell.amount(group.amount, "亩", language),
        counts=listed(handled(group, language), language),
    )


def steps_table(told: Bulletin, *, language: str = "zh") -> Piece:
    """List what is to be done: by whom, what is left, what is needed a month, until when."""
    rows = told.steps
    if not rows:
        return Piece(f'<p class="note">{escape(word("bulletin.none_steps", language))}</p>')
    comma = "、" if language == "zh" else ", "
    columns = [
        Column(
            word("bulletin.column.unit", language), [_lead(one, language) for one in rows], True
        ),
        Column(word("bulletin.column.what", language), [_what(one, language) for one in rows]),
        Column(word("bulletin.column.left", language), [_left(one, language) for one in rows]),
        Column(word("bulletin.column.rate", language), [_rate(one) for one in rows]),
        Column(
            word("bulletin.column.due", language),
            [cell.text(one.due.isoformat() if one.due else MISSING) for one in rows],
            css="short",
        ),
        Column(
            word("bulletin.column.others", language),
            [cell.text(comma.join(one.units[1:]) or MISSING) for one in rows],
            css="unit",
        ),
    ]
    return table(columns, caption=word("bulletin.table.steps", language), name="bulletin_steps")


def _lead(one: Step, language: str) -> Cell:
    return cell.text(one.lead or word("bulletin.no_lead", language))


def _what(one: Step, language: str) -> Cell:
    if one.clause is not None:
        return cell.text(one.clause.name[language])
    return cell.text(word(f"bulletin.kind.{one.code}", language))


def _left(one: Step, language: str) -> Cell:
    if one.cases is not None:
        return cell.number(one.cases.total, 0)
    if one.change is None:
        return Cell(MISSING, "", is_number=True)
    return amount(one.left, one.change.now, language)
