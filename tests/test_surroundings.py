"""`tenglong report` wherever it is run: other clocks, locales, homes, limits; two at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pages import HEAD, code, write_bundle, write_pages
from tenglong.errors import BusyError, UsageError, WriteError

pytestmark = pytest.mark.heavy
PAGE = Path("county", "2022-06-30", "first.html")
DOCUMENTED = range(64, 79)
# The command as it is at a moment, for all that asks the time in its process.
AT = """
import sys
from datetime import datetime
import time_machine
time_machine.travel(datetime.fromisoformat(sys.argv.pop(1))).start()
from tenglong.run.cli import main
sys.exit(main())
"""


class Place:
    """A bundle, a page, and folders of reports that one command writes."""

    def __init__(self, folder):
        self.folder = folder
        self.bundle = write_bundle(folder / "bundles" / "county")
        self.notebooks = write_pages(folder / "notebooks", first=[code(HEAD)])

    def begun(self, *more, out="out", limit="", at="", **variables):
        """Begin a run, at a moment of another clock; a variable that is None is not there."""
        env = {**os.environ, "TENGLONG_CACHE": "", **variables}
        env = {name: str(value) for name, value in env.items() if value is not None}
        folder = out if Path(out).is_absolute() else self.folder / out
        asked = ["report", self.bundle, "--notebooks", self.notebooks, "--out", folder, *more]
        within = ["prlimit", f"--{limit}"] if limit else []
        program = ["-c", AT, at] if at else ["-m", "tenglong"]
        command = [*within, sys.executable, *program, *map(str, asked)]
        return subprocess.Popen(
            command,
            env=env,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def made(self, *more, **surroundings):
        """Run to the end; give the exit code and what was said, but for the progress."""
        with self.begun(*more, **surroundings) as run:
            _, said = run.communicate(timeout=120)
        return run.returncode, [line for line in said.splitlines() if not line.startswith("[")]

    def page(self, out="out"):
        """Give the page of a folder of reports; nothing where there is none."""
        path = self.folder / out / PAGE
        return path.read_bytes() if path.exists() else b""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Give a place with a good report in `out`."""
    place = Place(tmp_path_factory.mktemp("place"))
    assert place.made() == (0, [])
    return place


ODD = (
    {"HOME": None, "XDG_CACHE_HOME": None, "USER": None, "TENGLONG_CACHE": None},
    {"HOME": "/no/such/folder", "XDG_CACHE_HOME": None, "TENGLONG_CACHE": None},
    {"TZ": "Pacific/Kiritimati", "LANG": "C", "LC_ALL": "C"},
    {"TZ": "no/such/zone", "LANG": "zh_CN.GB18030", "LC_ALL": None},
    {"LC_ALL": "tr_TR.UTF-8", "COLUMNS": "1", "TERM": "dumb"},
    {"TMPDIR": "/no/such/folder", "PYTHONWARNINGS": "error"},
)


@pytest.mark.parametrize(("number", "variables"), list(enumerate(ODD)))
def test_the_page_is_the_same_to_the_byte_wherever_it_is_made(place, number, variables):
    out = f"odd{number}"
    code, said = place.made(out=out, **variables)
    assert (code, [line for line in said if "Traceback" in line]) == (0, [])
    assert place.page(out) == place.page()


def test_a_folder_for_scratch_with_blanks_and_chinese_letters_will_do(place):
    scratch = place.folder / "临 时"
    scratch.mkdir()
    assert place.made(out="scratch", TMPDIR=scratch) == (0, [])
    assert place.page("scratch") == place.page()
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("limit", ["nofile=24", "nofile=64", "fsize=4096", "as=700000000"])
def test_under_a_limit_it_is_made_or_told_in_lines_and_the_last_good_one_stays(place, limit):
    before = place.page()
    code, said = place.made("-p", "limit=5", limit=limit)
    assert code in (0, 1, *DOCUMENTED), said
    assert not any("Traceback" in line for line in said)
    assert place.page() in (before, before.replace(b" 20<", b" 5<"))
    assert place.made()[0] == 0
    assert place.page() == before


def test_a_run_that_the_system_ends_leaves_the_last_good_one(place):
    assert place.made(limit="cpu=1")[0] < 0
    assert place.made() == (0, [])


@pytest.mark.parametrize("out", ["/proc/tenglong", "/dev/null/reports"])
def test_where_nothing_can_be_written_that_is_one_line(place, out):
    code, said = place.made(out=out)
    assert (code, len(said)) == (WriteError.exit_code, 1)


def test_of_two_at_once_one_makes_the_report_and_one_is_told_to_wait(place):
    runs = [place.begun(out="both") for _ in range(2)]
    ends = [(run.communicate(timeout=120)[1], run.returncode) for run in runs]
    assert {code for _, code in ends} <= {0, BusyError.exit_code}
    assert 0 in {code for _, code in ends}
    assert place.page("both") == place.page()
    assert not any("Traceback" in said for said, _ in ends)


def test_a_clock_that_goes_backwards_serves_nothing_stale(tmp_path):
    place = Place(tmp_path)
    kept = {"TENGLONG_CACHE": str(tmp_path / "cache")}
    assert place.made(**kept, at="2030-01-01T12:00+00:00")[0] == 0
    write_pages(place.notebooks, first=[code(HEAD), code("'后来'")])
    os.utime(place.notebooks / "first.ipynb", (1, 1))
    assert place.made(**kept, at="2024-02-29T23:59:59+00:00")[0] == 0
    assert "后来".encode() in place.page()
    about = json.loads((tmp_path / "out" / PAGE.parent / "manifest.json").read_text())
    assert about["finished_at"].startswith("2024-0")


def test_today_is_also_the_29th_of_february(tmp_path):
    place = Place(tmp_path)
    assert place.made("--as-of", "today", at="2024-02-29T12:00+00:00") == (0, [])
    assert (tmp_path / "out" / "county" / "2024-02-29" / "first.html").is_file()
    code, said = place.made("--as-of", "2023-02-29")
    assert code == UsageError.exit_code
    assert len(said) == 1
