"""Sparklines: a series as small as a word, for a cell of a table."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from html import escape

from tenglong.show.figure.drawing import path, rule
from tenglong.show.figure.scale import Scale, dot, runs
from tenglong.show.figure.tone import INK, MUTED, TONES
from tenglong.show.number import MISSING

WIDTH, HEIGHT, EDGE = 120, 26, 4


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
    across = Scale(Fraction(start.toordinal()), Fraction(end.toordinal()), EDGE, WIDTH - EDGE)
    up = _upwards([*values, *([] if target is None else [target])])
    places = [
        (across.at(when.toordinal()), None if value is None else up.at(value))
        for when, value in points
    ]
    parts = []
    if target is not None:
        parts.append(rule((0, up.at(target)), (WIDTH, up.at(target)), stroke=MUTED, dash="3 3"))
    stretches = runs(places)
    parts += [path(run, stroke=TONES["all"].fill, width=1.5) for run in stretches if len(run) > 1]
    parts += [dot(*run[0], TONES["all"].fill, 1.5) for run in stretches if len(run) == 1]
    parts.append(dot(*stretches[-1][-1], INK))
    return (
        f'<svg class="sparkline" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" role="img"><title>{escape(described)}</title>{"".join(parts)}</svg>'
    )


def _upwards(values: Sequence[Fraction]) -> Scale:
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    return Scale(low, high, HEIGHT - EDGE, EDGE)
