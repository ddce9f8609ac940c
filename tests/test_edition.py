"""What is saved in Lab: parameters change nothing that is published, any other edit is told."""

import json
import shutil

import nbformat
import pytest

from tenglong.run.catalogue import load_catalogue
from tenglong.run.cli import main
from tenglong.run.edition import NAME, editions, written
from tenglong.source.place import kit_root

NOTEBOOKS = kit_root() / "notebooks"


@pytest.fixture
def notebooks(tmp_path):
    return shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")


def edited(folder, change, name="land.ipynb"):
    """Save a notebook as JupyterLab does after a change; give the pages by their notebooks."""
    book = nbformat.read(folder / name, as_version=4)
    change(book)
    nbformat.write(book, folder / name)
    return {page.notebook.name: page for page in load_catalogue(folder)}


def holding(book, words):
    return next(cell for cell in book.cells if words in cell.source)


def test_the_file_of_editions_is_that_of_the_notebooks():
    assert (NOTEBOOKS / NAME).read_text(encoding="utf-8") == written(NOTEBOOKS)
    assert set(editions(NOTEBOOKS)) == {path.name for path in NOTEBOOKS.glob("*.ipynb")}


def test_no_shipped_notebook_is_edited():
    assert not [page.id for page in load_catalogue(NOTEBOOKS) if page.is_edited]


def run_in_lab(book):
    for number, cell in enumerate(book.cells):
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = [nbformat.v4.new_output("stream", text="x")]
    book.cells.append(nbformat.v4.new_code_cell(""))
    book.metadata["widgets"] = {}


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.copy(),
        run_in_lab,
        lambda book: setattr(holding(book, "as_of: str"), "source", "as_of = '2020-01-01'\n1/0"),
    ],
    ids=["saved", "run", "parameters"],
)
def test_a_notebook_that_says_the_same_is_not_edited(notebooks, change):
    before = load_catalogue(NOTEBOOKS)
    page = edited(notebooks, change)["land.ipynb"]
    assert not page.is_edited
    (shipped,) = (one for one in before if one.id == page.id)
    assert page.parameters() == shipped.parameters()
    assert "1/0" not in "".join(cell.source for cell in page.source().cells)


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book.cells.append(nbformat.v4.new_code_cell("x = 1")),
        lambda book: book.cells.pop(),
        lambda book: setattr(book.cells[-1], "source", book.cells[-1].source + "\nx = 1"),
        lambda book: book.cells.append(book.cells.pop(4)),
        lambda book: holding(book, "## ").metadata.pop("tags"),
    ],
    ids=["a cell more", "a cell less", "another line", "another order", "no tag"],
)
def test_one_that_says_something_else_is(notebooks, change):
    pages = edited(notebooks, change)
    assert [page.id for page in pages.values() if page.is_edited] == [pages["land.ipynb"].id]


def test_a_notebook_of_one_s_own_is_no_edit(notebooks):
    shutil.copy(notebooks / "land.ipynb", notebooks / "own.ipynb")
    label = "{zh: 本县, en: Own}"
    with (notebooks / "catalogue.yml").open("a", encoding="utf-8") as file:
        file.write(f"own: {{notebook: own.ipynb, title: {label}, summary: {label}}}\n")
    pages = edited(notebooks, lambda book: book.cells.pop(), "own.ipynb")
    assert not pages["own.ipynb"].is_edited


@pytest.mark.heavy
def test_what_is_published_tells_an_edit_and_ignores_parameters(notebooks, tmp_path):
    def published():
        asked = ["--notebooks", str(notebooks), "--page", "data_quality", "--as-of", "2022-06-30"]
        assert main(["report", "data/sample", *asked, "--out", str(tmp_path / "out")]) == 0
        folder = tmp_path / "out" / "sample" / "2022-06-30"
        (told,) = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["pages"]
        html = (folder / "data_quality.html").read_text(encoding="utf-8")
        return html, told["notebook"]["is_edited"]

    html, is_edited = published()
    assert not is_edited
    edited(
        notebooks,
        lambda book: setattr(holding(book, "as_of: str"), "source", "as_of: str = 1/0"),
        "data_quality.ipynb",
    )
    assert published() == (html, False)
    edited(
        notebooks,
        lambda book: book.cells.append(nbformat.v4.new_code_cell("x = 1")),
        "data_quality.ipynb",
    )
    marked, is_edited = published()
    assert is_edited
    assert "笔记本改动过" in marked
    assert "笔记本改动过" not in html
