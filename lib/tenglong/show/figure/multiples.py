"""Small multiples: many series side by side, each on its own scale, all in one range of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from html import escape

from tenglong.show.cell import as_text
from tenglong.show.figure.calendar import place_in_time, time_axis, time_scale, year_rules
from tenglong.show.figure.drawing import (
    LINE,
    ROOM,
    box,
    decimals_of,
    nothing,
    path,
    picture,
    publish,
    rule,
    write,
)
from tenglong.show.figure.run import Point, dot, gaps, runs
from tenglong.show.figure.scale import Scale
from tenglong.show.figure.tone import INK, MUTED, TONES, fill_of
from tenglong.show.map.sheet_legend import wrapped
from tenglong.show.number import JOINER, MISSING, figure, plain
from tenglong.show.piece import Piece
from tenglong.show.words import word

WIDTH, PLOT, EDGE = 240, 74, 6
MOST_TITLE = 2  # lines


@dataclass(frozen=True)
class Panel:
    """One of the multiples: a series by day or by year, and its target."""

    title: str
    points: Sequence[tuple[date | int, Fraction | None]]
    target: Fraction | None = None
    unit: str = ""

    @property
    def values(self) -> list[Fraction]:
        """What is known."""
        return [value for _, value in self.points if value is not None]


def multiples(
    panels: Sequence[Panel], *, caption: str, described: str, name: str, language: str
) -> Piece:
    """Draw panels side by side; as many stand in a row as the screen or paper has room for.

    Each names its last value; what is not known is hatched.

    Parameters
    ----------
    described, name
        As for `bars`.
    """
    header = [
        word("figure.column.label", language),
        word("figure.column.time", language),
        word("figure.column.value", language),
        word("figure.column.target", language),
        word("figure.column.unit", language),
    ]
    if not any(panel.values for panel in panels):
        return nothing(caption, name, header, language)
    moments = [when for panel in panels for when, _ in panel.points]
    across = time_scale(moments, EDGE, WIDTH - EDGE)
    lines = max(len(_title(panel)) for panel in panels)
    drawn = "".join(
        _panel(panel, across, lines, f"{name}-{place}", language)
        for place, panel in enumerate(panels, start=1)
    )
    return publish(
        f'<div class="multiples" role="group" aria-label="{escape(described)}">{drawn}</div>',
        caption=caption,
        name=name,
        csv=(header, _rows(panels)),
        language=language,
        notes=_notes(panels, language),
    )


def _rows(panels: Sequence[Panel]) -> Iterator[list[str]]:
    for panel in panels:
        for when, value in panel.points:
            told = [str(when), plain(value), plain(panel.target), as_text(panel.unit)]
            yield [as_text(panel.title), *told]


def _notes(panels: Sequence[Panel], language: str) -> Iterator[str]:
    if any(panel.target is not None for panel in panels):
        yield word("figure.target", language)
    if any(value is None for panel in panels for _, value in panel.points):
        yield word("figure.missing", language)


def _title(panel: Panel) -> list[str]:
    return [line.rstrip() for line in wrapped(panel.title, WIDTH, ROOM)][:MOST_TITLE]


def _panel(panel: Panel, across: Scale, lines: int, name: str, language: str) -> str:
    top = (lines + 1) * LINE + 8
    title = _title(panel)
    first = 12 + (lines - len(title)) * LINE
    parts = [write(line, 0, first + n * LINE) for n, line in enumerate(title)]
    parts.append(write(_last(panel, language), 0, 12 + lines * LINE, css="value"))
    parts += year_rules(across, top, top + PLOT)
    parts += time_axis(across, top + PLOT, language=language)
    parts += _plot(panel, across, top, name)
    return picture(
        parts,
        (WIDTH, top + PLOT + 24),
        title=panel.title,
        described=_last(panel, language),
        name=name,
        tones=["none"],
    )


def _last(panel: Panel, language: str) -> str:
    """Say the last value that is known, of when it is, and the target."""
    if not panel.values:
        return MISSING
    when, value = next(point for point in reversed(panel.points) if point[1] is not None)
    decimals = decimals_of([*panel.values, panel.target])
    told = f"{figure(value, decimals)}{JOINER}{panel.unit}".rstrip(JOINER)
    separator = "，" if language == "zh" else ", "
    target = f"{word('figure.column.target', language)}{JOINER}{figure(panel.target, decimals)}"
    of = f"{told}（{when}）" if language == "zh" else f"{told} ({when})"
    return of if panel.target is None else f"{of}{separator}{target}"


def _plot(panel: Panel, across: Scale, top: float, name: str) -> Iterator[str]:
    if not panel.values:
        yield box(EDGE, top, WIDTH - 2 * EDGE, PLOT, fill_of("none", name))
        return
    up = _upwards(panel, top)
    points: list[Point] = [
        (across.at(place_in_time(when)), None if value is None else up.at(value))
        for when, value in panel.points
    ]
    for left, right in gaps(points):
        yield box(left, top, right - left, PLOT, fill_of("none", name))
        yield write(MISSING, (left + right) / 2, top + PLOT / 2, anchor="middle", fill=MUTED)
    if panel.target is not None:
        y = up.at(panel.target)
        yield rule((EDGE, y), (WIDTH - EDGE, y), stroke=INK, dash="4 3")
    stretches = runs(points)
    colour = TONES["all"].fill
    yield from (path(run, stroke=colour, width=2) for run in stretches if len(run) > 1)
    yield from (dot(*run[0], colour) for run in stretches if len(run) == 1)
    yield dot(*stretches[-1][-1], colour, 3.5)


def _upwards(panel: Panel, top: float) -> Scale:
    values = [*panel.values, *([] if panel.target is None else [panel.target])]
    low, high = min([*values, Fraction(0)]), max([*values, Fraction(0)])
    return Scale(low, high if high > low else low + 1, top + PLOT, top + 4)
