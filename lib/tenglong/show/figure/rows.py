"""The left of a figure of rows: each row's label and its number, aligned as in a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenglong.show.figure.drawing import LINE, WIDTH, label_lines, room, write
from tenglong.show.figure.tone import MUTED

BAR = 16  # height of a bar
GAP = 8  # between rows, and between columns


@dataclass(frozen=True)
class Rows:
    """Where the rows of a figure stand.

    Attributes
    ----------
    tops
        The upper end of each row.
    start
        Where the plot begins, right of labels and numbers; it ends at the sheet's end.
    bottom
        Below the last row.
    parts
        The labels and the numbers, drawn.
    """

    tops: tuple[float, ...]
    start: float
    bottom: float
    parts: tuple[str, ...]

    @property
    def width(self) -> float:
        """How wide the plot is."""
        return WIDTH - self.start


def lay_out(
    labels: Sequence[str],
    numbers: Sequence[str],
    *,
    top: float = 0,
    notes: Sequence[str] = (),
    unit: str = "",
) -> Rows:
    """Place rows below one another.

    Parameters
    ----------
    notes
        A line below each row's bar, where there is one.
    unit
        Stands above the numbers.
    """
    lines = [label_lines(label) for label in labels]
    middle = room(line for each in lines for line in each) + GAP + room([*numbers, unit])
    parts: list[str] = []
    if unit:
        top += LINE + 2
        parts.append(write(unit, middle, top - 6, anchor="end", fill=MUTED))
    tops = []
    for place, number in enumerate(numbers):
        tops.append(top)
        base = top + BAR - 4
        parts += [write(line, 0, base + n * LINE) for n, line in enumerate(lines[place])]
        parts.append(write(number, middle, base, anchor="end", css="value"))
        has_note = bool(notes and notes[place])
        top += max(BAR + has_note * LINE, len(lines[place]) * LINE) + GAP
    return Rows(tuple(tops), middle + GAP, top - GAP + 2, tuple(parts))
