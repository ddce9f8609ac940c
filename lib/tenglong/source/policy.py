"""The rules that the plan leaves to others, one file a subject, each with its source."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
from tenglong.shape import line_of
from tenglong.source.place import kit_root
from tenglong.yaml_file import read_yaml

DEFAULT = "default"


def load_policy(choice: str = DEFAULT, *, beside: Path | None = None) -> Mapping[str, Any]:
    """Read the policy files of the kit, overridden file by file by the county's own.

    Parameters
    ----------
    choice
        `default`, or a folder of YAML files relative to `beside` (the bundle).

    Returns
    -------
    Mapping
        The content of each file by its name without ending; those of a folder within
        (`schemes`) by the folder's name and theirs.

    Raises
    ------
    ConfigurationError
        If the folder is not there, or a file is not YAML, names no source, or has nearly the
        name of one of the kit's.

    >>> sorted(load_policy()["schemes"])[:2]
    ['changle', 'default']
    """
    policy = _folder(kit_root() / "data" / "policy")
    if choice == DEFAULT:
        return policy
    folder = (beside or Path()) / choice
    if not folder.is_dir():
        lacks = Fault(f"there is no folder {folder.name}", f"没有文件夹 {folder.name}")
        raise ConfigurationError.of(f"policy {choice!r}", [lacks], zh=f"政策 {choice}")
    own = _folder(folder)
    faults = [
        Fault(
            f"{name}.yml: no rule is read from a file of this name{hint}",
            f"{name}.yml：没有规则读这个文件{is_it(name, policy)}",
        )
        for name in own
        if name not in policy and (hint := did_you_mean(name, policy))
    ]
    if faults:
        raise ConfigurationError.of("policy", faults, zh="政策")
    within = {name: {**policy.get(name, {}), **own[name]} for name in _folders_of(folder)}
    return {**policy, **own, **within}


def _folders_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def _folder(folder: Path) -> dict[str, Any]:
    """Read a folder and those within; what is wrong with any of their files is told at once."""
    files: dict[str, Any] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            files[path.stem] = _file(path)
        except ConfigurationError as error:
            faults += error.faults
    for name in _folders_of(folder):
        try:
            files[name] = _folder(folder / name)
        except ConfigurationError as error:
            faults += error.faults
    if faults:
        raise ConfigurationError("; ".join(faults), faults)
    return files


def _file(path: Path) -> Any:
    try:
        content = read_yaml(path)
    except ConfigurationError as error:
        raise error.within("policy", "政策") from None
    if not isinstance(content, Mapping) or not str(content.get("source", "")).strip():
        said = "must say its `source`", "应写 source（依据）"
        lacks = Fault(*said, line=line_of(content, "source"))
        raise ConfigurationError.of(f"policy {path.name}", [lacks], zh=f"政策 {path.name}")
    return content
