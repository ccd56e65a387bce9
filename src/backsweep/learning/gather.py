"""Gather: where the histories of blocks are put together, in memory or in a file.

A row a run, laid out before the first block is done, so that nothing is copied when
the last one is; what is too large to hold lies in files without a name.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tempfile
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backsweep.errors import RecordError
from backsweep.learning.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from backsweep.learning.drive import Plan

__all__ = ["HELD_BYTES", "Gathering", "row_bytes"]

HELD_BYTES: Final = 256_000_000  # histories up to here stay in memory

Array: TypeAlias = NDArray[Any]


def _shapes(plan: Plan) -> dict[str, tuple[tuple[int, ...], type[Any]]]:
    """Give each field of a history the shape of a row and its type."""
    n = plan.network.n_parameters
    shapes: dict[str, tuple[tuple[int, ...], type[Any]]] = {
        field.name: ((), np.int64) for field in dataclasses.fields(History)
    }
    return shapes | {
        "parameters": ((n,), np.float64),
        "errors": (
            (len(plan.recording.sweeps(plan.procedure.sweeps)),),
            np.float64,
        ),
        "snapshots": ((len(plan.recording.snapshots), n), np.float64),
        "finished": ((), np.bool_),
        "final_errors": ((), np.float64),
        "held_out": ((plan.task.n_held_out,), np.int64),
    }


def row_bytes(plan: Plan) -> int:
    """Give the bytes that the history of one run takes."""
    return sum(
        int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        for shape, dtype in _shapes(plan).values()
    )


class Gathering:
    """The rows of all runs of a plan, filled block by block in any order.

    Parameters
    ----------
    plan
        Whose runs.
    folder
        Where files may be made for what is too large to hold; None to hold it
        all the same.
    """

    def __init__(self, plan: Plan, folder: Path | None = None) -> None:
        self._runs = plan.runs
        self._blocks: list[range] = []
        in_files = folder is not None and len(plan.runs) * row_bytes(plan) > HELD_BYTES
        room = _File if in_files else _Memory
        self._rooms = {
            name: room((len(plan.runs), *shape), dtype, folder)
            for name, (shape, dtype) in _shapes(plan).items()
        }

    def take(self, block: range, history: History) -> None:
        """Take in what a block of runs did."""
        first = block.start - self._runs.start
        for name, room in self._rooms.items():
            room.write(first, getattr(history, name))
        self._blocks.append(block)

    def history(self) -> History | None:
        """Give the rows of all blocks that came; None where none did."""
        blocks = sorted(self._blocks, key=lambda block: block.start)
        if not blocks:
            return None
        stop = sum(map(len, blocks))
        rows: Any = slice(stop)
        if blocks[-1].stop - self._runs.start != stop:  # there are gaps
            rows = np.concatenate([np.arange(one.start, one.stop) for one in blocks])
            rows -= self._runs.start
        return History(
            **{name: room.read()[rows] for name, room in self._rooms.items()}
        )


class _Memory:
    """Rows in memory."""

    def __init__(
        self, shape: tuple[int, ...], dtype: type[Any], _folder: Path | None
    ) -> None:
        self._rows = np.empty(shape, dtype)

    def write(self, first: int, values: Array) -> None:
        self._rows[first : first + len(values)] = values

    def read(self) -> Array:
        return self._rows


class _File:
    """Rows in a file that has no name and goes when nobody reads it any more."""

    def __init__(
        self, shape: tuple[int, ...], dtype: type[Any], folder: Path | None
    ) -> None:
        self._shape, self._dtype = shape, np.dtype(dtype)
        self._row = int(np.prod(shape[1:], dtype=np.int64)) * self._dtype.itemsize
        self._folder = folder
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  # lives as long as this
        with self._said():
            self._file.truncate(self._row * shape[0])

    def write(self, first: int, values: Array) -> None:
        plain = np.ascontiguousarray(values, self._dtype)
        with self._said():
            _write_at(self._file.fileno(), plain.tobytes(), first * self._row)

    def read(self) -> Array:
        if not self._row:
            return np.empty(self._shape, self._dtype)
        return np.memmap(self._file, self._dtype, mode="c", shape=self._shape)

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


def _write_at(file: int, content: bytes, offset: int) -> None:
    """Write all of it at a place; several threads may at once."""
    view = memoryview(content)
    while view:
        count = os.pwrite(file, view, offset)
        view, offset = view[count:], offset + count
