"""The formula of a league as it is printed in full: every parameter, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tenglong.measure.clause import Label, written
from tenglong.measure.judge.assessment import Reason
from tenglong.measure.league.rule import Adjustment, Item, LeagueRule, LightRule, Shared, Target
from tenglong.measure.league.tally import Tally
from tenglong.measure.unit import is_counted


@dataclass(frozen=True)
class LeagueFormula:
    """A formula in words-free lines: a code each, for the words, and the values that go in."""

    name: Label
    lines: tuple[Reason, ...]


def league_formula(rule: LeagueRule, language: str) -> LeagueFormula:
    """Give everything that a score, a rank or a light of a league follows from.

    >>> from tenglong.measure.league.rule_file import league_rule
    >>> lines = league_formula(league_rule(load_policy(), "townships"), "zh").lines
    >>> lines[0].code, lines[0].values["full"], lines[0].values["cap_pct"]
    ('total', '100', '100')
    """
    return LeagueFormula(rule.name, tuple(_lines(rule, language)))


def _lines(rule: LeagueRule, language: str) -> Iterator[Reason]:
    yield Reason(
        "total",
        {"full": written(rule.full), "cap_pct": _pct(rule.cap), "floor_pct": _pct(rule.floor)},
    )
    yield Reason(
        "completion_paced" if rule.is_paced else "completion", {"formula": rule.completion.text}
    )
    for item in rule.items.values():
        yield from _item(item, language)
    yield from _clauses(rule)
    for code, extras in (("bonus", rule.bonuses), ("deduction", rule.deductions)):
        for adjustment in extras.values():
            yield _extra(code, adjustment, language)
    yield Reason(f"ties_{rule.ties}")
    if rule.decimals is not None:
        yield Reason("decimals", {"decimals": rule.decimals})
    yield Reason("least", {"members": rule.least_members, "items": rule.least_items})
    yield Reason("most_unknown", {"pct": _pct(rule.most_unknown)})
    yield from (_light(light, language) for light in rule.lights)


def _light(rule: LightRule, language: str) -> Reason:
    label = rule.label[language]
    if rule.when is None:
        return Reason("light_else", {"light": label})
    return Reason("light", {"light": label, "when": rule.when.text})


def _item(item: Item, language: str) -> Iterator[Reason]:
    values = {"name": item.name[language], "weight": written(item.weight)}
    yield Reason(f"item_{item.span}", values)
    yield _target(item.target, item.unit)
    if item.completion is not None:
        yield Reason("item_completion", {"formula": item.completion.text})


def _target(target: Target, unit: str) -> Reason:
    if target.each is not None:
        return Reason("target_each", {"target": written(target.each), "unit": unit})
    if target.share_of_county is not None:
        return _shared(target.share_of_county, unit)
    return Reason("target_by", {"members": len(target.by)})


def _shared(rule: Shared, unit: str) -> Reason:
    values = {"by": tally_text(rule.by), "unit": unit}
    whole = "_whole" if is_counted(unit) else ""
    if rule.total is not None:
        return Reason(f"target_total{whole}", {**values, "total": written(rule.total)})
    return Reason(f"target_clause{whole}", {**values, "clause": rule.clause})


def _clauses(rule: LeagueRule) -> Iterator[Reason]:
    if rule.clauses is None:
        return
    led = rule.clauses
    yield Reason("clauses", {"lead": written(led.lead), "together": written(led.together)})
    if led.least_led:
        yield Reason("least_led", {"clauses": led.least_led})
    if led.not_units:
        yield Reason("not_units", {"names": "、".join(led.not_units)})
    for status, completion in led.without_progress.items():
        yield Reason("without_progress", {"status": status, "pct": _pct(completion)})


def _extra(code: str, adjustment: Adjustment, language: str) -> Reason:
    values = {
        "name": adjustment.name[language],
        "points": adjustment.points.text,
        "count": tally_text(adjustment.count) if adjustment.count else "",
    }
    counted = "_counted" if adjustment.count else ""
    if adjustment.most is None:
        return Reason(f"{code}{counted}", values)
    return Reason(f"{code}{counted}_most", {**values, "most": written(adjustment.most)})


def tally_text(tally: Tally) -> str:
    """Write a tally as the policy has it.

    >>> tally_text(Tally("parcels", sum="actual_mu"))
    'sum(parcels.actual_mu)'
    """
    what = (
        f"{tally.table}.{tally.sum or tally.distinct}"
        if tally.sum or tally.distinct
        else tally.table
    )
    how = "sum" if tally.sum else "distinct" if tally.distinct else "count"
    where = f" [{tally.where.text}]" if tally.where else ""
    return f"{how}({what}){where}"


def _pct(share: Fraction) -> str:
    return written(share * 100)
