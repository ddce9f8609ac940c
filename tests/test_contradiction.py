"""What an evaluation says against tax a mu, the clearance list and the line of the plan."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build import POLICY, county
from drawing import read, rows
from evaluating import ABCD, evaluated, firm_county, scheme, taxes
from tenglong.errors import ConfigurationError
from tenglong.measure.county import Unavailable
from tenglong.measure.evaluation.contradiction import contradictions, mean_places, moments
from tenglong.measure.evaluation.ranking import evaluate
from tenglong.measure.sheet.data_quality import data_quality_sheet
from tenglong.measure.sheet.enterprises import checked, enterprises_sheet
from tenglong.show.page import Page
from tenglong.show.pages.contradictions import contradiction_findings, contradiction_table
from tenglong.show.pages.enterprises import enterprise_findings
from tenglong.show.pages.enterprises_tables import scheme_sources

GRADED = scheme(grading={"grades": ABCD})
LISTED_RULE = {"listed": {"when": "is_listed", "at_best": "C"}}
RULED = scheme(grading={"grades": ABCD}, overrides=LISTED_RULE)
# Points for revenue: what is scored is not what is the main measure.
BY_REVENUE = {
    "parts": {"revenue": {"weight": 100, "benchmark": 10}},
    "indicators": {
        "revenue": {"name": {"zh": "营业收入", "en": "Revenue"}, "value": "revenue_wan"},
    },
}


def steps(**firms):
    """Give clearance events: steps(a=[("listed", "2021-03-01")])."""
    events = [(firm, *step) for firm, taken in firms.items() for step in taken]
    usci, event, days = zip(*events, strict=True)
    return {"usci": usci, "event": event, "happened_on": days}


LISTED = [("listed", "2021-03-01")]
CLOSED = [*LISTED, ("closed", "2021-09-01")]


def found(firms, rules, **tables):
    given = firm_county(firms, rules, **tables)
    return contradictions(given, evaluate(given, year=2021, scheme="test"))


def codes(of):
    return dict(zip(of.firms["usci"], of.firms["codes"], strict=True))


def revenues(*amounts, **more):
    """Give firms that pay 10, 20, 30 … of tax, with these revenues."""
    firms = taxes(*range(10, 10 * len(amounts) + 10, 10), **more)
    return {
        name: row | {"revenue_wan": r}
        for (name, row), r in zip(firms.items(), amounts, strict=True)
    }


def policy(**changes):
    return {"evaluation": {**POLICY["evaluation"], **changes}}


# --- the list and the line


def test_a_listed_firm_with_a_good_grade_is_named_with_the_day_of_its_listing():
    of = found(
        taxes(50, 40, 30, 20, 10),
        GRADED,
        clearance_events=steps(b=LISTED),
    )
    assert codes(of) == {"b": ("listed",)}
    assert of.firms["listed_on"].dt.date.astype("str").tolist() == ["2021-03-01"]


def test_a_firm_that_was_listed_after_the_year_is_found_and_one_that_was_closed_is_not():
    later = [("listed", "2022-03-01")]
    of = found(
        taxes(50, 40, 30, 20, 10),
        GRADED,
        clearance_events=steps(a=CLOSED, b=later),
    )
    assert codes(of) == {"b": ("listed",)}


def test_a_firm_below_the_line_with_a_good_grade_is_found_and_one_on_it_is_not():
    of = found(taxes(9, 8, "5", 4.99, 1), GRADED)
    assert codes(of) == {"d": ("below_line",)}
    assert of.firms["tax_wan_per_mu"].tolist() == [Fraction("4.99")]


def test_low_grades_contradict_nothing():
    of = found(taxes(9, 8, 7, 6, 1), GRADED, clearance_events=steps(e=LISTED))
    assert codes(of) == {}


def test_the_line_is_that_of_the_policy():
    rules = GRADED
    six = {"clearance": {**POLICY["clearance"], "low_tax_wan_per_mu": 6}}
    assert codes(found(taxes(9, 8, 5.5, 5, 1), rules, policy=six)) == {
        "c": ("below_line",),
        "d": ("below_line",),
    }


def test_without_a_list_nothing_is_said_of_it_but_that_it_lacks():
    of = found(taxes(9, 8, 7, 6, 1), GRADED)
    assert str(of.lacking) == "clearance_events"
    assert found(taxes(9), scheme(), clearance_events=steps(a=LISTED)).lacking is None


# --- the order


def test_scores_that_go_against_tax_a_mu_contradict_it_and_every_firm_is_named():
    of = found(revenues(5, 4, 3, 2, 1), scheme(**BY_REVENUE), policy=policy(fewest_firms=5))
    (order,) = of.contrary
    assert (order.population, order.firms, order.correlation) == ("all", 5, -1.0)
    assert set(codes(of)) == {"a", "b", "d", "e"}  # the third of five is the third of both
    assert dict(zip(of.firms["usci"], of.firms["tax_place"], strict=True))["a"] == 5


def test_scores_that_follow_tax_a_mu_contradict_nothing():
    of = found(revenues(1, 2, 3, 4, 5), scheme(**BY_REVENUE), policy=policy(fewest_firms=5))
    assert [order.correlation for order in of.orders] == [1.0]
    assert (of.contrary, codes(of)) == ((), {})


@pytest.mark.parametrize(("least", "is_contrary"), [(0.5, False), (0.500001, True), (-1, False)])
def test_a_correlation_that_is_the_least_exactly_is_enough(least, is_contrary):
    # Places 1, 2, 3 against 1, 3, 2: Spearman's is exactly a half.
    of = found(
        revenues(2, 1, 3),
        scheme(**BY_REVENUE),
        policy=policy(fewest_firms=3, least_rank_correlation=least),
    )
    assert [(order.correlation, order.is_contrary) for order in of.orders] == [(0.5, is_contrary)]


def test_of_few_firms_or_of_equal_scores_nothing_is_said():
    few = found(revenues(3, 2, 1), scheme(**BY_REVENUE), policy=policy(fewest_firms=4))
    equal = found(revenues(1, 1, 1), scheme(**BY_REVENUE), policy=policy(fewest_firms=3))
    assert few.orders == equal.orders == ()
    assert codes(few) == codes(equal) == {}


def test_a_firm_without_tax_or_score_has_no_place():
    firms = revenues(5, 4, 3, 2)
    firms["a"] |= {"tax_paid_wan": None}
    firms["b"] |= {"revenue_wan": None}
    of = found(firms, scheme(**BY_REVENUE), policy=policy(fewest_firms=2))
    assert [order.firms for order in of.orders] == [2]
    assert set(codes(of)) == {"c", "d"}


@pytest.mark.parametrize("least", [50, 1.01, -1.01])
def test_a_least_that_no_correlation_can_have_is_refused(least):
    with pytest.raises(ConfigurationError, match="must be within -1 and 1"):
        found(taxes(1), scheme(), policy=policy(least_rank_correlation=least))


@pytest.mark.parametrize(("least", "is_contrary"), [(1, True), (0.5, False), (-1, False)])
def test_firms_whose_places_differ_are_named_only_where_their_population_is_contrary(
    least, is_contrary
):
    # Places 1, 2, 3 against 1, 3, 2: the two that changed places differ.
    of = found(
        revenues(2, 1, 3),
        scheme(**BY_REVENUE),
        policy=policy(fewest_firms=3, least_rank_correlation=least),
    )
    assert codes(of) == (dict.fromkeys("ba", ("out_of_order",)) if is_contrary else {})


def test_a_contradiction_is_told_with_these_columns():
    of = found(taxes(9, 8, 5, 4.99, 1), GRADED)
    assert list(of.firms) == [
        *("usci", "industry", "population", "score", "rank", "of", "grade"),
        *("tax_wan", "land_mu", "tax_wan_per_mu"),
        *("score_place", "tax_place", "listed_on", "codes"),
    ]


FRACTIONS = st.lists(st.integers(-5, 5).map(Fraction), min_size=1, max_size=12)


@given(FRACTIONS)
def test_places_add_up_and_equals_share_them(values):
    places = mean_places(values)
    assert sum(places) == Fraction(len(values) * (len(values) + 1), 2)
    for one, place in zip(values, places, strict=True):
        assert {p for v, p in zip(values, places, strict=True) if v == one} == {place}
        assert all(p < place for v, p in zip(values, places, strict=True) if v > one)


@given(FRACTIONS)
def test_a_measure_goes_wholly_with_itself_and_wholly_against_its_mirror(values):
    places = mean_places(values)
    together, spread = moments(places, places)
    assert together**2 == spread
    assert moments(places, mean_places([-value for value in values]))[0] == -together


# --- what pages say


def reviewed(firms, rules, language="zh", **tables):
    given = firm_county(firms, rules, **tables)
    return Page(given, language, "enterprises"), checked(
        given, evaluate(given, year=2021, scheme="test")
    )


def test_a_page_names_each_firm_with_its_figures_in_words_and_csv():
    firms = taxes(50, 40, 4, 3, 1)
    firms["c"] |= {"name": "丙厂"}
    page, one = reviewed(firms, GRADED, clearance_events=steps(c=LISTED))
    said = read(contradiction_findings(page, one))
    assert "列在高耗低效整治清单上的企业中，有 1 家在 2021 年被评为 A、B 类：丙厂" in said
    assert "丙厂为 B 类，亩均税收 4.00 万元，2021年3月1日列入" in said
    assert "亩均税收低于 5 万元的企业中，有 2 家" in said
    listed = {row["统一社会信用代码"]: row for row in rows(contradiction_table(page, one))}
    assert listed["c"]["矛盾"] == "在整治清单上；亩均税收低于出清线"
    assert (listed["c"]["亩均税收（万元/亩）"], listed["d"]["列入清单日期"]) == ("4", "")


def test_a_scheme_in_contradiction_is_named_with_its_correlation_and_the_least():
    page, one = reviewed(
        revenues(5, 4, 3, 2, 1), scheme(**BY_REVENUE), policy=policy(fewest_firms=5)
    )
    said = read(contradiction_findings(page, one))
    assert "“试验”对全部的得分与亩均税收的次序不一致" in said
    assert "5 家企业的秩相关系数为 −1.00，低于下限 0.50" in said
    assert len(rows(contradiction_table(page, one))) == 4


@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_nothing_contradicts_no_zero_is_said(language):
    page, one = reviewed(taxes(9, 8, 7), GRADED, language, clearance_events=steps(c=CLOSED))
    said = read(contradiction_findings(page, one))
    assert "0" not in said
    agrees = {"zh": "没有矛盾", "en": "contradict neither"}[language]
    assert agrees in read(contradiction_table(page, one))
    assert agrees not in said, "said once"
    assert "未提供整治清单" not in said


def test_both_pages_tell_the_same_contradiction():
    given = firm_county(taxes(*range(4, 25), land_mu=3.5), clearance_events=steps(u=LISTED))
    review = enterprises_sheet(given, given, scheme="default")
    quality = data_quality_sheet(given)
    page = Page(given, "zh", "enterprises")
    # below 5 are the last 14 of 21, of which the last five are C or D; u is held to C by the rule
    sentence = "有 9 家在 2021 年被评为 A、B 类"
    told = read(contradiction_findings(page, quality.checked))
    assert sentence in told
    assert sentence in read(enterprise_findings(page, review))
    assert rows(contradiction_table(page, quality.checked)) == rows(
        contradiction_table(page, review.checked)
    )


def test_a_township_names_its_own_firms_alone():
    firms = taxes(50, 40, 4, 3, 1)
    firms["c"] |= {"township": "t"}
    given = firm_county(firms, GRADED)
    one = checked(given, evaluate(given, year=2021, scheme="test"), "t")
    assert set(codes(one.found)) == {"c"}


def test_without_figures_of_firms_the_data_page_says_what_it_lacks():
    lacking = data_quality_sheet(county(is_declared=True)).checked
    assert isinstance(lacking, Unavailable)
    assert "未提供" in read(contradiction_findings(Page(county(), "zh", "enterprises"), lacking))


# --- the rule: a listed firm is not A or B


def graded(rules, **tables):
    return {
        usci: (grade, why)
        for usci, grade, why in evaluated(taxes(50, 40, 30, 20, 10), rules, **tables)
        .frame[["usci", "grade", "why"]]
        .itertuples(index=False)
    }


def test_a_listed_firm_is_c_at_best_and_its_row_says_why_and_no_other_changes():
    events = steps(a=LISTED, c=CLOSED, e=LISTED)
    without = graded(GRADED, clearance_events=events)
    ruled = graded(RULED, clearance_events=events)
    assert ruled["a"] == ("C", ("override:listed",))
    assert without["a"] == ("A", ())
    changed = {usci for usci in ruled if ruled[usci] != without[usci]}
    assert changed == {"a"}  # c was closed in the year; e is C by its place


def test_the_list_is_that_of_the_years_end():
    later = steps(a=[("listed", "2022-01-01")], b=[*LISTED, ("closed", "2022-01-01")])
    ruled = graded(RULED, clearance_events=later)
    assert [ruled[usci][0] for usci in "ab"] == ["A", "C"]


def test_without_a_list_the_rule_changes_nothing_and_is_told_as_unknown():
    one = evaluated(taxes(50, 40, 30, 20, 10), RULED)
    assert one.frame["grade"].tolist() == ["A", "B", "B", "B", "C"]
    assert set(one.frame["warnings"]) == {("rule_unknown:listed",)}


@pytest.mark.parametrize(("name", "grade"), [("default", "C"), ("off", "B")])
def test_the_default_has_the_rule_and_a_county_can_turn_it_off(name, grade):
    off = {"based_on": "default", "overrides": {"listed": None}}
    schemes = {"schemes": {**POLICY["schemes"], "off": off}}
    firms = taxes(*range(30, 9, -1), land_mu=3.5, registered_on="2001-01-01")
    given = firm_county(firms, policy=schemes, clearance_events=steps(d=LISTED))
    frame = evaluate(given, year=2021, scheme=name).frame
    assert frame.set_index("usci")["grade"]["d"] == grade
    assert "未能找到出处" in POLICY["schemes"]["default"]["source"]


# --- a scheme with a doubt


def drawn_with(name):
    given = firm_county(
        taxes(*range(30, 9, -1), land_mu=3.5, electricity_10k_kwh=15.0, is_above_scale=False)
    )
    review = enterprises_sheet(given, given, scheme=name)
    page = Page(given, "zh", "enterprises")
    return read(enterprise_findings(page, review)), read(scheme_sources(page, review))


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("huangyan-2022", True),
        ("huangyan-2021", True),
        ("changle", True),
        ("default", False),
        ("wenling", False),
    ],
)
def test_the_doubt_of_a_benchmark_without_unit_is_told_where_its_scheme_is_used(name, is_told):
    for said in drawn_with(name):
        assert ("未注明单位电耗税收基准值的计量单位" in said) is is_told


def test_the_published_benchmark_stays_as_published():
    parts = POLICY["schemes"]["huangyan-2022"]["populations"]["below_scale"]["parts"]
    assert parts["tax_per_kwh"] == {"weight": 50, "benchmark": 0.2352}
