"""What townships have adds up to what the county has: counts, amounts, both sides of a share."""

from dataclasses import replace
from fractions import Fraction

import pytest

from build import all_of, county, cut
from tenglong.measure.bulletin.pick import idle
from tenglong.measure.carbon.energy import key_users_monitored
from tenglong.measure.clearance.clear_out import low_tax_firms
from tenglong.measure.clearance.results import checked_firms, cleared_firms, freed
from tenglong.measure.firm.places import places
from tenglong.measure.firm.ratios import firm_ratio, firm_total
from tenglong.measure.firm.scale import digitalised_share, net_above_scale
from tenglong.measure.land.supply import contracts_signed, industrial_grants, standard_land
from tenglong.measure.league.tally import Tally, tallied
from tenglong.measure.league.targets import shared_out
from tenglong.measure.project.investment import investment, investment_completion
from tenglong.measure.project.projects import (
    guarantee_teams,
    landing_rate,
    manufacturing_project_share,
    projects_reached,
)
from tenglong.measure.reading import Coverage, Flow, Series
from tenglong.measure.sheet.land import land_sheet
from tenglong.measure.title.titles import recognitions

TOWNS = ("330328100", "330328101", "330328102")
FIRMS = ("A", "B", "C", "D", "E", "F")
PROJECTS = ("P", "Q", "R", "S")
PARCELS = ("p", "q", "r", "s", "t", "u", "v")


def whole(as_of="2022-12-31"):
    """A county of three townships that share nothing out evenly."""
    months = [f"{year}-{month:02d}" for year in (2021, 2022) for month in (3, 12)]
    return county(
        as_of,
        policy={"tax": {"source": "", "add_back": []}},
        townships={"township": TOWNS, "name": ["甲镇", "乙镇", "丙乡"]},
        enterprises={
            "usci": FIRMS,
            "industry": ["3441"] * 6,
            "township": [TOWNS[0]] * 3 + [TOWNS[1]] * 2 + [TOWNS[2]],
        },
        enterprise_years={
            "usci": FIRMS * 2,
            "year": [2021] * 6 + [2022] * 6,
            "is_above_scale": [True, False, True, True, False, True] + [True] * 5 + [False],
            "land_mu": [4.0, 5.0, 6.0, 7.0, 8.0, 9.0] * 2,
            "tax_paid_wan": [10.0, 30.0, 90.0, 5.0, 99.0, 12.0, 1.0, 2.0, 99.0, 70.0, 80.0, 90.0],
            "employees": [10.0, 20.0, 30.0, 40.0, 50.0, 60.0] * 2,
            "energy_tce": [1000.0, 999.0, 3000.0, 1200.0, 5.0, 1001.0] * 2,
            "is_energy_monitored": [True, True, False, True, False, False] * 2,
            "is_digitalised": [True, False, True, False, False, True] * 2,
        },
        clearance_events={
            "usci": ["A", "A", "B", "B", "B", "B", "D", "D", "F"],
            "event": [
                *("listed", "closed", "listed", "checked", "plan", "passed"),
                *("listed", "closed", "listed"),
            ],
            "happened_on": [
                *("2021-03-01", "2021-06-01", "2021-03-02", "2021-04-01", "2021-04-02"),
                *("2021-05-01", "2021-03-03", "2022-02-01", "2021-04-01"),
            ],
            "evidence": [None, "1号", None, None, None, "2号", None, "3号", None],
            "freed_land_mu": [None, 5.5, None, None, None, 0.25, None, 1.125, None],
        },
        projects={
            "project_id": PROJECTS,
            "township": [TOWNS[0], TOWNS[1], TOWNS[1], TOWNS[2]],
            "is_manufacturing": [True, True, False, True],
            "is_attracted": [True, True, True, False],
            "is_enclave": [False] * 4,
            "total_investment_wan": [10000.0, 20000.0, 9999.0, 30000.0],
            "signed_on": ["2021-02-01", "2021-03-01", "2021-04-01", "2022-01-01"],
            "landed_on": ["2021-05-01", None, "2021-06-01", "2022-03-01"],
            "guarantee_team": ["一组", None, None, None],
        },
        project_months={
            "project_id": [name for name in PROJECTS for _ in months],
            "month": months * 4,
            "invested_wan": [float(3**number) for number in range(16)],
        },
        parcels={
            "parcel_id": PARCELS,
            "township": [TOWNS[0]] * 4 + [TOWNS[1]] * 2 + [TOWNS[2]],
            "land_use": ["1001"] * 7,
            "actual_mu": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0],
            "supplied_mu": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0],
            "started_on": ["2020-01-01", None, None, "2021-01-01", None, None, "2022-01-01"],
            "agreed_start_on": ["2021-01-01"] * 7,
            "supervision_signed_on": [
                "2021-02-01",
                None,
                None,
                "2021-03-01",
                None,
                None,
                "2022-01-01",
            ],
        },
        land_supply={
            "supply_id": ["1", "2", "3", "4"],
            "parcel_id": ["p", "q", "t", "v"],
            "granted_on": ["2021-01-01", "2021-06-01", "2021-07-01", "2022-01-01"],
            "land_use": ["1001", "0701", "1001", "1001"],
            "area_mu": [1.0, 2.0, 4.0, 8.0],
            "is_new": [True, True, True, False],
            "is_standard_land": [True, False, False, True],
        },
        recognitions={
            "kind": ["high_tech_firm"] * 4,
            "holder": ["A", "B", "D", "A"],
            "usci": ["A", "B", "D", "A"],
            "recognised_on": ["2021-12-01", "2021-12-02", "2022-12-01", "2022-12-02"],
            "is_lost": [False, False, False, True],
        },
    )


MEASURES = {
    "checked": checked_firms,
    "closed": lambda place: cleared_firms(place, event="closed"),
    "passed": lambda place: cleared_firms(place, event="passed"),
    "freed land": lambda place: freed(place, what="land_mu"),
    "low tax": lambda place: low_tax_firms(place, below_wan_per_mu=5),
    "contracts": contracts_signed,
    "digitalised": digitalised_share,
    "tax": lambda place: firm_total(place, column="tax_paid_wan", scope="manufacturing"),
    "tax per mu": lambda place: firm_ratio(
        place, numerator="tax", denominator="land_mu", scope="above_scale_manufacturing"
    ),
    "industrial grants": industrial_grants,
    "standard land": standard_land,
    "investment": investment,
    "completion": investment_completion,
    "teams": lambda place: guarantee_teams(place, min_investment_wan=10000),
    "landed": lambda place: projects_reached(place, stage="landed_on"),
    "landing rate": landing_rate,
    "manufacturing": manufacturing_project_share,
    "key users": lambda place: key_users_monitored(place, min_energy_tce=1000),
    "high-tech firms": lambda place: recognitions(place, kind="high_tech_firm", count="holders"),
    "net above scale": net_above_scale,
}


def added(reading):
    """Give everything of a reading that adds up, by name and day."""
    match reading:
        case Coverage():
            found = {("done", None): reading.done, ("required", None): reading.required}
            return found | {(name, None): Fraction(value) for name, value in reading.parts.items()}
        case Flow():
            sums: dict = {}
            for day, amount in reading.amounts:
                sums["amount", day] = sums.get(("amount", day), 0) + amount
            return sums
        case Series():
            return {
                (name, figure.end): value
                for figure in reading.figures
                for name, value in _parts(figure, reading.unit)
            }
    return {}


def _parts(figure, unit):
    yield from figure.parts.items()
    if unit in ("家", "万元"):
        yield "value", figure.value
        yield "since", figure.since


def sums(readings):
    found: dict = {}
    for reading in readings:
        for key, value in added(reading).items():
            found[key] = found.get(key, 0) + value
    return {key: value for key, value in found.items() if value}


@pytest.mark.parametrize("name", MEASURES)
def test_townships_add_up_to_the_county(name):
    measure, place = MEASURES[name], whole()
    placed = places(place)
    own = [measure(placed.within(town)) for town in TOWNS]
    county_s = sums([measure(place)])
    assert county_s
    assert sums(own) == county_s
    assert any(sums([one]) != county_s for one in own)


@pytest.mark.parametrize("name", MEASURES)
def test_a_year_s_figure_ends_on_the_last_day_of_the_year(name):
    reading = MEASURES[name](whole())
    for figure in reading.figures if isinstance(reading, Series) else ():
        assert (figure.end.month, figure.end.day) == (12, 31)
    if isinstance(reading, Flow) and reading.known_until:
        assert reading.known_until == max(day for day, _ in reading.amounts)
        assert (reading.known_until.month, reading.known_until.day) == (12, 31)


@pytest.mark.parametrize("name", MEASURES)
def test_the_order_of_rows_changes_nothing_of_a_reading(name):
    place = whole()
    turned = replace(place, tables={key: rows.iloc[::-1] for key, rows in place.tables.items()})
    one, other = (replace(MEASURES[name](county), evidence=()) for county in (place, turned))
    assert one == other


def test_every_parcel_is_signed_or_not_in_its_own_township():
    place = whole()
    signing = all_of(land_sheet, place).signing
    rows = signing.by_town[["town", "parcels", "signed", "unsigned"]].values.tolist()
    assert rows == [["乙镇", 2, 0, 2], ["甲镇", 4, 2, 2], ["丙乡", 1, 1, 0]]
    assert (signing.signed, signing.required) == (3, 7)
    own = [cut(land_sheet, place, town).signing for town in TOWNS]
    assert sum(one.signed for one in own) == signing.signed
    assert sum(one.required for one in own) == signing.required


def test_land_by_state_adds_up_over_townships():
    place = whole()
    everywhere = all_of(land_sheet, place).tallies
    own = [cut(land_sheet, place, town).tallies for town in TOWNS]
    for state, tally in everywhere.items():
        here = [one[state] for one in own if state in one]
        assert sum(one.parcels for one in here) == tally.parcels
        assert sum(one.area_mu for one in here) == tally.area_mu
    assert everywhere["all"].area_mu == 127


def test_idle_land_of_townships_is_the_county_s_and_a_place_without_any_has_none():
    place = whole()
    placed = places(place)
    own = [[one.name for one in idle(placed.within(town))] for town in TOWNS]
    assert own == [["q", "r"], ["t", "u"], []]
    assert [one.name for one in idle(place)] == ["q", "r", "t", "u"]
    assert [one.amount for one in idle(place)] == [2, 4, 16, 32]


@pytest.mark.parametrize(
    ("total", "step", "shares"),
    [
        (10, 1, {"a": 3, "b": 3, "c": 4}),
        (11, 1, {"a": 3, "b": 3, "c": 5}),
        (12, 1, {"a": 4, "b": 3, "c": 5}),
        (1, 1, {"a": 0, "b": 0, "c": 1}),
        (0, 1, {"a": 0, "b": 0, "c": 0}),
    ],
)
def test_whole_shares_go_to_the_largest_remainders_and_of_equals_to_the_first(total, step, shares):
    bases = {"b": Fraction(3), "a": Fraction(3), "c": Fraction(4)}
    found = shared_out(Fraction(total), bases, step=step)
    assert found == shares
    assert list(found) == sorted(found)


def test_shares_of_a_measured_total_are_hundredths_that_add_up_to_it():
    found = shared_out(Fraction(10), dict.fromkeys("abc", Fraction(1)), step=Fraction(1, 100))
    assert [str(share) for share in found.values()] == ["167/50", "333/100", "333/100"]


def test_a_tally_counts_a_row_where_it_stands_and_one_of_which_nothing_is_known_nowhere():
    place = whole()
    found = tallied(place, Tally("parcels", sum="actual_mu"))
    assert found.amounts == dict(zip(TOWNS, (15, 48, 64), strict=True))
    lost = place.tables["parcels"].assign(township=[None, *place.tables["parcels"]["township"][1:]])
    place = replace(place, tables={**place.tables, "parcels": lost})
    assert tallied(place, Tally("parcels")).amounts == dict(zip(TOWNS, (3, 2, 1), strict=True))
    blank = place.tables["parcels"].assign(actual_mu=[1.0, None, 4.0, 8.0, 16.0, 32.0, 64.0])
    place = replace(place, tables={**place.tables, "parcels": blank})
    found = tallied(place, Tally("parcels", sum="actual_mu"))
    assert (found.amounts[TOWNS[0]], found.undecided) == (12, 1)
