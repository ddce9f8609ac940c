"""What figures are made of: elements of SVG, a sheet for them, a caption, and the CSV behind."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape

from tenglong.show.cell import csv_of
from tenglong.show.figure.tone import INK, RULE, patterns
from tenglong.show.map.place_names import text_width
from tenglong.show.map.sheet_legend import svg_text, wrapped
from tenglong.show.number import COUNTS
from tenglong.show.page import Page
from tenglong.show.piece import Piece

WIDTH = 520  # of a sheet, in its own units
TEXT = 12  # size of type; `page.css` makes it ROOM on a narrow screen, so that is what is measured
ROOM = 14.5
LINE = 16  # from one line of text to the next
MOST_LABEL = 190  # a longer label is broken into lines


def room(texts: Iterable[str]) -> float:
    """Give the width that the widest of some texts takes.

    >>> room(["大峃镇", "珊溪"])
    43.5
    """
    return max((text_width(text, ROOM) for text in texts), default=0.0)


def label_lines(label: str) -> list[str]:
    """Break a row's label into lines."""
    return [line.rstrip() for line in wrapped(label, MOST_LABEL, ROOM)]


def write(
    text: str, x: float, y: float, *, anchor: str = "", fill: str = INK, css: str = ""
) -> str:
    """Write a line of text on the sheet.

    >>> write("<", 1, 2, anchor="end")
    '<text x="1" y="2" font-size="12" text-anchor="end">&lt;</text>'
    """
    extra = f' text-anchor="{anchor}"' if anchor else ""
    extra += f' fill="{fill}"' if fill != INK else ""
    extra += f' class="{css}"' if css else ""
    return svg_text(text, round(x, 1), round(y, 1), size=TEXT, extra=extra)


def box(x: float, y: float, width: float, height: float, fill: str, *, edge: str = "") -> str:
    """Draw an area.

    >>> box(0, 1, 2.55, 3, "#fff")
    '<rect x="0" y="1" width="2.5" height="3" fill="#fff"/>'
    """
    stroke = f' stroke="{edge}" stroke-width=".75"' if edge else ""
    return (
        f'<rect x="{round(x, 1):g}" y="{round(y, 1):g}" width="{round(width, 1):g}"'
        f' height="{round(height, 1):g}" fill="{fill}"{stroke}/>'
    )


def rule(
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    stroke: str = RULE,
    width: float = 1,
    dash: str = "",
) -> str:
    """Draw a straight line.

    >>> rule((0, 0), (10.04, 0))
    '<path d="M0 0L10 0" fill="none" stroke="#d9dee7"/>'
    """
    return path((start, end), stroke=stroke, width=width, dash=dash)


def path(
    points: Sequence[tuple[float, float]], *, stroke: str, width: float = 1, dash: str = ""
) -> str:
    """Draw a line through points."""
    data = "M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in points)
    thick = f' stroke-width="{width:g}"' if width != 1 else ""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{data}" fill="none" stroke="{stroke}"{thick}{dashed}/>'


def decimals_of(values: Iterable[Fraction | None], unit: str, decimals: int) -> int:
    """Give the one precision of a figure's numbers: none for whole counts, else what is asked.

    >>> decimals_of([Fraction(3), None], "家", 2), decimals_of([Fraction(3)], "%", 2)
    (0, 2)
    """
    is_whole = all(value.denominator == 1 for value in values if value is not None)
    return 0 if unit in COUNTS and is_whole else decimals


def picture(
    parts: Iterable[str],
    size: tuple[float, float],
    *,
    title: str,
    described: str,
    name: str,
    tones: Iterable[str] = (),
) -> str:
    """Put parts into one SVG with a title and a description for those who cannot see it.

    Parameters
    ----------
    name
        Begins the ids in it.
    tones
        Those whose hatching is used.
    """
    width, height = (f"{round(one, 1):g}" for one in size)
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        f' fill="{INK}" aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">'
        f'{escape(title)}</title><desc id="{name}-desc">{escape(described)}</desc>'
        f"{patterns(tones, name)}{''.join(parts)}</svg>"
    )


def publish(
    page: Page,
    drawn: str,
    *,
    caption: str,
    name: str,
    csv: tuple[Sequence[str], Iterable[Sequence[str]]],
    notes: Iterable[str] = (),
) -> Piece:
    """Give a figure with its caption, its notes and the CSV behind it.

    Parameters
    ----------
    drawn
        The SVG, or "" where there is nothing to draw: the notes then say so.
    csv
        Its header and its rows.
    """
    told = escape(("" if page.language == "zh" else " ").join(notes))
    below = f'<p class="note">{told}</p>' if told else ""
    html = (
        f'<figure class="figure"><figcaption><strong>{escape(caption)}</strong></figcaption>'
        f"{drawn}{below}</figure>"
    )
    return Piece(html, {f"{name}.csv": csv_of(*csv)})


def nothing(page: Page, caption: str, name: str, header: Sequence[str]) -> Piece:
    """Say that there is nothing to draw: a sentence, never an empty box."""
    told = [page.word("figure.no_data")]
    csv = (header, ())
    return publish(page, "", caption=caption, name=name, csv=csv, notes=told)
