"""The land page: what it says, for a county, a township, and a county that supplied little."""

import csv
import io
from dataclasses import replace

import pytest

from build import county
from tenglong.measure.firm.places import within
from tenglong.measure.land.land_sheet import land_sheet
from tenglong.show.pages import land, land_balance, land_gaps, land_terms
from tenglong.source import open_county

PIECES = (
    land.land_findings,
    land_gaps.idle_table,
    land_gaps.late_table,
    land_gaps.unmet_table,
    land_gaps.undecided_table,
    land.states_by_town,
    land.signing_table,
    land_balance.line_and_ledger,
    land_balance.ledger_figure,
    land_balance.ledger_table,
    land_balance.grants_table,
    land_balance.fund_table,
)
OWN = (land.state_table, land_balance.grants_figure, land_terms.land_terms)


def drawn(place, sheet, language="zh"):
    pieces = [piece(place, sheet, language=language) for piece in PIECES]
    return [*pieces, *(piece(sheet, language=language) for piece in OWN)]


def rows(piece, name):
    return list(csv.DictReader(io.StringIO(piece.csv[f"{name}.csv"])))


@pytest.fixture(scope="module")
def sample():
    return open_county("data/sample", "2023-12-31")


@pytest.fixture(scope="module")
def sheet(sample):
    return land_sheet(sample, sample)


def test_every_idle_parcel_is_listed_with_what_follows(sample, sheet):
    listed = rows(land_gaps.idle_table(sample, sheet), "land_idle")
    assert len(listed) == sheet.tallies["idle"].parcels
    assert all(row["处置"] != "…" for row in listed)
    years = [int(row["满年数"]) for row in listed]
    assert years == sorted(years, reverse=True)


def test_the_states_by_township_add_up_to_the_parcels(sheet):
    listed = rows(land.state_table(sheet), "land_states")
    assert sum(int(row["合计"]) for row in listed) == sheet.supplied


def test_the_townships_add_up_to_the_county(sample, sheet):
    towns = sample.table("townships")["township"]
    tallies = [land_sheet(sample, within(sample, town)).tallies for town in towns[:3]]
    for town, found in zip(towns[:3], tallies, strict=True):
        own = sheet.parcels[sheet.parcels["township"] == town]
        assert found["all"].parcels == len(own)
        assert found.get("idle", land.NOTHING).parcels == (own["land_state"] == "idle").sum()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_piece_has_files_of_its_own_name_and_no_code(sample, sheet, language):
    pieces = drawn(sample, sheet, language)
    names = [name for piece in pieces for name in piece.csv]
    assert len(names) == len(set(names))
    text = "".join(piece.html for piece in pieces)
    for code in ("below_capacity", "not_started", "nan", "None", "NaT"):
        assert code not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_without_land_says_who_must_supply_it(language):
    bare = county(is_declared=True)
    pieces = drawn(bare, land_sheet(bare, bare), language)
    assert "县资规局" in pieces[0].html
    assert "县财政局" in pieces[0].html
    assert all(piece.html for piece in pieces[:7])


def test_before_the_plan_began_no_year_is_called_missed():
    early = open_county("data/sample", "2020-12-31")
    html = "".join(piece.html for piece in drawn(early, land_sheet(early, early)))
    assert "方案未作要求" in html
    assert "✖" not in html


def test_land_that_is_owed_names_who_must_replace_it(sample):
    moves = sample.table("land_moves")
    owing = replace(
        sample, tables={**sample.tables, "land_moves": moves[moves["direction"] == "out"]}
    )
    html = land_balance.line_and_ledger(owing, land_sheet(owing, owing)).html
    assert "尚欠补 20.30 亩；由县资规局落实" in html


def test_a_hostile_name_of_a_parcel_is_text(sample):
    parcels = sample.table("parcels").assign(name="<script>x</script>")
    hostile = replace(sample, tables={**sample.tables, "parcels": parcels})
    html = "".join(piece.html for piece in drawn(hostile, land_sheet(hostile, hostile)))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
