"""The floors of the house: sources → tables → measures → pages, in one direction."""

import ast
from pathlib import Path

import nbformat
import pytest

from tenglong.source.place import kit_root

ROOT = kit_root()
LIB = ROOT / "lib" / "tenglong"
# What each floor may import of the others; measure's types, and what brings them together.
TYPES = (
    "tenglong.measure.chain.alarm",
    "tenglong.measure.chain.sheet",
    "tenglong.measure.carbon.carbon_sheet",
    "tenglong.measure.clause",
    "tenglong.measure.county",
    "tenglong.measure.reading",
    "tenglong.measure.bulletin.bulletin",
    "tenglong.measure.bulletin.points",
    "tenglong.measure.clearance.cleared",
    "tenglong.measure.evaluation.evaluated",
    "tenglong.measure.evaluation.reviewed",
    "tenglong.measure.intake.account.",
    "tenglong.measure.land.classes",
    "tenglong.measure.land.land_sheet",
    "tenglong.measure.land.parcel_sheet",
    "tenglong.measure.league.history",
    "tenglong.measure.league.loss",
    "tenglong.measure.league.sheet",
    "tenglong.measure.league.standing",
    "tenglong.measure.land.tally",
    "tenglong.measure.land.parcel_tally",
    "tenglong.measure.plan.finding",
    "tenglong.measure.plan.lint",
    "tenglong.measure.project.project_sheet",
    "tenglong.measure.province.standing",
    "tenglong.measure.target.assessment",
    "tenglong.measure.target.comparison",
    "tenglong.measure.target.town_board",
    "tenglong.measure.title.innovation",
    "tenglong.measure.title.period",
)
ALLOWED = {"measure": {"measure"}, "source": {"source"}, "show": {"show"}}
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
        if there in ("errors", "safe_yaml") or here == "run":
            continue
        if here in ("show", "source") and there == "measure":
            assert name.startswith(TYPES), f"{here} may import only measure's types, not {name}"
            continue
        assert there in ALLOWED[here], f"{here} imports {name}"


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
