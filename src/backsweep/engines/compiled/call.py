"""The call into machine code: the only file that touches ctypes.

Everything a kernel may touch is checked here, and what it is given is kept alive
until it returns. The call lets go of Python's lock, so that threads run at once.
"""

from __future__ import annotations

import ctypes
import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from backsweep.engines.compiled.emit import ALIGNMENT, alignment
from backsweep.engines.compiled.interpret import DTYPES
from backsweep.errors import ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backsweep.engines.compiled.ir import Buffer, Program
    from backsweep.engines.compiled.link import Linked

__all__ = ["Kernel", "aligned"]

Numbers = NDArray[Any]  # of the program's precision


def aligned(shape: tuple[int, ...], dtype: type[np.floating[Any]]) -> Numbers:
    """Give zeros that begin at a multiple of 64 bytes."""
    size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
    room = np.zeros(size + ALIGNMENT, dtype=np.uint8)
    first = -room.ctypes.data % ALIGNMENT
    return room[first : first + size].view(dtype).reshape(shape)


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A kernel and the memory that it may touch, all of it checked.

    Parameters
    ----------
    function
        The machine code.
    buffers, arrays
        What the program asks for, and what it is given.
    n_blocks
        Blocks of lanes.
    """

    function: Callable[..., None]
    buffers: tuple[Buffer, ...]
    arrays: tuple[Numbers, ...]
    n_blocks: int
    begins: list[tuple[int, int]] = field(init=False)  # and what a sweep adds to each

    def __post_init__(self) -> None:
        begins = [
            (array.ctypes.data, array.strides[0] if buffer.kind == "log" else 0)
            for buffer, array in zip(self.buffers, self.arrays, strict=True)
        ]
        object.__setattr__(self, "begins", begins)

    def __call__(self, first: int, stop: int) -> None:
        """Carry sweeps from `first` to before `stop` out: rows of the log."""
        # SAFETY: each array has the size, type and alignment that the code was emitted
        # for, no two of them overlap, and this object keeps them; a row of a log lies
        # aligned like the first, and all rows are within it.
        pointers = [begin + first * row for begin, row in self.begins]
        self.function(*pointers, self.n_blocks, stop - first)


class Kernel:
    """A lane program as machine code.

    Parameters
    ----------
    program
        What was compiled.
    lanes
        For how many lanes.
    linked
        Where it stands.
    """

    def __init__(self, program: Program, lanes: int, linked: Linked) -> None:
        if program.lanes not in {None, lanes}:
            raise ShapeError(
                f"`lanes` must be {program.lanes}, as the program sums them, "
                f"got {lanes}."
            )
        self.program, self.lanes = program, lanes
        self._linked = linked  # keeps the code in memory
        pointers = [ctypes.c_void_p] * len(program.buffers)
        kind = ctypes.CFUNCTYPE(None, *pointers, ctypes.c_int64, ctypes.c_int64)
        self._function = kind(linked.address)

    def __call__(
        self, buffers: Mapping[str, Numbers], *, n_blocks: int, n_sweeps: int
    ) -> None:
        """Carry so many sweeps of so many blocks of lanes out.

        Parameters
        ----------
        buffers
            By name, of the shapes that `interpret` takes; scratch is made here.
        """
        self.held(buffers, n_blocks=n_blocks, n_sweeps=n_sweeps)(0, n_sweeps)

    def held(
        self, buffers: Mapping[str, Numbers], *, n_blocks: int, n_sweeps: int
    ) -> Held:
        """Check once all that a kernel may touch, for many calls."""
        if n_blocks < 0 or n_sweeps < 0:
            raise ShapeError(
                "`n_blocks` and `n_sweeps` must not be negative, got "
                f"{n_blocks} and {n_sweeps}."
            )
        arrays = [
            self._checked(buffer, buffers, n_blocks, n_sweeps)
            for buffer in self.program.buffers
        ]
        _check_apart(self.program.buffers, arrays)
        return Held(
            self._function, tuple(self.program.buffers), tuple(arrays), n_blocks
        )

    def _checked(
        self,
        buffer: Buffer,
        buffers: Mapping[str, Numbers],
        n_blocks: int,
        n_sweeps: int,
    ) -> Numbers:
        dtype = DTYPES[self.program.precision]
        if buffer.kind == "scratch":
            return aligned((buffer.rows, self.lanes), dtype)
        shape = {
            "shared": (buffer.rows,),
            "common": (buffer.rows, self.lanes),
            "lanes": (n_blocks, buffer.rows, self.lanes),
            "log": (n_sweeps, n_blocks * self.lanes),
        }[buffer.kind]
        array = buffers.get(buffer.name)
        # A subclass may mean something else by its numbers, as a masked array does.
        if type(array) is not np.ndarray:
            raise ShapeError(
                f"`{buffer.name}` must be a plain array, got {array!r}.",
                hint="numpy.asarray(...) makes one.",
            )
        if array.shape != shape or array.dtype != dtype:
            raise ShapeError(
                f"`{buffer.name}` must be {np.dtype(dtype)} of shape {shape}, got "
                f"{array.dtype} of shape {array.shape}."
            )
        step = alignment(self.program.precision, self.lanes)
        behind = array.ctypes.data % step if array.size else 0
        if not array.flags.c_contiguous or behind:
            raise ShapeError(
                f"`{buffer.name}` must lie in one piece from a multiple of {step} "
                f"bytes on, got strides {array.strides} from {behind} bytes behind one."
            )
        if buffer.written and not array.flags.writeable:
            raise ShapeError(
                f"`{buffer.name}` must be writable, got an array that is not."
            )
        if buffer.kind in ("shared", "common") and not np.isfinite(array).all():
            raise ShapeError(f"`{buffer.name}` must be finite, got {array!r}.")
        return array


def _check_apart(buffers: tuple[Buffer, ...], arrays: list[Numbers]) -> None:
    spans = sorted(
        (array.ctypes.data, array.ctypes.data + array.nbytes, buffer.name)
        for buffer, array in zip(buffers, arrays, strict=True)
    )
    for (_, end, one), (begin, _, other) in itertools.pairwise(spans):
        if begin < end:
            raise ShapeError(
                f"`{one}` and `{other}` must not overlap, got arrays that do."
            )
