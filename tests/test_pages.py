"""The real pages of both bundles, as a reader opens them: offline, in a real browser."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
from itertools import pairwise

import pytest

from map_payload import opened
from reports import BUNDLES, MAPS, TENGLONG, folder, html
from tenglong.show.words import catalogue
from tenglong.source.place import kit_root
from test_map_browser import colours, drawn

MOST_BYTES = 500_000
NUMBER_AND_UNIT = r"([\d,]+(?:\.\d+)?)\s*(×\S+(?: CNY\S*)?|[^\d\s;；,，]*)"
CJK = re.compile(r"[\u3400-\u9fff]")
# Where a page's own words stand, where data is quoted, and where files are named.
LABELS = "h1, h2, h3, h4, caption, th[scope=col], dt, figcaption, summary, label, button, legend"
DATA = "[lang], .verbatim, .masthead .subject, .banner"
# Files are named as an office sent them.
SENT = re.compile(r"\b[\w.-]+\.(?:csv|gpkg|parquet|xlsx?)\b")
FILES = ".downloads, .files, code, .colophon"


def texts(page, *, of="body", but="script"):
    """Give the texts that stand in some elements, but for those inside of others."""
    return page.evaluate(
        """([of, but]) => {
             const found = [];
             for (const root of document.querySelectorAll(of)) {
               const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
               while (walker.nextNode()) {
                 const inside = walker.currentNode.parentElement;
                 const text = walker.currentNode.data.trim();
                 const isOut = inside.closest("script, style, noscript") || inside.closest(but);
                 if (text && !isOut) found.push(text);
               }
             }
             return found;
           }""",
        [of, but],
    )


def test_a_page_asks_nothing_of_the_network_and_complains_of_nothing(visit):
    visit.page.wait_for_load_state("networkidle")
    assert visit.requests == []
    assert visit.complaints == []


def test_a_page_says_nothing_that_only_a_programmer_understands(visit):
    text = visit.page.inner_text("body")
    assert not re.search(r"\bnan\b|\bNaN\b|\bNone\b|Traceback|\bNaT\b|<NA>", text)
    told = " ".join(texts(visit.page, but=f"{FILES}, .verbatim"))
    told = SENT.sub(" ", told)
    assert re.findall(r"\b[a-z]+(?:_[a-z]+)+\b|\w+\.(?:py|yml|ipynb)\b|/[a-z]{2,}/", told) == []


def test_a_page_names_its_language(visit):
    wanted = {"zh": "zh-CN", "en": "en"}[visit.language]
    assert visit.page.get_attribute("html", "lang") == wanted


def test_headings_come_in_order(visit):
    levels = visit.page.eval_on_selector_all(
        "h1,h2,h3,h4", "nodes => nodes.map(node => Number(node.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_labels_of_an_english_page_are_english(visit):
    """What comes from data (names of firms, units, clauses) stays as the data has it."""
    if visit.language != "en":
        return
    labels = [text for text in texts(visit.page, of=LABELS, but=DATA) if CJK.search(text)]
    assert labels == []


def test_an_english_page_has_no_label_of_the_chinese_catalogue(visit):
    if visit.language == "en":
        chinese = {label.zh for label in catalogue().values() if label.zh != label.en}
        told = set(texts(visit.page, but=DATA))
        assert {text for text in told & chinese if CJK.search(text)} == set()


def test_a_chinese_page_has_no_english_sentence(visit):
    if visit.language == "zh":
        told = texts(visit.page, but=f"{DATA}, {FILES}")
        assert [text for text in told if re.search(r"(?:\b[a-z]{2,}\b[ ,]+){3}", text)] == []


def test_nothing_is_wider_than_the_screen(visit):
    for width in (390, 1024, 1280):
        visit.page.set_viewport_size({"width": width, "height": 800})
        overflow = visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, width


def test_a_page_without_the_map_is_light(visit):
    if visit.name not in MAPS:
        assert len(visit.html.encode()) < MOST_BYTES


def test_every_table_has_a_caption_and_headers_with_a_scope(visit):
    lacking = visit.page.eval_on_selector_all(
        "table",
        """tables => tables.filter(table => !table.caption?.textContent.trim()
             || [...table.querySelectorAll("th")].some(th => !["col", "row"].includes(th.scope))
             || [...table.tHead.rows[0].cells].some(cell => cell.matches("td:not(:empty)"))
           ).map(table => table.textContent.slice(0, 60))""",
    )
    assert lacking == []


def test_the_numbers_of_a_column_have_one_precision(visit):
    """Of one unit, where a column has several.

    An English page does not name what is counted, so that there only what has a unit is told
    apart; the same columns are held on the Chinese page.
    """
    columns = visit.page.evaluate(
        """() => [...document.querySelectorAll(".table table")].flatMap(table =>
             [...table.tHead.rows[0].cells].map((head, at) => [
               `${table.caption.textContent}: ${head.textContent}`,
               [...table.tBodies[0].rows].map(row => row.cells[at]).filter(cell =>
                 cell?.matches(".number:not(.verbatim)")).map(cell => cell.textContent)]))"""
    )
    mixed = {}
    for name, cells in columns:
        found = {}
        for cell in cells:
            for number, unit in re.findall(NUMBER_AND_UNIT, cell):
                if not unit and visit.language == "en":
                    continue
                found.setdefault(unit, set()).add(len(number.partition(".")[2]))
        mixed |= {name: found} if any(len(each) > 1 for each in found.values()) else {}
    assert mixed == {}


def test_a_picture_says_what_it_shows(visit):
    silent = visit.page.eval_on_selector_all(
        "svg[role=img]",
        """pictures => pictures.filter(svg => {
             const ids = svg.getAttribute("aria-labelledby")?.split(" ") ?? [];
             const named = ids.map(id => document.getElementById(id));
             if (!ids.length) named.push(svg.firstElementChild);
             return named.some(node => !node?.textContent.trim());
           }).length""",
    )
    assert silent == 0


@pytest.mark.parametrize("bundle", BUNDLES)
def test_the_map_draws_its_polygons(report, page_of, bundle):
    page = drawn(page_of(html(report(bundle), "parcel_map")))
    assert len(colours(page)) >= 4


@pytest.mark.parametrize("bundle", BUNDLES)
def test_without_scripts_the_page_still_shows_the_map(report, page_of, bundle):
    page = page_of(html(report(bundle), "parcel_map"), scripts=False).page
    assert page.locator("svg path").count() > 0
    assert page.locator("svg title").count() > 0


def test_the_sample_says_on_every_page_that_it_is_made_up(report):
    out = report("sample")
    for path in out.rglob("*.html"):
        assert "示例数据" in path.read_text(encoding="utf-8"), path.name


def test_the_headline_is_what_the_command_line_says(report):
    done = subprocess.run(
        [TENGLONG, "targets", "data/sample", "--json"],
        cwd=kit_root(),
        capture_output=True,
        text=True,
        check=True,
    )
    clauses = json.loads(done.stdout)
    measured = [
        one
        for one in clauses
        if one["status"] in ("achieved", "ahead", "on_track", "behind", "far_behind", "missed")
    ]
    html = (folder(report("sample")) / "targets.html").read_text(encoding="utf-8")
    assert f"已测算 {len(measured)} 条" in html


def test_the_manifest_tells_what_went_in_and_what_came_out(report):
    root = folder(report("sample"))
    manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    outputs = manifest["outputs"]
    written = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
    # The cover follows from the manifests of this report and its neighbours.
    assert set(outputs) == written - {"manifest.json", "index.html"}
    for name, digest in outputs.items():
        assert hashlib.sha256((root / name).read_bytes()).hexdigest() == digest
    told = manifest["inputs"]["parcels.gpkg"]["sha256"]
    source = kit_root() / "data" / "sample"
    assert told == hashlib.sha256((source / "parcels.gpkg").read_bytes()).hexdigest()


def test_a_shared_file_gives_no_path_of_the_machine_away(report):
    for path in report("sample").rglob("*"):
        if path.is_file() and path.suffix in (".html", ".json", ".csv"):
            assert str(kit_root()) not in path.read_text(encoding="utf-8")


HOSTILE = "{{ 7*7 }}{% x %}<img src=x onerror=alert(1)></script>"


def test_a_hostile_name_is_shown_as_that_very_text(tmp_path, page_of):
    bundle = tmp_path / "county"
    shutil.copytree(kit_root() / "data" / "sample", bundle)
    firms = bundle / "enterprises.csv"
    with firms.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["企业名称"] = HOSTILE
    with firms.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    command = [TENGLONG, "report", bundle, "--out", tmp_path / "out", "--page", "parcel_map"]
    subprocess.run(command, check=True, capture_output=True)
    html = (folder(tmp_path / "out") / "parcel_map.html").read_text(encoding="utf-8")
    assert "<img src=x" not in html
    visit = page_of(html)
    visit.page.wait_for_selector(".leaflet-pane canvas")
    payload = opened(visit.page.inner_text("script[type='application/json']"))
    assert HOSTILE in json.dumps(payload, ensure_ascii=False)

    assert visit.requests == []
    assert visit.complaints == []
