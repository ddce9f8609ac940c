"""The legend of the static map, as SVG text beside it."""

from collections.abc import Sequence
from html import escape

from tenglong.show.map.legend import Legend
from tenglong.show.map.place_names import is_wide, text_width
from tenglong.show.page import Page

SIDE = 226  # its width, pixels
INK, MUTED = "#1d2433", "#5b6475"
TITLE, TEXT, SMALL = 15, 14, 12  # sizes of type, pixels


def svg_text(text: str, x: float, y: float, *, size: float = TEXT, extra: str = "") -> str:
    """Give a line of text.

    >>> svg_text("<", 0, 1)
    '<text x="0" y="1" font-size="14">&lt;</text>'
    """
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}"{extra}>{escape(text)}</text>'


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines of a width; words stay whole, Chinese may break anywhere.

    >>> wrapped("截至 2022-06-30", 60, 12)
    ['截至 ', '2022-06-30']
    """
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return lines


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end: after a space, and around a Chinese character."""
    pieces = [""]
    for character in text:
        last = pieces[-1][-1:]
        if last and (last == " " or is_wide(character) or is_wide(last)):
            pieces.append("")
        pieces[-1] += character
    return pieces


class Side:
    """Lines of the legend, from the top downwards."""

    def __init__(self, x: float) -> None:
        self.x = x
        self.height = 0.0
        self.parts: list[str] = []

    def draw(
        self,
        page: Page,
        legend: Legend,
        fills: Sequence[str],
        layers: Sequence[str],
        strokes: Sequence[str],
        credit: str,
    ) -> None:
        """Add everything that stands beside a map."""
        self.heading(page, legend)
        self.entries(legend, fills)
        self.lines(layers, strokes)
        self.notes([*legend.notes, *([credit] if credit else [])])

    def heading(self, page: Page, legend: Legend) -> None:
        """Add the measure and the head of the column of counts."""
        for line in wrapped(legend.title, SIDE, TITLE):
            self.height += TITLE * 1.45
            self._text(line, TITLE, ' font-weight="600"')
        self.height += SMALL * 1.7
        self._number(page.word("map.count"), SMALL, MUTED)

    def entries(self, legend: Legend, fills: Sequence[str]) -> None:
        """Add a line for each class, and one for what is not known."""
        for entry, fill in zip(legend.entries, fills, strict=True):
            self.height += 24
            top = self.height - 12.5
            self.parts.append(
                f'<rect x="{self.x:g}" y="{top:g}" width="26" height="15" fill="{fill}"'
                f' stroke="{INK}" stroke-opacity=".45" stroke-width=".8"/>'
            )
            self.parts.append(svg_text(entry.text, self.x + 36, self.height))
            self._number(f"{entry.count:,}", TEXT, INK)

    def lines(self, labels: Sequence[str], strokes: Sequence[str]) -> None:
        """Add a line for each layer of outlines."""
        self.height += 10
        for place, label in enumerate(labels):
            self.height += 23
            stroke = strokes[min(place, len(strokes) - 1)]
            place_at = f"translate({self.x:g} {self.height - 5:g}) scale(.1)"
            self.parts.append(f'<path d="M0 0h260" transform="{place_at}" {stroke}/>')
            self.parts.append(svg_text(label, self.x + 36, self.height))

    def notes(self, texts: Sequence[str]) -> None:
        """Add small print."""
        for text in texts:
            self.height += 7
            for line in wrapped(text, SIDE, SMALL):
                self.height += SMALL * 1.5
                self._text(line, SMALL, f' fill="{MUTED}"')

    def _text(self, text: str, size: float, extra: str) -> None:
        self.parts.append(svg_text(text, self.x, self.height, size=size, extra=extra))

    def _number(self, text: str, size: float, colour: str) -> None:
        extra = f' text-anchor="end" fill="{colour}"'
        self.parts.append(svg_text(text, self.x + SIDE, self.height, size=size, extra=extra))
