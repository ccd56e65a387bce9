"""The shelf: finished blocks of a long ensemble on disk, so that a kill costs little.

A folder beside the record, one file a block, each written under another name and
then renamed: a file is there with all its bits, or it is not there. No pickle.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import zipfile
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from backsweep.errors import RecordError
from backsweep.grids import described
from backsweep.learning.history import History
from backsweep.notation import written

if TYPE_CHECKING:
    from pathlib import Path

    from backsweep.learning.drive import Plan

__all__ = [
    "BLOCKS",
    "PARTIAL",
    "SETTINGS",
    "FolderShelf",
    "settings_of",
    "shelf_beside",
]

SETTINGS: Final = "settings.json"
BLOCKS: Final = "runs-*.npz"
PARTIAL: Final = ".partial"


def shelf_beside(record: Path) -> Path:
    """Name the folder in which the finished blocks of a record to come are kept."""
    return record.with_name(record.name + PARTIAL)


def settings_of(plan: Plan, engine: str, version: str) -> dict[str, Any]:
    """Give all that decides the bits of an ensemble, as plain values."""
    cases = hashlib.sha256(plan.task.inputs.tobytes() + plan.task.desired.tobytes())
    return {
        "task": plan.task.name,
        "cases": cases.hexdigest(),
        "held out": [plan.task.held_out, list(plan.task.held_out_cases)],
        "network": written(plan.network),
        **described(plan.procedure, plan.common, plan.grid),
        "seed": plan.seed,
        "runs": [plan.runs.start, plan.runs.stop],
        "recording": dataclasses.asdict(plan.recording),
        "engine": engine,
        "version": version,
        "arithmetic": _arithmetic(),
    }


def _arithmetic() -> list[str]:
    """Name what rounding depends on besides the engine: NumPy, BLAS and processor."""
    config = np.show_config(mode="dicts")
    blas = config["Build Dependencies"]["blas"]
    simd = config["SIMD Extensions"]
    found = " ".join([*simd.get("baseline", []), *simd.get("found", [])])
    return [np.__version__, f"{blas.get('name')} {blas.get('version')}", found]


class FolderShelf:
    """Blocks in a folder.

    Parameters
    ----------
    folder
        Made if it is not there.
    settings
        What `settings_of` gives; a folder with other settings is refused.
    resume
        Whether blocks that are there are used; without it a folder that is there
        is refused.
    """

    def __init__(self, folder: Path, settings: dict[str, Any], *, resume: bool) -> None:
        self.folder = folder
        known = json.loads(json.dumps(settings))
        begun = (folder / SETTINGS).exists() or any(folder.glob(BLOCKS))
        if not resume and begun:
            raise RecordError(
                f"{str(folder)!r} holds an ensemble that was broken off.",
                hint="go on with it (--resume), or begin anew (--force).",
            )
        if resume and (folder / SETTINGS).exists():
            _compare(folder, known)
            return
        if begun:
            raise RecordError(
                f"{str(folder)!r} holds blocks of runs without their settings.",
                hint="begin anew (--force).",
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / SETTINGS, json.dumps(known, indent=1).encode())
        except OSError as error:
            raise RecordError(
                f"{str(folder)!r} cannot be written: {error.strerror}."
            ) from error

    def load(self, block: range) -> History | None:
        """Give a block that was finished before; a damaged file counts as none."""
        path = self._path(block)
        if not path.exists():
            return None
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                return History(**{name: stored[name] for name in stored.files})
        except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile):
            return None

    def store(self, block: range, history: History) -> None:
        """Keep a finished block, all of it or nothing."""
        arrays = {
            field.name: getattr(history, field.name)
            for field in dataclasses.fields(history)
        }
        path = self._path(block)
        temporary = path.with_suffix(".part")
        try:
            with temporary.open("wb") as file:
                np.savez(file, **arrays)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise RecordError(
                f"block {block.start} to {block.stop - 1} cannot be written to "
                f"{str(self.folder)!r}: {error.strerror}.",
                hint="make room, then go on with --resume: finished blocks are kept.",
            ) from error

    def clear(self) -> None:
        """Take the folder away, the record itself being safe."""
        self.discard(self.folder)

    @staticmethod
    def discard(folder: Path) -> None:
        """Throw away what an ensemble that was broken off has left, and no more."""
        for pattern in (SETTINGS, BLOCKS, "*.part"):
            for path in folder.glob(pattern):
                path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # something of somebody else's is in it
            folder.rmdir()

    def _path(self, block: range) -> Path:
        return self.folder / f"runs-{block.start:09d}-{block.stop - 1:09d}.npz"


def _compare(folder: Path, settings: dict[str, Any]) -> None:
    try:
        stored = json.loads((folder / SETTINGS).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RecordError(
            f"the settings in {str(folder)!r} cannot be read: {error}.",
            hint="begin anew with --force.",
        ) from None
    for name, value in settings.items():
        if stored.get(name) != value:
            raise RecordError(
                f"the ensemble in {str(folder)!r} was begun with another {name}, so "
                "it cannot go on with this one.",
                hint=f"begun with {_short(stored.get(name), value)}, now "
                f"{_short(value, stored.get(name))}.",
            )


def _short(value: object, other: object) -> str:
    """Show a setting, of a nested one only what differs."""
    if isinstance(value, dict) and isinstance(other, dict):
        value = {key: part for key, part in value.items() if other.get(key) != part}
    text = json.dumps(value)
    return text if len(text) < 100 else text[:97] + "..."


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file so that it is there whole or not at all."""
    temporary = path.with_name(path.name + ".part")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
