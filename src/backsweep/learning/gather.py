"""Gather: where the histories of blocks are put together, in memory or in files.

A row a run, laid out when the first block is done, so that nothing is copied when
the last one is; what is too large to hold lies in files without a name.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tempfile
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backsweep.errors import RecordError
from backsweep.learning.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["HELD_BYTES", "Gathering"]

Array: TypeAlias = NDArray[Any]

HELD_BYTES: Final = 128_000_000  # histories up to here stay in memory
FIELDS: Final = tuple(field.name for field in dataclasses.fields(History))


class Gathering:
    """The rows of many runs, filled block by block in any order, by many threads.

    Parameters
    ----------
    runs
        Which.
    folder
        Where files may be made for what is too large to hold; None to hold it
        all the same.
    """

    def __init__(self, runs: range, folder: Path | None = None) -> None:
        self._runs, self._folder = runs, folder
        self._lock = Lock()
        self._rooms: dict[str, _Memory | _File] = {}
        self._blocks: list[range] = []

    def __enter__(self) -> Self:
        """Begin to gather."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files; what was given can still be read."""
        for room in self._rooms.values():
            room.close()

    def take(self, block: range, history: History) -> None:
        """Take in what a block of runs did."""
        with self._lock:
            if not self._rooms:
                self._rooms = self._laid_out(history)
        first = block.start - self._runs.start
        for name, room in self._rooms.items():
            room.write(first, getattr(history, name))
        self._blocks.append(block)

    def _laid_out(self, history: History) -> dict[str, _Memory | _File]:
        """Make room for rows such as these."""
        rows = {name: getattr(history, name) for name in FIELDS}
        n_bytes = sum(values.nbytes for values in rows.values()) // len(history.run)
        shapes = {
            name: ((len(self._runs), *values.shape[1:]), values.dtype)
            for name, values in rows.items()
        }
        folder = self._folder
        if folder is None or n_bytes * len(self._runs) <= HELD_BYTES:
            return {name: _Memory(*shape) for name, shape in shapes.items()}
        return {name: _File(*shape, folder) for name, shape in shapes.items()}

    def history(self) -> History | None:
        """Give the rows of all blocks that came; None where none did."""
        blocks = sorted(self._blocks, key=lambda block: block.start)
        if not blocks:
            return None
        rows: Any = slice(blocks[-1].stop - self._runs.start)
        if sum(map(len, blocks)) != rows.stop:  # there are gaps
            rows = np.concatenate([np.arange(one.start, one.stop) for one in blocks])
            rows -= self._runs.start
        return History(**{name: self._rooms[name].read()[rows] for name in FIELDS})


class _Memory:
    """Rows in memory."""

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._rows: Array = np.empty(shape, dtype)

    def write(self, first: int, values: Array) -> None:
        self._rows[first : first + len(values)] = values

    def read(self) -> Array:
        return self._rows

    def close(self) -> None:
        pass


class _File:
    """Rows in a file without a name, which goes when nobody reads it any more.

    What is read is not to be changed, so that memory need not hold it.
    """

    def __init__(
        self, shape: tuple[int, ...], dtype: np.dtype[Any], folder: Path
    ) -> None:
        self._shape, self._dtype, self._folder = shape, dtype, folder
        self._row = int(np.prod(shape[1:], dtype=np.int64)) * dtype.itemsize
        with self._said():
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # lives on
            self._file.truncate(self._row * shape[0])

    def write(self, first: int, values: Array) -> None:
        content = memoryview(np.ascontiguousarray(values, self._dtype).tobytes())
        offset = first * self._row
        with self._said():
            while content:
                count = os.pwrite(self._file.fileno(), content, offset)
                content, offset = content[count:], offset + count

    def read(self) -> Array:
        if not self._row:
            return np.empty(self._shape, self._dtype)
        return np.memmap(self._file, self._dtype, mode="r", shape=self._shape)

    def close(self) -> None:
        self._file.close()

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise RecordError(
                f"what the runs did cannot be kept in {str(self._folder)!r}: "
                f"{error.strerror}.",
                hint="make room, then go on with --resume: finished blocks are kept.",
            ) from error
