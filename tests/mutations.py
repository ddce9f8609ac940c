"""The mutants of a module: Cosmic Ray's operators, and five kinds more that tables need.

What no test could hold is left alone: annotations, decorators, the words of an error, a `repr`,
and the guards of `zip(strict=True)`.
"""

from ast import parse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

CORE = (
    *("Comparison:Eq_NotEq", "Comparison:NotEq_Eq", "Comparison:Is_IsNot", "Comparison:IsNot_Is"),
    *("Comparison:Lt_LtE", "Comparison:LtE_Lt", "Comparison:Gt_GtE", "Comparison:GtE_Gt"),
    *("Binary:Add_Sub", "Binary:Sub_Add", "Binary:Mul_Div", "Binary:Div_Mul"),
    *("Binary:FloorDiv_Mul", "Binary:Pow_Mul", "Binary:BitOr_BitAnd", "Binary:BitAnd_BitOr"),
    *("Unary:Delete_Not", "Unary:Delete_Invert", "Unary:Delete_USub"),
)
PLAIN = (
    *("NumberReplacer", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue"),
    *("ReplaceAndWithOr", "ReplaceOrWithAnd"),
)
SWAPPED = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "idxmin": "idxmax",
    "isna": "notna",
    "notna": "isna",
    "first": "last",
    "last": "first",
    "idxmax": "idxmin",
    "head": "tail",
    "tail": "head",
    "ffill": "bfill",
    "bfill": "ffill",
    "ge": "gt",
    "gt": "ge",
    "le": "lt",
    "lt": "le",
    "eq": "ne",
    "ne": "eq",
}
DROPPED = {
    *("fillna", "dropna", "drop_duplicates", "sort_values", "sort_index", "abs", "round"),
    *("clip", "cumsum"),
}
UNTOUCHED = {"decorator", "raise_stmt", "assert_stmt", "import_name", "import_from"}


class Swapped(Operator):
    """Another function: `min` for `max`, `isna` for `notna`, `"last"` for `"first"`."""

    def mutation_positions(self, node):
        is_name = node.type == "name" and _is_called(node)
        if (is_name or node.type == "string") and node.value.strip('"') in SWAPPED:
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        assert index == 0
        name = node.value.strip('"')
        node.value = node.value.replace(name, SWAPPED[name])
        return node

    @classmethod
    def examples(cls):
        return ()


class Unsorted(Operator):
    """A list in the order in which it came: `list(x)` for `sorted(x, key=…)`."""

    def mutation_positions(self, node):
        if node.type == "name" and node.value == "sorted" and _is_called(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        assert index == 0
        node.value = "list"
        given = node.parent.children[1].children
        if given[1].type == "arglist":
            given[1] = given[1].children[0]
        return node

    @classmethod
    def examples(cls):
        return ()


class Dropped(Operator):
    """No call: `x` for `x.fillna(0)` or `x.sort_values("a")`."""

    def mutation_positions(self, node):
        found = node.children if hasattr(node, "children") else ()
        # A list: the node is changed while these are still looked through.
        return [(found[at].start_pos, found[at + 1].end_pos) for at in self._places(node)]

    def mutate(self, node, index):
        place = list(self._places(node))[index]
        del node.children[place : place + 2]
        return node

    @staticmethod
    def _places(node):
        if node.type in ("atom_expr", "power"):
            for place, child in enumerate(node.children[:-1]):
                follows = node.children[place + 1]
                if (
                    child.type == follows.type == "trailer"
                    and child.children[1].type == "name"
                    and child.children[1].value in DROPPED
                    and follows.children[0].value == "("
                ):
                    yield place

    @classmethod
    def examples(cls):
        return ()


class Unfiltered(Operator):
    """A comprehension that takes everything: `if True`."""

    def mutation_positions(self, node):
        if node.type == "comp_if":
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        assert index == 0
        node.children[1] = get_ast("True").children[0]
        node.children[1].prefix = " "
        return node

    @classmethod
    def examples(cls):
        return ()


class Turned(Operator):
    """The other end of a list: `[-1]` for `[0]`, `[0]` for `[-1]`."""

    def mutation_positions(self, node):
        if node.type == "trailer" and node.get_code().strip() in ("[0]", "[-1]"):
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        assert index == 0
        turned = "[-1]" if node.get_code().strip() == "[0]" else "[0]"
        return get_ast(turned).children[0]

    @classmethod
    def examples(cls):
        return ()


OPERATORS = (
    *(get_operator(f"core/Replace{n.replace(':', 'Operator_')}")() for n in CORE),
    *(get_operator(f"core/{name}")() for name in PLAIN),
    *(Swapped(), Unsorted(), Dropped(), Unfiltered(), Turned()),
)


def _is_called(name) -> bool:
    whole = name.parent
    if whole.type == "trailer" and whole.children[0].value == ".":
        name, whole = whole, whole.parent
    if whole.type not in ("atom_expr", "power"):
        return False
    place = whole.children.index(name) + 1
    follows = whole.children[place] if place < len(whole.children) else None
    return follows is not None and follows.type == "trailer" and follows.children[0].value == "("


@dataclass(frozen=True)
class Mutant:
    """A module with one thing changed; `line` is where."""

    path: Path
    line: int
    code: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.line}"


class _Places(Visitor):
    """Where an operator may change what: its occurrences, in the order of Cosmic Ray's walk."""

    def __init__(self, operator: Operator):
        self.operator = operator
        self.found: list[tuple[int, tuple[int, int]]] = []
        self._count = 0

    def visit(self, node):
        for start, _ in self.operator.mutation_positions(node):
            if not _is_untouched(node):
                self.found.append((self._count, start))
            self._count += 1
        return node


def _is_untouched(node) -> bool:
    if node.type == "operator" and node.parent.type == "parameters":
        return True  # the marks of what is given by name or by place
    below, above = node, node.parent
    while above is not None:
        if above.type in UNTOUCHED or below.type in UNTOUCHED:
            return True
        if above.type in ("annassign", "tfpdef") and above.children.index(below) == (
            1 if above.type == "annassign" else 2
        ):
            return True
        if above.type == "funcdef" and (
            above.annotation is below or above.name.value == "__repr__"
        ):
            return True
        if above.type == "argument" and above.children[0].get_code().strip() == "strict":
            return True
        below, above = above, above.parent
    return False


def sample(root: Path, paths: list[Path], size: int, seed: int) -> Iterator[Mutant]:
    """Draw mutants: places without preference, then one of what may be changed there."""
    places = defaultdict(list)
    for path in paths:
        tree = get_ast((root / path).read_text(encoding="utf-8"))
        for operator in OPERATORS:
            found = _Places(operator)
            found.walk(tree)
            for occurrence, start in found.found:
                places[path, start].append((operator, occurrence))
    chance = Random(seed)  # noqa: S311 - a sample, no secret
    drawn = chance.sample(sorted(places), len(places))
    made = (mutant(root, path, *chance.choice(places[path, start])) for path, start in drawn)
    yield from islice((one for one in made if _is_python(one.code)), size)


def _is_python(code: str) -> bool:
    """Whether it can be read at all: `{**a}` has no `*` to be had for its `**`."""
    try:
        parse(code)
    except SyntaxError:
        return False
    return True


def mutant(root: Path, path: Path, operator: Operator, occurrence: int) -> Mutant:
    """Make one mutant."""
    source = (root / path).read_text(encoding="utf-8")
    code = mutate_code(source, operator, occurrence)
    old, new = source.splitlines(), code.splitlines()
    line = next(n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1])
    return Mutant(path, line + 1, code, old[line].strip(), new[line].strip())
