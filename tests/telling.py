"""What pages tell in tables: of each row, by its name, what stands under each heading."""

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import lxml.html

NUMBER = re.compile(r"[+\N{MINUS SIGN}-]?\d[\d,]*(?:\.\d+)?")
# The shape before a word and the sign before a target tell nothing else; D is 类别 D.
MARK = re.compile(r"^[^\w\s+\N{MINUS SIGN}-]\s+|(?<=^[A-D]) 类$")


@dataclass(frozen=True)
class Told:
    """A cell of a table: where it stands, of what it tells, under which heading."""

    page: str
    caption: str
    subject: str
    heading: str
    text: str

    @property
    def of_county(self):
        """Whether a township's report says that this is of all the county."""
        return "全县" in self.caption or "部门赛马" in self.caption

    @property
    def numbers(self):
        """The numbers in it, with their decimals."""
        return [
            Decimal(n.replace(",", "").replace("\N{MINUS SIGN}", "-").replace("+", ""))
            for n in NUMBER.findall(self.text)
        ]

    @property
    def words(self):
        """What it says beside the numbers."""
        return NUMBER.sub("#", self.text)


def seen(node):
    """Give the text of a cell as a reader sees it, without the figures drawn in it."""
    drawn = {text for figure in node.iter("svg") for text in figure.itertext()}
    parts = [text for text in node.itertext() if text not in drawn]
    text = " ".join(" ".join(parts).replace("\N{NO-BREAK SPACE}", " ").split())
    return MARK.sub("", text)


def tables(html):
    """Give every table of a page: its caption, its headings, and its rows of cells."""
    for table in lxml.html.fromstring(html).iter("table"):
        caption = "".join(seen(each) for each in table.findall("caption"))
        headings = [seen(cell) for cell in table.findall("thead/tr/th")]
        rows = [
            [(cell.tag == "th", seen(cell)) for cell in row] for row in table.findall("tbody/tr")
        ]
        yield caption, headings, rows


def told(page, html):
    """Give the cells of tables whose rows have a name, under the headings that tell of it.

    A heading under which one name has several figures tells of something else: of a year, a node.
    """
    for caption, headings, rows in tables(html):
        named = defaultdict(set)
        for row in rows:
            name = next((text for is_name, text in row if is_name), "")
            for heading, (is_name, text) in zip(headings, row, strict=False):
                if name and not is_name:
                    named[name, heading].add(text)
        several = {heading for (_, heading), texts in named.items() if len(texts) > 1}
        for (name, heading), texts in named.items():
            if heading not in several:
                yield Told(page, caption, name, heading, *texts)


# The map has one class for whoever has no grade from A to D.
UNGRADED = {"不参评或未定级", "T", "…"}


def agree(one, other):
    """Whether two cells tell the same: the same words, and numbers alike as far as both go."""
    if {one.text, other.text} <= UNGRADED and one.heading == "等级":
        return True
    if one.heading.startswith("序时差") and "…" in {one.text, other.text}:
        return True  # the league holds a level to no pace
    if one.words != other.words:
        return False
    pairs = list(zip(one.numbers, other.numbers, strict=True))
    return all(_alike(*pair) for pair in pairs)


def _alike(one, other):
    decimals = min(-one.as_tuple().exponent, -other.as_tuple().exponent)
    step = Decimal(1).scaleb(-decimals)
    return one.quantize(step, ROUND_HALF_UP) == other.quantize(step, ROUND_HALF_UP)


def contradictions(cells, *, but=frozenset()):
    """Give what is told twice and differs: subject, heading, and where each of two stands."""
    by_key = defaultdict(list)
    for cell in cells:
        if cell.heading not in but:
            by_key[cell.of_county, cell.subject, cell.heading].append(cell)
    return [
        (*key[1:], (first.page, first.caption, first.text), (other.page, other.caption, other.text))
        for key, (first, *others) in by_key.items()
        for other in others
        if not agree(first, other)
    ]
