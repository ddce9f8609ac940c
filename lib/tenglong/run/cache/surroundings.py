"""What a page depends on beside the kit and its data: packages, variables, browser, fonts."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from platform import machine

from tenglong.run.chromium import chromium

# Where PROJ, GDAL and the clock are told to do otherwise. A value may be a secret: its digest.
VARIABLES = ("TZ",)
PREFIXES = ("PROJ_", "GDAL_", "OGR_", "CPL_")
# pyogrio and pyproj set them when they are imported; a certificate changes no page.
CERTIFICATES = "_CURL_CA_BUNDLE"
FONTS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"),
    *("/Library/Fonts", "/System/Library/Fonts", "~/Library/Fonts"),
    *("C:/Windows/Fonts", "~/AppData/Local/Microsoft/Windows/Fonts"),
)
FONT_RULES = ("/etc/fonts", "~/.config/fontconfig")
ANSWER_S = 30


def surroundings() -> dict[str, str]:
    """Give Python, the versions of all installed packages, and the variables that matter.

    >>> surroundings()["python:"] == sys.version
    True
    """
    found = {"python:": sys.version, "machine:": f"{sys.platform} {machine()}"}
    for one in distributions():
        found.setdefault(f"package:{one.name}", one.version)
    for name, value in os.environ.items():
        if _matters(name):
            found[f"variable:{name}"] = hashlib.sha256(value.encode()).hexdigest()
    return found


def _matters(variable: str) -> bool:
    if variable.endswith(CERTIFICATES):
        return False
    return variable in VARIABLES or variable.startswith(PREFIXES)


def printers() -> dict[str, str]:
    """Give what Word and PDF files depend on: the browser with its version, and the fonts."""
    return {"browser:": _browser(), "fonts:": _fonts()}


def _browser() -> str:
    program = chromium()
    if program is None:
        return ""
    told = Path(program).resolve().stat()
    # A wrapper may stay as it is while its browser is replaced, so it is asked; on Windows it
    # would open a window in answer, and is the browser itself.
    version = "" if os.name == "nt" else _version(program)
    return f"{program} {told.st_size} {told.st_mtime_ns} {version}"


def _version(program: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the browser that prints, as it was found
            [program, "--version"], capture_output=True, timeout=ANSWER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    return done.stdout.decode(errors="replace").strip()


def _fonts() -> str:
    """Give one digest of which fonts there are, and of the rules that choose among them."""
    whole = hashlib.sha256()
    for folder in (*FONTS, *FONT_RULES):
        for line in _files(Path(folder).expanduser()):
            whole.update(line.encode(errors="surrogateescape") + b"\n")
    return whole.hexdigest()


def _files(folder: Path) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(where, name)
            told = path.lstat()
            yield f"{path} {told.st_size} {told.st_mtime_ns}"
