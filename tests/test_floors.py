"""The floors of the house: sources → tables → measures → pages, in one direction."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import nbformat
import pytest

from tenglong.source.place import kit_root

ROOT = kit_root()
LIB = ROOT / "lib" / "tenglong"
# The rooms of measure/, from the ground up: each may lean on those before it, and on what stands
# beside the rooms (clauses, readings, exact numbers).
ROOMS = (
    *("policy", "judge", "plan", "firm", "slip", "land", "project", "title", "chain", "published"),
    *("carbon", "clearance", "evaluation", "parcel", "board", "league", "bulletin", "sheet"),
)
# The rooms of source/, likewise.
SOURCE_ROOMS = ("cell", "file", "check", "outline")
# What each floor may import of the others; of the rooms of measure, show may use types and
# constants alone: names that begin with a capital. What computes is called by notebooks. What makes
# invented counties (simulate) knows of nobody, so that it proves what the others read.
ALLOWED = {"measure": {"measure"}, "source": {"source"}, "show": {"show"}, "simulate": {"simulate"}}
MODULES = sorted(path for path in LIB.rglob("*.py") if path.parent != LIB)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_LINES = 12


def imports(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.startswith("tenglong.")}


def floor(path: Path) -> str:
    return path.relative_to(LIB).parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(LIB)))
def test_a_module_imports_only_what_its_floor_may(path):
    here = floor(path)
    for name in imports(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        there = parts[1]
        if there in ("errors", "yaml_file", "shape", "encoding", "unseen") or here == "run":
            continue
        if here in ("show", "source") and there == "measure":
            is_type = parts[-1][0].isupper() or not room(name)
            assert is_type, f"{here} may import only measure's types, not {name}"
            continue
        assert there in ALLOWED[here], f"{here} imports {name}"


def room(dotted: str) -> str:
    """The room of a module, or of a name in it; "" for what stands beside the rooms."""
    parts = dotted.split(".")
    folder = (LIB / "measure" / parts[2]).is_dir() if len(parts) > 2 else False
    return parts[2] if folder else ""


def leanings() -> set[tuple[str, str]]:
    """Which room of measure/ leans on which."""
    found = set()
    for path in (LIB / "measure").rglob("*.py"):
        here = room(".".join(("tenglong", *path.relative_to(LIB).with_suffix("").parts)))
        for name in imports(ast.parse(path.read_text(encoding="utf-8"))):
            there = room(name)
            if name.startswith("tenglong.measure.") and there != here:
                found.add((here, there))
    return found


def test_every_room_of_measure_has_its_place():
    assert {path.name for path in (LIB / "measure").iterdir() if path.is_dir()} - {
        "__pycache__"
    } == set(ROOMS)


def test_the_rooms_of_measure_form_no_ring_and_no_arrow_climbs():
    for here, there in sorted(leanings()):
        if not there:
            continue
        assert here, f"what stands beside the rooms may not lean on {there}"
        assert ROOMS.index(there) < ROOMS.index(here), f"{here} leans on {there}, which is above it"


def test_no_module_imports_itself_in_a_ring():
    trees = {
        ".".join(("tenglong", *path.relative_to(LIB).with_suffix("").parts)): path
        for path in LIB.rglob("*.py")
    }
    modules = {name.removesuffix(".__init__"): path for name, path in trees.items()}
    edges = {}
    for module, path in modules.items():
        # What is imported in a function, on first use, ties no knot.
        top = ast.Module(ast.parse(path.read_text(encoding="utf-8")).body, [])
        top.body = [node for node in top.body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = imports(top)
        edges[module] = {name if name in modules else name.rpartition(".")[0] for name in names}
    TopologicalSorter(edges).prepare()


def test_no_room_of_source_leans_on_one_above_it():
    folders = {path.name for path in (LIB / "source").iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} == set(SOURCE_ROOMS)
    for level, here in enumerate(SOURCE_ROOMS):
        above = tuple(f"tenglong.source.{there}." for there in SOURCE_ROOMS[level + 1 :])
        for path in (LIB / "source" / here).glob("*.py"):
            names = imports(ast.parse(path.read_text(encoding="utf-8")))
            assert not [name for name in names if name.startswith(above)], path.name


def test_the_run_floor_computes_no_figure():
    for path in (LIB / "run").rglob("*.py"):
        names = imports(ast.parse(path.read_text(encoding="utf-8")))
        assert not any(name.startswith("pandas") for name in names)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_thin(path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        assert cell.outputs == [], "outputs are never committed"
        assert cell.execution_count is None
        tree = ast.parse(cell.source)
        assert len(cell.source.splitlines()) <= MOST_LINES
        heavy = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try, ast.Lambda)
        assert not [node for node in ast.walk(tree) if isinstance(node, heavy)]
        assert not any(name.startswith("tenglong.run") for name in imports(tree))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_has_its_markdown_in_both_languages(path):
    notebook = nbformat.read(path, as_version=4)
    tags = [
        cell.metadata.get("tags", []) for cell in notebook.cells if cell.cell_type == "markdown"
    ]
    assert list(tags) == [["zh"], ["en"]] * (len(tags) // 2)
