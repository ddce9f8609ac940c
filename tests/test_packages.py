"""What the tests need beside Python: one list, installed where that is allowed, told elsewhere."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tenglong.source.place import kit_root

ROOT = kit_root()
LISTED = [
    line
    for line in (ROOT / "tests" / "packages.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
TOOLS = ("sh", "sed", "tr", "dirname", "env", "make", "mkdir", "touch")


@pytest.fixture
def machine(tmp_path):
    """A machine that has nothing but a shell: `has(name, script)` gives it a program."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool))

    def has(name, script):
        file = programs / name
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)

    has.path, has.log = str(programs), tmp_path / "log"
    return has


def installs(machine):
    command = ["sh", str(ROOT / "tests" / "packages.sh")]
    return subprocess.run(
        command, env={"PATH": machine.path}, capture_output=True, text=True, check=False
    )


def lacks(machine, package):
    machine(
        "dpkg-query",
        f'case "$4" in {package}) exit 1 ;; *) printf "install ok installed" ;; esac',
    )


def test_where_nothing_is_missing_nothing_is_said_or_done(machine):
    lacks(machine, "none")
    done = installs(machine)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_root_installs_what_is_missing_and_nothing_else(machine):
    lacks(machine, "chromium")
    machine("id", "echo 0")
    machine("apt-get", f'echo "$@" >> {machine.log}')
    assert installs(machine).returncode == 0
    update, install = machine.log.read_text(encoding="utf-8").splitlines()
    assert update.startswith("update")
    assert install.split()[-1] == "chromium"
    assert not set(install.split()) & (set(LISTED) - {"chromium"})


def test_whoever_may_become_root_without_a_password_does(machine):
    lacks(machine, "poppler-utils")
    machine("id", "echo 1000")
    machine("sudo", 'shift; exec "$@"')
    machine("true", "exit 0")
    machine("apt-get", f'echo "$@" >> {machine.log}')
    assert installs(machine).returncode == 0
    assert "poppler-utils" in machine.log.read_text(encoding="utf-8")


def test_who_may_not_is_told_the_command_and_nothing_runs(machine):
    lacks(machine, "postgresql-postgis")
    machine("id", "echo 1000")
    machine("apt-get", f'echo "$@" >> {machine.log}')
    done = installs(machine)
    assert done.returncode == 69
    assert "sudo apt-get install --no-install-recommends postgresql-postgis" in done.stderr
    assert not machine.log.exists()


def test_a_failed_installation_fails(machine):
    lacks(machine, "chromium")
    machine("id", "echo 0")
    machine("apt-get", "exit 100")
    assert installs(machine).returncode != 0


def test_a_machine_that_is_no_debian_is_told_the_program_that_it_lacks(machine):
    done = installs(machine)
    assert done.returncode == 69
    assert "chromium is missing" in done.stderr


@pytest.mark.parametrize(
    ("python", "remedy"),
    [
        ("exit 1", "Python 3.11 or later"),
        ('case "$2" in *ensurepip*) exit 1 ;; esac', "apt-get install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_told_with_its_remedy(machine, tmp_path, python, remedy):
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    machine("python3", python)
    done = subprocess.run(
        ["make", "env"],
        cwd=tmp_path,
        env={"PATH": machine.path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert remedy in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_make_and_the_readmes_use_the_one_list():
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "tests/packages.txt" in text
        assert not any(re.search(rf"`{package}`", text) for package in LISTED)
    assert "packages.sh" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert not any(name in (ROOT / ".ci" / "run").read_text(encoding="utf-8") for name in LISTED)


def test_no_name_on_the_list_carries_a_version():
    assert not any(re.search(r"\d", package) for package in LISTED)


def test_this_machine_has_all_of_them():
    assert Path(sys.executable).exists()
    assert installs_here().returncode == 0


def installs_here():
    command = ["dpkg-query", "--show", *LISTED]
    return subprocess.run(command, env=os.environ, capture_output=True, check=False)
