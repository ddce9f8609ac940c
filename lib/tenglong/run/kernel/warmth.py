"""What a warm process is made for; a process serves one of these and never another."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

LISTS = ("modules", "arguments")  # JSON knows no tuples


@dataclass(frozen=True)
class Warmth:
    """What kernels find in memory when they start.

    Attributes
    ----------
    modules
        What is imported: modules, and packages with the modules that lie in them.
    edition
        The edition of the data; those of another have a process of their own, that starts afresh.
    hook
        `module:function`, called once after the imports and before the first kernel; or nothing.
    arguments
        What it is called with: the folder of a snapshot, and a day.
    run
        Tells apart runs whose kernels have nothing in common; see `tenglong.run.kernel.kernels`.
    is_plain
        Whether its kernels are ordinary: each is a new process, that finds nothing.
    """

    modules: tuple[str, ...] = ()
    edition: str = ""
    hook: str = ""
    arguments: tuple[str, ...] = ()
    run: str = ""
    is_plain: bool = False

    @property
    def plain(self) -> Self:
        """Its like for ordinary kernels.

        >>> Warmth(("json",), run="a").plain
        Warmth(modules=(), edition='', hook='', arguments=(), run='a', is_plain=True)
        """
        return replace(self, modules=(), hook="", arguments=(), is_plain=True)

    @classmethod
    def told(cls, config: Mapping[str, Any]) -> Self:
        """Read it from a kernelspec.

        >>> warmth = Warmth(("json",), edition="public")
        >>> Warmth.told(warmth.config()) == warmth
        True
        """
        return cls(**{**config, **{name: tuple(config.get(name, ())) for name in LISTS}})

    def config(self) -> dict[str, Any]:
        """Give it as it stands in a kernelspec's metadata, below `config`."""
        return {**asdict(self), **{name: list(getattr(self, name)) for name in LISTS}}
