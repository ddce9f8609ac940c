"""The league: scored by a formula that is data, and ranked."""

import csv
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import POLICY, clause, county
from tenglong.errors import ConfigurationError
from tenglong.measure.clause import IndicatorRef, Kind, Label, written
from tenglong.measure.county import Unavailable
from tenglong.measure.firm.places import places
from tenglong.measure.league.formula import league_formula
from tenglong.measure.league.ranking import league, place, ranked, score
from tenglong.measure.league.rule import Free, LeagueRule, Ties
from tenglong.measure.league.rule_file import league_rules
from tenglong.measure.league.standing import Sheet, SheetRow, Standing
from tenglong.measure.league.targets import shared_out
from tenglong.measure.policy.formula import Formula
from tenglong.show.page import Page
from tenglong.show.text.formula import formula_text, formula_words
from tenglong.show.words import catalogue
from tenglong.source import open_county
from tenglong.source.place import kit_root

NO_LABEL = Label("", "")
RULE = LeagueRule(
    NO_LABEL,
    Free("townships"),
    full=Fraction(100),
    cap=Fraction(6, 5),
    completion=Formula.parse("progress"),
    lights=(),
    least_members=2,
    least_items=1,
    most_unknown=Fraction(1, 5),
)
TOWNS = {"township": ["t1", "t2", "t3"], "name": ["甲镇", "乙镇", "丙镇"]}


def row(weight: object, completion: object = None, **more) -> SheetRow:
    given = None if completion is None else Fraction(str(completion))
    return SheetRow("x", NO_LABEL, Fraction(str(weight)), completion=given, **more)


def sheet(*rows: SheetRow, member: str = "t", **more) -> Sheet:
    return Sheet(member, NO_LABEL, rows, **more)


def item(reported: dict[str, object], target: object, **more) -> dict[str, object]:
    """Give an item with one figure a member, known since the year's beginning, or by day."""
    return {
        "name": {"zh": "事项", "en": "item"},
        "weight": 1,
        "unit": "%",
        "span": "none",
        "target": target if isinstance(target, dict) else {"each": target},
        "reported": {
            code: value if isinstance(value, dict) else {"2022-01-01": value}
            for code, value in reported.items()
        },
        **more,
    }


def policy(items: dict[str, object], **more) -> dict[str, object]:
    """Give a policy with one league, `t`, of three towns."""
    rule = {
        "name": {"zh": "赛马", "en": "league"},
        "members": "townships",
        "full": 100,
        "completion": "progress",
        "cap": 1.2,
        "least_members": 1,
        "least_items": 1,
        "most_unknown": "1/5",
        "lights": [{"light": "green", "label": {"zh": "绿", "en": "green"}}],
        "items": items,
    }
    return {"league": {"source": "测试", "leagues": {"t": {**rule, **more}}}}


def standing(items: dict[str, object], as_of: str = "2022-06-30", **more) -> Standing:
    return league(county(as_of, policy=policy(items, **more), townships=TOWNS), "t")


# ── the score ──


def test_completion_is_shown_as_it_is_and_capped_in_the_score():
    # 鹿城 published 139.6 %
    found = standing({"x": item({"t1": 139.6, "t2": 50, "t3": 100}, 100)})["t1"]
    assert found.rows[0].completion == Fraction("1.396")
    assert found.rows[0].capped == Fraction("1.2")
    assert found.total == 120


def test_weights_are_rescaled_to_the_items_that_ask_something():
    scored = score(sheet(row(30, "0.5"), row(10, 1), row(60, code="no_target")), RULE)
    assert scored.total == (30 * Fraction(1, 2) + 10) / 40 * 100
    assert [one.points for one in scored.rows] == [Fraction(75, 2), 25, None]


def test_a_town_with_a_target_of_zero_is_left_out_and_nothing_is_divided():
    asked = {"by": {"t1": 10, "t2": 0}}
    found = standing({"x": item({"t1": 5, "t2": 5, "t3": 5}, asked)})
    assert [one.member for one in found.left_out] == ["t2", "t3"]
    assert {one.code for one in found.left_out} == {"no_target"}
    assert found["t1"].rank == 1


def test_what_is_not_known_is_told_and_too_much_of_it_gives_no_total():
    unknown = row(1, is_unknown=True, code="not_reported")
    assert score(sheet(row(4, 1), unknown), RULE).total == 100, "a fifth is still a total"
    assert score(sheet(row("3.9", 1), unknown), RULE).code == "too_much_unknown"
    assert score(sheet(row("3.9", 1), unknown), RULE).total is None


def test_a_negative_completion_counts_as_the_floor():
    assert score(sheet(row(1, "-0.25"), row(1, 1)), RULE).total == 50


def test_one_figure_is_no_score_where_the_policy_asks_for_more():
    few = score(sheet(row(1, 1), row(1, code="no_target")), replace(RULE, least_items=2))
    assert (few.total, few.code) == (None, "too_few_items")


shares = st.fractions(-2, 3, max_denominator=50)
weights = st.fractions("1/10", 10, max_denominator=10)


@given(st.lists(st.tuples(weights, shares), min_size=1, max_size=6))
def test_the_score_is_that_of_a_plain_sum(pairs):
    scored = score(sheet(*(row(weight, share) for weight, share in pairs)), RULE)
    whole = sum(weight for weight, _ in pairs)
    plain = sum(100 * weight * sorted((0, share, Fraction(6, 5)))[1] for weight, share in pairs)
    assert scored.total == plain / whole


@given(st.lists(st.tuples(weights, shares), min_size=1, max_size=5), st.data())
def test_more_completion_never_lowers_a_score(pairs, data):
    at = data.draw(st.integers(0, len(pairs) - 1))
    more = data.draw(st.fractions(0, 2, max_denominator=20))
    better = [(w, share + more if n == at else share) for n, (w, share) in enumerate(pairs)]
    one, other = (score(sheet(*(row(w, s) for w, s in which)), RULE) for which in (pairs, better))
    assert one.total <= other.total


# ── the rank ──


def standing_of(totals: dict[str, object], rule: LeagueRule = RULE) -> Standing:
    sheets = tuple(
        sheet(member=name, total=None if total is None else Fraction(str(total)))
        for name, total in totals.items()
    )
    return ranked(Standing("t", county().as_of, rule, sheets))


def test_ties_share_the_better_rank():
    found = standing_of({"a": 8, "b": 9, "c": 9, "d": 7})
    assert [(one.member, one.rank) for one in found.sheets] == [
        ("b", 1),
        ("c", 1),
        ("a", 3),
        ("d", 4),
    ]


@pytest.mark.parametrize(
    ("ties", "ranks"), [("best", [1, 1, 3]), ("dense", [1, 1, 2]), ("worst", [2, 2, 3])]
)
def test_how_ties_are_ranked_is_policy(ties, ranks):
    found = standing_of({"a": 9, "b": 9, "c": 7}, replace(RULE, ties=Ties(ties)))
    assert [one.rank for one in found.sheets] == ranks


def test_totals_are_compared_exactly_unless_the_policy_rounds_them():
    totals = {"a": "90.005", "b": "90.01", "c": "90.0049"}
    assert [one.rank for one in standing_of(totals).sheets] == [1, 2, 3]
    rounded = standing_of(totals, replace(RULE, decimals=2))
    assert {one.member: one.rank for one in rounded.sheets} == {"a": 1, "b": 1, "c": 3}


def test_nobody_is_ranked_among_fewer_members_than_the_policy_says():
    found = standing_of({"a": 9, "b": None})
    assert found.code == "too_few_members"
    assert [one.rank for one in found.sheets] == [None, None]
    assert found["a"].code == "too_few_members"


@given(st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 5), min_size=2), st.randoms())
def test_the_order_of_members_changes_no_rank(totals, random):
    names = list(totals)
    random.shuffle(names)
    shuffled = standing_of({name: totals[name] for name in names})
    assert shuffled == standing_of(totals)
    for one in shuffled.sheets:
        assert one.rank == 1 + sum(other > totals[one.member] for other in totals.values())


@given(st.lists(st.integers(0, 4), min_size=1))
def test_ranks_are_those_of_pandas(totals):
    methods = {Ties.BEST: "min", Ties.DENSE: "dense", Ties.WORST: "max"}
    for ties, method in methods.items():
        ranks = pd.Series(totals).rank(method=method, ascending=False)
        assert [place(Fraction(t), [Fraction(o) for o in totals], ties) for t in totals] == [
            *ranks.astype(int)
        ]


def test_the_change_of_rank_is_counted_in_places_won():
    reported = {
        "t1": {"2022-01-31": 10, "2022-02-28": 90},
        "t2": {"2022-01-31": 50, "2022-02-28": 60},
        "t3": {"2022-02-28": 70},
    }
    rules = policy({"x": item(reported, 100)})
    now, before = (
        county(day, policy=rules, townships=TOWNS) for day in ("2022-02-28", "2022-01-31")
    )
    found = league(now, "t", previous=before)
    assert [(s.member, s.rank, s.rank_before, s.change, s.code) for s in found.sheets] == [
        ("t1", 1, 2, 1, ""),
        ("t3", 2, None, None, "new"),
        ("t2", 3, 1, -2, ""),
    ]
    assert found.previous_on == before.as_of


def test_a_table_of_another_place_needs_only_a_policy_file():
    # 枣庄 style: rank and change of rank, with blue, yellow and red plates
    names = {code: {"zh": code, "en": code} for code in ("滕州", "薛城", "山亭", "市中")}
    reported = {
        "滕州": {"2023-02-28": 80, "2023-03-31": 139.6},
        "薛城": {"2023-02-28": 90, "2023-03-31": 95},
        "山亭": {"2023-02-28": 70, "2023-03-31": 71},
        "市中": {"2023-02-28": 60, "2023-03-31": 70},
    }
    plates = [
        {"light": "red", "label": {"zh": "红牌", "en": "red"}, "when": "rank = of"},
        {"light": "yellow", "label": {"zh": "黄牌", "en": "yellow"}, "when": "change < 0"},
        {"light": "blue", "label": {"zh": "蓝牌", "en": "blue"}},
    ]
    plates[0]["when"] = "rank == of"
    rules = policy({"x": item(reported, 100)}, members=names, lights=plates)
    now, before = (county(day, policy=rules) for day in ("2023-03-31", "2023-02-28"))
    sheets = league(now, "t", previous=before).sheets
    assert [(one.name.zh, one.total, one.rank, one.change, one.light) for one in sheets] == [
        ("滕州", 120, 1, 1, "blue"),
        ("薛城", 95, 2, -1, "yellow"),
        ("山亭", 71, 3, 0, "blue"),
        ("市中", 70, 4, 0, "red"),
    ]


def test_figures_reported_after_the_day_change_nothing():
    reported = {code: {"2022-01-31": 10, "2022-07-01": 99} for code in ("t1", "t2", "t3")}
    early = {code: {"2022-01-31": 10} for code in reported}
    one, other = (standing({"x": item(r, 100)}) for r in (reported, early))
    assert one.sheets == other.sheets


# ── townships: computed from the tables ──

FIRMS = {
    "usci": ["A", "B", "C"],
    "township": ["t1", "t1", "t2"],
    "industry": ["33", "34", "33"],
}
YEARS = {
    "usci": ["A", "B", "C"],
    "year": [2021, 2021, 2021],
    "is_above_scale": [True, True, True],
    "tax_paid_wan": [100.0, 20.0, 90.0],
    "land_mu": [2.0, 10.0, 9.0],
}
TAX = {
    "name": {"zh": "亩均税收", "en": "tax per mu"},
    "weight": 1,
    "unit": "万元/亩",
    "span": "none",
    "indicator": {
        "name": "firm_ratio",
        "numerator": "tax",
        "denominator": "land_mu",
        "scope": "above_scale_manufacturing",
    },
    "target": {"each": 20},
}


def towns(items: dict[str, object], as_of: str = "2022-06-30", **tables) -> Standing:
    more = tables.pop("more", {})
    return league(
        county(as_of, policy=policy(items, **more), **{"townships": TOWNS, **tables}), "t"
    )


def test_a_townships_tax_per_mu_is_a_ratio_of_sums():
    found = towns({"tax": TAX}, enterprises=FIRMS, enterprise_years=YEARS)
    assert found["t1"].rows[0].actual == 10, "not the mean of 50 and 2"
    assert found["t2"].rows[0].progress == Fraction(1, 2)
    assert found["t3"].rows[0].code == "not_applicable"
    assert found["t3"].code == "no_target"


def test_a_township_whose_firms_lack_data_is_unknown_not_zero():
    years = {**YEARS, "tax_paid_wan": [100.0, None, 90.0]}
    found = towns({"tax": TAX}, enterprises=FIRMS, enterprise_years=years)
    assert found["t1"].rows[0].code == "population_incomplete"
    assert found["t1"].code == "too_much_unknown"


def test_a_firm_keeps_land_in_another_township():
    tables = {
        "enterprises": FIRMS,
        "enterprise_years": {k: v for k, v in YEARS.items() if k != "land_mu"},
        "parcels": {"parcel_id": ["p"], "township": ["t3"], "actual_mu": [21.0]},
        "occupancies": {"usci": ["A", "B", "C"], "parcel_id": ["p"] * 3, "area_mu": [2.0, 10, 9]},
    }
    assert towns({"tax": TAX}, **tables)["t1"].rows[0].actual == 10


def test_figures_too_old_are_not_known():
    found = towns({"tax": TAX}, "2023-06-30", enterprises=FIRMS, enterprise_years=YEARS)
    assert found["t1"].rows[0].code == "stale"
    assert found["t1"].code == "too_much_unknown"


def test_projects_count_where_they_stand_and_inside_their_span():
    reached = {
        "name": {"zh": "项目", "en": "projects"},
        "weight": 1,
        "unit": "个",
        "span": "year",
        "indicator": {
            "name": "projects_reached",
            "stage": "landed_on",
            "min_investment_wan": 10000,
        },
        "target": {"each": 4},
        "completion": "progress / pace",
    }
    projects = {
        "project_id": ["P", "Q", "R", "S"],
        "township": ["t1", "t1", "t2", "t1"],
        "total_investment_wan": [10000.0, 9999.0, 20000.0, 50000.0],
        "landed_on": ["2022-03-01", "2022-03-01", "2022-03-01", "2021-03-01"],
    }
    found = towns({"x": reached}, projects=projects)
    first = found["t1"].rows[0]
    assert (first.actual, first.pace, first.completion) == (1, Fraction(1, 2), Fraction(1, 2))
    assert found["t3"].rows[0].actual == 0


def test_an_official_figure_is_published_by_member():
    shown = {**item({}, 50), "official": "rate_{member}", "reported": {}}
    series = {
        "indicator": ["rate_t1", "rate_t2"],
        "period": ["2022-05"] * 2,
        "value": [40.0, 55.0],
        "unit": ["%"] * 2,
        "published_on": ["2022-06-10", "2022-07-10"],
    }
    found = towns({"x": shown}, official_series=series)
    assert found["t1"].rows[0].progress == Fraction(4, 5)
    assert found["t3"].rows[0].code == "not_published"


def test_the_countys_target_is_shared_out_by_what_the_policy_counts():
    shared = {
        "share_of_county": {
            "total": 12,
            "by": {"table": "parcels", "sum": "actual_mu", "where": "actual_mu >= 2"},
        }
    }
    parcels = {
        "parcel_id": ["p", "q", "r"],
        "township": ["t1", "t2", "t2"],
        "actual_mu": [8.0, 4.0, 1.0],
    }
    found = towns({"x": item({"t1": 4, "t2": 4, "t3": 1}, shared)}, parcels=parcels)
    assert [found[town].rows[0].target for town in ("t1", "t2", "t3")] == [8, 4, None]


def test_a_share_of_a_clauses_target_is_in_the_items_unit():
    shared = {"share_of_county": {"clause": "inv", "by": {"table": "parcels"}}}
    rules = policy({"x": item({"t1": 5000}, shared, unit="万元")})
    promised = clause(Kind.CUMULATIVE, 2, id="inv", unit="亿元")
    parcels = {"parcel_id": ["p", "q"], "township": ["t1", "t2"]}
    found = league(county(clauses=(promised,), policy=rules, townships=TOWNS, parcels=parcels), "t")
    assert found["t1"].rows[0].target == 10000


@given(
    st.integers(0, 30),
    st.dictionaries(st.text("abc", min_size=1), st.integers(0, 9).map(Fraction), min_size=1),
    st.sampled_from([Fraction(1), Fraction(1, 100)]),
)
def test_shares_add_up_in_whole_steps_and_stray_by_less_than_one(total, bases, step):
    shares = shared_out(Fraction(total), bases, step=step)
    whole = sum(bases.values())
    if not whole:
        assert shares == {}
        return
    assert sum(shares.values()) == total
    assert all((share / step).denominator == 1 for share in shares.values())
    assert all(abs(shares[name] - total * bases[name] / whole) < step for name in bases)


@pytest.mark.parametrize(
    ("unit", "shares"), [("家", ["7", "3"]), ("亿元", ["6.67", "3.33"]), ("亩", ["6.67", "3.33"])]
)
def test_a_target_is_whole_where_its_unit_counts_and_never_a_fraction(unit, shares):
    shared = {"share_of_county": {"total": 10, "by": {"table": "parcels", "sum": "actual_mu"}}}
    parcels = {"parcel_id": ["p", "q"], "township": ["t1", "t2"], "actual_mu": [2.0, 1.0]}
    found = towns({"x": item({"t1": 1, "t2": 1}, shared, unit=unit)}, parcels=parcels)
    targets = [found[town].rows[0].target for town in ("t1", "t2")]
    assert [written(target) for target in targets] == shares


BONUS = {
    "name": {"zh": "加分", "en": "bonus"},
    "points": "0.5 * counted",
    "most": 1,
    "count": {
        "table": "recognitions",
        "where": 'level == "national" and recognised_on >= year_start',
    },
}
TITLES = {
    "usci": ["A", "A", "B", "C", "C", "X"],
    "level": ["national", "national", "national", "national", "county", "national"],
    "recognised_on": [f"{year}-04-01" for year in (2022, 2022, 2022, 2021, 2022, 2022)],
}
EQUAL = item({"t1": 50, "t2": 50, "t3": 50}, 100)


def test_bonuses_are_counted_by_township_and_capped():
    extra = {"bonuses": {"b": BONUS}}
    found = towns({"x": EQUAL}, enterprises=FIRMS, recognitions=TITLES, more=extra)
    assert [found[town].bonus for town in ("t1", "t2", "t3")] == [1, 0, 0]
    assert found["t1"].bonuses[0].counted == 3
    assert found["t1"].total == 51
    assert found.unplaced["recognitions"] == 1


def test_a_bonus_that_cannot_be_reckoned_says_what_is_lacking():
    found = towns({"x": EQUAL}, enterprises=FIRMS, more={"bonuses": {"b": BONUS}})
    lost = found["t1"].bonuses[0]
    assert (lost.points, lost.code, lost.lacking) == (0, "no_table", ("recognitions", ""))
    assert found["t1"].total == 50


def test_a_deduction_is_taken_off():
    stuck = {
        "name": {"zh": "扣分", "en": "deduction"},
        "points": "2 * counted",
        "count": {"table": "projects", "where": "months_since(landed_on) >= 12"},
    }
    projects = {
        "project_id": ["P", "Q"],
        "township": ["t1", "t2"],
        "landed_on": ["2021-06-30", "2021-07-01"],
    }
    found = towns({"x": EQUAL}, projects=projects, more={"deductions": {"d": stuck}})
    assert [found[town].total for town in ("t1", "t2", "t3")] == [48, 50, 50]


def test_a_missing_table_is_named_and_takes_only_its_item():
    found = towns({"tax": TAX, "x": {**EQUAL, "weight": 4}})
    assert found["t1"].rows[0].lacking == ("enterprise_years", "")
    assert found["t1"].rows[0].is_unknown
    assert found["t1"].total == 50


def test_firms_without_a_township_column_name_it():
    bare = {key: value for key, value in FIRMS.items() if key != "township"}
    found = towns({"tax": TAX}, enterprises=bare, enterprise_years=YEARS)
    assert found["t1"].rows[0].lacking == ("enterprises", "township")


def test_a_league_of_townships_needs_townships():
    with pytest.raises(Unavailable, match="townships"):
        league(county(policy=policy({"x": EQUAL})), "t")


@settings(max_examples=settings().max_examples // 5)
@given(st.permutations(range(3)))
def test_the_order_of_rows_changes_nothing(order):
    frames = {"townships": TOWNS, "enterprises": FIRMS, "enterprise_years": YEARS}
    given_tables = county(**frames).tables
    shuffled = {name: frame.iloc[list(order)] for name, frame in given_tables.items()}
    rules = policy({"tax": TAX}, least_members=1)
    one, other = (
        league(county(policy=rules, **tables), "t") for tables in (given_tables, shuffled)
    )
    assert one.sheets == other.sheets


def test_the_places_of_a_county_add_up_to_it():
    whole = county(townships=TOWNS, enterprises=FIRMS, enterprise_years=YEARS)
    cut = places(whole)
    rows = [len(cut.within(town).table("enterprise_years")) for town in TOWNS["township"]]
    assert rows == [2, 1, 0]


def test_the_samples_townships_are_those_of_its_files_counted_by_hand():
    folder = kit_root() / "data" / "sample"

    def lines(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    home = {one["统一社会信用代码"]: one["乡镇代码"] for one in lines("enterprises.csv")}
    closed, titles = Counter(), Counter()
    for one in lines("clearance_events.csv"):
        in_time = "2021-01-01" <= one["日期"] <= "2022-06-30"
        if one["环节"] == "关停淘汰" and one["佐证材料"].strip() and in_time:
            closed[home[one["统一社会信用代码"]]] += 1
    for one in lines("recognitions.csv"):
        in_time = "2022-01-01" <= one["认定日期"] <= "2022-06-30"
        is_won = one["是否撤销"] != "是" and one["级别"] in ("省级", "国家级")
        if in_time and is_won and one["统一社会信用代码"] in home:
            titles[home[one["统一社会信用代码"]]] += 1
    found = league(open_county(folder, "2022-06-30"), "townships")
    assert closed
    for one in found.sheets:
        row = next(row for row in one.rows if row.item == "firms_closed")
        assert row.actual in (None, closed[one.member])
        assert one.bonuses[0].points == min(2, Fraction(titles[one.member], 2))


# ── departments ──

DEPARTMENTS = {
    "members": "units",
    "completion": "progress / pace",
    "clauses": {
        "lead": 1,
        "together": 0.5,
        "not_units": ["有关乡镇"],
        "without_progress": {"achieved": 1, "missed": 0},
    },
}


def departments(*clauses, as_of: str = "2022-06-30", same_unit=(), more=None, **tables) -> Standing:
    rules = policy({}, **DEPARTMENTS, **(more or {}))
    given_county = county(as_of, clauses=clauses, policy=rules, **tables)
    plan = replace(given_county.plan, same_unit=same_unit)
    return league(replace(given_county, plan=plan), "t")


def counted(name: str, target: int, units: tuple[str, ...], stage: str = "landed_on"):
    return clause(
        Kind.CUMULATIVE,
        target,
        id=name,
        unit="个",
        units=units,
        indicator=IndicatorRef("projects_reached", {"stage": stage}),
    )


PROJECTS = {
    "project_id": ["P", "Q"],
    "landed_on": ["2021-02-01", "2022-02-01"],
    "started_on": ["2021-05-01", None],
}


def test_a_unit_is_scored_by_its_clauses_those_it_leads_weigh_more():
    found = departments(
        counted("landed", 8, ("甲局", "乙局")),
        counted("started", 4, ("乙局", "甲局", "有关乡镇"), "started_on"),
        projects=PROJECTS,
    )
    # landed 2/8 and started 1/4 of the way, both at half time: 50 %
    assert found["甲局"].total == found["乙局"].total == 50
    assert [row.weight for row in found["甲局"].rows] == [1, Fraction(1, 2)]
    assert [one.member for one in found.sheets] == ["乙局", "甲局"]


def test_a_unit_of_two_names_is_one():
    found = departments(
        counted("landed", 8, ("县资规局",)),
        counted("started", 2, ("县自然资源和规划局", "县资规局"), "started_on"),
        same_unit=(("县自然资源和规划局", "县资规局"),),
        projects=PROJECTS,
    )
    assert [one.member for one in found.sheets] == ["县自然资源和规划局"]
    assert [row.weight for row in found.sheets[0].rows] == [1, 1], "it leads both, once each"
    assert found.sheets[0].total == Fraction(50 + 100, 2)


def test_unknown_clauses_are_shown_and_too_many_give_no_composite():
    known = counted("landed", 8, ("甲局",))
    lost = counted("signed", 8, ("甲局",), "signed_on")
    found = departments(known, lost, projects=PROJECTS)
    assert found["甲局"].total is None
    assert found["甲局"].code == "too_much_unknown"
    assert found["甲局"].rows[1].lacking == ("projects", "signed_on")
    four = [replace(known, id=f"k{n}") for n in range(4)]
    assert departments(*four, lost, projects=PROJECTS)["甲局"].total == 50


def test_a_narrative_clause_is_left_out_and_a_unit_of_nothing_else_is_listed():
    found = departments(
        counted("landed", 8, ("甲局",)), clause(Kind.NARRATIVE, units=("丙局",)), projects=PROJECTS
    )
    assert (found["丙局"].total, found["丙局"].code) == (None, "no_target")
    assert found["丙局"].rows[0].code == "not_quantifiable"


def test_a_deduction_may_go_by_status():
    missed = {"name": {"zh": "未完成", "en": "missed"}, "points": "3 * missed"}
    found = departments(
        counted("landed", 4, ("甲局",)),
        as_of="2023-12-31",
        projects=PROJECTS,
        more={"deductions": {"missed": missed}},
    )
    assert (found["甲局"].score, found["甲局"].total) == (50, 47)


# ── the score sheet and the printed formula ──


def test_the_score_sheet_has_a_row_a_member_and_item():
    found = standing({"x": item({"t1": 139.6, "t2": 50}, 100)}, most_unknown=0)
    rows = {sheet.member: row for sheet in found.sheets for row in sheet.rows}
    first, actual = rows["t1"], Fraction("139.6")
    assert len(rows) == sum(len(sheet.rows) for sheet in found.sheets) == 3
    assert (first.target, first.actual, first.completion) == (100, actual, actual / 100)
    assert (first.capped, first.points, found["t1"].rank) == (Fraction(6, 5), 120, 1)
    assert rows["t3"].code == "not_reported"


def test_the_rows_points_add_up_to_the_score():
    found = standing(
        {"x": item({"t1": 30, "t2": 5, "t3": 9}, 10), "y": item({"t1": 3, "t2": 5, "t3": 9}, 10)}
    )
    for one in found.sheets:
        assert sum(row.points for row in one.rows) == one.score
        assert one.total == one.score + one.bonus - one.deduction


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", list(league_rules(POLICY)))
def test_the_formula_is_printed_in_full(name, language):
    rule = league_rules(POLICY)[name]
    of = county(is_declared=True)
    text = "\n".join(formula_text(Page(of, language), league_formula(rule, language).lines))
    parts = [one.name[language] for one in rule.items.values()]
    parts += [one.name[language] for one in (*rule.bonuses.values(), *rule.deductions.values())]
    whens = [one.when.text for one in rule.lights if one.when]
    parts += [formula_words(when, of, language=language) for when in whens]
    assert [part for part in parts if part not in text] == []


def test_every_reason_has_its_words():
    found = [standing({"x": item({"t1": 5}, {"by": {"t1": 1, "t2": 1}})})]
    found.append(departments(clause(Kind.NARRATIVE)))
    codes = {one.code for s in found for sheet_ in s.sheets for one in (sheet_, *sheet_.rows)}
    assert {f"league.code.{code}" for code in codes if code} <= catalogue().keys()


# ── the policy file ──


def test_every_fault_of_the_policy_is_told_at_once():
    wrong = {
        "x": item({"t1": 5}, 10, weight=0, completion="progres"),
        "y": {**TAX, "indicator": {"name": "firm_ratoi"}, "target": {}},
    }
    with pytest.raises(ConfigurationError) as error:
        league_rules(policy(wrong, cap=0, members="township", tie="best"))
    assert "unknown key 'tie' (did you mean 'ties'?)" in str(error.value)
    with pytest.raises(ConfigurationError) as error:
        league_rules(policy(wrong, cap=0, members="township"))
    message = str(error.value)
    for told in (
        "items.x.weight: must be more than 0",
        "'progres' is not known here (did you mean 'progress'?)",
        "no indicator of a township 'firm_ratoi' (did you mean 'firm_ratio'?)",
        "must have one of `each`, `by` and `share_of_county`",
        "`floor` must be at least 0 and less than `cap`",
        "'township' must be townships, units, or names by code (did you mean 'townships'?)",
    ):
        assert told in message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"least_members": 0}, "least_members: must be at least 1"),
        ({"most_unknown": 2}, "most_unknown: must be a share"),
        ({"full": 0}, "full: must be more than 0"),
        ({"lights": []}, "lights: must be at least one"),
        ({"members": "units"}, "a league of units has `clauses`"),
        ({"members": {"a": 1}}, "members.a: 1 must be a name"),
        ({"bonuses": {"b": {**BONUS, "points": "count"}}}, "did you mean 'counted'?"),
        ({"bonuses": {"b": {**BONUS, "count": {"table": ""}}}}, "must name a table"),
    ],
)
def test_a_fault_names_its_place(change, told):
    with pytest.raises(ConfigurationError, match=r"policy league: leagues\.t") as error:
        league_rules(policy({"x": EQUAL}, **change))
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("when", "told"),
    [("gpa < 0", "did you mean 'gap'?"), ("months_gren > 1", "did you mean 'months_green'?")],
)
def test_a_light_knows_its_names(when, told):
    lights = [
        {"light": "red", "label": {"zh": "红", "en": "red"}, "when": when},
        {"light": "green", "label": {"zh": "绿", "en": "green"}},
    ]
    with pytest.raises(ConfigurationError, match="did you mean") as error:
        league_rules(policy({"x": EQUAL}, lights=lights))
    assert told in str(error.value)


def test_a_slip_in_a_tally_names_the_nearest_column():
    wrong = {**BONUS, "count": {"table": "recognitions", "where": 'levle == "national"'}}
    rules = policy({"x": EQUAL}, bonuses={"b": wrong})
    given_county = county(
        policy=rules, townships=TOWNS, enterprises=FIRMS, recognitions=TITLES, is_declared=True
    )
    with pytest.raises(ConfigurationError, match="did you mean 'level'"):
        league(given_county, "t")


def test_an_unknown_league_names_the_nearest():
    with pytest.raises(ConfigurationError, match="did you mean 'townships'"):
        league(county(), "township")


def test_a_clause_that_is_not_there_is_refused():
    shared = {"share_of_county": {"clause": "firm_closed", "by": {"table": "parcels"}}}
    rules = policy({"x": item({"t1": 1}, shared)})
    promised = clause(Kind.CUMULATIVE, 2, id="firms_closed")
    parcels = {"parcel_id": ["p"], "township": ["t1"]}
    with pytest.raises(ConfigurationError, match="did you mean 'firms_closed'"):
        league(county(clauses=(promised,), policy=rules, townships=TOWNS, parcels=parcels), "t")


def test_who_only_helps_is_not_ranked_among_those_who_lead():
    clauses = tuple(
        clause(
            Kind.CUMULATIVE,
            20,
            id=f"c{number}",
            unit="家",
            units=("县经信局" if number else "县科技局", "县财政局"),
            indicator=IndicatorRef("recognitions", {"kind": "rd_centre"}),
        )
        for number in range(3)
    )
    won = {
        "kind": ["rd_centre"] * 9,
        "holder": list("甲乙丙丁戊己庚辛壬"),
        "recognised_on": ["2021-05-01"] * 9,
        "is_lost": [False] * 9,
    }
    rules = {**POLICY["league"]["leagues"]["departments"], "least_members": 1, "least_items": 1}
    policy_of = {**POLICY, "league": {"source": "测试", "leagues": {"d": rules}}}
    found = league(county(clauses=clauses, policy=policy_of, recognitions=won), "d")
    assert {sheet.member: sheet.code for sheet in found.sheets} == {
        "县经信局": "",
        "县科技局": "",
        "县财政局": "leads_nothing",
    }
    assert found["县财政局"].rank is None


def test_the_sheet_tells_completion_and_what_is_scored_apart():
    # 9 of 20 done when half the time has passed: 45 % of the target, 90 % of the pace.
    one = standing({"x": item({"t1": 9}, 20, span="plan")}, completion="progress / pace")
    row = one["t1"].rows[0]
    assert (row.progress, row.completion) == (Fraction(9, 20), Fraction(9, 10))
    assert one.rule.is_paced
    assert not standing({"x": item({"t1": 9}, 20)}).rule.is_paced


def test_the_kits_own_leagues_give_no_more_than_the_full_points():
    assert all(rule.cap == 1 for rule in league_rules(POLICY).values())
