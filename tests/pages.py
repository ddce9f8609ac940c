"""Tiny notebooks and a bundle to run them on, written where a test needs them."""

from datetime import date

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

PARAMETERS = """from typing import Literal

bundle: str = "data/sample"  # folder of the bundle
as_of: str = "2022-06-30"  # the day it is judged on (YYYY-MM-DD)
language: Literal["zh", "en"] = "zh"  # language of the page
limit: int = 20  # rows shown"""
HEAD = (
    "from tenglong.show.piece import Piece\n"
    "Piece(f'<h1>题目</h1><!--tenglong:contents--><p>{as_of} {limit}</p>')"
)


def zh(text):
    return new_markdown_cell(text, metadata={"tags": ["zh"]})


def en(text):
    return new_markdown_cell(text, metadata={"tags": ["en"]})


def code(source, *outputs, tags=()):
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def shows(html, **more):
    """Give an output as a Piece leaves it."""
    return new_output("execute_result", data={"text/html": html, **more}, execution_count=1)


def executed(*cells):
    """Give a notebook as it is after a run: a heading, and these cells."""
    return new_notebook(cells=[code("", shows("<h1>题目</h1><!--tenglong:contents-->")), *cells])


def write_pages(folder, **pages):
    """Write a folder of notebooks with its catalogue; a page is a list of cells."""
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = {}
    for page_id, cells in pages.items():
        notebook = new_notebook(cells=[code(PARAMETERS, tags=["parameters"]), *cells])
        nbformat.write(notebook, folder / f"{page_id}.ipynb")
        label = {"zh": f"{page_id} 页", "en": f"{page_id} page"}
        catalogue[page_id] = {"notebook": f"{page_id}.ipynb", "title": label, "summary": label}
    (folder / "catalogue.yml").write_text(yaml.safe_dump(catalogue, sort_keys=False))
    return folder


def write_bundle(folder):
    """Write a bundle that its own pages need not open."""
    folder.mkdir(parents=True)
    (folder / "enterprises.csv").write_text("usci,name\n1,甲\n", encoding="utf-8")
    about = {
        "name": {"zh": "试验县", "en": "Test County"},
        "code": "330328",
        "is_synthetic": True,
        "crs": "EPSG:4549",
        "plan": "wencheng-2021-2023",
        "as_of": date(2022, 6, 30),
        "tables": {"enterprises": {"file": "enterprises.csv"}},
    }
    text = yaml.safe_dump(about, allow_unicode=True)
    (folder / "bundle.yml").write_text(text, encoding="utf-8")
    return folder
