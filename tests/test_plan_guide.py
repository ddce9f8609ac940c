"""The page on writing a plan says what the code takes, in both languages."""

import re

import pytest
import yaml

from tenglong.measure.board.board import INDICATORS
from tenglong.measure.board.declared import options_of
from tenglong.measure.clause import IndicatorRef, Kind
from tenglong.run.plan_guide import plan_guide
from tenglong.source.place import kit_root

PAGES = {"en": "plan.md", "zh": "plan.zh.md"}


@pytest.mark.parametrize("language", PAGES)
def test_the_page_of_the_docs_is_what_the_code_gives(language):
    written = (kit_root() / "docs" / PAGES[language]).read_text(encoding="utf-8")
    command = f"python -m tenglong.run.plan_guide --language {language} > docs/{PAGES[language]}"
    assert written == plan_guide(language), f"run: {command}"


@pytest.mark.parametrize("language", PAGES)
def test_every_kind_and_every_indicator_with_all_its_options_is_told(language):
    text = plan_guide(language)
    assert all(f"| `{kind}` " in text for kind in Kind)
    for name in INDICATORS:
        (row,) = re.findall(rf"(?m)^\| `{name}` \|.*$", text)
        assert all(f"`{option}`" in row for option in options_of(name))


def test_every_example_of_an_indicator_can_be_read():
    for raw in re.findall(r"`(\{name: .*?\})`", plan_guide("en")):
        if "…" not in raw and "option: value" not in raw:
            assert IndicatorRef.parse(yaml.safe_load(raw)).name in INDICATORS
