"""Clearance: what becomes of the firms on the 高耗低效 list, and the events that record it.

A fate is drawn before the firm that meets it: when it was listed, checked, given a plan, set to
rectify, and how it ended. The order of the steps is the order of their dates. Of the 62, one was
closed before the plan's window; inside it 33 passed and 21 were closed, one of each without
evidence; 7 are still open at the end of 2023. Large users of energy stand on the list as well,
with a plan and no end. What was freed is taken from the land that a firm left (`uses`) and from
its energy (`years`), never drawn anew.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from tenglong.simulate.days import day_between, shift
from tenglong.simulate.setting import Setting
from tenglong.simulate.streams import chance

CLOSED, PASSED = "closed", "passed"
STAYS, LEAVES = ("upgrade", "merge"), ("vacate", "move")
WAYS, WAY_WEIGHTS = (*STAYS, *LEAVES), (0.56, 0.16, 0.13, 0.15)
CHECKS_DUE = date(2021, 12, 31)
# how a cohort ended, the first and the last day of its endings, and how many there were
COHORTS = (
    (CLOSED, date(2020, 11, 5), date(2020, 11, 25), 1),
    (PASSED, date(2021, 8, 5), date(2021, 12, 24), 9),
    (CLOSED, date(2021, 8, 10), date(2021, 12, 20), 5),
    (PASSED, date(2022, 1, 10), date(2022, 6, 24), 12),
    (CLOSED, date(2022, 1, 15), date(2022, 6, 20), 3),
    (PASSED, date(2022, 7, 8), date(2022, 12, 22), 7),
    (CLOSED, date(2022, 7, 5), date(2022, 12, 15), 6),
    (PASSED, date(2023, 1, 10), date(2023, 11, 28), 5),
    (CLOSED, date(2023, 1, 12), date(2023, 10, 20), 7),
)
LISTED_LAST, CHECKED_LAST = date(2022, 5, 18), date(2022, 9, 14)
WITHOUT_EVIDENCE = frozenset({34, 54})
STILL_IN_TERM, WATCHED = 61, 62
NOTIFIED, ILLEGAL, GIVEN_TIME = 0.6, 0.5, 0.75
OPEN_AT = ("checked", "plan", "rectifying", "rectifying", "rectifying", "rectifying", "rectifying")
LATE_CHECKS = {30: date(2022, 3, 9), 41: date(2022, 8, 17)}
LISTED_LATER = frozenset({33, 38, 44, 47, 50, 52, 55})
HIGH_ENERGY_ONLY = frozenset({17, 22, 24, 31, 36, 43, 46, 57})
ABOVE_SCALE = frozenset({4, 16, 19, 32, 45})
# least and most of its energy that a firm saves: a large user, one that stays, one that leaves
SAVED = {"heavy": (0.06, 0.12), "stays": (0.03, 0.08), "leaves": (0.35, 0.6)}


@dataclass(frozen=True)
class Fate:
    """What becomes of one listed firm; a day is None where the step was not reached."""

    number: int
    outcome: str
    way: str
    listed_on: date
    checked_on: date
    plan_on: date | None
    rectifying_on: date | None
    ended_on: date | None
    due_on: date
    is_notified: bool
    is_illegal: bool
    has_evidence: bool
    freed_share: float
    saved_share: float

    @property
    def is_low_tax(self) -> bool:
        """Whether it stands on the list for its tax; the others stand there for their energy."""
        return self.number not in HIGH_ENERGY_ONLY

    @property
    def is_above_scale(self) -> bool:
        """Whether it is a 规上 firm, in every year."""
        return self.number in ABOVE_SCALE

    @property
    def leaves(self) -> bool:
        """Whether the firm gave up all the land it used."""
        return self.outcome == CLOSED or (self.outcome == PASSED and self.way in LEAVES)


def _endings(rng: np.random.Generator) -> Iterator[tuple[str, date | None]]:
    for outcome, first, last, count in COHORTS:
        days = sorted(day_between(rng, first, last) for _ in range(count))
        yield from ((outcome, day) for day in days)
    yield from ((step, None) for step in OPEN_AT)


def _steps(rng: np.random.Generator, number: int, ended_on: date | None) -> tuple[date, ...]:
    """Draw the days of listing, checking, planning and rectifying, in this order."""
    if ended_on and ended_on.year < COHORTS[1][1].year:
        return tuple(shift(ended_on, -months) for months in (9, 7, 5, 3))
    if number in LISTED_LATER:
        listed = day_between(rng, date(2022, 2, 8), date(2022, 3, 10))
        checked = listed + timedelta(days=int(rng.integers(25, 60)))
    else:
        listed = day_between(rng, date(2021, 2, 20), date(2021, 4, 15))
        checked = listed + timedelta(days=int(rng.integers(20, 45)))
        if not ended_on or ended_on.year > listed.year:
            checked = day_between(rng, date(2021, 5, 20), date(2021, 11, 30))
    checked = LATE_CHECKS.get(number, checked)
    end = ended_on or shift(checked, 7)
    span = (end - checked).days
    plan, rectifying = (checked + timedelta(days=int(span * part)) for part in (0.25, 0.5))
    return listed, checked, plan, rectifying


def _way(rng: np.random.Generator, outcome: str, *, is_above_scale: bool) -> str:
    drawn = str(rng.choice(WAYS, p=WAY_WEIGHTS))
    if outcome == CLOSED:
        return "close"
    return "upgrade" if is_above_scale else drawn


def fates(setting: Setting) -> list[Fate]:
    """Draw what becomes of every firm on the list, in the order of their endings."""
    rng = setting.stream("clearance")
    return [_fate(rng, number, *ending) for number, ending in enumerate(_endings(rng))]


def _fate(rng: np.random.Generator, number: int, outcome: str, ended_on: date | None) -> Fate:
    listed, checked, plan, rectifying = _steps(rng, number, ended_on)
    if outcome == "checked":
        listed, checked = LISTED_LAST, CHECKED_LAST
    way = _way(rng, outcome, is_above_scale=number in ABOVE_SCALE)
    return Fate(
        number=number,
        outcome=outcome,
        way=way,
        listed_on=listed,
        checked_on=checked,
        plan_on=None if outcome == "checked" else plan,
        rectifying_on=None if outcome in ("checked", "plan") else rectifying,
        ended_on=ended_on,
        due_on=_due_on(rng, number, rectifying, ended_on),
        is_notified=chance(rng, NOTIFIED),
        is_illegal=outcome == CLOSED and chance(rng, ILLEGAL),
        has_evidence=number not in WITHOUT_EVIDENCE,
        freed_share=round(float(rng.uniform(0.3, 0.62)), 2),
        saved_share=round(float(rng.uniform(*SAVED[_saves(number, way)])), 3),
    )


def _saves(number: int, way: str) -> str:
    if number in ABOVE_SCALE | HIGH_ENERGY_ONLY:
        return "heavy"
    return "leaves" if way in LEAVES else "stays"


def _due_on(rng: np.random.Generator, number: int, rectifying: date, ended_on: date | None) -> date:
    """Give the term: half a year, for most of those that took longer as long as they took."""
    term = shift(rectifying, 6)
    if number == STILL_IN_TERM:
        return date(2024, 3, 31)
    if ended_on and chance(rng, GIVEN_TIME):
        return max(term, shift(ended_on, 1))
    return term


def watched(since: date) -> Fate:
    """Give the fate of a large user of energy: listed, checked and given a plan, no more."""
    checked = shift(since, 2)
    return Fate(
        number=WATCHED,
        outcome="plan",
        way="upgrade",
        listed_on=since,
        checked_on=checked,
        plan_on=shift(checked, 3),
        rectifying_on=None,
        ended_on=None,
        due_on=date(2024, 6, 30),
        is_notified=False,
        is_illegal=False,
        has_evidence=False,
        freed_share=0.0,
        saved_share=0.0,
    )


def _row(usci: str, day: date, event: str, **more: Any) -> dict[str, Any]:
    return {"usci": usci, "happened_on": day, "event": event, **more}


def _steps_of(fate: Fate, usci: str) -> Iterator[dict[str, Any]]:
    yield _row(usci, fate.listed_on, "listed", due_on=max(CHECKS_DUE, shift(fate.listed_on, 3)))
    yield _row(usci, fate.checked_on, "checked", is_illegal=fate.is_illegal)
    if fate.plan_on:
        if fate.is_notified:
            told = fate.checked_on + (fate.plan_on - fate.checked_on) / 2
            yield _row(usci, told, "notified")
        yield _row(usci, fate.plan_on, "plan", way=fate.way, due_on=fate.due_on)
    if fate.rectifying_on:
        yield _row(usci, fate.rectifying_on, "rectifying", way=fate.way, due_on=fate.due_on)


def events(
    fates: Mapping[str, Fate],
    setting: Setting,
    *,
    freed_mu: Mapping[str, float],
    freed_tce: Mapping[str, float],
) -> list[dict[str, Any]]:
    """Write down every step of every listed firm, its fate known by its identifier.

    `freed_mu` and `freed_tce` say what a firm gave up; carbon follows from the energy, at 1.62
    to 2.15 tonnes a tonne of standard coal (electricity at its equal value, and fuels).
    """
    rng = setting.stream("carbon")
    rows: list[dict[str, Any]] = []
    for usci, fate in fates.items():
        energy = freed_tce.get(usci, 0.0)
        carbon = round(energy * float(rng.uniform(1.62, 2.15)), 1)
        rows += _steps_of(fate, usci)
        if fate.ended_on:
            end = _row(usci, fate.ended_on, fate.outcome, way=fate.way)
            end |= {"freed_land_mu": freed_mu.get(usci), "freed_energy_tce": energy}
            paper = f"示例验收〔{fate.ended_on.year}〕{fate.number + 1}号"
            end |= {"freed_carbon_t": carbon, "evidence": paper if fate.has_evidence else None}
            rows.append(end)
    return rows
