"""What is wrong with the outlines of parcels: how often each fault is found, and every place."""

from typing import Any

from tenglong.measure.land.outlines import KINDS
from tenglong.measure.sheet.land import Outlines
from tenglong.show import cell
from tenglong.show.cell import Cell
from tenglong.show.finding import findings
from tenglong.show.lacking import supplied, supplier_of
from tenglong.show.listing import Field, coded, listing, number, text
from tenglong.show.page import Page
from tenglong.show.piece import Piece

MOST_ROWS = 100


def _percent(page: Page, share: Any) -> Cell:
    return number(1)(page, 100 * share)


FIELDS = (
    Field("outline", coded("land.outline"), "code", is_header=True),
    Field("parcel", of="name"),
    Field("parcel_id"),
    Field("other", text, "other_name"),
    Field("other_id", in_page=False),
    Field("town", css="short"),
    Field("part", number(3), "part_mu"),
    Field("share", _percent),
    Field("width", number(2), "width_m"),
)


@supplied("land_outline_findings")
def outline_findings(page: Page, outlines: Outlines) -> Piece:
    """Say how often each fault of an outline is found, and who must see to it."""
    counts = outlines.faults["code"].value_counts()
    kinds = [
        page.sentence("land.outlines.kind", kind=page.word(f"land.outline.{kind}"), count=count)
        for kind in KINDS
        if (count := int(counts.get(kind, 0)))
    ]
    sentence = page.sentence(
        "land.outlines.found" if kinds else "land.outlines.nothing",
        count=len(outlines),
        kinds=kinds,
        unit=supplier_of(page.place, "parcels", "geometry"),
    )
    return findings(sentence, name="land_outline_findings")


@supplied()
def outline_table(page: Page, outlines: Outlines) -> Piece:
    """List every fault of an outline: the parcel, the other one, how large, and how thin."""
    if not len(outlines):
        return Piece("")
    rule = outlines.rule
    percents = [
        page.word("land.outlines.area", name=page.label("parcels", column), percent=float(most))
        for column, most in rule.areas.items()
    ]
    return listing(
        page,
        outlines.faults,
        FIELDS,
        caption=page.word(".table.outlines"),
        name="land_outlines",
        note=page.word(
            ".table.outlines_note",
            least=cell.number(rule.least_overlap_m2, 0).plain,
            width=cell.number(rule.sliver_width_m, 1).plain,
            areas=page.joined(percents),
        ),
        most_rows=MOST_ROWS,
    )
