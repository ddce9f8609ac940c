"""Between two runs exactly those pages are made again of which something changed."""

import io
import json
import sys

import pytest

from keeping import ALL, FILES, change, change_notebook, furnished, retitle
from tenglong.run import pages as of_pages
from tenglong.run import report
from tenglong.run.cache import code as coding
from tenglong.run.cache import receipt, recipe, surroundings
from tenglong.run.cache.kept import Cache
from tenglong.run.execute import Outcome
from tenglong.run.kernel.kind import Kind
from tenglong.run.progress import Progress
from tenglong.source.description import Description

ASKED = [
    ({"pairs": ["limit=5"]}, {"first"}),
    ({"as_of": "2022-03-31"}, ALL),
    ({"language": "en"}, ALL),
]


@pytest.fixture
def house(tmp_path, monkeypatch):
    return furnished(tmp_path, monkeypatch)


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
    execute = of_pages.execute
    file = house.root / "kit" / "data" / "policy" / "league.yml"
    former = file.read_bytes()

    def meddles(source, parameters, **options):
        change(file)
        return execute(source, parameters, **options)

    monkeypatch.setattr(of_pages, "execute", meddles)
    house.make()
    monkeypatch.setattr(of_pages, "execute", execute)
    file.write_bytes(former)
    assert house.make()[0] == ALL


def test_pages_of_a_process_whose_code_changed_since_are_not_kept(house, monkeypatch):
    monkeypatch.setattr(coding, "STARTED_NS", 0)
    house.make()
    assert house.make()[0] == ALL


def test_a_page_that_failed_is_not_kept_and_the_good_ones_are(house, monkeypatch):
    execute = of_pages.execute

    def fails(source, parameters, **options):
        done = execute(source, parameters, **options)
        return Outcome(done.notebook, "ValueError: no") if house.ran[-1] == "second" else done

    monkeypatch.setattr(of_pages, "execute", fails)
    house.ran.clear()
    cache = Cache(house.store)
    assert set(
        report.make(house.request(), Progress(io.StringIO(), 4), Kind.ORDINARY, cache=cache).failed
    ) == {"second"}
    monkeypatch.setattr(of_pages, "execute", execute)
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
