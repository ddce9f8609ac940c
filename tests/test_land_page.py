"""The land page: what it says, for a county, a township, and a county that supplied little."""

from dataclasses import replace

import pytest

from build import county
from drawing import drawn, rows
from tenglong.measure.firm.places import within
from tenglong.measure.sheet.land import land_sheet
from tenglong.show.pages import land
from tenglong.source import open_county


@pytest.fixture(scope="module")
def sample():
    return open_county("data/sample", "2023-12-31")


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
    assert sum(int(row["合计"]) for row in listed) == page.sheet.supplied


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
    page = drawn("land", open_county("data/sample", "2020-12-31"))
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
