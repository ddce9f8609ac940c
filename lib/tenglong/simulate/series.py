"""Series: what offices publish, weeks after a period, and the dated facts of the campaign.

Growth and investment are published rounded, from the same firms and projects as the tables;
the investment differs a little, as published figures do. An express figure (快报) comes out on
the last day of the year and is replaced by the final one. Two offices publish different
technology transactions for 2021 on the same day, and agree only in the autumn of 2022. Of the
growth of digital manufacturing, only 2020 is out in the summer of 2022.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tenglong.simulate.days import YEARS
from tenglong.simulate.energy import energy_growth, real_growth
from tenglong.simulate.figures import FirmYear
from tenglong.simulate.investment import YEARLY_WAN
from tenglong.simulate.setting import Setting

GROWTH_2020 = {"value_added_growth_pct": 6.3, "energy_growth_pct": 3.9}
FINAL = {2020: date(2021, 3, 9), 2021: date(2022, 3, 8), 2022: date(2023, 3, 7)}
EXPRESS = (0.4, -0.3, 0.2, 0.1)
MEASURED = {2020: 0.992, 2021: 1.011, 2022: 0.986, 2023: 1.007}
DIGITAL = {
    2020: (7.4, date(2021, 3, 25)),
    2021: (10.8, date(2022, 9, 15)),
    2022: (9.1, date(2023, 3, 22)),
    2023: (11.6, date(2023, 12, 31)),
}
BURDEN = {
    2020: (18_900, date(2021, 1, 20)),
    2021: (20_860, date(2022, 1, 19)),
    2022: (21_540, date(2023, 1, 18)),
    2023: (22_150, date(2023, 12, 31)),
}
# period, 万元, which of the publishers, day
TECHNOLOGY = (
    ("2020", 6_120, "science", date(2021, 2, 24)),
    ("2021", 8_640, "science", date(2022, 2, 25)),
    ("2021", 9_980, "statistics", date(2022, 2, 25)),
    ("2022Q1", 2_450, "science", date(2022, 4, 21)),
    ("2022Q2", 2_790, "science", date(2022, 7, 20)),
    ("2021", 8_640, "science", date(2022, 10, 12)),
    ("2021", 8_640, "statistics", date(2022, 10, 12)),
    ("2022Q3", 2_930, "science", date(2022, 10, 21)),
    ("2022Q4", 3_380, "science", date(2023, 1, 19)),
    ("2023Q1", 3_060, "science", date(2023, 4, 20)),
    ("2023Q2", 3_410, "science", date(2023, 7, 20)),
    ("2023Q3", 3_720, "science", date(2023, 10, 20)),
)
MILESTONES = (
    (
        "land_remediation_scheme",
        "工业低效用地整治专项方案出台",
        date(2021, 11, 26),
        "示例文件〔2021〕18号",
    ),
    ("provincial_development_zone", "省级经济开发区获批", date(2022, 3, 18), "示例批复〔2022〕3号"),
    ("special_assessment", "年度考绩设置专项考核", date(2022, 4, 12), "示例考绩〔2022〕2号"),
    ("industry_fund", "县政府产业基金设立", date(2022, 9, 7), "示例批复〔2022〕11号"),
    ("full_cycle_system", "工业项目全周期管理系统上线", date(2022, 12, 1), None),
    ("collateral_platform", "担保品统一登记平台上线", date(2023, 6, 15), None),
)


def rows(made: list[FirmYear], setting: Setting) -> list[dict[str, Any]]:
    """Write the published figures down, by the day of publication."""
    by = setting.publishers
    table = [*_growth(made, setting), *_investment(setting), *_technology(setting)]
    table += [
        _row("digital_core_growth_pct", str(y), v, "%", by.commerce, d)
        for y, (v, d) in DIGITAL.items()
    ]
    table += [
        _row("burden_relief_wan", str(y), v, "万元", by.relief, d) for y, (v, d) in BURDEN.items()
    ]
    return sorted(table, key=lambda row: (row["published_on"], row["indicator"], row["publisher"]))


def milestones() -> list[dict[str, Any]]:
    """Write the dated facts down."""
    names = ("milestone", "name", "happened_on", "evidence")
    return [dict(zip(names, fact, strict=True)) for fact in MILESTONES]


def _row(
    indicator: str, period: str, value: float, unit: str, publisher: str, day: date
) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "period": period,
        "value": value,
        "unit": unit,
        "publisher": publisher,
        "published_on": day,
    }


def _twice(
    figure: tuple[str, str], year: int, value: float, express: float, setting: Setting
) -> Iterator[dict[str, Any]]:
    """Publish an express figure on the last day of the year, and the final one in March."""
    indicator, unit = figure
    office = setting.publishers.statistics
    yield _row(indicator, str(year), express, unit, office, date(year, 12, 31))
    if year in FINAL:
        yield _row(indicator, str(year), value, unit, office, FINAL[year])


def _growth(made: list[FirmYear], setting: Setting) -> Iterator[dict[str, Any]]:
    """Publish the growth of value added at constant prices, of energy, and the nominal sum.

    Growth is of the same firms in both years, as an office counts it; the sum is of all.
    """
    for year, slip in zip(YEARS, EXPRESS, strict=True):
        value_added = sum(i.value_added for i in made if i.year == year and i.is_above)
        growth = dict(GROWTH_2020)
        if year > YEARS[0]:
            growth = {
                "value_added_growth_pct": round(100 * (real_growth(made, year, setting) - 1), 1),
                "energy_growth_pct": round(100 * (energy_growth(made, year) - 1), 1),
            }
        for indicator, value in growth.items():
            slipped = value if year == YEARS[-1] else round(value + slip, 1)
            yield from _twice((indicator, "%"), year, value, slipped, setting)
        rates = (1 + growth["energy_growth_pct"] / 100, 1 + growth["value_added_growth_pct"] / 100)
        change = round(100 * (rates[0] / rates[1] - 1), 1)
        yield from _twice(("energy_intensity_change_pct", "%"), year, change, change, setting)
        wan = round(value_added * MEASURED[year])
        figure = ("above_scale_value_added_wan", "万元")
        yield from _twice(figure, year, wan, round(wan, -2), setting)


def _investment(setting: Setting) -> Iterator[dict[str, Any]]:
    published = {year: round(wan * MEASURED[year]) for year, wan in YEARLY_WAN.items()}
    for year, wan in published.items():
        figure = ("manufacturing_investment_wan", "万元")
        yield from _twice(figure, year, wan, round(wan, -2), setting)
        if year > YEARS[0]:
            pct = round(100 * (wan / published[year - 1] - 1), 1)
            figure = ("manufacturing_investment_growth_pct", "%")
            yield from _twice(figure, year, pct, pct, setting)


def _technology(setting: Setting) -> Iterator[dict[str, Any]]:
    for period, wan, publisher, day in TECHNOLOGY:
        office = getattr(setting.publishers, publisher)
        yield _row("technology_transactions_wan", period, wan, "万元", office, day)
