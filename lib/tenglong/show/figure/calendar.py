"""The axis of time: years or months as bands, with their names in the middle."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from tenglong.show.dates import MONTHS
from tenglong.show.figure.drawing import room, rule, write
from tenglong.show.figure.scale import Scale
from tenglong.show.figure.tone import MUTED, RULE
from tenglong.show.page import Page

LONG = 400  # days; a longer range is told in years, a shorter one in months
MOST_NAMES = 7

Moment = date | int


def place_in_time(moment: Moment) -> int:
    """Give a day or a year as a number: its days since the year 1.

    >>> place_in_time(date(1, 1, 1)), place_in_time(2022) == place_in_time(date(2022, 7, 1))
    (1, True)
    """
    # A year's figure stands in its middle, as its name does.
    return (moment if isinstance(moment, date) else date(moment, 7, 1)).toordinal()


def time_scale(moments: Sequence[Moment], start: float, end: float) -> Scale:
    """Give the scale of a range of time; a range of years begins and ends with whole years."""
    low, high = (pick(moments, key=place_in_time) for pick in (min, max))
    first = low.toordinal() if isinstance(low, date) else date(low, 1, 1).toordinal()
    last = high.toordinal() if isinstance(high, date) else date(high + 1, 1, 1).toordinal()
    if first == last:
        first, last = first - 15, last + 15
    return Scale(Fraction(first), Fraction(last), start, end)


def time_axis(page: Page, scale: Scale, y: float) -> Iterator[str]:
    """Draw the axis below a plot: a tick where a year or month begins, its name in the middle."""
    yield rule((scale.start, y), (scale.end, y), stroke=MUTED)
    bands = list(_bands(scale))
    every = -(-len(bands) // MOST_NAMES)
    for place, (first, last, is_year) in enumerate(bands):
        left, right = (_inside(scale, day) for day in (first, last))
        if left > scale.start:
            yield rule((left, y), (left, y + 4), stroke=MUTED)
        name = str(first.year) if is_year else _month(page, first)
        if place % every == 0 and room([name]) <= (right - left) * every:
            yield write(name, (left + right) / 2, y + 16, anchor="middle", fill=MUTED, css="axis")


def year_rules(scale: Scale, top: float, bottom: float) -> Iterator[str]:
    """Draw a faint line where a year begins."""
    for first, _, is_year in _bands(scale):
        if is_year and first.toordinal() > scale.low:
            x = scale.at(first.toordinal())
            yield rule((x, top), (x, bottom), stroke=RULE)


def _bands(scale: Scale) -> Iterator[tuple[date, date, bool]]:
    """Give the years or months that a range touches: first day, first day of the next."""
    low, high = date.fromordinal(int(scale.low)), int(scale.high)
    is_year = scale.high - scale.low > LONG
    first = date(low.year, 1 if is_year else low.month, 1)
    while first.toordinal() < high:
        following = first.month % 12 + 1
        year = first.year + (is_year or following == 1)
        last = date(year, 1 if is_year else following, 1)
        yield first, last, is_year
        first = last


def _inside(scale: Scale, day: date) -> float:
    """Give a day's place, or that of the end beyond which it lies."""
    return scale.at(min(max(Fraction(day.toordinal()), scale.low), scale.high))


def _month(page: Page, first: date) -> str:
    return f"{first.month}月" if page.language == "zh" else MONTHS[first.month - 1][:3]
