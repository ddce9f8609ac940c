"""The rules that the plan leaves to others, one file a subject, each with its source."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tenglong.errors import ConfigurationError, Fault, did_you_mean, is_it
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
        raise ConfigurationError(f"policy {choice!r}: there is no folder {folder.name}")
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
        raise ConfigurationError.of("policy", faults)
    within = {name: {**policy.get(name, {}), **own[name]} for name in _folders_of(folder)}
    return {**policy, **own, **within}


def _folders_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def _folder(folder: Path) -> dict[str, Any]:
    files = {path.stem: _file(path) for path in sorted(folder.glob("*.yml"))}
    return files | {name: _folder(folder / name) for name in _folders_of(folder)}


def _file(path: Path) -> Any:
    try:
        content = read_yaml(path)
    except ConfigurationError as error:
        raise error.within("policy", "政策") from None
    if not isinstance(content, Mapping) or not str(content.get("source", "")).strip():
        raise ConfigurationError(f"policy {path.name}: must say its `source`")
    return content
