"""A formula over columns says of every row what it says of the row by itself."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenglong.errors import ConfigurationError
from tenglong.measure.county import Unavailable
from tenglong.measure.policy.column import KNOWN, UNDIVIDED, UNKNOWN, Column, Gaps, Same
from tenglong.measure.policy.columnwise import evaluated, told
from tenglong.measure.policy.formula import Formula

LACKING = Unavailable("enterprise_years", "lost")


class Table:
    """Columns given as lists; what is called `lost` was not supplied, `k` is 3 for all rows."""

    def __init__(self, **columns):
        self.columns = columns
        self.gaps = Gaps()
        self.asked = []
        self.over = {}

    def column(self, name, rows):
        self.asked.append((name, rows.tolist()))
        if name == "lost":
            return Same(None, self.gaps.state(LACKING))
        if name == "k":
            return Same.of(Fraction(3))
        return Column.of(self.columns[name]).take(rows)

    def row(self, row):
        return Row({name: column[row] for name, column in self.columns.items()})

    def functions(self, _row):
        return {}


class Row(dict):
    def __missing__(self, name):
        if name == "lost":
            raise LACKING
        return {"k": Fraction(3)}[name]


def one_by_one(formula, table, size):
    """Give the formula's answer for each row by itself; an error is its class."""
    answers = []
    for row in range(size):
        try:
            answers.append(formula(table.row(row)))
        except (ZeroDivisionError, Unavailable) as error:
            answers.append(type(error))
    return answers


def all_at_once(formula, table, size):
    part = evaluated(formula, table, np.arange(size))
    if isinstance(part, Same):
        return [_answer(part.value, part.state)] * size
    pairs = zip(part.values(), part.states.tolist(), strict=True)
    return [_answer(value, state) for value, state in pairs]


def _answer(value, state):
    if state == KNOWN:
        return value
    return {UNKNOWN: None, UNDIVIDED: ZeroDivisionError}.get(state, Unavailable)


FRACTIONS = st.sampled_from([0, 0, 1, 2, -1, 5, "1/3", "-7/2", "0.1", "1e17", "12345678.901"]).map(
    Fraction
)
CELLS = {
    "x": FRACTIONS,
    "y": FRACTIONS,
    "is_so": st.booleans(),
    "is_not": st.booleans(),
    "day": st.dates(date(2019, 1, 1), date(2022, 12, 31)),
    "kind": st.sampled_from(["metal", "food", "2021-06-01"]),
    "held": st.sampled_from([frozenset(), frozenset({"metal"}), frozenset({"food", "metal"})]),
    "any": FRACTIONS | st.booleans() | st.sampled_from(["metal", date(2021, 6, 1)]),
}
SIZES = st.integers(1, 5)
TABLES = SIZES.flatmap(
    lambda size: st.fixed_dictionaries(
        {
            name: st.lists(st.none() | one, min_size=size, max_size=size)
            for name, one in CELLS.items()
        }
    )
)
NUMBERS = st.recursive(
    st.sampled_from(["x", "y", "k", "x", "y", "lost", "0", "2", "0.5"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max", "first"]), inner, inner),
        st.builds("{}({})".format, st.sampled_from(["abs", "ceil", "round", "-"]), inner),
        st.builds("({} if is_so else {})".format, inner, inner),
        st.builds("({} if {} > 1 else {})".format, inner, inner, inner),
    ),
    max_leaves=6,
)
SIGNS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
CONDITIONS = st.recursive(
    st.one_of(
        st.builds("{} {} {}".format, NUMBERS, SIGNS, NUMBERS),
        st.builds("{} {} {} {} {}".format, NUMBERS, SIGNS, NUMBERS, SIGNS, NUMBERS),
        st.builds("{} {} (0, 2, 1/3)".format, NUMBERS, st.sampled_from(["in", "not in"])),
        st.builds("day {} '2021-01-01'".format, SIGNS),
        st.builds("'2021-06-01' {} day".format, SIGNS),
        st.builds("known({})".format, NUMBERS),
        st.sampled_from(["is_so", "is_not", "lost", "'metal' in held", "kind == 'metal'"]),
        st.sampled_from(
            ["kind in ('metal', 'food')", "starts_with(kind, 'me')", "is_so == is_not"]
        ),
        st.sampled_from(["first(is_so, False)", "known(lost)", "known(any)", "True"]),
    ),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("({} {} {} or {})".format, inner, st.sampled_from(["and", "or"]), inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
    ),
    max_leaves=5,
)


@given(NUMBERS | CONDITIONS, TABLES)
def test_a_formula_says_of_all_rows_at_once_what_it_says_of_each(text, columns):
    formula, table, size = Formula.parse(text), Table(**columns), len(columns["x"])
    found = all_at_once(formula, table, size)
    assert found == one_by_one(formula, table, size)
    assert all(type(value) is not int for value in found)


ODD = st.recursive(
    st.sampled_from([*CELLS, "lost", "1", "'metal'", "True", "(1, x)", "any", "any"]),
    lambda inner: st.one_of(
        st.builds(
            "({} {} {})".format,
            inner,
            st.sampled_from(["+", "/", "**", "<", "==", "in", "and", "or"]),
            inner,
        ),
        st.builds("(not {})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("max({}, {})".format, inner, inner),
        st.builds("max({})".format, inner),
        st.builds("-{}".format, inner),
    ),
    max_leaves=5,
)


@given(ODD, TABLES)
def test_what_makes_no_sense_fails_with_the_words_of_the_first_row_that_fails(text, columns):
    formula, table, size = Formula.parse(text), Table(**columns), len(columns["x"])
    assert said(all_at_once, formula, table, size) == said(one_by_one, formula, table, size)


def said(evaluate, *what):
    """Give the answers, or the words of the error."""
    try:
        return evaluate(*what)
    except ConfigurationError as error:
        return str(error)


@given(CONDITIONS, TABLES)
def test_a_condition_that_divides_by_zero_is_not_known_in_that_row_alone(text, columns):
    formula, table, size = Formula.parse(text), Table(**columns), len(columns["x"])
    part = told(formula, table, np.arange(size))
    found = [part.take(np.array([row])) for row in range(size)]
    states = [one.state if isinstance(one, Same) else int(one.states[0]) for one in found]
    answers = one_by_one(formula, table, size)
    assert [state == UNKNOWN for state in states] == [
        answer is None or answer is ZeroDivisionError for answer in answers
    ]


def test_a_branch_is_asked_for_the_rows_that_take_it_alone():
    table = Table(is_so=[True, False, True], x=[Fraction(1)] * 3, y=[Fraction(2)] * 3)
    found = all_at_once(Formula.parse("x if is_so else y / 0"), table, 3)
    assert found == [1, ZeroDivisionError, 1]
    assert table.asked == [("is_so", [0, 1, 2]), ("x", [0, 2]), ("y", [1])]


def test_what_the_first_part_decides_asks_for_no_more():
    table = Table(is_so=[True, True])
    assert all_at_once(Formula.parse("is_so or lost"), table, 2) == [True, True]
    assert table.asked == [("is_so", [0, 1])]


def test_each_name_is_asked_for_once_however_many_rows_there_are():
    table = Table(x=[Fraction(number) for number in range(1000)])
    found = all_at_once(Formula.parse("2 * x - k if x > 500 else x / 3"), table, 1000)
    assert found[3] == 1
    assert found[501] == 999
    assert [name for name, _ in table.asked] == ["x", "x", "k", "x"]


def test_a_number_is_no_condition_for_any_row():
    with pytest.raises(ConfigurationError, match="must be a condition"):
        told(Formula.parse("x + 1"), Table(x=[None, Fraction(1)]), np.arange(2))
    part = told(Formula.parse("x + 1"), Table(x=[None, None]), np.arange(2))
    assert part.states.tolist() == [UNKNOWN, UNKNOWN]
