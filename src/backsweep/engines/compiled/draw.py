"""Draw: the random numbers of starts in machine code, to the bits of `threefry`.

One program for every network: its sweeps are the numbers of the parameters, its
errors what is drawn.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from backsweep import threefry
from backsweep.engines.compiled import link
from backsweep.engines.compiled.call import Kernel, aligned
from backsweep.engines.compiled.emit import emit
from backsweep.engines.compiled.ir import Buffer, Builder, Program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from backsweep.engines.compiled.ir import Value

__all__ = ["MANY", "program", "uniform"]

MANY: Final = 10_000  # numbers from which machine code is worth its loading


def program() -> Program:
    """Write down how numbers uniform in (-1, 1) are drawn: a row for each number.

    `key` holds the two words of the seed, `run` the run of each lane.
    """
    b = Builder()
    key = Buffer("key", "shared", 2)
    run = Buffer("run", "lanes", 1)
    drawn = Buffer("drawn", "log", 0, written=True)
    words = (b.load(key, 0), b.load(key, 1), b.load(run, 0))
    half, bits, two, one = (b.const(x) for x in (0.5, 2.0**-32, 2.0, 1.0))

    def body(k: Value, _: list[Value]) -> tuple[Sequence[Value], Value | None]:
        word = b.draw(*words, b.real(k))
        unit = b.mul(b.add(word, half), bits)
        b.store(b.sub(b.mul(two, unit), one), drawn, 0, ((1, k),))
        return [], None

    b.loop("n_sweeps", [], body)
    return Program(
        precision="f64", buffers=(key, run, drawn), instructions=b.instructions
    )


@cache
def _kernel(lanes: int, folder: Path | None) -> Kernel:
    made = program()
    return Kernel(made, lanes, link.link(emit(made, lanes), folder=folder))


def uniform(
    seed: int, runs: range, count: int, *, lanes: int, folder: Path | None
) -> NDArray[np.float64]:
    """Draw the first numbers of each run, uniform in (-1, 1).

    Parameters
    ----------
    seed, runs
        From which.
    count
        How many of each run.
    lanes
        Of the machine code; no bit depends on it.
    folder
        Where object code is kept.

    Returns
    -------
    ndarray of shape (n_runs, count)
        What `threefry.uniform` gives, the runs side by side in memory.
    """
    kernel = _kernel(lanes, folder)
    n_blocks = -(-len(runs) // lanes)
    given = {
        "key": aligned((2,), np.float64),
        "run": aligned((n_blocks, 1, lanes), np.float64),
        "drawn": aligned((count, n_blocks * lanes), np.float64),
    }
    given["key"][:] = threefry.key_of(seed)
    given["run"].reshape(-1)[: len(runs)] = np.arange(runs.start, runs.stop)
    kernel(given, n_blocks=n_blocks, n_sweeps=count)
    return given["drawn"][:, : len(runs)].T
