"""Bullet bars: progress against the pace of time, each row on its own scale of 0 to 120 %."""

from fractions import Fraction
from html import escape

from tenglong.show.number import percent
from tenglong.show.page import Page

WIDTH, HEIGHT = 160, 18
FULL = Fraction(6, 5)
ARROW = 7
SHORT = Fraction(WIDTH - ARROW - 3, WIDTH) * FULL  # where a bar ends that goes on


def bullet(page: Page, progress: Fraction, pace: Fraction | None, *, status: str) -> str:
    """Draw progress as a bar and the pace as a tick, as inline SVG.

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
    end = progress if progress <= FULL else SHORT
    described = page.word("bullet.describe", progress=percent(progress), pace=percent(pace))
    tick = "" if pace is None else _tick(_x(pace))
    return (
        f'<svg class="bullet is-{status}" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img"><title>{escape(described)}</title>'
        f'<rect class="track" x="0" y="5" width="{_x(Fraction(1))}" height="8"/>'
        f'<rect class="bar" x="0" y="5" width="{_x(end)}" height="8"/>'
        f"{_arrow(progress)}{tick}</svg>"
    )


def _x(share: Fraction) -> str:
    inside = min(max(share, Fraction(0)), FULL)
    return f"{float(inside / FULL * WIDTH):.1f}"


def _tick(x: str) -> str:
    return f'<line class="pace" x1="{x}" x2="{x}" y1="1" y2="17"/>'


def _arrow(progress: Fraction) -> str:
    if progress > FULL:
        return f'<path class="over" d="M{WIDTH - ARROW} 4 L{WIDTH} 9 L{WIDTH - ARROW} 14 Z"/>'
    if progress < 0:
        return f'<path class="back" d="M{ARROW} 4 L0 9 L{ARROW} 14 Z"/>'
    return ""
