"""The files that a bundle's pages are made from: its own, and those of the kit that it leans on.

A page shows the digests of all of its county's files, and what it does not show it may have been
judged by: so every page depends on all of them, on the plan and on every file of the policy.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from tenglong.run.cache.store import digest_of
from tenglong.source.description import Description
from tenglong.source.place import kit_root
from tenglong.source.plan import find_plan
from tenglong.yaml_file import read_yaml


def input_files(about: Description) -> dict[str, Path]:
    """Give every file by its name, which begins with what it is: file, plan, policy, reference.

    >>> from tenglong.source.description import describe_bundle
    >>> names = input_files(describe_bundle("data/sample"))
    >>> "file:bundle.yml" in names, "policy:bands.yml" in names
    (True, True)
    """
    kit = kit_root() / "data"
    plan = find_plan(about.plan_choice)
    found = {f"file:{_below(path, about.path)}": path for path in about.files}
    found |= {f"plan:{path.name}": path for path in (plan, *_text_of(plan))}
    policy = kit / "policy"
    found |= {f"policy:{_below(path, policy)}": path for path in policy.rglob("*.yml")}
    reference = (path for path in about.reference.files if not path.is_relative_to(about.path))
    return found | {f"reference:{path.name}": path for path in reference}


def digests(files: Mapping[str, Path]) -> dict[str, str]:
    """Give the SHA-256 of files by their names; empty for one that is not there."""
    return {name: digest(path) for name, path in sorted(files.items())}


def digest(path: Path) -> str:
    """Give a file's SHA-256, read in pieces; empty where there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def bundle_digest(about: Description) -> str:
    """Give one digest of all that is read for a bundle.

    It says nothing of tables that come from a database: `about.databases` tells of these.
    """
    return digest_of(digests(input_files(about)))


def _text_of(plan: Path) -> tuple[Path, ...]:
    """Give the file that a plan's sentences are checked against."""
    raw = read_yaml(plan, faults=[])
    named = raw.get("text") if isinstance(raw, Mapping) else None
    return (plan.parent / str(named),) if named else ()


def _below(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive of Windows
        return path.as_posix()
