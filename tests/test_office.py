"""Word and Excel made from a page: their figures are the page's own, whoever opens them."""

import csv
import io
import os
import re
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import lxml.etree
import pytest
import python_calamine
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn

import reports
from forked import is_alive, wait_until
from tenglong.errors import SourceError
from tenglong.run.catalogue import load_catalogue
from tenglong.run.chromium import MARK, Press, chromium, close, printed
from tenglong.run.kernel.tree import below, processes
from tenglong.run.office import office_files
from tenglong.show.office.annex import annex, number_of
from tenglong.show.office.document import document
from tenglong.show.office.outline import Grid, Heading, Paragraph, Picture, outline_of
from tenglong.show.office.typeface import STAND_INS
from tenglong.source.place import kit_root

DAY = date(2022, 6, 30)
PRINT_S = 300
NAMED = {"name": "x", "day": DAY, "language": "zh", "print_s": PRINT_S}
PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><title>x</title></head>
<body><main id="content">
<p class="up"><a href="index.html">全部页面</a></p>
<header class="masthead"><p class="marks"><span class="mark">内部资料</span>
<span class="mark">示例数据</span></p>
<h1>第二季度通报</h1>
<p class="subject"><strong>示例县</strong>
<span>截至 <time>2022年6月30日</time></span></p></header>
<nav class="contents"><ol><li>总体</li></ol></nav>
<div class="prose"><h2 id="a">总体情况</h2></div>
<dl class="cards"><div class="good"><dt>已测算</dt><dd>48 <small>条</small></dd></div></dl>
<div class="finding"><p>全县清单内企业 53 家。</p></div>
<div class="table"><table><caption>各乡镇</caption><thead><tr><th scope="col">乡镇</th>
<th scope="col" class="number">税收</th><th scope="col" class="number">占比</th></tr></thead><tbody>
<tr><th scope="row"><span class="name">峃口镇</span><span class="where">任务1</span></th>
<td class="number">1,234.50\xa0万元</td><td class="number">−97.1\xa0%</td></tr>
<tr><th scope="row">=1+1</th><td class="number">…</td>
<td class="number">33.3\xa0%</td></tr>
</tbody></table></div>
<p class="note">“…”表示没有数据。</p>
<p class="downloads"><a href="x">下载</a></p>
<h3>走势</h3><figure>
<svg viewBox="0 0 100 40" width="100" height="40" role="img"><title>税收</title>
<desc>逐季上升</desc><rect width="100" height="40" fill="#0b5c8a"/></svg>
<figcaption>税收走势</figcaption></figure>
</main></body></html>"""


def opened(program, content, name, target, folder):
    """Open a file in LibreOffice and give what it makes of it."""
    assert shutil.which(program), "the office tests need LibreOffice (README, make test)"
    file = folder / name
    file.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", target, "--outdir", folder, file]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    suffix = target.partition(":")[0]
    return sorted(folder.glob(f"{file.stem}*.{suffix}"))


def test_a_page_is_read_as_blocks():
    page = outline_of(PAGE)
    assert page.title == "第二季度通报"
    assert page.marks == ("内部资料", "示例数据")
    assert page.subject == ("示例县 截至 2022年6月30日",)
    assert [type(block) for block in page.blocks] == [
        *(Heading, Paragraph, Paragraph, Grid, Paragraph, Heading, Picture),
    ]
    assert page.blocks[1] == Paragraph("已测算 48 条")
    assert page.grids[0].rows[0] == ("峃口镇\n任务1", "1,234.50\xa0万元", "−97.1\xa0%")
    assert page.blocks[4] == Paragraph("“…”表示没有数据。", is_aside=True)
    assert page.pictures == (Picture(0, "税收。逐季上升", "税收走势"),)


@pytest.mark.parametrize(
    ("text", "value", "pattern"),
    [
        ("0", "0", "#,##0"),
        ("12,345", "12345", "#,##0"),
        ("−2.9", "-2.9", "#,##0.0"),
        ("+3.0", "3.0", "+#,##0.0;-#,##0.0;#,##0.0"),
        ("20\xa0家", "20", '#,##0" 家"'),
        ("15.24\xa0万元/亩", "15.24", '#,##0.00" 万元/亩"'),
        ("97.1\xa0%", "0.971", "0.0%"),
    ],
)
def test_a_printed_number_is_read_with_its_precision_and_unit(text, value, pattern):
    found = number_of(text)
    assert (found.value, found.format) == (Decimal(value), pattern)


@pytest.mark.parametrize("text", ["…", "≥ 20\xa0家", "2021-12-31", "1/3", "", "12 家 3", "A"])
def test_what_is_no_printed_number_stays_a_text(text):
    found = number_of(text)
    assert found is None or found.format.endswith('"'), found


def test_the_annex_holds_numbers_as_numbers_and_texts_as_texts():
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(annex(outline_of(PAGE), language="zh"))
    )
    assert book.sheet_names == ["目录", "1.各乡镇"]
    rows = book.get_sheet_by_name("1.各乡镇").to_python()
    assert rows[0][0] == "各乡镇"
    assert rows[1][0] == "第二季度通报 · 内部资料 · 示例数据"
    assert rows[3] == ["乡镇", "税收", "占比"]
    assert rows[4] == ["峃口镇\n任务1", 1234.5, -0.971]
    assert rows[5] == ["=1+1", "…", 0.333]


def test_the_annex_freezes_its_headers():
    with zipfile.ZipFile(io.BytesIO(annex(outline_of(PAGE), language="zh"))) as package:
        sheet = package.read("xl/worksheets/sheet2.xml").decode()
    assert '<pane xSplit="1" ySplit="4"' in sheet
    assert "<f>" not in sheet


def test_the_same_page_gives_the_same_bytes():
    page = outline_of(PAGE)
    assert annex(page, language="zh") == annex(page, language="zh")
    first = document(page, pictures=(), language="zh")
    assert first == document(page, pictures=(), language="zh")


@pytest.fixture(scope="module")
def prints():
    browser = chromium()
    assert browser, "the office tests need Chromium (README, make test)"
    return printed(PAGE, browser=browser, day=DAY, print_s=PRINT_S)


def test_the_word_document_names_the_fonts_of_official_documents(prints):
    content = document(outline_of(PAGE), pictures=prints.pictures, language="zh")
    made = docx.Document(io.BytesIO(content))
    faces = {
        name: made.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("TL Title", "TL Text", "Heading 1", "Heading 2")
    }
    assert faces == {
        "TL Title": "方正小标宋简体",
        "TL Text": "仿宋_GB2312",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
    }
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        fonts = package.read("word/fontTable.xml").decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋,' in fonts
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.top_margin.mm)) == (210, 37)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_left_of_the_library_s_template(language):
    content = document(outline_of(PAGE), pictures=(), language=language)
    made = docx.Document(io.BytesIO(content))
    set_in = {
        style.name: style.element.xpath("string(./w:rPr/w:rFonts/@w:eastAsia)")
        for style in made.styles
        if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.TABLE)
    }
    assert {"Normal", "Header", "Footer", "Table Grid", "TL Text"} <= set(set_in)
    assert set(set_in.values()) <= set(STAND_INS)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        settings, styles = (
            package.read(f"word/{name}.xml").decode() for name in ("settings", "styles")
        )
        core = package.read("docProps/core.xml").decode()
        parts = [package.read(n).decode() for n in package.namelist() if n.endswith(".xml")]
    used = re.findall(r'w:(?:p|r|tbl)Style w:val="([^"]+)"', "".join(parts))
    assert set(used) <= {style.style_id for style in made.styles}
    assert 'w:eastAsia="zh-CN"' in re.search("<w:themeFontLang[^>]*>", settings)[0]
    assert "ja-JP" not in settings + styles
    assert "eastAsiaTheme" not in styles
    assert "python-docx" not in core


def test_the_word_document_has_real_tables_and_described_pictures(prints):
    made = docx.Document(
        io.BytesIO(document(outline_of(PAGE), pictures=prints.pictures, language="zh"))
    )
    (table,) = made.tables
    assert [cell.text for cell in table.rows[1].cells] == [
        *("峃口镇\n任务1", "1,234.50\xa0万元", "−97.1\xa0%"),
    ]
    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in table.rows)
    (picture,) = made.element.iter(qn("wp:docPr"))
    assert picture.get("descr") == "税收。逐季上升"
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert "一、总体情况" in texts
    assert "（一）走势" in texts
    assert "表1 各乡镇" in texts
    assert "图1 税收走势" in texts
    assert made.sections[0].header.paragraphs[0].text == "内部资料  示例数据"
    assert made.sections[0].footer._element.xpath(".//w:fldSimple[@w:instr='PAGE']")


def test_without_a_picture_its_description_stands_there():
    made = docx.Document(io.BytesIO(document(outline_of(PAGE), pictures=(), language="zh")))
    assert any("税收。逐季上升" in paragraph.text for paragraph in made.paragraphs)


def test_libreoffice_shows_the_figures_of_the_page_in_both(prints, tmp_path):
    page = outline_of(PAGE)
    word_file = document(page, pictures=prints.pictures, language="zh")
    (made,) = opened("soffice", word_file, "a.docx", "pdf", tmp_path)
    text = subprocess.run(
        ["pdftotext", "-layout", made, "-"], check=True, capture_output=True, text=True
    ).stdout
    for figure in ("48", "1,234.50", "−97.1", "33.3", "峃口镇", "—1—", "示例数据"):
        assert figure in text.replace("— 1 —", "—1—"), figure
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    sheets = opened("soffice", annex(page, language="zh"), "b.xlsx", every_sheet, tmp_path)
    (sheet,) = [one for one in sheets if "各乡镇" in one.name]
    rows = list(csv.reader(sheet.read_text(encoding="utf-8").splitlines()))
    shown = [re.sub(r"[\s\xa0]", "", cell.replace("-", "−")) for row in rows for cell in row]
    assert {"1,234.50万元", "−97.1%", "33.3%", "=1+1", "…"} <= set(shown)


def test_the_pdf_has_page_numbers_no_path_and_always_the_same_bytes(prints):
    assert prints.pdf == printed(PAGE, browser=chromium(), day=DAY, print_s=PRINT_S).pdf
    assert b"file:" not in prints.pdf
    assert b"D:20220630000000" in prints.pdf
    assert [picture[:8] for picture in prints.pictures] == [b"\x89PNG\r\n\x1a\n"]
    assert prints.has_chinese


def test_a_machine_without_chromium_says_what_is_lacking(monkeypatch):
    monkeypatch.setenv("TENGLONG_CHROMIUM", "")
    made = office_files(PAGE, ("docx", "pdf", "xlsx"), **NAMED)
    assert sorted(made.contents) == ["x.docx", "x.xlsx"]
    assert made.lacking == ("office.lacks_chromium", "office.lacks_pictures")


def test_a_chromium_that_does_not_work_is_told_too(monkeypatch):
    monkeypatch.setenv("TENGLONG_CHROMIUM", shutil.which("false"))
    made = office_files(PAGE, ("pdf",), **NAMED)
    assert not made.contents
    assert made.lacking == ("office.chromium_failed",)


def test_a_chromium_that_hangs_is_killed_in_time_with_all_that_it_started(monkeypatch, tmp_path):
    """In the place of the browser stands a program that answers nothing and starts another."""
    program, told = tmp_path / "hangs", tmp_path / "pids"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $$ $! > {told}\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("TENGLONG_CHROMIUM", str(program))
    made = office_files(PAGE, ("pdf",), **{**NAMED, "print_s": 3})
    assert (made.contents, made.lacking) == ({}, ("office.chromium_failed",))
    for pid in told.read_text().split():
        wait_until(lambda pid=pid: not is_alive(pid))


def test_a_page_that_never_comes_to_rest_is_given_up_and_the_next_one_is_printed():
    close()
    endless = PAGE.replace("</main>", "<script>while (true) {}</script></main>")
    with pytest.raises(SourceError, match="did not print the page within 5 s"):
        printed(endless, browser=chromium(), day=DAY, print_s=5)
    browsers = [
        pid
        for pid in below(os.getpid(), processes())
        if MARK.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    for pid in browsers:
        wait_until(lambda pid=pid: not is_alive(pid))
    assert printed(PAGE, browser=chromium(), day=DAY, print_s=PRINT_S).pdf
    close()


@pytest.mark.parametrize("bad", ["\x0b", "\x1b[31m", "\ufffe", "\x00", "&#11;", "&#xFFFE;", "\x9b"])
def test_what_no_xml_may_hold_is_left_out_of_word_and_excel(bad, monkeypatch):
    monkeypatch.setenv("TENGLONG_CHROMIUM", "")
    page = PAGE.replace("峃口镇", f"峃{bad}口镇").replace("第二季度通报", f"第二{bad}季度通报")
    page = page.replace("各乡镇", f"各{bad}乡镇").replace("逐季上升", f"逐季{bad}上升")
    made = office_files(page, ("docx", "xlsx"), **NAMED)
    words = "\n".join(
        cell.text
        for table in docx.Document(io.BytesIO(made.contents["x.docx"])).tables
        for row in table.rows
        for cell in row.cells
    )
    assert re.search("峃.{0,5}口镇", words)
    for content in made.contents.values():
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    lxml.etree.fromstring(package.read(name))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(made.contents["x.xlsx"]))
    assert len(book.sheet_names) == 2


def test_a_machine_without_a_chinese_font_says_so(monkeypatch, tmp_path):
    settings = tmp_path / "fonts.conf"
    settings.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{tmp_path}/none</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))
    close()
    made = office_files(PAGE, ("pdf",), **NAMED)
    close()
    assert made.lacking == ("office.lacks_font",)


def test_one_browser_prints_all_pages_and_another_takes_the_place_of_one_that_died(monkeypatch):
    started = []

    class Counted(Press):
        def __init__(self, program):
            started.append(program)
            super().__init__(program)

    close()
    monkeypatch.setattr("tenglong.run.chromium.Press", Counted)
    first, second = (printed(PAGE, browser=chromium(), day=DAY, print_s=PRINT_S) for _ in range(2))
    assert first == second
    assert len(started) == 1
    monkeypatch.setattr(Counted, "printed", _dead_once(Counted.printed))
    assert printed(PAGE, browser=chromium(), day=DAY, print_s=PRINT_S) == first
    assert len(started) == 2
    close()


def _dead_once(print_it):
    died = []

    def printing(press, html, day, print_s):
        if not died:
            died.append(press)
            raise SourceError("it has crashed")
        return print_it(press, html, day, print_s)

    return printing


def test_the_bulletin_comes_as_word_pdf_and_excel():
    (bulletin,) = [
        page for page in load_catalogue(kit_root() / "notebooks") if page.id == "bulletin"
    ]
    assert bulletin.files == ("docx", "pdf", "xlsx")


def numbers_of_annex(content):
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_name(name).to_python()[4:] for name in book.sheet_names[1:]]


def test_the_real_bulletins_files_hold_every_cell_of_its_page(report, tmp_path):
    folder = reports.folder(report("sample"))
    page = outline_of((folder / "bulletin.html").read_text(encoding="utf-8"))
    assert page.pictures
    assert len(page.grids) > 4
    sheets = numbers_of_annex((folder / "bulletin.xlsx").read_bytes())
    for grid, sheet in zip(page.grids, sheets, strict=True):
        for cells, row in zip(grid.rows, sheet, strict=True):
            for text, column, value in zip(cells, grid.columns, row, strict=True):
                number = number_of(text) if column.is_number else None
                if number is None:
                    assert str(value) == text
                else:
                    assert value == pytest.approx(float(number.value))
    (made,) = opened("soffice", (folder / "bulletin.docx").read_bytes(), "b.docx", "txt", tmp_path)
    text = re.sub(r"\s", "", made.read_text(encoding="utf-8-sig"))
    missing = [
        cell
        for grid in page.grids
        for row in grid.rows
        for cell in row
        if re.sub(r"\s", "", cell) not in text
    ]
    assert missing == []
    assert (folder / "bulletin.pdf").read_bytes()[:5] == b"%PDF-"
