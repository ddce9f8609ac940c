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
from tenglong.show.figure.scale import Point, Scale, dot, gaps, runs
from tenglong.show.figure.tone import INK, MUTED, TONES, fill_of
from tenglong.show.map.sheet_legend import wrapped
from tenglong.show.number import JOINER, MISSING, figure, plain, unit_text
from tenglong.show.page import Page
from tenglong.show.piece import Piece

WIDTH, PLOT, EDGE = 240, 74, 6
MOST_TITLE = 2  # lines


@dataclass(frozen=True)
class Panel:
    """One of the multiples: a series by day or by year, and its target.

    `decimals` are those of the table that tells the same; whole counts have none.
    """

    title: str
    points: Sequence[tuple[date | int, Fraction | None]]
    target: Fraction | None = None
    unit: str = ""
    decimals: int = 2

    @property
    def values(self) -> list[Fraction]:
        """What is known."""
        return [value for _, value in self.points if value is not None]


def multiples(
    page: Page, panels: Sequence[Panel], *, caption: str, described: str, name: str
) -> Piece:
    """Draw panels side by side; as many stand in a row as the screen or paper has room for.

    Each names its last value; what is not known is hatched.

    Parameters
    ----------
    described, name
        As for `bars`.
    """
    header = [
        page.word("figure.column.label"),
        page.word("figure.column.time"),
        page.word("figure.column.value"),
        page.word("figure.column.target"),
        page.word("figure.column.unit"),
    ]
    if not any(panel.values for panel in panels):
        return nothing(page, caption, name, header)
    moments = [when for panel in panels for when, _ in panel.points]
    across = time_scale(moments, EDGE, WIDTH - EDGE)
    lines = max(len(_title(panel)) for panel in panels)
    drawn = "".join(
        _panel(page, panel, across, lines, f"{name}-{place}")
        for place, panel in enumerate(panels, start=1)
    )
    return publish(
        page,
        f'<div class="multiples" role="group" aria-label="{escape(described)}">{drawn}</div>',
        caption=caption,
        name=name,
        csv=(header, _rows(panels)),
        notes=_notes(page, panels),
    )


def _rows(panels: Sequence[Panel]) -> Iterator[list[str]]:
    for panel in panels:
        for when, value in panel.points:
            told = [str(when), plain(value), plain(panel.target), as_text(panel.unit)]
            yield [as_text(panel.title), *told]


def _notes(page: Page, panels: Sequence[Panel]) -> Iterator[str]:
    if any(panel.target is not None for panel in panels):
        yield page.word("figure.target")
    if any(value is None for panel in panels for _, value in panel.points):
        yield page.word("figure.missing")


def _title(panel: Panel) -> list[str]:
    return [line.rstrip() for line in wrapped(panel.title, WIDTH, ROOM)][:MOST_TITLE]


def _panel(page: Page, panel: Panel, across: Scale, lines: int, name: str) -> str:
    top = (lines + 1) * LINE + 8
    title = _title(panel)
    first = 12 + (lines - len(title)) * LINE
    parts = [write(line, 0, first + n * LINE) for n, line in enumerate(title)]
    parts.append(write(_last(page, panel), 0, 12 + lines * LINE, css="value"))
    parts += year_rules(across, top, top + PLOT)
    parts += time_axis(page, across, top + PLOT)
    parts += _plot(panel, across, top, name)
    return picture(
        parts,
        (WIDTH, top + PLOT + 24),
        title=panel.title,
        described=_last(page, panel),
        name=name,
        tones=["none"],
    )


def _last(page: Page, panel: Panel) -> str:
    """Say the last value that is known, of when it is, and the target."""
    if not panel.values:
        return MISSING
    when, value = next(point for point in reversed(panel.points) if point[1] is not None)
    decimals = decimals_of([*panel.values, panel.target], panel.unit, panel.decimals)
    unit = unit_text(panel.unit, page.language)
    told = f"{figure(value, decimals)}{JOINER}{unit}".rstrip(JOINER)
    separator = "，" if page.language == "zh" else ", "
    target = f"{page.word('figure.column.target')}{JOINER}{figure(panel.target, decimals)}"
    target = f"{target}{JOINER}{unit}".rstrip(JOINER)
    of = f"{told}（{when}）" if page.language == "zh" else f"{told} ({when})"
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
