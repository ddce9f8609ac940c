"""A plan or a policy that cannot work is told before anything runs, all at once, with its lines."""

import json
import re

import pytest
import yaml

import other_plan
from build import opened
from drawing import drawn, read, rows
from tenglong.errors import ConfigurationError
from tenglong.measure.board.board import INDICATORS, _read
from tenglong.measure.board.declared import options_of, shape_of
from tenglong.measure.reading import NotKnown
from tenglong.run.cli import main
from tenglong.run.request import request
from tenglong.run.sound import configuration_faults, require_sound
from tenglong.source import describe_bundle, read_bundle
from tenglong.source.place import kit_root

BUNDLE = """\
name: {zh: 某县, en: My County}
code: "330399"
crs: EPSG:4549
plan: plan.yml
policy: policy
as_of: 2023-06-30
tables: {milestones: {file: m.csv}}
"""
LEAGUE = """\
source: 试验
leagues:
  townships:
    name: {zh: 镇街, en: Towns}
    members: {"1": 甲, "2": 乙, "3": 丙}
    full: 100
    cap: 2
    completion: progress
    least_members: 3
    least_items: 1
    most_unknown: 1/5
    items:
      land:
        name: {zh: 整治亩数, en: Land}
        weight: 100
        unit: 亩
        reported: {"1": {2023-03-31: 6.98}, "2": {2023-03-31: 77}, "3": {2023-03-31: 73}}
        target: {by: {"1": 5, "2": 60, "3": 80}}
    lights:
      - {light: green, label: {zh: 绿灯, en: Green}}
"""


@pytest.fixture
def folder(tmp_path):
    """Give a bundle with its own plan and policy, both sound."""
    other_plan.write(tmp_path).rename(tmp_path / "plan.yml")
    (tmp_path / "bundle.yml").write_text(BUNDLE, encoding="utf-8")
    (tmp_path / "m.csv").write_text("里程碑代码,日期\n", encoding="utf-8")
    (tmp_path / "policy").mkdir()
    return tmp_path


def faults(folder):
    return configuration_faults(describe_bundle(folder))


def changed(folder, *pairs):
    file = folder / "plan.yml"
    plan = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in plan
        plan = plan.replace(old, new)
    file.write_text(plan, encoding="utf-8")


def test_a_sound_plan_and_policy_have_no_fault(folder):
    assert faults(folder) == ()
    for bundle in ("data/sample", "data/cambridge"):
        assert configuration_faults(describe_bundle(bundle)) == ()


@pytest.mark.parametrize(
    ("old", "new", "fault", "fault_zh"),
    [
        (
            "name: intensity_change}",
            "name: intensity_chang}",
            "clause nh: indicator: there is none called 'intensity_chang'",
            "条款 nh：指标：没有“intensity_chang”（是不是“intensity_change”？）",
        ),
        (
            "event: closed",
            "event: close",
            "'close' must be one of closed, passed",
            "closed、passed 之一",
        ),
        ("min_land_mu: 8", "min_land: 8", "no option 'min_land'", "没有参数“min_land”"),
        ("min_land_mu: 8", "min_land_mu: many", "'many' must be a number", "应为数字"),
        (", event: closed", "", "the option 'event' is missing", "缺少参数 event"),
        ("kind: annual", "kind: coverage", "it fits the kinds cumulative, annual", "可用于类型"),
        ("unit: 万元/人", "unit: 万/人", "unit: '万/人' is not known here", "不认识单位“万/人”"),
        ("scope: above_scale_industry", "scope: big", "scope: 'big' is not in scopes.yml", "scope"),
        ("numerator: rd_wan", "numerator: rd_wn", "no column 'rd_wn'", "（是不是“rd_wan”？）"),
    ],
)
def test_a_clause_that_cannot_be_judged_is_told_with_its_line(folder, old, new, fault, fault_zh):
    changed(folder, (old, new))
    told = [one for one in faults(folder) if fault in one]
    assert told
    assert told[0].startswith("plan.yml: line ")
    assert fault_zh in told[0].zh


def test_all_faults_are_told_at_once(folder):
    changed(folder, ("kind: annual", "kind: coverage"), ("unit: 万元/人", "unit: 万/人"))
    (folder / "policy" / "tax.yml").write_text("source: 试验\nadd: []\n", encoding="utf-8")
    league = LEAGUE.replace("completion: progress", "completion: progess")
    (folder / "policy" / "league.yml").write_text(league, encoding="utf-8")
    told = "; ".join(faults(folder))
    for one in ("clause gx", "clause qyldscl", "policy tax", "'progess' is not known here"):
        assert one in told


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("clearence", "source: 试验\n", "clearence.yml: no rule is read from a file of this name"),
        ("tax", "source: 试验\nadd_back: 1\n", "policy tax: line 2: add_back: must be a list"),
        (
            "clearance",
            "{source: 试, min_land_mu: 3, industry_digits: 2, rules: [{code: a, when: taxx < 5}]}",
            "no column 'taxx'",
        ),
        ("bands", "source: 试验\nbands: 3\n", "policy bands: "),
    ],
)
def test_a_rule_that_cannot_work_is_told_with_its_file(folder, name, text, fault):
    (folder / "policy" / f"{name}.yml").write_text(text, encoding="utf-8")
    assert [one for one in faults(folder) if fault in one]


def test_check_ends_with_78_and_says_it_in_chinese(folder, capsys):
    changed(folder, ("event: closed", "event: close"))
    assert main(["check", str(folder)]) == 78
    assert "方案写法有误" in capsys.readouterr().out


def test_check_names_what_is_left_out(folder, capsys):
    assert main(["check", str(folder)]) == 0
    assert "方案没有相应条款，“差别电价”不计" in capsys.readouterr().out


def test_the_data_page_names_what_is_left_out_as_check_does(folder, capsys):
    main(["check", str(folder), "--json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    told = [one for one in findings if one["code"] == "left_out"]
    whole = read_bundle(describe_bundle(folder)).on("2022-06-30")
    page = drawn("data_quality", whole, bundle=str(folder))
    listed = rows(page["left_out_table"], "data_left_out")
    assert len(listed) == len(told) > 0
    assert any(one["规则"] == "差别电价" for one in listed)
    english = drawn("data_quality", whole, language="en", bundle=str(folder))["left_out_table"]
    assert "Left out, since the plan has no such clause" in read(english)


def test_a_report_is_refused_before_any_notebook_starts(folder, tmp_path):
    changed(folder, ("event: closed", "event: close"))
    with pytest.raises(ConfigurationError, match="must be one of closed, passed"):
        request(str(folder), out=tmp_path / "out", notebooks=kit_root() / "notebooks")
    assert main(["report", str(folder), "--out", str(tmp_path / "out")]) == 78
    assert not (tmp_path / "out").exists()


def test_what_is_sound_is_let_through(folder):
    require_sound(describe_bundle(folder))


def test_a_league_of_townships_alone_is_a_league(folder):
    (folder / "policy" / "league.yml").write_text(LEAGUE, encoding="utf-8")
    assert faults(folder) == ()
    bundle = read_bundle(describe_bundle(folder))
    page = drawn("league", bundle.on("2023-03-31"), on=bundle.on)
    assert "第一名甲" in read(page)
    assert "本县的赛马规则（league.yml）没有这一项赛马" in read(page["ranking_table departments"])
    drawn("bulletin", bundle.on("2023-03-31"), on=bundle.on)


def test_a_scheme_of_the_county_can_be_chosen(folder):
    schemes = folder / "policy" / "schemes"
    schemes.mkdir()
    own = {"source": "试验", "based_on": "huangyan-2022", "name": {"zh": "本县", "en": "Mine"}}
    (schemes / "mycounty-2021.yml").write_text(
        yaml.safe_dump(own, allow_unicode=True), encoding="utf-8"
    )
    kit = {"notebooks": kit_root() / "notebooks", "page_ids": ["enterprises"]}
    asked = request(str(folder), out=folder, pairs=["scheme=mycounty-2021"], **kit)
    assert asked.parameters["enterprises"]["scheme"] == "mycounty-2021"
    with pytest.raises(ValueError, match="of this county: mycounty-2021, not 'mine'"):
        request(str(folder), out=folder, pairs=["scheme=mine"], **kit)


def test_every_indicator_gives_the_shape_that_is_declared():
    county = opened("data/sample", "2022-11-30")
    seen = set()
    for clause in county.plan.clauses:
        for ref in clause.indicators:
            reading = _read(county, clause.id, ref)
            if not isinstance(reading, NotKnown):
                assert type(reading) is shape_of(ref), ref
                seen.add(ref.name)
    assert len(seen) > len(INDICATORS) - 4


def test_every_option_of_an_indicator_says_what_it_takes():
    for name in INDICATORS:
        for option in options_of(name).values():
            assert option.wanted
            assert option.wanted_zh


FILES = {
    "league": LEAGUE.replace("full: 100", "full: 0").replace("weight: 100", "wieght: 100"),
    "bulletin": "source: 试\nleading: []\nhighlights: {mised: {most: 3}}\n"
    "problems: {missde: {most: 3}}\nunits: {}\nred_light: red\n",
    "bands": "source: 试\nbands:\n  ahead: {from: 1}\n  on_track: {above: 5}\n"
    "  behind: {from: -1}\n  far_behind: {}\nstale_after_months: {year: 1, quarter: 1, month: 1}\n",
    "land_base": "source: 试\nparcel_area: [a]\nowned_rows: usde\n",
    "idle": "source: 试\n  x: 1\n",
    "parcel_actions": "source: 试\nactions:\n  overdeu: {name: cleared_firms, evnt: 1}\n",
}
TOLD = {
    "policy league: line 6: leagues.townships.full: must be more than 0": "应大于 0",
    "policy league: line 15: leagues.townships.items.land: unknown key 'wieght' (did you mean"
    " 'weight'?)": "政策 league.yml：第 15 行",
    "policy bulletin: line 3: highlights.mised: unknown kind 'mised'": "没有“mised”这一类",
    "policy bulletin: line 4: problems.missde: unknown kind 'missde'": "（是不是“missed”？）",
    "policy bands: line 2: bands: the limits must fall from the best": "须从最好到最差递减",
    "policy land_base: line 3: owned_rows: 'usde' must be used or held": "（是不是“used”？）",
    "policy parcel_actions: line 3: actions.overdeu: no action": "（是不是“overdue”？）",
}


def test_faults_of_many_files_of_the_policy_are_told_at_once_in_both_languages(folder):
    for name, text in FILES.items():
        if name != "idle":
            (folder / "policy" / f"{name}.yml").write_text(text, encoding="utf-8")
    told = {str(fault): fault.zh for fault in faults(folder)}
    for wanted, zh in TOLD.items():
        [found] = [fault for fault in told if fault.startswith(wanted)]
        assert zh in told[found]
    assert not [zh for zh in told.values() if not re.search("[一-鿿]", zh)]


def test_a_file_of_the_policy_that_is_no_yaml_hides_no_other(folder):
    for name in ("idle", "bands"):
        (folder / "policy" / f"{name}.yml").write_text(FILES["idle"], encoding="utf-8")
    (folder / "policy" / "titles.yml").write_text("batches: {}\n", encoding="utf-8")
    said = faults(folder)
    for name in ("idle", "bands", "titles"):
        assert [one for one in said if one.startswith(f"policy {name}.yml: ")]


@pytest.mark.parametrize(
    ("reference", "en", "zh"),
    [
        ("{of_cluse: x, take: target}", "unknown key", "没有"),
        ("{of_clause: {nmae: x}, take: target}", "a clause is found by the `name`", "写 name"),
        ("{of_clause: {name: low_tax_firms}, taek: x}", "unknown key 'taek' (did you", "“take”"),
        ("{of_clause: {name: low_tax_firms}}", "must `take` the target", "应用 take 写明"),
    ],
)
def test_a_reference_to_the_plan_that_is_malformed_is_told_with_its_line(folder, reference, en, zh):
    kit = (kit_root() / "data" / "policy" / "clearance.yml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^low_tax_wan_per_mu:.*$", f"low_tax_wan_per_mu: {reference}", kit)
    line = text[: text.index("low_tax_wan_per_mu: {")].count("\n") + 1
    (folder / "policy" / "clearance.yml").write_text(text, encoding="utf-8")
    [fault] = [one for one in faults(folder) if "low_tax_wan_per_mu" in one]
    assert fault.startswith(f"policy clearance: line {line}: low_tax_wan_per_mu")
    assert fault.zh.startswith(f"政策 clearance.yml：第 {line} 行：")
    if en != "unknown key":
        assert en in fault
        assert zh in fault.zh
