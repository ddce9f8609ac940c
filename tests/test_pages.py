"""The real pages of both bundles, as a reader opens them: offline, in a real browser."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from tenglong.source.place import kit_root

BUNDLES = ("sample", "cambridge")
PAGES = ("index", "targets", "parcel_map")
REPORTS = [(bundle, language) for bundle in BUNDLES for language in ("zh", "en")]
MOST_BYTES = 500_000
TENGLONG = Path(sys.executable).parent / "tenglong"


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """Make a bundle's report with the real command, once a session: `report(bundle, language)`."""
    made = {}

    def make(bundle: str, language: str = "zh") -> Path:
        if (bundle, language) not in made:
            out = tmp_path_factory.mktemp(f"{bundle}-{language}")
            command = [TENGLONG, "report", f"data/{bundle}"]
            done = subprocess.run(
                [*command, "--out", out, "--language", language],
                cwd=kit_root(),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            made[bundle, language] = out
        return made[bundle, language]

    return make


def folder(out: Path) -> Path:
    return next(path.parent for path in out.glob("*/*/manifest.json"))


@pytest.fixture(params=[(*report, page) for report in REPORTS for page in PAGES], ids="-".join)
def visit(request, report, page_of):
    bundle, language, page = request.param
    html = (folder(report(bundle, language)) / f"{page}.html").read_text(encoding="utf-8")
    found = page_of(html)
    found.language, found.name, found.html = language, page, html
    return found


def test_a_page_asks_nothing_of_the_network_and_complains_of_nothing(visit):
    visit.page.wait_for_timeout(300)
    assert visit.requests == []
    assert visit.complaints == []


def test_a_page_says_nothing_that_only_a_programmer_understands(visit):
    text = visit.page.inner_text("body")
    assert not re.search(r"\bnan\b|\bNaN\b|\bNone\b|Traceback|\bNaT\b|<NA>", text)


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


def test_the_words_of_a_page_are_of_its_language(visit):
    if visit.language == "en":
        headings = " ".join(visit.page.eval_on_selector_all("h2", "n => n.map(x => x.innerText)"))
        assert not re.search(r"[\u4e00-\u9fff]", headings)


def test_nothing_is_wider_than_the_screen(visit):
    for width in (390, 1024, 1280):
        visit.page.set_viewport_size({"width": width, "height": 800})
        overflow = visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, width


@pytest.mark.parametrize("bundle", BUNDLES)
def test_a_page_without_the_map_is_light(report, bundle):
    for page in ("index", "targets"):
        assert (folder(report(bundle)) / f"{page}.html").stat().st_size < MOST_BYTES


@pytest.mark.parametrize("bundle", BUNDLES)
def test_the_map_draws_its_polygons(report, page_of, bundle):
    visit = page_of((folder(report(bundle)) / "parcel_map.html").read_text(encoding="utf-8"))
    canvas = visit.page.wait_for_selector(".leaflet-overlay-pane canvas, .leaflet-pane canvas")
    painted = canvas.evaluate(
        """node => {
            const dots = node.getContext("2d").getImageData(0, 0, node.width, node.height).data;
            const colours = new Set();
            for (let i = 0; i < dots.length; i += 4)
                if (dots[i + 3] === 255) colours.add(`${dots[i]},${dots[i + 1]},${dots[i + 2]}`);
            return colours.size;
        }"""
    )
    assert painted >= 4


@pytest.mark.parametrize("bundle", BUNDLES)
def test_without_scripts_the_page_still_shows_the_map(report, page_of, bundle):
    html = (folder(report(bundle)) / "parcel_map.html").read_text(encoding="utf-8")
    page = page_of(html, scripts=False).page
    assert page.locator("svg path").count() > 0
    assert page.locator("svg title").count() > 0


@pytest.mark.parametrize("page", PAGES)
def test_a_page_prints_on_a4(report, page_of, page):
    visit = page_of((folder(report("sample")) / f"{page}.html").read_text(encoding="utf-8"))
    pdf = visit.page.pdf(prefer_css_page_size=True)
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([\d. ]+)\]", pdf)}
    assert boxes
    for _, _, width, height in boxes:
        assert sorted((round(width), round(height))) == pytest.approx([595, 842], abs=1)
    visit.page.emulate_media(media="print")
    visit.page.set_viewport_size({"width": 688, "height": 1000})  # A4 less its margins
    assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


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
    assert set(outputs) == written - {"manifest.json"}
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
    payload = visit.page.inner_text("script[type='application/json']")
    assert HOSTILE in json.dumps(json.loads(payload), ensure_ascii=False)

    assert visit.requests == []
    assert visit.complaints == []
