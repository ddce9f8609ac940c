"""The league's rules as data (赛马): what is scored, how it is ranked, and when a light is lit."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tenglong.errors import ConfigurationError, did_you_mean
from tenglong.measure.board.board import INDICATORS
from tenglong.measure.clause import Label
from tenglong.measure.judge.assessment import Status
from tenglong.measure.league.tally import Tally
from tenglong.measure.policy.file import policy_file
from tenglong.measure.policy.formula import FUNCTIONS, Formula
from tenglong.measure.unit import UNITS

TOWNSHIPS, UNITS_OF_PLAN = "townships", "units"
SECTIONS = OF_TOWNSHIPS, OF_DEPARTMENTS = "townships", "departments"  # of a page, in their order


@dataclass(frozen=True)
class Free:
    """A part of the policy whose keys are not the kit's: a text, or a mapping."""

    value: Any

    @classmethod
    def parse(cls, raw: object) -> "Free":
        """Take it as it stands.

        >>> Free.parse("units").value
        'units'
        """
        return cls(raw)


class Ties(StrEnum):
    """Which rank equals share: 1 1 3, 1 1 2, or 2 2 3."""

    BEST = "best"
    DENSE = "dense"
    WORST = "worst"


class Span(StrEnum):
    """Since when a flow counts, and what its pace runs over; a level has none."""

    PLAN = "plan"
    YEAR = "year"
    NONE = "none"


@dataclass(frozen=True)
class Shared:
    """A target of the county, shared out in proportion to a tally.

    `total` is the number, or `clause` the clause of the plan that gives it. The shares are whole
    where the unit counts, else hundredths (largest remainders, then by code); they add up to it.
    `basis` says in words what it is shared out by.
    """

    by: Tally
    basis: Label | None = None
    total: Fraction | None = None
    clause: str = ""


@dataclass(frozen=True)
class Target:
    """What an item asks of every member: the same for `each`, its own (`by`), or a share."""

    each: Fraction | None = None
    by: Mapping[str, Fraction] = field(default_factory=dict)
    share_of_county: Shared | None = None


@dataclass(frozen=True)
class Item:
    """One item of a league.

    It is a `clause` of the plan, judged as the plan judges it, with the township's own target;
    or its actual figure comes from an `indicator` computed within the township, from a
    published one (`official`, with `{member}` in the place of the code), or as `reported` here,
    by member and day.
    """

    name: Label
    weight: Fraction
    target: Target
    unit: str = ""
    clause: str = ""
    indicator: Free = Free(None)
    official: str = ""
    reported: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    span: Span = Span.PLAN
    completion: Formula | None = None


@dataclass(frozen=True)
class Led:
    """How clauses of the plan count for the units that answer for them."""

    lead: Fraction
    together: Fraction
    least_led: int = 0
    not_units: tuple[str, ...] = ()
    without_progress: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Adjustment:
    """A bonus or a deduction: points as a formula, at `most` so many.

    The formula names how many of the member's clauses or items have each status, and
    `counted`, the tally.
    """

    name: Label
    points: Formula
    count: Tally | None = None
    most: Fraction | None = None


@dataclass(frozen=True)
class LightRule:
    """A light, and when it is lit; the first that holds is, and the last one needs no rule."""

    light: str
    label: Label
    when: Formula | None = None


@dataclass(frozen=True)
class LeagueRule:
    """One league of `league.yml`; see there for what each key means."""

    name: Label
    members: Free
    full: Fraction
    cap: Fraction
    completion: Formula
    lights: tuple[LightRule, ...]
    least_members: int
    least_items: int
    most_unknown: Fraction
    floor: Fraction = Fraction(0)
    ties: Ties = Ties.BEST
    decimals: int | None = None
    items: Mapping[str, Item] = field(default_factory=dict)
    clauses: Led | None = None
    bonuses: Mapping[str, Adjustment] = field(default_factory=dict)
    deductions: Mapping[str, Adjustment] = field(default_factory=dict)
    source: str = ""
    source_en: str = ""

    @property
    def is_paced(self) -> bool:
        """Whether what is scored is held against the pace of time (序时完成率)."""
        return "pace" in self.completion.names

    @property
    def is_of_units(self) -> bool:
        """Whether it ranks the units of the plan, not townships."""
        return bool(self.members.value == UNITS_OF_PLAN)


@dataclass(frozen=True)
class LeagueRules:
    """The file `league.yml`."""

    leagues: Mapping[str, LeagueRule]


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


def league_rules(policy: Mapping[str, Any]) -> Mapping[str, LeagueRule]:
    """Read `data/policy/league.yml`: the leagues by their names.

    Raises
    ------
    ConfigurationError
        If keys or values are wrong; every fault is told at once.

    >>> list(league_rules(load_policy()))
    ['townships', 'departments']
    """
    leagues = policy_file(LeagueRules, policy, "league").leagues
    faults = [
        fault for name, rule in leagues.items() for fault in _faults(rule, f"policy league.{name}")
    ]
    if faults:
        raise ConfigurationError("; ".join(faults), faults)
    return leagues


def leagues_by_section(rules: Mapping[str, LeagueRule]) -> Mapping[str, tuple[str, ...]]:
    """Give the leagues that stand in each section of a page, whatever a county calls them.

    >>> leagues_by_section(league_rules(load_policy()))
    {'townships': ('townships',), 'departments': ('departments',)}
    """
    return {
        section: tuple(name for name, rule in rules.items() if _section(name, rule) == section)
        for section in SECTIONS
    }


def _section(name: str, rule: LeagueRule) -> str:
    if name in SECTIONS:
        return name
    return OF_DEPARTMENTS if rule.is_of_units else OF_TOWNSHIPS


def league_rule(policy: Mapping[str, Any], name: str) -> LeagueRule:
    """Give one league.

    Raises
    ------
    ConfigurationError
        If there is no such league, or the file is malformed.

    >>> league_rule(load_policy(), "departments").is_of_units
    True
    """
    leagues = league_rules(policy)
    if name not in leagues:
        raise ConfigurationError(
            f"policy league: there is no league {name!r}{did_you_mean(name, leagues)}"
        )
    return leagues[name]


def _faults(rule: LeagueRule, place: str) -> Iterator[str]:
    yield from _numbers(rule, place)
    yield from _members(rule, place)
    yield from _names(rule.completion, OF_A_ROW, f"{place}.completion")
    for code, item in rule.items.items():
        yield from _item(item, f"{place}.items.{code}")
    for kind, adjustments in (("bonuses", rule.bonuses), ("deductions", rule.deductions)):
        for code, adjustment in adjustments.items():
            yield from _adjustment(rule, adjustment, f"{place}.{kind}.{code}")
    yield from _lights(rule, place)


def _numbers(rule: LeagueRule, place: str) -> Iterator[str]:
    if rule.full <= 0:
        yield f"{place}.full: must be more than 0"
    if not 0 <= rule.floor < rule.cap:
        yield f"{place}: `floor` must be at least 0 and less than `cap`"
    if not 0 <= rule.most_unknown <= 1:
        yield f"{place}.most_unknown: must be a share from 0 to 1"
    for name in ("least_members", "least_items"):
        if getattr(rule, name) < 1:
            yield f"{place}.{name}: must be at least 1"


def _members(rule: LeagueRule, place: str) -> Iterator[str]:
    members = rule.members.value
    if not isinstance(members, (str, Mapping)) or (
        isinstance(members, str) and members not in (TOWNSHIPS, UNITS_OF_PLAN)
    ):
        hint = did_you_mean(members, (TOWNSHIPS, UNITS_OF_PLAN))
        yield f"{place}.members: {members!r} must be townships, units, or names by code{hint}"
    if isinstance(members, Mapping):
        yield from (
            f"{place}.members.{code}: {name!r} must be a name, or one as zh and en"
            for code, name in members.items()
            if not isinstance(name, str)
            and not (isinstance(name, Mapping) and {*name} == LANGUAGES)
        )
    if rule.is_of_units != (rule.clauses is not None) or rule.is_of_units == bool(rule.items):
        yield f"{place}: a league of units has `clauses` and no `items`, any other the reverse"
    if rule.clauses is None:
        return
    if rule.clauses.lead <= 0 or rule.clauses.together < 0:
        yield f"{place}.clauses: `lead` must be more than 0, and `together` not less"
    known = [status.value for status in Status if status.is_known]
    for status in rule.clauses.without_progress:
        if status not in known:
            hint = did_you_mean(status, known)
            yield f"{place}.clauses.without_progress: no status {status!r}{hint}"


def _item(item: Item, place: str) -> Iterator[str]:
    if item.weight <= 0:
        yield f"{place}.weight: must be more than 0"
    if item.unit not in UNITS:
        yield f"{place}.unit: {item.unit!r} is not a unit that is known here"
    sources = item.indicator.value is not None, bool(item.official), bool(item.reported)
    if sum((bool(item.clause), *sources)) != 1:
        yield f"{place}: must have one of `clause`, `indicator`, `official` and `reported`"
    if item.completion is not None:
        yield from _names(item.completion, OF_A_ROW, f"{place}.completion")
    if item.indicator.value is not None:
        yield from _indicator(item.indicator.value, f"{place}.indicator")
    for member, figures in item.reported.items():
        yield from (
            f"{place}.reported.{member}: {day!r} is not a day"
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


def _indicator(raw: Any, place: str) -> Iterator[str]:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str):
        yield f"{place}: must be a mapping with a `name`"
        return
    options = {key: value for key, value in raw.items() if key != "name"}
    if raw["name"] not in BY_PLACE:
        hint = did_you_mean(raw["name"], BY_PLACE)
        yield f"{place}: no indicator of a township {raw['name']!r}{hint}"
        return
    try:
        inspect.signature(INDICATORS[raw["name"]]).bind(None, **options)
    except TypeError as error:
        yield f"{place}: {raw['name']}: {error}"


def _target(target: Target, place: str) -> Iterator[str]:
    given = (target.each is not None, bool(target.by), target.share_of_county is not None)
    if sum(given) != 1:
        yield f"{place}: must have one of `each`, `by` and `share_of_county`"
    shared = target.share_of_county
    if shared is not None:
        if (shared.total is None) == (not shared.clause):
            yield f"{place}.share_of_county: must have `total` or `clause`"
        yield from shared.by.faults(f"{place}.share_of_county.by")


def _adjustment(rule: LeagueRule, adjustment: Adjustment, place: str) -> Iterator[str]:
    counted = {"counted"} if adjustment.count else set()
    yield from _names(adjustment.points, OF_A_MEMBER | counted, f"{place}.points")
    if adjustment.most is not None and adjustment.most < 0:
        yield f"{place}.most: must not be less than 0"
    if adjustment.count is not None:
        yield from adjustment.count.faults(f"{place}.count")
        if rule.is_of_units:
            yield f"{place}.count: nothing is counted by unit, only by township"


def _lights(rule: LeagueRule, place: str) -> Iterator[str]:
    names = [light.light for light in rule.lights]
    if not names or len(set(names)) < len(names):
        yield f"{place}.lights: must be at least one, each light once"
    known = OF_A_LIGHT | {f"months_{name}" for name in names}
    for light in rule.lights[:-1]:
        if light.when is None:
            yield f"{place}.lights: {light.light} needs a `when`, only the last light has none"
    for light in rule.lights:
        if light.when is not None:
            yield from _names(light.when, known, f"{place}.lights: {light.light}")


def _names(formula: Formula, known: frozenset[str] | set[str], place: str) -> Iterator[str]:
    for name in sorted(formula.names - known):
        yield f"{place}: {name!r} is not known here{did_you_mean(name, known)}"
    for name in sorted(formula.functions - FUNCTIONS.keys()):
        yield f"{place}: there is no function {name!r}{did_you_mean(name, FUNCTIONS)}"
