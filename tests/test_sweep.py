"""Whatever happens while a report is published, the one before or the one after is there, whole."""

import pytest

import sweep

pytestmark = pytest.mark.heavy
EVERY = 16  # of the steps that `make sweep` goes through


def test_a_kill_or_a_refusal_at_any_step_leaves_a_whole_report_and_the_next_run_publishes():
    assert sweep.swept(every=EVERY, start=1) == {}


@pytest.mark.parametrize("call", ["rename", "renameat2", "fsync"])
@pytest.mark.parametrize("fault", [sweep.KILL, "error=ENOSPC"])
def test_so_does_one_at_the_very_change_of_places(tmp_path, call, fault):
    numbers = sweep.calls(tmp_path, first=False)[call]
    assert len(numbers)
    step = sweep.Step(call, numbers[-1], fault)
    assert list(sweep.wrong(tmp_path / "again", step, first=False)) == []


def test_the_sweep_sees_a_report_that_is_half(tmp_path, monkeypatch):
    monkeypatch.setattr(sweep, "FILES", (*sweep.FILES, "never.html"))
    step = sweep.Step("mkdir", 9999, sweep.KILL)
    assert any("left" in line for line in sweep.wrong(tmp_path, step, first=True))
