"""What every indicator takes and gives: a plan that cannot work is told before it is judged."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tenglong.errors import Fault, did_you_mean, is_it, placed
from tenglong.measure.board.board import INDICATORS
from tenglong.measure.clause import Clause, IndicatorRef, Kind, Label, Plan
from tenglong.measure.reading import Coverage, Flow, Happened, Series
from tenglong.measure.unit import UNITS

FLOWS = frozenset(
    {"cleared_firms", "freed", "net_above_scale", "official_total"}
    | {"projects_reached", "recognitions"}
)
COVERAGES = frozenset(
    {"carbon_rated", "checked_firms", "contract_nodes_kept", "contracts_signed"}
    | {"dual_contracts_signed", "guarantee_teams", "idle_handled", "key_users_monitored"}
    | {"land_inside_line", "land_replaced", "listed_firms", "listed_firms_ended"}
    | {"section_chief_leads", "two_high_assessed"}
)
# Which readings a kind of clause can be judged by (`judge.kinds`).
FITS: Mapping[Kind, tuple[type, ...]] = {
    Kind.LEVEL: (Series,),
    Kind.CHANGE: (Series,),
    Kind.CLEAR_OUT: (Series,),
    Kind.GROWTH: (Series,),
    Kind.SHARE: (Series,),
    Kind.CUMULATIVE: (Flow,),
    Kind.ANNUAL: (Flow, Series),
    Kind.COVERAGE: (Coverage,),
    Kind.MILESTONE: (Happened,),
}
SHAPES: Mapping[type, Label] = {
    Series: Label("逐期数值", "figures by period"),
    Flow: Label("逐日发生额", "dated amounts"),
    Coverage: Label("应办与已办", "done of required"),
    Happened: Label("发生日期", "a day"),
}
NUMBERS = (int, float, Fraction)


@dataclass(frozen=True)
class Option:
    """An option of an indicator: what it takes, and whether it must be given.

    `choices` are the only values that it takes; empty where any of the type does.
    """

    name: str
    types: tuple[type, ...]
    is_needed: bool
    default: Any = None
    choices: tuple[Any, ...] = ()

    @property
    def wanted(self) -> str:
        """What a value must be, in words."""
        if self.choices:
            return f"one of {', '.join(map(str, self.choices))}"
        return " or ".join(_NOUNS[one].en for one in self.types)

    @property
    def wanted_zh(self) -> str:
        """The same in Chinese."""
        if self.choices:
            return f"{'、'.join(map(str, self.choices))} 之一"
        return "或".join(_NOUNS[one].zh for one in self.types)

    def takes(self, value: Any) -> bool:
        """Whether a value of the plan is one.

        >>> options_of("freed")["what"].takes("land"), options_of("freed")["what"].takes("land_mu")
        (False, True)
        """
        if self.choices:
            return value in self.choices
        if isinstance(value, bool):
            return bool in self.types
        return isinstance(value, self.types) or (float in self.types and isinstance(value, NUMBERS))


_NOUNS = {
    str: Label("文字", "a text"),
    bool: Label(" true 或 false", "true or false"),
    int: Label("整数", "a whole number"),
    float: Label("数字", "a number"),
    date: Label("日期，如 2022-06-30", "a day such as 2022-06-30"),
    list: Label("列表", "a list"),
}


@cache
def options_of(name: str) -> Mapping[str, Option]:
    """Give the options of an indicator by their names, in their order.

    >>> [option.name for option in options_of("low_tax_firms").values()]
    ['below_wan_per_mu']
    """
    function = INDICATORS[name]
    hints = get_type_hints(function)
    _, *options = inspect.signature(function).parameters.values()
    return {one.name: _option(one, hints[one.name]) for one in options}


def _option(parameter: inspect.Parameter, hint: Any) -> Option:
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    parts = tuple(part for part in parts if part is not NoneType)
    choices = tuple(
        value for part in parts if get_origin(part) is Literal for value in get_args(part)
    )
    types = tuple(get_origin(part) or part for part in parts if get_origin(part) is not Literal)
    is_needed = parameter.default is inspect.Parameter.empty
    default = None if is_needed else parameter.default
    return Option(parameter.name, types, is_needed, default, choices)


def shape_of(ref: IndicatorRef) -> type:
    """Say what an indicator gives with its options: figures by period, amounts, a share, a day.

    >>> shape_of(IndicatorRef("investment", {"by": "year"})) is Series
    True
    """
    if ref.name == "milestone":
        return Happened
    if ref.name in COVERAGES:
        return Coverage
    if ref.name in FLOWS or (ref.name == "investment" and ref.options.get("by") != "year"):
        return Flow
    return Series


def plan_faults(plan: Plan) -> Iterator[str]:
    """Tell, clause by clause, why it could not be judged: its indicator, options, kind or unit.

    >>> from dataclasses import replace
    >>> from tenglong.measure.clause import Label
    >>> plan = example_county().plan
    >>> clause = Clause("x", "", "…", Label("", ""), Kind.LEVEL, plan.window, plan.window.end,
    ...     unit="%", indicator=IndicatorRef("fred", {}))
    >>> list(plan_faults(replace(plan, clauses=(clause,))))
    ["clause x: indicator: there is none called 'fred' (did you mean 'freed'?)"]
    """
    for clause in plan.clauses:
        for fault in _faults(clause):
            yield placed(fault, f"clause {clause.id}", f"条款 {clause.id}")


def _faults(clause: Clause) -> Iterator[str]:
    if clause.indicator is not None:
        faults = list(_reference_faults(clause.indicator))
        yield from (placed(fault, "indicator", "指标") for fault in faults)
        if not faults:
            yield from _shape_faults(clause, clause.indicator)
    for fact in clause.facts:
        for fault in _reference_faults(fact.indicator):
            yield placed(fault, f"facts, {fact.name.zh}: indicator", f"facts，{fact.name.zh}：指标")
    for unit in dict.fromkeys((clause.unit, *(fact.unit for fact in clause.facts))):
        if unit not in UNITS:
            known = [one for one in UNITS if one]
            hint = did_you_mean(unit, known, otherwise=f"; there are {', '.join(known)}")
            hint_zh = is_it(unit, known, otherwise=f"（可用 {'、'.join(known)}）")
            yield Fault(f"unit: {unit!r} is not known here{hint}", f"不认识单位“{unit}”{hint_zh}")


def _reference_faults(ref: IndicatorRef) -> Iterator[str]:
    if ref.name not in INDICATORS:
        hint = did_you_mean(ref.name, INDICATORS, otherwise="; docs/plan.md lists them")
        hint_zh = is_it(ref.name, INDICATORS, otherwise="，全部指标见 docs/plan.zh.md")
        yield Fault(f"there is none called {ref.name!r}{hint}", f"没有“{ref.name}”{hint_zh}")
        return
    options = options_of(ref.name)
    for key, value in ref.options.items():
        if key not in options:
            takes = f"; it takes {', '.join(options)}" if options else "; it takes none"
            takes_zh = f"（可写 {'、'.join(options)}）" if options else "（它没有参数）"
            yield Fault(
                f"{ref.name} has no option {key!r}{did_you_mean(key, options, otherwise=takes)}",
                f"{ref.name} 没有参数“{key}”{is_it(key, options, otherwise=takes_zh)}",
            )
        elif value is not None and not options[key].takes(value):
            hint = did_you_mean(value, map(str, options[key].choices))
            shown = value if isinstance(value, int | str) else str(value)
            yield Fault(
                f"{ref.name}: {key}: {shown!r} must be {options[key].wanted}{hint}",
                f"{ref.name} 的 {key} 写作“{shown}”，应为{options[key].wanted_zh}",
            )
    for name, option in options.items():
        if option.is_needed and name not in ref.options:
            lacks = f"the option {name!r} is missing"
            yield Fault(f"{ref.name}: {lacks}", f"{ref.name} 缺少参数 {name}")


def _shape_faults(clause: Clause, ref: IndicatorRef) -> Iterator[str]:
    shape, fitting = shape_of(ref), FITS.get(clause.kind, ())
    if fitting and shape not in fitting:
        kinds = ", ".join(kind for kind, shapes in FITS.items() if shape in shapes)
        yield Fault(
            f"kind {clause.kind} needs {' or '.join(SHAPES[one].en for one in fitting)}, and"
            f" {ref.name} gives {SHAPES[shape].en}; it fits the kinds {kinds}",
            f"类型 {clause.kind} 须由{'或'.join(SHAPES[one].zh for one in fitting)}判定，{ref.name}"
            f" 给出的是{SHAPES[shape].zh}，可用于类型 {kinds}",
        )
    elif clause.each_year and shape not in (Series, Flow):
        yield Fault(
            f"each_year needs figures by period or dated amounts, and {ref.name} gives neither",
            f"each_year 须由逐期数值或逐日发生额判定，{ref.name} 两者都不是",
        )
