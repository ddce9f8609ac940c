"""The land page: what it says, for a county, a township, and a county that supplied little."""

from dataclasses import replace

import pytest

from build import clause, county, opened
from drawing import drawn, read, rows
from tenglong.measure.clause import IndicatorRef, Kind
from tenglong.measure.firm.places import within
from tenglong.measure.land.outlines import KINDS, outline_findings
from tenglong.measure.sheet.land import land_sheet, outlined
from tenglong.show.pages import land, land_outlines


@pytest.fixture(scope="module")
def sample():
    return opened("data/sample", "2023-12-31")


@pytest.fixture(scope="module")
def page(sample):
    return drawn("land", sample)


def test_every_idle_parcel_is_listed_with_what_follows(page):
    listed = rows(page["idle_table"])
    assert len(listed) == page.sheet.tallies["idle"].parcels
    assert all(row["处置"] != "…" for row in listed)
    years = [int(row["满年数"]) for row in listed]
    assert years == sorted(years, reverse=True)


def test_the_states_by_township_add_up_to_the_parcels(page):
    listed = rows(page["state_table"])
    assert sum(int(row["合计（宗）"]) for row in listed) == page.sheet.supplied


def test_the_townships_add_up_to_the_county(sample, page):
    towns = sample.table("townships")["township"]
    tallies = [land_sheet(sample, within(sample, town)).tallies for town in towns[:3]]
    for town, found in zip(towns[:3], tallies, strict=True):
        own = page.sheet.parcels[page.sheet.parcels["township"] == town]
        assert found["all"].parcels == len(own)
        assert found.get("idle", land.NOTHING).parcels == (own["land_state"] == "idle").sum()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_without_land_says_who_must_supply_it(language):
    page = drawn("land", county(is_declared=True), language=language)
    assert "县资规局" in page["land_findings"].html
    assert "县财政局" in page["land_findings"].html
    listed = ("idle_table", "late_table", "unmet_table", "undecided_table", "states_by_town")
    assert all(page[name].html for name in listed)


def test_before_the_plan_began_no_year_is_called_missed():
    page = drawn("land", opened("data/sample", "2020-12-31"))
    assert "方案未作要求" in page.html
    assert "✖" not in page.html


def test_land_that_is_owed_names_who_must_replace_it(sample):
    moves = sample.table("land_moves")
    owing = replace(
        sample, tables={**sample.tables, "land_moves": moves[moves["direction"] == "out"]}
    )
    said = drawn("land", owing)["line_and_ledger"].html
    assert "尚欠补 20.30 亩；由县资规局落实" in said


def test_a_hostile_name_of_a_parcel_is_text(sample):
    parcels = sample.table("parcels").assign(name="<script>x</script>")
    hostile = replace(sample, tables={**sample.tables, "parcels": parcels})
    html = drawn("land", hostile).html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_every_fault_of_an_outline_is_listed_and_counted(sample, page):
    found = outline_findings(sample)
    listed = rows(page["outline_table"])
    assert len(listed) == len(found) == 8
    assert {row["宗地代码"] for row in listed} == set(found["parcel_id"])
    assert "图形共查出 8 处问题" in read(page["outline_findings"])
    assert [row["图形问题"] for row in listed][:2] == ["两宗图形重叠", "两宗图形边界有窄条重叠"]


def test_the_data_page_lists_the_same_faults(sample, page):
    quality = drawn("data_quality", sample)
    assert rows(quality["outline_table"]) == rows(page["outline_table"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_running_year_that_meets_the_share_so_far_is_told_as_unsettled(language):
    shares = [
        clause(
            Kind.SHARE,
            target,
            id=name,
            each_year=True,
            indicator=IndicatorRef(name),
        )
        for name, target in (("industrial_grants", 30), ("fund_share", 2))
    ]
    one = county(
        "2022-06-30",
        tuple(shares),
        parcels={"parcel_id": ["P"], "started_on": ["2019-01-01"], "completed_on": ["2020-01-01"]},
        land_supply={"granted_on": ["2022-03-01"], "land_use": ["1001"], "area_mu": [30.0]},
        special_fund={"year": [2022], "settlement_income_wan": [100.0], "drawn_wan": [2.0]},
    )
    said = read(drawn("land", one, language=language)["land_findings"])
    assert (
        said.count({"zh": "年度结束后核定", "en": "settled when the year is over"}[language]) == 2
    )


@pytest.mark.long
def test_a_real_layer_has_its_faults_all_in_the_file_and_the_first_on_the_page():
    page = drawn("land", opened("data/cambridge", "2022-06-30"), language="en")
    assert len(rows(page["outline_table"])) == 2990
    assert page["outline_table"].html.count("<tr") == 1 + land_outlines.MOST_ROWS
    assert "2,990" in read(page["outline_findings"])


def test_an_overlap_across_a_border_is_found_in_both_townships(sample):
    parcels = sample.table("parcels")
    pair = outline_findings(sample).query("code == 'overlap'").iloc[0]
    there = parcels.assign(
        township=parcels["township"].where(parcels.index != pair["row"], "330328101")
    )
    moved = replace(sample, tables={**sample.tables, "parcels": there})
    for township in ("330328101", parcels.loc[pair["other_row"], "township"]):
        found = outlined(moved, township).faults
        assert pair["parcel_id"] in set(found["parcel_id"])
    assert pair["parcel_id"] not in set(outlined(moved, "330328102").faults["parcel_id"])


def test_faults_come_in_the_order_of_their_kind_and_then_of_their_size():
    found = outlined(opened("data/cambridge", "2022-06-30")).faults
    kinds = [KINDS.index(code) for code in found["code"]]
    assert kinds == sorted(kinds)
    shares = found[found["code"] == "registered_mu_differs"]["share"].abs()
    assert shares.is_monotonic_decreasing
    assert set(found["code"]) <= set(KINDS)


def test_without_outlines_the_section_says_who_must_supply_them(sample):
    bare = replace(
        sample,
        tables={**sample.tables, "parcels": sample.table("parcels").drop(columns="geometry")},
    )
    page = drawn("land", bare, sheet=replace(land_sheet(sample, sample), outlines=outlined(bare)))
    assert "县资规局" in read(page["outline_findings"])
    assert page["outline_table"].html == ""
