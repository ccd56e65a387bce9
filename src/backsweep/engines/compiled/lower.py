"""From network, cases and procedure to the lane program: one lane, one network.

A block of lanes goes through all sweeps of a call inside the program: forward,
error, backward, change of the weights, and the noting of who has learned and who
diverged. Lanes that have stopped keep their weights by a select. The program does not
know how many lanes there are, so that nothing in it can depend on that.
"""

from __future__ import annotations

import itertools
import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from backsweep.engines.compiled.frame import Cases, Frame, Lanes, Some, Terms, is_used
from backsweep.engines.compiled.ir import Program
from backsweep.engines.compiled.looped import TOGETHER, Looped, parts
from backsweep.engines.compiled.straight import Straight
from backsweep.engines.compiled.units import Sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backsweep.engines.compiled.ir import Builder, Precision, Value
    from backsweep.network import Network
    from backsweep.procedure import Procedure

__all__ = ["UNROLLED", "lines_of_a_case", "lower"]

# PERF: with the 64 cases of symmetry as constants it takes 9,000 lines of LLVM and
# half a second, once, and runs 1.3 times as fast (benchmarks/compiled.py).
UNROLLED: Final = 9000  # instructions that cases may be unrolled to
TILE: Final = 2000  # instructions of a body that is repeated over the cases
IN_REGISTERS: Final = 25  # parameters that are carried from sweep to sweep as values
ELEMENTARY: Final = 30  # instructions of an activation, about


# Each rule: from (builder, gradient, velocity, epsilon, alpha) to (change, velocity),
# as in `backsweep.equations.updates`.
def _letter(
    b: Builder, g: Value, v: Value, epsilon: Value, alpha: Value
) -> tuple[Value, Value]:
    change = b.fma(b.neg(epsilon), g, b.mul(alpha, v))
    return change, change


def _torch(
    b: Builder, g: Value, v: Value, epsilon: Value, alpha: Value
) -> tuple[Value, Value]:
    velocity = b.fma(alpha, v, g)
    return b.mul(b.neg(epsilon), velocity), velocity


def _nesterov(
    b: Builder, g: Value, v: Value, epsilon: Value, alpha: Value
) -> tuple[Value, Value]:
    velocity, _ = _letter(b, g, v, epsilon, alpha)
    return _letter(b, g, velocity, epsilon, alpha)[0], velocity


RULES: Final = MappingProxyType(
    {"letter": _letter, "torch": _torch, "nesterov": _nesterov}
)


def lines_of_a_case(network: Network) -> int:
    """Estimate the instructions that one case takes, up and down, written out."""
    connections = sum(
        network[link.source].size
        * (network[link.target].size if link.kind == "full" else 1)
        for link in network.links
    )
    units = sum(step.layer.size for step in network.upward)
    return 3 * connections + ELEMENTARY * units


def lower(
    network: Network, procedure: Procedure, cases: Cases, precision: Precision
) -> Program:
    """Write down what one block of networks does in `n_sweeps` sweeps.

    Parameters
    ----------
    network
        Without delays.
    procedure
        With the cases in fixed order; its numbers and stages are not looked at but
        for which are used at all: they come with each call.
    cases
        How many there are, and their numbers where all runs share them.
    precision
        Of every number.
    """
    return _Lowering(Frame(network, procedure, cases, precision)).program()


class _Lowering:
    def __init__(self, frame: Frame) -> None:
        self.frame, self.b = frame, frame.b
        self.network, self.procedure = frame.network, frame.procedure
        self.n_cases, self.n = frame.cases.count, frame.network.n_parameters
        self.batch = min(self.procedure.batch or self.n_cases, self.n_cases)
        a_case = lines_of_a_case(self.network)
        # All cases written out, or so many at a time, or loops over units too.
        tiny = self.n <= IN_REGISTERS
        self.whole = self.n_cases * a_case <= (UNROLLED if tiny else TILE)
        self.looped = not self.whole and (not tiny or TOGETHER * a_case > TILE)
        self.in_registers = tiny and not self.looped
        frame.scratch("gradient", self.n)
        self.cases: Straight | Looped
        if self.looped:
            self.tile = parts(self.batch, TOGETHER)
            self.cases = Looped(frame)
        else:
            self.tile = parts(self.batch, min(8, TILE // a_case) or 1)
            self.cases = Straight(frame, known=self.whole)

    def program(self) -> Program:
        b, frame = self.b, self.frame
        zero, one = b.const(0.0), b.const(1.0)
        marks = [frame.load("marks", row) for row in range(4)]
        running, unlearned = (b.less(zero, mark) for mark in marks[:2])
        names = ("epsilon", "alpha", "keep", "zone", "tolerance")
        for row, name in enumerate(names):
            frame.setting[name] = frame.load("settings", row)
        w, v = (
            [frame.load(name, p) for p in range(self.n if self.in_registers else 0)]
            for name in ("w", "v")
        )
        last = b.loop("n_sweeps", [running, unlearned, *marks[2:], *w, *v], self._sweep)
        marks = [*(b.select(mask, one, zero) for mask in last[:2]), *last[2:4]]
        for row, mark in enumerate(marks):
            frame.store(mark, "marks", row)
        for p in range(len(w)):
            frame.store(last[4 + p], "w", p)
            frame.store(last[4 + len(w) + p], "v", p)
        return Program(
            precision=frame.precision,
            buffers=tuple(frame.buffers.values()),
            instructions=b.instructions,
        )

    def _sweep(
        self, index: Value, carried: list[Value]
    ) -> tuple[Sequence[Value], Value | None]:
        """Pass through all cases once, then note who has learned or diverged."""
        b = self.b
        running, unlearned, learned, diverged = carried[:4]
        width = self.n if self.in_registers else 0
        lanes = Lanes(carried[4 : 4 + width], carried[4 + width :])
        error, right = self._batches(lanes, running)
        error = self._times(
            error, self.procedure.error_factor(self.n_cases, self.network.n_out)
        )
        shown = b.select(running, error, b.const(math.nan))
        self.frame.store(shown, "errors", 0, ((1, index),))
        number = b.add(b.real(index), b.const(1.0))
        # Only of a finite number is the difference to itself nought.
        finite = b.equal(b.sub(error, error), b.const(0.0))
        sound = b.both(running, finite)
        diverged = b.select(b.both(running, b.negate(finite)), number, diverged)
        new = b.both(b.both(sound, unlearned), self._has_learned(error, right))
        learned = b.select(new, number, learned)
        unlearned = b.both(unlearned, b.negate(new))
        stops = self.procedure.until == "learned"
        going = b.both(sound, b.negate(new)) if stops else sound
        # Where all runs go on to the end, every row of the log is written.
        on = b.any(going) if stops else None
        return [going, unlearned, learned, diverged, *lanes.w, *lanes.v], on

    def _has_learned(self, error: Value, right: Value | None) -> Value:
        b, criterion = self.b, self.procedure.criterion
        if right is None:
            return b.less(error, self.frame.setting["tolerance"])
        if criterion.share == 1:
            return right
        return b.less(b.const(_enough(criterion.share, self.n_cases) - 0.5), right)

    def _times(self, number: Value, factor: float) -> Value:
        return number if factor == 1 else self.b.mul(number, self.b.const(factor))

    # -- batches of cases ------------------------------------------------------

    def _batches(self, lanes: Lanes, running: Value) -> tuple[Value, Value | None]:
        """Go through all cases, changing the weights after each batch."""
        b = self.b
        count, rest = divmod(self.n_cases, self.batch)
        sums = self._begin()
        if self.whole or count == 1:
            for k in range(count):
                sums = self._batch(lanes, running, sums, k * self.batch, self.batch)
        else:
            n_sums, n_lanes = len(sums), len(lanes.w)

            def body(
                k: Value, carried: list[Value]
            ) -> tuple[Sequence[Value], Value | None]:
                own = Lanes(
                    carried[n_sums : n_sums + n_lanes], carried[n_sums + n_lanes :]
                )
                terms = ((self.batch, k),)
                given = self._batch(
                    own, running, carried[:n_sums], 0, self.batch, terms
                )
                return [*given, *own.w, *own.v], None

            ends = b.loop(count, [*sums, *lanes.w, *lanes.v], body)
            sums = ends[:n_sums]
            lanes.w = ends[n_sums : n_sums + n_lanes]
            lanes.v = ends[n_sums + n_lanes :]
        if rest:
            sums = self._batch(lanes, running, sums, self.n_cases - rest, rest)
        return sums[0], sums[1] if len(sums) > 1 else None

    def _begin(self) -> list[Value]:
        """Give an error of nought, and that no case has been wrong, or right, yet."""
        zero = self.b.const(0.0)
        if self.procedure.criterion.rule == "error":
            return [zero]
        if self.procedure.criterion.share < 1:
            return [zero, zero]
        return [zero, self.b.equal(zero, zero)]

    def _batch(
        self,
        lanes: Lanes,
        running: Value,
        sums: list[Value],
        first: int,
        size: int,
        terms: Terms = (),
    ) -> list[Value]:
        """Pass through one batch, tile by tile, then change the weights."""
        b = self.b
        tile = size if self.whole else min(self.tile, size)
        count, rest = divmod(size, tile)
        n_sums = len(sums)
        alone = count == 1 and not rest and not self.looped
        empty: list[Value | None] = [None] * self.n
        if not alone and self.in_registers:
            empty = [b.const(0.0)] * self.n
        elif not alone:
            empty = []
            self._clear()
        total = Sums(sums[0], sums[1] if n_sums > 1 else None, empty)
        if count == 1:
            self.cases.take(lanes, total, Some(first, tile, terms))
        else:

            def body(
                k: Value, carried: list[Value]
            ) -> tuple[Sequence[Value], Value | None]:
                own = _sums(carried, n_sums)
                self.cases.take(lanes, own, Some(first, tile, (*terms, (tile, k))))
                return own.flat(), None

            total = _sums(b.loop(count, total.flat(), body), n_sums)
        if rest:
            self.cases.take(lanes, total, Some(first + count * tile, rest, terms))
        self._change(lanes, running, total, size)
        return [total.error, *([] if total.right is None else [total.right])]

    def _clear(self) -> None:
        """Begin a gradient in memory with noughts."""
        zero = self.b.const(0.0)

        def body(p: Value, _: list[Value]) -> tuple[Sequence[Value], Value | None]:
            self.frame.store(zero, "gradient", 0, ((1, p),))
            return [], None

        self.b.loop(self.n, [], body)

    # -- the change of the weights -------------------------------------------

    def _change(self, lanes: Lanes, running: Value, total: Sums, size: int) -> None:
        """Equation 9, or another rule, and the decay; for lanes that still run."""
        if not self.looped:
            for p in range(self.n):
                self._change_one(lanes, running, total, size, p)
            return
        for start, stop in self._alike():

            def body(
                p: Value, _: list[Value], start: int = start
            ) -> tuple[Sequence[Value], Value | None]:
                self._change_one(lanes, running, total, size, start, ((1, p),))
                return [], None

            self.b.loop(stop - start, [], body)

    def _alike(self) -> list[tuple[int, int]]:
        """Give the ranges of parameters that are shared by as many links."""
        edges = [block.start for block in self.network.blocks] + [self.n]
        return list(itertools.pairwise(edges))

    def _change_one(
        self,
        lanes: Lanes,
        running: Value,
        total: Sums,
        size: int,
        p: int,
        terms: Terms = (),
    ) -> None:
        b, frame, procedure = self.b, self.frame, self.procedure
        g = total.gradient[p] if total.gradient else frame.load("gradient", p, terms)
        g = b.const(0.0) if g is None else g
        times = _times_tied(self.network, p)
        if procedure.ties == "average" and times > 1:
            g = b.mul(g, b.const(1 / times))
        g = self._times(g, procedure.error_factor(size, self.network.n_out))
        old = lanes.w[p] if lanes.w else frame.load("w", p, terms)
        velocity = lanes.v[p] if lanes.v else frame.load("v", p, terms)
        rates = frame.setting["epsilon"], frame.setting["alpha"]
        change, velocity = RULES[procedure.momentum](b, g, velocity, *rates)
        new = b.add(old, change)
        if is_used(procedure, "decay"):
            new = b.mul(new, frame.setting["keep"])
        if procedure.until == "learned":
            new = b.select(running, new, old)
        if lanes.w:
            lanes.w[p], lanes.v[p] = new, velocity
        else:
            frame.store(new, "w", p, terms)
            frame.store(velocity, "v", p, terms)


def _sums(carried: Sequence[Value], n_sums: int) -> Sums:
    right = carried[1] if n_sums > 1 else None
    return Sums(carried[0], right, list(carried[n_sums:]))


def _enough(share: float, n_cases: int) -> int:
    """Give the least number of right cases that is a share of them."""
    return next(
        count for count in range(n_cases + 1) if count / n_cases >= share - 1e-12
    )


def _times_tied(network: Network, p: int) -> int:
    """Tell how many links share a parameter."""
    blocks = [network.block(link) for link in network.links]
    return sum(block is not None and block.start <= p < block.stop for block in blocks)
