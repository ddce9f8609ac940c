"""The league's rules as data (赛马): what is scored, how it is ranked, and when a light is lit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from tenglong.measure.clause import Label
from tenglong.measure.league.tally import Tally
from tenglong.measure.policy.formula import Formula

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


def leagues_by_section(rules: Mapping[str, LeagueRule]) -> Mapping[str, tuple[str, ...]]:
    """Give the leagues that stand in each section of a page, whatever a county calls them.

    >>> from tenglong.measure.league.rule_file import league_rules
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
