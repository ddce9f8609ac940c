"""The kit's pages, drawn from a county at hand: the cells of their notebooks, without a kernel."""

import ast
import csv
import io
import json
import re
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from html import unescape
from types import SimpleNamespace
from unittest import mock

import tenglong as tl
from tenglong.show.piece import Piece
from tenglong.source.place import kit_root

# What no reader may see: a hole, a code of ours, a number as Python writes it.
HOLES = re.compile(r"\b(None|nan|NaN|NaT|True|False|Fraction)\b|<NA>|\{[a-z_.]+\}")


@dataclass(frozen=True)
class Drawn:
    """A page without its frame: its pieces by the function that drew them, in their order."""

    sheet: object
    pieces: dict[str, Piece]

    def __getitem__(self, name):
        return self.pieces[name]

    @property
    def html(self):
        return "".join(piece.html for piece in self.pieces.values())

    @property
    def names(self):
        """The names of all files that the page brings."""
        return [name for piece in self.pieces.values() for name in piece.csv]


@cache
def cells(page_id):
    """Give the code of a page's notebook: of its parameters, and of every other cell."""
    file = kit_root() / "notebooks" / f"{page_id}.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def drawn(page_id, whole, *, township="", language="zh", sheet=None, on=None, **parameters):
    """Draw a page of all of a county, or of a township.

    Parameters
    ----------
    sheet
        What is drawn, where it is not to be measured.
    on
        Gives the county on another day; else it is the same county, dated otherwise.
    parameters
        Further parameters of the notebook.
    """
    names = {}
    exec(cells(page_id)[0], names)  # noqa: S102 - the kit's own notebook
    given = {"language": language, **({"township": township} if township else {}), **parameters}
    assert given.keys() <= names.keys(), f"{page_id} has no parameter of {given}"
    names |= {"as_of": whole.as_of.isoformat(), **given}
    bundle = SimpleNamespace(on=on or (lambda day: replace(whole, as_of=day)))
    pieces = {}
    with mock.patch.object(tl, "open", return_value=tl.Place(bundle, whole, whole)):
        for source in cells(page_id)[1:]:
            shown = shows(source, names, sheet)
            if isinstance(shown, Piece):
                pieces[named(ast.parse(source).body[-1].value)] = shown
    return Drawn(names.get("sheet"), pieces)


def named(call):
    """Name a piece by its function, and by which one of several it draws: `ranking_table towns`."""
    which = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    return " ".join([ast.unparse(call.func).split(".")[-1], *which])


def shows(source, names, sheet=None):
    """Run a cell and give what it shows; a sheet at hand takes the place of the page's own."""
    body, measure = ast.parse(source).body, tl.Place.sheet

    def at_hand(place, page_id, **options):
        return measure(place, page_id, **options) if page_id == "facts" else sheet

    measured = mock.patch.object(tl.Place, "sheet", at_hand)
    with measured if sheet is not None else nullcontext():
        exec(compile(ast.Module(body[:-1], []), "cell", "exec"), names)  # noqa: S102
        if not isinstance(body[-1], ast.Expr):
            exec(compile(ast.Module(body[-1:], []), "cell", "exec"), names)  # noqa: S102
            return None
        return eval(compile(ast.Expression(body[-1].value), "cell", "eval"), names)  # noqa: S307


def rows(piece, name=""):
    """Give the rows of a piece's CSV; it may have but one where none is named."""
    texts = piece.csv if name else dict.fromkeys([""], *piece.csv.values())
    return list(csv.DictReader(io.StringIO(texts[f"{name}.csv" if name else ""])))


def read(piece):
    """Give what a reader sees of a piece, or of a whole page."""
    seen = re.sub(r"(?s)<(style|script)\b.*?</\1>|<[^>]+>", "", piece.html)
    return unescape(seen).replace("\N{NO-BREAK SPACE}", " ")
