"""The pages on paper: A4, nothing cut, no heading alone at the foot of a sheet."""

import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest

import reports

# Every part gets a colour of its own, which the PDF tells again: [selector, may not be cut].
PARTS = (
    ("tbody tr", "row"),
    ("h1, h2, h3, h4, caption, thead", "heading"),
    ("figure svg, .static-map svg", "figure"),
)
PAINT = """parts => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("[data-part] * { color: inherit !important; }");
  document.adoptedStyleSheets.push(sheet);
  const told = [];
  for (const [selector, kind] of parts) {
    for (const node of document.querySelectorAll(selector)) {
      if (!node.textContent.trim() || (kind === "figure" && node.closest("td, th"))) continue;
      const n = told.push([kind, node.textContent.trim().replace(/\\s+/g, " ").slice(0, 50)]);
      const colour = `rgb(${[n >> 10, (n >> 5) & 31, n & 31].map(c => c * 8 + 4).join(",")})`;
      node.dataset.part = n;
      node.style.setProperty("color", colour, "important");
      const texts = kind === "figure" ? node.querySelectorAll("text") : [];
      texts.forEach(text => text.style.setProperty("fill", colour));
    }
  }
  return told;
}"""
MARGIN_PT = 14 / 25.4 * 72  # at the right, of page.css
FOOT_PT = 18 / 25.4 * 72


def number_of(colour):
    """Give the number that a colour stands for: n >> 10, n >> 5, n, each as 8 c + 4."""
    red, green, blue = (int(colour[start : start + 2], 16) // 8 for start in (1, 3, 5))
    return (red << 10) + (green << 5) + blue


class Paper:
    """A printed page of a report."""

    def __init__(self, page, pdf):
        tool = shutil.which("pdftohtml")
        assert tool, "the tests of print need poppler: apt-get install poppler-utils"
        page.emulate_media(media="print")
        self.parts = page.evaluate(PAINT, [list(part) for part in PARTS])
        page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
        xml = subprocess.run(
            [tool, "-xml", "-i", "-q", "-stdout", "-zoom", "1", pdf],
            capture_output=True,
            check=True,
        ).stdout
        self.sheets = list(ET.fromstring(xml).iter("page"))  # noqa: S314 - ours
        self.colours = {
            font.get("id"): font.get("color")
            for sheet in self.sheets
            for font in sheet.iter("fontspec")
        }

    def lines(self, sheet):
        """Give the lines of a sheet above its foot: bottom edge, number of its part, text."""
        height = float(sheet.get("height"))
        for line in sheet.iter("text"):
            text = "".join(line.itertext()).strip()
            bottom = float(line.get("top")) + float(line.get("height"))
            if text and float(line.get("top")) < height - FOOT_PT:
                yield bottom, number_of(self.colours[line.get("font")]), text

    def part(self, number):
        """Give a part's kind and text; what has another colour is none."""
        return self.parts[number - 1] if 1 <= number <= len(self.parts) else ("", "")


@pytest.fixture(
    scope="module",
    # The layout is one in both languages; of English the longest page is printed, too.
    params=[*(("zh", page) for page in reports.PAGES), ("en", "bulletin")],
    ids="-".join,
)
def paper(request, report, chromium, tmp_path_factory):
    language, page = request.param
    context = chromium.new_context(offline=True, reduced_motion="reduce")
    sheet = context.new_page()
    sheet.goto((reports.folder(report("sample", language)) / f"{page}.html").as_uri())
    yield Paper(sheet, tmp_path_factory.mktemp("paper") / "page.pdf")
    context.close()


def test_every_sheet_is_a4(paper):
    for sheet in paper.sheets:
        sides = sorted(float(sheet.get(side)) for side in ("width", "height"))
        assert sides == pytest.approx([595, 842], abs=1.5)


def test_no_row_and_no_figure_is_cut(paper):
    where = {}
    for place, sheet in enumerate(paper.sheets):
        for _, number, _ in paper.lines(sheet):
            where.setdefault(number, set()).add(place)
    cut = [
        paper.part(number)
        for number, places in where.items()
        if len(places) > 1 and paper.part(number)[0] in ("row", "figure")
    ]
    assert cut == []


def test_no_heading_stands_alone_at_the_foot(paper):
    for sheet in paper.sheets:
        lines = sorted(paper.lines(sheet))
        if lines:
            _, number, text = lines[-1]
            assert paper.part(number)[0] != "heading", text


def test_no_text_runs_over_the_margin(paper):
    for sheet in paper.sheets:
        width = float(sheet.get("width"))
        for line in sheet.iter("text"):
            text = "".join(line.itertext()).strip()
            right = float(line.get("left")) + float(line.get("width"))
            assert not text or right <= width - MARGIN_PT + 6, text
