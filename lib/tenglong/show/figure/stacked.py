"""Stacked bars: of what parts each row consists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenglong.show.cell import as_text
from tenglong.show.figure.drawing import (
    LINE,
    ROOM,
    WIDTH,
    box,
    nothing,
    picture,
    publish,
    room,
    write,
)
from tenglong.show.figure.rows import BAR, Rows, lay_out
from tenglong.show.figure.tone import TONES, fill_of
from tenglong.show.number import figure
from tenglong.show.page import Page
from tenglong.show.piece import Piece

SWATCH = 14


@dataclass(frozen=True)
class Part:
    """A part that every row has: its label, and its tone (good, fair, warn, bad, none, all)."""

    label: str
    tone: str


@dataclass(frozen=True)
class Row:
    """A row: how many of each part it has, in the order of the parts."""

    label: str
    counts: Sequence[int]


def stacked(
    page: Page,
    rows: Sequence[Row],
    parts: Sequence[Part],
    *,
    caption: str,
    described: str,
    name: str,
) -> Piece:
    """Draw rows as bars of parts, all on one scale, each part with its count where it has room.

    Parameters
    ----------
    described, name
        As for `bars`.

    Raises
    ------
    ValueError
        If a row has not one count for each part.
    """
    for row in rows:
        if len(row.counts) != len(parts):
            raise ValueError(f"{row.label}: {len(row.counts)} counts for {len(parts)} parts")
    header = [
        page.word("figure.column.label"),
        *(as_text(part.label) for part in parts),
        page.word("figure.column.total"),
    ]
    if not any(sum(row.counts) for row in rows):
        return nothing(page, caption, name, header)
    legend, top = _legend(parts, name)
    totals = [figure(sum(row.counts), 0) for row in rows]
    placed = lay_out([row.label for row in rows], totals, top=top)
    drawn = picture(
        [*legend, *placed.parts, *_bars(rows, parts, placed, name)],
        (WIDTH, placed.bottom),
        title=caption,
        described=described,
        name=name,
        tones=[part.tone for part in parts],
    )
    lines = [[as_text(row.label), *map(str, row.counts), str(sum(row.counts))] for row in rows]
    return publish(page, drawn, caption=caption, name=name, csv=(header, lines))


def _legend(parts: Sequence[Part], name: str) -> tuple[list[str], float]:
    """Draw what the parts are, in as many lines as it takes; give where it ends."""
    drawn, x, top = [], 0.0, 0.0
    for part in parts:
        width = SWATCH + 5 + room([part.label])
        if x and x + width > WIDTH:
            x, top = 0.0, top + LINE + 4
        drawn.append(box(x + 0.5, top + 2, SWATCH, 12, fill_of(part.tone, name), edge=_edge(part)))
        drawn.append(write(part.label, x + SWATCH + 5, top + 12))
        x += width + ROOM
    return drawn, top + LINE + 12


def _bars(rows: Sequence[Row], parts: Sequence[Part], placed: Rows, name: str) -> Iterator[str]:
    most = max(sum(row.counts) for row in rows)
    for row, top in zip(rows, placed.tops, strict=True):
        x = placed.start
        for count, part in zip(row.counts, parts, strict=True):
            width = (placed.width - 1) * count / most
            if count:
                yield box(
                    x, top, max(width - 1, 0.5), BAR, fill_of(part.tone, name), edge=_edge(part)
                )
            text = figure(count, 0)
            if count and room([text]) + 6 <= width:
                yield _count(text, x + width / 2, top, part)
            x += width


def _count(text: str, x: float, top: float, part: Part) -> str:
    """Write a count on its part, on a ground of the part's own colour where that is hatched."""
    tone = TONES[part.tone]
    ground = box(x - room([text]) / 2 - 2, top + 1, room([text]) + 4, BAR - 2, tone.fill)
    number = write(text, x, top + BAR - 4, anchor="middle", fill=tone.ink)
    return f"{ground}{number}" if tone.lines else number


def _edge(part: Part) -> str:
    return TONES["none"].lines if part.tone == "none" else ""
