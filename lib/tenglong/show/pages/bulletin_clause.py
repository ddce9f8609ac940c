"""How a clause stands, as a part of a bulletin's sentence."""

from collections.abc import Sequence
from fractions import Fraction
from html import escape

from tenglong.measure.bulletin.points import Clauses
from tenglong.measure.clause import Kind
from tenglong.measure.county import County
from tenglong.measure.target.assessment import Assessment, Status
from tenglong.measure.target.comparison import Change
from tenglong.show import cell
from tenglong.show.assessed import in_unit, reason_text, supplier
from tenglong.show.cell import Cell
from tenglong.show.finding import Sentence, sentence
from tenglong.show.number import percent, plain
from tenglong.show.words import word

# Of these it matters no more how time passes.
SETTLED = frozenset({Status.ACHIEVED, Status.MISSED})
DIGITS = "〇一二三四五六七八九"


def amount(value: Fraction | None, one: Assessment, language: str) -> Cell:
    """Give a figure in the clause's unit."""
    return Cell(escape(in_unit(value, one, language)), plain(value), is_number=True)


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
        years, target = str(one.reason.values["years"]), amount(one.target, one, language)
        return sentence("bulletin.bad_years", language, years=years, target=target)
    figures = {
        "actual": amount(one.actual, one, language),
        "target": amount(one.target, one, language),
    }
    if one.gap is None or one.status in SETTLED:
        return sentence("bulletin.at", language, **figures)
    return sentence("bulletin.at_pace", language, pace=_pace(one.gap, language), **figures)


def _pace(gap: Fraction, language: str) -> Sentence:
    if not gap:
        return sentence("bulletin.on_pace", language)
    key = "bulletin.behind_pace" if gap < 0 else "bulletin.ahead_of_pace"
    return sentence(key, language, points=points(gap))


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
        named=listed(parts, language),
        more=more(group.total, group.most, language),
    )


def listed(parts: Sequence[Sentence], language: str) -> Sentence:
    """Join parts that have commas of their own by semicolons."""
    between = "；" if language == "zh" else "; "
    html = between.join(one.html for one in parts)
    values = {
        f"{place}.{name}": text
        for place, one in enumerate(parts, start=1)
        for name, text in one.values.items()
    }
    return Sentence(html, values)


def numbered(lines: Sequence[Sentence], language: str) -> list[Sentence]:
    """Put a number before each line, as （一） and （二） do."""
    return [
        sentence(
            "bulletin.numbered",
            language,
            number=ordinal(place) if language == "zh" else str(place),
            line=one,
        )
        for place, one in enumerate(lines, start=1)
    ]


def ordinal(number: int) -> str:
    """Write a number below a hundred in Chinese.

    >>> [ordinal(number) for number in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    ten = f"{DIGITS[tens] if tens > 1 else ''}十" if tens else ""
    return f"{ten}{DIGITS[ones] if ones else ''}"


def more(total: int, most: int, language: str) -> str:
    """Say that there are more than were named."""
    return word("bulletin.more", language) if total > most else ""
