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
    machine("python3", python)
    done = sets_up(machine, tmp_path, "env")
    assert done.returncode != 0
    assert remedy in done.stderr
    assert not (tmp_path / ".venv").exists()


def sets_up(machine, folder, target):
    (folder / "tests").mkdir(exist_ok=True)
    for name in ("Makefile", "requirements.lock", "pyproject.toml", "tests/requirements.lock"):
        shutil.copy(ROOT / name, folder / name)
    return subprocess.run(
        ["make", target],
        cwd=folder,
        env={"PATH": machine.path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def python(machine):
    """A machine whose python3 makes a .venv that writes down what it is asked."""
    inner = f'echo "pip $@ $UV_DEFAULT_INDEX" >> {machine.log}; case "$4" in get) exit 1 ;; esac'
    made = f"printf '#!/bin/sh\n%s\n' '{inner}' > .venv/bin/python; chmod +x .venv/bin/python"
    machine("python3", f'case "$2" in venv) mkdir -p .venv/bin; {made} ;; esac')
    (Path(machine.path) / "chmod").symlink_to(shutil.which("chmod"))
    return machine


def asked_of(machine, program):
    lines = machine.log.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(program) and "config get" not in line]


def test_uv_installs_where_it_is_and_says_what(python, tmp_path):
    python("uv", f'echo "uv $@" >> {python.log}')
    done = sets_up(python, tmp_path, "env")
    assert done.returncode == 0
    run, tools = asked_of(python, "uv")
    assert "--require-hashes --requirement requirements.lock" in run
    assert tools.endswith("--requirement tests/requirements.lock")
    assert "installing requirements.lock into .venv" in done.stderr
    assert not [line for line in asked_of(python, "pip") if "--requirement" in line]


def test_pip_installs_the_same_pins_where_uv_cannot(python, tmp_path):
    python("uv", "exit 2")
    done = sets_up(python, tmp_path, "env")
    assert done.returncode == 0
    asked = [line for line in asked_of(python, "pip") if "--requirement" in line]
    assert [line.split()[-1] for line in asked] == ["requirements.lock", "tests/requirements.lock"]
    assert all("--require-hashes" in line for line in asked)
    assert "so pip does it" in done.stderr


def test_uv_itself_comes_from_the_lock_where_the_machine_has_none(python, tmp_path):
    assert sets_up(python, tmp_path, "env").returncode == 0
    lock = (tmp_path / ".venv" / "uv.lock").read_text(encoding="utf-8")
    assert lock.startswith("uv==")
    assert lock.count("==") == 1
    assert "--hash=sha256:" in lock
    assert ".venv/uv.lock" in asked_of(python, "pip")[0]


def test_who_only_makes_reports_gets_no_tools(python, tmp_path):
    python("uv", f'echo "uv $@" >> {python.log}')
    sets_up(python, tmp_path, "report")
    (run,) = asked_of(python, "uv")
    assert "tests/requirements.lock" not in run


def test_paths_with_blanks_reach_the_command_whole(python, tmp_path):
    python("uv", "exit 0")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    command = tmp_path / ".venv" / "bin" / "tenglong"
    command.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {python.log}.asked\n", encoding="utf-8")
    command.chmod(0o755)
    sets_up(python, tmp_path, "env")
    done = subprocess.run(
        ["make", "report", "BUNDLE=my county", "OUT=a b", "TOWNSHIP=大峃 镇"],
        cwd=tmp_path,
        env={"PATH": python.path},
        check=False,
    )
    assert done.returncode == 0
    asked = Path(f"{python.log}.asked").read_text(encoding="utf-8").splitlines()
    assert asked[:4] == ["report", "my county", "--township", "大峃 镇"]
    assert asked[4:6] == ["--out", "a b"]


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
