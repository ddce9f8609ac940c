"""Which code a page depends on, and whether a notebook reads what is not known."""

import ast
import json
import subprocess
import sys

import pytest

from tenglong.run.cache.code import code
from tenglong.run.cache.reach import is_known, sources_of
from tenglong.source.place import kit_root

KIT = code()
NOTEBOOKS = sorted((kit_root() / "notebooks").glob("*.ipynb"))


def cells_of(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("folder", sorted({name.split("/")[0] for name in KIT.modules.values()}))
def test_no_import_that_python_sees_is_overlooked(folder):
    """The oracle is the parser; the code itself looks for words."""
    for name in KIT.modules.values():
        if name.split("/")[0] != folder:
            continue
        text = KIT.texts[name].decode()
        seen = KIT.modules.keys() & set(imported(ast.parse(text)))
        known = {KIT.modules[module] for module in seen}
        assert known <= KIT.needed(text), name


def test_what_a_notebook_imports_when_it_runs_is_what_is_said():
    """The oracle is a process that has imported it, and one page's module beside."""
    path = kit_root() / "notebooks" / "league.ipynb"
    lines = "import json, sys, tenglong.place\nfrom tenglong import show\n"
    lines += "from tenglong.show.pages import league, league_sheets, rules\n"
    lines += "import tenglong.measure.sheet.league\n"
    lines += "print(json.dumps([name for name in sys.modules if name.startswith('tenglong')]))"
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, check=True)
    loaded = {KIT.modules[name] for name in json.loads(done.stdout)}
    needed = KIT.needed(*sources_of(cells_of(path)))
    assert loaded <= needed
    assert "show/pages/league.py" in needed
    assert "show/pages/enterprises.py" not in needed


def write(folder, **files):
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "words.yml").write_text("a: b")
    return code(folder)


def test_needs_are_followed_through_modules_packages_and_names_put_together(tmp_path):
    kit = write(
        tmp_path,
        run__report="import tenglong.base",
        base="",
        show__pages__first="from tenglong.show.pages import (\n    helper,\n    other as o,\n)",
        show__pages__helper="def f():\n    from tenglong.lazy import x",
        show__pages__other='import_module(f"tenglong.sheet.{name}")',
        show__pages__second="",
        lazy="",
        sheet__a="",
        sheet__b="",
    )
    always = {"words.yml", "run/report.py", "base.py"}
    assert kit.needed("1 + 1") == always
    pages = {f"show/pages/{name}.py" for name in ("first", "helper", "other")}
    assert kit.needed("from tenglong.show.pages import first") == (
        always | pages | {"lazy.py", "sheet/a.py", "sheet/b.py"}
    )


def test_one_digest_tells_of_every_file(tmp_path):
    before = write(tmp_path, a="1", run__report="").digest
    assert write(tmp_path, a="1", run__report="").digest == before
    assert write(tmp_path, a="2", run__report="").digest != before


def test_code_that_changed_while_a_process_ran_is_told(tmp_path):
    assert KIT.is_older_than_process()
    assert not write(tmp_path, run__report="").is_older_than_process()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_all_that_the_kits_own_notebooks_read_is_known(path):
    assert is_known(cells_of(path))


@pytest.mark.parametrize(
    "source",
    [
        "import pandas as pd",
        "from pathlib import Path",
        "from . import beside",
        "from tenglong.source.file.read import read_raw",
        "from tenglong.source import open_county as f",
        "import tenglong as tl\ntl.open('data/cambridge')",
        "import tenglong as tl\nf = tl.open",
        "import tenglong as tl\ntl.source.file",
        "import tenglong as tl\nbundle = 'data/cambridge'\ntl.open(bundle)",
        "open(bundle).read()",
        "open('a.csv')",
        "eval('1')",
        "().__class__",
        "%run other.ipynb",
        "!cat a.csv",
    ],
)
def test_a_notebook_that_may_read_more_is_told(source):
    assert not is_known([{"cell_type": "code", "source": source, "metadata": {}}])
