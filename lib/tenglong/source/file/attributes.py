"""The texts of a layer's attributes, cell by cell: DBF states its encoding seldom, or wrongly."""

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenglong.errors import ConfigurationError
from tenglong.source.file.encoding import AUTO, PAIRS, codec_of, looks_like_big5
from tenglong.source.file.header import column_of, known_headers, squash
from tenglong.source.file.raw import Wanted
from tenglong.source.problem import Problem, RefusedError, Spot

NATIONAL = "gb18030"
MOST_BAD = 0.5  # of the cells beyond ASCII; where more cannot be read the encoding is another
LONGEST_NAME = 10  # bytes of a field's name in a DBF
GB2312 = 0xA1  # both bytes of its characters are at least this
Cells = Sequence[bytes | None]


@dataclass(frozen=True)
class Attributes:
    """The names of all columns, the cells of those of text by place, and what was noticed."""

    names: list[str]
    columns: Mapping[int, list[str | None]]
    problems: tuple[Problem, ...]


def texts_of(
    names: Sequence[bytes], columns: Mapping[int, Cells], stated: str, declared: str, spot: Spot
) -> Attributes:
    """Read bytes as text.

    Of a cell that was cut within a character the half character is dropped; a cell that cannot
    be read otherwise is None; both are told by row and column.

    Parameters
    ----------
    names, columns
        Of all columns, and the cells of those of text by their place among them.
    stated, declared
        The encoding that the file states (`.cpg`; "" where it does not), and that of bundle.yml.

    Raises
    ------
    RefusedError
        If the bytes are likely Big5 read as Chinese national code.
    """
    distinct = {
        cell
        for cells in columns.values()
        for cell in cells
        if cell is not None and not cell.isascii()
    }
    encoding, problems = _encoding([*names, *sorted(distinct)], stated, declared, spot)
    headers = [_read(name, encoding)[0] or name.decode(encoding, "replace") for name in names]
    read = {cell: _read(cell, encoding) for cell in distinct}
    told = list(problems)
    texts: dict[int, list[str | None]] = {}
    for place, cells in columns.items():
        column = texts[place] = []
        for row, cell in enumerate(cells, start=1):
            if cell is None or cell.isascii():
                column.append(None if cell is None else cell.decode("ascii"))
                continue
            text, is_cut = read[cell]
            if text is None or is_cut:
                code = "text_broken" if text is None else "text_cut"
                where: dict[str, Any] = {"column": headers[place], "row": row}
                told.append(spot.problem(code, value=text or "", **where, encoding=encoding))
            column.append(text)
    return Attributes(headers, texts, tuple(told))


def whole_names(
    names: Sequence[str], wanted: Wanted, spot: Spot
) -> tuple[list[str], list[Problem]]:
    """Give the headers of a DBF that its width cut short as the table has them, and tell them."""
    if wanted.table is None:
        return list(names), []
    own = {squash(header): column for header, column in wanted.extra.items()}
    full = {**known_headers(wanted.table), **own}
    exact = {squash(header): header for header in wanted.extra}
    held = {column_of(name, full) for name in names}
    whole: list[str] = []
    told: list[Problem] = []
    for name in names:
        hits = _longer(name, full, held) if _may_be_cut(name) and not column_of(name, full) else {}
        if len(set(hits.values())) == 1:
            header = next((exact[one] for one in hits if one in exact), next(iter(hits)))
            told.append(spot.problem("field_cut", value=name, header=header))
            whole.append(header)
            continue
        if hits:
            told.append(spot.problem("field_cut_several", value=name, headers=hits))
        whole.append(name)
    return whole, told


def _may_be_cut(name: str) -> bool:
    """Tell whether a name fills a DBF's field in one of its encodings, but for half a character.

    >>> _may_be_cut("统一社会信"), _may_be_cut("registered"), _may_be_cut("面积")
    (True, True, False)
    """
    widths = (len(name.encode(encoding, "replace")) for encoding in (NATIONAL, "utf-8"))
    return any(LONGEST_NAME - 2 < width <= LONGEST_NAME for width in widths)


def _longer(name: str, full: dict[str, str], held: set[str | None]) -> dict[str, str]:
    stem = squash(name)
    return {
        header: column
        for header, column in full.items()
        if header.startswith(stem) and column not in held
    }


def _read(cell: bytes, encoding: str) -> tuple[str | None, bool]:
    """Give a cell's text, None where it cannot be read, and whether its last character was cut.

    >>> _read("甲镇".encode("gbk")[:3], "gb18030"), _read(bytes([0xff, 0x41]), "gb18030")
    (('甲', True), (None, False))
    """
    try:
        return cell.decode(encoding), False
    except UnicodeDecodeError:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            return decoder.decode(cell, final=False), True
        except UnicodeDecodeError:
            return None, False


def _encoding(
    cells: Sequence[bytes], stated: str, declared: str, spot: Spot
) -> tuple[str, list[Problem]]:
    """Choose the encoding: the declared one, else the stated one unless the bytes deny it."""
    if declared != AUTO:
        encoding = codec_of(declared)
        if encoding is None:
            raise ConfigurationError(f"{spot.file}: {declared!r} is not an encoding")
        return encoding, []
    high = [cell for cell in cells if not cell.isascii()]
    known = codec_of(stated) if stated else None
    if not high:
        return known or "utf-8", []
    likely = "utf-8" if _bad(high, "utf-8") <= MOST_BAD else NATIONAL
    if known is not None and not _is_denied(high, known, likely):
        return known, []
    if likely == NATIONAL and looks_like_big5(b"\n".join(high)):
        raise RefusedError(spot.problem("likely_big5"))
    if stated:
        return likely, [spot.problem("wrong_cpg", stated=stated, encoding=likely)]
    found = [spot.problem("encoding_found", encoding=likely)] if likely == NATIONAL else []
    return likely, found


def _bad(cells: Sequence[bytes], encoding: str) -> float:
    return sum(_read(cell, encoding)[0] is None for cell in cells) / len(cells)


def _is_denied(cells: Sequence[bytes], stated: str, likely: str) -> bool:
    """Tell whether cells are not in the encoding that is stated.

    What reads as UTF-8 is nothing else; what an encoding of single bytes reads as well is Chinese
    where its bytes beyond ASCII mostly come in pairs.
    """
    if stated in {likely, "utf-8"} or likely == "utf-8":
        return stated != likely
    if codecs.lookup(stated).name.startswith(("cp125", "iso8859", "cp437", "cp850", "ascii")):
        pairs = PAIRS.findall(b"\n".join(cells))
        usual = sum(min(pair) >= GB2312 for pair in pairs)
        return usual * 2 > len(pairs) and _bad(cells, likely) <= MOST_BAD
    return _bad(cells, stated) > _bad(cells, likely)
