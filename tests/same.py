"""Whether a change left every report as it was: `make same AFTER=DIR BEFORE=DIR`.

Without BEFORE the reports are only made, ten minutes of two cores: do so before the change.
Both bundles, three days, both languages, one township, and two counties beside each other; with
Word and Excel. What differs from run to run is left out: the time, and hashes of what is compared
itself. A PDF is printed from its page, and its page is compared.
"""

import difflib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

DAYS = ("2020-12-31", "2022-06-30", "2023-12-31")
REPORTS: Mapping[str, tuple[str, ...]] = {
    **{
        f"{bundle} {day} {language}": (bundle, "--as-of", day, "--language", language)
        for bundle in ("data/sample", "data/cambridge")
        for day in DAYS
        for language in ("zh", "en")
    },
    "township": ("data/sample", "--as-of", "2022-06-30", "--township", "大峃镇"),
    "beside": ("data/sample", "--beside", "data/cambridge", "--page", "province"),
}
OFFICE = (".docx", ".xlsx")
STAMPED = "docProps/core.xml"  # the time of writing
MOST_SHOWN = 4
CONTEXT = 90


def main(after: str, before: str = "") -> int:
    """Make the reports in a folder, and compare them with those in another."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(lambda name: make(name, Path(after)), REPORTS))
    if not all(made):
        return 1
    differing = list(differences(Path(before), Path(after))) if before else []
    for line in differing:
        print(line)
    if before:
        print(f"{len(files(Path(after)))} files, {len(differing)} differ")
    return 1 if differing else 0


def make(name: str, folder: Path) -> bool:
    """Make one report with the kit that is imported here."""
    code = "import sys; from tenglong.run.cli import main; sys.exit(main())"
    out = folder / name.replace("/", "-")
    command = [sys.executable, "-c", code, "report", *REPORTS[name], "--out", str(out)]
    anew = {**os.environ, "TENGLONG_CACHE": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=anew)
    print(f"{name}: {'made' if done.returncode == 0 else done.stderr.strip()}", flush=True)
    return done.returncode == 0


def files(folder: Path) -> set[Path]:
    """Give every file of a folder, relative to it."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pdf")
    return {path.relative_to(folder) for path in found}


def differences(before: Path, after: Path) -> Iterator[str]:
    """Tell each file that is not the same, and where it first differs."""
    old, new = files(before), files(after)
    for path in sorted(old | new):
        if path not in old or path not in new:
            yield f"{path}: only {'after' if path in new else 'before'}"
            continue
        parts = content(before / path), content(after / path)
        for part in sorted(parts[0].keys() | parts[1].keys()):
            one, other = (each.get(part, b"") for each in parts)
            if one != other:
                yield f"{path} {part}:\n{shown(one, other)}"


def content(path: Path) -> Mapping[str, bytes]:
    """Give what of a file is compared, by its parts."""
    if path.suffix in OFFICE:
        with zipfile.ZipFile(path) as package:
            return {name: package.read(name) for name in package.namelist() if name != STAMPED}
    if path.name == "manifest.json":
        told = json.loads(path.read_text(encoding="utf-8"))
        told |= {"finished_at": "", "outputs": sorted(told["outputs"])}
        for page in told.get("pages", ()):
            page["notebook"].pop("sha256")
        return {"": json.dumps(told, ensure_ascii=False, indent=1).encode()}
    return {"": path.read_bytes()}


def shown(one: bytes, other: bytes) -> str:
    """Show the first lines that differ, each from a little before it differs."""
    lines = [
        text.decode("utf-8", "replace").replace("><", ">\n<").splitlines() for text in (one, other)
    ]
    told = [line for line in difflib.unified_diff(*lines, n=0, lineterm="") if line[:2] != "@@"]
    return "\n".join(f"    {line[:CONTEXT]}" for line in told[2 : 2 + MOST_SHOWN])


if __name__ == "__main__":
    sys.exit(main(*filter(None, sys.argv[1:])))
