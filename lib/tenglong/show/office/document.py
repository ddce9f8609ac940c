"""The Word document of a page, in the layout of official documents.

Margins, sizes and fonts are those of GB/T 9704-2012 (党政机关公文格式): A4, 37 mm above and 28 mm
at the left, a title in 二号小标宋, text in 三号仿宋, headings in 黑体 and 楷体, page numbers in
四号 between dashes, outside. The fonts are named, not carried; what stands in for one that a
reader lacks is named with it.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import quoteattr

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from tenglong.show.office.outline import (
    Block,
    Grid,
    Heading,
    Outline,
    Paragraph,
    Picture,
    fitted,
    widths,
)
from tenglong.show.office.typeface import FACES, LATIN, STAND_INS, Face
from tenglong.show.words import word

CREATED = datetime(2024, 1, 1)  # noqa: DTZ001 - a fixed stamp of the file, in no zone
PAGE = {"page_width": Mm(210), "page_height": Mm(297)}
MARGINS = {
    "top_margin": Mm(37),
    "bottom_margin": Mm(35),
    "left_margin": Mm(28),
    "right_margin": Mm(26),
}
TEXT_WIDTH = Mm(156)
LINE = Pt(28)  # 22 lines a page
NUMERALS = "一二三四五六七八九十"
NUMBERED = re.compile("[一二三四五六七八九十]+、")
ANNEX = {"zh": "附表", "en": "Annex"}
LONGEST_TITLE = 20  # characters of 二号 on a line
CELL_MARGIN_TWIPS = 60  # about 1 mm
CHARACTERS = 98  # half-width ones of a table's letters on a line
INK = RGBColor(0x1D, 0x24, 0x33)
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
# The styles of the template that stay beside those of the faces.
OF_THE_SHEET = frozenset(
    {"Normal", "header", "footer", "Header", "Footer", "Table Grid", "Normal Table"}
)


def document(outline: Outline, *, pictures: Sequence[bytes], language: str) -> bytes:
    """Write a page as a Word document; the same page gives the same bytes.

    Parameters
    ----------
    pictures
        The page's figures as PNG, in their order; where one is not there, its description
        stands in its place.
    """
    drawn = _Writer(docx.Document(), pictures, language)
    drawn.opening(outline)
    for block in outline.blocks:
        drawn.block(block)
    drawn.described()
    file = io.BytesIO()
    drawn.document.save(file)
    return settled(file.getvalue(), language=language)


class _Writer:
    """Writes block after block, and counts what is numbered."""

    def __init__(self, document: Document, pictures: Sequence[bytes], language: str) -> None:
        self.document = document
        self.pictures = pictures
        self.language = language
        self.counts = {"h1": 0, "h2": 0, "table": 0, "figure": 0}
        self.put_in: list[Picture] = []
        self.is_numbered = False
        _styles(document, FACES[language])
        _without_the_template_s(document, FACES[language], language)

    def opening(self, outline: Outline) -> None:
        """Set the sheet, its marks and page numbers, then the title and what it is about."""
        headings = (block for block in outline.blocks if isinstance(block, Heading))
        self.is_numbered = any(NUMBERED.match(heading.text) for heading in headings)
        about = self.document.core_properties
        about.author = about.last_modified_by = "tenglong"
        about.title, about.created, about.modified = outline.title, CREATED, CREATED
        about.comments = ""
        _sheet(self.document, outline.marks)
        for line in title_lines(outline.title):
            self.document.add_paragraph(line, style="TL Title")
        for line in outline.subject:
            self.document.add_paragraph(line.replace("\n", "  "), style="TL Subject")

    def block(self, block: Block) -> None:
        """Write one block."""
        match block:
            case Heading():
                self.document.add_paragraph(self._numbered(block), style=f"Heading {block.level}")
            case Paragraph():
                style = "TL Aside" if block.is_aside else "TL Text"
                self.document.add_paragraph(block.text, style=style)
            case Grid():
                self._grid(block)
            case Picture():
                self._picture(block)

    def described(self) -> None:
        """Give every picture its alternative text."""
        drawings = list(self.document.element.iter(qn("wp:docPr")))
        for drawing, picture in zip(drawings, self.put_in, strict=True):
            drawing.set("descr", picture.described)

    def _numbered(self, heading: Heading) -> str:
        if self.language != "zh" or heading.level > len(("h1", "h2")) or self.is_numbered:
            return heading.text
        if heading.level == 1:
            self.counts["h1"] += 1
            self.counts["h2"] = 0
            return f"{numeral(self.counts['h1'])}、{heading.text}"
        self.counts["h2"] += 1
        return f"（{numeral(self.counts['h2'])}）{heading.text}"

    def _caption(self, kind: str, text: str) -> None:
        if text.startswith(ANNEX[self.language]):  # it is numbered already
            self.document.add_paragraph(text, style="TL Caption")
            return
        self.counts[kind] += 1
        said = word(
            f"office.numbered_{kind}", self.language, number=self.counts[kind], caption=text
        )
        self.document.add_paragraph(said, style="TL Caption")

    def _grid(self, grid: Grid) -> None:
        if not grid.columns:
            return
        self._caption("table", grid.caption)
        table = self.document.add_table(rows=1, cols=len(grid.columns))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        _set_close(table)
        shares = fitted(widths(grid, least=2, most=CHARACTERS), CHARACTERS)
        for column, share in zip(table.columns, shares, strict=True):
            column.width = int(TEXT_WIDTH * share / CHARACTERS)
        lines = [tuple(column.label for column in grid.columns), *grid.rows]
        for place, line in enumerate(lines):
            row = table.rows[0] if place == 0 else table.add_row()
            _keep_whole(row, is_header=place == 0)
            for cell, text, column, share in zip(
                row.cells, line, grid.columns, shares, strict=True
            ):
                cell.width = int(TEXT_WIDTH * share / CHARACTERS)
                _fill(cell.paragraphs[0], text, is_head=place == 0, is_number=column.is_number)
        self.document.add_paragraph("", style="TL Aside")

    def _picture(self, picture: Picture) -> None:
        if picture.number < len(self.pictures):
            paragraph = self.document.add_paragraph(style="TL Figure")
            image = io.BytesIO(self.pictures[picture.number])
            paragraph.add_run().add_picture(image, width=int(TEXT_WIDTH))
            self.put_in.append(picture)
        else:
            said = word("office.no_picture", self.language, described=picture.described)
            self.document.add_paragraph(said, style="TL Aside")
        if picture.caption:
            self._caption("figure", picture.caption)


def title_lines(title: str) -> list[str]:
    """Break a long title where it may be broken: before what stands in quotation marks.

    >>> title_lines("2022年第二季度制造业“腾笼换鸟、凤凰涅槃”攻坚行动情况通报")
    ['2022年第二季度制造业', '“腾笼换鸟、凤凰涅槃”攻坚行动情况通报']
    >>> title_lines("目标进度")
    ['目标进度']
    """
    place = title.find("“")
    if len(title) <= LONGEST_TITLE or place <= 0:
        return [title]
    return [title[:place], title[place:]]


def numeral(number: int) -> str:
    """Write a number below 100 in Chinese, as headings are counted.

    >>> [numeral(one) for one in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{NUMERALS[tens - 1]}十")
    return head + (NUMERALS[ones - 1] if ones else "")


def _styles(document: Document, faces: Mapping[str, Face]) -> None:
    for name, face in faces.items():
        known = name in document.styles
        style: Any = (
            document.styles[name]
            if known
            else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        )
        style.font.size, style.font.bold = Pt(face.points), face.is_bold
        style.font.name, style.font.color.rgb, style.font.italic = face.latin, INK, False
        _named(style.element.get_or_add_rPr().get_or_add_rFonts(), face.chinese)
        layout = style.paragraph_format
        layout.alignment = WD_ALIGN_PARAGRAPH.CENTER if face.is_centred else None
        layout.space_before, layout.space_after = Pt(0), Pt(face.after)
        layout.line_spacing = LINE if face.is_on_lines else None
        layout.first_line_indent = Pt(face.points * 2) if face.is_indented else None
        layout.keep_with_next = face.is_kept
        layout.widow_control = True


def _named(fonts: Any, chinese: str) -> None:
    """Name the Chinese font of a style, in place of one that the theme would choose."""
    for place in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(place), None)
    fonts.set(qn("w:eastAsia"), chinese)


def _without_the_template_s(document: Document, faces: Mapping[str, Face], language: str) -> None:
    """Take out what the library's template brings along: its styles, its theme's languages."""
    for style in list(document.styles):
        if style.name not in faces.keys() | OF_THE_SHEET:
            style.delete()
        elif style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.TABLE) and (
            style.name not in faces
        ):
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            _named(fonts, faces["TL Text"].chinese)
            style.font.name = LATIN
    for numbered in document.part.numbering_part.element.xpath(".//w:pStyle"):
        numbered.getparent().remove(numbered)
    for fonts in document.styles.element.xpath("./w:docDefaults//w:rFonts"):
        _named(fonts, faces["TL Text"].chinese)
        fonts.set(qn("w:ascii"), LATIN)
        fonts.set(qn("w:hAnsi"), LATIN)
    for theme in document.settings.element.xpath("./w:themeFontLang"):
        theme.set(qn("w:val"), LANGUAGES[language])
        theme.set(qn("w:eastAsia"), LANGUAGES["zh"])


def _sheet(document: Document, marks: Sequence[str]) -> None:
    section = document.sections[0]
    for name, size in {**PAGE, **MARGINS}.items():
        setattr(section, name, size)
    section.header_distance, section.footer_distance = Cm(1.5), Mm(28)
    document.settings.odd_and_even_pages_header_footer = True
    _running(section, marks)


def _running(section: Section, marks: Sequence[str]) -> None:
    """Set the marks above every sheet, and the page number outside below it."""
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        header.paragraphs[0].text = "  ".join(marks)
        header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    sides = (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    for footer, side in zip((section.footer, section.even_page_footer), sides, strict=True):
        footer.is_linked_to_previous = False
        _page_number(footer.paragraphs[0])
        footer.paragraphs[0].alignment = side


def _page_number(paragraph: WordParagraph) -> None:
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        run.font.size, run.font.name = Pt(14), "SimSun"
        if text is None:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), "PAGE")
            number = OxmlElement("w:r")
            digit = OxmlElement("w:t")
            digit.text = "1"
            number.append(digit)
            field.append(number)
            run.element.addnext(field)


def _set_close(table: Any) -> None:
    """Take the room at both sides of a cell down to that of one half-width letter."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        room = OxmlElement(side)
        room.set(qn("w:w"), str(CELL_MARGIN_TWIPS))
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    table._tbl.tblPr.append(margins)  # noqa: SLF001 - python-docx has no public way to it


def _keep_whole(row: Any, *, is_header: bool) -> None:
    """Keep a row on one sheet; a header comes again on every sheet."""
    wanted = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no public way to it
    for name in ("w:cantSplit", *(("w:tblHeader",) if is_header else ())):
        wanted.append(OxmlElement(name))


def _fill(paragraph: WordParagraph, text: str, *, is_head: bool, is_number: bool) -> None:
    paragraph.style = "TL Table Head" if is_head else "TL Table"
    paragraph.add_run(text)
    if is_head:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif is_number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can hold
FONTS = "word/fontTable.xml"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def settled(package: bytes, *, language: str) -> bytes:
    """Give a document its table of fonts, and fixed dates in the package."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as given,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as taken,
    ):
        for name in given.namelist():
            content = font_table() if name == FONTS else given.read(name)
            if name == "word/styles.xml":
                content = content.replace(b'w:eastAsia="en-US"', b'w:eastAsia="zh-CN"')
                content = content.replace(
                    b'w:val="en-US"', f'w:val="{LANGUAGES[language]}"'.encode()
                )
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            taken.writestr(entry, content)
    return file.getvalue()


def font_table() -> bytes:
    """Name every font with what may stand in for it.

    >>> '<w:altName w:val="小标宋体,' in font_table().decode()
    True
    """
    fonts = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(','.join(others))}/>"
        '<w:charset w:val="86"/></w:font>'
        for name, others in STAND_INS.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<w:fonts xmlns:w="{WORD}">{fonts}</w:fonts>'.encode()
