"""The rules of a league as a county writes them: what may stand, and what is refused by name."""

from itertools import combinations

import pytest

from tenglong.errors import ConfigurationError
from tenglong.measure.league.rule_file import league_rules
from test_league import DEPARTMENTS, EQUAL, TAX, item, policy

LISTED = {"table": "clearance_events"}
SOURCES = {
    "clause": "firms_closed",
    "indicator": TAX["indicator"],
    "official": "rate_{member}",
    "reported": {"t1": {"2022-01-01": 5}},
}
TARGETS = {"each": 5, "by": {"t1": 5}, "share_of_county": {"total": 12, "by": LISTED}}


def faults(items=None, **change):
    """Say what is wrong with a league's rules; nothing where they may stand."""
    try:
        league_rules(policy({"x": EQUAL} if items is None else items, **change))
    except ConfigurationError as error:
        return str(error)
    return ""


def faults_of_item(**change):
    """Say what is wrong with a league of one item, of which something is changed."""
    return faults({"x": {**EQUAL, **change}})


def of_one(source):
    """Give an item without a source of its figure but those that are named."""
    bare = {key: value for key, value in EQUAL.items() if key not in SOURCES}
    return {"x": {**bare, **{name: SOURCES[name] for name in source}}}


# ── members ──


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ("townships", ""),
        ({"a": "甲", "b": "乙"}, ""),
        ({"a": {"zh": "甲", "en": "Jia"}}, ""),
        ({"a": {"zh": "甲"}}, "members.a: "),
        ({"a": {"zh": "甲", "en": "Jia", "fr": "Jia"}}, "members.a: "),
        ({"a": {"甲": "zh", "乙": "en"}}, "members.a: "),
        ({"a": "甲", "b": 5}, "members.b: 5 must be a name"),
        ({"a": ["zh", "en"]}, "members.a: "),
        ("township", "(did you mean 'townships'?)"),
        (5, "members: 5 must be townships, units, or names by code"),
        (["townships"], "must be townships, units, or names by code"),
    ],
)
def test_members_are_townships_units_or_names_by_code(members, fault):
    said = faults(members=members)
    assert fault in said
    assert bool(said) is bool(fault)


@pytest.mark.parametrize(
    ("members", "has_clauses", "has_items", "may_stand"),
    [
        ("units", True, False, True),
        ("units", True, True, False),
        ("units", False, True, False),
        ("units", False, False, False),
        ("townships", False, True, True),
        ("townships", True, True, False),
        ("townships", False, False, False),
        ("townships", True, False, False),
        ({"a": "甲"}, False, True, True),
        ({"a": "甲"}, True, True, False),
    ],
)
def test_a_league_of_units_has_clauses_and_any_other_has_items(
    members, has_clauses, has_items, may_stand
):
    change = {"clauses": DEPARTMENTS["clauses"]} if has_clauses else {}
    said = faults({"x": EQUAL} if has_items else {}, members=members, **change)
    assert ("a league of units has `clauses` and no `items`" in said) is not may_stand


@pytest.mark.parametrize(
    ("status", "is_refused"),
    [
        *[(name, False) for name in ("achieved", "ahead", "on_track")],
        *[(name, False) for name in ("behind", "far_behind", "missed")],
        *[(name, True) for name in ("no_data", "stale", "awaiting", "no_baseline", "not_due")],
        *[(name, True) for name in ("not_applicable", "not_quantifiable", "contradictory")],
    ],
)
def test_only_what_is_judged_may_stand_for_a_completion(status, is_refused):
    clauses = {**DEPARTMENTS["clauses"], "without_progress": {status: 1}}
    said = faults({}, **{**DEPARTMENTS, "clauses": clauses})
    assert (f"without_progress: no status '{status}'" in said) is is_refused
    assert bool(said) is is_refused


# ── items ──


@pytest.mark.parametrize("weight", [0.01, 0, -1])
def test_an_item_weighs_more_than_nothing(weight):
    assert ("x.weight: must be more than 0" in faults_of_item(weight=weight)) is (weight <= 0)


def test_an_item_has_one_source_of_its_figure_and_no_more():
    said = "must have one of `clause`, `indicator`, `official` and `reported`"
    for source in SOURCES:
        assert faults(of_one([source])) == "", source
    for pair in combinations(SOURCES, 2):
        assert said in faults(of_one(pair)), pair
    assert said in faults(of_one([]))
    assert said in faults(of_one(SOURCES))


def test_an_item_has_one_target_and_no_more():
    said = "x.target: must have one of `each`, `by` and `share_of_county`"
    for name, target in TARGETS.items():
        assert faults_of_item(target={name: target}) == "", name
    for pair in combinations(TARGETS, 2):
        assert said in faults_of_item(target={name: TARGETS[name] for name in pair}), pair
    assert said in faults_of_item(target=TARGETS)
    assert said in faults_of_item(target={})


@pytest.mark.parametrize(
    ("shared", "may_stand"),
    [
        ({"total": 12}, True),
        ({"total": 0}, True),
        ({"clause": "firms_closed"}, True),
        ({"total": 12, "clause": "firms_closed"}, False),
        ({}, False),
    ],
)
def test_a_share_is_of_a_total_or_of_a_clause(shared, may_stand):
    said = faults_of_item(target={"share_of_county": {**shared, "by": LISTED}})
    assert ("must have `total` or `clause`" in said) is not may_stand
    assert bool(said) is not may_stand


@pytest.mark.parametrize(
    ("indicator", "fault"),
    [
        ({"name": "projects_reached", "stage": "landed_on"}, ""),
        ("projects_reached", "x.indicator: must be a mapping with a `name`"),
        ({"stage": "landed_on"}, "x.indicator: must be a mapping with a `name`"),
        ({"name": 5}, "x.indicator: must be a mapping with a `name`"),
        ({"name": "fund_share"}, "no indicator of a township 'fund_share'"),
        ({"name": "project_reached"}, "(did you mean 'projects_reached'?)"),
        ({"name": "projects_reached"}, "x.indicator: projects_reached: missing a required"),
        ({"name": "projects_reached", "stage": "landed_on", "least": 5}, "unexpected keyword"),
    ],
)
def test_an_indicator_of_a_township_is_named_with_its_options(indicator, fault):
    bare = of_one([])["x"]
    said = faults({"x": {**bare, "indicator": indicator}})
    assert fault in said
    assert bool(said) is bool(fault)


@pytest.mark.parametrize(
    ("day", "is_refused"), [("2022-02-28", False), ("2022-02-29", True), ("二月", True)]
)
def test_a_figure_is_reported_on_a_day_that_there_is(day, is_refused):
    said = faults_of_item(reported={"t1": {"2022-01-31": 4, day: 5}})
    assert (f"x.reported.t1: '{day}' is not a day" in said) is is_refused
    assert "'2022-01-31'" not in said


def test_the_formula_of_an_item_is_read_as_closely_as_that_of_the_league():
    assert faults_of_item(completion="min(progress / pace, actual / target)") == ""
    assert "x.completion: 'progres' is not known" in faults_of_item(completion="progres")
    assert faults(completion="min(progress / pace, actual / target)") == ""
    assert "t.completion: 'gap' is not known" in faults(completion="gap")


def test_what_is_not_known_is_told_by_the_alphabet():
    names = [f"{letter}_wan" for letter in "hgfedcba"]
    said = faults(completion=" + ".join(names))
    places = [said.index(f"'{name}' is not known here") for name in sorted(names)]
    assert places == sorted(places)
    functions = [f"{letter}_of" for letter in "hgfedcba"]
    said = faults(completion=" + ".join(f"{name}(progress)" for name in functions))
    places = [said.index(f"there is no function '{name}'") for name in sorted(functions)]
    assert places == sorted(places)


# ── bonuses and deductions ──


@pytest.mark.parametrize("kind", ["bonuses", "deductions"])
@pytest.mark.parametrize(
    ("points", "counts", "may_stand"),
    [
        ("0.5 * counted", True, True),
        ("0.5 * counted", False, False),
        ("missed + items + judged + unknown + score", False, True),
        ("missed + counted", True, True),
        ("not_missed", False, False),
    ],
)
def test_points_go_by_the_statuses_and_by_what_is_counted(kind, points, counts, may_stand):
    extra = {"name": {"zh": "加", "en": "b"}, "points": points}
    extra |= {"count": {"table": "parcels"}} if counts else {}
    said = faults(**{kind: {"b": extra}})
    assert (f"t.{kind}.b.points: " in said) is not may_stand


def test_nothing_is_counted_by_unit():
    extra = {"name": {"zh": "加", "en": "b"}, "points": "counted", "count": {"table": "parcels"}}
    assert "b.count: nothing is counted by unit" in faults({}, **DEPARTMENTS, bonuses={"b": extra})
    assert faults(bonuses={"b": extra}) == ""


# ── lights ──


def lights(**whens):
    """Give lights in their order, each with its rule or with none."""
    rules = [{"light": name, "label": {"zh": name, "en": name}} for name in whens]
    return [
        {**rule, **({"when": when} if when else {})}
        for rule, when in zip(rules, whens.values(), strict=True)
    ]


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        (lights(green=None), []),
        (lights(red="gap < -30", green=None), []),
        (lights(red="gap < -30", yellow="gap < -10", green="gap >= -10"), []),
        (lights(red="gap < -30", yellow=None, green=None), ["yellow"]),
        (lights(red=None, yellow="gap < -10", green=None), ["red"]),
        (lights(red=None, yellow=None, blue=None, green=None), ["red", "yellow", "blue"]),
    ],
)
def test_every_light_but_the_last_has_a_rule(given, lacking):
    said = faults(lights=given)
    needing = [name for name in ("red", "yellow", "blue", "green") if f"{name} needs a" in said]
    assert needing == lacking
    assert bool(said) is bool(lacking)


def test_each_light_stands_once_and_one_stands_at_least():
    assert "must be at least one, each light once" in faults(lights=[])
    twice = [*lights(red="gap < -30"), *lights(red="gap < -10"), *lights(green=None)]
    assert "must be at least one, each light once" in faults(lights=twice)


def test_a_light_may_go_by_all_that_is_known_of_a_month():
    known = ("change", "gap", "is_started", "months_not_started", "of", "pace", "progress", "rank")
    rule = " + ".join([*known, "total", "worst_gap", "months_red", "months_green"])
    assert faults(lights=lights(red=f"{rule} > 0", green=None)) == ""
    assert "'completion' is not known" in faults(lights=lights(red="completion < 1", green=None))


def test_a_league_of_townships_with_an_item_may_stand():
    assert faults({"x": item({"t1": 5}, 10)}) == ""
