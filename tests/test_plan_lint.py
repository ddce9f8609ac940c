"""The check of a plan: what is told of the action plan, and of quite another one."""

from datetime import date
from fractions import Fraction

import pytest

from build import clause
from tenglong.errors import ConfigurationError
from tenglong.measure.clause import (
    Baseline,
    Firmness,
    IndicatorRef,
    Kind,
    Label,
    Operator,
    Plan,
    Task,
    Window,
)
from tenglong.measure.plan.lint import LintRules, lint, lint_rules
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy

RULES = lint_rules(load_policy()["lint"])
FOUND = lint(load_plan("wencheng-2021-2023"), rules=RULES)
BRIDGES = IndicatorRef("recognitions", {"kind": "bridge"})
ROADS = IndicatorRef("official_total", {"indicator": "roads"})


def codes(findings, *clauses):
    """The codes of the findings that name exactly these clauses."""
    return [finding.code for finding in findings if finding.clauses == clauses]


def say(findings, code):
    return [finding.message.zh for finding in findings if finding.code == code]


def a_plan(*clauses, **changes):
    """Another county's plan: two years, in force from its first day."""
    given = {
        "id": "other",
        "name": Label("外县计划", "Another plan"),
        "window": Window(date(2024, 1, 1), date(2025, 12, 31)),
        "effective_on": date(2024, 1, 1),
        "baseline_year": 2023,
        "tasks": (),
        "clauses": clauses,
    }
    return Plan(**{**given, **changes})


def a_clause(name, kind=Kind.CUMULATIVE, target=4, **changes):
    given = {
        "id": name,
        "unit": "座",
        "indicator": BRIDGES,
        "window": Window(date(2024, 1, 1), date(2025, 12, 31)),
        "due": date(2025, 12, 31),
    }
    return clause(kind, target, **{**given, **changes})


# The action plan


def test_a_target_that_stands_twice_and_agrees_is_told():
    pair = ("made_in_zhejiang_standards", "made_in_zhejiang_standards_task")
    assert codes(FOUND, *pair) == ["same_twice"]


def test_a_total_and_a_yearly_count_are_told_and_do_not_clash():
    assert codes(FOUND, "pinzi_brands", "pinzi_brands_yearly") == ["total_and_yearly"]
    assert "≥ 1 家，3 年至少 3 家" in say(FOUND, "total_and_yearly")[0]
    assert say(FOUND, "clash") == []


def test_the_nested_projects_are_told():
    assert codes(FOUND, "projects_1bn", "projects_100m") == ["nested"]


def test_the_total_and_the_growth_of_investment_imply_a_base():
    pair = ("manufacturing_investment", "manufacturing_investment_growth")
    assert codes(FOUND, *pair) == ["derivable", "scope", "scope", "without_unit"]
    assert "隐含 2020 年基数 4.20 亿元" in say(FOUND, "derivable")[0]


def test_missing_baselines_are_told():
    needed = next(finding for finding in FOUND if finding.code == "no_baseline")
    assert needed.clauses == (
        "energy_intensity",
        "manufacturing_investment_growth",
        "digital_manufacturing_growth",
    )
    assert "tax_per_mu" in next(f for f in FOUND if f.code == "no_progress").clauses


def test_the_window_begins_before_the_plan_is_in_force():
    message = "自 2022-02-01 起实施，但从 2021-01-01 起计算：有 13 个月在实施之前"
    assert say(FOUND, "counted_before_effect") == [message]


def test_what_was_due_before_the_plan_was_in_force_is_told():
    due = [finding.clauses for finding in FOUND if finding.code == "due_before_effect"]
    assert due == [("compliance_checks",), ("provincial_development_zone",)]


def test_two_populations_are_told_apart():
    assert say(FOUND, "populations") == ["口径不同，不得混用：规上工业、规上制造业"]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("稳中有升", "industrial_land_total"),
        ("重大突破", "national_standards"),
        ("取得突破", "quality_awards"),
        ("大力", "champions"),
        ("倍增", "high_tech_firms"),
    ],
)
def test_words_without_a_measure_are_told(word, name):
    found = next(f for f in FOUND if f.message.zh == f"“{word}”没有可核的标准")
    assert name in found.clauses


def test_a_term_that_is_not_defined_is_told_where_a_figure_hangs_on_it():
    found = next(f for f in FOUND if f.message.zh.startswith("“重点行业”"))
    assert (found.code, found.clauses) == ("undefined", ("digitalised_smes",))


def test_what_is_only_hoped_for_is_told():
    hoped = next(finding for finding in FOUND if finding.code == "hoped_for").clauses
    assert "provincial_incentive" in hoped
    assert say(FOUND, "hope_as_binding") == []


def test_the_task_without_units_is_told_with_its_clauses():
    found = next(finding for finding in FOUND if finding.code == "task_without_unit")
    assert found.message.zh == "任务10（加快制造业产品升级换代）没有责任单位"
    assert "new_products" in found.clauses


def test_goals_say_whose_units_they_borrow():
    assert codes(FOUND, "energy_intensity") == ["undefined", "units_borrowed"]


def test_one_unit_under_two_names_is_told():
    assert say(FOUND, "same_unit") == [
        "同一单位有不同名称：县资规局、县自然资源和规划局",
        "同一单位有不同名称：县金融服务中心、县金融工作服务中心",
    ]
    assert say(FOUND, "alias_suspected") == []


def test_what_is_judged_every_year_without_the_text_saying_so_is_told():
    yearly = [finding.clauses for finding in FOUND if finding.code == "every_year_unsaid"]
    assert yearly == [("standard_land",), ("campaign_fund",)]


def test_every_figure_has_an_indicator_and_a_known_unit():
    assert say(FOUND, "no_indicator") == []
    assert say(FOUND, "unknown_unit") == []


def test_every_finding_speaks_both_languages():
    for finding in FOUND:
        assert finding.message.zh != finding.message.en
        assert "{" not in finding.message.zh + finding.message.en


# Another plan


def test_a_plan_without_faults_has_no_findings():
    sound = a_clause("bridges", unit="个", units=("甲局",))
    assert lint(a_plan(sound), rules=RULES) == ()


def test_two_targets_of_one_matter_clash():
    found = lint(a_plan(a_clause("goal"), a_clause("task", target=6, section="任务2")))
    assert say(found, "clash") == ["同一事项的要求不一致：目标1 ≥ 4 座，任务2 ≥ 6 座"]
    assert codes(found, "goal", "task")[0] == "clash"


def test_more_than_and_at_least_clash():
    more = a_clause("task", operator=Operator.MORE_THAN)
    assert codes(lint(a_plan(a_clause("goal"), more)), "goal", "task") == ["clash"]


def test_one_target_in_two_units_agrees():
    goal = a_clause("goal", target=3, unit="亿元", indicator=ROADS)
    task = a_clause("task", target=30000, unit="万元", indicator=ROADS)
    assert codes(lint(a_plan(goal, task)), "goal", "task") == ["same_twice"]


def test_steps_due_on_different_days_do_not_clash():
    first = a_clause("first", target=2, due=date(2024, 12, 31))
    assert codes(lint(a_plan(first, a_clause("second"))), "first", "second") == []


@pytest.mark.parametrize(
    ("yearly", "relation"), [(1, "总数更高"), (2, "两者恰好相当"), (3, "每年数合计更高")]
)
def test_a_yearly_count_is_compared_with_the_total_over_the_plan_s_own_years(yearly, relation):
    found = lint(a_plan(a_clause("all"), a_clause("each", Kind.ANNUAL, yearly)))
    assert relation in say(found, "total_and_yearly")[0]


def test_a_part_that_asks_for_more_than_the_whole_clashes():
    part = a_clause("part", target=5, parent="whole")
    assert "nested_clash" in codes(lint(a_plan(a_clause("whole"), part)), "part", "whole")


def test_the_implied_base_follows_from_the_plan_s_own_years():
    total = a_clause("total", target=Fraction("231"), unit="亿元", indicator=ROADS)
    rise = a_clause("rise", Kind.GROWTH, 10, unit="%", indicator=ROADS)
    # 231 / (1.1 + 1.21) = 100
    assert "2023 年基数 100.00 亿元" in say(lint(a_plan(total, rise)), "derivable")[0]


def test_a_base_that_the_plan_gives_is_not_missing():
    given = a_clause("rise", Kind.GROWTH, 10, baseline=Baseline(2023, Fraction(7)))
    assert say(lint(a_plan(given)), "no_baseline") == []
    known_year = a_clause("rise", Kind.GROWTH, 10, baseline=Baseline(2023))
    assert len(say(lint(a_plan(known_year)), "no_baseline")) == 1


def test_hope_entered_as_binding_is_told():
    hope = a_clause("hope", text="力争建成桥梁4座")
    assert "hope_as_binding" in codes(lint(a_plan(hope), rules=RULES), "hope")
    told = a_clause("hope", text="力争建成桥梁4座", firmness=Firmness.ASPIRATIONAL)
    assert "hope_as_binding" not in codes(lint(a_plan(told), rules=RULES), "hope")


def test_an_abbreviated_unit_is_suspected_until_it_is_declared():
    tasks = (
        Task("任务1", "任务1", "甲", ("区水务和海洋局", "区水海局")),
        Task("任务2", "任务2", "乙", ("区教育局",)),
    )
    message = "可能是同一单位：区水务和海洋局、区水海局；如是，请写入 same_unit"
    assert say(lint(a_plan(tasks=tasks)), "alias_suspected") == [message]
    declared = a_plan(tasks=tasks, same_unit=(("区水务和海洋局", "区水海局"),))
    assert say(lint(declared), "alias_suspected") == []
    assert len(say(lint(declared), "same_unit")) == 1


def test_a_clause_without_indicator_or_with_an_unknown_unit_is_told():
    found = lint(a_plan(a_clause("bridges", indicator=None)))
    assert codes(found, "bridges") == ["no_indicator", "unknown_unit"]


def test_a_narrative_needs_neither():
    told = a_clause("story", Kind.NARRATIVE, None, operator=None, indicator=None)
    assert lint(a_plan(told)) == ()


def test_without_rules_no_word_is_looked_for():
    assert lint(a_plan(a_clause("x", unit="个", text="大力推进一批"))) == ()


def test_a_policy_that_lacks_a_list_is_refused():
    with pytest.raises(ConfigurationError, match="policy lint: must hold the lists unquantified"):
        lint_rules({"source": "x", "unquantified": []})


def test_rules_come_from_the_policy():
    raw = {name: [] for name in LintRules.__dataclass_fields__}
    assert lint_rules({"source": "x", **raw, "hopeful": ["愿"]}).hopeful == ("愿",)
