"""Another county's plan, by the kit's own policy: all pages tell that plan's limits and clauses."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

import build
import other_plan
from drawing import drawn, read
from reports import OF_MANY, PAGES
from tenglong.show.lacking import answering
from tenglong.show.words import catalogue
from tenglong.source import describe_bundle, read_bundle
from tenglong.source.bound_policy import bound_policy
from tenglong.source.plan import load_plan
from tenglong.source.policy import load_policy

DAY = "2022-11-30"
DRAWN = [page for page in PAGES if page not in ("index", "data_quality", *OF_MANY)]
# What only the kit's own plan says: its line, its sections, its units.
FOREIGN = re.compile(
    r"(?<![\d.,])5 ?万元(以下|/亩)|(?<![\d.,])5 \(10k|50,000 yuan|(任务|目标|政策|组织)\d"
    r"|县资规局|县经信局|县发改局|县市场监管局|350 ?亩"
)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    file = other_plan.write(tmp_path_factory.mktemp("plan"))
    return read_bundle(replace(describe_bundle("data/sample"), plan=str(file)))


def own_policy(tmp_path, *, without=()):
    plan = other_plan.PLAN
    for clause in without:
        plan = re.sub(rf"(?ms)^  - id: {clause}\n.*?(?=^  - id|\Z)", "", plan)
    loaded = load_plan(other_plan.write(tmp_path, plan=plan))
    return bound_policy(load_policy(), loaded)


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page_id", DRAWN)
def test_no_page_says_the_line_or_names_a_clause_of_another_plan(bundle, page_id, language):
    county = bundle.on(DAY)
    kit = load_plan("wencheng-2021-2023")
    labels = (*county.choices.values(), *county.labels.values(), *catalogue().values())
    published = str(county.policy["series"])
    known = "\n".join([other_plan.TEXT, published, *(one[language] for one in labels)])
    names = {clause.name[language] for clause in kit.clauses}
    lacking = {name for name in names if name not in known and len(name) > 9}
    page = drawn(page_id, county, on=bundle.on, language=language)
    for name, piece in page.pieces.items():
        said = read(piece)
        assert not FOREIGN.search(said), name
        assert not [one for one in lacking if one in said], name


def test_the_line_of_the_plan_stands_on_the_clearance_page(bundle):
    said = read(drawn("clearance", bundle.on(DAY), on=bundle.on))
    assert "亩均税收 1 万元以下" in said


def test_classes_of_the_map_are_made_by_the_plan(tmp_path):
    policy, _ = own_policy(tmp_path)
    measure = policy["parcel_measures"]["measures"]["tax_per_mu"]
    assert measure["limits"] == [1, 10, 30, 37]
    assert len(measure["palette"]) == 5
    assert policy["parcel_measures"]["measures"]["actual_mu"]["limits"] == [8, 10, 30, 100]


def test_a_limit_that_the_plan_lacks_takes_its_class_away(tmp_path):
    policy, _ = own_policy(tmp_path, without=["cq", "mj_tax"])
    measure = policy["parcel_measures"]["measures"]["tax_per_mu"]
    assert measure["limits"] == [10, 30]
    assert len(set(measure["palette"])) == 3


def test_reasons_of_the_list_take_their_limits_from_the_plan(tmp_path):
    policy, _ = own_policy(tmp_path)
    rule = policy["clearance"]["rules"][0]
    assert rule["name"]["zh"] == "规上亩均税收 1 万元以下"
    assert rule["limits"] == {"default": 1}
    assert policy["clearance"]["min_land_mu"] == 8


def test_reasons_without_a_limit_are_left_out_and_named(tmp_path):
    policy, left = own_policy(tmp_path, without=["cq"])
    assert [rule["code"] for rule in policy["clearance"]["rules"]] == ["high_energy"]
    assert "low_tax_wan_per_mu" not in policy["clearance"]
    assert "规上亩均税收 … 万元以下" in [one.name.zh for one in left]


def test_items_whose_clause_the_plan_lacks_are_left_out_each_named_once(tmp_path):
    policy, left = own_policy(tmp_path)
    items = policy["league"]["leagues"]["townships"]["items"]
    assert list(items) == ["tax_per_mu", "firms_closed"]
    assert items["tax_per_mu"]["target"] == {"each": Fraction(37)}
    assert items["firms_closed"]["clause"] == "tt"
    assert policy["bulletin"]["leading"] == ["tt", "mj_tax"]
    names = [one.name.zh for one in left if one.file == "league"]
    assert sorted(names) == sorted(
        [
            "整治提升高耗低效企业",
            "腾出工业用地",
            "落地亿元以上制造业单体项目",
            "制造业投资（不含飞地）",
        ]
    )


def test_a_league_of_which_no_item_is_left_is_left_out(tmp_path):
    policy, left = own_policy(tmp_path, without=["tt", "mj_tax"])
    assert list(policy["league"]["leagues"]) == ["departments"]
    assert "乡镇赛马" in [one.name.zh for one in left]


def test_a_page_without_the_line_says_so_and_lists_nobody_below_it(tmp_path):
    plan = re.sub(r"(?ms)^  - id: cq\n.*?(?=^  - id|\Z)", "", other_plan.PLAN)
    file = other_plan.write(tmp_path, plan=plan)
    source = read_bundle(replace(describe_bundle("data/sample"), plan=str(file)))
    said = read(drawn("clearance", source.on(DAY), on=source.on))
    assert "方案没有“亩均税收若干万元以下企业全面出清”一类条款" in said
    assert not FOREIGN.search(said)


def test_who_supplies_is_a_unit_of_the_plan_or_called_by_what_it_does(tmp_path):
    policy, _ = own_policy(tmp_path)
    assert policy["suppliers"]["tables"]["parcels"] == "县自然资源局"
    assert policy["suppliers"]["tables"]["projects"] == "发展改革部门"


def test_a_countys_own_rule_may_name_the_clauses_of_its_plan_by_id(tmp_path):
    plan = load_plan(other_plan.write(tmp_path))
    raw = {"bulletin": {**load_policy()["bulletin"], "leading": ["nh", "land_freed"]}}
    bound, _ = bound_policy(raw, plan)
    assert bound["bulletin"]["leading"] == ["nh"]


def test_the_kits_own_plan_lacks_nothing_that_the_policy_speaks_of():
    policy, left = bound_policy(load_policy(), load_plan("wencheng-2021-2023"))
    assert left == ()
    assert policy["clearance"]["low_tax_wan_per_mu"] == 5
    assert policy["grade_measures"]["measures"]["workers_housing"]["clause"] == "workers_housing"


@pytest.mark.parametrize(
    ("reference", "fault"),
    [
        ({"of_clause": {"event": "closed"}, "take": "target"}, "`name` of its indicator"),
        ({"of_clause": {"name": "freed"}}, "must `take`"),
        ({"of_clause": {"name": "freed"}, "tak": "target"}, "unknown key 'tak' (did you mean"),
    ],
)
def test_a_reference_to_the_plan_that_is_malformed_is_refused(tmp_path, reference, fault):
    plan = load_plan(other_plan.write(tmp_path))
    with pytest.raises(ValueError, match=re.escape(fault)):
        bound_policy({"two_high": {"source": "…", "since": reference}}, plan)


def texts(rules):
    """Give every text of the policy."""
    match rules:
        case str():
            yield rules
        case dict():
            yield from (text for one in rules.values() for text in texts(one))
        case list() | tuple():
            yield from (text for one in rules for text in texts(one))


def test_no_rule_quotes_the_kits_own_plan_or_names_its_county():
    plan = load_plan("wencheng-2021-2023")
    own = [clause.text for clause in plan.clauses]
    # What Zhejiang calls its campaign, and these kinds of land: the rules name where.
    common = {"腾笼换鸟、凤凰涅槃", "用而未尽、建而未投、投而未达"}
    for text in texts(dict(load_policy())):
        assert not re.search("文成|Wencheng", text)
        quoted = set(re.findall(r"“([^”]{9,})”", text)) - common
        assert not [one for one in quoted if any(one in clause for clause in own)], text


def test_who_answers_for_carbon_is_told_by_the_plan_or_by_a_list_without_columns(tmp_path):
    plan = load_plan(other_plan.write(tmp_path))
    county = build.county(policy={"suppliers": {"source": "…", "tables": {"parcels": "甲"}}})
    other = replace(county, plan=plan)
    assert answering(other, "carbon_rated", "parcels", "actual_mu") == "甲"
    assert answering(other, "low_tax_firms", "parcels") == "县工信局"
