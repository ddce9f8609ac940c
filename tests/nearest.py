"""Which tests are the nearest to a line of the kit: by the steps of use from its definition.

Read from the sources alone: a definition uses the names that stand in it, whether they are of its
own module or imported. A test that calls what is changed is one step away, one that calls its
caller two. Heavy and long tests are left out.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

HEAVY = {"subprocess", "psycopg", "reports", "chromium", "page_of", "visit", "report"}
MARKS = {"long", "heavy"}
Definition = tuple[str, str]  # module and name


class Nearest:
    """All definitions of the kit and its tests, and who uses them."""

    def __init__(self, root: Path):
        self.root = root
        self.users: dict[Definition, set[Definition]] = defaultdict(set)
        self.lines: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        self.tests: set[Definition] = set()
        for path in sorted([*(root / "lib").rglob("*.py"), *(root / "tests").glob("*.py")]):
            self._read(path.relative_to(root), ast.parse(path.read_text(encoding="utf-8")))

    def to(self, path: Path, line: int) -> list[str]:
        """Name the tests that reach a line, the nearest first; of equals those named after it."""
        module = module_of(path)
        inside = {name for first, last, name in self.lines[module] if first <= line <= last}
        every = {name for _, _, name in self.lines[module]}
        edge = [(module, name) for name in sorted(inside or every)]
        steps = dict.fromkeys(edge, 0)
        for one in edge:
            for user in sorted(self.users[one] - steps.keys()):
                steps[user] = steps[one] + 1
                edge.append(user)
        own = f"test_{path.stem}"
        found = sorted(steps.keys() & self.tests, key=lambda t: (steps[t], t[0] != own, t))
        return [f"tests/{module}.py::{name}" for module, name in found]

    def _read(self, path: Path, tree: ast.Module) -> None:
        module, known, imported = module_of(path), {}, set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
                known |= {a.asname or a.name: (node.module, a.name) for a in node.names}
        known |= {name: (module, name) for node in tree.body for name in _defined(node)}
        for node in tree.body:
            used = _used(node)
            for name in _defined(node):
                self.lines[module].append((_first(node), node.end_lineno or 0, name))
                for one in used & known.keys():
                    self.users[known[one]].add((module, name))
                is_test = module[:5] == name[:5] == "test_"
                if is_test and not imported & HEAVY and not used & (HEAVY | MARKS):
                    self.tests.add((module, name))


def module_of(path: Path) -> str:
    """Give the name by which a file is imported."""
    return ".".join(path.with_suffix("").parts[1:])


def _defined(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Assign():
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        case ast.AnnAssign() if isinstance(node.target, ast.Name):
            yield node.target.id


def _used(node: ast.stmt) -> set[str]:
    """Give the names in a definition; arguments too, since fixtures come that way."""
    return {
        getattr(one, field)
        for one in ast.walk(node)
        for field in ("id", "arg", "attr")
        if isinstance(getattr(one, field, None), str)
    }


def _first(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])
