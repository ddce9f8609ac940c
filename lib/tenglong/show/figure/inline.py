"""Figures as small as a word, for the cell of a table: bullet bars and sparklines."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from html import escape

from tenglong.show.figure.drawing import path, rule
from tenglong.show.figure.scale import Scale, dot, runs
from tenglong.show.figure.tone import INK, MUTED, TONES
from tenglong.show.number import MISSING, percent
from tenglong.show.page import Page

BULLET, SPARK = (160, 18), (120, 26)  # width and height
FULL = Fraction(6, 5)
ARROW = 7
SHORT = Fraction(BULLET[0] - ARROW - 3, BULLET[0]) * FULL  # where a bar ends that goes on
EDGE = 4  # around a line


def bullet(page: Page, progress: Fraction, pace: Fraction | None, *, status: str) -> str:
    """Draw progress as a bar and the pace as a tick, on a scale of 0 to 120 %, as inline SVG.

    Parameters
    ----------
    progress
        Share of the way to the target; beyond 120 % and below 0 an arrow says so.
    status
        Its name; the page's style colours the bar by it.

    >>> page = Page(example_county())
    >>> "<title>" in bullet(page, Fraction(2, 5), Fraction(1, 2), status="on_track")
    True
    """
    width, height = BULLET
    end = progress if progress <= FULL else SHORT
    described = page.word("bullet.describe", progress=percent(progress), pace=percent(pace))
    tick = "" if pace is None else _tick(_x(pace))
    return (
        f'<svg class="bullet is-{status}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img"><title>{escape(described)}</title>'
        f'<rect class="track" x="0" y="5" width="{_x(Fraction(1))}" height="8"/>'
        f'<rect class="bar" x="0" y="5" width="{_x(end)}" height="8"/>'
        f"{_arrow(progress)}{tick}</svg>"
    )


def _x(share: Fraction) -> str:
    inside = min(max(share, Fraction(0)), FULL)
    return f"{float(inside / FULL * BULLET[0]):.1f}"


def _tick(x: str) -> str:
    return f'<line class="pace" x1="{x}" x2="{x}" y1="1" y2="17"/>'


def _arrow(progress: Fraction) -> str:
    width, _ = BULLET
    if progress > FULL:
        return f'<path class="over" d="M{width - ARROW} 4 L{width} 9 L{width - ARROW} 14 Z"/>'
    if progress < 0:
        return f'<path class="back" d="M{ARROW} 4 L0 9 L{ARROW} 14 Z"/>'
    return ""


def sparkline(
    points: Sequence[tuple[date, Fraction | None]],
    *,
    start: date,
    end: date,
    target: Fraction | None = None,
    described: str,
) -> str:
    """Draw a series without axes, its last value as a dot, the target dashed.

    Parameters
    ----------
    start, end
        The range of time, one for all rows of a table.
    described
        What the line shows, for those who cannot see it.

    Returns
    -------
    str
        Inline SVG; "…" where no value is known.

    Examples
    --------
    >>> sparkline([], start=date(2021, 1, 1), end=date(2022, 1, 1), described="none")
    '…'
    """
    values = [value for _, value in points if value is not None]
    if not values:
        return MISSING
    width, height = SPARK
    across = Scale(Fraction(start.toordinal()), Fraction(end.toordinal()), EDGE, width - EDGE)
    up = _upwards([*values, *([] if target is None else [target])])
    places = [
        (across.at(when.toordinal()), None if value is None else up.at(value))
        for when, value in points
    ]
    parts = []
    if target is not None:
        parts.append(rule((0, up.at(target)), (width, up.at(target)), stroke=MUTED, dash="3 3"))
    stretches = runs(places)
    parts += [path(run, stroke=TONES["all"].fill, width=1.5) for run in stretches if len(run) > 1]
    parts += [dot(*run[0], TONES["all"].fill, 1.5) for run in stretches if len(run) == 1]
    parts.append(dot(*stretches[-1][-1], INK))
    return (
        f'<svg class="sparkline" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img"><title>{escape(described)}</title>{"".join(parts)}</svg>'
    )


def _upwards(values: Sequence[Fraction]) -> Scale:
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    return Scale(low, high, SPARK[1] - EDGE, EDGE)
