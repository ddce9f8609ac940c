"""The command itself, in processes of its own: nothing to do is seen before much is imported."""

import os
import subprocess
import sys

from pages import HEAD, code, write_bundle, write_pages

HEAVY = ("pandas", "numpy", "geopandas", "pyproj", "nbformat", "papermill", "nbconvert", "yaml")
RUN = f"""import sys
from tenglong.run.cli import main
code = main()
print([name for name in {HEAVY!r} if name in sys.modules])
sys.exit(code)
"""


def run(folder):
    asked = ["report", folder / "county", "--out", folder / "out", "--notebooks", folder / "notes"]
    around = {**os.environ, "TENGLONG_CACHE": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *asked], capture_output=True, text=True, env=around, check=True
    )
    return done.stdout.splitlines(), done.stderr


def test_an_unchanged_report_imports_neither_tables_nor_kernels(tmp_path):
    write_bundle(tmp_path / "county")
    write_pages(tmp_path / "notes", first=[code(HEAD)])
    (index, loaded), said = run(tmp_path)
    assert said.startswith("[1/1] first: ok")
    assert loaded == str(list(HEAVY))
    (again, loaded), said = run(tmp_path)
    assert (again, loaded, said) == (index, "[]", "1 page: unchanged\n")
