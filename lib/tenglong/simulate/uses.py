"""Uses: which firm uses which parcel, from when to when, and how much of it.

Everything that changes hands follows from the clearance: a firm that closes or leaves ends its
use, one that gives up a part goes on with the rest; what became free is taken over months later
by a newcomer, and a firm that moves into a park takes what is vacant there. A firm without land
of its own has rooms in a park, a newcomer until it takes land over; only firms that gave up their
land and went on elsewhere left no trace of where. Shares are of the land actually used and are
written down to four digits, so that they never add up to more than 1.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from tenglong.simulate.clearance import PASSED, Fate
from tenglong.simulate.days import LAST_DAY, YEARS, shift, year_end
from tenglong.simulate.firms import Firm, Role
from tenglong.simulate.parcels import Parcel
from tenglong.simulate.setting import Setting
from tenglong.simulate.streams import chance

BY_AREA = 0.06  # how often the area is written down in place of the share
DAY = timedelta(days=1)
MOVED_MU = 1.6
ROOMS_MU = 2.5, 0.3, 0.7  # 亩 of rooms a unit of a firm's size, the least and the most
TAKEN_OVER = 0.6


@dataclass(frozen=True)
class Use:
    """One firm's use of one parcel."""

    firm: Firm
    parcel: Parcel
    share: float
    tenure: str
    from_on: date
    to_on: date | None = None
    is_rooms: bool = False

    @property
    def area_mu(self) -> float:
        """The land used."""
        return self.share * (self.parcel.actual_mu or 0)

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day, from its first to its last."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


def uses(parcels: list[Parcel], firms: list[Firm], setting: Setting) -> list[Use]:
    """Make every use, in the order of the parcels and their dates; rooms come after."""
    rng = setting.stream("uses")
    first = [use for parcel in parcels for use in _first_uses(rng, parcel)]
    freed = sorted((f for use in first for f in _freed(use)), key=lambda use: use.from_on)
    made = [kept for use in first for kept in _kept(use)]
    moved = list(_moves(first))
    taken = list(_takeovers(rng, freed, [firm for firm in firms if firm.role is Role.NEWCOMER]))
    made = sorted(
        [*made, *moved, *taken],
        key=lambda use: (use.parcel.plot.number, use.from_on, use.firm.number),
    )
    begun = {use.firm.number: use.from_on for use in taken}
    return [*made, *_rooms([*first, *moved], firms, begun, setting)]


def land_by_year(made: list[Use]) -> dict[tuple[int, int], float]:
    """Add up the land that a firm uses at the end of a year, by its number and the year."""
    land: dict[tuple[int, int], float] = defaultdict(float)
    for use in made:
        for year in YEARS:
            if use.holds_on(year_end(year)):
                land[use.firm.number, year] += use.area_mu
    return land


def freed_by_firm(made: list[Use]) -> dict[str, float]:
    """Give the land that the clearance freed, by the firm that gave it up."""
    land: dict[str, float] = defaultdict(float)
    for use in made:
        fate = use.firm.fate
        if fate and fate.ended_on:
            if use.to_on == fate.ended_on:
                land[use.firm.usci] += use.area_mu
            elif use.from_on > fate.ended_on and not fate.leaves:
                land[use.firm.usci] -= use.area_mu
    return {usci: round(area, 2) for usci, area in land.items()}


def rows(made: list[Use], setting: Setting) -> list[dict[str, Any]]:
    """Write the uses down, now and then by area in place of the share, but for rooms."""
    rng = setting.stream("gaps")
    table = []
    for use in made:
        row = {
            "usci": use.firm.usci,
            "parcel_id": use.parcel.id,
            "tenure": use.tenure,
            "from_on": use.from_on,
            "to_on": use.to_on,
        }
        if not use.is_rooms and chance(rng, BY_AREA) and use.area_mu:
            row["area_mu"] = math.floor(use.area_mu * 100) / 100
        else:
            row["share"] = use.share
        table.append(row)
    return table


def _first_uses(rng: np.random.Generator, parcel: Parcel) -> Iterator[Use]:
    for firm, share, tenure in parcel.plot.users:
        begun = max(parcel.plot.supplied_on, firm.registered_on)
        begun += timedelta(days=int(rng.integers(0, 90)))
        yield Use(firm, parcel, share, tenure, begun, firm.closed_on)


def _kept(use: Use) -> Iterator[Use]:
    """Give a use as it is, or until its firm's clearance ended and what is kept after."""
    fate = use.firm.fate
    if not fate or not fate.ended_on:
        yield use
        return
    yield replace(use, to_on=fate.ended_on)
    if not fate.leaves:
        yield replace(use, share=_rest(use, fate), from_on=fate.ended_on + DAY)


def _rest(use: Use, fate: Fate) -> float:
    return round(use.share * (1 - fate.freed_share), 4)


def _freed(use: Use) -> Iterator[Use]:
    """Give what becomes free when its firm's clearance ends."""
    fate = use.firm.fate
    if fate and fate.ended_on:
        kept = 0.0 if fate.leaves else _rest(use, fate)
        yield replace(use, share=round(use.share - kept, 4), from_on=fate.ended_on, to_on=None)


def _floor(share: float) -> float:
    """Cut a share down to four digits."""
    return math.floor(share * 1e4) / 1e4


def _parks(made: list[Use]) -> tuple[dict[int, Parcel], dict[int, float]]:
    """Give the parcels with tenants, and the share of each that nobody ever uses."""
    parks = {use.parcel.plot.number: use.parcel for use in made if use.firm.role is Role.TENANT}
    vacant = dict.fromkeys(parks, 1.0)
    for use in made:
        if use.parcel.plot.number in parks:
            vacant[use.parcel.plot.number] -= use.share
    return parks, vacant


def _moves(first: list[Use]) -> Iterator[Use]:
    """Move the firms that go into a park to the one with most room."""
    parks, vacant = _parks(first)
    for use in first:
        fate = use.firm.fate
        if fate and fate.ended_on and fate.outcome == PASSED and fate.way == "move":
            number = max(vacant, key=lambda n: vacant[n])
            share = _floor(min(vacant[number], MOVED_MU / (parks[number].actual_mu or 1)))
            vacant[number] -= share
            yield Use(use.firm, parks[number], share, "leased", fate.ended_on + DAY)


def _rooms(
    made: list[Use], firms: list[Firm], begun: Mapping[int, date], setting: Setting
) -> Iterator[Use]:
    """Let rooms to firms without land: in their own township's parks, or where most is vacant."""
    rng = setting.stream("rooms")
    parks, vacant = _parks(made)
    a_size, least, most = ROOMS_MU
    for firm in firms:
        if firm.role in (Role.AGENT, Role.NEWCOMER):
            wanted = min(max(a_size * firm.size, least), most)
            number = max(vacant, key=lambda n: _room(firm, parks[n], vacant[n], wanted))
            park = parks[number]
            share = _floor(min(vacant[number], wanted / (park.actual_mu or 1)))
            vacant[number] -= share
            first = max(firm.registered_on, park.plot.supplied_on)
            first += timedelta(days=int(rng.integers(10, 60)))
            last = begun[firm.number] - DAY if firm.number in begun else None
            yield Use(firm, park, share, "leased", first, last, is_rooms=True)


def _room(firm: Firm, park: Parcel, vacant: float, wanted: float) -> tuple[bool, float]:
    """Rank a park for a firm: one of its township with room enough first, then by its room."""
    room = vacant * (park.actual_mu or 0)
    return park.plot.township == firm.township and room >= wanted, room


def _takeovers(rng: np.random.Generator, freed: list[Use], newcomers: list[Firm]) -> Iterator[Use]:
    """Let newcomers take over what became free, some months later."""
    waiting = sorted(newcomers, key=lambda firm: firm.registered_on)
    for use in freed:
        begun = shift(use.from_on, int(rng.integers(2, 9)))
        if waiting and waiting[0].registered_on < begun <= LAST_DAY and chance(rng, TAKEN_OVER):
            share = _floor(use.share * float(rng.uniform(0.55, 1)))
            tenure = "owned" if chance(rng, 0.5) else "leased"
            yield Use(waiting.pop(0), use.parcel, share, tenure, begun)
