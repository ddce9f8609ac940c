"""What one kernel has worked out, the next one of the run finds; what has changed, it works out."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from tenglong.errors import ConfigurationError
from tenglong.measure.board import board as of_board
from tenglong.measure.board.board import assess_plan
from tenglong.measure.firm.places import within
from tenglong.run.snapshots import ready
from tenglong.source import snapshot
from tenglong.source.bundle import describe_bundle, examine_bundle, open_county
from tenglong.source.derived import Derived
from tenglong.source.snapshot import write_snapshot


def fresh(*_):
    pytest.fail("it was worked out again")


def test_a_second_kernel_finds_what_the_first_has_worked_out(tmp_path):
    assert Derived(tmp_path / "a").get("one", lambda: [1]) == [1]
    assert Derived(tmp_path / "a").get("one", fresh) == [1]


def test_a_kernel_is_given_the_same_object_twice(tmp_path):
    derived = Derived(tmp_path)
    assert derived.get("one", lambda: [1]) is derived.get("one", fresh)


def test_names_and_places_are_kept_apart(tmp_path):
    derived = Derived(tmp_path)
    derived.get("league ../a/b", lambda: 1)
    assert derived.get("league .._a_b", lambda: 2) == 2
    assert derived.within("330328100").get("league ../a/b", lambda: 3) == 3
    assert all(path.is_relative_to(tmp_path) for path in tmp_path.rglob("*"))


def test_work_that_fails_is_not_kept(tmp_path):
    with pytest.raises(ZeroDivisionError):
        Derived(tmp_path).get("one", lambda: 1 // 0)
    assert Derived(tmp_path).get("one", lambda: 2) == 2


def test_who_asks_while_another_is_at_work_waits_for_it(tmp_path):
    both, worked = Barrier(2), []

    def ask(number):
        both.wait()
        return Derived(tmp_path).get("one", lambda: worked.append(number) or number)

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(ask, (1, 2)))
    assert told == worked * 2


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Give the sample as the kernels of a run find it, with the plan judged by one of them."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("run")
        patch.setenv(snapshot.VARIABLE, str(folder))
        write_snapshot(examine_bundle(describe_bundle("data/sample")), folder)
        read = examine_bundle(describe_bundle("data/sample"))
        assess_plan(read.on("2022-06-30"))
        return read


def test_the_plan_is_judged_once_a_day(found, monkeypatch):
    monkeypatch.setattr(of_board, "_assessed", fresh)
    assert len(assess_plan(found.on("2022-06-30")).assessments) > 50
    with pytest.raises(pytest.fail.Exception):
        assess_plan(found.on("2022-06-29"))


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Give the folder of a run that has read the sample."""
    monkeypatch.setenv(snapshot.VARIABLE, str(tmp_path))
    monkeypatch.setattr(snapshot, "_opened", {})
    write_snapshot(examine_bundle(describe_bundle("data/sample")), tmp_path)
    return tmp_path


def test_the_process_that_kernels_are_forked_from_has_judged_the_plan_for_them(run, monkeypatch):
    ready(str(run), "2022-06-30")
    shutil.rmtree(run)
    monkeypatch.setattr(of_board, "_assessed", fresh)
    county = open_county("data/sample", "2022-06-30")
    assert len(assess_plan(county).assessments) > 50


def test_a_plan_that_cannot_be_judged_is_told_by_the_page_that_needs_it(run, monkeypatch):
    def refuse(*_):
        raise ConfigurationError("policy bands: …")

    monkeypatch.setattr(of_board, "_assessed", refuse)
    ready(str(run), "2022-06-30")
    with pytest.raises(ConfigurationError, match="bands"):
        assess_plan(open_county("data/sample", "2022-06-30"))


@pytest.mark.parametrize("name", ["policy", "tables", "plan", "as_of", "crs"])
def test_of_a_county_that_is_made_from_another_nothing_is_kept(found, name):
    county = found.on("2022-06-30")
    made = replace(county, **{name: getattr(county, name)})
    assert made.keep.derived.get("assess_plan", lambda: "anew") == "anew"


def test_the_same_policy_leaves_a_county_as_it_is(found):
    county = found.on("2022-06-30")
    assert county.by(county.policy) is county
    assert county.by(dict(county.policy)).keep.derived.get("assess_plan", lambda: "anew") == "anew"


def test_a_township_s_results_are_its_own(found):
    county = found.on("2022-06-30")
    own = within(county, "大峃镇")
    assert own.keep.derived.get("assess_plan", lambda: "its own") == "its own"
    assert within(county, "大峃镇").keep.derived.get("assess_plan", fresh) == "its own"
    assert within(county, "").keep.derived is county.keep.derived


def test_a_result_that_was_kept_says_what_a_fresh_one_says(found):
    county = found.on("2022-06-30")
    kept, anew = assess_plan(county), assess_plan(replace(county))
    told = [(one.clause.id, one.status, one.actual, one.reason) for one in kept.assessments]
    assert told == [(one.clause.id, one.status, one.actual, one.reason) for one in anew.assessments]
