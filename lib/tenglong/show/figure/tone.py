"""Tones: how a judgement looks, in steps of lightness and by hatching, so that grey will do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

INK, MUTED, RULE, WASH = "#1d2433", "#5b6475", "#d9dee7", "#eef1f5"


@dataclass(frozen=True)
class Tone:
    """A judgement's colours.

    Attributes
    ----------
    fill, ink
        Of an area, and of text on it.
    lines
        The colour of the hatching over it, where it has one.
    """

    fill: str
    ink: str
    lines: str = ""


TONES: Mapping[str, Tone] = {
    "all": Tone("#0b5c8a", "#ffffff"),
    "good": Tone("#11643a", "#ffffff"),
    "fair": Tone("#7db999", INK),
    "warn": Tone("#f5d795", INK),
    "bad": Tone("#b3261e", "#ffffff", lines="#e08d87"),
    "none": Tone("#ffffff", INK, lines="#8a93a3"),
}


def fill_of(tone: str, name: str) -> str:
    """Give what an area of a figure is filled with.

    >>> fill_of("good", "fig"), fill_of("none", "fig")
    ('#11643a', 'url(#fig-none)')
    """
    return f"url(#{name}-{tone})" if TONES[tone].lines else TONES[tone].fill


def patterns(tones: Iterable[str], name: str) -> str:
    """Define the hatchings that a figure uses; their ids begin with its name.

    >>> patterns(["good", "good"], "fig")
    ''
    """
    return "".join(_pattern(tone, name) for tone in sorted(set(tones)) if TONES[tone].lines)


def _pattern(tone: str, name: str) -> str:
    colours = TONES[tone]
    return (
        f'<pattern id="{name}-{tone}" width="5" height="5" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="5" height="5" fill="{colours.fill}"/>'
        f'<rect width="1.2" height="5" fill="{colours.lines}"/></pattern>'
    )
