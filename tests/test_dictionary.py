"""The data dictionary says what the declaration says, and its page in the docs is current."""

import subprocess
import sys

import pytest
import yaml

from tenglong.measure.clause import Label
from tenglong.run.forms import forms
from tenglong.show.form.dictionary import dictionary_html, dictionary_markdown
from tenglong.show.form.form import Field, Form, known, rules
from tenglong.source.place import kit_root

ROOT = kit_root()
DECLARED = yaml.safe_load((ROOT / "lib/tenglong/source/tables.yml").read_text(encoding="utf-8"))


def form(**changes):
    """Give a table of one column."""
    given = {"name": "x", "header": "面积（亩）", "label": Label("面积", "Area"), "type": "number"}
    row = Label("一块地", "one parcel")
    return Form("t", Label("表", "Table"), row, ("x",), None, (Field(**{**given, **changes}),))


def test_the_page_of_the_docs_is_what_the_declaration_gives():
    command = [sys.executable, "-m", "tenglong.run.dictionary"]
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    again = subprocess.check_output(command, text=True, encoding="utf-8")
    assert written == again, f"run: {' '.join(['python', *command[1:]])} > docs/data-dictionary.md"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", DECLARED)
def test_every_declared_column_has_its_line(name, language):
    text = dictionary_markdown(forms(), language=language)
    section = text.split(f" `{name}`\n", 1)[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][2:]
    assert len(lines) == len(DECLARED[name]["columns"])
    for line, (column, about) in zip(lines, DECLARED[name]["columns"].items(), strict=True):
        assert line.startswith(f"| {about['zh']}")
        assert f"| `{column}` |" in line
        assert (f"| {'必填' if language == 'zh' else 'required'} |" in line) == about.get(
            "required", False
        )
        for choice in about.get("choices", {}).values():
            assert choice["zh"] in line


def test_a_bar_in_a_word_does_not_break_the_table():
    text = dictionary_markdown((form(header="甲|乙"),), language="zh")
    assert "| 甲\\|乙 | Area |" in text


def test_the_page_of_a_bundle_escapes_what_it_shows_and_runs_nothing():
    page = dictionary_html((form(header="<script>x</script>"),), language="zh")
    assert "<script" not in page
    assert "&lt;script&gt;x" in page
    assert "default-src 'none'" in page
    assert page.startswith('<!doctype html>\n<html lang="zh-CN">')


def test_the_page_of_a_bundle_has_every_table():
    page = dictionary_html(forms(), language="zh")
    assert all(f'<h2 id="{name}">{about["zh"]}' in page for name, about in DECLARED.items())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"minimum": 0.0}, "≥ 0"),
        ({"maximum": 1.0}, "≤ 1"),
        ({"minimum": 0.0, "maximum": 100.0}, "0 – 100"),
        ({"type": "date", "is_planned": True}, "事先约定的日期，可晚于统计日"),
        ({"type": "choice", "choices": (Label("转出", "out"),)}, "可选：转出"),
        ({"dated_by": Label("检查时间", "Checked on")}, "与“检查时间”一并填"),
        ({"note": Label("19 位", "19 characters")}, "19 位"),
    ],
)
def test_a_rule_of_the_declaration_is_told_in_words(changes, told):
    assert told in rules(form(**changes).fields[0], "zh")


def test_a_table_without_a_date_always_counts():
    assert known(form(), "zh") == "不分日期，始终计入"
