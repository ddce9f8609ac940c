"""The command line: exit codes, one-line errors, a start that is not felt."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from stand_in import standing_for
from tenglong import __version__, errors
from tenglong.run import cli
from tenglong.source.place import kit_root

# What no report and no judgement needs, what only some pages need, and what help does not.
NEVER = {"mapclassify", "sklearn", "scipy", "matplotlib", "rfc3987_syntax.syntax_helpers"}
ELSEWHERE = {"psycopg", "docx", "xlsxwriter", "lxml", "papermill", "nbformat", "nbconvert"}
MAPS = {"folium", "branca", "requests"}
WORK = {"numpy", "pandas", "geopandas", "yaml", "rich", "jinja2", "playwright"}
UNUSED = {
    **dict.fromkeys(
        ("--help", *(f"{name} --help" for name in cli.COMMANDS)), NEVER | ELSEWHERE | MAPS | WORK
    ),
    "plan": NEVER | ELSEWHERE | MAPS,
    "targets data/sample": NEVER | ELSEWHERE | MAPS,
}
# Each in a process of its own, forked before anything but the command line was imported; and at
# last the page that sorts values into classes and draws a map.
IMPORTED = """
import json, os, sys
from tenglong.run.cli import main

def told(work):
    sys.stdout.flush()
    if (child := os.fork()):
        assert os.waitpid(child, 0)[1] == 0
        return
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    code = work()
    sys.stdout.flush()
    os.write(out, (json.dumps([code, *sorted(sys.modules)]) + "\\n").encode())
    os._exit(0)

def page():
    names = {}
    for cell in json.load(open("notebooks/parcel_map.ipynb"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    return 0

for command in sys.argv[1:]:
    told(lambda: main(command.split()))
told(page)
"""


def test_a_command_and_a_page_import_what_they_use_and_nothing_else():
    shown = subprocess.check_output(
        [sys.executable, "-c", IMPORTED, *UNUSED], text=True, cwd=kit_root()
    )
    imported = [json.loads(line) for line in shown.splitlines()]
    used = zip([*UNUSED.items(), ("page", NEVER | ELSEWHERE | {"rich"})], imported, strict=True)
    for (command, unused), (code, *modules) in used:
        assert (command, code, sorted(unused & {*modules})) == (command, 0, [])


def test_help_names_every_command(capsys):
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("plan", "targets", "report"))


def test_every_command_can_be_imported():
    group = cli.app
    for name in cli.COMMANDS:
        assert group.get_command(click.Context(group), name).name == name


def test_the_version_is_the_packages(capsys):
    assert cli.main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["reprot"], ["--nonsense"], ["report"], ["report", "x", "--language", "fr"]]
)
def test_a_wrong_command_line_is_exit_64_and_one_line(arguments, capsys):
    assert cli.main(arguments) == 64
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("tenglong: ")
    assert said.err.count("\n") == 1


def test_no_command_shows_the_help_and_is_exit_64(capsys):
    assert cli.main([]) == 64
    assert "Commands:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError, 64),
        (errors.DataError, 65),
        (errors.SourceError, 69),
        (errors.WriteError, 73),
        (errors.BusyError, 75),
        (errors.ConfigurationError, 78),
    ],
)
def test_an_error_is_its_exit_code_and_one_line(error, code, monkeypatch, capsys):
    def fails():
        raise error("the file\n is not there")

    standing_for(monkeypatch, fails)
    assert cli.main(["report"]) == code
    assert capsys.readouterr().err == "tenglong: the file is not there\n"


@pytest.mark.parametrize("code", [130, 143])
def test_an_interrupted_command_keeps_the_signals_code(code, monkeypatch, capsys):
    def stops():
        raise SystemExit(code)

    standing_for(monkeypatch, stops)
    assert cli.main(["report"]) == code
    assert capsys.readouterr().err == "tenglong: interrupted\n"


def printing(text):
    """Run a command that prints a text, in a process of its own."""
    script = (
        "import sys, click; from tenglong.run import cli\n"
        f"said = click.command('say')(lambda: print({text!a} * 9999))\n"
        "cli.LazyGroup.get_command = lambda self, ctx, name: said\n"
        "sys.exit(cli.main(['say']))"
    )
    return [sys.executable, "-c", script]


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("gbk", "1 亩-2√?"), ("cp1252", "1\N{NO-BREAK SPACE}?-2??"), ("utf-8", None)],
)
def test_what_a_console_cannot_show_is_printed_by_what_comes_nearest(encoding, shown):
    text = "1\N{NO-BREAK SPACE}亩\N{MINUS SIGN}2✔𬭎"
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    run = subprocess.run(printing(text), capture_output=True, check=True, env=environment)
    assert run.stdout.decode(encoding).startswith(shown or text)


def test_a_console_without_an_encoding_is_written_in_utf_8():
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    run = subprocess.run(printing("亩"), capture_output=True, check=True, env=environment)
    assert run.stdout.startswith("亩".encode())


def test_a_full_disk_is_one_line_and_no_traceback():
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            printing("亩"), stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert run.returncode == 73
    assert run.stderr.startswith("tenglong: cannot write the output")
    assert len(run.stderr.splitlines()) == 1


def test_a_reader_that_leaves_is_not_an_error():
    script = (
        "import sys, click; from tenglong.run import cli\n"
        "@cli.app.command('flood')\n"
        "def flood(): [print('x' * 99) for _ in range(9999)]\n"
        "cli.LazyGroup.get_command = lambda self, ctx, name: flood\n"
        "sys.exit(cli.main(['flood']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        run.stdout.readline()
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 141
