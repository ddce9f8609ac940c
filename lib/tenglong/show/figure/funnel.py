"""The funnel: how many are left at each step of a way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenglong.show.cell import as_text
from tenglong.show.figure.drawing import LINE, WIDTH, box, nothing, picture, publish, write
from tenglong.show.figure.rows import BAR, Rows, lay_out
from tenglong.show.figure.tone import MUTED, WASH, fill_of
from tenglong.show.number import figure
from tenglong.show.page import Page
from tenglong.show.piece import Piece


@dataclass(frozen=True)
class Step:
    """A step.

    Attributes
    ----------
    note
        A line below the bar.
    tone
        good, fair, warn or bad; none is no judgement.
    """

    label: str
    count: int
    note: str = ""
    tone: str = "none"


def funnel(page: Page, steps: Sequence[Step], *, caption: str, described: str, name: str) -> Piece:
    """Draw the steps of a way from the first, each as a bar on the ground of the greatest.

    Parameters
    ----------
    described, name
        As for `bars`.
    """
    header = [
        page.word("figure.column.step"),
        page.word("figure.column.count"),
        page.word("figure.column.note"),
    ]
    if not any(step.count for step in steps):
        return nothing(page, caption, name, header)
    placed = lay_out(
        [step.label for step in steps],
        [figure(step.count, 0) for step in steps],
        notes=[step.note for step in steps],
    )
    drawn = picture(
        [*placed.parts, *_bars(steps, placed, name)],
        (WIDTH, placed.bottom),
        title=caption,
        described=described,
        name=name,
        tones=[_tone(step) for step in steps],
    )
    rows = [[as_text(step.label), str(step.count), as_text(step.note)] for step in steps]
    return publish(page, drawn, caption=caption, name=name, csv=(header, rows))


def _bars(steps: Sequence[Step], placed: Rows, name: str) -> Iterator[str]:
    most = max(step.count for step in steps)
    for step, top in zip(steps, placed.tops, strict=True):
        yield box(placed.start, top, placed.width, BAR, WASH)
        if step.count:
            width = placed.width * step.count / most
            yield box(placed.start, top, width, BAR, fill_of(_tone(step), name))
        if step.note:
            yield write(step.note, placed.start, top + BAR + LINE - 3, fill=MUTED)


def _tone(step: Step) -> str:
    return "all" if step.tone == "none" else step.tone
