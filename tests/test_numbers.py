"""Every number that a page prints is found in a CSV of the same report."""

import re
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pytest

import reports

# What is no figure of the report, each for its own reason.
NOT_FIGURES = {
    ".axis": "the ticks of a figure's scale",
    ".verbatim": "the very words and targets of the plan, and of a rule's source",
    ".table-tools": "how many rows the filter shows",
    ".colophon dl": "versions, parameters, the system of coordinates, the bands",
    ".masthead": "the plan's name, the day",
    "code, time": "hashes, days",
    ".downloads, .files": "names of files",
    "script, style, noscript": "not seen",
}
DAYS = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月(?:\d{1,2}日)?|\d{4}-\d{2}(?:-\d{2})?"
    r"|\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December) \d{4}|(?<![\d.,])(?:19|20)\d{2}(?![\d.,]\d|\d)"
)
# Laws, standards, codes, and places in the plan.
NAMES = re.compile(
    r"\d{12}[A-Z]{2}\d{5}|SHA-256|〔\d{4}〕\d+号|(?:GB|DB|HJ)[/\w ]*[\d.]+(?:-\d+)?|EPSG:\d+|CO[₂2]"
    r"|第\d+[条章款号]|(?:任务|目标|附件|政策|保障) ?\d+"
    r"|(?:[Tt]asks?|[Gg]oals?|[Pp]olic(?:y|ies)|[Oo]rder) \d+"
)
NUMBER = re.compile(
    r"(?<![A-Za-z\d.])([−-]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?!\d*[A-Z])(\s?(?:%|亿|万|million|billion))?"
)
IN_CELL = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?(?![A-Za-z\d])")
SCALES = {"%": (1, 100), "亿": (1, Decimal("1e-4"), Decimal("1e-8")), "万": (1, Decimal("1e-4"))}
SCALES |= {"million": (Decimal("1e-2"),), "billion": (Decimal("1e-5"), Decimal("1e-1"))}
MOST_DIGITS = 18  # a longer one is a code


def rounded(value, decimals):
    return abs(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


class Told:
    """The numbers of a report's CSV files, by scale and by how many decimals they are printed."""

    def __init__(self, out):
        plain = set()
        for cell in reports.csv_cells(out):
            plain |= {
                Decimal(n) for n in IN_CELL.findall(cell.replace(",", "")) if len(n) < MOST_DIGITS
            }
        self.plain = plain
        self.sets = {}

    def holds(self, number, decimals, unit):
        return any(number in self._set(scale, decimals) for scale in SCALES.get(unit, (1, 100)))

    def _set(self, scale, decimals):
        key = scale, decimals
        if key not in self.sets:
            self.sets[key] = {rounded(value * scale, decimals) for value in self.plain}
        return self.sets[key]


@pytest.fixture(scope="module")
def told(report):
    made = {}

    def of(bundle, language):
        key = bundle, language
        if key not in made:
            made[key] = Told(report(*key))
        return made[key]

    return of


def lines(page):
    """Give the texts of a page that may hold figures, each block's text as one."""
    return page.evaluate(
        """but => {
             const blocks = "p, li, td, th, dd, dt, caption, figcaption, text, h1, h2, h3, h4";
             return [...document.querySelectorAll(blocks)]
               .filter(node => !node.closest(but) && !node.querySelector("p, li, td, dd, text"))
               .map(node => {
                 const clone = node.cloneNode(true);
                 clone.querySelectorAll(but + ", title, desc, svg").forEach(one => one.remove());
                 return clone.textContent.replace(/\\s+/g, " ").trim();
               }).filter(Boolean);
           }""",
        ", ".join(NOT_FIGURES),
    )


def figures(line):
    """Give the numbers of a line: value, decimals, unit."""
    for found in NUMBER.finditer(NAMES.sub(" ", DAYS.sub(" ", line))):
        _, whole, fraction, unit = found.groups()
        text = whole.replace(",", "") + (fraction or "")
        yield Decimal(text), len((fraction or ".")[1:]), (unit or "").strip()


def test_every_number_is_in_a_csv_of_the_report(visit, told):
    known = told(visit.bundle, visit.language)
    lost = defaultdict(list)
    for line in lines(visit.page):
        for number, decimals, unit in figures(line):
            if not known.holds(number, decimals, unit):
                lost[line[:80]].append(f"{number}{unit}")
    assert dict(lost) == {}


def test_a_number_in_a_line_is_read_with_its_decimals_and_unit():
    line = "截至2022年6月30日，1,234.50 亩，占 12.5 %，较上年 −3 家（任务1，GB/T 4754-2017）"
    assert list(figures(line)) == [
        (Decimal("1234.50"), 2, ""),
        (Decimal("12.5"), 1, "%"),
        (Decimal(3), 0, ""),
    ]


def test_a_number_that_no_csv_has_is_found_out(tmp_path):
    tables = tmp_path / "county" / "2022-06-30" / "tables"
    tables.mkdir(parents=True)
    (tables.parent / "manifest.json").write_text("{}")
    (tables / "a.csv").write_text("名称,值\r\n3家,0.12345\r\n", encoding="utf-8-sig")
    known = Told(tmp_path)
    assert known.holds(Decimal("12.3"), 1, "%")
    assert known.holds(Decimal("0.12"), 2, "")
    assert known.holds(Decimal(3), 0, "")
    assert not known.holds(Decimal("12.4"), 1, "%")
    assert not known.holds(Decimal(4), 0, "")
