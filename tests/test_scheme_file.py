"""Scheme files: what is wrong in one is told, everything at once, with the nearest valid name."""

import copy

import pytest
import yaml

from build import POLICY, county
from evaluating import evaluated, firm_county, scheme, taxes
from tenglong.errors import ConfigurationError
from tenglong.measure.evaluation.facts import FACTS
from tenglong.measure.evaluation.scheme_check import DAYS, MADE, OF_A_GRADE
from tenglong.measure.evaluation.scheme_file import _over, scheme_of
from tenglong.measure.evaluation.spread import FIGURES
from tenglong.measure.evaluation.spread import FUNCTIONS as OF_A_SPREAD
from tenglong.measure.policy.formula import FUNCTIONS
from tenglong.source.place import kit_root
from tenglong.source.policy import load_policy

SCHEMES = sorted(POLICY["schemes"])


def told(rules) -> str:
    with pytest.raises(ConfigurationError) as error:
        scheme_of(firm_county(taxes(1.0), rules), "test")
    assert "\n" not in str(error.value)
    return str(error.value)


def changed(path: str, value) -> dict:
    """Give a plain scheme with one key of it changed; `path` is joined by dots."""
    rules = copy.deepcopy(scheme(population={"bonuses": {}}, overrides={}, exclude={}, grading={}))
    inside = rules
    *parents, last = path.split(".")
    for key in parents:
        inside = inside.setdefault(key, {})
    inside[last] = value
    return rules


@pytest.mark.parametrize("name", SCHEMES)
def test_every_scheme_of_the_kit_can_be_read_and_names_its_sources(name):
    one = scheme_of(county(is_declared=True), name)
    assert one.source
    assert one.source_en
    for population in one.populations.values():
        assert sum(part.weight for part in population.parts.values()) == 100


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("populatons", {}, "unknown key 'populatons' (did you mean 'populations'?)"),
        ("formula", "w * x /", "formula: 'w * x /' is no formula"),
        ("formula", "w * y", "nothing here is called 'y'"),
        ("formula", "mini(w, x)", "there is no function 'mini' (did you mean 'min'?)"),
        ("negative", "zro", "'zro' must be one of zero, keep (did you mean 'zero'?)"),
        ("sites", "merge", "'merge' must be one of apart, merged (did you mean 'merged'?)"),
        ("tax_add_back", ["tax_relef_wan"], "'tax_relef_wan' (did you mean 'tax_relief_wan'?)"),
        ("tax_add_back", "tax_relief_wan", "tax_add_back: 'tax_relief_wan' must be a list"),
        ("parameters", {"base": "x"}, "parameters.base: 'x' must be a number such as"),
        ("parameters", {"tax_wan": 1}, "'tax_wan' is the name of something else already"),
        ("formulas", {"a": "b + 1", "b": "a"}, "formulas.a: is computed from itself"),
        ("groups", {"g": {}}, "groups.g: the key 'when' is missing"),
        ("lookups", {"l": {"by": "divison", "values": {}}}, "lookups.l.by: nothing here is called"),
        ("indicators.i", {}, "indicators.i: the key 'name' is missing"),
        (
            "indicators.i",
            {"name": {"zh": "甲", "en": "i"}, "value": "j"},
            "indicators.i.value: nothing here is called 'j'",
        ),
        (
            "indicators.i",
            {"name": {"zh": "甲", "en": "i"}, "value": "i_before + 1"},
            "indicators.i: is computed from itself",
        ),
        (
            "indicators.i",
            {"name": {"zh": "甲", "en": "i"}, "denominator": "land_mu", "value": 1},
            "a denominator needs a numerator",
        ),
        ("populations", {}, "populations: there must be one at least"),
        ("populations.all.scope", "industri", "called 'industri' (did you mean 'industry'?)"),
        ("populations.all.when", "land_mo >= 3", "'land_mo' (did you mean 'land_mu'?)"),
        ("populations.all.parts.tax_per_mu", {"wieght": 3}, "'wieght' (did you mean 'weight'?)"),
        ("populations.all.parts.tax_per_mu", {"weight": 3}, "its formula needs a benchmark"),
        (
            "populations.all.parts.tax_per_mo",
            {"weight": 3, "benchmark": 1},
            "there is no indicator 'tax_per_mo' (did you mean 'tax_per_mu'?)",
        ),
        ("populations.all.bonuses.b", {"points": "score"}, "nothing here is called 'score'"),
        ("exclude.x", {"when": "rank > 3"}, "exclude.x.when: nothing here is called 'rank'"),
        ("overrides.o", {"when": "True"}, "must have one of at_best, at_worst, to, shift"),
        (
            "overrides.o",
            {"when": "True", "at_best": "E"},
            "overrides.o.at_best: nothing here is called 'E'",
        ),
        ("grading.within", ["town"], "grading.within: nothing here is called 'town'"),
        ("exclude.x", {"when": "quantile(50) > 3"}, "there is no function 'quantile'"),
        ("grading.by", "scores", "grading.by: nothing here is called 'scores'"),
        (
            "grading.grades",
            [{"grade": "A", "to_pct": 80}, {"grade": "B", "to_pct": 20}],
            "to_pct must rise",
        ),
        ("grading.grades", [{"grade": "A", "to_pct": 120}], "120 is no share of 0 to 100"),
        ("grading.grades", [{"grade": "A"}, {"grade": "A"}], "a grade stands twice"),
        (
            "grading.grades",
            [{"grade": "A", "to_pct": 1, "last_pct": 1}],
            "A has both to_pct and last_pct",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(path, value, message):
    found = told(changed(path, value))
    assert found.startswith("policy schemes/test.yml: ")
    assert message in found


TAKEN = "is the name of something else already"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("populations.all.when", "supplied_mu >= 3", "nothing here is called 'supplied_mu'"),
        ("populations.all.when", "tax_per_mo_before > 3", "is called 'tax_per_mo_before'"),
        ("populations.all.scope", "source", "populations.all.scope: nothing here is called"),
        ("groups.g", {"when": "tax_per_mu > 3"}, "groups.g.when: nothing here is called"),
        *(("parameters", {name: 1}, f"{name!r} {TAKEN}") for name in ("w", "mean", "score", "of")),
        ("parameters", {"population": 1}, f"'population' {TAKEN}"),
        ("lookups", {"industry_group": {"by": "division", "values": {}}}, TAKEN),
        ("indicators.rank", {"name": {"zh": "甲", "en": "i"}, "value": 1}, f"'rank' {TAKEN}"),
        (
            "indicators.i",
            {"name": {"zh": "甲", "en": "i"}, "numerator": "tax_wan", "value": 1},
            "must have either a numerator or a value",
        ),
        (
            "populations.all.parts.tax_per_mu",
            {"weight": 1, "benchmark": 1, "compare": ["town"]},
            "compare: nothing here is called 'town'",
        ),
        (
            "overrides.o",
            {"when": "True", "at_best": "D", "shift": 1},
            "must have one of at_best, at_worst, to, shift",
        ),
        ("grading.grades", [{"grade": "A", "to_pct": 100.5}], "is no share of 0 to 100"),
        ("grading.grades", [{"grade": "A", "to_pct": -0.5}], "is no share of 0 to 100"),
        ("grading.grades", [{"grade": "A", "last_pct": 100.5}], "is no share of 0 to 100"),
        ("grading.break_ties", ["tax"], "grading.break_ties: nothing here is called 'tax'"),
    ],
)
def test_a_name_from_elsewhere_and_a_share_that_cannot_be_are_told(path, value, message):
    assert message in told(changed(path, value))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("grading.grades", [{"grade": "A", "to_pct": 0}, {"grade": "B", "to_pct": 100}]),
        ("grading.grades", [{"grade": "A"}, {"grade": "B", "last_pct": 0}]),
        ("lookups", {"line": {"by": "industry_group", "values": {"other": 1}}}),
        ("formula", "w * x / quantile(50) + 0 * b"),
        ("groups.g", {"when": "tax_wan_before > 3"}),
        (
            "overrides.o",
            {
                "when": "points_tax_per_mu < 10 and rank > 1 and grade == 'A' and division > 1",
                "to": "E",
            },
        ),
        ("grading.grades", [{"grade": "A", "when": "points_tax_per_mu > 9 and tax_wan > 1"}]),
    ],
)
def test_what_a_rule_may_name_is_taken(path, value):
    assert scheme_of(firm_county(taxes(1.0), changed(path, value)), "test").source == "试验"


@pytest.mark.parametrize(
    "formula", ["w * zeta * eta * delta * beta * alpha", "zeta(eta(delta(beta(alpha(x)))))"]
)
def test_what_is_unknown_is_told_in_the_order_of_its_names(formula):
    found = told(changed("formula", formula))
    places = [found.index(f" {name!r}") for name in ("alpha", "beta", "delta", "eta", "zeta")]
    assert places == sorted(places)


def test_the_first_population_with_grades_of_its_own_is_named_if_they_are_ranked_together():
    part = {"tax_per_mu": {"weight": 1, "benchmark": 1}}
    name = {"zh": "甲", "en": "a"}
    plain = {"name": name, "parts": part}
    own = {**plain, "grades": [{"grade": "A"}]}
    rules = scheme(
        populations={"one": plain, "two": own, "three": own}, grading={"within": ["township"]}
    )
    assert "must have population, since two has grades of its own" in told(rules)


def test_where_no_columns_are_declared_one_that_was_not_supplied_may_be_named():
    rules = scheme(tax_add_back=["tax_relief_wan"])
    found = scheme_of(county(policy={"schemes": {"test": rules}}), "test")
    assert found.tax_add_back == ("tax_relief_wan",)


@pytest.mark.parametrize(
    ("base", "own", "whole"),
    [
        ({"a": 1}, {"a": {"b": 2}}, {"a": {"b": 2}}),
        ({"a": {"b": 1}}, {"a": 3}, {"a": 3}),
        ({}, {"a": {"b": 2}}, {"a": {"b": 2}}),
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": None, "z": None}, {}),
    ],
)
def test_a_mapping_goes_over_a_mapping_key_by_key_and_over_all_else_as_a_whole(base, own, whole):
    assert _over(base, own) == whole


def test_everything_that_is_wrong_is_told_at_once():
    rules = changed("populations.all.parts.tax_per_mu", {"weight": "many", "benchmark": "2 *"})
    rules["gradng"], rules["negative"] = {}, 0
    found = told(rules)
    for part in ("'many' must be a number", "'2 *' is no formula", "'gradng'", "negative: 0"):
        assert part in found


def test_what_stands_for_a_missing_figure_may_come_from_the_others():
    part = {"weight": 100, "benchmark": 20, "missing": "quantile(50)"}
    rules = changed("populations.all.parts.tax_per_mu", part)
    points = scheme_of(county(policy={"schemes": {"test": rules}}), "test")
    assert points.populations["all"].parts["tax_per_mu"].missing.points.text == "quantile(50)"


def test_an_unknown_scheme_is_told_with_the_nearest():
    with pytest.raises(ConfigurationError, match=r"no scheme 'defualt' \(did you mean 'default'"):
        scheme_of(county(), "defualt")


def test_a_scheme_may_change_a_few_keys_of_another():
    own = {
        "based_on": "test",
        "source": "本县",
        "populations": {"all": {"parts": {"tax_per_mu": {"benchmark": 20}}}},
    }
    policy = {"schemes": {"test": scheme(), "own": own}}
    one = scheme_of(county(policy=policy), "own")
    part = one.populations["all"].parts["tax_per_mu"]
    assert (part.weight, part.benchmark.text, one.source) == (100, "20", "本县")


@pytest.mark.parametrize(
    ("base", "message"), [("nothing", "there is no scheme 'nothing'"), ("own", "based on itself")]
)
def test_what_a_scheme_is_based_on_must_be_another(base, message):
    policy = {"schemes": {"own": {**scheme(), "based_on": base}}}
    with pytest.raises(ConfigurationError, match=message):
        scheme_of(county(policy=policy), "own")


def test_a_countys_scheme_goes_before_the_kits_file_by_file(tmp_path):
    folder = tmp_path / "policy" / "schemes"
    folder.mkdir(parents=True)
    own = {**scheme(), "source": "本县办法"}
    (folder / "default.yml").write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
    policy = load_policy("policy", beside=tmp_path)
    assert policy["schemes"]["default"]["source"] == "本县办法"
    assert policy["schemes"]["huaian"] == POLICY["schemes"]["huaian"]
    assert policy["tax"] == POLICY["tax"]


def test_a_scheme_without_a_source_is_refused(tmp_path):
    folder = tmp_path / "policy" / "schemes"
    folder.mkdir(parents=True)
    (folder / "own.yml").write_text("name: {zh: 本县, en: own}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"own\.yml: must say its `source`"):
        load_policy("policy", beside=tmp_path)


def test_a_malformed_adjustment_is_refused():
    policy = {"adjustments": {"source": "试验", "adjustments": [{"usci": "a", "yaer": 2021}]}}
    with pytest.raises(ConfigurationError, match=r"'yaer' \(did you mean 'year'"):
        evaluated(taxes(1.0), scheme(), policy=policy)


def test_a_malformed_named_formula_is_refused():
    policy = {"formulas": {"source": "试验", "formulas": {"f": "w *"}}}
    with pytest.raises(ConfigurationError, match=r"policy formulas: formulas\.f: 'w \*' is no"):
        scheme_of(firm_county(taxes(1.0), scheme(), policy=policy), "test")


def test_the_schemes_stand_one_a_file():
    files = sorted(path.stem for path in (kit_root() / "data/policy/schemes").glob("*.yml"))
    assert files == SCHEMES
    assert {
        "default",
        "huangyan-2021",
        "huangyan-2022",
        "huaian",
        "jingde",
        "wenling",
        "changle",
    } <= {*files}


def test_the_guide_names_every_fact_figure_and_function():
    text = (kit_root() / "data/policy/schemes/README.md").read_text(encoding="utf-8")
    names = {*FACTS, *FIGURES, *FUNCTIONS, *OF_A_SPREAD, *DAYS, *OF_A_GRADE, *MADE}
    assert not {name for name in names if f"`{name}" not in text}


def test_the_guides_example_is_a_scheme():
    text = (kit_root() / "data/policy/schemes/README.md").read_text(encoding="utf-8")
    example = yaml.safe_load(text.split("```yaml\n")[1].split("```")[0])
    policy = {"schemes": {**POLICY["schemes"], "example": example}}
    assert scheme_of(county(policy=policy, is_declared=True), "example").grading.small_group == 20


OWN = """\
based_on: {base}
name: {{zh: 本县, en: own}}
source: 本县办法
formula: mini(w, x)
exclude:
  new:
    when: known(registered_onn)
grading:
  grades:
    - {{grade: A, to_pct: 80}}
    - {{grade: B, to_pct: 20, wen: 1}}
populatons: {{}}
"""
FAULTS = {
    "line 4: formula: there is no function 'mini' (did you mean 'min'?)": "第 4 行",
    "line 7: exclude.new.when: nothing here is called 'registered_onn' (did you mean"
    " 'registered_on'?)": "第 7 行：exclude.new.when：这里没有叫“registered_onn”的",
    "line 9: grading.grades: to_pct must rise from the best grade to the worst": "须从最好的等级",
    "line 11: grading.grades[2]: unknown key 'wen' (did you mean 'when'?)": "没有“wen”这个键",
    "line 12: unknown key 'populatons' (did you mean 'populations'?)": "（是不是“populations”？）",
}


def in_folder(tmp_path, base="default", **files):
    """Give the policy of a county whose schemes stand as files."""
    folder = tmp_path / "policy" / "schemes"
    folder.mkdir(parents=True)
    for name, text in {"own": OWN.format(base=base), **files}.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return load_policy("policy", beside=tmp_path)


def test_every_fault_of_a_scheme_file_has_its_line_in_both_languages(tmp_path):
    with pytest.raises(ConfigurationError) as error:
        scheme_of(county(policy=in_folder(tmp_path), is_declared=True), "own")
    name = "policy schemes/own.yml: "
    told = {fault.removeprefix(name): fault.zh for fault in error.value.faults}
    for fault, zh in FAULTS.items():
        assert fault in told
        assert zh in told[fault]
        assert told[fault].startswith("政策 schemes/own.yml：第 ")


def test_a_fault_of_what_a_scheme_takes_over_is_told_without_a_line_of_another_file(tmp_path):
    more = "based_on: own\nsource: 又一份\nname: {zh: 甲, en: A}\nnegative: zro\n"
    policy = in_folder(tmp_path, more=more)
    with pytest.raises(ConfigurationError) as error:
        scheme_of(county(policy=policy, is_declared=True), "more")
    told = [fault.removeprefix("policy schemes/more.yml: ") for fault in error.value.faults]
    assert "line 4: negative: 'zro' must be one of zero, keep (did you mean 'zero'?)" in told
    assert "formula: there is no function 'mini' (did you mean 'min'?)" in told


@pytest.mark.parametrize(("base", "zh"), [("defualt", "是不是“default”？"), ("own", "成了循环")])
def test_what_a_scheme_is_based_on_is_told_with_its_line(tmp_path, base, zh):
    with pytest.raises(ConfigurationError, match=r"own\.yml: line 1: based_on: ") as error:
        scheme_of(county(policy=in_folder(tmp_path, base), is_declared=True), "own")
    assert error.value.zh.startswith("政策 schemes/own.yml：第 1 行：based_on：")
    assert zh in error.value.zh


def test_all_files_that_are_no_policy_are_told_at_once(tmp_path):
    with pytest.raises(ConfigurationError) as error:
        in_folder(tmp_path, a="a: [1\n", b="name: x\n", c="source: ' '\n")
    assert [fault.split(":")[0] for fault in error.value.faults] == [
        "policy a.yml",
        "policy b.yml",
        "policy c.yml",
    ]
    assert "政策 c.yml：第 1 行：应写 source（依据）" in error.value.zh
