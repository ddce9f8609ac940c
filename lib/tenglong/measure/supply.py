"""Which files a table came from, and in which of them a row stands."""

from collections.abc import Iterable

from tenglong.measure.county import Input

FILE_ROWS = 10_000_000  # rows of the second file of a table are numbered from this on, and so on


def origin_of(inputs: Iterable[Input], table: str) -> str:
    """Name the files (or the query) of a table; empty where it has none.

    >>> origin_of([Input("parcels", "a.csv", "", 1), Input("parcels", "b.csv", "", 2)], "parcels")
    'a.csv、b.csv'
    """
    return "、".join(dict.fromkeys(one.origin for one in inputs if one.table == table))


def numbered(row: int) -> str:
    """Write the number of a row; of a second file with the file's number before it.

    >>> numbered(3), numbered(10_000_003)
    ('3', '2-3')
    """
    number, own = divmod(row, FILE_ROWS)
    return f"{number + 1}-{own}" if number else str(own)


def place_of(inputs: Iterable[Input], table: str, row: int) -> tuple[str, int]:
    """Give the file and the row in it of a row of a table, by the number that its index has.

    >>> given = [Input("parcels", "a.csv", "", 1), Input("parcels", "b.csv", "", 2)]
    >>> place_of(given, "parcels", 3), place_of(given, "parcels", 10_000_003)
    (('a.csv', 3), ('b.csv', 3))
    """
    number, own = divmod(row, FILE_ROWS)
    files = [one.origin for one in inputs if one.table == table]
    return (files[number] if number < len(files) else "", own)
