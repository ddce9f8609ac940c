"""What every indicator takes and gives: a plan that cannot work is told before it is judged."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tenglong.errors import did_you_mean
from tenglong.measure.board.board import INDICATORS
from tenglong.measure.clause import Clause, IndicatorRef, Kind, Plan
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
SHAPES: Mapping[type, str] = {
    Series: "figures by period",
    Flow: "dated amounts",
    Coverage: "done of required",
    Happened: "a day",
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
        return " or ".join(_NOUNS[one] for one in self.types)

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
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    date: "a day such as 2022-06-30",
    list: "a list",
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
            yield f"clause {clause.id}: {fault}"


def _faults(clause: Clause) -> Iterator[str]:
    if clause.indicator is not None:
        faults = list(_reference_faults(clause.indicator))
        yield from (f"indicator: {fault}" for fault in faults)
        if not faults:
            yield from _shape_faults(clause, clause.indicator)
    for fact in clause.facts:
        named = f"facts, {fact.name.zh}"
        yield from (f"{named}: indicator: {fault}" for fault in _reference_faults(fact.indicator))
    for unit in dict.fromkeys((clause.unit, *(fact.unit for fact in clause.facts))):
        if unit not in UNITS:
            known = [one for one in UNITS if one]
            hint = did_you_mean(unit, known, otherwise=f"; there are {', '.join(known)}")
            yield f"unit: {unit!r} is not known here{hint}"


def _reference_faults(ref: IndicatorRef) -> Iterator[str]:
    if ref.name not in INDICATORS:
        hint = did_you_mean(ref.name, INDICATORS, otherwise="; docs/plan.md lists them")
        yield f"there is none called {ref.name!r}{hint}"
        return
    options = options_of(ref.name)
    for key, value in ref.options.items():
        if key not in options:
            takes = f"; it takes {', '.join(options)}" if options else "; it takes none"
            yield f"{ref.name} has no option {key!r}{did_you_mean(key, options, otherwise=takes)}"
        elif value is not None and not options[key].takes(value):
            hint = did_you_mean(value, map(str, options[key].choices))
            shown = value if isinstance(value, int | str) else str(value)
            yield f"{ref.name}: {key}: {shown!r} must be {options[key].wanted}{hint}"
    for name, option in options.items():
        if option.is_needed and name not in ref.options:
            yield f"{ref.name}: the option {name!r} is missing"


def _shape_faults(clause: Clause, ref: IndicatorRef) -> Iterator[str]:
    shape, fitting = shape_of(ref), FITS.get(clause.kind, ())
    if fitting and shape not in fitting:
        kinds = ", ".join(kind for kind, shapes in FITS.items() if shape in shapes)
        yield (
            f"kind {clause.kind} needs {' or '.join(SHAPES[one] for one in fitting)}, and"
            f" {ref.name} gives {SHAPES[shape]}; it fits the kinds {kinds}"
        )
    elif clause.each_year and shape not in (Series, Flow):
        yield f"each_year needs figures by period or dated amounts, and {ref.name} gives neither"
