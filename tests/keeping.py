"""A kit, two bundles and a folder of reports: a test may change anything; without kernels."""

import hashlib
import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml
from nbformat.v4 import new_notebook

from pages import HEAD, PARAMETERS, code, executed, shows, write_bundle
from tenglong.run import pages as of_pages
from tenglong.run import report
from tenglong.run import request as requesting
from tenglong.run.cache import code as coding
from tenglong.run.cache import kept as keeping
from tenglong.run.cache import receipt, recipe
from tenglong.run.cache.kept import Cache
from tenglong.run.cache.store import Store
from tenglong.run.cli import main
from tenglong.run.execute import Outcome
from tenglong.run.kernel.kind import Kind
from tenglong.run.office import Files
from tenglong.run.progress import Progress
from tenglong.run.request import request
from tenglong.source import place as placing

LIMITED, COMMON = PARAMETERS, "\n".join(PARAMETERS.splitlines()[:-1])
OF_MANY = f'{COMMON}\nbeside: str = ""  # others'
PAGES = {"first": LIMITED, "second": COMMON, "many": OF_MANY, "printed": COMMON}
ALL = set(PAGES)
CODE = {
    "run/report.py": "",
    "show/pages/first.py": "from tenglong.show import table",
    "show/pages/second.py": "",
    "show/table.py": "",
    "run/command/other.py": "",
    "show/words/page.yml": "",
}


@dataclass
class House:
    """A kit, two bundles and a folder of reports, in which anything may be changed."""

    root: Path
    ran: list

    @property
    def bundle(self):
        return self.root / "county"

    def run(self, *more):
        """Run the command; give its exit code and the pages that were made."""
        self.ran.clear()
        asked = ["report", str(self.bundle), "--beside", str(self.root / "other"), *more]
        where = [
            "--kernel",
            "ordinary",
            "--out",
            str(self.root / "out"),
            "--notebooks",
            str(self.root / "notebooks"),
        ]
        return main([*asked, *where]), set(self.ran)

    @property
    def store(self):
        return Store(self.root / "cache" / "internal", 10_000_000)

    def request(self, **asked):
        about = {"beside": [str(self.root / "other")], "out": self.root / "out", **asked}
        return request(str(self.bundle), notebooks=self.root / "notebooks", **about)

    def make(self, *, cache=True, is_fresh=False, **asked):
        """Make the report; give the pages that were made, and all of its bytes."""
        self.ran.clear()
        said = io.StringIO()
        used = Cache(self.store, is_fresh, tells_why=True) if cache else None
        made = report.make(self.request(**asked), Progress(said, 4), Kind.ORDINARY, cache=used)
        files = {path: path.read_bytes() for path in made.folder.rglob("*.*")}
        bytes_ = {p.relative_to(made.folder): b for p, b in files.items() if p.suffix != ".json"}
        return set(self.ran), bytes_, said.getvalue()


def furnished(tmp_path, monkeypatch):
    """Furnish a house in a folder."""
    kit = placing.kit_root()
    for part in ("policy", "plan", "reference/330328"):
        shutil.copytree(kit / "data" / part, tmp_path / "kit" / "data" / part)
    for name, text in CODE.items():
        file = tmp_path / "lib" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    built = House(tmp_path, [])
    for name in ("county", "other"):
        write_bundle(tmp_path / name)
    (built.bundle / "policy").mkdir()
    shutil.copy(kit / "data" / "policy" / "bands.yml", built.bundle / "policy")
    change(built.bundle / "bundle.yml", "\npolicy: policy\n")
    write_notebooks(tmp_path / "notebooks")
    monkeypatch.setattr(placing, "INSTALLED", tmp_path / "kit")
    library = lambda: coding.code(tmp_path / "lib")  # noqa: E731 - read anew at each call
    for module in (recipe, keeping, receipt):
        monkeypatch.setattr(module, "code", library)
    for module in (recipe, receipt):
        monkeypatch.setattr(module, "printers", lambda: {"browser:": "1"})
    monkeypatch.setattr(requesting, "require_sound", lambda _: None)  # it is, and takes long
    monkeypatch.setenv("TENGLONG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(coding, "STARTED_NS", sys.maxsize)
    monkeypatch.setattr(of_pages, "office_files", lambda *_, **__: Files({"a.pdf": b"%"}))

    def execute(source, parameters, *, kernels, on_cell):
        """Show all that a page may show, without a kernel."""
        del kernels, on_cell
        (page,) = {one for one in PAGES if f"Page {one}" in str(source.cells)}
        built.ran.append(page)
        seen = sorted(built.bundle.rglob("*.*")) + sorted((tmp_path / "kit").rglob("*.yml"))
        shown = hashlib.sha256(b"".join(file.read_bytes() for file in seen)).hexdigest()
        table = {"application/vnd.tenglong.csv+json": {f"{page}.csv": f"a\n{shown}\n"}}
        given = {name: Path(str(value)).name for name, value in sorted(parameters.items())}
        return Outcome(executed(code("", shows(f"<p>{page} {given} {shown}</p>", **table))))

    monkeypatch.setattr(of_pages, "execute", execute)
    return built


def write_notebooks(folder):
    folder.mkdir()
    listed = {}
    for page, parameters in PAGES.items():
        own = f"from tenglong.show.pages import {page}\n'Page {page}'"
        cells = [code(parameters, tags=["parameters"]), code(HEAD), code(own)]
        nbformat.write(new_notebook(cells=cells), folder / f"{page}.ipynb")
        label = {"zh": f"{page} 页", "en": page}
        listed[page] = {"notebook": f"{page}.ipynb", "title": label, "summary": label}
    listed["printed"]["files"] = ["pdf"]
    (folder / "catalogue.yml").write_text(yaml.safe_dump(listed, sort_keys=False))


def change(file, more="\n# changed\n"):
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")


def change_notebook(file):
    notebook = nbformat.read(file, as_version=4)
    notebook.cells.append(code("1 + 1"))
    nbformat.write(notebook, file)


def retitle(file):
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    listed["first"]["title"]["zh"] = "新题"
    file.write_text(yaml.safe_dump(listed, sort_keys=False))


FILES = {
    "county/enterprises.csv": ALL,
    "county/bundle.yml": ALL,
    "county/policy/bands.yml": ALL,
    "county/notes.txt": set(),
    "other/enterprises.csv": {"many"},
    "kit/data/policy/league.yml": ALL,
    "kit/data/policy/schemes/default.yml": ALL,
    "kit/data/plan/wencheng-2021-2023.yml": ALL,
    "kit/data/plan/wencheng-2021-2023.zh.txt": ALL,
    "kit/data/reference/330328/townships.csv": ALL,
    "lib/show/pages/first.py": {"first"},
    "lib/show/pages/second.py": {"second"},
    "lib/show/table.py": {"first"},
    "lib/run/report.py": ALL,
    "lib/run/command/other.py": set(),
    "lib/show/words/page.yml": ALL,
}
