"""Runs machine code on memory between pages that kill: `python -m` this, with words.

Every array that the engine asks for ends right before a page that may not be
touched, or begins right behind one. What reads or writes outside dies of it.
"""

from __future__ import annotations

import ctypes
import functools
import mmap
import sys
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import numpy as np

import backsweep
from backsweep.engines.compiled import CompiledEngine, call, draw, engine, layout
from backsweep.engines.compiled.emit import ALIGNMENT, SIZES
from backsweep.engines.compiled.ir import Buffer, Builder, Program
from backsweep.network import Network
from backsweep.procedure import Criterion, Stage
from tests.carrying import a_task
from tests.engines.machine import compiled, memory

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from backsweep.engines.compiled.ir import Precision

PAGE = mmap.PAGESIZE
KEPT: list[mmap.mmap] = []  # memory given back could be given out again
SIDES = ("begin", "end")


def guarded(side: str, step: int) -> Callable[..., NDArray[Any]]:
    """Give what stands in for `call.aligned`, with a page that kills on that side.

    Parameters
    ----------
    step
        Bytes that arrays must begin at multiples of. At the end, what does not fill
        a step leaves less than one step free.
    """
    protect = ctypes.CDLL(None, use_errno=True).mprotect

    def aligned(shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
        size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        pages = -(-size // PAGE)
        room = mmap.mmap(-1, (pages + 2) * PAGE)
        KEPT.append(room)
        begin = ctypes.addressof(ctypes.c_char.from_buffer(room))
        for page in (begin, begin + (pages + 1) * PAGE):
            if protect(ctypes.c_void_p(page), ctypes.c_size_t(PAGE), 0):
                raise OSError(ctypes.get_errno(), "mprotect")
        free = (pages * PAGE - size) // step * step if side == "end" else 0
        inside = np.frombuffer(room, np.uint8, size, PAGE + free)
        array: NDArray[Any] = inside.view(dtype).reshape(shape)
        return array

    return aligned


# -- programs that keep to their memory ----------------------------------------------


def a_table() -> backsweep.tasks.task.Task:
    """Make a table of which each run keeps cases of its own apart."""
    inputs = np.random.default_rng(1).uniform(-1, 1, (9, 3))
    desired = (inputs[:, :2] > 0).astype(float)
    return a_task(Network.layered(3, 4, 2), inputs, desired, held_out=2)


TASKS = {
    name: functools.partial(backsweep.task, name)
    for name in ("xor", "symmetry", "families", "encoder:8-3")
} | {"table": a_table}
# Runs that stop, so that blocks are closed up; batches; a share that must be right.
CHANGES: tuple[dict[str, Any], ...] = (
    {
        "criterion": Criterion("error", tuple([1e-9, 1e9, 1e9] * 20)),
        "stages": (Stage(sweeps=2, epsilon=0.5, alpha=0.5),),
    },
    {"update": "case", "until": "end", "decay": 0.01},
    {"update": 3, "criterion": Criterion("winner", share=0.5), "zone": 0.1},
)


def learn(name: str, precision: Precision, lanes: int | None) -> None:
    """Let blocks of runs learn, the last of them not full; or one run alone."""
    step = ALIGNMENT if lanes is None else min(ALIGNMENT, lanes * SIZES[precision])
    runs = range(1 if lanes is None else 2 * lanes + 1)
    task = TASKS[name]()
    made = CompiledEngine("compiled", precision, lanes=lanes)
    for changes in CHANGES:
        procedure = replace(task.procedure, **changes)
        for side in SIDES:
            own = guarded(side, step)
            whole = guarded(side, ALIGNMENT)  # starts are drawn by as many lanes as fit
            with ExitStack() as patches:
                patches.enter_context(mock.patch.object(draw, "MANY", 0))
                for room, give in (
                    (call, own), (draw, whole), (engine, own), (layout, own),
                ):  # fmt: skip
                    patches.enter_context(mock.patch.object(room, "aligned", give))
                program = made.prepare(task.network, task, procedure)
                state = program.start(3, runs)
                program.advance(state, 1)
                progress = program.advance(state, 4)
            if not np.isfinite(progress.errors[progress.running]).all():
                raise AssertionError("the runs must learn, or nothing is shown")


# -- programs that do not ----------------------------------------------------------

ROWS = 4
RIGHT = {
    "reads the last": (ROWS - 1, "read", "end"),
    "reads the first": (0, "read", "begin"),
    "writes the last": (ROWS - 1, "write", "end"),
    "writes the first": (0, "write", "begin"),
}
WRONG = {
    "reads behind": (ROWS, "read", "end"),
    "reads before": (-1, "read", "begin"),
    "writes behind": (ROWS, "write", "end"),
    "writes before": (-1, "write", "begin"),
}


def touch(row: int, deed: str, side: str) -> None:
    """Touch a row, whether it is there or not: `verify` is not asked."""
    here = Buffer("x", "lanes", ROWS)
    there = Buffer("y", "lanes", ROWS, written=True)
    b = Builder()
    b.store(b.load(here, row if deed == "read" else 0), there,
            row if deed == "write" else 0)  # fmt: skip
    program = Program(
        precision="f64", buffers=(here, there), instructions=b.instructions
    )
    with mock.patch.object(call, "aligned", guarded(side, ALIGNMENT)):
        given = memory(program, 8, 1, 0)
        compiled(program, 8)(given, n_blocks=1, n_sweeps=0)


def main(words: list[str]) -> None:
    """Learn a task with some lanes (0: as suits one run), or touch a row."""
    one_row = (RIGHT | WRONG).get(words[0])
    if one_row is not None:
        touch(*one_row)
    else:
        for precision in ("f32", "f64"):
            for lanes in words[1:]:
                learn(words[0], precision, int(lanes) or None)
    print("alive")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
