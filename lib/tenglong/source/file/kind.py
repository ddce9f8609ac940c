"""What a file is, by its content first and then its ending: none is opened on its word alone.

GDAL would try each of its drivers, and some of them fetch what a file points to (VRT, WFS and
others); so a file goes to GDAL only when its first bytes are those of a format that is read, and
GDAL then has the drivers of these formats alone (`file.gdal`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tenglong.encoding import found
from tenglong.measure.clause import Label
from tenglong.source.file.archive import PACKED, Archive
from tenglong.source.file.size import Sizes
from tenglong.source.file.web_page import is_web_page
from tenglong.source.problem import RefusedError, Spot


class Kind(StrEnum):
    """A format that is read."""

    WORKBOOK = "workbook"
    XML_SHEET = "xml_sheet"
    WEB_PAGE = "web_page"
    WEB_ARCHIVE = "web_archive"
    TEXT = "text"
    BOUNDARY = "boundary"
    PARQUET = "parquet"
    GEOPACKAGE = "geopackage"
    FLATGEOBUF = "flatgeobuf"
    SHAPEFILE = "shapefile"
    DBF = "dbf"
    GEODATABASE = "geodatabase"
    GEOJSON = "geojson"
    KML = "kml"
    ARCHIVE = "archive"


NAMES: Mapping[Kind, Label] = {
    Kind.WORKBOOK: Label("工作簿", "a workbook"),
    Kind.XML_SHEET: Label("表格（Excel 2003 的 XML）", "an XML table of Excel 2003"),
    Kind.WEB_PAGE: Label("网页（HTML）", "a web page (HTML)"),
    Kind.WEB_ARCHIVE: Label("单个文件网页（MHTML）", "a web page in one file (MHTML)"),
    Kind.TEXT: Label("文本", "a text"),
    Kind.BOUNDARY: Label("界址点坐标文本", "a text of boundary points"),
    Kind.PARQUET: Label("数据（Parquet）", "a Parquet file"),
    Kind.GEOPACKAGE: Label("图层（GeoPackage）", "a GeoPackage"),
    Kind.FLATGEOBUF: Label("图层（FlatGeobuf）", "a FlatGeobuf"),
    Kind.SHAPEFILE: Label("图层（shapefile）", "a shapefile"),
    Kind.DBF: Label("表（DBF）", "a DBF table"),
    Kind.GEODATABASE: Label("文件地理数据库（.gdb）", "a file geodatabase (.gdb)"),
    Kind.GEOJSON: Label("图层（GeoJSON）", "a GeoJSON"),
    Kind.KML: Label("图层（KML）", "a KML"),
    Kind.ARCHIVE: Label("压缩包（zip）", "a zip"),
}
SHEETS = frozenset({".xlsx", ".xls", ".xlsm", ".ods", ".xlsb", ".et", ".ett", ".xlt", ".xltx"})
TEXTS = frozenset({".csv", ".txt", ".tsv"})
ENDINGS: Mapping[Kind, frozenset[str]] = {
    Kind.WORKBOOK: SHEETS,
    Kind.XML_SHEET: frozenset({".xml"}),
    Kind.WEB_PAGE: frozenset({".html", ".htm"}),
    Kind.WEB_ARCHIVE: frozenset({".mht", ".mhtml"}),
    Kind.TEXT: TEXTS,
    Kind.BOUNDARY: frozenset({".txt"}),
    Kind.PARQUET: frozenset({".parquet", ".geoparquet"}),
    Kind.GEOPACKAGE: frozenset({".gpkg"}),
    Kind.FLATGEOBUF: frozenset({".fgb"}),
    Kind.SHAPEFILE: frozenset({".shp"}),
    Kind.DBF: frozenset({".dbf"}),
    Kind.GEODATABASE: frozenset({".gdb"}),
    Kind.GEOJSON: frozenset({".geojson", ".json"}),
    Kind.KML: frozenset({".kml"}),
    Kind.ARCHIVE: frozenset({".zip", ".kmz"}),
}
KINDS = {ending: kind for kind, endings in reversed(list(ENDINGS.items())) for ending in endings}


@dataclass(frozen=True)
class Foreign:
    """A format that offices send and that is not read: what it is, and what to do with it."""

    what: Label
    remedy: Label


AS_TABLE = Label("另存为 .xlsx 或 .csv", "save it as .xlsx or .csv")
AS_LAYER = Label(
    "在 CAD 或 GIS 软件里另存为 .gpkg 或 .shp", "save it as .gpkg or .shp in a CAD or GIS program"
)
UNPACK = Label("解压，写明其中的文件", "unpack it and name the file")
CAD = Foreign(Label("图纸（CAD）", "a CAD drawing"), AS_LAYER)
ACCESS = Foreign(
    Label("数据库（Access，.mdb）", "an Access database (.mdb)"),
    Label("另存为 .gdb、.gpkg 或 .xlsx", "save it as .gdb, .gpkg or .xlsx"),
)
WORD = Foreign(Label("文字文档（Word、WPS）", "a document of Word or WPS"), AS_TABLE)
PDF = Foreign(Label("文件（PDF）", "a PDF"), AS_TABLE)
PICTURE = Foreign(Label("图片", "a picture"), AS_TABLE)
PACK = Foreign(Label("压缩包", "an archive"), UNPACK)
DATABASE = Foreign(Label("数据库（SQLite，不是 GeoPackage）", "an SQLite database"), AS_LAYER)
EXCHANGE = Foreign(Label("交换格式（GIS）", "an exchange format of GIS programs"), AS_LAYER)

SQLITE = b"SQLite format 3\0"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAGIC: Mapping[bytes, Kind | Foreign] = {
    OLE: Kind.WORKBOOK,
    b"PAR1": Kind.PARQUET,
    b"fgb\x03fgb": Kind.FLATGEOBUF,
    b"\x00\x00\x27\x0a": Kind.SHAPEFILE,
    b"%PDF": PDF,
    b"Rar!": PACK,
    b"7z\xbc\xaf": PACK,
    b"\x1f\x8b": PACK,
    b"AC10": CAD,
    b"\x00\x01\x00\x00Standard": ACCESS,
    b"\x89PNG": PICTURE,
    b"\xff\xd8\xff": PICTURE,
    b"{\\rtf": WORD,
}
BY_ENDING: Mapping[str, Foreign] = {
    **dict.fromkeys((".dwg", ".dxf", ".dgn"), CAD),
    **dict.fromkeys((".mdb", ".accdb"), ACCESS),
    **dict.fromkeys((".doc", ".docx", ".wps"), WORD),
    **dict.fromkeys((".rar", ".7z", ".gz", ".tar"), PACK),
    **dict.fromkeys((".vct", ".mif", ".tab", ".e00", ".gml", ".vrt", ".lyr", ".mxd"), EXCHANGE),
}
DBASE = frozenset(b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8e\xcb\xf5\xfb")
HEAD = 4_000  # bytes that tell
PROLOGUE = re.compile(r"\s*(<\?.*?\?>\s*|<!--.*?-->\s*|<![^>]*>\s*)*", re.DOTALL)
ROOT = re.compile(r"<(?:[A-Za-z]\w*:)?([A-Za-z]\w*)[\s>/]")
MAIL = re.compile(r"\s*(from|mime-version|content-type|subject|date|x-[\w-]+):", re.IGNORECASE)
JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[{])')
POINTS = re.compile(r"^\s*(\[(属性描述|地块坐标)\]|\d+,.*,@\s*$)", re.MULTILINE)


def kind_of(path: Path, sizes: Sizes, spot: Spot) -> Kind:
    """Tell what a file or folder is.

    Raises
    ------
    RefusedError
        If it is of no format that is read, empty, not what its ending says, or a zip that unpacks
        to too much.
    """
    if path.is_dir():
        if not any(one.suffix.lower() == ".gdbtable" for one in path.iterdir()):
            raise RefusedError(spot.problem("is_folder"))
        return Kind.GEODATABASE
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        raise RefusedError(spot.problem("empty_file"))
    ending = path.suffix.lower()
    kind = _by_content(path, head, sizes, spot) or _by_ending(ending, head)
    if isinstance(kind, Foreign):
        raise not_read(kind, spot)
    if kind is None:
        raise broken(KINDS[ending], spot)
    return kind


def broken(kind: Kind, spot: Spot) -> RefusedError:
    """Give the refusal of a file that cannot be read as what it is."""
    what = NAMES[kind]
    return RefusedError(spot.problem("broken_file", what=what.en, what_zh=what.zh))


def not_read(foreign: Foreign, spot: Spot) -> RefusedError:
    """Give the refusal of a format that is not read, with what to do."""
    what, remedy = foreign.what, foreign.remedy
    said: dict[str, Any] = {"what": what.en, "what_zh": what.zh}
    said |= {"remedy": remedy.en, "remedy_zh": remedy.zh}
    return RefusedError(spot.problem("not_read", **said))


def _by_content(path: Path, head: bytes, sizes: Sizes, spot: Spot) -> Kind | Foreign | None:
    if head.startswith(PACKED):
        return _in_archive(Archive.opened(path, sizes, spot))
    if head.startswith(SQLITE):
        is_own = head[68:70] == b"GP" or path.suffix.lower() == ".gpkg"
        return Kind.GEOPACKAGE if is_own else DATABASE
    for magic, kind in MAGIC.items():
        if head.startswith(magic):
            return kind
    return _by_text(head)


def _in_archive(archive: Archive) -> Kind | Foreign:
    if "word/document.xml" in archive.names:
        return WORD
    if {"[Content_Types].xml", "mimetype"} & archive.names:
        return Kind.WORKBOOK
    return Kind.ARCHIVE if archive.has_layer else PACK


def _by_text(head: bytes) -> Kind | Foreign | None:
    text = head.decode(found(head), errors="ignore").removeprefix("\ufeff")
    if text.lstrip().startswith("<"):
        return _by_tags(text)
    if MAIL.match(text) and "multipart/related" in text.lower():
        return Kind.WEB_ARCHIVE
    if JSON.match(text):
        return Kind.GEOJSON
    return Kind.BOUNDARY if POINTS.search(text) else None


def _by_tags(text: str) -> Kind | Foreign | None:
    root = ROOT.match(PROLOGUE.sub("", text, count=1))
    if root and root[1] == "Workbook" and "schemas-microsoft-com:office:spreadsheet" in text:
        return Kind.XML_SHEET
    if root and root[1].lower() == "kml":
        return Kind.KML
    if is_web_page(text.encode()):
        return Kind.WEB_PAGE
    if root is None:
        return None
    return Foreign(Label(f"文件（XML，{root[1]}）", f"an XML ({root[1]})"), AS_LAYER)


def _by_ending(ending: str, head: bytes) -> Kind | Foreign | None:
    """Tell of a content that is not known what the ending says, where that may be; else None."""
    kind = KINDS.get(ending)
    if kind in {Kind.WORKBOOK, Kind.TEXT, Kind.WEB_PAGE}:
        return Kind.TEXT
    if kind is Kind.GEOJSON or (kind is Kind.DBF and head[0] in DBASE):
        return kind
    if kind is not None:
        return None
    shown = ending or "没有扩展名"
    unknown = Foreign(
        Label(f"{shown}（不认识的扩展名）", f"{ending or 'no ending'} (not known)"),
        Label(
            "另存为 .xlsx、.csv，图层另存为 .gpkg 或 .shp",
            "save it as .xlsx or .csv, a layer as .gpkg or .shp",
        ),
    )
    return BY_ENDING.get(ending, unknown)
