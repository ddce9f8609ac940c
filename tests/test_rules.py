"""Every rule outside of the plan stands on the page with its source."""

from pathlib import Path

from tenglong.show.page import Page
from tenglong.show.pages import rules
from tenglong.show.words import catalogue
from tenglong.source import open_county
from tenglong.source.place import kit_root


def test_every_policy_file_stands_with_its_source():
    text = rules.rule_sources(Page(open_county("data/cambridge"), "zh")).csv["rules.csv"]
    files = [path.name for path in (kit_root() / "data" / "policy").glob("*.yml")]
    assert files
    assert all(Path(name).name in text for name in files)


def test_what_has_no_source_says_so_on_the_page():
    html = rules.rule_sources(Page(open_county("data/cambridge"), "zh")).html
    assert "本工具设定" in html


def test_the_sources_are_told_in_english_too():
    piece = rules.rule_sources(Page(open_county("data/cambridge"), "en"))
    assert "Yinchuan" in piece.html


def test_every_policy_file_has_a_name_that_a_reader_understands():
    files = [path.stem for path in (kit_root() / "data" / "policy").glob("*.yml")]
    lacking = [file for file in files if f"rules.of.{file}" not in catalogue()]
    assert lacking == []
