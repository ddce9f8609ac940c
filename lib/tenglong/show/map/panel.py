"""The frame of the interactive map: controls, legends, and the place for a chosen parcel."""

from collections.abc import Sequence
from html import escape

from tenglong.show.map.finder import Filter, field, filter_controls, search_control
from tenglong.show.map.legend import Legend, legend_html
from tenglong.show.page import Page


def panel(  # noqa: PLR0913 - the parts of a drawing, by name only
    page: Page,
    drawn: str,
    *,
    legends: Sequence[Legend],
    filters: Sequence[Filter],
    layers: Sequence[str],
    caption: str,
    notes: Sequence[str],
    name: str,
) -> str:
    """Put a map together with what stands around it; controls are hidden until a script serves.

    Parameters
    ----------
    legends
        One for each measure; the first is shown.
    layers
        The labels of the outlines, which can be taken off.
    notes
        What stands below the map in small print; empty ones are left out.
    """
    side = _legends(page, legends) + _layers(page, layers) + _buttons(page)
    small = "".join(f'<p class="parcel-map-note">{escape(note)}</p>' for note in notes if note)
    return (
        f'<section class="parcel-map" id="{name}" aria-label="{escape(caption)}">'
        f'<p class="parcel-map-caption">{escape(caption)}</p>'
        f"{_finder(page, legends, filters, name)}"
        f'<div class="parcel-map-body"><noscript><p>{page.word("map.noscript")}</p></noscript>'
        f'<div class="parcel-map-side">{side}</div><div>{drawn}</div></div>{small}'
        f'<p class="parcel-map-note">{page.word("map.hint")}</p>{_chosen(page, name)}</section>'
    )


def _finder(page: Page, legends: Sequence[Legend], filters: Sequence[Filter], name: str) -> str:
    """Draw what the parcels are coloured, chosen and found by."""
    measures = "".join(
        f'<option value="{place}">{escape(legend.title)}</option>'
        for place, legend in enumerate(legends)
    )
    finder = page.word("map.finder")
    by = f'<select id="{name}-measure" data-measure>{measures}</select>'
    return (
        f'<div class="parcel-map-finder" role="group" aria-label="{finder}" hidden>'
        f"{field(page.word('map.colour_by'), by, f'{name}-measure')}"
        f"{filter_controls(page, filters, name)}{search_control(page, name)}"
        f'<button type="button" data-do="reset">{page.word("map.reset")}</button>'
        f'<output class="parcel-map-count" aria-live="polite"></output></div>'
    )


def _legends(page: Page, legends: Sequence[Legend]) -> str:
    """Draw the legend of each measure; the first is in sight."""
    drawn = [legend_html(page, legend) for legend in legends]
    return f"<div data-legend>{drawn[0]}</div>" + "".join(
        f"<div data-legend hidden>{one}</div>" for one in drawn[1:]
    )


def _layers(page: Page, labels: Sequence[str]) -> str:
    """Draw the check boxes of the outlines."""
    if not labels:
        return ""
    boxes = "".join(
        f'<label><input type="checkbox" checked data-layer="{place}">{escape(label)}</label>'
        for place, label in enumerate(labels)
    )
    legend = page.word("map.layers")
    return f'<fieldset class="parcel-map-layers" hidden><legend>{legend}</legend>{boxes}</fieldset>'


def _buttons(page: Page) -> str:
    return (
        '<div class="parcel-map-buttons" hidden>'
        f'<button type="button" data-do="fit">{page.word("map.fit")}</button>'
        f'<button type="button" data-do="full">{page.word("map.full_screen")}</button></div>'
    )


def _chosen(page: Page, name: str) -> str:
    """Draw the place for the firms of the parcel that is chosen."""
    label = page.word("map.chosen")
    return (
        f'<div class="parcel-map-chosen" id="{name}-chosen" role="region" tabindex="-1"'
        f' aria-label="{label}" hidden></div>'
        '<p class="parcel-map-said" aria-live="polite"></p>'
    )
