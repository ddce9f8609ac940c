"""Lines over time: several series on one scale, each named at its end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tenglong.show.cell import as_text
from tenglong.show.figure.calendar import place_in_time, time_axis, time_scale
from tenglong.show.figure.drawing import (
    LINE,
    WIDTH,
    label_lines,
    nothing,
    path,
    picture,
    publish,
    room,
    rule,
    write,
)
from tenglong.show.figure.scale import Point, Scale, dot, runs, tick_text, ticks
from tenglong.show.figure.tone import INK, MUTED
from tenglong.show.number import plain
from tenglong.show.page import Page
from tenglong.show.piece import Piece

PLOT = 190
TOP = 22  # room for the unit
# Told apart by lightness and dashes, not by colour alone.
STYLES = (
    ("#0b5c8a", ""),
    ("#b3261e", "7 3"),
    ("#8a5a10", "2 3"),
    ("#11643a", "9 3 2 3"),
    (INK, ""),
)
REFERENCE = (MUTED, "4 4")


@dataclass(frozen=True)
class Line:
    """A series; `is_reference` for what the others are held against, such as a target's path."""

    label: str
    points: Sequence[tuple[date, Fraction | None]]
    is_reference: bool = False


def lines(
    page: Page, series: Sequence[Line], *, caption: str, described: str, name: str, unit: str
) -> Piece:
    """Draw series over time; a line is broken where a value is not known.

    Parameters
    ----------
    described, name, unit
        As for `bars`.
    """
    header = [
        page.word("figure.column.label"),
        page.word("figure.column.time"),
        page.word("figure.column.value"),
        page.word("figure.column.unit"),
    ]
    if not any(value is not None for line in series for _, value in line.points):
        return nothing(page, caption, name, header)
    drawn = picture(
        _parts(page, series, unit),
        (WIDTH, TOP + PLOT + 24),
        title=caption,
        described=described,
        name=name,
    )
    rows = [
        [as_text(line.label), when.isoformat(), plain(value), as_text(unit)]
        for line in series
        for when, value in line.points
    ]
    is_broken = any(value is None for line in series for _, value in line.points)
    notes = [page.word("figure.broken")] if is_broken else []
    return publish(page, drawn, caption=caption, name=name, csv=(header, rows), notes=notes)


def _parts(page: Page, series: Sequence[Line], unit: str) -> Iterator[str]:
    values = [value for one in series for _, value in one.points if value is not None]
    marks = ticks(min(values), max(values))
    texts = [tick_text(mark, marks[1] - marks[0]) for mark in marks]
    left = room(texts) + 6
    names = [label_lines(one.label) for one in series]
    right = WIDTH - room(line for each in names for line in each) - 12
    across = time_scale([when for one in series for when, _ in one.points], left, right)
    up = Scale(marks[0], marks[-1], TOP + PLOT, TOP)
    yield write(unit, 0, 11, fill=MUTED)
    for mark, text in zip(marks, texts, strict=True):
        yield rule((left, up.at(mark)), (right, up.at(mark)))
        yield write(text, left - 6, up.at(mark) + 4, anchor="end", fill=MUTED, css="axis")
    yield from time_axis(page, across, TOP + PLOT)
    styles = iter(STYLES * len(series))
    drawn = []
    for one in series:
        style = REFERENCE if one.is_reference else next(styles)
        points = [
            (across.at(place_in_time(when)), None if value is None else up.at(value))
            for when, value in one.points
        ]
        yield from _line(points, style)
        drawn.append((points, style[0]))
    yield from _names(names, drawn, right + 8)


def _line(points: Sequence[Point], style: tuple[str, str]) -> Iterator[str]:
    colour, dash = style
    for run in runs(points):
        if len(run) > 1:
            yield path(run, stroke=colour, width=2, dash=dash)
        else:
            yield dot(*run[0], colour)


def _names(
    names: Sequence[Sequence[str]],
    drawn: Sequence[tuple[Sequence[Point], str]],
    x: float,
) -> Iterator[str]:
    """Write each line's name beside its end, the names moved apart."""
    ends = [
        (next((y for _, y in reversed(points) if y is not None), None), label, colour)
        for label, (points, colour) in zip(names, drawn, strict=True)
    ]
    told = sorted((end for end in ends if end[0] is not None), key=lambda end: end[0] or 0)
    free = TOP + PLOT - sum(len(label) for _, label, _ in told) * LINE
    lowest = 0.0
    for y, label, colour in told:
        # Not above the name before it, nor so low that the names to come find no room.
        base = max(lowest, min((y or 0) + 4, free + LINE))
        for place, line in enumerate(label):
            yield write(line, x, base + place * LINE, fill=colour)
        lowest = base + len(label) * LINE
        free += len(label) * LINE
