"""How a clause stands, as a part of a bulletin's sentence."""

from fractions import Fraction
from html import escape

from tenglong.measure.bulletin.points import Clauses
from tenglong.measure.clause import Kind
from tenglong.measure.county import County
from tenglong.measure.target.assessment import Assessment
from tenglong.measure.target.comparison import Change
from tenglong.show import cell
from tenglong.show.assessed import in_unit, reason_text, supplier
from tenglong.show.cell import Cell
from tenglong.show.finding import Sentence, sentence
from tenglong.show.number import percent, plain
from tenglong.show.words import word


def amount(value: Fraction | None, one: Assessment) -> Cell:
    """Give a figure in the clause's unit."""
    return Cell(escape(in_unit(value, one)), plain(value), is_number=True)


def share(value: Fraction | None) -> Cell:
    """Give a share as per cent."""
    return Cell(percent(value), plain(value), is_number=True)


def points(gap: Fraction) -> Cell:
    """Give a difference of shares in percentage points, without its sign."""
    return cell.number(abs(gap) * 100, 1)


def lead(one: Assessment, language: str) -> str:
    """Name the leading unit."""
    return one.clause.lead or word("bulletin.no_lead", language)


def at(one: Assessment, language: str) -> Sentence:
    """Say where a clause stands: its figure, its target, and the pace where it has one."""
    if one.clause.kind is Kind.MILESTONE:
        done = one.observed_on
        if done is not None:
            return sentence("bulletin.done_on", language, day=done)
        return sentence("bulletin.was_due", language, day=one.clause.due)
    if one.reason.code == "bad_year":
        years, target = str(one.reason.values["years"]), amount(one.target, one)
        return sentence("bulletin.bad_years", language, years=years, target=target)
    figures = {"actual": amount(one.actual, one), "target": amount(one.target, one)}
    if one.gap is None:
        return sentence("bulletin.at", language, **figures)
    key = "bulletin.behind_pace" if one.gap < 0 else "bulletin.ahead_of_pace"
    pace = sentence(key, language, points=points(one.gap))
    return sentence("bulletin.at_pace", language, pace=pace, **figures)


def named(change: Change, language: str) -> Sentence:
    """Name a clause with where it stands and who leads it."""
    one = change.now
    return sentence(
        "bulletin.named",
        language,
        name=one.clause.name[language],
        at=at(one, language),
        lead=lead(one, language),
    )


def named_moved(change: Change, language: str) -> Sentence:
    """Name a clause with the status that it had and has."""
    return sentence(
        "bulletin.named_moved",
        language,
        name=change.clause.name[language],
        before=word(f"status.{change.before.status}", language),
        now=word(f"status.{change.now.status}", language),
        at=at(change.now, language),
        lead=lead(change.now, language),
    )


def named_untold(change: Change, county: County, language: str) -> Sentence:
    """Name a clause that cannot be judged, why, and who supplies what is lacking."""
    return sentence(
        "bulletin.untold_why",
        language,
        name=change.clause.name[language],
        why=reason_text(change.now, county, language),
        unit=supplier(change.now, county),
    )


def clauses_sentence(group: Clauses, county: County, language: str) -> Sentence:
    """Say one group of clauses: how many, and the first of them by name."""
    shown = group.changes[: group.most]
    match group.code:
        case "untold":
            parts = [named_untold(one, county, language) for one in shown]
        case "rose" | "fell":
            parts = [named_moved(one, language) for one in shown]
        case _:
            parts = [named(one, language) for one in shown]
    return sentence(
        f"bulletin.group.{group.code}",
        language,
        total=group.total,
        named=parts,
        more=more(group.total, group.most, language),
    )


def more(total: int, most: int, language: str) -> str:
    """Say that there are more than were named."""
    return word("bulletin.more", language) if total > most else ""
