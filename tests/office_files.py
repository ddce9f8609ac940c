"""A bundle's plain tables as offices send them: workbooks, web pages, GBK texts, other layers."""

import csv
import shutil
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path
from zipfile import ZipFile

import geopandas as gpd
import pyogrio
import xlsxwriter
import yaml

from tenglong.source.place import kit_root

DECLARED = kit_root() / "lib" / "tenglong" / "source" / "tables.yml"
EPOCH = date(1899, 12, 30)
SIGNED = "填表人：某某"
SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


@dataclass(frozen=True)
class Habit:
    """How an office writes one file.

    Attributes
    ----------
    title
        What stands above the header.
    dates
        The pattern of a day, or "serial" for the number that Excel keeps.
    yuan
        Columns that are in 元 and say so; `totals` are those of the row 合计.
    named
        What the office calls a column.
    groups
        Headings over several columns; the header then has two rows.
    units
        Whether a row of units stands below the header.
    only
        The year whose rows are in this file, and no column for it.
    """

    title: str = ""
    dates: str = "{0.year}年{0.month}月{0.day}日"
    yuan: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    named: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    units: bool = False
    only: int | None = None
    signed: bool = True


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows, how many of them stand above the records, and the merged ranges."""

    rows: list
    head: int
    merged: list


def columns_of(table):
    """Give the declared columns of a table by their Chinese headers."""
    tables = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))
    return {column["zh"]: column for column in tables[table]["columns"].values()}


def plain_rows(folder, table):
    """Read a plain table of the generator."""
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def cell(text, column, habit):
    """Give a cell as the office types it."""
    if not text:
        return None
    match column["type"]:
        case "date":
            day = date.fromisoformat(text)
            is_serial = habit.dates == "serial"
            return (day - EPOCH).days if is_serial else habit.dates.format(day)
        case "month":
            return f"{text[:4]}年{int(text[5:])}月"
        case "number" | "integer" | "year":
            return float(Decimal(text) * (10_000 if column["zh"] in habit.yuan else 1))
    return code(text, column.get("form"))


def code(text, form):
    """Give a code as exports have it: townships with the village, industries with a letter."""
    if form == "township":
        return f"{text}000"
    return f"C{text}" if form == "industry" and 13 <= int(text[:2]) <= 43 else text


def sheet(folder, table, habit):
    """Lay a table out as a sheet."""
    declared = columns_of(table)
    records = plain_rows(folder, table)
    if habit.only:
        records = [one for one in records if one["年度"] == str(habit.only)]
    headers = [name for name in records[0] if not (habit.only and name == "年度")]
    if habit.groups:
        inner = [name for names in habit.groups.values() for name in names]
        headers = [name for name in headers if name not in inner] + inner
    rows, merged = _head(headers, habit)
    if habit.units:
        rows.append([_unit(declared[name], habit) for name in headers])
    head = len(rows)
    rows += [[cell(one[name], declared[name], habit) for name in headers] for one in records]
    if habit.totals:
        sums = {name: _sum(records, name, habit) for name in habit.totals}
        rows.append(["合　计", *(sums.get(name) for name in headers[1:])])
    if habit.signed:
        rows.append([SIGNED])
    return Sheet(rows, head, merged)


def _sum(records, name, habit):
    total = sum(Decimal(one[name] or 0) for one in records)
    return float(total * (10_000 if name in habit.yuan else 1))


def _head(headers, habit):
    rows, merged = [], []
    if habit.title:
        rows.append([habit.title])
        merged.append((0, 0, 0, len(headers) - 1))
    said = [habit.named.get(name, name) for name in headers]
    said = [f"{s}（元）" if n in habit.yuan else s for n, s in zip(headers, said, strict=True)]
    if not habit.groups:
        return [*rows, said], merged
    top = len(rows)
    upper = list(said)
    lower = [None] * len(said)
    for group, names in habit.groups.items():
        first = headers.index(names[0])
        upper[first : first + len(names)] = [group, *[None] * (len(names) - 1)]
        lower[first : first + len(names)] = said[first : first + len(names)]
        merged.append((top, first, top, first + len(names) - 1))
    alone = [place for place, name in enumerate(lower) if name is None]
    merged += [(top, place, top + 1, place) for place in alone]
    return [*rows, upper, lower], merged


def _unit(column, habit):
    unit = column.get("unit")
    return "元" if column["zh"] in habit.yuan else unit


def write_workbook(path, made):
    """Write a sheet as .xlsx."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("报表")
        for number, row in enumerate(made.rows):
            for place, value in enumerate(row):
                if value is not None:
                    page.write(number, place, value)
        for top, left, bottom, right in made.merged:
            page.merge_range(top, left, bottom, right, made.rows[top][left])


def write_web_page(path, made):
    """Write a sheet as the web page that many systems call .xls."""
    body = "".join(_line(number, row, made) for number, row in enumerate(made.rows))
    page = f'<html><head><meta charset="gbk"></head><body><table>{body}</table></body></html>'
    path.write_bytes(page.encode("gbk"))


def _line(number, row, made):
    cells = list(row)
    if number == 0 and made.merged:
        wide = made.merged[0][3] + 1
        return f'<tr><td colspan="{wide}">{escape(cells[0])}</td></tr>'
    texts = ("" if one is None else escape(str(one)) for one in cells)
    return f"<tr>{''.join(f'<td>{one}</td>' for one in texts)}</tr>"


def write_xml_2003(path, made):
    """Write a sheet as the XML table of Excel 2003."""
    lines = []
    for row in made.rows:
        cells = []
        for place, value in enumerate(row, start=1):
            if value is not None:
                kind = "String" if isinstance(value, str) else "Number"
                data = f'<Data ss:Type="{kind}">{escape(str(value))}</Data>'
                cells.append(f'<Cell ss:Index="{place}">{data}</Cell>')
        lines.append(f"<Row>{''.join(cells)}</Row>")
    book = (
        f'<?xml version="1.0" encoding="utf-8"?><?mso-application progid="Excel.Sheet"?>'
        f'<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}"><Worksheet ss:Name="报表"><Table>'
        f"{''.join(lines)}</Table></Worksheet></Workbook>"
    )
    path.write_text(book, encoding="utf-8")


def write_gbk(path, made):
    """Write a sheet as the CSV that Excel saves in China."""
    with path.open("w", encoding="gbk", newline="") as file:
        wide = max(len(row) for row in made.rows)
        csv.writer(file).writerows([*row, *[None] * (wide - len(row))] for row in made.rows)


def write_shapefile(path, layer, crs):
    """Write a layer as a zipped shapefile in GBK, with its .cpg."""
    parts = path.with_suffix("")
    parts.mkdir()
    file = parts / f"{path.stem}.shp"
    pyogrio.write_dataframe(layer.to_crs(crs), file, driver="ESRI Shapefile", encoding="GBK")
    with ZipFile(path, "w") as archive:
        for part in sorted(parts.iterdir()):
            archive.write(part, part.name)
    shutil.rmtree(parts)


def write_kml(path, layer):
    """Write a layer as KML: each column a field of the placemark."""
    names = [name for name in layer if name != "geometry"]
    marks = []
    for _, row in layer.to_crs("EPSG:4326").iterrows():
        data = "".join(
            f'<Data name="{name}"><value>{escape(str(row[name]))}</value></Data>' for name in names
        )
        ring = " ".join(f"{x:.9f},{y:.9f}" for x, y, *_ in row.geometry.exterior.coords)
        marks.append(
            f"<Placemark><ExtendedData>{data}</ExtendedData><Polygon><outerBoundaryIs><LinearRing>"
            f"<coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        )
    space = "http://www.opengis.net/kml/2.2"
    head = f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="{space}"><Document><Folder>'
    path.write_text(f"{head}{''.join(marks)}</Folder></Document></kml>", encoding="utf-8")


def layer(folder, table):
    """Read a plain layer, its columns by their Chinese headers and its choices in Chinese."""
    found = gpd.read_file(folder / f"{table}.gpkg")
    tables = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))
    for name, column in tables[table]["columns"].items():
        if name in found and "choices" in column:
            labels = {value: each["zh"] for value, each in column["choices"].items()}
            found[name] = found[name].map(labels)
    named = {
        name: column["zh"]
        for name, column in tables[table]["columns"].items()
        if name in found and name != "geometry"
    }
    return found.rename(columns=named)


WRITERS = {
    "workbook": write_workbook,
    "web page": write_web_page,
    "xml 2003": write_xml_2003,
    "gbk": write_gbk,
}
TAXES = ("实缴税金", "免抵税额", "政策性减免", "留抵退税")
OUTPUT = ("工业增加值", "营业收入", "R&D经费支出")
FUELS = ("综合能耗（等价值）", "用电量")
YEARS = {
    2020: ("xml 2003", "2020年企业数据.xls", Habit("2020年度工业企业数据", only=2020)),
    2021: (
        "workbook",
        "2021年企业数据.xlsx",
        Habit(
            "2021年度工业企业数据",
            yuan=(*TAXES, *OUTPUT),
            totals=("实缴税金", "工业增加值", "营业收入"),
            groups={"税收": TAXES[:3], "产出": OUTPUT, "能耗": FUELS},
            units=True,
            only=2021,
        ),
    ),
    2022: ("gbk", "2022年企业数据.csv", Habit(only=2022, signed=False)),
    2023: (
        "workbook",
        "2023年企业数据.xlsx",
        Habit("2023年度工业企业数据", totals=("实缴税金", "营业收入"), only=2023),
    ),
}
FILES = {
    "enterprises": (
        "workbook",
        "企业名录.xlsx",
        Habit("规上及规下工业企业名录", dates="serial", named={"企业名称": "单位详细名称"}),
    ),
    "enterprise_months": ("gbk", "企业月报.csv", Habit(signed=False)),
    "occupancies": (
        "web page",
        "企业用地关系.xls",
        Habit("企业用地关系", dates="{0.year}.{0.month}.{0.day}"),
    ),
    "land_moves": ("workbook", "改补台账.xlsx", Habit("改补台账")),
    "land_supply": (
        "workbook",
        "土地出让.xlsx",
        Habit("土地出让台账", yuan=("成交价款",), totals=("出让面积", "成交价款"), units=True),
    ),
    "special_fund": (
        "workbook",
        "专项资金.xlsx",
        Habit("腾笼换鸟资金", yuan=("土地出让结算收入", "提取专项经费", "已使用")),
    ),
    "projects": ("workbook", "项目库.xlsx", Habit("制造业等项目库")),
    "project_months": ("web page", "项目投资月报.xls", Habit("项目投资月报", yuan=("完成投资",))),
    "clearance_events": (
        "xml 2003",
        "整治记录.xls",
        Habit("低效企业整治记录", dates="{0.year}/{0.month}/{0.day}"),
    ),
    "recognitions": ("workbook", "荣誉认定.xlsx", Habit("荣誉与认定", dates="serial")),
    "milestones": ("gbk", "重要节点.csv", Habit(signed=False)),
    "official_series": ("gbk", "公布数据.csv", Habit(signed=False)),
    "collateral": ("gbk", "担保登记.csv", Habit(signed=False)),
}


def write_office_files(plain: Path, folder: Path, crs: str) -> None:
    """Write the tables of a plain bundle as offices send them."""
    for table, (kind, name, habit) in FILES.items():
        WRITERS[kind](folder / name, sheet(plain, table, habit))
    for kind, name, habit in YEARS.values():
        WRITERS[kind](folder / name, sheet(plain, "enterprise_years", habit))
    towns = layer(plain, "townships").rename(columns={"乡镇英文名称": "乡镇英文名"})
    write_shapefile(folder / "乡镇界.zip", towns, crs)
    write_kml(folder / "控制线.kml", layer(plain, "control_lines"))
    parcels = layer(plain, "parcels").to_crs(crs)
    pyogrio.write_dataframe(parcels, folder / "工业地块.gpkg", layer="工业地块", driver="GPKG")
