"""What was not supplied, in a sentence: the table, the column, and who must supply it."""

from collections.abc import Callable, Iterable
from functools import update_wrapper
from html import escape
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from tenglong.measure.county import County, NoClause, Strays, Unavailable
from tenglong.measure.stray import blanks_of_strays, cause, is_complete
from tenglong.show.finding import findings
from tenglong.show.number import MISSING
from tenglong.show.page import Page
from tenglong.show.piece import Piece
from tenglong.show.sentence import Sentence

MOST_CODES = 5  # that are named
Part = TypeVar("Part")
Told = TypeVar("Told")
More = ParamSpec("More")


def supplier_of(county: County, table: str, column: str = "", *, otherwise: str = "") -> str:
    """Name the unit that supplies a table or a column, by `data/policy/suppliers.yml`.

    >>> county = example_county(policy=load_policy())
    >>> supplier_of(county, "enterprise_years", "tax_paid_wan"), supplier_of(county, "x")
    ('县税务局', '…')
    """
    policy = county.policy["suppliers"]
    of_columns, of_tables = (policy.get(key) or {} for key in ("columns", "tables"))
    units = of_columns.get(f"{table}.{column}"), of_tables.get(table)
    return next(filter(None, units), otherwise or MISSING)


def answering(county: County, indicator: str, table: str, column: str = "") -> str:
    """Name who leads the clause that an indicator measures, or tells a fact of.

    Where the plan has no such clause, whoever supplies the table or the column.
    """
    found = county.plan.told_by(indicator)
    return found.lead if found and found.lead else supplier_of(county, table, column)


def lacking(page: Page, what: Unavailable) -> Sentence:
    """Say what was not supplied, and which unit must supply it.

    >>> page = Page(example_county(policy=load_policy()))
    >>> lacking(page, Unavailable("parcels")).html
    '未提供“parcels”，本部分无法测算；请县资规局提供。'
    """
    if isinstance(what, NoClause):
        return page.sentence("lacking.clause", about=page.word(f"lacking.clause.{what.column}"))
    column = what.column or ""
    codes = cause(page.place, what.table, column)
    if codes is not None:
        key, said = codes_told(page, codes)
        return page.sentence(f"lacking.{key}", **said)
    if is_complete(page.place, what.table, column):
        unit = supplier_of(page.place, what.table)
        return page.sentence("lacking.rows", table=page.label(what.table), unit=unit)
    key = "lacking.column" if column else "lacking.table"
    return page.sentence(
        "lacking.unplaced" if what.table in page.place.unplaced else key,
        table=page.label(what.table),
        column=page.label(what.table, column),
        unit=supplier_of(page.place, what.table, column),
    )


def codes_told(page: Page, strays: Strays) -> tuple[str, dict[str, Any]]:
    """Give what is said of codes that refer to nothing, and which words say it.

    How many rows have them, which they are, and who must correct them; `codes`, or `codes_more`
    where only the first are named.
    """
    names = [blank.name for blank in blanks_of_strays(strays)]
    return "codes_more" if len(names) > MOST_CODES else "codes", {
        "table": page.label(strays.table),
        "column": page.label(strays.table, strays.column),
        "of": page.label(strays.of),
        "count": len(strays.codes),
        "names": page.joined(names[:MOST_CODES]),
        "unit": supplier_of(page.place, strays.table, strays.column),
    }


def all_lacking(page: Page, parts: Iterable[object]) -> list[Sentence]:
    """Say of the parts of a sheet what was not supplied, each thing once, in their order."""
    gaps = [part for part in parts if isinstance(part, Unavailable)]
    told = {(gap.table, gap.column): gap for gap in gaps}
    return [lacking(page, gap) for gap in told.values()]


def not_supplied(page: Page) -> Piece:
    """Say in the place of a section that what it needs was not supplied, as the page's head told.

    >>> not_supplied(Page(example_county())).html
    '<p class="note">所需数据未提供，应由谁提供见本页开头。</p>'
    """
    return Piece(f'<p class="note">{escape(page.word("lacking.section"))}</p>')


def supplied(
    name: str = "", *, of: str = "", instead: Callable[[Page], Piece] | None = None
) -> Callable[
    [Callable[Concatenate[Page, Part, More], Piece]],
    Callable[Concatenate[Page, Part | Unavailable, More], Piece],
]:
    """Bind a piece to a part of its sheet: where that was not supplied, this is said in its place.

    Parameters
    ----------
    name
        The name of the piece's CSV. Without one nothing is drawn: another piece beside it says so.
    of
        Which attribute of the part must have been supplied, where it is a whole sheet.
    instead
        What else stands in its place: `not_supplied`, where the page's head says all that lacks.
    """

    def bind(
        draw: Callable[Concatenate[Page, Part, More], Piece],
    ) -> Callable[Concatenate[Page, Part | Unavailable, More], Piece]:
        def bound(
            page: Page, part: Part | Unavailable, /, *args: More.args, **options: More.kwargs
        ) -> Piece:
            held = getattr(part, of) if of else part
            if not isinstance(held, Unavailable):
                return draw(page, cast("Part", part), *args, **options)
            if isinstance(held, NoClause):
                return Piece(f'<p class="note">{lacking(page, held).html}</p>')
            if instead is not None:
                return instead(page)
            return findings(lacking(page, held), name=name) if name else Piece("")

        update_wrapper(bound, draw)
        return bound

    return bind


def if_supplied(part: Part | Unavailable, tell: Callable[[Part], Iterable[Told]]) -> Iterable[Told]:
    """Give what is told about a part of a sheet: sentences, or cards; none without the part."""
    return () if isinstance(part, Unavailable) else tell(part)


def told_or_lacking(
    page: Page, part: Part | Unavailable, tell: Callable[[Part], Iterable[Sentence]]
) -> Iterable[Sentence]:
    """Give the sentences about a part of a sheet, or the one that it was not supplied."""
    return [lacking(page, part)] if isinstance(part, Unavailable) else tell(part)
