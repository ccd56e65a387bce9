"""From network, cases and procedure to the lane program: one lane, one network.

A block of lanes goes through all sweeps of a call inside the program: forward,
error, backward, change of the weights, and the noting of who has learned and who
diverged. Lanes that have stopped keep their weights by a select. The program does not
know how many lanes there are, so that nothing in it can depend on that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from backsweep.engines.compiled.elementary import logistic, tanh
from backsweep.engines.compiled.ir import Buffer, Builder, Program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from backsweep.engines.compiled.ir import Precision, Value
    from backsweep.network import Layer, Network
    from backsweep.procedure import Procedure

__all__ = ["ACTIVATED", "MARKS", "SETTINGS", "UNROLLED", "lower", "lines_of_a_case"]

UNROLLED: Final = 6000  # instructions that cases may be unrolled to
TILE: Final = 3000  # instructions of a body that is repeated over the cases
IN_REGISTERS: Final = 25  # parameters that are carried from sweep to sweep as values
ELEMENTARY: Final = 30  # instructions of an activation, about

# Rows of the buffers `marks` and `settings`.
MARKS: Final = ("running", "unlearned", "learned", "diverged")
SETTINGS: Final = ("epsilon", "alpha", "keep", "zone", "tolerance")

# A unit's output, or what is known of it before the program runs.
Output = "Value | float"


def _relu(b: Builder, x: Value, precision: Precision) -> Value:  # noqa: ARG001  # as the others
    return b.mul(x, _step(b, x))


def _step(b: Builder, y: Value) -> Value:
    return b.select(b.less(b.const(0.0), y), b.const(1.0), b.const(0.0))


@dataclass(frozen=True, slots=True)
class Activated:
    """How a unit's output and slope are written down.

    Parameters
    ----------
    function
        From total input to output.
    slope
        From output to dy/dx; None where it is 1.
    """

    function: Callable[[Builder, Value, Precision], Value]
    slope: Callable[[Builder, Value], Value] | None


ACTIVATED: Final[Mapping[str, Activated]] = MappingProxyType(
    {
        "logistic": Activated(
            logistic, lambda b, y: b.mul(y, b.sub(b.const(1.0), y))
        ),
        "tanh": Activated(tanh, lambda b, y: b.fma(b.neg(y), y, b.const(1.0))),
        "linear": Activated(lambda _b, x, _precision: x, None),
        "relu": Activated(_relu, _step),
    }
)


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
    """Estimate the instructions that one case takes, up and down."""
    connections = sum(
        network[link.source].size
        * (network[link.target].size if link.kind == "full" else 1)
        for link in network.links
    )
    units = sum(step.layer.size for step in network.upward)
    return 3 * connections + ELEMENTARY * units


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases as the program meets them.

    Parameters
    ----------
    count
        Cases that a run learns from.
    inputs, desired : ndarray of shape (n_cases, n_units), or None
        The numbers themselves where all runs share them; they may become constants.
    """

    count: int
    inputs: NDArray[np.float64] | None = None
    desired: NDArray[np.float64] | None = None


def lower(
    network: Network, procedure: Procedure, cases: Cases, precision: Precision
) -> Program:
    """Write down what one block of networks does in `n_sweeps` sweeps.

    Parameters
    ----------
    network
        Without delays, of activations in `ACTIVATED`.
    procedure
        With the squared error and the cases in fixed order; its numbers and stages
        are not looked at but for which are used at all: they come with each call.
    """
    return _Lowering(network, procedure, cases, precision).program()


@dataclass(slots=True)
class _Sums:
    """What gathers over the cases of a sweep."""

    error: Value
    right: Value | None  # all right so far (mask), or how many are (real)
    gradient: list[Value | None]  # empty where it stands in memory


@dataclass(slots=True)
class _Lanes:
    """What goes from sweep to sweep."""

    w: list[Value]  # empty where it stands in memory
    v: list[Value]


class _Lowering:
    def __init__(
        self,
        network: Network,
        procedure: Procedure,
        cases: Cases,
        precision: Precision,
    ) -> None:
        self.network, self.procedure = network, procedure
        self.cases, self.precision = cases, precision
        self.b = Builder()
        self.batch = min(procedure.batch or cases.count, cases.count)
        a_case = lines_of_a_case(network)
        shared = cases.inputs is not None
        # All cases in one piece, their numbers as constants; or tile by tile.
        self.whole = cases.count * a_case <= UNROLLED
        self.tile = max(1, min(8, TILE // a_case))
        self.n = network.n_parameters
        self.in_registers = self.n <= IN_REGISTERS
        kind = "shared" if shared else "lanes"
        self.w = Buffer("w", "lanes", self.n, written=True)
        self.v = Buffer("v", "lanes", self.n, written=True)
        self.marks = Buffer("marks", "lanes", len(MARKS), written=True)
        self.settings = Buffer("settings", "lanes", len(SETTINGS))
        self.errors = Buffer("errors", "log", 0, written=True)
        self.inputs = Buffer("inputs", kind, cases.count * network.n_in)  # type: ignore[arg-type]  # one of two literals
        self.desired = Buffer("desired", kind, cases.count * network.n_out)  # type: ignore[arg-type]  # as above
        self.gradient = Buffer("gradient", "scratch", self.n)
        self.share = _enough(procedure.criterion.share, cases.count)
        self.ties = _times_tied(network)

    def program(self) -> Program:
        b = self.b
        zero = b.const(0.0)
        marks = [b.load(self.marks, row) for row in range(len(MARKS))]
        running, unlearned = (b.less(zero, mark) for mark in marks[:2])
        learned, diverged = marks[2:]
        self.setting = {
            name: b.load(self.settings, row) for row, name in enumerate(SETTINGS)
        }
        lanes = _Lanes([], [])
        if self.in_registers:
            lanes = _Lanes(
                [b.load(self.w, p) for p in range(self.n)],
                [b.load(self.v, p) for p in range(self.n)],
            )
        first = [running, unlearned, learned, diverged, *lanes.w, *lanes.v]
        last = b.loop("n_sweeps", first, self._sweep)
        one = b.const(1.0)
        marks = [*(b.select(mask, one, zero) for mask in last[:2]), *last[2:4]]
        for row, mark in enumerate(marks):
            b.store(mark, self.marks, row)
        if self.in_registers:
            for p in range(self.n):
                b.store(last[4 + p], self.w, p)
                b.store(last[4 + self.n + p], self.v, p)
        return Program(
            precision=self.precision,
            buffers=(
                self.w,
                self.v,
                self.marks,
                self.settings,
                self.errors,
                self.inputs,
                self.desired,
                self.gradient,
            ),
            instructions=b.instructions,
        )

    # -- one sweep ------------------------------------------------------------

    def _sweep(
        self, index: Value, carried: list[Value]
    ) -> tuple[Sequence[Value], Value | None]:
        b = self.b
        running, unlearned, learned, diverged = carried[:4]
        lanes = _Lanes(carried[4 : 4 + self.n], carried[4 + self.n :])
        zero = b.const(0.0)
        error, right = self._batches(lanes, running)
        error = self._times(
            error,
            self.procedure.error_factor(self.cases.count, self.network.n_out),
        )
        missing = b.const(math.nan)
        b.store(
            b.select(running, error, missing), self.errors, 0, ((1, index),)
        )
        number = b.add(b.real(index), b.const(1.0))
        # Only of a finite number is the difference to itself nought.
        finite = b.equal(b.sub(error, error), zero)
        sound = b.both(running, finite)
        ended = b.both(running, b.negate(finite))
        diverged = b.select(ended, number, diverged)
        new = b.both(b.both(sound, unlearned), self._has_learned(error, right))
        learned = b.select(new, number, learned)
        unlearned = b.both(unlearned, b.negate(new))
        going = sound
        if self.procedure.until == "learned":
            going = b.both(sound, b.negate(new))
        return [going, unlearned, learned, diverged, *lanes.w, *lanes.v], b.any(going)

    def _has_learned(self, error: Value, right: Value | None) -> Value:
        b = self.b
        if right is None:
            return b.less(error, self.setting["tolerance"])
        if self.procedure.criterion.share == 1:
            return right
        return b.less(b.const(self.share - 0.5), right)

    def _times(self, value: Value, factor: float) -> Value:
        return value if factor == 1 else self.b.mul(value, self.b.const(factor))

    def _batches(self, lanes: _Lanes, running: Value) -> tuple[Value, Value | None]:
        """Go through all cases, changing the weights after each batch."""
        b = self.b
        count, rest = divmod(self.cases.count, self.batch)
        sums = [b.const(0.0), *self._right_at_first()]
        if self.whole or count == 1:
            for k in range(count):
                sums = self._batch(lanes, running, sums, k * self.batch, ())
        else:

            def body(
                k: Value, carried: list[Value]
            ) -> tuple[Sequence[Value], Value | None]:
                n_sums = len(sums)
                own = _Lanes(
                    carried[n_sums : n_sums + len(lanes.w)],
                    carried[n_sums + len(lanes.w) :],
                )
                given = self._batch(
                    own, running, carried[:n_sums], 0, ((self.batch, k),)
                )
                return [*given, *own.w, *own.v], None

            ends = b.loop(count, [*sums, *lanes.w, *lanes.v], body)
            sums = ends[: len(sums)]
            width = len(lanes.w)
            lanes.w[:] = ends[len(sums) : len(sums) + width]
            lanes.v[:] = ends[len(sums) + width :]
        if rest:
            first = count * self.batch
            sums = self._batch(lanes, running, sums, first, (), rest)
        return sums[0], sums[1] if len(sums) > 1 else None

    def _right_at_first(self) -> list[Value]:
        b = self.b
        if self.procedure.criterion.rule == "error":
            return []
        if self.procedure.criterion.share < 1:
            return [b.const(0.0)]
        return [b.equal(b.const(0.0), b.const(0.0))]

    def _batch(
        self,
        lanes: _Lanes,
        running: Value,
        sums: list[Value],
        first: int,
        terms: tuple[tuple[int, Value], ...],
        size: int | None = None,
    ) -> list[Value]:
        """Pass through one batch, then change the weights."""
        b = self.b
        size = size or self.batch
        tile = size if self.whole else min(self.tile, size)
        count, rest = divmod(size, tile)
        total = _Sums(sums[0], sums[1] if len(sums) > 1 else None, [None] * self.n)
        alone = count == 1 and not rest
        if not alone and not self.in_registers:
            total.gradient = []
            for p in range(self.n):
                b.store(b.const(0.0), self.gradient, p)
        if count == 1:
            self._tile(lanes, total, first, terms, tile)
        else:
            zeros = [b.const(0.0)] * len(total.gradient)
            n_sums = len(sums)

            def body(
                k: Value, carried: list[Value]
            ) -> tuple[Sequence[Value], Value | None]:
                own = _Sums(
                    carried[0],
                    carried[1] if n_sums > 1 else None,
                    list(carried[n_sums:]),
                )
                self._tile(lanes, own, first, (*terms, (tile, k)), tile)
                return _flat(own), None

            ends = b.loop(count, [*sums, *zeros], body)
            total = _Sums(
                ends[0], ends[1] if n_sums > 1 else None, list(ends[n_sums:])
            )
        if rest:
            self._tile(lanes, total, first + count * tile, terms, rest)
        self._change(lanes, running, total, size)
        return [total.error, *([] if total.right is None else [total.right])]

    def _change(
        self, lanes: _Lanes, running: Value, total: _Sums, size: int
    ) -> None:
        """Equation 9, or another rule, and the decay; for lanes that still run."""
        b = self.b
        factor = self.procedure.error_factor(size, self.network.n_out)
        rule = RULES[self.procedure.momentum]
        stops = self.procedure.until == "learned"
        for p in range(self.n):
            g = total.gradient[p] if total.gradient else b.load(self.gradient, p)
            g = b.const(0.0) if g is None else g
            if self.procedure.ties == "average" and self.ties.get(p, 1) > 1:
                g = b.mul(g, b.const(1 / self.ties[p]))
            old = lanes.w[p] if lanes.w else b.load(self.w, p)
            velocity = lanes.v[p] if lanes.v else b.load(self.v, p)
            change, velocity = rule(
                b,
                self._times(g, factor),
                velocity,
                self.setting["epsilon"],
                self.setting["alpha"],
            )
            new = b.add(old, change)
            if _is_used(self.procedure, "decay"):
                new = b.mul(new, self.setting["keep"])
            if stops:
                new = b.select(running, new, old)
            if lanes.w:
                lanes.w[p], lanes.v[p] = new, velocity
            else:
                b.store(new, self.w, p)
                b.store(velocity, self.v, p)

    # -- some cases, up and down ----------------------------------------------

    def _weight(self, lanes: _Lanes, p: int) -> Value:
        return lanes.w[p] if lanes.w else self.b.load(self.w, p)

    def _given(
        self,
        buffer: Buffer,
        known: NDArray[np.float64] | None,
        case: int,
        terms: tuple[tuple[int, Value], ...],
        unit: int,
    ) -> Value | float:
        if self.whole and known is not None and not terms:
            return float(known[case, unit])
        width = buffer.rows // self.cases.count
        rows = tuple((width * stride, index) for stride, index in terms)
        return self.b.load(buffer, width * case + unit, rows)

    def _tile(
        self,
        lanes: _Lanes,
        total: _Sums,
        first: int,
        terms: tuple[tuple[int, Value], ...],
        size: int,
    ) -> None:
        """Take some cases up and down together, so that a weight is read once."""
        span = range(first, first + size)
        y: dict[str, list[list[Value | float]]] = {}  # layer, unit, case
        unit = 0
        for layer in self.network.inputs:
            y[layer.name] = [
                [
                    self._given(self.inputs, self.cases.inputs, case, terms, unit + k)
                    for case in span
                ]
                for k in range(layer.size)
            ]
            unit += layer.size
        for layer, sources, biases in self.network.upward:
            y[layer.name] = self._up(lanes, layer, sources, biases, y, size)
        dE_dx = self._at_outputs(y, total, span, terms)
        for layer, sources, biases in reversed(self.network.upward):
            if layer.name not in dE_dx:
                blame = self._down(lanes, layer, dE_dx, size)
                dE_dx[layer.name] = self._through(layer, blame, y[layer.name])
            self._gather(layer, sources, biases, y, dE_dx[layer.name], total)

    def _up(
        self,
        lanes: _Lanes,
        layer: Layer,
        sources: Sequence[tuple[str, int | None]],
        biases: int | None,
        y: Mapping[str, list[list[Value | float]]],
        size: int,
    ) -> list[list[Value | float]]:
        """Equations 1 and 2 for a layer."""
        b = self.b
        function = ACTIVATED[layer.activation].function
        outputs: list[list[Value | float]] = []
        for j in range(layer.size):
            start = None if biases is None else self._weight(lanes, biases + j)
            x: list[Value | None] = [start] * size
            for source, weights in sources:
                sent = y[source]
                if weights is None:
                    x = [
                        self._plus(x[c], 1.0, sent[j][c]) for c in range(size)
                    ]
                    continue
                for i, values in enumerate(sent):
                    w = self._weight(lanes, weights + j * len(sent) + i)
                    x = [self._plus(x[c], w, values[c]) for c in range(size)]
            outputs.append(
                [
                    function(
                        b, b.const(0.0) if total is None else total, self.precision
                    )
                    for total in x
                ]
            )
        return outputs

    def _plus(
        self, total: Value | None, a: Value | float, y: Value | float
    ) -> Value | None:
        """Give total + a y, with what is known of a and y used."""
        b = self.b
        if isinstance(a, float) and isinstance(y, float):
            a = b.const(a)
        if isinstance(a, float):
            a, y = y, a
        if isinstance(y, float):
            if y == 0:
                return total
            if y == 1:
                return a if total is None else b.add(total, a)  # type: ignore[arg-type,return-value]  # a is a value by now
            y = b.const(y)
        if total is None:
            return b.mul(a, y)  # type: ignore[arg-type]  # a is a value by now
        return b.fma(a, y, total)  # type: ignore[arg-type]  # a is a value by now

    def _at_outputs(
        self,
        y: Mapping[str, list[list[Value | float]]],
        total: _Sums,
        span: range,
        terms: tuple[tuple[int, Value], ...],
    ) -> dict[str, list[list[Value]]]:
        """Equations 3 and 4 and the criterion; dE/dx of the output layers."""
        b = self.b
        blame: dict[str, list[list[Value]]] = {
            layer.name: [[] for _ in range(layer.size)]
            for layer in self.network.outputs
        }
        half, zero = b.const(0.5), b.const(0.0)
        for c, case in enumerate(span):
            right: Value | None = None
            column = 0
            for layer in self.network.outputs:
                for j in range(layer.size):
                    d = self._given(
                        self.desired, self.cases.desired, case, terms, column + j
                    )
                    output = y[layer.name][j][c]
                    output = b.const(output) if isinstance(output, float) else output
                    off = (
                        output
                        if d == 0
                        else b.sub(output, b.const(d) if isinstance(d, float) else d)
                    )
                    total.error = b.fma(b.mul(half, off), off, total.error)
                    size = b.abs(off)
                    if total.right is not None:
                        near = b.less(size, self.setting["tolerance"])
                        right = near if right is None else b.both(right, near)
                    if _is_used(self.procedure, "zone"):
                        near = b.less(size, self.setting["zone"])
                        off = b.select(near, zero, off)
                    blame[layer.name][j].append(off)
                column += layer.size
            if right is not None and total.right is not None:
                total.right = (
                    b.both(total.right, right)
                    if self.procedure.criterion.share == 1
                    else b.select(right, b.add(total.right, b.const(1.0)), total.right)
                )
        return {
            layer.name: self._through(layer, blame[layer.name], y[layer.name])
            for layer in self.network.outputs
        }

    def _through(
        self,
        layer: Layer,
        blame: list[list[Value]],
        y: list[list[Value | float]],
    ) -> list[list[Value]]:
        """Equation 5: from dE/dy to dE/dx."""
        b = self.b
        slope = ACTIVATED[layer.activation].slope
        if slope is None:
            return blame
        return [
            [
                b.mul(one, slope(b, b.const(o) if isinstance(o, float) else o))
                for one, o in zip(row, outputs, strict=True)
            ]
            for row, outputs in zip(blame, y, strict=True)
        ]

    def _down(
        self,
        lanes: _Lanes,
        layer: Layer,
        dE_dx: Mapping[str, list[list[Value]]],
        size: int,
    ) -> list[list[Value]]:
        """Equation 7: what those that hear from a layer hand back to it."""
        b = self.b
        blame: list[list[Value]] = []
        for i in range(layer.size):
            sums: list[Value | None] = [None] * size
            for target, weights in self.network.downward[layer.name]:
                above = dE_dx[target]
                if weights is None:
                    sums = [self._plus(sums[c], 1.0, above[i][c]) for c in range(size)]
                    continue
                for j, values in enumerate(above):
                    w = self._weight(lanes, weights + j * layer.size + i)
                    sums = [self._plus(sums[c], w, values[c]) for c in range(size)]
            blame.append([b.const(0.0) if one is None else one for one in sums])
        return blame

    def _gather(
        self,
        layer: Layer,
        sources: Sequence[tuple[str, int | None]],
        biases: int | None,
        y: Mapping[str, list[list[Value | float]]],
        dE_dx: list[list[Value]],
        total: _Sums,
    ) -> None:
        """Equation 6: add these cases to the gradient of a layer's weights."""
        for j in range(layer.size):
            for source, weights in sources:
                if weights is None:
                    continue
                sent = y[source]
                for i, values in enumerate(sent):
                    self._add(total, weights + j * len(sent) + i, dE_dx[j], values)
            if biases is not None:
                self._add(total, biases + j, dE_dx[j], [1.0] * len(dE_dx[j]))

    def _add(
        self,
        total: _Sums,
        p: int,
        blame: Sequence[Value],
        sent: Sequence[Value | float],
    ) -> None:
        in_memory = not total.gradient
        g = self.b.load(self.gradient, p) if in_memory else total.gradient[p]
        for dE_dx, y in zip(blame, sent, strict=True):
            g = self._plus(g, dE_dx, y)
        if not in_memory:
            total.gradient[p] = g
        elif g is not None:
            self.b.store(g, self.gradient, p)


def _flat(sums: _Sums) -> list[Value]:
    gathered = [g for g in sums.gradient if g is not None]
    return [sums.error, *([] if sums.right is None else [sums.right]), *gathered]


def _is_used(procedure: Procedure, name: str) -> bool:
    """Tell whether a setting is anything but nought at any time in any run."""
    values = [getattr(procedure, name)]
    if name == "decay":
        values += [stage.decay or 0.0 for stage in procedure.stages]
    return any(value != 0.0 for value in values)


def _enough(share: float, n_cases: int) -> int:
    """Give the least number of right cases that is a share of them."""
    return next(
        count for count in range(n_cases + 1) if count / n_cases >= share - 1e-12
    )


def _times_tied(network: Network) -> dict[int, int]:
    """Tell for each parameter how many links share it."""
    times: dict[int, int] = {}
    for link in network.links:
        block = network.block(link)
        if block is not None:
            for p in range(block.start, block.stop):
                times[p] = times.get(p, 0) + 1
    return times
