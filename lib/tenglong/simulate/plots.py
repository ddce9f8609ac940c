"""Plots: which parcels there are, how large they are meant to be, and who sits on them at first.

In use are the firms' own plots, parks shared by tenants, and plots that are let in whole or in
part. The others are the stock of land in every state that the land measures tell apart: idle
for one year or two, developed by less than a third, invested by less than a quarter, stopped
only lately, built but not producing, under construction, just granted, an empty old factory.
Cases that stand exactly on a limit are among them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np

from tenglong.simulate.days import day_between
from tenglong.simulate.firms import Firm, Role
from tenglong.simulate.setting import Setting
from tenglong.simulate.streams import chance


class State(StrEnum):
    """What has become of a plot, seen from the middle of 2022."""

    OLD = "in use, granted before agreements were made"
    MODERN = "in use, granted with an agreement"
    PROJECT = "granted for a project"
    FRESH = "granted, start agreed less than a year ago"
    IDLE_ONE = "not started for a year"
    IDLE_TWO = "not started for two years"
    IDLE_EDGE = "not started for a year to the day"
    UNDER_THIRD = "stopped, developed by less than a third"
    EXACT_THIRD = "stopped, developed by a third exactly"
    UNDER_QUARTER = "stopped, invested by less than a quarter"
    EXACT_QUARTER = "stopped, invested by a quarter exactly"
    PAUSED = "stopped less than a year ago"
    BUILT = "built, not producing"
    BUILDING = "under construction"
    LATER = "granted after the middle of 2022"
    EMPTY = "an old factory, empty"


STOCK = {
    State.FRESH: 5, State.IDLE_ONE: 6, State.IDLE_TWO: 5, State.IDLE_EDGE: 1,
    State.UNDER_THIRD: 4, State.EXACT_THIRD: 1, State.UNDER_QUARTER: 3, State.EXACT_QUARTER: 1,
    State.PAUSED: 2, State.BUILT: 8, State.BUILDING: 6, State.LATER: 8, State.EMPTY: 9,
}  # fmt: skip
HELD = (State.IDLE_ONE, State.IDLE_TWO, State.UNDER_THIRD)
SUPPLIED = {
    State.OLD: (date(1996, 3, 1), date(2013, 12, 31)),
    State.MODERN: (date(2014, 6, 1), date(2018, 12, 31)),
    State.FRESH: (date(2021, 7, 1), date(2021, 11, 30)),
    State.IDLE_ONE: (date(2020, 1, 10), date(2020, 10, 20)),
    State.IDLE_TWO: (date(2017, 3, 1), date(2019, 9, 30)),
    State.IDLE_EDGE: (date(2020, 12, 30), date(2020, 12, 30)),
    State.UNDER_THIRD: (date(2018, 1, 10), date(2019, 6, 30)),
    State.EXACT_THIRD: (date(2018, 1, 10), date(2019, 6, 30)),
    State.UNDER_QUARTER: (date(2018, 1, 10), date(2019, 6, 30)),
    State.EXACT_QUARTER: (date(2018, 1, 10), date(2019, 6, 30)),
    State.PAUSED: (date(2019, 3, 1), date(2020, 6, 30)),
    State.BUILT: (date(2017, 1, 10), date(2018, 9, 30)),
    State.BUILDING: (date(2021, 1, 10), date(2022, 4, 20)),
    State.LATER: (date(2022, 8, 1), date(2023, 10, 31)),
    State.EMPTY: (date(1998, 1, 10), date(2009, 12, 31)),
}
EXACT_MU = {State.EXACT_THIRD: 20.0, State.EXACT_QUARTER: 9.0}
PARK_SIZES = (3, 4, 5, 6, 7)
LET_WHOLE, LET_IN_PART = 14, 12
TWO_PLOTS_FROM = 2.0


@dataclass(frozen=True)
class Plot:
    """A parcel as it is meant to be: its size, its state, and its first users with their shares."""

    number: int
    township: str
    area_mu: float
    state: State
    supplied_on: date
    users: tuple[tuple[Firm, float, str], ...] = ()

    @property
    def project_id(self) -> str | None:
        """The project that it was granted for."""
        projects = [firm.project.id for firm, _, _ in self.users if firm.project]
        return projects[0] if projects else None


def plots(firms: list[Firm], setting: Setting) -> list[Plot]:
    """Make the plots, in the order of their numbers."""
    rng = setting.stream("plots")
    by_role = {role: [firm for firm in firms if firm.role is role] for role in Role}
    lodgers, tenants = by_role[Role.TENANT][:LET_IN_PART], by_role[Role.TENANT][LET_IN_PART:]
    owned = [plot for firm in firms for plot in _owned(rng, firm)]
    made = [
        *_with_lodgers(rng, owned, lodgers),
        *_parks(rng, tenants),
        *_stock(rng, by_role[Role.HOLDER], setting),
    ]
    return [replace(plot, number=number) for number, plot in enumerate(made)]


def _plot(
    rng: np.random.Generator,
    township: str,
    area_mu: float,
    state: State,
    *users: tuple[Firm, float, str],
) -> Plot:
    supplied_on = day_between(rng, *SUPPLIED[state])
    return Plot(0, township, round(float(area_mu), 2), state, supplied_on, users)


def _wanted_mu(rng: np.random.Generator, firm: Firm) -> float:
    """Draw the land that a firm has of its own: usual mu, how much it varies, least and most."""
    match firm.role:
        case Role.LEADER:
            size = (7.9 * firm.size**0.6 if firm.size >= 1 else 4.6, 1.0, 2.0, 90.0)
        case Role.LISTED if firm.above:
            size = (12.0, 1.0, 5.0, 30.0)
        case Role.LISTED if firm.fate and not firm.fate.is_low_tax:
            size = (3.7, 0.3, 3.1, 6.0)
        case Role.LISTED:
            size = (9.0, 2.0, 3.4, 30.0)
        case Role.OWNER:
            size = (4.5, 1.0, 3.1, 9.0) if firm.is_low else (2.6, 2.5, 1.0, 14.0)
        case _:
            return 0.0
    usual, variety, least, most = size
    return float(np.clip(usual * rng.lognormal(0, 0.3) ** variety, least, most))


def _owned(rng: np.random.Generator, firm: Firm) -> Iterator[Plot]:
    if firm.role is Role.BUILDER and firm.project and firm.project.landed_on:
        plot = Plot(0, firm.township, firm.project.land_mu, State.PROJECT, firm.project.landed_on)
        yield replace(plot, users=((firm, 1.0, "owned"),))
        return
    wanted = _wanted_mu(rng, firm)
    if not wanted:
        return
    parts = (0.62, 0.38) if firm.role is Role.LEADER and firm.size > TWO_PLOTS_FROM else (1.0,)
    for part in parts:
        state = State.MODERN if chance(rng, 0.1 if firm.fate else 0.38) else State.OLD
        yield _plot(rng, firm.township, wanted * part, state, (firm, 1.0, "owned"))


def _with_lodgers(
    rng: np.random.Generator, owned: list[Plot], lodgers: list[Firm]
) -> Iterator[Plot]:
    """Let some plots: a part of a large firm's to a lodger, or the whole of one to its user."""
    large = [i for i, p in enumerate(owned) if p.users[0][0].role is Role.LEADER]
    small = [i for i, p in enumerate(owned) if p.users[0][0].role is Role.OWNER]
    in_part = dict(
        zip(rng.choice(large, len(lodgers), replace=False).tolist(), lodgers, strict=True)
    )
    whole = set(rng.choice(small, LET_WHOLE, replace=False).tolist())
    for index, plot in enumerate(owned):
        firm = plot.users[0][0]
        if index in in_part:
            share = round(float(rng.uniform(0.1, 0.3)), 2)
            users = ((firm, round(1 - share, 2), "owned"), (in_part[index], share, "leased"))
            yield replace(plot, users=users)
        elif index in whole:
            yield replace(plot, users=((firm, 1.0, "leased"),))
        else:
            yield plot


def _parks(rng: np.random.Generator, tenants: list[Firm]) -> Iterator[Plot]:
    """Put tenants into parks, a handful each; a park is seldom full."""
    waiting = sorted(tenants, key=lambda firm: (firm.township, firm.number))
    while waiting:
        count = int(rng.choice(PARK_SIZES))
        group, waiting = waiting[:count], waiting[count:]
        areas = rng.uniform(0.4, 1.6, len(group))
        full = float(rng.uniform(0.62, 1.0))
        shares = np.floor(areas / areas.sum() * full * 1000) / 1000
        tenures = rng.choice(("leased", "owned"), len(group), p=(0.8, 0.2))
        users = tuple(
            (firm, float(share), str(tenure))
            for firm, share, tenure in zip(group, shares, tenures, strict=True)
        )
        state = State.MODERN if chance(rng, 0.6) else State.OLD
        yield _plot(rng, group[0].township, areas.sum() / full, state, *users)


def _stock(rng: np.random.Generator, holders: list[Firm], setting: Setting) -> Iterator[Plot]:
    towns, weights = list(setting.weights), np.array(list(setting.weights.values()))
    waiting = list(holders)
    for state, count in STOCK.items():
        for _ in range(count):
            users = ((waiting.pop(0), 1.0, "owned"),) if waiting and state in HELD else ()
            town = (
                users[0][0].township if users else str(rng.choice(towns, p=weights / weights.sum()))
            )
            area = EXACT_MU.get(state) or float(np.clip(rng.lognormal(np.log(8), 0.6), 2.5, 30))
            yield _plot(rng, town, area, state, *users)
