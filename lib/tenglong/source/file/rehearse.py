"""Open a workbook in a process of its own, which may die of it; run by `rehearsal`.

    python rehearse.py MEMORY < workbook

Prints the rows and columns that each sheet takes, a line for each. MEMORY is the most that the
process may take, in bytes, where the system can hold it to that.
"""

import contextlib
import io
import sys

import python_calamine


def main() -> None:
    """Read every sheet, one after the other."""
    with contextlib.suppress(ImportError):  # Windows has none
        import resource  # noqa: PLC0415 - see above

        most = int(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with contextlib.suppress(python_calamine.CalamineError, OSError, ValueError):
        # What cannot be read at all is told by who reads it.
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for name in book.sheet_names:
            with contextlib.suppress(python_calamine.CalamineError):  # a chart, say
                row, column = book.get_sheet_by_name(name).end or (-1, -1)
                sys.stdout.write(f"{row + 1} {column + 1}\n")


if __name__ == "__main__":
    main()
