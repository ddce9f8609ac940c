"""Grades where something is open: no end, no owner, no township, nothing that breaks a tie."""

from fractions import Fraction

from evaluating import NAME, column, evaluated, scheme, taxes
from tenglong.measure.evaluation.grade import last_ranks
from tenglong.measure.evaluation.scheme import Cut, Grade

QUARTERS = [
    {"grade": "A", "to_pct": 25},
    {"grade": "B", "to_pct": 50},
    {"grade": "C", "to_pct": 75},
    {"grade": "D"},
]
ENERGY = {"energy": {"name": NAME, "numerator": "energy_tce", "better": "lower"}}


def graded(**keys):
    return scheme(grading={"grades": QUARTERS, **keys.pop("grading", {})}, **keys)


def test_a_grade_above_one_without_a_share_has_no_end():
    abc = [Grade("A"), Grade("B"), Grade("C", last_pct=Fraction(10))]
    assert last_ranks(abc, 20, Cut.HALF_UP) == [20, 18, 20]
    abc = [Grade("A"), Grade("B", last_pct=Fraction(20)), Grade("C", last_pct=Fraction(10))]
    assert last_ranks(abc, 20, Cut.HALF_UP) == [14, 18, 20]
    assert last_ranks([Grade("A"), Grade("B")], 3, Cut.UP) == [3, 3]


def leased(*firms, parcels):
    return {
        "usci": list(firms),
        "parcel_id": list(parcels),
        "tenure": ["owned" if firm == "a" else "leased" for firm in firms],
        "area_mu": [1.0] * len(firms),
    }


TENANTS = {"tenants": {"when": "is_tenant", "like_owner": True}}


def test_a_tenant_whose_owner_is_not_evaluated_keeps_its_grade():
    used = leased("a", "c", "d", parcels="pqp")
    found = evaluated(taxes(9.0, 8.0, 7.0, 1.0), graded(overrides=TENANTS), occupancies=used)
    assert column(found, "grade") == {"a": "A", "b": "B", "c": "C", "d": "A"}
    assert column(found, "why")["c"] == ()


def test_a_tenant_that_is_not_ranked_keeps_the_grade_that_a_rule_gave_it():
    used = leased("a", "d", "e", parcels="ppp")
    rules = graded(overrides={"blank": {"when": "not known(tax_wan)", "to": "D"}, **TENANTS})
    found = evaluated(taxes(9.0, 8.0, 7.0, 1.0, None), rules, occupancies=used)
    assert column(found, "grade") == {"a": "A", "b": "B", "c": "C", "d": "A", "e": "D"}


def test_firms_of_which_the_township_is_not_known_are_a_group_of_their_own():
    firms = taxes(9.0, 8.0, 7.0)
    firms["b"]["township"] = "1"
    found = evaluated(firms, graded(grading={"within": ["township", "division"]}))
    assert column(found, "group") == {"a": "…/33", "b": "1/33", "c": "…/33"}
    assert column(found, "rank") == {"a": 1, "b": 1, "c": 2}


def test_a_grade_may_hang_on_the_rank_the_number_ranked_and_the_group():
    first = {"grade": "A", "when": "rank <= 2 and of >= 4 and group == 'all' and points > 0"}
    grading = {"grades": [first, {"grade": "B"}]}
    four = evaluated(taxes(9.0, 8.0, 7.0, 6.0), scheme(grading=grading))
    assert column(four, "grade") == {"a": "A", "b": "A", "c": "B", "d": "B"}
    assert set(
        column(evaluated(taxes(9.0, 8.0, 7.0), scheme(grading=grading)), "grade").values()
    ) == {"B"}


def test_where_nobody_has_what_decides_equal_scores_share_a_rank():
    firms = taxes(9.0, 9.0, 8.0, energy_tce=None)
    found = evaluated(firms, graded(grading={"break_ties": ["energy"]}, indicators=ENERGY))
    assert column(found, "rank") == {"a": 1, "b": 1, "c": 3}


def test_the_second_that_breaks_ties_is_asked_where_the_first_does_not_decide():
    firms = taxes(9.0, 9.0, 9.0)
    for firm, energy, revenue in zip("abc", (5.0, 5.0, 4.0), (1.0, 2.0, 0.0), strict=True):
        firms[firm] |= {"energy_tce": energy, "revenue_wan": revenue}
    revenue = {"revenue": {"name": NAME, "numerator": "revenue_wan"}}
    grading = {"break_ties": ["energy", "revenue"]}
    found = evaluated(firms, graded(grading=grading, indicators=ENERGY | revenue))
    assert column(found, "rank") == {"c": 1, "b": 2, "a": 3}


def test_who_is_excluded_takes_no_place_in_a_ranking_by_an_indicator():
    firms = taxes(9.0, 9.0, 9.0)
    for firm, energy in zip("abc", (1.0, 2.0, 3.0), strict=True):
        firms[firm]["energy_tce"] = energy
    out = {"first": {"when": "energy_tce == 1", "grade": "T"}}
    found = evaluated(firms, graded(grading={"by": "energy"}, indicators=ENERGY, exclude=out))
    assert column(found, "rank") == {"b": 1, "c": 2, "a": None}
    assert column(found, "of")["b"] == 2


def test_where_what_decides_was_not_supplied_nobody_is_ranked_and_it_is_told():
    found = evaluated(taxes(9.0, 8.0), graded(grading={"by": "energy"}, indicators=ENERGY))
    assert column(found, "rank") == {"a": None, "b": None}
    assert column(found, "why") == {"a": ("not_ranked",), "b": ("not_ranked",)}
    lacking = [(one.used_by, one.table, one.column) for one in found.lacking]
    assert ("grading", "enterprise_years", "energy_tce") in lacking
