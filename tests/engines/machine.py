"""What tests of lane programs share: machine code of one, and memory to run it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from backsweep.engines.compiled import call, link
from backsweep.engines.compiled.emit import emit
from backsweep.engines.compiled.interpret import DTYPES
from backsweep.engines.compiled.ir import Buffer, Builder, Program
from backsweep.engines.compiled.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from backsweep.engines.compiled.ir import Precision, Value


def compiled(
    program: Program, lanes: int, processor: link.Processor | None = None
) -> call.Kernel:
    """Make machine code of a program, for this processor or what it can stand for."""
    linked = link.link(emit(program, lanes), folder=None, processor=processor)
    return call.Kernel(program, lanes, linked)


def shapes(
    program: Program, lanes: int, n_blocks: int, n_sweeps: int
) -> dict[str, tuple[int, ...]]:
    """Give the shape of each array that a call takes."""
    every = {
        buffer.name: {
            "lanes": (n_blocks, buffer.rows, lanes),
            "shared": (buffer.rows,),
            "common": (buffer.rows, lanes),
            "log": (n_sweeps, n_blocks * lanes),
            "scratch": None,
        }[buffer.kind]
        for buffer in program.buffers
    }
    return {name: shape for name, shape in every.items() if shape is not None}


# What arithmetic has edges for.
SPECIAL = (0.0, -0.0, np.inf, -np.inf, np.nan, 1e-40, -1e-40, 1e300, -3e38, 0.5, 2.5)


def memory(
    program: Program,
    lanes: int,
    n_blocks: int,
    n_sweeps: int,
    *,
    seed: int = 0,
    special: bool = False,
) -> dict[str, NDArray[Any]]:
    """Give numbers to what a program reads, and room to what it writes.

    Some of the numbers of each lane are `SPECIAL` ones where that is asked for.
    """
    generator, dtype = np.random.default_rng(seed), DTYPES[program.precision]
    written = {buffer.name for buffer in program.buffers if buffer.written}
    given = {}
    for name, shape in shapes(program, lanes, n_blocks, n_sweeps).items():
        given[name] = call.aligned(shape, dtype)
        if name not in written:
            given[name][...] = generator.normal(scale=3, size=shape)
            if special and len(shape) == 3:
                with np.errstate(over="ignore"):
                    odd = generator.choice(np.array(SPECIAL).astype(dtype), shape)
                given[name][...] = np.where(
                    generator.random(shape) < 0.3, odd, given[name]
                )
    return given


def function_kernel(
    function: Callable[[Builder, Value, Precision], Value],
    precision: Precision,
    lanes: int = 8,
    processor: link.Processor | None = None,
) -> call.Kernel:
    """Make machine code that takes `x` to `y`, a row of lanes at a time."""
    b = Builder()
    here, there = Buffer("x", "lanes", 1), Buffer("y", "lanes", 1, written=True)
    b.store(function(b, b.load(here, 0), precision), there, 0)
    program = Program(
        precision=precision, buffers=(here, there), instructions=b.instructions
    )
    verify(program)
    return compiled(program, lanes, processor)


def evaluated(
    function: Callable[[Builder, Value, Precision], Value],
    x: NDArray[Any],
    precision: Precision,
    processor: link.Processor | None = None,
) -> NDArray[Any]:
    """Carry one function out on all of x, in machine code."""
    kernel = function_kernel(function, precision, processor=processor)
    n_blocks = -(-len(x) // kernel.lanes)
    given = memory(kernel.program, kernel.lanes, n_blocks, 0)
    given["x"].reshape(-1)[: len(x)] = x
    kernel(given, n_blocks=n_blocks, n_sweeps=0)
    return given["y"].reshape(-1)[: len(x)]
