"""Firms, projects, parcels and members of a league, as parts of a bulletin's sentence."""

from collections import Counter
from fractions import Fraction

from tenglong.measure.bulletin.points import Case, Cases, Member, Members
from tenglong.show import cell
from tenglong.show.finding import Sentence, Value, sentence
from tenglong.show.number import MISSING
from tenglong.show.pages.bulletin_clause import listed, more
from tenglong.show.words import word

STEPS = {"overdue": "clearance.owed", "stuck": "project.stage", "idle": "land.handling"}


def step_text(code: str, step: str, language: str) -> str:
    """Name what is owed: the next step of a firm or a project, the handling of idle land."""
    if not step:
        return MISSING
    return word(f"{STEPS[code]}.{step}", language)


def cases_sentence(group: Cases, language: str) -> Sentence:
    """Say one list: how many, the worst of them by name, and who answers for it."""
    values: dict[str, Value] = {
        "total": group.total,
        "named": listed(
            [_case(group.code, one, language) for one in group.cases[: group.most]], language
        ),
        "more": more(group.total, group.most, language),
        "unit": group.units[0] if group.units else word("bulletin.no_lead", language),
    }
    if group.code == "idle":
        values |= {
            "area": cell.amount(group.amount, "亩", language),
            "counts": listed(handled(group, language), language),
        }
    else:
        values["days"] = max(one.days or 0 for one in group.cases)
    return sentence(f"bulletin.group.{group.code}", language, **values)


def _case(code: str, one: Case, language: str) -> Sentence:
    values: dict[str, Value] = {
        "name": one.name,
        "place": one.place or word("bulletin.place_unknown", language),
        "step": step_text(code, one.step, language),
        "area": cell.amount(one.amount, "亩", language),
        "days": one.days or 0,
        "due": one.due_on or MISSING,
        "since": one.since or MISSING,
    }
    used = {
        "overdue": ("name", "place", "due", "step", "days"),
        "stuck": ("name", "place", "step", "days"),
        "idle": ("name", "place", "area", "since"),
    }
    return sentence(f"bulletin.case.{code}", language, **{key: values[key] for key in used[code]})


def handled(group: Cases, language: str) -> list[Sentence]:
    """Count idle land by how it is to be handled, with the fee where there is one."""
    counts = Counter(one.step for one in group.cases)
    found = []
    for step, count in counts.items():
        fees = [one.fee_wan for one in group.cases if one.step == step and one.fee_wan is not None]
        values: dict[str, Value] = {"step": step_text("idle", step, language), "count": count}
        key = "bulletin.case.count"
        if fees:
            key, values["fee"] = f"{key}_fee", cell.amount(sum(fees, Fraction(0)), "万元", language)
        found.append(sentence(key, language, **values))
    return found


def counted(group: Cases, language: str) -> list[Sentence]:
    """Count firms or projects by what they owe."""
    key = "bulletin.step.count_firms" if group.code == "overdue" else "bulletin.step.count"
    counts = Counter(one.step for one in group.cases)
    return [
        sentence(key, language, step=step_text(group.code, step, language), count=count)
        for step, count in counts.items()
    ]


def members_sentence(group: Members, language: str) -> Sentence:
    """Say which members of the leagues climbed, or have a red light."""
    return sentence(
        f"bulletin.group.{group.code}",
        language,
        total=group.total,
        named=[_member(group.code, one, language) for one in group.members[: group.most]],
        more=more(group.total, group.most, language),
    )


def _member(code: str, one: Member, language: str) -> Sentence:
    sheet = one.sheet
    name = sheet.name[language]
    if code == "climbed":
        ranks = {"before": sheet.rank_before or 0, "rank": sheet.rank or 0}
        return sentence("bulletin.member.climbed", language, name=name, **ranks)
    gap = None if sheet.gap is None else abs(sheet.gap)
    return sentence("bulletin.member.red", language, name=name, points=cell.number(gap, 1))
