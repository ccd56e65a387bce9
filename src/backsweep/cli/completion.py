"""Completion: what the shell offers for a word half typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer  # noqa: TC002  # typer reads the annotations

from backsweep.errors import BacksweepError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "complete_claim",
    "complete_column",
    "complete_compiled",
    "complete_engine",
    "complete_error",
    "complete_map",
    "complete_missing",
    "complete_shown",
    "complete_task",
    "complete_theme",
    "complete_until",
    "complete_update",
]


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def _paths(incomplete: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    """Give folders to look into, and what has one of the suffixes."""
    folder, _, _ = incomplete.rpartition("/")
    for path in sorted(
        Path(folder or ("/" if incomplete[:1] == "/" else ".")).glob("*")
    ):
        if path.name.startswith("."):
            continue
        written = f"{folder}/{path.name}" if "/" in incomplete else path.name
        if path.suffix in suffixes:
            yield written
        elif path.is_dir() and path.suffix != ".zarr":
            yield f"{written}/"


def _tasks() -> list[str]:
    from backsweep.tasks import TASKS  # noqa: PLC0415  # see the room's docstring

    names = [*TASKS, "families:long", "families:printed"]
    return sorted(f"{name}:" if _needs_size(name) else name for name in names)


def _needs_size(name: str) -> bool:
    return name in {"encoder", "parity"}


def complete_task(incomplete: str) -> list[str]:
    """Offer tasks and tables."""
    from backsweep.tasks.readers import READERS  # noqa: PLC0415  # as above

    paths = _paths(incomplete, tuple(READERS))
    return _beginning([*_tasks(), *paths], incomplete)


def complete_shown(incomplete: str) -> list[str]:
    """Offer tasks, tables and records."""
    records = _paths(incomplete, (".zarr",))
    found = [*complete_task(incomplete), *_beginning(records, incomplete)]
    return list(dict.fromkeys(found))


def complete_column(context: typer.Context, incomplete: str) -> list[str]:
    """Offer the columns of the table that is named already."""
    from backsweep.tasks.readers import READERS, read_sheet  # noqa: PLC0415  # as above

    # An option half typed leaves the words before it unread, in `args`.
    words = [str(context.params.get("task")), *context.args]
    for path in map(Path, words):
        if path.suffix.lower() in READERS:
            try:
                return _beginning(read_sheet(path).groups, incomplete)
            except BacksweepError:
                return []
    return []


def complete_engine(incomplete: str) -> list[str]:
    """Offer the engines."""
    from backsweep.engines import ENGINES  # noqa: PLC0415  # as above

    return _beginning(["auto", *ENGINES], incomplete)


def complete_compiled(incomplete: str) -> list[str]:
    """Offer the engines that make a program."""
    from backsweep.engines import ENGINES  # noqa: PLC0415  # as above
    from backsweep.engines.compiled import CompiledEngine  # noqa: PLC0415  # as above

    names = [name for name, one in ENGINES.items() if isinstance(one, CompiledEngine)]
    return _beginning(names, incomplete)


def complete_claim(incomplete: str) -> list[str]:
    """Offer the claims."""
    from backsweep.claims import CLAIMS  # noqa: PLC0415  # as above

    return _beginning(CLAIMS, incomplete)


def complete_until(incomplete: str) -> list[str]:
    """Offer when to stop."""
    return _beginning(["learned", "end"], incomplete)


def complete_update(incomplete: str) -> list[str]:
    """Offer when to change the weights."""
    return _beginning(["sweep", "case"], incomplete)


def complete_error(incomplete: str) -> list[str]:
    """Offer the measures of error."""
    return _beginning(["squared", "cross-entropy"], incomplete)


def complete_missing(incomplete: str) -> list[str]:
    """Offer what to do about missing values."""
    return _beginning(["refuse", "drop", "mean"], incomplete)


def complete_map(incomplete: str) -> list[str]:
    """Offer what a map shows."""
    return _beginning(["share", "median", "convergence"], incomplete)


def complete_theme(incomplete: str) -> list[str]:
    """Offer the themes of figures."""
    return _beginning(["light", "dark", "print"], incomplete)
