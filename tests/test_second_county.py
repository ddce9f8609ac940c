"""A second county, made by the sample's generator and fed in as office files: what is read."""

from collections import Counter
from fractions import Fraction

import pytest
from geopandas.testing import assert_geoseries_equal
from pandas.testing import assert_frame_equal

from tenglong.measure.board.board import assess_plan
from tenglong.run.sound import configuration_problems
from tenglong.show.page import Page
from tenglong.show.record import record
from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle
from tenglong.source.problem import Severity
from tenglong.source.schema import tables

pytestmark = pytest.mark.long  # two bundles are made and read
DAYS = ("2021-12-31", "2022-06-30", "2023-12-31")
# What is told of such files, and changes no figure.
NOTES = {
    *("title_row", "note_row", "total_row", "total_matches", "other_format", "encoding_found"),
    *("unit_converted", "excel_serial", "code_spelling", "field_cut"),
}
SIGNED = "填表人：***"


@pytest.fixture(scope="module")
def both(kaihua):
    """The bundle of the generator and that of the offices, read."""
    return [examine_bundle(describe_bundle(folder)) for folder in kaihua]


def test_what_is_told_of_the_office_files_changes_no_figure(both):
    _, office = both
    told = Counter((one.severity, one.code) for one in office.problems)
    assert {code for severity, code in told if severity is Severity.NOTE} == NOTES
    warnings = [one for one in office.problems if one.severity is not Severity.NOTE]
    assert {(one.code, one.value) for one in warnings} == {("secret", SIGNED)}
    assert all(one.set_aside == 0 for one in office.inputs)


def test_every_total_of_the_offices_agrees_with_its_rows(both):
    _, office = both
    agreeing = [one for one in office.problems if one.code == "total_matches"]
    assert Counter(one.file for one in agreeing) == {
        "2021年企业数据.xlsx": 3,
        "2023年企业数据.xlsx": 2,
        "土地出让.xlsx": 2,
    }


def test_plan_and_rules_are_sound_and_what_the_plan_lacks_is_named(kaihua):
    found = configuration_problems(describe_bundle(kaihua[1]))
    assert [(one.severity, one.file) for one in found] == [(Severity.NOTE, "grade_measures.yml")]
    assert "宿舍型保障性租赁住房" in found[0].rule_zh


def test_every_cell_is_that_of_the_plain_tables(both):
    plain, office = (read.tables for read in both)
    assert plain.keys() == office.keys()
    for name in plain:
        key = list(tables()[name].key)
        one, other = (
            read[name].frame.sort_values(key, kind="stable", ignore_index=True)
            for read in (plain, office)
        )
        if "geometry" in one:
            pairs = one.pop("geometry"), other.pop("geometry")
            assert_geoseries_equal(*pairs, check_less_precise=True)
        assert_frame_equal(one, other[[*one]], check_exact=True, obj=name)


@pytest.mark.parametrize("day", DAYS)
def test_every_clause_has_the_status_and_the_figure_of_the_plain_tables(both, day):
    boards = [assess_plan(read.on(day)) for read in both]
    plain, office = (
        [record(Page(read.on(day)), one) for one in board.assessments]
        for read, board in zip(both, boards, strict=True)
    )
    files = {one.origin for one in both[1].inputs}
    for one, other in zip(plain, office, strict=True):
        for places in (one, other):
            for awaited in places["awaiting"]:
                row, file = awaited.pop("row"), awaited.pop("file")
                assert row is None or row < 10_000
                assert not file or places is one or file in files
        assert one == other


def test_the_lines_of_map_and_list_are_those_of_its_plan(both):
    policy = both[1].on(DAYS[1]).policy
    assert policy["parcel_measures"]["measures"]["tax_per_mu"]["limits"] == [1, 10, 30, 37]
    assert policy["clearance"]["low_tax_wan_per_mu"] == 1
    assert policy["clearance"]["rules"][0]["name"]["zh"] == "规上亩均税收 1 万元以下"
    assert policy["clearance"]["min_land_mu"] == 8
    assert policy["two_high"]["min_energy_tce"] == 1200
    assert policy["league"]["leagues"]["towns"]["items"]["tax"]["target"] == {"each": Fraction(37)}


def test_the_county_is_measured_in_its_own_system(both):
    county = both[1].on(DAYS[1])
    assert county.crs == "EPSG:4548"
    assert len(county.tables["townships"]) == 14
    areas = county.tables["townships"].geometry.to_crs(county.crs).area.sum() / 1e6
    assert areas == pytest.approx(2240.4, abs=0.5)
