"""The files that a source is made of: a shapefile has several, a geodatabase is a folder."""

import hashlib
from pathlib import Path

SIDECARS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def parts_of(path: Path) -> tuple[Path, ...]:
    """Give the files of a source, itself first; what is not there is given as it is named.

    Files beside a shapefile are found in any case, as Windows finds them.
    """
    if path.is_dir():
        return tuple(sorted(one for one in path.rglob("*") if one.is_file()))
    if path.suffix.lower() not in {".shp", ".dbf"} or not path.is_file():
        return (path,)
    stem = path.stem.casefold()
    beside = [
        one
        for one in sorted(path.parent.iterdir(), key=lambda one: (one.stem != path.stem, one.name))
        if one.stem.casefold() == stem and one.suffix.lower() in SIDECARS and one.is_file()
    ]
    firsts = {one.suffix.lower(): one for one in reversed(beside)} | {path.suffix.lower(): path}
    return (path, *(firsts[ending] for ending in SIDECARS if firsts.get(ending, path) != path))


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a source; of several files, that of their names and contents."""
    files = parts_of(path)
    if files == (path,):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    whole = hashlib.sha256()
    for file in files:
        name = file.relative_to(path.parent).as_posix().encode()
        whole.update(name + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()
