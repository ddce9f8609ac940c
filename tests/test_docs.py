"""The docs say what is true: pictures of every page, a recipe that works."""

import json
import re
import shutil

import pytest
import yaml

from tenglong.run.catalogue import load_catalogue
from tenglong.run.cli import main
from tenglong.source.place import kit_root

DOCS = kit_root() / "docs"
NOTEBOOKS = kit_root() / "notebooks"


def test_the_gallery_shows_every_page():
    text = (DOCS / "gallery.md").read_text(encoding="utf-8")
    for page in load_catalogue(NOTEBOOKS):
        assert f"](gallery/{page.id}.png)" in text, page.id
        picture = DOCS / "gallery" / f"{page.id}.png"
        assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
        assert picture.stat().st_size < 1_500_000


@pytest.mark.heavy
def test_the_recipe_for_a_page_makes_one(tmp_path, capsys):
    text = (DOCS / "new-page.md").read_text(encoding="utf-8")
    source, copy = re.search(r"cp notebooks/(\w+\.ipynb) notebooks/(\w+\.ipynb)", text).groups()
    (line,) = re.findall(r"```yaml\n(.+)\n```", text)
    folder = tmp_path / "notebooks"
    shutil.copytree(NOTEBOOKS, folder)
    shutil.copyfile(folder / source, folder / copy)
    catalogue = folder / "catalogue.yml"
    catalogue.write_text(f"{catalogue.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    page_id = next(iter(yaml.safe_load(line)))
    asked = ["report", "data/sample", "--page", page_id, "--notebooks", str(folder)]
    code = main([*asked, "--out", str(tmp_path / "out")])
    assert code == 0, capsys.readouterr().err
    (about,) = (tmp_path / "out").glob("sample/*/manifest.json")
    assert [one["id"] for one in json.loads(about.read_text())["pages"]] == [page_id]
    assert (about.parent / f"{page_id}.html").is_file()


def test_the_recipe_copies_the_smallest_notebook():
    text = (DOCS / "new-page.md").read_text(encoding="utf-8")
    source = re.search(r"cp notebooks/(\w+\.ipynb)", text)[1]
    cells = {
        page.notebook.name: len(json.loads(page.notebook.read_text(encoding="utf-8"))["cells"])
        for page in load_catalogue(NOTEBOOKS)
        if "beside" not in page.parameters()  # a page of many counties is made with others alone
    }
    assert cells[source] == min(cells.values())
