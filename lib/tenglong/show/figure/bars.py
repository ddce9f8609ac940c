"""Bars: one value a row, with a tick where it should stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tenglong.show.cell import as_text
from tenglong.show.figure.drawing import (
    WIDTH,
    box,
    decimals_of,
    nothing,
    picture,
    publish,
    rule,
)
from tenglong.show.figure.rows import BAR, Rows, lay_out
from tenglong.show.figure.scale import Scale
from tenglong.show.figure.tone import INK, MUTED, TONES, fill_of
from tenglong.show.number import JOINER, figure, plain
from tenglong.show.page import Page
from tenglong.show.piece import Piece

STUB = 26  # width of the hatched mark of what is not known


@dataclass(frozen=True)
class Bar:
    """A row.

    Attributes
    ----------
    value
        None where it is not known.
    reference
        What it is held against, e.g. a target or a mean.
    tone
        good, fair, warn, bad, none, or all (no judgement).
    """

    label: str
    value: Fraction | None
    reference: Fraction | None = None
    tone: str = "all"


def bars(
    page: Page,
    rows: Sequence[Bar],
    *,
    caption: str,
    described: str,
    name: str,
    unit: str,
    decimals: int = 2,
) -> Piece:
    """Draw a bar for each row, in the order given.

    Parameters
    ----------
    described
        What the figure shows, for those who cannot see it.
    name
        The CSV's file name without ending; the ids in the figure begin with it.
    unit
        Of all values; stands above the numbers.
    decimals
        Of all values; those of the table that tells the same.
    """
    header = [
        page.word("figure.column.label"),
        page.word("figure.column.value"),
        page.word("figure.column.reference"),
        page.word("figure.column.unit"),
    ]
    if not rows:
        return nothing(page, caption, name, header)
    values = [value for row in rows for value in (row.value, row.reference)]
    decimals = decimals_of(values, unit, decimals)
    numbers = [figure(row.value, decimals) for row in rows]
    placed = lay_out([row.label for row in rows], numbers, unit=unit)
    drawn = picture(
        [*placed.parts, *_bars(rows, placed, name)],
        (WIDTH, placed.bottom),
        title=caption,
        described=described,
        name=name,
        tones=[*(row.tone for row in rows), *_missing_tone(rows)],
    )
    lines = [
        [as_text(row.label), plain(row.value), plain(row.reference), as_text(unit)] for row in rows
    ]
    notes = _notes(page, rows, unit, decimals)
    return publish(page, drawn, caption=caption, name=name, csv=(header, lines), notes=notes)


def _notes(page: Page, rows: Sequence[Bar], unit: str, decimals: int) -> Iterator[str]:
    """Say what the ticks and the hatching mean; name the reference where all have the same."""
    references = {row.reference for row in rows if row.reference is not None}
    if len(references) == 1:
        value = f"{figure(references.pop(), decimals)}{JOINER}{unit}".rstrip(JOINER)
        yield page.word("figure.reference_of", value=value)
    elif references:
        yield page.word("figure.reference")
    if _missing_tone(rows):
        yield page.word("figure.missing")


def _missing_tone(rows: Sequence[Bar]) -> list[str]:
    return ["none"] if any(row.value is None for row in rows) else []


def _bars(rows: Sequence[Bar], placed: Rows, name: str) -> Iterator[str]:
    values = [one for row in rows for one in (row.value, row.reference) if one is not None]
    low, high = min([*values, Fraction(0)]), max([*values, Fraction(0)])
    scale = Scale(low, high if high > low else Fraction(1), placed.start, WIDTH - 2)
    zero = scale.at(0)
    for row, top in zip(rows, placed.tops, strict=True):
        if row.value is None:
            yield box(zero, top, STUB, BAR, fill_of("none", name), edge=TONES["none"].lines)
        else:
            ends = sorted((zero, scale.at(row.value)))
            yield box(
                ends[0], top, ends[1] - ends[0], BAR, fill_of(row.tone, name), edge=_edge(row)
            )
        if row.reference is not None:
            x = scale.at(row.reference)
            yield rule((x, top - 3), (x, top + BAR + 3), stroke="#ffffff", width=5)
            yield rule((x, top - 3), (x, top + BAR + 3), stroke=INK, width=2)
    yield rule((zero, placed.tops[0] - 4), (zero, placed.bottom), stroke=MUTED)


def _edge(row: Bar) -> str:
    return TONES["none"].lines if row.tone == "none" else ""
