"""YAML is read in one way: plans, policies, bundles and catalogues tell every fault by its line."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest

from intake import HEAD
from tenglong.errors import ConfigurationError
from tenglong.measure.land.idle import idle_rule
from tenglong.run.catalogue import load_catalogue
from tenglong.shape import shaped
from tenglong.source import describe_bundle
from tenglong.source.place import kit_root
from tenglong.source.policy import load_policy
from tenglong.yaml_file import parse_yaml, read_yaml

BUNDLE = f"{HEAD}  enterprises: {{file: a.csv}}\n"


def described(folder, text):
    (folder / "bundle.yml").write_text(text, encoding="utf-8")
    return describe_bundle(folder)


def refused(folder, text):
    with pytest.raises(ConfigurationError) as caught:
        described(folder, text)
    return str(caught.value)


def test_a_file_is_plain_values_and_every_mapping_knows_its_lines():
    read = parse_yaml("a: 2.5\nb:\n  - {c: 1}\n  - d: 2022-06-30\n", "x.yml")
    assert read == {"a": 2.5, "b": [{"c": 1}, {"d": date(2022, 6, 30)}]}
    assert [read.line("a"), read.line("b"), read["b"][1].line("d"), read.line("z")] == [1, 2, 4, 0]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\nb: 2\na: 3", "line 3, column 1: the key 'a' stands twice"),
        ("a: {b: 1, b: 2}", "line 1, column 11: the key 'b' stands twice"),
        (
            "a: 1\na: 2\nb: {c: 1, c: 2}",
            "line 2, column 1: the key 'a' stands twice, first in line 1",
        ),
        ("a: [1", "line 2, column 1: a bracket or a quotation mark that opens in line 1 is not"),
        ("a: 'x", "line 1, column 6: a bracket or a quotation mark that opens in line 1 is not"),
        ("a:\n\t- 1", "line 2, column 1: a tab stands where only blanks may"),
        ("a: @x", "line 1, column 4: no value may begin with '@'; put it in quotes"),
        ("a: b: c", "line 1, column 5: a colon too many, or an indent that does not fit"),
        ("a: !!python/object:os.system x", "line 1, column 4: is not YAML: check indents"),
        ("{[a]: 1}", "line 1, column 2: is not YAML: check indents"),
        ("a: !!int x", "is not YAML: check indents"),
        ("a: \x07", "line 1, column 4: holds a character that cannot be seen (U+0007); delete it"),
    ],
)
def test_what_is_not_yaml_is_told_with_its_place(text, fault):
    with pytest.raises(ConfigurationError, match=re.escape(f"x.yml: {fault}")):
        parse_yaml(text, "x.yml")


def test_every_key_that_stands_twice_is_told_at_once_with_both_lines_and_in_chinese():
    with pytest.raises(ConfigurationError) as caught:
        parse_yaml("甲: 1\n乙: {丙: 1, 丙: 2}\n甲: 2", "x.yml")
    assert str(caught.value).count("stands twice") == 2
    assert "第 3 行第 1 列：“甲”已在第 1 行写过" in caught.value.zh
    assert "第 2 行第 11 列：“丙”已在第 2 行写过" in caught.value.zh


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_a_file_is_read_in_every_encoding_that_an_office_saves(tmp_path, encoding):
    text = "name: 试验县\ntables: {a: 表𠮷.csv}\n"
    (tmp_path / "a.yml").write_bytes(text.encode(encoding))
    assert read_yaml(tmp_path / "a.yml") == {"name": "试验县", "tables": {"a": "表𠮷.csv"}}


def test_what_is_no_text_or_is_not_there_is_told(tmp_path):
    (tmp_path / "a.yml").write_bytes(b"a: \xff\xff\x80")
    for name in ("a.yml", "b.yml"):
        with pytest.raises(ConfigurationError, match=f"{name}: cannot be read") as caught:
            read_yaml(tmp_path / name)
        assert caught.value.zh.startswith(name)


@dataclass(frozen=True)
class Part:
    id: str
    share: Fraction


@dataclass(frozen=True)
class Whole:
    parts: tuple[Part, ...]
    limits: dict[str, int]
    since: date | None = None


def test_every_fault_is_told_at_once_with_its_line_and_place():
    text = "parts:\n- id: a\n  share: viel\n- id: b\nlimits:\n  x: 1\n  y: z\nsicne: 2021-01-01\n"
    faults = []
    read = shaped(Whole, parse_yaml(text, "x.yml"), "", faults)
    assert faults == [
        "line 8: unknown key 'sicne' (did you mean 'since'?)",
        "line 3: part a.share: 'viel' must be a number such as 20, 2.3 or 1/3",
        "line 4: part b: the key 'share' is missing",
        "line 7: limits.y: 'z' must be a whole number",
    ]
    assert read.limits == {"x": 1, "y": 0}


def test_a_number_is_what_stood_in_the_file_and_a_day_that_is_none_is_refused():
    faults = []
    read = shaped(Part, parse_yaml("{id: a, share: 0.1}", "x.yml"), "", faults)
    assert read.share == Fraction(1, 10)
    text = "parts: []\nlimits: {}\nsince: 2021-02-30\n"
    assert shaped(Whole, parse_yaml(text, "x.yml"), "", faults).since is None
    assert faults == ["line 3: since: '2021-02-30' must be a date such as 2022-06-30"]


def test_a_county_s_own_policy_is_told_by_line(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    text = (kit_root() / "data/policy/idle.yml").read_text(encoding="utf-8").rstrip()
    (own / "idle.yml").write_text(f"{text}\nyaers: 2\n", encoding="utf-8")
    line = text.count("\n") + 2
    with pytest.raises(ConfigurationError, match=rf"policy idle: line {line}: unknown key 'yaers'"):
        idle_rule(load_policy("own", beside=tmp_path))


def test_a_bundle_is_read_and_a_code_may_look_like_a_number(tmp_path):
    read = described(tmp_path, BUNDLE)
    assert (read.code, read.as_of, read.name.zh) == ("330328", date(2022, 6, 30), "甲县")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("as_of: 2022-06-30", "as_of: gestern", "line 5: as_of: 'gestern' must be a date such as"),
        ("crs: EPSG:4549", "crs: EPSG:4326", "line 3: crs: 'EPSG:4326' must be a projected system"),
        ("plan:", "paln:", "line 4: unknown key 'paln' (did you mean 'plan'?)"),
        ("name: {zh: 甲县, en: A}", "name: {zh: 甲县}", "line 1: name: the key 'en' is missing"),
        (
            "  enterprises:",
            "  enterprise:",
            "line 7: tables: unknown table 'enterprise' (did you mean",
        ),
        ("file: a.csv}", "flie: a.csv}", "line 7: tables.enterprises: must name its `file`"),
        ("file: a.csv}", "file: a.csv, shet: 1}", "line 7: tables.enterprises: unknown key 'shet'"),
        ("tables:\n  enterprises: {file: a.csv}", "tables: [a]", "line 6: tables: must map table"),
    ],
)
def test_a_fault_of_bundle_yml_is_told_with_its_line(tmp_path, old, new, fault):
    assert fault in refused(tmp_path, BUNDLE.replace(old, new))


ACCEPTED = """accepted:
  - table: enterprises
    key: {usci: 91A}
    column: name
    reason: 已核实
"""


def test_an_accepted_cell_is_read_with_its_line(tmp_path):
    [cell] = described(tmp_path, BUNDLE + ACCEPTED).accepted
    assert (cell.table, cell.key, cell.column, cell.reason) == (
        "enterprises",
        {"usci": "91A"},
        "name",
        "已核实",
    )
    assert cell.line == len(BUNDLE.splitlines()) + 2


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("table: enterprises", "table: enterprise", "unknown table 'enterprise' (did you mean"),
        ("column: name", "column: nmae", "table enterprises has no column 'nmae' (did you mean"),
        ("{usci: 91A}", "{name: 甲}", "key: must name the row by usci"),
        ("reason: 已核实", "reason: ' '", "reason: must say why the value is true"),
        ("    reason: 已核实\n", "", "accepted[1]: the key 'reason' is missing"),
    ],
)
def test_a_fault_of_an_accepted_cell_is_told_with_its_line(tmp_path, old, new, fault):
    said = refused(tmp_path, BUNDLE + ACCEPTED.replace(old, new))
    assert fault in said
    assert f"line {len(BUNDLE.splitlines()) + 2}: " in said


def test_no_message_about_a_bundle_s_tables_repeats_a_value(tmp_path):
    for tables in ("tables: geheim", "tables: [geheim]", "tables: {parcels: geheim}"):
        text = BUNDLE.replace("tables:\n  enterprises: {file: a.csv}", tables)
        assert "geheim" not in refused(tmp_path, text)


def test_every_fault_of_a_catalogue_is_told_at_once(tmp_path):
    text = "one: {notebook: no.ipynb, titel: x}\nindex: {notebook: b, files: [odt]}\n"
    (tmp_path / "catalogue.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(tmp_path)
    for fault in (
        "line 1: one: unknown key 'titel' (did you mean 'title'?)",
        "line 1: one.notebook: there is no notebook no.ipynb",
        "line 1: one.summary: must have a summary with zh and en",
        "line 2: index: an id is a plain name, and `index` is taken",
        "line 2: index.files: must be some of docx, pdf, xlsx, not 'odt'",
    ):
        assert fault in str(caught.value)
    assert caught.value.zh.startswith(
        "catalogue.yml：第 1 行：one：没有“titel”这个键（是不是“title”？）"
    )
    for fault in (
        "没有 no.ipynb",
        "应写 summary",
        "且不能是 index",
        "“odt”应是 docx、pdf、xlsx 之一",
    ):
        assert fault in caught.value.zh
    assert len(caught.value.faults) == 9


def test_a_notebook_with_a_slip_in_its_name_is_told_with_the_nearest(tmp_path):
    (tmp_path / "one.ipynb").write_text("{}", encoding="utf-8")
    text = "one:\n  title: {zh: 甲, en: A}\n  summary: {zh: 乙, en: B}\n  notebook: oen.ipynb\n"
    (tmp_path / "catalogue.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_catalogue(tmp_path)
    assert str(caught.value) == (
        "catalogue.yml: line 4: one.notebook: there is no notebook oen.ipynb"
        " (did you mean 'one.ipynb'?)"
    )
    assert caught.value.zh == (
        "catalogue.yml：第 4 行：one.notebook：没有 oen.ipynb（是不是“one.ipynb”？）"
    )


def test_a_catalogue_of_nothing_is_refused(tmp_path):
    (tmp_path / "catalogue.yml").write_text("- a\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="must map page ids to notebooks"):
        load_catalogue(tmp_path)


def laughing(levels):
    """Give a text of a few lines whose last value is made of ten to the power of levels."""
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines)


def test_aliases_of_aliases_that_make_too_many_values_are_refused_with_the_line(tmp_path):
    with pytest.raises(ConfigurationError, match=r"line 6: its aliases \(\*\) make more than"):
        parse_yaml(laughing(9), "a.yml")
    parse_yaml(laughing(5), "a.yml")
    (tmp_path / "bundle.yml").write_text(f"{BUNDLE}x:\n  {laughing(9)}".replace("\nl", "\n  l"))
    with pytest.raises(ConfigurationError, match=r"bundle\.yml: line 14: its aliases"):
        describe_bundle(tmp_path)


def test_keys_taken_over_of_keys_taken_over_are_refused():
    text = "a0: &a0 {k: 1}\n" + "\n".join(
        f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 12)
    )
    with pytest.raises(ConfigurationError, match="its aliases"):
        parse_yaml(text, "a.yml")


def test_a_value_that_holds_itself_is_refused():
    with pytest.raises(ConfigurationError, match=r"line 1: its aliases .* or hold itself"):
        parse_yaml("a: &a [*a]", "a.yml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: " + "[" * 200_000 + "]" * 200_000, 2),
        ("a: " + "{a: " * 5_000 + "1" + "}" * 5_000, 1),
        ("- " * 100_000 + "a", 1),
        ("\n".join(" " * n + "a:" for n in range(1200)), 101),
    ],
    ids=["brackets", "braces", "dashes", "indents"],
)
def test_what_nests_too_deeply_is_refused_with_the_line_and_kills_nothing(text, line):
    with pytest.raises(ConfigurationError) as caught:
        parse_yaml(text, "a.yml")
    assert str(caught.value) == f"a.yml: line {line}: nests deeper than 100 levels"
    assert f"第 {line} 行：嵌套超过 100 层" in caught.value.zh


def test_a_file_of_settings_of_many_megabytes_is_not_read(tmp_path):
    with (tmp_path / "a.yml").open("wb") as file:
        file.truncate(10_000_001)
    with pytest.raises(ConfigurationError, match=r"a\.yml: is larger than 10,000,000 bytes"):
        read_yaml(tmp_path / "a.yml")
