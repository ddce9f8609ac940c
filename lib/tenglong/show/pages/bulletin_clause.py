"""How a clause stands, as a part of a bulletin's sentence."""

from collections.abc import Sequence
from fractions import Fraction
from html import escape

from tenglong.measure.board.change import Change
from tenglong.measure.bulletin.points import Clauses
from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Assessment, Status
from tenglong.show import cell
from tenglong.show.assessed import in_unit, reason_text, supplier
from tenglong.show.cell import Cell
from tenglong.show.number import percent, plain
from tenglong.show.page import Page
from tenglong.show.sentence import Sentence

# Of these it matters no more how time passes.
SETTLED = frozenset({Status.ACHIEVED, Status.MISSED})
DIGITS = "〇一二三四五六七八九"


def amount(page: Page, value: Fraction | None, one: Assessment) -> Cell:
    """Give a figure in the clause's unit."""
    return Cell(escape(in_unit(page, value, one)), plain(value), is_number=True)


def share(value: Fraction | None) -> Cell:
    """Give a share as per cent."""
    return Cell(percent(value), plain(value), is_number=True)


def points(gap: Fraction) -> Cell:
    """Give a difference of shares in percentage points, without its sign."""
    return cell.number(abs(gap) * 100, 1)


def lead(page: Page, one: Assessment) -> str:
    """Name the leading unit."""
    return one.clause.lead or page.word("bulletin.no_lead")


def at(page: Page, one: Assessment) -> Sentence:
    """Say where a clause stands: its figure, its target, and the pace where it has one."""
    if one.clause.kind is Kind.MILESTONE:
        done = one.observed_on
        if done is not None:
            return page.sentence("bulletin.done_on", day=done)
        return page.sentence("bulletin.was_due", day=one.clause.due)
    if one.reason.code == "bad_year":
        years, target = str(one.reason.values["years"]), amount(page, one.target, one)
        return page.sentence("bulletin.bad_years", years=years, target=target)
    figures = {
        "actual": amount(page, one.actual, one),
        "target": amount(page, one.target, one),
    }
    if one.gap is None or one.status in SETTLED:
        return page.sentence("bulletin.at", **figures)
    return page.sentence("bulletin.at_pace", pace=_pace(page, one.gap), **figures)


def _pace(page: Page, gap: Fraction) -> Sentence:
    if not gap:
        return page.sentence("bulletin.on_pace")
    key = "bulletin.behind_pace" if gap < 0 else "bulletin.ahead_of_pace"
    return page.sentence(key, points=points(gap))


def named(page: Page, change: Change) -> Sentence:
    """Name a clause with where it stands and who leads it."""
    one = change.now
    return page.sentence(
        "bulletin.named",
        name=one.clause.name[page.language],
        at=at(page, one),
        lead=lead(page, one),
    )


def named_moved(page: Page, change: Change) -> Sentence:
    """Name a clause with the status that it had and has."""
    return page.sentence(
        "bulletin.named_moved",
        name=change.clause.name[page.language],
        before=page.word(f"status.{change.before.status}"),
        now=page.word(f"status.{change.now.status}"),
        at=at(page, change.now),
        lead=lead(page, change.now),
    )


def named_untold(page: Page, change: Change) -> Sentence:
    """Name a clause that cannot be judged, why, and who supplies what is lacking."""
    return page.sentence(
        "bulletin.untold_why",
        name=change.clause.name[page.language],
        why=reason_text(page, change.now),
        unit=supplier(change.now, page.place),
    )


def clauses_sentence(page: Page, group: Clauses) -> Sentence:
    """Say one group of clauses: how many, and the first of them by name."""
    shown = group.changes[: group.most]
    match group.code:
        case "untold":
            parts = [named_untold(page, one) for one in shown]
        case "rose" | "fell":
            parts = [named_moved(page, one) for one in shown]
        case _:
            parts = [named(page, one) for one in shown]
    return page.sentence(
        f"bulletin.group.{group.code}",
        total=group.total,
        named=listed(page, parts),
        more=more(page, group.total, group.most),
    )


def listed(page: Page, parts: Sequence[Sentence]) -> Sentence:
    """Join parts that have commas of their own by semicolons."""
    between = "；" if page.language == "zh" else "; "
    html = between.join(one.html for one in parts)
    values = {
        f"{place}.{name}": text
        for place, one in enumerate(parts, start=1)
        for name, text in one.values.items()
    }
    return Sentence(html, values)


def numbered(page: Page, lines: Sequence[Sentence]) -> list[Sentence]:
    """Put a number before each line, as （一） and （二） do."""
    return [
        page.sentence(
            "bulletin.numbered",
            number=ordinal(place) if page.language == "zh" else str(place),
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


def more(page: Page, total: int, most: int) -> str:
    """Say that there are more than were named."""
    return page.word("bulletin.more") if total > most else ""
