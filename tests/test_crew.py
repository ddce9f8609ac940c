"""Notebooks that run at once."""

import os
import sys
from functools import partial

import pytest

from forked import printed, run, wait_until
from tenglong.run.crew import crew_of
from tenglong.run.kernel.kernels import Kernels, kernels_of
from tenglong.run.kernel.kind import Kind

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(sys.platform != "linux", reason="forks need Linux"),
]


@pytest.fixture(scope="module")
def warm():
    with kernels_of(Kind.WARM) as kernels:
        yield kernels


def test_forked_kernels_run_at_once_and_each_gives_its_own_outcome(warm, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    met = """
import pathlib, time
here = pathlib.Path({folder!r})
(here / "{mine}").touch()
for _ in range(600):
    if (here / "{other}").exists():
        break
    time.sleep(0.05)
print("{mine} met {other}" if (here / "{other}").exists() else "nobody")"""
    pairs = [("one", "other"), ("other", "one")]
    cells = [met.format(folder=str(tmp_path), mine=mine, other=other) for mine, other in pairs]
    with crew_of(warm) as take:
        works = [take(partial(run, warm, cell)) for cell in cells]
        assert [printed(work()) for work in works] == ["one met other\n", "other met one\n"]


def test_on_ordinary_kernels_work_is_done_when_somebody_waits_for_it():
    done = []
    with crew_of(Kernels({})) as take:
        one, other = (take(lambda name=name: done.append(name)) for name in ("one", "other"))
        assert done == []
        other()
        one()
    assert done == ["other", "one"]


def test_an_interruption_ends_the_notebooks_that_run_and_begins_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    cell = "import pathlib, time\npathlib.Path({!r}).touch()\ntime.sleep(60)"
    names = first, second = [tmp_path / "first", tmp_path / "second"]
    works = []

    def interrupted(kernels):
        with crew_of(kernels) as take:
            works.extend(take(partial(run, kernels, cell.format(str(name)))) for name in names)
            wait_until(first.exists)
            raise KeyboardInterrupt

    with kernels_of(Kind.WARM) as kernels:
        with pytest.raises(KeyboardInterrupt):
            interrupted(kernels)
        assert "died" in works[0]().log
        assert not second.exists()
        assert "the run is over" in run(kernels, "1").log


def test_what_goes_wrong_in_one_work_is_told_to_who_waits_for_it(warm):
    def fails():
        raise OSError("the disk is full")

    with crew_of(warm) as take:
        work = take(fails)
        with pytest.raises(OSError, match="the disk is full"):
            work()
