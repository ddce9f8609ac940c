"""The legend of a map: what each colour means, and how many parcels have it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import inf, isinf
from typing import Any

from tenglong.errors import ConfigurationError
from tenglong.measure.parcel.classes import Classes
from tenglong.show.page import Page

MISSING_COLOUR = "#8a93a3"
DARK_EDGE, LIGHT_EDGE = "#7b8699", "#ffffff"
LIGHT = 0.65  # from here on a colour needs a dark edge on a light ground


@dataclass(frozen=True)
class Entry:
    """A line of the legend; `colour` is None for what is not known, which is hatched."""

    text: str
    count: int
    colour: str | None


@dataclass(frozen=True)
class Legend:
    """What stands beside a map.

    Attributes
    ----------
    title
        The measure, with its unit.
    entries
        One for each class, from the lowest, then one for what is not known.
    notes
        What a reader must know besides.
    """

    title: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many parcels there are, drawn or not."""
        return sum(entry.count for entry in self.entries)


def legend_of(
    page: Page,
    classes: Classes,
    measure: Mapping[str, Any],
    *,
    without_outline: int = 0,
    has_dots: bool = False,
) -> Legend:
    """Compose the legend of a measure's classes.

    Parameters
    ----------
    measure
        An entry of `data/policy/parcel_measures.yml`.
    without_outline
        How many parcels are counted but cannot be drawn.
    has_dots
        Whether some are drawn as dots, which may have been moved apart.

    Raises
    ------
    ConfigurationError
        If the palette has fewer colours than there are classes.
    """
    texts = class_texts(page, classes, measure)
    rows = zip(texts, classes.counts, palette_of(classes, measure), strict=True)
    entries = [Entry(text, count, colour) for text, count, colour in rows]
    entries.append(Entry(page.word("map.missing"), classes.missing, None))
    notes = []
    if without_outline:
        notes.append(page.word("map.no_outline", n=f"{without_outline:,}"))
    if has_dots:
        notes.append(page.word("map.marker"))
    notes.append(page.word("map.north"))
    return Legend(title_of(page, measure), tuple(entries), tuple(notes))


def title_of(page: Page, measure: Mapping[str, Any]) -> str:
    """Name a measure with its unit.

    >>> page = Page(example_county(), "en")
    >>> title_of(page, {"label": {"en": "Tax per mu"}, "unit": {"en": "10k CNY"}})
    'Tax per mu (10k CNY)'
    """
    label, unit = str(measure["label"][page.language]), str(measure["unit"][page.language])
    if not unit:
        return label
    return f"{label} ({unit})" if page.language == "en" else f"{label}（{unit}）"


def palette_of(classes: Classes, measure: Mapping[str, Any]) -> tuple[str, ...]:
    """Give each class its colour; where classes are fewer, the palette's ends are kept.

    Raises
    ------
    ConfigurationError
        If the palette has fewer colours than there are classes.
    """
    palette: Sequence[str] = measure["palette"]
    n = len(classes)
    if n > len(palette):
        name = measure["label"]["zh"]
        raise ConfigurationError(f"{name}: palette must have {n} colours, not {len(palette)}")
    if n == 1:
        return (palette[len(palette) // 2],)
    return tuple(palette[round(place * (len(palette) - 1) / (n - 1))] for place in range(n))


def edge_of(colour: str | None) -> str:
    """Give the colour of a dot's edge: what sets the dot off from its ground and its neighbours.

    >>> edge_of("#7d1714"), edge_of("#b5dcec"), edge_of(None)
    ('#ffffff', '#7b8699', '#7b8699')
    """
    if colour is None:
        return DARK_EDGE
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    lightness = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
    return DARK_EDGE if lightness > LIGHT else LIGHT_EDGE


def class_texts(page: Page, classes: Classes, measure: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what each class holds: 低于 5, 5（含）—20, 20 及以上, or a category's name.

    Of classes that are closed on the right: 5 及以下, 5—20（含）, 高于 20.
    """
    if classes.categories:
        labels = {entry["value"]: entry["label"][page.language] for entry in measure["categories"]}
        return tuple(labels[category] for category in classes.categories)
    is_grouped = measure.get("is_grouped", True)
    return tuple(
        _interval(page, (low, high), _kind(classes, place), is_grouped=is_grouped)
        for place, (low, high) in enumerate(
            zip(classes.limits[:-1], classes.limits[1:], strict=True)
        )
    )


def _kind(classes: Classes, place: int) -> str:
    """Say which ends a class holds: `both`, `left` or `right`."""
    is_last = place == len(classes) - 1
    return "both" if is_last and not isinf(classes.limits[-1]) else classes.closed


def _interval(page: Page, limits: tuple[float, float], kind: str, *, is_grouped: bool) -> str:
    low, high = limits
    start, end = _limit(low, is_grouped=is_grouped), _limit(high, is_grouped=is_grouped)
    if low == high:
        return start
    if low == -inf:
        return page.word("map.class.up_to" if kind == "right" else "map.class.below", end=end)
    if high == inf:
        return page.word("map.class.above" if kind == "right" else "map.class.from", start=start)
    return page.word(f"map.class.{kind}", start=start, end=end)


def _limit(number: float, *, is_grouped: bool) -> str:
    """Write a limit in full: rounded, it would no longer be the limit."""
    if isinf(number):
        return ""
    text = f"{number:,f}" if is_grouped else f"{number:f}"
    short = text.rstrip("0").rstrip(".") if float(text.replace(",", "")) == number else ""
    return short or repr(number)


def legend_html(page: Page, legend: Legend) -> str:
    """Draw a legend as HTML, with hidden cells for how many of each class a filter leaves."""
    rows = "".join(
        f"<tr><td>{_swatch(entry.colour)}</td><th scope=row>{escape(entry.text)}</th>"
        f"<td>{entry.count:,}</td><td data-left hidden></td></tr>"
        for entry in legend.entries
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in legend.notes)
    return (
        f'<table class="map-legend"><caption>{escape(legend.title)}</caption>'
        f"<thead><tr><td></td><td></td><th scope=col>{page.word('map.count')}</th>"
        f"<th scope=col data-left hidden>{page.word('map.left')}</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>{notes}"
    )


def _swatch(colour: str | None) -> str:
    if colour is None:
        return '<i class="map-swatch is-missing"></i>'
    return f'<i class="map-swatch" style="background:{escape(colour)}"></i>'
