"""Sentences made from data: safe HTML, and the exact values in it by name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape

from tenglong.show.cell import Cell, as_text, number
from tenglong.show.dates import day
from tenglong.show.words import (
    INNER_QUOTES,
    Told,
    filled,
    joined,
    label,
    place_of,
    placed,
    quoted,
)


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a part of one: safe HTML, and the values in it by name, exact."""

    html: str
    values: Mapping[str, str] = field(default_factory=dict)


Value = Cell | Sentence | Sequence[Sentence] | str | int | date


def sentence(key: str, language: str, **values: Value) -> Sentence:
    """Make a sentence of the catalogue from data.

    Parameters
    ----------
    key
        Its name in `show/words`.
    values
        What goes into it: a cell for a number with decimals or a unit, an `int` for a count,
        a date, a text; a sentence, or several, for a part that is made the same way.

    >>> sentence("shelf.empty", "zh").html
    '尚无报告'
    """
    shown: dict[str, str] = {}
    exact: dict[str, str] = {}
    places: dict[str, Told] = {}
    template = label(key)[language]
    within = quoted(template)
    for name, value in values.items():
        html, found = _part(name, value, language)
        shown[name] = html.translate(INNER_QUOTES) if name in within else html
        exact |= found
        count = (
            value.plain if isinstance(value, Cell) else value if isinstance(value, int) else html
        )
        places[name] = Told(place_of(name), count)
    # Escaped first, filled in at once: nothing in a value is taken for a place.
    html = escape(filled(template, places))
    return Sentence(placed(html, shown), exact)


def paragraph(*parts: Sentence, language: str) -> Sentence:
    """Put sentences that belong together into one paragraph.

    >>> paragraph(Sentence("甲。", {"n": "1"}), Sentence("乙。"), language="zh")
    Sentence(html='甲。乙。', values={'1.n': '1'})
    """
    return together(parts, ("" if language == "zh" else " ").join)


def together(parts: Sequence[Sentence], join: Callable[[Iterable[str]], str]) -> Sentence:
    """Put sentences together; each one's values stand under its place, `1.count`."""
    exact = [_below(str(place), one) for place, one in enumerate(parts, start=1)]
    html = join(one.html for one in parts)
    return Sentence(html, {name: text for each in exact for name, text in each.items()})


def _part(name: str, value: Value, language: str) -> tuple[str, dict[str, str]]:
    """Give a value as it is read, and the exact values that it brings."""
    match value:
        case Cell():
            return value.html, {name: value.plain}
        case Sentence():
            return value.html, _below(name, value)
        case int():
            cell = number(value, 0)
            return cell.html, {name: cell.plain}
        case date():
            return day(value, language), {name: value.isoformat()}
        case str():
            return escape(value), {name: as_text(value)}
        case _:
            parts = {f"{name}.{place}": one for place, one in enumerate(value, start=1)}
            html = joined((one.html for one in parts.values()), language)
            exact = [_below(place, one) for place, one in parts.items()]
            return html, {key: text for each in exact for key, text in each.items()}


def _below(name: str, part: Sentence) -> dict[str, str]:
    return {f"{name}.{inner}": text for inner, text in part.values.items()}
