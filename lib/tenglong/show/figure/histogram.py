"""The histogram: how many values lie in each class."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction

from tenglong.show.figure.drawing import (
    LINE,
    WIDTH,
    box,
    nothing,
    picture,
    publish,
    rule,
    write,
)
from tenglong.show.figure.tone import MUTED, TONES
from tenglong.show.number import figure, plain
from tenglong.show.page import Page
from tenglong.show.piece import Piece

PLOT = 130  # height of the tallest column
SIDE = 30  # room for a limit's number beyond the first and last column


def histogram(
    page: Page,
    values: Sequence[Fraction],
    limits: Sequence[Fraction],
    *,
    caption: str,
    described: str,
    name: str,
    unit: str,
) -> Piece:
    """Draw how many values lie in each class [a, b), all columns of one width.

    Parameters
    ----------
    limits
        Ascending. What lies below the first or from the last on is in an open class, which is
        drawn where it holds anything.
    described, name, unit
        As for `bars`.

    Examples
    --------
    >>> limits = [Fraction(0), Fraction(5), Fraction(9)]
    >>> piece = histogram(Page(example_county()), [Fraction(5)], limits,
    ...     caption="c", described="d", name="n", unit="")
    >>> piece.csv["n.csv"].splitlines()[1:]
    ['0,5,0', '5,9,1']
    """
    header = [
        page.word("figure.column.from"),
        page.word("figure.column.below"),
        page.word("figure.column.count"),
    ]
    if not values:
        return nothing(page, caption, name, header)
    classes = _classes(values, limits)
    drawn = picture(
        _columns(classes, unit),
        (WIDTH, PLOT + 2 * LINE + 20),
        title=caption,
        described=described,
        name=name,
    )
    rows = [[plain(low), plain(high), str(count)] for low, high, count in classes]
    notes = [page.word("figure.limits")]
    return publish(page, drawn, caption=caption, name=name, csv=(header, rows), notes=notes)


Class = tuple[Fraction | None, Fraction | None, int]


def _classes(values: Sequence[Fraction], limits: Sequence[Fraction]) -> list[Class]:
    """Count values by class, without the open classes that hold none."""
    counts = [0] * (len(limits) + 1)
    for value in values:
        counts[bisect_right(limits, value)] += 1
    ends = [None, *limits, None]
    classes = list(zip(ends, ends[1:], counts, strict=False))
    return [one for one in classes if one[2] or None not in one[:2]]


def _printed(limits: Sequence[Fraction | None]) -> list[str]:
    """Print limits in one precision: whole, from 100 on one decimal, else two.

    >>> _printed([None, Fraction(3)]), _printed([Fraction("0.5"), Fraction(2)])
    (['…', '3'], ['0.50', '2.00'])
    """
    known = [limit for limit in limits if limit is not None]
    if all(limit.denominator == 1 for limit in known):
        return [figure(limit, 0) for limit in limits]
    decimals = 1 if max(map(abs, known)) >= 100 else 2  # noqa: PLR2004 - four figures are enough
    return [figure(limit, decimals) for limit in limits]


def _columns(classes: Sequence[Class], unit: str) -> Iterator[str]:
    width = (WIDTH - 2 * SIDE) / len(classes)
    most = max(count for _, _, count in classes)
    base = float(LINE + PLOT)
    for place, (_, _, count) in enumerate(classes):
        x, height = SIDE + place * width, PLOT * count / most
        if count:
            yield box(x + 1, base - height, width - 2, height, TONES["all"].fill)
        yield write(figure(count, 0), x + width / 2, base - height - 5, anchor="middle")
    yield rule((SIDE, base), (WIDTH - SIDE, base), stroke=MUTED)
    limits = [classes[0][0], *(high for _, high, _ in classes)]
    for place, (limit, text) in enumerate(zip(limits, _printed(limits), strict=True)):
        if limit is not None:
            x = SIDE + place * width
            yield rule((x, base), (x, base + 4), stroke=MUTED)
            yield write(text, x, base + LINE, anchor="middle", fill=MUTED)
    yield write(unit, WIDTH - SIDE, base + 2 * LINE + 2, anchor="end", fill=MUTED)
