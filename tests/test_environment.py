"""pyproject.toml, environment.yml, the locks and what is installed agree."""

import ast
import sys
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from environment import ROOT, conda, locked, requirements

RUN, WANTED = requirements("clone"), requirements("clone", "tools")
LOCKS = (ROOT / "requirements.lock", ROOT / "tests" / "requirements.lock")
RUN_LOCK, TOOLS_LOCK = (locked(path) for path in LOCKS)
LOCK = {**RUN_LOCK, **TOOLS_LOCK}
# What one command of a developer needs, and the kit does not: `make mutants` brings it by itself.
BESIDE = [
    Requirement(line)
    for line in (ROOT / "tests" / "mutants.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_the_lock_pins_every_dependency_within_its_limits():
    for requirement in WANTED:
        assert LOCK[canonicalize_name(requirement.name)] in requirement.specifier


@pytest.mark.parametrize("name", [requirement.name for requirement in WANTED])
def test_what_is_installed_is_what_the_lock_pins(name):
    assert Version(version(name)) == LOCK[canonicalize_name(name)]


def test_who_only_runs_needs_no_tools_of_tests():
    assert {canonicalize_name(one.name) for one in RUN} <= set(RUN_LOCK)
    assert not set(RUN_LOCK) & set(TOOLS_LOCK)
    assert {"pytest", "ruff", "mypy", "uv", "hypothesis"} <= set(TOOLS_LOCK)


def test_environment_yml_is_what_make_lock_writes():
    assert (ROOT / "environment.yml").read_text(encoding="utf-8") == conda()


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.parent.name)
def test_every_pin_has_a_hash_and_names_no_host(path):
    text = path.read_text(encoding="utf-8")
    entries = text.replace("\\\n", " ").splitlines()
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text


def test_what_a_developer_s_command_brings_is_pinned_and_no_part_of_the_kit():
    assert BESIDE
    assert all(str(one.specifier).startswith("==") for one in BESIDE)
    assert not {canonicalize_name(one.name) for one in BESIDE} & set(LOCK)
    assert not [path for path in ROOT.glob("lib/**/*.py") if "cosmic_ray" in _imports(path)]


def test_every_package_that_the_code_imports_is_listed():
    listed = {canonicalize_name(requirement.name) for requirement in [*WANTED, *BESIDE]}
    known = packages_distributions()
    files = [*ROOT.glob("lib/**/*.py"), *ROOT.glob("tests/*.py"), *ROOT.glob("data/sample/**/*.py")]
    for path in files:
        for name in _imports(path) - set(sys.stdlib_module_names) - {"tenglong"}:
            dists = {canonicalize_name(dist) for dist in known.get(name, (name,))}
            local = any(
                (folder / f"{name}.py").exists() or (folder / name).is_dir()
                for folder in path.parents
            )
            assert local or dists & listed, f"{path.relative_to(ROOT)} imports {name}"


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    ]
    names += [
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
    ]
    return {name.split(".")[0] for name in names}
