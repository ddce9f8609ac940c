"""One figure is one figure: what two pages tell of the same thing is the same."""

import re

import pytest

from build import opened
from drawing import drawn, read, rows
from tenglong.measure.sheet.land import land_sheet
from tenglong.measure.sheet.parcel_map import parcel_map_sheet

DAYS = ("2021-12-31", "2022-06-30", "2023-12-31")
STATES = ("supplied_unused", "invested_short", "partly_used", "below_capacity")


@pytest.fixture(params=DAYS)
def county(request):
    return opened("data/sample", request.param)


@pytest.mark.long
def test_land_is_one_area_on_the_map_and_on_the_page_of_land(county):
    mapped, land = parcel_map_sheet(county, county), land_sheet(county, county)
    states = land.parcels.groupby("land_state")["area_mu"].sum()
    for state in STATES:
        if state in mapped.tallies:
            assert float(mapped.tallies[state].area_mu) == pytest.approx(states[state]), state
    assert float(mapped.area_mu) == pytest.approx(land.parcels["area_mu"].sum())


@pytest.mark.long
def test_who_is_left_below_the_line_is_one_number(county):
    clause = opened("data/sample", county.as_of.isoformat())
    targets = drawn("targets", clause)
    listed = len(rows(drawn("clearance", clause)["left_firms"]))
    told = next(
        row for row in rows(targets["scorecard"], "targets") if row["id"] == "low_tax_firms"
    )
    if told["actual"]:
        assert float(told["actual"]) == listed


@pytest.mark.long
def test_the_counts_of_clauses_are_one_on_every_page_that_tells_them():
    whole = opened("data/sample", "2022-06-30")
    said = read(drawn("targets", whole)["headline"])
    measured = re.search(r"可量化 (\d+) 条，已测算 (\d+) 条", said)
    rest = re.search(r"另有 (\d+) 条未到期或不适用，(\d+) 条暂不能判定", said)
    bulletin = read(drawn("bulletin", whole, cadence="quarter")["headline"])
    told = re.search(
        r"可量化的 (\d+) 条中，已测算 (\d+) 条：.*?；未到期或不适用 (\d+) 条，暂不能判定 (\d+) 条",
        bulletin,
    )
    assert told.groups() == (*measured.groups(), *rest.groups())
    quantified, judged, waiting, untold = map(int, told.groups())
    assert quantified == judged + waiting + untold
