"""The map page: what it finds and lists, of a county, a township, and one with little data."""

import csv
import io
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from tenglong.errors import UsageError
from tenglong.measure.firm.places import township_named, within
from tenglong.measure.land.parcel_sheet import parcel_sheet
from tenglong.show.pages import parcel_findings, parcel_map, parcel_rows
from tenglong.source import open_county


@pytest.fixture(scope="module")
def sample():
    return open_county("data/sample", "2022-06-30")


@pytest.fixture(scope="module")
def sheet(sample):
    return parcel_sheet(sample)


def lines(piece, name):
    return list(csv.DictReader(io.StringIO(piece.csv[name])))


def every_piece(county, sheet, language="zh"):
    return (
        parcel_findings.parcel_findings(county, sheet, language=language),
        parcel_map.parcel_picture(county, sheet, language=language),
        parcel_map.parcel_explorer(county, sheet, language=language),
        parcel_rows.urgent_rows(county, sheet, language=language),
        parcel_rows.all_rows(county, sheet, language=language),
        parcel_map.parcels_by_township(sheet, language=language),
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_without_parcels_says_so_and_counts_nothing(sample, language):
    tables = {name: frame for name, frame in sample.tables.items() if name != "parcels"}
    county = replace(sample, tables=tables)
    sheet = parcel_sheet(county)
    pieces = (
        parcel_findings.parcel_findings(county, sheet, language=language),
        parcel_map.parcel_picture(county, sheet, language=language),
        parcel_map.parcel_explorer(county, sheet, language=language),
        parcel_map.parcels_by_township(sheet, language=language),
    )
    for piece in pieces:
        assert {"zh": "没有提供地块资料", "en": "No parcels were supplied"}[language] in piece.html
        assert " 0 " not in piece.html


def test_what_cannot_be_coloured_names_what_is_lacking_and_who_must_supply_it(sample):
    tables = {name: frame for name, frame in sample.tables.items() if name != "enterprise_years"}
    county = replace(sample, tables=tables)
    html = parcel_findings.parcel_findings(county, parcel_sheet(county)).html
    assert "亩均税收（缺“企业年度数据”，请县经信局提供）" in html


def test_the_counts_by_township_add_up_to_the_parcels(sheet):
    rows = lines(parcel_map.parcels_by_township(sheet), "parcels_by_township.csv")
    assert sum(int(row["宗数"]) for row in rows) == len(sheet.parcels)


def test_the_low_taxed_parcels_are_those_of_the_map_and_their_land_is_added_exactly(sample, sheet):
    low = sheet.parcels[sheet.classes.assigned == 0]
    land = sum(Fraction(str(area)) for area in low["actual_mu"])
    found = parcel_findings.parcel_findings(sample, sheet)
    told = {(row["finding"], row["name"]): row["value"] for row in lines(found, NAME)}
    assert told["2", "count"] == str(len(low))
    assert Fraction(told["2", "area"]) == land
    assert f"{len(low)} 宗" in found.html


NAME = "parcel_map_findings.csv"


def test_who_leads_is_named_by_the_plan(sample, sheet):
    leads = {clause.id: clause.units[0] for clause in sample.plan.clauses if clause.units}
    html = parcel_findings.parcel_findings(sample, sheet).html
    assert f"由{leads['low_tax_firms']}牵头清理整治" in html
    assert f"由{leads['idle_land_disposed']}牵头依法处置" in html


def test_the_firm_that_is_most_overdue_comes_first(sample, sheet):
    rows = lines(parcel_rows.urgent_rows(sample, sheet), "parcel_actions.csv")
    days = [int(row["逾期（天）"]) for row in rows if row["逾期（天）"]]
    assert days == sorted(days, reverse=True)
    assert rows[0]["需处置事项"].startswith("整治逾期")
    assert all(row["需处置事项"] for row in rows)


def test_every_parcel_and_every_use_stands_in_the_rows(sample, sheet):
    rows = lines(parcel_rows.all_rows(sample, sheet), "parcel_rows.csv")
    assert {row["宗地代码"] for row in rows} == set(sheet.parcels["parcel_id"])
    assert len(rows) == len(sheet.uses)


def test_a_row_leads_to_its_parcel_on_the_map(sample, sheet):
    html = parcel_rows.all_rows(sample, sheet).html
    uses = [int(use) for use in re.findall(r'<a href="#parcel_map" data-use="(\d+)">', html)]
    assert uses == list(range(len(sheet.uses)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("day", ["2020-12-31", "2021-12-31", "2023-12-31", "2024-03-31"])
def test_the_page_stands_on_any_day(day, language):
    county = open_county("data/sample", day)
    for piece in every_piece(county, parcel_sheet(county), language):
        assert not re.search(r"\bnan\b|\bNone\b|\bNaT\b|<NA>", piece.html)


def test_a_township_has_its_own_parcels_and_the_grades_of_the_whole_county(sample, sheet):
    town = township_named(sample, "珊溪镇")
    own = parcel_sheet(sample, township=town)
    is_own = sheet.parcels["township"] == town.code
    assert own.parcels.index.tolist() == sheet.parcels.index[is_own].tolist()
    for cut, whole in zip(own.colourings, sheet.colourings, strict=True):
        assert cut.classes.limits == whole.classes.limits
        assert cut.classes.assigned.equals(whole.classes.assigned[is_own])
    assert set(own.uses["parcel"]) == set(own.parcels.index)
    assert own.neighbours["township"].tolist() != []
    assert town.code not in own.neighbours["township"].tolist()


def test_the_page_of_a_township_names_it_and_shows_its_outline_alone(sample):
    county = within(sample, "珊溪镇")
    own = parcel_sheet(sample, township=county.township)
    html = parcel_findings.parcel_findings(county, own).html
    assert f"珊溪镇共有地块 {len(own.parcels)} 宗" in html
    picture = parcel_map.parcel_picture(county, own).html
    assert "珊溪镇地块：亩均税收" in picture
    assert "大峃镇" not in picture


def test_the_sparse_real_county_shows_what_it_has_and_says_the_rest():
    county = open_county("data/cambridge")
    sheet = parcel_sheet(county)
    pieces = every_piece(county, sheet)
    assert "没有企业使用情况" in pieces[0].html
    assert "亩均税收（缺" in pieces[0].html
    assert "没有需要处置的企业和地块" in pieces[3].html
    assert len("".join(piece.html for piece in pieces).encode()) < 2_500_000


def test_a_measure_that_there_is_not_is_refused(sample):
    with pytest.raises(UsageError, match="no measure 'colour'"):
        parcel_sheet(sample, "colour")
