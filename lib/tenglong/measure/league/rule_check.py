"""Everything that a league names, held against what there is, beside its shape."""

import inspect
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tenglong.errors import did_you_mean, is_it
from tenglong.measure.board.board import INDICATORS
from tenglong.measure.clause import Label
from tenglong.measure.judge.assessment import Status
from tenglong.measure.league.rule import (
    TOWNSHIPS,
    UNITS_OF_PLAN,
    Adjustment,
    Item,
    LeagueRule,
    Target,
)
from tenglong.measure.policy.formula import FUNCTIONS, Formula
from tenglong.measure.unit import UNITS

Faults = Iterator[tuple[str, Label]]
MORE_THAN_NOTHING = Label("应大于 0", "must be more than 0")
# Indicators of a place: what they count stands in a township.
BY_PLACE = frozenset(
    {
        "checked_firms",
        "cleared_firms",
        "contracts_signed",
        "digitalised_share",
        "firm_ratio",
        "freed",
        "guarantee_teams",
        "investment",
        "investment_completion",
        "key_users_monitored",
        "land_replaced",
        "landing_rate",
        "low_tax_firms",
        "manufacturing_project_share",
        "net_above_scale",
        "projects_reached",
        "recognitions",
        "section_chief_leads",
        "standard_land",
        "two_high_assessed",
    }
)
LANGUAGES = {"zh", "en"}
OF_A_ROW = frozenset({"actual", "pace", "progress", "target"})
OF_A_MEMBER = frozenset({status.value for status in Status}) | {
    "items",
    "judged",
    "score",
    "unknown",
}
OF_A_LIGHT = frozenset(
    {
        "change",
        "gap",
        "is_started",
        "months_not_started",
        "of",
        "pace",
        "progress",
        "rank",
        "total",
        "worst_gap",
    }
)


def league_faults(rule: LeagueRule, place: str) -> Faults:
    """Tell what is wrong with a league beside its shape: each place of the file, and why."""
    yield from _numbers(rule, place)
    yield from _members(rule, place)
    yield from _names(rule.completion, OF_A_ROW, f"{place}.completion")
    for code, item in rule.items.items():
        yield from _item(item, f"{place}.items.{code}")
    for kind, adjustments in (("bonuses", rule.bonuses), ("deductions", rule.deductions)):
        for code, adjustment in adjustments.items():
            yield from _adjustment(rule, adjustment, f"{place}.{kind}.{code}")
    yield from _lights(rule, place)


def _numbers(rule: LeagueRule, place: str) -> Faults:
    if rule.full <= 0:
        yield f"{place}.full", MORE_THAN_NOTHING
    if not 0 <= rule.floor < rule.cap:
        yield (
            f"{place}.floor",
            Label("floor 应不小于 0 且小于 cap", "`floor` must be at least 0 and less than `cap`"),
        )
    if not 0 <= rule.most_unknown <= 1:
        yield f"{place}.most_unknown", Label("应是 0 到 1 的比例", "must be a share from 0 to 1")
    for name in ("least_members", "least_items"):
        if getattr(rule, name) < 1:
            yield f"{place}.{name}", Label("应不小于 1", "must be at least 1")


def _members(rule: LeagueRule, place: str) -> Faults:
    members = rule.members.value
    if not isinstance(members, Mapping) and members not in (TOWNSHIPS, UNITS_OF_PLAN):
        known = (TOWNSHIPS, UNITS_OF_PLAN)
        yield (
            f"{place}.members",
            Label(
                f"“{members}”应是 townships、units，或按代码写明名称{is_it(members, known)}",
                f"{members!r} must be townships, units, or names by code"
                f"{did_you_mean(members, known)}",
            ),
        )
    if isinstance(members, Mapping):
        yield from (
            (
                f"{place}.members.{code}",
                Label(
                    f"“{name}”应是名称，或分 zh、en 写明",
                    f"{name!r} must be a name, or one as zh and en",
                ),
            )
            for code, name in members.items()
            if not isinstance(name, str)
            and not (isinstance(name, Mapping) and {*name} == LANGUAGES)
        )
    if rule.is_of_units != (rule.clauses is not None) or rule.is_of_units == bool(rule.items):
        yield (
            place,
            Label(
                "按责任单位的赛马写 clauses、不写 items，其他赛马相反",
                "a league of units has `clauses` and no `items`, any other the reverse",
            ),
        )
    if rule.clauses is None:
        return
    if rule.clauses.lead <= 0 or rule.clauses.together < 0:
        yield (
            f"{place}.clauses",
            Label(
                "lead 应大于 0，together 应不小于 0",
                "`lead` must be more than 0, and `together` not less",
            ),
        )
    statuses = [status.value for status in Status if status.is_known]
    for status in rule.clauses.without_progress:
        if status not in statuses:
            yield (
                f"{place}.clauses.without_progress",
                Label(
                    f"没有状态“{status}”{is_it(status, statuses)}",
                    f"no status {status!r}{did_you_mean(status, statuses)}",
                ),
            )


def _item(item: Item, place: str) -> Faults:
    if item.weight <= 0:
        yield f"{place}.weight", MORE_THAN_NOTHING
    if item.unit not in UNITS:
        yield (
            f"{place}.unit",
            Label(
                f"没有单位“{item.unit}”{is_it(item.unit, UNITS)}",
                f"{item.unit!r} is not a unit that is known here{did_you_mean(item.unit, UNITS)}",
            ),
        )
    sources = item.indicator.value is not None, bool(item.official), bool(item.reported)
    if sum((bool(item.clause), *sources)) != 1:
        yield place, _one_of("clause", "indicator", "official", "reported")
    if item.completion is not None:
        yield from _names(item.completion, OF_A_ROW, f"{place}.completion")
    if item.indicator.value is not None:
        yield from _indicator(item.indicator.value, f"{place}.indicator")
    for member, figures in item.reported.items():
        yield from (
            (
                f"{place}.reported.{member}",
                Label(f"“{day}”不是日期，如 2022-06-30", f"{day!r} is not a day"),
            )
            for day in figures
            if not _is_day(day)
        )
    yield from _target(item.target, f"{place}.target")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _indicator(raw: Any, place: str) -> Faults:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str):
        yield (
            place,
            Label("应分键书写，其中 name 为指标名称", "must be a mapping with a `name`"),
        )
        return
    options = {key: value for key, value in raw.items() if key != "name"}
    if raw["name"] not in BY_PLACE:
        name = raw["name"]
        yield (
            f"{place}.name",
            Label(
                f"没有可分乡镇的指标“{name}”{is_it(name, BY_PLACE)}",
                f"no indicator of a township {name!r}{did_you_mean(name, BY_PLACE)}",
            ),
        )
        return
    try:
        inspect.signature(INDICATORS[raw["name"]]).bind(None, **options)
    except TypeError as error:
        name = raw["name"]
        yield place, Label(f"指标 {name} 的选项有误：{error}", f"{name}: {error}")


def _target(target: Target, place: str) -> Faults:
    given = (target.each is not None, bool(target.by), target.share_of_county is not None)
    if sum(given) != 1:
        yield place, _one_of("each", "by", "share_of_county")
    shared = target.share_of_county
    if shared is not None:
        if (shared.total is None) == (not shared.clause):
            yield f"{place}.share_of_county", _one_of("total", "clause")
        yield from shared.by.faults(f"{place}.share_of_county.by")


def _adjustment(rule: LeagueRule, adjustment: Adjustment, place: str) -> Faults:
    counted = {"counted"} if adjustment.count else set()
    yield from _names(adjustment.points, OF_A_MEMBER | counted, f"{place}.points")
    if adjustment.most is not None and adjustment.most < 0:
        yield f"{place}.most", Label("应不小于 0", "must not be less than 0")
    if adjustment.count is not None:
        yield from adjustment.count.faults(f"{place}.count")
        if rule.is_of_units:
            yield (
                f"{place}.count",
                Label(
                    "只能按乡镇计数，不能按单位计数",
                    "nothing is counted by unit, only by township",
                ),
            )


def _lights(rule: LeagueRule, place: str) -> Faults:
    names = [light.light for light in rule.lights]
    if not names or len(set(names)) < len(names):
        yield (
            f"{place}.lights",
            Label("至少写一种灯，每种只写一次", "must be at least one, each light once"),
        )
    known = OF_A_LIGHT | {f"months_{name}" for name in names}
    for light in rule.lights[:-1]:
        if light.when is None:
            yield (
                f"{place}.lights",
                Label(
                    f"{light.light} 须写 when，只有最后一种灯可以不写",
                    f"{light.light} needs a `when`, only the last light has none",
                ),
            )
    for number, light in enumerate(rule.lights, start=1):
        if light.when is not None:
            yield from _names(light.when, known, f"{place}.lights[{number}].when")


def _names(formula: Formula, known: frozenset[str] | set[str], place: str) -> Faults:
    for name in sorted(formula.names - known):
        yield (
            place,
            Label(
                f"这里没有“{name}”{is_it(name, known)}",
                f"{name!r} is not known here{did_you_mean(name, known)}",
            ),
        )
    for name in sorted(formula.functions - FUNCTIONS.keys()):
        yield (
            place,
            Label(
                f"没有函数“{name}”{is_it(name, FUNCTIONS)}",
                f"there is no function {name!r}{did_you_mean(name, FUNCTIONS)}",
            ),
        )


def _one_of(*keys: str) -> Label:
    *first, last = (f"`{key}`" for key in keys)
    several = f"one of {', '.join(first)} and {last}" if len(first) > 1 else f"{first[0]} or {last}"
    return Label(f"应写 {'、'.join(keys)} 之一", f"must have {several}")
