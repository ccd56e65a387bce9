"""Zipped: a record as one file, for whoever takes it along from the browser."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["archived", "zipped"]


def archived(path: Path) -> Path:
    """Put a record, which is a folder, into a file beside it."""
    archive = path.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as writer:
        for file in sorted(path.rglob("*")):
            if file.is_file():
                writer.write(file, file.relative_to(path.parent).as_posix())
    return archive


def zipped(save: Callable[[Path], object], name: str) -> bytes:
    """Give a record as the bytes of a zip file.

    Parameters
    ----------
    save
        Writes the record to a path.
    name
        Of the folder.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        save(path)
        return archived(path).read_bytes()
