"""The meaning of each operation of the lane program, lane by lane on NumPy.

Slow, and the definition: machine code must give the same bits.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from backsweep.engines.compiled.ir import ONE_REAL, Op
from backsweep.engines.compiled.shares import FOUR
from backsweep.threefry import threefry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backsweep.engines.compiled.ir import Instruction, Place, Program, Value

__all__ = ["DTYPES", "fused", "interpret"]

Lanes = NDArray[Any]  # reals or masks, one a lane

DTYPES: Final[Mapping[str, type[np.floating[Any]]]] = MappingProxyType(
    {"f32": np.float32, "f64": np.float64}
)


def _fused_one(a: float, b: float, c: float) -> float:
    """Round a b + c once to f64, by exact fractions."""
    plain = a * b + c
    if not (math.isfinite(a) and math.isfinite(b) and math.isfinite(c)):
        return plain
    exact = Fraction(a) * Fraction(b) + Fraction(c)
    if exact == 0:
        return plain
    try:
        rounded = float(exact)
    except OverflowError:
        rounded = math.inf
    return math.copysign(rounded, 1 if exact > 0 else -1)


def fused(a: Lanes, b: Lanes, c: Lanes) -> Lanes:
    """Give a b + c, rounded once.

    In f32 the product is exact in f64, and its sum with c is rounded to an odd last
    bit first (Boldo and Melquiond), so that the second rounding is the only one.
    """
    if a.dtype == np.float64:
        return np.array(
            [
                _fused_one(*three)
                for three in zip(a.tolist(), b.tolist(), c.tolist(), strict=True)
            ]
        )
    product, addend = a.astype(np.float64) * b.astype(np.float64), c.astype(np.float64)
    total = product + addend
    back = total - product
    lost = (product - (total - back)) + (addend - back)
    even = (total.view(np.int64) & 1) == 0
    towards = np.nextafter(total, np.where(lost > 0, np.inf, -np.inf))
    odd = np.where((lost != 0) & np.isfinite(lost) & even, towards, total)
    return odd.astype(np.float32)


def _power(a: Lanes) -> Lanes:
    if a.dtype == np.float32:
        return np.left_shift(a.view(np.int32), 23).view(np.float32)
    return np.left_shift(a.view(np.int64), 52).view(np.float64)


def _totals(values: Lanes) -> Lanes:
    fours = values.reshape(len(values), -1, FOUR)
    sums = reduce(np.add, [fours[:, :, k] for k in range(FOUR)])
    return reduce(np.add, list(sums.T))


def _word(a: Lanes) -> Lanes:
    """Cut off what is behind the point, and what 32 bits cannot hold."""
    held: Lanes = np.clip(np.nan_to_num(a, nan=0.0), 0, 2**32 - 1)
    return held.astype(np.uint32)


def _draw(k0: Lanes, k1: Lanes, c0: Lanes, c1: Lanes) -> Lanes:
    words = threefry((_word(k0), _word(k1)), (_word(c0), _word(c1)))
    return words[0].astype(np.float64)


# Operation: its result from its operands. Masks are arrays of bool.
MEANINGS: Final[Mapping[Op, Callable[..., Any]]] = MappingProxyType(
    {
        Op.ADD: np.add,
        Op.SUB: np.subtract,
        Op.MUL: np.multiply,
        Op.DIV: np.divide,
        Op.FMA: fused,
        Op.NEG: np.negative,
        Op.ABS: np.abs,
        Op.POWER: _power,
        Op.EXPONENT: lambda a: (np.frexp(a)[1] - 1).astype(a.dtype),
        Op.FRACTION: lambda a: 2 * np.frexp(a)[0],
        Op.LESS: np.less,
        Op.EQUAL: np.equal,
        Op.AND: np.logical_and,
        Op.OR: np.logical_or,
        Op.NOT: np.logical_not,
        Op.SELECT: np.where,
        Op.ANY: np.any,
        Op.TOTALS: lambda *values: _totals(np.stack(values)),
        Op.DRAW: _draw,
    }
)


def interpret(
    program: Program,
    buffers: Mapping[str, Lanes],
    n_lanes: int,
    *,
    n_sweeps: int,
    n_blocks: int = 1,
) -> None:
    """Carry a program out, and change the buffers that it writes to.

    Parameters
    ----------
    buffers
        By name. Of a shared buffer, shape (rows,); of a common one, (rows, n_lanes);
        of lanes, (n_blocks, rows, n_lanes); of a log, (n_sweeps, n_blocks n_lanes).
        Scratch is made here.
    """
    kinds = {buffer.name: buffer.kind for buffer in program.buffers}
    dtype = DTYPES[program.precision]
    for block in range(n_blocks):
        views: dict[str, Lanes] = {}
        for buffer in program.buffers:
            if buffer.kind == "scratch":
                views[buffer.name] = np.full((buffer.rows, n_lanes), np.nan, dtype)
            elif buffer.kind == "lanes":
                views[buffer.name] = buffers[buffer.name][block]
            elif buffer.kind == "common":
                views[buffer.name] = buffers[buffer.name]
            elif buffer.kind == "log":
                mine = slice(block * n_lanes, (block + 1) * n_lanes)
                views[buffer.name] = buffers[buffer.name][:, mine]
            else:
                views[buffer.name] = buffers[buffer.name]
        with np.errstate(all="ignore"):
            _Run(views, kinds, dtype, n_lanes, {"n_sweeps": n_sweeps}).carry(
                program.instructions
            )


class _Run:
    """The values of one block of lanes."""

    def __init__(
        self,
        views: Mapping[str, Lanes],
        kinds: Mapping[str, str],
        dtype: Any,  # a scalar type of NumPy
        n_lanes: int,
        counts: Mapping[str, int],
    ) -> None:
        self.views, self.kinds, self.dtype = views, kinds, dtype
        self.n_lanes, self.counts = n_lanes, counts
        self.values: dict[Value, Any] = {}

    def _row(self, place: Place) -> int:
        return place.offset + sum(
            stride * int(self.values[index]) for stride, index in place.terms
        )

    def _every(self, number: float) -> Lanes:
        return np.full(self.n_lanes, number, self.dtype)

    def carry(self, instructions: Sequence[Instruction]) -> None:
        values = self.values
        for one in instructions:
            if one.op is Op.LOOP:
                self._loop(one)
            elif one.op is Op.CONST:
                values[one.results[0]] = self._every(one.number)
            elif one.op is Op.SPLAT or one.op is Op.REAL:
                values[one.results[0]] = self._every(values[one.operands[0]])
            elif one.op is Op.LOAD and one.place is not None:
                rows, at = self.views[one.place.buffer], self._row(one.place)
                single = one.results[0].type == ONE_REAL
                values[one.results[0]] = rows.flat[at] if single else rows[at].copy()
            elif one.op is Op.STORE and one.place is not None:
                self.views[one.place.buffer][self._row(one.place)] = values[
                    one.operands[0]
                ]
            else:
                operands = (values[value] for value in one.operands)
                values[one.results[0]] = MEANINGS[one.op](*operands)

    def _loop(self, one: Instruction) -> None:
        if one.body is None:
            raise AssertionError("a loop must have a body")
        body, values = one.body, self.values
        count = one.count if isinstance(one.count, int) else self.counts[one.count]
        carried = [values[value] for value in one.operands]
        for index in range(count):
            values[body.index] = index
            values.update(zip(body.carried, carried, strict=True))
            self.carry(body.instructions)
            carried = [values[value] for value in body.yields]
            if body.on is not None and not values[body.on]:
                break
        values.update(zip(one.results, carried, strict=True))
