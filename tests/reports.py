"""The reports of the kit's own bundles: which there are, and how they are made."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import yaml

from tenglong.source.place import kit_root

TENGLONG = Path(sys.executable).parent / "tenglong"
BUNDLES = ("sample", "cambridge")
LANGUAGES = ("zh", "en")
CATALOGUE = kit_root() / "notebooks" / "catalogue.yml"
PAGES = ("index", *yaml.safe_load(CATALOGUE.read_text(encoding="utf-8")))
# The province's page puts counties side by side; only the sample's report is made with another.
# The sparse bundle is opened in one language: its words are those of the sample's pages.
OF_MANY = ("province",)
OPENED = [
    (bundle, language, page)
    for bundle in BUNDLES
    for language in LANGUAGES
    for page in PAGES
    if bundle == "sample" or (language == "zh" and page not in OF_MANY)
]
MAPS = ("parcel_map",)


def make(bundle, language, out):
    """Make a report with the real command."""
    command = [TENGLONG, "report", f"data/{bundle}", "--out", out, "--language", language]
    if bundle == "sample":
        command += ["--beside", "data/cambridge"]
    done = subprocess.run(command, cwd=kit_root(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def folder(out):
    """Give the folder of the one report that lies in `out`."""
    return next(path.parent for path in Path(out).glob("*/*/manifest.json"))


def html(out, page):
    """Read a page of the report in `out`."""
    return (folder(out) / f"{page}.html").read_text(encoding="utf-8")


def csv_cells(out):
    """Give every cell of every CSV of the report in `out`, headers and numbers of rows included."""
    for path in sorted((folder(out) / "tables").glob("*.csv")):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
        yield from (cell for row in rows for cell in row)
        yield str(len(rows) - 1)
