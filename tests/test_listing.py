"""Who belongs on the list of firms: the last year, the limits by industry, and what is lacking."""

from datetime import date
from fractions import Fraction

import pytest

from build import POLICY, county
from tenglong.errors import ConfigurationError
from tenglong.measure.clearance.listing import (
    clearance_list,
    listing_rule,
    require_rules,
    unscoped,
)
from tenglong.measure.clearance.results import listed_firms
from tenglong.measure.county import Unavailable

NOBODY = {"usci": [], "event": [], "happened_on": []}
# Eight columns, in no order of the alphabet.
COLUMNS = ("so2_t", "coal_t", "rd_wan", "employees", "diesel_t", "nox_t", "heat_gj", "cod_t")
TOGETHER = {"code": "much", "when": f"{' + '.join(COLUMNS)} > 100"}


def ruled(*rules, **more):
    """Give a policy whose list has these rules, and add-backs of tax that are none."""
    clearance = {**POLICY["clearance"], "rules": list(rules) or POLICY["clearance"]["rules"]}
    return {"clearance": clearance, "tax": {"source": "", "add_back": []}, **more}


def makers(rows, *rules, is_declared=False, events=None, **columns):
    """Give a county of manufacturers: (firm, year, tax, land, above scale), and more columns."""
    names = ("usci", "year", "tax_paid_wan", "land_mu", "is_above_scale")
    codes = list(dict.fromkeys(row[0] for row in rows))
    industries = columns.pop("industry", {})
    years = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return county(
        policy=ruled(*rules),
        is_declared=is_declared,
        enterprises={"usci": codes, "industry": [industries.get(code, "3311") for code in codes]},
        enterprise_years={**years, "energy_tce": 1.0, "value_added_wan": 100.0, **columns},
        clearance_events=events or NOBODY,
    )


def reasons(place):
    found = clearance_list(place)
    return dict(zip(found["usci"], found["reasons"], strict=True))


# Whose figures: those of the last year, of firms in scope.


def test_the_last_year_alone_decides_who_belongs_on_the_list():
    rows = [("fell", 2021, 3.0, 3.0, True), ("rose", 2021, 90.0, 3.0, True)]
    rows += [("fell", 2020, 90.0, 3.0, True), ("rose", 2020, 3.0, 3.0, True)]
    rows += [("gone", 2020, 3.0, 3.0, True)]
    assert reasons(makers(rows)) == {"fell": ("low_tax_above_scale",), "rose": ()}


def test_the_unknown_land_of_small_manufacturers_is_that_of_the_last_year():
    rows = [
        ("told since", 2020, 9.0, None, False),
        ("told since", 2021, 9.0, 3.0, False),
        ("not told any more", 2020, 9.0, 3.0, False),
        ("not told any more", 2021, 9.0, None, False),
        ("large", 2021, 9.0, None, True),
        ("power plant", 2021, 9.0, None, False),
        ("gone", 2020, 9.0, None, False),
    ]
    found = unscoped(makers(rows, industry={"power plant": "4411"}))
    assert found[["usci", "year"]].to_numpy().tolist() == [["not told any more", 2021]]


def test_the_list_says_who_the_firm_is_and_all_that_its_rules_look_at():
    place = makers([("a", 2021, 9.0, 3.0, True)], TOGETHER, **dict.fromkeys(COLUMNS, 1.0))
    about = ["usci", "industry", "year", "is_above_scale", "land_mu", "tax_wan"]
    said = ["reasons", "remarks", "undecided", "missing"]
    assert clearance_list(place).columns.tolist() == [*about, *sorted(COLUMNS), *said]


# Limits by industry.


def test_where_no_limit_fits_the_industry_a_rule_does_not_hold():
    when = "tax_wan / land_mu < limit"
    rule = {"code": "low", "when": when, "limits": {"30": 5, "3012": 50}}
    rows = [(code, 2021, 9.0, 3.0, True) for code in ("cement", "glass", "metal")]
    place = makers(rows, rule, industry={"cement": "3011", "glass": "3012", "metal": "3311"})
    assert reasons(place) == {"cement": ("low",), "glass": ("low",), "metal": ()}
    rich = makers(
        [(row[0], 2021, 90.0, *row[3:]) for row in rows],
        rule,
        industry={"cement": "3011", "glass": "3012"},
    )
    assert reasons(rich) == {"cement": (), "glass": ("low",), "metal": ()}
    assert clearance_list(rich)["undecided"].tolist() == [()] * 3


def test_the_ratio_of_an_industry_leaves_out_who_lacks_one_of_the_two():
    """Of the two firms that tell both, 220 over 20 mu: 11."""
    when = 'tax_wan / land_mu < industry_ratio("tax_wan", "land_mu")'
    rows = [
        ("high", 2021, 160.0, 10.0, True),
        ("low", 2021, 60.0, 10.0, True),
        ("no land", 2021, 9000.0, None, True),
        ("no tax", 2021, None, 9000.0, True),
        ("another", 2021, 9000.0, 1.0, True),
    ]
    place = makers(rows, {"code": "below", "when": when}, industry={"another": "1713"})
    found = reasons(place)
    assert {code for code, why in found.items() if why} == {"low"}


def test_the_ratio_of_an_industry_that_cannot_be_told_leaves_its_rule_undecided():
    when = 'tax_wan / land_mu < industry_ratio("tax_wan", "coal_t")'
    found = clearance_list(makers([("a", 2021, 9.0, 3.0, True)], {"code": "below", "when": when}))
    assert (found["reasons"].tolist(), found["undecided"].tolist()) == ([()], [("below",)])


# Rules that name what is not there.


def test_of_several_unknown_columns_the_first_of_the_alphabet_is_named():
    rule = {"code": "low", "when": " + ".join(f"no_{letter}" for letter in "hcfabged") + " > 1"}
    with pytest.raises(ConfigurationError, match="rule low: no column 'no_a'"):
        listing_rule({**POLICY, **ruled(rule)}, frozenset({"tax_wan"}))


@pytest.mark.parametrize("column", ["actual_mu", "happened_on", "employeess"])
def test_a_rule_may_name_columns_of_firms_and_of_their_years_only(column):
    rows = [("a", 2021, 9.0, 3.0, True)]
    rule = {"code": "low", "when": f"known({column})"}
    with pytest.raises(ConfigurationError, match=f"rule low: no column '{column}'"):
        clearance_list(makers(rows, rule, is_declared=True))
    for own in ("employees", "closed_on", "tax_wan", "land_mu", "industry"):
        known = {"code": "low", "when": f"known({own})"}
        assert len(clearance_list(makers(rows, known, is_declared=True))) == 1


@pytest.mark.parametrize("lacking", [COLUMNS, COLUMNS[:3], COLUMNS[4:5]])
def test_of_several_columns_that_were_not_supplied_the_first_of_the_alphabet_is_asked_for(lacking):
    given = dict.fromkeys(set(COLUMNS) - set(lacking), 1.0)
    with pytest.raises(Unavailable) as refused:
        require_rules(makers([("a", 2021, 9.0, 3.0, True)], TOGETHER, **given))
    assert (refused.value.table, refused.value.column) == ("enterprise_years", min(lacking))


def test_a_rule_whose_columns_are_all_there_asks_for_nothing_more():
    place = makers([("a", 2021, 9.0, 3.0, True)], TOGETHER, **dict.fromkeys(COLUMNS, 1.0))
    assert require_rules(place) is None


# How many of them are on it.


def test_the_firms_of_a_first_year_are_to_be_listed_since_its_end():
    rows = [(code, 2021, 3.0, 3.0, False) for code in ("b", "a", "c")]
    found = listed_firms(makers(rows), min_land_mu=3)
    assert [(one.name, one.since) for one in found.opened] == [
        (code, date(2021, 12, 31)) for code in ("a", "b", "c")
    ]


def test_a_firm_that_was_not_in_scope_the_year_before_is_to_be_listed_since_this_year():
    rows = [("grown", 2020, 3.0, 2.9, False), ("grown", 2021, 3.0, 3.0, False)]
    rows += [("same", 2020, 3.0, 3.0, False), ("same", 2021, 3.0, 3.0, False)]
    rows += [("same", 2019, 90.0, 3.0, False)]
    found = listed_firms(makers(rows), min_land_mu=3)
    assert [(one.name, one.since) for one in found.opened] == [
        ("same", date(2020, 12, 31)),
        ("grown", date(2021, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("land", "required"), [((4.0, 4.0), 2), ((4.0, 3.99), 1), ((3.99, 3.99), 0)]
)
def test_a_firm_of_just_the_land_that_is_asked_for_is_to_be_listed(land, required):
    rows = [(code, 2021, 3.0, mu, False) for code, mu in zip("ab", land, strict=True)]
    listed = {"usci": ["a"], "event": ["listed"], "happened_on": ["2021-03-01"]}
    found = listed_firms(makers(rows, events=listed), min_land_mu=4)
    assert (found.done, found.required) == (min(required, 1), required)


def test_a_firm_that_has_a_reason_belongs_on_the_list_though_another_rule_is_open():
    rows = [("low", 2021, 3.0, 3.0, False), ("open", 2021, 90.0, 3.0, False)]
    rows += [("fine", 2021, 90.0, 3.0, False)]
    found = listed_firms(makers(rows, energy_tce=[None, None, 1.0]), min_land_mu=3)
    assert (found.done, found.required, found.parts["undecided"]) == (0, 1, 1)
    assert (found.low, found.high) == (0, 0)
    assert [(blank.column, blank.name) for blank in found.blanks] == [("energy_tce", "open")]


@pytest.mark.parametrize(
    ("on_list", "low", "high"),
    [("low", Fraction(1, 3), Fraction(1, 2)), ("open", 0, Fraction(1, 3))],
)
def test_an_undecided_firm_may_belong_on_the_list_or_not(on_list, low, high):
    rows = [("low", 2021, 3.0, 3.0, False), ("too", 2021, 3.0, 3.0, False)]
    rows += [("open", 2021, None, 3.0, False)]
    events = {"usci": [on_list], "event": ["listed"], "happened_on": ["2021-03-01"]}
    found = listed_firms(makers(rows, events=events), min_land_mu=3)
    assert (found.required, found.low, found.high) == (2, low, high)


def test_what_an_undecided_firm_waits_for_stands_in_the_order_of_the_alphabet():
    blank = {column: [None, None] for column in COLUMNS}
    rows = [("a", 2021, 9.0, 3.0, True), ("b", 2021, 9.0, 3.0, True)]
    place = makers(rows, TOGETHER, **blank)
    assert clearance_list(place)["missing"].tolist() == [tuple(sorted(COLUMNS))] * 2
    found = listed_firms(place, min_land_mu=3)
    assert (found.required, found.parts["undecided"]) == (0, 2)
    assert [(blank.column, blank.row) for blank in found.blanks] == [
        (column, row) for column in sorted(COLUMNS) for row in (0, 1)
    ]
