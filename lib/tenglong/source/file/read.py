"""Read a file into a frame as it stands, by what it is."""

import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

import geopandas as gpd

from tenglong.source.file.archive import Archive
from tenglong.source.file.boundary import read_boundary
from tenglong.source.file.delimited import read_delimited
from tenglong.source.file.encoding import decode
from tenglong.source.file.geojson import sound_geojson
from tenglong.source.file.kind import ENDINGS, NAMES, Kind, kind_of
from tenglong.source.file.kml import read_kml
from tenglong.source.file.layer import Layer, read_layer, read_parquet, read_shapefile
from tenglong.source.file.parts import SIDECARS, parts_of
from tenglong.source.file.raw import Raw, Wanted, numbered
from tenglong.source.file.sheet import read_page, read_workbook
from tenglong.source.file.size import Tally
from tenglong.source.file.web_archive import read_web_archive
from tenglong.source.file.web_page import tables_of
from tenglong.source.file.xml_sheet import read_xml_sheet
from tenglong.source.problem import Problem, RefusedError, Spot
from tenglong.unseen import plain

CELLS = frozenset({Kind.WORKBOOK, Kind.XML_SHEET, Kind.WEB_PAGE, Kind.WEB_ARCHIVE, Kind.TEXT})


def read_raw(
    path: Path,
    *,
    name: str,
    sheet: str | None,
    layer: str | None,
    encoding: str,
    wanted: Wanted,
) -> Raw:
    """Read a table or a layer of any format in `kind.NAMES`.

    Parameters
    ----------
    path
        The file, or the folder of a geodatabase.
    name
        What messages call it: its path inside the bundle.
    wanted
        The table that it should bring, and what bundle.yml says of its columns: the header is
        the row that has most of them.

    Raises
    ------
    RefusedError
        If it is missing, of another format, too large, or cannot be read as what it claims to be.
    """
    spot = Spot(name, table=wanted.table.name if wanted.table else "")
    if not path.exists():
        raise RefusedError(_missing(path, spot))
    wanted.sizes.hold_file(parts_of(path), spot)
    kind = kind_of(path, wanted.sizes, spot)
    if kind in CELLS:
        raw = _cells(path, kind, spot, sheet, encoding, wanted)
    else:
        raw = _rows(_layer(path, kind, spot, layer, encoding, wanted), spot)
    raw = replace(raw, sheet=plain(raw.sheet))
    return _told(raw, kind, path.suffix.lower(), spot)


def _missing(path: Path, spot: Spot) -> Problem:
    """Tell of a file that is not there, and of one whose name differs by case only."""
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    near = [one.name for one in beside if one.name.casefold() == path.name.casefold()]
    hint = f"; is it {near[0]!r}?" if near else ""
    hint_zh = f"；是不是“{near[0]}”？请照实际的大小写写" if near else ""
    return spot.problem("no_file", hint=hint, hint_zh=hint_zh)


def _cells(
    path: Path, kind: Kind, spot: Spot, sheet: str | None, encoding: str, wanted: Wanted
) -> Raw:
    content = path.read_bytes()
    match kind:
        case Kind.WORKBOOK:
            return read_workbook(content, spot, sheet, wanted)
        case Kind.XML_SHEET:
            return read_xml_sheet(content, spot, sheet, encoding, wanted)
        case Kind.WEB_ARCHIVE:
            return read_web_archive(content, spot, sheet, encoding, wanted)
        case Kind.WEB_PAGE:
            page, problems = decode(content, encoding, spot)
            raw = read_page(tables_of(page, Tally(wanted.sizes, spot)), spot, sheet, wanted)
            return replace(raw, problems=(*problems, *raw.problems))
        case _:
            return read_delimited(content, spot, encoding, wanted)


def _layer(
    path: Path, kind: Kind, spot: Spot, layer: str | None, encoding: str, wanted: Wanted
) -> Layer:
    if kind is Kind.ARCHIVE:
        return _archived(Archive.opened(path, wanted.sizes, spot), spot, layer, encoding, wanted)
    if kind in {Kind.SHAPEFILE, Kind.DBF}:
        parts = {one.suffix.lower(): one.read_bytes() for one in parts_of(path)}
        return read_shapefile(parts, spot, encoding, wanted, kind)
    if kind is Kind.PARQUET:
        return read_parquet(path, spot, wanted)
    return _other_layer(path, kind, spot, layer, encoding, wanted)


def _other_layer(
    path: Path, kind: Kind, spot: Spot, layer: str | None, encoding: str, wanted: Wanted
) -> Layer:
    match kind:
        case Kind.BOUNDARY:
            return read_boundary(path.read_bytes(), encoding, spot)
        case Kind.KML:
            return read_kml(path.read_bytes(), encoding, spot, layer, wanted)
        case Kind.GEOJSON:
            return _geojson(path.read_bytes(), spot, encoding, wanted)
        case _:
            return read_layer(path, kind, spot, layer, wanted)


def _geojson(content: bytes, spot: Spot, encoding: str, wanted: Wanted) -> Layer:
    sound = sound_geojson(content, encoding, spot, wanted)
    read = read_layer(sound.content, Kind.GEOJSON, spot, None, wanted)  # it has but one
    read = replace(read, problems=(*sound.problems, *read.problems))
    if not sound.linked_crs or not isinstance(read.frame, gpd.GeoDataFrame):
        return read
    bare = read.frame.set_crs(None, allow_override=True)
    return replace(read, frame=bare, unknown_crs=sound.linked_crs)


def _archived(
    archive: Archive, spot: Spot, layer: str | None, encoding: str, wanted: Wanted
) -> Layer:
    """Read the layer of a zip, of several the one that `layer` names by its file."""
    found = [*archive.ending(".shp"), *archive.ending(".kml")]
    folders = {PurePosixPath(name).parent for name in archive.ending(".gdbtable")}
    by_name = {PurePosixPath(name).stem: name for name in found}
    if folders and not found and len(folders) == 1:
        return _geodatabase(archive, folders.pop(), spot, layer, wanted)
    chosen = layer if layer is not None else next(iter(by_name), "")
    names = [*by_name, *(folder.name for folder in folders)]
    if layer is None and len(found) + len(folders) > 1:
        raise RefusedError(spot.problem("several_layers", names=names))
    if chosen not in by_name:
        raise RefusedError(spot.problem("no_layer_named", layer=chosen, names=names))
    name = by_name[chosen]
    if name.lower().endswith(".kml"):
        return read_kml(archive.bytes_of(name), encoding, spot, None, wanted)
    parts = {
        ending: archive.bytes_of(one)
        for ending, one in archive.beside(name).items()
        if ending in SIDECARS
    }
    return read_shapefile(parts, spot, encoding, wanted, Kind.SHAPEFILE)


def _geodatabase(
    archive: Archive, folder: PurePosixPath, spot: Spot, layer: str | None, wanted: Wanted
) -> Layer:
    with tempfile.TemporaryDirectory() as place:
        unpacked = Path(place) / "layer.gdb"
        unpacked.mkdir()
        for name in archive.names:
            if PurePosixPath(name).parent == folder:
                (unpacked / PurePosixPath(name).name).write_bytes(archive.bytes_of(name))
        return read_layer(unpacked, Kind.GEODATABASE, spot, layer, wanted)


def _told(raw: Raw, kind: Kind, ending: str, spot: Spot) -> Raw:
    if ending in ENDINGS[kind]:
        return raw
    what = NAMES[kind]
    note = spot.problem("other_format", ending=ending, what=what.en, what_zh=what.zh)
    return replace(raw, problems=(note, *raw.problems))


def _rows(layer: Layer, spot: Spot) -> Raw:
    return Raw(
        numbered(layer.frame, first=1),
        spot.file,
        layer.name,
        problems=layer.problems,
        broken_shapes={place + 1: fault for place, fault in layer.faults.items()},
        unknown_crs=layer.unknown_crs,
    )
