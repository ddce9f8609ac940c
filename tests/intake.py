"""A bundle of one file, for the tests of what offices send."""

from datetime import date
from pathlib import Path

import xlsxwriter
import yaml

from tenglong.source import describe_bundle
from tenglong.source.bundle import examine_bundle

CODE = "91330328XXXX0000"
# How a bundle.yml begins.
HEAD = """\
name: {zh: 甲县, en: A}
code: 330328
crs: EPSG:4549
plan: wencheng-2021-2023
as_of: 2022-06-30
tables:
"""


def write_bundle(folder: Path, tables: dict, **changes) -> Path:
    about = {
        "name": {"zh": "试验县", "en": "Test County"},
        "code": "330328",
        "crs": "EPSG:4549",
        "plan": "wencheng-2021-2023",
        "as_of": date(2022, 6, 30),
        "tables": tables,
    }
    text = yaml.safe_dump({**about, **changes}, allow_unicode=True)
    (folder / "bundle.yml").write_text(text, encoding="utf-8")
    return folder


def write_xlsx(path: Path, rows: list[list], merged: tuple = ()) -> None:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("表")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    page.write(number, column, cell)
        for top, left, bottom, right in merged:
            page.merge_range(top, left, bottom, right, rows[top][left])


def read_sheet(folder: Path, table: str, rows: list[list], *, merged: tuple = (), **source):
    """Write the rows as a workbook, read them as a table, and give the bundle."""
    write_xlsx(folder / "a.xlsx", rows, merged)
    about = write_bundle(folder, {table: {"file": "a.xlsx", **source}})
    return examine_bundle(describe_bundle(about))


def read_text(folder: Path, table: str, content: str | bytes, **source):
    """Write a CSV, read it as a table, and give the bundle."""
    raw = content.encode() if isinstance(content, str) else content
    (folder / "a.csv").write_bytes(raw)
    about = write_bundle(folder, {table: {"file": "a.csv", **source}})
    return examine_bundle(describe_bundle(about))


# What is told of a code's own form and of where it leads: the short codes of tests are none.
OF_CODES = frozenset(
    {"bad_credit_code", "other_parcel_code", "unknown_industry", "not_linked"}
    | {"unmatched", "unmatched_all", "unmatched_aside", "unmatched_more"}
)


def of_files(read):
    """Give what is told of the files themselves, and not of their codes (`test_links`)."""
    return [problem for problem in read.problems if problem.code not in OF_CODES]


def codes(read) -> list[str]:
    return [problem.code for problem in of_files(read)]


def only(read, code: str):
    """Give the one problem of a code."""
    (found,) = [problem for problem in read.problems if problem.code == code]
    return found
