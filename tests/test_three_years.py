"""Three years of monthly, quarterly and annual reports, alone, with faults thrown in."""

import json
from datetime import UTC, date, datetime, time

import pytest

from pages import HEAD, code, write_pages, zh
from three_years import (
    CHANGES,
    FAULTS,
    LATE,
    due_days,
    faults_of,
    published_by,
    revised,
    tiny_trial,
)

REVISE_MONTHS = 3
OF_THE_KIT = {"2021-12", "2021Q4"}


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Live through them once: two pages of a tiny bundle, for these two periods by the kit."""
    folder = tmp_path_factory.mktemp("years")
    pages = {"first": [code(HEAD)], "second": [code(HEAD), zh("## 二")]}
    trial = tiny_trial(folder, write_pages(folder / "notebooks", **pages), OF_THE_KIT)
    trial.live()
    return trial


def published(trial):
    own = {
        period: [datetime.fromisoformat(moment) for moment, _ in those]
        for period, those in trial.place.press.printing.published.items()
    }
    return {**own, **published_by(trial.place.out)}


@pytest.mark.heavy
def test_every_period_is_published_once_on_its_day_and_again_only_where_its_data_changed(lived):
    assert faults_of(published(lived), REVISE_MONTHS) == []
    assert len(published(lived)) == 51
    assert sum(revised(REVISE_MONTHS).values()) == 5


@pytest.mark.heavy
def test_revisions_of_the_kit_are_numbered_and_the_former_ones_are_kept(lived):
    out = lived.place.out / "county"
    for period in OF_THE_KIT:
        names = sorted(path.name for path in out.iterdir() if path.name.startswith(period))
        assert names == [period, f"{period}-r00"]
        for number, name in enumerate(reversed(names)):
            about = json.loads((out / name / "manifest.json").read_text(encoding="utf-8"))
            assert about["publication"]["number"] == number
            assert (out / name / "first.html").is_file()


@pytest.mark.heavy
def test_every_fault_was_thrown_in_and_seen(lived):
    assert set(FAULTS) | set(CHANGES) <= set(lived.codes)
    events = [kind for kind, _ in lived.place.said]
    assert events.count("set_back") == 1
    assert events.count("retried") == 2 + 3 * 7
    assert {lived.codes[name] for name in ("2021-05-15T06:30", "2021-07-15T06:30")} == {1}
    assert lived.codes["2021-09-16T12:30"] == 69
    assert lived.codes["busy"] == 75
    assert lived.codes["2021-11-15T06:30"] == 1
    taken = [about["month"] for kind, about in lived.place.said if kind == "taken"]
    assert len(taken) == len(set(taken)) + len(CHANGES)  # figures that came twice in a month
    assert {name[:7] for name, code in lived.codes.items() if code} == {
        *("busy", "2021-05", "2021-07", "2021-09", "2021-11"),
    }


@pytest.mark.heavy
def test_in_the_end_nothing_is_left_to_do_and_nothing_lies_about(lived):
    status = lived.place.status
    assert [status[name] for name in ("due", "missed", "failing", "next")] == [{}, {}, {}, None]
    assert len(status["stands"]) == 51
    assert not list(lived.place.bundle.glob("inbox/*"))
    assert not (lived.place.bundle / ".taking").exists()
    assert not (lived.place.out / ".staging").exists()
    assert lived.place.states("2024-03-10") == dict.fromkeys(due_days(), "made")


def noon(day):
    return datetime.combine(day, time(12), UTC)


def test_what_is_wrong_with_three_years_is_found():
    """The judgement above can fail."""
    counts = revised(REVISE_MONTHS)
    good = {
        period: [noon(LATE.get(period, day))] * (1 + counts[period])
        for period, day in due_days().items()
    }
    assert faults_of(good, REVISE_MONTHS) == []
    late = {**good, "2023-03": [noon(date(2023, 4, 16))]}
    (fault,) = faults_of(late, REVISE_MONTHS)
    assert fault == "2023-03: published on 2023-04-16, was due on 2023-04-15"
    twice = {**good, "2023": good["2023"] * 2}
    assert faults_of(twice, REVISE_MONTHS) == ["2023: 2 publications, 1 expected"]
    lacking = {period: moments for period, moments in good.items() if period != "2023"}
    assert faults_of(lacking, REVISE_MONTHS) == ["2023: was never published"]
