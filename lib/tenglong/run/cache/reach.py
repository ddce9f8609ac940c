"""Whether all that a notebook reads is known: else its page is made at every run.

The kit's own notebooks open the bundles that they are given and nothing else. One that was
edited or added by a user may read what it likes; its page is kept only if it can be seen that it
does as they do. This is a guard against mistakes, not against malice.
"""

import ast
from collections.abc import Iterator, Sequence

from tenglong.run.edition import INJECTED, PARAMETERS, Cell, source_of, tags_of

# What may be imported: what stands here, and all below what ends in a dot.
KNOWN = ("tenglong", "typing", "tenglong.show", "tenglong.show.", "tenglong.measure.")
READERS = frozenset(
    {"open_county", "open_counties", "describe_bundle", "examine_bundle", "read_bundle"}
)
# What is told which folder to open, and the parameters that may tell it.
OPENERS = frozenset({"open", "open_place", "open_county", "open_counties", "describe_bundle"})
GIVEN = frozenset({"bundle", "beside"})
# Ways around all this.
FORBIDDEN = frozenset(
    {"__import__", "eval", "exec", "compile", "getattr", "globals", "vars", "input"}
)


def sources_of(cells: Sequence[Cell]) -> list[str]:
    """Give the code of a notebook's cells."""
    return [source_of(cell) for cell in cells if cell["cell_type"] == "code"]


def is_known(cells: Sequence[Cell]) -> bool:
    r"""Whether a notebook reads nothing but the bundles that it is given.

    >>> def cell(source):
    ...     return {"cell_type": "code", "source": source, "metadata": {}}
    >>> is_known([cell("import tenglong as tl\ntl.open(bundle, as_of)")])
    True
    >>> is_known([cell("import pandas as pd\npd.read_excel('a.xlsx')")])
    False
    """
    own = {PARAMETERS, INJECTED}
    try:
        trees = [ast.parse(one) for one in sources_of([c for c in cells if not tags_of(c) & own])]
    except SyntaxError:  # a magic or a shell command
        return False
    nodes = [node for tree in trees for node in ast.walk(tree)]
    sound = {id(node.func) for node in nodes if isinstance(node, ast.Call) and _opens_given(node)}
    kit = set(_names_of_kit(nodes))
    return not any(
        _imports_more(node)
        or _evades(node)
        or _strays(node, kit)
        or (_is_opener(node) and id(node) not in sound)
        for node in nodes
    )


def _imports_more(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return not all(_is_known_module(one.name) for one in node.names)
    if not isinstance(node, ast.ImportFrom):
        return False
    if node.module == "tenglong.source":
        return any(one.asname or one.name not in READERS for one in node.names)
    if node.module == "tenglong":
        return not all(_is_known_module(f"tenglong.{one.name}") for one in node.names)
    return bool(node.level) or not _is_known_module(node.module or "")


def _is_known_module(module: str) -> bool:
    return any(module.startswith(one) if one.endswith(".") else module == one for one in KNOWN)


def _opens_given(call: ast.Call) -> bool:
    """Whether a call opens a bundle that the notebook was given."""
    first = call.args[0] if call.args else None
    is_builtin = isinstance(call.func, ast.Name) and call.func.id == "open"
    return isinstance(first, ast.Name) and first.id in GIVEN and not is_builtin


def _is_opener(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in OPENERS
    return False


def _evades(node: ast.AST) -> bool:
    """Whether it names what the kit hides, or gives a parameter another value."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return name in GIVEN
        case ast.Name(id=name):
            return name in FORBIDDEN
        case ast.Attribute(attr=name):
            return name.startswith("_")
    return False


def _names_of_kit(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Give the names that stand for the package itself: of it, notebooks open bundles alone."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (one.asname or one.name.partition(".")[0] for one in node.names)


def _strays(node: ast.AST, kit: set[str]) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return name in kit and attribute != "open"
    return False
