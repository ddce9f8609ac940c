"""Pictures of every page of the sample's report, for docs/gallery.md; `make gallery`."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tenglong.run.catalogue import load_catalogue
from tenglong.run.cli import main as tenglong
from tenglong.source.place import kit_root

DOCS = kit_root() / "docs"
PICTURES = DOCS / "gallery"
PERIOD = "2022Q2"
WIDTH, HEIGHT = 1120, 1400
ARGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
# What of a page is shown, where its head is not what it is for.
SHOWN = {"parcel_map": ".parcel-map"}
HEAD = """# Every page in pictures

The report of `data/sample` (示例数据: everything in it is made up) for the second quarter of 2022,
as Chromium shows it; `make gallery` makes this file and its pictures anew.
"""


def main() -> None:
    """Make the sample's report, and take a picture of the head of each of its pages."""
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("make gallery needs Chromium: apt-get install chromium")
    pages = load_catalogue(kit_root() / "notebooks")
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    with tempfile.TemporaryDirectory() as out, sync_playwright() as playwright:
        asked = ["report", "data/sample", "--beside", "data/cambridge", "--period", PERIOD]
        code = tenglong([*asked, "--out", out])
        if code:
            raise SystemExit(code)
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGS))
        sheet = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for page in pages:
            _picture(sheet, Path(out) / "sample" / PERIOD / f"{page.id}.html", page.id)
        browser.close()
    sections = [
        f"## {page.title.zh} · {page.title.en}\n\n{page.summary.zh}。{page.summary.en}.\n\n"
        f"![{page.title.zh}](gallery/{page.id}.png)\n"
        for page in pages
    ]
    (DOCS / "gallery.md").write_text("\n".join([HEAD, *sections]), encoding="utf-8")


def _picture(sheet: Page, file: Path, page_id: str) -> None:
    sheet.goto(file.as_uri())
    sheet.wait_for_timeout(500)  # a map draws itself after it has loaded
    if page_id in SHOWN:
        sheet.locator(SHOWN[page_id]).first.scroll_into_view_if_needed()
        sheet.evaluate("place => document.querySelector(place).scrollIntoView()", SHOWN[page_id])
    sheet.screenshot(path=PICTURES / f"{page_id}.png")


if __name__ == "__main__":
    main()
