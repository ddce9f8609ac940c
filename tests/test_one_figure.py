"""One figure is one figure: what two pages tell of the same thing is the same."""

import csv
import io
import json
import re
import subprocess

import pytest

import reports
from build import opened
from drawing import drawn, read, rows
from telling import Told, agree, contradictions, told
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


# Remarks of a table on its own rows, and the unit of its own columns.
REMARKS = frozenset({"说明", "提示", "备注", "单位"})
# What a page calls a value of a clause's record, and how it prints it.
OF_RECORDS = {
    "目标": ("target", 1),
    "现状": ("actual", 1),
    "进度（%）": ("progress", 100),
    "序时差": ("gap", 100),
    "状态": ("status_label", None),
    "牵头单位": ("leading_unit", None),
}
PLACES = [("2021-12-31", ""), ("2022-11-30", "大峃镇"), ("2023-12-31", "")]
PAGES = [page for page in reports.PAGES if page not in ("index", *reports.OF_MANY)]


@pytest.fixture(scope="module", params=PLACES, ids="".join)
def pages(request):
    day, township = request.param
    whole = opened("data/sample", day)
    ids = [page for page in PAGES if not (township and page == "data_quality")]
    return {page: drawn(page, whole, township=township) for page in ids}


def cells_of(pages):
    return [cell for page, made in pages.items() for cell in told(page, made.html)]


@pytest.mark.long
def test_no_two_tables_tell_one_figure_in_two_ways(pages):
    cells = cells_of(pages)
    keys = {(cell.subject, cell.heading) for cell in cells}
    assert len(cells) - len(keys) > 100, "hardly anything is told twice"
    assert contradictions(cells, but=REMARKS) == []


# The states of land in the sentences of pages, by whatever words: count and area stand together.
IN_PROSE = re.compile(
    r"(构成闲置|闲置土地|待认定的土地|供而未用|建而未投|用而未尽|投而未达)"
    r"(?:的土地)? (\d+) 宗[、 ]([\d,.]+) 亩"
)
SAME_STATE = {"构成闲置": "闲置土地"}


@pytest.mark.long
def test_sentences_tell_one_area_of_a_state_of_land(pages):
    told_by = {}
    for page, made in pages.items():
        for piece in made.pieces.values():
            for state, count, area in IN_PROSE.findall(read(piece)):
                key = SAME_STATE.get(state, state), "（全县）" in piece.html
                told_by.setdefault(key, {}).setdefault((count, area), set()).add(page)
    for state, figures in told_by.items():
        assert len(figures) == 1, (state, figures)
    idle = [
        page for (state, _), of in told_by.items() if state == "闲置土地" for page in of.values()
    ]
    assert {"bulletin", "land", "parcel_map"} <= set().union(*idle)


def records_of(pages):
    """Give every record of a clause that a CSV holds, with the page it is of."""
    for page, made in pages.items():
        for piece in made.pieces.values():
            for text in piece.csv.values():
                if text.startswith("id,section,name"):
                    of_county = "（全县）" in piece.html
                    for row in csv.DictReader(io.StringIO(text)):
                        yield page, row, of_county


@pytest.mark.long
def test_a_clause_has_one_record_in_all_csvs_and_every_table_tells_it(pages):
    records = {}
    for page, row, of_county in records_of(pages):
        first = records.setdefault((of_county, row["id"]), row)
        assert row == first, (page, row["id"])
    by_name = {(of_county, row["name"]): row for (of_county, _), row in records.items()}
    compared = 0
    for cell in cells_of(pages):
        record = by_name.get((cell.of_county, cell.subject.split(" ")[0]))
        name, scale = OF_RECORDS.get(cell.heading, ("", 1))
        if record is None or not name or not record.get(name):
            continue
        compared += 1
        if scale is None:
            assert cell.text == record[name], cell
        elif cell.numbers:
            assert printed(cell, float(record[name]) * scale), (cell, record[name])
    assert compared > 50


def printed(cell, value):
    """Whether a cell's first number is a value: rounded, as per cent, or told as a fall."""
    shown = cell.numbers[0]
    half = 0.5 * 10.0 ** shown.as_tuple().exponent
    ways = {value, -value, value * 100} if "%" in cell.text else {value, -value}
    return min(abs(float(shown) - way) for way in ways) <= half * 1.000001


def test_cells_that_differ_are_found():
    one, other = (Told("a", "", "甲", "用地", text) for text in ("7.77 亩", "7.78 亩"))
    coarse = Told("b", "", "甲", "用地", "7.8 亩")
    assert not agree(one, other)
    assert agree(one, coarse)
    assert [found[:2] for found in contradictions([one, coarse, other])] == [("甲", "用地")]


def test_the_terminal_the_csv_and_the_printed_sheets_tell_the_same(report):
    out = reports.folder(report("sample"))
    day = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["as_of"]
    command = [reports.TENGLONG, "targets", "data/sample", "--as-of", day, "--json"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    with (out / "tables" / "targets.csv").open(encoding="utf-8-sig", newline="") as file:
        held = {row["id"]: row for row in csv.DictReader(file)}
    said = {row["id"]: row for row in json.loads(shown.stdout)}
    assert held.keys() <= said.keys()
    for clause, row in held.items():
        for name in ("status_label", "leading_unit", "due", "unit"):
            assert row[name] == str(said[clause][name] or ""), (clause, name)
        for name in ("target", "actual", "progress", "gap"):
            value = said[clause][name]
            assert row[name] == "" if value is None else float(row[name]) == pytest.approx(value)
    text = subprocess.run(
        ["pdftotext", "-layout", out / "bulletin.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    sheets = re.sub(r"\s", "", text)
    cells = told("bulletin", (out / "bulletin.html").read_text(encoding="utf-8"))
    figures = {cell.text for cell in cells if cell.numbers and len(cell.text) < 12}
    assert len(figures) > 100
    assert {text for text in figures if re.sub(r"\s", "", text) not in sheets} == set()
