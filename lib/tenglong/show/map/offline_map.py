"""A folium map that asks nothing of any network: Leaflet is inside, and no link leads outside."""

from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path
from re import fullmatch
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from tenglong.errors import UsageError
from tenglong.show.links import refuse_links

ASSETS = Path(__file__).parent / "assets"
STYLES = ("leaflet/leaflet.css", "parcel_map.css")
LEAFLET = "leaflet/leaflet.js"
INFLATE = "pako/inflate.min.js"
# The parts of the script that draws a map, each on what stands before it.
PARTS = (
    *("decode", "index", "lens", "tiles", "speck", "paint", "marks", "point"),
    *("card", "outline", "view", "filter", "legend", "search", "chosen", "rows", "main"),
)

# What of Leaflet's files would lead outside: a credit's link (the credit stands below the map
# instead), a source map, and pictures of controls that are not used.
CUTS = (
    ' href="https://leafletjs.com"',
    "//# sourceMappingURL=leaflet.js.map",
    "background-image: url(images/layers.png);",
    "background-image: url(images/layers-2x.png);",
    "background-image: url(images/marker-icon.png);",
    "behavior: url(#default#VML);",
)


class Fragment(Figure):
    """A branca figure that is a part of a page, not a page of its own."""

    _template = Template(
        "{{ this.header.render(**kwargs) }}{{ this.html.render(**kwargs) }}"
        "<script>(function () {\n{{ this.script.render(**kwargs) }}\n})();</script>"
    )

    def __init__(self) -> None:
        super().__init__()
        self.header = Element()

    def render(self, **kwargs: Any) -> str:
        """Put together what the map and its layers have left here."""
        return str(self._template.render(this=self, kwargs=kwargs))


class DataElement(MacroElement):
    """A part of a map whose data travels beside the templates, as data.

    branca renders what stands in its elements as Jinja templates, twice: a name such as
    `{{ 7*7 }}` would be computed. So a template knows only the element's name; the script finds
    there what `payload` gives.
    """

    def payload(self) -> str:
        """Give the JSON that the layer's script reads."""
        raise NotImplementedError


class OfflineMap(folium.Map):
    """A folium map that is rendered as a fragment of a page, complete in itself.

    Leaflet is the only asset, and it is inline. There are no tiles. The scripts hold no data and
    no random ids, so that two runs give the same bytes and a page can allow them by their hashes.
    Nothing on it moves by itself for a reader who asks for less motion.

    Parameters
    ----------
    name
        Names the map on its page: lower-case letters, digits and underscores.
    label
        What the map shows, for those who cannot see it.
    options
        Options of `folium.Map`.

    Examples
    --------
    >>> drawn = OfflineMap("parcels", label="地块")
    >>> drawn.render() == drawn.render()
    True
    """

    _template = Template(
        """
        {%- macro script(this, kwargs) -%}
        const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
          fadeAnimation: moves,
          zoomAnimation: moves,
          markerZoomAnimation: moves,
          inertia: moves,
          center: {{ this.location|tojson }},
          crs: L.CRS.{{ this.crs }},
          ...{{ this.options|tojavascript }}
        });
        {%- endmacro -%}
        """
    )

    def __init__(self, name: str, *, label: str, **options: Any) -> None:
        if not fullmatch(r"[a-z][a-z0-9_]*", name):
            raise UsageError(f"a map's name must be of a-z, 0-9 and _, not {name!r}")
        calm = {"zoom_control": False, "attribution_control": False, "scroll_wheel_zoom": False}
        super().__init__(**{"tiles": None, **calm, **options})
        self.default_js, self.default_css = [], []
        self.map_name = name
        self.label = label

    def render(self, **kwargs: Any) -> str:
        """Give the map as HTML, the same bytes every time.

        Raises
        ------
        TenglongError
            If something in it would ask for anything outside the page.
        """
        elements = list(_tree(self))
        for place, element in enumerate(elements):
            # branca draws ids at random and has no other way to set them
            element._id = f"{self.map_name}_{place}" if place else self.map_name  # noqa: SLF001
        fragment = Fragment()
        fragment.add_child(self)
        super().render(**kwargs)  # type: ignore[no-untyped-call]  # folium's own
        payloads = "".join(_data(part) for part in elements if isinstance(part, DataElement))
        html = f"{_assets()[0]}{self._view()}{payloads}{_assets()[1]}{fragment.render(**kwargs)}"
        refuse_links(html)
        return html

    def _view(self) -> str:
        # beside the templates too: a label may hold a name from the data
        return (
            f'<div class="parcel-map-view" id="{self.get_name()}" role="application"'
            f' aria-label="{escape(self.label)}" tabindex="0"></div>'
        )

    def _repr_html_(self, **kwargs: Any) -> str:
        return self.render(**kwargs)


def _tree(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca offers no iterator
        yield from _tree(child)


def _data(element: DataElement) -> str:
    return f'<script type="application/json" id="{element.get_name()}">{element.payload()}</script>'


@cache
def _assets() -> tuple[str, str]:
    """Give the style and the script elements of every map."""
    styles = "".join(f"<style>{_asset(name)}</style>" for name in STYLES)
    parts = "\n".join(_asset(f"script/{name}.js") for name in PARTS)
    # its own Leaflet: another map on the page brings another; pako gives itself to `exports`
    drawing = (
        '(function () {\n"use strict";\nconst { L } = window;\n'
        "const exports = {};\nconst module = { exports };\n"
        f"{_asset(INFLATE)}\nconst {{ inflate }} = exports;\n{parts}\n}}());"
    )
    return styles, f"<script>{_asset(LEAFLET)}</script><script>{drawing}</script>"


def _asset(name: str) -> str:
    text = (ASSETS / name).read_text(encoding="utf-8")
    for cut in CUTS:
        text = text.replace(cut, "")
    return text.strip()
