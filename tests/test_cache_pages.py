"""Between two runs exactly those pages are made again of which something changed."""

import hashlib
import io
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_notebook

from pages import HEAD, PARAMETERS, code, executed, shows, write_bundle
from tenglong.run import report
from tenglong.run import request as requesting
from tenglong.run.cache import code as coding
from tenglong.run.cache import kept as keeping
from tenglong.run.cache import receipt, recipe, surroundings
from tenglong.run.cache.kept import Cache
from tenglong.run.cache.store import Store
from tenglong.run.cli import main
from tenglong.run.execute import Outcome
from tenglong.run.progress import Progress
from tenglong.run.request import request
from tenglong.source import place as placing
from tenglong.source.description import Description

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
        where = ["--out", str(self.root / "out"), "--notebooks", str(self.root / "notebooks")]
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
        made = report.make(self.request(**asked), Progress(said, 4), used)
        files = {path: path.read_bytes() for path in made.folder.rglob("*.*")}
        bytes_ = {p.relative_to(made.folder): b for p, b in files.items() if p.suffix != ".json"}
        return set(self.ran), bytes_, said.getvalue()


@pytest.fixture
def house(tmp_path, monkeypatch):
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
    monkeypatch.setattr(report, "office_files", lambda *_, **__: report.Files({"a.pdf": b"%"}))

    def execute(source, parameters, *, on_cell):
        """Show all that a page may show, without a kernel."""
        del on_cell
        (page,) = {one for one in PAGES if f"Page {one}" in str(source.cells)}
        built.ran.append(page)
        seen = sorted(built.bundle.rglob("*.*")) + sorted((tmp_path / "kit").rglob("*.yml"))
        shown = hashlib.sha256(b"".join(file.read_bytes() for file in seen)).hexdigest()
        table = {"application/vnd.tenglong.csv+json": {f"{page}.csv": f"a\n{shown}\n"}}
        given = {name: Path(str(value)).name for name, value in sorted(parameters.items())}
        return Outcome(executed(code("", shows(f"<p>{page} {given} {shown}</p>", **table))))

    monkeypatch.setattr(report, "execute", execute)
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
ASKED = [
    ({"pairs": ["limit=5"]}, {"first"}),
    ({"as_of": "2022-03-31"}, ALL),
    ({"language": "en"}, ALL),
]


def changed(house, before, **asked):
    """Name the pages whose recipe is another."""
    after = recipes(house, **asked)
    return {page for page in after if before.get(page) != after[page]}


def recipes(house, **asked):
    asking = house.request(**asked)
    edition = asked.get("edition", "internal")
    return recipe.recipes(asking, [page.id for page in asking.pages], edition=edition)


def test_any_one_input_concerns_exactly_its_dependents(house, monkeypatch):
    before = recipes(house)
    assert set(before) == ALL
    assert recipes(house) == before
    for name, dependents in FILES.items():
        file = house.root / name
        former = file.read_bytes() if file.exists() else b""
        file.write_bytes(former + b"\n")
        assert changed(house, before) == dependents, name
        file.write_bytes(former)
    for asked, dependents in ASKED:
        assert changed(house, before, **asked) == dependents, asked
    assert changed(house, before, page_ids=["first", "second"]) == {"first", "second"}
    for name, dependents in {"TZ": ALL, "PROJ_DATA": ALL, "TENGLONG_CACHE": set()}.items():
        with monkeypatch.context() as held:
            held.setenv(name, "x")
            assert changed(house, before) == dependents, name
    for name, dependents in {"printers": {"printed"}, "surroundings": ALL}.items():
        with monkeypatch.context() as held:
            former = getattr(recipe, name)()
            held.setattr(recipe, name, lambda former=former: {**former, "package:pandas": "9"})
            assert changed(house, before) == dependents, name
    own = house.request()
    ids = [page.id for page in own.pages]
    public = recipe.recipes(own, ids, edition="public")
    assert {page for page in public if public[page] != before[page]} == ALL
    change_notebook(house.root / "notebooks" / "second.ipynb")
    assert changed(house, before) == {"second"}
    retitle(house.root / "notebooks" / "catalogue.yml")
    assert changed(house, before) == {"first", "second"}


def test_versions_of_all_packages_count():
    found = surroundings.surroundings()
    assert {"python:", "package:pandas", "package:papermill", "package:folium"} <= found.keys()


def test_what_is_served_is_what_a_fresh_run_gives(house):
    ran, first, _ = house.make()
    assert ran == ALL
    ran, second, said = house.make()
    assert (ran, second) == (set(), first)
    assert said.count("unchanged") == 4
    for name in ("other/enterprises.csv", "lib/show/table.py", "county/policy/bands.yml"):
        change(house.root / name, "\n")
        ran, served, _ = house.make()
        assert ran == FILES[name]
        fresh, anew, _ = house.make(cache=False)
        assert (fresh, anew) == (ALL, served)


def test_going_back_to_what_was_finds_the_pages_of_then(house):
    _, first, _ = house.make()
    house.make(pairs=["limit=5"])
    ran, again, said = house.make()
    assert (ran, again) == (set(), first)
    assert "first：沿用更早做好的；参数 limit 没有了" in said


def test_a_corrupt_entry_is_made_again(house):
    _, first, _ = house.make()
    for path in house.store.sizes():
        path.write_bytes(path.read_bytes()[:-3])
    ran, again, _ = house.make()
    assert (ran, again) == (ALL, first)


def test_fresh_makes_all_anew_and_keeps_it(house):
    house.make()
    ran, _, said = house.make(is_fresh=True)
    assert (ran, said.count("--fresh")) == (ALL, 4)
    assert house.make()[0] == set()


def test_why_tells_files_and_parameters_in_both_languages(house):
    said = house.make()[2]
    assert said.splitlines()[0] == "first：首次制作"
    change(house.root / "county" / "enterprises.csv", "\n")
    said = house.make(pairs=["limit=5"])[2]
    assert "first：重做；文件 enterprises.csv 有改动；参数 limit 是新的" in said
    assert "second：重做；文件 enterprises.csv 有改动\n" in said
    said = house.make(pairs=["limit=6"], language="en")[2]
    assert "first: made anew; parameter language zh → en" not in said  # titles go first
    assert "parameter language zh → en; parameter limit 5 → 6" in said


def test_a_page_of_which_something_changed_during_the_run_is_not_kept(house, monkeypatch):
    execute = report.execute
    file = house.root / "kit" / "data" / "policy" / "league.yml"
    former = file.read_bytes()

    def meddles(source, parameters, **options):
        change(file)
        return execute(source, parameters, **options)

    monkeypatch.setattr(report, "execute", meddles)
    house.make()
    monkeypatch.setattr(report, "execute", execute)
    file.write_bytes(former)
    assert house.make()[0] == ALL


def test_pages_of_a_process_whose_code_changed_since_are_not_kept(house, monkeypatch):
    monkeypatch.setattr(coding, "STARTED_NS", 0)
    house.make()
    assert house.make()[0] == ALL


def test_a_page_that_failed_is_not_kept_and_the_good_ones_are(house, monkeypatch):
    execute = report.execute

    def fails(source, parameters, **options):
        done = execute(source, parameters, **options)
        return Outcome(done.notebook, "ValueError: no") if house.ran[-1] == "second" else done

    monkeypatch.setattr(report, "execute", fails)
    house.ran.clear()
    cache = Cache(house.store)
    assert set(report.make(house.request(), Progress(io.StringIO(), 4), cache).failed) == {"second"}
    monkeypatch.setattr(report, "execute", execute)
    assert house.make()[0] == {"second"}


def test_a_notebook_that_may_read_more_is_run_every_time(house):
    path = house.root / "notebooks" / "second.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-1]["source"] += "\nimport pandas"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    house.make()
    ran, _, said = house.make()
    assert ran == {"second"}
    assert "second：每次都做" in said


def test_without_a_place_to_keep_anything_a_report_is_made_all_the_same(house):
    (house.root / "cache").write_text("a file")
    assert house.make()[0] == ALL
    assert house.make()[0] == ALL


def test_tables_of_a_database_are_read_before_anything_is_known_of_them(house, monkeypatch):
    monkeypatch.setattr(Description, "databases", ("TENGLONG_DB",))
    assert recipes(house) == {}
    asking = house.request()
    assert receipt.draft("key", asking, (), started_ns=sys.maxsize) is None


@pytest.fixture
def is_settled(house, monkeypatch):
    """Tell whether the command sees that it has nothing to do; else it would ask for a report."""
    assert house.run() == (0, ALL)

    def asks(*_, **__):
        raise NotADirectoryError

    def told(*more):
        with monkeypatch.context() as held:
            held.setattr(requesting, "request", asks)
            try:
                return house.run(*more) == (0, set())
            except NotADirectoryError:
                return False

    return told


def published(house):
    files = (path for path in (house.root / "out").rglob("*.*") if path.name != "manifest.json")
    return {path: path.read_bytes() for path in files if path.is_file()}


def test_the_same_command_has_nothing_to_do(house, is_settled, capsys):
    capsys.readouterr()
    assert is_settled()
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        f"{house.root / 'out' / 'index.html'}\n",
        "4 pages: unchanged\n",
    )
    assert is_settled("--why")
    assert capsys.readouterr().err.splitlines()[0] == "first：沿用，没有变化"
    assert not is_settled("--fresh")
    assert not is_settled("--language", "en")


def test_whatever_it_read_is_looked_at_again(house, is_settled):
    for name, dependents in FILES.items():
        file = house.root / name
        if dependents:
            former = file.read_bytes()
            file.write_bytes(former + b"\n")
            assert not is_settled(), name
            file.write_bytes(former)
    assert is_settled()


@pytest.mark.parametrize(
    "name",
    ["county/policy/league.yml", "county/reference/townships.csv", "kit/data/policy/new.yml"],
)
def test_what_it_looked_for_and_did_not_find_may_be_there_now(name, house, is_settled):
    file = house.root / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("source: x")
    assert not is_settled()


@pytest.mark.parametrize(
    "name",
    [
        *("index.html", "county/2022-06-30/index.html", "county/2022-06-30/first.html"),
        *("county/2022-06-30/tables/many.csv", "county/2022-06-30/a.pdf"),
    ],
)
def test_a_damaged_file_of_the_report_is_put_right_and_no_page_is_made(name, house, is_settled):
    whole = published(house)
    file = house.root / "out" / name
    for damage in (lambda: file.write_bytes(file.read_bytes()[:-1]), file.unlink):
        damage()
        assert not is_settled()
        assert house.run() == (0, set())
        assert published(house) == whole
        assert is_settled()


def test_what_a_failed_run_left_is_cleared_away(house, is_settled):
    left = house.root / "out" / ".failed" / "county" / "2022-06-30"
    left.mkdir(parents=True)
    assert not is_settled()
    assert house.run() == (0, set())
    assert not left.exists()


def test_a_file_that_changes_under_the_command_leaves_no_receipt(house, monkeypatch):
    execute = report.execute
    file = house.root / "kit" / "data" / "policy" / "league.yml"
    former = file.read_bytes()

    def meddles(source, parameters, **options):
        file.write_bytes(former + b"\n")
        return execute(source, parameters, **options)

    with monkeypatch.context() as held:
        held.setattr(report, "execute", meddles)
        assert house.run() == (0, ALL)
    assert house.run() == (0, ALL)


def test_where_nothing_can_be_kept_it_is_said_once(house, capsys):
    (house.root / "cache").write_text("a file")
    assert house.run() == (0, ALL)
    said = capsys.readouterr().err
    assert said.count("缓存写不进去") == 1
    assert "file exists" in said
