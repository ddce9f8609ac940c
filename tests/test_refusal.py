"""Whatever goes wrong ends in a documented code and one line; a traceback is asked for."""

import errno
import logging
import os
import re
import resource
import subprocess
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest
import yaml

from intake import write_bundle
from stand_in import standing_for
from tenglong.run import cli
from tenglong.run.refusal import REMEDIES, refusal
from tenglong.source.place import kit_root

CLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@contextmanager
def at_most(kind, most):
    former = resource.getrlimit(kind)
    resource.setrlimit(kind, (most, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(kind, former)


def full_disk():
    with Path("/dev/full").open("w") as file:
        file.write("x")


def too_many_files():
    held = []
    try:
        with at_most(resource.RLIMIT_NOFILE, 64):
            while True:
                held.append(os.dup(2))
    finally:
        for one in held:
            os.close(one)


def too_large_a_file(folder):
    def writes():
        with at_most(resource.RLIMIT_FSIZE, 1000):
            (folder / "x").write_bytes(b"x" * 10_000)

    return writes


def no_memory():
    with at_most(resource.RLIMIT_AS, 8 * 2**30):
        return bytearray(2**40)


def too_deep():
    return repr(nested(sys.getrecursionlimit() * 3))


def nested(depth):
    whole = []
    for _ in range(depth):
        whole = [whole]
    return whole


def no_table():
    pd.read_csv(os.devnull)


def no_parquet():
    pyarrow.parquet.read_table(__file__)


@pytest.mark.parametrize(
    ("fails", "code", "said"),
    [
        (full_disk, 73, "no space left on device; free some space"),
        (Path("x" * 300).read_bytes, 73, "file name too long; choose shorter names"),
        (Path("/no/such").read_bytes, 66, "/no/such: no such file or directory; see"),
        (Path("/dev/null/x").read_bytes, 66, "not a directory; a part of its path"),
        (Path("/").read_bytes, 66, "is a directory; it is a folder"),
        (too_many_files, 71, "too many open files; let more files be open"),
        (no_memory, 71, "memory has run out; close other programs"),
        (too_deep, 65, "a file is nested too deeply"),
        (b"\xff".decode, 65, "save it as UTF-8"),
        (no_table, 65, "a file cannot be read (EmptyDataError: No columns"),
        (no_parquet, 65, "a file cannot be read (ArrowInvalid: Parquet"),
        (lambda: yaml.safe_load("a: ["), 78, "a file cannot be read (ParserError: while parsing"),
        (lambda: {}["x"], 70, "a fault of the kit itself (KeyError: 'x'); please report it"),
        (lambda: os.kill(2**22 + 7, 0), 71, "the system refused (ProcessLookupError"),
    ],
)
def test_what_goes_wrong_is_a_code_and_one_line(fails, code, said, monkeypatch, capsys):
    standing_for(monkeypatch, lambda: fails() and None)
    assert cli.main(["report"]) == code
    told = capsys.readouterr()
    assert told.err.startswith("tenglong: ")
    assert told.err.count("\n") == 1
    assert said in told.err
    assert told.out == ""


def test_a_file_that_may_not_become_so_large_is_told(tmp_path, monkeypatch, capsys):
    standing_for(monkeypatch, too_large_a_file(tmp_path))
    assert cli.main(["report"]) == 73
    assert "file too large; let files be larger (ulimit -f)" in capsys.readouterr().err


@pytest.mark.parametrize("number", sorted(REMEDIES))
def test_what_the_system_says_of_a_file_names_the_file(number):
    told = refusal(OSError(number, os.strerror(number), "/srv/a.html"))
    assert told.message.startswith("/srv/a.html: ")
    assert "; " in told.message
    assert told.code in (66, 71, 73, 74, 77)


def test_the_whole_of_a_fault_is_kept_for_its_owner_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TENGLONG_CACHE", str(tmp_path / "cache"))
    standing_for(monkeypatch, lambda: {}["x"])
    for _ in range(2):
        assert cli.main(["report"]) == 70
    log = tmp_path / "cache" / "fault.log"
    assert f"the whole of it: {log}\n" in capsys.readouterr().err
    assert "KeyError: 'x'" in log.read_text(encoding="utf-8")
    assert [path.stat().st_mode & 0o077 for path in (log, log.parent)] == [0, 0]


def test_a_fault_whose_story_cannot_be_kept_is_told_all_the_same(tmp_path, monkeypatch, capsys):
    (tmp_path / "no-folder").touch()
    monkeypatch.setenv("TENGLONG_CACHE", str(tmp_path / "no-folder"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "no-folder"))
    standing_for(monkeypatch, lambda: {}["x"])
    assert cli.main(["report"]) == 70
    assert capsys.readouterr().err.endswith("--debug tells the whole of it\n")


def test_who_asks_for_it_gets_the_traceback_and_what_libraries_say(monkeypatch, capsys):
    def fails():
        logging.getLogger("somebody").warning("a library's own word")
        return {}["x"]

    standing_for(monkeypatch, fails)
    assert cli.main(["report"]) == 70
    quiet = capsys.readouterr().err
    assert "Traceback" not in quiet
    assert "own word" not in quiet
    assert cli.main(["--debug", "report"]) == 70
    loud = capsys.readouterr().err
    assert "Traceback" in loud
    assert "a library's own word" in loud
    assert loud.splitlines()[-1].startswith("tenglong: a fault of the kit itself")


def test_what_the_kit_itself_logs_is_one_line(monkeypatch, capsys):
    standing_for(monkeypatch, lambda: logging.getLogger("tenglong").warning("a\nb"))
    assert cli.main(["report"]) == 0
    assert capsys.readouterr().err == "tenglong: a b\n"


def test_a_warning_of_a_library_is_not_printed():
    script = (
        "import sys, warnings, click; from tenglong.run import cli\n"
        "said = click.command('say')(lambda: warnings.warn('noise'))\n"
        "cli.LazyGroup.get_command = lambda self, ctx, name: said\n"
        "sys.exit(cli.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-W", "always", "-c", script]
    for asked, is_heard in ((["say"], False), (["--debug", "say"], True)):
        run = subprocess.run([*command, *asked], capture_output=True, text=True, check=True)
        assert ("noise" in run.stderr) is is_heard


def test_the_filters_of_warnings_are_the_callers_own(monkeypatch, capsys):
    def warns():
        warnings.warn("noise", stacklevel=1)

    standing_for(monkeypatch, warns)
    assert cli.main(["report"]) == 70  # these tests make an error of it
    assert "noise" in capsys.readouterr().err


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_is_no_fault(closed):
    command = ["sh", "-c", f"{sys.executable} -m tenglong plan --json {closed}"]
    run = subprocess.run(command, capture_output=True, check=False, cwd=kit_root())
    assert run.returncode == 0
    assert b"Traceback" not in run.stderr


# --- what data may say to a terminal --------------------------------------------------------------

NASTY = "县\x1b]0;owned\x07\x1b[2J\x9b31m\x7f\r"


@pytest.mark.parametrize(
    "asked", [["check"], ["check", "--json"], ["targets"], ["targets", "--json"]]
)
def test_no_escape_sequence_of_the_data_reaches_the_terminal(asked, tmp_path):
    table = tmp_path / "enterprises.csv"
    table.write_text(f"统一社会信用代码,企业名称,{NASTY}\n1,{NASTY},x\n", encoding="utf-8")
    write_bundle(tmp_path, {"enterprises": {"file": "enterprises.csv"}})
    about = yaml.safe_load((tmp_path / "bundle.yml").read_text(encoding="utf-8"))
    about["name"] = {"zh": NASTY, "en": NASTY}
    (tmp_path / "bundle.yml").write_text(yaml.safe_dump(about), encoding="utf-8")
    command = [sys.executable, "-m", "tenglong", asked[0], tmp_path, *asked[1:]]
    run = subprocess.run(command, capture_output=True, check=False, cwd=kit_root())
    said = (run.stdout + run.stderr).decode()
    assert "县" in said or "\\u" in said
    assert not CLEAN.search(said)


def test_neither_do_those_of_an_error(monkeypatch, capsys):
    def fails():
        raise ValueError(NASTY)

    standing_for(monkeypatch, fails)
    cli.main(["report"])
    assert not CLEAN.search(capsys.readouterr().err)


def test_a_wrong_word_of_the_command_line_is_told_clean(capsys):
    assert cli.main(["\x1b[31m"]) == 64
    assert not CLEAN.search(capsys.readouterr().err)
    assert errno.ENOSPC in REMEDIES
