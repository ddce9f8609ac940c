"""Every level of bundle.yml: all that is wrong is told at once, by line, in both languages."""

import re

import pytest

from intake import HEAD
from tenglong.errors import ConfigurationError
from tenglong.run.cli import main
from tenglong.source import describe_bundle
from tenglong.source.place import kit_root


def described(folder, tables):
    (folder / "bundle.yml").write_text(HEAD + tables, encoding="utf-8")
    return describe_bundle(folder)


def refused(folder, tables):
    with pytest.raises(ConfigurationError) as caught:
        described(folder, tables)
    assert caught.value.exit_code == 78
    return caught.value


YEARS = "  enterprise_years: {file: a.csv, "


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("columns: {tax_paid_wan: {column: 税, units: 元}}", "unknown key 'units' (did you mean"),
        ("columns: {tax_paid_wan: {header: 税}}", "unknown key 'header'; there are column, nth"),
        (
            "columns: {tax_paid_wan: }",
            "tax_paid_wan: must be the header that brings it, or some of",
        ),
        ("columns: {tax_paid_wan: [税]}", "tax_paid_wan: must be the header that brings it"),
        ("columns: {tax_paid_wan: 3}", "tax_paid_wan: must be the header that brings it"),
        ("columns: {tax_paid_wan: {}}", "tax_paid_wan: must be the header that brings it"),
        ("columns: {tax_paid_wan: {column: 2021}}", "column: must be a text; put a number"),
        ("columns: {tax_paid_wan: {unit: }}", "unit: must be a text"),
        ("columns: {usci: {unit: 元}}", "usci.unit: the column is no quantity"),
        ("columns: {tax_paid_wan: {nth: 2}}", "nth: must be a whole number from 1, beside"),
        ("columns: {tax_paid_wan: {column: 税, nth: 0}}", "nth: must be a whole number from 1"),
        ("columns: {tax_paid_wan: {position: 0}}", "position: must be the number of the column"),
        ("columns: {tax_paid_wan: {position: 丙}}", "position: must be the number of the column"),
        ("columns: {tax_paid_wan: {position: 1, column: 税}}", "only one of column, position may"),
        ("columns: {year: {value: [2021]}}", "value: must be one text, number or date"),
        ("columns: {year: {value: }}", "value: must be one text, number or date"),
        ("columns: {year: {nothing: 无}}", "nothing: must be a list such as"),
        ("columns: {year: {nothing: [no]}}", "nothing: each must be a text, a number or a date"),
        (
            "columns: {tax_pad_wan: 税}",
            "unknown column 'tax_pad_wan' (did you mean 'tax_paid_wan'?)",
        ),
        ("columns: {实缴税金: 税}", "column '实缴税金' is called tax_paid_wan here"),
        ("columns: [税]", "columns: must map columns of the table to headers"),
        ("columns: ", "columns: must map columns of the table to headers"),
        (
            "columns: {revenue_wan: 收入}, omit: [revenue_wan]",
            "is left out by `omit`, and has a rule",
        ),
        ("omit: [usci]", "omit: column usci is needed and cannot be left out"),
        ("omit: [revenue]", "omit: unknown column 'revenue' (did you mean 'revenue_wan'?)"),
        ("omit: revenue_wan", "omit: must be a list such as [a, b]"),
        ("omit: [1]", "omit: must be a list such as [a, b]"),
        ("nothing: [—, ~]", "nothing: each must be a text, a number or a date"),
        ("nothing: []", "nothing: must be a list such as"),
        ("accept: [duplicat_key]", "accept: unknown finding 'duplicat_key' (did you mean"),
        ("accept: duplicate_key", "accept: must be a list"),
        ("sheet: 2021", "sheet: must be a text; put a number or a date in quotes"),
        ("layer: [a]", "layer: must be a text"),
        ("encoding: utf-99", "encoding: must be an encoding such as utf-8"),
        ("crs: 4549", "crs: must be a text"),
        ("query: select 1", "query: does not go with `file`"),
        ("shet: a", "unknown key 'shet' (did you mean 'sheet'?)"),
        ("sheet：a: 1", "after a key comes a plain colon and a blank"),
    ],
)
def test_a_fault_below_a_table_is_told_with_its_line_and_place(tmp_path, entry, fault):
    error = refused(tmp_path, f"  enterprises: {{file: b.csv}}\n{YEARS}{entry}}}\n")
    assert "line 8: tables.enterprise_years" in str(error)
    assert fault in str(error)
    assert error.zh.startswith("bundle.yml：第 8 行：tables.enterprise_years")
    assert re.search("[\u4e00-\u9fff]", error.zh.rsplit("：", 1)[-1])


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("2021", "tables.enterprises.file: must be a text"),
        ("", "tables.enterprises.file: must be a text"),
        ("{a: b}", "tables.enterprises.file: must be a text"),
        ("[]", "tables.enterprises.file: names no file"),
        ("[a.csv, 2021]", "tables.enterprises.file[2]: must name a file"),
        ("[{sheet: x}]", "tables.enterprises.file[1]: must name a file"),
        ("[a.csv, a.csv]", "tables.enterprises.file[2]: the same file (and sheet or layer) stands"),
        ("[{file: a.csv, query: x}]", "tables.enterprises.file[1]: unknown key 'query'"),
        ("[{file: a.csv, columns: {name: }}]", "tables.enterprises.file[1].columns.name: must be"),
    ],
)
def test_a_fault_of_the_files_is_told(tmp_path, file, fault):
    assert f"line 7: {fault}" in str(refused(tmp_path, f"  enterprises: {{file: {file}}}\n"))


def test_a_table_that_is_a_list_is_told_how_several_files_stand(tmp_path):
    said = refused(tmp_path, "  enterprises: [{file: a.csv}, {file: b.csv}]\n")
    assert "file: [a.csv, b.csv]" in str(said)
    assert "file: [a.csv, b.csv]" in said.zh


def test_a_table_that_stands_twice_is_told_with_both_lines_beside_all_other_faults(tmp_path):
    text = "  parcels: {file: a.csv}\n  projects: {file: b.csv}\n  parcels: {file: c.csv, crs: 1}\n"
    error = refused(tmp_path, text)
    assert "line 9, column 3: the key 'parcels' stands twice, first in line 7" in str(error)
    assert "file: [2020.csv, 2021.csv]" in str(error)
    assert "line 9: tables.parcels.crs: must be a text" in str(error)
    assert "第 9 行第 3 列：“parcels”已在第 7 行写过" in error.zh


def test_all_faults_of_all_levels_are_told_at_once(tmp_path):
    text = (
        "  parcles: {file: a.csv}\n"
        "  enterprises:\n"
        "    file: b.csv\n"
        "    columns:\n"
        "      name: {colum: 名称}\n"
        "    omit: [nmae]\n"
        "accepted:\n"
        "- {table: parcels, key: {parcel_id: x}, column: price, reason: 已核实}\n"
        "plam: x\n"
    )
    told = str(refused(tmp_path, text)).split("; line ")
    assert [one.removeprefix("bundle.yml: line ").split(":")[0] for one in told] == [
        "15",
        "7",
        "11",
        "12",
        "14",
    ]


def test_the_command_line_tells_both_languages_and_ends_with_78(tmp_path, capsys):
    (tmp_path / "bundle.yml").write_bytes((HEAD + f"{YEARS}shet: 甲}}\n").encode("gb18030"))
    assert main(["check", str(tmp_path)]) == 78
    chinese, english = capsys.readouterr().err.splitlines()
    said = "第 7 行：tables.enterprise_years：没有“shet”这个键（是不是“sheet”？）"
    assert chinese == f"tenglong: bundle.yml：{said}"
    assert "unknown key 'shet'" in english


@pytest.mark.parametrize(
    "text", ["", "[]", "a", "tables:\n", "tables: a\n", "tables: {parcels: }\n"]
)
def test_what_is_hardly_a_bundle_is_refused_and_not_crashed_on(tmp_path, text):
    (tmp_path / "bundle.yml").write_text(text, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 78


def test_no_fault_repeats_a_value(tmp_path):
    for entry in ("sheet: [geheim]", "nothing: geheim", "columns: geheim", "encoding: geheim"):
        assert "geheim" not in str(refused(tmp_path, f"{YEARS}{entry}}}\n"))


def test_what_is_right_is_read(tmp_path):
    about = described(
        tmp_path,
        "  enterprise_years:\n"
        "    file: [2020.csv, {file: 年报.xlsx, sheet: '2021', columns: {year: {value: 2021}}}]\n"
        "    columns: {tax_paid_wan: {position: C, unit: 元}, year: 年份}\n"
        "    omit: [revenue_wan]\n"
        "    nothing: [-, /, 无, N/A, 0]\n",
    )
    one, other = about.sources["enterprise_years"]
    assert (one.file, one.rules["year"].header, one.rules["tax_paid_wan"].position) == (
        "2020.csv",
        "年份",
        3,
    )
    assert (other.file, other.sheet, other.rules["year"].value) == ("年报.xlsx", "2021", "2021")
    assert one.nothing == other.nothing == ("-", "/", "无", "N/A", "0")
    assert other.omitted == {"revenue_wan"}
    assert [path.name for path in about.files] == ["bundle.yml", "2020.csv", "年报.xlsx"]


@pytest.mark.parametrize("name", ["intake.md", "intake.zh.md"])
def test_the_example_of_the_docs_is_read(tmp_path, name):
    text = (kit_root() / "docs" / name).read_text(encoding="utf-8")
    example = next(one for one in text.split("```yaml\n") if one.startswith("tables:\n"))
    entry = example.split("```")[0].removeprefix("tables:\n")
    assert len(described(tmp_path, entry).sources["enterprise_years"]) == 2
