"""A notebook's parameters: declared in one cell, checked before anything runs."""

import pytest

from tenglong.errors import ConfigurationError, UsageError
from tenglong.run.parameters import Parameter, declared, given, split

CELL = """from typing import Literal

bundle: str = "data/sample"  # folder of the bundle
as_of: str = "2022-06-30"  # the day it is judged on (YYYY-MM-DD)
language: Literal["zh", "en"] = "zh"  # language of the page
limit: int = 20
share: float = 0.5
with_map: bool = True
"""
PAGES = {"a": declared(CELL), "b": declared("limit: int = 1\ntown: str = ''")}


def test_a_parameter_has_the_type_default_and_comment_of_its_line():
    assert declared(CELL)["bundle"] == Parameter(
        "bundle", str, "data/sample", help="folder of the bundle"
    )


def test_a_comment_may_stand_inside_the_brackets_of_a_long_line():
    cell = 'measure: Literal["a", "b"] = (\n    "a"  # what is shown\n)'
    assert declared(cell)["measure"].help == "what is shown"


def test_choices_are_those_of_the_literal():
    assert declared(CELL)["language"].choices == ("zh", "en")


def test_a_text_whose_default_is_a_day_takes_days_only():
    parameters = declared(CELL)
    assert parameters["as_of"].is_day
    assert not parameters["bundle"].is_day


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("limit = 20", "line 1: must read `name: type = value`"),
        ("limit: int", "must read `name: type = value`"),
        ("limit: int = 'many'", "the default of limit must be int"),
        ("limit: bool = 1", "the default of limit must be bool"),
        ("limit: list = []", "the type must be str, int, float, bool or Literal"),
        ("limit: Literal['a', 1] = 1", "the type must be"),
        ("limit: Literal['a', 'b'] = 'c'", "one of its choices"),
        ("limit: str = open('x').read()", "must be a literal"),
        ("import os\nos.remove('x')", "line 2: must read"),
        ("limit: int = ", "parameters: invalid syntax"),
    ],
)
def test_a_cell_that_declares_nothing_plainly_is_refused(cell, fault):
    with pytest.raises(ConfigurationError) as refused:
        declared(cell, notebook="x.ipynb")
    assert str(refused.value).startswith("x.ipynb: ")
    assert fault in str(refused.value)


def test_a_page_gets_what_it_declares_and_nothing_else():
    assert given(PAGES, {"limit": "5", "town": "大峃镇"}) == {
        "a": {"limit": 5},
        "b": {"limit": 5, "town": "大峃镇"},
    }


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("share", "0.25", 0.25),
        ("share", "1", 1.0),
        ("with_map", "false", False),
        ("with_map", "是", True),
        ("language", "en", "en"),
        ("as_of", "2023-12-31", "2023-12-31"),
    ],
)
def test_a_value_is_read_as_its_declared_type(name, text, value):
    assert given({"a": PAGES["a"]}, {name: text})["a"] == {name: value}


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("limit", "many", "limit must be int, not 'many'"),
        ("limit", "2.5", "limit must be int, not '2.5'"),
        ("share", "nan", "share must be float, not 'nan'"),
        ("with_map", "maybe", "with_map must be bool, not 'maybe'"),
        ("language", "fr", "language must be one of zh, en, not 'fr'"),
        ("as_of", "30.6.2022", "as_of must be a day, YYYY-MM-DD, not '30.6.2022'"),
        ("as_of", "20220630", "as_of must be a day, YYYY-MM-DD, not '20220630'"),
        ("limmit", "5", "unknown parameter 'limmit' (did you mean 'limit'?)"),
    ],
)
def test_a_wrong_value_or_name_is_refused(name, text, fault):
    with pytest.raises(UsageError) as refused:
        given(PAGES, {name: text})
    assert str(refused.value) == fault


def test_all_faults_are_told_at_once():
    with pytest.raises(UsageError) as refused:
        given(PAGES, {"limit": "x", "language": "fr", "colour": "red"})
    assert str(refused.value).count(";") == 2


def test_a_pair_is_split_at_its_first_equals_sign():
    assert split(["note=a=b", " town = x"]) == {"note": "a=b", "town": " x"}


@pytest.mark.parametrize("pair", ["limit", "=5", ""])
def test_what_is_not_a_pair_is_refused(pair):
    with pytest.raises(UsageError, match="name=value"):
        split([pair])
