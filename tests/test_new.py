"""`tenglong new`: a bundle to fill in, and what is filled in comes back as it was."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import fields
from datetime import date

import pandas as pd
import pyogrio
import pytest
import python_calamine
import yaml

from build import opened
from fill import SHEET, fill_book, fill_layer, in_chinese, parts, styles
from tenglong.errors import ConfigurationError
from tenglong.measure.board.declared import plan_faults
from tenglong.measure.clause import Kind
from tenglong.run.cli import main
from tenglong.run.forms import forms
from tenglong.show.form.book import template_book
from tenglong.show.form.bundle import book_file, layer_file
from tenglong.show.form.form import Field, Form
from tenglong.source import describe_bundle, open_county, read_bundle
from tenglong.source.description import BundleEntry
from tenglong.source.schema import tables

FORMS = {form.name: form for form in forms()}
PLACES = [form.name for form in forms() if form.has_geometry]
PLAN, LAST_DAY = "wencheng-2021-2023", "2023-12-31"
WRITTEN = {"plan.yml", "plan.zh.txt", "policy/schemes/mycounty.yml"}
OPTIONAL = {"notice", "accepted"}


class Someday(date):
    """A calendar on which it is always the last of November 2022."""

    @classmethod
    def today(cls):
        return date(2022, 11, 30)


@pytest.fixture
def new(tmp_path):
    """Make a new bundle: `new("--code", "330328")`."""

    def make(*options):
        folder = tmp_path / "县"
        assert main(["new", str(folder), *options]) == 0
        return folder

    return make


def switch_on(folder, *, instead=False):
    """Remove the # before every table; of the two lines of a layer, the first or the second."""
    path = folder / "bundle.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    named = [re.match(r"  # (\w+): \{file", line) for line in lines]
    of_table = {name[1]: [] for name in named if name}
    for place, name in enumerate(named):
        if name:
            of_table[name[1]].append(place)
    for places in of_table.values():
        place = places[-1 if instead else 0]
        lines[place] = lines[place].replace("  # ", "  ", 1)
    path.write_text("\n".join(lines), encoding="utf-8")


def choices(name):
    """Give the Chinese label of every choice of a table, by column."""
    return {
        column.name: {value: label.zh for value, label in column.choices.items()}
        for column in tables()[name].columns.values()
        if column.choices
    }


def assert_same_table(came, sent):
    """Compare what came back with what was sent, the columns that nobody filled in aside."""
    for column in came.columns.difference(sent.columns):
        assert came[column].isna().all()
    if "geometry" in sent:
        assert came["geometry"].geom_equals(sent["geometry"]).all()
        assert came.crs == sent.crs
    shared = [name for name in sent.columns if name != "geometry"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(came[shared]), pd.DataFrame(sent[shared]), check_exact=True
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Fill in the sample's tables, layers where there are some, and open both counties."""
    folder = tmp_path_factory.mktemp("new") / "县"
    assert main(["new", str(folder), "--code", "330328", "--plan", PLAN]) == 0
    sample = read_bundle(describe_bundle("data/sample"))
    for name, form in FORMS.items():
        table = in_chinese(sample.tables[name].frame, choices(name))
        if form.has_geometry:
            fill_layer(folder / layer_file(form), form, table)
        fill_book(folder / book_file(form), form, table)
    switch_on(folder)
    return folder


@pytest.fixture(scope="module")
def sample():
    """Open the sample on the plan's last day."""
    return opened("data/sample", LAST_DAY)


@pytest.fixture(scope="module")
def county(filled):
    """Open the bundle that was filled in, on the same day."""
    return open_county(filled, LAST_DAY)


@pytest.mark.parametrize("name", FORMS)
def test_what_is_filled_in_comes_back_as_it_was(county, sample, name):
    came, sent = county.tables[name], sample.tables[name]
    assert len(sent) > 0
    assert_same_table(came, sent)


@pytest.mark.parametrize("name", PLACES)
def test_a_place_may_be_filled_in_without_a_map(filled, sample, name, tmp_path, monkeypatch):
    monkeypatch.setenv("TENGLONG_FOLDERS", str(filled))
    about = yaml.safe_load((filled / "bundle.yml").read_text(encoding="utf-8"))
    form = FORMS[name]
    about["tables"] = {name: {"file": str(filled / book_file(form)), "sheet": form.label.zh}}
    (tmp_path / "bundle.yml").write_text(yaml.safe_dump(about, allow_unicode=True))
    came = open_county(tmp_path, LAST_DAY).tables[name].reset_index(drop=True)
    sent = sample.tables[name].reset_index(drop=True)
    assert_same_table(came, pd.DataFrame(sent.drop(columns="geometry")))


def test_a_new_bundle_knows_nothing_rather_than_zero(new):
    assert open_county(new()).tables == {}


@pytest.mark.parametrize("instead", [False, True])
def test_an_empty_form_that_is_switched_on_is_an_empty_table(new, instead):
    folder = new()
    switch_on(folder, instead=instead)
    county = open_county(folder)
    assert list(county.tables) == list(FORMS)
    assert all(frame.empty for frame in county.tables.values())


def test_both_lines_of_a_layer_switched_on_are_refused_by_line(new):
    folder = new()
    switch_on(folder)
    switch_on(folder, instead=True)
    with pytest.raises(ConfigurationError, match=r"line \d+, column 3: the key 'townships' stands"):
        open_county(folder)


def test_every_key_of_a_bundle_is_explained_in_chinese(new):
    lines = (new() / "bundle.yml").read_text(encoding="utf-8").splitlines()
    for key in (part.name for part in fields(BundleEntry)):
        place = next(
            n for n, line in enumerate(lines) if line.removeprefix("# ").startswith(f"{key}:")
        )
        assert lines[place].startswith("#") == (key in OPTIONAL)
        assert re.match(r"# .*[\u4e00-\u9fff]", lines[place - 1])


def test_what_is_known_of_the_county_stands_in_the_bundle(new):
    name = "文: {成# '县"
    options = ("--county", name, "--code", "011111", "--crs", "EPSG:4528")
    about = describe_bundle(new(*options, "--as-of", "2022-06-30"))
    assert (about.name.zh, about.code, about.crs) == (name, "011111", "EPSG:4528")
    assert about.as_of.isoformat() == "2022-06-30"


def test_the_day_may_be_today(new, monkeypatch):
    monkeypatch.setattr("tenglong.run.day.date", Someday)
    assert describe_bundle(new("--as-of", "today")).as_of.isoformat() == "2022-11-30"


def test_the_day_is_the_plan_s_last_where_none_is_given(new):
    assert describe_bundle(new()).as_of.isoformat() == LAST_DAY


def test_two_new_bundles_have_the_same_bytes(tmp_path):
    made = []
    for name in ("a", "b"):
        assert main(["new", str(tmp_path / name)]) == 0
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        made.append({path.relative_to(tmp_path / name): path.read_bytes() for path in files})
    assert made[0] == made[1]
    assert len(made[0]) == 2 + len(WRITTEN) + len(FORMS) + len(PLACES)
    assert {str(path) for path in made[0]} >= WRITTEN


def test_a_new_bundle_with_a_plan_of_the_kit_has_none_of_its_own(new):
    folder = new("--plan", PLAN)
    assert not [name for name in WRITTEN if (folder / name).exists()]


def test_the_plan_to_be_written_has_a_sample_of_every_kind_and_can_be_read(new):
    plan = open_county(new()).plan
    assert {clause.kind for clause in plan.clauses} == set(Kind)
    assert list(plan_faults(plan)) == []


def test_check_and_lint_tell_what_is_still_a_sample(new, capsys):
    folder = new()
    assert main(["check", str(folder), "--json"]) == 0
    said = capsys.readouterr().out
    found = json.loads(said[said.index("\n{") :])["findings"]
    told = {one["value"] for one in found if one["code"] == "placeholder"}
    assert {"tax_per_mu", "low_tax_firms", "【县经信局】"} <= told
    of_scheme = [one for one in found if one["code"] == "placeholder_rule"]
    scheme = folder / "policy" / "schemes" / "mycounty.yml"
    lines = scheme.read_text(encoding="utf-8").splitlines()
    assert [one["value"] for one in of_scheme] == [
        "【本县】评价方案",
        "【My County】 scheme",
        "【文号和日期】",
    ]
    for one in of_scheme:
        assert one["file"] == "policy/schemes/mycounty.yml"
        assert one["value"] in lines[one["row"] - 1]
    words = scheme.read_text(encoding="utf-8").replace("【", "").replace("】", "")
    scheme.write_text(words, encoding="utf-8")
    plan = folder / "plan.yml"
    text = plan.read_text(encoding="utf-8").replace("【", "").replace("】", "")
    plan.write_text(text, encoding="utf-8")
    original = folder / "plan.zh.txt"
    words = original.read_text(encoding="utf-8").replace("【", "").replace("】", "")
    original.write_text(words, encoding="utf-8")
    assert main(["check", str(folder)]) == 0
    assert main(["plan", str(plan), "--lint"]) == 0
    assert "样例" not in capsys.readouterr().out


def test_a_folder_that_holds_something_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    assert main(["new", str(tmp_path)]) == 73
    assert "is not an empty folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path):
    assert main(["new", str(tmp_path)]) == 0
    assert (tmp_path / "bundle.yml").is_file()


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert main(["new", str(tmp_path / "file" / "县")]) == 73
    said = capsys.readouterr().err
    assert "the bundle cannot be written" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--code", "33032"), 64, "'33032' must be six digits"),
        (("--code", "３３０３２８"), 64, "must be six digits"),
        (("--as-of", "2022-6"), 64, "--as-of must be a day, YYYY-MM-DD, or today, not '2022-6'"),
        (("--as-of", "2022-02-30"), 64, "2022-02-30"),
        (("--as-of", ""), 64, "or today, not ''"),
        (("--crs", "EPSG:4490"), 78, "must be a projected system"),
        (("--crs", "nonsense"), 78, "must be a projected system"),
        (("--plan", "wencheng"), 78, "wencheng"),
    ],
)
def test_what_makes_no_bundle_is_refused_and_leaves_nothing(
    tmp_path, capsys, options, code, message
):
    assert main(["new", str(tmp_path / "县"), *options]) == code
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """Give the XML of every workbook, by table."""
    folder = tmp_path_factory.mktemp("books")
    found = {}
    for form in forms():
        path = folder / f"{form.name}.xlsx"
        path.write_bytes(template_book(form, language="zh"))
        found[form.name] = path
    return found


@pytest.mark.parametrize("name", FORMS)
def test_a_workbook_tells_how_and_then_has_its_headers_in_row_one(books, name):
    book = python_calamine.CalamineWorkbook.from_path(books[name])
    form = FORMS[name]
    assert book.sheet_names == ["填报说明", form.label.zh]
    rows = book.get_sheet_by_name(form.label.zh).to_python(skip_empty_area=False)
    assert rows == [[field.header for field in form.columns]]
    told = [row[0] for row in book.get_sheet_by_name("填报说明").to_python()]
    assert told[-len(form.columns) :] == rows[0]


@pytest.mark.parametrize("name", FORMS)
def test_a_column_that_takes_few_values_offers_them(books, name):
    sheet = parts(books[name])[SHEET]
    found = dict(re.findall(r'type="list"[^>]*sqref="(\w+:\w+)"[^>]*><formula1>"([^<]*)"<', sheet))
    wanted = {}
    for place, column in enumerate(c for c in tables()[name].columns if c != "geometry"):
        declared = tables()[name].columns[column]
        letter = f"{chr(64 + place // 26) if place > 25 else ''}{chr(65 + place % 26)}"
        if declared.type == "flag":
            wanted[f"{letter}2:{letter}1048576"] = "是,否"
        elif declared.choices:
            labels = [label.zh for label in declared.choices.values()]
            wanted[f"{letter}2:{letter}1048576"] = ",".join(labels)
    assert found == wanted


@pytest.mark.parametrize("name", FORMS)
def test_every_header_has_its_note_and_stays_in_sight(books, name):
    files = parts(books[name])
    assert files["xl/comments1.xml"].count("<comment ") == len(FORMS[name].columns)
    assert '<pane xSplit="1" ySplit="1"' in files[SHEET]
    assert 'state="frozen"' in files[SHEET]


def test_a_note_tells_the_duty_the_range_and_the_remark(books):
    notes = parts(books["occupancies"])["xl/comments1.xml"]
    assert "必填 · 代码（文本）" in notes
    assert "0 – 1" in notes
    assert "份额与面积填一项" in notes


@pytest.mark.parametrize(
    ("table", "column", "code"),
    [
        ("enterprises", "usci", "@"),
        ("enterprises", "registered_on", "yyyy-mm-dd"),
        ("enterprise_months", "month", "yyyy-mm"),
        ("enterprise_years", "year", "1"),  # Excel's own number of a whole number
        ("enterprise_years", "tax_paid_wan", "#,##0.00##"),
    ],
)
def test_a_column_has_the_format_of_its_type(books, table, column, code):
    files = parts(books[table])
    place = [field.name for field in FORMS[table].columns].index(column)
    styled = files["xl/styles.xml"].split("<cellXfs")[1]
    number = re.findall(r'<xf numFmtId="(\d+)"', styled)[int(styles(files[SHEET])[place])]
    custom = dict(re.findall(r'numFmtId="(\d+)" formatCode="([^"]+)"', files["xl/styles.xml"]))
    assert custom.get(number, number) == code


def test_a_required_header_looks_different(books):
    sheet = parts(books["enterprises"])[SHEET]
    marks = dict(re.findall(r'<c r="([A-Z]+)1" s="(\d+)"', sheet))
    required = {marks["A"], marks["B"]}
    assert len(required) == 1
    assert required.isdisjoint(marks[letter] for letter in "CDEFG")


def test_a_value_outside_its_range_is_refused_by_the_sheet(books):
    sheet = parts(books["occupancies"])[SHEET]
    share = re.search(r'sqref="C2:C1048576"><formula1>0</formula1><formula2>1</formula2>', sheet)
    assert share


def test_a_workbook_shows_words_of_the_declaration_as_they_are(tmp_path):
    odd = Field("x", '<b>&"=1+1', declared_label("<b>"), "text", note=declared_label("=1+1 & <i>"))
    form = Form("t", declared_label("表"), declared_label("行"), ("x",), None, (odd,))
    (tmp_path / "a.xlsx").write_bytes(template_book(form, language="zh"))
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert book.get_sheet_by_name("表").to_python() == [['<b>&"=1+1']]
    assert "<f>=1+1" not in parts(tmp_path / "a.xlsx")[SHEET]


def declared_label(text):
    return FORMS["enterprises"].label.__class__(text, text)


@pytest.mark.parametrize("name", PLACES)
def test_a_layer_is_empty_and_has_the_county_s_system_and_the_form_s_columns(new, name):
    form = FORMS[name]
    path = new("--crs", "EPSG:4528") / layer_file(form)
    about = pyogrio.read_info(path, layer=form.label.zh)
    assert (about["crs"], about["features"], about["geometry_type"]) == (
        "EPSG:4528",
        0,
        "MultiPolygon",
    )
    assert list(about["fields"]) == [field.header for field in form.columns]
    types = dict(zip(about["fields"], about["ogr_types"], strict=True))
    for field in form.columns:
        wanted = {"number": "OFTReal", "date": "OFTDate", "year": "OFTInteger"}
        assert types[field.header] == wanted.get(field.type, "OFTString")


def test_a_layer_carries_the_drop_downs_and_the_rules(new):
    path = new() / layer_file(FORMS["parcels"])
    with closing(sqlite3.connect(path)) as base:
        listed = base.execute(
            "SELECT c.value FROM gpkg_data_columns JOIN gpkg_data_column_constraints c"
            " USING (constraint_name) WHERE column_name = '闲置原因'"
        ).fetchall()
        told = base.execute(
            "SELECT description FROM gpkg_data_columns WHERE column_name = '宗地代码'"
        ).fetchone()
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert {value for (value,) in listed} == {"企业原因", "政府原因", "不可抗力"}
    assert told[0].endswith("19 位")


def test_explanations_may_be_english_while_headers_stay_as_they_are_read(new):
    folder = new("--language", "en")
    assert "# the action plan:" in (folder / "bundle.yml").read_text(encoding="utf-8")
    book = python_calamine.CalamineWorkbook.from_path(folder / book_file(FORMS["enterprises"]))
    assert book.get_sheet_by_index(0).to_python()[0][0] == "Enterprises: how to fill it in"
    assert book.get_sheet_by_index(1).to_python()[0][0] == "统一社会信用代码"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("milestones", {"provincial_development_zone"}),
        ("official_series", {"technology_transactions_wan", "value_added_growth_pct"}),
    ],
)
def test_the_codes_that_the_plan_looks_for_are_offered_with_their_names(new, name, codes):
    form = FORMS[name]
    path = new("--plan", PLAN) / book_file(form)
    rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    first, last = re.search(
        r"type=\"list\"[^>]*sqref=\"A2:A1048576\"><formula1>'填报说明'!\$A\$(\d+):\$A\$(\d+)<",
        parts(path)[SHEET],
    ).groups()
    listed = {row[0]: row[1] for row in rows[int(first) - 1 : int(last)]}
    assert codes <= set(listed)
    assert all(listed.values())
    assert rows[int(first) - 2][0].endswith("的代码：本方案用到的")


def test_a_code_that_the_plan_does_not_ask_for_may_be_given(new):
    sheet = parts(new() / book_file(FORMS["milestones"]))[SHEET]
    listed = re.search(r'<dataValidation type="list"[^>]*sqref="A2:A1048576"', sheet)
    assert "showErrorMessage" not in listed[0]
