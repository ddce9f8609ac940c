"""The kit that is measured: this tree's, or that of another commit's worktree."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
import yaml

from bench.cost import best

HERE = Path(__file__).resolve().parents[2]
PLOOMBER = Path(__file__).parent / "requirements.txt"
LIMIT_S = 1800
OF_MANY = "province"  # is only made of several counties
EMPTY = """\
import tenglong as tl
from tenglong import show

county = tl.open(bundle, as_of)
show.masthead(county.page("board", language), title="{number}")"""


@dataclass(frozen=True)
class Kit:
    """A tree of the kit, and a folder in which its reports are made."""

    root: Path
    work: Path
    hundred: Path | None = None

    @cached_property
    def env(self):
        """The environment of every command: this tree's code, no cache but the bench's own."""
        paths = os.pathsep.join(str(path) for path in (self.root / "lib", HERE / "tests"))
        shared = Path(sys.prefix) / "share" / "jupyter"  # nbconvert's templates, for uv's Python
        return {
            **os.environ,
            "PYTHONPATH": paths,
            "JUPYTER_PATH": str(shared),
            "TENGLONG_CACHE": str(self.work / "cache"),
        }

    def run(self, command, *, limit=LIMIT_S, rounds=1):
        """Give what a command costs."""
        return best(command, rounds=rounds, cwd=self.root, env=self.env, limit=limit)

    def tenglong(self, *arguments):
        """Give the command of the kit."""
        return [sys.executable, "-m", "tenglong", *map(str, arguments)]

    def script(self, module, *arguments):
        """Give the command of a module of the bench."""
        return [sys.executable, "-m", f"bench.{module}", *map(str, arguments)]

    def beside(self, module, *arguments):
        """Give the command of a module of the bench with what requirements.txt adds to the kit."""
        uv = [shutil.which("uv") or Path(sys.executable).parent / "uv", "run", "--quiet"]
        these = ["--no-project", "--python", sys.executable, "--with-requirements", PLOOMBER]
        return [*map(str, uv + these), "python", "-m", f"bench.{module}", *map(str, arguments)]

    def has(self, option):
        """Tell whether `tenglong report` has an option."""
        told = subprocess.run(
            self.tenglong("report", "--help"),
            cwd=self.root,
            env=self.env,
            capture_output=True,
            text=True,
            check=True,
        )
        return option in told.stdout

    def fresh(self, name):
        """Give an empty folder, and forget what earlier runs kept."""
        shutil.rmtree(self.work / "cache", ignore_errors=True)
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def report(self, bundle, *options, limit=LIMIT_S):
        """Give what a report costs that is made for the first time."""
        command = self.tenglong("report", bundle, "--out", self.fresh("report"), *options)
        return self.run(command, limit=limit)

    @cached_property
    def pages(self):
        """The notebooks of a county's report, without files for the office."""
        folder = self.work / "notebooks"
        shutil.copytree(self.root / "notebooks", folder)
        told = yaml.safe_load((folder / "catalogue.yml").read_text(encoding="utf-8"))
        del told[OF_MANY]
        for entry in told.values():
            entry.pop("files", None)
        text = yaml.safe_dump(told, sort_keys=False, allow_unicode=True)
        (folder / "catalogue.yml").write_text(text, encoding="utf-8")
        return folder

    def empty_pages(self, count):
        """Write notebooks that open the data and show nothing."""
        folder = self.fresh(f"empty{count}")
        declared = nbformat.read(self.root / "notebooks" / "targets.ipynb", as_version=4)
        parameters = next(one for one in declared.cells if one.cell_type == "code")
        label = {"zh": "空", "en": "empty"}
        told = {}
        for number in range(count):
            cells = [parameters, nbformat.v4.new_code_cell(EMPTY.format(number=number))]
            notebook = nbformat.v4.new_notebook(cells=cells, metadata=declared.metadata)
            nbformat.write(notebook, folder / f"empty{number}.ipynb")
            entry = {"notebook": f"empty{number}.ipynb", "title": label, "summary": label}
            told[f"empty{number}"] = entry
        text = yaml.safe_dump(told, allow_unicode=True)
        (folder / "catalogue.yml").write_text(text, encoding="utf-8")
        return folder

    def commit(self):
        """Give the commit of the tree, marked where it was changed since."""
        command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=True)
        return done.stdout.strip()


def invented(folder, counties):
    """Make invented counties in a folder; give it."""
    command = [sys.executable, "-m", "tenglong", "simulate", folder, "--counties", str(counties)]
    env = {**os.environ, "PYTHONPATH": str(HERE / "lib")}
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
    return folder


def hundred_times(folder):
    """Make the sample a hundred times over, unless it is there; give its folder."""
    if not (folder / "bundle.yml").is_file():
        command = [sys.executable, HERE / "data/sample/generate.py", "--times", "100"]
        env = {**os.environ, "PYTHONPATH": str(HERE / "lib")}
        subprocess.run([*command, "--out", folder], check=True, env=env)
    return folder
