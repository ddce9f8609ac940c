"""Titles: what firms were recognised as, and one that was taken back.

`BATCHES` is the story: how many of a kind were won on a day. The holders are drawn among the
firms that could win them; nobody wins the same title twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tenglong.simulate.days import YEARS
from tenglong.simulate.firms import Firm, Role
from tenglong.simulate.setting import Setting

HIGH_TECH, SME, PRODUCT, STANDARD, FIRST_SET = (
    "high_tech_firm", "tech_sme", "new_product", "made_in_zhejiang_standard", "first_set",
)  # fmt: skip
# kind, level, day, how many
BATCHES = (
    (HIGH_TECH, "national", date(2018, 11, 30), 3),
    (HIGH_TECH, "national", date(2019, 12, 4), 4),
    (HIGH_TECH, "national", date(2020, 12, 1), 4),
    (HIGH_TECH, "national", date(2021, 12, 16), 3),
    (HIGH_TECH, "national", date(2022, 6, 10), 1),
    (HIGH_TECH, "national", date(2022, 12, 24), 2),
    (HIGH_TECH, "national", date(2023, 12, 8), 3),
    (SME, "provincial", date(2019, 10, 18), 6),
    (SME, "provincial", date(2020, 11, 6), 8),
    (SME, "provincial", date(2021, 5, 20), 4),
    (SME, "provincial", date(2021, 11, 18), 5),
    (SME, "provincial", date(2022, 5, 25), 3),
    (SME, "provincial", date(2022, 10, 20), 4),
    (SME, "provincial", date(2022, 12, 15), 3),
    (SME, "provincial", date(2023, 6, 13), 4),
    (SME, "provincial", date(2023, 11, 21), 4),
    (STANDARD, "provincial", date(2021, 10, 22), 1),
    (STANDARD, "provincial", date(2022, 5, 12), 1),
    (STANDARD, "provincial", date(2023, 7, 19), 1),
    ("pinzi_brand", "provincial", date(2021, 12, 10), 1),
    ("pinzi_brand", "provincial", date(2022, 4, 28), 1),
    ("pinzi_brand", "provincial", date(2023, 9, 15), 1),
    (FIRST_SET, "provincial", date(2023, 8, 30), 1),
    ("rd_centre", "municipal", date(2019, 12, 20), 2),
    ("rd_centre", "municipal", date(2021, 7, 30), 1),
    ("rd_centre", "provincial", date(2021, 12, 20), 1),
    ("rd_centre", "municipal", date(2022, 5, 18), 1),
    ("rd_centre", "municipal", date(2022, 11, 28), 2),
    ("rd_centre", "provincial", date(2023, 10, 31), 1),
    ("new_rd_institution", "municipal", date(2022, 4, 19), 1),
    ("innovation_platform", "municipal", date(2021, 11, 12), 1),
    ("smart_factory", "municipal", date(2021, 12, 28), 1),
    ("smart_factory", "municipal", date(2022, 10, 30), 1),
    ("smart_factory", "provincial", date(2023, 11, 6), 1),
    ("green_factory", "county", date(2021, 12, 15), 1),
    ("green_factory", "municipal", date(2022, 11, 8), 1),
    ("green_factory", "provincial", date(2023, 10, 17), 1),
    ("green_factory", "municipal", date(2023, 12, 5), 1),
    (PRODUCT, "provincial", date(2020, 12, 9), 5),
    (PRODUCT, "provincial", date(2021, 6, 15), 2),
    (PRODUCT, "provincial", date(2021, 12, 3), 4),
    (PRODUCT, "provincial", date(2022, 5, 30), 3),
    (PRODUCT, "provincial", date(2022, 11, 25), 4),
    (PRODUCT, "provincial", date(2023, 6, 20), 2),
    (PRODUCT, "provincial", date(2023, 11, 20), 3),
    ("listing_reserve", "municipal", date(2021, 9, 17), 1),
    ("listing_reserve", "municipal", date(2023, 4, 11), 1),
    ("quality_award", "county", date(2021, 12, 30), 1),
    ("quality_award", "municipal", date(2023, 11, 30), 1),
    ("specialised_firm", "provincial", date(2020, 12, 22), 1),
    ("specialised_firm", "provincial", date(2021, 12, 30), 2),
    ("specialised_firm", "provincial", date(2022, 12, 28), 3),
    ("specialised_firm", "provincial", date(2023, 12, 19), 3),
    ("hidden_champion", "provincial", date(2022, 12, 20), 1),
)  # fmt: skip
# stars and days of the titles of the parks, in their order
PARK_TITLES = (
    (2, date(2019, 12, 18)),
    (2, date(2021, 12, 6)),
    (3, date(2023, 5, 24)),
)
LOST_ON, LOST_BATCH = date(2022, 12, 24), date(2019, 12, 4)


@dataclass(frozen=True)
class Title:
    """One title won."""

    kind: str
    level: str
    day: date
    firm: Firm


def rows(firms: list[Firm], setting: Setting) -> list[dict[str, Any]]:
    """Write the titles down by day: firms', parks', and the one that was lost."""
    won = list(_won(firms, setting))
    table = [_row(title) for title in won]
    table += [
        {
            "kind": "small_firm_park",
            "level": "provincial",
            "stars": stars,
            "holder": park,
            "recognised_on": day,
        }
        for park, (stars, day) in zip(setting.parks, PARK_TITLES, strict=True)
    ]
    lost = next(t for t in won if t.kind == HIGH_TECH and t.day == LOST_BATCH)
    table.append(
        _row(lost) | {"recognised_on": LOST_ON, "is_lost": True, "batch": "资格到期未重新认定"}
    )
    return sorted(table, key=lambda row: (row["recognised_on"], row["kind"], row["holder"]))


def _won(firms: list[Firm], setting: Setting) -> Iterator[Title]:
    rng = setting.stream("titles")
    holders: dict[str, set[int]] = {}
    for kind, level, day, count in BATCHES:
        taken = holders.setdefault(kind, set())
        able = [firm for firm in _candidates(firms, kind, day) if firm.number not in taken]
        for number in rng.choice(len(able), count, replace=False).tolist():
            taken.add(able[number].number)
            yield Title(kind, level, day, able[number])


def _candidates(firms: list[Firm], kind: str, day: date) -> Iterator[Firm]:
    """Give the lasting manufacturers that could win a title: large ones, small ones for 科技型."""
    for firm in firms:
        if firm.closed_on is not None:
            continue
        is_large = firm.role is Role.LEADER and YEARS[-1] in firm.above
        is_able = is_large or (kind == SME and firm.role is Role.OWNER and not firm.is_low)
        if kind == FIRST_SET and not firm.industry.is_machinery:
            continue
        if is_able and firm.industry.is_manufacturing and firm.registered_on < day:
            yield firm


def _row(title: Title) -> dict[str, Any]:
    row = {
        "kind": title.kind,
        "level": title.level,
        "holder": title.firm.name,
        "usci": title.firm.usci,
        "recognised_on": title.day,
        "batch": f"{title.day.year}年第{1 if title.day < date(title.day.year, 7, 1) else 2}批",
    }
    product = title.firm.industry.product
    items = {
        PRODUCT: f"示例{product}（{title.day.year}年新产品）",
        STANDARD: f"示例《{product}》",
        FIRST_SET: f"示例首台（套）{product}",
    }
    if title.kind in items:
        row["item"] = items[title.kind]
    return row
