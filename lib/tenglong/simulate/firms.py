"""Firms: who there is, what they make, since when, and how large they are meant to be.

Roles decide what is derived later. A LEADER is above scale in at least one year; a LISTED firm
stands on the clearance list; an OWNER is a small firm with its own plot; a TENANT rents in a
park; a BUILDER was founded for a project; a NEWCOMER takes over land that others freed; a
HOLDER sits on land without making anything; an AGENT has rooms in a park. 46 firms are above
scale in 2020, then 53, 59 and 67: firms enter and drop out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest

import numpy as np

from tenglong.simulate.clearance import CLOSED, Fate
from tenglong.simulate.days import YEARS, day_between, shift
from tenglong.simulate.identifiers import credit_identifier
from tenglong.simulate.industries import BY_CODE, INDUSTRIES, MADE, POLLUTING, Industry
from tenglong.simulate.projects import Project
from tenglong.simulate.setting import Setting
from tenglong.simulate.streams import chance


class Role(StrEnum):
    """What a firm is there for."""

    LEADER = "leader"
    LISTED = "listed"
    BUILDER = "builder"
    OWNER = "owner"
    TENANT = "tenant"
    NEWCOMER = "newcomer"
    HOLDER = "holder"
    AGENT = "agent"


COUNTS = {
    Role.LEADER: 64, Role.OWNER: 108, Role.TENANT: 96, Role.NEWCOMER: 24,
    Role.HOLDER: 12, Role.AGENT: 20,
}  # fmt: skip
WORDS = (
    "恒泰", "信达", "永丰", "盛达", "茂源", "立诚", "兴业", "宏瑞", "鑫达", "博远",
    "联创", "华峰", "益久", "恒昌", "永盛", "金鼎", "康达", "远航", "正大", "明辉",
)  # fmt: skip
LIMITED, JOINT_STOCK, MADE_LIMITED = "有限公司", "股份有限公司", "制造有限公司"
KINDS, KIND_WEIGHTS = (LIMITED, JOINT_STOCK, MADE_LIMITED), (0.82, 0.06, 0.12)
# When LEADERs are above scale: the years, and how many firms share that course.
COURSES = (
    ((2020, 2021, 2022, 2023), 30),
    ((2020,), 3),
    ((2020, 2021), 3),
    ((2020, 2021, 2022), 3),
    ((2021, 2022, 2023), 10),
    ((2022, 2023), 7),
    ((2023,), 8),
)
BUILDER_COURSES = {
    "P2018-01": (2022, 2023), "P2018-02": YEARS, "P2018-03": YEARS, "P2019-01": (2023,),
    "P2020-01": (2023,), "P2020-02": (2022, 2023), "P2021-04": (2023,),
}  # fmt: skip
# Large firms, in every year, that make no goods: a waterworks and a power station.
UTILITIES = {24: "4413", 28: "4610"}
LOW_UNLISTED = {Role.OWNER: (47,), Role.TENANT: (20, 51, 77, 90)}
TOP_SIZE, HOST_SIZE = 8.0, 2.6
# the width of the Pareto tail, by the years above scale: who drops out was never large
SPREAD = {1: 0.04, 2: 0.06, 3: 0.1, 4: 0.44}


@dataclass(frozen=True)
class Firm:
    """One firm, as it is meant to be.

    `above` are the years in which it is above scale, `size` its revenue in 2020 (or in its
    first year) in units of 2,000 万元, `is_low` whether its tax a mu stays below the line. It was
    founded for `project`; most of its energy goes into `two_high`. `county` is the county's code.
    """

    number: int
    role: Role
    name: str
    township: str
    industry: Industry
    registered_on: date
    county: str
    closed_on: date | None = None
    above: tuple[int, ...] = ()
    size: float = 0.3
    growth: float = 1.07
    is_low: bool = False
    project: Project | None = None
    fate: Fate | None = None
    two_high: Project | None = None

    @property
    def usci(self) -> str:
        """Its unified social credit identifier, invented and valid."""
        return credit_identifier(self.county, self.number + 1)

    def is_active(self, year: int) -> bool:
        """Whether it made things throughout most of a year: a year of closing has no figures."""
        start = self.registered_on
        if self.project:
            start = self.project.production_on or date.max
        return start < date(year, 7, 1) and (not self.closed_on or self.closed_on.year > year)


def firms(made: list[Project], fates: list[Fate], setting: Setting) -> list[Firm]:
    """Make every firm, in the order of their numbers."""
    rng = setting.stream("firms")
    roster = [
        *_with_hosts(_leaders(rng, setting), made),
        *(_listed(rng, fate, setting) for fate in fates),
        *(_builder(rng, p, setting) for p in made if p.facts["firm"] == "new" and p.landed_on),
        *_small(rng, setting),
    ]
    titles = _names(roster, setting)
    return [
        replace(firm, number=n, name=title)
        for n, (firm, title) in enumerate(zip(roster, titles, strict=True))
    ]


def _draft(rng: np.random.Generator, role: Role, days: tuple[date, date], setting: Setting) -> Firm:
    is_anything = role in (Role.LEADER, Role.OWNER)
    weights = np.array([i.weight * (i.is_manufacturing or is_anything) for i in INDUSTRIES])
    towns = list(setting.weights)
    odds = np.array(list(setting.weights.values()))
    return Firm(
        number=0,
        role=role,
        name="",
        township=str(rng.choice(towns, p=odds / odds.sum())),
        industry=INDUSTRIES[int(rng.choice(len(INDUSTRIES), p=weights / weights.sum()))],
        registered_on=day_between(rng, *days),
        county=setting.code,
        size=float(np.clip(rng.lognormal(np.log(0.22), 0.7), 0.03, 0.9)),
        growth=float(rng.normal(1.06, 0.05)),
    )


def _leaders(rng: np.random.Generator, setting: Setting) -> Iterator[Firm]:
    """Draw the large firms; their sizes have a Pareto tail."""
    courses = [above for above, count in COURSES for _ in range(count)]
    for index, above in enumerate(courses):
        firm = _draft(rng, Role.LEADER, (date(1998, 1, 1), date(2017, 12, 31)), setting)
        if YEARS[0] in above:
            size = min(1.05 + SPREAD[len(above)] * float(rng.pareto(1.7)), TOP_SIZE)
        else:
            size = float(rng.uniform(0.55, 0.9))
        if index in UTILITIES:
            firm = replace(firm, industry=BY_CODE[UTILITIES[index]])
        yield replace(firm, above=above, size=size, growth=float(rng.normal(1.11, 0.04)))


def _with_hosts(leaders: Iterator[Firm], made: list[Project]) -> Iterator[Firm]:
    """Let the first large firms be those that upgrade what burns much."""
    upgrades = [p for p in made if p.is_so("is_two_high") and p.facts["firm"] == "old"]
    for firm, project in zip_longest(leaders, upgrades):
        if project is None:
            yield firm
        else:
            industry = BY_CODE[project.facts["industry"]]
            township = project.facts["township"]
            yield replace(
                firm, industry=industry, township=township, size=HOST_SIZE, two_high=project
            )


def _listed(rng: np.random.Generator, fate: Fate, setting: Setting) -> Firm:
    firm = _draft(rng, Role.LISTED, (date(1999, 1, 1), date(2015, 12, 31)), setting)
    if not fate.is_low_tax or chance(rng, 0.5):
        codes = ("1713", "3031", "3360", "3391") if not fate.is_low_tax else POLLUTING
        firm = replace(firm, industry=BY_CODE[str(rng.choice(codes))])
    closed_on = shift(fate.ended_on, 1) if fate.outcome == CLOSED and fate.ended_on else None
    above = YEARS if fate.is_above_scale else ()
    size = float(rng.uniform(1.1, 1.9)) if above else firm.size
    return replace(
        firm, fate=fate, closed_on=closed_on, above=above, size=size, is_low=fate.is_low_tax
    )


def _builder(rng: np.random.Generator, project: Project, setting: Setting) -> Firm:
    first = project.signed_on - timedelta(days=120)
    firm = _draft(rng, Role.BUILDER, (first, project.signed_on), setting)
    return replace(
        firm,
        township=project.facts["township"] or firm.township,
        industry=BY_CODE[project.facts["industry"]],
        above=BUILDER_COURSES.get(project.id, ()),
        size=min(1.1 + project.total_wan / 8_000, 4.5) if project.id in BUILDER_COURSES else 0.5,
        growth=1.12,
        project=project,
        two_high=project if project.is_so("is_two_high") else None,
    )


def _small(rng: np.random.Generator, setting: Setting) -> Iterator[Firm]:
    """Draw the small firms; one in twenty of those with land or a lease gives up by itself."""
    spans = {
        Role.NEWCOMER: (date(2020, 6, 1), date(2021, 12, 31)),
        Role.HOLDER: (date(2014, 1, 1), date(2019, 6, 30)),
    }
    for role, count in list(COUNTS.items())[1:]:
        for index in range(count):
            days = spans.get(role, (date(2001, 1, 1), date(2018, 12, 31)))
            firm = _draft(rng, role, days, setting)
            is_low = index in LOW_UNLISTED.get(role, ())
            if role in (Role.OWNER, Role.TENANT) and not is_low and chance(rng, 0.06):
                gone = day_between(rng, date(2020, 3, 1), date(2023, 10, 31))
                firm = replace(firm, closed_on=gone)
            yield replace(firm, is_low=is_low)


def _names(roster: list[Firm], setting: Setting) -> list[str]:
    """Invent names that no register can hold: each begins with 示例, none occurs twice.

    A utility is called by its place and trade; only a trade that can be 制造 is so called, and no
    character of a word occurs again in place or trade.
    """
    rng = setting.stream("names")
    taken: dict[str, None] = {}
    for number, firm in enumerate(roster, start=1):
        noun = firm.industry.noun
        while len(taken) < number:
            kind = rng.choice(KINDS, p=KIND_WEIGHTS)
            place, word = rng.choice(setting.places), rng.choice(WORDS)
            if firm.industry.is_utility:
                word, kind = "", LIMITED
            if kind == MADE_LIMITED and firm.industry.code not in MADE:
                kind = LIMITED
            if not set(place) & set(word) and not set(word) & set(noun):
                taken.setdefault(f"示例{place}{word}{noun}{kind}")
    return list(taken)
