"""The other counties that a page lays beside its own: by their bundles, or by their summaries."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tenglong.source.description import Description, describe_bundle

ENDING = ".parquet"


@dataclass(frozen=True)
class Summary(Description):
    """A county of which this run has the summary alone; it is called as its bundle is."""

    @property
    def place(self) -> Path:
        """The file."""
        return self.path.with_name(f"{self.path.name}{ENDING}")

    @property
    def files(self) -> tuple[Path, ...]:
        """The summary itself."""
        return (self.place,)


def described(place: str | Path) -> Iterator[Description]:
    """Describe what stands beside: a bundle, a summary, or every summary of a folder.

    Raises
    ------
    ConfigurationError
        If it is none of them.
    """
    path = Path(place)
    is_folder = path.is_dir() and not (path / "bundle.yml").exists()
    found = sorted(path.glob(f"*{ENDING}")) if is_folder else []
    if path.suffix == ENDING:
        found = [path]
    if not found:
        yield describe_bundle(place)
        return
    from tenglong.source.summary import describe_summary  # noqa: PLC0415 - most runs open none

    yield from map(describe_summary, found)
