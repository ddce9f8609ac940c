"""Many reports in one run: handed out, and each landing whole, or not at all."""

import io
import json
import os
import signal
import subprocess
import sys
from functools import partial

import pytest

import labour
from pages import HEAD, code, write_bundle, write_pages
from publishing import about_of, publish, whole
from tenglong.errors import BusyError
from tenglong.run import report
from tenglong.run.batch.estimate import NAME, Estimate
from tenglong.run.batch.foreman import Tally, run
from tenglong.run.batch.landing import landing
from tenglong.run.batch.unit import Delivery, read_files
from tenglong.run.batch.workers import local
from tenglong.run.cli import main
from tenglong.run.progress import Progress
from tenglong.run.publish import opened
from tenglong.run.request import request
from tenglong.run.room import TakenError

pytestmark = pytest.mark.heavy
ONE, TWO = partial(local, 1), partial(local, 2)


def standing(out):
    return sorted(path.parent.name for path in out.glob("county/*/first.html"))


def test_one_that_fails_or_breaks_stops_no_other_and_is_told(tmp_path, capsys):
    out = tmp_path / "out"
    units = labour.units(tmp_path, out, "good", "bad", "broken", "better")
    failed = run(units, TWO, worker=labour.failing)
    assert standing(out) == ["better", "good"]
    assert set(failed) == {out / ".failed" / "county" / "bad", out}
    assert (out / ".failed" / "county" / "bad" / "first.log").read_bytes() == b"why"
    said = capsys.readouterr().err
    assert "county/bad: first: ValueError: why" in said
    assert "county/broken: KeyError: 'no such thing'" in said
    assert (out / "index.html").is_file()
    assert not (out / ".staging").exists()


@pytest.mark.parametrize("crew", [TWO, ONE])
@pytest.mark.parametrize("order", [("once", "ever", "good"), ("ever", "once", "good")])
def test_a_report_whose_process_is_killed_is_made_by_another(tmp_path, capsys, order, crew):
    """Also one that was not begun when another's process died, and whose own dies only then."""
    out = tmp_path / "out"
    failed = run(labour.units(tmp_path, out, *order), crew, worker=labour.dying)
    assert standing(out) == ["good", "once"]
    assert failed == (out,)
    assert "county/ever: its process died twice" in capsys.readouterr().err


def test_while_a_batch_runs_no_other_run_writes_there(tmp_path):
    units = labour.units(tmp_path, tmp_path / "out", "good")
    with opened(tmp_path / "out"), pytest.raises(BusyError):
        run(units, TWO, worker=labour.at_once)


def test_what_has_come_to_stand_there_while_a_batch_ran_is_not_replaced(tmp_path):
    """The folder is the batch's own, but not from the moment on at which it was looked at."""
    out = tmp_path / "out"
    (unit,) = labour.units(tmp_path, out, "2022Q2")
    publish(out, 0)
    made = Delivery(unit.name, {"manifest.json": json.dumps(about_of()).encode()})
    with landing([out]) as ground, pytest.raises(TakenError, match="was published on"):
        ground.land(unit, made)
    assert whole(out / unit.name) == 0


def test_a_batch_gives_the_bytes_of_single_runs(tmp_path, capsys):
    bundles = [write_bundle(tmp_path / name) for name in ("east", "west")]
    notebooks = write_pages(tmp_path / "notebooks", first=[code(HEAD)])
    for bundle in bundles:
        wanted = request(str(bundle), out=tmp_path / "single", notebooks=notebooks)
        report.make(wanted, Progress(io.StringIO(), 1))
    places = ["--notebooks", str(notebooks), "--out", str(tmp_path / "batch")]
    assert main(["report", *map(str, bundles), *places]) == 0, capsys.readouterr().err
    once, again = (_reports(tmp_path / name) for name in ("single", "batch"))
    assert once == again
    assert set(json.loads((tmp_path / "batch" / NAME).read_text())) == {
        "east/county",
        "west/county",
    }
    changed = bundles[0] / "enterprises.csv"
    changed.unlink()
    assert main(["report", *map(str, bundles), *places]) == 65
    assert _reports(tmp_path / "batch") == once


def _reports(out):
    found = read_files(out)
    about = {name: json.loads(raw) for name, raw in found.items() if name.endswith("manifest.json")}
    for one in about.values():
        one.pop("finished_at")
    hidden = {name for name in found if name.startswith(".")}
    return {name: about.get(name, raw) for name, raw in found.items() if name not in hidden}


def test_an_interrupted_batch_ends_its_kernels_and_leaves_nothing_half(tmp_path):
    bundles = [write_bundle(tmp_path / name) for name in ("east", "west")]
    mark = tmp_path / "pid"
    begun = f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    notebooks = write_pages(tmp_path / "notebooks", first=[code(HEAD), code(begun)])
    places = ["--notebooks", notebooks, "--out", tmp_path / "out", "--jobs", "1"]
    running = subprocess.Popen(
        [sys.executable, "-m", "tenglong", "report", *bundles, *places],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    labour.wait_for(mark)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "Traceback" not in said
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text() or "0"), 0)
    assert not list((tmp_path / "out").glob("*/*/manifest.json"))
    assert not (tmp_path / "out" / ".staging").exists()


def test_a_line_a_report_says_what_is_left_by_what_earlier_ones_took(tmp_path):
    units = labour.units(tmp_path, tmp_path / "out", "one", "two", "three")
    stream = io.StringIO()
    tally = Tally(units, Estimate({"county/county": 100.0}), stream)
    tally.line(labour.made(units[0]), units[1:], 2)
    tally.line(labour.made(units[2]), [], 2)
    first, last = stream.getvalue().splitlines()
    assert first == "[1/3] county/one: ok, 0.0 s, about 2 min left"
    assert last == "[2/3] county/three: ok, 0.0 s"


@pytest.mark.parametrize("text", ["", "[1]", '{"a": "soon"}'])
def test_durations_that_cannot_be_read_are_none(tmp_path, text):
    (tmp_path / NAME).write_text(text)
    assert Estimate.of(tmp_path).known == {}
