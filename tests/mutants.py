"""Whether the tests would see a slip in what judges and ranks: `make mutants`.

Draws mutants of packages of `measure/` (one comparison, number, filter, order or blank changed
in a copy of the tree), runs the nearest tests for each, and prints those that none of them kills.
The nearest tests are the doctests of the module and those from which what is changed is the fewest
steps of use away (see `nearest.py`), up to some seconds of CPU time.
`docs/mutants.md` tells what was found.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from py_compile import PycInvalidationMode
from py_compile import compile as compiled

import pytest
from hypothesis import settings

import mutations
from nearest import Nearest

ROOT = Path(__file__).resolve().parents[1]
MEASURE = Path("lib/tenglong/measure")
PACKAGES = (
    *("judge", "board", "league", "evaluation", "clearance", "land", "project", "title"),
    *("published", "chain", "carbon", "firm", "parcel", "bulletin", "slip"),
)
# Imported once, before a process for each mutant is forked.
HEAVY = (
    *("geopandas", "playwright.sync_api", "xdist.plugin", "yaml", "docx"),
    *("xlsxwriter", "pyogrio", "lxml.etree", "jinja2", "click", "rich.console"),
)
QUIET = (
    *("-q", "-x", "-n", "0", "-p", "no:cacheprovider", "--hypothesis-profile", "quick"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # of what is imported already
)
LIGHT = ("-m", "not heavy and not long")
MOST_TESTS, AT_ONCE = 300, 30
KILLED, SURVIVED = 1, 0


@dataclass(eq=False)
class Watch:
    """A plugin of pytest: writes down the first failure, and stops when the time is over."""

    cpu: float
    failed: list[str] = field(default_factory=list)
    passed: int = 0

    def pytest_runtest_logreport(self, report):
        self.passed += report.when == "call" and report.passed
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_collectreport(self, report):
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_runtest_teardown(self, item):
        if time.process_time() > self.cpu:
            item.session.shouldstop = "the time is over"


def main(arguments: list[str]) -> int:
    """Draw, try and tell; the exit code says whether too many survive."""
    asked = _asked(arguments)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "tree"
        _copy(root)
        os.chdir(root)
        sys.path[:0] = [str(root / "lib"), str(root / "tests")]
        paths = [
            path.relative_to(root)
            for name in asked.packages
            for path in sorted((root / MEASURE / name).glob("*.py"))
        ]
        nearest = Nearest(root)
        for name in HEAVY:
            import_module(name)
        # The profile of conftest.py, which examples alone do not load.
        settings.register_profile("quick", deadline=None, max_examples=20)
        survivors, drawn, killers = [], Counter(), {}
        for mutant in mutations.sample(root, paths, asked.size, asked.seed):
            if asked.at and str(mutant) not in asked.at:
                continue
            drawn[mutant.path.parent.name] += 1
            killer = _tried(root, mutant, nearest.to(mutant.path, mutant.line), asked.cpu)
            print(f"{'killed  ' if killer else 'SURVIVED'} {mutant}  {killer or ''}", flush=True)
            if killer:
                killers[killer] = str(mutant)
            else:
                survivors.append(mutant)
                print(f"    - {mutant.before}\n    + {mutant.after}", flush=True)
        wrong = _fails_unchanged(sorted(killers))
        _tell(survivors, drawn, wrong)
    return int(bool(wrong) or len(survivors) * 10 > drawn.total())


def _asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=120, help="how many mutants (120)")
    parser.add_argument("--seed", type=int, default=1, help="which ones are drawn (1)")
    parser.add_argument("--cpu", type=float, default=40, help="CPU seconds for one mutant (40)")
    parser.add_argument("--at", action="append", help="of these, only the one at FILE:LINE")
    parser.add_argument("packages", nargs="*", default=PACKAGES, help="packages of measure (all)")
    return parser.parse_args(arguments)


def _copy(root: Path) -> None:
    """Copy what git knows or would take; a module's bytecode is valid for its text alone."""
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    done = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, done.stdout.split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    for path in (root / "lib").rglob("*.py"):
        compiled(str(path), invalidation_mode=PycInvalidationMode.CHECKED_HASH)


def _tried(root: Path, mutant: mutations.Mutant, near: list[str], cpu: float) -> str:
    """Run tests on a mutant until one kills it, and name that: first those that start at once."""
    file = root / mutant.path
    kept = file.read_text(encoding="utf-8")
    file.write_text(mutant.code, encoding="utf-8")
    try:
        first, rest = [str(mutant.path), *near[:AT_ONCE]], near[AT_ONCE:MOST_TESTS]
        for tests, share in ((first, cpu / 3), (rest, cpu * 2 / 3)):
            if not tests:
                continue
            code, said = _forked(tests, share)
            if code != SURVIVED:
                return said or f"exit {code}"
    finally:
        file.write_text(kept, encoding="utf-8")
    return ""


def _forked(tests: list[str], cpu: float) -> tuple[int, str]:
    """Give the exit code of a forked pytest, and what failed in it first."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as pipe:
            said = pipe.read()
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said
    code = KILLED
    try:
        watch = _watched(tests, cpu)
        os.write(writer, "".join(watch.failed[:1]).encode())
        code = KILLED if watch.failed else SURVIVED
    finally:
        os._exit(code)


def _watched(tests: list[str], cpu: float) -> Watch:
    """Run the tests in this process, silently; an endless loop ends it."""
    spent = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent + 4 * cpu), int(spent + 4 * cpu) + 1))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    watch = Watch(spent + cpu)
    code = pytest.main([*QUIET, *LIGHT, *tests], plugins=[watch])
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
        watch.failed.append(f"pytest: {code.name}")
    return watch


def _fails_unchanged(killers: list[str]) -> list[str]:
    """Name what killed a mutant and fails without one, too: it proves nothing.

    A mutant that never came to an end (`exit -24`) was killed by no test.
    """
    known = [name for name in killers if name.startswith(("lib/", "tests/"))]
    if not known or _forked(known, 600)[0] == SURVIVED:
        return []
    return [name for name in known if _forked([name], 600)[0] != SURVIVED]


def _tell(survivors: list[mutations.Mutant], drawn: Counter, wrong: list[str]) -> None:
    lost = Counter(mutant.path.parent.name for mutant in survivors)
    print("\n| package | drawn | survived |\n|---|---|---|")
    for name in drawn:
        print(f"| {name} | {drawn[name]} | {lost[name]} |")
    print(f"| all | {drawn.total()} | {lost.total()} |")
    print("\n| where | was | became |\n|---|---|---|")
    for mutant in survivors:
        was, became = (one.replace("|", r"\|") for one in (mutant.before, mutant.after))
        print(f"| {mutant} | `{was}` | `{became}` |")
    for name in wrong:
        print(f"fails on the unchanged tree, too: {name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
