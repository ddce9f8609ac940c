"""The map page: what it finds and lists, of a county, a township, and one with little data."""

import re
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction

import pytest

from build import opened
from drawing import drawn, rows
from tenglong.errors import UsageError
from tenglong.measure.firm.places import township_named, within
from tenglong.measure.sheet.parcel_map import parcel_map_sheet
from tenglong.source import open_county


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", "2022-06-30")


@pytest.fixture(scope="module")
def page(sample):
    return drawn("parcel_map", sample)


def without(county, table):
    tables = {name: frame for name, frame in county.tables.items() if name != table}
    return replace(county, tables=tables)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_without_parcels_says_so_and_counts_nothing(sample, language):
    page = drawn("parcel_map", without(sample, "parcels"), language=language)
    said = {"zh": "没有提供地块资料", "en": "No parcels were supplied"}[language]
    for name in ("parcel_findings", "parcel_picture", "parcel_explorer", "parcels_by_township"):
        assert said in page[name].html
        assert " 0 " not in page[name].html


def test_what_cannot_be_coloured_names_what_is_lacking_and_who_must_supply_it(sample):
    html = drawn("parcel_map", without(sample, "enterprise_years"))["parcel_findings"].html
    assert "亩均税收缺“企业年度数据”，请县经信局提供" in html


def test_the_counts_by_township_add_up_to_the_parcels(page):
    listed = rows(page["parcels_by_township"])
    assert sum(int(row["宗数"]) for row in listed) == len(page.sheet.parcels)


def test_the_low_taxed_parcels_are_those_of_the_map_and_their_land_is_added_exactly(page):
    sheet = page.sheet
    low = sheet.parcels[sheet.classes.assigned == 0]
    land = sum(Fraction(str(area)) for area in low["actual_mu"])
    found = page["parcel_findings"]
    told = {(row["finding"], row["name"]): row["value"] for row in rows(found)}
    assert told["2", "count"] == str(len(low))
    assert Fraction(told["2", "area"]) == land
    assert f"{len(low)} 宗" in found.html


def test_who_leads_is_named_by_the_plan(sample, page):
    leads = {clause.id: clause.units[0] for clause in sample.plan.clauses if clause.units}
    html = page["parcel_findings"].html
    assert f"由{leads['low_tax_firms']}牵头清理整治" in html
    assert f"由{leads['idle_land_disposed']}牵头依法处置" in html


def test_the_firm_that_is_most_overdue_comes_first(page):
    listed = rows(page["urgent_rows"])
    days = [int(row["逾期（天）"]) for row in listed if row["逾期（天）"]]
    assert days == sorted(days, reverse=True)
    assert listed[0]["需处置事项"].startswith("整治逾期")
    assert all(row["需处置事项"] for row in listed)


def test_every_parcel_and_every_use_stands_in_the_rows(page):
    listed = rows(page["all_rows"])
    assert {row["宗地代码"] for row in listed} == set(page.sheet.parcels["parcel_id"])
    assert len(listed) == len(page.sheet.uses)


def test_a_row_leads_to_its_parcel_on_the_map(page):
    html = page["all_rows"].html
    uses = [int(use) for use in re.findall(r'<a href="#parcel_map" data-use="(\d+)">', html)]
    assert uses == list(range(len(page.sheet.uses)))


def test_a_township_has_its_own_parcels_and_the_grades_of_the_whole_county(sample, page):
    sheet = page.sheet
    town = township_named(sample, "珊溪镇")
    own = parcel_map_sheet(sample, within(sample, town.code))
    is_own = sheet.parcels["township"] == town.code
    assert own.parcels.index.tolist() == sheet.parcels.index[is_own].tolist()
    for cut, whole in zip(own.colourings, sheet.colourings, strict=True):
        assert cut.classes.limits == whole.classes.limits
        assert cut.classes.assigned.equals(whole.classes.assigned[is_own])
    assert set(own.uses["parcel"]) == set(own.parcels.index)
    assert own.neighbours["township"].tolist() != []
    assert town.code not in own.neighbours["township"].tolist()


def test_the_page_of_a_township_names_it_and_shows_its_outline_alone(sample):
    own = drawn("parcel_map", sample, township="珊溪镇")
    said = own["parcel_findings"].html
    assert f"珊溪镇共有地块 {len(own.sheet.parcels)} 宗" in said
    picture = own["parcel_picture"].html
    assert "珊溪镇地块：亩均税收" in picture
    assert "大峃镇" not in picture


@pytest.mark.long
def test_the_sparse_real_county_shows_what_it_has_and_says_the_rest():
    page = drawn("parcel_map", open_county("data/cambridge"))
    assert "没有企业使用情况" in page["parcel_findings"].html
    assert "亩均税收缺" in page["parcel_findings"].html
    assert "没有需要处置的企业和地块" in page["urgent_rows"].html
    assert len(page.html.encode()) < 2_500_000


def test_a_measure_that_there_is_not_is_refused(sample):
    with pytest.raises(UsageError, match="no measure 'colour'"):
        parcel_map_sheet(sample, sample, measure="colour")


@pytest.mark.parametrize(("scheme", "is_told"), [("changle", True), ("default", False)])
def test_the_doubt_of_a_scheme_is_told_where_the_map_shows_its_grades(sample, scheme, is_told):
    policy = deepcopy(dict(sample.policy))
    policy["parcel_measures"]["measures"]["grade"]["scheme"] = scheme
    html = drawn("parcel_map", replace(sample, policy=policy))["parcel_findings"].html
    assert ("未注明单位电耗税收基准值的计量单位" in html) is is_told
