"""The map page of a county that has no parcels, or parcels of which little is known."""

import csv
import io
from dataclasses import replace

import pytest

from tenglong.measure.land.parcel_sheet import parcel_sheet
from tenglong.show.pages import parcel_map
from tenglong.source import open_county


@pytest.fixture(scope="module")
def sample():
    return open_county("data/sample")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_without_parcels_says_so_and_counts_nothing(sample, language):
    tables = {name: frame for name, frame in sample.tables.items() if name != "parcels"}
    county = replace(sample, tables=tables)
    sheet = parcel_sheet(county)
    pieces = (
        parcel_map.parcel_findings(county, sheet, language=language),
        parcel_map.parcel_picture(county, sheet, language=language),
        parcel_map.parcel_explorer(county, sheet, language=language),
        parcel_map.parcels_by_township(sheet, language=language),
    )
    for piece in pieces:
        assert {"zh": "没有提供地块资料", "en": "No parcels were supplied"}[language] in piece.html
        assert " 0 " not in piece.html


def test_what_cannot_be_coloured_names_what_is_lacking(sample):
    tables = {name: frame for name, frame in sample.tables.items() if name != "enterprise_years"}
    county = replace(sample, tables=tables)
    html = parcel_map.parcel_findings(county, parcel_sheet(county)).html
    assert "亩均税收（缺“企业年度数据”）" in html


def test_the_counts_by_township_add_up_to_the_parcels(sample):
    sheet = parcel_sheet(sample)
    text = parcel_map.parcels_by_township(sheet).csv["parcels_by_township.csv"]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sum(int(row["宗数"]) for row in rows) == len(sheet.parcels)
