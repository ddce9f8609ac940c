"""Reports made by the workers of a cluster: each lands once, whoever dies."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

import labour
from tenglong.errors import SourceError
from tenglong.run import manifest
from tenglong.run.batch import workers
from tenglong.run.batch.foreman import run
from tenglong.run.batch.unit import Unit
from tenglong.run.batch.work import work
from tenglong.run.batch.workers import cluster, local
from tenglong.source.place import kit_root

pytestmark = pytest.mark.heavy
PATIENCE_S = 120


class Cluster:
    """A scheduler and workers of this machine, as an administrator starts them."""

    def __init__(self, folder, count):
        paths = os.pathsep.join([str(Path(labour.__file__).parent), str(kit_root() / "lib")])
        self._environment = {**os.environ, "PYTHONPATH": paths}
        told = folder / "scheduler.json"
        self.processes = [self._start("scheduler", "--scheduler-file", told, "--port", "0")]
        labour.wait_for(told)
        for number in range(count):
            place = folder / f"worker{number}"
            asked = ("--scheduler-file", told, "--nthreads", "1", "--local-directory", place)
            self.processes.append(self._start("worker", *asked))
        self.address = self._address(told)

    def _start(self, what, *asked):
        return subprocess.Popen(
            [sys.executable, "-m", "dask", what, *map(str, asked), "--no-dashboard"],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @staticmethod
    def _address(told):
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                return json.loads(told.read_text())["address"]
            except ValueError:
                assert time.monotonic() < end
                time.sleep(0.05)

    def end(self):
        for one in self.processes:
            os.killpg(one.pid, signal.SIGKILL)
            one.wait()


@contextmanager
def started(folder, count):
    folder.mkdir()
    made = Cluster(folder, count)
    try:
        yield made
    finally:
        made.end()


def standing(out):
    return sorted(path.parent.name for path in out.glob("county/*/first.html"))


def killing(slow, crew, units, kill):
    """Run units, and kill who is at work on the slow one once the other has landed."""
    with ThreadPoolExecutor(1) as aside:
        running = aside.submit(run, units, crew, worker=labour.waiting)
        begun = labour.wait_for(labour.note(slow, "begun"))
        labour.wait_for(slow.out / units[0].name / "first.html")
        kill(int(begun.read_text(encoding="utf-8").split()[0]))
        labour.note(slow, "go").touch()
        return running.result(PATIENCE_S)


def test_reports_land_once_when_a_worker_is_killed_and_stay_when_the_scheduler_is(tmp_path, capsys):
    out = tmp_path / "out"
    with started(tmp_path / "cluster", 2) as those:
        crew = partial(cluster, those.address)
        first = labour.units(tmp_path, out, "quick", "slow")
        assert killing(first[1], crew, first, lambda pid: os.kill(pid, signal.SIGKILL)) == ()
        begun = labour.note(first[1], "begun").read_text(encoding="utf-8").split()
        assert len(set(begun)) == 2  # another process began it anew
        assert standing(out) == ["quick", "slow"]
        said = capsys.readouterr().err
        assert [said.count(name) for name in ("county/quick: ok", "county/slow: ok")] == [1, 1]

        second = labour.units(tmp_path, out, "quick2", "slow2")
        with pytest.raises(SourceError, match="the cluster no longer answers") as told:
            killing(second[1], crew, second, lambda _: those.processes[0].kill())
    assert told.value.exit_code == 69
    assert standing(out) == ["quick", "quick2", "slow"]
    assert (out / "index.html").is_file()
    assert not (out / ".staging").exists()
    assert run(second, partial(local, 1), worker=labour.at_once) == ()
    assert standing(out) == ["quick", "quick2", "slow", "slow2"]


def test_without_a_scheduler_nothing_is_begun(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE_S", 1)
    units = labour.units(tmp_path, tmp_path / "out", "one")
    with pytest.raises(SourceError, match="no scheduler answers there"):
        run(units, partial(cluster, "tcp://127.0.0.1:9"), worker=labour.at_once)
    assert standing(tmp_path / "out") == []


@pytest.fixture
def unit(tmp_path):
    """A unit whose one file is here, in a kit of the same versions."""
    (tmp_path / "firms.csv").write_bytes(b"usci\n")
    digest = manifest.digest(tmp_path / "firms.csv")
    inputs = {str(tmp_path / "firms.csv"): digest}
    return Unit(Path("county/2022"), tmp_path, "/nowhere", {}, None, inputs, manifest.versions())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: path.write_bytes(b"usci\n1\n"), "sees another firms.csv than was asked for"),
        (lambda path: path.unlink(), "sees no firms.csv"),
    ],
)
def test_a_worker_that_sees_another_file_says_so(unit, tmp_path, change, reason):
    change(tmp_path / "firms.csv")
    assert reason in work(unit).failed[""]


def test_a_worker_of_another_version_says_so(unit):
    other = replace(unit, versions={**unit.versions, "pandas": "2.0.0"})
    reason = work(other).failed[""]
    assert f"has pandas {manifest.versions()['pandas']}, not 2.0.0" in reason
