"""From network, cases and procedure to the lane program: one lane, one network.

A block of lanes goes through all sweeps of a call inside the program: forward,
error, backward, change of the weights, and the noting of who has learned and who
diverged. Lanes that have stopped keep their weights by a select. The program does not
know how many lanes there are, so that nothing in it can depend on that. How lanes
share one network's cases instead stands in `across`.
"""

from __future__ import annotations

import itertools
import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from backsweep.engines.compiled.frame import (
    Cases,
    Frame,
    Lanes,
    Some,
    Terms,
    is_used,
    settings_rows,
)
from backsweep.engines.compiled.ir import Program
from backsweep.engines.compiled.looped import CASES, Looped
from backsweep.engines.compiled.shares import alike, folded, quads, tiles
from backsweep.engines.compiled.straight import Straight
from backsweep.engines.compiled.units import Sums

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backsweep.engines.compiled.ir import Builder, Precision, Value
    from backsweep.network import Network
    from backsweep.procedure import Procedure

__all__ = ["UNROLLED", "Lowering", "is_small", "lines_of_a_case", "lower"]

# PERF: with the 64 cases of symmetry as constants it takes 9,000 lines of LLVM and
# half a second, once, and runs 1.3 times as fast (benchmarks/peers.py).
UNROLLED: Final = 9000  # instructions that cases may be unrolled to
TILE: Final = 2000  # instructions of a body that is repeated over the cases
FEW: Final = 100  # parameters of a network whose few cases may be written out
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


def is_small(network: Network, n_cases: int) -> bool:
    """Tell whether the cases are written out however few sweeps there are to do."""
    return n_cases * lines_of_a_case(network) <= TILE


def lower(
    network: Network,
    procedure: Procedure,
    cases: Cases,
    precision: Precision,
    *,
    written_out: bool = True,
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
    written_out
        Whether the cases of a tiny network are written one after another, which takes
        long to compile, where a loop would do.
    """
    frame = Frame(network, procedure, cases, precision)
    return Lowering(frame, UNROLLED if written_out else TILE).program()


class Lowering:
    """One program in the making, in which each lane holds a network.

    Parameters
    ----------
    frame
        What it is made for.
    most
        Instructions that the cases of a tiny network may be written out to.
    """

    def __init__(self, frame: Frame, most: int = TILE) -> None:
        self.frame, self.b = frame, frame.b
        self.network, self.procedure = frame.network, frame.procedure
        self.n_cases, self.n = frame.cases.count, frame.network.n_parameters
        self.batch = min(self.procedure.batch or self.n_cases, self.n_cases)
        a_case, taken = lines_of_a_case(self.network), self.taken
        # All cases written out, or so many at a time, or loops over units too.
        self.n_shares = folded(self.batch, frame.precision)
        tiny = self.n <= IN_REGISTERS
        few = tiny or (self.n <= FEW and self.n_shares == 1)
        self.whole = taken * a_case <= (most if few else TILE)
        self.looped = not self.whole and (not tiny or CASES * a_case > TILE)
        self.in_registers = tiny and not self.looped and not frame.shares
        once = self.whole and (self.n_shares == 1 or frame.shares > 0)
        # The gradient stands in values, or in memory, sums of shares apart.
        self.in_values = self.in_registers or (once and not self.looped)
        self.cases: Straight | Looped
        if self.looped:
            self.tile = CASES
            self.cases = Looped(frame)
        else:
            self.tile = taken if self.whole else min(8, TILE // a_case) or 1
            self.cases = Straight(frame, known=self.whole and not frame.shares)
        if not self.in_values:
            self._make_room()

    @property
    def taken(self) -> int:
        """How many cases one lane goes through in a sweep."""
        return self.n_cases

    def _make_room(self) -> None:
        """Ask for the memory of a gradient, all noughts whenever a batch begins."""
        zero = self.b.const(0.0)
        names = ("gradient",) if self.n_shares == 1 else ("gradient", "four", "total")
        for name in names:
            self.frame.scratch(name, self.n)

            def body(
                p: Value, _: list[Value], name: str = name
            ) -> tuple[Sequence[Value], Value | None]:
                self.frame.store(zero, name, 0, ((1, p),))
                return [], None

            self.b.loop(self.n, [], body)

    def program(self) -> Program:
        """Write the program down."""
        b, frame = self.b, self.frame
        zero, one = b.const(0.0), b.const(1.0)
        marks = [frame.load("marks", row) for row in range(4)]
        running, unlearned = (b.less(zero, mark) for mark in marks[:2])
        for row, name in enumerate(settings_rows(self.procedure)):
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
            lanes=frame.shares or None,
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
        error = self.times(
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

    def times(self, number: Value, factor: float) -> Value:
        """Give a number times a factor, which costs nothing where it is 1."""
        return number if factor == 1 else self.b.mul(number, self.b.const(factor))

    # -- batches of cases ------------------------------------------------------

    def _batches(self, lanes: Lanes, running: Value) -> tuple[Value, Value | None]:
        """Go through all cases, changing the weights after each batch."""
        b = self.b
        count, rest = divmod(self.n_cases, self.batch)
        sums = self._begin()
        if self.whole or count == 1:
            for k in range(count):
                some = Some(k * self.batch, self.batch)
                sums = self._batch(lanes, running, sums, some)
        else:
            n_sums, n_lanes = len(sums), len(lanes.w)

            def body(
                k: Value, carried: list[Value]
            ) -> tuple[Sequence[Value], Value | None]:
                own = Lanes(
                    carried[n_sums : n_sums + n_lanes], carried[n_sums + n_lanes :]
                )
                some = Some(0, self.batch, ((self.batch, k),))
                given = self._batch(own, running, carried[:n_sums], some)
                return [*given, *own.w, *own.v], None

            ends = b.loop(count, [*sums, *lanes.w, *lanes.v], body)
            sums = ends[:n_sums]
            lanes.w = ends[n_sums : n_sums + n_lanes]
            lanes.v = ends[n_sums + n_lanes :]
        if rest:
            some = Some(self.n_cases - rest, rest)
            sums = self._batch(lanes, running, sums, some)
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
        self, lanes: Lanes, running: Value, sums: list[Value], some: Some
    ) -> list[Value]:
        """Pass through one batch, share by share, then change the weights."""
        right = sums[1] if len(sums) > 1 else None
        total = self.summed(lanes, right, some)
        self.change(lanes, running, total, some.size)
        error = self.b.add(sums[0], total.error)
        return [error, *([] if total.right is None else [total.right])]

    def _nothing(self, right: Value | None) -> Sums:
        """Give the sums over no case, `right` being what is known by then."""
        zero = self.b.const(0.0)
        if not self.in_values:
            return Sums(zero, right, [])
        return Sums(zero, right, [None if self.whole else zero] * self.n)

    def summed(self, lanes: Lanes, right: Value | None, some: Some) -> Sums:
        """Sum over the cases of a batch in the order of `shares`."""
        shares = folded(some.size, self.frame.precision)
        if shares == 1:
            return self.share(lanes, right, some)
        total, first = self._nothing(right), some.first
        for count, sizes in alike(quads(some.size, shares)):

            def four(part: Some, total: Sums, sizes: tuple[int, ...] = sizes) -> Sums:
                return self._four(lanes, sizes, part, total)

            part = Some(first, sum(sizes), some.terms)
            total = self._repeat(count, part, total, four)
            first += count * part.size
        return total

    def _four(
        self, lanes: Lanes, sizes: tuple[int, ...], some: Some, total: Sums
    ) -> Sums:
        """Add four shares to a total."""

        def share(part: Some, sums: Sums) -> Sums:
            own = self.share(lanes, sums.right, part)
            return self._added(sums, own, "gradient", "four")

        sums, first = self._nothing(total.right), some.first
        for count, size in alike(sizes):
            part = Some(first, size, some.terms)
            sums = self._repeat(count, part, sums, share)
            first += count * size
        return self._added(total, sums, "four", "total")

    def share(self, lanes: Lanes, right: Value | None, some: Some) -> Sums:
        """Sum over consecutive cases, tile by tile."""

        def take(part: Some, sums: Sums) -> Sums:
            self.cases.take(lanes, sums, part)
            return sums

        sums, first = self._nothing(right), some.first
        for count, size in alike(tiles(some.size, self.tile)):
            part = Some(first, size, some.terms)
            sums = self._repeat(count, part, sums, take)
            first += count * size
        return sums

    def _repeat(
        self,
        count: int,
        some: Some,
        sums: Sums,
        body: Callable[[Some, Sums], Sums],
    ) -> Sums:
        """Call body(cases, sums) for so many parts of the cases behind one another."""
        if count == 1 or self.whole:
            for k in range(count):
                part = Some(some.first + k * some.size, some.size, some.terms)
                sums = body(part, sums)
            return sums

        def inside(
            k: Value, carried: list[Value]
        ) -> tuple[Sequence[Value], Value | None]:
            part = Some(some.first, some.size, (*some.terms, (some.size, k)))
            return body(part, _sums(carried, asked=sums.right is not None)).flat(), None

        ends = self.b.loop(count, sums.flat(), inside)
        return _sums(ends, asked=sums.right is not None)

    def _added(self, into: Sums, own: Sums, source: str, target: str) -> Sums:
        """Add sums; a gradient in memory is poured from a buffer into another."""
        b, frame = self.b, self.frame
        if not self.in_values:

            def pour(p: Value, _: list[Value]) -> tuple[Sequence[Value], Value | None]:
                at: Terms = ((1, p),)
                both = b.add(frame.load(target, 0, at), frame.load(source, 0, at))
                frame.store(both, target, 0, at)
                frame.store(b.const(0.0), source, 0, at)
                return [], None

            b.loop(self.n, [], pour)
        return Sums(
            b.add(into.error, own.error),
            own.right,
            [
                b.add(have, g) if have is not None and g is not None else have or g
                for have, g in zip(into.gradient, own.gradient, strict=True)
            ],
        )

    # -- the change of the weights -------------------------------------------

    def change(self, lanes: Lanes, running: Value, total: Sums, size: int) -> None:
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
        g = total.gradient[p] if total.gradient else self._taken_up(size, p, terms)
        g = b.const(0.0) if g is None else g
        times = _times_tied(self.network, p)
        if procedure.ties == "average" and times > 1:
            g = b.mul(g, b.const(1 / times))
        g = self.times(g, procedure.error_factor(size, self.network.n_out))
        old = lanes.w[p] if lanes.w else frame.load("w", p, terms)
        velocity = lanes.v[p] if lanes.v else frame.load("v", p, terms)
        new, velocity = self.moved(running, g, old, velocity, frame.epsilon_of(p))
        if lanes.w:
            lanes.w[p], lanes.v[p] = new, velocity
        else:
            frame.store(new, "w", p, terms)
            frame.store(velocity, "v", p, terms)

    def _taken_up(self, size: int, p: int, terms: Terms) -> Value:
        """Read a sum from memory, and leave nought there."""
        name = "gradient" if folded(size, self.frame.precision) == 1 else "total"
        g = self.frame.load(name, p, terms)
        self.frame.store(self.b.const(0.0), name, p, terms)
        return g

    def moved(
        self, running: Value, g: Value, old: Value, velocity: Value, epsilon: Value
    ) -> tuple[Value, Value]:
        """Give a weight and its velocity after the change."""
        b, frame, procedure = self.b, self.frame, self.procedure
        alpha = frame.setting["alpha"]
        change, velocity = RULES[procedure.momentum](b, g, velocity, epsilon, alpha)
        new = b.add(old, change)
        if is_used(procedure, "decay"):
            new = b.mul(new, frame.setting["keep"])
        if procedure.until == "learned":
            new = b.select(running, new, old)
        return new, velocity


def _sums(carried: Sequence[Value], *, asked: bool) -> Sums:
    right = carried[1] if asked else None
    return Sums(carried[0], right, list(carried[1 + asked :]))


def _enough(share: float, n_cases: int) -> int:
    """Give the least number of right cases that is a share of them."""
    return next(
        count for count in range(n_cases + 1) if count / n_cases >= share - 1e-12
    )


def _times_tied(network: Network, p: int) -> int:
    """Tell how many links share a parameter."""
    blocks = [network.block(link) for link in network.links]
    return sum(block is not None and block.start <= p < block.stop for block in blocks)
