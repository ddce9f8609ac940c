"""What was not supplied, in a sentence: the table, the column, and who must supply it."""

from collections.abc import Sequence
from html import escape

from tenglong.measure.county import County, Unavailable
from tenglong.show.finding import Sentence, sentence
from tenglong.show.number import MISSING
from tenglong.show.piece import Piece
from tenglong.show.words import word


def supplier_of(county: County, table: str, column: str = "", *, otherwise: str = "") -> str:
    """Name the unit that supplies a table or a column, by `data/policy/suppliers.yml`.

    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(policy=load_policy())
    >>> supplier_of(county, "enterprise_years", "tax_paid_wan"), supplier_of(county, "x")
    ('县税务局', '…')
    """
    policy = county.policy["suppliers"]
    units = policy["columns"].get(f"{table}.{column}"), policy["tables"].get(table)
    return next(filter(None, units), otherwise or MISSING)


def lacking(county: County, what: Unavailable, *, language: str) -> Sentence:
    """Say what was not supplied, and which unit must supply it.

    >>> from tenglong.measure.example import example_county
    >>> from tenglong.source.policy import load_policy
    >>> county = example_county(policy=load_policy())
    >>> lacking(county, Unavailable("parcels"), language="zh").html
    '未提供“parcels”，本部分无法测算；请县资规局提供。'
    """
    column = what.column or ""
    key = "lacking.column" if column else "lacking.table"
    return sentence(
        "lacking.unplaced" if what.table in county.unplaced else key,
        language,
        table=county.label(what.table)[language],
        column=county.label(what.table, column)[language],
        unit=supplier_of(county, what.table, column),
    )


def all_lacking(
    county: County, gaps: Sequence[Unavailable | None], *, language: str
) -> list[Sentence]:
    """Say each thing that was not supplied once, in their order."""
    told = {(gap.table, gap.column): gap for gap in gaps if gap is not None}
    return [lacking(county, gap, language=language) for gap in told.values()]


def not_supplied(language: str) -> Piece:
    """Say in the place of a section that what it needs was not supplied, as the page's head told.

    >>> not_supplied("zh").html
    '<p class="note">所需数据未提供，应由谁提供见本页开头。</p>'
    """
    return Piece(f'<p class="note">{escape(word("lacking.section", language))}</p>')
