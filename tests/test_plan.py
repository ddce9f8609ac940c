"""The plan as data: what stands in the file, line by line against the text."""

import json
import re
from datetime import date
from fractions import Fraction

import pytest
from click.testing import CliRunner

from tenglong.errors import ConfigurationError
from tenglong.measure.clause import Firmness, Kind, Operator, written
from tenglong.run.command.plan import plan as command
from tenglong.source.place import kit_root
from tenglong.source.plan import find_plan, load_plan

PLAN = load_plan("wencheng-2021-2023")
TEXT = (kit_root() / "data" / "plan" / "wencheng-2021-2023.zh.txt").read_text(encoding="utf-8")
JUDGED = [clause for clause in PLAN.clauses if clause.kind is not Kind.NARRATIVE]
WITH_TARGET = [clause for clause in PLAN.clauses if clause.target is not None]
UNITS = re.findall(r"（责任单位：([^）]*)）", TEXT)

# A whole plan in a few lines; the tests below spoil it one way at a time.
TINY = """
id: tiny
name: {zh: 小计划, en: Tiny plan}
effective_on: 2022-01-01
window: {start: 2022-01-01, end: 2024-12-31}
baseline_year: 2021
tasks:
  - {id: 任务1, title: 甲, units: [县甲局, 县乙局]}
clauses:
  - id: rate
    section: 任务1
    text: 比重突破2.3%
    name: {zh: 比重, en: Share}
    kind: level
    operator: ">"
    value: 2.3
    unit: "%"
"""


def by_id(clause):
    return clause.id


def spans(text, words):
    """Where `words` stand in `text`: every character that is covered."""
    return {
        place
        for found in re.finditer(re.escape(words), text)
        for place in range(found.start(), found.end())
    }


RATE = "tiny.yml: line 10: clause rate:"


def load(folder, text):
    path = folder / "tiny.yml"
    path.write_text(text, encoding="utf-8")
    return load_plan(path)


def refusal(folder, text):
    with pytest.raises(ConfigurationError) as caught:
        load(folder, text)
    return str(caught.value)


# The transcription


@pytest.mark.parametrize("clause", PLAN.clauses, ids=by_id)
def test_a_clause_quotes_the_text_verbatim(clause):
    assert clause.text in TEXT


def test_every_sentence_from_the_goals_on_is_a_clause_a_title_or_a_list_of_units():
    begin, end = TEXT.index("二、实施目标"), TEXT.index("抄送：")
    body = TEXT[begin:end]
    quoted = [clause.text for clause in PLAN.clauses] + [task.title for task in PLAN.tasks]
    covered = set()
    for words in [*quoted, PLAN.source, *(f"（责任单位：{units}）" for units in UNITS)]:
        covered |= spans(body, words)
    left = "".join(letter for place, letter in enumerate(body) if place not in covered)
    left = re.sub(r"（[一二三四五]）(实施\w+攻坚行动)?|[二四五]、\w+|3、 重点任务", "", left)
    assert re.sub(r"[0-9]+[.．]|[，。；\s]", "", left) == ""


def test_every_number_of_the_goals_tasks_and_measures_is_quoted_by_a_judged_clause():
    numbers = re.compile(r"\d[\d.]*(?:%|万元|亿元|家|个|项|亩|吨|年底|年)|三分之一|一名|逐一|每年")
    judged = set()
    for clause in JUDGED:
        judged |= spans(TEXT, clause.text)
    body = TEXT[TEXT.index("二、实施目标") : TEXT.index("本方案自")]
    start = TEXT.index("二、实施目标")
    missing = [
        found.group()
        for found in numbers.finditer(body)
        if not set(range(start + found.start(), start + found.end())) <= judged
    ]
    assert missing == []


def test_the_plan_has_its_clauses():
    assert len(PLAN.clauses) == 106
    assert len(JUDGED) == 54


def test_every_kind_occurs():
    assert {clause.kind for clause in PLAN.clauses} == set(Kind)


def test_the_window_is_that_of_the_text():
    assert PLAN.source in TEXT
    assert PLAN.effective_on == date(2022, 2, 1)
    assert (PLAN.window.start, PLAN.window.end) == (date(2021, 1, 1), date(2023, 12, 31))
    assert PLAN.baseline_year == 2020


@pytest.mark.parametrize("clause", WITH_TARGET, ids=by_id)
def test_the_target_is_the_number_of_the_sentence(clause):
    number = written(abs(clause.target))
    unit = clause.unit.removesuffix("/亩")
    words = {
        "clearance_list": "全面",
        "compliance_checks": "对高耗低效的企业",
        "low_tax_firms": "全面出清",
        "two_high_checked": "逐一",
        "key_users_monitored": "24小时",
        "contracts_signed": "全面",
        "manufacturing_share_of_projects": "三分之一",
        "guarantee_teams": "对投资额1亿元以上",
        "section_chief_leads": "一名",
        "land_replaced": "改一补一",
    }.get(clause.id)
    allowed = words or (f"{number}{unit}", f"{number}家", f"{number}项", f"{number}个")
    assert any(word in clause.text for word in ([words] if words else allowed))


@pytest.mark.parametrize("clause", WITH_TARGET, ids=by_id)
def test_the_operator_is_that_of_the_words(clause):
    number = re.escape(written(abs(clause.target)))
    if re.search(rf"突破{number}(?!\d)", clause.text):
        assert clause.operator is Operator.MORE_THAN
    elif clause.kind is Kind.CHANGE or clause.kind is Kind.CLEAR_OUT:
        assert clause.operator is Operator.AT_MOST
    else:
        assert clause.operator is Operator.AT_LEAST


def test_breaking_through_a_number_is_strictly_more():
    strict = [clause.id for clause in PLAN.clauses if clause.operator is Operator.MORE_THAN]
    assert strict == ["rd_share_of_revenue", "technology_transactions"]
    assert len(re.findall(r"突破\d", TEXT)) == len(strict)


@pytest.mark.parametrize("clause", PLAN.clauses, ids=by_id)
def test_every_year_is_judged_every_year(clause):
    asks_yearly = "每年" in clause.text
    is_yearly = clause.kind is Kind.ANNUAL or clause.each_year
    assert is_yearly == (asks_yearly or clause.id in {"standard_land", "campaign_fund"})


@pytest.mark.parametrize("clause", PLAN.clauses, ids=by_id)
def test_what_the_text_hopes_for_is_aspirational(clause):
    hopes = "力争" in clause.text or "争取" in clause.text
    assert (clause.firmness is Firmness.ASPIRATIONAL) == hopes


@pytest.mark.parametrize("clause", PLAN.clauses, ids=by_id)
def test_a_scope_is_in_the_words_of_the_text(clause):
    for note in clause.scope:
        assert note in TEXT


def test_clauses_with_a_day_of_their_own_are_due_on_it():
    due = {clause.id: clause.due for clause in PLAN.clauses if clause.due != PLAN.window.end}
    assert due == {
        "compliance_checks": date(2021, 12, 31),
        "provincial_development_zone": date(2021, 12, 31),
        "special_assessment": date(2022, 12, 31),
    }


def test_every_judged_clause_names_its_indicator():
    assert [clause.id for clause in JUDGED if clause.indicator is None] == []


def test_numbers_are_exact():
    assert PLAN.clause("rd_share_of_revenue").target == Fraction(23, 10)
    assert PLAN.clause("manufacturing_share_of_projects").target == Fraction(1, 3)
    assert PLAN.clause("energy_intensity").target == -9


def test_the_large_projects_are_nested_in_the_smaller():
    assert PLAN.clause("projects_1bn").parent == "projects_100m"


# Units


def test_tasks_have_the_units_of_the_text_in_its_order():
    named = ["、".join(task.units) for task in PLAN.tasks if task.units]
    assert named == UNITS


def test_the_tenth_task_has_no_units():
    assert [task.id for task in PLAN.tasks if not task.units] == ["任务10"]


@pytest.mark.parametrize("task", PLAN.tasks, ids=by_id)
def test_a_task_has_its_title_from_the_text(task):
    assert re.search(rf"(\d+[.．] ?|（[一二三四]）){re.escape(task.title)}。", TEXT)


@pytest.mark.parametrize("clause", PLAN.clauses, ids=by_id)
def test_a_clause_has_the_units_named_next_after_its_sentence(clause):
    if clause.section.startswith("目标"):
        return
    task = next(task for task in PLAN.tasks if task.id == clause.units_from)
    assert task.section == clause.section
    assert clause.units == task.units
    after = TEXT.index(clause.text, TEXT.index(task.title))
    if task.units:
        assert re.search(r"（责任单位：([^）]*)）", TEXT[after:]).group(1) == "、".join(task.units)


def test_a_goal_borrows_the_units_of_the_task_that_it_names():
    goal = PLAN.clause("labour_productivity")
    assert goal.units_from == "任务6"
    assert goal.units == ("县经信局", "县生态产业园服务中心")
    assert goal.lead == "县经信局"


def test_a_goal_that_no_task_repeats_has_no_units():
    assert PLAN.clause("manufacturing_investment").units == ()


# Reading


def test_a_plan_is_found_by_path(tmp_path):
    plan = load(tmp_path, TINY)
    assert plan.clause("rate").target == Fraction(23, 10)
    assert plan.clause("rate").units == ("县甲局", "县乙局")
    assert plan.clause("rate").due == date(2024, 12, 31)


def test_an_unknown_plan_is_refused_with_the_nearest_name():
    with pytest.raises(ConfigurationError, match=r"did you mean 'wencheng-2021-2023'"):
        find_plan("wencheng-2021-2032")


def test_a_file_that_is_not_there_is_refused():
    with pytest.raises(ConfigurationError, match=r"plan none\.yml: there is no such file"):
        find_plan("none.yml")


def test_an_unknown_key_is_refused_with_the_nearest(tmp_path):
    message = refusal(tmp_path, TINY.replace("unit:", "unti:"))
    assert message == "tiny.yml: line 17: clause rate: unknown key 'unti' (did you mean 'unit'?)"


def test_an_unknown_kind_is_refused_with_the_nearest(tmp_path):
    message = refusal(tmp_path, TINY.replace("kind: level", "kind: levle"))
    assert message.startswith("tiny.yml: line 14: clause rate.kind: 'levle' must be one of level,")
    assert message.endswith(" (did you mean 'level'?)")


def test_an_unknown_operator_is_refused(tmp_path):
    message = refusal(tmp_path, TINY.replace('">"', '"=>"'))
    assert "line 15: clause rate.operator: '=>' must be one of >=, >, <=, <" in message


def test_a_missing_value_is_refused(tmp_path):
    message = refusal(tmp_path, TINY.replace("    value: 2.3\n", ""))
    assert message == f"{RATE} kind level needs the key 'value'"


def test_a_narrative_takes_no_value(tmp_path):
    message = refusal(tmp_path, TINY.replace("kind: level", "kind: narrative"))
    assert "a narrative takes no operator" in message
    assert "a narrative takes no value" in message


def test_a_value_that_is_no_number_is_refused(tmp_path):
    message = refusal(tmp_path, TINY.replace("value: 2.3", "value: .inf"))
    assert "line 16: clause rate.value: inf must be a number such as 20, 2.3 or 1/3" in message


def test_an_id_that_stands_twice_is_refused(tmp_path):
    clause = TINY[TINY.index("  - id: rate") :]
    assert "clause rate: the id stands 2 times" in refusal(tmp_path, TINY + clause)


def test_a_key_that_stands_twice_is_refused_with_its_line(tmp_path):
    message = refusal(tmp_path, f"{TINY}    value: 3\n")
    assert (
        message
        == "tiny.yml: line 18, column 5: the key 'value' stands twice, first in line 16; keep one"
    )


def test_a_due_day_outside_the_window_is_refused(tmp_path):
    message = refusal(tmp_path, f"{TINY}    due: 2021-12-31\n")
    assert message == f"{RATE} due 2021-12-31 lies outside 2022-01-01 to 2024-12-31"


def test_a_day_that_does_not_exist_is_refused(tmp_path):
    message = refusal(tmp_path, f"{TINY}    due: 2023-02-30\n")
    assert "line 18: clause rate.due: '2023-02-30' must be a date such as 2022-06-30" in message


def test_a_window_that_ends_before_it_starts_is_refused(tmp_path):
    message = refusal(tmp_path, TINY.replace("end: 2024-12-31", "end: 2020-12-31"))
    assert "window: ends on 2020-12-31, before it starts on 2022-01-01" in message


def test_an_unknown_parent_is_refused_with_the_nearest(tmp_path):
    message = refusal(tmp_path, f"{TINY}    parent: rates\n")
    assert message == f"{RATE} there is no parent 'rates' (did you mean 'rate'?)"


def test_a_clause_nested_in_itself_is_refused(tmp_path):
    assert "clause rate: is nested in itself" in refusal(tmp_path, f"{TINY}    parent: rate\n")


def test_units_from_an_unknown_task_are_refused(tmp_path):
    message = refusal(tmp_path, f"{TINY}    units_from: 任务11\n")
    assert message == (f"{RATE} units_from: there is no task '任务11' (did you mean '任务1'?)")


def test_a_section_with_several_groups_of_units_asks_which(tmp_path):
    second = "  - {id: 任务1b, section: 任务1, title: 乙, units: [县丙局]}\nclauses:"
    message = refusal(tmp_path, TINY.replace("clauses:", second))
    assert "section 任务1 has several groups of units: units_from one of 任务1, 任务1b" in message


def test_an_unknown_name_in_same_unit_is_refused_with_the_nearest(tmp_path):
    message = refusal(tmp_path, f"{TINY}same_unit: [[县甲局, 县乙]]\n")
    assert message == (
        "tiny.yml: line 18: same_unit: '县乙' is no unit of this plan (did you mean '县乙局'?)"
    )


def test_a_sentence_that_is_not_in_the_text_is_refused(tmp_path):
    (tmp_path / "tiny.txt").write_text(
        "甲。比重达到2.3%（责任单位：县甲局、县乙局）", encoding="utf-8"
    )
    message = refusal(tmp_path, f"{TINY}text: tiny.txt\n")
    assert message == f"{RATE} '比重突破2.3%' does not stand in tiny.txt"


def test_everything_that_is_wrong_is_told_at_once(tmp_path):
    bad = TINY.replace("unit:", "unti:").replace("kind: level", "kind: levle")
    bad = bad.replace("baseline_year: 2021", "baseline_year: x").replace("title: 甲, ", "")
    message = refusal(tmp_path, bad)
    assert message.count("; ") == 3
    for words in ("baseline_year", "the key 'title' is missing", "'unti'", "'levle'"):
        assert words in message
    assert "\n" not in message


def test_what_is_not_yaml_is_refused_with_its_line(tmp_path):
    assert refusal(tmp_path, "id: [").startswith(("tiny.yml: line 1", "tiny.yml: line 2"))


def test_what_is_no_mapping_is_refused(tmp_path):
    assert "must be a mapping of keys" in refusal(tmp_path, "- 1\n- 2\n")


# The command


def run(*arguments):
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def test_the_command_prints_every_sentence_whole_within_a_hundred_columns():
    output = run().output
    squashed = re.sub(r"\s+", "", output)
    for clause in PLAN.clauses:
        assert re.sub(r"\s+", "", clause.text) in squashed
        assert clause.id in output
    assert "…" not in output
    wide = [line for line in output.splitlines() if sum(1 + (ord(c) > 0x2E80) for c in line) > 100]
    assert wide == []


def test_the_command_speaks_english():
    output = run("--language", "en").output
    assert "Tax per mu of above-scale industry" in output
    assert "54 measurable" in output


def test_the_command_gives_exact_json():
    facts = json.loads(run("--json").output)
    assert facts["effective_on"] == "2022-02-01"
    assert len(facts["tasks"]) == 30
    clauses = {clause["id"]: clause for clause in facts["clauses"]}
    assert clauses["rd_share_of_revenue"]["target"] == "2.3"
    assert clauses["manufacturing_share_of_projects"]["target"] == "1/3"
    assert clauses["tax_per_mu"]["target"] == 20
    assert clauses["compliance_checks"]["due"] == "2021-12-31"
    assert clauses["two_high_checked"]["indicator"]["options"]["since"] == "2018-01-01"
    assert clauses["tax_per_mu"]["lead"] == "县经信局"


def test_the_command_reads_another_plan(tmp_path):
    path = tmp_path / "tiny.yml"
    path.write_text(TINY, encoding="utf-8")
    assert "比重突破2.3%" in run(str(path)).output


def test_the_command_tells_its_findings():
    output = run("--lint").output
    assert "任务10（加快制造业产品升级换代）没有责任单位" in output
    assert "made_in_zhejiang_standards" in output


def test_the_command_gives_its_findings_as_json():
    found = json.loads(run("--lint", "--json").output)["findings"]
    nested = next(one for one in found if one["code"] == "nested")
    assert nested["clauses"] == ["projects_1bn", "projects_100m"]
    assert set(nested["message"]) == {"zh", "en"}
