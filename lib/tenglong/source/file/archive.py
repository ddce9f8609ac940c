"""A zip as offices send it: a layer in it, in a folder or not, its names in GBK or upper case."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tenglong.source.file.size import Sizes
from tenglong.source.problem import RefusedError, Spot

PACKED = b"PK\x03\x04"
IN_UTF8, LOCKED = 0x800, 0x1  # flags of a member
LAYERS = (".shp", ".gdbtable", ".kml")
UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Archive:
    """A zip's members by their name, as a person reads it."""

    content: bytes
    members: Mapping[str, zipfile.ZipInfo]
    spot: Spot

    @classmethod
    def opened(cls, path: Path, sizes: Sizes, spot: Spot) -> "Archive":
        """Look into a zip.

        Raises
        ------
        RefusedError
            If it is damaged, has a password, or unpacks to too much.
        """
        content = path.read_bytes()
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                infos = [info for info in book.infolist() if not info.is_dir()]
        except UNREADABLE as error:
            raise RefusedError(spot.problem("broken_zip")) from error
        sizes.hold_unpacked(sum(info.file_size for info in infos), spot)
        if any(info.flag_bits & LOCKED for info in infos):
            raise RefusedError(spot.problem("locked_zip"))
        named = {_name(info): info for info in infos}
        own = {name: info for name, info in named.items() if not name.startswith("__MACOSX/")}
        return cls(content, own, spot)

    @property
    def names(self) -> frozenset[str]:
        """The members' names."""
        return frozenset(self.members)

    @property
    def has_layer(self) -> bool:
        """Whether a shapefile, a geodatabase or a KML is in it."""
        return any(PurePosixPath(name).suffix.lower() in LAYERS for name in self.members)

    def ending(self, ending: str) -> list[str]:
        """Give the names that have an ending, in any case."""
        return sorted(name for name in self.members if name.lower().endswith(ending))

    def bytes_of(self, name: str) -> bytes:
        """Unpack a member.

        Raises
        ------
        RefusedError
            If it is damaged or packed in a way that is not known.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as book:
                return book.read(self.members[name])
        except UNREADABLE as error:
            raise RefusedError(self.spot.problem("broken_zip")) from error

    def beside(self, name: str) -> dict[str, str]:
        """Give the members that have a member's name but for the ending, by ending."""
        stem = PurePosixPath(name).with_suffix("").as_posix().lower()
        paths = {other: PurePosixPath(other) for other in self.members}
        return {
            path.suffix.lower(): other
            for other, path in paths.items()
            if path.with_suffix("").as_posix().lower() == stem
        }


def _name(info: zipfile.ZipInfo) -> str:
    """Read a member's name: zips of Windows have it in GBK and do not say so."""
    name = info.filename
    if not info.flag_bits & IN_UTF8:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Put the parts of a shapefile, by ending, into a zip that GDAL reads from memory."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_STORED) as file:
        for ending, content in parts.items():
            file.writestr(f"layer{ending}", content)
    return book.getvalue()
