"""The page of chains: what it finds, who is warned of, and what land is mortgaged."""

import csv
import io
from dataclasses import replace
from functools import cache

import pytest

from build import county
from tenglong.errors import UsageError
from tenglong.measure.chain.alarm import alarms
from tenglong.measure.chain.mortgaged import mortgaged_parcels
from tenglong.measure.chain.sheet import chain_sheet
from tenglong.show.pages import chain_securities, chain_warning, chains
from tenglong.source import open_county

PIECES = (
    chains.headline,
    chains.revenue_figure,
    chains.directory_table,
    chains.products_table,
    chains.places_table,
    chain_warning.warned_table,
    chain_warning.lights_figure,
    chain_warning.lights_table,
    chain_warning.trends_table,
    chain_warning.rules_table,
    chain_securities.parcels_table,
    chain_securities.creditors_table,
)
SPRING = ("2021-04", "2021-05", "2021-06", "2022-04", "2022-05", "2022-06")


@cache
def sheet_of(township="", as_of="2022-06-30"):
    return chain_sheet(open_county("data/sample", as_of), township)


def rows(piece, name):
    return list(csv.DictReader(io.StringIO(piece.csv[f"{name}.csv"])))


def watched(**firms):
    """Give firms by their electricity of three springs' months, before and after."""
    return county(
        is_declared=True,
        enterprises={
            "usci": list(firms),
            "name": [f"{name}公司" for name in firms],
            "township": ["330328100", "330328101", "330328100"][: len(firms)],
            "chain": ["高端装备"] * len(firms),
            "closed_on": [None] * len(firms),
        },
        townships={"township": ["330328100", "330328101"], "name": ["大峃镇", "百丈漈镇"]},
        enterprise_months={
            "usci": [name for name in firms for _ in SPRING],
            "month": list(SPRING) * len(firms),
            "electricity_10k_kwh": [value for months in firms.values() for value in months],
        },
    )


def test_the_steepest_fall_stands_first():
    one = watched(A=(10, 10, 10, 7, 7, 7), B=(10, 10, 10, 7, 6, 2), C=(10, 10, 10, 10, 10, 10))
    piece = chain_warning.warned_table(chain_sheet(one))
    assert [row["企业"] for row in rows(piece, "chains_warned")][:2] == ["B公司", "A公司"]


def test_a_firm_is_said_with_its_fall_and_the_months_it_has_lasted():
    html = chains.headline(chain_sheet(watched(A=(10, 10, 10, 7, 7, 6)))).html
    assert "A公司（大峃镇，用电量同比连续下降，−40.0 %，已连续 3 个月）" in html


def test_months_running_break_off_at_the_month_that_did_not_fall():
    falls = alarms(watched(A=(10, 10, 10, 7, 7, 7))).firms["falls"].iloc[0]
    assert [fall.months_running for fall in falls] == [3]


def test_a_township_shows_its_own_firms_as_the_county_judged_them():
    one = watched(A=(10, 10, 10, 7, 7, 7), B=(10, 10, 10, 5, 5, 5))
    shown = rows(chain_warning.warned_table(chain_sheet(one, "大峃镇")), "chains_warned")
    assert [row["企业"] for row in shown] == ["A公司"]


def test_an_unknown_township_is_a_usage_error():
    with pytest.raises(UsageError, match="did you mean '大峃镇'"):
        chain_sheet(watched(A=(10, 10, 10, 7, 7, 7)), "大岙镇")


def test_idle_land_with_a_mortgage_stands_before_land_in_use():
    one = county(
        parcels={
            "parcel_id": ["p", "q"],
            "actual_mu": [4.0, 2.0],
            "started_on": ["2020-05-01", None],
            "completed_on": ["2021-05-01", None],
            "agreed_start_on": ["2020-05-01", "2021-01-01"],
        },
        collateral={
            "collateral_id": ["1", "2"],
            "parcel_id": ["p", "q"],
            "creditor": ["甲行", "乙行"],
            "amount_wan": [900.0, 100.0],
            "registered_on": ["2021-03-01"] * 2,
            "released_on": [None, None],
        },
    )
    found = mortgaged_parcels(one)
    assert found[["parcel_id", "is_unused", "creditor_names"]].values.tolist() == [
        ["q", True, "乙行"],
        ["p", False, "甲行"],
    ]


def test_the_amounts_by_creditor_add_up_to_the_total():
    sheet = sheet_of()
    by_creditor = rows(chain_securities.creditors_table(sheet), "chains_creditors")
    assert sum(float(row["担保金额（万元）"]) for row in by_creditor) == sheet.securities.total_wan


def test_firms_by_township_add_up_to_those_of_the_directory():
    sheet = sheet_of()
    by_place = rows(chains.places_table(sheet), "chains_places")
    listed = rows(chains.directory_table(sheet), "chains_directory")
    assert sum(int(row["合计"]) for row in by_place) == sum(
        int(row["企业（家）"]) for row in listed
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("township", ["", "桂山乡", "大峃镇"])
@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_every_piece_is_drawn_without_a_hole(piece, township, language):
    html = piece(sheet_of(township), language=language).html
    assert "nan" not in html.casefold()
    assert "None" not in html


@pytest.mark.parametrize("as_of", ["2020-12-31", "2021-12-31", "2024-03-31"])
@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_every_piece_is_drawn_on_any_day(piece, as_of):
    assert "nan" not in piece(sheet_of(as_of=as_of)).html.casefold()


def test_a_bundle_of_parcels_alone_says_who_must_supply_what():
    sheet = chain_sheet(open_county("data/cambridge"))
    html = chains.headline(sheet).html
    assert "县市场监管局" in html
    assert "县金融服务中心" in html
    assert all(piece(sheet).html is not None for piece in PIECES)


def test_a_hostile_name_stays_text():
    one = watched(A=(10, 10, 10, 7, 7, 7))
    frame = one.tables["enterprises"].assign(name="<script>{{ 7 }}</script>")
    hostile = replace(one, tables={**one.tables, "enterprises": frame})
    sheet = chain_sheet(hostile)
    for piece in (chains.headline, chain_warning.warned_table):
        assert "<script" not in piece(sheet).html
