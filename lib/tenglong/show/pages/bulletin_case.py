"""Firms, projects, parcels and members of a league, as parts of a bulletin's sentence."""

from collections import Counter
from fractions import Fraction

from tenglong.measure.bulletin.points import Case, Cases, Member, Members
from tenglong.show import cell
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.pages.bulletin_clause import listed, more
from tenglong.show.sentence import Sentence, Value

STEPS = {"overdue": "clearance.owed", "stuck": "project.stage", "idle": "land.handling"}


def step_text(page: Page, code: str, step: str) -> str:
    """Name what is owed: the next step of a firm or a project, the handling of idle land."""
    if not step:
        return MISSING
    return page.word(f"{STEPS[code]}.{step}")


def cases_sentence(page: Page, group: Cases) -> Sentence:
    """Say one list: how many, the worst of them by name, and who answers for it."""
    values: dict[str, Value] = {
        "total": group.total,
        "named": listed(page, [_case(page, group.code, one) for one in group.cases[: group.most]]),
        "more": more(page, group.total, group.most),
        "unit": group.units[0] if group.units else page.word("bulletin.no_lead"),
    }
    if group.code == "idle":
        values |= {
            "area": cell.amount(group.amount, "亩", page.language),
            "counts": listed(page, handled(page, group)),
        }
    else:
        values["days"] = max(one.days or 0 for one in group.cases)
    return page.sentence(f"bulletin.group.{group.code}", **values)


def _case(page: Page, code: str, one: Case) -> Sentence:
    values: dict[str, Value] = {
        "name": one.name,
        "place": one.place or page.word("bulletin.place_unknown"),
        "step": step_text(page, code, one.step),
        "area": cell.amount(one.amount, "亩", page.language),
        "days": one.days or 0,
        "due": one.due_on or MISSING,
        "since": one.since or MISSING,
    }
    used = {
        "overdue": ("name", "place", "due", "step", "days"),
        "stuck": ("name", "place", "step", "days"),
        "idle": ("name", "place", "area", "since"),
    }
    return page.sentence(f"bulletin.case.{code}", **{key: values[key] for key in used[code]})


def handled(page: Page, group: Cases) -> list[Sentence]:
    """Count idle land by how it is to be handled, with the fee where there is one."""
    counts = Counter(one.step for one in group.cases)
    found = []
    for step, count in counts.items():
        fees = [one.fee_wan for one in group.cases if one.step == step and one.fee_wan is not None]
        values: dict[str, Value] = {"step": step_text(page, "idle", step), "count": count}
        key = "bulletin.case.count"
        if fees:
            key, values["fee"] = (
                f"{key}_fee",
                cell.amount(sum(fees, Fraction(0)), "万元", page.language),
            )
        found.append(page.sentence(key, **values))
    return found


def counted(page: Page, group: Cases) -> list[Sentence]:
    """Count firms or projects by what they owe."""
    key = "bulletin.step.count_firms" if group.code == "overdue" else "bulletin.step.count"
    counts = Counter(one.step for one in group.cases)
    return [
        page.sentence(key, step=step_text(page, group.code, step), count=count)
        for step, count in counts.items()
    ]


def members_sentence(page: Page, group: Members) -> Sentence:
    """Say which members of the leagues climbed, or have a red light."""
    return page.sentence(
        f"bulletin.group.{group.code}",
        total=group.total,
        named=[_member(page, group.code, one) for one in group.members[: group.most]],
        more=more(page, group.total, group.most),
    )


def _member(page: Page, code: str, one: Member) -> Sentence:
    sheet = one.sheet
    name = sheet.name[page.language]
    if code == "climbed":
        ranks = {"before": sheet.rank_before or 0, "rank": sheet.rank or 0}
        return page.sentence("bulletin.member.climbed", name=name, **ranks)
    gap = None if sheet.gap is None else abs(sheet.gap)
    return page.sentence("bulletin.member.red", name=name, points=cell.number(gap, 1))
