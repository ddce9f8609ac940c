"""Highlights and problems: clauses, firms, projects, parcels and members, in sentences."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tenglong.measure.board.change import Change
from tenglong.measure.bulletin.points import Case, Cases, Clauses, Group, Member, Members
from tenglong.measure.clause import Kind
from tenglong.measure.judge.assessment import Assessment, Status
from tenglong.measure.sheet.bulletin import BulletinSheet
from tenglong.show import cell
from tenglong.show.amount import actual_said, target_said
from tenglong.show.assessed import gap_cell, led_by, reason_text, supplier
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence, Value

# Of these it matters no more how time passes.
SETTLED = frozenset({Status.ACHIEVED, Status.MISSED})
DIGITS = "〇一二三四五六七八九"
# What counts firms, projects and parcels, clauses and members.
COUNTED = {"overdue": "家", "stuck": "个", "idle": "宗", Clauses: "条", Members: "个", Cases: "个"}
STEPS = {"overdue": "clearance.owed", "stuck": "project.stage", "idle": "land.handling"}
# What is said of a firm, a project or a parcel, in the order of the sentence.
SAID = {
    "overdue": ("name", "place", "due", "step", "days"),
    "stuck": ("name", "place", "step", "days"),
    "idle": ("name", "place", "area", "since"),
}


def highlights(page: Page, sheet: BulletinSheet) -> Piece:
    """Say what went well, by the rules of the policy."""
    return _groups(page, sheet.highlights, "highlights")


def problems(page: Page, sheet: BulletinSheet) -> Piece:
    """Say what went wrong, by the rules of the policy."""
    return _groups(page, sheet.problems, "problems")


def _groups(page: Page, groups: Sequence[Group], name: str) -> Piece:
    lines = numbered(page, [group_sentence(page, group) for group in groups])
    return findings(*(lines or [page.sentence(f".none_{name}")]), name=f"bulletin_{name}")


def numbered(page: Page, lines: Sequence[Sentence]) -> list[Sentence]:
    """Put a number before each line, as （一） and （二） do."""
    number = ordinal if page.language == "zh" else str
    return [
        page.sentence(".numbered", number=number(place), line=line)
        for place, line in enumerate(lines, start=1)
    ]


def ordinal(number: int) -> str:
    """Write a number below a hundred in Chinese.

    >>> [ordinal(number) for number in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    ten = f"{DIGITS[tens] if tens > 1 else ''}十" if tens else ""
    return f"{ten}{DIGITS[ones] if ones else ''}"


def group_sentence(page: Page, group: Group) -> Sentence:
    """Say one group: how many, the first of them by name, of cases who answers for them."""
    code, most = group.code, group.most
    said: dict[str, Value] = {"total": group.total}
    match group:
        case Clauses():
            said["named"] = page.listed([_clause(page, code, it) for it in group.changes[:most]])
        case Cases():
            said["named"] = page.listed([_case(page, code, it) for it in group.cases[:most]])
        case Members():
            said["named"] = page.listed([_member(page, code, it) for it in group.members[:most]])
    said["more"] = page.rest(group.total - most, COUNTED.get(code, COUNTED[type(group)]))
    if isinstance(group, Cases):
        said |= _of_cases(page, group)
    return page.sentence(f".group.{code}", **said)


def _clause(page: Page, code: str, change: Change) -> Sentence:
    """Name a clause: why it cannot be judged, or where it stands and who leads it."""
    one, name = change.now, page.told(change.clause.name)
    if code == "untold":
        why, unit = reason_text(page, one), supplier(one, page.place)
        return page.sentence(".untold_why", name=name, why=why, unit=unit)
    lead = led_by(page, one.clause.lead)
    said: dict[str, Value] = {"at": at(page, one), "lead": lead}
    if code not in ("rose", "fell"):
        return page.sentence(".named", name=name, **said)
    before, now = (page.word(f"status.{each.status}") for each in (change.before, one))
    return page.sentence(".named_moved", name=name, before=before, now=now, **said)


def at(page: Page, assessment: Assessment) -> Sentence:
    """Say where a clause stands: its figure, its target, and the pace where it has one."""
    if assessment.clause.kind is Kind.MILESTONE:
        if assessment.observed_on is not None:
            return page.sentence(".done_on", day=assessment.observed_on)
        return page.sentence(".was_due", day=assessment.clause.due)
    if assessment.reason.code == "bad_year":
        return page.sentence(".bad_years", **bad_years(page, assessment))
    if assessment.gap is None or assessment.status in SETTLED:
        return page.sentence(".at", **figures(page, assessment))
    return page.sentence(".at_pace", pace=_pace(page, assessment.gap), **figures(page, assessment))


def bad_years(page: Page, assessment: Assessment) -> dict[str, Value]:
    """Give the years that were missed, and what each of them asks for."""
    years = str(assessment.reason.values["years"])
    return {"years": years, "target": target_said(page, assessment)}


def figures(page: Page, assessment: Assessment) -> dict[str, Value]:
    """Give a clause's figure and its target, in its unit."""
    return {"actual": actual_said(page, assessment), "target": target_said(page, assessment)}


def _pace(page: Page, gap: Fraction) -> Sentence:
    if not gap:
        return page.sentence(".on_pace")
    key = ".behind_pace" if gap < 0 else ".ahead_of_pace"
    return page.sentence(key, points=gap_cell(page, abs(gap), sign=False))


def _of_cases(page: Page, group: Cases) -> dict[str, Value]:
    unit = group.units[0] if group.units else page.word("board.no_lead")
    if group.code != "idle":
        return {"unit": unit, "days": max(case.days or 0 for case in group.cases)}
    return {"unit": unit, **idle_land(page, group)}


def idle_land(page: Page, group: Cases) -> dict[str, Value]:
    """Give the area of idle land, and count it by how it is handled, with the fee if any."""
    return {"area": _area(page, group.amount), "counts": page.listed([*_handled(page, group)])}


def _area(page: Page, area: Fraction | None) -> Cell:
    return cell.amount(area, "亩", page.language)


def _handled(page: Page, group: Cases) -> Iterator[Sentence]:
    for step, count in Counter(case.step for case in group.cases).items():
        fees = [case.fee_wan for case in group.cases if case.step == step]
        known = [fee for fee in fees if fee is not None]
        said: dict[str, Value] = {"step": step_text(page, "idle", step), "count": count}
        if known:
            said["fee"] = cell.said(sum(known, Fraction(0)), "万元", page.language)
        yield page.sentence(".case.count_fee" if known else ".case.count", **said)


def _case(page: Page, code: str, case: Case) -> Sentence:
    values: dict[str, Value] = {
        "name": case.name,
        "place": case.place or page.word(".place_unknown"),
        "step": step_text(page, code, case.step),
        "area": _area(page, case.amount),
        "days": case.days or 0,
        "due": case.due_on or MISSING,
        "since": case.since or MISSING,
    }
    return page.sentence(f".case.{code}", **{name: values[name] for name in SAID[code]})


def step_text(page: Page, code: str, step: str) -> str:
    """Name what is owed: the next step of a firm or a project, the handling of idle land."""
    return page.word(f"{STEPS[code]}.{step}") if step else MISSING


def _member(page: Page, code: str, member: Member) -> Sentence:
    sheet, name = member.sheet, page.told(member.sheet.name)
    if code == "climbed":
        ranks = {"before": sheet.rank_before or 0, "rank": sheet.rank or 0}
        return page.sentence(".member.climbed", name=name, **ranks)
    gap = None if sheet.gap is None else abs(sheet.gap)
    return page.sentence(".member.red", name=name, points=cell.number(gap, 1))
