"""Land: grants, the ledger of conversions, the campaign's fund, and registered securities.

Every industrial grant since 2020 is the grant of a parcel: same day, area and price. The grants
for other uses are sized so that industry has its share of the year (and of its first half).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from tenglong.simulate.days import YEARS, day_between
from tenglong.simulate.parcels import Parcel
from tenglong.simulate.plots import State
from tenglong.simulate.setting import Setting
from tenglong.simulate.streams import chance

# first and last day, the share of industry in what is granted, how many grants for other uses
SHARES = (
    (date(2020, 1, 1), date(2020, 12, 31), 0.262, 8),
    (date(2021, 1, 1), date(2021, 12, 31), 0.346, 9),
    (date(2022, 1, 1), date(2022, 6, 30), 0.237, 5),
    (date(2022, 7, 1), date(2022, 12, 31), 0.421, 7),
    (date(2023, 1, 1), date(2023, 12, 31), 0.338, 8),
)
OTHER_USES = {"0701": 270, "0901": 170, "1202": 60, "0803": 45, "0804": 40}  # 万元 a mu
DRAWN = {2020: 0.0118, 2021: 0.0231, 2022: 0.0206, 2023: 0.0243}
SPENT = {2020: 0.74, 2021: 0.66, 2022: 0.81, 2023: 0.58}
MOVES = (  # the ledger of 改一补一: day, mu, direction
    (date(2022, 9, 14), 12.4, "out"),
    (date(2022, 12, 8), 12.6, "in"),
    (date(2023, 5, 17), 7.9, "out"),
    (date(2023, 8, 23), 8.5, "in"),
)
SECURITIES = 72
STOCK_AGAIN = 0.15  # how often a grant is of land that had been granted before


def supply(parcels: list[Parcel], setting: Setting) -> list[dict[str, Any]]:
    """Write the grants of land down, by day."""
    rng = setting.stream("land")
    table: list[dict[str, Any]] = []
    for first, last, share, count in SHARES:
        industrial = [p for p in parcels if first <= p.plot.supplied_on <= last]
        table += [_industrial(rng, parcel) for parcel in industrial]
        area = sum(parcel.registered_mu for parcel in industrial)
        table += _others(rng, (first, last), area * (1 - share) / share, count)
    table.sort(key=lambda row: (row["granted_on"], row["area_mu"]))
    for number, row in enumerate(table, start=1):
        row["supply_id"] = f"示例供{row['granted_on'].year}-{number:03d}"
    return table


def _industrial(rng: np.random.Generator, parcel: Parcel) -> dict[str, Any]:
    row = parcel.row
    return {
        "granted_on": parcel.plot.supplied_on,
        "land_use": row["land_use"],
        "area_mu": row["supplied_mu"],
        "price_wan": row["price_wan"],
        "is_new": not chance(rng, STOCK_AGAIN),
        "is_standard_land": row["is_standard_land"],
        "parcel_id": parcel.id,
    }


def _others(
    rng: np.random.Generator, days: tuple[date, date], area: float, count: int
) -> Iterator[dict[str, Any]]:
    parts = rng.dirichlet(np.full(count, 3.0)) * area
    for part in parts:
        use = str(rng.choice(list(OTHER_USES), p=(0.4, 0.25, 0.15, 0.1, 0.1)))
        price = OTHER_USES[use] * float(rng.uniform(0.8, 1.25)) * part
        yield {
            "granted_on": day_between(rng, *days),
            "land_use": use,
            "area_mu": round(float(part), 2),
            "price_wan": round(float(price), 1),
            "is_new": not chance(rng, STOCK_AGAIN),
            "is_standard_land": False,
        }


def fund(grants: list[dict[str, Any]], setting: Setting) -> list[dict[str, Any]]:
    """Write down the year's settled income and what of it was drawn for the campaign."""
    rng = setting.stream("land")
    table = []
    for year in YEARS:
        prices = sum(row["price_wan"] for row in grants if row["granted_on"].year == year)
        income = round(prices * float(rng.uniform(0.84, 0.95)), 1)
        drawn = round(income * DRAWN[year], 1)
        spent = round(drawn * SPENT[year], 1)
        table.append(
            {"year": year, "settlement_income_wan": income, "drawn_wan": drawn, "spent_wan": spent}
        )
    return table


def moves(parcels: list[Parcel]) -> list[dict[str, Any]]:
    """Write the ledger down; an area converted belongs to an empty old factory."""
    stock = {"out": _by_size(parcels, State.EMPTY), "in": _by_size(parcels, State.LATER)}
    return [
        {
            "move_id": f"示例改补{number:02d}",
            "moved_on": day,
            "parcel_id": stock[direction].pop(0).id,
            "area_mu": area,
            "direction": direction,
        }
        for number, (day, area, direction) in enumerate(MOVES, start=1)
    ]


def _by_size(parcels: list[Parcel], state: State) -> list[Parcel]:
    """Give the parcels of a state, the largest first."""
    return sorted((p for p in parcels if p.plot.state is state), key=lambda p: -p.registered_mu)


def collateral(parcels: list[Parcel], setting: Setting) -> list[dict[str, Any]]:
    """Register securities on the land of firms that own it; older ones are partly released."""
    rng = setting.stream("collateral")
    owned = [p for p in parcels if p.plot.users and p.plot.users[0][2] == "owned"]
    table = []
    for index in sorted(rng.choice(len(owned), SECURITIES, replace=False).tolist()):
        parcel = owned[index]
        registered = day_between(
            rng, max(parcel.plot.supplied_on, date(2016, 1, 5)), date(2023, 11, 30)
        )
        released = day_between(rng, registered, date(2024, 6, 30))
        gone = chance(rng, 0.4) and released.year <= YEARS[-1]
        table.append(
            {
                "parcel_id": parcel.id,
                "usci": parcel.plot.users[0][0].usci,
                "creditor": str(rng.choice(setting.creditors)),
                "amount_wan": float(round(parcel.registered_mu * float(rng.uniform(15, 95)), -1)),
                "registered_on": registered,
                "released_on": released if gone else None,
            }
        )
    table.sort(key=lambda row: (row["registered_on"], row["parcel_id"]))
    return [{"collateral_id": f"示例抵{n:04d}"} | row for n, row in enumerate(table, start=1)]
